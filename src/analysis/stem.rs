//! English Snowball stemming (Porter's second algorithm) with a cache.

use std::fmt;

use rustc_hash::FxHashMap;

use super::short::{Frequent, Short};
use super::spelling;

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
    /// The stem of a folded word, after its spellings have met in one form. Words with characters other than small
    /// ASCII letters are returned unchanged.
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
    if form.len() < 3 { form.into() } else { english.stem(&form).into() }
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
}
