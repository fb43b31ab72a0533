//! The serialised article: its short fields as JSON, then the bounds of its paragraphs, then the plain text.
//!
//! Outside the JSON, the text needs no escaping and no parsing. Paragraphs that are separated by blank lines, as nearly
//! all are, take no space.
//!
//! Numbers are LEB128. The bytes are, in order: the length of the JSON; the JSON of the article without text and
//! paragraphs; a byte of flags that says which columns follow ([`BOUNDS`], [`KINDS`], [`INPUTS`], [`PAGES`], or
//! [`NONE`]); the
//! number of paragraphs and the columns; the text.

use std::str;

use super::ArchiveError;
use crate::article::{Article, Paragraph, ParagraphKind};
use crate::leb128::{number, take};

/// Flag: the bounds of the paragraphs are listed. Without it, blank lines separate them.
const BOUNDS: u8 = 1;
/// Flag: the kind of each paragraph is listed. Without it, all are running text.
const KINDS: u8 = 2;
/// Flag: the position of each paragraph in the input is listed.
const INPUTS: u8 = 4;
/// Flag: the page on which each paragraph begins is listed, as the distance from the paragraph before; 0 is no page.
const PAGES: u8 = 16;
/// Flag: there are no paragraphs, and the text follows at once.
const NONE: u8 = 8;

/// Serialises an article.
pub(super) fn to_bytes(article: &Article) -> Result<Vec<u8>, ArchiveError> {
    let mut short = article.clone();
    let text = std::mem::take(&mut short.text);
    let paragraphs = std::mem::take(&mut short.paragraphs);
    let json = serde_json::to_vec(&short).map_err(|cause| ArchiveError::Damaged(cause.to_string()))?;
    let mut out = Vec::with_capacity(json.len() + text.len() + 4 * paragraphs.len() + 16);
    number(&mut out, json.len());
    out.extend_from_slice(&json);
    put_paragraphs(&mut out, &paragraphs, &text);
    out.extend_from_slice(text.as_bytes());
    Ok(out)
}

/// Reads an article from its serialised bytes.
pub(super) fn from_bytes(bytes: &[u8]) -> Result<Article, ArchiveError> {
    let damaged = |what: &str| ArchiveError::Damaged(format!("a stored article cannot be read: {what}"));
    let mut rest = bytes;
    let length = take(&mut rest).ok_or_else(|| damaged("it is cut off"))?;
    let (json, mut rest) = rest.split_at_checked(length).ok_or_else(|| damaged("it is cut off"))?;
    let mut article: Article = serde_json::from_slice(json).map_err(|cause| damaged(&cause.to_string()))?;
    let columns = Columns::take(&mut rest).ok_or_else(|| damaged("its paragraphs"))?;
    article.text = str::from_utf8(rest).map_err(|_| damaged("its text is no UTF-8"))?.to_owned();
    article.paragraphs = columns.paragraphs(&article.text).ok_or_else(|| damaged("its paragraphs"))?;
    Ok(article)
}

fn put_paragraphs(out: &mut Vec<u8>, paragraphs: &[Paragraph], text: &str) {
    if paragraphs.is_empty() {
        out.push(NONE);
        return;
    }
    let apart = between_blank_lines(text).eq(paragraphs.iter().map(|paragraph| (paragraph.start, paragraph.end)));
    let plain = paragraphs.iter().all(|paragraph| paragraph.kind == ParagraphKind::Text);
    let from_input = paragraphs.iter().any(|paragraph| paragraph.input.is_some());
    let paged = paragraphs.iter().any(|paragraph| paragraph.page.is_some());
    let mut columns = 0;
    for (present, flag) in [(!apart, BOUNDS), (!plain, KINDS), (from_input, INPUTS), (paged, PAGES)] {
        columns |= if present { flag } else { 0 };
    }
    out.push(columns);
    number(out, paragraphs.len());
    if !apart {
        for paragraph in paragraphs {
            number(out, paragraph.start);
            number(out, paragraph.end);
        }
    }
    if !plain {
        out.extend(paragraphs.iter().map(|paragraph| code(paragraph.kind)));
    }
    if from_input {
        let mut last = 0;
        for paragraph in paragraphs {
            // 0 stands for "unknown". Most paragraphs begin shortly after the one before, so most numbers are small.
            let Some((start, end)) = paragraph.input else {
                number(out, 0);
                continue;
            };
            number(out, zigzag(start, last).saturating_add(1));
            number(out, zigzag(end, start));
            last = end;
        }
    }
    if paged {
        let mut last = 0;
        for paragraph in paragraphs {
            let page = u64::from(paragraph.page.unwrap_or_default());
            number(out, zigzag(page, last));
            last = page;
        }
    }
}

/// The byte ranges of the parts that blank lines separate.
fn between_blank_lines(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    text.split("\n\n").scan(0, |at, part| {
        let bounds = (*at, *at + part.len());
        *at = bounds.1 + 2;
        Some(bounds)
    })
}

/// The columns that are stored for the paragraphs.
struct Columns {
    count: usize,
    bounds: Option<Vec<(usize, usize)>>,
    kinds: Option<Vec<ParagraphKind>>,
    inputs: Option<Vec<Option<(u64, u64)>>>,
    pages: Option<Vec<Option<u32>>>,
}

impl Columns {
    fn take(rest: &mut &[u8]) -> Option<Self> {
        let (columns, after) = rest.split_first()?;
        *rest = after;
        if *columns == NONE {
            return Some(Self { count: 0, bounds: None, kinds: None, inputs: None, pages: None });
        }
        let count = take(rest)?;
        // Each paragraph has text, so a count above the remaining bytes is damage; it must not decide how much memory
        // is reserved.
        if count > rest.len() || *columns & !(BOUNDS | KINDS | INPUTS | PAGES) != 0 {
            return None;
        }
        let has = |flag: u8| columns & flag != 0;
        let bounds = has(BOUNDS).then(|| (0..count).map(|_| Some((take(rest)?, take(rest)?))).collect());
        let bounds = transpose(bounds)?;
        let kinds = has(KINDS).then(|| (0..count).map(|_| kind(byte(rest)?)).collect());
        let kinds = transpose(kinds)?;
        let mut last = 0;
        let inputs = has(INPUTS).then(|| (0..count).map(|_| input(rest, &mut last)).collect());
        let inputs = transpose(inputs)?;
        let mut last = 0;
        let pages = has(PAGES).then(|| (0..count).map(|_| page(rest, &mut last)).collect());
        Some(Self { count, bounds, kinds, inputs, pages: transpose(pages)? })
    }

    fn paragraphs(self, text: &str) -> Option<Vec<Paragraph>> {
        if self.count == 0 {
            return Some(Vec::new());
        }
        let bounds = self.bounds.unwrap_or_else(|| between_blank_lines(text).collect());
        if bounds.len() != self.count || bounds.iter().any(|(start, end)| text.get(*start..*end).is_none()) {
            return None;
        }
        let kind = |at: usize| self.kinds.as_ref().map_or(ParagraphKind::Text, |kinds| kinds[at]);
        let input = |at: usize| self.inputs.as_ref().and_then(|inputs| inputs[at]);
        let page = |at: usize| self.pages.as_ref().and_then(|pages| pages[at]);
        let paragraph = |(at, (start, end))| Paragraph { start, end, kind: kind(at), input: input(at), page: page(at) };
        Some(bounds.into_iter().enumerate().map(paragraph).collect())
    }
}

/// `None` where a column is present and cannot be read; `Some(None)` where it is absent.
fn transpose<T>(column: Option<Option<T>>) -> Option<Option<T>> {
    match column {
        Some(None) => None,
        Some(some) => Some(some),
        None => Some(None),
    }
}

fn input(rest: &mut &[u8], last: &mut u64) -> Option<Option<(u64, u64)>> {
    let Some(step) = take(rest)?.checked_sub(1) else { return Some(None) };
    let start = unzigzag(step, *last);
    let end = unzigzag(take(rest)?, start);
    *last = end;
    Some(Some((start, end)))
}

fn page(rest: &mut &[u8], last: &mut u64) -> Option<Option<u32>> {
    *last = unzigzag(take(rest)?, *last);
    let page = u32::try_from(*last).ok()?;
    Some((page > 0).then_some(page))
}

fn code(kind: ParagraphKind) -> u8 {
    match kind {
        ParagraphKind::Text => 0,
        ParagraphKind::Heading => 1,
        ParagraphKind::ListItem => 2,
        ParagraphKind::Quote => 3,
        ParagraphKind::Table => 4,
    }
}

fn kind(code: u8) -> Option<ParagraphKind> {
    use ParagraphKind::{Heading, ListItem, Quote, Table, Text};
    [Text, Heading, ListItem, Quote, Table].get(usize::from(code)).copied()
}

/// Zigzag code of the distance from `base`: a short distance in either direction gives a small number.
fn zigzag(value: u64, base: u64) -> usize {
    let distance = value.wrapping_sub(base) as i64;
    (distance << 1 ^ distance >> 63) as usize
}

fn unzigzag(number: usize, base: u64) -> u64 {
    let number = number as u64;
    base.wrapping_add(number >> 1 ^ (number & 1).wrapping_neg())
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (byte, after) = rest.split_first()?;
    *rest = after;
    Some(*byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::NewParagraph;

    fn paragraph(text: &str, kind: ParagraphKind, input: Option<(u64, u64)>) -> NewParagraph {
        NewParagraph { text: text.to_owned(), kind, input, page: None }
    }

    fn article(paragraphs: Vec<NewParagraph>) -> Article {
        let mut article =
            Article { title: "Ä \"title\"".to_owned(), source_id: Some("7".to_owned()), ..Article::default() };
        article.set_paragraphs(paragraphs);
        article
    }

    #[test]
    fn running_text_is_kept_bare() {
        let plain = article(vec![
            paragraph("One — 1.", ParagraphKind::Text, None),
            paragraph("Two.", ParagraphKind::Text, None),
        ]);
        let bytes = to_bytes(&plain).unwrap();
        assert!(bytes.ends_with("}\u{0}\u{2}One — 1.\n\nTwo.".as_bytes()), "{:?}", String::from_utf8_lossy(&bytes));
        assert_eq!(from_bytes(&bytes).unwrap(), plain);
        let mut unlisted = plain;
        unlisted.paragraphs.clear();
        assert_eq!(from_bytes(&to_bytes(&unlisted).unwrap()).unwrap(), unlisted);
    }

    /// Archives hold these bytes: a change to them needs a new `archive::FORMAT`.
    #[test]
    fn the_bytes_of_an_article_stay_what_they_are() {
        use ParagraphKind::{Heading, ListItem, Quote, Table, Text};
        let kinds = [(Text, Some((5, 9))), (Heading, None), (ListItem, Some((2, 300))), (Quote, None), (Table, None)];
        let article = article(kinds.map(|(kind, input)| paragraph("x\n\ny", kind, input)).into());
        let bytes = to_bytes(&article).unwrap();
        let json = bytes.iter().position(|byte| *byte == b'}').unwrap();
        let text = bytes.len() - article.text.len();
        let columns = [
            &[BOUNDS | KINDS | INPUTS, 5][..],
            &[0, 4, 6, 10, 12, 16, 18, 22, 24, 28],
            &[0, 1, 2, 3, 4],
            &[11, 8, 0, 14, 212, 4, 0, 0],
        ];
        assert_eq!(bytes[json + 1..text], columns.concat());
        assert_eq!([BOUNDS, KINDS, INPUTS, NONE], [1, 2, 4, 8]);
        assert_eq!(from_bytes(&bytes).unwrap(), article);
        // An unknown column, more paragraphs than bytes, a bound outside the text.
        for (at, wrong) in [(json + 1, 16), (json + 2, 127), (json + 4, 200), (json + 13, 5), (0, 255)] {
            let mut damaged = bytes.clone();
            damaged[at] = wrong;
            assert!(matches!(from_bytes(&damaged), Err(ArchiveError::Damaged(_))), "byte {at}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_is_written_is_read(parts in prop::collection::vec(("\\PC{1,12}(\n\n)?x", 0u8..5, prop::option::of(any::<(u32, u32)>())), 0..6), cut in any::<prop::sample::Index>(), flipped in any::<u8>()) {
            let parts = parts.iter().map(|(text, of, input)| {
                paragraph(text, kind(*of).unwrap(), input.map(|(start, end)| (u64::from(start), u64::from(end))))
            });
            let article = article(parts.collect());
            let mut bytes = to_bytes(&article).unwrap();
            prop_assert_eq!(from_bytes(&bytes).unwrap(), article);
            // Damage gives an error or another article, and no panic.
            let at = cut.index(bytes.len());
            let _ = from_bytes(&bytes[..at]);
            bytes[at] ^= flipped;
            let _ = from_bytes(&bytes);
        }
    }
}
