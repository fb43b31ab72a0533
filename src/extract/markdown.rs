//! Markdown: front matter, headings, paragraphs with their place in the input; links, emphasis and HTML stripped.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::title::{one_line, same};
use super::{byline, dates, yaml};
use crate::article::{Article, NewParagraph, ParagraphKind};

/// Fills the article from a Markdown document.
pub(crate) fn fill(article: &mut Article, text: &str, offset: Option<u64>) {
    let skipped = front_matter(article, text);
    let body = &text[skipped..];
    let mut paragraphs = paragraphs(body, offset.map(|offset| offset + skipped as u64));
    let first = paragraphs.first().filter(|paragraph| paragraph.kind == ParagraphKind::Heading && is_top_heading(body));
    if let Some(first) = first.map(|paragraph| paragraph.text.clone()) {
        if article.title.is_empty() {
            article.evidence.insert("title".to_owned(), "heading".to_owned());
            article.title = first;
            paragraphs.remove(0);
        } else if same(&article.title, &first) {
            paragraphs.remove(0);
        }
    }
    article.set_paragraphs(paragraphs);
}

fn is_top_heading(body: &str) -> bool {
    let body = body.trim_start();
    body.starts_with("# ") || body.lines().nth(1).is_some_and(|line| line.len() >= 3 && line.chars().all(|c| c == '='))
}

/// Whether text that may be plain is Markdown: marks that plain text hardly ever has.
pub(crate) fn is_likely(text: &str) -> bool {
    let sample = &text[..text.floor_char_boundary(200_000)];
    let heading = |line: &str| line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
    sample.contains("](http")
        || sample.contains("](/")
        || sample.contains("<figure")
        || sample.contains("<!-- -->")
        || sample.matches("**").count() >= 2
        || sample.lines().any(heading)
        || sample.contains("\\*") && sample.contains("\\_")
        || has_emphasis(sample)
}

/// Whether a text has emphasis by asterisks: `*a word*` within one line, after a blank, a bracket or a line break.
fn has_emphasis(text: &str) -> bool {
    let bytes = text.as_bytes();
    let opens = |at: usize| at == 0 || matches!(bytes[at - 1], b' ' | b'(' | b'\n');
    (0..bytes.len()).filter(|at| bytes[*at] == b'*' && opens(*at)).any(|at| {
        let inner: &[u8] = &bytes[at + 1..bytes.len().min(at + 80)];
        let end = inner.iter().position(|byte| matches!(byte, b'*' | b'\n'));
        end.is_some_and(|end| {
            end > 1 && inner[end] == b'*' && inner[0].is_ascii_alphanumeric() && inner[end - 1].is_ascii_alphanumeric()
        })
    })
}

/// The paragraphs of a Markdown text.
pub(crate) fn paragraphs(text: &str, offset: Option<u64>) -> Vec<NewParagraph> {
    let mut walk = Walk { offset, ..Walk::default() };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        walk.event(event, range);
    }
    walk.close();
    walk.out
}

/// Gathers the text of one block after another.
#[derive(Default)]
struct Walk {
    out: Vec<NewParagraph>,
    text: String,
    range: Option<Range<usize>>,
    /// Open lists and quotations, and whether a heading or table row is open.
    lists: u32,
    quotes: u32,
    heading: bool,
    row: bool,
    /// Number of open images; text within them is not the article's.
    image: u32,
    offset: Option<u64>,
}

impl Walk {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) if self.image == 0 => self.push(&text, range),
            Event::Html(text) | Event::InlineHtml(text) => {
                let text = without_tags(&text);
                if !text.trim().is_empty() {
                    self.push(&text, range);
                }
            }
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.close(),
            Event::Rule => self.close(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Image { .. } => self.image += 1,
            Tag::List(_) => {
                self.close();
                self.lists += 1;
            }
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes += 1;
            }
            Tag::Heading { .. } => {
                self.close();
                self.heading = true;
            }
            Tag::TableRow | Tag::TableHead => {
                self.close();
                self.row = true;
            }
            Tag::TableCell if !self.text.trim().is_empty() => self.text.push_str(" | "),
            Tag::Paragraph
            | Tag::Item
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Table(_)
            | Tag::FootnoteDefinition(_) => self.close(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Image => self.image = self.image.saturating_sub(1),
            TagEnd::List(_) => {
                self.close();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Heading(_) => {
                self.close();
                self.heading = false;
            }
            TagEnd::TableRow | TagEnd::TableHead => {
                self.close();
                self.row = false;
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::FootnoteDefinition => {
                self.close()
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, range: Range<usize>) {
        self.text.push_str(text);
        self.range = Some(match self.range.take() {
            Some(open) => open.start..range.end,
            None => range,
        });
    }

    /// Ends the open block.
    fn close(&mut self) {
        // Asterisks that the parser did not pair as emphasis are no text either.
        let text = one_line(&self.text.replace("***", "").replace("**", ""));
        self.text.clear();
        let range = self.range.take();
        if text.is_empty() {
            return;
        }
        let kind = if self.heading {
            ParagraphKind::Heading
        } else if self.row {
            ParagraphKind::Table
        } else if self.lists > 0 {
            ParagraphKind::ListItem
        } else if self.quotes > 0 {
            ParagraphKind::Quote
        } else {
            ParagraphKind::Text
        };
        let input =
            self.offset.zip(range).map(|(offset, range)| (offset + range.start as u64, offset + range.end as u64));
        self.out.push(NewParagraph { text, kind, input, page: None });
    }
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else { return out };
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    html_escape::decode_html_entities(&out).into_owned()
}

/// Reads YAML-like front matter between `---` lines (`key: value` and simple lists). Gives the byte at which the body
/// begins, 0 if there is no front matter.
fn front_matter(article: &mut Article, text: &str) -> usize {
    let start = text.len() - text.trim_start_matches(['\u{FEFF}', '\n', '\r', ' ']).len();
    let Some(rest) = text[start..].strip_prefix("---\n").or_else(|| text[start..].strip_prefix("---\r\n")) else {
        return 0;
    };
    let head = text.len() - rest.len();
    let mut at = head;
    let mut pairs: Vec<(String, Vec<String>)> = Vec::new();
    for line in rest.split_inclusive('\n') {
        at += line.len();
        let line = line.trim_end();
        if matches!(line, "---" | "...") {
            for (key, values) in pairs {
                set(article, &key, &values);
            }
            return at;
        }
        if let Some(item) = line.trim_start().strip_prefix("- ").filter(|_| !line.starts_with("---")) {
            if let Some((_, values)) = pairs.last_mut() {
                values.push(yaml::scalar(item));
            }
        } else if let Some((key, value)) = line.split_once(':') {
            let value = value.trim();
            let values = match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
                Some(list) => yaml::list(list),
                None if value.is_empty() => Vec::new(),
                None => vec![yaml::scalar(value)],
            };
            pairs.push((key.trim().to_ascii_lowercase(), values));
        }
    }
    0 // It never closes: a rule and no front matter.
}

fn set(article: &mut Article, key: &str, values: &[String]) {
    let Some(first) = values.first().map(|value| one_line(value)).filter(|value| !value.is_empty()) else { return };
    let field = match key {
        "title" => {
            article.title = first;
            "title"
        }
        "author" | "authors" | "byline" => {
            article.byline = byline::names(values.iter().map(String::as_str), &[]);
            "byline"
        }
        "date" | "published" | "pubdate" => {
            article.published = dates::parse(&first);
            "published"
        }
        "modified" | "updated" | "lastmod" => {
            article.modified = dates::parse(&first);
            "modified"
        }
        "outlet" | "source" | "publisher" | "site" => {
            article.outlet = Some(first);
            "outlet"
        }
        "url" | "link" | "canonical" => {
            article.url = super::canonical::canonical(&first).ok();
            "url"
        }
        "language" | "lang" => {
            article.language = super::language::code(&first);
            "language"
        }
        "section" | "category" => {
            article.section = Some(first);
            "section"
        }
        "tags" | "keywords" => {
            article.keywords = super::metadata::keywords(values.iter().flat_map(|value| value.split(',')));
            "keywords"
        }
        _ => return,
    };
    article.evidence.insert(field.to_owned(), "front matter".to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_and_heading() {
        let text = "---\ntitle: \"Frigates: a plan\"\nauthors:\n  - Ada Brook\n  - Tom Reed\ndate: 2024-05-06\nurl: https://example.org/a?utm_source=x\ntags: [navy, ships]\n---\n\n# Frigates: a plan\n\nTwo [frigates](https://example.org) **sail**.\n";
        let mut article = Article::default();
        fill(&mut article, text, Some(0));
        assert_eq!(article.title, "Frigates: a plan");
        let title = |written: &str| {
            let mut article = Article::default();
            fill(&mut article, &format!("---\ntitle: {written}\n---\n\nTwo frigates sail."), None);
            article.title
        };
        assert_eq!(title(r#""The \"Alda\" pact \u2013 a 'plan'""#), "The \"Alda\" pact – a 'plan'");
        assert_eq!(title("'Alda''s plan'"), "Alda's plan");
        assert_eq!(article.byline, ["Ada Brook", "Tom Reed"]);
        assert_eq!(article.published.map(|moment| moment.to_string()).as_deref(), Some("2024-05-06"));
        assert_eq!(article.url.as_deref(), Some("https://example.org/a"));
        assert_eq!(article.keywords, ["navy", "ships"]);
        assert_eq!(article.text, "Two frigates sail.");
        let (from, to) = article.paragraphs[0].input.expect("places are kept");
        assert!(text[from as usize..to as usize].starts_with("Two [frigates]"));
    }

    #[test]
    fn marks_and_html_go_and_kinds_stay() {
        let text = "## Plans\n\n- one *item*\n- two\n\n> said\n\n<figure><img src=x></figure>\n\n<!-- -->\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd ![alt](x.png) \\* here.";
        let got: Vec<(String, ParagraphKind)> = paragraphs(text, None).into_iter().map(|p| (p.text, p.kind)).collect();
        let want = [
            ("Plans", ParagraphKind::Heading),
            ("one item", ParagraphKind::ListItem),
            ("two", ParagraphKind::ListItem),
            ("said", ParagraphKind::Quote),
            ("a | b", ParagraphKind::Table),
            ("1 | 2", ParagraphKind::Table),
            ("End * here.", ParagraphKind::Text),
        ];
        assert_eq!(got, want.map(|(text, kind)| (text.to_owned(), kind)));
    }

    #[test]
    fn plain_text_is_not_taken_for_markdown() {
        assert!(!is_likely("The 5% pledge - and 3 * 4 - stays.\n\n#1 in the list"));
        assert!(is_likely("The [pledge](https://example.org) stays."));
    }
}
