//! Copies of one report as one story: of each group the copy that matches best.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use tantivy::columnar::Column;
use tantivy::{Searcher, SegmentReader};

use super::EngineError;
use super::exec::Bits;

/// The columns that tell copies: the group of an article, and its own number.
fn columns(segment: &SegmentReader) -> Result<(Column<u64>, Column<u64>), EngineError> {
    Ok((segment.fast_fields().u64("group")?, segment.fast_fields().u64("num")?))
}

/// A copy: its score, its number (the first is the greatest), its segment and place there.
type Copy = (f32, Reverse<u64>, usize, u32);

/// Groups of which some article matches that is not the first of its group.
fn doubtful(searcher: &Searcher, bits: &[Bits]) -> Result<HashSet<u64>, EngineError> {
    let mut groups = HashSet::new();
    for (segment, bits) in searcher.segment_readers().iter().zip(bits) {
        let (group, num) = columns(segment)?;
        groups
            .extend(bits.iter().filter(|doc| group.first(*doc) != num.first(*doc)).filter_map(|doc| group.first(doc)));
    }
    Ok(groups)
}

/// Takes out of `bits` all copies of a story but the one with the best score, among equals the one that came first.
pub(super) fn keep_best(searcher: &Searcher, bits: &mut [Bits], scores: &[Vec<f32>]) -> Result<(), EngineError> {
    let groups = doubtful(searcher, bits)?;
    if groups.is_empty() {
        return Ok(());
    }
    let mut copies: HashMap<u64, Vec<Copy>> = HashMap::new();
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let (group, num) = columns(segment)?;
        for doc in bits[number].iter() {
            let (Some(group), Some(num)) = (group.first(doc), num.first(doc)) else { continue };
            if groups.contains(&group) {
                let score = scores[number].get(doc as usize).copied().unwrap_or_default();
                copies.entry(group).or_default().push((score, Reverse(num), number, doc));
            }
        }
    }
    for mut copies in copies.into_values() {
        copies.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        copies[1..].iter().for_each(|(_, _, segment, doc)| bits[*segment].unset(*doc));
    }
    Ok(())
}

/// Counts a story once, however many of its copies have a value.
pub(super) struct Once {
    groups: HashSet<u64>,
    seen: HashSet<(u64, String)>,
}

impl Once {
    /// For the articles in `bits`.
    pub(super) fn new(searcher: &Searcher, bits: &[Bits]) -> Result<Self, EngineError> {
        Ok(Self { groups: doubtful(searcher, bits)?, seen: HashSet::new() })
    }

    /// The groups of the articles of a segment that may be copies of one another.
    pub(super) fn copies(&self, segment: &SegmentReader, bits: &Bits) -> Result<Vec<(u32, u64)>, EngineError> {
        if self.groups.is_empty() {
            return Ok(Vec::new());
        }
        let (group, _) = columns(segment)?;
        let groups = bits.iter().filter_map(|doc| Some((doc, group.first(doc)?)));
        Ok(groups.filter(|(_, group)| self.groups.contains(group)).collect())
    }

    /// Whether this is the first copy with the value.
    pub(super) fn is_first(&mut self, group: u64, value: &str) -> bool {
        self.seen.insert((group, value.to_owned()))
    }
}
