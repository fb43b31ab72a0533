//! Where documents come from: files, folders, archives, feeds, mail and standard input become [`RawDocument`]s.
//!
//! What a file holds is told by its content, not by its name:
//!
//! | content | gives |
//! |---|---|
//! | HTML, XHTML, plain text, Markdown | one document |
//! | JSON, JSON Lines | one for each object |
//! | RSS, Atom, JSON Feed | one for each entry |
//! | WARC | one for each successful response with a page or text |
//! | mbox, e-mail | one for each message |
//! | MHTML | the page |
//! | gzip, zstd, bzip2, zip, tar | whatever is in them, some levels deep |
//!
//! Nothing is ever written: names of members are only names. Streams are read as streams, so that their size does not
//! matter; one document, and what a stream may expand to, have limits ([`Options`]). A damaged file gives its good
//! documents first, then an error that names the place.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use despatch::source::{self, Options};
//!
//! let dir = tempfile::tempdir()?;
//! let file = dir.path().join("news.jsonl");
//! std::fs::write(&file, "{\"title\": \"One\", \"text\": \"First.\"}\n{\"title\": \"Two\", \"text\": \"Second.\"}\n")?;
//! let mut records = Vec::new();
//! source::read(&[file], &Options::default(), &mut |found| {
//!     records.push(found.unwrap().place.record);
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(records, [Some(1), Some(2)]);
//! # Ok::<(), std::io::Error>(())
//! ```

mod feed;
mod guard;
mod http;
mod json;
mod mail;
mod mbox;
mod paths;
mod reader;
mod sniff;
mod tar;
pub mod targets;
#[cfg(test)]
mod tests;
mod warc;
mod zip;

use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::article::{Place, RawDocument, visible};
pub use paths::{Patterns, is_pattern, read_list};

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or folder could not be read.
    #[error("{}: {cause}", shown(path))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A container or record is damaged.
    #[error("{place}: {}", visible(what))]
    Damaged {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        what: String,
    },
    /// A document is larger than the limit.
    #[error("{place}: larger than {limit} bytes (limit: max-document)")]
    TooLarge {
        /// Where it stands.
        place: Place,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A file, or what it expands to, goes beyond another limit.
    #[error("{place}: {limit}")]
    Limit {
        /// Where it stands.
        place: Place,
        /// The limit.
        limit: Limit,
    },
    /// It is of a kind that holds no text for us.
    #[error("{place}: {what}, which is not read")]
    Unsupported {
        /// Where it stands.
        place: Place,
        /// What it is.
        what: &'static str,
    },
    /// A pattern or a list of paths is not valid.
    #[error("{}", visible(.0))]
    Pattern(String),
}

/// Runs a parser of another crate; should it panic, that is an error of the document.
fn caught<T>(parse: impl FnOnce() -> T) -> Result<T, &'static str> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse)).map_err(|_| "its parser gave up on it")
}

/// A path for a message, its control characters escaped.
fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).to_string()
}

/// A limit that was met, with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Options::member_bytes`].
    MemberBytes(u64),
    /// [`Options::ratio`].
    Ratio(u64),
    /// [`Options::depth`].
    Depth(u32),
    /// [`Options::members`].
    Members(u64),
    /// [`Options::zip_bytes`].
    ZipBytes(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MemberBytes(limit) => write!(f, "expands to more than {limit} bytes (limit: max-member)"),
            Self::Ratio(limit) => write!(f, "expands to more than {limit} times its size (limit: max-ratio)"),
            Self::Depth(limit) => write!(f, "nested more than {limit} deep (limit: max-depth)"),
            Self::Members(limit) => write!(f, "more than {limit} members (limit: members)"),
            Self::ZipBytes(limit) => write!(f, "a zip archive within a stream, over {limit} bytes (limit: zip_bytes)"),
        }
    }
}

/// What one place gave: a document, or why there is none.
pub type Found = Result<RawDocument, SourceError>;

/// What to read, and within which bounds.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes of one document, expanded.
    pub document_bytes: u64,
    /// Bytes to which one compressed file or one member of an archive may expand.
    pub member_bytes: u64,
    /// How many times its own size a file may expand to, once that is more than 64 MiB.
    pub ratio: u64,
    /// How deep archives and compressed files may stand in each other; `news.tar.gz` is two deep.
    pub depth: u32,
    /// Members of all archives in one file.
    pub members: u64,
    /// Bytes of a zip archive that comes in a stream and must be held in memory to be read.
    pub zip_bytes: u64,
    /// Which files of folders and members of archives to read.
    pub patterns: Patterns,
    /// Leave out what `.gitignore` files name.
    pub gitignore: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            document_bytes: 64 << 20,
            member_bytes: 256 << 30,
            ratio: 250,
            depth: 4,
            members: 10_000_000,
            zip_bytes: 256 << 20,
            patterns: Patterns::default(),
            gitignore: false,
        }
    }
}

/// Takes what is found, one document at a time, and says whether to go on.
type Each<'a> = &'a mut dyn FnMut(Found) -> ControlFlow<()>;

/// Reads every document below `inputs` (`-` is standard input) in a fixed order and hands each to `each`.
///
/// An input that is no file or folder is taken for a pattern (`news/2025-*/**/*.html`). A bad document is handed over
/// as an error and reading goes on. Stops early when `each` breaks.
pub fn read(inputs: &[PathBuf], options: &Options, each: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    for input in inputs {
        if paths::read(input, options, &mut *each).is_break() {
            return;
        }
    }
}
