//! Quotations without a cue of their own: whether somebody speaks there, and who.

use std::ops::Range;

use super::lists::Class;
use super::marks::Quoted;
use super::pieces::Piece;
use super::reader::Reader;
use super::{Kind, Quote, Speaker};

/// Fewest words of a quotation that stands among other words; what is shorter is a name or a word at a distance.
pub(super) const FEWEST: usize = 4;
/// From how many words such a quotation need not look like a sentence.
const LONG: usize = 8;
/// Fewest words of a quotation in single marks that is a paragraph by itself, where subheadings are shorter.
const HEADING: usize = 7;

/// What the cues of a paragraph told.
pub(super) struct Told {
    covered: Vec<bool>,
    /// The speaker of each sentence.
    pub(super) speakers: Vec<Option<Speaker>>,
}

impl Told {
    /// For a paragraph of this many pieces, of which no cue has told anything yet.
    pub(super) fn new(pieces: usize) -> Self {
        Self { covered: vec![false; pieces], speakers: Vec::new() }
    }

    /// Notes that these pieces are what somebody said.
    pub(super) fn cover(&mut self, content: &Range<usize>) {
        self.covered[content.clone()].iter_mut().for_each(|one| *one = true);
    }
}

impl Reader<'_> {
    /// Makes quotes of the quotations that no cue covers.
    pub(super) fn lone(&mut self, pieces: &[Piece], sentences: &[Range<usize>], told: &mut Told) {
        let mut last: Option<Speaker> = None;
        for (n, range) in sentences.iter().enumerate() {
            let whole = range.clone().all(|at| pieces[at].quoted.is_some());
            for at in range.clone().filter(|at| !told.covered[*at]) {
                let Some(mark) = pieces[at].quoted.map(|n| &self.zone.quoted[n]) else { continue };
                if !whole && !self.is_sentence_like(mark) || self.zone.is_title(mark) || self.is_heading(pieces, mark) {
                    continue;
                }
                let (speaker, doubtful) = if whole {
                    self.of_neighbours(pieces, sentences, n, told, last.as_ref())
                } else {
                    (self.main_speaker(pieces, range.clone()).or_else(|| last.clone()), true)
                };
                let (start, end) = self.inner(mark);
                self.found.push(Quote {
                    start,
                    end,
                    kind: Kind::Direct,
                    cue: None,
                    speaker: speaker.clone(),
                    doubtful,
                });
                told.speakers[n] = told.speakers[n].take().or(speaker);
            }
            last = told.speakers[n].clone().or(last.filter(|_| whole));
        }
    }

    /// Who speaks in a sentence that is nothing but quotations: the speaker of the sentence before, of the paragraph
    /// before that runs on or ends with a colon, of the sentence after; else whom the sentence before is about.
    fn of_neighbours(
        &self,
        pieces: &[Piece],
        sentences: &[Range<usize>],
        n: usize,
        told: &Told,
        last: Option<&Speaker>,
    ) -> (Option<Speaker>, bool) {
        if let Some(last) = last {
            return (Some(last.clone()), false);
        }
        if n > 0 {
            let main = self.main_speaker(pieces, sentences[n - 1].clone());
            return (main.or_else(|| self.last.clone()), true);
        }
        if self.open && self.last.is_some() {
            return (self.last.clone(), false);
        }
        let quoted = sentences.get(1).is_some_and(|next| pieces[next.start].quoted.is_some());
        let next = told.speakers.get(1).cloned().flatten().filter(|_| quoted && !self.colon);
        match next {
            Some(next) => (Some(next), false),
            None => (self.last.clone(), true),
        }
    }

    /// Notes how a paragraph ended, and names the speaker of quotes that ran on into it.
    pub(super) fn close(&mut self, pieces: &[Piece], sentences: &[Range<usize>], told: &Told, end: usize) {
        let runs_on = pieces.last().and_then(|piece| piece.quoted).is_some_and(|n| !self.zone.quoted[n].closed);
        let opened = pieces[0].quoted.is_some();
        let first = told.speakers.first().cloned().flatten().filter(|_| self.open && opened);
        if let Some(speaker) = first {
            for quote in &mut self.found[self.waiting.clone()] {
                quote.speaker = Some(speaker.clone());
                quote.doubtful = false;
            }
            self.waiting = 0..0;
        }
        let unknown = self.found.last().is_some_and(|quote| quote.doubtful && quote.cue.is_none());
        if runs_on && unknown {
            let start = if self.open && !self.waiting.is_empty() { self.waiting.start } else { self.found.len() - 1 };
            self.waiting = start..self.found.len();
        }
        self.open = runs_on;
        self.colon = self.zone.text[..end].ends_with(':');
        if let Some(speaker) = told.speakers.iter().flatten().last() {
            self.last = Some(speaker.clone());
        }
        if self.colon
            && let Some(range) = sentences.last()
        {
            let cue = self.sentence(pieces, range.clone()).cues().pop().and_then(|cue| cue.subject);
            let cue = cue.map(|subject| self.speaker_at(pieces, &subject));
            let main = || told.speakers.last().cloned().flatten().or_else(|| self.main_speaker(pieces, range.clone()));
            self.last = cue.or_else(main).or_else(|| self.last.clone());
        }
    }

    /// Whom a sentence is about: its subject, or the person it names where that is none.
    fn main_speaker(&self, pieces: &[Piece], range: Range<usize>) -> Option<Speaker> {
        let sentence = self.sentence(pieces, range.clone());
        let subject = sentence.main(range.start, range.end)?;
        if pieces[subject.start].is(Class::AUTHOR) && subject.len() == 1 {
            return None;
        }
        let speaker = self.speaker_at(pieces, &subject);
        let named =
            pieces[subject.clone()].iter().any(|piece| piece.capital || piece.is(Class::PRONOUN.or(Class::ROLE)));
        if speaker.actor.is_some() || named {
            return Some(speaker);
        }
        let person = self.cast.person_in(&(pieces[range.start].start..pieces[subject.start].start));
        Some(person.unwrap_or(speaker))
    }

    /// Whether a quotation among other words is long enough for somebody's words, and looks like them.
    fn is_sentence_like(&self, mark: &Quoted) -> bool {
        let text = &self.zone.text[mark.inner.clone()];
        let ended = text.trim_end().ends_with(['.', ',', '!', '?', '…']) || text.starts_with(char::is_uppercase);
        self.zone.has_words(mark, FEWEST) && (ended || self.zone.has_words(mark, LONG))
    }

    /// Whether a few quoted words are a paragraph, as subheadings are.
    fn is_heading(&self, pieces: &[Piece], mark: &Quoted) -> bool {
        let short = pieces.len() == 1 && !self.zone.has_words(mark, HEADING);
        let single = self.zone.text[mark.outer.start..].starts_with(['\'', '‘']) && !self.open;
        let ended = self.zone.text[..mark.inner.end].trim_end().ends_with(['.', ',', '!', '?', '…']);
        short && mark.closed && (single || !ended)
    }
}
