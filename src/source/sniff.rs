//! Recognising the kind of a file by its first bytes.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE};

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
    /// Not text, or not read.
    Binary(NotRead),
}

/// What a file that is not read is, and what to do about it, both for the message; the second may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotRead(pub(super) &'static str, pub(super) &'static str);

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
        Some(root) if not_read_xml(root).is_some() => return not_read_xml(root).map_or(Content::Feed, Content::Binary),
        Some(_) if is_feed_behind_output(start) => return Content::Feed,
        Some(_) if is_html(start) => return Content::One(Format::Html),
        None if is_feed_behind_output(start) => return Content::Feed,
        _ => {}
    }
    if super::mbox::is_opened(start) {
        return Content::Mbox;
    }
    if is_mail(start) {
        return Content::Mail;
    }
    if is_html(start) {
        return Content::One(Format::Html);
    }
    if super::table::is_table(start, name) {
        return Content::Binary(NotRead("a table", "save its rows as JSON Lines"));
    }
    let markdown = start.starts_with(b"---\n") || start.starts_with(b"---\r\n") || has_markdown_name(name);
    Content::One(if markdown { Format::Markdown } else { Format::Text })
}

fn has_markdown_name(name: &str) -> bool {
    let name = [".gz", ".zst", ".bz2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    [".md", ".markdown"].iter().any(|end| name.ends_with(end))
}

/// Kinds of files that hold no text, by their first bytes, and what to do about them.
const BINARY: [(&[u8], NotRead); 40] = [
    (b"{\\rtf", NotRead("an RTF file", "save it as HTML or text")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotRead("an old Office file", "save it as HTML or text")),
    (b"%!PS", NotRead("a PostScript file", "save it as text")),
    (b"AT&TFORM", NotRead("a DjVu file", "save it as text")),
    (b"bplist00", NotRead("a property list", "")),
    (b"\xfd7zXZ\0", NotRead("an xz archive", "unpack it")),
    (b"7z\xbc\xaf\x27\x1c", NotRead("a 7z archive", "unpack it")),
    (b"Rar!\x1a\x07", NotRead("a RAR archive", "unpack it")),
    (b"\x04\x22\x4d\x18", NotRead("an lz4 archive", "unpack it")),
    (b"LZIP\x01", NotRead("an lzip archive", "unpack it")),
    (b"\x1f\x9d", NotRead("a compress archive", "unpack it")),
    (b"!BDN", NotRead("an Outlook mailbox (PST)", "save it as mbox")),
    (b"\x89PNG\r\n", NotRead("a PNG image", "")),
    (b"\xff\xd8\xff", NotRead("a JPEG image", "")),
    (b"GIF8", NotRead("a GIF image", "")),
    (b"II*\0", NotRead("a TIFF image", "")),
    (b"MM\0*", NotRead("a TIFF image", "")),
    (b"8BPS", NotRead("a Photoshop image", "")),
    (b"\0\0\x01\0", NotRead("an icon", "")),
    (b"ID3", NotRead("an audio file", "")),
    (b"\xff\xfb", NotRead("an audio file", "")),
    (b"fLaC", NotRead("an audio file", "")),
    (b"OggS", NotRead("an Ogg file", "")),
    (b"\x1a\x45\xdf\xa3", NotRead("a video file", "")),
    (b"FLV\x01", NotRead("a video file", "")),
    (b"\0\0\x01\xba", NotRead("a video file", "")),
    (b"SQLite format 3\0", NotRead("an SQLite file", "save its rows as JSON Lines")),
    (b"PAR1", NotRead("a Parquet table", "save its rows as JSON Lines")),
    (b"ARROW1", NotRead("an Arrow table", "save its rows as JSON Lines")),
    (b"Obj\x01", NotRead("an Avro table", "save its rows as JSON Lines")),
    (b"\x93NUMPY", NotRead("a NumPy array", "")),
    (b"\x89HDF\r\n", NotRead("an HDF5 file", "")),
    (b"\x7fELF", NotRead("a program", "")),
    (b"\xca\xfe\xba\xbe", NotRead("a program", "")),
    (b"\xcf\xfa\xed\xfe", NotRead("a program", "")),
    (b"\0asm", NotRead("a program", "")),
    (b"wOFF", NotRead("a font", "")),
    (b"wOF2", NotRead("a font", "")),
    (b"BEGIN:VCALENDAR", NotRead("a calendar", "")),
    (b"BEGIN:VCARD", NotRead("a list of addresses", "")),
];

fn by_magic(head: &[u8]) -> Option<Content> {
    let zip = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| head.starts_with(*magic));
    Some(match head {
        [0x1f, 0x8b, ..] => Content::Packed(Packing::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Content::Packed(Packing::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, ..] => Content::Packed(Packing::Bzip2),
        _ if zip => Content::Zip,
        _ if is_pdf(head) => Content::One(Format::Pdf),
        _ if head.starts_with(b"WARC/") => Content::Warc,
        _ if super::tar::is_header(head) => Content::Tar,
        _ => return not_read(head).map(Content::Binary),
    })
}

/// Whether a file is a PDF. Some have a byte-order mark, or blank lines before it.
fn is_pdf(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"%PDF-") || head.starts_with(b"\xef\xbb\xbf%PDF-")
}

/// Whether a file is of a kind that is not read, by its first bytes.
fn not_read(head: &[u8]) -> Option<NotRead> {
    let known = BINARY.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what);
    let by_second = || match (head.get(..4)?, head.get(8..12).unwrap_or_default()) {
        (b"RIFF", b"WEBP") => Some(NotRead("a WebP image", "")),
        (b"RIFF", b"WAVE") => Some(NotRead("an audio file", "")),
        (b"RIFF", b"AVI ") => Some(NotRead("a video file", "")),
        (_, b"heic" | b"heix" | b"mif1" | b"avif") if head[4..8] == *b"ftyp" => Some(NotRead("an image", "")),
        (_, b"M4A " | b"M4B ") if head[4..8] == *b"ftyp" => Some(NotRead("an audio file", "")),
        (_, [_, ..]) if head[4..8] == *b"ftyp" => Some(NotRead("a video file", "")),
        _ => None,
    };
    let noise = || super::noise::is_noise(head).then_some(NotRead("not text", ""));
    known.or_else(by_second).or_else(noise)
}

/// Kinds of XML that hold no article, by the name of the root element.
fn not_read_xml(root: &[u8]) -> Option<NotRead> {
    Some(match root {
        b"svg" => NotRead("an SVG image", ""),
        b"urlset" | b"sitemapindex" => NotRead("a sitemap, which only lists addresses", "fetch the pages"),
        b"opml" => NotRead("a list of feeds (OPML)", "fetch the feeds"),
        b"kml" | b"gpx" => NotRead("a map", ""),
        b"plist" => NotRead("a property list", ""),
        _ => return None,
    })
}

/// The UTF-16 of a file, with a byte-order mark or without.
pub(super) fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    marked.filter(|encoding| *encoding != UTF_8).or_else(|| super::noise::utf16_without_mark(head))
}

/// The head with one byte a character if it is UTF-16, otherwise unchanged.
fn readable(head: &[u8]) -> Cow<'_, [u8]> {
    match wide(head) {
        Some(encoding) => {
            let unmarked = head.strip_prefix(b"\xff\xfe").or(head.strip_prefix(b"\xfe\xff")).unwrap_or(head);
            Cow::Owned(unmarked.iter().skip(usize::from(encoding == UTF_16BE)).step_by(2).copied().collect())
        }
        None => Cow::Borrowed(head),
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

/// Whether a JSON object spans several lines: its first line alone is no whole object, though it may have slips.
fn is_whole_object(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
    let valid = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let whole = |text: &str| valid(text) || super::slips::mend(text).is_some_and(|mended| valid(&mended));
    line.len() < start.len() && !std::str::from_utf8(line).is_ok_and(whole)
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

/// Whether the root of a feed stands behind what a server printed before it: a notice, a warning. In a page it does not
/// count, and it must stand at the start of a line or behind a tag.
fn is_feed_behind_output(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start);
    let Some(at) = super::tidy::root(&text) else { return false };
    let before = text[..at].trim_end_matches([' ', '\t']);
    let lower = before.to_ascii_lowercase();
    let declared = lower.rfind("<?xml").is_some_and(|at| lower[at..].trim_end().ends_with("?>"));
    let is_page = lower.contains("<html") || lower.contains("<!doctype html");
    !is_page && (declared || before.is_empty() || before.ends_with(['>', '\n'])) && has_channel(&text[at..])
}

/// Whether what only a feed has follows its root.
fn has_channel(feed: &str) -> bool {
    ["<channel", "<title", "<entry", "<id>", "<item", ":title", ":entry"].iter().any(|tag| feed.contains(tag))
}

fn is_html(start: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&start[..start.len().min(1024)]).to_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<article", "<?xml"].iter().any(|tag| head.starts_with(tag))
        || (head.starts_with('<') && (head.contains("<html") || head.contains("<p") || head.contains("<div")))
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
            (b"%PDF-1.7", one(Format::Pdf)),
            (b"\x01\0\0\0\x02\x03\0\0", Content::Binary(NotRead("not text", ""))),
            (b"", one(Format::Text)),
        ];
        for (head, content_is) in cases {
            assert_eq!(content(head, "x"), content_is, "{}", String::from_utf8_lossy(head));
        }
        assert_eq!(content(b"London - The", "x.md"), one(Format::Markdown));
        assert_eq!(content(b"London - The", "x.md.gz"), one(Format::Markdown));
    }
}
