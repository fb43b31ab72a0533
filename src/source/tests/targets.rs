//! Each reader on any bytes, also on those that would never be recognised as its kind: it must neither panic nor grow
//! without bound. `tests/fuzz` tries the same readers for longer, through `source::read`.

use std::ops::ControlFlow;

use crate::article::Place;
use crate::source::reader::Reader;
use crate::source::{Found, Options, feed, mail, mbox, sniff, warc, zip};

/// Limits that keep one run short.
fn options() -> Options {
    Options { document_bytes: 1 << 20, member_bytes: 8 << 20, zip_bytes: 1 << 20, members: 1000, ..Options::default() }
}

fn with_reader(target: impl FnOnce(&mut Reader<'_>, Place) -> ControlFlow<()>) {
    let options = options();
    let mut each = |found: Found| {
        if let Err(error) = found {
            let message = error.to_string();
            assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "raw control character: {message:?}");
        }
        ControlFlow::Continue(())
    };
    let _ = target(&mut Reader::new(&options, &mut each), Place::default());
}

/// Any file or stream.
fn any(bytes: &[u8]) {
    let _ = sniff::content(bytes, "x");
    with_reader(|reader, _| reader.stream(bytes, "x"));
}

/// A feed.
fn feed(bytes: &[u8]) {
    with_reader(|reader, place| feed::read(reader, bytes.to_vec(), place));
}

/// A message, and a mailbox.
fn mail(mut bytes: &[u8]) {
    with_reader(|reader, place| {
        mail::read(reader, bytes.to_vec(), place.clone())?;
        mbox::read(reader, &mut bytes, &place)
    });
}

/// A web archive.
fn warc(mut bytes: &[u8]) {
    with_reader(|reader, place| warc::read(reader, &mut bytes, &place));
}

/// An archive with members: tar and zip, through each function that reads them.
fn archives(bytes: &[u8]) {
    any(bytes);
    with_reader(|reader, place| zip::read(reader, std::io::Cursor::new(bytes), &place, 1));
    with_reader(|reader, place| reader.tar(&mut &bytes[..], &place, 1));
}

/// Runs every reader over the same bytes.
pub(super) fn run(input: &[u8]) {
    for target in [any, feed, mail, warc, archives] {
        target(input);
    }
}
