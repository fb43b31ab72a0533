//! `despatch verify`: checks that every file is as it was written.

use std::io::Write;
use std::time::{Duration, Instant};

use super::backend::BackendArgs;
use super::format::Format;
use super::output::Output;
use super::{Global, Outcome, headings};
use crate::article::visible;
use crate::directory;
use crate::number::number_of;
use crate::verify::{self, Mend, Report};

/// Checks every byte of the index directory, and that archive and index agree.
///
/// Prints each fault with its file and what mends it. The exit code is 2 if there is any. With --backend, the index on the
/// cluster is compared with the archive too.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Wait this long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    backend: BackendArgs,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let mut report = check(global, Duration::from_secs(args.wait))?;
    args.backend.verify(global, Duration::from_secs(args.wait), &mut report)?;
    let seconds = start.elapsed().as_secs_f64();
    if args.format == Format::Json {
        json(&report, out)?;
    } else {
        text(&report, seconds, out)?;
    }
    Ok(if report.faults.is_empty() { Outcome::Done } else { Outcome::PartlyFailed })
}

/// Checks the index directory, including its headings.
pub(super) fn check(global: &Global, wait: Duration) -> anyhow::Result<Report> {
    // Looked at first: reading the headings compiles a damaged file again.
    let damaged = directory::headings::damaged(&global.index);
    let authority = headings::of_index(global);
    let mut report = verify::verify(&global.index, authority.as_ref().ok().copied(), wait)?;
    match &authority {
        Err(error) => report.fault(directory::headings::TEXT, format!("{error:#}"), Mend::Headings),
        Ok(_) => {
            if let Some(file) = damaged {
                report.fault(file, "has another checksum than it was written with", Mend::Rebuild);
            }
        }
    }
    Ok(report)
}

fn text(report: &Report, seconds: f64, out: &mut Output) -> anyhow::Result<()> {
    for fault in &report.faults {
        writeln!(out, "{}: {}", visible(&fault.file), visible(&fault.what))?;
    }
    for note in &report.notes {
        out.note(note);
    }
    let checked = report.versions.versions + report.versions.damaged;
    let (versions, articles) = (number_of(checked, "version"), number_of(report.indexed, "article"));
    let mut sum = format!("{versions}, {articles} indexed, {}", number_of(report.segments, "segment"));
    if let Some(there) = report.on_cluster {
        sum.push_str(&format!(", {} on the cluster", number_of(there, "article")));
    }
    match report.faults.len() {
        0 if out.is_quiet() => {}
        0 => writeln!(out, "no fault found: {sum} ({seconds:.1} s)")?,
        some => writeln!(out, "{}: {sum} ({seconds:.1} s)", number_of(some as u64, "fault"))?,
    }
    let mut mends: Vec<Mend> = report.faults.iter().map(|fault| fault.mend).collect();
    mends.sort_unstable();
    mends.dedup();
    mends.iter().for_each(|mend| out.hint(mend.advice()));
    Ok(())
}

fn json(report: &Report, out: &mut Output) -> anyhow::Result<()> {
    let mut header = serde_json::json!({
        "type": "header", "format": 1, "faults": report.faults.len(), "versions": report.versions.versions,
        "damaged_versions": report.versions.damaged, "indexed": report.indexed, "segments": report.segments,
        "notes": report.notes,
    });
    if let Some(there) = report.on_cluster {
        header["on_cluster"] = there.into();
    }
    writeln!(out, "{header}")?;
    for fault in &report.faults {
        let line =
            serde_json::json!({"type": "fault", "file": fault.file, "what": fault.what, "mend": fault.mend.advice()});
        writeln!(out, "{line}")?;
    }
    Ok(())
}
