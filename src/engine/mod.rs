//! Searching: a request in, a response out, free of the index's types.
//!
//! [`Engine`] is the one road to the articles; command line, tests and later servers share its plain types.

mod bits;
mod both;
mod exec;
mod explain;
mod facets;
mod hits;
mod labels;
mod lists;
mod local;
mod pairs;
mod plan;
mod postings;
mod ready;
mod rerank;
mod run;
mod similar;
mod stories;
mod tally;
mod timeline;
mod typo;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::archive::ArchiveError;
use crate::article::{Moment, Place};
use crate::index::IndexError;
pub use local::LocalEngine;
pub use pairs::{Pair, PairCount, PairPeriod, PairSort, PairsRequest, PairsResponse};
pub use timeline::{MOST_PERIODS, Series, TimelineRequest, TimelineResponse};

/// The one road to the articles.
pub trait Engine {
    /// Finds articles and their best passages.
    ///
    /// # Errors
    ///
    /// Fails where the query or a filter names what does not exist, or the index cannot be read.
    fn search(&mut self, request: &SearchRequest) -> Result<SearchResponse, EngineError>;

    /// The identifiers of the best articles with their scores, in order: what [`Engine::search`] finds, without its
    /// hits' texts.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError>;

    /// Finds the articles most like one, by its rarest and most frequent words; the article and the copies of its story are
    /// left out. Of the request the query is not looked at.
    ///
    /// # Errors
    ///
    /// Fails where no article has the identifier, a filter names what does not exist, or the index cannot be read.
    fn similar(&mut self, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError>;

    /// Counts articles by facets.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn facets(&mut self, request: &FacetRequest) -> Result<FacetResponse, EngineError>;

    /// Counts articles by a facet's values over time.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn timeline(&mut self, request: &TimelineRequest) -> Result<TimelineResponse, EngineError>;

    /// Counts actors that appear together.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn pairs(&mut self, request: &PairsRequest) -> Result<PairsResponse, EngineError>;
}

/// Why a search could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Part of the query means nothing.
    #[error("{message}")]
    Query {
        /// What is wrong.
        message: String,
        /// Bytes of the query.
        span: Range<usize>,
        /// What would work.
        hint: Option<String>,
    },
    /// A name that no heading has.
    #[error("no {field} '{name}'")]
    UnknownName {
        /// The field or filter.
        field: &'static str,
        /// The name.
        name: String,
        /// The nearest that there are, best first.
        nearest: Vec<Heading>,
    },
    /// A name that several headings have.
    #[error("{field} '{name}' could be any of {}", candidates.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", "))]
    AmbiguousName {
        /// The field or filter.
        field: &'static str,
        /// The name.
        name: String,
        /// What it can mean.
        candidates: Vec<Heading>,
    },
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl EngineError {
    /// Whether the query or a filter is at fault, rather than the index.
    pub fn is_of_query(&self) -> bool {
        matches!(self, Self::Query { .. } | Self::UnknownName { .. } | Self::AmbiguousName { .. })
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let list = |headings: &[Heading]| {
            let one = |heading: &Heading| match heading.label == heading.id {
                true => heading.id.clone(),
                false => format!("{} ({})", heading.label, heading.id),
            };
            headings.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Query { hint, .. } => hint.clone(),
            Self::UnknownName { nearest, .. } if nearest.is_empty() => None,
            Self::UnknownName { nearest, .. } => Some(format!("the nearest: {}", list(nearest))),
            Self::AmbiguousName { .. } => Some("name one of them by its id".to_owned()),
            Self::Index(_) | Self::Archive(_) => {
                Some("`despatch verify` tells whether anything is damaged, and what mends it".to_owned())
            }
        }
    }
}

impl From<tantivy::TantivyError> for EngineError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.into())
    }
}

impl From<std::io::Error> for EngineError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.into())
    }
}

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
    /// An actor's narrower actors count too (NATO's commands for NATO). For bodies they always do; a name after `=` means
    /// just its own heading.
    pub broader: bool,
    /// Mentions that an actor that is asked for must have in an article.
    pub min_mentions: u32,
    /// Places that stand for an actor are no mentions of it.
    pub no_metonyms: bool,
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
    /// Passages are the sentences that match with so many before and after them, rather than 60 to 160 words.
    pub context: Option<usize>,
    /// Half-life in days: of a score half falls with the article's age, by half in this time. Undated counts as old.
    pub recency: Option<f64>,
    /// Short queries are widened by words of their best articles; this reorders what they match.
    pub feedback: bool,
    /// The response says how it came about.
    pub explain: bool,
    /// Copies of one story as hits of their own, and counted.
    pub all_copies: bool,
    /// The present, by which "yesterday" is meant.
    pub now: Moment,
}

impl SearchRequest {
    /// Ten hits with one passage each, best first, for a query without filters.
    pub fn new(query: &str, now: Moment) -> Self {
        Self {
            query: query.to_owned(),
            filters: Filters::default(),
            sort: Sort::default(),
            limit: 10,
            offset: 0,
            passages: 1,
            context: None,
            recency: None,
            feedback: true,
            explain: false,
            all_copies: false,
            now,
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SearchResponse {
    /// Stories that match, or articles where all copies were asked for.
    pub total: u64,
    /// Articles that match, copies included.
    pub copies: u64,
    /// The query as it was understood, in the query language.
    pub understood: String,
    /// What the user should know: what was changed or left out of the query.
    pub notes: Vec<String>,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Where nothing was found: queries that would find something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// Where nothing was found: each part of the query, and each filter, without which something is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emptied_by: Vec<ClauseCount>,
    /// How it came about, where the request asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// How a response came about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// Each part of the query and each filter, and how many articles match it by itself.
    pub clauses: Vec<ClauseCount>,
    /// Actors whom words of the query name: articles that mention them under another name match too.
    pub actors: Vec<Heading>,
    /// Words that feedback joined to the query, with their shares.
    pub learnt: Vec<(String, f32)>,
}

/// How many articles match a part of a query by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ClauseCount {
    /// The part, in the query language, or the filter.
    pub clause: String,
    /// Articles.
    pub articles: u64,
    /// How its words were read, where that is more than the letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<String>,
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
    #[serde(flatten, serialize_with = "title_highlights")]
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
    /// ISO 639-1 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Its actors, most mentioned first.
    pub actors: Vec<Heading>,
    /// Its topics, heaviest first.
    pub topics: Vec<Heading>,
    /// Articles that run the same story, this one included.
    pub copies: u64,
    /// Outlets that ran it.
    pub outlets: u64,
    /// The copy that was published first, where there are several and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_published: Option<FirstCopy>,
    /// Its best passages, best first.
    pub passages: Vec<Passage>,
    /// Where the score comes from, if the request asks; the values add up to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub score_parts: Vec<ScorePart>,
}

/// A part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScorePart {
    /// `text`, `title`, `actor`, `feedback`, `closeness` or `recency`.
    pub part: &'static str,
    /// What it adds, or takes.
    pub value: f32,
}

/// The earliest copy of a story, by the time of publication.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstCopy {
    /// Its identifier.
    pub id: String,
    /// Its outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Moment,
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
    #[serde(flatten, serialize_with = "highlights")]
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

fn highlights<S: serde::Serializer>(all: &[Highlight], serializer: S) -> Result<S::Ok, S::Error> {
    with_those_of_actors(["highlights", "actor_highlights"], all, serializer)
}

fn title_highlights<S: serde::Serializer>(all: &[Highlight], serializer: S) -> Result<S::Ok, S::Error> {
    with_those_of_actors(["title_highlights", "title_actor_highlights"], all, serializer)
}

/// Two fields: all highlights, and those of them that are mentions of actors, if there are any.
fn with_those_of_actors<S: serde::Serializer>(
    [name, of_actors]: [&str; 2],
    all: &[Highlight],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_map(None)?;
    fields.serialize_entry(name, all)?;
    let actors: Vec<&Highlight> = all.iter().filter(|mark| mark.actor).collect();
    if !actors.is_empty() {
        fields.serialize_entry(of_actors, &actors)?;
    }
    fields.end()
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
    /// Days of publication (UTC).
    Day,
    /// Weeks of publication, each by its Monday.
    Week,
    /// Months of publication.
    Month,
    /// Quarters of publication.
    Quarter,
    /// Years of publication.
    Year,
}

impl Facet {
    /// Whether it counts by time of publication.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Quarter | Self::Year)
    }
}

/// The order of a facet's values; times are always in their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FacetSort {
    /// Most frequent first.
    #[default]
    Count,
    /// First what is much more frequent among the hits than in the index: by the difference of the two shares times their
    /// ratio.
    Surprise,
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
    /// Values wanted for each facet, 0 for all. Times are all there, from the first to the last, empty ones too.
    pub limit: usize,
    /// Only values below this one (`body`, `procurement`).
    pub below: Option<String>,
    /// Levels of a hierarchy to show: a value deeper down counts for the one above it. 0 for all, each for itself.
    pub levels: usize,
    /// Their order.
    pub sort: FacetSort,
    /// Count articles; else a story counts once, however many copies of it there are.
    pub all_copies: bool,
    /// The present.
    pub now: Moment,
}

impl FacetRequest {
    /// All values of these facets, for a query without filters.
    pub fn new(query: &str, by: Vec<Facet>, now: Moment) -> Self {
        Self {
            query: query.to_owned(),
            filters: Filters::default(),
            by,
            limit: 0,
            below: None,
            levels: 0,
            sort: FacetSort::Count,
            all_copies: false,
            now,
        }
    }
}

/// Counts of articles by facets.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FacetResponse {
    /// Stories that match, or articles where all copies were asked for.
    pub total: u64,
    /// Articles that match, copies included.
    pub copies: u64,
    /// The query as it was understood.
    pub understood: String,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The counts, in the order asked for (times in order).
    pub counts: BTreeMap<Facet, Vec<FacetCount>>,
    /// What the counts leave out.
    pub rest: BTreeMap<Facet, FacetRest>,
}

/// What the counts of a facet leave out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct FacetRest {
    /// Values beyond the limit; `None` where they were not counted one by one.
    pub values: Option<u64>,
    /// The sum of their counts; a story with several of them counts for each.
    pub count: u64,
    /// Stories (or articles) without any value.
    pub without: u64,
}

/// How many articles have a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FacetCount {
    /// The value: an id, an outlet, `2025-11`.
    pub value: String,
    /// How it is shown.
    pub label: String,
    /// Articles.
    pub count: u64,
    /// Where the order is by surprise: articles of the whole index with the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_index: Option<u64>,
    /// Where the order is by surprise: the share among the hits over the share in the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surprise: Option<f64>,
}
