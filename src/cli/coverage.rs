//! `despatch coverage`: what came in by period, and what failed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::format::CountFormat;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, ask};
use crate::archive::Archive;
use crate::ask::choice::{Choice, choice, one_of};
use crate::engine::{Engine, Facet, Filters, Series, TimelineRequest, TimelineResponse, period_name, period_number};
use crate::ingest::IngestError;
use crate::render::export::{Cell, row};
use crate::render::{json, svg, terminal};

/// Shows how much came in by period, from each source or outlet, and when sources failed.
///
/// By source: articles by the day on which the source first named them, and the days on which it was asked and did not
/// answer, or was not asked at all. By outlet: stories by the time of publication.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What has a line of its own
    #[arg(long, value_parser = one_of(BY), default_value = "source")]
    by: By,
    /// The length of a period (UTC)
    #[arg(long, value_parser = one_of(PER), default_value = "day")]
    per: Facet,
    /// Lines to show, those with most first, 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    limit: usize,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = CountFormat::Text)]
    format: CountFormat,
}

/// What has a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// What is followed.
    Source,
    /// Who published it.
    Outlet,
}

const BY: &[Choice<By>] =
    &[choice(&["source"], "What is followed", By::Source), choice(&["outlet"], "Who published it", By::Outlet)];

const PER: &[Choice<Facet>] = &[
    choice(&["day"], "Days", Facet::Day),
    choice(&["week"], "Weeks from Monday (ISO 8601)", Facet::Week),
    choice(&["month"], "Months", Facet::Month),
];

/// One source over the periods.
#[derive(Debug, Default)]
struct Line {
    name: String,
    /// Articles of each period.
    articles: Vec<u64>,
    /// Days of each period on which it answered.
    well: Vec<u64>,
    /// Of these, days on which it failed at other times.
    partly: Vec<u64>,
    /// Days on which it was asked and did not answer.
    failed: Vec<u64>,
    /// Days since it was first asked on which it was not asked.
    silent: Vec<u64>,
    /// The last fault.
    fault: Option<String>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.by == By::Outlet {
        return by_outlet(args, global, out);
    }
    let archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let today = now(global)?.seconds().div_euclid(DAY);
    let (periods, mut lines) = lines(&archive, args.per, today)?;
    if lines.is_empty() {
        out.say("nothing is followed: despatch follow URL; --by outlet shows what else there is");
        return Ok(Outcome::NothingFound);
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.articles.iter().sum::<u64>()));
    if args.limit > 0 {
        lines.truncate(args.limit);
    }
    out.page();
    match args.format {
        CountFormat::Json => as_json(&periods, &lines, out)?,
        CountFormat::Csv => as_csv(&periods, &lines, out)?,
        CountFormat::Text => {
            let style = out.style;
            terminal::coverage(&timeline(periods, &lines), &marks(&lines), &style, out)?;
        }
        CountFormat::Svg => {
            let gaps: Vec<Vec<terminal::Gap>> = marks(&lines).into_iter().map(|(gaps, _)| gaps).collect();
            svg::coverage(&timeline(periods, &lines), &gaps, out)?;
        }
    }
    Ok(Outcome::Done)
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The periods from the first on which a source was asked to today, and each source over them.
fn lines(archive: &Archive, per: Facet, today: i64) -> anyhow::Result<(Vec<String>, Vec<Line>)> {
    let sources = archive.sources().map_err(IngestError::from)?;
    let (asked, came) = (archive.asked().map_err(IngestError::from)?, archive.came().map_err(IngestError::from)?);
    let days = asked.iter().map(|one| one.day).chain(came.iter().map(|one| one.1));
    let first = days.min().unwrap_or(today).min(today);
    let number = |day: i64| period_number(per, day.saturating_mul(DAY));
    let (from, to) = (number(first), number(today));
    let count = usize::try_from(to - from).unwrap_or_default().min(crate::engine::MOST_PERIODS) + 1;
    let from = to - count as i64 + 1;
    let at = |day: i64| usize::try_from(number(day) - from).ok().filter(|at| *at < count);
    let mut out: BTreeMap<u64, (Line, BTreeSet<i64>, i64)> = BTreeMap::new();
    for source in sources {
        let empty = || vec![0; count];
        let line = Line {
            name: source.name,
            articles: empty(),
            well: empty(),
            partly: empty(),
            failed: empty(),
            silent: empty(),
            fault: source.fault,
        };
        let begun = source.started.map_or(today + 1, |at| at.div_euclid(DAY));
        out.insert(source.num, (line, BTreeSet::new(), begun));
    }
    for one in asked {
        if let (Some((line, seen, _)), Some(at)) = (out.get_mut(&one.source), at(one.day)) {
            let kind = if one.well { &mut line.well } else { &mut line.failed };
            kind[at] += 1;
            line.partly[at] += u64::from(one.well && one.fault.is_some());
            seen.insert(one.day);
        }
    }
    for (source, day, articles) in came {
        if let (Some((line, ..)), Some(at)) = (out.get_mut(&source), at(day)) {
            line.articles[at] += articles;
        }
    }
    for (line, seen, begun) in out.values_mut() {
        for day in (*begun).max(first)..=today {
            if let (false, Some(at)) = (seen.contains(&day), at(day)) {
                line.silent[at] += 1;
            }
        }
    }
    let periods = (from..=to).map(|number| period_name(per, number)).collect();
    Ok((periods, out.into_values().map(|(line, ..)| line).collect()))
}

/// The lines as a timeline, which the terminal and the picture know how to draw.
fn timeline(periods: Vec<String>, lines: &[Line]) -> TimelineResponse {
    let all: Vec<u64> = (0..periods.len()).map(|at| lines.iter().map(|line| line.articles[at]).sum()).collect();
    let series = lines.iter().map(|line| Series {
        value: line.name.clone(),
        label: line.name.clone(),
        unlisted: false,
        total: line.articles.iter().sum(),
        counts: line.articles.clone(),
    });
    let total = all.iter().sum();
    TimelineResponse { total, copies: total, periods, series: series.collect(), all, ..TimelineResponse::default() }
}

/// For each line and period, whether the source failed there or was not asked.
fn marks(lines: &[Line]) -> Vec<(Vec<terminal::Gap>, String)> {
    let of = |line: &Line| {
        let gaps = (0..line.well.len()).map(|at| match (line.well[at], line.failed[at], line.silent[at]) {
            (0, 0, 0) => terminal::Gap::Before,
            (_, 0, 0) if line.partly[at] == 0 => terminal::Gap::None,
            (0, 0, _) => terminal::Gap::Silent,
            (0, ..) => terminal::Gap::Failed,
            _ => terminal::Gap::Partly,
        });
        let [partly, failed, silent] = [&line.partly, &line.failed, &line.silent].map(|days| days.iter().sum());
        let days = |count: u64, what: &str| {
            (count > 0).then(|| format!("{what} on {}", crate::number::number_of(count, "day")))
        };
        let counts = [days(failed, "failed"), days(partly, "failed at times"), days(silent, "not asked")];
        let told = counts.into_iter().chain([line.fault.clone()]);
        (gaps.collect(), told.flatten().collect::<Vec<_>>().join(", "))
    };
    lines.iter().map(of).collect()
}

fn as_json(periods: &[String], lines: &[Line], out: &mut Output) -> std::io::Result<()> {
    writeln!(out, "{}", serde_json::json!({"type": "header", "format": 1, "by": "source", "periods": periods}))?;
    for line in lines {
        let line = serde_json::json!({
            "type": "coverage", "source": line.name, "articles": line.articles, "well": line.well,
            "partly": line.partly, "failed": line.failed, "silent": line.silent, "fault": line.fault,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn as_csv(periods: &[String], lines: &[Line], out: &mut Output) -> std::io::Result<()> {
    let head = ["source", "period", "articles", "well", "failed", "silent"];
    row(&head.map(|name| Cell::Text(name.to_owned())), out)?;
    for line in lines {
        for (at, period) in periods.iter().enumerate() {
            let numbers = [line.articles[at], line.well[at], line.failed[at], line.silent[at]].map(Cell::number);
            let cells = [&[Cell::text(Some(&line.name)), Cell::text(Some(period))][..], &numbers].concat();
            row(&cells, out)?;
        }
    }
    Ok(())
}

fn by_outlet(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let request = TimelineRequest {
        query: String::new(),
        filters: Filters::default(),
        by: Some(Facet::Outlet),
        per: args.per,
        limit: args.limit,
        below: None,
        all_copies: false,
        now: now(global)?,
    };
    let response = ask(global, "", |engine| engine.timeline(&request))?;
    out.begin(&response.notes, args.format == CountFormat::Json);
    let style = out.style;
    match args.format {
        CountFormat::Text => terminal::timeline(&response, false, &style, out)?,
        CountFormat::Json => json::timeline(&response, out)?,
        CountFormat::Csv => crate::render::table::timeline(&response, out)?,
        CountFormat::Svg => svg::timeline(&response, "", false, out)?,
    }
    Ok(if response.total == 0 { Outcome::NothingFound } else { Outcome::Done })
}
