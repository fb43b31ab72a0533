//! Where documents come from: files, folders and standard input become [`RawDocument`]s.
//!
//! What a file holds is told by its content, not by its name; compression is taken off first.

mod sniff;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::article::{Format, Place, RawDocument};
use sniff::Content;

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or folder could not be read.
    #[error("{}: {cause}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A container or record is damaged.
    #[error("{place}: {what}")]
    Damaged {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        what: String,
    },
    /// A document is larger than the limit.
    #[error("{place}: larger than {limit} bytes")]
    TooLarge {
        /// Where it stands.
        place: Place,
        /// The limit, in bytes.
        limit: u64,
    },
}

/// What one place gave: a document, or why there is none.
pub type Found = Result<RawDocument, SourceError>;

/// What to read, and within which bounds.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes of one document, expanded.
    pub document_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { document_bytes: 64 << 20 }
    }
}

/// Takes what is found, one document at a time, and says whether to go on.
type Each<'a> = &'a mut dyn FnMut(Found) -> ControlFlow<()>;

/// Reads every document below `inputs` (`-` is standard input) in a fixed order and hands each to `each`.
///
/// A bad document is handed over as an error and reading goes on. Stops early when `each` breaks.
pub fn read(inputs: &[PathBuf], options: &Options, each: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    for input in inputs {
        let flow = if input.as_os_str() == "-" {
            stream(io::stdin().lock(), "-", options, each)
        } else {
            walk(input, options, each)
        };
        if flow.is_break() {
            return;
        }
    }
}

/// Reads a file, or all files of a folder in the order of their names; hidden ones are left out.
fn walk(input: &Path, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    let walk =
        ignore::WalkBuilder::new(input).standard_filters(false).hidden(true).sort_by_file_path(Path::cmp).build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Ok(entry) => file(entry.path(), options, each)?,
            Err(cause) => {
                let cause = cause.into_io_error().unwrap_or_else(|| io::Error::other("cannot be read"));
                each(Err(SourceError::Read { path: input.to_owned(), cause }))?;
            }
        }
    }
    ControlFlow::Continue(())
}

fn file(path: &Path, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    match File::open(path) {
        Ok(file) => stream(file, &path.to_string_lossy(), options, each),
        Err(cause) => each(Err(SourceError::Read { path: path.to_owned(), cause })),
    }
}

/// Reads the documents of one stream of bytes.
fn stream(input: impl Read, path: &str, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let compressed = matches!(input.fill_buf(), Ok(head) if head.starts_with(&[0x1f, 0x8b]));
    if compressed {
        let expanded = flate2::bufread::MultiGzDecoder::new(input);
        documents(&mut BufReader::with_capacity(1 << 16, expanded), path, options, each)
    } else {
        documents(&mut input, path, options, each)
    }
}

fn documents(input: &mut dyn BufRead, path: &str, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    let place = Place { path: path.to_owned(), ..Place::default() };
    let head = match input.fill_buf() {
        Ok(head) => head,
        Err(cause) => return each(Err(SourceError::Damaged { place, what: cause.to_string() })),
    };
    match sniff::content(head, path) {
        Content::JsonLines => json_lines(input, &place, options, each),
        Content::One(format) => match whole(input, &place, options) {
            Ok(bytes) => one(bytes, format, place, each),
            Err(error) => each(Err(error)),
        },
    }
}

/// Reads the rest of a stream, within the limit.
fn whole(input: &mut dyn BufRead, place: &Place, options: &Options) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    let limit = options.document_bytes;
    match input.take(limit + 1).read_to_end(&mut bytes) {
        Err(cause) => Err(SourceError::Damaged { place: place.clone(), what: cause.to_string() }),
        Ok(read) if read as u64 > limit => Err(SourceError::TooLarge { place: place.clone(), limit }),
        Ok(_) => Ok(bytes),
    }
}

/// Hands over a document that fills its file; a JSON array gives one for each element.
fn one(bytes: Vec<u8>, format: Format, place: Place, each: Each<'_>) -> ControlFlow<()> {
    if format == Format::Json && bytes.trim_ascii_start().starts_with(b"[") {
        return match serde_json::from_slice::<Vec<Box<serde_json::value::RawValue>>>(&bytes) {
            Ok(list) => list.into_iter().zip(1..).try_for_each(|(value, record)| {
                let place = Place { record: Some(record), ..place.clone() };
                each(Ok(RawDocument {
                    bytes: value.get().as_bytes().to_vec(),
                    format,
                    place,
                    ..RawDocument::default()
                }))
            }),
            Err(cause) => each(Err(SourceError::Damaged { place, what: format!("not valid JSON: {cause}") })),
        };
    }
    each(Ok(RawDocument { bytes, format, place, ..RawDocument::default() }))
}

/// Hands over each line of a JSON Lines file.
fn json_lines(input: &mut dyn BufRead, place: &Place, options: &Options, each: Each<'_>) -> ControlFlow<()> {
    let mut offset = 0u64;
    for record in 1.. {
        let mut line = Vec::new();
        let limit = options.document_bytes;
        let place = Place { record: Some(record), ..place.clone() };
        let read = match (&mut *input).take(limit + 1).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(read) => read as u64,
            Err(cause) => return each(Err(SourceError::Damaged { place, what: cause.to_string() })),
        };
        let start = offset;
        offset += read;
        if read > limit {
            offset += input.skip_until(b'\n').unwrap_or(0) as u64;
            each(Err(SourceError::TooLarge { place, limit }))?;
            continue;
        }
        let bytes = line.trim_ascii();
        if !bytes.is_empty() {
            let lead = (line.len() - line.trim_ascii_start().len()) as u64;
            let range = (start + lead, start + lead + bytes.len() as u64);
            let place = Place { bytes: Some(range), ..place };
            let bytes = bytes.to_vec();
            each(Ok(RawDocument { bytes, format: Format::Json, place, ..RawDocument::default() }))?;
        }
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn all(path: &Path, options: &Options) -> Vec<Found> {
        let mut found = Vec::new();
        read(&[path.to_owned()], options, &mut |one| {
            found.push(one);
            ControlFlow::Continue(())
        });
        found
    }

    #[test]
    fn a_folder_is_read_in_order_whatever_its_files_are_called() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.dat"), "<!DOCTYPE html><p>x").unwrap();
        std::fs::write(dir.path().join("b.txt"), "{\"title\":\"one\"}\n{\"title\":\"two\"}\n").unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"[{\"title\":\"three\"},\n {\"title\":\"four\"}]").unwrap();
        std::fs::write(dir.path().join("c"), packed.finish().unwrap()).unwrap();
        let found = all(dir.path(), &Options::default());
        let kinds: Vec<(Format, Option<u64>)> =
            found.iter().map(|one| one.as_ref().map(|doc| (doc.format, doc.place.record)).unwrap()).collect();
        let json = |record| (Format::Json, Some(record));
        assert_eq!(kinds, [(Format::Html, None), json(1), json(2), json(1), json(2)]);
        assert_eq!(found[2].as_ref().unwrap().place.bytes, Some((16, 31)));
    }

    #[test]
    fn a_long_line_is_named_and_the_next_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        std::fs::write(&path, format!("{{\"a\":\"{}\"}}\n{{\"b\":1}}\n", "x".repeat(200))).unwrap();
        let found = all(&path, &Options { document_bytes: 100 });
        assert!(matches!(found[0], Err(SourceError::TooLarge { limit: 100, .. })));
        assert_eq!(found[1].as_ref().unwrap().bytes, b"{\"b\":1}");
    }
}
