//! JSON Lines, arrays of JSON objects, and objects over several lines: one document for each object, or for each
//! article of an object that is only an envelope.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::reader::{Reader, inside};
use super::{SourceError, envelope};
use crate::article::{Format, Place, RawDocument};

fn document(bytes: Vec<u8>, place: Place) -> RawDocument {
    RawDocument { bytes, format: Format::Json, place, ..RawDocument::default() }
}

/// Hands over a value: one document, or one for each article if it is an envelope around a list of them.
fn give(reader: &mut Reader<'_>, bytes: Vec<u8>, place: Place) -> ControlFlow<()> {
    let Some(found) = envelope::articles(&bytes) else { return reader.give(Ok(document(bytes, place))) };
    for (range, record) in found.ranges.iter().zip(1..) {
        let start = place.bytes.map_or(0, |(start, _)| start);
        let bytes = found.same_places.then(|| (start + range.start as u64, start + range.end as u64));
        let article = found.text.as_bytes()[range.clone()].to_vec();
        reader.give(Ok(document(article, Place { bytes, ..inside(&place, record) })))?;
    }
    ControlFlow::Continue(())
}

/// Hands over each line of a JSON Lines file.
pub(super) fn lines(reader: &mut Reader<'_>, input: &mut dyn BufRead, place: &Place) -> ControlFlow<()> {
    let mut offset = 0u64;
    for record in 1.. {
        let mut line = Vec::new();
        let limit = reader.options.document_bytes;
        let place = Place { record: Some(record), ..place.clone() };
        // The end of the line, of two bytes at most, is no part of the document.
        let read = match (&mut *input).take(limit.saturating_add(2)).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(read) => read as u64,
            Err(cause) => return reader.fault(place, &cause),
        };
        let start = offset;
        offset += read;
        let whole = line.strip_suffix(b"\n").map_or(&line[..], |line| line.strip_suffix(b"\r").unwrap_or(line));
        if whole.len() as u64 > limit {
            let skipped = if line.ends_with(b"\n") { Ok(0) } else { input.skip_until(b'\n') };
            reader.give(Err(SourceError::TooLarge { place: place.clone(), limit }))?;
            match skipped {
                Ok(skipped) => offset += skipped as u64,
                Err(cause) => return reader.fault(place, &cause),
            }
            continue;
        }
        let bytes = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        let lead = (line.len() - bytes.trim_ascii_start().len()) as u64;
        let bytes = bytes.trim_ascii();
        if !bytes.is_empty() {
            let range = (start + lead, start + lead + bytes.len() as u64);
            give(reader, bytes.to_vec(), Place { bytes: Some(range), ..place })?;
        }
    }
    ControlFlow::Continue(())
}

/// Hands over each element of an array, or each value where they stand one after the other.
///
/// A single object that fills its file has no record number.
pub(super) fn values(reader: &mut Reader<'_>, input: &mut dyn BufRead, place: &Place) -> ControlFlow<()> {
    let mut scan = Scan { input, offset: 0, limit: reader.options.document_bytes };
    let mut held: Option<(Vec<u8>, (u64, u64))> = None;
    let array = match scan.past_opening() {
        Ok(array) => array,
        Err(cause) => return reader.fault(place.clone(), &cause),
    };
    let mut record = 0;
    loop {
        let at = Place { record: Some(record + 1), ..place.clone() };
        let value = match scan.value() {
            Ok(Value::End) => {
                return match held {
                    Some((bytes, _)) => give(reader, bytes, place.clone()),
                    None => ControlFlow::Continue(()),
                };
            }
            other => other,
        };
        record += 1;
        if let Some((bytes, range)) = held.take() {
            let place = Place { record: Some(record - 1), bytes: Some(range), ..place.clone() };
            give(reader, bytes, place)?;
        }
        match value {
            Ok(Value::Whole(bytes, range)) if record == 1 && !array => held = Some((bytes, range)),
            Ok(Value::Whole(bytes, range)) => give(reader, bytes, Place { bytes: Some(range), ..at })?,
            Ok(Value::TooLarge) => reader.give(Err(SourceError::TooLarge { place: at, limit: scan.limit }))?,
            Ok(Value::End) => {}
            Err(cause) => return reader.fault(at, &cause),
        }
    }
}

/// Cuts a stream into JSON values by brackets and strings. It does not validate them; extraction does.
struct Scan<'a> {
    input: &'a mut dyn BufRead,
    offset: u64,
    limit: u64,
}

enum Value {
    Whole(Vec<u8>, (u64, u64)),
    TooLarge,
    End,
}

impl Scan<'_> {
    fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.input.fill_buf()?.first().copied();
        if byte.is_some() {
            self.input.consume(1);
            self.offset += 1;
        }
        Ok(byte)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    /// Steps over the bracket that opens an array; false where there is none.
    fn past_opening(&mut self) -> io::Result<bool> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace() || b"\xef\xbb\xbf".contains(&byte)) {
            self.next()?;
        }
        let array = self.peek()? == Some(b'[');
        if array {
            self.next()?;
        }
        Ok(array)
    }

    /// The next value. White space, commas, closing brackets and the brackets of further arrays before it are skipped.
    fn value(&mut self) -> io::Result<Value> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace() || b",;[]}\x1e".contains(&byte)) {
            self.next()?;
        }
        let start = self.offset;
        let (mut bytes, mut depth, mut in_string, mut escaped) = (Vec::new(), 0u64, false, false);
        loop {
            let Some(byte) = self.peek()? else {
                return match (self.offset == start, depth == 0 && !in_string) {
                    (true, _) => Ok(Value::End),
                    (false, true) => Ok(self.ended(bytes, start)),
                    (false, false) => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            };
            let plain = !in_string && depth == 0;
            if plain && self.offset > start && (byte.is_ascii_whitespace() || b",]}".contains(&byte)) {
                return Ok(self.ended(bytes, start));
            }
            self.next()?;
            if (bytes.len() as u64) <= self.limit {
                bytes.push(byte);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && !in_string && matches!(byte, b'}' | b']') {
                return Ok(self.ended(bytes, start));
            }
        }
    }

    fn ended(&self, bytes: Vec<u8>, start: u64) -> Value {
        if bytes.len() as u64 > self.limit { Value::TooLarge } else { Value::Whole(bytes, (start, self.offset)) }
    }
}
