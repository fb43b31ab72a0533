//! `despatch names`: the values that filters take here.

use std::io::Write;

use super::format::CountFormat;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, ask, say_nothing_found};
use crate::ask::NamesArgs;
use crate::engine::{Engine, FacetCount};
use crate::render::{clean, doubted, grouped, json, table};

/// Lists the names that filters take, with how many stories each has.
///
/// Topics, outlets, languages, places, actors, systems and kinds of actor of this index, most frequent first. The second
/// column is what --topic, --outlet, --lang, --place, --actor, --system and --below take.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ask: NamesArgs,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = CountFormat::Text)]
    format: CountFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.format == CountFormat::Svg {
        anyhow::bail!("names have no picture: `despatch facets --format svg` draws counts");
    }
    let request = args.ask.request(now(global)?);
    let mut response = ask(global, "", |engine| engine.facets(&request))?;
    args.ask.narrow(&mut response);
    out.begin(&response.notes, args.format == CountFormat::Json);
    let empty = response.counts.values().all(Vec::is_empty);
    match args.format {
        CountFormat::Json => json::facets(&response, out)?,
        CountFormat::Csv => table::facets(&response, out)?,
        _ if empty => say_nothing_found(global, out),
        _ => response.counts.values().flatten().try_for_each(|count| line(count, out))?,
    }
    Ok(if empty { Outcome::NothingFound } else { Outcome::Done })
}

/// `12  person/keir-starmer  Keir Starmer`: its stories, what a filter takes, its label where that says more.
fn line(count: &FacetCount, out: &mut Output) -> std::io::Result<()> {
    let said = count.label == count.value || count.label.is_empty();
    let label = if said { String::new() } else { format!("  {}", doubted(&count.label, count.unlisted)) };
    writeln!(out, "{:>7}  {}{}", grouped(count.count), clean(&count.value), out.style.paint("2", &label))
}
