//! `despatch similar`: the articles most like a given one.

use super::backend::BackendArgs;
use super::format::{HIT_FORMATS, HitFormat, write};
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, say_nothing_found};
use crate::ask::SimilarArgs;
use crate::ask::choice::one_of;
use crate::render::{json, terminal};

/// Finds the articles most like a given one.
///
/// Compares them by the words that distinguish it from other articles. Copies of its own story are left out.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ask: SimilarArgs,
    #[command(flatten)]
    backend: BackendArgs,
    /// Form of the output
    #[arg(long, value_parser = one_of(HIT_FORMATS), default_value = "text")]
    format: HitFormat,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let request = args.ask.request(now(global)?)?;
    let response = args.backend.engine(global)?.similar(&args.ask.id, &request)?;
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
        let view =
            terminal::View { offset: request.offset, all_copies: request.all_copies, ..terminal::View::default() };
        terminal::search(&response, &view, &style, out)?;
    }
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}
