//! Words to numbers: one look-up gives all that tagging knows of a word.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::lists::{Cues, LISTS};
use crate::analysis::{Frequent, Short, Stemmer, spelling};
use crate::wordlist::entries;

/// Stands for "no number": no actor, no word, no node.
pub(super) const NONE: u32 = u32::MAX;

/// A cache of more words than this is emptied before the next article.
const CACHED: usize = 200_000;

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lexeme {
    /// Its number, valid while one article is tagged.
    pub(super) id: u32,
    /// The number of its canonical spelling, valid as long as its own.
    pub(super) canonical: u32,
    /// Its number among the words of variants, or [`NONE`].
    pub(super) word: u32,
    /// The number of its stem among those of topic rules, or [`NONE`].
    pub(super) stem: u32,
    /// Its number among the words of topic rules that count as written, or [`NONE`].
    pub(super) plain: u32,
    /// The lists on which it stands.
    pub(super) cues: Cues,
}

/// A set of words by their numbers: a bit for each.
#[derive(Debug, Default)]
pub(super) struct WordSet(Vec<u64>);

impl WordSet {
    /// Whether the set contains a word.
    pub(super) fn has(&self, id: u32) -> bool {
        self.0.get(id as usize / 64).is_some_and(|bits| bits & 1 << (id % 64) != 0)
    }
}

impl FromIterator<u32> for WordSet {
    fn from_iter<I: IntoIterator<Item = u32>>(ids: I) -> Self {
        let mut set = Self::default();
        for id in ids {
            let at = id as usize / 64;
            if at >= set.0.len() {
                set.0.resize(at + 1, 0);
            }
            set.0[at] |= 1 << (id % 64);
        }
        set
    }
}

/// The words of an authority file and of the lists.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    words: FxHashMap<Box<str>, u32>,
    stems: FxHashMap<Box<str>, u32>,
    plain: FxHashMap<Box<str>, u32>,
    cues: FxHashMap<Box<str>, Cues>,
}

/// All words that were seen, with what is known of them.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    known: Arc<Vocabulary>,
    frequent: Frequent<Lexeme>,
    short: FxHashMap<Short, Lexeme>,
    long: FxHashMap<Box<str>, Lexeme>,
    stemmer: Stemmer,
    canonicals: FxHashMap<Box<str>, u32>,
    next: u32,
    generation: u32,
}

impl Lexicon {
    /// A lexicon that knows the cues of all [`LISTS`], and no variants or rules yet.
    pub(super) fn new() -> Self {
        let mut lexicon = Self::default();
        for (cue, list) in LISTS {
            for entry in entries(list) {
                let (word, _) = entry.split_once('\t').unwrap_or((entry, ""));
                lexicon.add_cue(word, *cue);
            }
        }
        lexicon
    }

    /// A lexicon that knows these words.
    pub(super) fn of(known: Arc<Vocabulary>) -> Self {
        Self { known, ..Self::default() }
    }

    /// The words that it knows.
    pub(super) fn known(&self) -> Arc<Vocabulary> {
        Arc::clone(&self.known)
    }

    /// What it knows, to add to it; a copy of its own, if others share it.
    fn own(&mut self) -> &mut Vocabulary {
        Arc::make_mut(&mut self.known)
    }

    /// Adds a cue to those of a folded word.
    pub(super) fn add_cue(&mut self, word: &str, cue: Cues) {
        let cues = self.own().cues.entry(word.into()).or_default();
        *cues = cues.or(cue);
    }

    /// The cues of a folded word, spelled exactly so.
    pub(super) fn cues(&self, word: &str) -> Cues {
        self.known.cues.get(word).copied().unwrap_or_default()
    }

    /// The number of a word of a variant, given if it has none yet.
    pub(super) fn intern(&mut self, word: &str) -> u32 {
        intern(&mut self.own().words, word)
    }

    /// The number of the stem of a word of a topic rule, given if it has none yet.
    pub(super) fn intern_stem(&mut self, folded: &str) -> u32 {
        intern(&mut Arc::make_mut(&mut self.known).stems, self.stemmer.term(folded))
    }

    /// The number of a word of a topic rule as written, given if it has none yet.
    pub(super) fn intern_plain(&mut self, folded: &str) -> u32 {
        intern(&mut self.own().plain, folded)
    }

    /// Empties the cache if it has grown beyond [`CACHED`] words; each [`Lexeme::id`] given before is then invalid.
    pub(super) fn prune(&mut self) {
        if self.short.len() + self.long.len() > CACHED {
            self.frequent.clear();
            self.short.clear();
            self.long.clear();
            self.canonicals.clear();
            self.next = 0;
            self.generation += 1;
        }
    }

    /// The number of a canonical spelling, or [`NONE`] if no word in the cache has it.
    pub(super) fn canonical(&self, spelling: &str) -> u32 {
        self.canonicals.get(spelling).copied().unwrap_or(NONE)
    }

    /// The number of words in the cache: each [`Lexeme::id`] is smaller.
    pub(super) fn len(&self) -> usize {
        self.next as usize
    }

    /// Raised whenever the cache was emptied, and words have other numbers than before.
    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// All that is known of a folded word.
    pub(super) fn look(&mut self, folded: &str) -> Lexeme {
        let Some(short) = Short::of(folded) else {
            return match self.long.get(folded) {
                Some(lexeme) => *lexeme,
                None => {
                    let lexeme = self.read(folded);
                    self.long.insert(folded.into(), lexeme);
                    lexeme
                }
            };
        };
        if let Some(lexeme) = self.frequent.get(short) {
            return *lexeme;
        }
        let lexeme = match self.short.get(&short) {
            Some(lexeme) => *lexeme,
            None => {
                let lexeme = self.read(folded);
                self.short.insert(short, lexeme);
                lexeme
            }
        };
        self.frequent.put(short, lexeme);
        lexeme
    }

    /// Gathers what is known of a word that is not in the cache.
    fn read(&mut self, folded: &str) -> Lexeme {
        let canonical = spelling::canonical(folded);
        let number = |map: &FxHashMap<Box<str>, u32>, word: &str| map.get(word).copied().unwrap_or(NONE);
        let lexeme = Lexeme {
            id: self.next,
            canonical: intern(&mut self.canonicals, &canonical),
            word: number(&self.known.words, &canonical),
            stem: number(&self.known.stems, self.stemmer.term(folded)),
            plain: number(&self.known.plain, folded),
            cues: self.cues(&canonical).or(self.cues(folded)),
        };
        self.next += 1;
        lexeme
    }
}

fn intern(map: &mut FxHashMap<Box<str>, u32>, word: &str) -> u32 {
    if let Some(number) = map.get(word) {
        return *number;
    }
    let number = map.len() as u32;
    map.insert(word.into(), number);
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_set_has_its_words_and_no_other() {
        let set: WordSet = [0, 63, 64, 1000].into_iter().collect();
        let within: Vec<u32> = (0..2000).filter(|id| set.has(*id)).collect();
        assert_eq!(within, [0, 63, 64, 1000]);
        assert!(!WordSet::default().has(0));
    }
}
