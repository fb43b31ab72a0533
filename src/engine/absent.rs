//! How it is said that no article has a part of a query.

use crate::query::{Mode, Text};

/// Parts of a query that are named, at most.
pub(super) const NAMED: usize = 12;

/// That no article has a word, a pattern or a phrase.
pub(super) fn not_there(text: &Text) -> String {
    match text.mode {
        Mode::Phrase | Mode::ExactPhrase | Mode::Near(_) => format!("no article has {text}"),
        Mode::Pattern | Mode::Fuzzy(_) => format!("no article has a word like {text}"),
        Mode::Word | Mode::Exact => format!("no article has '{text}'"),
    }
}
