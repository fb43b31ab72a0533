//! Bytes to text: byte-order mark, then the declared charset, then a guess.
//!
//! Decoding never fails: bytes that are no character become U+FFFD, NULs are dropped.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::article::{Format, RawDocument};
use crate::source::noise::utf16_without_mark;

/// How far into a page its declaration is looked for; browsers read 1,024 bytes, pages with scripts before it need more.
const DECLARATION: usize = 64 << 10;

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
        && utf16_without_mark(bytes).is_none()
        && !bytes.contains(&0x1b)
    {
        return without_nuls(text);
    }
    let encoding = declared(document).unwrap_or_else(|| guess(bytes));
    without_nuls(&encoding.decode_without_bom_handling(bytes).0)
}

/// How far into another document a declaration is looked for.
const TEXT: usize = 4096;

/// The label of a text that quotes its header (`charset=koi8-r`).
fn of_text(head: &[u8]) -> Option<Vec<u8>> {
    label_after(head, b"charset")
}

/// The charset that the protocol or the page itself declares.
fn declared(document: &RawDocument) -> Option<&'static Encoding> {
    let header = document.content_type.as_deref().and_then(|value| label_after(value.as_bytes(), b"charset"));
    let head = &document.bytes[..document.bytes.len().min(DECLARATION)];
    let by_itself = || match document.format {
        Format::Html => of_page(head).or_else(|| of_xml(head)),
        _ => of_text(&head[..head.len().min(TEXT)]).or_else(|| of_xml(head)),
    };
    let label = header.or_else(by_itself)?;
    let encoding = Encoding::for_label(&label)?;
    // A page whose declaration is readable as ASCII is not UTF-16; `output_encoding` turns that into UTF-8. A page that
    // declares UTF-8 and is not valid is believed while few bytes are broken, because a wrong guess does more harm.
    if encoding == UTF_8 && mostly_broken(&document.bytes) { None } else { Some(encoding.output_encoding()) }
}

/// The label of an XML declaration.
fn of_xml(head: &[u8]) -> Option<Vec<u8>> {
    let head = head.trim_ascii_start();
    let end = head.windows(2).take(1024).position(|window| window == b"?>")?;
    head.starts_with(b"<?xml").then(|| label_after(&head[..end], b"encoding"))?
}

/// The label of the first `meta` element that names one. Comments, scripts, styles and the attributes of other elements
/// are passed over.
fn of_page(head: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    while let Some(found) = head[at..].iter().position(|byte| *byte == b'<') {
        at += found + 1;
        let rest = &head[at..];
        if rest.starts_with(b"!--") {
            // `<!-->` is a whole comment.
            at += until(&rest[1..], b"-->").map_or(0, |end| end + 4);
            continue;
        }
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let name = rest[..length].to_ascii_lowercase();
        let (attributes, end) = attributes(&rest[length..]);
        at += length + end;
        match name.as_slice() {
            b"meta" => {
                if let Some(label) = of_meta(&attributes) {
                    return Some(label);
                }
            }
            b"script" | b"style" => {
                let close = [b"</", name.as_slice()].concat();
                at += until(&head[at..], &close).unwrap_or(head.len() - at);
            }
            b"body" => return None,
            _ => {}
        }
    }
    None
}

/// Where `mark` stands, in whatever case.
fn until(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window.eq_ignore_ascii_case(mark))
}

/// The name of an attribute and its value.
type Attribute<'t> = (Vec<u8>, &'t [u8]);

fn of_meta(attributes: &[Attribute<'_>]) -> Option<Vec<u8>> {
    let value = |name: &[u8]| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    let plain = value(b"charset").map(|label| label.trim_ascii().to_vec()).filter(|label| !label.is_empty());
    let by_type = || {
        let names_type = value(b"http-equiv")?.trim_ascii().eq_ignore_ascii_case(b"content-type");
        names_type.then(|| label_after(value(b"content")?, b"charset"))?
    };
    plain.or_else(by_type)
}

/// The attributes of a tag, names in small letters, and the byte after its `>`.
fn attributes(tag: &[u8]) -> (Vec<Attribute<'_>>, usize) {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        at += tag[at..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'/').count();
        match tag.get(at) {
            None => return (found, at),
            Some(b'>') => return (found, at + 1),
            Some(_) => {}
        }
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(*byte, b'=' | b'>' | b'/');
        // A sign that no name begins with is part of one.
        let length = 1 + tag[at + 1..].iter().take_while(|byte| !ends(byte)).count();
        let name = tag[at..at + length].to_ascii_lowercase();
        at += length;
        let blank = tag[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let mut value: &[u8] = b"";
        if tag.get(at + blank) == Some(&b'=') {
            at += blank + 1;
            at += tag[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let quote = tag.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\''));
            at += usize::from(quote.is_some());
            let closes = |byte: &u8| match quote {
                Some(quote) => *byte == quote,
                None => byte.is_ascii_whitespace() || *byte == b'>',
            };
            let length = tag[at..].iter().take_while(|byte| !closes(byte)).count();
            value = &tag[at..at + length];
            at = (at + length + usize::from(quote.is_some())).min(tag.len());
        }
        found.push((name, value));
    }
}

fn label_after(bytes: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let at = until(bytes, key)?;
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

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
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
        let content_type = content_type.map(str::to_owned);
        RawDocument { bytes: bytes.to_vec(), format: Format::Html, content_type, ..RawDocument::default() }
    }

    #[test]
    fn only_the_declaration_of_the_page_itself_counts() {
        for before in [
            "<script charset=\"utf-8\" src=x></script>",
            "<script>document.write('<meta charset=utf-8>')</script>",
            "<link rel=stylesheet charset=utf-8 href=x>",
            "<!-- <meta charset=koi8-r> -->",
            "<meta name=description content=\"charset=koi8-r\">",
            "<a title='<meta charset=koi8-r>'>",
            &format!("<style>{}</style>", "x".repeat(9000)),
        ] {
            for declaration in [
                "<META http-equiv='Content-Type' content='text/html; charset=iso-8859-2'>",
                "<meta content=text/html;charset=ISO-8859-2 http-equiv=content-type>",
                "<meta charset = \"iso-8859-2\" />",
            ] {
                let page = [before.as_bytes(), declaration.as_bytes(), b"<p>\xa3\xf3d\xbc"].concat();
                assert!(decode(&doc(&page, None)).ends_with("Łódź"), "{before}{declaration}");
            }
        }
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
