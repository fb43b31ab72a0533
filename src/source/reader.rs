//! Reads one file and everything nested in it: recognises each content and hands it to the reader of that kind.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;

use super::guard::{Budget, Counted, Guard, Head, first_bytes, was_told};
use super::sniff::{self, Content, NotRead, Packing};
use super::{Each, Found, Limit, Options, SourceError, feed, json, mail, mbox, noise, tar, warc, zip};
use crate::article::{Format, Place, RawDocument};

/// Bytes read at a time.
const BUFFER: usize = 64 << 10;

/// Characters of a message about damage, at most.
const MESSAGE: usize = 400;

/// Reads one file. All its nested archives and compressed streams share one budget and one count of members.
pub(super) struct Reader<'a> {
    pub(super) options: &'a Options,
    each: Each<'a>,
    budget: Budget,
    members: u64,
    /// Number of errors about damage that were handed over.
    pub(super) told: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(options: &'a Options, each: Each<'a>) -> Self {
        Self { options, each, budget: Budget::default(), members: 0, told: 0 }
    }

    /// Reads a file. Because a file can seek, a zip archive is read through its directory without being held in memory.
    pub(super) fn file(&mut self, mut file: File, path: &str) -> ControlFlow<()> {
        let place = Place { path: path.to_owned(), ..Place::default() };
        if file.metadata().is_ok_and(|meta| meta.is_file()) {
            let (head, _) = first_bytes(&mut file);
            if let Err(cause) = file.rewind() {
                return self.fault(place, &cause);
            }
            if sniff::content(&head, path) == Content::Zip && self.options.depth > 0 {
                let input = BufReader::with_capacity(BUFFER, Counted::new(file, &self.budget));
                return zip::read(self, input, &place, 1);
            }
        }
        self.stream(file, path)
    }

    /// Reads the documents of one stream of bytes.
    pub(super) fn stream(&mut self, input: impl Read, path: &str) -> ControlFlow<()> {
        let place = Place { path: path.to_owned(), ..Place::default() };
        let mut input = BufReader::with_capacity(BUFFER, Counted::new(input, &self.budget));
        self.content(&mut input, &place, 0)
    }

    /// Reads the documents of a file or member that is nested `depth` levels deep.
    pub(super) fn content(&mut self, input: &mut dyn BufRead, place: &Place, depth: u32) -> ControlFlow<()> {
        let mut input = Head::of(input);
        let content = sniff::content(input.seen(), place.member.as_deref().unwrap_or(&place.path));
        if content.nests() && depth >= self.options.depth {
            return self
                .give(Err(SourceError::Limit { place: place.clone(), limit: Limit::Depth(self.options.depth) }));
        }
        let wide = matches!(content, Content::Json | Content::JsonLines | Content::Mbox | Content::Mail);
        if let Some(encoding) = sniff::wide(input.seen()).filter(|_| wide) {
            return self.whole(&mut input, place, |reader, bytes, place| {
                let text = encoding.decode_with_bom_removal(&bytes).0.into_owned();
                reader.content(&mut io::Cursor::new(text.into_bytes()), &place, depth)
            });
        }
        match content {
            Content::Packed(packing) => self.packed(packing, input, place, depth + 1),
            Content::Tar => self.tar(&mut input, place, depth + 1),
            Content::Zip => self.zip_in_stream(&mut input, place, depth + 1),
            Content::Warc => warc::read(self, &mut input, place),
            Content::Mbox => mbox::read(self, &mut input, place),
            Content::JsonLines => json::lines(self, &mut input, place),
            Content::Json => json::values(self, &mut input, place),
            Content::Feed => self.whole(&mut input, place, feed::read),
            Content::Mail => self.whole(&mut input, place, mail::read),
            Content::One(format) => self.whole(&mut input, place, |reader, bytes, place| {
                if !matches!(format, Format::Pdf) && noise::is_noise(&bytes) {
                    return reader.give(Err(not_read(&place, NotRead("not text", ""))));
                }
                let is_cut = format == Format::Pdf && is_cut(&bytes);
                reader.give(Ok(RawDocument { bytes, format, place: place.clone(), ..RawDocument::default() }))?;
                match is_cut {
                    true => reader.damaged(place, "the PDF ends before its table of objects: it is cut off"),
                    false => ControlFlow::Continue(()),
                }
            }),
            Content::Binary(what) => self.give(Err(not_read(place, what))),
        }
    }

    fn packed(&mut self, packing: Packing, input: Head<'_>, place: &Place, depth: u32) -> ControlFlow<()> {
        let unpacked: Box<dyn Read + '_> = match packing {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
            Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
            Packing::Zstd => match zstd::stream::read::Decoder::with_buffer(input) {
                Ok(decoder) => Box::new(decoder),
                Err(cause) => return self.fault(place.clone(), &cause),
            },
        };
        let mut unpacked = self.guarded(unpacked);
        self.content(&mut unpacked, place, depth)
    }

    fn guarded<R: Read>(&self, input: R) -> BufReader<Guard<R>> {
        BufReader::with_capacity(BUFFER, Guard::new(input, &self.budget, self.options))
    }

    pub(super) fn tar(&mut self, input: &mut dyn BufRead, place: &Place, depth: u32) -> ControlFlow<()> {
        let mut archive = tar::Tar::new(input);
        loop {
            match archive.next() {
                Ok(None) => return ControlFlow::Continue(()),
                Ok(Some(member)) => {
                    if !self.count_member(place)? {
                        return ControlFlow::Continue(());
                    }
                    let name = member.name.clone();
                    self.member(archive.body(&member), &name, place, depth)?;
                }
                Err(cause) => return self.fault(place.clone(), &cause),
            }
        }
    }

    /// Reads a zip archive inside a stream. It is held in memory, because its directory is at the end.
    fn zip_in_stream(&mut self, input: &mut dyn BufRead, place: &Place, depth: u32) -> ControlFlow<()> {
        let limit = self.options.zip_bytes;
        let mut bytes = Vec::new();
        match input.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(read) if read as u64 > limit => {
                self.give(Err(SourceError::Limit { place: place.clone(), limit: Limit::ZipBytes(limit) }))
            }
            Ok(_) => zip::read(self, io::Cursor::new(bytes), place, depth),
            Err(cause) => {
                zip::read(self, io::Cursor::new(bytes), place, depth)?;
                self.fault(place.clone(), &cause)
            }
        }
    }

    /// Counts a member of an archive. Gives false once there are too many; the first one too many is also an error.
    pub(super) fn count_member(&mut self, place: &Place) -> ControlFlow<(), bool> {
        self.members += 1;
        let limit = self.options.members;
        if self.members == limit.saturating_add(1) {
            self.give(Err(SourceError::Limit { place: place.clone(), limit: Limit::Members(limit) }))?;
        }
        ControlFlow::Continue(self.members <= limit)
    }

    /// Reads a member of an archive, unless it is hidden or the patterns exclude it.
    pub(super) fn member(&mut self, body: impl Read, name: &str, archive: &Place, depth: u32) -> ControlFlow<()> {
        let hidden = |part: &str| (part.starts_with('.') && part != "." && part != "..") || is_left_behind(part);
        if name.split(['/', '\\']).any(hidden) || !self.options.patterns.admit(relative(name).as_ref()) {
            return ControlFlow::Continue(());
        }
        let name = match &archive.member {
            Some(outer) => format!("{outer}!{name}"),
            None => name.to_owned(),
        };
        let place = Place { path: archive.path.clone(), member: Some(name), ..Place::default() };
        let mut body = self.guarded(body);
        self.content(&mut body, &place, depth)
    }

    /// Reads the rest of a stream, within the limit, and hands it to `then`.
    fn whole(
        &mut self,
        input: &mut dyn Read,
        place: &Place,
        then: impl FnOnce(&mut Self, Vec<u8>, Place) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut bytes = Vec::new();
        let limit = self.options.document_bytes;
        match input.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Err(cause) => self.fault(place.clone(), &cause),
            Ok(read) if read as u64 > limit => self.give(Err(SourceError::TooLarge { place: place.clone(), limit })),
            Ok(_) => then(self, bytes, place.clone()),
        }
    }

    /// Reads the rest of a stream as one document of a format that is known.
    pub(super) fn one_document(&mut self, input: &mut dyn Read, format: Format, place: &Place) -> ControlFlow<()> {
        self.whole(input, place, |reader, bytes, place| {
            reader.give(Ok(RawDocument { bytes, format, place, ..RawDocument::default() }))
        })
    }

    /// Hands over what was found.
    pub(super) fn give(&mut self, found: Found) -> ControlFlow<()> {
        (self.each)(found)
    }

    /// Hands over an error about a damaged record or container.
    pub(super) fn damaged(&mut self, place: Place, what: impl Into<String>) -> ControlFlow<()> {
        // Parsers quote what they read, however long it is.
        let what: String = what.into();
        let what = what.chars().take(MESSAGE).collect();
        self.told += 1;
        self.give(Err(SourceError::Damaged { place, what }))
    }

    /// Hands over the error that ended a stream: a limit, or damage. An error that was handed over before is not
    /// repeated.
    pub(super) fn fault(&mut self, place: Place, cause: &io::Error) -> ControlFlow<()> {
        if let Some(limit) = self.budget.exceeded() {
            return self.give(Err(SourceError::Limit { place, limit }));
        }
        if was_told(cause) {
            return ControlFlow::Continue(());
        }
        let what = match cause.kind() {
            io::ErrorKind::UnexpectedEof => "it ends too early: the file is cut off".to_owned(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => format!("damaged: {cause}"),
            _ => format!("cannot be read further: {cause}"),
        };
        self.damaged(place, what)
    }

    /// Hands over a message as a JSON document.
    pub(super) fn give_json(
        &mut self,
        object: serde_json::Map<String, serde_json::Value>,
        place: Place,
    ) -> ControlFlow<()> {
        self.give_entry(object, None, place)
    }

    /// Hands over an entry of a feed, with its identifier there, as a JSON document.
    pub(super) fn give_entry(
        &mut self,
        object: serde_json::Map<String, serde_json::Value>,
        entry_id: Option<String>,
        place: Place,
    ) -> ControlFlow<()> {
        let address = object.get("url").and_then(serde_json::Value::as_str).map(str::to_owned);
        let bytes = serde_json::Value::Object(object).to_string().into_bytes();
        let format = Format::FeedEntry;
        self.give(Ok(RawDocument { bytes, format, address, entry_id, place, ..RawDocument::default() }))
    }
}

/// Whether a PDF has pages and neither the sign of its end nor the place of its table where they belong. What has no
/// page is named when it is read.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(4 << 10)..];
    let has = |within: &[u8], sign: &[u8]| within.windows(sign.len()).any(|window| window == sign);
    !has(tail, b"%%EOF") && !has(tail, b"startxref") && has(bytes, b"endobj")
}

fn not_read(place: &Place, NotRead(what, instead): NotRead) -> SourceError {
    SourceError::Unsupported { place: place.clone(), what, instead }
}

/// Files that a file manager leaves in folders and archives.
pub(super) fn is_left_behind(name: &str) -> bool {
    let known = ["Thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store", "__MACOSX", "Icon\r"];
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The place of a record within a document that may be a record itself: `letters.mbox!#3:1` is the first within the
/// third.
pub(super) fn inside(place: &Place, record: u64) -> Place {
    let member = match (&place.member, place.record) {
        (member, None) => member.clone(),
        (None, Some(outer)) => Some(format!("#{outer}")),
        (Some(member), Some(outer)) => Some(format!("{member}!#{outer}")),
    };
    Place { path: place.path.clone(), member, record: Some(record), bytes: None }
}

/// A member's name as a path below the archive, for patterns.
fn relative(name: &str) -> &str {
    name.trim_start_matches(['/', '\\']).trim_start_matches("./")
}
