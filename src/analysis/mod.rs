//! Text to terms: one chain for index, query, passages and highlights.
//!
//! [`words()`] cuts and folds; [`spelling`] lets British and American spellings meet; [`Analyzer`] distinguishes
//! initialisms from words, and stems. Offsets always count bytes of the text that was handed in.
//!
//! ```
//! use despatch::analysis::{Analyzer, Gap, Shape, words};
//!
//! let mut terms = |text: &str| {
//!     let mut out = Vec::new();
//!     Analyzer::new().terms(&words(text), |_, term| out.push(term.to_owned()));
//!     out
//! };
//! assert_eq!(terms("defence programmes"), terms("defense programs"));
//! assert_ne!(terms("Britain joins SAFE"), terms("Britain joins safe"));
//!
//! let list = words("Ministers met. SAFE pays.");
//! let safe = &list.as_slice()[2];
//! assert_eq!((safe.shape, safe.gap), (Shape::Upper, Gap::Sentence));
//! ```

mod initialism;
mod short;
pub(crate) mod spelling;
mod stem;
mod words;

use initialism::{Reader, Reading};
use rustc_hash::FxHashMap;

use crate::wordlist::WordTable;

pub(crate) use initialism::is_ambiguous;
pub(crate) use short::{Frequent, Short};
pub use stem::Stemmer;
pub use words::{Gap, Shape};
pub(crate) use words::{PARAGRAPH_GAP, is_contraction, is_measure, words_into};
pub use words::{Word, Words, words};

/// Changes whenever the same text would give other terms; part of the index's fingerprint.
pub(crate) const VERSION: u32 = 8;

/// Words whose full stop does not end a sentence: in any case (`any`), or only if written with a capital.
static ABBREVIATIONS: WordTable = WordTable::new(include_str!("lists/abbreviations.txt"));

/// Whether a word with a full stop after it is an abbreviation that does not end a sentence.
pub(crate) fn is_abbreviation(folded: &str, shape: Shape) -> bool {
    ABBREVIATIONS.get(folded).is_some_and(|written| shape != Shape::Lower || written == "any")
}

/// Turns words into terms.
#[derive(Debug, Default)]
pub struct Analyzer {
    stemmer: Stemmer,
    buffer: String,
}

impl Analyzer {
    /// An analyzer with an empty cache of stems.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `emit` with each term of `words` and the word it comes from, in reading order. A word can give several
    /// terms.
    pub fn terms<'w>(&mut self, words: &'w Words, mut emit: impl FnMut(&'w Word, &str)) {
        let mut reader = Reader::new(words);
        for (at, word) in words.as_slice().iter().enumerate() {
            if let Some(base) = initialism::designation_base(words.folded(word)) {
                emit(word, base);
            }
            self.word_terms(words.folded(word), reader.read(at), |term| emit(word, term));
            for second in second_words(words, word) {
                emit(word, self.stemmer.term(second));
            }
        }
    }

    /// Counts the terms of those words for which `counted` holds. Most words give the same term whatever their
    /// neighbours, so each of these is stemmed once; `counted` is then called once for its folded form, with the first
    /// word that has it.
    pub fn counts(&mut self, words: &Words, counted: impl Fn(&Word, &str) -> bool) -> FxHashMap<String, u32> {
        let mut tally: FxHashMap<&str, (&Word, u32)> = FxHashMap::default();
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        let mut reader = Reader::new(words);
        for (at, word) in words.as_slice().iter().enumerate() {
            let folded = words.folded(word);
            for second in second_words(words, word).filter(|_| counted(word, folded)) {
                add(&mut counts, self.stemmer.term(second), 1);
            }
            match reader.read(at) {
                None => tally.entry(folded).or_insert((word, 0)).1 += 1,
                reading if counted(word, folded) => {
                    self.word_terms(folded, reading, |term| add(&mut counts, term, 1));
                }
                _ => {}
            }
        }
        for (folded, (_, count)) in tally.into_iter().filter(|(folded, (word, _))| counted(word, folded)) {
            for term in initialism::designation_base(folded).into_iter().chain([folded]) {
                add(&mut counts, self.stemmer.term(term), count);
            }
        }
        counts
    }

    /// As [`Analyzer::terms`], for the words of a query: capitals mean the initialism, a designation with its variant
    /// letter (`F-35B`) gives only its own term, and so does a name with its apostrophe (`D'Alema`).
    pub fn query_terms<'w>(&mut self, words: &'w Words, mut emit: impl FnMut(&'w Word, &str)) {
        let mut reader = Reader::new(words);
        for (at, word) in words.as_slice().iter().enumerate() {
            self.word_terms(words.folded(word), reader.read_query(at), |term| emit(word, term));
            if let Some(other) = stem::other_word(words.folded(word), word.shape) {
                emit(word, self.stemmer.term(other));
            }
        }
    }

    /// All terms that a word of this folded form can give in a text, whatever its neighbours and however it is written.
    pub(crate) fn all_terms(&mut self, folded: &str) -> Vec<String> {
        let mut terms: Vec<String> = initialism::designation_base(folded).into_iter().map(str::to_owned).collect();
        self.word_terms(folded, is_ambiguous(folded).then_some(Reading::Either), |term| terms.push(term.to_owned()));
        let other = stem::other_word(folded, Shape::Lower).map(|other| self.stemmer.term(other).to_owned());
        terms.extend(other);
        terms
    }

    /// The initialism, in capitals, and the stem: either or both, as the reading says.
    fn word_terms(&mut self, folded: &str, reading: Option<Reading>, mut emit: impl FnMut(&str)) {
        if matches!(reading, Some(Reading::Initialism | Reading::Either)) {
            self.buffer.clear();
            self.buffer.push_str(folded);
            self.buffer.make_ascii_uppercase();
            emit(&self.buffer);
        }
        if reading != Some(Reading::Initialism) {
            emit(self.stemmer.term(folded));
        }
    }
}

/// The words, folded, that a word of a text may be besides its own.
fn second_words<'w>(words: &'w Words, word: &Word) -> impl Iterator<Item = &'w str> {
    words.second_reading(word).into_iter().chain(stem::other_word(words.folded(word), word.shape))
}

/// The key of a word as written: the folded form, then NUL and the written form if that differs. So keys sort by the
/// folded form.
pub fn form(folded: &str, written: &str) -> String {
    let mut key = String::new();
    write_form(folded, written, &mut key);
    key
}

/// Appends the key of a word as written to `out`: see [`form`].
pub(crate) fn write_form(folded: &str, written: &str, out: &mut String) {
    out.push_str(folded);
    if folded != written {
        out.push('\0');
        out.push_str(written);
    }
}

/// Counts a term, which most of the time is known already.
fn add(counts: &mut FxHashMap<String, u32>, term: &str, more: u32) {
    match counts.get_mut(term) {
        Some(count) => *count += more,
        None => drop(counts.insert(term.to_owned(), more)),
    }
}

#[cfg(test)]
mod tests;
