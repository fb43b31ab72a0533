//! `despatch fetch`: what is due comes in.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

use super::format::Format;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, headings, interrupt};
use crate::archive::Archive;
use crate::fetch::{self, FetchError, Fetched, Line, Options, Report, span};
use crate::number::number_of;
use crate::render::{clean, short};

/// Asks what is followed for what is new, and takes it in.
///
/// Sources are asked when they are due, so it may run every ten minutes (`despatch help keeping-up`). Pages behind items
/// that are only summaries are asked for too, where the robots.txt of their host allows it. What was left the last time
/// comes first. A run that is stopped loses nothing: the next one goes on.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only these sources, by name or address
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Ask sources that are not due yet, too, except where their hosts want to be left alone
    #[arg(long)]
    now: bool,
    /// Print the requests that would be made, in order, and make none
    #[arg(long)]
    dry_run: bool,
    /// Begin no request after this time: 90s, 10m, 1h
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = seconds)]
    max_time: i64,
    /// Pages of one host that are asked for
    #[arg(long, value_name = "N", default_value_t = 50)]
    max_pages: u64,
    /// Ask for no pages
    #[arg(long)]
    no_pages: bool,
    /// Do not ask again for pages whose text is kept
    #[arg(long)]
    no_recheck: bool,
    /// End with 2 after any fault
    #[arg(long)]
    strict: bool,
    /// Wait this long for another process that fetches
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A span of time as an option.
pub(super) fn seconds(text: &str) -> Result<i64, String> {
    match span(text) {
        Some(0) => Err("that is no time at all: at least 1s, as 90s, 30m, 2h or 1d".to_owned()),
        Some(seconds) => Ok(seconds),
        None => Err("a time is written as 90s, 30m, 2h or 1d".to_owned()),
    }
}

/// How to fetch, by the settings.
pub(super) fn options(global: &Global, wait: u64) -> anyhow::Result<Options> {
    let settings = &global.settings;
    let value = |name: &str| settings.value(name).unwrap_or_default();
    let every = match settings.get("fetch-every") {
        Some(setting) => span(value("fetch-every"))
            .filter(|seconds| *seconds > 0)
            .ok_or_else(|| setting.refused("a time: 30m, 2h, 1d"))?,
        None => 3600,
    };
    let private: BTreeSet<String> =
        settings.get("fetch-private").into_iter().flat_map(|setting| setting.values.clone()).collect();
    if let Some(setting) = settings.get("fetch-private")
        && !private.iter().all(|host| host.is_empty() || fetch::is_host(host))
    {
        return Err(setting
            .refused("hosts of yours with their ports: 10.0.0.7:8080, nas:80, archive.alda.example")
            .into());
    }
    let delay = value("fetch-delay").parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok(Options {
        contact: settings.value("contact").map(str::to_owned),
        every,
        delay: delay.unwrap_or(Duration::from_secs(2)),
        private,
        threads: value("fetch-threads").parse::<usize>().unwrap_or(8).clamp(1, 64),
        wait: Duration::from_secs(wait),
        no_proxy: ["no_proxy", "NO_PROXY"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default(),
        proxy: settings.value("fetch-proxy").filter(|proxy| !proxy.trim().is_empty()).map(str::to_owned),
        ..Options::new(&global.index, now(global)?)
    })
}

/// An error of fetching as one that the hints are for.
pub(super) fn failure(error: FetchError) -> anyhow::Error {
    match error {
        FetchError::Ingest(error) => error.into(),
        other => other.into(),
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let options = Options {
        names: args.names.clone(),
        now_all: args.now,
        pages: !args.no_pages,
        rechecks: !args.no_recheck,
        max_pages: usize::try_from(args.max_pages).unwrap_or(usize::MAX),
        max_time: u64::try_from(args.max_time).ok().map(Duration::from_secs),
        ..options(global, args.wait)?
    };
    if args.dry_run {
        for line in fetch::planned(&options).map_err(failure)? {
            writeln!(out, "{}", clean(&line))?;
        }
        return Ok(Outcome::Done);
    }
    if Archive::open(&global.index).is_ok_and(|archive| archive.sources().is_ok_and(|sources| sources.is_empty())) {
        out.say("nothing is followed: despatch follow URL");
        return Ok(Outcome::NothingFound);
    }
    interrupt::reassure();
    interrupt::end_gently(&options.stop);
    let authority = headings::of_index_from_now(global)?;
    let json = args.format == Format::Json;
    if json {
        writeln!(out, "{}", serde_json::json!({"type": "header", "format": 1}))?;
    }
    let mut written = Ok(());
    let report = fetch::fetch(&options, authority, &mut |line| match line {
        Line::Fetched(one) if json && written.is_ok() => written = writeln!(out, "{}", line_of(one)),
        Line::Fetched(_) => {}
        Line::Warning(text) => out.warn(text),
    })
    .map_err(failure)?;
    written?;
    summary(&report, json, out)?;
    let bad = report.became_failing > 0 || (args.strict && (report.faults > 0 || report.no_network));
    Ok(if bad { Outcome::PartlyFailed } else { Outcome::Done })
}

fn line_of(one: &Fetched) -> serde_json::Value {
    let Fetched { source, url, status, outcome, id, bytes, ms, fault } = one;
    serde_json::json!({
        "type": "fetched", "source": source, "url": url, "status": status, "outcome": outcome, "id": id,
        "bytes": bytes, "ms": ms, "fault": fault,
    })
}

/// The sources that failed, each with its fault: three of them.
fn named(faulty: &[(String, String)]) -> String {
    let mut named: Vec<String> =
        faulty.iter().take(3).map(|(name, fault)| short(&format!("{name}: {fault}")).into_owned()).collect();
    if faulty.len() > 3 {
        named.push(format!("{} more: despatch following --failing", faulty.len() - 3));
    }
    if named.is_empty() { String::new() } else { format!(" ({})", named.join("; ")) }
}

/// Reasons in brackets, each with its number where there are several.
fn reasons(by: &BTreeMap<String, u64>) -> String {
    let listed: Vec<String> = match by.len() {
        0 => return String::new(),
        1 => by.keys().cloned().collect(),
        _ => by.iter().map(|(why, count)| format!("{count} {why}")).collect(),
    };
    format!(" ({})", listed.join(", "))
}

/// The answer to a request for a page, by its status.
pub(super) fn answer(status: u16) -> String {
    match status {
        0 => "no answer".to_owned(),
        404 => "404: nothing is there".to_owned(),
        status => status.to_string(),
    }
}

/// Says what the run did.
fn summary(report: &Report, json: bool, out: &mut Output) -> std::io::Result<()> {
    for news in &report.news {
        if report.became_failing > 0 && news.contains(": is failing: ") { out.warn(news) } else { out.note(news) }
    }
    if report.stopped {
        out.note("stopped as it was told to; the next fetch goes on");
    }
    if report.no_network {
        out.note("no source could be reached: there may be no network; nothing is held against them");
    }
    if json {
        let line = serde_json::json!({
            "type": "fetch", "sources": report.sources, "unchanged": report.unchanged, "with_news": report.with_news,
            "failing": report.failing, "waiting": report.waiting, "new": report.new, "changed": report.changed,
            "completed": report.completed, "held": report.held, "held_by": report.held_by,
            "rechecked": report.rechecked, "gone": report.gone,
            "pages_waiting": report.pages_waiting, "no_network": report.no_network,
            "stopped": report.stopped,
        });
        return writeln!(out, "{line}");
    }
    if out.is_quiet() {
        return Ok(());
    }
    let counted = |count: u64, what: &str| (count > 0).then(|| format!("{count} {what}"));
    let sources = [
        Some(format!("{} unchanged", report.unchanged)),
        counted(report.with_news, "with news"),
        counted(report.failing, "failing").map(|failing| format!("{failing}{}", named(&report.faulty))),
        counted(report.waiting, "waiting"),
    ];
    let articles = [
        Some(number_of(report.new, "new article")),
        counted(report.changed, "changed"),
        counted(report.completed, "completed by their pages"),
        counted(report.held, if report.held == 1 { "kept as a summary" } else { "kept as summaries" })
            .map(|held| format!("{held}{}", reasons(&report.held_by))),
        counted(report.gone, "gone"),
    ];
    let again: BTreeMap<String, u64> =
        report.again_by.iter().map(|(status, count)| (answer(*status), *count)).collect();
    let failed =
        counted(again.values().sum(), "asked again later").map(|failed| format!("{failed}{}", reasons(&again)));
    let joined = |parts: &[Option<String>]| parts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
    let pages = [counted(report.pages_waiting, "waiting"), failed];
    let waiting =
        if pages.iter().any(Option::is_some) { format!("; pages: {}", joined(&pages)) } else { String::new() };
    let asked = match report.sources {
        0 => "no source was due".to_owned(),
        count => format!("{}: {}", number_of(count, "source"), joined(&sources)),
    };
    writeln!(out, "{asked}; {}{waiting}", joined(&articles))
}
