//! English Snowball stemming (Porter's second algorithm) with a cache of what was seen.

use std::fmt;

use rustc_hash::FxHashMap;

use super::spelling;

/// Words with what they become. The keys are the words of one process's own texts, and the cache is bounded, so a quick
/// hash will do.
type Cache = FxHashMap<Box<str>, Box<str>>;

/// Stems folded words.
pub struct Stemmer {
    english: frostem::Stemmer,
    stems: Cache,
    terms: Cache,
}

/// Stems kept before a cache starts anew; bounds the memory of both to a few dozen megabytes.
const CACHED: usize = 200_000;

impl Stemmer {
    /// The stem of a folded word. Words with other than small ASCII letters are left as they are.
    pub fn stem<'a>(&'a mut self, folded: &'a str) -> &'a str {
        if folded.len() < 3 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded;
        }
        let english = &self.english;
        cached(&mut self.stems, folded, || english.stem(folded).into())
    }

    /// The stem of a folded word in the form under which its spellings meet.
    pub fn term<'a>(&'a mut self, folded: &'a str) -> &'a str {
        if folded.len() < 2 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded;
        }
        let english = &self.english;
        cached(&mut self.terms, folded, || {
            let form = spelling::canonical(folded);
            if form.len() < 3 { form.into() } else { english.stem(&form).into() }
        })
    }
}

/// What the cache holds for a word, made on first sight.
fn cached<'a>(cache: &'a mut Cache, word: &'a str, make: impl FnOnce() -> Box<str>) -> &'a str {
    if !cache.contains_key(word) {
        if cache.len() >= CACHED {
            cache.clear();
        }
        cache.insert(word.into(), make());
    }
    cache.get(word).map_or(word, |found| found)
}

impl Default for Stemmer {
    fn default() -> Self {
        Self {
            english: frostem::Stemmer::new(frostem::Algorithm::English),
            stems: Cache::default(),
            terms: Cache::default(),
        }
    }
}

impl fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stemmer").field("cached", &self.terms.len()).finish()
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
