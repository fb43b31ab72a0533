//! The scores of postings by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).

use crate::index::length_of_class;

/// What BM25 adds to the frequency of a word for the length of a field, for each of the index's 256 classes of lengths.
#[derive(Clone)]
pub(super) struct LengthNorms {
    by_class: [f32; 256],
    /// `k1 + 1` of brief queries, for long ones too: one scale for all scores.
    scale: f32,
}

impl LengthNorms {
    /// For fields of this many words on average. `b`: how much long ones lose for their length; `k1`: how slowly further
    /// occurrences of a word lose weight; `scale_k1`: the `k1` to whose scale scores are brought.
    pub(super) fn new(average: f32, b: f32, k1: f32, scale_k1: f32) -> Self {
        let mut by_class = [0.0; 256];
        for (class, norm) in by_class.iter_mut().enumerate() {
            let length = length_of_class(class as u8) as f32;
            *norm = k1 * (1.0 - b + b * length / average);
        }
        Self { by_class, scale: scale_k1 + 1.0 }
    }

    /// Adds the BM25 scores of articles with these frequencies; `class` is the class of an article's length.
    pub(super) fn add(
        &self,
        postings: impl Iterator<Item = (u32, u32)>,
        weight: f32,
        class: impl Fn(u32) -> u8,
        scores: &mut [f32],
    ) {
        for (doc, count) in postings {
            let count = count as f32;
            let norm = self.by_class[usize::from(class(doc))];
            scores[doc as usize] += weight * self.scale * count / (count + norm);
        }
    }

    /// The BM25 score of a single article with this frequency in a field of `length` words.
    #[cfg(feature = "cluster")]
    pub(super) fn score(&self, count: u32, length: u32, weight: f32) -> f32 {
        let norm = self.by_class[usize::from(crate::index::class_of_length(length))];
        weight * self.scale * count as f32 / (count as f32 + norm)
    }
}
