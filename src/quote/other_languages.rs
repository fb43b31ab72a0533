//! Who said what is quoted in other languages than English: `„…“, sagte Marten`, `« … », a déclaré Marten`.
//!
//! Only words beside quotation marks are read, and only where the rules of English find nothing; and within the marks a
//! verb with its subject between commas, as in French: `« La flotte, dit Marten, est vieille »`.

use std::ops::Range;

use super::lone::FEWEST;
use super::pieces::Sep;
use super::reader::Reader;
use super::statement::Statement;
use super::subject::Sentence;
use super::{Kind, Quote};
use crate::wordlist::{WordList, WordTable};

static WORDS: WordTable = WordTable::new(include_str!("lists/other_languages.txt"));
/// How the words for German offices end: `Verteidigungsminister`.
static OFFICES: WordList = WordList::new(include_str!("lists/german_offices.txt"));

/// Longest words for a speaker, in pieces.
const LONGEST: usize = 10;

impl Reader<'_> {
    /// Parts the quotations found from a number on at a verb with its subject that stands within their marks.
    pub(super) fn part_at_asides(&mut self, first: usize) {
        let parts: Vec<Quote> = self.found[first..].iter().flat_map(|quote| self.parts(quote)).collect();
        if parts.len() > self.found.len() - first {
            self.last = parts.last().and_then(|part| part.speaker.clone()).or_else(|| self.last.take());
        }
        self.found.truncate(first);
        self.found.extend(parts);
    }

    /// The parts of a quotation before and behind the verb with its subject, or the whole.
    fn parts(&self, quote: &Quote) -> Vec<Quote> {
        let opener = self.zone.text[..quote.start].trim_end().chars().next_back();
        let foreign = quote.kind == Kind::Direct && opener.is_some_and(|mark| matches!(mark, '«' | '»' | '„'));
        let pieces = if foreign { self.zone.pieces(quote.start..quote.end, &[]) } else { Vec::new() };
        let Some(aside) = self.sentence(&pieces, 0..pieces.len()).aside() else { return vec![quote.clone()] };
        let cue = Some((pieces[aside.verb.start].start, pieces[aside.verb.end - 1].end));
        let speaker = Some(self.speaker_at(&pieces, &aside.subject));
        let end = quote.start + self.zone.text[quote.start..pieces[aside.verb.start].start].trim_end().len();
        let part =
            |start, end| Quote { start, end, kind: Kind::Direct, cue, speaker: speaker.clone(), doubtful: false };
        let rest = &self.zone.text[pieces[aside.end - 1].end..quote.end];
        let start = quote.end - rest.trim_start_matches([',', ' ', '\u{a0}']).len();
        vec![part(quote.start, end), part(start, quote.end)]
    }
}

/// A verb with its subject between commas within what is said.
struct Aside {
    verb: Range<usize>,
    subject: Range<usize>,
    /// The piece with which what is said goes on.
    end: usize,
}

impl Sentence<'_> {
    fn aside(&self) -> Option<Aside> {
        let comma = |at: &usize| self.pieces[*at].sep == Sep::Comma;
        (self.first + 1..self.last).filter(comma).find_map(|at| {
            let helped = self.is_foreign(at, "helper") && self.joined(at + 1);
            let verb = at..at + 1 + usize::from(helped);
            let said = self.is_foreign(verb.end - 1, "verb");
            let end = (verb.end..self.last).find(|next| !self.joined(*next)).filter(|_| said)?;
            let subject = verb.end..end;
            let named = subject.clone().any(|word| self.is_capital(word)) && subject.len() <= LONGEST;
            (named && comma(&end)).then(|| Aside { verb, subject: self.name_within(subject), end })
        })
    }

    /// The quotations of a sentence with the speaker whom it names in another language.
    pub(super) fn of_another_language(&self) -> Vec<Statement> {
        let quoted = |at: usize| self.pieces[at].quoted.is_some();
        if !(self.first..self.last).any(quoted) {
            return Vec::new();
        }
        let told = (self.first..self.last).filter(|at| !quoted(*at)).find_map(|at| self.told(at));
        let Some((cue, subject)) = told else { return Vec::new() };
        let made = |content: Range<usize>| {
            let (cue, subject) = (Some(cue.clone()), Some(subject.clone()));
            Statement { content, cue, subject, doubtful: false }
        };
        match self.clause(&cue) {
            Some(clause) => vec![made(clause)],
            // The name of a paper stands in quotation marks too: `sagte Marten dem „Spiegel“`.
            None => {
                let beside = |at: usize| at + 1 == cue.start || at == cue.end;
                let long = |n: usize| self.zone.has_words(&self.zone.quoted[n], FEWEST);
                let said = |at: &usize| self.pieces[*at].quoted.is_some_and(|n| beside(*at) || long(n));
                (self.first..self.last).filter(said).map(|at| made(at..at + 1)).collect()
            }
        }
    }

    /// The clause after a verb, where no quotation stands right behind it: `Marten sagte, Alda werde „bald“ zahlen`.
    fn clause(&self, cue: &Range<usize>) -> Option<Range<usize>> {
        self.get(cue.end).filter(|next| next.quoted.is_none() && next.sep == Sep::Comma)?;
        let behind = cue.start > self.first && self.pieces[cue.start - 1].quoted.is_some();
        let joined = self.is_foreign(cue.end, "that");
        (!behind).then(|| cue.end + usize::from(joined)..self.last).filter(|clause| !clause.is_empty())
    }

    /// A cue that begins with this piece, and the words for the speaker.
    fn told(&self, at: usize) -> Option<(Range<usize>, Range<usize>)> {
        let behind = at > self.first && self.pieces[at - 1].quoted.is_some();
        let helped = self.is_foreign(at, "helper") && self.joined(at + 1);
        let verb = if helped { at + 1 } else { at };
        let source = self.is_foreign(at, "source") && (behind || at == self.first);
        if source || behind && self.is_foreign(at, "after") && !self.is_english(at - 1) {
            return Some((at..at + 1, self.name_after(at + 1)?));
        }
        if !self.is_foreign(verb, "verb") {
            return None;
        }
        let cue = at..verb + 1;
        if behind {
            return Some((cue, self.name_after(verb + 1)?));
        }
        let next = self.get(verb + 1).filter(|next| next.quoted.is_some() || next.sep == Sep::Comma)?;
        let named = next.sep != Sep::Stop && at > self.first && (self.first + 1..=at).all(|n| self.joined(n));
        named.then(|| (cue, self.name_within(self.first..at)))
    }

    /// The words for a speaker from a piece on.
    fn name_after(&self, first: usize) -> Option<Range<usize>> {
        let ends = |at: &usize| {
            let piece = &self.pieces[*at];
            piece.quoted.is_some() || *at > first && piece.sep != Sep::Space || self.is_foreign(*at, "end")
        };
        let end = (first..self.last).find(ends).unwrap_or(self.last);
        (first < end && end - first <= LONGEST).then(|| self.name_within(first..end))
    }

    /// The first name among the words for a speaker, without the office before it: Marten of `der Minister Marten sagte über`.
    /// Where somebody of somebody speaks, only the former: `un portavoz` of `un portavoz de Marten`.
    fn name_within(&self, words: Range<usize>) -> Range<usize> {
        let article = self.is_foreign(words.start, "article") || !self.is_capital(words.start);
        let first = (words.start + usize::from(article)..words.end).find(|at| self.is_capital(*at));
        let first = first.unwrap_or(words.end);
        if let Some(of) = (words.start + 1..=first).find(|at| *at < words.end && self.is_of(*at)) {
            return words.start..of;
        }
        let alone = first == words.start;
        let goes_on = |at: &usize| self.is_capital(*at) || alone && self.is_foreign(*at, "particle");
        let mut end = first + (first..words.end).take_while(goes_on).count();
        while end > first && !self.is_capital(end - 1) {
            end -= 1;
        }
        if first == end {
            return words;
        }
        if !alone && end < words.end && self.is_of(end) {
            return words.start..end;
        }
        let offices = (first..end - 1).take_while(|at| self.is_office(*at)).count();
        first + offices..end
    }

    fn is_capital(&self, at: usize) -> bool {
        self.written(at).starts_with(char::is_uppercase)
    }

    /// Whether a word says whose the one before is: `von`, `d’`.
    fn is_of(&self, at: usize) -> bool {
        let start = self.pieces[at].start;
        let elided = |mark: &str| {
            let (before, from) = self.zone.text.split_at(start);
            before.ends_with(mark) || from.starts_with(mark)
        };
        elided("d’") || elided("d'") || self.is_foreign(at, "particle") || self.is_foreign(at, "of")
    }

    /// Whether a quotation stands in marks as in English.
    fn is_english(&self, at: usize) -> bool {
        self.zone.text.get(self.pieces[at].start..).is_some_and(|text| !text.starts_with(['„', '»', '«']))
    }

    fn is_office(&self, at: usize) -> bool {
        let word = self.written(at).to_lowercase();
        OFFICES.as_slice().iter().any(|end| word.ends_with(end))
    }

    fn is_foreign(&self, at: usize, class: &str) -> bool {
        let classes = || WORDS.get(&self.written(at).to_lowercase());
        at < self.last && classes().is_some_and(|classes| classes.split(' ').any(|own| own == class))
    }

    /// A piece as it is written; without what is elided before it: `amiral` of `l’amiral`.
    fn written(&self, at: usize) -> &str {
        let piece = &self.pieces[at];
        let text = self.zone.text.get(piece.start..piece.end).unwrap_or_default();
        text.split_once(['’', '\'']).filter(|(elided, _)| elided.len() < 3).map_or(text, |(_, word)| word)
    }
}
