//! Where documents come from: files, folders, archives, feeds, mail and standard input become [`RawDocument`]s.
//!
//! The kind of a file is recognised by its first bytes, not by its name:
//!
//! | content | gives |
//! |---|---|
//! | HTML, XHTML, plain text, Markdown, PDF, Word (`.docx`) | one document |
//! | JSON, JSON Lines | one for each object |
//! | RSS, Atom, JSON Feed | one for each entry |
//! | WARC, WACZ | one for each successful response, or other record, with a page or text |
//! | mbox, e-mail | one for each message, those within messages too |
//! | MHTML | the page |
//! | gzip, zstd, bzip2, zip, tar | the documents in them, nested up to [`Options::depth`] levels |
//!
//! Nothing is written to disk: the name of a member is only a label, never a path. Input is read as a stream, so a file
//! may be larger than memory; [`Options`] limits the size of one document and what a compressed file may expand to. A
//! damaged file gives the documents that can still be read, and an error that names the place of the damage.
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

mod envelope;
mod feed;
mod guard;
mod http;
mod json;
mod mail;
mod mbox;
pub(crate) mod noise;
mod package;
mod parts;
mod paths;
mod reader;
pub(crate) mod slips;
mod sniff;
mod table;
mod tar;
#[cfg(test)]
mod tests;
mod tidy;
mod warc;
mod zip;

use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::article::{Place, RawDocument, path_text, visible};
#[cfg(feature = "fetch")]
pub(crate) use feed::decoded;
pub use paths::Patterns;
pub(crate) use paths::read_list;

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
    /// A file, or what it expands to, exceeds another limit.
    #[error("{place}: {limit}")]
    Limit {
        /// Where it stands.
        place: Place,
        /// The limit.
        limit: Limit,
    },
    /// The input is of a kind that is not read: a binary format, or a pipe, socket or device.
    #[error("{place}: {what}, which is not read{}{instead}", if instead.is_empty() { "" } else { "; " })]
    Unsupported {
        /// Where it stands.
        place: Place,
        /// What it is, for the message.
        what: &'static str,
        /// What the user can do instead, for the message; may be empty.
        instead: &'static str,
    },
    /// A pattern or a list of paths is not valid.
    #[error("{}", visible(.0))]
    Pattern(String),
}

/// A path for a message, its control characters escaped.
fn shown(path: &Path) -> String {
    visible(&path_text(path)).to_string()
}

/// A limit that was exceeded, with its value.
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

/// What to read, and the limits on its size.
#[derive(Debug, Clone)]
pub struct Options {
    /// Largest size of one document in bytes, after decompression.
    pub document_bytes: u64,
    /// Largest size in bytes to which one compressed file or one member of an archive may expand.
    pub member_bytes: u64,
    /// Largest ratio of expanded to compressed bytes; checked only beyond 64 MiB of expanded bytes.
    pub ratio: u64,
    /// Number of levels to which archives and compressed files may be nested; `news.tar.gz` has two.
    pub depth: u32,
    /// Largest number of archive members in one file; members of nested archives count too.
    pub members: u64,
    /// Largest size in bytes of a zip archive inside a stream. It must be held in memory, because its directory is at
    /// the end.
    pub zip_bytes: u64,
    /// Which files of folders and members of archives to read.
    pub patterns: Patterns,
    /// Whether to skip the files that `.gitignore` files exclude.
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
/// An input that does not exist and contains `*`, `?`, `[` or `{` is a pattern (`news/2025-*/**/*.html`). A bad
/// document is handed over as an error and reading goes on. A file that is named is not read again as part of a folder.
/// Stops early when `each` breaks.
pub fn read(inputs: &[PathBuf], options: &Options, each: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    let named = paths::Named::of(inputs);
    for input in inputs {
        if paths::read(input, &named, options, &mut *each).is_break() {
            return;
        }
    }
}

/// Reads the documents in `bytes`, which came from `name`, as [`read`] does those of a file.
#[cfg(feature = "fetch")]
pub(crate) fn read_bytes(bytes: &[u8], name: &str, options: &Options, each: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    let _ = reader::Reader::new(options, each).stream(bytes, name); // a caller that wants no more says so itself
}
