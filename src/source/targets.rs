//! Targets for fuzzing: each reads any bytes as one kind of input and must neither panic nor grow without bound.

use std::ops::ControlFlow;

use super::reader::Reader;
use super::{Options, feed, mail, mbox, sniff, warc};
use crate::article::Place;

/// Limits that keep one run short.
fn options() -> Options {
    Options { document_bytes: 1 << 20, member_bytes: 8 << 20, zip_bytes: 1 << 20, members: 1000, ..Options::default() }
}

fn with_reader(target: impl FnOnce(&mut Reader<'_>, Place) -> ControlFlow<()>) {
    let options = options();
    let mut each = |found: super::Found| {
        if let Err(error) = found {
            let message = error.to_string();
            assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "raw control character: {message:?}");
        }
        ControlFlow::Continue(())
    };
    let _ = target(&mut Reader::new(&options, &mut each), Place::default());
}

/// Any file or stream.
pub fn any(bytes: &[u8]) {
    let _ = sniff::content(bytes, "x");
    with_reader(|reader, _| reader.stream(bytes, "x"));
}

/// A feed.
pub fn feed(bytes: &[u8]) {
    with_reader(|reader, place| feed::read(reader, bytes.to_vec(), place));
}

/// A message, and a mailbox.
pub fn mail(mut bytes: &[u8]) {
    with_reader(|reader, place| {
        mail::read(reader, bytes.to_vec(), place.clone())?;
        mbox::read(reader, &mut bytes, &place)
    });
}

/// A web archive.
pub fn warc(mut bytes: &[u8]) {
    with_reader(|reader, place| warc::read(reader, &mut bytes, &place));
}

/// An archive with members: tar and zip, through each function that reads them.
pub fn archives(bytes: &[u8]) {
    any(bytes);
    with_reader(|reader, place| super::zip::read(reader, std::io::Cursor::new(bytes), &place, 1));
    with_reader(|reader, place| reader.tar(&mut &bytes[..], &place, 1));
}
