//! `despatch facets`: counts of articles.

use super::backend::BackendArgs;
use super::format::CountFormat;
use super::output::Output;
use super::request::{asked, now};
use super::{Global, Outcome, say_nothing_found};
use crate::ask::FacetsArgs;
use crate::render::{json, svg, table, terminal};

/// Counts articles by actor, topic, outlet and more.
///
/// Counts among the articles that match the query and all filters; with --all-values a filter on a facet (--actor) does
/// not narrow the counts of that facet (actors).
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ask: FacetsArgs,
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
    let response = args.backend.ask(global, &asked.query, |engine| engine.facets(&request))?;
    out.begin(&response.notes, args.format == CountFormat::Json);
    let style = out.style;
    let empty = response.counts.values().all(Vec::is_empty);
    if empty && args.format == CountFormat::Text {
        let below = args.ask.below.as_ref().map(|below| format!(" below {below}")).unwrap_or_default();
        match response.total {
            0 => say_nothing_found(global, out),
            _ => out.say(&format!("nothing to count{below} in what was found")),
        }
    }
    match args.format {
        CountFormat::Text => terminal::facets(&response, args.ask.all_copies, &style, out)?,
        CountFormat::Json => json::facets(&response, out)?,
        CountFormat::Csv => table::facets(&response, out)?,
        CountFormat::Svg => svg::facets(&response, &asked.filters.typed()?, args.ask.all_copies, out)?,
    }
    Ok(if response.total == 0 || empty { Outcome::NothingFound } else { Outcome::Done })
}
