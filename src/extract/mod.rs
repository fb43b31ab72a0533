//! A raw document becomes an article: pure, bytes in, article out.

use crate::article::{Article, Place, RawDocument};

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
    Err(ExtractError::Empty { place: document.place.clone() })
}
