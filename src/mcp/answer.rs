//! Answers of tools: facts in order, told twice.
//!
//! A fact is written once, and both forms are made of it: the text, which is complete by itself, and the JSON, which
//! says the same and nothing more. What came out of articles is cleaned when it becomes a fact, and stands in the text
//! within a fence ([`Fence`]).

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::fence::{self, Fence};
use crate::engine::Heading;

/// Characters of an answer, at most, in each of its two forms.
pub(super) const MOST: usize = 40_000;
/// Characters that the rows of an answer may take; the rest is for what stands around them.
pub(super) const ROWS: usize = 32_000;

/// One thing that an answer says.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// On one line.
    Line(String),
    /// Words of an article, with their line ends.
    Words(String),
    /// A count.
    Count(u64),
    /// A number with two places.
    Ratio(f64),
    /// Yes or no.
    Holds(bool),
    /// An actor, a topic: its label and its id.
    Name(Heading),
    /// Several.
    List(Vec<Fact>),
    /// Several with names.
    Record(Record),
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Line(fence::line(text))
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<u64> for Fact {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Fact {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<f64> for Fact {
    fn from(number: f64) -> Self {
        Self::Ratio((100.0 * number).round() / 100.0)
    }
}

impl From<bool> for Fact {
    fn from(holds: bool) -> Self {
        Self::Holds(holds)
    }
}

impl From<&Heading> for Fact {
    fn from(heading: &Heading) -> Self {
        Self::Name(Heading { id: fence::line(&heading.id), label: fence::short(&heading.label) })
    }
}

impl From<Record> for Fact {
    fn from(record: Record) -> Self {
        Self::Record(record)
    }
}

impl<T: Into<Fact>> From<Vec<T>> for Fact {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

/// Named facts, in the order of the answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Record(Vec<(&'static str, Fact)>);

impl Record {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With one fact more.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.0.push((name, fact.into()));
        self
    }

    /// With one fact more, where there is one.
    #[must_use]
    pub(super) fn with_some<T: Into<Fact>>(self, name: &'static str, fact: Option<T>) -> Self {
        match fact {
            Some(fact) => self.with(name, fact),
            None => self,
        }
    }

    /// With a list, where it has something in it.
    #[must_use]
    pub(super) fn with_any<T: Into<Fact>>(self, name: &'static str, list: Vec<T>) -> Self {
        if list.is_empty() { self } else { self.with(name, list) }
    }

    /// With the facts of another record.
    #[must_use]
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Characters that it takes, in the longer of its two forms.
    pub(super) fn size(&self) -> usize {
        self.to_json().to_string().chars().count().max(self.to_text().chars().count())
    }

    fn to_json(&self) -> Value {
        Value::Object(self.fields())
    }

    fn fields(&self) -> Map<String, Value> {
        self.0.iter().map(|(name, fact)| ((*name).to_owned(), fact.to_json())).collect()
    }

    fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out
    }

    fn write(&self, indent: usize, out: &mut String) {
        self.0.iter().for_each(|(name, fact)| fact.write(name, indent, out));
    }
}

impl Fact {
    fn to_json(&self) -> Value {
        match self {
            Self::Line(text) | Self::Words(text) => text.as_str().into(),
            Self::Count(count) => (*count).into(),
            Self::Ratio(number) => (*number).into(),
            Self::Holds(holds) => (*holds).into(),
            Self::Name(Heading { id, label }) => serde_json::json!({"id": id, "label": label}),
            Self::List(list) => list.iter().map(Self::to_json).collect(),
            Self::Record(record) => record.to_json(),
        }
    }

    /// A fact that takes no line of its own.
    fn brief(&self) -> Option<String> {
        Some(match self {
            Self::Line(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Ratio(number) => Value::from(*number).to_string(),
            Self::Holds(holds) => if *holds { "yes" } else { "no" }.to_owned(),
            Self::Name(Heading { id, label }) if id == label => id.clone(),
            Self::Name(Heading { id, label }) => format!("{label} ({id})"),
            Self::List(list) if list.is_empty() => "none".to_owned(),
            Self::List(list) => list.iter().map(Self::brief).collect::<Option<Vec<_>>>()?.join("; "),
            Self::Words(_) | Self::Record(_) => return None,
        })
    }

    /// Writes `name: fact`; what has several lines is indented below its name.
    fn write(&self, name: &str, indent: usize, out: &mut String) {
        let margin = " ".repeat(indent);
        if let Some(text) = self.brief() {
            let _ = writeln!(out, "{margin}{name}: {text}"); // writing to a string cannot fail
            return;
        }
        let _ = writeln!(out, "{margin}{name}:");
        match self {
            Self::Words(text) => text.lines().for_each(|line| {
                let _ = writeln!(out, "{margin}  > {line}");
            }),
            Self::Record(record) => record.write(indent + 2, out),
            Self::List(list) => list.iter().for_each(|one| {
                let mut item = String::new();
                match one {
                    Self::Record(record) => record.write(indent + 2, &mut item),
                    other => other.write("", indent + 2, &mut item),
                }
                let _ = write!(out, "{margin}- {}", item.get(indent + 2..).unwrap_or_default());
            }),
            _ => {}
        }
    }
}

/// What a tool answers.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// What this program says.
    pub(super) head: Record,
    /// What came out of articles.
    pub(super) quoted: Record,
    /// A stretch of an article's text, told after all else.
    pub(super) text: Option<String>,
    /// How to go on.
    pub(super) next: Vec<String>,
}

impl Answer {
    /// For people and models, complete by itself.
    pub(super) fn to_text(&self) -> String {
        let fence = Fence::new();
        let mut out = self.head.to_text();
        if !self.quoted.0.is_empty() {
            out += &fence.around(self.quoted.to_text().trim_end());
        }
        if let Some(text) = &self.text {
            out += &fence.around(text);
        }
        self.next.iter().for_each(|next| {
            let _ = writeln!(out, "next: {next}");
        });
        out
    }

    /// The same facts for programs.
    pub(super) fn to_json(&self) -> Value {
        let mut fields = self.head.fields();
        fields.append(&mut self.quoted.fields());
        if let Some(text) = &self.text {
            fields.insert("text".to_owned(), text.as_str().into());
        }
        Value::Object(fields)
    }
}

/// As many of the rows as fit into an answer, the first always.
pub(super) fn fitting(rows: impl IntoIterator<Item = Record>) -> Vec<Record> {
    let mut left = ROWS;
    let mut fits = |row: &Record, first: bool| {
        let size = row.size() + 4; // the bullet and the comma
        let fits = first || size <= left;
        left = left.saturating_sub(size);
        fits
    };
    rows.into_iter().enumerate().take_while(|(at, row)| fits(row, *at == 0)).map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let keel = Heading { id: "person/ines-keel".to_owned(), label: "Ines Keel".to_owned() };
        let passage =
            Record::new().with("uri", "despatch://article/a#1-9").with("text", Fact::Words("One.\nTwo.".into()));
        Record::new()
            .with("title", "Alda\nbuys \u{202e}ferries")
            .with("actors", vec![&keel])
            .with("passages", vec![passage])
            .with_any("missing", Vec::<String>::new())
            .with_some("ratio", Some(1.0 / 3.0))
    }

    #[test]
    fn both_forms_are_made_of_the_same_facts() {
        let answer = Answer {
            head: Record::new().with("total", 1_u64),
            quoted: Record::new().with("hits", vec![record()]),
            text: None,
            next: vec!["read".to_owned()],
        };
        let text = answer.to_text();
        let (begin, rest) = text.split_once('\n').unwrap();
        assert_eq!(begin, "total: 1");
        let inside: Vec<&str> = rest.lines().skip(1).take_while(|line| !line.starts_with("--- ")).collect();
        assert_eq!(
            inside.join("\n"),
            "hits:\n- title: Alda buys ferries\n  actors: Ines Keel (person/ines-keel)\n  passages:\n  - uri: \
             despatch://article/a#1-9\n    text:\n      > One.\n      > Two.\n  ratio: 0.33"
        );
        assert!(text.ends_with("---\nnext: read\n"), "{text}");
        let json = answer.to_json();
        assert_eq!(json["hits"][0]["passages"][0]["text"], "One.\nTwo.");
        assert_eq!((&json["total"], &json["hits"][0]["title"]), (&1.into(), &"Alda buys ferries".into()));
    }

    #[test]
    fn rows_are_left_out_where_they_would_be_too_many() {
        let row = || Record::new().with("text", Fact::Words("a".repeat(ROWS / 3)));
        assert_eq!(fitting((0..9).map(|_| row())).len(), 2);
        let long = Record::new().with("text", Fact::Words("a".repeat(2 * ROWS)));
        assert_eq!(fitting([long, row()]).len(), 1);
    }
}
