//! `despatch search`: ranked articles with their best passages.

use std::io::Write;

use clap::ValueEnum;

use super::output::Output;
use super::request::{FilterArgs, now, query, with_caret};
use super::{Global, Outcome, open_engine};
use crate::engine::{Engine, SearchRequest, SearchResponse, Sort};
use crate::render::{json, terminal};

/// Finds articles.
///
/// Words match in any inflection and spelling; +word must occur, -word must not; "quoted words" are a phrase; =WORD is taken
/// exactly as written; AND, OR, NOT and brackets combine; actor:NAME, title:WORD and other fields narrow.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The query; nothing finds every article that the filters leave
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    filters: FilterArgs,
    /// Articles to print
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Articles to leave out before them
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Passages of each article, at most
    #[arg(long, value_name = "N", default_value_t = 1)]
    passages: usize,
    /// The order of the articles
    #[arg(long, value_enum, default_value_t = Order::Relevance)]
    sort: Order,
    /// Copies of one story as hits of their own
    #[arg(long)]
    all_copies: bool,
    /// Say how the query was understood, how many articles each part matches, and what feedback joined to it
    #[arg(long)]
    explain: bool,
    /// Rank a short query by its own words alone
    #[arg(long)]
    no_feedback: bool,
    /// Print only how many stories match
    #[arg(long)]
    count: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The order of the articles.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Order {
    /// Best first
    Relevance,
    /// Newest first
    Newest,
    /// Oldest first
    Oldest,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// JSON Lines
    Json,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now()?;
    let query = query(&args.query);
    let request = SearchRequest {
        filters: args.filters.filters(&now)?,
        sort: match args.sort {
            Order::Relevance => Sort::Relevance,
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
        },
        limit: if args.count { 0 } else { args.limit },
        offset: args.offset,
        passages: args.passages,
        feedback: !args.no_feedback,
        explain: args.explain,
        all_copies: args.all_copies,
        ..SearchRequest::new(&query, now)
    };
    let response = open_engine(global)?.search(&request).map_err(|error| with_caret(error, &query))?;
    print(&response, args, out)?;
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}

fn print(response: &SearchResponse, args: &Args, out: &mut Output) -> anyhow::Result<()> {
    if args.format == Format::Json {
        json::search(response, out)?;
        return Ok(());
    }
    for note in &response.notes {
        out.note(note);
    }
    if let Some(explanation) = &response.explanation {
        let style = out.style;
        terminal::explanation(&response.understood, explanation, &style, out)?;
    }
    for suggestion in &response.suggestions {
        out.hint(suggestion);
    }
    if args.count {
        writeln!(out, "{}", response.total)?;
    } else {
        let style = out.style;
        terminal::search(response, args.offset, &style, out)?;
    }
    Ok(())
}
