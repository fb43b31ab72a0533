//! Phrases and words near one another: posting lists read side by side, for the articles that have all slots of a pattern
//! where it wants them.

use std::ops::Range;

use tantivy::TERMINATED;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::posting_list::PostingList;
use crate::engine::error::EngineError;
use crate::fence;
use crate::index::BODY_POSITION;
use crate::query::Part;
use crate::query::pattern::{Marks, Pattern};

/// The postings of one slot: any of some lists.
pub(super) struct Cursor {
    lists: Vec<PostingList>,
    positions: Vec<u32>,
    scratch: Vec<u32>,
}

impl Cursor {
    pub(super) fn new(lists: Vec<PostingList>) -> Self {
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
        self.lists.iter().filter(|list| list.doc() == doc).map(PostingList::frequency).sum()
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

/// The positions of a term in these articles (in order), from its postings in a segment.
pub(super) fn positions<'i>(
    index: &InvertedIndexReader,
    infos: impl Iterator<Item = &'i TermInfo>,
    docs: &[u32],
) -> Result<Vec<Vec<u32>>, EngineError> {
    let mut out = Vec::with_capacity(docs.len());
    each_positions(index, infos, docs, |positions| out.push(positions.to_owned()))?;
    Ok(out)
}

/// Calls `each` for each of these articles (in order) with the positions of a term in it.
pub(super) fn each_positions<'i>(
    index: &InvertedIndexReader,
    infos: impl Iterator<Item = &'i TermInfo>,
    docs: &[u32],
    mut each: impl FnMut(&[u32]),
) -> Result<(), EngineError> {
    let mut lists = Vec::new();
    for info in infos {
        lists.push(PostingList::skipping(index, info, IndexRecordOption::WithFreqsAndPositions)?);
    }
    let mut cursor = Cursor::new(lists);
    for doc in docs {
        each(cursor.positions_in(*doc)?);
    }
    Ok(())
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
        fence::check();
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
