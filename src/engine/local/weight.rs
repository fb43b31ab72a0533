//! A bound query weighted for a collection: its postings looked up, its lengths judged, ready to be matched in every segment.

use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{SegmentReader, Term};

use super::bm25::LengthNorms;
use super::collection::Collection;
use super::doc_set::DocSet;
use super::lookup::LeafPostings;
use super::posting_list::each_block;
use super::segment::SegmentScorer;
use crate::engine::bind::{BoundNode, BoundQuery, LeafId};
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
    /// See [`MANY`].
    pub(super) many: u64,
}

impl Weight {
    /// Looks up the postings of the leaves.
    pub(super) fn new(collection: &Collection<'_>, bound: BoundQuery) -> Result<Self, EngineError> {
        let ranking = &collection.ranking;
        let text = average_length(collection, collection.fields.text)?;
        let title = average_length(collection, collection.fields.title)?;
        let (b, k1) = match bound.brief {
            true => (ranking.b, ranking.k1),
            false => (ranking.long_b, ranking.long_k1(text)),
        };
        let leaves = bound.leaves.iter().map(|leaf| collection.look_up(&leaf.pattern, leaf.weight));
        Ok(Self {
            leaves: leaves.collect::<Result<_, _>>()?,
            text: LengthNorms::new(text, b, k1, ranking.k1),
            title: LengthNorms::new(title, ranking.title_b, ranking.k1, ranking.k1),
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

    /// The articles of a segment that match a node of the query, without removed ones. Where `scores` are given, one for each
    /// article of the segment, those of the leaves are added to them.
    pub(super) fn segment(
        &self,
        collection: &Collection<'_>,
        number: usize,
        node: &BoundNode,
        scores: Option<&mut Vec<f32>>,
    ) -> Result<DocSet, EngineError> {
        let segment = &collection.segments()[number];
        let mut found = SegmentScorer::new(collection, self, number, scores).root(node)?;
        if let Some(alive) = segment.alive_bitset() {
            (0..segment.max_doc()).filter(|doc| !alive.is_alive(*doc)).for_each(|doc| found.unset(doc));
        }
        if !collection.gone.is_empty() {
            found.and_not(&gone(collection, segment)?);
        }
        Ok(found)
    }

    /// The articles that match a node of the query, segment by segment.
    pub(super) fn all_segments(
        &self,
        collection: &Collection<'_>,
        node: &BoundNode,
    ) -> Result<Vec<DocSet>, EngineError> {
        (0..collection.segments().len()).map(|number| self.segment(collection, number, node, None)).collect()
    }

    /// As [`Weight::all_segments`], with the scores of all articles.
    pub(super) fn scored(
        &self,
        collection: &Collection<'_>,
        node: &BoundNode,
    ) -> Result<(Vec<DocSet>, Vec<Vec<f32>>), EngineError> {
        let (mut found, mut scores) = (Vec::new(), Vec::new());
        for (number, segment) in collection.segments().iter().enumerate() {
            let mut part = vec![0.0; segment.max_doc() as usize];
            found.push(self.segment(collection, number, node, Some(&mut part))?);
            scores.push(part);
        }
        Ok((found, scores))
    }

    /// Adds the scores of a leaf of one term to all articles of a segment.
    pub(super) fn add_term(
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
                self.text.add(postings, term.weight, &lengths, scores);
            })?;
        }
        Ok(())
    }
}

/// The articles of a segment that the archive has no more.
fn gone(collection: &Collection<'_>, segment: &SegmentReader) -> Result<DocSet, EngineError> {
    let (field, mut gone) = (collection.fields.num, DocSet::empty(segment.max_doc()));
    let index = segment.inverted_index(field)?;
    for num in &collection.gone {
        if let Some(info) = index.get_term_info(&Term::from_field_u64(field, *num))? {
            each_block(&index, &info, IndexRecordOption::Basic, |block| gone.extend(block.docs()))?;
        }
    }
    Ok(gone)
}

/// Words of a field in an article on average, removed articles included; 1 at least.
fn average_length(collection: &Collection<'_>, field: IndexField) -> Result<f32, EngineError> {
    let mut tokens = 0;
    for segment in collection.segments() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
    }
    Ok((tokens as f32 / collection.articles().max(1.0)).max(1.0))
}

#[cfg(test)]
mod tests {
    use tantivy::TantivyDocument;

    use super::*;
    use crate::analysis::Analyzer;
    use crate::archive::Archive;
    use crate::authority::Authority;
    use crate::engine::bind::Leaf;
    use crate::index::{Fields, Snapshot};
    use crate::query::pattern::Pattern;
    use crate::query::{Mode, Part, Text};

    /// The articles with a phrase, and the scores of all, where two threads look from `many` articles on.
    fn found(collection: &Collection<'_>, mode: Mode, many: u64) -> (Vec<u32>, Vec<f32>) {
        let text = Text { part: Part::Any, text: "grey frigate".to_owned(), mode };
        let pattern = Pattern::new(&text, &mut Analyzer::new()).unwrap();
        let bound = BoundQuery { leaves: vec![Leaf { text, pattern, weight: 1.0 }], ..BoundQuery::default() };
        let weight = Weight { many, ..Weight::new(collection, bound).unwrap() };
        let (found, scores) = weight.scored(collection, &BoundNode::Leaf(LeafId(0))).unwrap();
        (found[0].iter().collect(), scores[0].clone())
    }

    /// Where every article has the phrase, one that is lost or counted twice shows wherever the segment is halved.
    #[test]
    fn two_threads_find_every_article_with_a_phrase_once() {
        let dir = tempfile::tempdir().unwrap();
        for number in [1, 2, 3, 4, 5, 130, 257] {
            let (schema, fields) = Fields::build();
            let index = tantivy::Index::create_in_ram(schema);
            crate::index::register_tokenizers(index.tokenizers());
            let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
            for at in 0..number {
                let mut document = TantivyDocument::default();
                document.add_text(fields.text, "a grey frigate ".repeat(1 + at % 3));
                writer.add_document(document).unwrap();
            }
            writer.commit().unwrap();
            let searcher = index.reader().unwrap().searcher();
            let snapshot = Snapshot { searcher, fields, state: None, gone: Vec::new() };
            let collection = Collection::new(Archive::create(dir.path()).unwrap(), snapshot, Authority::bundled());
            let alone = found(&collection, Mode::Phrase, u64::MAX);
            assert!(alone.0.iter().copied().eq(0..number as u32) && alone.1.iter().all(|score| *score > 0.0));
            assert_eq!(found(&collection, Mode::Phrase, 1), alone, "{number}");
            let near = found(&collection, Mode::Near(1), u64::MAX);
            assert_eq!(found(&collection, Mode::Near(1), 1), near, "{number}");
        }
    }
}
