//! Copies of one report as one story: of each group the copy that matches best.
//!
//! The first article of a group does not know its copies; each copy names the first. Copies are few, so only these are
//! looked at, and then the first of each of their groups.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::columnar::ColumnIndex;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use super::EngineError;
use super::bits::Bits;
use crate::index::Fields;

/// The matching articles of a group: segment and place there.
type Copies = Vec<(usize, u32)>;

/// The groups of which some article matches that is not the first, each with all its articles that match.
fn groups(searcher: &Searcher, fields: Fields, bits: &[Bits]) -> Result<HashMap<u64, Copies>, EngineError> {
    let mut groups: HashMap<u64, Copies> = HashMap::new();
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let column = segment.fast_fields().u64("group")?;
        let mut note = |doc: u32| {
            if let Some(group) = column.first(doc).filter(|_| bits[number].has(doc)) {
                groups.entry(group).or_default().push((number, doc));
            }
        };
        match &column.index {
            ColumnIndex::Empty { .. } => {}
            ColumnIndex::Optional(index) => index.iter_non_null_docs().for_each(&mut note),
            _ => (0..segment.max_doc()).for_each(&mut note),
        }
    }
    if groups.is_empty() {
        return Ok(groups);
    }
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let index = segment.inverted_index(fields.num)?;
        for (group, copies) in &mut groups {
            let term = Term::from_field_u64(fields.num, *group);
            let Some(mut first) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while first.doc() != TERMINATED {
                if bits[number].has(first.doc()) {
                    copies.push((number, first.doc()));
                }
                first.advance();
            }
        }
    }
    Ok(groups)
}

/// Takes out of `bits` all copies of a story but the one with the best score, among equals the one that came first.
pub(super) fn keep_best(
    searcher: &Searcher,
    fields: Fields,
    bits: &mut [Bits],
    scores: &[Vec<f32>],
) -> Result<(), EngineError> {
    let groups = groups(searcher, fields, bits)?;
    if groups.is_empty() {
        return Ok(());
    }
    // Opened once: opening one takes the longer, the larger its segment is.
    let columns = searcher.segment_readers().iter().map(|segment| segment.fast_fields().u64("num"));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    for copies in groups.into_values() {
        let mut ranked = Vec::with_capacity(copies.len());
        for (number, doc) in copies {
            let num = columns[number].first(doc).unwrap_or_default();
            let score = scores[number].get(doc as usize).copied().unwrap_or_default();
            ranked.push((score, Reverse(num), number, doc));
        }
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        ranked[1..].iter().for_each(|(_, _, number, doc)| bits[*number].unset(*doc));
    }
    Ok(())
}

/// Tells copies from articles that stand alone, so that a story is counted once.
pub(super) struct Once(HashMap<u64, Copies>);

impl Once {
    /// For the articles in `bits`.
    pub(super) fn new(searcher: &Searcher, fields: Fields, bits: &[Bits]) -> Result<Self, EngineError> {
        Ok(Self(groups(searcher, fields, bits)?))
    }

    /// The articles of a segment that may be copies of others, with their groups.
    pub(super) fn copies(&self, segment: usize) -> Vec<(u32, u64)> {
        let all = self.0.iter().flat_map(|(group, copies)| copies.iter().map(move |copy| (*group, *copy)));
        all.filter(|(_, (number, _))| *number == segment).map(|(group, (_, doc))| (doc, group)).collect()
    }
}
