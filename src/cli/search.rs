//! `despatch search`: ranked articles with their best passages.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::backend::BackendArgs;
use super::format::{HIT_FORMATS, HitFormat, field, write};
use super::output::Output;
use super::request::{asked, now};
use super::{Global, Outcome, say_empty, say_nothing_found, say_uncovered};
use crate::article::Moment;
use crate::article::path_bytes;
use crate::ask::choice::one_of;
use crate::ask::{Asked, SearchArgs, words};
use crate::engine::{SearchRequest, SearchResponse};
use crate::number::number_of;
use crate::render::export::Field;
use crate::render::{json, terminal};

/// Finds articles, with their best passages.
///
/// Words match in any inflection and spelling; +word must occur, -word must not; "quoted words" are a phrase; =WORD is
/// taken exactly as written; AND, OR, NOT and brackets combine; actor:NAME, title:WORD and other fields narrow.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ask: SearchArgs,
    #[command(flatten)]
    backend: BackendArgs,
    /// Print the score of each article
    #[arg(long)]
    score: bool,
    /// Print only how many stories match
    #[arg(long)]
    count: bool,
    /// Answer each line of this file as a query ("-" for standard input), as JSON; a bad one is reported in its place
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "count"])]
    batch: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_parser = one_of(HIT_FORMATS), default_value = "text")]
    format: HitFormat,
    /// Print only these fields: tab-separated in text, as columns of CSV, in JSON
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = field(), conflicts_with_all = ["count", "batch"])]
    fields: Vec<Field>,
    /// Print only the files that the articles came from, each once
    #[arg(long, conflicts_with_all = ["fields", "format", "count", "batch"])]
    paths_only: bool,
    /// End each path with a zero byte, for xargs -0
    #[arg(short = '0', long, requires = "paths_only")]
    null: bool,
}

impl Args {
    fn request(&self, asked: &Asked, now: Moment) -> anyhow::Result<SearchRequest> {
        let mut request = self.ask.request(asked, now)?;
        if self.count {
            request.limit = 0;
        }
        if self.paths_only {
            request.passages = 0;
        }
        Ok(request)
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    if !args.fields.is_empty() && !args.format.has_fields() {
        bail!("--fields works with text, csv and json only: the fields of the other formats are fixed");
    }
    let now = now(global)?;
    if let Some(path) = &args.batch {
        if !matches!(args.format, HitFormat::Text | HitFormat::Json) {
            bail!("--batch answers in JSON only: leave out --format, or write --format json");
        }
        return batch(path, args, now, global, out);
    }
    let asked = asked(&args.ask.query, &args.ask.filters, global)?;
    warn_of_numbers(args, out);
    let request = args.request(&asked, now)?;
    let response = args.backend.ask(global, &asked.query, |engine| engine.search(&request))?;
    if response.total == 0 && args.format == HitFormat::Text && args.fields.is_empty() && !args.count {
        say_nothing_found(global, out);
        say_uncovered(global, &request.filters, &now, out);
    }
    if response.total == 0 && (args.count || !args.fields.is_empty() || args.format.form().is_some()) {
        say_empty(global, out);
    }
    print(&response, args, start.elapsed(), out)?;
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}

/// Says of a number after `--score` that it is a word of the query: the option takes none.
fn warn_of_numbers(args: &Args, out: &Output) {
    let number = std::env::args().skip_while(|argument| argument != "--score").nth(1);
    let number = number.filter(|number| args.score && number.parse::<f64>().is_ok() && args.ask.query.contains(number));
    if let Some(number) = number {
        out.note(&format!("--score takes no number: '{number}' is a word of the query"));
    }
}

/// Answers the queries of a file, one a line, over one open index.
fn batch(path: &Path, args: &Args, now: Moment, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let file: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
    };
    let mut engine = args.backend.engine(global)?;
    let (mut failed, mut found) = (false, false);
    for (number, line) in (1..).zip(file.split(b'\n')) {
        let line = line.with_context(|| path.display().to_string())?;
        let query = String::from_utf8_lossy(&line).trim().to_owned();
        if query.is_empty() {
            continue;
        }
        let asked = match asked(&words(&query), &args.ask.filters, global) {
            Ok(asked) => asked,
            Err(error) => {
                failed = true;
                json::refused(number, &query, &format!("{error:#}"), out)?;
                continue;
            }
        };
        match engine.search(&args.request(&asked, now)?) {
            Ok(response) => {
                found |= response.total > 0;
                json::answer(number, &query, &response, out)?;
            }
            Err(error) if error.is_of_query() => {
                failed = true;
                json::refusal(number, &query, &error, out)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(match (failed, found) {
        (true, _) => Outcome::PartlyFailed,
        (false, true) => Outcome::Done,
        (false, false) => Outcome::NothingFound,
    })
}

fn print(response: &SearchResponse, args: &Args, took: Duration, out: &mut Output) -> anyhow::Result<()> {
    let fields = !args.fields.is_empty();
    let whole = args.format == HitFormat::Json && !fields;
    out.begin(&response.notes, whole);
    if whole {
        json::search(response, out)?;
        return Ok(());
    }
    if args.count {
        hints(response, out);
        writeln!(out, "{}", response.total)?;
    } else if args.paths_only {
        say_rest(response, args, out);
        paths(response, args.null, out)?;
    } else if fields || args.format.form().is_some() {
        say_rest(response, args, out);
        write(&response.hits, args.format, &args.fields, out)?;
    } else {
        text(response, args, took, out)?;
    }
    Ok(())
}

/// Says how much of the answer is left out, where the form of the output has no place for it.
fn say_rest(response: &SearchResponse, args: &Args, out: &Output) {
    let (shown, total) = (response.hits.len() as u64, response.total);
    let counted = if args.ask.all_copies { "article" } else { "story" };
    if shown + (args.ask.offset as u64) < total {
        out.note(&format!("{shown} of {}; --all writes all", number_of(total, counted)));
    }
}

/// Prints what would find something, where nothing was found.
fn hints(response: &SearchResponse, out: &Output) {
    for suggestion in &response.suggestions {
        out.hint(suggestion);
    }
    for clause in &response.emptied_by {
        out.hint(&format!("without {} {}", clause.clause, terminal::articles(clause.articles)));
    }
}

/// Prints the response as text.
fn text(response: &SearchResponse, args: &Args, took: Duration, out: &mut Output) -> anyhow::Result<()> {
    let style = out.style;
    if let Some(explanation) = &response.explanation {
        terminal::explanation(&response.understood, explanation, &style, out)?;
    }
    hints(response, out);
    if let Some(days) = args.ask.recency {
        out.note(&format!("newer articles rank higher: half of each score decays with age, halving every {days} days"));
    }
    let took = Some(took).filter(|_| out.terminal);
    let view = terminal::View {
        offset: args.ask.offset,
        took,
        scores: args.score,
        all_copies: args.ask.all_copies,
        legend: out.terminal,
    };
    Ok(terminal::search(response, &view, &style, out)?)
}

/// Prints the files of the hits, best first, each once. Articles read from standard input have no file.
fn paths(response: &SearchResponse, null: bool, out: &mut Output) -> anyhow::Result<()> {
    let end: &[u8] = if null { b"\0" } else { b"\n" };
    let mut seen = HashSet::new();
    let paths = response.hits.iter().filter_map(|hit| hit.place.as_ref()).map(|place| place.path.as_str());
    for path in paths.filter(|path| *path != "-" && seen.insert(*path)) {
        out.write_all(&path_bytes(path))?;
        out.write_all(end)?;
    }
    let without = response.hits.iter().filter(|hit| hit.place.as_ref().is_none_or(|place| place.path == "-")).count();
    if without > 0 {
        out.note(&format!("{} came from no file", number_of(without as u64, "article")));
    }
    Ok(())
}
