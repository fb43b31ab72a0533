//! `despatch rebuild`: rebuilds the index from its archive.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::output::Output;
use super::{Global, Outcome, headings, interrupt};
use crate::ingest;
use crate::number::number_of;

/// Rebuilds the index from its archive.
///
/// The files that the articles came from are not needed. Where only the headings have changed (--authority), articles
/// that contain none of the changed names, titles and rules stay as they are.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Wait this long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Rebuild everything, even where only headings have changed
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
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
