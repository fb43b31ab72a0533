//! From the pieces of a statement to quotes with bytes.

use std::ops::Range;

use super::lists::Class;
use super::marks::Quoted;
use super::pieces::{Piece, Sep};
use super::reader::Reader;
use super::statement::Statement;
use super::{Kind, Quote, Speaker};

/// From how many words a quotation right after its cue is all that was said.
const LONG: usize = 4;

/// The bytes of pieces.
fn span(pieces: &[Piece], range: &Range<usize>) -> Range<usize> {
    pieces[range.start].start..pieces[range.end - 1].end
}

impl Reader<'_> {
    /// The speaker whose words are these pieces.
    pub(super) fn speaker_at(&self, pieces: &[Piece], words: &Range<usize>) -> Speaker {
        self.cast.speaker(span(pieces, words), self.last.as_ref())
    }

    /// The content of a quotation without white space at its ends.
    pub(super) fn inner(&self, mark: &Quoted) -> (usize, usize) {
        let text = &self.zone.text[mark.inner.clone()];
        let start = mark.inner.start + text.len() - text.trim_start().len();
        (start, (mark.inner.start + text.trim_end().len()).max(start))
    }

    /// The quotes that a statement makes: one, or one for each quotation where it has nothing else.
    pub(super) fn quotes_of(&self, pieces: &[Piece], statement: &Statement) -> Vec<Quote> {
        let content = self.tightened(pieces, statement);
        if self.is_work(pieces, statement, &content) {
            return Vec::new();
        }
        let speaker = statement.subject.as_ref().map(|subject| self.speaker_at(pieces, subject));
        let cue = statement.cue.as_ref().map(|cue| span(pieces, cue)).map(|cue| (cue.start, cue.end));
        let make = |start: usize, end: usize, kind: Kind| Quote {
            start,
            end,
            kind,
            cue,
            speaker: speaker.clone(),
            doubtful: statement.doubtful,
        };
        let inside: Vec<&Quoted> =
            content.clone().filter_map(|at| pieces[at].quoted).map(|n| &self.zone.quoted[n]).collect();
        if inside.len() == content.len() {
            return inside
                .iter()
                .map(|mark| self.inner(mark))
                .map(|(start, end)| make(start, end, Kind::Direct))
                .collect();
        }
        let kind = if inside.is_empty() { Kind::Indirect } else { Kind::Mixed };
        let bytes = span(pieces, &content);
        vec![make(bytes.start, bytes.end, kind)]
    }

    /// Whether what follows a cue is nothing but the title of a work: `wrote “The Empty Quay”`.
    fn is_work(&self, pieces: &[Piece], statement: &Statement, content: &Range<usize>) -> bool {
        let after = statement.cue.as_ref().is_some_and(|cue| cue.end <= content.start);
        let ends = content.len() == 1 || pieces[content.start + 1].is_small(Class::PREPOSITION);
        let only = pieces[content.start].quoted.filter(|_| ends && after);
        only.is_some_and(|n| self.zone.is_title(&self.zone.quoted[n]))
    }

    /// The content of a statement, reduced to its quotation where that is whole and the other words are not part of it.
    fn tightened(&self, pieces: &[Piece], statement: &Statement) -> Range<usize> {
        let mut content = statement.content.clone();
        let joined = |at: usize| pieces[at].is_small(Class::COORDINATOR) && pieces[at + 1].quoted.is_some();
        while content.len() > 1 && joined(content.start) {
            content.start += 1;
        }
        let after_cue = statement.cue.as_ref().is_some_and(|cue| cue.end <= content.start);
        if let Some(n) = pieces[content.start].quoted.filter(|_| after_cue && content.len() > 1) {
            let ends = self.zone.last_char(n).is_some_and(|c| matches!(c, '.' | ',' | '!' | '?' | '…'));
            let long = self.zone.has_words(&self.zone.quoted[n], LONG);
            if ends || long && pieces[content.start + 1].sep != Sep::Space {
                content.end = content.start + 1;
            }
        }
        content
    }
}
