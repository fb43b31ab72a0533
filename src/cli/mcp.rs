//! `despatch mcp`: the archive as tools of an assistant.

use anyhow::Context;

use super::output::Output;
use super::request::clock;
use super::{Global, Outcome, headings, help};
use crate::ask::choice::{MATCHES, named};
use crate::mcp::{Page, Server, Setup, serve};
use crate::pool::{Limits, Pool, PoolError};

/// Answers an assistant on standard input and output (Model Context Protocol).
///
/// The assistant's program starts it; `despatch help mcp` has the lines for its settings. Tools: search, read, count,
/// together, quotes, names. It only reads, opens no port and ends when its input does.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Answer in text alone, for assistants that read the structured answers too and so everything twice
    #[arg(long)]
    text_only: bool,
    /// Say from which files articles were read
    #[arg(long)]
    show_paths: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    headings::must_be_of_index(global)?;
    let setup = Setup { text_only: args.text_only, show_paths: args.show_paths, ..setup(global)? };
    let pool = Pool::new(&global.index, Limits::default()).context("starting the engines")?;
    let server = Server::new(pool, setup).map_err(cause)?;
    out.leave();
    serve(server)?;
    Ok(Outcome::Done)
}

/// What assistants get over this index, as the settings have it.
pub(super) fn setup(global: &Global) -> anyhow::Result<Setup> {
    Ok(Setup {
        index: global.index.clone(),
        now: Box::new(clock(global)?),
        matching: global.settings.value("match").and_then(|name| named(MATCHES, name)),
        feedback: global.settings.value("feedback") != Some("false"),
        text_only: false,
        show_paths: false,
        pages: pages(),
    })
}

/// The pages of help.
pub(super) fn pages() -> Vec<Page> {
    help::PAGES.iter().map(|(name, about, text)| Page { name, about, text: help::text(text) }).collect()
}

/// The error for which the command line has a hint.
fn cause(error: PoolError) -> anyhow::Error {
    match error {
        PoolError::Index(error) => (*error).into(),
        PoolError::Engine(error) => error.into(),
        other => other.into(),
    }
}
