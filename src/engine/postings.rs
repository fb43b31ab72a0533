//! Postings of tantivy: read whole with their BM25 parts, or side by side for the articles that have all slots of a
//! pattern where it asks for them.

use std::ops::Range;

use tantivy::TERMINATED;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::EngineError;
use super::bits::Bits;
use super::lists::List;
use crate::index::BODY_POSITION;
use crate::query::Part;
use crate::query::pattern::{Marks, Pattern};

/// How fast further occurrences of a word lose weight.
pub(super) const K1: f32 = 1.2;

/// For each class of lengths of a field, what BM25 adds to the frequency.
pub(super) type Lengths = [f32; 256];

/// The postings of one slot: any of some lists.
pub(super) struct Cursor {
    lists: Vec<List>,
    positions: Vec<u32>,
    scratch: Vec<u32>,
}

impl Cursor {
    pub(super) fn new(lists: Vec<List>) -> Self {
        Self { lists, positions: Vec::new(), scratch: Vec::new() }
    }

    /// The first article from `target` on that any of the lists has.
    fn seek(&mut self, target: u32) -> u32 {
        let mut best = TERMINATED;
        for list in &mut self.lists {
            best = best.min(list.seek(target));
        }
        best
    }

    /// How often the lists have an article; articles must not go down.
    pub(super) fn frequency(&mut self, doc: u32) -> u32 {
        self.seek(doc);
        self.lists.iter().filter(|list| list.doc() == doc).map(List::frequency).sum()
    }

    /// Where the lists have an article, in order; articles must not go down.
    pub(super) fn positions_in(&mut self, doc: u32) -> Result<&[u32], EngineError> {
        self.seek(doc);
        self.read(doc, Part::Any)?;
        Ok(&self.positions)
    }

    fn read(&mut self, doc: u32, part: Part) -> Result<(), EngineError> {
        self.positions.clear();
        if let [list] = self.lists.as_mut_slice() {
            if list.doc() == doc {
                list.positions(&mut self.positions)?;
            }
        } else {
            for list in self.lists.iter_mut().filter(|list| list.doc() == doc) {
                list.positions(&mut self.scratch)?;
                self.positions.extend_from_slice(&self.scratch);
            }
            self.positions.sort_unstable();
            self.positions.dedup();
        }
        match part {
            Part::Title => self.positions.retain(|position| *position < BODY_POSITION),
            Part::Body => self.positions.retain(|position| *position >= BODY_POSITION),
            Part::Any | Part::Byline => {}
        }
        Ok(())
    }
}

/// Where a term of a field stands in some articles (in order), by the postings of its segment.
pub(super) fn positions<'i>(
    index: &InvertedIndexReader,
    infos: impl Iterator<Item = &'i TermInfo>,
    docs: &[u32],
) -> Result<Vec<Vec<u32>>, EngineError> {
    let mut lists = Vec::new();
    for info in infos {
        lists.push(List::skipping(index, info, IndexRecordOption::WithFreqsAndPositions)?);
    }
    let mut cursor = Cursor::new(lists);
    docs.iter().map(|doc| Ok(cursor.positions_in(*doc)?.to_owned())).collect()
}

/// The articles among `docs` in which all slots stand as the pattern asks, with the number of its matches.
pub(super) fn join(
    pattern: &Pattern,
    mut cursors: Vec<Cursor>,
    docs: Range<u32>,
) -> Result<Vec<(u32, u32)>, EngineError> {
    let mut out = Vec::new();
    if cursors.is_empty() {
        return Ok(out);
    }
    let (mut marks, mut doc) = (Marks::default(), docs.start);
    while let Some(found) = next_common(&mut cursors, doc).filter(|found| *found < docs.end) {
        for cursor in cursors.iter_mut() {
            cursor.read(found, pattern.part)?;
        }
        let matches = match cursors.as_slice() {
            [one, other] => pattern.count(&[&one.positions, &other.positions], &mut marks),
            all => pattern.count(&all.iter().map(|cursor| cursor.positions.as_slice()).collect::<Vec<_>>(), &mut marks),
        };
        if matches > 0 {
            out.push((found, matches));
        }
        doc = found + 1;
    }
    Ok(out)
}

/// The first article from `doc` on that all cursors have.
fn next_common(cursors: &mut [Cursor], doc: u32) -> Option<u32> {
    let mut target = doc;
    loop {
        let start = target;
        for cursor in cursors.iter_mut() {
            target = cursor.seek(target);
            if target == TERMINATED {
                return None;
            }
        }
        if target == start {
            return Some(target);
        }
    }
}

/// Sets the articles of a posting list, and joins them with their frequencies to `counts` where wanted.
pub(super) fn read(
    index: &InvertedIndexReader,
    info: &TermInfo,
    mut counts: Option<&mut Vec<(u32, u32)>>,
    bits: &mut Bits,
) -> Result<(), EngineError> {
    let option = if counts.is_some() { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
    let mut block = index.read_block_postings_from_terminfo(info, option)?;
    while block.block_len() > 0 {
        block.docs().iter().for_each(|doc| bits.set(*doc));
        if let Some(counts) = counts.as_deref_mut() {
            counts.extend(block.docs().iter().copied().zip(block.freqs().iter().copied()));
        }
        block.advance();
    }
    Ok(())
}

/// Articles in order, each once, with the sum of its frequencies.
pub(super) fn summed(mut counts: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    counts.sort_unstable();
    counts.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    counts
}

/// Adds the BM25 parts of articles with their frequencies.
pub(super) fn add_scores(
    postings: impl Iterator<Item = (u32, u32)>,
    weight: f32,
    norms: &FieldNormReader,
    lengths: &Lengths,
    scores: &mut [f32],
) {
    for (doc, count) in postings {
        let count = count as f32;
        let norm = lengths[usize::from(norms.fieldnorm_id(doc))];
        scores[doc as usize] += weight * (K1 + 1.0) * count / (count + norm);
    }
}

/// The table of a field with this average length; `b` is how much long ones pay for their length, `k1` how soon further
/// occurrences of a word lose weight.
pub(super) fn length_table(average: f32, b: f32, k1: f32) -> Lengths {
    let mut table = [0.0; 256];
    for (id, norm) in table.iter_mut().enumerate() {
        let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
        *norm = k1 * (1.0 - b + b * length / average);
    }
    table
}
