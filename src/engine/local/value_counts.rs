//! How many stories have each value of a facet.
//!
//! There are two ways, with the same result. Where few articles match, every value of each is read and counted. Where many
//! match, only the most frequent values are shown, and their postings are shorter than all values of all articles. Values
//! are then counted in the order of how many articles of the index have them, which is the most that their count can be.
//! Counting stops once the last value shown has a greater count than any other can reach (the threshold algorithm of Fagin,
//! Lotem and Naor, "Optimal aggregation algorithms for middleware", 2003, with one list).

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::{ColumnIndex, StrColumn};
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};

use super::collapse::Once;
use super::collection::Collection;
use super::doc_set::DocSet;
use super::posting_list::each_block;
use crate::archive::GroupNum;
use crate::engine::error::EngineError;
use crate::engine::level::Level;
use crate::engine::request::Facet;
use crate::engine::response::most_first;
use crate::fence;
use crate::index::heads::Heads;
use crate::index::noted_heads;

/// Up to this many values it is quicker to read the articles than the postings.
pub(super) const FEW: u64 = 50_000;
/// The number of a value that does not count at this level.
const NOTHING: u32 = u32::MAX;

/// The counts of a facet's values.
#[derive(Debug, Default)]
pub(super) struct ValueCounts {
    /// The requested number of values with their counts, the most frequent first.
    pub(super) values: Vec<(String, u64)>,
    /// Values that are not among them; `None` where they were not counted one by one.
    pub(super) others: Option<u64>,
    /// The sum of their counts.
    pub(super) others_count: u64,
    /// Stories without any value.
    pub(super) without: u64,
}

/// A segment's values, and the articles that are counted.
struct Segment {
    column: Option<StrColumn>,
    index: Arc<InvertedIndexReader>,
    /// Articles that are no copies.
    alone: DocSet,
    /// Copies, with their groups.
    copies: Vec<(u32, GroupNum)>,
}

/// Counts the values of a facet in these articles; a story counts once for a value, unless `all_copies` count. `limit`: the most
/// frequent values to return, 0 for all. There are none for facets of time.
pub(super) fn value_counts(
    collection: &Collection<'_>,
    facet: Facet,
    level: Level<'_>,
    found: &[DocSet],
    all_copies: bool,
    limit: usize,
) -> Result<ValueCounts, EngineError> {
    let Some(field) = facet.field() else { return Ok(ValueCounts::default()) };
    count(collection, collection.value_field(field), level, found, all_copies, limit, FEW)
}

/// As [`value_counts`]; articles with at most `few` values in all are read, of more the postings are (see [`FEW`]).
fn count(
    collection: &Collection<'_>,
    field: Field,
    level: Level<'_>,
    found: &[DocSet],
    all_copies: bool,
    limit: usize,
    few: u64,
) -> Result<ValueCounts, EngineError> {
    let segments = segments(collection, field, found, all_copies)?;
    let mut ids = Ids::new(&segments, level);
    let copies = Copies::of(&segments, &mut ids)?;
    let alone = segments.iter().map(Segment::with_and_pairs);
    let (with, pairs) = alone.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
    let all: u64 = segments.iter().map(|segment| segment.alone.count()).sum();
    let mut counts = None;
    if level.is_whole() && limit > 0 && pairs > few {
        let candidates = candidates(collection, field, &segments)?;
        counts = by_postings(&segments, candidates, &ids, &copies, pairs, limit)?;
    }
    let mut counts = match counts {
        Some(counts) => counts,
        None => by_reading(&segments, ids, &copies, limit)?,
    };
    counts.without = all - with + copies.without;
    Ok(counts)
}

fn segments(
    collection: &Collection<'_>,
    field: Field,
    found: &[DocSet],
    all_copies: bool,
) -> Result<Vec<Segment>, EngineError> {
    let once = Once::new(collection, found, all_copies)?;
    let mut segments = Vec::with_capacity(found.len());
    for (number, (reader, found)) in collection.segments().iter().zip(found).enumerate() {
        let copies: Vec<(u32, GroupNum)> = once.copies(number).into_iter().collect();
        let mut alone = found.clone();
        copies.iter().for_each(|(doc, _)| alone.unset(*doc));
        let (column, index) = (collection.index().values(number, field)?, reader.inverted_index(field)?);
        segments.push(Segment { column, index, alone, copies });
    }
    Ok(segments)
}

impl Segment {
    /// How many articles that are no copies have a value, and how many values they have together.
    fn with_and_pairs(&self) -> (u64, u64) {
        let Some(column) = &self.column else { return (0, 0) };
        let index = &column.ords().index;
        if let ColumnIndex::Full = index {
            return (self.alone.count(), self.alone.count());
        }
        self.alone.iter().fold((0, 0), |(with, pairs), doc| {
            let rows = index.value_row_ids(doc);
            (with + u64::from(!rows.is_empty()), pairs + u64::from(rows.end - rows.start))
        })
    }

    /// Reads the values of these articles, some at a time.
    fn read(&self, docs: &DocSet, mut each: impl FnMut(&[u64])) {
        let Some(column) = &self.column else { return };
        let ords = column.ords();
        let mut some = [0; 512];
        for doc in docs.iter() {
            fence::check();
            let mut rows = ords.index.value_row_ids(doc);
            while !rows.is_empty() {
                let part = &mut some[..(rows.len()).min(512)];
                ords.values.get_range(u64::from(rows.start), part);
                rows.start += part.len() as u32;
                each(part);
            }
        }
    }

    /// How often each value of the articles that are no copies occurs.
    fn counted(&self) -> Vec<u64> {
        let mut by_ord = vec![0; self.column.as_ref().map_or(0, |column| column.dictionary().num_terms())];
        self.read(&self.alone, |ords| ords.iter().for_each(|ord| by_ord[*ord as usize] += 1));
        by_ord
    }
}

/// Numbers for values that are the same in all segments: those of the only segment, or given as they come.
enum Ids<'a> {
    Own(&'a Segment),
    Given { level: Level<'a>, numbers: FxHashMap<String, u32>, of: Vec<FxHashMap<u64, u32>> },
}

impl<'a> Ids<'a> {
    fn new(segments: &'a [Segment], level: Level<'a>) -> Self {
        match segments {
            [only] if level.is_whole() => Self::Own(only),
            _ => Self::Given { level, numbers: FxHashMap::default(), of: vec![FxHashMap::default(); segments.len()] },
        }
    }

    /// Numbers values of a segment, which must be in order and unique.
    fn learn(&mut self, number: usize, column: &StrColumn, ords: &[u64]) -> Result<(), EngineError> {
        let Self::Given { level, numbers, of } = self else { return Ok(()) };
        let mut rest = ords.iter();
        column.dictionary().sorted_ords_to_term_cb(ords, |value| {
            let (value, next) = (String::from_utf8_lossy(value), numbers.len() as u32);
            let id = level.shown(&value).map_or(NOTHING, |shown| match numbers.get(shown) {
                Some(id) => *id,
                None => *numbers.entry(shown.to_owned()).or_insert(next),
            });
            of[number].extend(rest.next().map(|ord| (*ord, id)));
        })?;
        Ok(())
    }

    /// The number of a value that [`Ids::learn`] has seen; `None` where it does not count.
    fn id(&self, number: usize, ord: u64) -> Option<u32> {
        match self {
            Self::Own(_) => Some(ord as u32),
            Self::Given { of, .. } => of[number].get(&ord).copied().filter(|id| *id != NOTHING),
        }
    }

    /// Whether a value may count for one above it.
    fn are_of_levels(&self) -> bool {
        matches!(self, Self::Given { level, .. } if level.is_cut())
    }

    /// The number of a value by its name, if it has one.
    fn named(&self, name: &str) -> Result<Option<u32>, EngineError> {
        match self {
            Self::Own(Segment { column: Some(column), .. }) => {
                Ok(column.dictionary().term_ord(name)?.map(|ord| ord as u32))
            }
            Self::Own(_) => Ok(None),
            Self::Given { numbers, .. } => Ok(numbers.get(name).copied()),
        }
    }

    /// The most frequent values with their names, in order; all without a limit.
    fn most(self, mut counts: Vec<(u32, u64)>, limit: usize) -> Result<Vec<(String, u64)>, EngineError> {
        let wanted = if limit == 0 { counts.len() } else { limit.min(counts.len()) };
        match self {
            Self::Own(Segment { column, .. }) => {
                // Values have the order of their names.
                top(&mut counts, wanted, |(ord, count)| (Reverse(*count), *ord));
                let mut by_ord = counts.clone();
                by_ord.sort_unstable();
                let ords: Vec<u64> = by_ord.iter().map(|(ord, _)| u64::from(*ord)).collect();
                let mut named = Vec::with_capacity(ords.len());
                if let Some(column) = column {
                    column.dictionary().sorted_ords_to_term_cb(&ords, |value| {
                        named.push(String::from_utf8_lossy(value).into_owned());
                    })?;
                }
                let mut named: Vec<_> = named.into_iter().zip(by_ord.into_iter().map(|(_, count)| count)).collect();
                named.sort_by(most_first);
                Ok(named)
            }
            Self::Given { numbers, .. } => {
                let mut names = vec![String::new(); numbers.len()];
                numbers.into_iter().for_each(|(name, id)| names[id as usize] = name);
                let mut named: Vec<_> =
                    counts.into_iter().map(|(id, count)| (std::mem::take(&mut names[id as usize]), count)).collect();
                named.sort_by(most_first);
                named.truncate(wanted);
                Ok(named)
            }
        }
    }
}

/// Leaves only the first of a list, in no order.
fn top<T, K: Ord>(list: &mut Vec<T>, wanted: usize, key: impl Fn(&T) -> K) {
    if wanted < list.len() {
        list.select_nth_unstable_by_key(wanted, key);
        list.truncate(wanted);
    }
}

/// Counts of the copies of stories: each value counts once for a story.
struct Copies {
    counts: FxHashMap<u32, u64>,
    /// The sum of the counts.
    pairs: u64,
    without: u64,
}

impl Copies {
    fn of(segments: &[Segment], ids: &mut Ids<'_>) -> Result<Self, EngineError> {
        let (mut seen, mut groups) = (FxHashSet::default(), FxHashMap::<GroupNum, bool>::default());
        for (number, segment) in segments.iter().enumerate() {
            let of = |doc: u32| segment.column.iter().flat_map(move |column| column.term_ords(doc));
            if let Some(column) = segment.column.as_ref().filter(|_| !segment.copies.is_empty()) {
                let mut ords: Vec<u64> = segment.copies.iter().flat_map(|(doc, _)| of(*doc)).collect();
                ords.sort_unstable();
                ords.dedup();
                ids.learn(number, column, &ords)?;
            }
            for (doc, group) in &segment.copies {
                *groups.entry(*group).or_default() |= of(*doc).next().is_some();
                seen.extend(of(*doc).filter_map(|ord| Some((*group, ids.id(number, ord)?))));
            }
        }
        let mut counts = FxHashMap::default();
        seen.iter().for_each(|(_, id)| *counts.entry(*id).or_default() += 1);
        let without = groups.values().filter(|has| !**has).count() as u64;
        Ok(Self { counts, pairs: seen.len() as u64, without })
    }
}

/// Reads all values of all articles.
fn by_reading(
    segments: &[Segment],
    mut ids: Ids<'_>,
    copies: &Copies,
    limit: usize,
) -> Result<ValueCounts, EngineError> {
    let mut totals: Vec<u64> = Vec::new();
    let mut add = |id: u32, count: u64| {
        if totals.len() <= id as usize {
            totals.resize(id as usize + 1, 0);
        }
        totals[id as usize] += count;
    };
    for (number, segment) in segments.iter().enumerate() {
        let Some(column) = &segment.column else { continue };
        let by_ord = segment.counted();
        let ords: Vec<u64> = (0..by_ord.len() as u64).filter(|ord| by_ord[*ord as usize] > 0).collect();
        ids.learn(number, column, &ords)?;
        if ids.are_of_levels() {
            // An article with two values under one counts once for it.
            for doc in segment.alone.iter() {
                let mut of_doc: Vec<u32> = column.term_ords(doc).filter_map(|ord| ids.id(number, ord)).collect();
                of_doc.sort_unstable();
                of_doc.dedup();
                of_doc.into_iter().for_each(|id| add(id, 1));
            }
        } else {
            ords.iter().for_each(|ord| {
                if let Some(id) = ids.id(number, *ord) {
                    add(id, by_ord[*ord as usize]);
                }
            });
        }
    }
    copies.counts.iter().for_each(|(id, count)| add(*id, *count));
    let counts: Vec<(u32, u64)> = (0..).zip(totals).filter(|(_, count)| *count > 0).collect();
    let (kinds, sum) = (counts.len() as u64, counts.iter().map(|(_, count)| count).sum::<u64>());
    let values = ids.most(counts, limit)?;
    let shown = values.iter().map(|(_, count)| count).sum::<u64>();
    Ok(ValueCounts { others: Some(kinds - values.len() as u64), others_count: sum - shown, values, without: 0 })
}

/// A value that may be among the most frequent.
struct Candidate {
    name: String,
    /// Articles that have it; no fewer than it can be counted for.
    most: u64,
    postings: Vec<Option<TermInfo>>,
}

/// Counts only values that many articles have; `None` where that does not settle which are the most frequent.
fn by_postings(
    segments: &[Segment],
    (candidates, rest): (Vec<Candidate>, u64),
    ids: &Ids<'_>,
    copies: &Copies,
    pairs: u64,
    limit: usize,
) -> Result<Option<ValueCounts>, EngineError> {
    let mut values: Vec<(String, u64)> = Vec::new();
    let mut best: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
    let mut least = 0; // the count of the last that would be shown
    let all = rest == 0; // then the others are so few that they are counted too
    for Candidate { name, most, postings } in candidates {
        if !all && best.len() >= limit && most < least {
            break;
        }
        let mut count = ids.named(&name)?.and_then(|id| copies.counts.get(&id)).copied().unwrap_or_default();
        for (segment, info) in segments.iter().zip(&postings) {
            if let Some(info) = info {
                count += overlap(&segment.index, info, &segment.alone)?;
            }
        }
        if count == 0 {
            continue;
        }
        values.push((name, count));
        best.push(Reverse(count));
        if best.len() > limit {
            best.pop();
        }
        least = best.peek().map_or(0, |Reverse(count)| *count);
    }
    if !all && (best.len() < limit || least <= rest) {
        return Ok(None);
    }
    values.sort_by(most_first);
    let kinds = values.len();
    values.truncate(limit);
    let shown: u64 = values.iter().map(|(_, count)| count).sum();
    let others = all.then(|| (kinds - values.len()) as u64);
    Ok(Some(ValueCounts { others, others_count: pairs + copies.pairs - shown, values, without: 0 }))
}

/// The most frequent values of the index, and the most articles that any other value can have.
fn candidates(
    collection: &Collection<'_>,
    field: Field,
    segments: &[Segment],
) -> Result<(Vec<Candidate>, u64), EngineError> {
    let noted = noted_heads(collection.searcher.index())?;
    let mut names: BTreeSet<Vec<u8>> = BTreeSet::new();
    let mut rest = 0;
    for (segment, reader) in segments.iter().zip(collection.segments()) {
        let terms = segment.index.terms();
        let heads = Heads::of(&noted, reader, field)?;
        rest += u64::from(heads.rest);
        for ord in &heads.ords {
            let mut name = Vec::new();
            terms.ord_to_term(*ord, &mut name)?;
            names.insert(name);
        }
    }
    let mut candidates = Vec::with_capacity(names.len());
    for name in names {
        let postings: Vec<Option<TermInfo>> =
            segments.iter().map(|segment| segment.index.terms().get(&name)).collect::<Result<_, _>>()?;
        let most = postings.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
        candidates.push(Candidate { name: String::from_utf8_lossy(&name).into_owned(), most, postings });
    }
    candidates.sort_by_key(|candidate| Reverse(candidate.most));
    Ok((candidates, rest))
}

/// How many of these articles are in a posting list.
fn overlap(index: &InvertedIndexReader, info: &TermInfo, docs: &DocSet) -> Result<u64, EngineError> {
    let mut count = 0;
    each_block(index, info, IndexRecordOption::Basic, |block| {
        count += block.docs().iter().filter(|doc| docs.has(**doc)).count() as u64;
    })?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::{Searcher, TantivyDocument, schema::Schema};

    use super::*;
    use crate::archive::Archive;
    use crate::authority::Authority;
    use crate::index::{Fields, Snapshot};

    /// An index in memory of some segments, with `heads` frequent values recorded; an article may be a copy of another, and has actors.
    fn index(segments: &[Vec<(Option<u64>, Vec<u8>)>], heads: usize) -> (Searcher, Fields) {
        let (schema, fields): (Schema, Fields) = Fields::build();
        let index = tantivy::Index::create_in_ram(schema);
        crate::index::register_tokenizers(index.tokenizers());
        let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
        let mut num = 0;
        for segment in segments {
            for (group, actors) in segment {
                let mut doc = TantivyDocument::default();
                num += 1;
                doc.add_u64(fields.num, num);
                group.iter().filter(|_| num > 3).for_each(|group| doc.add_u64(fields.group, *group));
                let mut actors = actors.clone();
                actors.sort_unstable();
                actors.dedup();
                actors.iter().for_each(|actor| doc.add_text(fields.actor, format!("actor/{actor}")));
                writer.add_document(doc).unwrap();
            }
            writer.commit().unwrap();
        }
        let mut noted = crate::index::heads::OfSegments::new();
        for segment in index.reader().unwrap().searcher().segment_readers() {
            let terms = segment.inverted_index(fields.actor).unwrap();
            let actors = ("actor".to_owned(), Heads::read(terms.terms(), heads).unwrap());
            noted.insert(segment.segment_id().uuid_string(), [actors].into());
        }
        let mut commit = writer.prepare_commit().unwrap();
        commit.set_payload(&serde_json::json!({"seq": 0, "fingerprint": "", "heads": noted}).to_string());
        commit.commit().unwrap();
        (index.reader().unwrap().searcher(), fields)
    }

    fn article() -> impl Strategy<Value = (Option<u64>, Vec<u8>)> {
        let actor = prop_oneof![0u8..4, 0u8..60];
        (proptest::option::weighted(0.2, 1u64..4), proptest::collection::vec(actor, 0..5))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn both_ways_count_the_same(
            segments in proptest::collection::vec(proptest::collection::vec(article(), 1..30), 1..4),
            limit in 1usize..8,
            all_copies: bool,
            keep in 1u32..5,
            heads in 2usize..20,
        ) {
            let (searcher, fields) = index(&segments, heads);
            let dir = tempfile::tempdir().unwrap();
            let snapshot = Snapshot { searcher, fields, state: None, gone: Vec::new() };
            let collection = Collection::new(Archive::create(dir.path()).unwrap(), snapshot, Authority::bundled());
            let found: Vec<DocSet> = collection.segments().iter().map(|segment| {
                let mut found = DocSet::empty(segment.max_doc());
                (0..segment.max_doc()).filter(|doc| doc * 7 % 5 < keep).for_each(|doc| found.set(doc));
                found
            }).collect();
            let count = |few, limit| {
                count(&collection, fields.actor, Level::new(None, 0), &found, all_copies, limit, few).unwrap()
            };
            let (read, all, fast) = (count(u64::MAX, limit), count(u64::MAX, 0), count(0, limit));
            prop_assert_eq!(&all.values[..read.values.len()], &read.values[..]);
            prop_assert_eq!(&fast.values, &read.values);
            prop_assert_eq!((fast.others_count, fast.without), (read.others_count, read.without));
            prop_assert!(fast.others.is_none_or(|others| Some(others) == read.others));
        }
    }
}
