//! The fields of a hit by name, as `--fields` takes them: columns in CSV and text, keys in JSON.

use std::io::{self, Write};

use serde_json::Value;

use super::csv::{Cell, row};
use super::on_one_line;
use crate::engine::{Heading, Hit};

/// A field of a hit, named as in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Field {
    Rank,
    Score,
    Id,
    Title,
    Url,
    Outlet,
    Published,
    Byline,
    Language,
    Place,
    Actors,
    Systems,
    Topics,
    Copies,
    Outlets,
    FirstPublished,
    Passages,
    Doubts,
}

/// The columns of CSV unless others are requested. It holds every field, so it is also the list of known names.
pub const DEFAULT: [Field; 18] = [
    Field::Rank,
    Field::Score,
    Field::Id,
    Field::Title,
    Field::Url,
    Field::Outlet,
    Field::Published,
    Field::Byline,
    Field::Language,
    Field::Actors,
    Field::Systems,
    Field::Topics,
    Field::Copies,
    Field::Outlets,
    Field::FirstPublished,
    Field::Place,
    Field::Passages,
    Field::Doubts,
];

impl Field {
    /// Its name in JSON, and as the head of a column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Score => "score",
            Self::Id => "id",
            Self::Title => "title",
            Self::Url => "url",
            Self::Outlet => "outlet",
            Self::Published => "published",
            Self::Byline => "byline",
            Self::Language => "language",
            Self::Place => "place",
            Self::Actors => "actors",
            Self::Systems => "systems",
            Self::Topics => "topics",
            Self::Copies => "copies",
            Self::Outlets => "outlets",
            Self::FirstPublished => "first_published",
            Self::Passages => "passages",
            Self::Doubts => "doubts",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        DEFAULT.into_iter().find(|field| field.name() == name)
    }

    fn cell(self, hit: &Hit) -> Cell {
        let list = |values: Vec<&str>| Cell::text(Some(values.join("; ")).filter(|text| !text.is_empty()));
        let labels = |headings: &[Heading]| list(headings.iter().map(|heading| heading.label.as_str()).collect());
        match self {
            Self::Rank => Cell::number(hit.rank),
            Self::Score => Cell::number(hit.score),
            Self::Id => Cell::Text(hit.id.clone()),
            Self::Title => Cell::Text(hit.title.clone()),
            Self::Url => Cell::text(hit.url.as_deref()),
            Self::Outlet => Cell::text(hit.outlet.as_deref()),
            Self::Published => Cell::text(hit.published.map(|at| at.to_string())),
            Self::Byline => list(hit.byline.iter().map(String::as_str).collect()),
            Self::Language => Cell::text(hit.language.as_deref()),
            Self::Place => Cell::text(hit.place.as_ref().map(ToString::to_string)),
            Self::Actors => labels(&hit.actors),
            Self::Systems => labels(&hit.systems),
            Self::Topics => labels(&hit.topics),
            Self::Copies => Cell::number(hit.copies),
            Self::Outlets => Cell::number(hit.outlets),
            Self::FirstPublished => Cell::text(hit.first_published.as_ref().map(|first| first.id.as_str())),
            Self::Passages => {
                let texts: Vec<&str> = hit.passages.iter().map(|passage| passage.text.as_str()).collect();
                Cell::text(Some(texts.join("\n\n")).filter(|text| !text.is_empty()))
            }
            Self::Doubts => list(hit.doubts.iter().map(|doubt| doubt.name()).collect()),
        }
    }
}

/// A table with a head.
pub(super) fn csv(hits: &[Hit], fields: &[Field], out: &mut dyn Write) -> io::Result<()> {
    let head: Vec<Cell> = fields.iter().map(|field| Cell::Text(field.name().to_owned())).collect();
    row(&head, out)?;
    for hit in hits {
        row(&fields.iter().map(|field| field.cell(hit)).collect::<Vec<_>>(), out)?;
    }
    Ok(())
}

/// A line for each hit, the fields apart by tabs.
///
/// # Errors
///
/// Fails where `out` does.
pub fn columns(hits: &[Hit], fields: &[Field], out: &mut dyn Write) -> io::Result<()> {
    for hit in hits {
        let cells: Vec<String> = fields.iter().map(|field| on_one_line(&field.cell(hit).shown())).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

/// A JSON object for each hit with its `type` and these fields alone; `null` where one is unknown.
///
/// # Errors
///
/// Fails where `out` does.
pub fn json(hits: &[Hit], fields: &[Field], out: &mut dyn Write) -> io::Result<()> {
    for hit in hits {
        let all = serde_json::to_value(hit)?;
        out.write_all(b"{\"type\":\"hit\"")?;
        for field in fields {
            write!(out, ",\"{}\":", field.name())?;
            serde_json::to_writer(&mut *out, all.get(field.name()).unwrap_or(&Value::Null))?;
        }
        out.write_all(b"}\n")?;
    }
    Ok(())
}
