//! Counts of stories by the values of a facet over time.

use serde_json::json;

use super::facets::{every_period, named, over_time, period_counts, period_field, value_counts_of};
use super::matching::{Asked, counted, counting};
use super::remote::Remote;
use super::translate::value_field;
use crate::engine::error::EngineError;
use crate::engine::level::{self, Level};
use crate::engine::request::{Facet, TimelineRequest};
use crate::engine::response::TimelineResponse;
use crate::engine::timetable::Timetable;

pub(super) fn timeline(remote: &Remote<'_>, request: &TimelineRequest) -> Result<TimelineResponse, EngineError> {
    level::check(remote, remote.authority, request.by, request.below.as_deref())?;
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    let answers = asked.answers(remote, None)?;
    let (filter, all_copies) = (&answers.counted, request.all_copies);
    let undated = json!({ "bool": { "must_not": [{ "exists": { "field": "c.published" } }] } });
    let parts = json!({ "t": every_period(period_field(request.per)), "u": counting(&undated) });
    let (facets, level) = (request.by.as_slice(), Level::new(request.below.as_deref(), 0));
    let (all, rows) = value_counts_of(remote, facets, level, filter, parts, all_copies)?;
    let mut rows: Vec<(String, u64)> = rows.into_iter().flat_map(|counts| counts.values).collect();
    if request.limit > 0 {
        rows.truncate(request.limit);
    }
    let mut table = Timetable::default();
    let periods = period_counts(remote, &all["t"], all_copies)?;
    for (period, count) in &periods {
        table.add(0, Some(*period), *count);
    }
    table.add(0, None, counted(&all["u"], all_copies));
    let ids: Vec<&str> = rows.iter().map(|(value, _)| value.as_str()).collect();
    if let Some(field) = request.by.and_then(Facet::field) {
        let (field, per) = (value_field(field), period_field(request.per));
        for (at, period, count) in over_time(remote, filter, (field, &ids), (per, periods.len()), all_copies)? {
            table.add(1 + at, Some(period), count);
        }
    }
    let (total, copies) = (counted(&all, all_copies), counted(&all, true));
    let reach = answers.reach(all_copies);
    let mut notes = asked.notes;
    notes.extend(reach.and_then(|reach| reach.note(total, all_copies)));
    let head = TimelineResponse {
        total,
        copies,
        reach,
        understood: asked.read.to_string(),
        notes,
        ..TimelineResponse::default()
    };
    let rows = match request.by {
        Some(facet) => named(remote, facet, rows)?,
        None => Vec::new(),
    };
    Ok(table.respond(request.per, rows, head))
}
