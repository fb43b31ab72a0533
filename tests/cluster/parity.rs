//! The cluster gives the answers of the local index.

use serde_json::Value;

use crate::desk::{Desk, corpus, said};

/// Queries of all kinds; those that judge the ranking come with them.
const QUERIES: &str = "SAFE talks
United Kingdom SAFE
\"security and defence partnership\"
\"security * defence\"
\"defence fund\"~3
\"EU SAFE loans\"~8
\"EU SAFE loans defence talks\"~60
=SAFE
=\"SAFE\" talks
=\"European Commission\"
procur*
\"defence proc*\"
missle~1
comission~2
title:SAFE
title:\"joint arms\"
title:\"arms joint\"~2
body:talks
body:\"without agreement\"
body:=SAFE
byline:reporter
+UK talks -Canada
(Germany OR France) AND NOT Poland
NATO ships lang:en
frigates topic:procurement
drones since:2025-06
summit until:2020
exercise actor:NATO
tank actor:\"United States\",Germany
outlet:\"Procurement Week\"
place:Brussels
system:f-35
€150bn
F-35A
Iran-Iraq war
NATO
the
nosuchword
*";

/// Counts of all kinds, and statements.
const COUNTS: [&[&str]; 37] = [
    &["facets", "SAFE", "--by", "actor", "--by", "topic", "--by", "outlet"],
    &["facets", "defence", "--by", "affiliation", "--by", "place", "--by", "language", "--limit", "3"],
    &["facets", "NATO ships", "--by", "actor", "--all-copies"],
    &["facets", "--by", "system", "--by", "doubt", "--by", "speaker"],
    &["facets", "defence fund", "--by", "actor", "--sort", "surprise", "--limit", "5"],
    &["facets", "talks", "--by", "topic", "--levels", "1"],
    &["facets", "talks", "--by", "actor", "--below", "body"],
    &["facets", "talks", "--by", "outlet", "--by", "place", "--levels", "1"],
    &["facets", "defence", "--by", "actor", "--actor", "NATO", "--all-values"],
    &["facets", "defence", "--by", "month", "--by", "year", "--as-subject", "--actor", "NATO"],
    &["timeline", "defence", "--per", "year"],
    &["timeline", "defence fund", "--per", "quarter", "--by", "actor", "--limit", "4"],
    &["timeline", "--per", "week", "--by", "topic", "--all-copies"],
    &["pairs", "--limit", "0"],
    &["pairs", "defence", "--actor", "NATO"],
    &["pairs", "--actor", "Germany,France", "--actor", "European Commission", "--by", "month"],
    &["pairs", "talks", "--by", "year", "--limit", "5", "--all-copies"],
    &["pairs", "--below", "person", "--sort", "ratio", "--least", "2"],
    &["pairs", "--actor", "F-35"],
    &["pairs", "--no-metonyms"],
    &["pairs", "--spoken"],
    &["pairs", "defence", "--spoken", "--by", "month", "--actor", "NATO"],
    &["pairs", "--spoken", "--said", "NATO"],
    &["pairs", "talks", "--spoken", "--no-metonyms", "--by", "year"],
    &["facets", "SAFE", "--by", "actor", "--weigh"],
    &["facets", "defence", "--by", "actor", "--weigh", "--all-copies"],
    &["facets", "--by", "actor", "--weigh", "--below", "company"],
    &["facets", "--by", "event"],
    &["facets", "--by", "event", "--actor", "United States"],
    &["facets", "--by", "event", "--by", "system", "--event", "order", "--actor", "Germany"],
    &["facets", "SAFE", "--by", "actor", "--said", "European Commission"],
    &["facets", "--by", "topic", "--said", "NATO~direct"],
    &["facets", "talks", "--by", "outlet", "--actor", "NATO", "--min-mentions", "3"],
    &["facets", "--by", "actor", "--actor", "United States", "--no-metonyms", "--all-values"],
    &["timeline", "defence", "--said", "European Commission", "--per", "year", "--match", "any"],
    &["quotes", "SAFE loans", "--said", "European Commission"],
    &["quotes", "defence", "--direct", "--limit", "0"],
];

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What was counted for each query, and its first hit.
fn answers(text: &str) -> Vec<(Value, Option<Value>)> {
    let mut out: Vec<(Value, Option<Value>)> = Vec::new();
    for line in lines(text) {
        match line["type"].as_str() {
            Some("hit") if line["rank"] == 1 => out.last_mut().unwrap().1 = Some(line["id"].clone()),
            Some("hit") => {}
            _ => {
                let counts =
                    ["line", "total", "copies", "total_any", "words_met", "message"].map(|key| line[key].clone());
                out.push((Value::from(counts.to_vec()), None));
            }
        }
    }
    out
}

#[test]
fn counts_are_the_same_on_any_number_of_shards_and_first_hits_nearly_always() {
    let Some(desk) = Desk::new("parity") else { return };
    desk.index(&corpus());
    let needs = std::fs::read_to_string(corpus().join("judged/needs.tsv")).unwrap();
    let needs: Vec<&str> = needs.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    let queries = format!("{QUERIES}\n{}\n", needs.join("\n"));
    let file = desk.path().join("queries.txt");
    std::fs::write(&file, queries).unwrap();
    for shards in ["1", "2", "5"] {
        let again = desk.there(&["rebuild", "-q", "--shards", shards]).output().unwrap();
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
        let ways = [&[][..], &["--match", "any"], &["--all-copies"], &["--sort", "newest"]];
        for more in &ways[..if shards == "2" { ways.len() } else { 1 }] {
            let search = [&["search", "--batch", file.to_str().unwrap(), "--format", "json"], *more].concat();
            let (here, there) = desk.both(&search);
            let (here, there) = (answers(&here), answers(&there));
            assert!(here.len() > 100 && here.len() == there.len());
            let mut first = 0;
            for ((counts, hit), (others, other)) in here.iter().zip(&there) {
                assert_eq!(counts, others, "{shards} {more:?}");
                first += usize::from(hit == other);
            }
            // The order of equal dates is that of scores, which are not asked to be the same.
            assert!(first * 100 >= here.len() * 95 || more.contains(&"newest"), "{shards} {more:?}: {first}");
        }
        // Not by arrival, which differs between two archives.
        for sort in ["newest", "oldest", "modified"] {
            let search = ["search", "defence", "--match", "any", "--sort", sort, "--format", "json"];
            // Of equal times the better comes first, and scores are not asked to be the same.
            let times = |text: &str| -> Vec<Value> {
                let key = if sort == "modified" { "modified" } else { "published" };
                lines(text).into_iter().filter(|line| line["type"] == "hit").map(|hit| hit[key].clone()).collect()
            };
            for limit in ["7", "1000"] {
                let (here, there) = desk.both(&[&search[..], &["--limit", limit]].concat());
                let (here, there) = (times(&here), times(&there));
                assert!(here.len() > 6 && here.len() == there.len());
                // Of copies with nearly the same score another may be shown, with a time of its own.
                let others = here.iter().zip(&there).filter(|(one, other)| one != other).count();
                assert!(others * 50 <= here.len(), "{shards} {sort} {limit}: {others} of {}", here.len());
            }
        }
        for counts in COUNTS {
            let (here, there) = desk.both(&[counts, &["--format", "json"]].concat());
            assert_eq!(lines(&here), lines(&there), "{shards} {counts:?}");
        }
    }
}

#[test]
fn similar_articles_evidence_and_explanations_are_those_of_the_local_index() {
    let Some(desk) = Desk::new("similar") else { return };
    desk.index(&corpus());
    let (here, _) = desk.both(&["search", "--format", "json", "--limit", "40", "frigates"]);
    let hits: Vec<Value> = lines(&here).into_iter().filter(|line| line["type"] == "hit").collect();
    assert!(hits.len() > 5);
    let mut first = 0;
    for hit in &hits {
        let (here, there) = desk.both(&["similar", hit["id"].as_str().unwrap(), "--format", "json"]);
        let (here, there) = (answers(&here), answers(&there));
        assert_eq!(here[0].0, there[0].0, "{hit}");
        first += usize::from(here[0].1 == there[0].1);
    }
    assert!(first * 100 >= hits.len() * 95, "{first} of {}", hits.len());
    let asked = ["search", "--event", "approve,cancel,order", "--actor", "Germany", "--explain", "--format", "json"];
    let (here, there) = desk.both(&asked);
    let (here, there) = (lines(&here), lines(&there));
    assert_eq!(here[1]["clauses"], there[1]["clauses"]);
    assert!(there[1]["requests"].as_array().is_some_and(|requests| !requests.is_empty()));
    let events = |all: &[Value]| all.iter().map(|line| line["events"].clone()).collect::<Vec<_>>();
    assert!(here.len() > 2 && events(&here) == events(&there));
    let (here, there) = desk.both(&["search", "frigatess", "--format", "json"]);
    assert_eq!(lines(&here), lines(&there));
}

#[test]
fn what_the_cluster_cannot_answer_is_refused_with_what_to_do() {
    let Some(desk) = Desk::new("refused") else { return };
    desk.index(&corpus());
    let output = desk.there(&["search", "\"a1 b2 c3 d4 e5 f6\"~9"]).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("an index on a cluster does not answer") && said.contains("hint:"), "{said}");
}
