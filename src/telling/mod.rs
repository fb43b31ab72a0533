//! What is new: the stories that came in since a mark, chosen for each search, and the digests that tell of them.
//!
//! News is told by story: of a story none of whose copies was told before, the copy that was published first, once over all
//! searches that are asked together. Later copies of a told story are counted. [`choose()`] only reads; each [`Move`] says what has to be kept
//! once the user has seen it, so what was not written to its end is chosen again.
//!
//! | of | it is |
//! |---|---|
//! | an article that came after the mark | new |
//! | an edited one that did not match before | new, as `edited` |
//! | one that was published more than seven days before it came | counted as late |
//! | one that a source had when it was first asked | counted as there before |
//! | one that came more than a week before a mark was made | known to that mark |
//!
//! ```
//! use despatch::archive::Archive;
//! use despatch::authority::Authority;
//! use despatch::engine::{Filters, LocalEngine};
//! use despatch::ingest::{self, Ingest};
//! use despatch::telling::{self, Need, News, Why, Wish};
//!
//! # let home = tempfile::tempdir()?;
//! # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
//! # std::fs::create_dir(&articles)?;
//! # std::fs::write(articles.join("ferry.md"), "# Alda buys a ferry\n\nIt sails to Quillmark in May.")?;
//! let now = "2026-03-01".parse()?;
//! ingest::run(&Ingest::new(&index, [articles], now), Authority::bundled(), &mut |_| {})?;
//! let (mut engine, mut archive) = (LocalEngine::open(&index)?, Archive::open(&index)?);
//! let needs = [Need { name: None, query: "ferry".into(), filters: Filters::default() }];
//! let news: News = telling::choose(&mut engine, &mut archive, &needs, &Wish::new("desk", now))?;
//! assert_eq!((news.stories()[0].title.as_str(), news.stories()[0].why), ("Alda buys a ferry", Why::New));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod atom;
mod choose;
mod lines;
mod mail;
mod outbox;
mod story;
#[cfg(test)]
mod tests;

use crate::archive::telling::Move;
use crate::archive::{ArchiveError, VersionSeq};
use crate::article::Moment;
use crate::engine::{EngineError, Filters};

pub use atom::atom;
#[cfg(feature = "serve")]
pub(crate) use atom::leaf;
pub use choose::{Rate, choose, rate};
pub use lines::{csv, json, markdown, text};
pub use mail::{Letter, addresses, mail, recipients};
pub use outbox::{Message, hand_over, identifier};
pub use story::{Story, Why, told_before};

/// Stories of one search that are listed; the others are counted, and wait.
pub const LISTED: usize = 20;
/// Seconds between publication and arrival from which an article came late; and the time before a new mark from which
/// what came is news to it.
const WEEK: i64 = 7 * 86_400;

/// Why there is no news to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TellingError {
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A search failed.
    #[error("{search}: {cause}")]
    Engine {
        /// The search, as it is typed.
        search: String,
        /// What it said.
        cause: EngineError,
    },
    /// A message could not be written or handed over.
    #[error("{what}: {cause}")]
    Output {
        /// What was to be written or run.
        what: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// A search whose news is wanted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Need {
    /// The saved search; `None` for all articles.
    pub name: Option<String>,
    /// Its query.
    pub query: String,
    /// Its filters.
    pub filters: Filters,
}

impl Need {
    /// As it is typed: `@name`, or nothing for all articles.
    fn typed(&self) -> String {
        self.name.as_ref().map(|name| format!("@{name}")).unwrap_or_default()
    }
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish<'a> {
    /// Name of the mark.
    pub mark: &'a str,
    /// All that came after this version, told or not, instead of what came after the mark.
    pub since: Option<VersionSeq>,
    /// List the stories that came late.
    pub late: bool,
    /// Stories of one search that are listed, at most.
    pub limit: usize,
    /// The present.
    pub now: Moment,
}

impl<'a> Wish<'a> {
    /// What came after a mark, without what came late.
    #[must_use]
    pub fn new(mark: &'a str, now: Moment) -> Self {
        Self { mark, since: None, late: false, limit: LISTED, now }
    }
}

/// The news of one search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The saved search; `None` for all articles.
    pub name: Option<String>,
    /// The version after which it was looked for.
    pub from: VersionSeq,
    /// The stories that are listed, newest first; those that another search lists are not among them.
    pub stories: Vec<Story>,
    /// Stories that another search lists, or an earlier one counts as beyond the limit.
    pub elsewhere: u64,
    /// New stories beyond the limit, without those that another search lists or an earlier one counts.
    pub more: u64,
    /// Stories that came late and are not listed.
    pub late: u64,
    /// Of these, stories that sources had when they were first asked.
    pub baseline: u64,
    /// Further copies of stories that were told before.
    pub copies: u64,
}

/// What is new.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct News {
    /// Names the archive; empty where it has no name yet.
    pub archive: String,
    /// Name of the mark.
    pub mark: String,
    /// The last version that was looked at.
    pub upto: VersionSeq,
    /// The news of each search.
    pub found: Vec<Found>,
    /// What is to be kept once it was told.
    pub moves: Vec<Move>,
    /// Notes on the searches, for the user.
    pub notes: Vec<String>,
}

impl News {
    /// All stories that are listed, in their order.
    #[must_use]
    pub fn stories(&self) -> Vec<&Story> {
        self.found.iter().flat_map(|found| &found.stories).collect()
    }

    /// How many new stories there are, listed or not, each once.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.stories().len() as u64 + self.found.iter().map(|found| found.more).sum::<u64>()
    }

    /// The version after which the first search was looked for.
    #[must_use]
    pub fn from(&self) -> VersionSeq {
        self.found.iter().map(|found| found.from).min().unwrap_or_default()
    }

    /// Whether anything has to be kept once it was told.
    #[must_use]
    pub fn has_moves(&self) -> bool {
        self.moves.iter().any(|one| one.is_new || !one.rows.is_empty())
    }

    /// The marks that are yet to be made, with nothing told: from now on they stay where they begin.
    #[must_use]
    pub fn beginnings(&self) -> Vec<Move> {
        let new = self.moves.iter().filter(|one| one.is_new);
        new.map(|one| Move { to: one.from, rows: Vec::new(), ..one.clone() }).collect()
    }

    /// A revision of this archive, as `--since` takes it.
    #[must_use]
    pub fn revision(&self, seq: VersionSeq) -> String {
        match self.archive.get(..8) {
            Some(name) => format!("{name}:{seq}"),
            None => seq.to_string(),
        }
    }
}
