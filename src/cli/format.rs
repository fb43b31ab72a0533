//! The forms of output as arguments, and the renderer of each.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::output::Output;
use crate::ask::choice::{Choice, choice};
use crate::engine::Hit;
use crate::render::Marks;
use crate::render::export::{self, DEFAULT, Field, Form};

/// What stands around matches where there are no colours.
pub(super) const MARKS: &[Choice<Marks>] = &[
    choice(&["guillemets"], "«word», ‹requested actor›", Marks::Guillemets),
    choice(&["stars"], "**word**, *requested actor*", Marks::Stars),
    choice(&["none"], "Nothing", Marks::None),
];

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// JSON Lines
    Json,
}

/// Form of hits and articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HitFormat {
    /// For people.
    Text,
    /// JSON Lines.
    Json,
    /// A form that other programs read, which has an exporter.
    Export(Form),
}

pub(super) const HIT_FORMATS: &[Choice<HitFormat>] = &[
    choice(&["text"], "For people", HitFormat::Text),
    choice(&["json", "jsonl"], "JSON Lines", HitFormat::Json),
    choice(&["csv"], "A table for spreadsheets (UTF-8, with a head)", HitFormat::Export(Form::Csv)),
    choice(&["md", "markdown"], "Markdown, to paste into a report", HitFormat::Export(Form::Markdown)),
    choice(&["ris"], "For reference managers (Zotero, Mendeley, EndNote)", HitFormat::Export(Form::Ris)),
    choice(&["bibtex", "bib"], "For LaTeX", HitFormat::Export(Form::Bibtex)),
    choice(&["csl-json", "csl"], "For citation processors, as one JSON array", HitFormat::Export(Form::CslJson)),
];

impl HitFormat {
    /// The exporter of the form; `None` for text and JSON, which have renderers of their own.
    pub(super) fn form(self) -> Option<Form> {
        match self {
            Self::Text | Self::Json => None,
            Self::Export(form) => Some(form),
        }
    }

    /// Whether `--fields` can be combined with it.
    pub(super) fn has_fields(self) -> bool {
        matches!(self, Self::Text | Self::Json | Self::Export(Form::Csv))
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
