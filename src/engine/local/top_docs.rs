//! The best articles in order.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::DocAddress;

use super::collection::{Collection, Scored};
use super::doc_set::DocSet;
use crate::archive::VersionSeq;
use crate::engine::error::EngineError;
use crate::engine::request::Sort;

/// The `wanted` best of these articles, in order.
pub(super) fn top_docs(
    collection: &Collection<'_>,
    found: &[DocSet],
    scores: &[Vec<f32>],
    sort: Sort,
    wanted: usize,
) -> Result<Vec<Scored>, EngineError> {
    let mut heap: BinaryHeap<Reverse<Ranked>> = BinaryHeap::new();
    for (number, found) in found.iter().enumerate() {
        let times = match sort {
            Sort::Relevance | Sort::Added => None,
            Sort::Newest | Sort::Oldest => Some(collection.published(number)?),
            Sort::Changed => Some(collection.changed(number)?),
        };
        let (seqs, nums) = (collection.seqs(number)?, collection.nums(number)?);
        let mut worst = f32::NEG_INFINITY;
        found.iter().for_each(|doc| {
            let score = scores[number][doc as usize];
            if sort == Sort::Relevance && score < worst {
                return;
            }
            let date = times.and_then(|column| column.first(doc));
            let date = match sort {
                Sort::Relevance => 0,
                Sort::Newest | Sort::Changed => date.unwrap_or(i64::MIN),
                Sort::Oldest => date.map_or(i64::MIN, |at| at.saturating_neg()),
                Sort::Added => nums.first(doc).and_then(|num| i64::try_from(num).ok()).unwrap_or_default(),
            };
            let full = heap.len() >= wanted;
            if full && heap.peek().is_none_or(|worst| (date, score) < (worst.0.date, worst.0.score)) {
                return;
            }
            let seq = VersionSeq(seqs.first(doc).unwrap_or_default());
            let ranked = Ranked { date, score, seq, address: DocAddress::new(number as u32, doc) };
            if !full {
                heap.push(Reverse(ranked));
            } else if heap.peek().is_some_and(|worst| ranked > worst.0) {
                heap.pop();
                heap.push(Reverse(ranked));
            }
            if heap.len() >= wanted {
                worst = heap.peek().map_or(worst, |worst| worst.0.score);
            }
        });
    }
    Ok(heap.into_sorted_vec().into_iter().map(|ranked| (ranked.0.address, ranked.0.score)).collect())
}

/// An article on its way into the list of the best; greater is better. Ties go to the one that came in first, so that a rebuilt
/// index gives the same order.
#[derive(PartialEq)]
struct Ranked {
    date: i64,
    score: f32,
    seq: VersionSeq,
    address: DocAddress,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.date.cmp(&other.date).then(self.score.total_cmp(&other.score)).then_with(|| other.seq.cmp(&self.seq))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
