//! The forms of output as arguments, and the renderer of each.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::output::Output;
use crate::engine::Hit;
use crate::render::export::{self, DEFAULT, Field, Form};

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// JSON Lines
    Json,
}

/// Form of hits and articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum HitFormat {
    /// For people
    Text,
    /// JSON Lines
    #[value(alias = "jsonl")]
    Json,
    /// A table for spreadsheets (UTF-8, with a head)
    Csv,
    /// Markdown, to paste into a report
    #[value(name = "md", alias = "markdown")]
    Markdown,
    /// For reference managers (Zotero, Mendeley, EndNote)
    Ris,
    /// For LaTeX
    #[value(alias = "bib")]
    Bibtex,
    /// For citation processors, as one JSON array
    #[value(name = "csl-json", alias = "csl")]
    CslJson,
}

impl HitFormat {
    /// The exporter of the form; `None` for text and JSON, which have renderers of their own.
    pub(super) fn form(self) -> Option<Form> {
        match self {
            Self::Text | Self::Json => None,
            Self::Csv => Some(Form::Csv),
            Self::Markdown => Some(Form::Markdown),
            Self::Ris => Some(Form::Ris),
            Self::Bibtex => Some(Form::Bibtex),
            Self::CslJson => Some(Form::CslJson),
        }
    }

    /// Whether `--fields` can be combined with it.
    pub(super) fn has_fields(self) -> bool {
        matches!(self, Self::Text | Self::Json | Self::Csv)
    }
}

/// Form of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CountFormat {
    /// For people
    Text,
    /// JSON Lines
    #[value(alias = "jsonl")]
    Json,
    /// A table for spreadsheets (UTF-8, with a head)
    Csv,
    /// A picture for a report
    Svg,
}

/// Parses the name of a field; the error lists all names.
pub(super) fn field() -> impl TypedValueParser<Value = Field> {
    PossibleValuesParser::new(DEFAULT.map(Field::name))
        .try_map(|name| Field::named(&name).ok_or_else(|| format!("no field {name}")))
}

/// Writes hits in a form that has an exporter (all fields where `fields` is empty), or just `fields` in text or JSON.
pub(super) fn write(hits: &[Hit], format: HitFormat, fields: &[Field], out: &mut Output) -> std::io::Result<()> {
    match format.form() {
        Some(form) => export::hits(hits, form, if fields.is_empty() { &DEFAULT } else { fields }, out),
        None if format == HitFormat::Json => export::json(hits, fields, out),
        None => export::columns(hits, fields, out),
    }
}
