//! `despatch extract`: what the program sees in documents, without an index.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::inputs::{InputArgs, nothing_in};
use super::output::Output;
use super::{Global, Outcome, headings};
use crate::analysis::words;
use crate::article::Article;
use crate::event::{self, Events};
use crate::extract;
use crate::quote::{self, Quotes};
use crate::render::json;
use crate::source;
use crate::tag::{Tagger, Tags};

/// Prints what the program sees in documents, without an index.
///
/// Prints a JSON object a line: one article with its mentions, its topics, and who said what. No index is needed or changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Form of the output: there is no other
    #[arg(long, value_parser = ["json", "jsonl"], hide_possible_values = true, value_name = "json")]
    format: Option<String>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    let mut tagger = Tagger::new(authority);
    let limits = args.input.limits();
    let (mut printed, mut failed) = (0, 0);
    let mut result = Ok(());
    let paths = args.input.paths()?;
    source::read(&paths, &args.input.options()?, &mut |found| {
        let document = match found {
            Ok(document) => Arc::new(document),
            Err(error) => {
                out.warn(&error.to_string());
                failed += 1;
                return ControlFlow::Continue(());
            }
        };
        match extract::article_within(&document, &limits) {
            Ok(article) => match extract::work_within(&document, &limits, || read(&mut tagger, &article)) {
                Ok((tags, quotes, events)) => {
                    printed += 1;
                    result = json::extracted(&article, &document.place, &tags, (&quotes, &events), authority, out);
                }
                Err(error) => {
                    out.warn(&error.to_string());
                    tagger = Tagger::new(authority);
                    failed += 1;
                }
            },
            Err(error) => {
                out.warn(&error.to_string());
                failed += 1;
            }
        }
        if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    result?;
    if printed + failed == 0 {
        out.note(&nothing_in(&paths));
    }
    Ok(match (printed, failed) {
        (_, 1..) => Outcome::PartlyFailed,
        (0, 0) => Outcome::NothingFound,
        _ => Outcome::Done,
    })
}

/// The actors and topics of an article, who said what, and what was done with systems.
fn read(tagger: &mut Tagger, article: &Article) -> (Tags, Quotes, Events) {
    let (title, text) = (words(&article.title), words(&article.text));
    let tags = tagger.tag_words(article, &title, &text);
    let quotes = quote::quotes_of_words(article, &tags, &title, &text);
    let events = event::events_of_words(article, &tags, &title, &text);
    (tags, quotes, events)
}
