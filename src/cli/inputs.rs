//! The arguments that `index` and `extract` share: what to read, and the limits on it.

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::extract;
use crate::source::{self, Patterns};

/// What is said of a run that found nothing to read.
const NOTHING: &str = "it is empty, or all in it is hidden or left out by a pattern";
/// Paths that are named in a message, at most.
const NAMED: usize = 5;

/// The message where these paths hold no document.
pub(super) fn nothing_in(paths: &[PathBuf]) -> String {
    let named: Vec<String> = paths.iter().take(NAMED).map(|path| path.display().to_string()).collect();
    let more = if paths.len() > NAMED { " ..." } else { "" };
    match named.is_empty() {
        true => "no document found: nothing was named".to_owned(),
        false => format!("no document found in {}{more}: {NOTHING}", named.join(", ")),
    }
}

/// Where documents come from, and the limits within which they are read.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct InputArgs {
    /// Files, folders and patterns; - is standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read paths from this list, one a line; - is standard input
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    files_from: Option<PathBuf>,
    /// The paths of the list end in NUL, as `find -print0` writes them
    #[arg(short = '0', long, requires = "files_from", help_heading = "Input")]
    null: bool,
    /// Read only what matches this pattern, in folders and archives
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    include: Vec<String>,
    /// Leave out what matches this pattern, in folders and archives
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    exclude: Vec<String>,
    /// Leave out what .gitignore files name
    #[arg(long, help_heading = "Input")]
    gitignore: bool,
    #[command(flatten)]
    limits: LimitArgs,
}

/// The limits within which documents are read and extracted.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct LimitArgs {
    /// Most bytes of one document
    #[arg(long, value_name = "BYTES", help_heading = "Limits", default_value_t = source::Options::default().document_bytes)]
    max_document: u64,
    /// Bytes that a compressed file or member of an archive may expand to
    #[arg(long, value_name = "BYTES", help_heading = "Limits", default_value_t = source::Options::default().member_bytes)]
    max_member: u64,
    /// How many times its size a file may expand to, beyond 64 MiB
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = source::Options::default().ratio)]
    max_ratio: u64,
    /// How deep archives may be nested
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = source::Options::default().depth)]
    max_depth: u32,
    /// Most words of one article
    #[arg(long, value_name = "N", help_heading = "Limits", default_value_t = extract::Limits::default().words)]
    max_words: u64,
    /// Most seconds to spend on one document; those of less than 256 KiB are not timed
    #[arg(long, value_name = "SECONDS", help_heading = "Limits", default_value_t = extract::Limits::default().seconds)]
    max_seconds: u64,
}

impl InputArgs {
    /// The paths to read; a missing one is an error before anything is read.
    pub(super) fn paths(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut paths = self.paths.clone();
        if let Some(list) = &self.files_from {
            paths.extend(read_list(list, self.null)?);
        }
        let plain = |path: &&PathBuf| path.as_os_str() != "-" && !path.to_string_lossy().contains(['*', '?', '[', '{']);
        if let Some(missing) = paths.iter().filter(plain).find(|path| !path.exists()) {
            bail!("{}: no such file or folder", missing.display());
        }
        Ok(paths)
    }

    /// The paths as they were typed, and where: the same for a run that is started again.
    pub(super) fn named(&self) -> String {
        let listed = self.files_from.iter().map(|list| format!("--files-from {}", list.display()));
        let paths = self.paths.iter().map(|path| path.display().to_string());
        let folder = std::env::current_dir().unwrap_or_default();
        format!("despatch index {} (in {})", listed.chain(paths).collect::<Vec<_>>().join(" "), folder.display())
    }

    /// The limits on extracting one document.
    pub(super) fn limits(&self) -> extract::Limits {
        self.limits.limits()
    }

    /// How to read the paths: limits, patterns and whether `.gitignore` counts.
    pub(super) fn options(&self) -> anyhow::Result<source::Options> {
        Ok(source::Options {
            patterns: Patterns::new(&self.include, &self.exclude)?,
            gitignore: self.gitignore,
            ..self.limits.options()
        })
    }
}

impl LimitArgs {
    /// The limits on extracting one document.
    pub(super) fn limits(&self) -> extract::Limits {
        extract::Limits { words: self.max_words, seconds: self.max_seconds }
    }

    /// The limits on reading, without patterns.
    pub(super) fn options(&self) -> source::Options {
        source::Options {
            document_bytes: self.max_document,
            member_bytes: self.max_member,
            ratio: self.max_ratio,
            depth: self.max_depth,
            ..source::Options::default()
        }
    }
}

fn read_list(list: &PathBuf, null: bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut input: Box<dyn BufRead> = if list.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(list).with_context(|| list.display().to_string())?))
    };
    Ok(source::read_list(&mut input, null)?)
}
