//! `despatch doctor`: one screen that says what is here, what is wrong, and what to do; and the articles in doubt.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::backend::BackendArgs;
use super::output::Output;
use super::request::now;
use super::stats::size;
use super::verify::check;
use super::{Global, Outcome};
use crate::archive::telling::{Digest, DigestState, TRIES};
use crate::archive::{self, Archive};
use crate::article::visible;
use crate::directory::{self, checksums};
use crate::engine::{Filters, SearchRequest};
use crate::number::number_of;
use crate::render::clean;
use crate::verify::{Mend, Report};
use crate::{analysis, index};

/// Says in one screen what is here, what is wrong, and what to do.
///
/// Checks the same as `despatch verify`; with --backend, the cluster too. With --doubtful, it lists instead the articles
/// whose text may not be the whole story, or not the story alone.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// List the articles whose text is doubtful, with the reasons and the place of each
    #[arg(long)]
    doubtful: bool,
    #[command(flatten)]
    backend: BackendArgs,
}

/// The most faults that are printed, so that the report fits on a screen.
const SHOWN: usize = 8;
/// Columns to which lines are wrapped.
const WIDTH: usize = 100;

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.doubtful {
        return doubtful(args, global, out);
    }
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
    let headings = headings_of(dir);
    let mut report = check(global, Duration::ZERO)?;
    let reached = args.backend.verify(global, Duration::ZERO, &mut report).and_then(|()| args.backend.health(global));
    let folder = dir.join(index::FOLDER);
    let articles = number_of(report.indexed, "article");
    let sum = match args.backend.is_local() || folder.exists() {
        true => format!("{articles} in {}, {}", number_of(report.segments, "segment"), megabytes(&folder)),
        false => "none on this machine".to_owned(),
    };
    screen.row("index", &sum)?;
    let fed = Archive::open(dir).and_then(|archive| Ok((archive.fed()?, archive.last_seq()?)));
    let (clusters, last) = fed.unwrap_or_default();
    for (cluster, upto) in clusters {
        let lags = if upto < last { ", lags: `despatch rebuild --backend URL` brings it up" } else { "" };
        screen.row("cluster", &format!("{cluster}, brought up to version {upto} of {last}{lags}"))?;
    }
    match &reached {
        Ok(health) => health.iter().try_for_each(|health| screen.row("backend", health))?,
        Err(error) => screen.row("backend", &format!("{error:#}"))?,
    }
    screen.row("headings", &headings)?;
    #[cfg(feature = "fetch")]
    if let Some(row) = followed(dir, now(global)?.seconds()) {
        screen.row("following", &row)?;
    }
    let unfinished = unfinished(dir);
    if unfinished.is_empty() {
        screen.row("last run", last_run(dir))?;
    }
    if let Some((process, true)) = directory::fetcher(dir) {
        screen.row("fetching", &format!("process {process} is under way"))?;
    }
    unfinished.iter().try_for_each(|text| screen.row("unfinished", text))?;
    screen.row(
        "checked",
        &format!("{} of articles against their SHA-256", number_of(report.versions.versions, "version")),
    )?;
    screen.findings(&report, unfinished.is_empty(), reached.is_ok())?;
    let well = report.faults.is_empty() && reached.is_ok();
    Ok(if well { Outcome::Done } else { Outcome::PartlyFailed })
}

/// What was begun and did not come to its end, each with what to type.
fn unfinished(dir: &Path) -> Vec<String> {
    let runs = directory::unfinished::runs(dir).into_iter();
    let runs = runs.map(|run| format!("{run} was interrupted, or is under way: run it again, and it goes on"));
    let fetch = directory::fetcher(dir).filter(|(_, works)| !works);
    let fetch =
        fetch.map(|(process, _)| format!("process {process} was interrupted: `despatch fetch` goes on from there"));
    let digests = Archive::open(dir).and_then(|archive| archive.digests(None)).unwrap_or_default();
    let digests = digests.iter().filter_map(|digest| {
        let Digest { id, mark, tries, .. } = digest;
        match digest.state {
            DigestState::Waiting => Some(format!(
                "digest {id} was not handed over yet ({}): `despatch digest --mark {mark}` does it",
                number_of(*tries, "attempt")
            )),
            DigestState::Stuck => Some(format!(
                "digest {id} was refused {TRIES} times: `despatch digest --again {id}` hands it over, --drop {id} gives it up"
            )),
            DigestState::Done | DigestState::Dropped => None,
        }
    });
    runs.chain(fetch).chain(digests).collect()
}

/// Where the headings come from, how much was decided about names, and whether all of that is in the index.
fn headings_of(dir: &Path) -> String {
    let own = if dir.join(directory::headings::TEXT).exists() { " and authority.toml" } else { "" };
    let decided = directory::headings::decisions(dir).map_or(0, |all| all.len() as u64);
    let decided = if decided > 0 { format!(", {}", number_of(decided, "decision")) } else { String::new() };
    let behind =
        if directory::headings::is_behind(dir) { "; not all in the index yet: `despatch rebuild`" } else { "" };
    format!("bundled{own}{decided}{behind}")
}

/// Lists the doubtful articles: identifier and title, each reason in words, and where the input is.
fn doubtful(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let filters = Filters { doubtful: true, ..Filters::default() };
    let all = SearchRequest {
        filters,
        limit: usize::MAX,
        passages: 0,
        all_copies: true,
        ..SearchRequest::new("", now(global)?)
    };
    let found = args.backend.ask(global, "", |engine| engine.search(&all))?;
    out.page();
    for hit in &found.hits {
        writeln!(out, "{}  {}", hit.id, clean(&hit.title))?;
        for doubt in &hit.doubts {
            writeln!(out, "  {}: {}", doubt.name(), doubt.reason())?;
        }
        if let Some(place) = &hit.place {
            writeln!(out, "  read from {place}")?;
        }
    }
    if found.total == 0 {
        writeln!(out, "no article is doubtful")?;
        return Ok(Outcome::Done);
    }
    writeln!(out, "{}", number_of(found.total, "doubtful article"))?;
    out.hint(
        "`despatch show ID --provenance` shows where the text and each value came from; where a text falls short, \
        `despatch rebuild --extract` extracts all articles again with this version of the program",
    );
    Ok(Outcome::Done)
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

/// What is followed, and how it does; `None` where nothing is.
#[cfg(feature = "fetch")]
fn followed(dir: &Path, now: i64) -> Option<String> {
    let archive = Archive::open(dir).ok()?;
    let sources = archive.sources().ok().filter(|sources| !sources.is_empty())?;
    let mut states = std::collections::BTreeMap::new();
    for source in &sources {
        *states.entry(crate::fetch::state(source, now).name()).or_insert(0u64) += 1;
    }
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let waiting = number_of(archive.pages_waiting().unwrap_or(0), "page");
    Some(format!("{} ({}), {waiting} waiting", number_of(sources.len() as u64, "source"), states.join(", ")))
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

    /// What was found in the files, and whether that is all there is to say: whether each run was finished, and the
    /// cluster could be asked, if there is one.
    fn findings(&mut self, report: &Report, is_finished: bool, is_reached: bool) -> std::io::Result<()> {
        for note in &report.notes {
            self.row("note", note)?;
        }
        if report.faults.is_empty() {
            return self.line(match (is_finished, is_reached) {
                (true, true) => "all is well",
                (_, false) => "no fault in the files; the cluster was not checked",
                (false, _) => "no fault in the files; not all is finished",
            });
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
