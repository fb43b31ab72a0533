//! Followed sources: polite requests, what is due, and what comes of the answers.
//!
//! Beside `cluster`, this is the only room that opens a connection, and it asks only what the user follows: the sources, the pages that
//! these name, and the `robots.txt` of their hosts. All answers are untrusted.
//!
//! | part | what it does |
//! |---|---|
//! | [`follow()`] | looks at an address once, and follows what is there |
//! | [`fetch()`] | asks for what is due, and takes it into archive and index |
//! | `net`, `address`, `proxy` | one request, with its limits; which addresses may be asked at all, and through what |
//! | `hosts` | queues: one request at a time a host, with a pause between |
//! | `calendar`, `poll` | when a source is due; what an answer changes in what is known of it |
//! | `entries`, `about`, `sitemap`, `links` | the entries of a feed, sitemap or list page |
//! | `page` | whether the text of a page is the story, or a wall before it |
//! | [`opml`] | lists of sources, as other programs write and read them |

mod about;
mod address;
mod calendar;
mod entries;
mod follow;
mod hosts;
mod links;
mod net;
pub mod opml;
mod page;
mod poll;
mod proxy;
mod robots;
mod run;
mod sitemap;
mod xml;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::archive::ArchiveError;
use crate::archive::following::Source;
use crate::article::Moment;
use crate::directory::DirectoryError;
use crate::ingest::IngestError;
use address::PRIVATE;
pub use address::is_host;
pub use calendar::span;
pub use follow::{Followed, Offer, Wish, follow, keep, unfollow, wish_without_looking};
use net::NO_TLS;
pub use poll::{State, state};
pub use run::{Fetched, Line, Report, fetch, planned};

/// Seconds of an hour and a day.
pub(crate) const HOUR: i64 = 3600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Why nothing could be fetched or followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// An address cannot be followed.
    #[error("{address}: {what}")]
    Address {
        /// The address, as it was given.
        address: String,
        /// What is wrong with it.
        what: String,
    },
    /// What is there is no feed, but names some.
    #[error("{address} is no feed{}", if offers.is_empty() { "" } else { ", but names some: choose one" })]
    NoFeed {
        /// The address.
        address: String,
        /// What the page names.
        offers: Vec<Offer>,
    },
    /// No source has this name or address.
    #[error("no source '{0}' is followed")]
    Unknown(String),
    /// Another source has this name.
    #[error("another source is called '{0}'")]
    Taken(String),
    /// Another process fetches.
    #[error("{holder} fetches already")]
    Busy {
        /// The process.
        holder: String,
    },
    /// An address that cannot be followed, whatever answers there.
    #[error("{address}: {what}")]
    Invalid {
        /// The address, as it was given.
        address: String,
        /// What is wrong with it.
        what: String,
    },
    /// The proxy that the environment names cannot be used, or no connection can be made at all.
    #[error("{0}")]
    Setup(String),
    /// Archive or index failed.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

impl FetchError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unknown(_) => "`despatch following` lists what is followed",
            Self::Taken(_) => "choose another name with --as",
            Self::Busy { .. } => "it asks for what is due, and nothing is lost; --wait SECONDS waits for it",
            Self::Invalid { .. } => "an address begins with http:// or https://",
            Self::Address { address, what } if what.contains(PRIVATE) => return Some(private_hint(address)),
            Self::Address { what, .. } if what.contains(NO_TLS) => "try the address with http:// in place of https://",
            Self::Address { .. } => "nothing is followed; --add-only follows an address that does not answer now",
            Self::NoFeed { offers, .. } if offers.is_empty() => {
                "the address of a feed ends in /feed, /rss or .xml on many sites; --kind page follows a list of articles"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

/// What to type, so that a private address may be asked.
fn private_hint(address: &str) -> String {
    let host = url::Url::parse(address).map(|url| address::host_of(&url)).unwrap_or_else(|_| "HOST:PORT".to_owned());
    format!(
        "if it is yours: despatch config set fetch-private {host} (what is set now is replaced: list all, with commas)"
    )
}

impl From<ArchiveError> for FetchError {
    fn from(error: ArchiveError) -> Self {
        Self::Ingest(error.into())
    }
}

impl From<DirectoryError> for FetchError {
    fn from(error: DirectoryError) -> Self {
        Self::Ingest(error.into())
    }
}

/// How to fetch.
#[derive(Debug, Clone)]
pub struct Options {
    /// The index directory.
    pub dir: PathBuf,
    /// The present; it does not move while a fetch runs.
    pub now: Moment,
    /// Named to every host, beside the program.
    pub contact: Option<String>,
    /// The interval with which a new source begins, in seconds.
    pub every: i64,
    /// Least time between the starts of two requests to a host.
    pub delay: Duration,
    /// Private addresses that may be fetched: `HOST:PORT`, or `HOST` for all its ports.
    pub private: BTreeSet<String>,
    /// Hosts that are asked at a time.
    pub threads: usize,
    /// Pages of one host that are asked for in one run.
    pub max_pages: usize,
    /// How long to wait for another process that fetches or writes.
    pub wait: Duration,
    /// The proxy to ask through; without one, what the environment names.
    pub proxy: Option<String>,
    /// The hosts that are asked without it, with commas between them, as the variable `NO_PROXY` has them.
    pub no_proxy: String,
    /// Set while a fetch runs, so that it writes what it has and ends.
    pub stop: Arc<AtomicBool>,
    /// Sources to ask, by name or address; none asks all.
    pub names: Vec<String>,
    /// Whether to ask sources that are not due yet.
    pub now_all: bool,
    /// Whether to ask for the pages behind items.
    pub pages: bool,
    /// Whether to ask again for pages whose stories are kept.
    pub rechecks: bool,
    /// After this time no further request is made.
    pub max_time: Option<Duration>,
    /// The longest that one answer may take: feed or page, sitemap.
    pub patience: [Duration; 2],
    /// Documents that are written at a time, at most.
    pub batch: usize,
}

impl Options {
    /// The defaults for an index directory.
    pub fn new(dir: impl Into<PathBuf>, now: Moment) -> Self {
        Self {
            dir: dir.into(),
            now,
            contact: None,
            every: HOUR,
            delay: Duration::from_secs(2),
            private: BTreeSet::new(),
            threads: 8,
            max_pages: 50,
            wait: Duration::ZERO,
            proxy: None,
            no_proxy: String::new(),
            stop: Arc::default(),
            names: Vec::new(),
            now_all: false,
            pages: true,
            rechecks: true,
            max_time: None,
            patience: [Duration::from_secs(60), Duration::from_secs(120)],
            batch: 250,
        }
    }

    /// The present in seconds since 1970.
    fn seconds(&self) -> i64 {
        self.now.seconds()
    }
}

/// The source that the user calls so: by its name, else by its address.
///
/// # Errors
///
/// Fails where there is none.
pub fn find<'a>(sources: &'a [Source], called: &str) -> Result<&'a Source, FetchError> {
    let by_name = sources.iter().find(|source| source.name == called);
    let by_address = || sources.iter().find(|source| source.url == called.trim());
    by_name.or_else(by_address).ok_or_else(|| FetchError::Unknown(called.to_owned()))
}
