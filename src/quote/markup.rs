//! Markup that remains in a text: HTML tags, addresses of links, and the ends of bold or listed sentences.

use std::ops::Range;

/// Longest tag or address, in bytes.
const LONGEST: usize = 600;

/// The tags and addresses of a text, in order. Nothing within them is anybody's words.
pub(super) fn markup(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'<' | b'(' | b'h') || found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let end = match byte {
            b'<' => end_of_tag(&text[at..]),
            b'(' if text[..at].ends_with(']') => end_of_address(&text[at + 1..]).map(|end| end + 1),
            b'h' if text[at..].starts_with("http://") || text[at..].starts_with("https://") => {
                end_of_address(&text[at..])
            }
            _ => None,
        };
        found.extend(end.map(|end| at..at + end));
    }
    found
}

/// Whether a byte stands within one of these ranges, which are in order.
pub(super) fn is_within(markup: &[Range<usize>], at: usize) -> bool {
    let next = markup.partition_point(|range| range.start <= at);
    next > 0 && markup[next - 1].end > at
}

/// The length of the tag or comment that a text begins with.
fn end_of_tag(text: &str) -> Option<usize> {
    let named = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    let end = text.bytes().skip(1).take(LONGEST).position(|byte| matches!(byte, b'<' | b'>'))? + 1;
    (named && text.as_bytes()[end] == b'>').then_some(end + 1)
}

/// The length of the address that a text begins with: up to white space or a bracket.
fn end_of_address(text: &str) -> Option<usize> {
    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b')' | b'<' | b'>' | b'"');
    let end = text.bytes().take(LONGEST).position(ends);
    end.or((text.len() <= LONGEST).then_some(text.len())).filter(|end| *end > 0)
}

/// Whether what stands between two words ends a sentence before markup: `.** The`, `. - The`; or a link that is a bold
/// heading or stands in a list.
pub(super) fn ends_sentence(between: &str) -> bool {
    if between.contains(")**") || between.contains(" - [") {
        return true;
    }
    let rest = between.trim_start_matches(['*', '_', ')', '”', '"']);
    let Some(rest) = rest.strip_prefix(['.', '!', '?']) else { return false };
    rest.starts_with(['*', '_', '\\'])
        || rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(['*', '#', '•', '-', '|'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_addresses_are_markup() {
        let text = "<b>Sec</b>. [Aid](https://a.example/x:y) and https://b.example, 3 < 4 (by far) h";
        let found: Vec<&str> = markup(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["<b>", "</b>", "(https://a.example/x:y", "https://b.example,"]);
    }

    #[test]
    fn bold_and_listed_sentences_end() {
        assert!(ends_sentence(".** ") && ends_sentence(". - ") && ends_sentence("**.* "));
        assert!(!ends_sentence(".-") && !ends_sentence(". ") && !ends_sentence("**"));
    }
}
