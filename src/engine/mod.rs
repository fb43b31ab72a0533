//! Searching: a request in, a response out, free of the index's types.
//!
//! [`Engine`] is the one road to the articles; command line, tests and later servers share its plain types.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::article::Moment;

/// Narrows a search; every filter that is set must hold. Within one filter any of the values will do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Actors as the user names them; each entry must hold, its comma-separated names are alternatives.
    pub actor: Vec<String>,
    /// States.
    pub affiliation: Vec<String>,
    /// Topics.
    pub topic: Vec<String>,
    /// Outlets.
    pub outlet: Vec<String>,
    /// Languages.
    pub lang: Vec<String>,
    /// Places of the dateline.
    pub place: Vec<String>,
    /// First second that counts, seconds since 1970.
    pub since: Option<i64>,
    /// First second that does not count any more.
    pub until: Option<i64>,
}

/// The order of the hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Newest first; undated last.
    Newest,
    /// Oldest first; undated last.
    Oldest,
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// What the user typed. Empty: all articles.
    pub query: String,
    /// Filters beside it.
    pub filters: Filters,
    /// The order.
    pub sort: Sort,
    /// Hits wanted.
    pub limit: usize,
    /// Hits left out before them.
    pub offset: usize,
    /// Passages for each hit, at most.
    pub passages: usize,
    /// The present, by which "yesterday" is meant.
    pub now: Moment,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SearchResponse {
    /// Articles that match.
    pub total: u64,
    /// The query as it was understood, in the query language.
    pub understood: String,
    /// What the user should know: what was changed or left out of the query.
    pub notes: Vec<String>,
    /// The hits asked for.
    pub hits: Vec<Hit>,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Its place in the order, from 1.
    pub rank: usize,
    /// Its score; higher is better.
    pub score: f32,
    /// Its identifier, for `despatch show`.
    pub id: String,
    /// Headline.
    pub title: String,
    /// Bytes of the title that made it match.
    pub title_highlights: Vec<Highlight>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Moment>,
    /// Authors.
    pub byline: Vec<String>,
    /// Its actors, most mentioned first.
    pub actors: Vec<Heading>,
    /// Its topics, heaviest first.
    pub topics: Vec<Heading>,
    /// Its best passages, best first.
    pub passages: Vec<Passage>,
}

/// A heading of the authority file: its id and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// `person/keir-starmer`.
    pub id: String,
    /// `Keir Starmer`.
    pub label: String,
}

/// A stretch of an article that answers the query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passage {
    /// Its text.
    pub text: String,
    /// First byte in the article's text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Its score within the article.
    pub score: f32,
    /// Bytes of `text` that made it match, in order, apart.
    pub highlights: Vec<Highlight>,
}

/// What made a stretch of text match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it is a mention of an actor that was asked for, rather than a word of the query.
    pub actor: bool,
}

impl Serialize for Highlight {
    /// As `[start, end]`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.start, self.end].serialize(serializer)
    }
}

/// By what to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    /// Actors.
    Actor,
    /// States to which they belong.
    Affiliation,
    /// Topics.
    Topic,
    /// Outlets.
    Outlet,
    /// Languages.
    Language,
    /// Places of the dateline.
    Place,
    /// Months of publication (UTC).
    Month,
}

/// A count of articles by facets.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetRequest {
    /// What the user typed. Empty: all articles.
    pub query: String,
    /// Filters beside it. A facet's own filter is left out of its counts.
    pub filters: Filters,
    /// By what to count.
    pub by: Vec<Facet>,
    /// Values wanted for each facet, 0 for all.
    pub limit: usize,
    /// Only values that begin with this (`body/`, `procurement/`).
    pub below: Option<String>,
    /// The present.
    pub now: Moment,
}

/// Counts of articles by facets.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FacetResponse {
    /// Articles that match.
    pub total: u64,
    /// The query as it was understood.
    pub understood: String,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The counts, most frequent first (months in order).
    pub counts: BTreeMap<Facet, Vec<FacetCount>>,
}

/// How many articles have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The value: an id, an outlet, `2025-11`.
    pub value: String,
    /// How it is shown.
    pub label: String,
    /// Articles.
    pub count: u64,
}
