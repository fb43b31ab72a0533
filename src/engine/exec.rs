//! Plans carried out over tantivy's postings, set by set.
//!
//! Every part of a plan gives the set of articles it matches, as bits; leaves add their BM25 parts to one array of
//! scores on the way (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009). Counts
//! are exact, whatever is cut off later.

use std::cell::RefCell;

use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::EngineError;
use super::bits::Bits;
use super::plan::{Plan, Prepared};
use super::postings::{K1, Lengths, add_scores, length_table, read};
use super::ready::Ready;
use super::run::{MANY, Run};
use crate::archive::Archive;
use crate::index::Fields;
use crate::query::Part;

/// How much long articles pay for their length: more where a query has many words, which long articles have by chance.
const B: f32 = 0.6;
const LONG_B: f32 = 0.75;
/// How fast further occurrences of a word lose weight in a query of many words: in short texts a word stands twice by chance,
/// in long ones it says what they are about. The weights at so many words a text, and what lies between.
const LONG_K1: [(f32, f32); 2] = [(50.0, 0.9), (500.0, 2.0)];
/// How much long titles pay for their length.
const TITLE_B: f32 = 0.5;

/// Carries out plans.
pub(super) struct Executor<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: Fields,
    pub(super) archive: &'a RefCell<Archive>,
    /// Numbers of articles that no plan takes.
    gone: &'a [u64],
    documents: f32,
    pub(super) text: Lengths,
    pub(super) title: Lengths,
    /// See [`MANY`].
    pub(super) many: u64,
}

impl<'a> Executor<'a> {
    pub(super) fn new(
        searcher: &'a Searcher,
        fields: Fields,
        archive: &'a RefCell<Archive>,
        gone: &'a [u64],
    ) -> Result<Self, EngineError> {
        let documents = searcher.segment_readers().iter().map(|s| u64::from(s.max_doc())).sum::<u64>() as f32;
        let text = length_table(average_length(searcher, fields.text, documents)?, B, K1);
        let title = length_table(average_length(searcher, fields.title, documents)?, TITLE_B, K1);
        Ok(Self { searcher, fields, archive, gone, documents, text, title, many: MANY })
    }

    /// Judges lengths and frequencies as the query asks: see [`LONG_B`] and [`LONG_K1`].
    pub(super) fn judging(mut self, prepared: &Prepared) -> Result<Self, EngineError> {
        if !super::rerank::is_brief(prepared) {
            let average = average_length(self.searcher, self.fields.text, self.documents)?;
            self.text = length_table(average, LONG_B, long_k1(average));
        }
        Ok(self)
    }

    /// How rare a word is that so many articles have: BM25's inverse document frequency.
    pub(super) fn idf(&self, found: u64) -> f32 {
        let found = (found as f32).min(self.documents);
        (1.0 + (self.documents - found + 0.5) / (found + 0.5)).ln()
    }

    /// The field whose postings say where the words of a part stand.
    pub(super) fn home(&self, part: Part) -> IndexField {
        if part == Part::Byline { self.fields.byline } else { self.fields.text }
    }

    /// How many articles have a term.
    pub(super) fn frequency(&self, term: &str) -> Result<u64, EngineError> {
        let mut found = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.text)?;
            found += index.terms().get(term.as_bytes())?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(found)
    }

    /// Whether more than a tenth of the articles have a term.
    pub(super) fn is_common(&self, term: &str) -> Result<bool, EngineError> {
        Ok(self.frequency(term)? as f32 > 0.1 * self.documents && self.documents > 100.0)
    }

    /// Adds the BM25 part of a leaf of one term to all articles of a segment.
    pub(super) fn add_term(&self, number: usize, ready: &Ready, scores: &mut [f32]) -> Result<(), EngineError> {
        let segment = self.searcher.segment_reader(number as u32);
        let index = segment.inverted_index(self.fields.text)?;
        let norms = segment.get_fieldnorms_reader(self.fields.text)?;
        for info in ready.infos(number) {
            let mut block = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                add_scores(postings, ready.weight, &norms, &self.text, scores);
                block.advance();
            }
        }
        Ok(())
    }

    /// The articles of a segment that a plan takes, without deleted ones; adds to `scores` on the way where wanted.
    pub(super) fn segment(
        &self,
        number: u32,
        plan: &Plan,
        prepared: &Prepared,
        ready: &[Ready],
        scores: Option<&mut Vec<f32>>,
    ) -> Result<Bits, EngineError> {
        let segment = self.searcher.segment_reader(number);
        let mut run = Run::new(self, number as usize, prepared, ready, scores);
        let mut bits = run.root(plan)?;
        if let Some(alive) = segment.alive_bitset() {
            for doc in 0..segment.max_doc() {
                if !alive.is_alive(doc) {
                    bits.unset(doc);
                }
            }
        }
        if !self.gone.is_empty() {
            let (index, mut gone) = (segment.inverted_index(self.fields.num)?, Bits::empty(segment.max_doc()));
            for num in self.gone {
                if let Some(info) = index.get_term_info(&Term::from_field_u64(self.fields.num, *num))? {
                    read(&index, &info, None, &mut gone)?;
                }
            }
            bits.and_not(&gone);
        }
        Ok(bits)
    }
}

/// Words of a field in an article, deleted ones with the others; 1 at least.
fn average_length(searcher: &Searcher, field: IndexField, documents: f32) -> Result<f32, EngineError> {
    let mut tokens = 0;
    for segment in searcher.segment_readers() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
    }
    Ok((tokens as f32 / documents.max(1.0)).max(1.0))
}

/// See [`LONG_K1`].
fn long_k1(average: f32) -> f32 {
    let [(short, low), (long, high)] = LONG_K1;
    (low + (high - low) * (average - short) / (long - short)).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use tantivy::TantivyDocument;

    use super::*;
    use crate::analysis::Analyzer;
    use crate::engine::plan::Leaf;
    use crate::query::pattern::Pattern;
    use crate::query::{Mode, Text};

    /// The articles with a phrase, and the scores of all, where two threads look from `many` articles on.
    fn found(
        searcher: &Searcher,
        fields: Fields,
        archive: &RefCell<Archive>,
        mode: Mode,
        many: u64,
    ) -> (Vec<u32>, Vec<f32>) {
        let text = Text { part: Part::Any, text: "grey frigate".to_owned(), mode };
        let pattern = Pattern::new(&text, &mut Analyzer::new()).unwrap();
        let mut prepared = Prepared::default();
        prepared.leaves = vec![Leaf { text, pattern, weight: 1.0 }];
        let mut executor = Executor::new(searcher, fields, archive, &[]).unwrap();
        executor.many = many;
        let ready = executor.ready(&prepared.leaves).unwrap();
        let mut scores = vec![0.0; searcher.segment_reader(0).max_doc() as usize];
        let bits = executor.segment(0, &Plan::Leaf(0), &prepared, &ready, Some(&mut scores)).unwrap();
        (bits.iter().collect(), scores)
    }

    /// Where every article has the phrase, one that is lost or counted twice shows wherever the segment is halved.
    #[test]
    fn two_threads_find_every_article_with_a_phrase_once() {
        let dir = tempfile::tempdir().unwrap();
        let archive = RefCell::new(Archive::create(dir.path()).unwrap());
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
            let alone = found(&searcher, fields, &archive, Mode::Phrase, u64::MAX);
            assert!(alone.0.iter().copied().eq(0..number as u32) && alone.1.iter().all(|score| *score > 0.0));
            assert_eq!(found(&searcher, fields, &archive, Mode::Phrase, 1), alone, "{number}");
            let near = found(&searcher, fields, &archive, Mode::Near(1), u64::MAX);
            assert_eq!(found(&searcher, fields, &archive, Mode::Near(1), 1), near, "{number}");
        }
    }
}
