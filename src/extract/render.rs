//! A fragment of HTML as paragraphs, through `html2text`.
//!
//! A decorator marks headings, list items and quotations with control characters, which the scan has kept out of the
//! page; the marks become [`ParagraphKind`]s. Table rows are turned into marked paragraphs before rendering.

use std::borrow::Cow;

use html2text::render::{TaggedLine, TextDecorator};

use super::title::one_line;
use crate::article::{NewParagraph, ParagraphKind};

// One byte each: the renderer takes the length of a prefix for its width.
const HEADING: char = '\u{1}';
const QUOTE: char = '\u{2}';
const ITEM: char = '\u{3}';
const LINK: char = '\u{5}';
const LINK_END: char = '\u{6}';
/// Opens the text of a table row.
pub(crate) const ROW: char = '\u{E004}';

/// Wider than any paragraph, so that no line is wrapped.
const WIDTH: usize = 10_000_000;

/// A paragraph and how much of it is links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) text: String,
    pub(crate) kind: ParagraphKind,
    /// Letters and digits, in all and within links.
    pub(crate) letters: usize,
    pub(crate) linked: usize,
}

impl Block {
    /// A block without links.
    pub(crate) fn plain(text: String, kind: ParagraphKind) -> Self {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        Self { text, kind, letters, linked: 0 }
    }
}

impl From<Block> for NewParagraph {
    fn from(block: Block) -> Self {
        Self { text: block.text, kind: block.kind, input: None, page: None }
    }
}

/// The paragraphs of a fragment; none where it cannot be rendered.
pub(crate) fn blocks(html: &str) -> Vec<Block> {
    let rendered = html2text::config::with_decorator(Marks)
        .raw_mode(true)
        .allow_width_overflow()
        .link_footnotes(false)
        .string_from_read(rows_as_paragraphs(html).as_bytes(), WIDTH)
        .unwrap_or_default();
    from_lines(&rendered)
}

/// Turns each table row into one marked paragraph with bars between its cells; the renderer would make each cell a
/// paragraph of its own.
fn rows_as_paragraphs(html: &str) -> Cow<'_, str> {
    if !html.contains("<tr") {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    let mut first = true;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else { break };
        let tag = &rest[at..=at + end];
        let name: String = tag[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        match name.to_ascii_lowercase().as_str() {
            "table" => out.push_str("<div>"),
            "/table" => out.push_str("</div>"),
            "tr" => {
                first = true;
                out.push_str("<p>");
                out.push(ROW);
            }
            "/tr" => out.push_str("</p>"),
            "td" | "th" => {
                out.push_str(if first { "" } else { " | " });
                first = false;
            }
            "/td" | "/th" | "tbody" | "/tbody" | "thead" | "/thead" | "tfoot" | "/tfoot" | "colgroup" | "/colgroup"
            | "col" => {}
            _ => out.push_str(tag),
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_mark(c: char) -> bool {
    matches!(c, HEADING | QUOTE | ITEM | ROW | LINK | LINK_END)
}

fn from_lines(rendered: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut fresh = true;
    let mut in_link = false;
    for line in rendered.lines() {
        let kind = kind_of(line);
        let starts_item = line.trim_start_matches(QUOTE).starts_with(ITEM);
        let (letters, linked) = count(line, &mut in_link);
        let text = one_line(&line.chars().filter(|c| *c == '\t' || !is_mark(*c)).collect::<String>());
        if text.is_empty() {
            fresh = true;
            continue;
        }
        // A line break within a sentence is layout and does not end the paragraph.
        let goes_on = |last: &&mut Block| !fresh && !starts_item && last.kind == kind && continues(&last.text, &text);
        if let Some(last) = out.last_mut().filter(goes_on) {
            last.text.push(' ');
            last.text.push_str(&text);
            last.letters += letters;
            last.linked += linked;
        } else {
            out.push(Block { text, kind, letters, linked });
        }
        fresh = false;
    }
    out
}

/// Letters and digits of a line, in all and within links.
fn count(line: &str, in_link: &mut bool) -> (usize, usize) {
    let (mut letters, mut linked) = (0, 0);
    for c in line.chars() {
        match c {
            LINK => *in_link = true,
            LINK_END => *in_link = false,
            c if c.is_alphanumeric() => {
                letters += 1;
                linked += usize::from(*in_link);
            }
            _ => {}
        }
    }
    (letters, linked)
}

fn kind_of(line: &str) -> ParagraphKind {
    let mut kind = ParagraphKind::Text;
    for c in line.chars().take_while(|c| c.is_whitespace() || is_mark(*c)) {
        kind = match c {
            HEADING => ParagraphKind::Heading,
            ROW if line.contains(" | ") => ParagraphKind::Table,
            ITEM if kind == ParagraphKind::Text || kind == ParagraphKind::Quote => ParagraphKind::ListItem,
            QUOTE if kind == ParagraphKind::Text => ParagraphKind::Quote,
            _ => kind,
        };
    }
    kind
}

/// Whether a line goes on with the sentence of the line before it.
fn continues(before: &str, line: &str) -> bool {
    let open = before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ',');
    open && line.chars().next().is_some_and(char::is_lowercase)
}

/// Marks the kinds of blocks and leaves all else plain.
#[derive(Clone, Debug)]
struct Marks;

impl TextDecorator for Marks {
    type Annotation = ();

    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        (LINK.to_string(), ())
    }

    fn decorate_link_end(&mut self) -> String {
        LINK_END.to_string()
    }

    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _src: &str, _title: &str) -> (String, ()) {
        (String::new(), ())
    }

    fn header_prefix(&self, _level: usize) -> String {
        HEADING.to_string()
    }

    fn quote_prefix(&self) -> String {
        QUOTE.to_string()
    }

    fn unordered_item_prefix(&self) -> String {
        ITEM.to_string()
    }

    fn ordered_item_prefix(&self, _i: i64) -> String {
        ITEM.to_string()
    }

    fn make_subblock_decorator(&self) -> Self {
        Self
    }

    fn decorate_superscript_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_superscript_end(&self) -> String {
        String::new()
    }

    fn finalise(&mut self, _urls: Vec<String>) -> Vec<TaggedLine<()>> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_kept() {
        let html = "<h2>Head <b>two</b></h2><p>A <a href=x>linked</a>\n word, H<sub>2</sub>O and 10<sup>th</sup>.</p><ul><li>first</li><li>second</li></ul>\
                    <blockquote><p>said</p></blockquote><table><tbody><tr><th>a</th><td>b</td></tr></tbody></table><div>tail<img src=x alt=no></div>";
        let got: Vec<(String, ParagraphKind)> = blocks(html).into_iter().map(|p| (p.text, p.kind)).collect();
        let want = [
            ("Head two", ParagraphKind::Heading),
            ("A linked word, H2O and 10th.", ParagraphKind::Text),
            ("first", ParagraphKind::ListItem),
            ("second", ParagraphKind::ListItem),
            ("said", ParagraphKind::Quote),
            ("a | b", ParagraphKind::Table),
            ("tail", ParagraphKind::Text),
        ];
        assert_eq!(got, want.map(|(text, kind)| (text.to_owned(), kind)));
    }

    #[test]
    fn breaks_end_a_paragraph_but_not_a_sentence() {
        let got: Vec<String> =
            blocks("<p>One ends.<br>Two goes<br>on here.<br><br>Three.</p>").into_iter().map(|p| p.text).collect();
        assert_eq!(got, ["One ends.", "Two goes on here.", "Three."]);
    }
    #[test]
    fn letters_are_counted_in_all_and_within_links_over_the_ends_of_lines() {
        let mut in_link = false;
        let line = format!("See {LINK}the treaty{LINK_END} of 2025.");
        assert_eq!((count(&line, &mut in_link), in_link), ((18, 9), false));
        assert_eq!((count(&format!("{LINK}a link"), &mut in_link), in_link), ((5, 5), true));
        assert_eq!((count(&format!("goes on{LINK_END} and ends"), &mut in_link), in_link), ((13, 6), false));
    }
}
