//! `despatch demo`: the articles that come with the program, indexed and searched.

use std::io::Write;
use std::path::PathBuf;

use super::index::ingest_with_progress;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome};
use crate::authority::Authority;
use crate::corpus;
use crate::directory::DEMO;
use crate::engine::{Engine, Facet, FacetRequest, LocalEngine, SearchRequest};
use crate::ingest::Ingest;
use crate::render::terminal;

/// Indexes the articles that come with the program, and searches them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to put articles and index [default: a folder in the index directory]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// The query of the demo.
const QUERY: &str = "UK SAFE talks";

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let home = args.dir.clone().unwrap_or_else(|| global.index.join(DEMO));
    let articles = home.join("corpus");
    corpus::unpack(&articles)?;
    let dir = home.join("index");
    writeln!(out, "$ despatch index {} --index {}", articles.display(), dir.display())?;
    let now = now(global)?;
    ingest_with_progress(&Ingest::new(&dir, [articles], now), Authority::bundled(), out)?;
    let mut engine = LocalEngine::open(&dir)?;
    let style = out.style;
    writeln!(out, "\n$ despatch search '{QUERY}' -n 3")?;
    let request = SearchRequest { limit: 3, ..SearchRequest::new(QUERY, now) };
    terminal::search(&engine.search(&request)?, &terminal::View::default(), &style, out)?;
    writeln!(out, "\n$ despatch facets '{QUERY}' --by actor -n 10")?;
    let request = FacetRequest { limit: 10, ..FacetRequest::new(QUERY, vec![Facet::Actor], now) };
    terminal::facets(&engine.facets(&request)?, false, &style, out)?;
    writeln!(out, "\nNext, with --index {} or DESPATCH_INDEX={0}:", dir.display())?;
    for next in NEXT {
        writeln!(out, "  despatch {next}")?;
    }
    Ok(Outcome::Done)
}

/// Commands to try next.
const NEXT: [&str; 4] = [
    "search '\"joint procurement\" -fisheries' --actor starmer",
    "search SAFE --affiliation uk --since 2025-11 --format json",
    "facets --by topic,month --actor nato",
    "authority lookup MoD",
];
