//! PDF: glyphs at places become lines, lines become paragraphs, each with the page on which it begins.
//!
//! | step | where |
//! |---|---|
//! | glyphs with their places | [`read`], within [`bounds`] |
//! | running headers, footers and page numbers go | [`furniture`] |
//! | rows, columns, cells | [`lines`] |
//! | paragraphs over the ends of lines, columns and pages | [`flow`] |
//! | title | here and in [`about`] |

mod about;
mod bounds;
mod flow;
mod furniture;
mod lines;
mod read;
#[cfg(test)]
mod tests;

use flow::Block;
use furniture::Furniture;
use lines::Line;
use read::PageText;

use super::dates::Manner;
use super::info::{HEAD, Info};
use super::metadata::note;
use super::title::{key, one_line, same};
use super::{ExtractError, canonical, shown};
use crate::article::{Article, ParagraphKind, RawDocument};
use crate::fence::fenced;

/// Characters of the longest title.
const TITLE: usize = 300;

/// The article of a PDF.
///
/// # Errors
///
/// Fails where the document cannot be read, or shows no letters.
pub(super) fn article(document: &RawDocument) -> Result<Article, ExtractError> {
    let malformed = |what: &str| ExtractError::Malformed { place: document.place.clone(), what: what.to_owned() };
    let mut pages = Pages::default();
    let read = fenced(|| read::read(&document.bytes, &mut |page| pages.add(page)))
        .unwrap_or_else(|| Err("a damaged PDF: its parser gave up on it".to_owned()))
        .map_err(|what| malformed(&what))?;
    if read.glyphs == 0 {
        return Err(malformed("a scanned PDF without text; run it through OCR (ocrmypdf) first"));
    }
    if read.unknown * 10 > read.glyphs * 4 {
        let what = "a PDF that does not say which letters it shows; run it through OCR (ocrmypdf --force-ocr) first";
        return Err(malformed(what));
    }
    Ok(composed(&read.about, pages, document))
}

fn composed(about: &Info, pages: Pages, document: &RawDocument) -> Article {
    let (pages, furniture) = pages.without_furniture();
    let mut blocks = flow::blocks(&pages);
    let mut article =
        Article { url: document.address.as_deref().and_then(|at| canonical(at).ok()), ..Article::default() };
    article.outlet = article.url.as_deref().and_then(canonical::host);
    set_title(&mut article, about, &mut blocks);
    article.set_paragraphs(blocks.iter().cloned().map(Into::into));
    let first = blocks.first().map_or(1, |block| block.page);
    let head = blocks.iter().take(HEAD).take_while(|block| block.page <= first + 1).map(|block| block.text.as_str());
    about.set(&mut article, head, &furniture, document);
    article
}

/// The lines of the pages, and what stands at their edges.
#[derive(Default)]
struct Pages {
    /// The lines of each page, and of each whether it may be furniture.
    lines: Vec<Vec<(Line, bool)>>,
    furniture: Furniture,
}

impl Pages {
    fn add(&mut self, page: PageText) {
        let mut layers = page.layers;
        layers.sort_by_key(|layer| std::cmp::Reverse(layer.glyphs.len()));
        let mut all: Vec<(Line, bool)> = Vec::new();
        let mut put = |lines: Vec<Line>, is_edge: bool, turned: bool| {
            // What stands above the text, and below it, goes on with the column beside it.
            let parts = all.last().map_or(0, |(line, _)| line.part + usize::from(turned));
            all.extend(lines.into_iter().map(|line| (Line { part: line.part + parts, ..line }, is_edge)));
        };
        for (number, layer) in layers.into_iter().enumerate() {
            let rows = lines::rows(layer.glyphs);
            if number == 0 {
                let [above, text, below] = self.furniture.cut(rows, layer.height);
                put(lines::plain(&above), true, false);
                put(lines::lines(text), false, false);
                put(lines::plain(&below), true, false);
            } else {
                put(lines::lines(rows), false, true);
            }
        }
        self.lines.push(all);
    }

    /// The lines of each page without furniture, and the text of that.
    fn without_furniture(self) -> (Vec<(u32, Vec<Line>)>, Vec<String>) {
        let mut furniture = self.furniture;
        let pages = self.lines.into_iter().zip(1..).map(|(lines, page)| {
            let kept = lines.into_iter().filter(|(line, edge)| !(*edge && furniture.takes(&line.text(), line.y, page)));
            (page, kept.map(|(line, _)| line).collect())
        });
        (pages.collect(), furniture.taken)
    }
}

/// Sets the title: what the document information says if that is one, else the largest print at the head of the first
/// page. It is taken out of the text if it stands there.
fn set_title(article: &mut Article, about: &Info, blocks: &mut Vec<Block>) {
    let printed = printed_title(blocks);
    let (title, from) = match (&about.title, &printed) {
        (Some(title), _) => (one_line(title), "PDF information"),
        (None, Some((range, _))) => (joined(&blocks[range.clone()]), "largest print"),
        (None, None) => return,
    };
    if let Some((range, _)) = printed {
        let text = joined(&blocks[range.clone()]);
        if same(&text, &title) || key(&text) == key(&title) {
            blocks.drain(range);
        } else if blocks.get(range.start).is_some_and(|block| same(&block.text, &title)) {
            blocks.remove(range.start);
        }
    }
    article.title = title;
    note(article, "title", from);
}

fn joined(blocks: &[Block]) -> String {
    blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The paragraphs at the head of the first page in the largest print, if they are a headline.
fn printed_title(blocks: &[Block]) -> Option<(std::ops::Range<usize>, f32)> {
    let first = blocks.first()?.page;
    let head = blocks.iter().take(HEAD).take_while(|block| block.page <= first + 1);
    let head: Vec<&Block> = head.collect();
    let wordy = |block: &&Block| block.text.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let largest = head.iter().filter(|block| wordy(block)).map(|block| block.size).fold(0.0, f32::max);
    let large = |block: &Block| block.size > 0.96 * largest;
    let start = head.iter().position(|block| wordy(block) && large(block))?;
    let block = head[start];
    let is_headline = |block: &Block| {
        block.text.chars().count() <= TITLE
            && matches!(block.kind, ParagraphKind::Heading | ParagraphKind::Text)
            && !block.text.ends_with(['.', ',', ';'])
            && shown::of_lines(std::iter::once(block.text.as_str()), &Manner::default()).is_none()
    };
    if !is_headline(block) || block.kind != ParagraphKind::Heading && start > 2 {
        return None;
    }
    // Without larger print, only a line by itself at the very head is one.
    if block.kind != ParagraphKind::Heading
        && head.get(start + 1).is_none_or(|next| next.text.len() <= block.text.len())
    {
        return None;
    }
    let more = head[start + 1..].iter().take_while(|next| large(next) && is_headline(next) && next.kind == block.kind);
    let end = start + 1 + more.take(3).count();
    let whole: usize = head[start..end].iter().map(|block| block.text.chars().count()).sum();
    let large_print = block.kind == ParagraphKind::Heading;
    Some((start..if whole <= TITLE && large_print { end } else { start + 1 }, largest))
}
