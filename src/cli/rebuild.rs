//! `despatch rebuild`: rebuilds the index from its archive.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::backend::{BackendArgs, Update};
use super::index::{doubtful, progress};
use super::inputs::LimitArgs;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, headings, interrupt};
use crate::ingest::{self, Extracted, Ingest};
use crate::number::number_of;

/// Rebuilds the index from its archive, or the articles from their inputs.
///
/// The files that the articles came from are not needed. Where only the headings have changed (--authority), articles
/// that contain none of the changed names, titles and rules stay as they are.
///
/// With --backend, the index on the cluster is brought up to the archive; --all makes the whole index again, beside the old one.
///
/// With --extract, the inputs are read and extracted again by this version of the program, where they still are as they
/// were: what comes out otherwise becomes a new version of the same article, and the older one is kept. Paths count from
/// the folder where `index` ran. An article whose input is gone or has changed stays as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Wait this long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Rebuild everything, even where only headings have changed
    #[arg(long)]
    all: bool,
    /// Extract every article again from its input, where that is still there and unchanged
    #[arg(long, conflicts_with = "all")]
    extract: bool,
    #[command(flatten)]
    backend: BackendArgs,
    /// Make the whole index on a cluster again, in this many parts
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    shards: Option<u32>,
    #[command(flatten)]
    limits: LimitArgs,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.extract {
        return extract_again(args, global, out);
    }
    #[cfg(feature = "cluster")]
    let shards = args.shards;
    #[cfg(not(feature = "cluster"))]
    let shards: Option<u32> = None;
    anyhow::ensure!(
        shards.is_none() || !args.backend.is_local(),
        "--shards is of an index on a cluster: name it with --backend"
    );
    let how = Update { whole: args.all || shards.is_some(), shards, wait: args.wait };
    if let Some(refused) = args.backend.bring_up(how, global, out)? {
        return Ok(if refused == 0 { Outcome::Done } else { Outcome::PartlyFailed });
    }
    interrupt::reassure();
    let start = Instant::now();
    let bar = if out.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let wait = Duration::from_secs(args.wait);
    let mut progress = |done| {
        bar.set_message(number_of(done, "article"));
        bar.tick();
    };
    let authority = headings::of_index_from_now(global)?;
    let renewed = if args.all {
        let all = ingest::rebuild(&global.index, authority, wait, &mut progress)?;
        ingest::Renewed { again: all, all }
    } else {
        ingest::renew(&global.index, authority, wait, &mut progress)?
    };
    bar.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    if renewed.again == renewed.all {
        writeln!(out, "{} indexed from the archive in {seconds:.1} s", number_of(renewed.all, "article"))?;
    } else {
        let ingest::Renewed { again, all } = renewed;
        writeln!(
            out,
            "{again} of {} tagged again in {seconds:.1} s; the changed headings cannot touch the others",
            number_of(all, "article")
        )?;
    }
    Ok(Outcome::Done)
}

/// Extracts every article again from its input, and says what came of it.
fn extract_again(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let job = Ingest {
        source: args.limits.options(),
        wait: Duration::from_secs(args.wait),
        limits: args.limits.limits(),
        ..Ingest::new(&global.index, [], now(global)?)
    };
    let authority = headings::of_index_from_now(global)?;
    let start = Instant::now();
    let done = progress(out, |event| ingest::extract_again(&job, authority, event))?;
    let Extracted { report, altered, gone } = done;
    if !out.is_quiet() {
        writeln!(
            out,
            "{} extracted again in {:.1} s: {} changed, {} unchanged, {} failed",
            number_of(report.total(), "article"),
            start.elapsed().as_secs_f64(),
            report.changed,
            report.unchanged,
            report.failed,
        )?;
        if altered + gone > 0 {
            writeln!(out, "left as they are: {altered} with a changed input, {gone} with none")?;
        }
        doubtful(&report, out)?;
    }
    if altered > 0 {
        out.hint("a changed input is taken in by `despatch index`");
    }
    if gone > 0 {
        out.hint("a relative path is looked for from this folder: run the command where `despatch index` ran");
    }
    Ok(if report.failed > 0 { Outcome::PartlyFailed } else { Outcome::Done })
}
