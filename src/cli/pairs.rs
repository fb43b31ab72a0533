//! `despatch pairs`: actors that appear together.

use clap::ValueEnum;

use super::backend::BackendArgs;
use super::output::Output;
use super::request::{asked, now};
use super::{Global, Outcome, say_nothing_found};
use crate::ask::PairsArgs;
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
    #[command(flatten)]
    ask: PairsArgs,
    #[command(flatten)]
    backend: BackendArgs,
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
    let asked = asked(&args.ask.query, &args.ask.filters, global)?;
    let request = args.ask.request(&asked, now)?;
    let response = args.backend.ask(global, &asked.query, |engine| engine.pairs(&request))?;
    out.begin(&response.notes, args.format == PairFormat::Json);
    let style = out.style;
    if response.total == 0 && args.format == PairFormat::Text {
        say_nothing_found(global, out);
        return Ok(Outcome::NothingFound);
    }
    match args.format {
        PairFormat::Text => terminal::pairs(&response, args.ask.all_copies, &style, out)?,
        PairFormat::Json => json::pairs(&response, out)?,
        PairFormat::Csv => table::pairs(&response, out)?,
    }
    Ok(if response.pairs.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}
