//! How much a change of some words weighs.

use rustc_hash::FxHashMap;
use strsim::osa_distance;

use super::tokens::{Token, Word};
use crate::analysis::{Shape, Stemmer, spelling};
use crate::wordlist::WordList;

/// Words that turn a statement round.
static NEGATIONS: WordList = WordList::new(include_str!("lists/negations.txt"));
/// Numbers in words.
static NUMBERS: WordList = WordList::new(include_str!("lists/number_words.txt"));

/// Letters of a word that another takes the place of, so that this is more than style.
const LONG: usize = 4;
/// Letters from which a word may differ in one letter, and in two, and be a misprint of the other.
const MISPRINT: [usize; 2] = [5, 8];

/// The weight of a replaced stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Words that were cut.
    pub(super) cut: usize,
    /// Words that were added.
    pub(super) added: usize,
    /// Words of both that are more than another spelling.
    pub(super) words: usize,
    /// Whether one of them tells something by itself: a number, a name, a negation, another word in the place of one.
    pub(super) telling: bool,
}

impl Weight {
    /// The weight of what stands in the place of `old`.
    pub(super) fn of(old: &[Token], new: &[Token]) -> Self {
        let words = |tokens: &[Token]| -> Vec<Word> { tokens.iter().filter_map(|token| token.word.clone()).collect() };
        let (left, right) = (words(old), words(new));
        let mut out = Self { cut: left.len(), added: right.len(), ..Self::default() };
        let telling = |word: &Word| is_number(word) || is_negation(word) || is_name(word);
        let different = difference(&left, &right);
        out.telling = different.iter().any(|word| telling(word)) || signs(old) != signs(new);
        if left.len() == right.len() && left.iter().zip(&right).all(|(one, other)| is_respelling(one, other)) {
            return out;
        }
        out.words = left.len() + right.len();
        let content = |words: &[Word]| words.iter().any(|word| word.folded.chars().count() >= LONG);
        out.telling |= content(&left) && content(&right) && !different.is_empty();
        out
    }
}

/// The words of which one side has more than the other.
fn difference<'a>(left: &'a [Word], right: &'a [Word]) -> Vec<&'a Word> {
    let mut counts: FxHashMap<&str, (i64, &Word)> = FxHashMap::default();
    for (words, step) in [(left, 1), (right, -1)] {
        for word in words {
            let entry = counts.entry(&word.folded).or_insert((0, word));
            entry.0 += step;
            // Of a word that is written in two ways, the name counts.
            if is_name(word) {
                entry.1 = word;
            }
        }
    }
    counts.into_values().filter(|(count, _)| *count != 0).map(|(_, word)| word).collect()
}

/// Signs that tell a currency or a share.
fn signs(tokens: &[Token]) -> Vec<u32> {
    let mut signs: Vec<u32> = tokens.iter().filter(|token| token.telling_sign).map(|token| token.form).collect();
    signs.sort_unstable();
    signs
}

fn is_number(word: &Word) -> bool {
    word.shape == Shape::Number || word.folded.contains(|c: char| c.is_numeric()) || NUMBERS.has(&word.folded)
}

fn is_negation(word: &Word) -> bool {
    NEGATIONS.has(&word.folded) || word.folded.ends_with("n't")
}

/// A capital within a sentence, or more than one.
fn is_name(word: &Word) -> bool {
    match word.shape {
        Shape::Upper | Shape::Mixed => true,
        Shape::Title => !word.opens && word.folded.chars().count() > 1,
        Shape::Lower | Shape::Number => false,
    }
}

/// Whether two words are one, but for capitals, accents, spelling, inflection or a misprint.
fn is_respelling(one: &Word, other: &Word) -> bool {
    let (one, other) = (&*one.folded, &*other.folded);
    if one == other || spelling::canonical(one) == spelling::canonical(other) {
        return true;
    }
    let mut stemmer = Stemmer::default();
    let stem = stemmer.term(one).to_owned();
    if stem == stemmer.term(other) {
        return true;
    }
    let letters = one.chars().count().min(other.chars().count());
    let most = MISPRINT.iter().filter(|least| letters >= **least).count();
    most > 0 && osa_distance(one, other) <= most
}
