//! The JSON object of an article: its parts under the names that exporters use, out of what is wrapped around it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::dates::Manner;
use super::{ExtractError, dates};
use crate::article::{Moment, RawDocument};
use crate::source::slips;
use crate::wordlist::WordTable;

/// Keys with their rank and the part of an article that stands under them.
static KEYS: WordTable = WordTable::new(include_str!("lists/json_keys.txt"));

/// Keys of objects around or within an article whose members are the article's too (Elasticsearch, JSON:API, the
/// interfaces of news services).
const WRAPPERS: [&str; 10] =
    ["_source", "attributes", "fields", "article", "document", "doc", "data", "node", "item", "mainEntity"];

/// Levels of wrappers, and of blocks within a text, that are read.
const DEEP: usize = 6;

/// The object of an article.
#[derive(Debug)]
pub(crate) struct Object {
    /// Its members, those of wrappers among them.
    members: Map<String, Value>,
    /// The source without slips, and whether places in it are places in the document.
    source: String,
    same_places: bool,
    /// The keys of the wrapper within which the text stands.
    path: Vec<&'static str>,
}

impl Object {
    /// The object that a document holds.
    pub(crate) fn read(document: &RawDocument, source: &str) -> Result<Self, ExtractError> {
        let malformed = |what: String| ExtractError::Malformed { place: document.place.clone(), what };
        let source = source.trim_start_matches('\u{FEFF}');
        let mut same_places = std::str::from_utf8(&document.bytes).is_ok_and(|bytes| bytes == source);
        let mut text = Cow::Borrowed(source);
        let value: Value = match (serde_json::from_str(source), || slips::mend(source)) {
            (Ok(value), _) => value,
            (Err(error), mend) => {
                let fault = |_| malformed(format!("not JSON: {error}"));
                let mended = mend().ok_or(()).map_err(fault)?;
                same_places &= mended.len() == source.len();
                let value = serde_json::from_str(&mended).map_err(|_| ()).map_err(fault)?;
                text = Cow::Owned(mended);
                value
            }
        };
        let Value::Object(members) = value else { return Err(malformed("a JSON object is expected".to_owned())) };
        let mut object = Self { members, source: text.into_owned(), same_places, path: Vec::new() };
        object.unwrap();
        Ok(object)
    }

    /// Takes the members of wrappers into the object, where it has no text of its own.
    fn unwrap(&mut self) {
        for _ in 0..DEEP {
            if self.has_text() {
                return;
            }
            let graph = self.members.get("@graph").and_then(Value::as_array);
            let of_graph =
                graph.and_then(|all| all.iter().filter_map(Value::as_object).find(|one| has_text(one))).cloned();
            let wrapped = WRAPPERS.iter().find_map(|key| Some((*key, self.members.get(*key)?.as_object()?.clone())));
            let inner = match (of_graph, wrapped) {
                (Some(inner), _) => {
                    self.same_places = false;
                    self.members.remove("@graph");
                    inner
                }
                (None, Some((key, inner))) => {
                    self.path.push(key);
                    self.members.remove(key);
                    inner
                }
                (None, None) => return,
            };
            self.members.extend(inner);
        }
    }

    fn has_text(&self) -> bool {
        has_text(&self.members)
    }

    /// The members that hold a part of the article, by rank.
    pub(crate) fn part<'o>(&'o self, part: &str) -> Vec<(&'o str, &'o Value)> {
        of_part(&self.members, part)
    }

    /// The first text of a part, with its key.
    pub(crate) fn text_of(&self, part: &str) -> Option<(&str, String)> {
        self.part(part).into_iter().find_map(|(key, value)| Some((key, string(value)?)))
    }

    /// The first date of a part, with its key.
    pub(crate) fn date_of(&self, part: &str, manner: &Manner) -> Option<(&str, Moment)> {
        self.part(part).into_iter().find_map(|(key, value)| Some((key, date(value, manner)?)))
    }

    /// The first list of texts of a part that has any, with its key.
    pub(crate) fn texts_of(&self, part: &str) -> Option<(&str, Vec<String>)> {
        let all = self.part(part).into_iter().map(|(key, value)| (key, texts(value)));
        all.into_iter().find(|(_, texts)| !texts.is_empty())
    }

    /// The source without slips, and the keys that lead to a member, for places in the document.
    pub(crate) fn places_of<'o>(&'o self, key: &'o str) -> Option<(&'o str, Vec<&'o str>)> {
        let path = self.path.iter().copied().chain([key]).collect();
        self.same_places.then_some((self.source.as_str(), path))
    }
}

/// Whether an object has the text of an article, or a page.
fn has_text(members: &Map<String, Value>) -> bool {
    // An object with a title and a text of its own is an article in a wrapper.
    let is_article =
        |value: &Value| value.as_object().is_some_and(|inner| !of_part(inner, "title").is_empty() && has_text(inner));
    let full = |(_, value): &(&str, &Value)| text(value).is_some() && !is_article(value);
    of_part(members, "text").iter().any(full) || of_part(members, "page").iter().any(full)
}

fn of_part<'o>(members: &'o Map<String, Value>, part: &str) -> Vec<(&'o str, &'o Value)> {
    let ranked = |(key, value): (&'o String, &'o Value)| {
        let folded: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let (rank, of) = KEYS.get(&folded).filter(|_| key.len() < 40)?.split_once('\t')?;
        (of == part).then(|| (rank.parse::<u32>().unwrap_or(u32::MAX), key.as_str(), value))
    };
    let mut found: Vec<_> = members.iter().filter_map(ranked).collect();
    found.sort_by_key(|(rank, key, _)| (*rank, key.len()));
    found.into_iter().map(|(_, key, value)| (key, value)).collect()
}

/// A value as text: a string or number, an object by the member that names it, a list by its first text.
pub(crate) fn string(value: &Value) -> Option<String> {
    const NAMES: [&str; 15] = [
        "name",
        "title",
        "rendered",
        "main",
        "original",
        "@value",
        "value",
        "#text",
        "$oid",
        "$numberLong",
        "$numberInt",
        "content",
        "text",
        "@id",
        "href",
    ];
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => match (object.get("firstname"), object.get("lastname")) {
            (Some(Value::String(first)), Some(Value::String(last))) => {
                Some(format!("{first} {last}").trim().to_owned())
            }
            _ => NAMES.iter().find_map(|name| string_once(object.get(*name)?)),
        },
        Value::Array(list) => list.iter().find_map(string_once),
        _ => None,
    }
}

fn string_once(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => object.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

/// The texts in a value: a string, an object with a name, or a list of these.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(string).collect(),
        value => string(value).into_iter().collect(),
    }
}

/// The date in a value: a text, seconds or milliseconds since 1970, or what databases wrap around these
/// (`{"$date": ...}`).
fn date(value: &Value, manner: &Manner) -> Option<Moment> {
    date_within(value, manner, 3)
}

fn date_within(value: &Value, manner: &Manner, deep: u32) -> Option<Moment> {
    const WRAPPED: [&str; 10] =
        ["$date", "$numberLong", "$numberInt", "@value", "value", "date", "iso", "seconds", "_seconds", "rendered"];
    match value {
        Value::String(text) => dates::parse_as(text, manner),
        Value::Number(number) => dates::of_number(number.as_f64()?),
        Value::Object(object) if deep > 0 => {
            if let Some(Value::String(digits)) = object.get("$numberLong") {
                return dates::of_number(digits.parse().ok()?);
            }
            WRAPPED.iter().find_map(|key| date_within(object.get(*key)?, manner, deep - 1))
        }
        Value::Array(list) if deep > 0 => date_within(list.first()?, manner, deep - 1),
        _ => None,
    }
}

/// The text in a value: a string, a list of paragraphs, or blocks and sections of them.
pub(crate) fn text(value: &Value) -> Option<String> {
    let mut paragraphs = Vec::new();
    gather(value, &mut paragraphs, DEEP);
    let text = paragraphs.join("\n\n");
    (!text.trim().is_empty()).then_some(text)
}

fn gather(value: &Value, paragraphs: &mut Vec<String>, deep: usize) {
    const PARTS: [&str; 14] = [
        "rendered",
        "summary",
        "headline",
        "heading",
        "subtitle",
        "text",
        "content",
        "value",
        "body",
        "html",
        "paragraph",
        "paragraphs",
        "sections",
        "blocks",
    ];
    match value {
        Value::String(text) if !text.trim().is_empty() => paragraphs.push(text.clone()),
        Value::Array(list) if deep > 0 => list.iter().for_each(|one| gather(one, paragraphs, deep - 1)),
        Value::Object(object) if deep > 0 => {
            // Spans of one paragraph.
            if let Some(spans) = object.get("children").and_then(Value::as_array) {
                let text = |span: &Value| span.get("text").and_then(Value::as_str).map(str::to_owned);
                let joined: String = spans.iter().filter_map(text).collect();
                if !joined.trim().is_empty() {
                    paragraphs.push(joined);
                    return;
                }
                spans.iter().for_each(|span| gather(span, paragraphs, deep - 1));
            }
            // Of the forms of one text the first is enough.
            let one = PARTS[..1].iter().chain(&PARTS[5..]).find(|key| object.get(**key).is_some_and(Value::is_string));
            let keys = PARTS.iter().filter(|key| one.is_none() || one == Some(*key) || PARTS[1..5].contains(key));
            keys.filter_map(|key| object.get(*key)).for_each(|part| gather(part, paragraphs, deep - 1));
        }
        _ => {}
    }
}
