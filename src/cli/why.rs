//! `despatch why`: why an article is in an answer, or why not.

use std::io::Write;

use serde_json::json;

use super::format::Format;
use super::output::Output;
use super::request::{asked, now, with_caret};
use super::{Global, Outcome, open_engine};
use crate::archive::{Archive, ArchiveError, Group, Provenance, Stored};
use crate::ask::{Asked, FilterArgs};
use crate::engine::{Engine, EngineError, SearchRequest};
use crate::number::number_of;
use crate::render::{clean, json, terminal};

/// Says why an article is in an answer, or why not.
///
/// Tells which words of the query it has and lacks, which filter leaves it out, which copy stands for its story, where its
/// score comes from, or that it was removed. Without a query: where it came from, its copies, and its place by date.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifier, the beginning of one, or the address of the article
    id: String,
    /// The query, or @NAME and words to look for in that saved search; without one, all that pass the filters
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    filters: FilterArgs,
    /// Take every copy of a story as a hit
    #[arg(long)]
    all_copies: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What the archive knows of an article.
struct Known {
    stored: Stored,
    group: Group,
    places: Vec<Provenance>,
    versions: usize,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let now = now(global)?;
    let Asked { query, filters } = asked(&args.query, &args.filters, global)?;
    let filters = filters.filters(&now)?;
    let request = SearchRequest { filters, all_copies: args.all_copies, ..SearchRequest::new(&query, now) };
    let response = match open_engine(global)?.why(&args.id, &request) {
        Err(EngineError::Archive(error @ ArchiveError::Removed(_))) => {
            return removed(&args.id, &error, args.format, out);
        }
        answer => answer.map_err(|error| with_caret(error, &query))?,
    };
    let known = Known::of(&response.id, global)?;
    out.begin(&response.notes, args.format == Format::Json);
    let style = out.style;
    if args.format == Format::Json {
        json::why(&response, &known.json(), out)?;
    } else {
        known.head(out)?;
        if response.parts.is_empty() {
            known.facts(out)?;
        }
        terminal::why(&response, args.all_copies, &style, out)?;
    }
    Ok(Outcome::Done)
}

/// Says that an article was removed, and how to take it in again.
fn removed(id: &str, error: &ArchiveError, format: Format, out: &mut Output) -> anyhow::Result<Outcome> {
    let reason = error.to_string();
    if format == Format::Json {
        json::removed(id, &reason, out)?;
    } else {
        writeln!(out, "{}", clean(&reason))?;
        error.hint().iter().for_each(|hint| out.hint(hint));
    }
    Ok(Outcome::NothingFound)
}

impl Known {
    fn of(id: &str, global: &Global) -> anyhow::Result<Self> {
        let mut archive = Archive::open(&global.index)?;
        let stored = archive.by_id(id)?;
        let (group, places) = (archive.group(stored.num)?, archive.provenance(stored.num)?);
        let versions = archive.versions(stored.num)?.len();
        Ok(Self { stored, group, places, versions })
    }

    /// Title, outlet, day and identifier.
    fn head(&self, out: &mut Output) -> std::io::Result<()> {
        let (style, article) = (out.style, &self.stored.article);
        let title = if article.title.is_empty() { "(no title)" } else { &article.title };
        writeln!(out, "{}", style.paint("1", &clean(title)))?;
        let mut facts: Vec<String> = article.outlet.iter().map(|outlet| clean(outlet).into_owned()).collect();
        facts.push(article.published.map_or("undated".to_owned(), |at| at.day().to_string()));
        facts.push(self.stored.id.clone());
        writeln!(out, "{}", style.paint("2", &facts.join(" · ")))
    }

    /// Where it came from, its versions and copies, what is doubtful.
    fn facts(&self, out: &mut Output) -> std::io::Result<()> {
        for one in &self.places {
            writeln!(out, "  read from {}", clean(&one.place.to_string()))?;
        }
        let words = self.stored.article.text.split_whitespace().count() as u64;
        let words = number_of(words, "word");
        writeln!(out, "  {words}, {}", number_of(self.versions as u64, "version"))?;
        for member in self.group.members.iter().filter(|member| member.num != self.stored.num) {
            let outlet = member.outlet.as_deref().unwrap_or("unknown outlet");
            writeln!(out, "  a copy: {} in {}", member.id, clean(outlet))?;
        }
        for doubt in &self.stored.article.doubts {
            writeln!(out, "  doubtful: {}", doubt.reason())?;
        }
        Ok(())
    }

    fn json(&self) -> serde_json::Value {
        let article = &self.stored.article;
        let copies = self.group.members.iter().filter(|member| member.num != self.stored.num);
        json!({
            "outlet": article.outlet,
            "published": article.published,
            "url": article.url,
            "versions": self.versions,
            "places": self.places.iter().map(|one| &one.place).collect::<Vec<_>>(),
            "copies": copies.map(|copy| &copy.id).collect::<Vec<_>>(),
            "doubts": article.doubts,
        })
    }
}
