//! PDFs that the tests write themselves, and the articles they become. Print is Courier, in which every glyph of a size
//! is 0.6 em wide.

mod layout;
mod reading;
mod writer;

use writer::{Page, Pdf};

use crate::article::{Article, Format, ParagraphKind, RawDocument};
use crate::extract::ExtractError;

fn extracted(bytes: Vec<u8>) -> Result<Article, ExtractError> {
    crate::extract::article(&RawDocument { bytes, format: Format::Pdf, ..RawDocument::default() })
}

fn article(pdf: &Pdf) -> Article {
    extracted(pdf.bytes()).unwrap()
}

/// The paragraphs with their kinds.
fn paragraphs(article: &Article) -> Vec<(&str, ParagraphKind)> {
    article.paragraphs.iter().map(|paragraph| (&article.text[paragraph.range()], paragraph.kind)).collect()
}

fn texts(article: &Article) -> Vec<&str> {
    paragraphs(article).into_iter().map(|(text, _)| text).collect()
}

fn pages(article: &Article) -> Vec<u32> {
    article.paragraphs.iter().filter_map(|paragraph| paragraph.page).collect()
}

/// Why a document gave no article.
fn refused(bytes: Vec<u8>) -> String {
    extracted(bytes).unwrap_err().to_string()
}

/// A page of running text, a line each.
fn page(lines: &[&str]) -> Page {
    let mut page = Page::default();
    page.lines(72.0, 700.0, 10.0, lines);
    page
}
