//! Cutting a text into words: where each is, how it folds, how it was written.

use unicode_normalization::UnicodeNormalization;

use crate::hidden::Hidden;
use crate::wordlist::WordList;

/// Words that show, right behind the last dot of a dotted initialism, that a sentence begins there.
static SENTENCE_OPENERS: WordList = WordList::new(include_str!("lists/sentence_openers.txt"));

/// Letters that are a unit of measure or of money when they follow digits directly.
static UNITS: WordList = WordList::new(include_str!("lists/units.txt"));

/// Contractions of pronouns and auxiliaries (`she'll`): one word that keeps its apostrophe, so that it is not taken for
/// another word (`shell`).
static CONTRACTIONS: WordList = WordList::new(include_str!("lists/contractions.txt"));

/// Small words that lose their vowel before another vowel in Romance languages: the `l'` of `l'armée`.
static ELIDED: WordList = WordList::new(include_str!("lists/elided.txt"));

/// Endings of inflection behind the apostrophe of a name or number: the `'ın` of `Erdoğan'ın`.
static ENDINGS: WordList = WordList::new(include_str!("lists/endings_after_apostrophe.txt"));

/// How a word is written; evidence for names and initialisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// No capital letter.
    Lower,
    /// A capital, then none: `Paris`; a single capital letter too.
    Title,
    /// Two or more letters, all capitals: `NATO`, `U.S.`, `F35`.
    Upper,
    /// Capitals inside: `MoD`, `McCain`, `iPhone`.
    Mixed,
    /// Digits without letters.
    Number,
}

/// What stands between a word and the one before it; ordered by how far it keeps them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// Nothing: `155` and `mm` in `155mm`.
    Joined,
    /// A hyphen or a slash.
    Hyphen,
    /// White space.
    Space,
    /// Punctuation within a sentence: comma, dash, bracket, quotation mark, colon.
    Punctuation,
    /// The end of a sentence, as far as punctuation and the next capital show it.
    Sentence,
    /// The end of a paragraph, or the start of the text.
    Paragraph,
}

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte. A possessive `'s`, an elided article before the word and an ending of inflection behind
    /// its apostrophe are left outside.
    pub end: u32,
    /// Number of the word; a paragraph's end adds [`PARAGRAPH_GAP`].
    pub position: u32,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// An `'s` or a final apostrophe follows.
    pub possessive: bool,
    /// Bytes of the folded form that its second reading lacks: at the start (above 0) or at the end (below 0).
    lacks: i8,
    folded: (u32, u32),
}

/// Positions left free between paragraphs, so that no phrase crosses them.
pub(crate) const PARAGRAPH_GAP: u32 = 100;

/// The words of a text with their folded forms.
///
/// Folded: NFKC, lower case, without diacritics, apostrophes and the dots of initialisms; designations
/// are joined (`F-35` → `f35`). Contractions keep their apostrophe (`she'll`). Spelling variants and inflections are
/// still apart.
#[derive(Debug, Clone, Default)]
pub struct Words {
    list: Vec<Word>,
    folded: String,
}

impl Words {
    /// The words in reading order.
    pub fn as_slice(&self) -> &[Word] {
        &self.list
    }

    /// The folded form of one of these words.
    pub fn folded(&self, word: &Word) -> &str {
        &self.folded[word.folded.0 as usize..word.folded.1 as usize]
    }

    /// The second reading of a name with an apostrophe, folded, where only a speaker of its language can tell whether
    /// the letter before or behind is part of the name: `D'Alema` (alema), `Putin'e` (putin).
    pub(crate) fn second_reading(&self, word: &Word) -> Option<&str> {
        let folded = self.folded(word);
        let lacks = usize::from(word.lacks.unsigned_abs());
        match word.lacks {
            0 => None,
            1.. => folded.get(lacks..),
            _ => folded.get(..folded.len().checked_sub(lacks)?),
        }
    }

    /// Whether one of these words is certainly written as it folds, as most words are: in small ASCII letters. False
    /// may be wrong.
    pub(crate) fn is_folded(&self, word: &Word) -> bool {
        word.shape == Shape::Lower && word.folded == (word.start, word.end)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Bytes of a text that are read, at most. Folding makes a text up to a dozen times longer, and offsets into the folded
/// text have 32 bits.
const LONGEST: usize = 256 << 20;

/// Cuts a text into words. A text beyond 256 MiB is cut off there.
pub fn words(text: &str) -> Words {
    words_into(text, Words::default())
}

/// As [`words`], reusing the memory of `out`.
pub(crate) fn words_into(text: &str, mut out: Words) -> Words {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    out.list.clear();
    out.list.reserve(text.len() / 5);
    // Most words fold by ASCII case alone. Their folded forms are stretches of a copy of the text in small letters;
    // other folded forms are appended to that copy.
    out.folded.clear();
    out.folded.push_str(text);
    out.folded.make_ascii_lowercase();
    let mut scanner = Scanner { text, at: 0, out, gap: Gap::Paragraph, position: 0 };
    scanner.run();
    scanner.out
}

/// The classes of bytes that the quick way through plain text distinguishes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Small,
    Capital,
    /// Cannot be part of the word before it, nor change how it is read.
    Apart,
    /// Anything else, bytes of other characters included.
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => Class::Small,
            b'A'..=b'Z' => Class::Capital,
            b'0'..=b'9' | b'\'' | b'`' | b'-' | b'.' => Class::Other,
            _ => Class::Apart,
        };
        byte += 1;
    }
    classes
};

/// Letters of the longest entries of [`CONTRACTIONS`], [`ELIDED`] and [`ENDINGS`], at least.
const LONGEST_CONTRACTION: usize = 12;
const LONGEST_ELIDED: usize = 8;
const LONGEST_ENDING: usize = 8;

/// Characters behind a stop that are looked at, at most, to see whether a sentence ends there.
const LOOK_AHEAD: usize = 200;

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    out: Words,
    gap: Gap,
    position: u32,
}

impl Scanner<'_> {
    fn peek(&self, from: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(from)?;
        if byte < 128 { Some(byte as char) } else { self.text[from..].chars().next() }
    }

    fn run(&mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match CLASSES[usize::from(*byte)] {
                Class::Small | Class::Capital if self.plain_word() => continue,
                Class::Apart if *byte == b' ' => {
                    self.space();
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let Some(c) = self.peek(self.at) else { return };
            if is_word(c) {
                self.word();
            } else {
                self.between(c);
                self.at += c.len_utf8();
            }
        }
    }

    /// Reads a word of ASCII letters, as most are. Gives false and reads nothing if what follows may belong to the
    /// word.
    fn plain_word(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let (mut length, mut capitals, mut stop) = (0, 0, Class::Apart);
        for byte in &bytes[start..] {
            let class = CLASSES[usize::from(*byte)];
            if class != Class::Small && class != Class::Capital {
                stop = class;
                break;
            }
            capitals += usize::from(class == Class::Capital);
            length += 1;
        }
        let end = start + length;
        let whole = match stop {
            Class::Apart => true,
            _ => match bytes[end] {
                b'.' => length > 1,
                b'-' => length > 4 || !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
                _ => false,
            },
        };
        if whole {
            let shape = match capitals {
                0 => Shape::Lower,
                1 if bytes[start].is_ascii_uppercase() => Shape::Title,
                all if all == length => Shape::Upper,
                _ => Shape::Mixed,
            };
            self.at = end;
            self.record(start, end, (start, end), shape, false);
        }
        whole
    }

    fn space(&mut self) {
        self.gap = match self.gap {
            Gap::Joined => Gap::Space,
            Gap::Hyphen => Gap::Punctuation,
            wider => wider,
        };
    }

    /// Widens the gap before the next word by one separating character.
    fn between(&mut self, c: char) {
        let of_number = c == '%' && self.follows_number();
        if let Some(name) = if of_number { Some("percent") } else { currency(c) } {
            let start = self.at;
            self.push(start, start + c.len_utf8(), name, Shape::Lower, false);
            self.gap = Gap::Joined;
            return;
        }
        let gap = match c {
            '\n' => {
                let rest = self.text.as_bytes();
                if rest.get(self.at + 1) != Some(&b'\n') {
                    return self.space();
                }
                Gap::Paragraph
            }
            '-' | '/' | '\u{2010}' | '\u{2011}' if self.gap == Gap::Joined => Gap::Hyphen,
            '.' | '!' | '?' | '\u{2026}' => {
                if self.ends_sentence(c) {
                    Gap::Sentence
                } else {
                    Gap::Joined
                }
            }
            c if is_ignorable(c) => Gap::Joined,
            c if c.is_whitespace() => return self.space(),
            _ => Gap::Punctuation,
        };
        self.gap = self.gap.max(gap);
    }

    /// Whether the full stop or other mark `stop` here ends a sentence: white space follows, then no small letter, and
    /// the word before is no abbreviation or single letter.
    fn ends_sentence(&self, stop: char) -> bool {
        let mut after = self.text[self.at + stop.len_utf8()..]
            .chars()
            .take(LOOK_AHEAD)
            .skip_while(|c| matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '.'));
        match after.next() {
            None => return true,
            Some(c) if !c.is_whitespace() => return false,
            Some(_) => {}
        }
        let dotted = self.out.list.last().is_some_and(|word| {
            let folded = self.out.folded(word);
            let near = self.at <= word.end as usize + 1;
            near && (super::is_abbreviation(folded, word.shape) || folded.chars().count() == 1)
        });
        if dotted {
            return false;
        }
        !after.find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
    }

    /// Reads one run of word characters, which gives one word or several.
    fn word(&mut self) {
        let start = self.at;
        if let Some(c) = self.peek(start).filter(|c| is_ideograph(*c)) {
            self.at += c.len_utf8();
            self.push_folding(start, self.at, false);
            return;
        }
        if let Some(end) = self.dotted_initialism(start) {
            self.at = end;
            self.finish_word(start, end);
            return;
        }
        let start = self.elision(start).unwrap_or(start);
        let end = self.run_end(start);
        if let Some(end) = self.designation(start, end) {
            self.at = end;
            self.finish_word(start, end);
        } else if self.peek(start).is_some_and(|c| c.is_ascii_digit()) {
            self.number(start, end);
        } else {
            self.at = end;
            self.finish_word(start, end);
        }
    }

    /// The end of letters, digits and joining apostrophes from `start`.
    fn run_end(&self, start: usize) -> usize {
        let mut end = start;
        while let Some(c) = self.peek(end) {
            let next = end + c.len_utf8();
            if is_word(c) && !is_ideograph(c) {
                end = next;
            } else if is_ignorable(c)
                || (is_apostrophe(c) && !self.is_possessive(end) && !self.is_inflected(start, end))
            {
                match self.peek(next) {
                    Some(n) if end > start && n.is_alphanumeric() => end = next,
                    _ => break,
                }
            } else {
                break;
            }
        }
        end
    }

    /// Whether the apostrophe at `at` begins a possessive `'s` that ends its word.
    fn is_possessive(&self, at: usize) -> bool {
        let Some(c) = self.peek(at).filter(|c| is_apostrophe(*c)) else {
            return false;
        };
        let s = at + c.len_utf8();
        matches!(self.peek(s), Some('s' | 'S')) && !self.peek(s + 1).is_some_and(is_word)
    }

    /// The first byte of the word behind an elided small word, where that is certain: `l'armée`, `L'Union`,
    /// `dell'Unione`. A single capital other than L may be part of a name (`D'Alema`, `T'aipei`).
    fn elision(&self, start: usize) -> Option<usize> {
        let (prefix, after) = Self::elided(&self.text[start..])?;
        let name = prefix.len() == 1 && prefix != "L" && prefix.as_bytes()[0].is_ascii_uppercase();
        (!name).then_some(start + after)
    }

    /// An elided small word at the start of `text`, and where the word behind its apostrophe begins: with a vowel or
    /// an `h`, as elision demands.
    fn elided(text: &str) -> Option<(&str, usize)> {
        let length = text.bytes().take(LONGEST_ELIDED + 1).take_while(u8::is_ascii_alphabetic).count();
        let (prefix, rest) = text.split_at(length);
        let apostrophe = rest.chars().next().filter(|c| is_apostrophe(*c))?;
        let mut vowel = String::new();
        fold_char(rest[apostrophe.len_utf8()..].chars().next()?, &mut vowel);
        let begins = vowel.to_ascii_lowercase().starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
        (begins && ELIDED.has(&prefix.to_ascii_lowercase())).then_some((prefix, length + apostrophe.len_utf8()))
    }

    /// The end of an ending of inflection behind the apostrophe at `at`, in a word that begins at `start`, and whether
    /// it is certainly one. A name in capitals or a number is sure to be whole before it (`NATO'nun`, `2025'te`), and a
    /// name of four letters before an ending of two; other names may have the apostrophe inside them (`Sana'a`).
    fn ending(&self, start: usize, at: usize) -> Option<(usize, bool)> {
        let apostrophe = self.peek(at).filter(|c| is_apostrophe(*c))?;
        let from = at + apostrophe.len_utf8();
        let letters = self.text[from..].char_indices().take(LONGEST_ENDING + 1).take_while(|(_, c)| is_word(*c));
        let end = letters.last().map(|(n, c)| from + n + c.len_utf8())?;
        let (base, ending) = (&self.text[start..at], &self.text[from..end]);
        let goes_on = self.peek(end).is_some_and(|c| is_word(c) || is_apostrophe(c));
        let (mut folded, mut name) = (String::new(), String::new());
        let small = fold_into(ending, &mut folded) == Shape::Lower;
        if goes_on || !ENDINGS.has(&folded) {
            return None;
        }
        let long = ending.chars().nth(1).is_some();
        match fold_into(base, &mut name) {
            _ if small && base.ends_with(|c: char| c.is_ascii_digit()) => Some((end, true)),
            Shape::Upper if small => Some((end, true)),
            Shape::Title | Shape::Mixed if !small => None,
            Shape::Title | Shape::Mixed | Shape::Upper if name.len() > 2 => Some((end, long && name.len() > 3)),
            _ => None,
        }
    }

    fn is_inflected(&self, start: usize, at: usize) -> bool {
        self.ending(start, at).is_some_and(|(_, certain)| certain)
    }

    /// The bytes of the folded form of a word with an apostrophe that its second reading lacks: see [`Word::lacks`].
    fn lacking(&self, start: usize, end: usize) -> i8 {
        let piece = &self.text[start..end];
        if let Some((prefix, _)) = Self::elided(piece) {
            return prefix.len() as i8;
        }
        let Some((at, apostrophe)) = piece.char_indices().rfind(|(_, c)| is_apostrophe(*c)) else { return 0 };
        match self.ending(start, start + at) {
            Some((stop, _)) if stop == end => {
                let mut folded = String::new();
                fold_into(&piece[at + apostrophe.len_utf8()..], &mut folded);
                -(folded.len() as i8)
            }
            _ => 0,
        }
    }

    /// Letters with a dot after each, two or more: `U.S.`, `N.A.T.O.`, `p.m.`; the last dot may be missing.
    fn dotted_initialism(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let letter = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_alphabetic);
        let mut end = start;
        let mut letters = 0;
        while letter(end) && bytes.get(end + 1) == Some(&b'.') {
            letters += 1;
            end += 2;
        }
        if letters >= 1 && letter(end) && !self.peek(end + 1).is_some_and(is_word) {
            return Some(end + 1);
        }
        // The last dot belongs to the word; `dot_ends_sentence` decides whether it also ends the sentence.
        (letters >= 2 && !letter(end)).then_some(end)
    }

    /// `F-35`, `MQ-9B`, `S-400`: a short prefix, a hyphen and a number are one word. After capitals a dash or minus sign
    /// counts as a hyphen.
    fn designation(&self, start: usize, end: usize) -> Option<usize> {
        let prefix = &self.text[start..end];
        let dash =
            matches!(self.peek(end), Some('\u{2013}' | '\u{2212}')) && !prefix.contains(|c: char| c.is_lowercase());
        if !(dash || matches!(self.peek(end), Some('-' | '\u{2010}' | '\u{2011}')))
            || !prefix.bytes().all(|b| b.is_ascii_alphabetic())
            || !is_designation_prefix(prefix)
        {
            return None;
        }
        let digits = end + self.peek(end)?.len_utf8();
        if !self.peek(digits)?.is_ascii_digit() {
            return None;
        }
        let stop = self.run_end(digits);
        (stop - digits <= 6).then_some(stop)
    }

    /// A run that begins with digits: `1,482`, `2.5`, `155mm`, `150bn`, `21st`.
    fn number(&mut self, start: usize, run_end: usize) {
        let bytes = self.text.as_bytes();
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        let mut end = start;
        while digit(end) {
            end += 1;
        }
        if end < run_end {
            if is_unit(&self.text[end..run_end]) {
                self.at = end;
                self.push_folding(start, end, false);
                self.gap = Gap::Joined;
            } else {
                self.at = run_end;
                self.finish_word(start, run_end);
            }
            return;
        }
        while bytes.get(end) == Some(&b',') && digit(end + 1) && digit(end + 2) && digit(end + 3) && !digit(end + 4) {
            end += 4;
        }
        if bytes.get(end) == Some(&b'.') && digit(end + 1) {
            let mut stop = end + 1;
            while digit(stop) {
                stop += 1;
            }
            // `1.2.3` is not one number. A full stop after the decimals ends the sentence and leaves the number whole.
            if bytes.get(stop) != Some(&b'.') || !digit(stop + 1) {
                end = stop;
            }
        }
        self.at = end;
        self.push_folding(start, end, false);
        if let Some((stop, true)) = self.ending(start, end) {
            self.at = stop;
        } else if self.peek(end).is_some_and(is_word) {
            self.gap = Gap::Joined;
        }
    }

    fn finish_word(&mut self, start: usize, end: usize) {
        let after = self.at;
        let possessive = self.is_possessive(after)
            || self
                .peek(after)
                .is_some_and(|c| is_apostrophe(c) && matches!(self.text.as_bytes()[after - 1], b's' | b'S'));
        if self.is_possessive(after) {
            let apostrophe = self.peek(after).map_or(1, char::len_utf8);
            self.at = after + apostrophe + 1;
        } else if let Some((stop, true)) = self.ending(start, after) {
            self.at = stop;
        }
        self.push_folding(start, end, possessive);
        if self.text[start..end].contains(is_apostrophe) {
            self.settle_apostrophe(start, end);
        }
        if self.text.as_bytes()[end - 1] == b'.' {
            self.gap = if self.dot_ends_sentence(end) { Gap::Sentence } else { Gap::Joined };
        }
    }

    /// Gives the last word, which has an apostrophe inside, the form of a contraction, or its second reading.
    fn settle_apostrophe(&mut self, start: usize, end: usize) {
        let plain = |c: char| if is_apostrophe(c) { '\'' } else { c.to_ascii_lowercase() };
        let written: String = self.text[start..end].chars().take(LONGEST_CONTRACTION + 1).map(plain).collect();
        let contraction = CONTRACTIONS.has(&written);
        let lacks = if contraction { 0 } else { self.lacking(start, end) };
        let Some(last) = self.out.list.last_mut().filter(|last| last.start as usize == start) else { return };
        last.lacks = lacks;
        if contraction {
            let from = self.out.folded.len() as u32;
            self.out.folded.push_str(&written);
            last.folded = (from, self.out.folded.len() as u32);
        }
    }

    /// Whether the dot that closes a dotted initialism closes the sentence too: the text ends, or a common opening word
    /// with its capital follows.
    fn dot_ends_sentence(&self, end: usize) -> bool {
        let rest = self.text[end..].trim_start_matches(['"', '\'', '”', '’', ')']);
        let word = rest.trim_start();
        if rest.len() == word.len() {
            return rest.is_empty();
        }
        let first: String = word.chars().take_while(|c| c.is_alphabetic()).collect();
        word.is_empty() || SENTENCE_OPENERS.has(&first)
    }

    fn push_folding(&mut self, start: usize, end: usize, possessive: bool) {
        let piece = &self.text[start..end];
        let from = self.out.folded.len();
        let shape = fold_into(piece, &mut self.out.folded);
        if self.out.folded.len() == from {
            return;
        }
        self.record(start, end, (from, self.out.folded.len()), shape, possessive);
    }

    fn push(&mut self, start: usize, end: usize, folded: &str, shape: Shape, possessive: bool) {
        let from = self.out.folded.len();
        self.out.folded.push_str(folded);
        self.record(start, end, (from, self.out.folded.len()), shape, possessive);
    }

    /// Whether nothing but white space stands between a number and here.
    fn follows_number(&self) -> bool {
        let last = self.out.list.last().filter(|word| word.shape == Shape::Number);
        last.is_some_and(|word| self.text[word.end as usize..self.at].chars().all(char::is_whitespace))
    }

    /// The folded form of the last word and the one that begins here (folded: `second`) if they are one word:
    /// `per cent`, `co-operate`.
    fn one_with_last(&self, second: &str) -> Option<String> {
        let first = self.out.folded(self.out.list.last()?);
        match (first, self.gap) {
            ("per", Gap::Space | Gap::Hyphen) if second == "cent" => Some("percent".to_owned()),
            ("co", Gap::Hyphen) if second.starts_with("operat") || second.starts_with("ordinat") => {
                Some(format!("co{second}"))
            }
            _ => None,
        }
    }

    fn record(&mut self, start: usize, end: usize, folded: (usize, usize), shape: Shape, possessive: bool) {
        if matches!(self.gap, Gap::Space | Gap::Hyphen)
            && matches!(self.out.folded.as_bytes()[folded.0], b'c' | b'o')
            && let Some(one) = self.one_with_last(&self.out.folded[folded.0..folded.1])
            && let Some(last) = self.out.list.last_mut()
        {
            let from = self.out.folded.len() as u32;
            self.out.folded.push_str(&one);
            (last.end, last.folded) = (end as u32, (from, self.out.folded.len() as u32));
            (last.possessive, last.lacks) = (possessive, 0);
            self.gap = Gap::Joined;
            return;
        }
        if self.gap == Gap::Paragraph && !self.out.list.is_empty() {
            self.position += PARAGRAPH_GAP;
        }
        self.out.list.push(Word {
            start: start as u32,
            end: end as u32,
            position: self.position,
            shape,
            gap: self.gap,
            possessive,
            lacks: 0,
            folded: (folded.0 as u32, folded.1 as u32),
        });
        self.position += 1;
        self.gap = Gap::Joined;
    }
}

/// Appends the folded form of `piece` and gives its shape.
fn fold_into(piece: &str, out: &mut String) -> Shape {
    let (mut upper, mut lower, mut first_upper) = (0usize, 0usize, false);
    for (i, c) in piece.chars().enumerate() {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() || (c == '.' && piece.as_bytes()[0].is_ascii_digit()) {
                upper += usize::from(c.is_ascii_uppercase());
                lower += usize::from(c.is_ascii_lowercase());
                first_upper |= i == 0 && c.is_ascii_uppercase();
                out.push(c.to_ascii_lowercase());
            }
        } else if !is_apostrophe(c) && !is_ignorable(c) {
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
            first_upper |= i == 0 && c.is_uppercase();
            fold_char(c, out);
        }
    }
    match (upper, lower) {
        (0, 0) if piece.bytes().any(|b| b.is_ascii_digit()) => Shape::Number,
        (0, _) => Shape::Lower,
        (1, 0) => Shape::Title,
        (_, 0) => Shape::Upper,
        (1, _) if first_upper => Shape::Title,
        _ => Shape::Mixed,
    }
}

/// Appends a non-ASCII character without its diacritics, in lower case.
fn fold_char(c: char, out: &mut String) {
    for k in std::iter::once(c).nfkd() {
        match k {
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'ß' | 'ẞ' => out.push_str("ss"),
            'ı' => out.push('i'),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'þ' | 'Þ' => out.push_str("th"),
            'ħ' | 'Ħ' => out.push('h'),
            'ŋ' | 'Ŋ' => out.push('n'),
            k if unicode_normalization::char::is_combining_mark(k) => {}
            k if k.is_alphanumeric() => out.extend(k.to_lowercase()),
            _ => {}
        }
    }
}

/// Whether a folded word is a unit or a currency, which belongs to the number beside it.
pub(crate) fn is_measure(folded: &str) -> bool {
    matches!(
        folded,
        "percent" | "euro" | "pound" | "dollar" | "yen" | "hryvnia" | "rouble" | "won" | "rupee" | "lira" | "shekel"
    ) || UNITS.has(folded)
}

/// Whether a folded word is a contraction of small words, as common as they are.
pub(crate) fn is_contraction(folded: &str) -> bool {
    folded.contains('\'') && CONTRACTIONS.has(folded)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii() && (c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)))
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '′' | '`' | '´' | '＇')
}

/// Characters that have no width or meaning inside a word: soft hyphen, zero-width joiners, marks of direction.
fn is_ignorable(c: char) -> bool {
    matches!(Hidden::of(c), Some(Hidden::Joiner | Hidden::Direction | Hidden::Width))
}

/// Scripts written without spaces: each character is a word.
fn is_ideograph(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_designation_prefix(prefix: &str) -> bool {
    let capitals = prefix.bytes().filter(u8::is_ascii_uppercase).count();
    match prefix.len() {
        1 | 2 => true,
        3 | 4 => {
            capitals >= 2
                || matches!(
                    prefix.to_ascii_lowercase().as_str(),
                    "mig" | "yak" | "pac" | "aim" | "agm" | "gbu" | "rim" | "rgm"
                )
        }
        _ => false,
    }
}

/// Whether the letters behind digits are their unit.
fn is_unit(letters: &str) -> bool {
    UNITS.has(&letters.to_ascii_lowercase())
}

fn currency(c: char) -> Option<&'static str> {
    Some(match c {
        '€' => "euro",
        '£' => "pound",
        '$' => "dollar",
        '¥' => "yen",
        '₴' => "hryvnia",
        '₽' => "rouble",
        '₩' => "won",
        '₹' => "rupee",
        '₺' => "lira",
        '₪' => "shekel",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let words = words(text);
        words.as_slice().iter().map(|w| words.folded(w).to_owned()).collect()
    }

    #[test]
    fn of_all_characters_these_are_passed_over_in_a_word() {
        let ranges = crate::hidden::ranges(is_ignorable);
        assert_eq!(ranges, "ad 200b-200f 202a-202e 2060-2064 2066-2069 feff");
    }

    #[test]
    fn folds_names_initialisms_and_designations() {
        assert_eq!(folded("Šefčovič’s Łódź; Erdoğan"), ["sefcovic", "lodz", "erdogan"]);
        assert_eq!(folded("the U.S.-led N.A.T.O. force"), ["the", "us", "led", "nato", "force"]);
        assert_eq!(folded("F-35 F35 MQ-9B S-400 mid-2025"), ["f35", "f35", "mq9b", "s400", "mid", "2025"]);
        assert_eq!(
            folded("2% or 2 % or 2 per cent, 100%-owned; % of"),
            ["2", "percent", "or", "2", "percent", "or", "2", "percent", "100", "percent", "owned", "of"]
        );
        assert_eq!(
            folded("Co-operation, co-ordinating; co-founder, as per century"),
            ["cooperation", "coordinating", "co", "founder", "as", "per", "century"]
        );
        assert_eq!(folded("3.%h"), ["3", "h"]);
        assert_eq!(folded("155mm 155 mm €150bn"), ["155", "mm", "155", "mm", "euro", "150", "bn"]);
        assert_eq!(folded("1,482 and 2.5 per cent. Hay'at"), ["1482", "and", "2.5", "percent", "hayat"]);
    }

    #[test]
    fn an_ellipsis_ends_a_sentence_like_a_full_stop() {
        assert_eq!(folded("Well… Nobody knows… yet…"), ["well", "nobody", "knows", "yet"]);
        assert_eq!(words("Well… Nobody").as_slice()[1].gap, Gap::Sentence);
    }

    #[test]
    fn the_full_stop_of_a_sentence_takes_nothing_from_a_number() {
        assert_eq!(
            folded("It rose by 2.5. Then it fell to 1.25."),
            ["it", "rose", "by", "2.5", "then", "it", "fell", "to", "1.25"]
        );
        assert_eq!(folded("version 1.2.3"), ["version", "1", "2.3"]);
    }

    #[test]
    fn spans_point_into_the_text() {
        let text = "The UK’s post-Brexit “reset”";
        let words = words(text);
        let cut: Vec<&str> = words.as_slice().iter().map(|w| &text[w.start as usize..w.end as usize]).collect();
        assert_eq!(cut, ["The", "UK", "post", "Brexit", "reset"]);
        assert!(words.as_slice()[1].possessive);
    }

    #[test]
    fn gaps_tell_sentences_from_abbreviations() {
        let text = "Gen. Petr Pavel met Lt. Col. Novak in the U.S. The talks ended. Nothing more\n\nNew";
        let words = words(text);
        let ends: Vec<&str> = words
            .as_slice()
            .iter()
            .filter(|w| w.gap >= Gap::Sentence)
            .map(|w| &text[w.start as usize..w.end as usize])
            .collect();
        assert_eq!(ends, ["Gen", "The", "Nothing", "New"]);
    }
}
