//! `despatch following`: what is followed, and how it does.

use std::io::Write;

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::fetch::{answer, failure, options};
use super::output::Output;
use super::{Global, Outcome};
use crate::archive::following::{Pause, Source};
use crate::archive::{Archive, ArchiveError};
use crate::fetch::{self, Options, State, opml, state};
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::render::export::{Cell, row};
use crate::render::{clean, short};

/// Lists what is followed, and how it does.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only these sources, by name or address
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only those that failed the last time or are blocked, gone or quiet
    #[arg(long)]
    failing: bool,
    /// Only those that are due
    #[arg(long)]
    due: bool,
    /// Only those that are not asked
    #[arg(long)]
    paused: bool,
    /// Ask this source no more, until --resume
    #[arg(long, value_name = "NAME", conflicts_with_all = ["resume", "accept_move"])]
    pause: Option<String>,
    /// Ask this source again
    #[arg(long, value_name = "NAME", conflicts_with = "accept_move")]
    resume: Option<String>,
    /// Take the address to which this source says that it has moved
    #[arg(long, value_name = "NAME")]
    accept_move: Option<String>,
    /// Wait this long for another process that writes
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// Form of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// JSON Lines
    Json,
    /// A table for spreadsheets (UTF-8, with a head)
    Csv,
    /// For feed readers
    Opml,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let options = options(global, args.wait)?;
    let archive = match Archive::open(&global.index) {
        Err(ArchiveError::Missing(_)) => return Ok(nothing(out)),
        other => other.map_err(IngestError::from)?,
    };
    let all = archive.sources().map_err(IngestError::from)?;
    if changes(args, &options, &all)? {
        return Ok(Outcome::Done);
    }
    let now = options.now.seconds();
    let mut shown = Vec::new();
    for name in &args.names {
        shown.push(fetch::find(&all, name).map_err(failure)?.clone());
    }
    if args.names.is_empty() {
        shown.clone_from(&all);
    }
    shown.retain(|source| {
        let state = state(source, now);
        let failing = matches!(state, State::Slow | State::Failing | State::Blocked | State::Gone | State::Quiet);
        (!args.failing || failing)
            && (!args.due || (source.next <= now && state != State::Paused))
            && (!args.paused || matches!(state, State::Paused | State::Gone))
    });
    match args.format {
        Form::Opml => write!(out, "{}", opml::write(&shown))?,
        Form::Json => json(&archive, &shown, now, out)?,
        Form::Csv => csv(&shown, now, out)?,
        Form::Text if all.is_empty() => return Ok(nothing(out)),
        Form::Text => text(&archive, &shown, now, &global.settings.time_zone(), out)?,
    }
    Ok(if shown.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

fn nothing(out: &Output) -> Outcome {
    out.say("nothing is followed: despatch follow URL");
    Outcome::NothingFound
}

/// Does what the options ask for; whether they ask for anything.
fn changes(args: &Args, options: &Options, all: &[Source]) -> anyhow::Result<bool> {
    let (called, change): (&String, fn(&mut Source, i64)) = match (&args.pause, &args.resume, &args.accept_move) {
        (Some(name), ..) => (name, |source, _| source.paused = Some(Pause::User)),
        (_, Some(name), _) => (name, |source, now| (source.paused, source.next) = (None, now)),
        (.., Some(name)) => (name, |source, now| {
            if let Some(moved) = source.moved_to.take() {
                (source.url, source.moved_at, source.etag, source.modified) = (moved, None, None, None);
                source.next = now;
            }
        }),
        _ => return Ok(false),
    };
    let mut source = fetch::find(all, called).map_err(failure)?.clone();
    if args.accept_move.is_some() && source.moved_to.is_none() {
        anyhow::bail!("{} does not say that it has moved", source.name);
    }
    change(&mut source, options.now.seconds());
    fetch::keep(options, &source).map_err(failure)?;
    Ok(true)
}

/// An instant, as JSON has it.
fn instant(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|at| at.to_string())
}

/// Items a day since the source was followed; `None` on the first day.
fn per_day(source: &Source, now: i64) -> Option<f64> {
    let days = (now - source.started?) as f64 / 86_400.0;
    (days >= 1.0).then(|| (source.items_seen as f64 / days * 10.0).round() / 10.0)
}

fn validators(source: &Source) -> &'static str {
    match (&source.etag, &source.modified) {
        _ if source.distrusted => "distrusted",
        (Some(_), Some(_)) => "both",
        (Some(_), None) => "etag",
        (None, Some(_)) => "date",
        (None, None) => "none",
    }
}

fn json(archive: &Archive, sources: &[Source], now: i64, out: &mut Output) -> anyhow::Result<()> {
    writeln!(out, "{}", serde_json::json!({"type": "header", "format": 1, "sources": sources.len()}))?;
    for source in sources {
        let held = archive.held(source.num).map_err(IngestError::from)?;
        let held: serde_json::Map<String, serde_json::Value> =
            held.into_iter().map(|(why, count)| (why, count.into())).collect();
        let retried = archive.retried(source.num).map_err(IngestError::from)?;
        let retried: serde_json::Map<String, serde_json::Value> =
            retried.into_iter().map(|(status, count)| (status.to_string(), count.into())).collect();
        let line = serde_json::json!({
            "type": "source", "name": source.name, "url": source.url, "kind": source.kind.name(),
            "title": source.title, "outlet": source.outlet, "state": state(source, now).name(),
            "last_try": source.last_try.and_then(instant), "last_success": source.last_success.and_then(instant),
            "last_new": source.last_new.and_then(instant), "next": instant(source.next),
            "failures": source.failures, "since": source.since.and_then(instant), "fault": source.fault,
            "http_status": source.status, "validators": validators(source), "moved_to": source.moved_to,
            "items_seen": source.items_seen, "per_day": per_day(source, now), "overlap": source.overlap,
            "hub": source.hub, "held": held, "retried": retried, "offers": source.offers,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn csv(sources: &[Source], now: i64, out: &mut Output) -> std::io::Result<()> {
    let head = ["name", "url", "kind", "state", "last_success", "last_new", "next", "failures", "fault", "items_seen"];
    row(&head.map(|name| Cell::Text(name.to_owned())), out)?;
    for source in sources {
        let cells = [
            Cell::text(Some(&source.name)),
            Cell::text(Some(&source.url)),
            Cell::text(Some(source.kind.name())),
            Cell::text(Some(state(source, now).name())),
            Cell::text(source.last_success.and_then(instant)),
            Cell::text(source.last_new.and_then(instant)),
            Cell::text(instant(source.next)),
            Cell::number(source.failures),
            Cell::text(source.fault.as_deref()),
            Cell::number(source.items_seen),
        ];
        row(&cells, out)?;
    }
    Ok(())
}

fn text(archive: &Archive, sources: &[Source], now: i64, zone: &TimeZone, out: &mut Output) -> anyhow::Result<()> {
    out.page();
    let wide = sources.iter().map(|source| source.name.chars().count()).max().unwrap_or_default();
    let time = |at: i64| {
        let at = Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    };
    for source in sources {
        let state = state(source, now);
        let mut parts = vec![source.kind.name().to_owned(), number_of(source.items_seen, "item")];
        parts.extend(per_day(source, now).map(|count| format!("{count} a day")));
        parts.push(source.last_success.map_or("never answered".to_owned(), |at| format!("answered {}", time(at))));
        parts.push(if source.next <= now { "due".to_owned() } else { format!("next {}", time(source.next)) });
        writeln!(out, "{:<wide$}  {:<7}  {}", clean(&source.name), state.name(), parts.join(", "))?;
        let mut further = vec![source.url.clone()];
        if let Some(fault) = &source.fault {
            let since = source.since.map(|at| format!(", since {}", time(at))).unwrap_or_default();
            further.push(format!("{}{since}{}", short(fault), patience(source)));
        }
        if let Some(moved) = &source.moved_to {
            further
                .push(format!("says that it has moved to {moved}: despatch following --accept-move {}", source.name));
        }
        if let Some(hint) = hint(source, state) {
            further.push(hint);
        }
        let held = archive.held(source.num).map_err(IngestError::from)?;
        let held: Vec<String> = held.iter().map(|(why, count)| format!("{count} ({why})")).collect();
        if !held.is_empty() {
            further.push(format!("kept as summaries: {}", held.join(", ")));
        }
        let retried = archive.retried(source.num).map_err(IngestError::from)?;
        if !retried.is_empty() {
            let reasons: Vec<String> =
                retried.iter().map(|(status, count)| format!("{count} ({})", answer(*status))).collect();
            further.push(format!("pages that are asked again: {}", reasons.join(", ")));
        }
        for offer in &source.offers {
            further.push(format!("its site names another feed: despatch follow {offer}"));
        }
        for line in further {
            writeln!(out, "{:wide$}  {}", "", clean(&line))?;
        }
    }
    Ok(())
}

/// How a source that failed several times is asked now; nothing of one that is not asked at all.
fn patience(source: &Source) -> String {
    let wait = source.last_try.map_or(0, |at| source.next - at);
    if source.failures < 2 || source.paused.is_some() || wait <= 0 {
        return String::new();
    }
    let span = match wait {
        ..7200 => number_of(wait.unsigned_abs() / 60, "minute"),
        7200..172_800 => number_of(wait.unsigned_abs() / 3600, "hour"),
        _ => number_of(wait.unsigned_abs() / 86_400, "day"),
    };
    format!("; {} times in a row, so it is asked again only after {span}", source.failures)
}

/// What to type about a source that does not do well.
fn hint(source: &Source, state: State) -> Option<String> {
    let name = &source.name;
    match state {
        State::Paused => Some(format!("ask it again: despatch following --resume {name}")),
        State::Failing | State::Blocked | State::Gone => {
            Some(format!("try it now: despatch fetch --now {name}; or give it up: despatch unfollow {name}"))
        }
        State::Quiet => Some("it has had nothing new for much longer than usual: has it moved?".to_owned()),
        State::New | State::Well | State::Slow => None,
    }
}
