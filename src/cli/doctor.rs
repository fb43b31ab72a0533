//! `despatch doctor`: one screen that says what is here, what is wrong, and what to do.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::output::Output;
use super::stats::size;
use super::verify::check;
use super::{Global, Outcome};
use crate::archive::{self, Archive};
use crate::article::visible;
use crate::directory::{self, checksums};
use crate::number::number_of;
use crate::verify::{Mend, Report};
use crate::{analysis, index};

/// Says in one screen what is here, what is wrong, and what to do.
///
/// Checks the same as `despatch verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// The most faults that are printed, so that the report fits on a screen.
const SHOWN: usize = 8;
/// Columns to which lines are wrapped.
const WIDTH: usize = 100;

pub(super) fn run(_args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let dir = &global.index;
    let mut screen = Screen { out };
    screen.row("program", &versions())?;
    screen.row("directory", &fs::canonicalize(dir).unwrap_or_else(|_| dir.clone()).display().to_string())?;
    if !directory::is_one(dir) {
        screen.line(
            "nothing here yet: run `despatch index PATH...`, or `despatch demo`; --index DIR names another place",
        )?;
        return Ok(Outcome::NothingFound);
    }
    screen.row("archive", &archived(dir))?;
    let headings = if dir.join(directory::headings::TEXT).exists() { "bundled and authority.toml" } else { "bundled" };
    let report = check(global, Duration::ZERO)?;
    let segments = number_of(report.segments, "segment");
    let sum =
        format!("{} in {segments}, {}", number_of(report.indexed, "article"), megabytes(&dir.join(index::FOLDER)));
    screen.row("index", &sum)?;
    screen.row("headings", headings)?;
    screen.row("last run", last_run(dir))?;
    screen.row(
        "checked",
        &format!("{} of articles against their SHA-256", number_of(report.versions.versions, "version")),
    )?;
    screen.findings(&report)?;
    Ok(if report.faults.is_empty() { Outcome::Done } else { Outcome::PartlyFailed })
}

fn versions() -> String {
    format!(
        "despatch {} (archive format {}, index format {}, analysis {})",
        env!("CARGO_PKG_VERSION"),
        archive::FORMAT,
        index::FORMAT,
        analysis::VERSION
    )
}

/// Counts and size of the archive, or why it cannot be read.
fn archived(dir: &Path) -> String {
    let told = || {
        let archive = Archive::open(dir)?;
        let counts = archive.counts()?;
        let last = archive.last_stored()?.map_or_else(String::new, |at| format!(", the last stored {at}"));
        Ok::<_, archive::ArchiveError>(format!(
            "{}, {}, {}, {}{last}",
            number_of(counts.articles, "article"),
            number_of(counts.versions, "version"),
            number_of(counts.places, "place"),
            megabytes(&dir.join(archive::FILE))
        ))
    };
    told().unwrap_or_else(|error| error.to_string())
}

/// How the last writer ended.
fn last_run(dir: &Path) -> &'static str {
    match (dir.join(checksums::FILE).exists(), dir.join(checksums::OPEN).exists()) {
        (true, _) => "came to its end",
        (false, true) => "is under way, or did not come to its end; nothing is lost, the next run goes on",
        (false, false) => "did not come to its end, or was of an older version",
    }
}

/// The size of a file or folder, in megabytes.
fn megabytes(path: &Path) -> String {
    format!("{:.1} MB", size(path) as f64 / 1e6)
}

/// Prints lines wrapped to [`WIDTH`] columns, each on two rows at most.
struct Screen<'a> {
    out: &'a mut Output,
}

impl Screen<'_> {
    fn line(&mut self, text: &str) -> std::io::Result<()> {
        let text = visible(text).to_string();
        for (n, line) in textwrap::wrap(&text, textwrap::Options::new(WIDTH).subsequent_indent("  ")).iter().enumerate()
        {
            // Two rows are enough to recognise a fault; `verify` prints all of it.
            if n < 2 {
                writeln!(self.out, "{line}")?;
            }
        }
        Ok(())
    }

    fn row(&mut self, name: &str, value: &str) -> std::io::Result<()> {
        self.line(&format!("{name:<11}{value}"))
    }

    fn findings(&mut self, report: &Report) -> std::io::Result<()> {
        for note in &report.notes {
            self.row("note", note)?;
        }
        if report.faults.is_empty() {
            return self.line("all is well");
        }
        for fault in report.faults.iter().take(SHOWN) {
            self.row("WRONG", &format!("{}: {}", fault.file, fault.what))?;
        }
        if report.faults.len() > SHOWN {
            let more = number_of((report.faults.len() - SHOWN) as u64, "more fault");
            self.row("WRONG", &format!("and {more}: `despatch verify` names them all"))?;
        }
        let mut mends: Vec<Mend> = report.faults.iter().map(|fault| fault.mend).collect();
        mends.sort_unstable();
        mends.dedup();
        mends.iter().try_for_each(|mend| self.row("do", mend.advice()))
    }
}
