//! Hard sentences for the tagger: what must be tagged, as whom, and what must not be.
//!
//! Each line of `tests/tagging/*.jsonl` is one article of a sentence or two: `text`, `date` if it has one, `want` (surface
//! and actor, in reading order) and `avoid` (surfaces that no mention may have, beyond the wanted ones); with `whole`,
//! nothing else may be tagged.

#![allow(clippy::unwrap_used)] // a test may fail

use std::fmt::Write;
use std::fs;
use std::path::Path;

use despatch::article::{Article, Moment};
use despatch::authority::Authority;
use despatch::tag::Tagger;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    date: Option<String>,
    want: Vec<(String, String)>,
    #[serde(default)]
    avoid: Vec<String>,
    /// Nothing but what is wanted may be tagged.
    #[serde(default)]
    whole: bool,
}

/// What is wrong with the mentions of a case, if anything.
fn faults(tagger: &mut Tagger, case: &Case) -> Option<String> {
    let published: Option<Moment> = case.date.as_ref().map(|date| date.parse().unwrap());
    let article = Article { text: case.text.clone(), published, ..Article::default() };
    let found: Vec<(&str, String)> = tagger
        .tag(&article)
        .mentions
        .into_iter()
        .map(|mention| (&case.text[mention.start..mention.end], mention.actor))
        .collect();
    let mut left = found.clone();
    let mut out = String::new();
    for (surface, actor) in &case.want {
        match left.iter().position(|(text, id)| text == surface && id == actor) {
            Some(at) => drop(left.remove(at)),
            None => write!(out, " no {surface} = {actor};").unwrap(),
        }
    }
    for (surface, actor) in left.iter().filter(|(text, _)| case.whole || case.avoid.iter().any(|avoid| avoid == text)) {
        write!(out, " {surface} = {actor};").unwrap();
    }
    (!out.is_empty()).then(|| format!("{}\n   {out} found {found:?}\n", case.text))
}

/// Number of cases and report on the failed ones of one file.
fn run(path: &Path) -> (usize, String) {
    let mut tagger = Tagger::new(Authority::bundled());
    let text = fs::read_to_string(path).unwrap();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let report = cases.iter().filter_map(|case| faults(&mut tagger, case)).collect();
    (cases.len(), report)
}

#[test]
fn hard_sentences_are_tagged_as_a_reader_would() {
    let mut reports = String::new();
    let mut count = 0;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tagging");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (cases, report) = run(&path);
        count += cases;
        if !report.is_empty() {
            writeln!(reports, "{}:\n{report}", path.display()).unwrap();
        }
    }
    assert!(count >= 150, "only {count} sentences");
    assert!(reports.is_empty(), "{reports}");
}
