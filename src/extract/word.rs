//! Word documents (`.docx`): the parts of a zip archive, read with `quick-xml`.
//!
//! The text is that of the document as it would print with all changes accepted: headings by their styles, list items,
//! rows of tables, then footnotes and endnotes. Headers, footers, comments and deleted text are left out. Where pages
//! end is not in the file, so paragraphs have no page.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::info::{HEAD, Info, is_title};
use super::metadata::note;
use super::title::{one_line, same};
use super::{ExtractError, canonical};
use crate::article::{Article, NewParagraph, ParagraphKind, RawDocument};
use crate::fence;

/// Bytes of the largest part that is read.
const PART: u64 = 128 << 20;
/// Levels of elements; deeper ones are damage.
const LEVELS: usize = 500;

/// The article of a Word document.
///
/// # Errors
///
/// Fails where the document cannot be read.
pub(super) fn article(document: &RawDocument) -> Result<Article, ExtractError> {
    let read = fence::fenced(|| Parts::open(&document.bytes).and_then(|mut parts| Word::read(&mut parts)));
    let Some(word) = read.flatten() else {
        let what = "a damaged Word document: it cannot be read".to_owned();
        return Err(ExtractError::Malformed { place: document.place.clone(), what });
    };
    let Word { info, mut paragraphs, title } = word;
    let mut article =
        Article { url: document.address.as_deref().and_then(|at| canonical(at).ok()), ..Article::default() };
    article.outlet = article.url.as_deref().and_then(canonical::host);
    let printed = title.or_else(|| {
        let first = paragraphs.iter().position(|paragraph| !paragraph.text.is_empty())?;
        (paragraphs[first].kind == ParagraphKind::Heading).then_some(first)
    });
    let found = match (printed, &info.title) {
        (Some(at), _) => Some((paragraphs[at].text.clone(), "title style")),
        (None, Some(title)) => Some((title.clone(), info.name)),
        (None, None) => None,
    };
    if let Some((title, from)) = found {
        paragraphs
            .iter()
            .position(|paragraph| same(&paragraph.text, &title))
            .filter(|at| *at < HEAD)
            .map(|at| paragraphs.remove(at));
        article.title = title;
        note(&mut article, "title", from);
    }
    let head: Vec<String> = paragraphs.iter().take(HEAD).map(|paragraph| paragraph.text.clone()).collect();
    article.set_paragraphs(paragraphs);
    info.set(&mut article, head.iter().map(String::as_str), &[], document);
    Ok(article)
}

/// The members of the archive.
struct Parts<'b>(ZipArchive<Cursor<&'b [u8]>>);

impl<'b> Parts<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        ZipArchive::new(Cursor::new(bytes)).ok().map(Self)
    }

    fn get(&mut self, name: &str) -> Option<Vec<u8>> {
        let part = self.0.by_name(name).ok()?;
        let mut bytes = Vec::new();
        part.take(PART).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// What was read of a document.
#[derive(Default)]
struct Word {
    info: Info,
    paragraphs: Vec<NewParagraph>,
    /// The paragraph in the style of a title.
    title: Option<usize>,
}

impl Word {
    fn read(parts: &mut Parts<'_>) -> Option<Self> {
        let styles = parts.get("word/styles.xml").map(|xml| styles(&xml)).unwrap_or_default();
        let mut walk = Walk { styles, ..Walk::default() };
        walk.run(&parts.get("word/document.xml")?);
        for notes in ["word/footnotes.xml", "word/endnotes.xml"] {
            if let Some(xml) = parts.get(notes) {
                walk.run(&xml);
            }
        }
        let info = parts.get("docProps/core.xml").map(|xml| properties(&xml)).unwrap_or_default();
        Some(Self { info: Info { name: "Word properties", ..info }, paragraphs: walk.out, title: walk.title })
    }
}

/// What a style makes of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Title,
    Heading,
    Quote,
    List,
}

impl Style {
    /// By its name in English, under which Word keeps its own styles in every language.
    fn of(name: &str) -> Option<Self> {
        let name = name.to_lowercase().replace(' ', "");
        match name.as_str() {
            "title" => Some(Self::Title),
            "quote" | "intensequote" => Some(Self::Quote),
            _ if name.starts_with("heading") || name == "subtitle" => Some(Self::Heading),
            _ if name.starts_with("list") => Some(Self::List),
            _ => None,
        }
    }
}

/// The styles of a document by their ids.
fn styles(xml: &[u8]) -> HashMap<String, Style> {
    let mut styles = HashMap::new();
    let mut id = None;
    each(xml, |event| match event {
        Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "style" => id = value(tag, "styleId"),
        Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "name" => {
            let style = value(tag, "val").and_then(|name| Style::of(&name));
            if let (Some(id), Some(style)) = (id.take(), style) {
                styles.insert(id, style);
            }
        }
        _ => {}
    });
    styles
}

/// Hands over the events of an XML file up to its end or the first damage.
fn each(xml: &[u8], mut then: impl FnMut(&Event<'_>)) {
    let mut reader = Reader::from_reader(xml);
    let mut depth = 0usize;
    while let Ok(event) = reader.read_event() {
        fence::check();
        match &event {
            Event::Eof => return,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > LEVELS {
            return;
        }
        then(&event);
    }
}

/// An attribute, whatever its prefix.
fn value(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(html_escape::decode_html_entities(&attribute.value).into_owned())
}

/// The text of an event, without characters that XML does not allow.
fn text_of(event: &Event<'_>) -> Option<String> {
    let text = match event {
        Event::Text(text) => (**text).to_owned(),
        Event::CData(text) => (**text).to_owned(),
        Event::GeneralRef(name) => html_escape::decode_html_entities(&format!("&{};", &**name)).into_owned(),
        _ => return None,
    };
    Some(text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect())
}

fn properties(xml: &[u8]) -> Info {
    let mut info = Info::default();
    let mut open = String::new();
    let mut text = String::new();
    each(xml, |event| match event {
        Event::Start(tag) => {
            open = tag.local_name().as_ref().to_owned();
            text.clear();
        }
        Event::End(_) => {
            let found = Some(one_line(&text)).filter(|text| !text.is_empty());
            match open.as_str() {
                "title" => info.title = found.filter(|title| is_title(title)),
                "creator" => info.author = found,
                "keywords" => info.keywords = found,
                "language" => info.language = found,
                "created" => info.created = found,
                _ => {}
            }
            open.clear();
        }
        other => text.extend(text_of(other)),
    });
    info
}

/// A paragraph that is being read.
#[derive(Default)]
struct Open {
    text: String,
    style: Option<Style>,
    item: bool,
}

/// Gathers paragraphs.
#[derive(Default)]
struct Walk {
    styles: HashMap<String, Style>,
    out: Vec<NewParagraph>,
    title: Option<usize>,
    /// Open paragraphs: one within another stands in a text box.
    open: Vec<Open>,
    /// The rows of open tables, outermost first, and the cells of each.
    rows: Vec<Vec<String>>,
    /// Whether text is that of the document.
    shown: bool,
    /// Open elements whose content is left out.
    hidden: usize,
}

impl Walk {
    fn run(&mut self, xml: &[u8]) {
        each(xml, |event| match event {
            Event::Start(tag) => self.start(tag, false),
            Event::Empty(tag) => self.start(tag, true),
            Event::End(tag) => self.end(tag.local_name().as_ref()),
            other if self.shown && self.hidden == 0 => {
                if let (Some(open), Some(text)) = (self.open.last_mut(), text_of(other)) {
                    open.text.push_str(&text);
                }
            }
            _ => {}
        });
        // A file that is cut off keeps what it has.
        while !self.open.is_empty() {
            self.close();
        }
        self.rows.clear();
        (self.shown, self.hidden) = (false, 0);
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let name = tag.local_name();
        let name = name.as_ref();
        if is_hidden(name) {
            self.hidden += usize::from(!empty);
            return;
        }
        match name {
            "p" if !empty => self.open.push(Open::default()),
            "tr" if !empty => self.rows.push(Vec::new()),
            "tc" if !empty => {
                if let Some(row) = self.rows.last_mut() {
                    row.push(String::new());
                }
            }
            "t" => self.shown = !empty,
            _ => self.within(name, tag),
        }
    }

    /// An element that says something of the open paragraph.
    fn within(&mut self, name: &str, tag: &BytesStart<'_>) {
        let Some(open) = self.open.last_mut() else { return };
        match name {
            "pStyle" => {
                open.style = value(tag, "val").and_then(|id| self.styles.get(&id).copied().or_else(|| Style::of(&id)))
            }
            "outlineLvl" if value(tag, "val").is_some_and(|level| level != "9") => {
                open.style = open.style.or(Some(Style::Heading))
            }
            "numId" => open.item = value(tag, "val").is_some_and(|number| number != "0"),
            "tab" | "br" | "cr" | "ptab" if self.hidden == 0 => open.text.push(' '),
            "noBreakHyphen" => open.text.push('-'),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if is_hidden(name) {
            self.hidden = self.hidden.saturating_sub(1);
            return;
        }
        match name {
            "t" => self.shown = false,
            "p" => self.close(),
            "tr" => {
                let cells: Vec<String> = self.rows.pop().unwrap_or_default();
                let cells: Vec<String> = cells.iter().map(|cell| one_line(cell)).collect();
                let text = cells.join(" | ");
                let kind = if cells.len() > 1 { ParagraphKind::Table } else { ParagraphKind::Text };
                if cells.iter().any(|cell| !cell.is_empty()) {
                    self.give(text, kind);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let text = one_line(&open.text);
        if text.is_empty() {
            return;
        }
        let kind = match open.style {
            Some(Style::Title | Style::Heading) => ParagraphKind::Heading,
            _ if open.item => ParagraphKind::ListItem,
            Some(Style::List) => ParagraphKind::ListItem,
            Some(Style::Quote) => ParagraphKind::Quote,
            None => ParagraphKind::Text,
        };
        if open.style == Some(Style::Title) && self.title.is_none() && self.rows.is_empty() {
            self.title = Some(self.out.len());
        }
        self.give(text, kind);
    }

    /// Puts a paragraph into the open cell of a table, or into the text.
    fn give(&mut self, text: String, kind: ParagraphKind) {
        match self.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) => {
                cell.push(' ');
                cell.push_str(&text);
            }
            None => self.out.push(NewParagraph { text, kind, ..NewParagraph::default() }),
        }
    }
}

/// Elements whose content does not print, or prints elsewhere too.
fn is_hidden(name: &str) -> bool {
    matches!(name, "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "tabs")
}

#[cfg(test)]
mod tests;
