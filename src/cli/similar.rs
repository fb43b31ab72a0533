//! `despatch similar`: the articles most like a given one.

use anyhow::bail;

use super::choice::one_of;
use super::format::{HIT_FORMATS, HitFormat, write};
use super::output::Output;
use super::request::{FilterArgs, now};
use super::{Global, Outcome, open_engine, say_nothing_found};
use crate::engine::{Engine, SearchRequest};
use crate::render::{json, terminal};

/// Finds the articles most like a given one.
///
/// Compares them by the words that distinguish it from other articles. Copies of its own story are left out.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifier, the beginning of one, or the address of the article
    id: String,
    #[command(flatten)]
    filters: FilterArgs,
    /// Articles to print
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Articles to skip before the first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Most passages of each article
    #[arg(long, value_name = "N", default_value_t = 1)]
    passages: usize,
    /// Print every copy of a story as a hit
    #[arg(long)]
    all_copies: bool,
    /// Form of the output
    #[arg(long, value_parser = one_of(HIT_FORMATS), default_value = "text")]
    format: HitFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.filters.chooses_matching() {
        bail!("--match does not apply to similar: it has no words of a query to count");
    }
    let now = now(global)?;
    let request = SearchRequest {
        filters: args.filters.filters(&now)?,
        limit: args.limit,
        offset: args.offset,
        passages: args.passages,
        all_copies: args.all_copies,
        ..SearchRequest::new("", now)
    };
    let response = open_engine(global)?.similar(&args.id, &request)?;
    out.page();
    if args.format == HitFormat::Json {
        json::search(&response, out)?;
    } else if args.format.form().is_some() {
        write(&response.hits, args.format, &[], out)?;
    } else {
        out.note(&format!("looked for: {}", response.understood));
        if response.total == 0 {
            say_nothing_found(global, out);
        }
        let style = out.style;
        let view = terminal::View { offset: args.offset, all_copies: args.all_copies, ..terminal::View::default() };
        terminal::search(&response, &view, &style, out)?;
    }
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}
