//! `despatch pairs`: actors that appear together.

use anyhow::bail;
use clap::ValueEnum;

use super::choice::{PAIR_ORDERS, PERIODS, one_of};
use super::output::Output;
use super::request::{Asked, FilterArgs, asked, now};
use super::{Global, Outcome, ask, say_nothing_found};
use crate::engine::{Engine, Facet, PairSort, PairsRequest};
use crate::render::{json, table, terminal};

/// Counts the actors that appear together.
///
/// Prints how many stories mention both in one passage, how many would if the two were mentioned independently of each
/// other, and the ratio of these two numbers.
///
/// --actor narrows the pairs, not the articles: one of the two is that actor. Given twice, it names both. The other
/// filters and the query choose the articles.
///
/// With --spoken a pair is a speaker and somebody whom one of his statements mentions; --said then names the speakers, and
/// --below those who are spoken of.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The query; without one, all articles that pass the filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    filters: FilterArgs,
    /// Count who speaks of whom
    #[arg(long)]
    spoken: bool,
    /// Count by time too (UTC)
    #[arg(long, value_parser = one_of(PERIODS), value_name = "TIME")]
    by: Option<Facet>,
    /// Pairs to print, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Leave out pairs that occur in fewer stories
    #[arg(long, value_name = "N", default_value_t = 1)]
    least: u64,
    /// The order of the pairs
    #[arg(long, value_parser = one_of(PAIR_ORDERS), default_value = "count")]
    sort: PairSort,
    /// Only actors below this: person, body, company ...; with --actor, the other one
    #[arg(long, value_name = "PREFIX")]
    below: Option<String>,
    /// Count every copy of a story
    #[arg(long)]
    all_copies: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = PairFormat::Text)]
    format: PairFormat,
}

/// Form of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PairFormat {
    /// For people
    Text,
    /// JSON Lines
    #[value(alias = "jsonl")]
    Json,
    /// A table for spreadsheets (UTF-8, with a head)
    Csv,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let Asked { query, filters } = asked(&args.query, &args.filters, global)?;
    let mut filters = filters.filters(&now)?;
    let actors = std::mem::take(&mut filters.actor);
    if actors.len() > 2 {
        bail!("--actor is given {} times, but a pair has two sides; separate alternatives by commas", actors.len());
    }
    if filters.min_mentions > 1 {
        bail!("--min-mentions does not apply to pairs");
    }
    let request = PairsRequest {
        query: query.clone(),
        filters,
        actors,
        below: args.below.clone(),
        spoken: args.spoken,
        per: args.by,
        least: args.least,
        sort: args.sort,
        limit: args.limit,
        all_copies: args.all_copies,
        now,
    };
    let response = ask(global, &query, |engine| engine.pairs(&request))?;
    out.begin(&response.notes, args.format == PairFormat::Json);
    let style = out.style;
    if response.total == 0 && args.format == PairFormat::Text {
        say_nothing_found(global, out);
        return Ok(Outcome::NothingFound);
    }
    match args.format {
        PairFormat::Text => terminal::pairs(&response, args.all_copies, &style, out)?,
        PairFormat::Json => json::pairs(&response, out)?,
        PairFormat::Csv => table::pairs(&response, out)?,
    }
    Ok(if response.pairs.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}
