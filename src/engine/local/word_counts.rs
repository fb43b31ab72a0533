//! How many of a query's words each article has.
//!
//! The counts of a segment are kept bit by bit, as in an adder: set 0 holds the articles whose count is odd, set 1 those
//! with 2 in it, and so on. Adding a word takes a few operations on whole sets, and so does finding the articles with the
//! highest count.

use super::doc_set::DocSet;

/// Words of a query whose articles are kept apart, so that a hit can say which of them it lacks; of more words only the
/// counts are kept.
const NAMED: usize = 16;

/// The counts of one segment.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentCounts {
    bits: Vec<DocSet>,
    /// The articles of each word; empty where there are more than [`NAMED`].
    words: Vec<DocSet>,
}

impl SegmentCounts {
    /// Counts a word in these articles; `words` is how many the query has.
    pub(super) fn add(&mut self, found: DocSet, words: usize) {
        if words <= NAMED {
            self.words.push(found.clone());
        }
        let mut carry = found;
        for bit in &mut self.bits {
            let mut next = bit.clone();
            next.and(&carry);
            bit.xor(&carry);
            carry = next;
            if carry.is_empty() {
                return;
            }
        }
        self.bits.push(carry);
    }

    /// Whether an article has the word of this number; `None` where that is not kept.
    pub(super) fn has(&self, word: usize, doc: u32) -> Option<bool> {
        self.words.get(word).map(|found| found.has(doc))
    }
}

/// Of the articles in `within`, those with the most words, and how many words these are.
pub(super) fn most(counts: &[SegmentCounts], within: &[DocSet]) -> (Vec<DocSet>, usize) {
    let highest = counts.iter().map(|segment| segment.bits.len()).max().unwrap_or_default();
    let (mut found, mut count) = (within.to_vec(), 0);
    for bit in (0..highest).rev() {
        let mut higher = found.clone();
        for (found, segment) in higher.iter_mut().zip(counts) {
            match segment.bits.get(bit) {
                Some(set) => found.and(set),
                None => found.clear(),
            }
        }
        if higher.iter().any(|found| !found.is_empty()) {
            (found, count) = (higher, count | 1 << bit);
        }
    }
    (found, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(docs: &[u32]) -> DocSet {
        let mut set = DocSet::empty(200);
        set.extend(docs);
        set
    }

    #[test]
    fn the_articles_with_the_most_words_are_found_in_all_segments() {
        let words = [&[1, 2, 3][..], &[2, 3], &[3, 150], &[150], &[3, 199]];
        let mut counts = [SegmentCounts::default(), SegmentCounts::default()];
        for docs in words {
            counts[0].add(set(docs), words.len());
            counts[1].add(set(&[7]), words.len());
        }
        let all = || [DocSet::full(200), DocSet::full(200)];
        let docs = |found: &[DocSet]| found.iter().map(|set| set.iter().collect()).collect::<Vec<Vec<u32>>>();
        let (found, count) = most(&counts, &all());
        assert_eq!((docs(&found), count), (vec![vec![], vec![7]], 5), "the second segment has more");
        let (found, count) = most(&counts, &[DocSet::full(200), DocSet::empty(200)]);
        assert_eq!((docs(&found), count), (vec![vec![3], vec![]], 4));
        let (found, count) = most(&counts, &[set(&[1, 2, 150, 160]), DocSet::empty(200)]);
        assert_eq!((docs(&found), count), (vec![vec![2, 150], vec![]], 2));
        assert_eq!(most(&counts, &[set(&[]), set(&[])]).1, 0);
        assert_eq!(
            (counts[0].has(2, 150), counts[0].has(2, 3), counts[0].has(2, 1)),
            (Some(true), Some(true), Some(false))
        );
    }
}
