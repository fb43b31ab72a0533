//! `despatch timeline`: counts over time.

use super::choice::{LINES, Line, PERIODS, one_of};
use super::format::CountFormat;
use super::output::Output;
use super::request::{Asked, FilterArgs, asked, now};
use super::{Global, Outcome, ask, say_nothing_found};
use crate::engine::{Engine, Facet, TimelineRequest};
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
    let response = ask(global, &query, |engine| engine.timeline(&request))?;
    out.begin(&response.notes, args.format == CountFormat::Json);
    let style = out.style;
    if response.total == 0 && args.format == CountFormat::Text {
        say_nothing_found(global, out);
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
