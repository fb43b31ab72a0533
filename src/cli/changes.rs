//! `despatch changes`: what outlets changed in articles that they had published.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::ValueEnum;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::output::Output;
use super::request::{asked, now, with_caret};
use super::{Global, Outcome, open_engine};
use crate::archive::telling::{Move, Standing};
use crate::archive::{Archive, ArchiveError, ArticleNum, Form, Gone, Version, VersionSeq};
use crate::ask::{Asked, FilterArgs};
use crate::diff::{Change, Kind};
use crate::directory;
use crate::engine::{Engine, SearchRequest};
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::query::dates;
use crate::render::changes::{self, Numbered, Shown};
use crate::render::export::markdown_escaped as escaped;
use crate::render::{clean, short};
use crate::saved::is_name;

/// Shows what changed in articles after they were first read.
///
/// Words are compared between the versions of an article; layout, typography and the furniture of a page are no change.
/// Printed are changes of three words or more, and those of a number, a name, a negation or of one word for another; the
/// rest is counted. A change is silent where neither a note nor a later date announces it.
///
/// With --mark only what was not printed before under that name, for the same query and the same of --silent, --corrections,
/// --gone and --all; the first time, what is at most a week old.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// An article (identifier or address), @SEARCH or a query; without one, all articles
    #[arg(value_name = "ID|@SEARCH|QUERY")]
    query: Vec<String>,
    /// Stored on this day or later: 2026-03-01, yesterday, "last week"
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// What came since this mark was last moved; it moves once all is printed
    #[arg(long, value_name = "NAME", conflicts_with = "since")]
    mark: Option<String>,
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
    /// Wait this long for another process that writes
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
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
    let mut archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let chosen = chosen(args, global, &mut archive)?;
    let wanted = |num: &ArticleNum| chosen.as_ref().is_none_or(|chosen| chosen.contains(num));
    let upto = archive.hold().map_err(IngestError::from)?;
    let scope = scope(args, global, &archive)?;
    out.page();
    if args.format == ChangeFormat::Json {
        writeln!(out, "{}", serde_json::json!({"type": "header", "format": 1}))?;
    }
    let zone = global.settings.time_zone();
    let all_gone: Vec<Gone> = archive.all_gone()?.into_iter().filter(|gone| wanted(&gone.article)).collect();
    let mut gone: Vec<&Gone> = Vec::new();
    for one in &all_gone {
        if scope.has_gone(&archive, one)? {
            gone.push(one);
        }
    }
    let (mut shown, mut small) = (0u64, 0u64);
    if args.gone || args.all {
        for one in &gone {
            write_gone(&mut archive, one, args.format, &zone, out)?;
            shown += 1;
        }
    }
    if !args.gone {
        for num in archive.with_versions(scope.since, scope.after)?.into_iter().filter(|num| wanted(num)) {
            let versions = archive.history(num)?;
            for pair in (1..versions.len()).rev().filter(|at| scope.has(&versions[*at])) {
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
    let outcome = finish(args, (shown, small, gone.len() as u64), out)?;
    out.finish()?; // only what was written to its end counts as known
    drop(archive); // a reader would keep the writer from emptying the log
    if let Some(mark) = scope.mark.filter(|mark| mark.is_new || upto > scope.after || !gone.is_empty()) {
        keep(&mark, (scope.after, upto), &all_gone, args.wait, global)
            .context("the changes were printed, and will be printed again, as this could not be noted")?;
    }
    Ok(outcome)
}

/// From where on changes are printed.
struct Scope {
    /// Stored at this time or later.
    since: Timestamp,
    /// Versions after this one.
    after: VersionSeq,
    mark: Option<Mark>,
}

/// The mark that is to be moved.
struct Mark {
    name: String,
    /// What tells it from the marks of the same name for another query or another choice.
    of: String,
    /// Its number, where it was ever moved.
    num: Option<u64>,
    is_new: bool,
}

impl Scope {
    fn has(&self, version: &Version) -> bool {
        version.stored >= self.since && version.seq > self.after
    }

    /// Whether an article came to be gone, or back, meanwhile.
    fn has_gone(&self, archive: &Archive, gone: &Gone) -> Result<bool, ArchiveError> {
        if let Some(num) = self.mark.as_ref().and_then(|mark| mark.num) {
            return Ok(archive.standing(num, gone.article)? != Some(standing(gone)));
        }
        Ok(gone.last >= self.since || gone.back.is_some_and(|back| back >= self.since))
    }
}

/// As what an article counts that was printed as gone, or as back.
fn standing(gone: &Gone) -> Standing {
    if gone.back.is_none() { Standing::Told } else { Standing::Before }
}

/// Seconds that a new mark goes back.
const WEEK: i64 = 7 * 86_400;

fn scope(args: &Args, global: &Global, archive: &Archive) -> anyhow::Result<Scope> {
    let whole = Scope { since: since(args, global)?, after: VersionSeq::NONE, mark: None };
    let Some(name) = &args.mark else { return Ok(whole) };
    if !is_name(name) {
        bail!("'{}' cannot be the name of a mark: use small letters, digits, - and _", clean(name));
    }
    let kind = [(args.silent, "silent"), (args.corrections, "corrections"), (args.gone, "gone"), (args.all, "all")];
    let kind = kind.iter().find(|(is, _)| *is).map_or("most", |(_, kind)| kind);
    // The words of a query could be those of an article that is purged.
    let query = crate::archive::digest(args.query.join(" ").as_bytes());
    let query: String = query.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let of = format!("=changes {kind} {query}");
    let known = archive.mark(name, &of).map_err(IngestError::from)?;
    let mark = Mark { name: name.clone(), of, num: known.map(|mark| mark.num), is_new: known.is_none() };
    Ok(match known {
        Some(known) => Scope { after: known.seq, mark: Some(mark), ..whole },
        None => {
            let from = now(global)?.seconds().saturating_sub(WEEK);
            let after = archive.seq_before(from).map_err(IngestError::from)?;
            Scope { since: Timestamp::from_second(from).unwrap_or(Timestamp::MIN), after, mark: Some(mark) }
        }
    })
}

/// Moves a mark to the last version that was looked at, with the articles that are known as gone or back from now on.
fn keep(
    mark: &Mark,
    (from, to): (VersionSeq, VersionSeq),
    gone: &[Gone],
    wait: u64,
    global: &Global,
) -> anyhow::Result<()> {
    let now = now(global)?.seconds();
    directory::write_existing(&global.index, Duration::from_secs(wait), |mut archive| {
        let batch = archive.batch()?;
        let step = Move { search: mark.of.clone(), is_new: mark.is_new, from, to, ..Move::default() };
        batch.move_marks(&mark.name, &[step], now)?;
        for one in gone {
            batch.put_standing(&mark.name, &mark.of, one.article, standing(one))?;
        }
        Ok::<_, IngestError>(batch.commit()?)
    })?;
    Ok(())
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
    let begin = dates::since(text, &now(global)?).with_context(|| format!("--since {text}"))?;
    Ok(Timestamp::from_second(begin).unwrap_or(Timestamp::MIN))
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
    let (title, id) = (short(title), clean(&stored.id));
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

/// The two versions that `OLD..NEW` names in a history of `count` versions, which the user counts from 1. A single number
/// names that version and the one before it.
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
