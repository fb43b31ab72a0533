//! `despatch quotes`: who said what.

use super::backend::BackendArgs;
use super::format::{HIT_FORMATS, HitFormat};
use super::output::Output;
use super::request::{asked, now};
use super::{Global, Outcome, say_nothing_found, say_uncovered};
use crate::ask::QuotesArgs;
use crate::ask::choice::one_of;
use crate::number::number_of;
use crate::render::export::Form;
use crate::render::{export, statements};

/// Finds statements: who said what, newest first.
///
/// The words of the query must stand in the statement. --said names the speaker: a person, or a state, body or alliance
/// with all who speak for it on the day. The same words in several articles are one statement, as it was published first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ask: QuotesArgs,
    #[command(flatten)]
    backend: BackendArgs,
    /// Form of the output
    #[arg(long, value_parser = one_of(HIT_FORMATS), default_value = "text")]
    format: HitFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let asked = asked(&args.ask.query, &args.ask.filters, global)?;
    let request = args.ask.request(&asked, now)?;
    let response = args.backend.ask(global, &asked.query, |engine| engine.quotes(&request))?;
    out.begin(&response.notes, args.format == HitFormat::Json);
    let style = out.style;
    let nothing = response.statements.is_empty();
    if nothing && args.format == HitFormat::Text {
        say_nothing_found(global, out);
        out.hint("only statements are looked through: `despatch search` finds articles");
        say_uncovered(global, &request.filters, &now, out);
        return Ok(Outcome::NothingFound);
    }
    let shown = response.statements.len() as u64;
    if args.format.form().is_some() && shown < response.total {
        out.note(&format!("{shown} of {}; --limit 0 writes all", number_of(response.total, "statement")));
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
