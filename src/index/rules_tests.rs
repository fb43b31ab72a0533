//! The number of the rules, told by what they find in bundled articles and test sentences.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::RULES;
use crate::article::Article;
use crate::authority::Authority;
use crate::corpus::FILES;
use crate::event::events;
use crate::quote::quotes;
use crate::tag::Tagger;

/// What the rules of the present number find, as [`found`] gives it.
const FOUND: (u32, &str) = (1, "360e677a92505e4a");

/// A digest of all mentions, topics, statements and events of the wire's texts and of the sentences of the tests.
fn found() -> String {
    let mut tagger = Tagger::new(Authority::bundled());
    let wire = FILES.iter().filter(|(name, _)| name.starts_with("wire/") && name.ends_with(".txt"));
    let wire = wire.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let sentences = include_str!("../../tests/quotes/hard.jsonl").lines().filter_map(|line| {
        let case: Value = serde_json::from_str(line).ok()?;
        case["text"].as_str().map(str::to_owned)
    });
    let mut digest = Sha256::new();
    for text in wire.chain(sentences) {
        let article = Article { text, ..Article::default() };
        let tags = tagger.tag(&article);
        let topics: Vec<&str> = tags.topics.iter().map(|topic| topic.topic.as_str()).collect();
        let all = (&tags.mentions, topics, quotes(&article, &tags), events(&article, &tags));
        digest.update(serde_json::to_vec(&all).unwrap());
    }
    digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn rules_that_find_something_else_have_another_number() {
    assert_eq!(FOUND, (RULES, found().as_str()), "raise RULES by one since the last release, and note what is found");
}
