//! English Snowball stemming (Porter's second algorithm) with a cache of what was seen.

use std::collections::HashMap;
use std::fmt;

/// Stems folded words.
pub struct Stemmer {
    english: frostem::Stemmer,
    cache: HashMap<Box<str>, Box<str>>,
    terms: HashMap<Box<str>, Box<str>>,
}

/// Stems kept before the cache starts anew; bounds its memory to a few dozen megabytes.
const CACHED: usize = 200_000;

impl Stemmer {
    /// The stem of a folded word. Words with other than small ASCII letters are left as they are.
    pub fn stem<'a>(&'a mut self, folded: &'a str) -> &'a str {
        if folded.len() < 3 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded;
        }
        if self.cache.len() >= CACHED {
            self.cache.clear();
        }
        if !self.cache.contains_key(folded) {
            let stem = self.english.stem(folded);
            self.cache.insert(folded.into(), stem.into());
        }
        self.cache.get(folded).map_or(folded, |stem| stem)
    }
}

impl Stemmer {
    /// The stem of a folded word in its common spelling; both steps are kept.
    pub fn term<'a>(&'a mut self, folded: &'a str) -> &'a str {
        if self.terms.len() >= CACHED {
            self.terms.clear();
        }
        if !self.terms.contains_key(folded) {
            let term: Box<str> = self.stem(super::spelling::canonical(folded)).into();
            self.terms.insert(folded.into(), term);
        }
        self.terms.get(folded).map_or(folded, |term| term)
    }
}

impl Default for Stemmer {
    fn default() -> Self {
        Self {
            english: frostem::Stemmer::new(frostem::Algorithm::English),
            cache: HashMap::new(),
            terms: HashMap::new(),
        }
    }
}

impl fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stemmer").field("cached", &self.cache.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_meet_and_designations_stay() {
        let mut stemmer = Stemmer::default();
        assert_eq!(stemmer.stem("procuring").to_owned(), stemmer.stem("procures"));
        assert_eq!(stemmer.stem("f35"), "f35");
    }
}
