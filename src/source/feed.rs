//! RSS, Atom and JSON feeds: each entry becomes a JSON object under the names of our own JSON input.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use encoding_rs::{Encoding, UTF_8};
use feed_rs::model::{self, Category, Entry, FeedType, Link, Person, Text};
use serde_json::{Map, Value, json};

use super::reader::Reader;
use super::tidy::{SOURCE, Tidy, root, tidy};
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

/// Feeds one after the other in one file that are read, at most.
const FEEDS: usize = 1000;

/// Reads the entries of a feed. One that is cut off or damaged gives the entries that are whole, then an error.
pub(super) fn read(reader: &mut Reader<'_>, bytes: Vec<u8>, place: Place) -> ControlFlow<()> {
    let text = decoded(&bytes);
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return read_json(reader, &text, &place);
    }
    let (mut rest, mut given) = (text.as_ref(), 0);
    // A file may hold one feed after the other.
    for _ in 0..FEEDS {
        let Some(tidy) = tidy(rest) else { break };
        given = read_xml(reader, &tidy, &place, given)?;
        rest = &rest[tidy.end.min(rest.len())..];
    }
    match given {
        0 if root(&text).is_none() => reader.damaged(place, "the feed is cut off or damaged: it has no root element"),
        _ => ControlFlow::Continue(()),
    }
}

/// Hands over the entries of an RSS or Atom feed, numbered from `given` on; gives the number of the last one.
fn read_xml(reader: &mut Reader<'_>, tidy: &Tidy, place: &Place, mut given: u64) -> ControlFlow<(), u64> {
    match parse(tidy.xml.as_bytes()) {
        Ok(feed) => {
            for entry in &feed.parsed.entries {
                given += 1;
                reader.give_entry(object(&feed, entry), Some(entry.id.clone()), at(place, given))?;
            }
        }
        Err(cause) if tidy.items.is_empty() => {
            reader.damaged(at(place, given + 1), format!("the feed is cut off or damaged: {cause}"))?;
            return ControlFlow::Continue(given + 1);
        }
        Err(_) => given = item_by_item(reader, tidy, place, given)?,
    }
    if tidy.cut {
        let what = "the feed is cut off or damaged: it ends before its last element does";
        reader.damaged(at(place, given + 1), what)?;
    }
    ControlFlow::Continue(given)
}

/// Bytes of what stands before the first item up to which it is parsed again with each item.
const HEAD: usize = 16 << 10;

/// Parses each item by itself, so that one that the parser refuses costs no other.
fn item_by_item(reader: &mut Reader<'_>, tidy: &Tidy, place: &Place, mut given: u64) -> ControlFlow<(), u64> {
    let head = Some(&tidy.xml[..tidy.head]).filter(|head| head.len() <= HEAD);
    let head = head.filter(|head| parse(format!("{head}{}", tidy.close).as_bytes()).is_ok());
    // Without the elements around them the items still have what they say themselves.
    let bare = if tidy.close.contains("entry>") || tidy.close.contains("feed>") {
        ("<feed xmlns=\"http://www.w3.org/2005/Atom\">", "</feed>")
    } else {
        ("<rss version=\"2.0\"><channel>", "</channel></rss>")
    };
    let (open, close) = head.map_or(bare, |head| (head, tidy.close.as_str()));
    for (start, end) in &tidy.items {
        given += 1;
        let item = &tidy.xml[*start..(*end).max(*start)];
        match parse(format!("{open}{item}{close}").as_bytes()) {
            Ok(feed) => {
                for entry in &feed.parsed.entries {
                    reader.give_entry(object(&feed, entry), Some(entry.id.clone()), at(place, given))?;
                }
            }
            Err(cause) => reader.damaged(at(place, given), format!("this item of the feed is damaged: {cause}"))?,
        }
    }
    ControlFlow::Continue(given)
}

fn at(place: &Place, record: u64) -> Place {
    Place { record: Some(record), ..place.clone() }
}

/// Reads a JSON feed; one that is cut off gives its whole items.
fn read_json(reader: &mut Reader<'_>, text: &str, place: &Place) -> ControlFlow<()> {
    let text = text.trim_start_matches('\u{feff}');
    let (feed, damage) = match parse(text.as_bytes()) {
        Ok(feed) => (Some(feed), None),
        Err(cause) => (repaired_json(text), Some(cause)),
    };
    let mut given = 0;
    if let Some(feed) = &feed {
        for entry in &feed.parsed.entries {
            given += 1;
            reader.give_entry(object(feed, entry), Some(entry.id.clone()), at(place, given))?;
        }
    }
    match damage {
        None => ControlFlow::Continue(()),
        Some(cause) => reader.damaged(at(place, given + 1), format!("the feed is cut off or damaged: {cause}")),
    }
}

/// The text of a feed: UTF-8 if it is valid, else in the encoding that its declaration names.
pub(crate) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[skip..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = &bytes[..bytes.len().min(2048)];
    let named = head.windows(8).position(|window| window.eq_ignore_ascii_case(b"encoding")).and_then(|at| {
        let rest = &head[at + 8..];
        let label = rest.split(|byte| matches!(byte, b'"' | b'\'')).nth(1)?;
        Encoding::for_label(label)
    });
    match named.filter(|encoding| *encoding != UTF_8) {
        Some(encoding) => encoding.output_encoding().decode_without_bom_handling(bytes).0,
        None => String::from_utf8_lossy(bytes),
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

/// A JSON feed up to the last item with which it parses. Tries the last 100 closing braces.
fn repaired_json(text: &str) -> Option<Feed> {
    let tries = text.match_indices('}').rev().take(100);
    tries.map(|(at, _)| format!("{}]}}", &text[..=at])).find_map(|text| parse(text.as_bytes()).ok())
}

/// The JSON object of an entry. Its outlet is the source that it names, else the feed's title.
fn object(feed: &Feed, entry: &Entry) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |key: &str, value: Value| {
        if !matches!(&value, Value::Null) {
            object.insert(key.to_owned(), value);
        }
    };
    set("url", address(&entry.links).or_else(|| Some(entry.id.clone()).filter(|id| id.starts_with("http"))).into());
    let (sources, categories): (Vec<&Category>, Vec<_>) =
        entry.categories.iter().partition(|one| one.scheme.as_deref() == Some(SOURCE));
    let source = sources.first().map(|one| one.label.as_deref().unwrap_or(&one.term)).map(plain_text);
    let title = entry.title.as_ref().map(plain);
    set(
        "title",
        title.map(|title| source.as_deref().map_or(title.clone(), |source| without_source(&title, source))).into(),
    );
    let body =
        entry.content.as_ref().and_then(|content| content.body.as_deref()).filter(|body| !body.trim().is_empty());
    let kind = entry.content.as_ref().map(|content| content.content_type.to_string()).unwrap_or_default();
    match body {
        Some(body) if kind.starts_with("text/plain") => set("text", body.into()),
        Some(body) => set("html", body.into()),
        None => set("summary_only", true.into()),
    }
    if let Some((key, summary)) = entry.summary.as_ref().map(|text| summary(text, is_rss(feed))) {
        set(key, summary.into());
    }
    let authors = if entry.authors.is_empty() { &feed.parsed.authors } else { &entry.authors };
    let names: Vec<&str> = authors.iter().filter_map(name).collect();
    set("authors", if names.is_empty() { Value::Null } else { json!(names) });
    let (published, modified) = (feed.time(entry.published), feed.time(entry.updated));
    set("published", published.into());
    set("modified", modified.filter(|_| modified != published).into());
    let title = || feed.parsed.title.as_ref().map(plain);
    set("outlet", source.filter(|source| !source.is_empty()).or_else(title).filter(|title| !title.is_empty()).into());
    set("language", entry.language.clone().or_else(|| feed.parsed.language.clone()).into());
    let words: Vec<&str> = categories.iter().map(|one| one.label.as_deref().unwrap_or(&one.term)).collect();
    set("keywords", if words.is_empty() { Value::Null } else { json!(words) });
    object
}

/// A title without markup: many feeds declare titles as text and escape HTML in them.
fn plain(text: &Text) -> String {
    plain_text(&text.content)
}

/// The summary of an entry and the key for it. In RSS it is HTML, also where it holds only an image or entities; in Atom
/// it says what it is.
fn summary(text: &Text, is_rss: bool) -> (&'static str, String) {
    let content = &text.content;
    let is_html =
        is_rss || text.content_type.subty() == "html" || text.content_type.essence().to_string().contains("xhtml");
    match () {
        () if is_html && has_tag(content) => ("summary_html", content.clone()),
        () if is_html => ("summary", html_escape::decode_html_entities(content).into_owned()),
        () => ("summary", content.clone()),
    }
}

fn is_rss(feed: &Feed) -> bool {
    matches!(feed.parsed.feed_type, FeedType::RSS0 | FeedType::RSS1 | FeedType::RSS2)
}

fn has_tag(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| matches!(c, '/' | '!') || c.is_ascii_alphabetic()))
}

/// A title without the name of its source, which those who gather items of others put at its end.
fn without_source(title: &str, source: &str) -> String {
    let front = title.trim_end().strip_suffix(source).map(str::trim_end).unwrap_or_default();
    let front = front.strip_suffix(['-', '–', '—', '|', '·']).filter(|front| front.ends_with(' ')).map(str::trim_end);
    front.filter(|front| !front.is_empty()).unwrap_or(title).to_owned()
}

fn plain_text(text: &str) -> String {
    let decoded = html_escape::decode_html_entities(text).into_owned();
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
