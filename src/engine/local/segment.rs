//! Matching and scoring a bound query in one segment, set by set.
//!
//! Every node gives the set of articles it matches; leaves add their BM25 scores to one array on the way. Counts are exact,
//! whatever is cut off later.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{SegmentReader, Term};

use super::collection::Collection;
use super::doc_set::DocSet;
use super::lookup::{LeafPostings, Source, frequency};
use super::phrase::{Cursor, join};
use super::posting_list::{PostingList, each_block};
use super::weight::Weight;
use super::word_counts::SegmentCounts;
use crate::analysis::{self, Analyzer};
use crate::archive::VersionSeq;
use crate::engine::bind::{BoundNode, LeafId, ValueSet, ValuesId};
use crate::engine::error::EngineError;
use crate::engine::parallel::both;
use crate::fence;
use crate::index::positions_file;
use crate::query::pattern::{Matcher, Pattern, Terms};
use crate::query::{Part, Time};

/// A posting list this many times as long as the shortest of its phrase is skipped through; shorter ones are read whole.
const WHOLE: u64 = 4;

/// The articles of a segment that match a node of the query, without removed ones. Where `scores` are given, one for each
/// article of the segment, those of the leaves are added to them.
fn match_segment(
    weight: &Weight,
    collection: &Collection<'_>,
    number: usize,
    node: &BoundNode,
    scores: Option<&mut Vec<f32>>,
) -> Result<DocSet, EngineError> {
    let mut scorer = SegmentScorer::new(collection, weight, number, scores);
    let found = scorer.root(node)?;
    present(collection, number, found)
}

/// These articles of a segment without removed ones.
fn present(collection: &Collection<'_>, number: usize, mut found: DocSet) -> Result<DocSet, EngineError> {
    let segment = &collection.segments()[number];
    if let Some(alive) = segment.alive_bitset() {
        (0..segment.max_doc()).filter(|doc| !alive.is_alive(*doc)).for_each(|doc| found.unset(doc));
    }
    if !collection.gone.is_empty() {
        found.and_not(&gone(collection, segment)?);
    }
    Ok(found)
}

/// The articles that match a node of the query, segment by segment.
pub(super) fn matching(
    weight: &Weight,
    collection: &Collection<'_>,
    node: &BoundNode,
) -> Result<Vec<DocSet>, EngineError> {
    (0..collection.segments().len()).map(|number| match_segment(weight, collection, number, node, None)).collect()
}

/// As [`matching`], with the scores of all articles.
pub(super) fn scoring(
    weight: &Weight,
    collection: &Collection<'_>,
    node: &BoundNode,
) -> Result<(Vec<DocSet>, Vec<Vec<f32>>), EngineError> {
    let (mut found, mut scores) = (Vec::new(), Vec::new());
    for (number, segment) in collection.segments().iter().enumerate() {
        let mut part = vec![0.0; segment.max_doc() as usize];
        found.push(match_segment(weight, collection, number, node, Some(&mut part))?);
        scores.push(part);
    }
    Ok((found, scores))
}

/// What a query matches in all segments.
pub(super) struct Matched {
    pub(super) found: Vec<DocSet>,
    /// The scores of all articles; empty for each segment where they are not wanted.
    pub(super) scores: Vec<Vec<f32>>,
    /// How many of the query's words each article has; empty where it has fewer than two.
    pub(super) counts: Vec<SegmentCounts>,
    /// Whether any article has each leaf, or mentions the actor whom it names.
    pub(super) has: Vec<bool>,
}

/// Matches a whole query and counts its words, with scores where they are wanted.
pub(super) fn matched(weight: &Weight, collection: &Collection<'_>, scored: bool) -> Result<Matched, EngineError> {
    let root = &weight.bound.root;
    let words = Some(root.words()).filter(|words| words.len() > 1).unwrap_or_default();
    let has = vec![false; weight.bound.leaves.len()];
    let mut out = Matched { found: Vec::new(), scores: Vec::new(), counts: Vec::new(), has };
    for (number, segment) in collection.segments().iter().enumerate() {
        let mut scores = vec![0.0; if scored { segment.max_doc() as usize } else { 0 }];
        let mut scorer = SegmentScorer::new(collection, weight, number, scored.then_some(&mut scores));
        let found = scorer.root(root)?;
        let mut counts = SegmentCounts::default();
        for word in &words {
            counts.add(scorer.node(&word.node)?, words.len());
        }
        out.has.iter_mut().zip(&scorer.has).for_each(|(all, here)| *all |= here);
        out.found.push(present(collection, number, found)?);
        out.scores.push(scores);
        if !words.is_empty() {
            out.counts.push(counts);
        }
    }
    Ok(out)
}

/// The articles of a segment that the archive has no more.
fn gone(collection: &Collection<'_>, segment: &SegmentReader) -> Result<DocSet, EngineError> {
    let (field, mut gone) = (collection.fields.num, DocSet::empty(segment.max_doc()));
    let index = segment.inverted_index(field)?;
    for num in &collection.gone {
        if let Some(info) = index.get_term_info(&Term::from_field_u64(field, num.0))? {
            each_block(&index, &info, IndexRecordOption::Basic, |block| gone.extend(block.docs()))?;
        }
    }
    Ok(gone)
}

/// Matches and scores the nodes of a query in a segment.
pub(super) struct SegmentScorer<'a> {
    collection: &'a Collection<'a>,
    weight: &'a Weight,
    segment: &'a SegmentReader,
    number: usize,
    scores: Option<&'a mut Vec<f32>>,
    /// No article outside this set can be in the result, so none is scored.
    within: Option<DocSet>,
    /// Leaves that were matched already, so that none is scored twice.
    leaves: Vec<Option<DocSet>>,
    /// Whether some article has a leaf, or mentions the actor whom it names.
    has: Vec<bool>,
}

impl<'a> SegmentScorer<'a> {
    pub(super) fn new(
        collection: &'a Collection<'a>,
        weight: &'a Weight,
        number: usize,
        scores: Option<&'a mut Vec<f32>>,
    ) -> Self {
        let segment = &collection.segments()[number];
        let leaves = vec![None; weight.bound.leaves.len()];
        let has = vec![false; leaves.len()];
        Self { collection, weight, segment, number, scores, within: None, leaves, has }
    }

    fn max_doc(&self) -> u32 {
        self.segment.max_doc()
    }

    /// The articles that match the whole query. Where several parts must hold, the rarest comes first, and each is scored only
    /// for the articles that those before it left.
    pub(super) fn root(&mut self, node: &BoundNode) -> Result<DocSet, EngineError> {
        let (must, should, not, some): (&[BoundNode], &[BoundNode], &[BoundNode], bool) = match node {
            BoundNode::And(nodes) if !nodes.is_empty() => (nodes, &[], &[], false),
            BoundNode::Row { must, should, not, words } if !must.is_empty() => (must, should, not, !words.is_empty()),
            _ => return self.node(node),
        };
        let mut order: Vec<&BoundNode> = must.iter().collect();
        order.sort_by(|a, b| self.rarity(b).total_cmp(&self.rarity(a)));
        let mut found = DocSet::full(self.max_doc());
        for node in order {
            found.and(&self.node(node)?);
            self.within = Some(found.clone());
        }
        let any = self.any(should)?;
        if some {
            found.and(&any);
        }
        for node in not {
            found.and_not(&self.node(node)?);
        }
        Ok(found)
    }

    /// The idf of a node in the whole collection. Nodes are evaluated in this order in every segment, so scores, which are sums
    /// of floats, are the same everywhere.
    fn rarity(&self, node: &BoundNode) -> f32 {
        match node {
            BoundNode::Leaf(id) => self.weight.leaf(*id).idf,
            _ => 0.0,
        }
    }

    fn node(&mut self, node: &BoundNode) -> Result<DocSet, EngineError> {
        fence::check();
        Ok(match node {
            BoundNode::All => DocSet::full(self.max_doc()),
            BoundNode::Nothing => DocSet::empty(self.max_doc()),
            BoundNode::Leaf(id) => self.leaf(*id)?,
            BoundNode::Named(leaf, values) => self.named(*leaf, *values)?,
            BoundNode::Values(id) => self.values(self.weight.bound.value_set(*id))?,
            BoundNode::Dates(of, range) => self.dates(*of, range)?,
            BoundNode::Not(inner) => {
                let mut found = DocSet::full(self.max_doc());
                found.and_not(&self.node(inner)?);
                found
            }
            BoundNode::And(nodes) => self.all(nodes)?,
            BoundNode::Or(nodes) => self.any(nodes)?,
            BoundNode::Row { must, should, not, words } => {
                let any = self.any(should)?;
                let mut found = if must.is_empty() && !should.is_empty() { any.clone() } else { self.all(must)? };
                if !words.is_empty() {
                    found.and(&any);
                }
                for node in not {
                    found.and_not(&self.node(node)?);
                }
                found
            }
        })
    }

    fn all(&mut self, nodes: &[BoundNode]) -> Result<DocSet, EngineError> {
        let mut found: Option<DocSet> = None;
        for node in nodes {
            let next = self.node(node)?;
            match &mut found {
                Some(found) => found.and(&next),
                None => found = Some(next),
            }
        }
        Ok(found.unwrap_or_else(|| DocSet::full(self.max_doc())))
    }

    fn any(&mut self, nodes: &[BoundNode]) -> Result<DocSet, EngineError> {
        let mut found = DocSet::empty(self.max_doc());
        for node in nodes {
            found.or(&self.node(node)?);
        }
        Ok(found)
    }

    fn values(&self, values: &ValueSet) -> Result<DocSet, EngineError> {
        let mut found = DocSet::empty(self.max_doc());
        let index = self.segment.inverted_index(self.collection.value_field(values.field))?;
        for term in &values.terms {
            if let Some(info) = index.terms().get(term.as_bytes())? {
                each_block(&index, &info, IndexRecordOption::Basic, |block| found.extend(block.docs()))?;
            }
        }
        Ok(found)
    }

    /// Articles with the words, and those that mention the actor in other words, which score as if they had the words once.
    fn named(&mut self, leaf: LeafId, values: ValuesId) -> Result<DocSet, EngineError> {
        let seen = self.leaves[leaf.0].is_some();
        let mut found = self.leaf(leaf)?;
        let mut others = self.values(self.weight.bound.value_set(values))?;
        others.and_not(&found);
        let weight = self.weight.leaf(leaf).weight;
        if weight > 0.0 && !seen {
            let counts: Vec<(u32, u32)> = others.iter().map(|doc| (doc, 1)).collect();
            self.add(&counts, weight)?;
        }
        self.has[leaf.0] |= !others.is_empty();
        found.or(&others);
        Ok(found)
    }

    fn dates(&self, of: Time, range: &std::ops::Range<i64>) -> Result<DocSet, EngineError> {
        let mut found = DocSet::empty(self.max_doc());
        let times = self.collection.times(self.number, of)?;
        for doc in 0..self.max_doc() {
            if times.first(doc).is_some_and(|at| range.contains(&at)) {
                found.set(doc);
            }
        }
        Ok(found)
    }

    fn leaf(&mut self, id: LeafId) -> Result<DocSet, EngineError> {
        if let Some(found) = &self.leaves[id.0] {
            return Ok(found.clone());
        }
        let postings = self.weight.leaf(id);
        let pattern = &self.weight.bound.leaf(id).pattern;
        let mut found = DocSet::empty(self.max_doc());
        let counts = match (pattern.part, pattern.slots.as_slice()) {
            (Part::Any, [_]) => {
                self.word(&postings.sources[self.number][0], postings.weight, &mut found)?;
                Vec::new()
            }
            (part @ (Part::Title | Part::Body), [slot]) if slot.is_written() => self.written(part, postings)?,
            _ => match &postings.loose {
                Some((loose, terms)) => self.verified(pattern, postings, loose, terms)?,
                None => self.positional(pattern, postings)?,
            },
        };
        counts.iter().for_each(|(doc, _)| found.set(*doc));
        if postings.weight > 0.0 && self.scores.is_some() {
            self.add(&counts, postings.weight)?;
            if pattern.slots.iter().all(|slot| !slot.is_written()) && pattern.part != Part::Body {
                self.add_titles(&postings.titles[self.number], postings.title_weight)?;
            }
        }
        self.has[id.0] |= !found.is_empty();
        self.leaves[id.0] = Some(found.clone());
        Ok(found)
    }

    /// Sets the articles of a single word, and scores them where scores are wanted.
    fn word(&mut self, slot: &[Source], weight: f32, found: &mut DocSet) -> Result<(), EngineError> {
        let (fields, scored) = (self.collection.fields, weight > 0.0 && self.scores.is_some());
        if let ([source], true, Some(scores)) = (slot, scored, self.scores.as_deref_mut()) {
            let lengths = self.segment.get_fieldnorms_reader(fields.text)?;
            let index = self.segment.inverted_index(source.field(fields))?;
            return each_block(&index, &source.info, IndexRecordOption::WithFreqs, |block| {
                found.extend(block.docs());
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                let postings = postings.filter(|(doc, _)| can_score(&self.within, *doc));
                self.weight.text.add(postings, weight, |doc| lengths.fieldnorm_id(doc), scores);
            });
        }
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for source in slot {
            let index = self.segment.inverted_index(source.field(fields))?;
            match scored {
                true => each_block(&index, &source.info, IndexRecordOption::WithFreqs, |block| {
                    found.extend(block.docs());
                    joined.extend(block.docs().iter().copied().zip(block.freqs().iter().copied()));
                })?,
                false => each_block(&index, &source.info, IndexRecordOption::Basic, |b| found.extend(b.docs()))?,
            }
        }
        if scored { self.add(&summed(joined), weight) } else { Ok(()) }
    }

    /// Adds the scores of articles with their frequencies.
    fn add(&mut self, counts: &[(u32, u32)], weight: f32) -> Result<(), EngineError> {
        if let Some(scores) = self.scores.as_deref_mut().filter(|_| !counts.is_empty()) {
            let lengths = self.segment.get_fieldnorms_reader(self.collection.fields.text)?;
            let counts = counts.iter().copied().filter(|(doc, _)| can_score(&self.within, *doc));
            self.weight.text.add(counts, weight, |doc| lengths.fieldnorm_id(doc), scores);
        }
        Ok(())
    }

    fn add_titles(&mut self, infos: &[TermInfo], weight: f32) -> Result<(), EngineError> {
        let Some(scores) = self.scores.as_deref_mut().filter(|_| !infos.is_empty() && weight > 0.0) else {
            return Ok(());
        };
        let index = self.segment.inverted_index(self.collection.fields.title)?;
        let lengths = self.segment.get_fieldnorms_reader(self.collection.fields.title)?;
        for info in infos {
            each_block(&index, info, IndexRecordOption::WithFreqs, |block| {
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                let postings = postings.filter(|(doc, _)| can_score(&self.within, *doc));
                self.weight.title.add(postings, weight, |doc| lengths.fieldnorm_id(doc), scores);
            })?;
        }
        Ok(())
    }

    /// The postings of each slot of a leaf, to be read side by side.
    fn cursors(
        &self,
        part: Part,
        postings: &LeafPostings,
        option: IndexRecordOption,
    ) -> Result<Vec<Cursor>, EngineError> {
        self.side_by_side(part, postings, |index, source| PostingList::skipping(index, &source.info, option))
    }

    fn side_by_side(
        &self,
        part: Part,
        postings: &LeafPostings,
        list: impl Fn(&InvertedIndexReader, &Source) -> Result<PostingList, EngineError>,
    ) -> Result<Vec<Cursor>, EngineError> {
        let mut cursors = Vec::new();
        for slot in &postings.sources[self.number] {
            let mut lists = Vec::with_capacity(slot.len());
            for source in slot {
                let field = if source.form { self.collection.fields.form } else { self.collection.text_field(part) };
                lists.push(list(self.segment.inverted_index(field)?.as_ref(), source)?);
            }
            cursors.push(Cursor::new(lists));
        }
        Ok(cursors)
    }

    /// The articles where the pattern holds by position, with the number of its matches. Where there are many to look at,
    /// lists are read whole, and a second thread takes the latter half of the segment.
    fn positional(&self, pattern: &Pattern, postings: &LeafPostings) -> Result<Vec<(u32, u32)>, EngineError> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let rarest = postings.sources[self.number].iter().map(|slot| frequency(slot)).min().unwrap_or(0);
        if rarest < self.weight.many {
            return join(pattern, self.cursors(pattern.part, postings, option)?, 0..self.max_doc());
        }
        let file = positions_file(&self.collection.searcher, self.segment, self.collection.text_field(pattern.part));
        let list = |index: &InvertedIndexReader, source: &Source| match &file {
            Some(file) if u64::from(source.info.doc_freq) < WHOLE * rarest => {
                PostingList::whole(index, &source.info, file)
            }
            _ => PostingList::skipping(index, &source.info, option),
        };
        let cursors = || self.side_by_side(pattern.part, postings, list);
        let (former, latter, all) = (cursors()?, cursors()?, self.max_doc());
        let half = all / 2;
        let former = || join(pattern, former, 0..half);
        let (found, rest) = both(true, former, || join(pattern, latter, half..all));
        let mut found = found?;
        found.extend(rest?);
        Ok(found)
    }

    /// The articles that have a word as written in the title or in the body, with its frequency there.
    fn written(&self, part: Part, postings: &LeafPostings) -> Result<Vec<(u32, u32)>, EngineError> {
        let fields = self.collection.fields;
        let counts = |infos: &mut dyn Iterator<Item = &TermInfo>, field: IndexField| {
            let mut joined = Vec::new();
            let index = self.segment.inverted_index(field)?;
            for info in infos {
                each_block(&index, info, IndexRecordOption::WithFreqs, |block| {
                    joined.extend(block.docs().iter().copied().zip(block.freqs().iter().copied()));
                })?;
            }
            Ok::<_, EngineError>(summed(joined))
        };
        let in_titles = counts(&mut postings.titles[self.number].iter(), fields.title_form)?;
        if part == Part::Title {
            return Ok(in_titles);
        }
        let mut whole = counts(&mut postings.sources[self.number][0].iter().map(|source| &source.info), fields.form)?;
        let mut titles = in_titles.into_iter().peekable();
        whole.retain_mut(|(doc, count)| {
            while titles.next_if(|(title, _)| title < doc).is_some() {}
            let in_title = titles.peek().filter(|(title, _)| title == doc).map_or(0, |(_, count)| *count);
            *count = count.saturating_sub(in_title);
            *count > 0
        });
        Ok(whole)
    }

    /// The articles where words as written stand as the pattern asks.
    ///
    /// The index knows where the terms stand. Where all a term's occurrences in an article are written as asked, that
    /// settles it; where not, the kept text is looked at.
    fn verified(
        &self,
        pattern: &Pattern,
        postings: &LeafPostings,
        loose: &Pattern,
        terms: &LeafPostings,
    ) -> Result<Vec<(u32, u32)>, EngineError> {
        let mut written = self.cursors(pattern.part, postings, IndexRecordOption::WithFreqs)?;
        let mut any = self.cursors(pattern.part, terms, IndexRecordOption::WithFreqs)?;
        let matcher = Matcher::new(std::slice::from_ref(pattern));
        let mut analyzer = Analyzer::new();
        let seqs = self.collection.seqs(self.number)?;
        let mut out = Vec::new();
        for (doc, count) in self.positional(loose, terms)? {
            fence::check();
            let (mut here, mut settled) = (true, true);
            for (written, any) in written.iter_mut().zip(&mut any) {
                let frequency = written.frequency(doc);
                here &= frequency > 0;
                settled &= frequency == any.frequency(doc);
            }
            let count = match (here, settled) {
                (false, _) => 0,
                (true, true) => count,
                (true, false) => {
                    let seq = VersionSeq(seqs.first(doc).unwrap_or_default());
                    self.count_in_text(seq, pattern.part, &matcher, &mut analyzer)?
                }
            };
            if count > 0 {
                out.push((doc, count));
            }
        }
        Ok(out)
    }

    /// How often a pattern holds in the kept text of a version.
    fn count_in_text(
        &self,
        seq: VersionSeq,
        part: Part,
        matcher: &Matcher<'_>,
        analyzer: &mut Analyzer,
    ) -> Result<u32, EngineError> {
        let article = self.collection.archive.borrow_mut().by_seq(seq)?.article;
        let mut count = 0;
        for (of, text) in [(Part::Title, &article.title), (Part::Body, &article.text)] {
            if part == Part::Any || part == of {
                let words = analysis::words(text);
                count += matcher.find(of, text, &words, Terms::Analysed(analyzer)).len();
            }
        }
        Ok(count as u32)
    }
}

/// Whether an article can be in the result.
fn can_score(within: &Option<DocSet>, doc: u32) -> bool {
    within.as_ref().is_none_or(|within| within.has(doc))
}

/// Articles in order, each once, with the sum of its frequencies.
fn summed(mut counts: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
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

#[cfg(test)]
mod tests {
    use tantivy::TantivyDocument;

    use super::*;
    use crate::analysis::Analyzer;
    use crate::archive::Archive;
    use crate::authority::Authority;
    use crate::engine::bind::{BoundQuery, Leaf};
    use crate::index::{Fields, Snapshot};
    use crate::query::pattern::Pattern;
    use crate::query::{Mode, Part, Text};

    /// The articles with a phrase, and the scores of all, where two threads look from `many` articles on.
    fn found(collection: &Collection<'_>, mode: Mode, many: u64) -> (Vec<u32>, Vec<f32>) {
        let text = Text { part: Part::Any, text: "grey frigate".to_owned(), mode };
        let pattern = Pattern::new(&text, &mut Analyzer::new()).unwrap();
        let bound = BoundQuery { leaves: vec![Leaf { text, pattern, weight: 1.0 }], ..BoundQuery::default() };
        let mut weight = Weight::new(collection, bound).unwrap();
        weight.many = many;
        let (found, scores) = scoring(&weight, collection, &BoundNode::Leaf(LeafId(0))).unwrap();
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
