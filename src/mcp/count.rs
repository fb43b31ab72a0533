//! The tool `count`.

use super::answer::{Answer, Fact, Record};
use super::arguments::Arguments;
use super::desk::Desk;
use super::fence;
use super::refusal::Refusal;
use crate::ask::choice::{FACETS, PERIODS};
use crate::ask::{FacetsArgs, TimelineArgs};
use crate::engine::{Engine, Facet, FacetCount, FacetResponse, FacetRest, Filters, Series, TimelineResponse};

/// Counts in the table of a timeline, at most.
const CELLS: usize = 2000;
/// Counts by facets, at most.
const VALUES: usize = 200;

pub(super) fn count(desk: &mut Desk<'_, '_>, mut arguments: Arguments) -> Result<Answer, Refusal> {
    let limit = arguments.number("limit", 1..=100)?.unwrap_or(10);
    if !arguments.has("per") {
        return by_facets(desk, arguments.question()?, limit);
    }
    if arguments.has("sort") {
        return Err(Refusal::new("'sort' does not go with per."));
    }
    arguments.default("by", "all");
    over_time(desk, arguments.question()?, limit)
}

/// Nothing was found.
fn nothing(desk: &mut Desk<'_, '_>, query: &str, filters: &Filters, head: Record) -> Result<Answer, Refusal> {
    Ok(Answer { head: desk.why_nothing(query, filters, head)?, ..Answer::default() })
}

fn by_facets(desk: &mut Desk<'_, '_>, args: FacetsArgs, limit: usize) -> Result<Answer, Refusal> {
    if let Some(time) = args.by.iter().find(|facet| facet.is_time()) {
        return Err(Refusal::new(format!("Time is not for by: count with per '{}'.", name(*time))));
    }
    if args.by.len() * limit > VALUES {
        return Err(Refusal::new(format!(
            "These would be more than {VALUES} counts: lower limit, or fewer values of by."
        )));
    }
    let asked = desk.asked(&args.query, &args.filters)?;
    let request = FacetsArgs { limit, ..args }.request(&asked, desk.now)?;
    let found = desk.engine.facets(&request)?;
    let FacetResponse { total, copies, understood, notes, counts, rest, .. } = &found;
    let head = head(*total, *copies, understood, notes);
    if *total == 0 {
        return nothing(desk, &request.query, &request.filters, head);
    }
    let of = |record: Record, (facet, counts): (&Facet, &Vec<FacetCount>)| {
        record.with(name(*facet), counts.iter().map(value).collect::<Vec<_>>())
    };
    let left = |record: Record, (facet, rest): (&Facet, &FacetRest)| {
        let told =
            Record::new().with_some("values", rest.values).with("count", rest.count).with("without", rest.without);
        record.with(name(*facet), told)
    };
    Ok(Answer {
        head: head.with("rest", rest.iter().fold(Record::new(), left)),
        quoted: Record::new().with("counts", counts.iter().fold(Record::new(), of)),
        ..Answer::default()
    })
}

fn over_time(desk: &mut Desk<'_, '_>, args: TimelineArgs, limit: usize) -> Result<Answer, Refusal> {
    let asked = desk.asked(&args.query, &args.filters)?;
    let request = TimelineArgs { limit, ..args }.request(&asked, desk.now)?;
    let found = desk.engine.timeline(&request)?;
    let TimelineResponse { total, copies, understood, notes, periods, all, undated, series, .. } = &found;
    if periods.len() * (series.len() + 1) > CELLS {
        return Err(Refusal::new(format!(
            "These would be {} periods. Take a longer per, or narrow with since and until.",
            periods.len()
        )));
    }
    let head = head(*total, *copies, understood, notes).with("undated", *undated);
    if *total == 0 {
        return nothing(desk, &request.query, &request.filters, head);
    }
    let period = |(period, count): (&String, &u64)| Record::new().with("period", period.as_str()).with("count", *count);
    let line = |one: &Series| {
        Record::new()
            .with("value", one.value.as_str())
            .with("label", Fact::Line(fence::short(&one.label)))
            .with("total", one.total)
            .with("counts", one.counts.clone())
    };
    Ok(Answer {
        head: head.with("periods", periods.iter().zip(all).map(period).collect::<Vec<_>>()),
        quoted: Record::new().with_any("series", series.iter().map(line).collect()),
        ..Answer::default()
    })
}

fn head(total: u64, copies: u64, understood: &str, notes: &[String]) -> Record {
    let head = Record::new().with("total", total).with("copies", copies).with("query", understood);
    head.with_any("notes", notes.to_vec())
}

fn value(one: &FacetCount) -> Record {
    Record::new()
        .with("value", one.value.as_str())
        .with("label", Fact::Line(fence::short(&one.label)))
        .with("count", one.count)
        .with_some("surprise", one.surprise)
}

/// What a facet is called.
fn name(facet: Facet) -> &'static str {
    let named = FACETS.iter().chain(PERIODS).find(|one| one.value == facet);
    named.and_then(|one| one.names.first().copied()).unwrap_or_default()
}
