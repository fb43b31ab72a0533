//! A raw document becomes an article: pure, bytes in, article out.
//!
//! [`article`] decodes the bytes and leaves the rest to the room of the format. Every format ends the same way: the
//! dateline is taken off the front of the text, and the language is settled.
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

mod boilerplate;
mod byline;
mod canonical;
mod charset;
mod choose;
mod dateline;
mod dates;
mod escapes;
mod fill;
mod html;
mod json;
mod jsonld;
mod language;
#[cfg(test)]
mod layouts;
mod lede;
mod limits;
mod markdown;
mod metadata;
mod prune;
mod render;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod title;

pub use canonical::canonical;
pub use limits::{Limits, article_within};

use crate::article::{Article, Format, Place, RawDocument};

/// Why a document gave no article.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// There is no text in it.
    #[error("{place}: no article text found")]
    Empty {
        /// Where the document stands.
        place: Place,
    },
    /// It is not what it claims to be.
    #[error("{place}: {what}")]
    Malformed {
        /// Where the document stands.
        place: Place,
        /// What is wrong with it.
        what: String,
    },
}

/// Extracts the article from a document.
///
/// # Errors
///
/// Fails where the document holds no article text, or is no valid document of its format.
pub fn article(document: &RawDocument) -> Result<Article, ExtractError> {
    let source = charset::decode(document);
    let mut article = match document.format {
        Format::Html => html::article(document, &source),
        Format::Text => plain(document, |article, offset| text::fill(article, &source, offset)),
        Format::Markdown => plain(document, |article, offset| markdown::fill(article, &source, offset)),
        Format::Json | Format::FeedEntry => return from_object(document, &source),
    };
    finish(&mut article, document)?;
    Ok(article)
}

/// JSON, and entries of feeds, which are JSON by now.
fn from_object(document: &RawDocument, source: &str) -> Result<Article, ExtractError> {
    let object = json::object(document, source)?;
    let mut article = json::article(document, &object);
    language::set(&mut article, json::declared_language(&object).as_deref());
    finish(&mut article, document)?;
    json::put_places(&mut article, &object, document);
    if article.dateline.is_none() {
        article.dateline = json::declared_dateline(&object);
    }
    Ok(article)
}

/// What every format ends with: byline and dateline are taken off the front of the text.
fn finish(article: &mut Article, document: &RawDocument) -> Result<(), ExtractError> {
    if article.text.is_empty() {
        return Err(ExtractError::Empty { place: document.place.clone() });
    }
    if document.format != Format::Html {
        byline::take(article);
    }
    dateline::take(article);
    Ok(())
}

/// Text and Markdown: nothing but the text, and the address from outside.
fn plain(document: &RawDocument, fill: impl FnOnce(&mut Article, Option<u64>)) -> Article {
    let mut article = Article::default();
    // Places count bytes of the input, which are those of the text only where it needed no decoding.
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
