//! Questions in the words of the command line: its long options, which are also the keys of saved searches and the
//! parameters of addresses.
//!
//! Each kind of question is a type that clap can read, so one definition gives the options of a command, their help,
//! and the parameters of a page. [`read`] takes them as pairs of name and value, as an address has them. A question is
//! first [`asked`](Here::asked), which looks up the saved search that it may name, and then made a request to an
//! engine.
//!
//! ```
//! use despatch::ask::{Here, SearchArgs, read};
//!
//! let now = "2026-03-01".parse()?;
//! let args: SearchArgs = read(&[("q", "SAFE talks"), ("actor", "uk"), ("limit", "5")])?;
//! let index = tempfile::tempdir()?;
//! let asked = Here { index: index.path(), now, matching: None }.asked(&args.query, &args.filters)?;
//! let request = args.request(&asked, now)?;
//! assert_eq!((request.query.as_str(), request.limit), ("SAFE talks", 5));
//! assert_eq!(request.filters.actor, ["uk"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod choice;
mod counts;
mod filters;
mod gaps;
mod hits;
mod named;
mod typed;

use std::path::Path;

use crate::article::Moment;
use crate::query::{self, dates::DateError};
use crate::saved::{SavedError, Shelf};
pub use counts::{FacetsArgs, NamesArgs, PairsArgs, TimelineArgs};
pub use filters::FilterArgs;
pub use hits::{QuotesArgs, SearchArgs, SimilarArgs};
#[cfg(feature = "serve")]
pub(crate) use named::known;
pub(crate) use named::words;
pub use named::{Parameter, ParameterError, parameters, read};
pub(crate) use typed::typed;

/// Why a question cannot be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// A date means nothing.
    #[error("--{option} {text}")]
    Date {
        /// The option.
        option: String,
        /// What it was given.
        text: String,
        /// Why it is no date.
        #[source]
        cause: DateError,
    },
    /// Two dates leave no day between them.
    #[error("--{from} {since} is after --{to} {until}: no day is in both")]
    Order {
        /// The option of the first day.
        from: String,
        /// What it was given.
        since: String,
        /// The option of the last day.
        to: String,
        /// What it was given.
        until: String,
    },
    /// There is no such saved search, or it cannot be read.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// A saved search has a filter that there is not, or a filter has no value that can be saved.
    #[error("the filters cannot be read: {0}")]
    Filters(String),
    /// Options that do not go together.
    #[error("{0}")]
    Misused(String),
}

impl AskError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Date { cause, .. } => Some(cause.hint.clone()),
            Self::Saved(error) => error.hint(),
            Self::Order { .. } | Self::Filters(_) | Self::Misused(_) => None,
        }
    }
}

/// Where and when a question is asked.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    /// The index directory, with its saved searches.
    pub index: &'a Path,
    /// The present.
    pub now: Moment,
    /// The value of the setting `match`. It is the default of that option, so it is not above what was saved.
    pub matching: Option<&'a str>,
}

/// A query with its filters.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The query.
    pub query: String,
    /// Its filters.
    pub filters: FilterArgs,
}

impl Here<'_> {
    /// The words and filters of a question. Where the first word is `@NAME`, they look within that saved search.
    ///
    /// # Errors
    ///
    /// Fails where there is no saved search of that name.
    pub fn asked(&self, words: &[String], filters: &FilterArgs) -> Result<Asked, AskError> {
        let name =
            words.first().and_then(|first| first.strip_prefix('@')).filter(|name| !name.contains(char::is_whitespace));
        let Some(name) = name else { return Ok(Asked { query: words.join(" "), filters: filters.clone() }) };
        let saved = Shelf::of(self.index).get(name)?;
        let more = words[1..].join(" ");
        let query = if more.trim().is_empty() { saved.query } else { both(&saved.query, &more, &self.now) };
        let mut table = saved.filters;
        for (name, value) in filters.table()? {
            match (table.get_mut(&name), value) {
                (Some(toml::Value::Array(old)), toml::Value::Array(new)) => old.extend(new),
                // What is only the setting's value is not above what was saved.
                (Some(_), new) if name == "match" && new.as_str() == self.matching => {}
                (_, value) => drop(table.insert(name, value)),
            }
        }
        let filters = FilterArgs::from_table(table).map_err(|error| AskError::Filters(format!("@{name}: {error}")))?;
        Ok(Asked { query, filters })
    }
}

/// A query that matches what both match. Each is parsed and printed, so that an open bracket or quotation mark of one
/// cannot reach into the other; one that cannot be parsed stays as typed, and the search reports its error.
fn both(one: &str, other: &str, now: &Moment) -> String {
    let read = |text: &str| query::parse(text, now).map_or_else(|_| text.to_owned(), |query| query.to_string());
    match (read(one), read(other)) {
        (one, other) if one.is_empty() => other,
        (one, other) if other.is_empty() => one,
        (one, other) => format!("+({one}) +({other})"),
    }
}
