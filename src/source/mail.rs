//! E-mail messages, such as newsletters, and web pages saved as MHTML.

use std::ops::ControlFlow;

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use serde_json::{Map, Value};

use super::parts::{self, Body, Parts};
use super::reader::{Reader, inside};
use crate::article::{Format, Place, RawDocument};
use crate::fence::fenced;

/// Messages within messages that are read, counted from the outermost one.
const DEEP: u32 = 8;
/// Parts of one input that may hold messages; the parser needs memory for each level of them.
const MESSAGES: usize = 2000;

/// Reads one message. An e-mail becomes an object of our own JSON input, with its HTML or text and the sender as
/// outlet; an MHTML file becomes its page. Messages that it forwards or binds together follow as documents of their
/// own.
pub(super) fn read(reader: &mut Reader<'_>, bytes: Vec<u8>, place: Place) -> ControlFlow<()> {
    if holders(&bytes) > MESSAGES {
        return reader.damaged(place, format!("more than {MESSAGES} messages are nested in this one"));
    }
    let message = match fenced(|| MessageParser::default().parse(&bytes)) {
        Some(Some(message)) if !message.parts.is_empty() => message,
        _ => return reader.damaged(place, "no e-mail message can be read here"),
    };
    let cut = is_cut(&message, &bytes);
    match page(&message) {
        Some(page) => reader.give(Ok(RawDocument { place: place.clone(), ..page }))?,
        None => letter(reader, &message, &place, 0)?,
    }
    match cut {
        true => reader.damaged(place, "the message ends before its last part does: it is cut off"),
        false => ControlFlow::Continue(()),
    }
}

/// Hands over a message, then the messages in it.
fn letter(reader: &mut Reader<'_>, message: &Message<'_>, place: &Place, depth: u32) -> ControlFlow<()> {
    let parts = parts::of(message);
    let object = object(message, &parts);
    if object.contains_key("html") || object.contains_key("text") {
        reader.give_json(object, place.clone())?;
    } else if parts.messages.is_empty() || depth >= DEEP {
        return reader.damaged(place.clone(), "the message has no text");
    }
    for (inner, record) in parts.messages.iter().zip(1..) {
        if depth < DEEP {
            letter(reader, inner, &inside(place, record), depth + 1)?;
        }
    }
    ControlFlow::Continue(())
}

/// How often the bytes name a kind of part that holds messages.
fn holders(bytes: &[u8]) -> usize {
    let named = |rest: &[u8], name: &[u8]| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let slashes = (0..bytes.len()).filter(|at| bytes[*at] == b'/');
    slashes.filter(|at| named(&bytes[at + 1..], b"rfc822") || named(&bytes[at + 1..], b"digest")).count()
}

/// Whether the boundary that should close a message of several parts is missing.
fn is_cut(message: &Message<'_>, bytes: &[u8]) -> bool {
    let boundary = message.content_type().and_then(|kind| kind.attribute("boundary"));
    boundary.filter(|boundary| !boundary.is_empty()).is_some_and(|boundary| {
        let close = format!("--{boundary}--");
        let tail = &bytes[bytes.len().saturating_sub(64 << 10)..];
        !contains(tail, close.as_bytes()) && !contains(bytes, close.as_bytes())
    })
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// The page of an MHTML file: its first HTML part. A message is such a file if it has a `Snapshot-Content-Location`, or
/// if it is `multipart/related`, gives a location for the page and was not received by mail.
fn page(message: &Message<'_>) -> Option<RawDocument> {
    let kind = message.content_type()?;
    let related = kind.ctype().eq_ignore_ascii_case("multipart")
        && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("related"));
    let snapshot = text(message.header("Snapshot-Content-Location"));
    let part = message.parts.iter().find(|part| matches!(part.body, PartType::Html(_)))?;
    let location = snapshot.clone().or_else(|| part.content_location().map(str::to_owned));
    let saved = snapshot.is_some() || (related && location.is_some() && message.received().is_none());
    let PartType::Html(html) = &part.body else { return None };
    saved.then(|| RawDocument {
        bytes: html.as_bytes().to_vec(),
        format: Format::Html,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        address: location.filter(|address| address.starts_with("http")),
        fetched: message.date().and_then(|date| date.to_rfc3339().parse().ok()),
        place: Place::default(),
        ..RawDocument::default()
    })
}

fn object(message: &Message<'_>, parts: &Parts<'_>) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            object.insert(key.to_owned(), value.into());
        }
    };
    match parts.body() {
        Body::Html(html) => set("html", Some(html)),
        Body::Text(text) => set("text", Some(text)),
    }
    set("id", message.message_id().map(str::to_owned));
    set("title", message.subject().map(str::to_owned));
    set("published", date(message));
    set("outlet", message.from().and_then(sender));
    set("language", text(message.header("Content-Language")));
    object
}

/// The time of the message. One without an offset in digits is given as it is written, because the parser would take it
/// for UTC.
fn date(message: &Message<'_>) -> Option<String> {
    let written = message.header_raw("Date").or_else(|| message.header_raw("Sent"))?;
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = written.split('(').next().unwrap_or_default().trim_end();
    let offset = bare.rsplit(' ').next().and_then(|last| last.strip_prefix(['+', '-']));
    let has_offset = offset.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let parsed = message.date().filter(|date| has_offset && date.is_valid()).map(|date| date.to_rfc3339());
    parsed.or(Some(written))
}

/// The sender's name, else the host of the address.
fn sender(from: &Address<'_>) -> Option<String> {
    let first = from.first()?;
    let name = first.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let host = first.address.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, host)| host);
    name.or(host).map(str::to_owned)
}

fn text(value: Option<&HeaderValue<'_>>) -> Option<String> {
    match value? {
        HeaderValue::Text(text) => Some(text.trim().to_owned()),
        HeaderValue::TextList(list) => list.first().map(|text| text.trim().to_owned()),
        _ => None,
    }
}
