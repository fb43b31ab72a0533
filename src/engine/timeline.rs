//! Counts of articles by the values of a facet over time.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use tantivy::SegmentReader;

use super::bits::Bits;
use super::local::LocalEngine;
use super::stories::Once;
use super::{EngineError, Facet, FacetCount, Filters, facets};
use crate::article::Moment;

/// Most periods that a timeline is laid out in: a wrong date must not make it endless.
pub const MOST_PERIODS: usize = 10_000;

/// A count of articles by a facet's values over time.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRequest {
    /// What the user typed. Empty: all articles.
    pub query: String,
    /// Filters beside it; all of them hold.
    pub filters: Filters,
    /// Whose values are counted; `None` for all articles together alone.
    pub by: Option<Facet>,
    /// Into what time is cut: one of the facets of time.
    pub per: Facet,
    /// Values wanted, the most frequent first, 0 for all.
    pub limit: usize,
    /// Only values below this one (`body`, `procurement`).
    pub below: Option<String>,
    /// Count articles; else a story counts once in a period, however many copies of it there are.
    pub all_copies: bool,
    /// The present.
    pub now: Moment,
}

/// Counts of articles by a facet's values over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TimelineResponse {
    /// Stories that match, or articles where all copies were asked for.
    pub total: u64,
    /// Articles that match, copies included.
    pub copies: u64,
    /// The query as it was understood.
    pub understood: String,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The periods from the first with an article to the last, without gaps.
    pub periods: Vec<String>,
    /// Articles of each period.
    pub all: Vec<u64>,
    /// Articles of unknown date.
    pub undated: u64,
    /// Counts of each value, the most frequent first.
    pub series: Vec<Series>,
}

/// How many articles of each period have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The value: an id, an outlet.
    pub value: String,
    /// How it is shown.
    pub label: String,
    /// Articles in all, those of unknown date included. A story whose copies ran in two periods counts in both, and here
    /// once.
    pub total: u64,
    /// Articles of each period.
    pub counts: Vec<u64>,
}

/// Cells of a timeline: row 0 is all articles, the values follow.
#[derive(Default)]
struct Cells {
    counts: HashMap<(usize, i64), u64>,
    seen: HashSet<(u64, usize, Option<i64>)>,
    undated: u64,
}

impl Cells {
    /// Counts an article in a row; one of several copies only where none was counted there.
    fn count(&mut self, row: usize, period: Option<i64>, group: Option<u64>) {
        if group.is_some_and(|group| !self.seen.insert((group, row, period))) {
            return;
        }
        match period {
            Some(period) => *self.counts.entry((row, period)).or_default() += 1,
            None if row == 0 => self.undated += 1,
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
}

/// Answers a request.
pub(super) fn timeline(
    engine: &mut LocalEngine<'_>,
    request: &TimelineRequest,
) -> Result<TimelineResponse, EngineError> {
    let matched = engine.matched(&request.query, &request.filters, &request.now)?;
    let rows = match request.by {
        Some(facet) => {
            let below = request.below.as_deref();
            engine.most_frequent(facet, below, &matched.bits, request.all_copies, request.limit)?
        }
        None => Vec::new(),
    };
    let once = if request.all_copies { None } else { Some(Once::new(&engine.searcher, engine.fields, &matched.bits)?) };
    let mut cells = Cells::default();
    for (number, (segment, bits)) in engine.searcher.segment_readers().iter().zip(&matched.bits).enumerate() {
        let groups = once.as_ref().map(|once| once.copies(number).into_iter().collect()).unwrap_or_default();
        fill(segment, bits, request, &rows, &groups, &mut cells)?;
    }
    let ends = cells.ends().filter(|(first, last)| last.saturating_sub(*first) < MOST_PERIODS as i64);
    let mut notes = matched.notes;
    if ends.is_none() && cells.ends().is_some() {
        notes.push(format!("there are more than {MOST_PERIODS} periods: narrow with --since, or take longer ones"));
    }
    let line = |row| ends.map(|ends| cells.row(row, ends)).unwrap_or_default();
    let series = rows.into_iter().zip(1..).map(|(count, row)| {
        let FacetCount { value, label, count, .. } = count;
        Series { value, label, total: count, counts: line(row) }
    });
    Ok(TimelineResponse {
        total: engine.stories(&matched.bits, request.all_copies)?,
        copies: matched.bits.iter().map(Bits::count).sum(),
        understood: matched.understood,
        notes,
        periods: ends.map(|(a, b)| (a..=b).map(|n| facets::time_name(request.per, n)).collect()).unwrap_or_default(),
        all: line(0),
        undated: cells.undated,
        series: series.collect(),
    })
}

/// Counts a segment's articles.
fn fill(
    segment: &SegmentReader,
    bits: &Bits,
    request: &TimelineRequest,
    rows: &[FacetCount],
    groups: &HashMap<u32, u64>,
    cells: &mut Cells,
) -> Result<(), EngineError> {
    let published = segment.fast_fields().i64("published")?;
    let column = match request.by.filter(|_| !rows.is_empty()) {
        Some(facet) => segment.fast_fields().str(facets::column(facet).0)?,
        None => None,
    };
    let mut by_ord: HashMap<u64, usize> = HashMap::new();
    if let Some(column) = &column {
        for (row, count) in rows.iter().enumerate() {
            by_ord.extend(column.dictionary().term_ord(count.value.as_bytes())?.map(|ord| (ord, row + 1)));
        }
    }
    for doc in bits.iter() {
        let period = published.first(doc).map(|at| facets::time_number(request.per, at));
        let group = groups.get(&doc).copied();
        cells.count(0, period, group);
        for ord in column.iter().flat_map(|column| column.term_ords(doc)) {
            if let Some(row) = by_ord.get(&ord) {
                cells.count(*row, period, group);
            }
        }
    }
    Ok(())
}
