//! Counts of articles by period of publication.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::period;
use super::request::{Facet, Filters};
use super::response::{FacetCount, FacetRest};

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
    /// Counts articles in a period.
    pub(super) fn add(&mut self, time: i64, count: u64) {
        *self.counts.entry(time).or_default() += count;
    }

    /// The counts as those of a facet, with a note where periods without any are left out.
    pub(super) fn facet(&self, facet: Facet, filters: &Filters) -> (Vec<FacetCount>, FacetRest, Option<String>) {
        let long = "times without a story are left out: too many lie between the first and the last";
        let note = self.is_long(facet, filters).then(|| long.to_owned());
        let named = |(number, count)| FacetCount::new(period::name(facet, number), period::label(facet, number), count);
        let list = self.timeline(facet, filters).into_iter().map(named).collect();
        (list, FacetRest { values: Some(0), count: 0, without: self.undated }, note)
    }

    /// The periods in order, empty ones too, from the first to the last and as far as the filters go; without empty ones where
    /// that is too long.
    fn timeline(&self, facet: Facet, filters: &Filters) -> Vec<(i64, u64)> {
        let Some(range) = self.span(facet, filters) else { return Vec::new() };
        if is_long(&range) {
            return self.counts.iter().map(|(time, count)| (*time, *count)).collect();
        }
        range.map(|time| (time, self.counts.get(&time).copied().unwrap_or(0))).collect()
    }

    /// Whether too many periods lie between the first and the last for the empty ones to be shown.
    fn is_long(&self, facet: Facet, filters: &Filters) -> bool {
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
