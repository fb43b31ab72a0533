//! A linear model that labels the words of a stretch of text with the names they belong to.
//!
//! A word's evidence is a list of feature hashes ([`evidence`](super::evidence)). Each feature adds a weight to each of
//! [`TAGS`] tags, each pair of neighbouring tags adds another, and the row of tags with the highest sum is found by
//! dynamic programming (Viterbi), in time linear in the words. All sums are whole numbers, so that every machine finds
//! the same.
//!
//! The weights come from an averaged perceptron (Collins 2002) that `training` learns from the texts beside it. The file
//! begins with [`MAGIC`], a CRC-32 of what follows, the fingerprint of the training text, and the number of buckets; then
//! come the weights of tag pairs, the buckets with the checks of their features, and the weights of the features in the
//! order of the buckets. It is read in place. Most features of a new text have no weights, and one look at a bucket tells.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::authority::Kind;

/// Tags of a word: outside of names; the first word and a later word of a name of each [`Sort`].
pub(super) const TAGS: usize = 9;
/// Classes of what separates two words; each has its own weights of tag pairs.
pub(super) const GAPS: usize = 7;
/// The first bytes of a model; the last is the version of the layout.
pub(super) const MAGIC: [u8; 4] = *b"DNM\x02";
/// Bytes before the weights of tag pairs: magic, checksum, fingerprint, number of buckets.
pub(super) const HEADER: usize = 20;
/// Bytes of the weights of tag pairs.
pub(super) const PAIRS: usize = GAPS * TAGS * TAGS;
/// Bytes of a bucket: the number of its first feature among all, then the checks, 0 where there is none; little-endian.
pub(super) const BUCKET: usize = 4 + 2 * CHECKS;
/// Bytes of a feature's weights: one for each tag, and zeros, so that the processor adds them at once.
pub(super) const ROW: usize = 16;
/// Checks of a bucket: a feature stands in one bucket or nowhere.
pub(super) const CHECKS: usize = 14;

static BUNDLED: LazyLock<Option<Model>> =
    LazyLock::new(|| Model::read(Cow::Borrowed(include_bytes!("names.model"))).ok());

/// What a name stands for, as the training text marks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Sort {
    /// `[P …]`
    Person,
    /// `[O …]`
    Organisation,
    /// `[L …]`
    Place,
    /// `[M …]`: a nationality, an event, a law, a work, a product.
    Other,
}

impl Sort {
    /// In the order of their tags.
    pub(super) const ALL: [Self; 4] = [Self::Person, Self::Organisation, Self::Place, Self::Other];

    /// What an actor of a kind is.
    pub(super) fn of_kind(kind: Kind) -> Self {
        if kind == Kind::Person { Self::Person } else { Self::Organisation }
    }

    /// Whether such a name is an actor's, unlike that of a place or thing.
    pub(super) fn is_actor(self) -> bool {
        matches!(self, Self::Person | Self::Organisation)
    }

    /// The tag of the first word of such a name; that of later words is one more.
    pub(super) fn first_tag(self) -> usize {
        1 + 2 * self as usize
    }

    /// The sort that a tag belongs to; `None` outside of names.
    pub(super) fn of_tag(tag: usize) -> Option<Self> {
        Self::ALL.get(tag.checked_sub(1)? / 2).copied()
    }
}

/// A name that the model sees in a row of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    /// First word.
    pub(super) start: usize,
    /// One past the last word.
    pub(super) end: usize,
    /// What the name stands for.
    pub(super) sort: Sort,
    /// By how much the best row of tags beats the best one in which some word of the name does not belong to a name of
    /// this sort.
    pub(super) margin: i32,
}

/// The weights for all tags that one feature or several together give.
pub(super) type Scores = [i32; TAGS];

/// As [`Scores`], while they are added up: a few hundred weights of one byte fit into 16 bits.
pub(super) type Sums = [i16; ROW];

/// The weights of pairs of neighbouring tags, for each class of what separates the words.
pub(super) type Pairs = [[[i32; TAGS]; TAGS]; GAPS];

/// Why the bytes of a model were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Damaged {
    #[error("it does not begin as a model of names does")]
    Magic,
    #[error("its length does not fit a table of features")]
    Length,
    #[error("its checksum does not match its content")]
    Checksum,
}

/// The weights.
#[derive(Debug)]
pub(super) struct Model {
    pairs: Box<Pairs>,
    bytes: Cow<'static, [u8]>,
    mask: usize,
}

impl Model {
    /// The model that comes with the program.
    pub(super) fn bundled() -> Option<&'static Self> {
        BUNDLED.as_ref()
    }

    /// Reads a model; the table of features stays where it is.
    pub(super) fn read(bytes: Cow<'static, [u8]>) -> Result<Self, Damaged> {
        if !bytes.starts_with(&MAGIC) {
            return Err(Damaged::Magic);
        }
        let buckets = bytes.get(HEADER - 4..HEADER).and_then(|four| Some(u32::from_le_bytes(*four.first_chunk()?)));
        let buckets = buckets.ok_or(Damaged::Length)? as usize;
        let rows = bytes.len().checked_sub(HEADER + PAIRS + buckets.saturating_mul(BUCKET)).ok_or(Damaged::Length)?;
        if rows % ROW != 0 || !buckets.is_power_of_two() {
            return Err(Damaged::Length);
        }
        if bytes[4..8] != crc32fast::hash(&bytes[8..]).to_le_bytes() {
            return Err(Damaged::Checksum);
        }
        let mut pairs = Box::new([[[0; TAGS]; TAGS]; GAPS]);
        let weights = bytes[HEADER..HEADER + PAIRS].iter().map(|weight| i32::from(*weight as i8));
        pairs.iter_mut().flatten().flatten().zip(weights).for_each(|(pair, weight)| *pair = weight);
        Ok(Self { pairs: passable(&pairs), mask: buckets - 1, bytes })
    }

    /// The fingerprint of the text from which it was learnt.
    #[cfg(test)]
    pub(super) fn fingerprint(&self) -> &[u8] {
        &self.bytes[8..HEADER - 4]
    }

    /// The weights of a feature.
    fn row(&self, feature: u64) -> Option<&[u8; ROW]> {
        let (place, wanted) = (place(feature) & self.mask, check(feature));
        let bucket = self.bytes.get(HEADER + PAIRS + place * BUCKET..)?.first_chunk::<BUCKET>()?;
        let (first, checks) = bucket.split_first_chunk::<4>()?;
        // Without a way out of the loop, the processor compares all checks at once.
        let mut found = CHECKS;
        for (at, check) in checks.chunks_exact(2).enumerate() {
            if u16::from_le_bytes([check[0], check[1]]) == wanted {
                found = at;
            }
        }
        if found == CHECKS {
            return None;
        }
        let number = u32::from_le_bytes(*first) as usize + found;
        self.bytes.get(HEADER + PAIRS + (self.mask + 1) * BUCKET + number * ROW..)?.first_chunk::<ROW>()
    }

    /// Adds the weights of features to a sum.
    pub(super) fn add(&self, features: &[u64], sums: &mut Sums) {
        for row in features.iter().filter_map(|feature| self.row(*feature)) {
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum = sum.wrapping_add(i16::from(*weight as i8)));
        }
    }

    /// The names in a row of words, from the scores of each word and the class of the gap before it. Positions count
    /// from `offset`.
    pub(super) fn names(&self, words: &[Scores], gaps: &[u8], offset: usize, out: &mut Vec<Guess>) {
        let sums = best_through(&self.pairs, words, gaps);
        let Some(best) = sums.first().and_then(|sums| sums.iter().max().copied()) else { return };
        let tags = best_tags(&sums);
        let mut start = 0;
        while start < tags.len() {
            let Some(sort) = Sort::of_tag(tags[start]) else {
                start += 1;
                continue;
            };
            let inside = sort.first_tag() + 1;
            let end = (start + 1..tags.len()).find(|at| tags[*at] != inside).unwrap_or(tags.len());
            let other = |sums: &Scores| {
                (0..TAGS).filter(|tag| Sort::of_tag(*tag) != Some(sort)).map(|tag| best - sums[tag]).min().unwrap_or(0)
            };
            let margin = sums[start..end].iter().map(other).min().unwrap_or(0);
            out.push(Guess { start: offset + start, end: offset + end, sort, margin });
            start = end;
        }
    }
}

/// Sums without the zeros at their end.
pub(super) fn scores(sums: &Sums) -> Scores {
    let mut scores = [0; TAGS];
    scores.iter_mut().zip(sums).for_each(|(score, sum)| *score = i32::from(*sum));
    scores
}

/// Adds sums to sums.
pub(super) fn join(sums: &mut Sums, more: &Sums) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
}

/// The bucket of a feature, if there are enough buckets.
pub(super) fn place(feature: u64) -> usize {
    (feature & 0xffff_ffff) as usize
}

/// What tells a feature from others with the same slot; never 0.
pub(super) fn check(feature: u64) -> u16 {
    (feature >> 48) as u16 | 1
}

/// Stands for an impossible row; far enough from the ends of `i32` that sums stay within them.
const NEVER: i32 = i32::MIN / 4;

/// Whether a tag may follow another: a later word only follows a word of the same name.
fn may_follow(before: usize, tag: usize) -> bool {
    tag == 0 || tag % 2 == 1 || before == tag || before + 1 == tag
}

/// A best row of tags, from the sums of [`best_through`]. Of equal tags the first that may follow is taken.
pub(super) fn best_tags(sums: &[Scores]) -> Vec<usize> {
    let mut tags = Vec::with_capacity(sums.len());
    let mut before = 0;
    for sums in sums {
        before = (1..TAGS)
            .filter(|tag| may_follow(before, *tag))
            .fold(0, |best, tag| if sums[tag] > sums[best] { tag } else { best });
        tags.push(before);
    }
    tags
}

/// The weights of pairs with [`NEVER`] for those that are impossible.
pub(super) fn passable(pairs: &Pairs) -> Box<Pairs> {
    let mut out = Box::new(*pairs);
    for of_gap in out.iter_mut() {
        for (before, row) in of_gap.iter_mut().enumerate() {
            row.iter_mut().enumerate().filter(|(tag, _)| !may_follow(before, *tag)).for_each(|(_, pair)| *pair = NEVER);
        }
    }
    out
}

/// For each word and tag, the sum of the best row of tags that gives the word this tag; the pairs are [`passable`].
pub(super) fn best_through(pairs: &Pairs, words: &[Scores], gaps: &[u8]) -> Vec<Scores> {
    let of_gap = |at: usize| &pairs[usize::from(gaps[at]).min(GAPS - 1)];
    let mut left: Vec<Scores> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let mut sums = [NEVER; TAGS];
        match left.last() {
            None => sums = of_gap(0)[0],
            Some(before) => {
                for (before, row) in before.iter().zip(of_gap(at)) {
                    sums.iter_mut().zip(row).for_each(|(sum, pair)| *sum = (*sum).max(before + pair));
                }
            }
        }
        sums.iter_mut().zip(word).for_each(|(sum, word)| *sum = (*sum).max(NEVER) + word);
        left.push(sums);
    }
    let mut right = [0; TAGS];
    for at in (0..words.len()).rev() {
        if let Some(word) = words.get(at + 1) {
            let next: Scores = std::array::from_fn(|tag| word[tag] + right[tag]);
            for (sum, row) in right.iter_mut().zip(of_gap(at + 1)) {
                *sum = row.iter().zip(next).map(|(pair, next)| pair + next).fold(NEVER, i32::max);
            }
        }
        left[at].iter_mut().zip(right).for_each(|(sum, rest)| *sum = sum.saturating_add(rest).max(NEVER));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of a row of tags, if it is possible.
    fn sum(pairs: &Pairs, words: &[Scores], gaps: &[u8], tags: &[usize]) -> Option<i32> {
        let befores = std::iter::once(&0).chain(tags);
        let rows = tags.iter().zip(befores).enumerate();
        let mut sum = 0;
        for (at, (tag, before)) in rows {
            sum += may_follow(*before, *tag).then(|| pairs[usize::from(gaps[at])][*before][*tag] + words[at][*tag])?;
        }
        Some(sum)
    }

    #[test]
    fn the_best_rows_are_those_of_trying_all() {
        let mut seed = 1u32;
        let mut lot = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as i32 % 50
        };
        for _ in 0..40 {
            let mut pairs = Box::new([[[0; TAGS]; TAGS]; GAPS]);
            pairs.iter_mut().flatten().flatten().for_each(|pair| *pair = lot());
            let words: Vec<Scores> = (0..3).map(|_| [(); TAGS].map(|()| lot())).collect();
            let gaps = [0, 1, 2];
            let all = (0..TAGS.pow(3)).map(|n| [n % TAGS, n / TAGS % TAGS, n / TAGS / TAGS]);
            let sums: Vec<_> = all.filter_map(|tags| Some((sum(&pairs, &words, &gaps, &tags)?, tags))).collect();
            let found = best_through(&passable(&pairs), &words, &gaps);
            for (at, word) in found.iter().enumerate() {
                for (tag, through) in word.iter().enumerate() {
                    let best = sums.iter().filter(|(_, tags)| tags[at] == tag).map(|(sum, _)| *sum).max();
                    match best {
                        Some(best) => assert_eq!(*through, best),
                        None => assert!(*through < -1_000_000),
                    }
                }
            }
            let best = sums.iter().map(|(sum, _)| *sum).max();
            assert_eq!(sum(&pairs, &words, &gaps, &best_tags(&found)), best);
        }
    }

    #[test]
    fn a_row_without_words_has_no_names() {
        let mut out = Vec::new();
        Model::bundled().expect("the model is sound").names(&[], &[], 0, &mut out);
        assert!(out.is_empty());
    }
}
