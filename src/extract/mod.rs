//! Turning a raw document into an article, without access to disk or network.
//!
//! [`article`] decodes the bytes and hands the text to the module of its format. Whatever the format, the language is
//! set and the dateline is taken off the front of the text.
//!
//! ```
//! use despatch::article::{Format, RawDocument};
//!
//! let bytes = b"LONDON, 3 March 2026 - Ministers met on Tuesday.\n\nThey will meet again.".to_vec();
//! let article = despatch::extract::article(&RawDocument { bytes, format: Format::Text, ..RawDocument::default() })?;
//! assert_eq!(article.dateline.unwrap().places, ["London"]);
//! assert!(article.text.starts_with("Ministers met"));
//! # Ok::<(), despatch::extract::ExtractError>(())
//! ```

mod account;
mod boilerplate;
mod byline;
mod canonical;
mod charset;
mod choose;
mod dateline;
mod dates;
mod escapes;
mod fill;
mod headed;
mod html;
mod info;
mod json;
mod jsonld;
pub(crate) mod language;
#[cfg(test)]
mod layouts;
mod lede;
mod limits;
mod markdown;
mod merge;
mod metadata;
mod moments;
mod object;
mod pdf;
mod prune;
mod render;
mod scan;
mod shown;
#[cfg(test)]
mod tests;
mod text;
mod title;
mod unescape;
mod wall;
mod word;
mod yaml;

pub use canonical::canonical;
pub use limits::Limits;
pub(crate) use limits::{article_within, work_within};

use crate::article::{Article, Format, Moment, Place, RawDocument};
use crate::source::noise;
use crate::wordlist::WordList;

/// Why a document gave no article.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The document holds no text.
    #[error("{place}: no article text found")]
    Empty {
        /// Where the document stands.
        place: Place,
    },
    /// The document is not valid in its format, or exceeds a limit.
    #[error("{place}: {what}")]
    Malformed {
        /// Where the document stands.
        place: Place,
        /// What is wrong with it.
        what: String,
    },
}

/// Bytes of a document that is too short to be told from noise.
const SHORT: usize = 256;

/// Paragraphs under a headline in which a date is looked for, and the bytes of one that may be a line with a date.
const HEAD: usize = 4;
const HEAD_LINE: usize = 100;
/// What such a line may have in small letters.
static DATE_LINE_WORDS: WordList = WordList::new(include_str!("lists/date_line_words.txt"));

/// Extracts the article from a document.
///
/// # Errors
///
/// Fails where the document holds no article text, or is no valid document of its format.
pub fn article(document: &RawDocument) -> Result<Article, ExtractError> {
    if matches!(document.format, Format::Pdf | Format::Word) {
        let mut article =
            if document.format == Format::Pdf { pdf::article(document)? } else { word::article(document)? };
        finish(&mut article, document)?;
        return Ok(article);
    }
    let is_json = matches!(document.format, Format::Json | Format::FeedEntry);
    if !is_json && document.bytes.len() >= SHORT && noise::is_noise(&document.bytes) {
        return Err(ExtractError::Malformed { place: document.place.clone(), what: "not text".to_owned() });
    }
    let source = charset::decode(document);
    let mut article = match document.format {
        Format::Html => html::article(document, &source),
        Format::Text => plain(document, |article, offset| text::fill(article, &source, offset)),
        Format::Markdown => plain(document, |article, offset| markdown::fill(article, &source, offset)),
        Format::Json | Format::FeedEntry => return from_object(document, &source),
        Format::Pdf | Format::Word => return Err(ExtractError::Empty { place: document.place.clone() }),
    };
    finish(&mut article, document)?;
    Ok(article)
}

/// The article of a JSON document, or of a feed entry, which has been turned into JSON.
fn from_object(document: &RawDocument, source: &str) -> Result<Article, ExtractError> {
    let object = object::Object::read(document, source)?;
    let mut article = json::article(document, &object);
    language::set(&mut article, json::declared_language(&object).as_deref());
    finish(&mut article, document)?;
    json::put_places(&mut article, &object, document);
    if article.dateline.is_none() {
        article.dateline = json::declared_dateline(&object);
    }
    Ok(article)
}

/// The last step of every format: takes the dateline, and except in HTML the byline, off the front of the text, and
/// dates the article by its last change where no other date is known.
fn finish(article: &mut Article, document: &RawDocument) -> Result<(), ExtractError> {
    if article.text.is_empty() {
        return Err(ExtractError::Empty { place: document.place.clone() });
    }
    if noise::holds_no_words(&article.text) {
        let what = "it holds no words: a dump, or bytes that are no text".to_owned();
        return Err(ExtractError::Malformed { place: document.place.clone(), what });
    }
    if matches!(document.format, Format::Text | Format::Markdown) {
        date_by_head(article, document);
    }
    if document.format != Format::Html {
        byline::take(article);
    }
    date_by_change(article);
    dateline::take(article);
    date_by_dateline(article, document);
    Ok(())
}

/// Dates an article without marks by a short line between its headline and its first sentences: `Published: 2026-11-20`.
fn date_by_head(article: &mut Article, document: &RawDocument) {
    if article.published.is_some() {
        return;
    }
    let manner = dates::Manner::of(article.language.as_deref(), None);
    let lines = article.text.split("\n\n").take(HEAD).take_while(|line| line.len() <= HEAD_LINE);
    // A sentence or a standfirst tells of another day: `Treaty signed at Vell on 3 May 1994`.
    let plain = |word: &str| {
        let small = word.starts_with(char::is_lowercase) && word.len() > 1;
        !small || DATE_LINE_WORDS.has(word) || dates::month(word).is_some()
    };
    let lines = lines.filter(|line| line.split(|c: char| !c.is_alphanumeric()).all(plain));
    if let Some(moment) = shown::of_lines(lines, &manner).filter(|moment| dates::not_after(moment, document.fetched)) {
        article.published = Some(moment);
        article.evidence.insert("published".to_owned(), "line under the headline".to_owned());
    }
}

/// Dates an article that says nothing else of its day by the one in its dateline: `VELL, Nov. 20, 2026`.
fn date_by_dateline(article: &mut Article, document: &RawDocument) {
    let day = article.dateline.as_ref().and_then(|dateline| dateline.date).map(Moment::Day);
    if let Some(day) = day.filter(|day| article.published.is_none() && dates::not_after(day, document.fetched)) {
        article.published = Some(day);
        article.evidence.insert("published".to_owned(), "dateline".to_owned());
    }
}

/// If only the time of the last change is known, it becomes the date of the article, and the evidence says so. Without a
/// date, no filter and no chart by time would find the article.
fn date_by_change(article: &mut Article) {
    if article.published.is_none() && article.modified.is_some() {
        article.published = article.modified;
        let from = article.evidence.get("modified").map_or("", String::as_str);
        article.evidence.insert("published".to_owned(), format!("last change: {from}"));
    }
}

/// The article of a text or Markdown document. If the text does not name its URL and outlet, they come from the
/// document's address.
fn plain(document: &RawDocument, fill: impl FnOnce(&mut Article, Option<u64>)) -> Article {
    let mut article = Article::default();
    // Places count bytes of the input. They are bytes of the text too only if nothing had to be decoded.
    let same = std::str::from_utf8(&document.bytes).is_ok_and(|text| !text.contains('\0'));
    let mark = if document.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    fill(&mut article, same.then_some(mark));
    if article.url.is_none() {
        article.url = document.address.as_deref().and_then(|address| canonical(address).ok());
    }
    if article.outlet.is_none() {
        article.outlet = article.url.as_deref().and_then(canonical::host);
    }
    let declared = article.language.take();
    language::set(&mut article, declared.as_deref());
    article
}
