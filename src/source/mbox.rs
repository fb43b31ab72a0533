//! Mailboxes: messages one after the other, each opened by a line that begins with `From `.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::reader::Reader;
use super::{SourceError, mail, sniff};
use crate::article::Place;

/// A message as it is gathered from the lines of a mailbox.
#[derive(Default)]
struct Message {
    bytes: Vec<u8>,
    start: u64,
    number: u64,
    too_large: bool,
}

/// Reads the messages of a mailbox.
pub(super) fn read(reader: &mut Reader<'_>, input: &mut dyn BufRead, place: &Place) -> ControlFlow<()> {
    let limit = reader.options.document_bytes;
    let mut message = Message::default();
    let (mut offset, mut after_blank) = (0u64, true);
    loop {
        let mut line = Vec::new();
        let read = (&mut *input).take(limit.saturating_add(1)).read_until(b'\n', &mut line);
        let read = match read {
            Ok(read) => read as u64,
            Err(cause) => return cut(reader, message, offset, place, &cause),
        };
        let opens = after_blank && sniff::is_from_line(&line);
        if read == 0 || opens {
            let number = message.number + 1;
            give(reader, std::mem::take(&mut message), offset, place)?;
            message = Message { start: offset + read, number, ..Message::default() };
        } else if message.number > 0 {
            message.too_large |= message.bytes.len() as u64 + read > limit;
            if message.too_large {
                message.bytes = Vec::new();
            } else {
                message.bytes.extend_from_slice(unquoted(&line));
            }
        }
        if read == 0 {
            return ControlFlow::Continue(());
        }
        offset += read;
        after_blank = line.trim_ascii().is_empty();
    }
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
fn cut(reader: &mut Reader<'_>, message: Message, _end: u64, place: &Place, cause: &io::Error) -> ControlFlow<()> {
    reader.fault(Place { record: Some(message.number.max(1)), ..place.clone() }, cause)
}
