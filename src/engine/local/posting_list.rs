//! Posting lists in two ways: skipped through from article to article, or read whole.
//!
//! Skipping pays where another list is much shorter. Where all lists are long, nearly every block is wanted, and it is
//! cheaper to take a block's positions at once than to look them up for each article.

use std::io;

use tantivy::directory::FileSlice;
use tantivy::index::InvertedIndexReader;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use crate::engine::error::EngineError;
use crate::fence;

/// The most positions that one byte of a positions file can encode: a block of 128 equal ones takes only the byte of its
/// bit width.
const POSITIONS_A_BYTE: usize = 128;

/// Calls `each` for every block of a posting list.
pub(super) fn each_block(
    index: &InvertedIndexReader,
    info: &TermInfo,
    option: IndexRecordOption,
    mut each: impl FnMut(&BlockSegmentPostings),
) -> Result<(), EngineError> {
    let mut block = index.read_block_postings_from_terminfo(info, option)?;
    while block.block_len() > 0 {
        fence::check();
        each(&block);
        block.advance();
    }
    Ok(())
}

/// The articles of a term in order, with their frequencies and positions.
pub(super) enum PostingList {
    Skipping(Box<SegmentPostings>),
    Whole(Box<Whole>),
}

impl PostingList {
    pub(super) fn skipping(
        index: &InvertedIndexReader,
        info: &TermInfo,
        option: IndexRecordOption,
    ) -> Result<Self, EngineError> {
        Ok(Self::Skipping(Box::new(index.read_postings_from_terminfo(info, option)?)))
    }

    /// With the positions file of the list's field.
    pub(super) fn whole(
        index: &InvertedIndexReader,
        info: &TermInfo,
        positions: &FileSlice,
    ) -> Result<Self, EngineError> {
        let block = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqsAndPositions)?;
        let positions = positions.read_bytes_slice(info.positions_range.clone())?;
        let most = positions.len().saturating_mul(POSITIONS_A_BYTE);
        let reader = PositionReader::open(positions)?;
        Ok(Self::Whole(Box::new(Whole { block, at: 0, reader, before: 0, inside: 0, deltas: Vec::new(), most })))
    }

    /// The article it stands at; [`TERMINATED`] at the end.
    pub(super) fn doc(&self) -> u32 {
        match self {
            Self::Skipping(list) => list.doc(),
            Self::Whole(list) => list.doc(),
        }
    }

    /// Advances to the first article from `target` on; never back.
    pub(super) fn seek(&mut self, target: u32) -> u32 {
        match self {
            Self::Skipping(list) if list.doc() < target => list.seek(target),
            Self::Skipping(list) => list.doc(),
            Self::Whole(list) => list.seek(target),
        }
    }

    /// How often the article has the term.
    pub(super) fn frequency(&self) -> u32 {
        match self {
            Self::Skipping(list) => list.term_freq(),
            Self::Whole(list) => list.frequency(),
        }
    }

    /// Where the article has the term, in order.
    ///
    /// # Errors
    ///
    /// Fails where the index is damaged.
    pub(super) fn positions(&mut self, out: &mut Vec<u32>) -> Result<(), EngineError> {
        out.clear();
        match self {
            Self::Skipping(list) => list.positions(out),
            Self::Whole(list) => list.positions(out)?,
        }
        Ok(())
    }
}

/// A list that is read from its first block to its last.
pub(super) struct Whole {
    block: BlockSegmentPostings,
    /// The article's place in the block.
    at: usize,
    reader: PositionReader,
    /// How many positions the blocks before have, and in this block the articles before.
    before: u64,
    inside: usize,
    /// The block's positions, each but an article's first as the distance from the one before; empty until they are read.
    deltas: Vec<u32>,
    /// No block of this list can have more positions.
    most: usize,
}

impl Whole {
    fn doc(&self) -> u32 {
        self.block.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn frequency(&self) -> u32 {
        self.block.freqs().get(self.at).copied().unwrap_or(0)
    }

    fn seek(&mut self, target: u32) -> u32 {
        while self.block.docs().last().is_some_and(|last| *last < target) {
            self.before += self.in_block() as u64;
            self.block.advance();
            (self.at, self.inside) = (0, 0);
            self.deltas.clear();
        }
        while self.doc() < target {
            self.inside += self.frequency() as usize;
            self.at += 1;
        }
        self.doc()
    }

    /// How many positions the block has.
    fn in_block(&self) -> usize {
        self.block.freqs().iter().map(|frequency| *frequency as usize).sum()
    }

    fn positions(&mut self, out: &mut Vec<u32>) -> Result<(), EngineError> {
        if self.deltas.is_empty() {
            let count = self.in_block();
            if count > self.most {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a list of positions is damaged").into());
            }
            self.deltas.resize(count, 0);
            self.reader.read(self.before, &mut self.deltas);
        }
        let deltas = self.deltas.get(self.inside..self.inside + self.frequency() as usize).unwrap_or_default();
        let mut position = 0u32;
        out.extend(deltas.iter().map(|delta| {
            position = position.wrapping_add(*delta);
            position
        }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::schema::{Schema, TextFieldIndexing, TextOptions};
    use tantivy::{TantivyDocument, Term};

    use super::*;
    use crate::index::positions_file;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]
        /// Articles by how many words stand before the first `x`, and before each further one.
        #[test]
        fn a_list_read_whole_says_what_one_skipped_through_says(
            articles in proptest::collection::vec(proptest::collection::vec(0usize..6, 0..9), 1..700),
            steps in proptest::collection::vec((1u32..40, proptest::bool::ANY), 1..300),
        ) {
            let mut schema = Schema::builder();
            let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqsAndPositions);
            let field = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
            let index = tantivy::Index::create_in_ram(schema.build());
            let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
            for gaps in &articles {
                let mut document = TantivyDocument::default();
                let text: String = gaps.iter().map(|gap| "y ".repeat(*gap) + "x ").collect();
                document.add_text(field, text + "y");
                writer.add_document(document).unwrap();
            }
            writer.commit().unwrap();
            let searcher = index.reader().unwrap().searcher();
            let segment = searcher.segment_reader(0);
            let lists = segment.inverted_index(field).unwrap();
            let Some(info) = lists.get_term_info(&Term::from_field_text(field, "x")).unwrap() else { return Ok(()) };
            let mut skipping = PostingList::skipping(&lists, &info, IndexRecordOption::WithFreqsAndPositions).unwrap();
            let mut whole = PostingList::whole(&lists, &info, &positions_file(&searcher, segment, field).unwrap()).unwrap();
            let (mut target, mut one, mut other) = (0, Vec::new(), Vec::new());
            for (step, read) in steps {
                prop_assert_eq!(skipping.seek(target), whole.seek(target));
                prop_assert_eq!(skipping.doc(), whole.doc());
                if skipping.doc() == TERMINATED {
                    break;
                }
                prop_assert_eq!(skipping.frequency(), whole.frequency());
                if read {
                    skipping.positions(&mut one).unwrap();
                    whole.positions(&mut other).unwrap();
                    prop_assert_eq!(&one, &other);
                }
                target += step;
            }
        }
    }
}
