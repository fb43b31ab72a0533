//! Mailboxes: messages one after the other, each opened by a line that begins with `From `.
//!
//! Such a line opens a message only where header lines follow it, because letters have lines of their own that begin
//! with `From `. So the lines after it are held back until they decide.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::reader::Reader;
use super::{SourceError, mail};
use crate::article::Place;
use crate::wordlist::WordList;

/// A message as it is gathered from the lines of a mailbox.
#[derive(Default)]
struct Message {
    bytes: Vec<u8>,
    start: u64,
    number: u64,
    too_large: bool,
}

/// A separator line and what follows it, until it is known whether header lines do.
struct Held {
    lines: Vec<Vec<u8>>,
    bytes: u64,
    opening: Opening,
}

/// Reads the messages of a mailbox.
pub(super) fn read(reader: &mut Reader<'_>, input: &mut dyn BufRead, place: &Place) -> ControlFlow<()> {
    let limit = reader.options.document_bytes;
    let mut message = Message::default();
    let mut held: Option<Held> = None;
    let mut offset = 0;
    loop {
        let mut line = Vec::new();
        let read = match (&mut *input).take(limit.saturating_add(1)).read_until(b'\n', &mut line) {
            Ok(read) => read as u64,
            Err(cause) => return cut(reader, &message, place, &cause),
        };
        if let Some(mut waiting) = held.take() {
            match if read == 0 { Some(false) } else { waiting.opening.next(&line) } {
                None => {
                    waiting.bytes += read;
                    waiting.lines.push(line);
                    held = Some(waiting);
                    offset += read;
                    continue;
                }
                Some(true) => {
                    let start = offset - waiting.bytes;
                    let number = message.number + 1;
                    give(reader, std::mem::take(&mut message), start, place)?;
                    let first = waiting.lines.first().map_or(0, Vec::len) as u64;
                    message = Message { start: start + first, number, ..Message::default() };
                    waiting.lines.iter().skip(1).for_each(|line| message.push(line, limit));
                }
                Some(false) => waiting.lines.iter().for_each(|line| message.push(line, limit)),
            }
        }
        if read == 0 {
            return give(reader, message, offset, place);
        }
        match Opening::of(&line) {
            Some(opening) => held = Some(Held { lines: vec![line], bytes: read, opening }),
            None => message.push(&line, limit),
        }
        offset += read;
    }
}

impl Message {
    fn push(&mut self, line: &[u8], limit: u64) {
        if self.number == 0 {
            return;
        }
        self.too_large |= self.bytes.len() as u64 + line.len() as u64 > limit;
        if self.too_large {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(unquoted(line));
        }
    }
}

/// Lines after a separator that are looked at, at most.
const LINES: usize = 60;

/// Bytes of a header line, at most.
const LINE: usize = 64 << 10;

/// Names of the header lines that messages have, in lower case. Mailboxes add some that begin with `x-`.
static HEADERS: WordList = WordList::new(include_str!("lists/mail_headers.txt"));

/// A line that may open a message, while the lines after it are looked at.
///
/// A separator by the book (`From name@host Mon Mar  3 10:00:00 2025`) needs one header line after it; one that lacks
/// the time, but names a sender, needs two.
pub(super) struct Opening {
    wanted: usize,
    seen: usize,
}

impl Opening {
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        if !line.starts_with(b"From ") || line.len() >= 1000 {
            return None;
        }
        let rest = String::from_utf8_lossy(&line[5..]);
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        let day = |word: &&str| ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&word.trim_end_matches(','));
        let by_the_book = words.iter().any(day) && words.iter().any(|word| word.matches(':').count() >= 1);
        let sender = |word: &&&str| word.contains('@') || matches!(**word, "-" | "MAILER-DAEMON") || words.len() == 1;
        if !by_the_book && words.first().filter(sender).is_none() {
            return None;
        }
        Some(Self { wanted: if by_the_book { 1 } else { 2 }, seen: 0 })
    }

    /// Looks at the next line. Gives whether the first one opened a message, once that is known.
    pub(super) fn next(&mut self, line: &[u8]) -> Option<bool> {
        self.seen += 1;
        let line = line.trim_ascii_end();
        let continues = self.seen > 1 && line.starts_with(b" ") | line.starts_with(b"\t");
        // Some programs quote the separators of mailboxes that they pack together.
        let quoted = self.seen > 1 && line.starts_with(b">From ");
        if self.seen > LINES || line.is_empty() || line.len() > LINE {
            return Some(false);
        }
        if continues || quoted {
            return None;
        }
        match header_name(line) {
            Some(name) if is_known(name) => {
                self.wanted -= 1;
                (self.wanted == 0).then_some(true)
            }
            Some(_) => None,
            None => Some(false),
        }
    }
}

fn is_known(name: &[u8]) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"x-"))
        || HEADERS.as_slice().iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// The name of a header line.
pub(super) fn header_name(line: &[u8]) -> Option<&[u8]> {
    let name = &line[..line.iter().take(100).position(|byte| *byte == b':')?];
    let plain = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
    plain.then_some(name)
}

/// Whether a text begins as a mailbox does.
pub(super) fn is_opened(start: &[u8]) -> bool {
    let mut lines = start.split_inclusive(|byte| *byte == b'\n');
    let Some(mut opening) = lines.next().and_then(Opening::of) else { return false };
    lines.find_map(|line| opening.next(line)).unwrap_or(false)
}

/// Removes one `>`, with which mailboxes mark a line of text that looks like the opening of a message (`>From `).
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    if marks > 0 && line[marks..].starts_with(b"From ") { &line[1..] } else { line }
}

fn give(reader: &mut Reader<'_>, message: Message, end: u64, place: &Place) -> ControlFlow<()> {
    if message.number == 0 {
        return ControlFlow::Continue(());
    }
    let place = Place { record: Some(message.number), bytes: Some((message.start, end)), ..place.clone() };
    if message.too_large {
        let limit = reader.options.document_bytes;
        return reader.give(Err(SourceError::TooLarge { place, limit }));
    }
    mail::read(reader, message.bytes, place)
}

/// Reports the error that ends the stream. The message that it cuts off is not handed over.
fn cut(reader: &mut Reader<'_>, message: &Message, place: &Place, cause: &io::Error) -> ControlFlow<()> {
    reader.fault(Place { record: Some(message.number.max(1)), ..place.clone() }, cause)
}
