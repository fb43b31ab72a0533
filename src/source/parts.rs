//! The parts of an e-mail message that a reader is shown, in their order.

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::fence::fenced;

/// Levels of parts within parts that are read.
const LEVELS: u32 = 40;

/// What a message shows, and the messages in it.
#[derive(Default)]
pub(super) struct Parts<'m> {
    shown: Vec<Piece<'m>>,
    /// Texts that are attached; they stand for the message only if it shows none.
    attached: Vec<Piece<'m>>,
    pub(super) messages: Vec<Cow<'m, Message<'m>>>,
}

enum Piece<'m> {
    Text(Cow<'m, str>),
    Html(&'m str),
}

/// The text of a message.
pub(super) enum Body {
    Html(String),
    Text(String),
}

/// The parts of a message.
pub(super) fn of<'m>(message: &'m Message<'m>) -> Parts<'m> {
    let mut parts = Parts::default();
    parts.add(message, 0, LEVELS);
    parts
}

impl<'m> Parts<'m> {
    fn add(&mut self, message: &'m Message<'m>, number: u32, levels: u32) {
        let Some(part) = message.parts.get(number as usize) else { return };
        match &part.body {
            PartType::Multipart(numbers) if levels > 0 => self.add_all(message, part, numbers, levels - 1),
            PartType::Multipart(_) => {}
            PartType::Message(inner) => self.messages.push(Cow::Borrowed(inner)),
            PartType::Html(html) => self.put(part, Piece::Html(html)),
            // What is cut off in the middle is given as text, whatever it is.
            PartType::Text(text) if is_html(part) => self.put(part, Piece::Html(text)),
            PartType::Text(text) if is_plain(part) => self.put(part, Piece::Text(as_written(part, text))),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if is_saved_message(part) => {
                let inner = fenced(|| MessageParser::default().parse(bytes.as_ref())).flatten();
                self.messages.extend(inner.filter(|inner| !inner.parts.is_empty()).map(Cow::Owned));
            }
            _ => {}
        }
    }

    /// All parts of a sequence; of alternatives the best one; of related parts the page, without what belongs to it.
    fn add_all(&mut self, message: &'m Message<'m>, part: &'m MessagePart<'m>, numbers: &[u32], levels: u32) {
        let kind = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
        match kind.as_str() {
            "alternative" => {
                let of_one = |number: &u32| {
                    let mut parts = Parts::default();
                    parts.add(message, *number, levels);
                    parts
                };
                if let Some(best) = best(numbers.iter().map(of_one).collect()) {
                    self.shown.extend(best.shown);
                    self.attached.extend(best.attached);
                    self.messages.extend(best.messages);
                }
            }
            "related" => {
                let belongs = |number: u32| {
                    let part = message.parts.get(number as usize);
                    part.is_some_and(|part| part.content_id().or(part.content_location()).is_some())
                };
                let shown = numbers.iter().enumerate().filter(|(at, number)| *at == 0 || !belongs(**number));
                shown.for_each(|(_, number)| self.add(message, *number, levels));
            }
            _ => numbers.iter().for_each(|number| self.add(message, *number, levels)),
        }
    }

    fn put(&mut self, part: &MessagePart<'_>, piece: Piece<'m>) {
        let attached = part.content_disposition().is_some_and(|kind| kind.is_attachment());
        if attached { &mut self.attached } else { &mut self.shown }.push(piece);
    }

    fn letters(&self) -> usize {
        self.shown.iter().map(Piece::letters).sum()
    }

    fn has_html(&self) -> bool {
        self.shown.iter().any(|piece| matches!(piece, Piece::Html(_)))
    }

    /// The text of the message: HTML if one of several parts is, because the other way round its paragraphs get lost.
    pub(super) fn body(&self) -> Body {
        let pieces = if self.letters() > 0 { &self.shown } else { &self.attached };
        let shown: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.letters() > 0).collect();
        if let [Piece::Html(html)] = shown[..] {
            return Body::Html(html.to_string());
        }
        let any_html = shown.iter().any(|piece| matches!(piece, Piece::Html(_)));
        let text = |piece: &&Piece<'_>| match piece {
            Piece::Text(text) if any_html => marked_up(text),
            Piece::Text(text) => text.to_string(),
            Piece::Html(html) => inner(html).to_owned(),
        };
        let joined = shown.iter().map(text).collect::<Vec<_>>().join("\n\n");
        if any_html { Body::Html(joined) } else { Body::Text(joined) }
    }
}

impl Piece<'_> {
    /// The letters and digits that it shows; those of tags are left out.
    fn letters(&self) -> usize {
        let (text, is_html) = match self {
            Self::Text(text) => (text.as_ref(), false),
            Self::Html(html) => (inner(html), true),
        };
        let mut in_tag = false;
        let shown = |c: &char| {
            in_tag = is_html && (*c == '<' || in_tag && *c != '>');
            !in_tag && c.is_alphanumeric()
        };
        text.chars().filter(shown).count()
    }
}

/// The alternative to read: HTML before text, unless it shows less than a quarter of what the text does.
fn best(alternatives: Vec<Parts<'_>>) -> Option<Parts<'_>> {
    let most = alternatives.iter().map(Parts::letters).max()?;
    let good = |parts: &Parts<'_>| parts.letters() * 4 >= most && (most > 0 || !parts.messages.is_empty());
    let rank = |parts: &Parts<'_>| (good(parts), parts.has_html());
    alternatives.into_iter().max_by_key(rank)
}

fn is_html(part: &MessagePart<'_>) -> bool {
    part.content_type().and_then(|kind| kind.subtype()).is_some_and(|kind| kind.eq_ignore_ascii_case("html"))
}

/// Whether a text part is for reading, not a calendar, a table or a card.
fn is_plain(part: &MessagePart<'_>) -> bool {
    let kind = part.content_type().and_then(|kind| kind.subtype());
    kind.is_none_or(|kind| ["plain", "markdown", "enriched"].iter().any(|known| kind.eq_ignore_ascii_case(known)))
}

fn is_saved_message(part: &MessagePart<'_>) -> bool {
    let is_saved = |name: &str| name.to_ascii_lowercase().ends_with(".eml");
    part.attachment_name().is_some_and(is_saved)
        || part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("message"))
            && part
                .content_type()
                .and_then(|kind| kind.subtype())
                .is_some_and(|kind| kind.eq_ignore_ascii_case("rfc822"))
}

/// The text of a part, with the line breaks of `format=flowed` undone.
fn as_written<'m>(part: &MessagePart<'_>, text: &'m str) -> Cow<'m, str> {
    let says = |name: &str, value: &str| {
        let found = part.content_type().and_then(|kind| kind.attribute(name));
        found.is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    if says("format", "flowed") { unflowed(text, says("delsp", "yes")).into() } else { text.into() }
}

/// Undoes the line breaks of `format=flowed` (RFC 3676): a line that ends in a blank goes on in the next one of the same
/// depth of quotation. With `delsp` that blank is not part of the text.
fn unflowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let stuffed = &line[depth..];
        let line = stuffed.strip_prefix(' ').unwrap_or(stuffed);
        let signature = line == "-- ";
        if open != Some(depth) || signature {
            if !out.is_empty() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = line.ends_with(' ') && !signature;
        out.push_str(if flows && delsp { &line[..line.len() - 1] } else { line });
        open = flows.then_some(depth);
    }
    out
}

/// What stands in the body of an HTML document.
fn inner(html: &str) -> &str {
    let tag = |text: &str, name: &str| {
        let named = |at: &usize| {
            text.as_bytes()[*at..].get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        };
        text.match_indices('<').map(|(at, _)| at).find(named)
    };
    let start = tag(html, "<body").and_then(|at| Some(at + html[at..].find('>')? + 1)).unwrap_or(0);
    let html = &html[start..];
    &html[..tag(html, "</body").unwrap_or(html.len())]
}

/// A plain text as HTML: a paragraph for each of its own, with the breaks of lines that are not just wrapped.
fn marked_up(text: &str) -> String {
    let text = text.replace('\r', "");
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    let marked = paragraphs.map(|paragraph| {
        let lines: Vec<&str> = paragraph.trim().lines().collect();
        let wrapped = lines[..lines.len().saturating_sub(1)].iter().all(|line| (40..=120).contains(&line.len()));
        let joined = lines.iter().map(|line| html_escape::encode_text(line)).collect::<Vec<_>>();
        format!("<p>{}</p>", joined.join(if wrapped { "\n" } else { "<br>" }))
    });
    marked.collect::<Vec<_>>().join("\n")
}
