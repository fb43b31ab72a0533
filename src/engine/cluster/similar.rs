//! The articles of the index on a cluster that are most like one: see [`crate::engine::similar`].

use serde_json::{Value, json};

use super::matching::Asked;
use super::remote::Remote;
use super::scores::Scores;
use super::search::respond;
use super::translate::pattern;
use crate::engine::bind::bind;
use crate::engine::error::EngineError;
use crate::engine::request::{SearchRequest, Sort};
use crate::engine::response::SearchResponse;
use crate::engine::similar::{any_of, telling, understood};
use crate::query::Query;

/// The articles most like one.
pub(super) fn similar(remote: &Remote<'_>, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
    let stored = remote.archive.borrow_mut().by_id(id)?;
    let copies = remote.archive.borrow().copies(stored.group)?.max(1);
    let mut analyzer = remote.analyzer.borrow_mut();
    let leaves = telling(remote, &mut analyzer, (&stored.article, copies), &remote.ranking)?;
    let bound = bind(&Query::default(), &request.filters, &remote.names(), &mut analyzer, &remote.ranking)?;
    drop(analyzer);
    let mut asked = Asked::of_bound(remote, Query::default(), any_of(leaves, bound), &request.filters)?;
    asked.others.push(enough(remote, &asked)?);
    let members: Vec<u64> = remote.archive.borrow().members(stored.group)?.iter().map(|num| num.0).collect();
    asked.others.push(json!({ "bool": { "must_not": [{ "terms": { "c.num": members } }] } }));
    let request = SearchRequest { feedback: false, sort: Sort::Relevance, ..request.clone() };
    let understood = understood(&asked.bound);
    Ok(SearchResponse { understood, ..respond(remote, asked, &request)? })
}

/// The copies with so large a share of the words, by their weights, that they may be similar.
fn enough(remote: &Remote<'_>, asked: &Asked) -> Result<Value, EngineError> {
    let bound = &asked.bound;
    let scores = Scores::new(remote, bound)?;
    let weighed = || bound.wanted_leaves().map(|(id, leaf)| (leaf, leaf.weight * scores.idf[id.0]));
    let all: f32 = weighed().map(|(_, weight)| weight).sum();
    let clauses = weighed()
        .map(|(leaf, weight)| Ok(json!({ "constant_score": { "filter": pattern(&leaf.pattern)?, "boost": weight } })));
    let clauses = clauses.collect::<Result<Vec<_>, EngineError>>()?;
    let least = remote.ranking.similar_share * all;
    Ok(json!({ "function_score": { "query": { "bool": { "should": clauses } }, "min_score": least } }))
}
