//! `despatch show`: one article with its mentions.

use super::output::Output;
use super::search::Format;
use super::{Global, Outcome, headings};
use crate::archive::Archive;
use crate::ingest::IngestError;
use crate::render::{json, terminal};
use crate::tag::Tagger;

/// Shows one article: its text with the mentions of actors marked, its facets, and where it came from.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifier, the beginning of one, or the address of the article
    id: String,
    /// List every mention with how it was found
    #[arg(long)]
    mentions: bool,
    /// List the copies of its story, and what each cut (-) or added (+)
    #[arg(long)]
    copies: bool,
    /// List every place and version, what each value came from, and the place of each paragraph in the input
    #[arg(long)]
    provenance: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let mut archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let stored = archive.by_id(&args.id)?;
    let authority = headings::of_index(global)?;
    let tags = Tagger::new(authority).tag(&stored.article);
    let places = archive.provenance(stored.num)?;
    if args.format == Format::Json {
        json::article(&stored.article, Some(&stored.id), &places, &tags, authority, out)?;
        return Ok(Outcome::Done);
    }
    let style = out.style;
    terminal::article(&stored, &tags, authority, &style, out)?;
    if args.mentions {
        terminal::mentions(&stored.article, &tags, authority, &style, out)?;
    }
    if args.copies {
        let members = archive.group(stored.num)?.members;
        let copies = members.iter().map(|member| archive.by_num(member.num)).collect::<Result<Vec<_>, _>>()?;
        terminal::copies(&stored, &copies, &style, out)?;
    }
    if args.provenance {
        terminal::provenance(&stored.article, &places, &archive.versions(stored.num)?, &style, out)?;
    }
    Ok(Outcome::Done)
}
