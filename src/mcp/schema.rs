//! Pieces of JSON Schema, kept short: a model reads all definitions before its first question.

use clap::{ArgAction, Args as _};
use serde_json::{Map, Value, json};

use crate::ask::FilterArgs;
use crate::ask::choice::Choice;

/// A filter of tools, by the name of its long option. For the others the query language has fields.
struct Filter {
    name: &'static str,
    /// Whether all tools that take filters take it, rather than `search` alone.
    common: bool,
    /// Whether its help says more than its name.
    explained: bool,
}

const FILTERS: [Filter; 10] = [
    Filter { name: "actor", common: true, explained: true },
    Filter { name: "affiliation", common: true, explained: true },
    Filter { name: "lang", common: false, explained: false },
    Filter { name: "outlet", common: true, explained: false },
    Filter { name: "place", common: false, explained: false },
    Filter { name: "said", common: false, explained: true },
    Filter { name: "since", common: true, explained: true },
    Filter { name: "system", common: true, explained: true },
    Filter { name: "topic", common: true, explained: false },
    Filter { name: "until", common: true, explained: false },
];

/// The filters that all tools take, as the command line defines them; or all filters, with their help.
pub(super) fn filters(all: bool) -> Map<String, Value> {
    let command = FilterArgs::augment_args(clap::Command::new(""));
    let chosen = FILTERS.iter().filter(|filter| all || filter.common);
    let schemas = chosen.filter_map(|filter| {
        let arg = command.get_arguments().find(|arg| arg.get_long() == Some(filter.name))?;
        let schema = if matches!(arg.get_action(), ArgAction::Append) { texts() } else { text() };
        let help = arg.get_help().filter(|_| all && filter.explained);
        let schema = help.map_or_else(|| schema.clone(), |help| described(schema.clone(), &help.to_string()));
        Some((filter.name.to_owned(), schema))
    });
    schemas.collect()
}

pub(super) fn text() -> Value {
    json!({"type": "string"})
}

/// A text, with what it is.
pub(super) fn said(about: &str) -> Value {
    described(text(), about)
}

/// A schema, with what its value is.
pub(super) fn described(mut schema: Value, about: &str) -> Value {
    schema["description"] = about.into();
    schema
}

pub(super) fn texts() -> Value {
    json!({"type": "array", "items": text()})
}

pub(super) fn whole() -> Value {
    json!({"type": "integer"})
}

pub(super) fn flag() -> Value {
    json!({"type": "boolean"})
}

/// A whole number up to `most`, where it is not given `default`.
pub(super) fn bounded(most: usize, default: usize) -> Value {
    json!({"type": "integer", "maximum": most, "default": default})
}

/// One of the values of an option, by its name.
pub(super) fn one_of<T: Copy>(choices: &[Choice<T>]) -> Value {
    let names: Vec<&str> = choices.iter().filter_map(|one| one.names.first().copied()).collect();
    json!({"type": "string", "enum": names})
}

/// Rows that have these fields, and others.
pub(super) fn rows(needs: &[&str]) -> Value {
    json!({"type": "array", "items": {"type": "object", "required": needs}})
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
