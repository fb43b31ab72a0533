//! `despatch purge`: removes articles for good, with proof.

use std::io::Write;

use anyhow::bail;

use super::output::Output;
use super::remove::{Consent, list, named, note_clusters};
use super::{Global, Outcome, headings};
use crate::archive::ArticleNum;
use crate::ingest;
use crate::number::number_of;

/// Takes articles out for good, and proves it.
///
/// Afterwards no file of the index contains anything that only these articles contained.
///
/// Deletes their rows, versions, places and postings, overwrites what was deleted, and rebuilds compression
/// dictionaries that contain parts of their text. Then it searches every file for their words and for pieces of their
/// text, compressed and not. Without identifiers it does the same for articles that were taken out before. It cannot
/// reach copies of the files elsewhere, nor blocks of the disk that are no longer in use.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifiers or addresses of articles
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    consent: Consent,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if args.ids.iter().any(|id| id.trim().is_empty()) {
        bail!(
            "an identifier is empty; `despatch search` prints them, and without any, purge writes over what was taken out"
        );
    }
    let Some(found) = named(&args.ids, global)? else {
        bail!("not every one of these is the identifier of an article: {}", args.ids.join(" "));
    };
    list(&found, out)?;
    if !args.consent.yes {
        match found.len() as u64 {
            0 => writeln!(out, "what was taken out before would be written over; --yes does it")?,
            some => writeln!(out, "{} would be gone for good; --yes does it", number_of(some, "article"))?,
        }
        return Ok(Outcome::Done);
    }
    let nums: Vec<ArticleNum> = found.iter().map(|stored| stored.num).collect();
    let proof = ingest::purge(&global.index, headings::of_index(global)?, &nums, args.consent.wait())?;
    if found.is_empty() {
        writeln!(out, "what was taken out before is written over")?;
        return Ok(Outcome::Done);
    }
    writeln!(
        out,
        "{} gone for good: {} and pieces of them were sought in {} ({:.1} MB) and not found",
        number_of(proof.articles, "article"),
        number_of(proof.sought as u64, "word"),
        number_of(proof.files as u64, "file"),
        proof.bytes as f64 / 1e6
    )?;
    if proof.indistinct > 0 {
        out.note(&format!(
            "{} contained nothing to search for: other articles contain all of it too",
            number_of(proof.indistinct, "article")
        ));
    }
    note_clusters(global, out)?;
    Ok(Outcome::Done)
}
