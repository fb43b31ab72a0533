//! What offsets count. Bytes of UTF-8, as everywhere in the program; or UTF-16 units, as JavaScript counts; or code
//! points, as Python does. An offset of the wrong kind marks the wrong letters from the first accent on.

use serde_json::Value;

use super::problem::Problem;
use super::question::Question;
use crate::engine::{Highlight, LocalEngine, SearchResponse, Statement};

/// What an offset counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Bytes,
    Utf16,
    Chars,
}

/// The parameter that chooses it.
pub(super) const NAME: &str = "offsets";

impl Unit {
    pub(super) const NAMES: [&str; 3] = ["bytes", "utf16", "chars"];

    pub(super) fn take(question: &mut Question) -> Result<Self, Problem> {
        match question.take(NAME).as_deref() {
            None | Some("bytes") => Ok(Self::Bytes),
            Some("utf16") => Ok(Self::Utf16),
            Some("chars") => Ok(Self::Chars),
            Some(_) => Err(Problem::parameter(format!("'{NAME}' takes one of {}", Self::NAMES.join(", ")))),
        }
    }

    /// An offset in bytes of a text, in this unit.
    fn of(self, text: &str, byte: usize) -> usize {
        let before = &text[..text.floor_char_boundary(byte)];
        match self {
            Self::Bytes => byte,
            Self::Utf16 => before.chars().map(char::len_utf16).sum(),
            Self::Chars => before.chars().count(),
        }
    }

    fn turn(self, text: &str, start: &mut usize, end: &mut usize) {
        (*start, *end) = (self.of(text, *start), self.of(text, *end));
    }

    fn turn_all(self, text: &str, marks: &mut [Highlight]) {
        marks.iter_mut().for_each(|mark| self.turn(text, &mut mark.start, &mut mark.end));
    }

    /// Turns the offsets of a search.
    pub(super) fn turn_hits(self, response: &mut SearchResponse, engine: &mut LocalEngine<'_>) -> Result<(), Problem> {
        if self == Self::Bytes {
            return Ok(());
        }
        for hit in &mut response.hits {
            let whole = engine.archive().by_id(&hit.id)?.article.text;
            self.turn_all(&hit.title, &mut hit.title_highlights);
            for passage in &mut hit.passages {
                self.turn_all(&passage.text, &mut passage.highlights);
                self.turn(&whole, &mut passage.start, &mut passage.end);
            }
        }
        Ok(())
    }

    /// Turns the offsets of statements.
    pub(super) fn turn_statements(
        self,
        statements: &mut [Statement],
        engine: &mut LocalEngine<'_>,
    ) -> Result<(), Problem> {
        if self == Self::Bytes {
            return Ok(());
        }
        for one in statements {
            let article = engine.archive().by_id(&one.id)?.article;
            let text = if one.in_title { &article.title } else { &article.text };
            self.turn(text, &mut one.start, &mut one.end);
        }
        Ok(())
    }

    /// Turns the offsets of an article as JSON: its mentions, and its paragraphs.
    pub(super) fn turn_article(self, article: &mut Value) {
        for (list, of) in [("title_mentions", "title"), ("mentions", "text"), ("paragraphs", "text")] {
            let text = article[of].as_str().unwrap_or_default().to_owned();
            for one in article[list].as_array_mut().into_iter().flatten() {
                for side in ["start", "end"] {
                    let byte = one[side].as_u64().and_then(|byte| usize::try_from(byte).ok());
                    one[side] = byte.map(|byte| self.of(&text, byte)).into();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_as_each_language_counts_them() {
        let text = "Šefčovič 👩‍🚀 met";
        let met = text.find("met").unwrap();
        let all = [Unit::Bytes, Unit::Utf16, Unit::Chars].map(|unit| unit.of(text, met));
        assert_eq!(all, [24, 15, 13]);
        assert_eq!(Unit::Chars.of(text, text.len() + 9), text.chars().count());
    }
}
