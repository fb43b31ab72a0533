//! E-mail messages, such as newsletters, and web pages saved as MHTML.

use std::ops::ControlFlow;

use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde_json::{Map, Value};

use super::reader::Reader;
use crate::article::{Format, Place, RawDocument};
use crate::fence::fenced;

/// Reads one message. An e-mail becomes an object of our own JSON input, with its HTML or text and the sender as
/// outlet; an MHTML file becomes its page.
pub(super) fn read(reader: &mut Reader<'_>, bytes: Vec<u8>, place: Place) -> ControlFlow<()> {
    let message = match fenced(|| MessageParser::default().parse(&bytes)) {
        Some(Some(message)) if !message.parts.is_empty() => message,
        _ => return reader.damaged(place, "no e-mail message can be read here"),
    };
    let cut = is_cut(&message, &bytes);
    match page(&message) {
        Some(page) => reader.give(Ok(RawDocument { place: place.clone(), ..page }))?,
        None => {
            let object = object(&message);
            if object.contains_key("html") || object.contains_key("text") {
                reader.give_json(object, place.clone())?;
            } else {
                return reader.damaged(place, "the message has no text");
            }
        }
    }
    match cut {
        true => reader.damaged(place, "the message ends before its last part does: it is cut off"),
        false => ControlFlow::Continue(()),
    }
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
    })
}

fn object(message: &Message<'_>) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            object.insert(key.to_owned(), value.into());
        }
    };
    let body = |parts: Vec<&MessagePart<'_>>, html: bool| {
        let texts = parts.into_iter().filter_map(|part| match &part.body {
            PartType::Html(body) if html => Some(body.as_ref()),
            PartType::Text(body) if !html => Some(body.as_ref()),
            _ => None,
        });
        Some(texts.collect::<Vec<_>>().join("\n\n")).filter(|text| !text.trim().is_empty())
    };
    let html = body(bodies(message, &message.html_body), true);
    match html {
        Some(html) => set("html", Some(html)),
        None => set("text", body(bodies(message, &message.text_body), false)),
    }
    set("id", message.message_id().map(str::to_owned));
    set("title", message.subject().map(str::to_owned));
    set("published", message.date().filter(|date| date.is_valid()).map(|date| date.to_rfc3339()));
    set("outlet", message.from().and_then(sender));
    set("language", text(message.header("Content-Language")));
    object
}

fn bodies<'m, 'x>(message: &'m Message<'x>, numbers: &[u32]) -> Vec<&'m MessagePart<'x>> {
    numbers.iter().filter_map(|number| message.parts.get(*number as usize)).collect()
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
