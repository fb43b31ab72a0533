//! A paragraph as a row of pieces: words, and quotations as wholes; and the sentences that they form.

use std::ops::Range;

use super::lists::Class;
use super::marks::Quoted;
use super::markup;
use crate::analysis::{Gap, Shape, Word, Words};

/// Longest sentence, in pieces. A longer one is cut, so that looking around in a sentence takes bounded time.
const LONGEST: usize = 250;
/// Longest remark in brackets that is left out, in bytes.
const BRACKETED: usize = 160;

/// What stands between a piece and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sep {
    /// White space or nothing, a hyphen, or a quotation mark.
    Space,
    Comma,
    Dash,
    Colon,
    Semicolon,
    /// The end of a sentence.
    Stop,
}

/// A word, or a quotation as a whole.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// First byte, mark included.
    pub(super) start: usize,
    /// One past the last byte; a possessive ending and the mark included.
    pub(super) end: usize,
    /// Number of the word in the text, of a quotation its first.
    pub(super) word: usize,
    /// Number of the quotation, if it is one.
    pub(super) quoted: Option<usize>,
    pub(super) class: Class,
    /// It is written with a capital, and not only because it opens a sentence.
    pub(super) capital: bool,
    /// A possessive ending follows.
    pub(super) possessive: bool,
    /// What stands before it.
    pub(super) sep: Sep,
}

impl Piece {
    pub(super) fn is(&self, class: Class) -> bool {
        self.class.any(class)
    }

    /// Whether it is a word with any of these classes, written in small letters.
    pub(super) fn is_small(&self, class: Class) -> bool {
        !self.capital && self.is(class)
    }
}

/// A title or text on its way to its statements.
pub(super) struct Zone<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a Words,
    /// The class of each word.
    pub(super) classes: &'a [Class],
    pub(super) quoted: &'a [Quoted],
    /// Tags and addresses, in order.
    pub(super) markup: &'a [Range<usize>],
    /// It is a headline, in which verbs may have capitals.
    pub(super) headline: bool,
}

impl<'a> Zone<'a> {
    /// The folded form of a piece that is a word; empty for a quotation.
    pub(super) fn folded(&self, piece: &Piece) -> &'a str {
        if piece.quoted.is_some() { "" } else { self.words.folded(&self.words.as_slice()[piece.word]) }
    }

    /// The pieces of a range of the text. `quoted` are the numbers of the quotations that stay whole: those directly
    /// below the level that is read.
    pub(super) fn pieces(&self, range: Range<usize>, quoted: &[usize]) -> Vec<Piece> {
        let list = self.words.as_slice();
        let mut at = list.partition_point(|word| (word.start as usize) < range.start);
        let count = list[at..].partition_point(|word| (word.start as usize) < range.end);
        let mut pieces: Vec<Piece> = Vec::with_capacity(count + quoted.len());
        let mut quoted = quoted.iter().copied().peekable();
        let mut from = range.start;
        loop {
            let word = list.get(at).filter(|word| (word.start as usize) < range.end);
            let whole = quoted
                .peek()
                .copied()
                .filter(|n| word.is_none_or(|word| self.quoted[*n].outer.start <= word.start as usize));
            let piece = match (whole, word) {
                (Some(n), _) => {
                    quoted.next();
                    let outer = &self.quoted[n].outer;
                    let first = at;
                    at += list[at..].iter().take_while(|word| (word.start as usize) < outer.end).count();
                    Some(self.whole(n, first, from, &pieces))
                }
                (None, Some(word)) => {
                    at += 1;
                    self.word(at - 1, word, &mut from, &pieces, range.end)
                }
                (None, None) => break,
            };
            if let Some(piece) = piece {
                from = piece.end;
                pieces.push(piece);
            }
        }
        pieces
    }

    /// Whether a word of a range may be a cue.
    pub(super) fn has_cue(&self, range: &Range<usize>) -> bool {
        let list = self.words.as_slice();
        let first = list.partition_point(|word| (word.start as usize) < range.start);
        let words = list[first..].iter().take_while(|word| (word.start as usize) < range.end);
        words.zip(&self.classes[first..]).any(|(_, class)| class.any(Class::CUE))
    }

    /// Whether the words of a range may be a name with offices, up to the first comma: without a verb, or a preposition that
    /// is not one of an office (`Protesters to Oster`), and ending with a name or an office.
    pub(super) fn may_name_somebody(&self, range: &Range<usize>) -> bool {
        let list = self.words.as_slice();
        let first = list.partition_point(|word| (word.start as usize) < range.start);
        let count = list[first..].partition_point(|word| (word.start as usize) < range.end);
        let words: Vec<(&Word, Class)> =
            list[first..first + count].iter().zip(&self.classes[first..]).map(|(word, class)| (word, *class)).collect();
        let verb = Class::CUE.or(Class::FINITE).or(Class::AUXILIARY).or(Class::BE);
        let small = |word: &Word| word.shape == Shape::Lower;
        // `Said one officer`, but not `State Secretary`.
        let said = |class: Class| class.any(Class::CUE) && class.any(Class::FINITE) && !class.any(Class::BASE);
        let office = |at: usize| at > 0 && (words[at - 1].1.any(Class::ROLE) || at > 1 && !small(words[at - 1].0));
        let bars = |(at, (word, class)): (usize, &(&Word, Class))| {
            let joins = class.any(Class::PREPOSITION) && !matches!(self.words.folded(word), "of" | "for" | "at" | "in");
            at == 0 && said(*class) || small(word) && (class.any(verb) || joins && !office(at))
        };
        let comma = self.text[range.clone()].find(',').map_or(range.end, |at| range.start + at);
        let last = words.iter().rfind(|(word, _)| (word.start as usize) < comma);
        let ends = last.is_some_and(|(word, class)| !small(word) || class.any(Class::ROLE.or(Class::MOUTHPIECE)));
        // `(ret.)`
        let bracket = self.text[range.start..comma].trim_end().ends_with(')');
        (ends || bracket) && !words.iter().enumerate().any(bars)
    }

    /// A quotation as a piece.
    fn whole(&self, n: usize, word: usize, from: usize, before: &[Piece]) -> Piece {
        let outer = self.quoted[n].outer.clone();
        Piece {
            start: outer.start,
            end: outer.end,
            word,
            quoted: Some(n),
            class: Class::default(),
            capital: false,
            possessive: false,
            sep: self.sep(before, from, outer.start, false),
        }
    }

    /// Whether a byte stands within a tag or an address.
    pub(super) fn is_markup(&self, at: usize) -> bool {
        markup::is_within(self.markup, at)
    }

    /// A word as a piece; `None` within brackets and markup. `from` is set to the end of brackets that open here.
    fn word(&self, n: usize, word: &Word, from: &mut usize, before: &[Piece], limit: usize) -> Option<Piece> {
        let start = word.start as usize;
        if start < *from || self.is_markup(start) {
            return None;
        }
        let between = self.text.get(*from..start).unwrap_or("");
        let plain = between == " ";
        if !plain
            && let Some(open) = between.rfind(['(', '[']).map(|open| *from + open)
            && let Some(close) = self.closing_bracket(open, limit).filter(|close| *close > start)
        {
            *from = close;
            return None;
        }
        let after_word = before.last().is_none_or(|piece| piece.quoted.is_none());
        let sep = match word.gap {
            Gap::Sentence | Gap::Paragraph => Sep::Stop,
            _ if plain && after_word => Sep::Space,
            _ => self.sep(before, *from, start, true),
        };
        let class = self.classes[n];
        let opener = (before.is_empty() || sep != Sep::Space || before.last().is_some_and(|one| one.quoted.is_some()))
            && class.any(Class::SMALL)
            && !matches!(self.words.folded(word), "may" | "will");
        Some(Piece {
            start,
            end: self.end_of(word),
            word: n,
            quoted: None,
            class,
            capital: !opener && matches!(word.shape, Shape::Title | Shape::Upper | Shape::Mixed),
            possessive: word.possessive,
            sep,
        })
    }

    /// One past a word with its possessive ending.
    fn end_of(&self, word: &Word) -> usize {
        let end = word.end as usize;
        let rest = self.text.get(end..).filter(|_| word.possessive).unwrap_or("");
        let mark = rest.chars().next().map_or(0, char::len_utf8);
        end + mark + usize::from(mark > 0 && rest.get(mark..).is_some_and(|rest| rest.starts_with(['s', 'S'])))
    }

    /// One past the bracket that closes one, if it is near.
    fn closing_bracket(&self, open: usize, limit: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[open..limit.min(open + BRACKETED)];
        let close = bytes.iter().position(|byte| matches!(byte, b')' | b']')).map(|close| open + close + 1)?;
        let link = self.text.as_bytes()[open] == b'[' && self.text[close..].starts_with('(');
        (!link).then_some(close)
    }

    /// What stands between the last piece and byte `to`, with the last character within a quotation.
    /// The full stop of an abbreviation ends no sentence; where a word follows a word, the analysis knows it.
    fn sep(&self, before: &[Piece], from: usize, to: usize, word: bool) -> Sep {
        let stops = !word || before.last().is_some_and(|piece| piece.quoted.is_some());
        let between = self.text.get(from..to).unwrap_or("");
        let inside = before.last().and_then(|piece| piece.quoted).and_then(|n| self.last_char(n));
        if between.len() > 2 && markup::ends_sentence(between) {
            return Sep::Stop;
        }
        let mut sep = Sep::Space;
        let plain = between.char_indices().filter(|(at, _)| !self.is_markup(from + at)).map(|(_, c)| c);
        for c in inside.into_iter().chain(plain) {
            sep = match c {
                '.' if !stops => sep,
                '.' | '!' | '?' | '…' => return Sep::Stop,
                ':' => Sep::Colon,
                ';' => Sep::Semicolon,
                ',' if sep == Sep::Space => Sep::Comma,
                '—' | '–' if sep == Sep::Space => Sep::Dash,
                '-' if sep == Sep::Space && to - from > 1 => Sep::Dash,
                _ => sep,
            };
        }
        sep
    }

    /// The last character of a quotation's content.
    pub(super) fn last_char(&self, n: usize) -> Option<char> {
        let inner = self.text[self.quoted[n].inner.clone()].trim_end();
        inner.trim_end_matches(['”', '"', '’', '\'', '“', '»']).chars().next_back()
    }

    /// The sentences of a paragraph, as ranges of its pieces.
    pub(super) fn sentences(&self, pieces: &[Piece]) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut first = 0;
        for at in 1..pieces.len() {
            if self.begins(pieces, at) || at - first >= LONGEST {
                sentences.push(first..at);
                first = at;
            }
        }
        if first < pieces.len() {
            sentences.push(first..pieces.len());
        }
        sentences
    }

    /// Whether a sentence begins with a piece that is not the first of its paragraph.
    fn begins(&self, pieces: &[Piece], at: usize) -> bool {
        let (piece, before) = (&pieces[at], &pieces[at - 1]);
        if piece.sep != Sep::Stop {
            return false;
        }
        if piece.quoted.is_some() || before.quoted.is_none() {
            return true;
        }
        let asks = before.quoted.and_then(|n| self.last_char(n)).is_some_and(|c| matches!(c, '!' | '?' | '…'));
        let capital = self.text[piece.start..].starts_with(|c: char| !c.is_lowercase());
        let pronoun = piece.is(Class::PRONOUN) && !piece.is(Class::AUTHOR);
        capital && (pronoun || !asks || !self.attribution_follows(pieces, at))
    }

    /// Whether a few words and a verb of speech follow a quotation that ends in `?` or `!`: `“Why?” Marten asked`.
    fn attribution_follows(&self, pieces: &[Piece], at: usize) -> bool {
        let mut remark = false;
        for (n, piece) in pieces[at..].iter().take(25).enumerate() {
            if n > 0 && piece.is_small(Class::QUOTATION) && piece.is(Class::FINITE) {
                let next = pieces.get(at + n + 1);
                return !remark || next.is_none_or(|next| next.sep != Sep::Space || next.is_small(Class::PREPOSITION));
            }
            let apart = piece.sep != Sep::Space && n > 0;
            if piece.quoted.is_some() || (apart && piece.sep != Sep::Comma) || (n > 0 && piece.is_small(Class::FINITE))
            {
                return false;
            }
            remark |= apart;
        }
        false
    }

    /// Whether a quotation has so many words.
    pub(super) fn has_words(&self, mark: &Quoted, count: usize) -> bool {
        self.text[mark.inner.clone()].split_whitespace().nth(count - 1).is_some()
    }

    /// Whether a quotation is the title of a work or a programme: two to eight words, all with capitals but small ones.
    pub(super) fn is_title(&self, mark: &Quoted) -> bool {
        let text = &self.text[mark.inner.clone()];
        let (mut words, mut long, mut capitals) = (0, 0, 0);
        for word in text.split_whitespace().take(9) {
            words += 1;
            long += usize::from(word.chars().filter(|c| c.is_alphanumeric()).count() > 3);
            capitals += usize::from(word.starts_with(char::is_uppercase));
            if word.len() > 3 && word.starts_with(char::is_lowercase) {
                return false;
            }
        }
        let first = text.split_whitespace().next().unwrap_or("");
        let spoken = matches!(first, "I" | "I'm" | "I’m" | "I've" | "I’ve");
        !self.headline
            && (2..9).contains(&words)
            && long > 0
            && capitals > 1
            && !spoken
            && text.starts_with(char::is_uppercase)
    }
}
