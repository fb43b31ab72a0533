//! `despatch show`: one article with its mentions.

use std::io::Write;

use anyhow::bail;
use serde_json::json;

use super::backend::BackendArgs;
use super::changes::{Around, ChangeFormat, compared, gone_line, shown_time, two, write as write_change};
use super::format::{HIT_FORMATS, HitFormat, field, write};
use super::output::Output;
use super::{Global, Outcome, headings};
use crate::archive::{Archive, ArchiveError, Stored};
use crate::ask::choice::one_of;
use crate::engine::Hit;
use crate::event;
use crate::ingest::IngestError;
use crate::quote;
use crate::render::export::{self, Field, Form};
use crate::render::{clean, evidence, json, statements, terminal};
use crate::tag::Tagger;

/// Shows one article with its mentions.
///
/// Prints its text with the mentions of actors marked, its facets, and where it came from.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifier, the beginning of one, or the address of the article
    id: String,
    // The article is read from the archive, wherever the index is.
    #[command(flatten)]
    _backend: BackendArgs,
    /// List every mention with how it was found
    #[arg(long)]
    mentions: bool,
    /// List its topics, each with the words that carry it
    #[arg(long)]
    topics: bool,
    /// List who said what in it
    #[arg(long)]
    quotes: bool,
    /// List what it says was done with systems
    #[arg(long)]
    events: bool,
    /// Say what decided each mention, what each rule adds to a topic, and which names were not linked
    #[arg(long)]
    why: bool,
    /// List the copies of its story, and what each cut (-) or added (+)
    #[arg(long)]
    copies: bool,
    /// List every place and version, what each value came from, and the place of each paragraph in the input
    #[arg(long)]
    provenance: bool,
    /// List its versions, and what changed in each
    #[arg(long, conflicts_with_all = ["diff", "fields"])]
    versions: bool,
    /// Compare two of its versions word by word: the last two, or those of these numbers
    #[arg(long, value_name = "OLD..NEW", num_args = 0..=1, default_missing_value = "", conflicts_with = "fields")]
    diff: Option<String>,
    /// With --diff: what to print around what changed
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Around::Sentence)]
    context: Around,
    /// Form of the output
    #[arg(long, value_parser = one_of(HIT_FORMATS), default_value = "text")]
    format: HitFormat,
    /// Print only these fields: tab-separated in text, as columns of CSV, in JSON
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = field())]
    fields: Vec<Field>,
}

impl Args {
    /// `--why` alone is about both.
    fn explains_mentions(&self) -> bool {
        self.why && (self.mentions || !self.topics)
    }

    fn shows_topics(&self) -> bool {
        self.topics || (self.why && !self.mentions)
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if !args.fields.is_empty() && !args.format.has_fields() {
        bail!("--fields works with text, csv and json only: the fields of the other formats are fixed");
    }
    let mut archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let stored = archive.by_id(&args.id)?;
    if args.versions || args.diff.is_some() {
        return versions(args, global, &mut archive, &stored, out);
    }
    let authority = headings::of_index(global)?;
    let mut tagger = Tagger::new(authority);
    let explained = if args.explains_mentions() { Some(tagger.explained(&stored.article)) } else { None };
    let tags = explained.as_ref().map_or_else(|| tagger.tag(&stored.article), |explained| explained.tags.clone());
    let places = archive.provenance(stored.num)?;
    let held = archive.why_held(stored.num)?;
    let gone = archive.gone(stored.num)?;
    out.page();
    if args.format.form().is_some() || !args.fields.is_empty() {
        let hit = Hit {
            gone: gone.filter(|gone| gone.back.is_none()).map(|gone| gone.first),
            ..export::whole(&stored, &tags, authority, &places, &archive.group(stored.num)?)
        };
        match args.format {
            HitFormat::Export(Form::Markdown) => export::markdown_article(&hit, &stored, out)?,
            format => write(&[hit], format, &args.fields, out)?,
        }
        return Ok(Outcome::Done);
    }
    if args.format == HitFormat::Json {
        let mut further = Vec::new();
        if args.shows_topics() {
            let found = tagger.topic_evidence(&stored.article);
            further.push(("topic_evidence", evidence::json(&stored.article, &found)));
        }
        if args.copies {
            further.push(("copies", json::copies(&stored, &copies(&mut archive, &stored)?)));
        }
        if args.quotes {
            let said = quote::quotes(&stored.article, &tags);
            further.extend([("quotes", json!(said.text)), ("title_quotes", json!(said.title))]);
        }
        if args.events {
            let done = event::events(&stored.article, &tags);
            further.extend([("events", json!(done.text)), ("title_events", json!(done.title))]);
        }
        if let Some(explained) = &explained {
            further.push(("not_linked", json::not_linked(&stored.article, &explained.not_linked)));
        }
        if let Some(why) = &held {
            further.push(("held", why.as_str().into()));
        }
        if let Some(gone) = &gone {
            further.push(("gone", json::gone(gone)));
        }
        let reasons = explained.as_ref().map(|explained| [&explained.title[..], &explained.text]);
        json::article(&stored.article, (&stored.id, &places), &tags, reasons, &further, authority, out)?;
        return Ok(Outcome::Done);
    }
    let style = out.style;
    terminal::article(&stored, &tags, authority, &style, out)?;
    if let Some(why) = &held {
        writeln!(out, "\nheld: {}: this is what its source gives; {}", clean(why), not_its_page(why))?;
    }
    if let Some(gone) = &gone {
        writeln!(out, "\n{}", gone_line(gone, &global.settings.time_zone()))?;
    }
    if let Some(explained) = &explained {
        terminal::mentions_explained(&stored.article, explained, authority, &style, out)?;
    } else if args.mentions {
        terminal::mentions(&stored.article, &tags, authority, &style, out)?;
    }
    if args.quotes {
        statements::of_article(&stored.article, &quote::quotes(&stored.article, &tags), authority, &style, out)?;
    }
    if args.events {
        terminal::events(&stored.article, &event::events(&stored.article, &tags), authority, &style, out)?;
    }
    if args.shows_topics() {
        let found = tagger.topic_evidence(&stored.article);
        evidence::topics(&stored.article, &found, authority, args.why, &style, out)?;
    }
    if args.copies {
        terminal::copies(&stored, &copies(&mut archive, &stored)?, &style, out)?;
    }
    if args.provenance {
        terminal::provenance(&stored.article, &places, &archive.versions(stored.num)?, &style, out)?;
    }
    Ok(Outcome::Done)
}

/// Lists the versions of an article, or compares two of them.
fn versions(
    args: &Args,
    global: &Global,
    archive: &mut Archive,
    stored: &Stored,
    out: &mut Output,
) -> anyhow::Result<Outcome> {
    let format = match args.format {
        HitFormat::Text => ChangeFormat::Text,
        HitFormat::Json => ChangeFormat::Json,
        HitFormat::Export(Form::Markdown) => ChangeFormat::Md,
        HitFormat::Export(_) => bail!("versions are printed as text, md or json"),
    };
    let (zone, history) = (global.settings.time_zone(), archive.history(stored.num)?);
    if let Some(numbers) = &args.diff {
        if history.len() < 2 && numbers.is_empty() {
            out.say("it has one version");
            return Ok(Outcome::NothingFound);
        }
        let one = compared(archive, &history, two(numbers, history.len())?, args.context, &zone)?;
        out.page();
        write_change(&one, format, out)?;
        return Ok(Outcome::Done);
    }
    out.page();
    for (at, version) in history.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| compared(archive, &history, (before, at), args.context, &zone));
        let before = before.transpose()?;
        if format == ChangeFormat::Json {
            writeln!(out, "{}", json::version(at + 1, version, before.as_ref()))?;
            continue;
        }
        let bullet = if format == ChangeFormat::Md { "* " } else { "" };
        let what = before.map_or("first seen".to_owned(), |one| one.summary());
        writeln!(out, "{bullet}{:>2}  {}  {}", at + 1, shown_time(version.stored, &zone), clean(&what))?;
    }
    Ok(Outcome::Done)
}

/// Why the text of an article is not that of its page.
fn not_its_page(why: &str) -> &'static str {
    match why {
        "robots" => "the robots.txt of its host keeps its page from being fetched",
        "wall" => "its page asks for consent or an account in place of the story",
        "paywall" => "its page asks for money in place of the story",
        "blocked" => "its host refuses to show its page to us",
        "gone" => "its page is not there any more",
        _ => "its page could not be read",
    }
}

/// All copies of an article's story, itself included.
fn copies(archive: &mut Archive, stored: &Stored) -> Result<Vec<Stored>, ArchiveError> {
    let members = archive.group(stored.num)?.members;
    members.iter().map(|member| archive.by_num(member.num)).collect()
}
