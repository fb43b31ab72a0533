//! The arguments of a call: checked against the tool's definition. What only tools have is taken one by one; what is
//! left has the names of long options, and is read as the command line reads them.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::fence;
use super::refusal::Refusal;
use super::tools::Tool;
use crate::ask;
use crate::config::nearest;

/// Letters of a query, at most.
const LONGEST: usize = 2000;

/// The arguments of a call that were not taken yet.
#[derive(Debug)]
pub(super) struct Arguments {
    tool: &'static str,
    given: Map<String, Value>,
}

impl Arguments {
    /// The arguments of a call of this tool. What is null or empty counts as not given, and one value as a list of one:
    /// models send both.
    ///
    /// # Errors
    ///
    /// Fails where the tool has no such argument.
    pub(super) fn new(tool: &Tool, given: Option<Map<String, Value>>) -> Result<Self, Refusal> {
        let known = tool.arguments();
        let mut kept = Map::new();
        for (name, value) in given.unwrap_or_default() {
            let Some(schema) = known.get(&name) else { return Err(unknown(tool.name, &name, &known)) };
            let value = match value {
                one @ Value::String(_) if schema["type"] == "array" => Value::Array(vec![one]),
                value => value,
            };
            if !is_empty(&value) {
                kept.insert(name, value);
            }
        }
        Ok(Self { tool: tool.name, given: kept })
    }

    /// A text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.given.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= LONGEST => Ok(Some(text)),
            Some(Value::String(_)) => Err(Refusal::new(format!("'{name}' is longer than {LONGEST} letters."))),
            Some(_) => Err(self.wrong(name, "a text")),
        }
    }

    /// A text that the tool cannot do without.
    pub(super) fn needed(&mut self, name: &str) -> Result<String, Refusal> {
        self.text(name)?.ok_or_else(|| Refusal::new(format!("{} needs '{name}'.", self.tool)))
    }

    /// A whole number within bounds; digits in quotation marks will do.
    pub(super) fn number(&mut self, name: &str, bounds: RangeInclusive<usize>) -> Result<Option<usize>, Refusal> {
        let Some(value) = self.given.remove(name) else { return Ok(None) };
        let number = value.as_u64().map(|number| number.try_into().unwrap_or(usize::MAX));
        let number = number.or_else(|| value.as_str()?.parse().ok()).filter(|number| bounds.contains(number));
        match number {
            Some(number) => Ok(Some(number)),
            None if *bounds.end() == usize::MAX => Err(self.wrong(name, "a whole number")),
            None => Err(self.wrong(name, &format!("a whole number from {} to {}", bounds.start(), bounds.end()))),
        }
    }

    /// The arguments as they were given, for the mark by which a page knows the one before it.
    pub(super) fn written(&self) -> String {
        Value::Object(self.given.clone()).to_string()
    }

    /// Gives an option a value, where it has none.
    pub(super) fn default(&mut self, name: &str, value: impl Into<Value>) {
        self.given.entry(name).or_insert_with(|| value.into());
    }

    /// Whether an option has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// What is left, as a question of the command line.
    pub(super) fn question<T: clap::Args>(self) -> Result<T, Refusal> {
        let mut pairs = Vec::new();
        for (name, value) in &self.given {
            let values = match value {
                Value::Array(values) => values.iter().collect(),
                value => vec![value],
            };
            for value in values.into_iter().filter(|value| !is_empty(value)) {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Bool(_) | Value::Number(_) => value.to_string(),
                    _ => return Err(self.wrong(name, "a text, a number or a list of texts")),
                };
                if text.chars().count() > LONGEST {
                    return Err(Refusal::new(format!("'{name}' is longer than {LONGEST} letters.")));
                }
                pairs.push((if name == "query" { "q" } else { name.as_str() }, text));
            }
        }
        Ok(ask::read(&pairs)?)
    }

    fn wrong(&self, name: &str, expected: &str) -> Refusal {
        Refusal::new(format!("'{name}' of {} is {expected}.", self.tool))
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.iter().all(is_empty),
        _ => false,
    }
}

fn unknown(tool: &str, name: &str, known: &Map<String, Value>) -> Refusal {
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let meant =
        nearest(name, names.iter().copied()).map_or_else(String::new, |meant| format!(" Did you mean '{meant}'?"));
    Refusal::new(format!("{tool} has no argument {}.{meant} It has: {}.", fence::quoted(name), names.join(", ")))
}
