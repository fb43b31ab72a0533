//! Numbers with their nouns.

use std::borrow::Cow;

/// `1 segment`, `3 segments`.
pub(crate) fn number_of(count: u64, noun: &str) -> String {
    format!("{count} {}", inflected(count, noun))
}

/// The form of a noun that follows this number: `story` after 1, else `stories`.
pub(crate) fn inflected(count: u64, noun: &str) -> Cow<'_, str> {
    match noun.strip_suffix('y') {
        _ if count == 1 => noun.into(),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies").into(),
        _ => format!("{noun}s").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_all_else_plural() {
        let said = [0, 1, 2].map(|count| number_of(count, "segment"));
        assert_eq!(said, ["0 segments", "1 segment", "2 segments"]);
        let said = [0, 1, 1_482].map(|count| number_of(count, "story"));
        assert_eq!(said, ["0 stories", "1 story", "1482 stories"]);
        assert_eq!(number_of(2, "day"), "2 days");
    }
}
