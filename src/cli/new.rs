//! `despatch new`: what came in since it was last asked.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::output::Output;
use super::request::now;
use super::{Global, Outcome, open_engine};
use crate::archive::telling::Move;
use crate::archive::{Archive, VersionSeq};
use crate::article::Moment;
use crate::ask::FilterArgs;
use crate::directory;
use crate::engine::LocalEngine;
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::query::dates;
use crate::saved::{Shelf, is_name};
use crate::telling::{self, LISTED, Need, News, TellingError, Wish};

/// Lists the stories that came in since it was last asked.
///
/// Each saved search has its own news: name it as @NAME; without a name it is that of the searches saved with `save --alert`,
/// and where there are none, every new story. A story is listed once, whatever copies of it come later. What was published
/// more than seven days before it came is only counted, as is what a source had when you began to follow it: --late lists
/// these. The first time, it goes back a week.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Saved searches
    #[arg(value_name = "@SEARCH")]
    searches: Vec<String>,
    /// Name of the mark; what was told under one name is still new under another
    #[arg(long, value_name = "NAME", default_value = "new")]
    mark: String,
    /// Show it as new again next time
    #[arg(long)]
    peek: bool,
    /// What came on this day or later, or after this revision (the `to` of JSON), told or not; moves no mark
    #[arg(long, value_name = "REV|DATE")]
    since: Option<String>,
    /// List what came late, too
    #[arg(long)]
    late: bool,
    /// Stories of each search to list; the others come next time
    #[arg(short = 'n', long, value_name = "N", default_value_t = LISTED)]
    limit: usize,
    /// List all
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Print only how many there are; moves no mark
    #[arg(long)]
    count: bool,
    /// Wait this long for another process that writes
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// Form of the news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// Markdown, for notes
    #[value(alias = "markdown")]
    Md,
    /// JSON Lines
    #[value(alias = "jsonl")]
    Json,
    /// A table for spreadsheets (UTF-8, with a head)
    Csv,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let needs = needs(&args.searches, &args.mark, global, &now)?;
    let (mut engine, mut archive) = open(global)?;
    let wish = Wish {
        mark: &args.mark,
        since: args.since.as_deref().map(|since| revision(since, &archive, &now)).transpose()?,
        late: args.late,
        limit: if args.all { usize::MAX } else { args.limit },
        now,
    };
    let news = telling::choose(&mut engine, &mut archive, &needs, &wish).map_err(failure)?;
    drop((engine, archive)); // a reader would keep the writer from emptying the log
    let moves = !args.count && !args.peek && args.since.is_none() && news.has_moves();
    if moves {
        // Else it would be printed again each time.
        directory::check_writable(&global.index, Duration::from_secs(args.wait)).map_err(IngestError::from)?;
    }
    let outcome = if news.total() == 0 && news.stories().is_empty() { Outcome::NothingFound } else { Outcome::Done };
    if args.count {
        writeln!(out, "{}", news.total())?;
        return Ok(outcome);
    }
    out.begin(&news.notes, args.format == Form::Json);
    print(&news, args.format, out)?;
    out.finish()?; // only what was written to its end counts as told
    if moves {
        keep(&news.mark, &news.moves, global, args.wait, &now)
            .context("the news was printed, and will be printed again, as this could not be noted")?;
    }
    Ok(outcome)
}

fn print(news: &News, form: Form, out: &mut Output) -> anyhow::Result<()> {
    let style = out.style;
    match form {
        Form::Text if news.stories().is_empty() && news.total() == 0 => say_nothing(news, "nothing new", out),
        Form::Text => telling::text(news, &style, out)?,
        Form::Md => telling::markdown(news, out)?,
        Form::Csv => telling::csv(news, out)?,
        Form::Json => {
            let header = serde_json::json!({
                "type": "header", "format": 1, "archive": news.archive, "mark": news.mark,
                "from": news.revision(news.from()), "to": news.revision(news.upto), "stories": news.stories().len(),
                "notes": news.notes,
            });
            writeln!(out, "{header}")?;
            telling::json(news, out)?;
        }
    }
    Ok(())
}

/// Says that nothing is new, in these words, and what was counted.
pub(super) fn say_nothing(news: &News, words: &str, out: &Output) {
    let sum = |count: fn(&telling::Found) -> u64| news.found.iter().map(count).sum::<u64>();
    let (copies, late) = (sum(|found| found.copies), sum(|found| found.late));
    let mut parts = vec![words.to_owned()];
    if copies > 0 {
        parts.push(format!("{} of stories told before", number_of(copies, "more copy")));
    }
    if late > 0 {
        let mark = if news.mark == "new" { String::new() } else { format!(" --mark {}", news.mark) };
        parts.push(format!("{late} late (despatch new{mark} --late)"));
    }
    out.say(&parts.join("; "));
}

/// The searches that are named; without a name those that are saved as alerts, else all articles.
pub(super) fn needs(searches: &[String], mark: &str, global: &Global, now: &Moment) -> anyhow::Result<Vec<Need>> {
    if !is_name(mark) {
        bail!("'{mark}' cannot be the name of a mark: use small letters, digits, - and _");
    }
    let shelf = Shelf::of(&global.index);
    let mut names = Vec::new();
    for search in searches {
        let Some(name) = search.strip_prefix('@') else {
            bail!("'{search}' is no saved search: write @NAME; `despatch save NAME QUERY` makes one");
        };
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    if searches.is_empty() {
        for name in shelf.names()? {
            if shelf.get(&name)?.alert {
                names.push(name);
            }
        }
    }
    let mut needs = Vec::new();
    for name in names {
        let saved = shelf.get(&name)?;
        let filters = FilterArgs::from_table(saved.filters).and_then(|filters| filters.filters(now));
        let filters = filters.with_context(|| format!("@{name}"))?;
        needs.push(Need { name: Some(name), query: saved.query, filters });
    }
    Ok(if needs.is_empty() { vec![Need::default()] } else { needs })
}

/// Opens the index for searching, and the archive beside it.
pub(super) fn open(global: &Global) -> anyhow::Result<(LocalEngine<'static>, Archive)> {
    let engine = open_engine(global)?;
    Ok((engine, Archive::open(&global.index).map_err(IngestError::from)?))
}

/// The version after which news is wanted: a revision that an output named, or the last one before a day.
fn revision(text: &str, archive: &Archive, now: &Moment) -> anyhow::Result<VersionSeq> {
    let (name, number) = text.rsplit_once(':').unwrap_or(("", text));
    let number: Option<u64> = number.parse().ok();
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let as_date = if named { None } else { Some(dates::since(text, now)) };
    let seq = match (as_date, number) {
        (Some(Ok(begin)), _) => return Ok(archive.seq_before(begin).map_err(IngestError::from)?),
        (Some(Err(error)), None) => return Err(error).with_context(|| format!("--since {text}")),
        (_, Some(seq)) => VersionSeq(seq),
        (None, None) => bail!("--since {text}: write it as the output has it, or a date"),
    };
    let own = archive.uuid().map_err(IngestError::from)?.unwrap_or_default();
    if named && !own.starts_with(name) {
        bail!(
            "--since {text} is a revision of another archive, and says nothing about this one ({}): write a date",
            own.get(..8).unwrap_or("which has no name yet")
        );
    }
    let last = archive.last_seq().map_err(IngestError::from)?;
    if seq > last {
        bail!("--since {text}: this archive goes only to {last}; it may be an older copy: write a date");
    }
    Ok(seq)
}

/// Moves marks.
fn keep(mark: &str, moves: &[Move], global: &Global, wait: u64, now: &Moment) -> Result<(), IngestError> {
    directory::write_existing(&global.index, Duration::from_secs(wait), |mut archive| {
        let batch = archive.batch()?;
        batch.move_marks(mark, moves, now.seconds())?;
        Ok(batch.commit()?)
    })
}

/// An error of telling as one that the hints are for.
pub(super) fn failure(error: TellingError) -> anyhow::Error {
    match error {
        TellingError::Archive(error) => IngestError::from(error).into(),
        TellingError::Engine { search, cause } if search.is_empty() => cause.into(),
        TellingError::Engine { search, cause } => anyhow::Error::new(cause).context(search),
        other => other.into(),
    }
}
