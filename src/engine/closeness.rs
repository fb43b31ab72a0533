//! Closeness: the best articles gain where words of the query stand near one another.
//!
//! Two measures: pairs of words that are neighbours in the query, counted in order and side by side, and again in any order
//! within some positions; and the window of an article (some 75 words) that has the most of all words.

use super::bind::{LeafId, WordPair};
use super::ranking::Ranking;
use crate::analysis::PARAGRAPH_GAP;

/// Where a word stands in each of some articles.
#[derive(Debug, Default)]
pub(super) struct Places {
    positions: Vec<u32>,
    /// For each article, where its positions end.
    ends: Vec<usize>,
}

impl Places {
    /// Adds the next article: positions in order.
    pub(super) fn push(&mut self, positions: &[u32]) {
        self.positions.extend_from_slice(positions);
        self.ends.push(self.positions.len());
    }

    fn of(&self, article: usize) -> &[u32] {
        let end = |article: usize| self.ends.get(article).copied();
        let start = article.checked_sub(1).map_or(Some(0), end);
        let range = start.zip(end(article));
        range.and_then(|(start, end)| self.positions.get(start..end)).unwrap_or_default()
    }
}

/// A word of the query, and where it stands.
#[derive(Debug)]
pub(super) struct PlacedWord {
    pub(super) leaf: LeafId,
    pub(super) idf: f32,
    /// idf times the weight in the query.
    pub(super) weight: f32,
    pub(super) places: Places,
}

/// How close the words of a query stand in an article, on the scale of BM25 scores.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Closeness {
    /// By the neighbours in the query: more for rarer words, and for pairs that fewer of the articles have.
    pub(super) pairs: f32,
    /// By the best window.
    pub(super) window: f32,
}

/// How near one another the words of the query stand, for each of `articles` articles, in the order in which
/// [`Places`] lists them.
pub(super) fn measure(pairs: &[WordPair], words: &[PlacedWord], articles: usize, ranking: &Ranking) -> Vec<Closeness> {
    let mut out = vec![Closeness::default(); articles];
    let word = |leaf: LeafId| words.iter().find(|word| word.leaf == leaf);
    for pair in pairs {
        if let (Some(first), Some(second)) = (word(pair.first), word(pair.second)) {
            add_pair(first, second, &mut out, |a, b| side_by_side(a, b, pair.apart));
            add_pair(first, second, &mut out, |a, b| near(a, b, ranking.close_reach));
        }
    }
    let mut spots = Vec::new();
    for (article, closeness) in out.iter_mut().enumerate() {
        spots.clear();
        for (number, word) in words.iter().enumerate() {
            spots.extend(word.places.of(article).iter().map(|at| (*at, number)));
        }
        spots.sort_unstable();
        close_up(&mut spots);
        closeness.window = best_window(words, &spots, ranking);
    }
    out
}

/// Adds to each article what a pair of words that is counted by `count` is worth in it.
fn add_pair(first: &PlacedWord, second: &PlacedWord, out: &mut [Closeness], count: impl Fn(&[u32], &[u32]) -> usize) {
    let of = |article| count(first.places.of(article), second.places.of(article)) as f32;
    let counts: Vec<f32> = (0..out.len()).map(of).collect();
    let found = counts.iter().filter(|count| **count > 0.0).count();
    // A pair that all of the articles have does not distinguish them.
    let distinct = 1.0 - found as f32 / out.len().max(1) as f32;
    let weight = f32::midpoint(first.idf, second.idf) * distinct;
    for (closeness, count) in out.iter_mut().zip(counts).filter(|(_, count)| *count > 0.0) {
        closeness.pairs += weight * 2.0 * count / (count + 1.0);
    }
}

/// How often the second word stands after the first, at most `apart` positions on.
fn side_by_side(first: &[u32], second: &[u32], apart: u32) -> usize {
    let follows = |at: &&u32| {
        let next = second.partition_point(|other| other <= at);
        second.get(next).is_some_and(|other| other - **at <= apart)
    };
    first.iter().filter(follows).count()
}

/// How often the rarer of two words stands within `reach` positions of the other, before or after it.
fn near(one: &[u32], other: &[u32], reach: u32) -> usize {
    let (rarer, other) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let beside = |at: &&u32| {
        let next = other.partition_point(|other| *other < at.saturating_sub(reach));
        other.get(next).is_some_and(|other| *other <= at.saturating_add(reach))
    };
    rarer.iter().filter(beside).count()
}

/// Takes out the positions that are free between paragraphs, where words of the query that follow each other are further apart
/// than these: in most texts a paragraph ends there. Where several paragraphs do, only one gap goes, so that the words stay
/// apart. Between title and body far more positions are free.
fn close_up(spots: &mut [(u32, usize)]) {
    let (mut last, mut closed) = (0, 0);
    for (at, _) in spots {
        if *at - last > PARAGRAPH_GAP {
            closed += PARAGRAPH_GAP;
        }
        last = *at;
        *at -= closed;
    }
}

/// The most that the words in a window of an article are worth together, each by its weight and its occurrences in the window.
/// `spots`: positions in order, and which word stands there.
fn best_window(words: &[PlacedWord], spots: &[(u32, usize)], ranking: &Ranking) -> f32 {
    let worth = |number: usize, count: u32| {
        let (count, weight) = (count as f32, words[number].weight);
        weight * (ranking.k1 + 1.0) * count / (count + ranking.k1)
    };
    let mut counts = vec![0; words.len()];
    let (mut start, mut sum, mut best) = (0, 0.0f32, 0.0f32);
    for (at, number) in spots {
        while let Some((_, gone)) = spots.get(start).filter(|(first, _)| at - first >= ranking.close_window) {
            sum -= worth(*gone, counts[*gone]) - worth(*gone, counts[*gone] - 1);
            counts[*gone] -= 1;
            start += 1;
        }
        sum += worth(*number, counts[*number] + 1) - worth(*number, counts[*number]);
        counts[*number] += 1;
        best = best.max(sum);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(number: usize, idf: f32, places: &[&[u32]]) -> PlacedWord {
        let mut all = Places::default();
        places.iter().for_each(|positions| all.push(positions));
        PlacedWord { leaf: LeafId(number), idf, weight: idf, places: all }
    }

    fn pair(apart: u32) -> WordPair {
        WordPair { first: LeafId(0), second: LeafId(1), apart }
    }

    #[test]
    fn neighbours_add_by_their_rarity_and_by_how_few_articles_have_them() {
        let words = [
            word(0, 2.0, &[&[5, 20], &[5], &[8], &[], &[5]]),
            // Twice within two positions; three positions on; the other way round; alone; too far for both measures.
            word(1, 4.0, &[&[7, 21], &[8], &[7], &[7], &[14]]),
        ];
        let measured = measure(&[pair(2)], &words, 5, &Ranking { close_reach: 8, ..Ranking::default() });
        let in_order = 3.0 * (1.0 - 1.0 / 5.0) * 4.0 / 3.0;
        let near = |times: f32| 3.0 * (1.0 - 3.0 / 5.0) * 2.0 * times / (times + 1.0);
        let wanted = [in_order + near(2.0), near(1.0), near(1.0), 0.0, 0.0];
        for (measured, wanted) in measured.iter().zip(wanted) {
            assert!((measured.pairs - wanted).abs() < 1e-5, "{measured:?} {wanted}");
        }
    }

    #[test]
    fn a_pair_that_all_articles_have_adds_nothing() {
        let words = [word(0, 1.0, &[&[1], &[1]]), word(1, 1.0, &[&[2], &[2]])];
        let measured = measure(&[pair(1)], &words, 2, &Ranking::default());
        assert!(measured.iter().all(|closeness| closeness.pairs == 0.0), "{measured:?}");
    }

    #[test]
    fn the_window_with_the_most_words_counts() {
        let ranking = Ranking { close_window: 10, k1: 1.0, ..Ranking::default() };
        let window = |places: [&[u32]; 2]| {
            measure(&[], &[word(0, 1.0, &[places[0]]), word(1, 3.0, &[places[1]])], 1, &ranking)[0].window
        };
        assert_eq!(window([&[], &[]]), 0.0);
        assert_eq!(window([&[7], &[]]), 1.0);
        assert_eq!(window([&[7], &[16]]), 4.0);
        assert_eq!(window([&[7], &[17]]), 3.0, "ten positions on is outside");
        assert!((window([&[7, 16], &[1, 2, 21, 22]]) - (1.0 + 3.0 * 4.0 / 3.0)).abs() < 1e-5);
        assert_eq!(window([&[50], &[155]]), 4.0, "a paragraph ends between them");
        assert_eq!(window([&[50], &[255]]), 3.0, "several end");
        assert_eq!(window([&[3], &[1001]]), 3.0, "title and body");
        assert_eq!(window([&[u32::MAX], &[0, u32::MAX - 1]]), 4.0);
    }

    #[test]
    fn places_that_are_missing_are_none() {
        let mut places = Places::default();
        places.push(&[3, 4]);
        places.push(&[]);
        places.push(&[9]);
        let none: &[u32] = &[];
        assert_eq!([0, 1, 2, 3].map(|article| places.of(article)), [&[3, 4][..], none, &[9], none]);
    }
}
