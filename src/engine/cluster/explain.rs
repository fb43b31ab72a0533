//! What an explanation asks of the index on a cluster.

use std::cell::RefCell;
use std::cmp::Reverse;

use serde_json::json;

use super::matching::Asked;
use super::remote::Remote;
use crate::analysis::Analyzer;
use crate::engine::error::EngineError;
use crate::engine::explain::Probe;
use crate::engine::request::Filters;
use crate::query::Query;
use crate::query::pattern::{Alternative, within};

/// Words near another that are compared, at most.
const NEAR: usize = 100;

impl Probe for Remote<'_> {
    fn count(&self, query: &Query, filters: &Filters) -> Result<u64, EngineError> {
        let asked = Asked::of(self, query.clone(), filters)?;
        let answers = asked.answers(self, None)?;
        Ok(Remote::count(self, &[answers.counted])?[0])
    }

    fn nearest_word(&self, folded: &str) -> Result<Option<String>, EngineError> {
        // Words two letters off are looked for only where none is nearer.
        for distance in [1, 2] {
            let body = json!({ "size": 0, "track_total_hits": false, "suggest": { "near": { "text": folded, "term": {
                "field": "c.tape.fold", "analyzer": "whole", "suggest_mode": "always", "size": NEAR, "sort": "frequency",
                "max_edits": distance, "accuracy": 0.0, "prefix_length": 0, "min_word_length": 1,
                "max_inspections": NEAR, "max_term_freq": 1e9,
            } } } });
            let answer = self.search("words near another", &body)?;
            let options = answer["suggest"]["near"][0]["options"].as_array().into_iter().flatten();
            let options = options.filter_map(|option| Some((option["text"].as_str()?, option["freq"].as_u64()?)));
            let near = options.filter(|(word, _)| *word != folded && within(folded, word, distance));
            if let Some((word, _)) = near.min_by_key(|(word, count)| (Reverse(*count), word.to_owned())) {
                return Ok(Some(word.to_owned()));
            }
        }
        Ok(None)
    }

    fn accepted(&self, _: &Alternative) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    fn analyzer(&self) -> &RefCell<Analyzer> {
        &self.analyzer
    }
}
