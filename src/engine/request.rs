//! Requests to an engine.

use serde::{Deserialize, Serialize};

use crate::archive::{ArticleNum, VersionSeq};
use crate::article::Moment;
use crate::period::Period;
use crate::query::Field;

/// Narrows a search; every filter that is set must hold. Within one filter any of the values will do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Actors as the user names them; each entry must hold, its comma-separated names are alternatives.
    pub actor: Vec<String>,
    /// Actors who say something, themselves or by those who speak for them on the day.
    pub said: Vec<String>,
    /// What was done with systems ([`crate::event::Class`]), by name. Where actors or systems are asked for too, by one of
    /// these and with one of those.
    pub event: Vec<String>,
    /// States.
    pub affiliation: Vec<String>,
    /// Systems, programmes, their classes, or companies whose systems are meant.
    pub system: Vec<String>,
    /// Topics.
    pub topic: Vec<String>,
    /// Outlets.
    pub outlet: Vec<String>,
    /// Languages.
    pub lang: Vec<String>,
    /// Places of the dateline.
    pub place: Vec<String>,
    /// Reasons to doubt the text ([`crate::article::Doubt`]), by name.
    pub doubt: Vec<String>,
    /// Only articles whose text is doubtful for any reason.
    pub doubtful: bool,
    /// The first second that counts, since 1970.
    pub since: Option<i64>,
    /// The first second after the last that counts, since 1970.
    pub until: Option<i64>,
    /// Only articles without a time of publication.
    pub undated: bool,
    /// As `since`, for the time of the last change, or of publication where no change is known.
    pub modified_since: Option<i64>,
    /// As `until`, for that time.
    pub modified_until: Option<i64>,
    /// Each requested actor must be the subject of a sentence, or the article be about it
    /// ([`ActorTag`](crate::tag::ActorTag)).
    pub as_subject: bool,
    /// An actor's narrower actors count too (NATO's commands for NATO). For bodies they always do; a name after `=` means
    /// just its own heading.
    pub broader: bool,
    /// The least mentions that each requested actor must have in an article.
    pub min_mentions: u32,
    /// Places that stand for an actor (`Moscow`) are not mentions of it.
    pub no_metonyms: bool,
    /// How many of the query's words an article must have to count.
    pub matching: Matching,
}

/// How many words of a row of words an article must have to be counted as an answer.
///
/// A phrase, a pattern, a compound and brackets with an operator inside are one word each; stop words beside others are
/// none. Where a `+` makes the other words of its row optional, they do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matching {
    /// One of them.
    Any,
    /// All where some article has all, else the most that any article has.
    #[default]
    Most,
    /// All.
    All,
}

impl Filters {
    /// The filters by value, each field with its entries.
    pub(super) fn lists(&self) -> [(Field, &[String]); 10] {
        [
            (Field::Actor, &self.actor),
            (Field::Said, &self.said),
            (Field::Event, &self.event),
            (Field::Affiliation, &self.affiliation),
            (Field::System, &self.system),
            (Field::Topic, &self.topic),
            (Field::Outlet, &self.outlet),
            (Field::Lang, &self.lang),
            (Field::Place, &self.place),
            (Field::Doubt, &self.doubt),
        ]
    }

    /// The entries of one of these fields.
    pub(super) fn list_mut(&mut self, field: Field) -> &mut Vec<String> {
        match field {
            Field::Said | Field::Speaker => &mut self.said,
            Field::Actor => &mut self.actor,
            Field::Event => &mut self.event,
            Field::Affiliation => &mut self.affiliation,
            Field::System => &mut self.system,
            Field::Topic => &mut self.topic,
            Field::Outlet => &mut self.outlet,
            Field::Lang => &mut self.lang,
            Field::Place => &mut self.place,
            Field::Doubt => &mut self.doubt,
        }
    }
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
    /// Last changed first, or last published where no change is known; undated last.
    Changed,
    /// Last added to the archive first, whenever it was published.
    Added,
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// The query as the user typed it. Empty: all articles.
    pub query: String,
    /// Filters in addition to the query.
    pub filters: Filters,
    /// The order.
    pub sort: Sort,
    /// Hits to return, at most.
    pub limit: usize,
    /// Hits left out before them.
    pub offset: usize,
    /// Passages of each hit, at most.
    pub passages: usize,
    /// With a number, passages are the matching sentences with this many sentences before and after each; else 60 to 160
    /// words.
    pub context: Option<usize>,
    /// Half-life in days: half of each score decays with the age of the article, and is halved in this time. An undated
    /// article counts as old.
    pub recency: Option<f64>,
    /// Brief queries are expanded by words of their best articles. This reorders the hits and adds none.
    pub feedback: bool,
    /// The response explains how it came about.
    pub explain: bool,
    /// Every copy of a story is a hit of its own, and counted.
    pub all_copies: bool,
    /// With [`Matching::Most`] and by relevance, hits may be articles with only some of the words; each says which it
    /// lacks ([`Hit::missing`](super::response::Hit)). Else every hit counts.
    pub partial: bool,
    /// The present, from which "yesterday" is counted.
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
            partial: true,
            now,
        }
    }
}

/// What articles are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    /// Actors.
    Actor,
    /// Actors who speak.
    Speaker,
    /// What was done with systems.
    Event,
    /// States to which they belong.
    Affiliation,
    /// Systems and programmes.
    System,
    /// Topics.
    Topic,
    /// Outlets.
    Outlet,
    /// Languages.
    Language,
    /// Places of the dateline.
    Place,
    /// Reasons to doubt the text.
    Doubt,
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
    /// The field of the query language that filters by its values; `None` for times.
    pub(super) fn field(self) -> Option<Field> {
        match self {
            Self::Actor => Some(Field::Actor),
            Self::Speaker => Some(Field::Speaker),
            Self::Event => Some(Field::Event),
            Self::Affiliation => Some(Field::Affiliation),
            Self::System => Some(Field::System),
            Self::Topic => Some(Field::Topic),
            Self::Outlet => Some(Field::Outlet),
            Self::Language => Some(Field::Lang),
            Self::Place => Some(Field::Place),
            Self::Doubt => Some(Field::Doubt),
            Self::Day | Self::Week | Self::Month | Self::Quarter | Self::Year => None,
        }
    }

    /// Whether it counts by time of publication.
    pub fn is_time(self) -> bool {
        self.period().is_some()
    }

    /// The periods that it counts by; `None` where it does not count by time.
    pub(super) fn period(self) -> Option<Period> {
        match self {
            Self::Day => Some(Period::Day),
            Self::Week => Some(Period::Week),
            Self::Month => Some(Period::Month),
            Self::Quarter => Some(Period::Quarter),
            Self::Year => Some(Period::Year),
            _ => None,
        }
    }
}

/// The order of a facet's values; times are always in their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FacetSort {
    /// Most frequent first.
    #[default]
    Count,
    /// First values that are much more frequent among the hits than in the index: by the difference of the two shares times
    /// their ratio.
    Surprise,
}

/// A count of articles by facets.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetRequest {
    /// The query as the user typed it. Empty: all articles.
    pub query: String,
    /// Filters in addition to the query.
    pub filters: Filters,
    /// A facet's own filter (that on actors for actors) does not narrow its counts, so that they show the alternatives.
    /// A field of the query always narrows.
    pub all_values: bool,
    /// What articles are counted by.
    pub by: Vec<Facet>,
    /// Values to return for each facet, 0 for all. Periods are never cut: all from the first to the last, empty ones too.
    pub limit: usize,
    /// Only values below this one (`body`, `procurement`).
    pub below: Option<String>,
    /// Levels of a hierarchy to show: a value deeper down counts for the one above it. 0 for all, each for itself.
    pub levels: usize,
    /// Their order.
    pub sort: FacetSort,
    /// Actors are ordered by the sum of their weights in the articles, not by stories.
    pub weigh: bool,
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
            all_values: false,
            by,
            limit: 0,
            below: None,
            levels: 0,
            sort: FacetSort::Count,
            weigh: false,
            all_copies: false,
            now,
        }
    }
}

/// A count of articles by a facet's values over time.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRequest {
    /// The query as the user typed it. Empty: all articles.
    pub query: String,
    /// Filters in addition to the query; all of them hold.
    pub filters: Filters,
    /// Whose values are counted; `None` for all articles together alone.
    pub by: Option<Facet>,
    /// The length of a period: one of the facets of time.
    pub per: Facet,
    /// Values to return, the most frequent first, 0 for all.
    pub limit: usize,
    /// Only values below this one (`body`, `procurement`).
    pub below: Option<String>,
    /// Count articles; else a story counts once in a period, however many copies of it there are.
    pub all_copies: bool,
    /// The present.
    pub now: Moment,
}

/// A question for what came in.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrivalsRequest {
    /// The query as the user typed it. Empty: all articles.
    pub query: String,
    /// Filters in addition to the query.
    pub filters: Filters,
    /// Articles with a newer version than this one.
    pub after: VersionSeq,
    /// Articles that are looked at too, however old they are; sorted.
    pub among: Vec<ArticleNum>,
    /// The present.
    pub now: Moment,
}

/// A count of actors that appear together.
#[derive(Debug, Clone, PartialEq)]
pub struct PairsRequest {
    /// The query as the user typed it. Empty: all articles.
    pub query: String,
    /// Filters in addition to the query: which articles are read.
    pub filters: Filters,
    /// Names of actors or systems, alternatives apart by commas: each entry must be met by one side of a pair. Never a
    /// filter, for then nothing could be said about how often the other is mentioned without them.
    pub actors: Vec<String>,
    /// Only actors below this (`person`); of a pair that meets `actors`, the other side. Systems and programmes are
    /// counted only where this or `actors` names some.
    pub below: Option<String>,
    /// Counts who speaks of whom: a pair is the speaker of a statement and somebody whom its words mention. `said` in the
    /// filters then names the speakers, and `below` those who are spoken of.
    pub spoken: bool,
    /// Counts for each stretch of time too: one of the facets of time.
    pub per: Option<Facet>,
    /// Pairs of fewer stories are left out.
    pub least: u64,
    /// The order.
    pub sort: PairSort,
    /// Pairs to return, 0 for all.
    pub limit: usize,
    /// Count articles, not stories.
    pub all_copies: bool,
    /// The present.
    pub now: Moment,
}

/// The order of pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PairSort {
    /// The most frequent first.
    #[default]
    Count,
    /// The greatest ratio of found to expected first.
    Ratio,
}
