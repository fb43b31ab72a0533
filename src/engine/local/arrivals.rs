//! Which of the articles that a query matches came in after a version.

use super::collection::Collection;
use super::matches::Matches;
use crate::archive::{ArticleNum, GroupNum, VersionSeq};
use crate::engine::error::EngineError;
use crate::engine::request::ArrivalsRequest;
use crate::engine::response::{Arrival, Arrivals};

/// Matches the query as a search does, over all articles, and keeps those that came in: whether an article has as many of
/// the words as others have must not depend on when it came.
pub(super) fn arrivals(collection: &Collection<'_>, request: &ArrivalsRequest) -> Result<Arrivals, EngineError> {
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let answers = matches.answers(collection, &request.filters, None)?;
    let mut found = Vec::new();
    for (number, counted) in answers.counted.iter().enumerate() {
        let (seqs, nums) = (collection.seqs(number)?, collection.nums(number)?);
        let (groups, published) = (collection.groups(number)?, collection.published(number)?);
        for doc in counted.iter() {
            let seq = VersionSeq(seqs.first(doc).unwrap_or_default());
            let num = ArticleNum(nums.first(doc).unwrap_or_default());
            if seq > request.after || request.among.binary_search(&num).is_ok() {
                let group = groups.first(doc).map_or_else(|| GroupNum::from(num), GroupNum);
                found.push(Arrival { num, seq, group, published: published.first(doc) });
            }
        }
    }
    found.sort_unstable_by_key(|arrival| arrival.num);
    Ok(Arrivals { upto: collection.upto, found, notes: matches.notes().to_vec() })
}
