//! What a file holds, by its first bytes.

use crate::article::Format;

/// How the bytes of a file are divided into documents.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// One document a line.
    JsonLines,
    /// One document (or one JSON array of them).
    One(Format),
}

/// Tells by the first bytes; the path decides only between plain text and Markdown, which no byte tells apart.
pub(super) fn content(head: &[u8], path: &str) -> Content {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if start.starts_with(b"{") {
        return if is_whole_object(start) { Content::One(Format::Json) } else { Content::JsonLines };
    }
    if start.starts_with(b"[") && start[1..].trim_ascii_start().starts_with(b"{") {
        return Content::One(Format::Json);
    }
    if is_html(start) {
        return Content::One(Format::Html);
    }
    let markdown = start.starts_with(b"---\n") || [".md", ".markdown"].iter().any(|end| path.ends_with(end));
    Content::One(if markdown { Format::Markdown } else { Format::Text })
}

/// A JSON object spread over several lines: its first line is no JSON by itself.
fn is_whole_object(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
    line.len() < start.len() && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err()
}

fn is_html(start: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&start[..start.len().min(1024)]).to_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<article", "<?xml"].iter().any(|tag| head.starts_with(tag))
        || (head.starts_with('<') && (head.contains("<html") || head.contains("<p") || head.contains("<div")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_and_the_name_only_in_doubt() {
        assert_eq!(content(b"{\"a\":1}\n{\"a\":2}\n", "x.txt"), Content::JsonLines);
        assert_eq!(content(b"{\n  \"a\": 1\n}\n", "x.txt"), Content::One(Format::Json));
        assert_eq!(content(b"\xef\xbb\xbf  <!doctype HTML>", "x.txt"), Content::One(Format::Html));
        assert_eq!(content(b"London - The", "x.md"), Content::One(Format::Markdown));
        assert_eq!(content(b"London - The", "x"), Content::One(Format::Text));
    }
}
