//! English Snowball stemming (Porter's second algorithm) with a cache, and lists of words that it merges wrongly or
//! leaves apart.

use std::fmt;

use rustc_hash::FxHashMap;

use super::short::{Frequent, Short};
use super::spelling;
use super::words::Shape;
use crate::wordlist::WordTable;

/// Words that the stemmer would merge with another word (`important` with `import`), each with its term.
static APART: WordTable = WordTable::new(include_str!("lists/words_apart.txt"));

/// Forms that the stemmer does not lead to their word (`withdrew`), each with the word whose term it takes.
static IRREGULAR: WordTable = WordTable::new(include_str!("lists/irregular_forms.txt"));

/// Forms that are a word of their own and an irregular form of another one (`saw`, `see`).
static TWOFOLD: WordTable = WordTable::new(include_str!("lists/forms_of_two_words.txt"));

/// The verb or noun whose irregular form a word may be, beside being a word itself: `rise` for `rose`. Only for words in
/// small letters, as `Rose` is a name.
pub(super) fn other_word(folded: &str, shape: Shape) -> Option<&'static str> {
    // The list has words of three to six letters: a quick test, which most words fail.
    let short = shape == Shape::Lower && (3..=6).contains(&folded.len());
    short.then(|| TWOFOLD.get(folded)).flatten()
}

/// Stems folded words. Its caches use a hash that is fast but does not resist chosen keys. That is enough, because they
/// are bounded and hold words of this process's own texts.
pub struct Stemmer {
    english: frostem::Stemmer,
    frequent: Frequent<Span>,
    short: FxHashMap<Short, Span>,
    long: FxHashMap<Box<str>, Span>,
    /// The terms, one after the other.
    terms: String,
}

/// The bytes of a term within [`Stemmer::terms`].
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// Words in the caches above which these are cleared; they are cleared too when the terms together have more than
/// sixteen times as many bytes. Bounds their memory to a few dozen megabytes.
const CACHED: usize = 200_000;

impl Stemmer {
    /// The stem of a folded word, after its spellings and irregular forms have met in one form. Words with characters
    /// other than small ASCII letters are returned unchanged.
    pub fn term<'a>(&'a mut self, folded: &'a str) -> &'a str {
        let short = Short::of(folded);
        if let Some(span) = short.and_then(|word| self.frequent.get(word)) {
            return self.at(*span);
        }
        if folded.len() < 2 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded;
        }
        if self.short.len() + self.long.len() > CACHED || self.terms.len() > CACHED * 16 {
            self.forget();
        }
        let known = match short {
            Some(word) => self.short.get(&word),
            None => self.long.get(folded),
        };
        let span = known.copied().unwrap_or_else(|| self.learn(folded, short));
        if let Some(word) = short {
            self.frequent.put(word, span);
        }
        self.at(span)
    }

    fn at(&self, span: Span) -> &str {
        &self.terms[span.start as usize..span.end as usize]
    }

    /// Stems a word that is not known yet.
    fn learn(&mut self, folded: &str, short: Option<Short>) -> Span {
        let start = self.terms.len() as u32;
        self.terms.push_str(&term(&self.english, folded));
        let span = Span { start, end: self.terms.len() as u32 };
        match short {
            Some(word) => self.short.insert(word, span),
            None => self.long.insert(folded.into(), span),
        };
        span
    }

    fn forget(&mut self) {
        self.frequent.clear();
        self.short.clear();
        self.long.clear();
        self.terms.clear();
    }
}

fn term(english: &frostem::Stemmer, folded: &str) -> Box<str> {
    let form = spelling::canonical(folded);
    let word = IRREGULAR.get(&form).unwrap_or(&form);
    match APART.get(word) {
        Some(term) => term.into(),
        None if word.len() < 3 => word.into(),
        None => english.stem(word).into(),
    }
}

impl Default for Stemmer {
    fn default() -> Self {
        Self {
            english: frostem::Stemmer::new(frostem::Algorithm::English),
            frequent: Frequent::default(),
            short: FxHashMap::default(),
            long: FxHashMap::default(),
            terms: String::new(),
        }
    }
}

impl fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stemmer").field("cached", &(self.short.len() + self.long.len())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_meet_and_designations_stay() {
        let mut stemmer = Stemmer::default();
        assert_eq!(stemmer.term("procuring").to_owned(), stemmer.term("procures"));
        assert_eq!(stemmer.term("f35"), "f35");
        // Too long for the table of short words, the first time and again.
        for _ in 0..2 {
            assert_eq!(stemmer.term("counterproliferations").to_owned(), stemmer.term("counterproliferation"));
        }
    }

    #[test]
    fn irregular_forms_meet_their_word() {
        let mut stemmer = Stemmer::default();
        let families = "withdraw withdrew withdrawn withdrawal/strike struck strikes/spend spent spending/\
                        evade evasion evading/expire expiry expired/buy bought/man men/crisis crises/child children/\
                        analyse analysis analyses/ratify ratification ratified/seize seizure/deter deterrence";
        for family in families.split('/') {
            let terms: Vec<String> = family.split(' ').map(|word| stemmer.term(word).to_owned()).collect();
            assert!(terms.iter().all(|term| *term == terms[0]), "{family}: {terms:?}");
        }
        for (one, two) in TWOFOLD.rows() {
            assert_ne!(stemmer.term(one).to_owned(), stemmer.term(two), "{one} is another word too");
            assert_eq!(other_word(one, Shape::Lower), Some(two));
            assert_eq!(other_word(one, Shape::Title), None, "a name");
        }
    }

    /// A row is found by the American spelling, and the word that it names needs no row of its own.
    #[test]
    fn the_lists_of_words_are_sound() {
        let english = frostem::Stemmer::new(frostem::Algorithm::English);
        assert!(APART.rows().count() > 400 && IRREGULAR.rows().count() > 600);
        for (word, _) in APART.rows().chain(IRREGULAR.rows()) {
            assert_eq!(spelling::canonical(word), word);
        }
        for (form, word) in IRREGULAR.rows() {
            assert!(IRREGULAR.get(word).is_none() && APART.get(form).is_none(), "{form}");
            assert_eq!(spelling::canonical(word), word, "{form}");
        }
        let kept: Vec<_> = APART.rows().filter(|(word, term)| english.stem(word) == *term).collect();
        let needless: Vec<_> = kept.iter().filter(|(word, term)| word == term).collect();
        assert!(needless.is_empty(), "the stemmer keeps them apart already: {needless:?}");
    }
}
