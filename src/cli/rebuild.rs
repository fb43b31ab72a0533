//! `despatch rebuild`: the index anew from its archive.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::output::Output;
use super::{Global, Outcome, headings, interrupt};
use crate::ingest;

/// Makes the index anew from its archive.
///
/// The files that the articles came from are not needed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Wait so long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    interrupt::reassure();
    let start = Instant::now();
    let bar = if out.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let wait = Duration::from_secs(args.wait);
    let done = ingest::rebuild(&global.index, headings::of_index_from_now(global)?, wait, &mut |done| {
        bar.set_message(format!("{done} articles"));
        bar.tick();
    })?;
    bar.finish_and_clear();
    writeln!(out, "{done} articles indexed from the archive in {:.1} s", start.elapsed().as_secs_f64())?;
    Ok(Outcome::Done)
}
