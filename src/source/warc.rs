//! Web archives (WARC, ISO 28500): the pages of successful responses, and of records that hold a page itself (resource,
//! conversion), with address and time of the fetch.
//!
//! The reader is our own: the one crate for WARC holds whole records in memory and has not been updated for years. A
//! record whose length is wrong is an error; reading goes on line by line until a line begins the next record.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::SourceError;
use super::http::{self, BodyError, Head, add_header, header};
use super::reader::Reader;
use crate::article::{Format, Place, RawDocument};

/// How a record begins.
const OPENING: &[u8] = b"WARC/";
/// Bytes of a header line, at most.
const LINE: u64 = 64 << 10;
/// Header lines of a record that are kept, at most; those after them are passed over.
const LINES: usize = 200;
/// Bytes that a response record may have for its HTTP head, in addition to the limit on the document.
const HTTP_HEAD: usize = 256 << 10;

/// A record without its block.
struct Record {
    headers: Vec<(String, String)>,
    length: Option<u64>,
}

impl Record {
    /// What its block holds, if that may be a page or a text.
    fn holds(&self) -> Option<Holds> {
        let http = |kind: &str| kind.to_ascii_lowercase().starts_with("application/http");
        let kind = header(&self.headers, "content-type");
        let name = header(&self.headers, "warc-type")?.to_ascii_lowercase();
        match name.as_str() {
            "response" if kind.is_none_or(http) => Some(Holds::Response),
            "resource" | "conversion" if self.is_of_the_web() => Some(Holds::Document(format(kind?)?)),
            _ => None,
        }
    }

    /// Whether the record is of something that was fetched. Crawlers keep logs, screenshots and their own extracts of
    /// pages under addresses such as `urn:text:`, `metadata:` and `screenshot:`.
    fn is_of_the_web(&self) -> bool {
        let scheme = self.address().and_then(|address| Some(address.split_once(':')?.0.to_ascii_lowercase()));
        scheme.is_none_or(|scheme| matches!(scheme.as_str(), "http" | "https" | "ftp" | "file"))
    }

    fn address(&self) -> Option<String> {
        let address = header(&self.headers, "warc-target-uri")?;
        Some(address.trim_start_matches('<').trim_end_matches('>').to_owned())
    }
}

/// What the block of a record holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A page behind the head of an HTTP response.
    Response,
    /// The page or text itself.
    Document(Format),
}

/// The format of a media type that holds articles.
fn format(kind: &str) -> Option<Format> {
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/plain" => Some(Format::Text),
        "application/pdf" | "application/x-pdf" => Some(Format::Pdf),
        _ => None,
    }
}

/// Counts the bytes read, for the places of records.
struct Input<'a> {
    inner: &'a mut dyn BufRead,
    offset: u64,
}

impl Input<'_> {
    /// Reads a line of at most [`LINE`] bytes with its end; empty at the end of the stream.
    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.offset += (&mut *self.inner).take(LINE).read_until(b'\n', &mut line)? as u64;
        Ok(line)
    }

    fn take(&mut self, bytes: u64, into: &mut Vec<u8>) -> io::Result<u64> {
        let read = (&mut *self.inner).take(bytes).read_to_end(into)? as u64;
        self.offset += read;
        Ok(read)
    }

    fn skip(&mut self, bytes: u64) -> io::Result<u64> {
        let read = io::copy(&mut (&mut *self.inner).take(bytes), &mut io::sink())?;
        self.offset += read;
        Ok(read)
    }
}

/// Reads the records of an archive.
pub(super) fn read(reader: &mut Reader<'_>, input: &mut dyn BufRead, place: &Place) -> ControlFlow<()> {
    let mut input = Input { inner: input, offset: 0 };
    let mut records = Records { place, number: 0, strayed: false };
    loop {
        let start = input.offset;
        let line = match input.line() {
            Ok(line) => line,
            Err(cause) => return reader.fault(records.at(1), &cause),
        };
        if line.is_empty() {
            return ControlFlow::Continue(());
        }
        if line.starts_with(OPENING) {
            records.number += 1;
            records.strayed = false;
            match record(reader, &mut input, &records, start)? {
                Ok(true) => {}
                Ok(false) => return ControlFlow::Continue(()),
                Err(cause) => return reader.fault(records.at(0), &cause),
            }
        } else if !line.trim_ascii().is_empty() && !records.strayed {
            records.strayed = true;
            reader.damaged(records.at(0), "its length is wrong: the next record is looked for after it")?;
        }
    }
}

struct Records<'a> {
    place: &'a Place,
    number: u64,
    /// Whether bytes that are no record follow the last record; an error was handed over for them.
    strayed: bool,
}

impl Records<'_> {
    fn at(&self, ahead: u64) -> Place {
        Place { record: Some(self.number + ahead), ..self.place.clone() }
    }
}

/// Reads a record after its first line. Gives false where the archive ends within it; that error has been handed over.
fn record(
    reader: &mut Reader<'_>,
    input: &mut Input<'_>,
    records: &Records<'_>,
    start: u64,
) -> ControlFlow<(), io::Result<bool>> {
    let record = match headers(input) {
        Ok(record) => record,
        Err(cause) => return ControlFlow::Continue(Err(cause)),
    };
    let Some(length) = record.length else {
        reader.damaged(records.at(0), "a record without a valid Content-Length")?;
        return ControlFlow::Continue(Ok(true));
    };
    let limit = reader.options.document_bytes;
    let mut block = Vec::new();
    let kept = match record.holds() {
        Some(Holds::Response) => length.min(limit.saturating_add(HTTP_HEAD as u64)),
        // A byte more than the limit, so that what is larger is told from what is not.
        Some(Holds::Document(_)) => length.min(limit.saturating_add(1)),
        None => 0,
    };
    let read = match input.take(kept, &mut block) {
        Ok(read) if read == kept => input.skip(length - kept).map(|skipped| read + skipped),
        other => other,
    };
    match read {
        Err(cause) => return ControlFlow::Continue(Err(cause)),
        Ok(read) if read < length => {
            reader.damaged(records.at(0), "it ends too early: the file is cut off, or the record's length is wrong")?;
            return ControlFlow::Continue(Ok(false));
        }
        Ok(_) => {}
    }
    if kept > 0 {
        let place = Place { bytes: Some((start, input.offset)), ..records.at(0) };
        let ends_well = match input.inner.fill_buf() {
            Ok([] | [b'\r' | b'\n', ..]) | Err(_) => true,
            // The blank lines after the record are missing, or are counted in its length.
            Ok(next) => next.starts_with(OPENING) || OPENING.starts_with(next),
        };
        match record.holds() {
            _ if kept < length => reader.give(Err(SourceError::TooLarge { place, limit }))?,
            Some(Holds::Document(_)) if length > limit => {
                reader.give(Err(SourceError::TooLarge { place, limit }))?;
            }
            _ if !ends_well => {}
            Some(Holds::Document(format)) => document(reader, &record, format, block, place)?,
            _ => response(reader, &record, block, place)?,
        }
    }
    ControlFlow::Continue(Ok(true))
}

fn headers(input: &mut Input<'_>) -> io::Result<Record> {
    let mut headers = Vec::new();
    loop {
        let line = input.line()?;
        if line.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        if line.is_empty() {
            break;
        }
        let names = |name: &str| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if headers.len() < LINES
            || ["content-", "warc-t", "warc-date"].iter().any(|name| names(name)) && headers.len() < 2 * LINES
        {
            add_header(&mut headers, &line);
        }
    }
    let length = header(&headers, "content-length").and_then(|length| length.parse().ok());
    Ok(Record { headers, length })
}

/// Hands over the block of a record that is the page or text itself.
fn document(reader: &mut Reader<'_>, record: &Record, format: Format, bytes: Vec<u8>, place: Place) -> ControlFlow<()> {
    reader.give(Ok(RawDocument {
        bytes,
        format,
        content_type: header(&record.headers, "content-type").map(str::to_owned),
        address: record.address().filter(|address| address.starts_with("http")),
        fetched: header(&record.headers, "warc-date").and_then(|date| date.parse().ok()),
        place,
        ..RawDocument::default()
    }))
}

/// Hands over the body of a response if its status is 200 and it is HTML, plain text or a PDF.
fn response(reader: &mut Reader<'_>, record: &Record, mut block: Vec<u8>, place: Place) -> ControlFlow<()> {
    let Some((head, at)) = Head::parse(&block) else {
        return reader.damaged(place, "no HTTP response in a record that should hold one");
    };
    let kind = head.header("content-type").unwrap_or_default().to_owned();
    let Some(format) = format(&kind) else { return ControlFlow::Continue(()) };
    if head.status != 200 {
        return ControlFlow::Continue(());
    }
    block.drain(..at);
    let limit = reader.options.document_bytes;
    match http::body(&head, block, limit) {
        Ok(bytes) if bytes.len() as u64 > limit => reader.give(Err(SourceError::TooLarge { place, limit })),
        Ok(bytes) => reader.give(Ok(RawDocument {
            bytes,
            format,
            content_type: Some(kind),
            address: record.address(),
            fetched: header(&record.headers, "warc-date").and_then(|date| date.parse().ok()),
            place,
            ..RawDocument::default()
        })),
        Err(BodyError::TooLarge) => reader.give(Err(SourceError::TooLarge { place, limit })),
        Err(BodyError::Damaged(what)) => reader.damaged(place, what),
    }
}
