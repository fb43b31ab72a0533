//! Articles of the local index by period of publication.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::collapse::Once;
use super::collection::Collection;
use super::doc_set::DocSet;
use crate::archive::GroupNum;
use crate::engine::error::EngineError;
use crate::engine::period::{self, DAY};
use crate::engine::period_counts::PeriodCounts;
use crate::engine::request::Facet;

/// The periods of these articles. A story counts once in a period, unless `all_copies` count.
pub(super) fn period_counts(
    collection: &Collection<'_>,
    facet: Facet,
    found: &[DocSet],
    all_copies: bool,
) -> Result<PeriodCounts, EngineError> {
    let mut counts = PeriodCounts::default();
    let once = Once::new(collection, found, all_copies)?;
    let mut groups: BTreeMap<GroupNum, BTreeSet<i64>> = BTreeMap::new();
    for (number, found) in found.iter().enumerate() {
        let column = collection.published(number)?;
        let day = |doc| column.first(doc).map(|at| at.div_euclid(DAY));
        let mut alone = found.clone();
        for (doc, group) in once.copies(number) {
            alone.unset(doc);
            groups.entry(group).or_default().extend(day(doc).map(|day| period::number(facet, day * DAY)));
        }
        let mut days: FxHashMap<i64, u64> = FxHashMap::default();
        for doc in alone.iter() {
            match day(doc) {
                Some(day) => *days.entry(day).or_default() += 1,
                None => counts.undated += 1,
            }
        }
        days.into_iter().for_each(|(day, count)| counts.add(period::number(facet, day * DAY), count));
    }
    for group in groups.into_values() {
        counts.undated += u64::from(group.is_empty());
        group.into_iter().for_each(|time| counts.add(time, 1));
    }
    Ok(counts)
}
