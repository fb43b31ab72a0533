//! English Snowball stemming (Porter's second algorithm) with a cache of what was seen.

use std::collections::hash_map::Entry;
use std::fmt;

use rustc_hash::FxHashMap;

use super::short::{Frequent, Short, Small};
use super::spelling;

/// Stems folded words. The keys of its caches are the words of one process's own texts, and they are bounded, so a quick
/// hash will do.
pub struct Stemmer {
    english: frostem::Stemmer,
    frequent: Frequent<Small>,
    short: FxHashMap<Short, Small>,
    long: FxHashMap<Box<str>, Box<str>>,
}

/// Terms kept before a cache starts anew; bounds the memory of both to a few dozen megabytes.
const CACHED: usize = 200_000;

impl Stemmer {
    /// The stem of a folded word in the form under which its spellings meet. Words with other than small ASCII letters are
    /// left as they are.
    pub fn term<'a>(&'a mut self, folded: &'a str) -> &'a str {
        let short = Short::of(folded);
        if let Some(place) = short.and_then(|word| self.frequent.find(word)) {
            return self.frequent.get(place).map_or(folded, Small::as_str);
        }
        if folded.len() < 2 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
            return folded;
        }
        if self.short.len() + self.long.len() > CACHED {
            self.short.clear();
            self.long.clear();
        }
        if let Some(word) = short {
            let term = match self.short.entry(word) {
                Entry::Occupied(found) => Some(*found.get()),
                Entry::Vacant(place) => Small::of(&term(&self.english, folded)).map(|term| *place.insert(term)),
            };
            if let Some(term) = term {
                let place = self.frequent.put(word, term);
                return self.frequent.get(place).map_or(folded, Small::as_str);
            }
        }
        if !self.long.contains_key(folded) {
            self.long.insert(folded.into(), term(&self.english, folded));
        }
        self.long.get(folded).map_or(folded, |found| found)
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
