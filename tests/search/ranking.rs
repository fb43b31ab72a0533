//! Floors for the quality of the ranking: the judged needs of `corpus/judged` over the bundled corpus.

use std::fmt::Write;
use std::path::Path;

use despatch::archive::Archive;
use despatch::eval::{self, Need, Options, Part, Qrels, Run};

use super::index_of_corpus;

/// Floors for the means of nDCG@10 and recall@100, a little below the measured values.
const NDCG: f64 = 0.90;
const RECALL: f64 = 0.98;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/judged").join(name)).unwrap()
}

/// The needs below the floor, with their best ten articles and the grades.
fn told(needs: &[Need], run: &Run, qrels: &Qrels) -> String {
    let (_, each) = eval::measure(run, qrels);
    let mut out = String::new();
    for need in needs.iter().filter(|need| each.get(&need.id).is_none_or(|m| m.ndcg_10 < NDCG)) {
        writeln!(out, "{} {:?} {:?}", need.id, need.query, each.get(&need.id)).unwrap();
        for (id, score) in run[&need.id].iter().take(10) {
            let grade = qrels[&need.id].get(id).map_or("-".to_owned(), i32::to_string);
            writeln!(out, "    {grade} {score:.3} {id}").unwrap();
        }
    }
    out
}

#[test]
fn judged_needs_are_answered_well_in_small_letters_and_in_capitals() {
    let (dir, mut engine) = index_of_corpus();
    let (needs, qrels) =
        (eval::read_needs(&read("needs.tsv"), Part::Title).unwrap(), eval::read_qrels(&read("qrels.txt")).unwrap());
    assert!(needs.len() >= 50 && qrels.len() == needs.len());
    let mut archive = Archive::open(dir.path()).unwrap();
    for id in qrels.values().flat_map(|judged| judged.keys()) {
        assert!(archive.by_id(id).is_ok(), "no article {id}: did the text of an article without an address change?");
    }
    let options = Options { depth: 100, feedback: true, now: "2026-07-01".parse().unwrap() };
    let (run, refused) = eval::run(&mut engine, &needs, &options).unwrap();
    let (mean, _) = eval::measure(&run, &qrels);
    assert!(refused.is_empty(), "{refused:?}");
    assert!(mean.ndcg_10 >= NDCG && mean.recall_100 >= RECALL, "{mean:?}\n{}", told(&needs, &run, &qrels));
    // In a query all in capitals no word is taken for an initialism: it may lose what capitals tell, and no more.
    let capitals: Vec<Need> =
        needs.iter().map(|need| Need { query: need.query.to_uppercase(), ..need.clone() }).collect();
    let (run, refused) = eval::run(&mut engine, &capitals, &options).unwrap();
    let (shouted, _) = eval::measure(&run, &qrels);
    assert!(refused.is_empty(), "{refused:?}");
    assert!(
        shouted.ndcg_10 >= mean.ndcg_10 - 0.03 && shouted.recall_100 >= RECALL,
        "{shouted:?} for {mean:?}\n{}",
        told(&capitals, &run, &qrels)
    );
}
