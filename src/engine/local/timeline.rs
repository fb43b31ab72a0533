//! Counts of articles by the values of a facet over time.

use std::collections::{HashMap, HashSet};

use super::collapse::{Once, stories};
use super::collection::Collection;
use super::doc_set::{DocSet, total};
use super::facets::most_frequent;
use super::level;
use super::matches::Matches;
use crate::archive::GroupNum;
use crate::engine::error::EngineError;
use crate::engine::period::{self, MOST_PERIODS};
use crate::engine::request::{Facet, TimelineRequest};
use crate::engine::response::{FacetCount, Series, TimelineResponse};
use crate::fence;

/// Cells of a timeline: row 0 is all articles, the values follow.
#[derive(Default)]
struct Cells {
    counts: HashMap<(usize, i64), u64>,
    seen: HashSet<(GroupNum, usize, Option<i64>)>,
    undated: u64,
}

impl Cells {
    /// Counts an article in a row; one of several copies only where none was counted there.
    fn count(&mut self, row: usize, period: Option<i64>, group: Option<GroupNum>) {
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

/// Counts articles over time.
pub(super) fn timeline(
    collection: &Collection<'_>,
    request: &TimelineRequest,
) -> Result<TimelineResponse, EngineError> {
    level::check(collection, request.by, request.below.as_deref())?;
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let answers = matches.answers(collection, &request.filters, None)?;
    let (reach, found) = (answers.reach(collection, request.all_copies)?, answers.counted);
    let total_stories = stories(collection, &found, request.all_copies)?;
    let below = request.below.as_deref();
    let rows = match request.by {
        Some(facet) => most_frequent(collection, facet, below, &found, request.all_copies, request.limit)?,
        None => Vec::new(),
    };
    let once = Once::new(collection, &found, request.all_copies)?;
    let mut cells = Cells::default();
    for (number, found) in found.iter().enumerate() {
        fill(collection, number, found, request, &rows, &once.copies(number), &mut cells)?;
    }
    let ends = cells.ends().filter(|(first, last)| last.saturating_sub(*first) < MOST_PERIODS as i64);
    let mut notes = matches.notes().to_vec();
    notes.extend(reach.and_then(|reach| reach.note(total_stories, request.all_copies)));
    if ends.is_none() && cells.ends().is_some() {
        notes.push(format!("there are more than {MOST_PERIODS} periods: narrow with --since, or take longer ones"));
    }
    let line = |row| ends.map(|ends| cells.row(row, ends)).unwrap_or_default();
    let series = rows.into_iter().zip(1..).map(|(count, row)| {
        let FacetCount { value, label, count, unlisted, .. } = count;
        Series { value, label, unlisted, total: count, counts: line(row) }
    });
    Ok(TimelineResponse {
        total: total_stories,
        reach,
        copies: total(&found),
        periods: ends.map(|(a, b)| (a..=b).map(|n| period::name(request.per, n)).collect()).unwrap_or_default(),
        all: line(0),
        undated: cells.undated,
        gaps: Vec::new(),
        series: series.collect(),
        understood: matches.understood,
        notes,
    })
}

/// Counts a segment's articles.
fn fill(
    collection: &Collection<'_>,
    number: usize,
    found: &DocSet,
    request: &TimelineRequest,
    rows: &[FacetCount],
    groups: &HashMap<u32, GroupNum>,
    cells: &mut Cells,
) -> Result<(), EngineError> {
    let published = collection.published(number)?;
    let field = request.by.filter(|_| !rows.is_empty()).and_then(Facet::field);
    let column =
        field.map(|field| collection.index().values(number, collection.value_field(field))).transpose()?.flatten();
    let mut by_ord: HashMap<u64, usize> = HashMap::new();
    if let Some(column) = &column {
        for (row, count) in rows.iter().enumerate() {
            by_ord.extend(column.dictionary().term_ord(count.value.as_bytes())?.map(|ord| (ord, row + 1)));
        }
    }
    for doc in found.iter() {
        fence::check();
        let period = published.first(doc).map(|at| period::number(request.per, at));
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
