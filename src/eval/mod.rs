//! Judged queries: how good is the order of the articles?
//!
//! The measures are those of `trec_eval`: nDCG@10 with the judgement as gain and log2(rank + 1) as discount, average
//! precision, precision at 10, recall at 100 and reciprocal rank. An article is relevant if its judgement is at least
//! 1; an unjudged one is not. Every need with a relevant article counts; one without answers has 0 in every measure.
//!
//! ```
//! use despatch::eval::{self, Change, Measures};
//!
//! let qrels = eval::read_qrels("1 0 a 2\n1 0 b 0\n1 0 c 1\n")?;
//! let run = eval::read_run("1 Q0 b 1 3.0 mine\n1 Q0 a 2 2.0 mine\n")?;
//! let (mean, by_query): (Measures, _) = eval::measure(&run, &qrels);
//! assert_eq!((mean.mrr, mean.recall_100), (0.5, 0.5));
//!
//! let (_, better) = eval::measure(&eval::read_run("1 Q0 a 1 3.0 mine\n")?, &qrels);
//! let changes: Vec<Change> = eval::changes(&by_query, &better);
//! assert!(!changes.is_empty());
//! # Ok::<(), eval::EvalError>(())
//! ```

mod compare;
mod needs;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use crate::article::Moment;
use crate::engine::{Engine, EngineError, SearchRequest};
pub use compare::Change;
pub use compare::changes;
pub use needs::{Part, read_needs};

/// A need: its number and the query handed to the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its number.
    pub id: String,
    /// The query.
    pub query: String,
}

/// How needs are handed to the engine.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Articles to rank for each need.
    pub depth: usize,
    /// Whether short queries are expanded with words of their best articles.
    pub feedback: bool,
    /// The present, to which "yesterday" refers.
    pub now: Moment,
}

/// Judgements: for each need, the judgement of each article.
pub type Qrels = BTreeMap<String, HashMap<String, i32>>;

/// For each need the articles found, with their scores.
pub type Run = BTreeMap<String, Vec<(String, f32)>>;

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct EvalError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// Reads TREC qrels: `NEED 0 ARTICLE JUDGEMENT`, one a line.
///
/// # Errors
///
/// Fails on a line that has not four parts or whose judgement is no number.
pub fn read_qrels(text: &str) -> Result<Qrels, EvalError> {
    let mut qrels = Qrels::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let error = |what: &str| EvalError { line: at + 1, what: what.to_owned() };
        let [need, _, article, judgement] = parts[..] else {
            return Err(error("not 'NEED 0 ARTICLE JUDGEMENT'"));
        };
        let judgement = judgement.parse().map_err(|_| error("the judgement is no number"))?;
        qrels.entry(need.to_owned()).or_default().insert(article.to_owned(), judgement);
    }
    Ok(qrels)
}

/// Reads a run as TREC writes it, `NEED Q0 ARTICLE RANK SCORE TAG`, and orders it as `trec_eval` does: by score, and
/// among equal scores the greater identifier first. The ranks are ignored.
///
/// # Errors
///
/// Fails on a line of fewer than five parts or whose score is no number.
pub fn read_run(text: &str) -> Result<Run, EvalError> {
    let mut run = Run::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let error = |what: &str| EvalError { line: at + 1, what: what.to_owned() };
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [need, _, article, _, score, ..] = parts[..] else {
            return Err(error("not 'NEED Q0 ARTICLE RANK SCORE TAG'"));
        };
        let score: f32 = score.parse().map_err(|_| error("the score is no number"))?;
        run.entry(need.to_owned()).or_default().push((article.to_owned(), score));
    }
    for articles in run.values_mut() {
        articles.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
    }
    Ok(run)
}

/// Hands each need to the engine and keeps its best articles. Also returns the needs that the query language refuses,
/// with the reasons.
///
/// # Errors
///
/// Fails where the engine does; a query that is refused finds nothing.
pub fn run(
    engine: &mut dyn Engine,
    needs: &[Need],
    options: &Options,
) -> Result<(Run, Vec<(String, String)>), EngineError> {
    let (mut out, mut refused) = (Run::new(), Vec::new());
    for need in needs {
        let request = SearchRequest {
            limit: options.depth,
            feedback: options.feedback,
            all_copies: true, // each article is judged for itself
            ..SearchRequest::new(&need.query, options.now)
        };
        let hits = match engine.rank(&request) {
            Ok(hits) => hits,
            Err(error) if error.is_of_query() => {
                refused.push((need.id.clone(), error.to_string()));
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        out.insert(need.id.clone(), hits);
    }
    Ok((out, refused))
}

/// Writes a run in TREC's form. A score that is not below the one before is lowered, so that sorting by score keeps the
/// engine's order.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn write_run(run: &Run, tag: &str, out: &mut dyn Write) -> io::Result<()> {
    for (need, articles) in run {
        let mut last = f32::INFINITY;
        for (rank, (article, score)) in articles.iter().enumerate() {
            let score = if *score < last { *score } else { last.next_down() };
            last = score;
            writeln!(out, "{need} Q0 {article} {} {score} {tag}", rank + 1)?;
        }
    }
    Ok(())
}

/// Measures of one need, or their means.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measures {
    /// Normalised discounted cumulative gain at 10.
    pub ndcg_10: f64,
    /// Average precision.
    pub map: f64,
    /// Precision at 10.
    pub precision_10: f64,
    /// Recall at 100.
    pub recall_100: f64,
    /// Reciprocal rank of the first relevant article.
    pub mrr: f64,
}

/// The measures of each judged need, and their means.
pub fn measure(run: &Run, qrels: &Qrels) -> (Measures, BTreeMap<String, Measures>) {
    let mut each = BTreeMap::new();
    for (need, judged) in qrels {
        if judged.values().all(|judgement| *judgement < 1) {
            continue;
        }
        let found = run.get(need).map_or(&[][..], Vec::as_slice);
        each.insert(need.clone(), one(found, judged));
    }
    let mut mean = Measures::default();
    let number = each.len().max(1) as f64;
    for m in each.values() {
        mean.ndcg_10 += m.ndcg_10 / number;
        mean.map += m.map / number;
        mean.precision_10 += m.precision_10 / number;
        mean.recall_100 += m.recall_100 / number;
        mean.mrr += m.mrr / number;
    }
    (mean, each)
}

fn one(found: &[(String, f32)], judged: &HashMap<String, i32>) -> Measures {
    let relevant = judged.values().filter(|judgement| **judgement >= 1).count() as f64;
    let discount = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
    let mut ideal: Vec<i32> = judged.values().copied().filter(|judgement| *judgement > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best: f64 = ideal.iter().take(10).enumerate().map(|(rank, gain)| f64::from(*gain) * discount(rank)).sum();
    let mut out = Measures::default();
    let (mut hits, mut gain) = (0.0, 0.0);
    for (rank, (article, _)) in found.iter().enumerate() {
        let judgement = judged.get(article).copied().unwrap_or(0);
        if judgement < 1 {
            continue;
        }
        hits += 1.0;
        out.map += hits / (rank + 1) as f64;
        if out.mrr == 0.0 {
            out.mrr = 1.0 / (rank + 1) as f64;
        }
        if rank < 10 {
            gain += f64::from(judgement) * discount(rank);
            out.precision_10 += 0.1;
        }
        if rank < 100 {
            out.recall_100 += 1.0 / relevant;
        }
    }
    out.map /= relevant;
    out.ndcg_10 = gain / best;
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_of_trec_eval() {
        let qrels = read_qrels("1 0 a 2\n1 0 b 1\n1 0 c 0\n2 0 d 1\n3 0 e 0\n").unwrap();
        let list = |ids: &[&str]| ids.iter().enumerate().map(|(n, id)| ((*id).to_owned(), 9.0 - n as f32)).collect();
        let run = Run::from([("1".to_owned(), list(&["c", "a", "x", "b"])), ("3".to_owned(), list(&["e"]))]);
        let (mean, each) = measure(&run, &qrels);
        assert_eq!(each.len(), 2); // need 3 has no relevant article
        let first = each["1"];
        assert!((first.map - 0.5).abs() < 1e-9);
        assert!((first.mrr - 0.5).abs() < 1e-9);
        assert!((first.precision_10 - 0.2).abs() < 1e-9);
        let gain = 2.0 / 3f64.log2() + 1.0 / 5f64.log2();
        assert!((first.ndcg_10 - gain / (2.0 + 1.0 / 3f64.log2())).abs() < 1e-9);
        assert!((mean.recall_100 - 0.5).abs() < 1e-9);
        assert_eq!(each["2"], Measures::default());
    }

    #[test]
    fn runs_fall_strictly_and_equal_lists_do_not_differ() {
        let run = Run::from([("1".to_owned(), vec![("a".to_owned(), 1.0), ("b".to_owned(), 1.0)])]);
        let mut out = Vec::new();
        write_run(&run, "t", &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "1 Q0 a 1 1 t\n1 Q0 b 2 0.99999994 t\n");
    }

    #[test]
    fn a_run_is_read_back_in_the_order_of_its_scores() {
        let run = read_run("2 Q0 a 1 0.5 t\n2 Q0 c 9 1.5 t\n2 Q0 b 2 0.5 t\n\n1 Q0 x 1 -3 t\n").unwrap();
        let ids = |need: &str| run[need].iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().concat();
        assert_eq!((ids("1"), ids("2")), ("x".to_owned(), "cba".to_owned()));
        assert_eq!(read_run("1 Q0 a 1\n").unwrap_err().line, 1);
        assert_eq!(read_run("1 Q0 a 1 1 t\n1 Q0 b 2 high t\n").unwrap_err().line, 2);
    }

    /// Twelve articles found for a need with seven relevant ones of three grades; each figure worked out by hand.
    #[test]
    fn measures_of_a_long_list_are_those_worked_out_by_hand() {
        let qrels =
            read_qrels("7 0 a 3\n7 0 b 2\n7 0 c 3\n7 0 d 0\n7 0 e 1\n7 0 f 2\n7 0 y 3\n7 0 z 2\n7 0 n -1\n").unwrap();
        let order = ["a", "b", "c", "d", "e", "f", "n", "p", "q", "r", "s", "z"];
        let found = order.iter().enumerate().map(|(at, id)| ((*id).to_owned(), 20.0 - at as f32)).collect();
        let (mean, _) = measure(&Run::from([("7".to_owned(), found)]), &qrels);
        // Gains 3 2 3 0 1 2 over log2 of 2 .. 7; the ideal list is 3 3 3 2 2 2 1.
        assert!((mean.ndcg_10 - 6.861_126_688_593_502 / 9.073_595_698_879_618).abs() < 1e-9, "{mean:?}");
        // Relevant at ranks 1 2 3 5 6 12 of 7: (1 + 1 + 1 + 4/5 + 5/6 + 6/12) / 7.
        assert!((mean.map - 5.133_333_333_333_333 / 7.0).abs() < 1e-9, "{mean:?}");
        assert!((mean.precision_10 - 0.5).abs() < 1e-9 && (mean.recall_100 - 6.0 / 7.0).abs() < 1e-9, "{mean:?}");
        assert!((mean.mrr - 1.0).abs() < 1e-9);
    }

    #[test]
    fn each_measure_looks_as_far_as_its_name_says() {
        let at = |rank: usize, judgement: i32| {
            let qrels = Qrels::from([("1".to_owned(), HashMap::from([("x".to_owned(), judgement)]))]);
            let found = (1..=rank).map(|n| (if n == rank { "x".to_owned() } else { format!("o{n}") }, -(n as f32)));
            measure(&Run::from([("1".to_owned(), found.collect())]), &qrels).0
        };
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert_eq!(at(1, 3), Measures { ndcg_10: 1.0, map: 1.0, precision_10: 0.1, recall_100: 1.0, mrr: 1.0 });
        assert!(near(at(10, 1).precision_10, 0.1) && near(at(10, 1).ndcg_10, 1.0 / 11f64.log2()));
        assert_eq!((at(11, 1).precision_10, at(11, 1).ndcg_10), (0.0, 0.0));
        assert_eq!((at(100, 1).recall_100, at(101, 1).recall_100), (1.0, 0.0));
        assert!(near(at(101, 1).map, 1.0 / 101.0) && near(at(101, 1).mrr, 1.0 / 101.0));
        assert_eq!(at(1, 0), Measures::default());
        assert_eq!(at(1, -1), Measures::default());
    }

    #[test]
    fn judgements_that_cannot_be_read_are_named_by_their_line() {
        assert_eq!(read_qrels("1 0 a 1\n\n1 0 b\n").unwrap_err().line, 3);
        assert_eq!(read_qrels("1 0 a one\n").unwrap_err().to_string(), "line 1: the judgement is no number");
        assert!(read_qrels("1 0 a 1 x\n").is_err());
        assert!(
            read_run("1 Q0 a 1 2.5\n").is_ok_and(|run| run["1"] == [("a".to_owned(), 2.5)]),
            "the tag may be missing"
        );
    }

    /// An engine that answers each query by its text, and records the requests.
    #[derive(Default)]
    struct Canned(Vec<SearchRequest>);

    fn broken<T>() -> Result<T, EngineError> {
        Err(std::io::Error::other("broken").into())
    }

    impl Engine for Canned {
        fn search(&mut self, _: &SearchRequest) -> Result<crate::engine::SearchResponse, EngineError> {
            broken()
        }

        fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
            self.0.push(request.clone());
            match request.query.as_str() {
                "bad" => Err(EngineError::Query { message: "no".to_owned(), span: 0..1, hint: None }),
                "worse" => broken(),
                _ => Ok(vec![("a".to_owned(), 1.0)]),
            }
        }

        fn similar(&mut self, _: &str, _: &SearchRequest) -> Result<crate::engine::SearchResponse, EngineError> {
            broken()
        }

        fn why(&mut self, _: &str, _: &SearchRequest) -> Result<crate::engine::WhyResponse, EngineError> {
            broken()
        }

        fn facets(&mut self, _: &crate::engine::FacetRequest) -> Result<crate::engine::FacetResponse, EngineError> {
            broken()
        }

        fn timeline(
            &mut self,
            _: &crate::engine::TimelineRequest,
        ) -> Result<crate::engine::TimelineResponse, EngineError> {
            broken()
        }

        fn arrivals(&mut self, _: &crate::engine::ArrivalsRequest) -> Result<crate::engine::Arrivals, EngineError> {
            broken()
        }

        fn quotes(&mut self, _: &crate::engine::QuotesRequest) -> Result<crate::engine::QuotesResponse, EngineError> {
            broken()
        }

        fn pairs(&mut self, _: &crate::engine::PairsRequest) -> Result<crate::engine::PairsResponse, EngineError> {
            broken()
        }
    }

    #[test]
    fn a_refused_need_finds_nothing_and_each_article_is_judged_for_itself() {
        let need = |id: &str, query: &str| Need { id: id.to_owned(), query: query.to_owned() };
        let options = Options { depth: 7, feedback: false, now: "2026-01-01".parse().unwrap() };
        let mut engine = Canned::default();
        let (run, refused) = run(&mut engine, &[need("1", "good"), need("2", "bad")], &options).unwrap();
        assert_eq!((run["1"].len(), run["2"].len()), (1, 0));
        assert_eq!(refused, [("2".to_owned(), "no".to_owned())]);
        let asked = &engine.0[0];
        assert_eq!((asked.limit, asked.feedback, asked.all_copies, asked.offset), (7, false, true, 0));
        assert!(super::run(&mut engine, &[need("3", "worse")], &options).is_err());
    }
}
