//! Copies of one report collapsed into one story: of each group the copy of known origin that matches best.
//!
//! Each copy stores the number of its group's first article; the first stores nothing. So the (few) copies are visited, and
//! then the first article of each of their groups is looked up.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::columnar::ColumnIndex;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED, Term};

use super::collection::Collection;
use super::doc_set::{DocSet, total};
use crate::archive::{ArticleNum, GroupNum};
use crate::engine::error::EngineError;

/// The matching articles of a group: segment and number in it.
type Copies = Vec<(usize, u32)>;

/// The groups with a matching copy, each with all its matching articles.
fn groups(collection: &Collection<'_>, found: &[DocSet]) -> Result<HashMap<GroupNum, Copies>, EngineError> {
    let mut groups: HashMap<GroupNum, Copies> = HashMap::new();
    for (number, segment) in collection.segments().iter().enumerate() {
        let column = collection.groups(number)?;
        let mut note = |doc: u32| {
            if let Some(group) = column.first(doc).filter(|_| found[number].has(doc)) {
                groups.entry(GroupNum(group)).or_default().push((number, doc));
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
    for (number, segment) in collection.segments().iter().enumerate() {
        let index = segment.inverted_index(collection.fields.num)?;
        for (group, copies) in &mut groups {
            let term = Term::from_field_u64(collection.fields.num, group.0);
            let Some(mut first) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while first.doc() != TERMINATED {
                if found[number].has(first.doc()) {
                    copies.push((number, first.doc()));
                }
                first.advance();
            }
        }
    }
    Ok(groups)
}

/// Removes all copies of a story but one: before others one that has outlet and date, then the one with the best score, among equals
/// the one that came in first. `scores` may be empty for a segment.
pub(super) fn keep_best(
    collection: &Collection<'_>,
    found: &mut [DocSet],
    scores: &[Vec<f32>],
) -> Result<(), EngineError> {
    keep_best_of(collection, found, &mut [], scores)
}

/// As [`keep_best`]; of `some`, which are among `found`, the best copy of each story among them stays, whether or not it is the
/// best of all.
pub(super) fn keep_best_of(
    collection: &Collection<'_>,
    found: &mut [DocSet],
    some: &mut [DocSet],
    scores: &[Vec<f32>],
) -> Result<(), EngineError> {
    for copies in groups(collection, found)?.into_values() {
        let mut ranked = Vec::with_capacity(copies.len());
        for (number, doc) in copies {
            let num = ArticleNum(collection.nums(number)?.first(doc).unwrap_or_default());
            let score = scores[number].get(doc as usize).copied().unwrap_or_default();
            ranked.push((collection.origin(number, doc)?, score, Reverse(num), number, doc));
        }
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.cmp(&a.2)));
        ranked[1..].iter().for_each(|(.., number, doc)| found[*number].unset(*doc));
        let among = ranked.iter().filter(|(.., number, doc)| some.get(*number).is_some_and(|some| some.has(*doc)));
        let others: Vec<(usize, u32)> = among.skip(1).map(|(.., number, doc)| (*number, *doc)).collect();
        others.into_iter().for_each(|(number, doc)| some[number].unset(doc));
    }
    Ok(())
}

/// How many stories articles are, or how many articles where `all_copies` count.
pub(super) fn stories(collection: &Collection<'_>, found: &[DocSet], all_copies: bool) -> Result<u64, EngineError> {
    let mut found = found.to_vec();
    if !all_copies {
        keep_best(collection, &mut found, &vec![Vec::new(); collection.segments().len()])?;
    }
    Ok(total(&found))
}

/// Distinguishes copies from articles that stand alone, so that a story is counted once.
pub(super) struct Once(HashMap<GroupNum, Copies>);

impl Once {
    /// For these articles; where `all_copies` count, each stands alone.
    pub(super) fn new(collection: &Collection<'_>, found: &[DocSet], all_copies: bool) -> Result<Self, EngineError> {
        Ok(Self(if all_copies { HashMap::new() } else { groups(collection, found)? }))
    }

    /// The articles of a segment that may be copies of others, with their groups.
    pub(super) fn copies(&self, segment: usize) -> HashMap<u32, GroupNum> {
        let all = self.0.iter().flat_map(|(group, copies)| copies.iter().map(move |copy| (*group, *copy)));
        all.filter(|(_, (number, _))| *number == segment).map(|(group, (_, doc))| (doc, group)).collect()
    }
}
