//! `despatch facets`: counts of articles.

use anyhow::bail;

use super::choice::{FACET_ORDERS, FACETS, one_of};
use super::format::CountFormat;
use super::output::Output;
use super::request::{Asked, FilterArgs, asked, now};
use super::{Global, Outcome, ask, say_nothing_found};
use crate::engine::{Engine, Facet, FacetRequest, FacetSort};
use crate::render::{json, svg, table, terminal};

/// Counts articles by actor, topic, outlet and more.
///
/// Counts among the articles that match the query and all filters; with --all-values a filter on a facet (--actor) does
/// not narrow the counts of that facet (actors).
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The query, or @NAME and words to look for in that saved search; without one, all that pass the filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Facets to count by, comma-separated
    #[arg(long, value_parser = one_of(FACETS), value_delimiter = ',', default_values = ["actor", "topic"])]
    by: Vec<Facet>,
    #[command(flatten)]
    filters: FilterArgs,
    /// Values of each facet, 0 for all; facets of time always have every period
    #[arg(short = 'n', long, value_name = "N", default_value_t = 15)]
    limit: usize,
    /// Only values below this one: person, body, procurement ...
    #[arg(long, value_name = "PREFIX")]
    below: Option<String>,
    /// Levels of the hierarchy: 1 for kinds of actor (person, state ...) or main topics; counted from --below
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    levels: usize,
    /// The order of the values
    #[arg(long, value_parser = one_of(FACET_ORDERS), default_value = "count")]
    sort: FacetSort,
    /// Count by how much the articles are about each actor (headline, lead, mentions, subject), not by stories
    #[arg(long, conflicts_with_all = ["levels", "sort"])]
    weigh: bool,
    /// Let a filter leave the counts of its own facet alone, so that they show the alternatives to it
    #[arg(long)]
    all_values: bool,
    /// Count every copy of a story
    #[arg(long)]
    all_copies: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = CountFormat::Text)]
    format: CountFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.weigh && args.by != [Facet::Actor] {
        bail!("--weigh is about actors: use it with --by actor");
    }
    let now = now(global)?;
    let Asked { query, filters } = asked(&args.query, &args.filters, global)?;
    let request = FacetRequest {
        filters: filters.filters(&now)?,
        limit: args.limit,
        below: args.below.clone(),
        levels: args.levels,
        sort: args.sort,
        weigh: args.weigh,
        all_values: args.all_values,
        all_copies: args.all_copies,
        ..FacetRequest::new(&query, args.by.clone(), now)
    };
    let response = ask(global, &query, |engine| engine.facets(&request))?;
    out.begin(&response.notes, args.format == CountFormat::Json);
    let style = out.style;
    let empty = response.counts.values().all(Vec::is_empty);
    if empty && args.format == CountFormat::Text {
        let below = args.below.as_ref().map(|below| format!(" below {below}")).unwrap_or_default();
        match response.total {
            0 => say_nothing_found(global, out),
            _ => out.say(&format!("nothing to count{below} in what was found")),
        }
    }
    match args.format {
        CountFormat::Text => terminal::facets(&response, args.all_copies, &style, out)?,
        CountFormat::Json => json::facets(&response, out)?,
        CountFormat::Csv => table::facets(&response, out)?,
        CountFormat::Svg => svg::facets(&response, &filters.typed()?, args.all_copies, out)?,
    }
    Ok(if response.total == 0 || empty { Outcome::NothingFound } else { Outcome::Done })
}
