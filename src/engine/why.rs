//! Why an article is in an answer, or why not: the response to [`Engine::why`](super::Engine::why).

use serde::Serialize;

use super::response::{Reach, ScorePart};

/// Why an article is in an answer, or why not.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WhyResponse {
    /// Public identifier.
    pub id: String,
    /// Headline.
    pub title: String,
    /// The query as it was understood.
    pub query: String,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// Where the article stands.
    pub verdict: Verdict,
    /// Its place in the order of the hits, from 1; `None` where it is none of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// Stories that count, or articles where the request counts all copies.
    pub total: u64,
    /// How many of the query's words the counted stories have; `None` where it has fewer than two.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// The words and fields of the query and the filters, each with whether the article has it.
    pub parts: Vec<WhyPart>,
    /// The copy that stands for the story in the answer, where that is another article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands_for_it: Option<Standing>,
    /// What keeps it out of the answer, a sentence each.
    pub reasons: Vec<String>,
    /// Its score; 0 where it is not a hit.
    pub score: f32,
    /// The parts of the score.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub score_parts: Vec<ScorePart>,
}

/// Where an article stands in relation to an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is a hit and counts.
    Counts,
    /// It is a hit with only some of the words, and does not count.
    Partial,
    /// It matches, and another copy of its story is the hit.
    Copy,
    /// It is no hit.
    #[default]
    Out,
}

/// What a part of a query asks of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// It adds to the score; how many of these must be met is for the request to say.
    May,
    /// It must be met.
    Must,
    /// It must not be there.
    MustNot,
}

/// A word or field of the query, or a filter, and whether the article has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhyPart {
    /// The part, in the query language or as an option.
    pub clause: String,
    /// What it asks.
    pub demand: Demand,
    /// Whether the article has it.
    pub has: bool,
    /// Whether it is a filter or field rather than a word of the text.
    pub filter: bool,
    /// How it was read, where that is more than its letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<String>,
    /// For a filter that the article fails: what the article has there instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

impl WhyPart {
    /// Whether it keeps the article out of the answer, alone.
    pub fn keeps_out(&self) -> bool {
        match self.demand {
            Demand::May => false,
            Demand::Must => !self.has,
            Demand::MustNot => self.has,
        }
    }
}

/// The copy of a story that is the hit.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Standing {
    /// Public identifier.
    pub id: String,
    /// Headline.
    pub title: String,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
}
