//! `despatch timeline`: counts over time.

use super::backend::BackendArgs;
use super::format::CountFormat;
use super::output::Output;
use super::request::{asked, now};
use super::{Global, Outcome, say_nothing_found, say_uncovered};
use crate::archive::Archive;
use crate::ask::TimelineArgs;
use crate::ingest::IngestError;
use crate::render::{json, svg, table, terminal};

/// Counts articles over time, by actor, topic and more.
///
/// Prints a line for each value, all over the same periods and on the same scale.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ask: TimelineArgs,
    #[command(flatten)]
    backend: BackendArgs,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = CountFormat::Text)]
    format: CountFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let asked = asked(&args.ask.query, &args.ask.filters, global)?;
    let request = args.ask.request(&asked, now)?;
    let mut response = args.backend.ask(global, &asked.query, |engine| engine.timeline(&request))?;
    let archive = Archive::open(&global.index).map_err(IngestError::from)?;
    args.ask.note_gaps(&mut response, &archive, &now).map_err(IngestError::from)?;
    out.begin(&response.notes, args.format == CountFormat::Json);
    let style = out.style;
    if response.total == 0 && args.format == CountFormat::Text {
        say_nothing_found(global, out);
        say_uncovered(global, &request.filters, &now, out);
    }
    match args.format {
        CountFormat::Text if response.total == 0 => {}
        CountFormat::Text => terminal::timeline(&response, args.ask.all_copies, &style, out)?,
        CountFormat::Json => json::timeline(&response, out)?,
        CountFormat::Csv => table::timeline(&response, out)?,
        CountFormat::Svg => svg::timeline(&response, &asked.filters.typed()?, args.ask.all_copies, out)?,
    }
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}
