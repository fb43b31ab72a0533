//! A bound query weighted for a collection: its postings looked up, its lengths judged, ready to be matched in every segment.

use tantivy::schema::{Field as IndexField, IndexRecordOption};

use super::collection::Collection;
use super::lookup::LeafPostings;
use super::posting_list::each_block;
use crate::engine::bind::{BoundQuery, LeafId};
use crate::engine::bm25::LengthNorms;
use crate::engine::error::EngineError;
use crate::engine::statistics::Statistics;

/// Articles in which all words of a phrase may stand, from which on a second thread pays.
const MANY: u64 = 4000;

/// A bound query weighted for a collection. Brief and long queries judge lengths and frequencies differently.
#[derive(Clone)]
pub(super) struct Weight {
    pub(super) bound: BoundQuery,
    leaves: Vec<LeafPostings>,
    pub(super) text: LengthNorms,
    pub(super) title: LengthNorms,
    /// For words that feedback adds.
    learnt: LengthNorms,
    /// Words of an article on average.
    pub(super) average: f32,
    /// See [`MANY`].
    pub(super) many: u64,
}

impl Weight {
    /// Looks up the postings of the leaves.
    pub(super) fn new(collection: &Collection<'_>, mut bound: BoundQuery) -> Result<Self, EngineError> {
        let ranking = &collection.ranking;
        let text = average_length(collection, collection.fields.text)?;
        let title = average_length(collection, collection.fields.title)?;
        let (b, k1) = match bound.brief {
            true => (ranking.b, ranking.k1),
            false => (ranking.long_b, ranking.long_k1(text)),
        };
        let leaves = bound.leaves.iter().map(|leaf| collection.look_up(&leaf.pattern, leaf.weight));
        let leaves = leaves.collect::<Result<Vec<_>, _>>()?;
        for (leaf, _) in bound.leaves.iter().zip(&leaves).filter(|(_, postings)| postings.is_cut) {
            bound.notes.push(format!(
                "'{}' stands for more words than can be searched at once: the most frequent are; a longer beginning finds all",
                leaf.text.text
            ));
        }
        Ok(Self {
            leaves,
            text: LengthNorms::new(text, b, k1, ranking.k1),
            title: LengthNorms::new(title, ranking.title_b, ranking.k1, ranking.k1),
            learnt: LengthNorms::new(text, ranking.b, ranking.k1, ranking.k1),
            average: text,
            many: MANY,
            bound,
        })
    }

    /// The postings of a leaf.
    pub(super) fn leaf(&self, id: LeafId) -> &LeafPostings {
        &self.leaves[id.0]
    }

    /// The same query with nothing added for matches in titles.
    pub(super) fn without_titles(mut self) -> Self {
        self.leaves.iter_mut().for_each(LeafPostings::leave_out_title);
        self
    }

    /// Adds the scores of a term that feedback learnt to all articles of a segment. Lengths and frequencies are judged as for a
    /// brief query, whatever the length of the query's own words.
    pub(super) fn add_learnt(
        &self,
        collection: &Collection<'_>,
        number: usize,
        term: &LeafPostings,
        scores: &mut [f32],
    ) -> Result<(), EngineError> {
        let segment = &collection.segments()[number];
        let index = segment.inverted_index(collection.fields.text)?;
        let lengths = segment.get_fieldnorms_reader(collection.fields.text)?;
        for info in term.infos(number) {
            each_block(&index, info, IndexRecordOption::WithFreqs, |block| {
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                self.learnt.add(postings, term.weight, |doc| lengths.fieldnorm_id(doc), scores);
            })?;
        }
        Ok(())
    }
}

/// Words of a field in an article on average, removed articles included; 1 at least.
fn average_length(collection: &Collection<'_>, field: IndexField) -> Result<f32, EngineError> {
    let mut tokens = 0;
    for segment in collection.segments() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
    }
    Ok((tokens as f32 / collection.articles().max(1.0)).max(1.0))
}
