//! Hard sentences for the tagger: what must be tagged, with which actor, and what must not be tagged.
//!
//! Each line of `tests/tagging/*.jsonl` is one article of a sentence or two:
//!
//! - `text`, and `title`, `outlet`, `language` and `date` if it has them;
//! - `want`: surface and actor of each mention in the text, how it was found (`via`) and its kind if those are asserted too;
//!   `title_want`: the same for the title;
//! - `avoid`: surfaces that no other mention may have than the wanted ones;
//! - `whole`: nothing else may be tagged.
//!
//! Each file is a test of its own, and reports all of its sentences that fail.

#![allow(clippy::unwrap_used)] // a test may fail

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use despatch::article::{Article, Moment};
use despatch::authority::Authority;
use despatch::tag::{Mention, Tagger, Via};
use serde::Deserialize;

/// Surface and actor; how it was found and the actor's kind where the case asserts them.
#[derive(Deserialize)]
#[serde(from = "Vec<String>")]
struct Want {
    surface: String,
    actor: String,
    via: Option<Via>,
    kind: Option<String>,
}

impl From<Vec<String>> for Want {
    fn from(parts: Vec<String>) -> Self {
        assert!((2..=4).contains(&parts.len()), "surface, actor and perhaps via and kind: {parts:?}");
        let via = parts.get(2).map(|via| serde_json::from_value(via.as_str().into()).unwrap());
        Self { surface: parts[0].clone(), actor: parts[1].clone(), via, kind: parts.get(3).cloned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    #[serde(default)]
    title: String,
    outlet: Option<String>,
    date: Option<String>,
    language: Option<String>,
    want: Vec<Want>,
    #[serde(default)]
    title_want: Vec<Want>,
    #[serde(default)]
    avoid: Vec<String>,
    /// Nothing but what is wanted may be tagged.
    #[serde(default)]
    whole: bool,
}

impl Case {
    /// What is wrong with the mentions of the title or the text, if anything.
    fn faults_in(&self, zone: &str, mentions: &[Mention], want: &[Want]) -> String {
        let mut left: Vec<(&str, &Mention)> = mentions.iter().map(|one| (&zone[one.start..one.end], one)).collect();
        let mut out = String::new();
        for one in want {
            let same = |(surface, found): &(&str, &Mention)| {
                *surface == one.surface
                    && found.actor == one.actor
                    && one.via.is_none_or(|via| via == found.via)
                    && one.kind.as_ref().is_none_or(|kind| *kind == found.kind)
            };
            match left.iter().position(same) {
                Some(at) => drop(left.remove(at)),
                None => write!(out, " no {} = {} {:?} {:?};", one.surface, one.actor, one.via, one.kind).unwrap(),
            }
        }
        let unwanted = |surface: &str| self.whole || self.avoid.iter().any(|avoid| avoid == surface);
        for (surface, found) in left.iter().filter(|(surface, _)| unwanted(surface)) {
            write!(out, " {surface} = {} {:?} {};", found.actor, found.via, found.kind).unwrap();
        }
        out
    }

    /// What is wrong with the mentions of the case, if anything.
    fn faults(&self, tagger: &mut Tagger) -> Option<String> {
        let published: Option<Moment> = self.date.as_ref().map(|date| date.parse().unwrap());
        let article = Article {
            title: self.title.clone(),
            text: self.text.clone(),
            outlet: self.outlet.clone(),
            language: self.language.clone(),
            published,
            ..Article::default()
        };
        let tags = tagger.tag(&article);
        let out = self.faults_in(&self.title, &tags.title_mentions, &self.title_want)
            + &self.faults_in(&self.text, &tags.mentions, &self.want);
        (!out.is_empty()).then(|| format!("{} {}\n   {out}\n", self.title, self.text))
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tagging")
}

/// Tags every sentence of a file; a failure names all sentences that fail.
fn run(name: &str) {
    let mut tagger = Tagger::new(Authority::bundled());
    let text = fs::read_to_string(folder().join(name).with_extension("jsonl")).unwrap();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() >= 5, "only {} sentences in {name}", cases.len());
    let report: String = cases.iter().filter_map(|case| case.faults(&mut tagger)).collect();
    assert!(report.is_empty(), "{name}:\n{report}");
}

/// Makes a test for each file of sentences, and the list of their names.
macro_rules! files {
    ($($name:ident)*) => {
        const FILES: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { run(stringify!($name)); })*
    };
}

files! {
    countries
    cued
    support
    generic
    house_style
    initialisms
    layout
    letters
    metonyms
    mixed
    names
    newcomers
    news
    office_holders
    offices
    places
    surname_rules
    surnames
    systems
    things
    unlisted
    vetoes
    voted
    weak
    whole
}

#[test]
fn every_file_of_sentences_is_a_test() {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let there: BTreeSet<String> =
        entries.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(there, FILES.iter().map(|name| (*name).to_owned()).collect());
    let lines = |name: &&str| fs::read_to_string(folder().join(name).with_extension("jsonl")).unwrap().lines().count();
    let count: usize = FILES.iter().map(lines).sum();
    assert!(count >= 450, "only {count} sentences");
}

/// A link that two readers judged: `tests/judged/README.md`.
#[derive(Deserialize)]
struct Judged {
    actor: String,
    verdicts: [String; 2],
}

#[test]
fn judged_links_are_to_headings_that_are_still_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judged/links.jsonl");
    let text = fs::read_to_string(path).unwrap();
    let all: Vec<Judged> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let known = |verdict: &String| ["right", "wrong", "doubtful"].contains(&verdict.as_str());
    assert!(all.iter().all(|one| one.verdicts.iter().all(known)));
    let (unlisted, listed): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.actor.starts_with("unlisted/"));
    assert_eq!((listed.len(), unlisted.len()), (200, 100));
    let authority = Authority::bundled();
    let gone: Vec<&str> =
        listed.iter().map(|one| one.actor.as_str()).filter(|id| authority.heading(id).is_none()).collect();
    assert_eq!(gone, [""; 0]);
    let wrong = listed.iter().filter(|one| one.verdicts.iter().any(|verdict| verdict == "wrong")).count();
    assert!(wrong * 100 <= listed.len() * 3, "{wrong} of {} links to headings are wrong", listed.len());
}
