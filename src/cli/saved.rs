//! `despatch save` and `despatch saved`: searches under a name.

use std::io::Write;
use std::time::Duration;

use anyhow::bail;

use super::format::Format;
use super::new::{failure, open};
use super::output::Output;
use super::request::{asked, now, with_caret};
use super::{Global, Outcome, open_engine};
use crate::archive::{Archive, ArchiveError, FILE};
use crate::ask::{FilterArgs, typed};
use crate::directory;
use crate::engine::{Engine, LocalEngine, SearchRequest};
use crate::ingest::IngestError;
use crate::number::number_of;
use crate::saved::{Saved, Shelf};
use crate::telling::{self, Need, Rate};

/// Keeps a search under a name.
///
/// `despatch search @NAME` runs it and `despatch facets @NAME` counts what it finds. Further words and filters after
/// @NAME narrow its results. It is kept in the index directory as it was typed: "last week" means another week every
/// time.
#[derive(Debug, clap::Args)]
pub(super) struct SaveArgs {
    /// The name: small letters, digits, - and _
    name: String,
    /// The query; without one, only the filters are saved
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Replace a saved search of this name
    #[arg(long)]
    replace: bool,
    /// Let `new` and `digest` tell of it without being asked for it by name
    #[arg(long)]
    alert: bool,
    #[command(flatten)]
    filters: FilterArgs,
}

/// Lists saved searches with what they find now.
#[derive(Debug, clap::Args)]
pub(super) struct SavedArgs {
    /// Delete the saved search of this name
    #[arg(long, value_name = "NAME", conflicts_with = "rename")]
    delete: Option<String>,
    /// Rename a saved search
    #[arg(long, num_args = 2, value_names = ["NAME", "NEW"])]
    rename: Option<Vec<String>>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn save(args: &SaveArgs, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if !global.index.join(FILE).exists() {
        return Err(IngestError::from(ArchiveError::Missing(global.index.clone())).into());
    }
    let asked = asked(&args.query, &args.filters, global)?;
    let saved = Saved { query: asked.query, alert: args.alert, filters: asked.filters.table()? };
    if saved.query.is_empty() && saved.filters.is_empty() {
        bail!("nothing to save: give a query or a filter");
    }
    let (mut engine, archive) = open(global)?;
    let total = count(&mut engine, &saved, global)?;
    let daily = daily(&mut engine, &archive, &saved, global)?;
    Shelf::of(&global.index).put(&args.name, &saved, args.replace)?;
    out.note(&format!(
        "saved; it finds {} now; run it with `despatch search @{}`",
        number_of(total, "story"),
        args.name
    ));
    if let Some(daily) = daily {
        out.note(&daily);
    }
    Ok(Outcome::Done)
}

/// How many stories a saved search would have found lately, in words; `None` where the archive is too young.
fn daily(
    engine: &mut LocalEngine<'_>,
    archive: &Archive,
    saved: &Saved,
    global: &Global,
) -> anyhow::Result<Option<String>> {
    let now = now(global)?;
    let filters = FilterArgs::from_table(saved.filters.clone())?.filters(&now)?;
    let need = Need { name: None, query: saved.query.clone(), filters };
    let rate = telling::rate(engine, archive, &need, now).map_err(failure)?;
    Ok(rate.map(|rate| in_words(&rate)))
}

fn in_words(rate: &Rate) -> String {
    let days = match rate.days {
        30.. => "in the last 30 days".to_owned(),
        1 => "in the day since the first article came in".to_owned(),
        days => format!("in the {days} days since the first article came in"),
    };
    let daily = match rate.stories as f64 / rate.days.max(1) as f64 {
        0.0 => String::new(),
        few if few < 0.05 => ", fewer than 0.1 a day".to_owned(),
        few if few < 9.95 => format!(", about {few:.1} a day"),
        many => format!(", about {many:.0} a day"),
    };
    format!("{days} it would have found {}{daily}", number_of(rate.stories, "story"))
}

/// Lets marks follow a saved search that has another name now.
fn rename_marks(from: &str, to: &str, global: &Global) -> anyhow::Result<()> {
    let archive = Archive::open(&global.index).map_err(IngestError::from)?;
    if !archive.has_marks(from).map_err(IngestError::from)? {
        return Ok(());
    }
    drop(archive);
    Ok(directory::write_existing(&global.index, Duration::ZERO, |mut archive| {
        let batch = archive.batch()?;
        batch.rename_marks(from, to)?;
        Ok::<_, IngestError>(batch.commit()?)
    })?)
}

pub(super) fn saved(args: &SavedArgs, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let shelf = Shelf::of(&global.index);
    if let Some(name) = &args.delete {
        shelf.delete(name)?;
        return Ok(Outcome::Done);
    }
    if let Some([from, to]) = args.rename.as_deref() {
        shelf.rename(from, to)?;
        rename_marks(from, to, global)?;
        return Ok(Outcome::Done);
    }
    let mut engine = open_engine(global)?;
    let names = shelf.names()?;
    if names.is_empty() {
        out.note("no saved searches; `despatch save NAME QUERY` makes one");
        return Ok(Outcome::NothingFound);
    }
    let wide = names.iter().map(String::len).max().unwrap_or_default();
    let mut outcome = Outcome::Done;
    for name in &names {
        let found = shelf.get(name).map_err(anyhow::Error::from).and_then(|saved| {
            let total = count(&mut engine, &saved, global)?;
            Ok((saved, total))
        });
        match found {
            Ok((saved, total)) if args.format == Format::Json => {
                let line = serde_json::json!({
                    "type": "saved", "name": name, "query": saved.query, "filters": saved.filters, "total": total,
                    "alert": saved.alert,
                });
                writeln!(out, "{line}")?;
            }
            Ok((saved, total)) => writeln!(out, "{name:<wide$} {total:>7}  {}", typed(&saved))?,
            Err(error) => {
                out.warn(&format!("@{name}: {error}"));
                outcome = Outcome::PartlyFailed;
            }
        }
    }
    Ok(outcome)
}

/// The number of stories that a saved search finds now.
fn count(engine: &mut LocalEngine<'_>, saved: &Saved, global: &Global) -> anyhow::Result<u64> {
    let now = now(global)?;
    let filters = FilterArgs::from_table(saved.filters.clone())?.filters(&now)?;
    let request = SearchRequest { filters, limit: 0, passages: 0, ..SearchRequest::new(&saved.query, now) };
    Ok(engine.search(&request).map_err(|error| with_caret(error, &saved.query))?.total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_names_the_days_that_it_is_of() {
        let told = [(11, 5), (0, 1), (1, 30), (900, 30)].map(|(stories, days)| in_words(&Rate { stories, days }));
        let since = "since the first article came in it would have found";
        assert_eq!(
            told,
            [
                format!("in the 5 days {since} 11 stories, about 2.2 a day"),
                format!("in the day {since} 0 stories"),
                "in the last 30 days it would have found 1 story, fewer than 0.1 a day".to_owned(),
                "in the last 30 days it would have found 900 stories, about 30 a day".to_owned(),
            ]
        );
    }
}
