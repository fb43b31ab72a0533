//! Limits on what one document may cost, whatever is in it.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::{ExtractError, article};
use crate::article::{Article, Format, RawDocument};
use crate::fence::{GAVE_UP, Stopped, fenced, within};

/// What one document may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest number of words in its text.
    pub words: u64,
    /// Longest time for its extraction, and again for its tagging and analysis, in seconds.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { words: 2_000_000, seconds: 60 }
    }
}

impl Limits {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// Documents of fewer bytes cannot take long, and are not timed, unless what they hold is packed.
const TIMED: usize = 256 << 10;

/// Extracts the article from a document within limits. A panic in a parser becomes an error of the document.
///
/// A document that takes too long is given up. Its thread cannot be stopped and ends when the parser does.
///
/// # Errors
///
/// As [`article`], or where a limit is exceeded.
pub(crate) fn article_within(document: &Arc<RawDocument>, limits: &Limits) -> Result<Article, ExtractError> {
    let guarded = |document: &RawDocument| {
        fenced(|| article(document)).unwrap_or_else(|| Err(malformed(document, GAVE_UP.to_owned())))
    };
    let packed = matches!(document.format, Format::Pdf | Format::Word);
    let found = if document.bytes.len() < TIMED && !packed {
        guarded(document)?
    } else {
        let (done, result) = channel();
        let own = Arc::clone(document);
        std::thread::spawn(move || {
            let _ = done.send(guarded(&own)); // nobody may be waiting any more
        });
        // Measures the limit only; no time of day is kept.
        let (start, limit) = (Instant::now(), limits.time());
        match result.recv_timeout(limit) {
            Ok(found) if start.elapsed() < limit => found?,
            _ => return Err(late(document, limits)),
        }
    };
    if found.text.split_whitespace().nth(usize::try_from(limits.words).unwrap_or(usize::MAX)).is_some() {
        return Err(malformed(document, format!("more than {} words (limit: max-words)", limits.words)));
    }
    Ok(found)
}

/// Does what follows extraction (tagging, analysis) within the limit of time. A panic becomes an error of the document.
///
/// # Errors
///
/// Fails where the limit is exceeded; what the work was changing is to be thrown away then.
pub(crate) fn work_within<T>(
    document: &RawDocument,
    limits: &Limits,
    work: impl FnOnce() -> T,
) -> Result<T, ExtractError> {
    within(limits.time(), Arc::default(), work).map_err(|why| match why {
        Stopped::Late => late(document, limits),
        Stopped::Panicked => malformed(document, GAVE_UP.to_owned()),
    })
}

fn late(document: &RawDocument, limits: &Limits) -> ExtractError {
    malformed(document, format!("took more than {} s (limit: max-seconds)", limits.seconds))
}

fn malformed(document: &RawDocument, what: String) -> ExtractError {
    ExtractError::Malformed { place: document.place.clone(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(words: usize) -> Arc<RawDocument> {
        Arc::new(RawDocument { bytes: "The frigates left. ".repeat(words / 3).into_bytes(), ..RawDocument::default() })
    }

    #[test]
    fn words_are_counted() {
        let limits = Limits { words: 30, ..Limits::default() };
        assert!(article_within(&document(30), &limits).is_ok());
        let error = article_within(&document(33), &limits).unwrap_err().to_string();
        assert!(error.ends_with("more than 30 words (limit: max-words)"), "{error}");
    }

    #[test]
    fn a_document_that_takes_too_long_is_given_up() {
        let error = article_within(&document(90_000), &Limits { seconds: 0, ..Limits::default() }).unwrap_err();
        assert!(error.to_string().ends_with("took more than 0 s (limit: max-seconds)"), "{error}");
        assert!(article_within(&document(90_000), &Limits::default()).is_ok());
    }
}
