//! The query language: text to a tree in which every part knows its bytes.
//!
//! [`parse`] takes whatever a person types or pastes. What it cannot honour it reads as words and says so in a note;
//! only a date or a value that means nothing is an error. A printed tree parses back to itself.
//!
//! A row of clauses means "any of them, ranked"; `+` asks for one and `-` shuts one out. `AND` binds its neighbours
//! more tightly than `OR`, and both more tightly than the row. A clause that names a value (`outlet:`, `actor:`,
//! `date:` ...) is asked for, as if it had a `+`.
//!
//! ```
//! let now = "2026-02-04".parse().unwrap();
//! let query = despatch::query::parse("missiles AND date:2025-11 NOT “cruise missile”", &now)?;
//! assert_eq!(query.to_string(), "missiles AND date:2025-11 -\"cruise missile\"");
//! assert!(despatch::query::parse("date:2025-13", &now).is_err());
//! # Ok::<(), despatch::query::QueryError>(())
//! ```

pub mod dates;
mod lexer;
mod parser;
pub mod pattern;
mod print;

use std::ops::Range;

pub use parser::parse;

/// Bytes of the query.
pub type Span = Range<usize>;

/// A query as it was understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The tree; `None` where there is nothing to search by.
    pub root: Option<Node>,
    /// Something was typed, and nothing of it can be searched.
    pub hollow: bool,
    /// What was read otherwise than it was written.
    pub notes: Vec<Note>,
}

/// Says what was read otherwise than it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The bytes in question.
    pub span: Span,
    /// In words.
    pub text: String,
}

/// A query that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What would work.
    pub hint: Option<String>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it asks for.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// What a part of a query asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Every article.
    All,
    /// Words of the text.
    Text(Text),
    /// One of some values of a field: `outlet:Reuters,AFP`.
    Field {
        /// The field.
        field: Field,
        /// The values, any of which will do.
        values: Vec<Value>,
    },
    /// Publication in a span of time.
    Date {
        /// As it was written.
        text: String,
        /// Seconds since 1970.
        range: Range<i64>,
    },
    /// All of them.
    And(Vec<Node>),
    /// Any of them.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A row of clauses: any of them, ranked, with those that must and must not match.
    Row(Vec<Clause>),
}

/// A clause of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Whether it is asked for.
    pub occur: Occur,
    /// What it asks for.
    pub node: Node,
}

/// Whether a clause of a row is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    /// It counts; one of these must match where none is a [`Occur::Must`].
    Should,
    /// `+`
    Must,
    /// `-`
    MustNot,
}

/// Words to be found in an article's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where they must stand.
    pub part: Part,
    /// The words.
    pub text: String,
    /// How they are meant.
    pub mode: Mode,
}

/// How words are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One word as typed; several tokens (`UK-EU`) stand side by side.
    Word,
    /// `=word`: as written.
    Exact,
    /// `"a phrase"`.
    Phrase,
    /// `="a phrase"`: as written.
    ExactPhrase,
    /// `"a b"~3`: near one another in either order, with so many other words among them at most.
    Near(u32),
    /// `procur*`, `defen?e`.
    Pattern,
    /// `missle~1`: so many letters off at most.
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
    /// Its name in the language; none for [`Part::Any`].
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
    /// A state to which actors belong.
    Affiliation,
    /// A topic.
    Topic,
    /// An outlet.
    Outlet,
    /// A language.
    Lang,
    /// A place of the dateline.
    Place,
}

impl Field {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Affiliation => "affiliation",
            Self::Topic => "topic",
            Self::Outlet => "outlet",
            Self::Lang => "lang",
            Self::Place => "place",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Actor, Self::Affiliation, Self::Topic, Self::Outlet, Self::Lang, Self::Place]
            .into_iter()
            .find(|field| field.name() == name)
            .or_else(|| (name == "language").then_some(Self::Lang))
    }
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As typed, without quotation marks.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// Whether it only narrows: a value, a date, or a combination of such.
    pub fn is_filter(&self) -> bool {
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
