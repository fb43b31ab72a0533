//! `despatch remove`: takes articles out, and keeps them out.

use std::io::Write;
use std::time::Duration;

use anyhow::bail;

use super::output::Output;
use super::request::now;
use super::{Global, Outcome, headings, open_engine};
use crate::archive::{Archive, ArchiveError, ArticleNum, Stored};
use crate::engine::{Engine, Matching, SearchRequest};
use crate::ingest::{self, IngestError};
use crate::number::number_of;
use crate::render::clean;

/// Takes articles out, and keeps them out.
///
/// All versions of an article are taken out. Copies of its story are articles of their own: they stay, unless they are
/// named or match the query too.
///
/// Without --yes it only shows what it would take out. An article that was taken out does not come back when its file
/// is indexed again, unless with `index --readmit`. Its bytes stay in unused parts of the files until they are
/// overwritten: `despatch purge` overwrites them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifiers or addresses of articles, or words that a title has, all of them; with --query a query for all that match
    #[arg(required = true, value_name = "ID|TITLE|QUERY")]
    what: Vec<String>,
    /// Take out all that a query finds; of a row of words an article must have all
    #[arg(long)]
    query: bool,
    #[command(flatten)]
    consent: Consent,
}

/// Whether to carry out a removal, or only to show it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Consent {
    /// Do it
    #[arg(short, long)]
    pub(super) yes: bool,
    /// Only show what would be done; the default
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Wait this long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

impl Consent {
    pub(super) fn wait(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}

/// The most articles that are listed; the others are counted.
const LISTED: usize = 20;

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let typed = args.what.join(" ");
    let found = match named(&args.what, global)? {
        Some(found) if !args.query => found,
        _ if args.query => matching(&typed, global, out)?,
        _ => titled(&typed, global)?,
    };
    if found.is_empty() && args.query {
        out.say(&format!("nothing found: no article matches {typed}"));
        return Ok(Outcome::NothingFound);
    }
    if found.is_empty() {
        out.say(&format!(
            "nothing found: '{typed}' is no identifier or address, and no title has all of these words; \
             --query takes out what a query finds"
        ));
        return Ok(Outcome::NothingFound);
    }
    list(&found, out)?;
    if !args.consent.yes {
        writeln!(out, "{} would be taken out; --yes does it", number_of(found.len() as u64, "article"))?;
        return Ok(Outcome::Done);
    }
    let nums: Vec<ArticleNum> = found.iter().map(|stored| stored.num).collect();
    let removed = ingest::remove(&global.index, headings::of_index(global)?, &nums, args.consent.wait())?;
    writeln!(out, "{} taken out", number_of(removed, "article"))?;
    note_clusters(global, out)?;
    Ok(Outcome::Done)
}

/// Says of each cluster that holds what the archive held that it still does.
pub(super) fn note_clusters(global: &Global, out: &Output) -> anyhow::Result<()> {
    for (cluster, _) in Archive::open(&global.index).and_then(|archive| archive.fed()).map_err(IngestError::from)? {
        let (host, name) = cluster.rsplit_once('/').unwrap_or((&cluster, ""));
        out.note(&format!(
            "a cluster still holds it, until you run: despatch rebuild --backend http://{host}/{name} (or https)"
        ));
    }
    Ok(())
}

/// The articles with these identifiers or addresses; `None` where one names no article, or several.
pub(super) fn named(ids: &[String], global: &Global) -> anyhow::Result<Option<Vec<Stored>>> {
    let mut archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let mut found: Vec<Stored> = Vec::new();
    for id in ids {
        match archive.by_id(id) {
            Ok(stored) if found.iter().all(|other| other.num != stored.num) => found.push(stored),
            Ok(_) => {}
            Err(ArchiveError::NoArticle(_) | ArchiveError::AmbiguousId { .. } | ArchiveError::Removed(_)) => {
                return Ok(None);
            }
            Err(other) => return Err(IngestError::from(other).into()),
        }
    }
    Ok(Some(found))
}

/// All articles whose titles have all of these words.
fn titled(words: &str, global: &Global) -> anyhow::Result<Vec<Stored>> {
    let list = crate::analysis::words(words);
    let titled =
        |word: &crate::analysis::Word| format!("+title:\"{}\"", &words[word.start as usize..word.end as usize]);
    let query: Vec<String> = list.as_slice().iter().map(titled).collect();
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let request = SearchRequest { all_copies: true, ..SearchRequest::new(&query.join(" "), now(global)?) };
    all_of(&mut open_engine(global)?, request, global)
}

/// All articles that a query matches with all of its words. Prints what was changed or left out of the query.
fn matching(query: &str, global: &Global, out: &mut Output) -> anyhow::Result<Vec<Stored>> {
    let mut engine = open_engine(global)?;
    let mut request =
        SearchRequest { limit: 0, passages: 0, all_copies: true, ..SearchRequest::new(query, now(global)?) };
    request.filters.matching = Matching::All;
    let answer = engine.search(&request).map_err(|error| super::request::with_caret(error, query))?;
    answer.notes.iter().for_each(|note| out.note(note));
    all_of(&mut engine, request, global)
}

/// All articles that a request finds.
fn all_of(engine: &mut impl Engine, request: SearchRequest, global: &Global) -> anyhow::Result<Vec<Stored>> {
    let all = SearchRequest { limit: usize::MAX, partial: false, ..request };
    let ids: Vec<String> = engine.rank(&all)?.into_iter().map(|(id, _)| id).collect();
    match named(&ids, global)? {
        Some(found) => Ok(found),
        None => bail!("the index changed meanwhile: run the command again"),
    }
}

pub(super) fn list(found: &[Stored], out: &mut Output) -> anyhow::Result<()> {
    for stored in found.iter().take(LISTED) {
        let article = &stored.article;
        let day = article.published.map_or_else(String::new, |moment| moment.day().to_string());
        let outlet = article.outlet.as_deref().unwrap_or_default();
        writeln!(out, "{}  {day:10}  {}  {}", clean(&stored.id), clean(outlet), clean(&article.title))?;
    }
    if found.len() > LISTED {
        writeln!(out, "and {} more", found.len() - LISTED)?;
    }
    Ok(())
}
