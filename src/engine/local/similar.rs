//! The articles of the index on this machine that are most like one: see [`crate::engine::similar`].

use super::collection::Collection;
use super::matches::Matches;
use super::search::Selection;
use super::segment::matching;
use super::weight::Weight;
use crate::archive::GroupNum;
use crate::engine::bind::{BoundNode, LeafId, bind};
use crate::engine::error::EngineError;
use crate::engine::request::{SearchRequest, Sort};
use crate::engine::response::SearchResponse;
use crate::engine::similar::{any_of, telling, understood};
use crate::query::Query;

/// The articles most like one.
pub(super) fn similar(
    collection: &Collection<'_>,
    id: &str,
    request: &SearchRequest,
) -> Result<SearchResponse, EngineError> {
    let stored = collection.archive.borrow_mut().by_id(id)?;
    let copies = collection.archive.borrow().copies(stored.group)?.max(1);
    let mut analyzer = collection.analyzer.borrow_mut();
    let leaves = telling(collection, &mut analyzer, (&stored.article, copies), &collection.ranking)?;
    let filters = &request.filters;
    let bound = bind(&Query::default(), filters, &collection.names(), &mut analyzer, &collection.ranking)?;
    drop(analyzer);
    let bound = any_of(leaves, bound);
    let understood = understood(&bound);
    let weight = Weight::new(collection, bound)?;
    let mut matches = Matches::of_weight(collection, Query::default(), weight, true)?;
    matches.understood = understood;
    keep_similar(collection, &mut matches, stored.group)?;
    let request = SearchRequest { feedback: false, sort: Sort::Relevance, ..request.clone() };
    Selection::of_matches(collection, matches, &request)?.respond(collection, &request)
}

/// Drops the copies of a story, and articles with too small a share of the words.
fn keep_similar(collection: &Collection<'_>, matches: &mut Matches, story: GroupNum) -> Result<(), EngineError> {
    let weight = &matches.weight;
    let leaves: Vec<(LeafId, f32)> = weight.bound.wanted_leaves().map(|(id, _)| (id, weight.leaf(id).weight)).collect();
    let asked: f32 = leaves.iter().map(|(_, weight)| weight).sum();
    let mut held: Vec<Vec<f32>> =
        collection.segments().iter().map(|segment| vec![0.0; segment.max_doc() as usize]).collect();
    for (id, one) in leaves {
        let found = matching(weight, collection, &BoundNode::Leaf(id))?;
        for (found, held) in found.iter().zip(&mut held) {
            found.iter().for_each(|doc| held[doc as usize] += one);
        }
    }
    let mut columns = Vec::new();
    for number in 0..held.len() {
        columns.push((collection.groups(number)?, collection.nums(number)?));
    }
    let least = collection.ranking.similar_share * asked;
    matches.retain(|address| {
        let (segment, doc) = (address.segment_ord as usize, address.doc_id);
        let (groups, nums) = columns[segment];
        // The first article of a group does not name it: its own number does.
        let other = groups.first(doc).or_else(|| nums.first(doc)) != Some(story.0);
        other && held[segment][doc as usize] >= least
    });
    Ok(())
}
