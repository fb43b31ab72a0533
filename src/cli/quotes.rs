//! `despatch quotes`: who said what.

use super::choice::{ORDERS, one_of};
use super::format::{HIT_FORMATS, HitFormat};
use super::output::Output;
use super::request::{Asked, FilterArgs, asked, now};
use super::{Global, Outcome, ask, say_nothing_found, say_uncovered};
use crate::engine::{Engine, QuotesRequest, Sort};
use crate::render::export::Form;
use crate::render::{export, statements};

/// Finds statements: who said what, newest first.
///
/// The words of the query must stand in the statement. --said names the speaker: a person, or a state, body or alliance
/// with all who speak for it on the day. The same words in several articles are one statement, as it was published first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The words; without any, all statements of the articles that pass the filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    filters: FilterArgs,
    /// Whose statements, as --said
    #[arg(long, value_name = "NAME")]
    by: Vec<String>,
    /// Only statements with the speaker's own words
    #[arg(long)]
    direct: bool,
    /// Leave out what is a guess: who speaks, or that anybody said this
    #[arg(long)]
    certain: bool,
    /// Statements to print, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Statements to skip before the first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// The order: relevance is the most words first
    #[arg(long, value_parser = one_of(ORDERS), default_value = "newest")]
    sort: Sort,
    /// Print the same words for every article that has them
    #[arg(long)]
    all_copies: bool,
    /// Form of the output
    #[arg(long, value_parser = one_of(HIT_FORMATS), default_value = "text")]
    format: HitFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let Asked { query, filters } = asked(&args.query, &args.filters, global)?;
    let mut filters = filters.filters(&now)?;
    filters.said.extend(args.by.iter().cloned());
    let request = QuotesRequest {
        query: query.clone(),
        filters,
        direct: args.direct,
        certain: args.certain,
        sort: args.sort,
        limit: args.limit,
        offset: args.offset,
        all_copies: args.all_copies,
        now,
    };
    let response = ask(global, &query, |engine| engine.quotes(&request))?;
    out.begin(&response.notes, args.format == HitFormat::Json);
    let style = out.style;
    let nothing = response.statements.is_empty();
    if nothing && args.format == HitFormat::Text {
        say_nothing_found(global, out);
        say_uncovered(global, &request.filters, &now, out);
        return Ok(Outcome::NothingFound);
    }
    match args.format {
        HitFormat::Text => statements::text(&response, &style, out)?,
        HitFormat::Json => statements::json(&response, out)?,
        HitFormat::Export(Form::Csv) => statements::csv(&response.statements, out)?,
        HitFormat::Export(Form::Markdown) => statements::markdown(&response.statements, out)?,
        HitFormat::Export(form) => {
            let hits: Vec<_> = response.statements.iter().map(|one| one.hit()).collect();
            export::hits(&hits, form, &[], out)?;
        }
    }
    Ok(if nothing { Outcome::NothingFound } else { Outcome::Done })
}
