//! Bounds on what the compressed streams of a PDF may expand to. The parser has none of its own.

use std::io::Read;

use hayro_syntax::Filter;
use hayro_syntax::object::dict::keys::CONTENTS;
use hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro_syntax::page::Page;

/// Bytes to which one stream may expand.
const STREAM: u64 = 128 << 20;
/// Bytes to which all streams may expand that are no images.
const ALL: u64 = 1 << 30;
/// Bytes of a stream in LZW, which may expand a thousandfold and is not tried beforehand.
const LZW: usize = 512 << 10;
/// Streams that a document may have.
const STREAMS: usize = 500_000;
/// Bytes before a stream in which its dictionary is looked for.
const DICTIONARY: usize = 1024;

/// Tries every compressed stream that is no image, and refuses documents that expand beyond the bounds.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let (mut all, mut streams) = (0, 0);
    for at in memmem(bytes, b"stream") {
        let before = &bytes[at.saturating_sub(DICTIONARY)..at];
        if before.ends_with(b"end") {
            continue;
        }
        streams += 1;
        if streams > STREAMS {
            return Err(format!("a PDF of more than {STREAMS} streams"));
        }
        let from = before.windows(6).rposition(|six| six == b"endobj").map_or(0, |end| end + 6);
        let dictionary = &before[from..];
        let has = |name: &[u8]| memmem(dictionary, name).count();
        if has(b"/Image") > 0 {
            continue;
        }
        if has(b"/FlateDecode") + has(b"/LZWDecode") + has(b"/RunLengthDecode") > 1 && has(b"/Filter") == 1 {
            return Err(too_large());
        }
        if has(b"/FlateDecode") == 0 {
            continue;
        }
        let body = bytes[at + 6..].strip_prefix(b"\r").unwrap_or(&bytes[at + 6..]);
        let size = expanded(body.strip_prefix(b"\n").unwrap_or(body));
        all += size;
        if size > STREAM || all > ALL {
            return Err(too_large());
        }
    }
    Ok(())
}

fn too_large() -> String {
    format!("a PDF whose streams expand to more than {} MiB", STREAM >> 20)
}

/// Where a needle stands.
fn memmem<'b>(bytes: &'b [u8], needle: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let first = needle.first().copied().unwrap_or_default();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let next = at + bytes.get(at..)?.iter().position(|byte| *byte == first)?;
            at = next + 1;
            if bytes[next..].starts_with(needle) {
                return Some(next);
            }
        }
    })
}

/// Bytes to which a zlib stream expands, counted to a little over the bound.
fn expanded(packed: &[u8]) -> u64 {
    let mut buffer = [0; 8 << 10];
    let mut decoder = flate2::read::ZlibDecoder::new(packed);
    let mut size = 0;
    while let Ok(read @ 1..) = decoder.read(&mut buffer) {
        size += read as u64;
        if size > STREAM {
            break;
        }
    }
    size
}

/// Whether a stream, decrypted, expands within the bounds.
pub(super) fn is_small(stream: &Stream<'_>) -> bool {
    let filters = stream.filters();
    let packing = filters
        .iter()
        .filter(|filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode));
    match (packing.count(), filters.first()) {
        (0, _) => true,
        (1, Some(Filter::FlateDecode)) => expanded(&stream.raw_data()) <= STREAM,
        (1, _) => stream.raw_data().len() <= LZW,
        _ => false,
    }
}

/// Whether the content of a page is within the bounds.
pub(super) fn page_is_small(page: &Page<'_>) -> bool {
    if let Some(stream) = page.raw().get::<Stream<'_>>(CONTENTS) {
        return is_small(&stream);
    }
    let Some(parts) = page.raw().get::<Array<'_>>(CONTENTS) else { return false };
    parts.iter::<Stream<'_>>().all(|part| is_small(&part))
}

/// Whether the streams that a font's dictionary names are within the bounds.
pub(super) fn font_is_small(font: &Dict<'_>) -> bool {
    let streams_are_small =
        |dict: &Dict<'_>| dict.keys().all(|key| dict.get::<Stream<'_>>(&*key).is_none_or(|stream| is_small(&stream)));
    let descriptor = |dict: &Dict<'_>| {
        dict.get::<Dict<'_>>("FontDescriptor").is_none_or(|descriptor| streams_are_small(&descriptor))
    };
    let below = font.get::<Array<'_>>("DescendantFonts").is_none_or(|fonts| {
        fonts
            .iter::<Object<'_>>()
            .filter_map(Object::into_dict)
            .all(|dict| streams_are_small(&dict) && descriptor(&dict))
    });
    streams_are_small(font) && descriptor(font) && below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_that_expand_beyond_the_bounds_are_refused() {
        use std::io::Write;
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![0; 1 << 20];
        (0..130).for_each(|_| packed.write_all(&zeros).unwrap());
        let packed = packed.finish().unwrap();
        let with = |dictionary: &str| {
            [format!("4 0 obj <<{dictionary}>>\nstream\n").as_bytes(), &packed, b"\nendstream"].concat()
        };
        assert!(check(&with("/Filter /FlateDecode")).is_err());
        assert!(check(&with("/Filter [/FlateDecode /FlateDecode]")).is_err());
        assert!(check(&with("/Subtype /Image /Filter /FlateDecode")).is_ok());
        assert!(check(b"4 0 obj <</Filter /FlateDecode>> stream\nxyz\nendstream").is_ok());
    }
}
