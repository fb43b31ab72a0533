//! `despatch names`: the values that filters take here.

use std::io::Write;

use super::choice::{Choice, choice, one_of};
use super::format::CountFormat;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, ask, say_nothing_found};
use crate::engine::{Engine, Facet, FacetCount, FacetRequest};
use crate::render::{clean, doubted, grouped, json, table};

/// Lists the names that filters take, with how many stories each has.
///
/// Topics, outlets, languages, places, actors, systems and kinds of actor of this index, most frequent first. The second
/// column is what --topic, --outlet, --lang, --place, --actor, --system and --below take.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to list
    #[arg(value_parser = one_of(NAMES))]
    what: Named,
    /// Only names that contain this text
    text: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = CountFormat::Text)]
    format: CountFormat,
}

/// A facet, and how many levels of its hierarchy are listed; 0 for all.
type Named = (Facet, usize);

const NAMES: &[Choice<Named>] = &[
    choice(&["topic", "topics"], "Topics", (Facet::Topic, 0)),
    choice(&["outlet", "outlets"], "Outlets", (Facet::Outlet, 0)),
    choice(&["lang", "language", "languages"], "Languages", (Facet::Language, 0)),
    choice(&["kind", "kinds"], "Kinds of actor", (Facet::Actor, 1)),
    choice(&["place", "places"], "Places of the dateline", (Facet::Place, 0)),
    choice(&["actor", "actors"], "Actors", (Facet::Actor, 0)),
    choice(&["system", "systems"], "Weapon systems and programmes", (Facet::System, 0)),
    choice(&["affiliation", "affiliations"], "States to which actors belong", (Facet::Affiliation, 0)),
];

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.format == CountFormat::Svg {
        anyhow::bail!("names have no picture: `despatch facets --format svg` draws counts");
    }
    let (facet, levels) = args.what;
    let request = FacetRequest { limit: 0, levels, ..FacetRequest::new("", vec![facet], now(global)?) };
    let mut response = ask(global, "", |engine| engine.facets(&request))?;
    let wanted = args.text.as_deref().unwrap_or_default().to_lowercase();
    let fits =
        |count: &FacetCount| [&count.value, &count.label].iter().any(|name| name.to_lowercase().contains(&wanted));
    response.counts.values_mut().for_each(|counts| counts.retain(fits));
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
