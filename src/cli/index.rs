//! `despatch index`: articles into archive and index.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::backend::{BackendArgs, Update};
use super::inputs::{InputArgs, nothing_in};
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, headings, interrupt};
use crate::authority::Authority;
use crate::directory::{DirectoryError, unfinished};
use crate::ingest::{self, Event, Ingest, IngestError, Report};
use crate::number::number_of;

/// Reads articles into the index.
///
/// HTML, PDF, Word, plain text, Markdown, JSON and JSON Lines, feeds (RSS, Atom, JSON Feed), WARC and WACZ, e-mail, mbox and MHTML, each
/// also within gzip, zstd, bzip2, zip and tar. The content of a file decides how it is read, not its name. What was
/// read before and has not changed is skipped.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Wait this long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Take in again what `remove` or `purge` took out
    #[arg(long)]
    readmit: bool,
    #[command(flatten)]
    backend: BackendArgs,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    args.backend.reach(global)?;
    let job = Ingest {
        dir: global.index.clone(),
        inputs: args.input.paths()?,
        now: now(global)?,
        source: args.input.options()?,
        wait: Duration::from_secs(args.wait),
        readmit: args.readmit,
        limits: args.input.limits(),
        goes_on: false,
        local: args.backend.is_local(),
    };
    let (authority, run) = (headings::of_index_from_now(global)?, args.input.named());
    // Where the note cannot be written, the run cannot write either, and says so.
    let is_new = unfinished::begin(&job.dir, &run).unwrap_or(false);
    let report = ingest_with_progress(&job, authority, out);
    // A run that never began, because another process writes, is none that was interrupted; the other may have its name.
    let locked = |error: &anyhow::Error| {
        let error = error.downcast_ref::<IngestError>();
        is_new && matches!(error, Some(IngestError::Directory(DirectoryError::Locked { .. })))
    };
    if report.as_ref().map_or_else(locked, |_| true) {
        unfinished::end(&job.dir, &run).with_context(|| job.dir.join(unfinished::FILE).display().to_string())?;
    }
    let report = report?;
    let how = Update { whole: false, shards: None, wait: args.wait };
    let refused = args.backend.bring_up(how, global, out)?.unwrap_or(0);
    Ok(if report.failed > 0 || refused > 0 { Outcome::PartlyFailed } else { Outcome::Done })
}

/// Ingests, draws progress, names bad documents and prints the summary.
pub(super) fn ingest_with_progress(job: &Ingest, authority: &Authority, out: &mut Output) -> anyhow::Result<Report> {
    let start = Instant::now();
    let report = progress(out, |event| ingest::run(job, authority, event))?;
    if out.is_quiet() {
        return Ok(report);
    }
    if report.removed > 0 {
        out.note(&format!("{} skipped: taken out before; --readmit takes them in again", report.removed));
    }
    if report.total() == 0 {
        out.note(&nothing_in(&job.inputs));
    }
    let seconds = start.elapsed().as_secs_f64();
    writeln!(
        out,
        "{} new, {} changed, {} unchanged, {} failed ({:.1} MB of text in {seconds:.1} s)",
        report.new,
        report.changed,
        report.unchanged,
        report.failed,
        report.text as f64 / 1e6,
    )?;
    doubtful(&report, out)?;
    Ok(report)
}

/// Runs `work`, draws its progress and names bad documents.
pub(super) fn progress<T>(
    out: &Output,
    work: impl FnOnce(&mut dyn FnMut(Event<'_>)) -> Result<T, IngestError>,
) -> Result<T, IngestError> {
    let bar = if out.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    interrupt::reassure();
    let done = work(&mut |event| match event {
        Event::Unread(error) => bar.suspend(|| out.warn(&error.to_string())),
        Event::Empty(error) => bar.suspend(|| out.warn(&error.to_string())),
        Event::Done(report) => {
            bar.set_message(number_of(report.total(), "article"));
            bar.tick();
        }
    })?;
    bar.finish_and_clear();
    Ok(done)
}

/// Says how many of the new and changed articles are doubtful, and what lists them; nothing where none is.
pub(super) fn doubtful(report: &Report, out: &mut Output) -> std::io::Result<()> {
    if report.doubtful == 0 {
        return Ok(());
    }
    writeln!(out, "{} doubtful: despatch doctor --doubtful", report.doubtful)
}
