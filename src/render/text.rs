//! Text in several styles, wrapped to a width. Colours and links are added after wrapping, so their escape sequences
//! take no columns and end with each line.

use std::ops::Range;

use textwrap::WordSeparator;
use textwrap::core::{Word, break_words};
use textwrap::wrap_algorithms::wrap_first_fit;

use super::{Style, clean};
use crate::engine::Highlight;

/// SGR code of a matched word: bold red, which is legible on light and dark backgrounds.
const WORD: &str = "1;31";
/// SGR code of a mention of an actor: underlined, so that the difference from a word does not rest on colour alone.
const ACTOR: &str = "35;4";

/// Text in which stretches have styles and links of their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rich {
    text: String,
    spans: Vec<Span>,
}

#[derive(Debug, Clone)]
struct Span {
    bytes: Range<usize>,
    code: &'static str,
    link: Option<String>,
}

impl Rich {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds text in the style of an SGR code, cleaned of characters that act on a terminal.
    #[must_use]
    pub(crate) fn with(mut self, text: &str, code: &'static str) -> Self {
        self.push(text, code, None);
        self
    }

    /// Adds text that links to an address.
    #[must_use]
    pub(crate) fn with_link(mut self, text: &str, code: &'static str, address: Option<&str>) -> Self {
        self.push(text, code, address);
        self
    }

    /// Adds text with its highlights: in colour, or between marks ([`super::Marks`]) where colours are off. All of it
    /// links to `address`.
    #[must_use]
    pub(crate) fn with_marks(
        mut self,
        text: &str,
        marks: &[Highlight],
        code: &'static str,
        address: Option<&str>,
        style: &Style,
    ) -> Self {
        let mut at = 0;
        for mark in marks {
            let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.start..mark.end)) else {
                continue;
            };
            self.push(before, code, address);
            let ink = if mark.actor { ACTOR } else { WORD };
            let (open, close) = style.marks.around(mark.actor);
            if style.colored {
                self.push(inside, ink, address);
            } else {
                self.push(&format!("{open}{inside}{close}"), "", address);
            }
            at = mark.end;
        }
        self.push(text.get(at..).unwrap_or_default(), code, address);
        self
    }

    fn push(&mut self, text: &str, code: &'static str, link: Option<&str>) {
        let start = self.text.len();
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.text.push('\n');
            }
            self.text.push_str(&clean(line));
        }
        let bytes = start..self.text.len();
        if !bytes.is_empty() && (!code.is_empty() || link.is_some()) {
            self.spans.push(Span { bytes, code, link: link.map(str::to_owned) });
        }
    }

    /// Lines of at most `width` columns, or of 20 where that is more; each paragraph begins a new line.
    pub(crate) fn lines(&self, width: usize, style: &Style) -> Vec<String> {
        let mut out = Vec::new();
        let mut start = 0;
        for paragraph in self.text.split_inclusive('\n') {
            let body = paragraph.trim();
            let at = start + paragraph.len() - paragraph.trim_start().len();
            start += paragraph.len();
            if !body.is_empty() {
                out.extend(
                    wrapped(body, width).into_iter().map(|line| self.inked(at + line.start..at + line.end, style)),
                );
            }
        }
        out
    }

    /// A stretch of the text with its colours and links.
    fn inked(&self, bytes: Range<usize>, style: &Style) -> String {
        let mut out = String::with_capacity(2 * bytes.len());
        let mut at = bytes.start;
        for span in &self.spans {
            let (start, end) = (span.bytes.start.max(at), span.bytes.end.min(bytes.end));
            if start >= end {
                continue;
            }
            out.push_str(&self.text[at..start]);
            let painted = style.paint(span.code, &self.text[start..end]);
            match &span.link {
                Some(address) => out.push_str(&style.link(address, &painted)),
                None => out.push_str(&painted),
            }
            at = end;
        }
        out.push_str(&self.text[at..bytes.end]);
        out
    }
}

/// The lines of a paragraph as ranges of bytes. A word longer than a line is broken, but no word is broken at a hyphen,
/// because `F-35` is one word.
fn wrapped(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(20);
    let words: Vec<Word<'_>> = break_words(WordSeparator::UnicodeBreakProperties.find_words(text), width);
    let mut out = Vec::new();
    let mut at = 0;
    for line in wrap_first_fit(&words, &[width as f64]) {
        let length: usize = line.iter().map(|word| word.word.len() + word.whitespace.len()).sum();
        let shown = text[at..at + length].trim_end().len();
        out.push(at..at + shown);
        at += length;
    }
    out
}

/// Lines of text in one style.
pub(super) fn wrap(text: &str, code: &'static str, width: usize, style: &Style) -> Vec<String> {
    Rich::new().with(text, code).lines(width, style)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::render::Marks;

    const PLAIN: Style = Style { colored: false, linked: false, marks: Marks::Guillemets, width: 80 };
    const COLORED: Style = Style { colored: true, linked: true, marks: Marks::Guillemets, width: 80 };

    fn mark(start: usize, end: usize) -> Highlight {
        Highlight { start, end, actor: false }
    }

    #[test]
    fn marks_stand_without_colours_and_survive_bad_ranges() {
        let marked = |text: &str, marks: &[Highlight], style: &Style| {
            Rich::new().with_marks(text, marks, "", None, style).lines(80, style).join("\n")
        };
        assert_eq!(marked("The SAFE fund", &[mark(4, 8)], &PLAIN), "The «SAFE» fund");
        let told = |marks| Style { marks, ..PLAIN };
        let both = [mark(4, 8), Highlight { start: 9, end: 13, actor: true }];
        assert_eq!(marked("The SAFE fund", &both, &told(Marks::Stars)), "The **SAFE** *fund*");
        assert_eq!(marked("The SAFE fund", &both, &told(Marks::None)), "The SAFE fund");
        assert_eq!(marked("The EU", &[Highlight { actor: true, ..mark(4, 6) }], &PLAIN), "The ‹EU›");
        assert_eq!(marked("é", &[mark(1, 9)], &PLAIN), "é");
        assert_eq!(marked("SAFE\x1b[2J", &[mark(0, 4)], &COLORED), "\x1b[1;31mSAFE\x1b[0m");
    }

    #[test]
    fn a_mark_over_the_end_of_a_line_is_closed_and_opened_again() {
        let text = Rich::new().with_marks("aaaaaaaa bbbbbbbb cccccccc dddd", &[mark(9, 26)], "2", None, &COLORED);
        let lines = text.lines(20, &COLORED);
        assert_eq!(
            lines,
            ["\x1b[2maaaaaaaa \x1b[0m\x1b[1;31mbbbbbbbb\x1b[0m", "\x1b[1;31mcccccccc\x1b[0m\x1b[2m dddd\x1b[0m"]
        );
    }

    #[test]
    fn wide_and_combining_characters_are_measured_as_they_are_shown() {
        let text = "国防大臣は木曜日に新しい護衛艦の建造について説明した。";
        for line in wrap(text, "", 20, &PLAIN) {
            assert!(line.width() <= 20, "{line}");
        }
        assert_eq!(wrap("e\u{301}".repeat(20).as_str(), "", 20, &PLAIN).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn wrapping_loses_no_word_and_keeps_the_width(text in "[a-zé国ا«-]{0,9}( [a-zé国ا\u{301}-]{0,30}){0,20}", width in 20usize..60) {
            let lines = wrap(&text, "", width, &PLAIN);
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
            for line in lines {
                prop_assert!(textwrap::core::display_width(&line) <= width, "{}", line);
            }
        }
    }
}
