//! Requests for what was said, and their answers.

use serde::Serialize;

use super::request::{Filters, Sort};
use super::response::{Heading, Highlight, Hit, Passage, Reach};
use crate::article::Moment;
use crate::quote::Kind;

/// A question for statements: who said what.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotesRequest {
    /// The words that a statement must have, as the user typed them. Empty: all statements.
    pub query: String,
    /// Which articles are read, and whose statements (`said`).
    pub filters: Filters,
    /// Only statements with the speaker's own words: direct and mixed ones.
    pub direct: bool,
    /// Leaves out statements that are a guess.
    pub certain: bool,
    /// The order; by relevance: those with the most of the words first, then the newest. Those of change and of arrival
    /// are that of publication.
    pub sort: Sort,
    /// Statements to return, 0 for all.
    pub limit: usize,
    /// Statements left out before them.
    pub offset: usize,
    /// The same words in several articles are a statement for each; else one, as it was published first.
    pub all_copies: bool,
    /// The present.
    pub now: Moment,
}

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct QuotesResponse {
    /// Statements that answer the request.
    pub total: u64,
    /// Articles that hold one of them.
    pub articles: u64,
    /// The query as it was understood.
    pub understood: String,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// How many of the query's words the statements have; `None` where it has fewer than two.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// The statements.
    pub statements: Vec<Statement>,
}

/// Somebody's words, as an article gives them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Its place in the answer, from 1.
    pub rank: usize,
    /// Identifier of the article.
    pub id: String,
    /// The words, without their quotation marks.
    pub text: String,
    /// Whether they stand in the title, not in the text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_title: bool,
    /// First byte in the article's text or title.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Page on which they begin, from 1, if the document has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// How they are given.
    pub kind: Kind,
    /// Whether it is a guess who speaks, or that anybody said this at all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
    /// The speaker as the article says it: a name, a pronoun, `the minister`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// Who is meant, where the text decides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<Heading>,
    /// Those who say it too: Merkel of `Macron and Merkel`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Heading>,
    /// Bytes of `text` that match the query.
    #[serde(skip)]
    pub highlights: Vec<Highlight>,
    /// The article's headline.
    pub title: String,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Moment>,
    /// The names in its byline.
    #[serde(skip)]
    pub byline: Vec<String>,
    /// Articles with the same words of the same speaker, this one included.
    pub copies: u64,
    /// Their outlets.
    pub outlets: u64,
}

impl Statement {
    /// As an article whose only passage is the statement, for the forms that cite articles.
    pub(crate) fn hit(&self) -> Hit {
        let text = match &self.speaker {
            Some(speaker) => format!("{}: {}", speaker.label, self.text),
            None => self.text.clone(),
        };
        let passage = Passage { text, start: self.start, end: self.end, page: self.page, ..Passage::default() };
        Hit {
            rank: self.rank,
            id: self.id.clone(),
            title: self.title.clone(),
            url: self.url.clone(),
            outlet: self.outlet.clone(),
            published: self.published,
            byline: self.byline.clone(),
            copies: self.copies,
            outlets: self.outlets,
            passages: vec![passage],
            ..Hit::default()
        }
    }
}
