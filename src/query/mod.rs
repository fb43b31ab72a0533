//! The query language: text to a tree in which every part knows its bytes.
//!
//! [`parse`] takes whatever a person types or pastes. Syntax that makes no sense is read as words or left out, and a
//! note says so; the only error is a date that cannot be read. A printed tree parses back to itself.
//!
//! A row of clauses is ranked by how many of them an article answers, and how well; one must match at least, and which
//! articles count is for the request to say ([`Matching`](crate::engine::Matching)). `+` requires a clause and makes
//! those without a sign optional; `-` excludes one. `AND` binds its neighbours more tightly than `OR`, and both more
//! tightly than the row. A clause that names a value (`outlet:`, `actor:`, `date:` ...) only narrows: it is required,
//! and the words beside it are not optional.
//!
//! ```
//! let now = "2026-02-04".parse().unwrap();
//! let query = despatch::query::parse("missiles AND date:2025-11 NOT “cruise missile”", &now)?;
//! assert_eq!(query.to_string(), "missiles AND date:2025-11 -\"cruise missile\"");
//! assert!(despatch::query::parse("date:2025-13", &now).is_err());
//! # Ok::<(), despatch::query::QueryError>(())
//! ```

pub mod dates;
mod foreign;
mod lexer;
mod parser;
pub mod pattern;
mod print;
mod signs;

use std::ops::Range;

pub use parser::parse;

/// Bytes of the query.
pub type Span = Range<usize>;

/// A query as it was understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The tree; `None` where there is nothing to search by.
    pub root: Option<Node>,
    /// Whether text was typed but none of it can be searched: only punctuation, say.
    pub hollow: bool,
    /// Whether it is a pasted post: it names somebody with `@` or has a tag with `#`.
    pub post: bool,
    /// The parts that were read differently from how they were written, in the order of the text.
    pub notes: Vec<Note>,
}

/// A part of the query that was read differently from how it was written, such as a bracket without its pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The bytes in question.
    pub span: Span,
    /// How it was read instead, as a message for the user.
    pub text: String,
}

/// A query that cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// The bytes at fault.
    pub span: Span,
    /// What would work.
    pub hint: Option<String>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it asks for.
    pub kind: Kind,
    /// Its bytes in the query.
    pub span: Span,
}

/// What a part of a query asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Every article.
    All,
    /// Words of the text.
    Text(Text),
    /// Articles that have one of several values in a field: `outlet:Reuters,AFP`.
    Field {
        /// The field.
        field: Field,
        /// The values; one of them is enough.
        values: Vec<Value>,
    },
    /// Articles published, or last changed, within a span of time.
    Date {
        /// Which time counts.
        of: Time,
        /// As it was written.
        text: String,
        /// Seconds since 1970; an open end is `i64::MIN` or `i64::MAX`.
        range: Range<i64>,
    },
    /// All of these nodes must match.
    And(Vec<Node>),
    /// At least one of these nodes must match.
    Or(Vec<Node>),
    /// The node must not match.
    Not(Box<Node>),
    /// Clauses side by side, ranked; each says whether it may, must or must not match.
    Row(Vec<Clause>),
}

/// A time of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Time {
    /// Of publication.
    Published,
    /// Of the last change, or of publication where no change is known.
    Changed,
}

impl Time {
    /// Its name in the query language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "date",
            Self::Changed => "modified",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Published, Self::Changed].into_iter().find(|time| time.name() == name)
    }
}

/// A clause of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Whether it may, must or must not match.
    pub occur: Occur,
    /// What it asks for.
    pub node: Node,
}

/// Whether a clause of a row may, must or must not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    /// It adds to the score. Where no clause is [`Occur::Must`], or those that are only narrow, one of these must match.
    Should,
    /// `+`: it must match.
    Must,
    /// `-`: it must not match.
    MustNot,
}

/// Words to be found in an article's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where they must stand.
    pub part: Part,
    /// The words.
    pub text: String,
    /// How they are matched.
    pub mode: Mode,
}

/// How words are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One word as typed. Where the analysis cuts it into several (`UK-EU`), these must stand side by side.
    Word,
    /// `=word`: as written.
    Exact,
    /// `"a phrase"`.
    Phrase,
    /// `="a phrase"`: as written.
    ExactPhrase,
    /// `"a b"~3`: near one another in any order, with at most this many other words among them.
    Near(u32),
    /// `procur*`, `defen?e`.
    Pattern,
    /// `missle~1`: at most this many edits away ([`pattern::within`]).
    Fuzzy(u8),
}

/// Where words must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Title or body.
    Any,
    /// The title.
    Title,
    /// The body.
    Body,
    /// The byline.
    Byline,
}

impl Part {
    /// Its name in the query language; `None` for [`Part::Any`].
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Title => Some("title"),
            Self::Body => Some("body"),
            Self::Byline => Some("byline"),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "title" => Self::Title,
            "body" => Self::Body,
            "byline" => Self::Byline,
            _ => return None,
        })
    }
}

/// A field that holds values rather than words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// An actor.
    Actor,
    /// Somebody who speaks, for himself or for another.
    Said,
    /// Somebody who speaks, by himself.
    Speaker,
    /// What was done with systems.
    Event,
    /// A state to which actors belong.
    Affiliation,
    /// A system or programme.
    System,
    /// A topic.
    Topic,
    /// An outlet.
    Outlet,
    /// A language.
    Lang,
    /// A place of the dateline.
    Place,
    /// A reason to doubt the text.
    Doubt,
}

impl Field {
    /// Whether its values are those who say something.
    pub(crate) fn speaks(self) -> bool {
        matches!(self, Self::Said | Self::Speaker)
    }

    /// All fields.
    pub const ALL: [Self; 11] = [
        Self::Actor,
        Self::Said,
        Self::Speaker,
        Self::Event,
        Self::Affiliation,
        Self::System,
        Self::Topic,
        Self::Outlet,
        Self::Lang,
        Self::Place,
        Self::Doubt,
    ];

    /// Its name in the query language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Said => "said",
            Self::Speaker => "speaker",
            Self::Event => "event",
            Self::Affiliation => "affiliation",
            Self::System => "system",
            Self::Topic => "topic",
            Self::Outlet => "outlet",
            Self::Lang => "lang",
            Self::Place => "place",
            Self::Doubt => "doubt",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name).or_else(|| (name == "language").then_some(Self::Lang))
    }
}

/// Which words of a speaker are asked for: `said:rutte~direct`, `said:rutte~indirect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// His own, at least in part.
    Direct,
    /// Those of the article, at least in part.
    Indirect,
}

impl Speech {
    /// How it is written behind a name.
    pub(crate) const ALL: [(&'static str, Self); 2] = [("~direct", Self::Direct), ("~indirect", Self::Indirect)];
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As typed, without quotation marks.
    pub text: String,
    /// Its bytes in the query.
    pub span: Span,
}

impl Node {
    /// Whether the node only narrows the result: a value, a date, words of the byline, or a combination of these.
    pub(crate) fn is_filter(&self) -> bool {
        match &self.kind {
            Kind::Field { .. } | Kind::Date { .. } => true,
            Kind::Text(text) => text.part == Part::Byline,
            Kind::All => false,
            Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().all(Node::is_filter),
            Kind::Not(node) => node.is_filter(),
            Kind::Row(clauses) => clauses.iter().all(|clause| clause.node.is_filter()),
        }
    }
}

#[cfg(test)]
mod tests;
