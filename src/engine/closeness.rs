//! Closeness: the best articles gain where words stand side by side as in the query.

use std::collections::HashMap;

use super::bind::{LeafId, WordPair};
use super::ranking::Ranking;

/// Where the words of some leaves stand in an article: positions in order.
pub(super) type Places = HashMap<LeafId, Vec<u32>>;

/// Adds to the scores of the best articles for each pair of words that stand side by side in them: more for rarer words, and for
/// pairs that fewer of these articles have.
pub(super) fn add(
    pairs: &[WordPair],
    idf: impl Fn(LeafId) -> f32,
    places: &[Places],
    scores: &mut [f32],
    ranking: &Ranking,
) {
    for pair in pairs {
        let of = |places: &Places| match (places.get(&pair.first), places.get(&pair.second)) {
            (Some(first), Some(second)) => side_by_side(first, second, pair.apart) as f32,
            _ => 0.0,
        };
        let counts: Vec<f32> = places.iter().map(of).collect();
        let found = counts.iter().filter(|count| **count > 0.0).count();
        let idf = f32::midpoint(idf(pair.first), idf(pair.second));
        // A pair that all of the best articles have does not distinguish them.
        let distinct = 1.0 - found as f32 / places.len().max(1) as f32;
        for (score, count) in scores.iter_mut().zip(counts).filter(|(_, count)| *count > 0.0) {
            *score += ranking.close_weight * idf * distinct * 2.0 * count / (count + 1.0);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_side_by_side_add_by_their_rarity_and_by_how_few_articles_have_them() {
        let (first, second) = (LeafId(0), LeafId(1));
        let pairs = [WordPair { first, second, apart: 2 }];
        let article = |a: &[u32], b: &[u32]| Places::from([(first, a.to_vec()), (second, b.to_vec())]);
        let places = [
            article(&[5, 20], &[7, 21]), // twice within two positions
            article(&[5], &[8]),         // three positions on
            article(&[8], &[7]),         // the other way round
            article(&[], &[7]),
        ];
        let mut scores = [10.0, 9.0, 8.0, 7.0];
        let ranking = Ranking { close_weight: 0.5, ..Ranking::default() };
        add(&pairs, |leaf| if leaf == first { 2.0 } else { 4.0 }, &places, &mut scores, &ranking);
        // 0.5 * idf 3 * three quarters of the articles are without * 2 * 2 / (2 + 1)
        assert_eq!(scores, [10.0 + 0.5 * 3.0 * 0.75 * 4.0 / 3.0, 9.0, 8.0, 7.0]);
    }

    #[test]
    fn a_pair_that_all_articles_have_adds_nothing() {
        let pairs = [WordPair { first: LeafId(0), second: LeafId(1), apart: 1 }];
        let places = vec![Places::from([(LeafId(0), vec![1]), (LeafId(1), vec![2])]); 2];
        let mut scores = [3.0, 2.0];
        add(&pairs, |_| 1.0, &places, &mut scores, &Ranking::default());
        assert_eq!(scores, [3.0, 2.0]);
    }
}
