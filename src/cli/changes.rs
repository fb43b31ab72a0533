//! `despatch changes`: what outlets changed in articles that they had published.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, bail};
use clap::ValueEnum;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::output::Output;
use super::request::{Asked, FilterArgs, asked, now, with_caret};
use super::{Global, Outcome, open_engine};
use crate::archive::{Archive, ArticleNum, Form, Gone, Version};
use crate::diff::{Change, Kind};
use crate::engine::{Engine, SearchRequest};
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::query::dates;
use crate::render::changes::{self, Numbered, Shown};
use crate::render::clean;
use crate::render::export::markdown_escaped as escaped;

/// Shows what changed in articles after they were first read.
///
/// Words are compared between the versions of an article; layout, typography and the furniture of a page are no change.
/// Printed are changes of three words or more, and those of a number, a name, a negation or of one word for another; the
/// rest is counted. A change is silent where neither a note nor a later date announces it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// An article (identifier or address), @SEARCH or a query; without one, all articles
    #[arg(value_name = "ID|@SEARCH|QUERY")]
    query: Vec<String>,
    /// Stored on this day or later: 2026-03-01, yesterday, "last week"
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only those that no note and no later date announces
    #[arg(long, conflicts_with_all = ["corrections", "gone", "all"])]
    silent: bool,
    /// Only those with a new note, such as a correction, and stories that were taken back
    #[arg(long, conflicts_with_all = ["gone", "all"])]
    corrections: bool,
    /// Only articles whose pages are not there any more
    #[arg(long, conflicts_with = "all")]
    gone: bool,
    /// Small changes, too, and whole texts that took the place of summaries
    #[arg(long)]
    all: bool,
    /// What to print around what changed
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Around::Sentence)]
    context: Around,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = ChangeFormat::Text)]
    format: ChangeFormat,
}

/// What stands around a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Around {
    /// Its sentence
    Sentence,
    /// The whole text
    All,
}

/// Form of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ChangeFormat {
    /// For people
    Text,
    /// Markdown
    Md,
    /// JSON Lines
    Json,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let since = since(args, global)?;
    let mut archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let chosen = chosen(args, global, &mut archive)?;
    let wanted = |num: &ArticleNum| chosen.as_ref().is_none_or(|chosen| chosen.contains(num));
    out.page();
    if args.format == ChangeFormat::Json {
        writeln!(out, "{}", serde_json::json!({"type": "header", "format": 1}))?;
    }
    let zone = global.settings.time_zone();
    let gone: Vec<Gone> = archive.all_gone()?.into_iter().filter(|gone| wanted(&gone.article)).collect();
    let gone: Vec<Gone> =
        gone.into_iter().filter(|gone| gone.last >= since || gone.back.is_some_and(|back| back >= since)).collect();
    let (mut shown, mut small) = (0u64, 0u64);
    if args.gone || args.all {
        for one in &gone {
            write_gone(&mut archive, one, args.format, &zone, out)?;
            shown += 1;
        }
    }
    if !args.gone {
        for num in archive.with_versions(since)?.into_iter().filter(|num| wanted(num)) {
            let versions = archive.history(num)?;
            for pair in (1..versions.len()).rev().filter(|at| versions[*at].stored >= since) {
                let one = compared(&mut archive, &versions, (pair - 1, pair), args.context, &zone)?;
                match is_wanted(args, &one.change) {
                    true => {
                        write(&one, args.format, out)?;
                        shown += 1;
                    }
                    false => small += u64::from(is_small(&one.change)),
                }
            }
        }
    }
    finish(args, (shown, small, gone.len() as u64), out)
}

/// Whether a change is to be printed.
fn is_wanted(args: &Args, change: &Change) -> bool {
    match () {
        () if change.kinds.is_empty() => false,
        () if args.all => true,
        () if args.silent => change.silent && !change.small,
        () if args.corrections => change.correction || change.withdrawn,
        () => !change.small,
    }
}

/// Whether a change is one of the outlet, and counts as small.
fn is_small(change: &Change) -> bool {
    change.small && !change.kinds.is_empty() && !change.kinds.contains(&Kind::Full)
}

/// Says what was left out.
fn finish(args: &Args, (shown, small, gone): (u64, u64, u64), out: &mut Output) -> anyhow::Result<Outcome> {
    let rest = [
        (small > 0 && !args.silent && !args.corrections && !args.gone && !args.all)
            .then(|| format!("{}: --all", number_of(small, "small change"))),
        (gone > 0 && !args.gone && !args.all).then(|| format!("{} gone: --gone", number_of(gone, "article"))),
    ];
    let rest: Vec<String> = rest.into_iter().flatten().collect();
    if shown == 0 {
        let rest = if rest.is_empty() { String::new() } else { format!("; {}", rest.join("; ")) };
        out.say(&format!("nothing changed{rest}"));
        return Ok(Outcome::NothingFound);
    }
    if !rest.is_empty() {
        out.note(&rest.join("; "));
    }
    Ok(Outcome::Done)
}

/// The instant from which on changes are printed.
fn since(args: &Args, global: &Global) -> anyhow::Result<Timestamp> {
    let Some(text) = &args.since else { return Ok(Timestamp::MIN) };
    let span = dates::span(text, &now(global)?).with_context(|| format!("--since {text}"))?;
    Ok(Timestamp::from_second(span.start).unwrap_or(Timestamp::MIN))
}

/// The articles that the user asks for; `None` where all are meant.
fn chosen(args: &Args, global: &Global, archive: &mut Archive) -> anyhow::Result<Option<BTreeSet<ArticleNum>>> {
    let [first, rest @ ..] = args.query.as_slice() else { return Ok(None) };
    if rest.is_empty()
        && is_like_an_id(first)
        && let Ok(stored) = archive.by_id(first)
    {
        return Ok(Some([stored.num].into()));
    }
    let Asked { query, filters } = asked(&args.query, &FilterArgs::default(), global)?;
    let now = now(global)?;
    let request = SearchRequest {
        filters: filters.filters(&now)?,
        limit: usize::MAX,
        passages: 0,
        all_copies: true,
        partial: false,
        ..SearchRequest::new(&query, now)
    };
    let found = open_engine(global)?.rank(&request).map_err(|error| with_caret(error, &query))?;
    let mut chosen = BTreeSet::new();
    for (id, _) in found {
        chosen.insert(archive.by_id(&id)?.num);
    }
    Ok(Some(chosen))
}

/// Whether a word can be the beginning of an identifier or an address, and is no word of a query.
fn is_like_an_id(word: &str) -> bool {
    !word.starts_with('@') && (word.contains("://") || word.contains(|c: char| c.is_ascii_digit()) || word.len() >= 12)
}

/// What changed between two versions of an article, by their places in its history.
pub(super) fn compared(
    archive: &mut Archive,
    versions: &[Version],
    (old, new): (usize, usize),
    context: Around,
    zone: &TimeZone,
) -> anyhow::Result<Shown> {
    let mut numbered = |at: usize| -> anyhow::Result<Numbered> {
        let version = versions.get(at).context("no such version")?;
        let shown = shown_time(version.stored, zone);
        let stored = version.stored.to_string();
        Ok(Numbered { number: at + 1, stored, shown, version: archive.at(version.seq)? })
    };
    let (older, newer) = (numbered(old)?, numbered(new)?);
    let change = Change::between(&older.version.article, &newer.version.article);
    let (before, after) = (&versions[old], &versions[new]);
    let reread = versions[old + 1..=new].iter().all(|version| version.reread);
    // A lower form was replaced by a higher one: another text of the same story.
    let grew = before.form.zip(after.form).is_some_and(|(before, after): (Form, Form)| before < after);
    let change = if (reread || grew) && !change.kinds.is_empty() { change.completed() } else { change };
    Ok(Shown { old: older, new: newer, change, reread, whole: context == Around::All })
}

pub(super) fn shown_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Prints a change.
pub(super) fn write(one: &Shown, format: ChangeFormat, out: &mut Output) -> std::io::Result<()> {
    let style = out.style;
    match format {
        ChangeFormat::Text => changes::text(one, &style, out),
        ChangeFormat::Md => changes::markdown(one, out),
        ChangeFormat::Json => changes::json(one, out),
    }
}

/// Prints an article whose page is or was not there.
fn write_gone(
    archive: &mut Archive,
    gone: &Gone,
    format: ChangeFormat,
    zone: &TimeZone,
    out: &mut Output,
) -> anyhow::Result<()> {
    let stored = archive.by_num(gone.article)?;
    let article = &stored.article;
    if format == ChangeFormat::Json {
        let line = serde_json::json!({
            "type": "gone", "id": stored.id, "title": article.title, "url": article.url, "outlet": article.outlet,
            "first": gone.first.to_string(), "last": gone.last.to_string(), "status": gone.status,
            "back": gone.back.map(|back| back.to_string()),
        });
        return Ok(writeln!(out, "{line}")?);
    }
    let title = if article.title.trim().is_empty() { "(no title)" } else { &article.title };
    let said = gone_line(gone, zone);
    let (title, id) = (clean(title), clean(&stored.id));
    let address = clean(article.url.as_deref().unwrap_or_default()).into_owned();
    match format {
        ChangeFormat::Md => writeln!(out, "* {} ({said}; {id}) {address}", escaped(&title))?,
        _ => writeln!(out, "{title}\n    {said} · {id}\n    {address}\n")?,
    }
    Ok(())
}

/// Since when a page is not there, in words.
pub(super) fn gone_line(gone: &Gone, zone: &TimeZone) -> String {
    let since = shown_time(gone.first, zone);
    match gone.back {
        Some(back) => format!("was gone from {since}, back since {}", shown_time(back, zone)),
        None => format!("gone since {since} ({})", gone.status),
    }
}

/// The two versions that `OLD..NEW` names, as places in a history of so many: numbers from 1. One number is that version
/// and the one before.
pub(super) fn two(text: &str, count: usize) -> anyhow::Result<(usize, usize)> {
    let number = |text: &str| -> anyhow::Result<usize> {
        let number = text.trim().parse::<usize>().ok().filter(|number| (1..=count).contains(number));
        number.with_context(|| format!("no version '{text}': there are {}", number_of(count as u64, "version")))
    };
    let (old, new) = match text.split_once("..") {
        Some((old, new)) => {
            let new = if new.is_empty() { count } else { number(new)? };
            (if old.is_empty() { 1 } else { number(old)? }, new)
        }
        None if text.is_empty() => (count.saturating_sub(1), count),
        None => (number(text)?.saturating_sub(1), number(text)?),
    };
    if old == 0 || old >= new {
        bail!("an older and a newer version are compared: --diff 1..2");
    }
    Ok((old - 1, new - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_named_by_their_numbers() {
        for (text, places) in
            [("", (2, 3)), ("1..2", (0, 1)), ("1..", (0, 3)), ("..3", (0, 2)), ("3", (1, 2)), ("2..4", (1, 3))]
        {
            assert_eq!(two(text, 4).unwrap(), places, "{text}");
        }
        for text in ["0..1", "2..1", "1..5", "x", "1", "2..2", "1...3"] {
            assert!(two(text, 4).is_err(), "{text}");
        }
        assert!(two("", 1).is_err());
    }
}
