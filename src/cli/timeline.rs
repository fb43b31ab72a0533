//! `despatch timeline`: counts over time.

use std::collections::BTreeMap;

use super::choice::{LINES, Line, PERIODS, one_of};
use super::format::CountFormat;
use super::output::Output;
use super::request::{Asked, FilterArgs, asked, now};
use super::{Global, Outcome, ask, say_nothing_found, say_uncovered};
use crate::archive::Archive;
use crate::article::Moment;
use crate::engine::{Engine, Facet, TimelineRequest, period_name, period_number};
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::render::{json, svg, table, terminal};

/// Counts articles over time, by actor, topic and more.
///
/// Prints a line for each value, all over the same periods and on the same scale.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The query; without one, all articles that pass the filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Facet to count by
    #[arg(long, value_parser = one_of(LINES), default_value = "actor")]
    by: Line,
    /// The length of a period (UTC)
    #[arg(long, value_parser = one_of(PERIODS), default_value = "month")]
    per: Facet,
    #[command(flatten)]
    filters: FilterArgs,
    /// Values to show, the most frequent first, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Only values below this: person, body, procurement ...
    #[arg(long, value_name = "PREFIX")]
    below: Option<String>,
    /// Count every copy of a story
    #[arg(long)]
    all_copies: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = CountFormat::Text)]
    format: CountFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let Asked { query, filters } = asked(&args.query, &args.filters, global)?;
    let request = TimelineRequest {
        query: query.clone(),
        filters: filters.filters(&now)?,
        by: args.by,
        per: args.per,
        limit: args.limit,
        below: args.below.clone(),
        all_copies: args.all_copies,
        now,
    };
    let mut response = ask(global, &query, |engine| engine.timeline(&request))?;
    response.gaps = gaps(&response.periods, args.per, global, &now)?;
    response.notes.extend(note(&response.periods, &response.gaps));
    out.begin(&response.notes, args.format == CountFormat::Json);
    let style = out.style;
    if response.total == 0 && args.format == CountFormat::Text {
        say_nothing_found(global, out);
        say_uncovered(global, &request.filters, &now, out);
    }
    match args.format {
        CountFormat::Text if response.total == 0 => {}
        CountFormat::Text => terminal::timeline(&response, args.all_copies, &style, out)?,
        CountFormat::Json => json::timeline(&response, out)?,
        CountFormat::Csv => table::timeline(&response, out)?,
        CountFormat::Svg => svg::timeline(&response, &filters.typed()?, args.all_copies, out)?,
    }
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}

/// Periods that a note names, at most.
const NAMED: usize = 6;

/// The days of each period on which sources failed or were not asked; empty where there is none. A low count there may say
/// nothing of the news.
fn gaps(periods: &[String], per: Facet, global: &Global, now: &Moment) -> anyhow::Result<Vec<u64>> {
    let archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let today = now.seconds().div_euclid(86_400);
    let holes = archive.holes(today).map_err(IngestError::from)?;
    let mut days: BTreeMap<String, u64> = BTreeMap::new();
    for day in holes.days.keys() {
        *days.entry(period_name(per, period_number(per, day.saturating_mul(86_400)))).or_default() += 1;
    }
    let gaps: Vec<u64> = periods.iter().map(|period| days.get(period).copied().unwrap_or_default()).collect();
    Ok(if gaps.iter().all(|days| *days == 0) { Vec::new() } else { gaps })
}

/// A note on the periods with gaps.
fn note(periods: &[String], gaps: &[u64]) -> Option<String> {
    let found: Vec<(&String, u64)> = periods.iter().zip(gaps.iter().copied()).filter(|(_, days)| *days > 0).collect();
    if found.is_empty() {
        return None;
    }
    let named: Vec<String> =
        found.iter().take(NAMED).map(|(period, days)| format!("{period} ({})", number_of(*days, "day"))).collect();
    let more = if found.len() > NAMED { format!(" and {} more", found.len() - NAMED) } else { String::new() };
    Some(format!("sources failed or were not asked in {}{more}: despatch coverage", named.join(", ")))
}
