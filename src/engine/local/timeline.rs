//! Counts of articles by the values of a facet over time.

use std::collections::{HashMap, HashSet};

use super::collapse::{Once, stories};
use super::collection::Collection;
use super::doc_set::{DocSet, total};
use super::facets::most_frequent;
use super::matches::Matches;
use crate::archive::GroupNum;
use crate::engine::error::EngineError;
use crate::engine::level;
use crate::engine::period;
use crate::engine::request::{Facet, TimelineRequest};
use crate::engine::response::{FacetCount, TimelineResponse};
use crate::engine::timetable::Timetable;
use crate::fence;

/// Counts the cells of a timeline, each story once in a cell.
#[derive(Default)]
struct Cells {
    table: Timetable,
    seen: HashSet<(GroupNum, usize, Option<i64>)>,
}

impl Cells {
    /// Counts an article in a row; one of several copies only where none was counted there.
    fn count(&mut self, row: usize, period: Option<i64>, group: Option<GroupNum>) {
        if group.is_none_or(|group| self.seen.insert((group, row, period))) {
            self.table.add(row, period, 1);
        }
    }
}

/// Counts articles over time.
pub(super) fn timeline(
    collection: &Collection<'_>,
    request: &TimelineRequest,
) -> Result<TimelineResponse, EngineError> {
    level::check(collection, collection.authority, request.by, request.below.as_deref())?;
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
    let mut notes = matches.notes().to_vec();
    notes.extend(reach.and_then(|reach| reach.note(total_stories, request.all_copies)));
    let head = TimelineResponse {
        total: total_stories,
        reach,
        copies: total(&found),
        understood: matches.understood,
        notes,
        ..TimelineResponse::default()
    };
    Ok(cells.table.respond(request.per, rows, head))
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
