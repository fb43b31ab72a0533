//! Responses of an engine.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::SerializeMap;

use super::request::Facet;
use crate::archive::{ArticleNum, GroupNum, VersionSeq};
use crate::article::{Doubt, Moment, Place};
use crate::authority::{Authority, is_unlisted};
use crate::event::Class;
use crate::number::number_of;

/// The response to a search.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SearchResponse {
    /// Stories that match, or articles where the request counts all copies.
    pub total: u64,
    /// Articles that match, copies included.
    pub copies: u64,
    /// The query as it was understood, in the query language.
    pub understood: String,
    /// Notes for the user: what was changed or left out of the query.
    pub notes: Vec<String>,
    /// How many of the query's words the counted stories have; `None` where it has fewer than two.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// The requested hits.
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

/// How many of a query's words the counted stories have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// Stories with at least one of the words, or articles where the request counts all copies.
    pub total_any: u64,
    /// Words of the query: see [`Matching`](super::request::Matching).
    pub words: usize,
    /// Words that each counted story has.
    pub words_met: usize,
}

impl Reach {
    /// What the user should know: that no story has all the words, or that others have some of them.
    pub(super) fn note(&self, total: u64, all_copies: bool) -> Option<String> {
        self.note_of(if all_copies { "article" } else { "story" }, total)
    }

    /// As [`Reach::note`], of what this noun names.
    pub(super) fn note_of(&self, noun: &str, total: u64) -> Option<String> {
        let have = |count: u64| format!("{} {}", number_of(count, noun), if count == 1 { "has" } else { "have" });
        let has = if self.total_any == 1 { "has" } else { "have" };
        let some = format!("{} {has} some (--match any)", self.total_any);
        let more = self.total_any > total;
        Some(match (self.words_met == self.words, total, more) {
            _ if self.total_any == 0 => return None,
            (_, 0, _) => format!("no {noun} has all your words; {some}"),
            (true, _, true) => format!("{} all your words; {some}", have(total)),
            (true, _, false) => return None,
            (false, ..) => {
                let some = if more { format!("; {some}") } else { String::new() };
                let best = format!("{} {} of the {}", have(total), self.words_met, self.words);
                format!("no {noun} has all your words; {best}{some}")
            }
        })
    }
}

/// The order in which counts of values are shown.
pub(super) fn most_first(a: &(String, u64), b: &(String, u64)) -> Ordering {
    b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))
}

/// How a response came about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// Each part of the query and each filter, and how many articles match it alone.
    pub clauses: Vec<ClauseCount>,
    /// Actors whom words of the query name: articles that mention them under another name match too.
    pub actors: Vec<Heading>,
    /// Words that feedback joined to the query, with their shares.
    pub learnt: Vec<(String, f32)>,
    /// What a cluster was asked, where the index is on one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
}

/// A request to a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Request {
    /// What it was for.
    pub what: &'static str,
    /// Milliseconds until the answer was there.
    pub ms: f64,
    /// Those of them that the cluster took, as it says.
    pub cluster_ms: f64,
}

/// How many articles match a part of a query alone.
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
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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
    /// Why its text may not be the story, the whole story, or the story alone; nothing where nothing speaks against it.
    pub doubts: BTreeSet<Doubt>,
    /// Since when its page is not there any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<Timestamp>,
    /// Its actors, heaviest first.
    pub actors: Vec<Heading>,
    /// Its systems and programmes, heaviest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<Heading>,
    /// Its topics, heaviest first.
    pub topics: Vec<Heading>,
    /// What it says was done with systems, where the request asks for events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<HitEvent>,
    /// Articles that run the same story, this one included.
    pub copies: u64,
    /// Outlets that ran it.
    pub outlets: u64,
    /// The copy that was published first, where there are several and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_published: Option<FirstCopy>,
    /// Its best passages, best first.
    pub passages: Vec<Passage>,
    /// Words of the query that it lacks, where others have more of them and this one is not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Where the score comes from, if the request asks; the values add up to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub score_parts: Vec<ScorePart>,
}

/// Something that an actor did with a system, as an article says it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HitEvent {
    /// What was done.
    pub class: Class,
    /// Who did it.
    pub actor: Heading,
    /// The system or programme.
    pub system: Heading,
    /// Whether the title says so, not the text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_title: bool,
    /// First byte of the words that say so in the article's text or title.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScorePart {
    /// `text`, `title`, `actor`, `feedback`, `closeness`, `window` (the stretch with the most words) or `recency`.
    pub part: &'static str,
    /// What it adds; negative where it lowers the score.
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

/// A heading of the authority file, or a name without one: its id and how it is shown. In JSON a name without a heading
/// has `unlisted` too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// `person/keir-starmer`.
    pub id: String,
    /// `Keir Starmer`.
    pub label: String,
}

impl Serialize for Heading {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("id", &self.id)?;
        fields.serialize_entry("label", &self.label)?;
        if self.is_unlisted() {
            fields.serialize_entry("unlisted", &true)?;
        }
        fields.end()
    }
}

impl Heading {
    /// Whether it is a name without a heading.
    pub fn is_unlisted(&self) -> bool {
        is_unlisted(&self.id)
    }

    /// The heading of an actor or topic; of a name without a heading, the words of its id.
    pub(crate) fn of(authority: &Authority, id: String) -> Self {
        let label = match id.strip_prefix("unlisted/") {
            Some(slug) => slug.split('-').map(capitalised).collect::<Vec<_>>().join(" "),
            None => {
                let known = authority.heading(&id).or_else(|| authority.topic_heading(&id));
                known.unwrap_or(&id).to_owned()
            }
        };
        Self { id, label }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A stretch of an article that answers the query.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Passage {
    /// Its text.
    pub text: String,
    /// First byte in the article's text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Page on which it begins, from 1, if the document has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Its score within the article.
    pub score: f32,
    /// Bytes of `text` that made it match, in order, apart.
    #[serde(flatten, serialize_with = "highlights")]
    pub highlights: Vec<Highlight>,
}

/// Bytes of a text that match the query, or mention a requested actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it is a mention of a requested actor, rather than a word of the query.
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

/// Counts of articles by facets.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FacetResponse {
    /// Stories that match, or articles where the request counts all copies.
    pub total: u64,
    /// Articles that match, copies included.
    pub copies: u64,
    /// The query as it was understood.
    pub understood: String,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// How many of the query's words the counted stories have; `None` where it has fewer than two.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// The counts of each facet, in the requested order; periods in theirs.
    pub counts: BTreeMap<Facet, Vec<FacetCount>>,
    /// What the counts of each facet leave out.
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
    /// Whether it is a name without a heading.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unlisted: bool,
    /// Where weights are asked for: the sum of the actor's weights in the articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Where the order is by surprise: articles of the whole index with the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_index: Option<u64>,
    /// Where the order is by surprise: the share among the hits over the share in the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surprise: Option<f64>,
}

impl FacetCount {
    /// A value with its count, and nothing more.
    pub(crate) fn new(value: String, label: String, count: u64) -> Self {
        let unlisted = is_unlisted(&value);
        Self { value, label, count, unlisted, weight: None, in_index: None, surprise: None }
    }

    /// How long its bar is: articles, or hundredths of its weight.
    pub(crate) fn amount(&self) -> u64 {
        self.weight.map_or(self.count, |weight| (100.0 * weight).round() as u64)
    }
}

/// Counts of articles by a facet's values over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TimelineResponse {
    /// Stories that match, or articles where the request counts all copies.
    pub total: u64,
    /// Articles that match, copies included.
    pub copies: u64,
    /// The query as it was understood.
    pub understood: String,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// How many of the query's words the counted stories have; `None` where it has fewer than two.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// The periods from the first with an article to the last, without gaps.
    pub periods: Vec<String>,
    /// Articles of each period.
    pub all: Vec<u64>,
    /// Articles of unknown date.
    pub undated: u64,
    /// Days of each period on which followed sources failed or were not asked; empty where there is none. The engine
    /// knows nothing of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<u64>,
    /// Counts of each value, the most frequent first.
    pub series: Vec<Series>,
}

/// How many articles of each period have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The value: an id, an outlet.
    pub value: String,
    /// How it is shown.
    pub label: String,
    /// Whether it is a name without a heading.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unlisted: bool,
    /// Articles in all, those of unknown date included. A story whose copies ran in two periods counts in both, and here
    /// once.
    pub total: u64,
    /// Articles of each period.
    pub counts: Vec<u64>,
}

/// What came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// The last version that the index covers: what has a higher sequence number was not looked at.
    pub upto: VersionSeq,
    /// The articles, every copy of a story for itself, by number.
    pub found: Vec<Arrival>,
    /// Notes for the user.
    pub notes: Vec<String>,
}

/// An article that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its number.
    pub num: ArticleNum,
    /// Its newest version.
    pub seq: VersionSeq,
    /// The group of its copies.
    pub group: GroupNum,
    /// When it was published, in seconds since 1970.
    pub published: Option<i64>,
}

/// Which actors appear together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PairsResponse {
    /// Stories read, or articles where the request counts all copies.
    pub total: u64,
    /// Articles read, copies included.
    pub copies: u64,
    /// The query as it was understood.
    pub understood: String,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// How many of the query's words the counted stories have; `None` where it has fewer than two.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// Whether `a` of each pair is a speaker and `b` whom he speaks of.
    pub spoken: bool,
    /// Pairs there are, before the limit.
    pub pairs_total: u64,
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Where the request has a period: all periods from the first with one of these pairs to the last, without gaps.
    pub periods: Vec<String>,
}

/// Two actors that appear in one passage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// One of them: the requested one, else the one that more stories mention; where statements are counted the speaker.
    pub a: Heading,
    /// The other.
    pub b: Heading,
    /// Stories in which a passage mentions both, or in which the one speaks of the other.
    #[serde(flatten)]
    pub counts: PairCount,
    /// The same for each period in which some story mentions both, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<PairPeriod>,
}

/// A pair in a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairPeriod {
    /// The period: `2025-11`.
    pub period: String,
    /// Its counts.
    #[serde(flatten)]
    pub counts: PairCount,
}

/// How often a pair was found and how often it was to be expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct PairCount {
    /// Stories that have the pair.
    pub count: u64,
    /// Stories that mention the one; where statements are counted, in which he speaks.
    pub count_a: u64,
    /// Stories that mention the other.
    pub count_b: u64,
    /// Stories that would have the pair if the two were independent.
    pub expected: f64,
    /// Found against expected.
    pub ratio: f64,
}

impl PairCount {
    /// With the count to be expected if the two were independent, among this many stories.
    pub(super) fn new(count: u64, count_a: u64, count_b: u64, stories: u64) -> Self {
        let expected = count_a as f64 * count_b as f64 / stories.max(1) as f64;
        let ratio = if expected > 0.0 { count as f64 / expected } else { 0.0 };
        Self { count, count_a, count_b, expected, ratio }
    }
}
