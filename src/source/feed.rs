//! RSS, Atom and JSON feeds: each entry becomes a JSON object under the names of our own JSON input.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use feed_rs::model::{self, Entry, Link, Person, Text};
use serde_json::{Map, Value, json};

use super::reader::Reader;
use crate::article::Place;
use crate::fence::{GAVE_UP, fenced};

/// A parsed feed, and its dates as the feed writes them.
///
/// The parser turns every date into UTC and loses the zone in which the outlet writes. So we give it a date function
/// that stores each text and returns its number as the timestamp; [`Feed::time`] gives the text of a number.
struct Feed {
    parsed: model::Feed,
    times: Vec<String>,
}

impl Feed {
    fn time(&self, number: Option<DateTime<Utc>>) -> Option<&str> {
        let number = usize::try_from(number?.timestamp()).ok()?;
        self.times.get(number).map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

/// Reads the entries of a feed. One that is cut off or damaged gives the entries before the damage, then an error.
pub(super) fn read(reader: &mut Reader<'_>, bytes: Vec<u8>, place: Place) -> ControlFlow<()> {
    let (feed, damage) = match parse(&bytes) {
        Ok(feed) => (Some(feed), None),
        Err(cause) => (repaired(&bytes), Some(cause)),
    };
    let mut given = 0;
    for (entry, record) in
        feed.iter().flat_map(|feed| feed.parsed.entries.iter().map(move |entry| (feed, entry))).zip(1..)
    {
        let place = Place { record: Some(record), ..place.clone() };
        reader.give_json(object(entry.0, entry.1), place)?;
        given = record;
    }
    match damage {
        None => ControlFlow::Continue(()),
        Some(cause) => {
            let place = Place { record: Some(given + 1), ..place };
            reader.damaged(place, format!("the feed is cut off or damaged: {cause}"))
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Feed, String> {
    let times = Arc::new(Mutex::new(Vec::new()));
    let aside = Arc::clone(&times);
    let number = move |text: &str| {
        let mut times = aside.lock().unwrap_or_else(PoisonError::into_inner);
        times.push(text.to_owned());
        DateTime::from_timestamp(i64::try_from(times.len() - 1).ok()?, 0)
    };
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).timestamp_parser(number).build();
    let parsed = fenced(|| parser.parse(bytes)).ok_or(GAVE_UP)?.map_err(|cause| cause.to_string())?;
    let times = std::mem::take(&mut *times.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Feed { parsed, times })
}

/// The feed up to its last complete entry, with the elements around it closed.
fn repaired(bytes: &[u8]) -> Option<Feed> {
    let text = String::from_utf8_lossy(bytes);
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return repaired_json(&text);
    }
    let root =
        text.match_indices('<').map(|(at, _)| &text[at + 1..]).find(|rest| rest.starts_with(char::is_alphabetic))?;
    let root = &root[..root.find(|c: char| !c.is_alphanumeric() && !":_-.".contains(c))?];
    let prefix = root.rfind(':').map_or("", |colon| &root[..=colon]);
    let (entry, close) = match root.rsplit(':').next()? {
        "rss" => ("</item>".to_owned(), "</channel></rss>".to_owned()),
        "RDF" => ("</item>".to_owned(), format!("</{root}>")),
        _ => (format!("</{prefix}entry>"), format!("</{root}>")),
    };
    let end = text.rfind(&entry)? + entry.len();
    parse(format!("{}{close}", &text[..end]).as_bytes()).ok()
}

/// A JSON feed up to the last item with which it parses. Tries the last 100 closing braces.
fn repaired_json(text: &str) -> Option<Feed> {
    let tries = text.match_indices('}').rev().take(100);
    tries.map(|(at, _)| format!("{}]}}", &text[..=at])).find_map(|text| parse(text.as_bytes()).ok())
}

/// The JSON object of an entry. Its outlet is the feed's title.
fn object(feed: &Feed, entry: &Entry) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |key: &str, value: Value| {
        if !matches!(&value, Value::Null) {
            object.insert(key.to_owned(), value);
        }
    };
    set("url", address(&entry.links).or_else(|| Some(entry.id.clone()).filter(|id| id.starts_with("http"))).into());
    set("title", entry.title.as_ref().map(plain).into());
    let body =
        entry.content.as_ref().and_then(|content| content.body.as_deref()).filter(|body| !body.trim().is_empty());
    let kind = entry.content.as_ref().map(|content| content.content_type.to_string()).unwrap_or_default();
    match body {
        Some(body) if kind.starts_with("text/plain") => set("text", body.into()),
        Some(body) => set("html", body.into()),
        None => set("summary_only", true.into()),
    }
    set("summary", entry.summary.as_ref().map(|text| text.content.clone()).into());
    let authors = if entry.authors.is_empty() { &feed.parsed.authors } else { &entry.authors };
    let names: Vec<&str> = authors.iter().filter_map(name).collect();
    set("authors", if names.is_empty() { Value::Null } else { json!(names) });
    let (published, modified) = (feed.time(entry.published), feed.time(entry.updated));
    set("published", published.into());
    set("modified", modified.filter(|_| modified != published).into());
    set("outlet", feed.parsed.title.as_ref().map(plain).filter(|title| !title.is_empty()).into());
    set("language", entry.language.clone().or_else(|| feed.parsed.language.clone()).into());
    let words: Vec<&str> = entry.categories.iter().map(|one| one.label.as_deref().unwrap_or(&one.term)).collect();
    set("keywords", if words.is_empty() { Value::Null } else { json!(words) });
    object
}

/// A title without markup: many feeds declare titles as text and escape HTML in them.
fn plain(text: &Text) -> String {
    let decoded = html_escape::decode_html_entities(&text.content).into_owned();
    let mut out = String::with_capacity(decoded.len());
    let mut rest = decoded.as_str();
    while let Some(at) = rest.find('<') {
        let is_tag = rest[at + 1..].starts_with(|c: char| c == '/' || c.is_ascii_alphabetic());
        match rest[at..].find('>').filter(|_| is_tag) {
            Some(end) => {
                out.push_str(&rest[..at]);
                rest = &rest[at + end + 1..];
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The address of the article: of the links without relation or with `alternate`, the first that may be a page, else
/// the first.
fn address(links: &[Link]) -> Option<String> {
    let is_page = |link: &&Link| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    let main = |link: &&Link| matches!(link.rel.as_deref(), None | Some("alternate"));
    links.iter().filter(main).find(is_page).or_else(|| links.iter().find(main)).map(|link| link.href.clone())
}

/// A person's name. RSS puts it in brackets after an e-mail address: `a@b.example (Ann Bell)`. The parser may have
/// removed the address already.
fn name(person: &Person) -> Option<&str> {
    let name = person.name.as_deref()?.trim();
    let is_address = |before: &str| before.is_empty() || before.contains('@');
    let inner =
        name.split_once('(').filter(|(before, _)| is_address(before)).and_then(|(_, rest)| rest.split(')').next());
    inner.or(Some(name)).filter(|name| !name.is_empty() && !name.contains('@'))
}
