//! Recognising the kind of a file by its first bytes.

use std::borrow::Cow;

use crate::article::Format;

/// How the bytes of a file are divided into documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Something compressed.
    Packed(Packing),
    /// A tar archive.
    Tar,
    /// A zip archive.
    Zip,
    /// A web archive (WARC).
    Warc,
    /// E-mail messages one after the other.
    Mbox,
    /// One e-mail message, or a web page saved as one (MHTML).
    Mail,
    /// An RSS, Atom or JSON feed.
    Feed,
    /// One JSON document a line.
    JsonLines,
    /// An array of JSON documents, or documents over several lines each.
    Json,
    /// One document.
    One(Format),
    /// Not text; the value says what it is, for the message.
    Binary(&'static str),
}

/// Ways to compress one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
    Bzip2,
}

impl Content {
    /// Whether it holds other content, so that reading it goes one level deeper.
    pub(super) fn nests(self) -> bool {
        matches!(self, Self::Packed(_) | Self::Tar | Self::Zip)
    }
}

/// Recognises the kind of content by the first bytes. The name is used only to distinguish Markdown without front
/// matter from plain text.
pub(super) fn content(head: &[u8], name: &str) -> Content {
    if let Some(content) = by_magic(head) {
        return content;
    }
    let head = readable(head);
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    if let Some(json) = json(start) {
        return json;
    }
    match root_element(start) {
        Some(b"rss" | b"feed" | b"RDF" | b"entry") => return Content::Feed,
        Some(_) if is_html(start) => return Content::One(Format::Html),
        _ => {}
    }
    if is_from_line(start) {
        return Content::Mbox;
    }
    if is_mail(start) {
        return Content::Mail;
    }
    if is_html(start) {
        return Content::One(Format::Html);
    }
    let markdown = start.starts_with(b"---\n") || start.starts_with(b"---\r\n") || has_markdown_name(name);
    Content::One(if markdown { Format::Markdown } else { Format::Text })
}

fn has_markdown_name(name: &str) -> bool {
    let name = [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    [".md", ".markdown"].iter().any(|end| name.ends_with(end))
}

fn by_magic(head: &[u8]) -> Option<Content> {
    const BINARY: [(&[u8], &str); 12] = [
        (b"%PDF-", "a PDF file"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"SQLite format 3\0", "an SQLite file"),
        (b"\x7fELF", "a program"),
        (b"OggS", "an Ogg file"),
        (b"{\\rtf", "an RTF file"),
    ];
    let zip = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| head.starts_with(*magic));
    Some(match head {
        [0x1f, 0x8b, ..] => Content::Packed(Packing::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Content::Packed(Packing::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, ..] => Content::Packed(Packing::Bzip2),
        _ if zip => Content::Zip,
        _ if head.starts_with(b"WARC/") => Content::Warc,
        _ if super::tar::is_header(head) => Content::Tar,
        _ => {
            let known = BINARY.iter().find(|(magic, _)| head.starts_with(magic));
            return known.map(|(_, what)| *what).or_else(|| binary(head)).map(Content::Binary);
        }
    })
}

/// `"not text"` if more than one byte in 20 is NUL. UTF-16 passes, either by its byte-order mark or because exactly
/// every other byte is NUL.
fn binary(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return None;
    }
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    let wide = [0, 1].iter().any(|odd| {
        let (zero, other): (Vec<_>, Vec<_>) = head.iter().enumerate().partition(|(at, _)| at % 2 == *odd);
        zero.iter().all(|(_, byte)| **byte == 0) && other.iter().all(|(_, byte)| **byte != 0)
    });
    (zeros * 20 > head.len() && !wide).then_some("not text")
}

/// The head with one byte a character if it is UTF-16 with a byte-order mark; otherwise unchanged.
fn readable(head: &[u8]) -> Cow<'_, [u8]> {
    match head {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(rest.iter().step_by(2).copied().collect()),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(rest.iter().skip(1).step_by(2).copied().collect()),
        _ => Cow::Borrowed(head),
    }
}

fn json(start: &[u8]) -> Option<Content> {
    let inner = start.get(1..).unwrap_or_default().trim_ascii_start();
    match start.first()? {
        b'{' if inner.is_empty() || inner.starts_with(b"\"") || inner.starts_with(b"}") => {}
        b'[' if inner.starts_with(b"{") || inner.trim_ascii() == b"]" => return Some(Content::Json),
        _ => return None,
    }
    if is_json_feed(start) {
        return Some(Content::Feed);
    }
    Some(if is_whole_object(start) { Content::Json } else { Content::JsonLines })
}

/// Whether the head has the `version` member of a JSON Feed, whose value is an address.
fn is_json_feed(start: &[u8]) -> bool {
    let head: String = String::from_utf8_lossy(start).chars().filter(|c| !c.is_whitespace() && *c != '\\').collect();
    ["\"version\":\"https://jsonfeed.org/version/", "\"version\":\"http://jsonfeed.org/version/"]
        .iter()
        .any(|mark| head.contains(mark))
}

/// Whether a JSON object spans several lines: its first line alone is not valid JSON.
fn is_whole_object(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
    line.len() < start.len() && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err()
}

/// The local name of the first element, past declarations, comments and processing instructions.
fn root_element(mut start: &[u8]) -> Option<&[u8]> {
    loop {
        start = start.trim_ascii_start();
        let end: &[u8] = match start {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'!', ..] => b">",
            [b'<', rest @ ..] => {
                let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b":_-.".contains(byte));
                let name = &rest[..length.unwrap_or(rest.len())];
                return name.rsplit(|byte| *byte == b':').next().filter(|name| !name.is_empty());
            }
            _ => return None,
        };
        let at = start.windows(end.len()).position(|window| window == end)?;
        start = &start[at + end.len()..];
    }
}

fn is_html(start: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&start[..start.len().min(1024)]).to_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<article", "<?xml"].iter().any(|tag| head.starts_with(tag))
        || (head.starts_with('<') && (head.contains("<html") || head.contains("<p") || head.contains("<div")))
}

/// The line that opens a message of an mbox: `From name@host Mon Mar  3 10:00:00 2025`.
pub(super) fn is_from_line(line: &[u8]) -> bool {
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or(line);
    let clock = |at: &[u8]| at[0].is_ascii_digit() && at[1] == b':' && at[2].is_ascii_digit() && at[3].is_ascii_digit();
    line.starts_with(b"From ") && line.len() < 1000 && line.windows(4).any(clock)
}

/// Whether the text begins like an e-mail message: at least two of the header lines at its start (the first 40 lines)
/// have a well-known name.
fn is_mail(start: &[u8]) -> bool {
    const KNOWN: [&str; 12] = [
        "from",
        "to",
        "date",
        "subject",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "delivered-to",
        "content-type",
        "reply-to",
        "snapshot-content-location",
    ];
    let mut known = 0;
    for line in start.split(|byte| *byte == b'\n').take(40) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        let name = &line[..colon];
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte)) {
            break;
        }
        known += usize::from(KNOWN.iter().any(|one| name.eq_ignore_ascii_case(one.as_bytes())));
    }
    known >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_and_the_name_only_in_doubt() {
        let one = Content::One;
        let cases: [(&[u8], Content); 22] = [
            (b"{\"a\":1}\n{\"a\":2}\n", Content::JsonLines),
            (b"{\n  \"a\": 1\n}\n", Content::Json),
            (b"[ {\"a\": 1}]", Content::Json),
            (b"{{Infobox ship}}", one(Format::Text)),
            (b"{\"version\": \"https:\\/\\/jsonfeed.org\\/version\\/1.1\", \"items\": []}", Content::Feed),
            (b"\xef\xbb\xbf  <!doctype HTML>", one(Format::Html)),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", one(Format::Html)),
            (b"<?xml version='1.0'?><!-- x --><rss version=\"2.0\">", Content::Feed),
            (b"<?xml version='1.0'?>\n<rdf:RDF xmlns:rdf='x'>", Content::Feed),
            (b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'>", one(Format::Html)),
            (b"<atom:feed xmlns:atom='x'>", Content::Feed),
            (b"From a@b.example Mon Mar  3 10:00:00 2025\nSubject: x\n", Content::Mbox),
            (b"From London to Paris: a tour\n", one(Format::Text)),
            (b"Subject: x\r\nFrom: A <a@b.example>\r\n\r\nHello", Content::Mail),
            (b"London: the minister said\nParis: no comment\n", one(Format::Text)),
            (b"WARC/1.0\r\n", Content::Warc),
            (b"\x1f\x8b\x08", Content::Packed(Packing::Gzip)),
            (b"BZh91AY&SY", Content::Packed(Packing::Bzip2)),
            (b"BZh9 is not bzip2", one(Format::Text)),
            (b"%PDF-1.7", Content::Binary("a PDF file")),
            (b"\x01\0\0\0\x02\x03\0\0", Content::Binary("not text")),
            (b"", one(Format::Text)),
        ];
        for (head, content_is) in cases {
            assert_eq!(content(head, "x"), content_is, "{}", String::from_utf8_lossy(head));
        }
        assert_eq!(content(b"London - The", "x.md"), one(Format::Markdown));
        assert_eq!(content(b"London - The", "x.md.gz"), one(Format::Markdown));
    }
}
