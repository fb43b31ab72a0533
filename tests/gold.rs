//! The tagger against a careful reader, who marked the actors and topics of forty bundled articles by hand.

#![allow(clippy::unwrap_used)] // a test may fail

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::Path;

use despatch::authority::Authority;
use despatch::tag::{Tagger, Tags};
use despatch::{extract, source};
use serde::Deserialize;

#[derive(Deserialize)]
struct Gold {
    title: String,
    actors: BTreeSet<String>,
    #[serde(default)]
    optional_actors: BTreeSet<String>,
    topics: BTreeSet<String>,
    #[serde(default)]
    optional_topics: BTreeSet<String>,
}

/// How many were right; which were too much and which missing, by title.
#[derive(Default)]
struct Tally {
    right: usize,
    extra: BTreeMap<String, Vec<String>>,
    missing: BTreeMap<String, Vec<String>>,
}

impl Tally {
    fn add(&mut self, title: &str, found: &BTreeSet<String>, wanted: &BTreeSet<String>, optional: &BTreeSet<String>) {
        self.right += found.intersection(wanted).count();
        let note = |list: &mut BTreeMap<String, Vec<String>>, id: &String| {
            list.entry(title.to_owned()).or_default().push(id.clone())
        };
        found
            .iter()
            .filter(|id| !wanted.contains(*id) && !optional.contains(*id))
            .for_each(|id| note(&mut self.extra, id));
        wanted.iter().filter(|id| !found.contains(*id)).for_each(|id| note(&mut self.missing, id));
    }

    fn precision_and_recall(&self) -> (f64, f64) {
        let count = |list: &BTreeMap<String, Vec<String>>| list.values().map(Vec::len).sum::<usize>();
        let right = self.right as f64;
        (right / (right + count(&self.extra) as f64), right / (right + count(&self.missing) as f64))
    }

    fn report(&self, name: &str) -> String {
        let (precision, recall) = self.precision_and_recall();
        let list = |what: &str, list: &BTreeMap<String, Vec<String>>| {
            list.iter().map(|(title, ids)| format!("  {what}: {title}: {}\n", ids.join(", "))).collect::<String>()
        };
        let lists = list("too much", &self.extra) + &list("missing", &self.missing);
        format!("{name}: precision {precision:.3}, recall {recall:.3}\n{lists}")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tagged() -> HashMap<String, Tags> {
    let mut tagger = Tagger::new(Authority::bundled());
    let mut all = HashMap::new();
    let folders = ["web", "wire", "notes", "feed"].map(|name| root().join("corpus").join(name));
    source::read(&folders, &source::Options::default(), &mut |found| {
        let article = extract::article(&found.unwrap()).unwrap();
        all.insert(article.title.clone(), tagger.tag(&article));
        ControlFlow::Continue(())
    });
    all
}

#[test]
fn actors_and_topics_are_those_of_a_careful_reader() {
    let text = std::fs::read_to_string(root().join("corpus/gold/articles.jsonl")).unwrap();
    let tagged = tagged();
    let (mut actors, mut topics) = (Tally::default(), Tally::default());
    for line in text.lines() {
        let gold: Gold = serde_json::from_str(line).unwrap();
        let tags = tagged.get(&gold.title).unwrap_or_else(|| panic!("no article '{}'", gold.title));
        let found = tags.actors.iter().map(|tag| tag.actor.clone()).filter(|id| !id.starts_with("unlisted/"));
        actors.add(&gold.title, &found.collect(), &gold.actors, &gold.optional_actors);
        // A topic includes its parents, on both sides.
        let with_parents = |ids: &BTreeSet<String>| {
            ids.iter().flat_map(|id| [id.clone(), id.split('/').next().unwrap().to_owned()]).collect::<BTreeSet<_>>()
        };
        let found: BTreeSet<String> = tags.topics.iter().map(|tag| tag.topic.clone()).collect();
        topics.add(&gold.title, &found, &with_parents(&gold.topics), &with_parents(&gold.optional_topics));
    }
    let report = actors.report("actors") + &topics.report("topics");
    let floors = [(actors.precision_and_recall(), 0.95), (topics.precision_and_recall(), 0.85)];
    assert!(floors.iter().all(|((p, r), floor)| p >= floor && r >= floor), "{report}");
}
