//! The fields of an index on a cluster.

use serde_json::{Value, json};

use super::tape::{GAP, HOLE};
use crate::index;

/// Number of the format. Where it changes, an index has to be made again.
const FORMAT: u32 = 3;
/// BM25 `k1` and `b`, of texts and of titles. They are part of the index there, so a change makes it out of date.
pub(crate) const K1: f32 = 1.2;
pub(crate) const B: f32 = 0.6;
pub(crate) const TITLE_B: f32 = 0.5;
/// Characters of a token with its terms, at most: more than [`super::tape`] ever writes.
const LONGEST_TOKEN: usize = 30_000;
/// Copies of a story, at most.
pub(crate) const MOST_COPIES: usize = 10_000;
/// Facets of a copy, each with values that are looked up and counted.
pub(crate) const FACETS: [&str; 15] = [
    "actor",
    "actor_up",
    "affiliation",
    "doubt",
    "event",
    "language",
    "outlet",
    "place",
    "said",
    "speaker",
    "subject",
    "system",
    "system_up",
    "topic",
    "topic_up",
];

/// Values of a copy that are only counted. `named`: actors and systems that are mentioned, not only by a place that stands for
/// them. The others are pairs ([`super::story`]): of those that a passage so names, of others that it mentions, and of a
/// speaker with somebody whom he mentions.
const COUNTED: [&str; 4] = ["named", "named_pair", "other_pair", "spoken_pair"];
/// Pairs of both kinds that a passage mentions together.
const PAIR: &str = "pair";
/// Values of a story's only copy, which are read with the story (`Ranked` in [`super::story`]).
pub(crate) const ONLY: [&str; 9] =
    ["num", "seq", "published", "modified", "length", "title_length", "origin", "actor", "system"];

/// The rules by which an index is made, as text that is compared.
pub(crate) fn fingerprint(rules: &str) -> String {
    format!("{FORMAT}.{K1}.{B}.{TITLE_B}.{rules}")
}

/// As [`fingerprint`], for an authority file.
pub(crate) fn fingerprint_of(authority: &crate::authority::Authority) -> String {
    fingerprint(&index::fingerprint(authority))
}

/// Settings and fields of a new index, in which nothing is searchable until it is refreshed.
pub(crate) fn index(shards: u32) -> Value {
    json!({
        "settings": { "index": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",
            "codec": "best_compression",
            "gc_deletes": "1h",
            "max_inner_result_window": MOST_COPIES,
            "mapping": { "nested_objects": { "limit": MOST_COPIES } },
            "similarity": { "text": bm25(B), "title": bm25(TITLE_B) },
            "analysis": analysis(),
        } },
        "mappings": {
            "dynamic": "strict",
            "_source": { "excludes": unread() },
            "properties": {
                "story": { "type": "long" },
                "only": { "properties": only() },
                "c": { "type": "nested", "properties": copy() },
            },
        },
    })
}

/// What nobody reads of a story as it was sent.
fn unread() -> Vec<String> {
    let fields = ["tape", "title_tape", "byline_tape"].into_iter().chain(COUNTED);
    fields.map(|field| format!("c.{field}")).chain(["only".to_owned()]).collect()
}

/// The fields of an only copy.
fn only() -> Value {
    let kind = |field: &str| if matches!(field, "actor" | "system") { "keyword" } else { "long" };
    ONLY.iter().map(|field| (*field, json!({ "type": kind(field), "index": false }))).collect()
}

fn bm25(b: f32) -> Value {
    // Tantivy counts every term of a text, also those at one position.
    json!({ "type": "BM25", "k1": K1, "b": b, "discount_overlaps": false })
}

/// Takes a tape apart: see [`super::tape`].
fn analysis() -> Value {
    let capture =
        |pattern: &str| json!({ "type": "pattern_capture", "preserve_original": false, "patterns": [pattern] });
    let analyzer = |filter: &str| json!({ "type": "custom", "tokenizer": "tape", "filter": ["hole", filter] });
    json!({
        "tokenizer": { "tape": {
            "type": "char_group", "tokenize_on_chars": ["\t"], "max_token_length": LONGEST_TOKEN,
        } },
        "filter": {
            "hole": { "type": "stop", "stopwords": [HOLE] },
            "term": capture("(?:^|\\x0C)([^\\x0C\\x08]+)"),
            "form": capture("\\x08([^\\x08]+)"),
            "fold": capture("\\x08([^\\x0D]+)"),
        },
        "analyzer": {
            "terms": analyzer("term"), "forms": analyzer("form"), "folds": analyzer("fold"),
            "whole": { "type": "custom", "tokenizer": "keyword" },
        },
    })
}

/// The fields of a copy.
fn copy() -> Value {
    let words = |similarity: &str, gap: u32| {
        json!({
            "type": "text", "analyzer": "terms", "similarity": similarity, "position_increment_gap": gap,
            "fields": {
                "form": {
                    "type": "text", "analyzer": "forms", "similarity": similarity, "position_increment_gap": gap,
                },
                "fold": { "type": "text", "analyzer": "folds", "index_options": "docs", "norms": false },
            },
        })
    };
    let mut fields = json!({
        "num": { "type": "long" },
        "seq": { "type": "long" },
        "origin": { "type": "byte" },
        "length": { "type": "integer" },
        "title_length": { "type": "integer" },
        "tape": words("text", GAP),
        "title_tape": words("title", GAP),
        "byline_tape": { "type": "text", "analyzer": "terms", "position_increment_gap": 1 },
        "written": { "type": "keyword" },
        "published": { "type": "long" },
        "modified": { "type": "long" },
        "marks": { "type": "binary" },
        "weight": { "type": "byte", "index": false, "doc_values": false },
    });
    for field in FACETS {
        fields[field] = json!({ "type": "keyword" });
    }
    for field in COUNTED {
        fields[field] = json!({ "type": "keyword", "index": false });
    }
    for field in ["named_pair", "other_pair"] {
        fields[field]["copy_to"] = json!(format!("c.{PAIR}"));
    }
    fields[PAIR] = json!({ "type": "keyword", "index": false });
    for period in super::story::PERIODS {
        fields[period] = json!({ "type": "integer" });
    }
    fields
}
