//! The cells of a timeline, and the response that they make.

use std::collections::HashMap;

use super::period::{self, MOST_PERIODS};
use super::request::Facet;
use super::response::{FacetCount, Series, TimelineResponse};

/// Cells of a timeline: row 0 is all articles, the values follow.
#[derive(Debug, Default)]
pub(super) struct Timetable {
    counts: HashMap<(usize, i64), u64>,
    undated: u64,
}

impl Timetable {
    /// Counts articles in a row and period; without a date they count as undated, of row 0 alone.
    pub(super) fn add(&mut self, row: usize, period: Option<i64>, count: u64) {
        match period {
            Some(period) => *self.counts.entry((row, period)).or_default() += count,
            None if row == 0 => self.undated += count,
            None => {}
        }
    }

    /// The first and the last period with an article.
    fn ends(&self) -> Option<(i64, i64)> {
        let periods = || self.counts.keys().map(|(_, period)| *period);
        Some((periods().min()?, periods().max()?))
    }

    fn row(&self, row: usize, (first, last): (i64, i64)) -> Vec<u64> {
        (first..=last).map(|period| self.counts.get(&(row, period)).copied().unwrap_or_default()).collect()
    }

    /// The response with these values, in the order of their rows; `head` has the totals and notes.
    pub(super) fn respond(&self, per: Facet, values: Vec<FacetCount>, mut head: TimelineResponse) -> TimelineResponse {
        let ends = self.ends().filter(|(first, last)| last.saturating_sub(*first) < MOST_PERIODS as i64);
        if ends.is_none() && self.ends().is_some() {
            let note = format!("there are more than {MOST_PERIODS} periods: narrow with --since, or take longer ones");
            head.notes.push(note);
        }
        let line = |row| ends.map(|ends| self.row(row, ends)).unwrap_or_default();
        let series = values.into_iter().zip(1..).map(|(count, row)| {
            let FacetCount { value, label, count, unlisted, .. } = count;
            Series { value, label, unlisted, total: count, counts: line(row) }
        });
        TimelineResponse {
            periods: ends.map(|(a, b)| (a..=b).map(|n| period::name(per, n)).collect()).unwrap_or_default(),
            all: line(0),
            undated: self.undated,
            series: series.collect(),
            ..head
        }
    }
}
