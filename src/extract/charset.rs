//! Bytes to text: byte-order mark, then the declared charset, then a guess.
//!
//! Decoding never fails: bytes that are no character become U+FFFD, NULs are dropped.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::article::RawDocument;

/// How far into a document a charset declaration is looked for; browsers read 1,024 bytes, real pages need more.
const DECLARATION: usize = 4096;

/// How many bytes the guess reads at most.
const SAMPLE: usize = 128 * 1024;

/// The document's text.
pub(crate) fn decode(document: &RawDocument) -> String {
    let bytes = document.bytes.as_slice();
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return without_nuls(&encoding.decode_without_bom_handling(&bytes[skip..]).0);
    }
    // Valid UTF-8 with anything beyond ASCII is hardly ever an accident, whatever the label says.
    if let Ok(text) = std::str::from_utf8(bytes)
        && !looks_like_utf16(bytes)
        && !bytes.contains(&0x1b)
    {
        return without_nuls(text);
    }
    let encoding = declared(document).unwrap_or_else(|| guess(bytes));
    without_nuls(&encoding.decode_without_bom_handling(bytes).0)
}

/// The charset that the protocol or the document itself declares.
fn declared(document: &RawDocument) -> Option<&'static Encoding> {
    let header = document.content_type.as_deref().and_then(|value| after_charset(value.as_bytes()));
    let head = &document.bytes[..document.bytes.len().min(DECLARATION)];
    let label = header.or_else(|| after_charset(head)).or_else(|| after_encoding(head))?;
    let encoding = Encoding::for_label(&label)?;
    // A page whose declaration is readable as ASCII is not UTF-16; `output_encoding` turns that into UTF-8. A page that
    // declares UTF-8 and is not valid is believed while few bytes are broken, because a wrong guess does more harm.
    if encoding == UTF_8 && mostly_broken(&document.bytes) { None } else { Some(encoding.output_encoding()) }
}

/// The label behind `charset=`, with or without quotes.
fn after_charset(bytes: &[u8]) -> Option<Vec<u8>> {
    label_after(bytes, b"charset")
}

/// The label of an XML declaration.
fn after_encoding(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.trim_ascii_start().starts_with(b"<?xml") { label_after(bytes, b"encoding") } else { None }
}

fn label_after(bytes: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let at = bytes.windows(key.len()).position(|window| window.eq_ignore_ascii_case(key))?;
    let rest = bytes[at + key.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let label: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\''))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.' | b'+'))
        .take(40)
        .collect();
    if label.is_empty() { None } else { Some(label) }
}

/// Whether the sample has more than one invalid UTF-8 sequence in 200 bytes.
fn mostly_broken(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let broken = sample.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    broken * 200 > sample.len()
}

/// Whether the bytes look like UTF-16 without a byte-order mark: of the first 512, more than three in ten are zero.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(512)];
    let zeros = sample.iter().filter(|byte| **byte == 0).count();
    sample.len() >= 16 && zeros * 10 > sample.len() * 3
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if looks_like_utf16(bytes) {
        let even = bytes.iter().take(512).step_by(2).filter(|byte| **byte == 0).count();
        let odd = bytes.iter().take(512).skip(1).step_by(2).filter(|byte| **byte == 0).count();
        return if even > odd { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(SAMPLE)], true);
    let found = detector.guess(None, Utf8Detection::Allow);
    if found.is_ascii_compatible() || found == encoding_rs::ISO_2022_JP { found } else { WINDOWS_1252 }
}

fn without_nuls(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(bytes: &[u8], content_type: Option<&str>) -> RawDocument {
        RawDocument { bytes: bytes.to_vec(), content_type: content_type.map(str::to_owned), ..RawDocument::default() }
    }

    #[test]
    fn a_mark_decides() {
        assert_eq!(decode(&doc(b"\xef\xbb\xbfNATO", Some("text/html; charset=koi8-r"))), "NATO");
        assert_eq!(decode(&doc(b"\xff\xfeN\0a\0t\0o\0", None)), "Nato");
    }

    #[test]
    fn the_header_then_the_page_declare() {
        assert_eq!(decode(&doc(b"\xd8efc", Some("text/plain; charset=\"ISO-8859-2\""))), "Řefc");
        assert_eq!(
            decode(&doc(b"<meta charset=windows-1251>\xcc\xee\xf1\xea\xe2\xe0", None)),
            "<meta charset=windows-1251>Москва"
        );
        assert_eq!(
            decode(&doc(b"<?xml version='1.0' encoding='iso-8859-1'?>M\xfcller", None)),
            "<?xml version='1.0' encoding='iso-8859-1'?>Müller"
        );
    }

    #[test]
    fn a_wrong_label_does_not_spoil_utf8() {
        assert_eq!(decode(&doc("Šefčovič".as_bytes(), Some("text/html; charset=iso-8859-1"))), "Šefčovič");
    }

    #[test]
    fn without_a_declaration_it_is_guessed() {
        let text = "Der Verteidigungsminister äußerte sich am Dienstag über die Lage in der Ukraine; für Fragen öffnete er die Bühne.";
        let (bytes, ..) = WINDOWS_1252.encode(text);
        assert_eq!(decode(&doc(&bytes, None)), text);
        assert_eq!(decode(&doc(b"N\0A\0T\0O\0 \0m\0e\0t\0 \0i\0n\0 \0", None)), "NATO met in ");
    }

    #[test]
    fn nuls_and_broken_bytes_pass() {
        assert_eq!(decode(&doc(b"a\0b", None)), "ab");
        assert!(decode(&doc(b"<meta charset=utf-8> caf\xe9 and more ordinary words follow here, so that one broken byte is one in many, which nobody should mind at all: it is still UTF-8 for all we know, and the label is believed where it says so, until too much is broken.", None)).contains('\u{FFFD}'));
    }
}
