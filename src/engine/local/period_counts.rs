//! Counts of articles by period of publication.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rustc_hash::FxHashMap;

use super::collapse::Once;
use super::collection::Collection;
use super::doc_set::DocSet;
use crate::archive::GroupNum;
use crate::engine::error::EngineError;
use crate::engine::period::{self, DAY};
use crate::engine::request::{Facet, Filters};

/// Periods from the first to the last up to which empty ones are shown.
const SHOWN: i64 = 20_000;

/// Counts of articles by period.
#[derive(Debug, Default)]
pub(super) struct PeriodCounts {
    /// By the number of the period.
    counts: BTreeMap<i64, u64>,
    /// Articles without a date.
    pub(super) undated: u64,
}

impl PeriodCounts {
    /// The periods of these articles. A story counts once in a period, unless `all_copies` count.
    pub(super) fn of(
        collection: &Collection<'_>,
        facet: Facet,
        found: &[DocSet],
        all_copies: bool,
    ) -> Result<Self, EngineError> {
        let mut counts = Self::default();
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

    fn add(&mut self, time: i64, count: u64) {
        *self.counts.entry(time).or_default() += count;
    }

    /// The periods in order, empty ones too, from the first to the last and as far as the filters go; without empty ones where
    /// that is too long.
    pub(super) fn timeline(&self, facet: Facet, filters: &Filters) -> Vec<(i64, u64)> {
        let Some(range) = self.span(facet, filters) else { return Vec::new() };
        if is_long(&range) {
            return self.counts.iter().map(|(time, count)| (*time, *count)).collect();
        }
        range.map(|time| (time, self.counts.get(&time).copied().unwrap_or(0))).collect()
    }

    /// Whether too many periods lie between the first and the last for the empty ones to be shown.
    pub(super) fn is_long(&self, facet: Facet, filters: &Filters) -> bool {
        self.span(facet, filters).is_some_and(|range| is_long(&range))
    }

    fn span(&self, facet: Facet, filters: &Filters) -> Option<RangeInclusive<i64>> {
        let (first, last) = (*self.counts.first_key_value()?.0, *self.counts.last_key_value()?.0);
        let since = filters.since.map_or(first, |since| period::number(facet, since).min(first));
        let until = filters.until.map_or(last, |until| period::number(facet, until.saturating_sub(1)).max(last));
        Some(since..=until)
    }
}

fn is_long(range: &RangeInclusive<i64>) -> bool {
    range.end().saturating_sub(*range.start()) > SHOWN
}
