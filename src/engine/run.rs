//! A plan carried out in one segment.

use tantivy::SegmentReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as IndexField, IndexRecordOption};

use super::bits::Bits;
use super::both::both;
use super::exec::Executor;
use super::lists::List;
use super::plan::{Plan, Prepared, index_field};
use super::postings::{Cursor, add_scores, join, read, summed};
use super::ready::{Ready, Source, frequency};
use super::{EngineError, plan};
use crate::analysis::{self, Analyzer};
use crate::index::positions_file;
use crate::query::Part;
use crate::query::pattern::{Matcher, Pattern, Terms};

/// Articles in which all words of a pattern may stand, from which on a second thread is worth it.
pub(super) const MANY: u64 = 4000;
/// A list so many times as long as the shortest is skipped through; others are read whole.
const WHOLE: u64 = 4;

/// One segment under way.
pub(super) struct Run<'a, 'b> {
    executor: &'b Executor<'a>,
    segment: &'b SegmentReader,
    number: usize,
    prepared: &'b Prepared,
    ready: &'b [Ready],
    scores: Option<&'b mut Vec<f32>>,
    /// No article outside can be in the result, so none is scored.
    within: Option<Bits>,
    /// Leaves that were looked up already, so that none is scored twice.
    leaves: Vec<Option<Bits>>,
}

impl<'a, 'b> Run<'a, 'b> {
    pub(super) fn new(
        executor: &'b Executor<'a>,
        number: usize,
        prepared: &'b Prepared,
        ready: &'b [Ready],
        scores: Option<&'b mut Vec<f32>>,
    ) -> Self {
        let segment = executor.searcher.segment_reader(number as u32);
        Self { executor, segment, number, prepared, ready, scores, within: None, leaves: vec![None; ready.len()] }
    }

    fn max_doc(&self) -> u32 {
        self.segment.max_doc()
    }

    fn plan(&mut self, plan: &Plan) -> Result<Bits, EngineError> {
        Ok(match plan {
            Plan::All => Bits::full(self.max_doc()),
            Plan::Nothing => Bits::empty(self.max_doc()),
            Plan::Leaf(number) => self.leaf(*number)?,
            Plan::Named(leaf, values) => self.named(*leaf, *values)?,
            Plan::Values(number) => self.values(&self.prepared.values[*number])?,
            Plan::Dates(range) => self.dates(range)?,
            Plan::Not(inner) => {
                let mut bits = Bits::full(self.max_doc());
                bits.and_not(&self.plan(inner)?);
                bits
            }
            Plan::And(plans) => self.all(plans)?,
            Plan::Or(plans) => self.any(plans)?,
            Plan::Row { must, should, not } => {
                let any = self.any(should)?;
                let mut bits = if must.is_empty() && !should.is_empty() { any } else { self.all(must)? };
                for plan in not {
                    bits.and_not(&self.plan(plan)?);
                }
                bits
            }
        })
    }

    /// As [`Run::plan`] for the whole plan: where several parts must hold, each is scored only for what the ones before it
    /// left, the rarest first.
    pub(super) fn root(&mut self, plan: &Plan) -> Result<Bits, EngineError> {
        let (must, should, not): (&[Plan], &[Plan], &[Plan]) = match plan {
            Plan::And(plans) if !plans.is_empty() => (plans, &[], &[]),
            Plan::Row { must, should, not } if !must.is_empty() => (must, should, not),
            _ => return self.plan(plan),
        };
        let mut order: Vec<&Plan> = must.iter().collect();
        order.sort_by(|a, b| self.rarity(b).total_cmp(&self.rarity(a)));
        let mut bits = Bits::full(self.max_doc());
        for plan in order {
            bits.and(&self.plan(plan)?);
            self.within = Some(bits.clone());
        }
        self.any(should)?;
        for plan in not {
            bits.and_not(&self.plan(plan)?);
        }
        Ok(bits)
    }

    /// How rare a plan's articles are, in all segments alike, so that scores add up in one order in every one.
    fn rarity(&self, plan: &Plan) -> f32 {
        match plan {
            Plan::Leaf(number) => self.ready[*number].idf,
            _ => 0.0,
        }
    }

    fn all(&mut self, plans: &[Plan]) -> Result<Bits, EngineError> {
        let mut bits: Option<Bits> = None;
        for plan in plans {
            let next = self.plan(plan)?;
            match &mut bits {
                Some(bits) => bits.and(&next),
                None => bits = Some(next),
            }
        }
        Ok(bits.unwrap_or_else(|| Bits::full(self.max_doc())))
    }

    fn any(&mut self, plans: &[Plan]) -> Result<Bits, EngineError> {
        let mut bits = Bits::empty(self.max_doc());
        for plan in plans {
            bits.or(&self.plan(plan)?);
        }
        Ok(bits)
    }

    fn values(&self, values: &plan::Values) -> Result<Bits, EngineError> {
        let mut bits = Bits::empty(self.max_doc());
        let index = self.segment.inverted_index(index_field(&self.executor.fields, values.field))?;
        for term in &values.terms {
            if let Some(info) = index.terms().get(term.as_bytes())? {
                let mut block = index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                while block.block_len() > 0 {
                    block.docs().iter().for_each(|doc| bits.set(*doc));
                    block.advance();
                }
            }
        }
        Ok(bits)
    }

    /// Articles that have the word, and those that mention the actor it names otherwise: these count as if they had it once.
    fn named(&mut self, leaf: usize, values: usize) -> Result<Bits, EngineError> {
        let seen = self.leaves[leaf].is_some();
        let mut bits = self.leaf(leaf)?;
        let mut others = self.values(&self.prepared.values[values])?;
        others.and_not(&bits);
        let weight = self.ready[leaf].weight;
        if weight > 0.0 && !seen {
            let counts: Vec<(u32, u32)> = others.iter().map(|doc| (doc, 1)).collect();
            self.add(&counts, weight)?;
        }
        bits.or(&others);
        Ok(bits)
    }

    fn dates(&self, range: &std::ops::Range<i64>) -> Result<Bits, EngineError> {
        let mut bits = Bits::empty(self.max_doc());
        let column = self.segment.fast_fields().i64("published")?;
        for doc in 0..self.max_doc() {
            if column.first(doc).is_some_and(|at| range.contains(&at)) {
                bits.set(doc);
            }
        }
        Ok(bits)
    }

    fn leaf(&mut self, number: usize) -> Result<Bits, EngineError> {
        if let Some(bits) = &self.leaves[number] {
            return Ok(bits.clone());
        }
        let ready = &self.ready[number];
        let pattern = &self.prepared.leaves[number].pattern;
        let mut bits = Bits::empty(self.max_doc());
        let counts = match (pattern.part, pattern.slots.as_slice()) {
            (Part::Any, [_]) => {
                self.postings(&ready.sources[self.number][0], ready.weight, &mut bits)?;
                Vec::new()
            }
            (part @ (Part::Title | Part::Body), [slot]) if slot.is_written() => self.written(part, ready)?,
            _ => match &ready.loose {
                Some((loose, terms)) => self.verified(pattern, ready, loose, terms)?,
                None => self.positional(pattern, ready)?,
            },
        };
        for (doc, _) in &counts {
            bits.set(*doc);
        }
        if ready.weight > 0.0 && self.scores.is_some() {
            self.add(&counts, ready.weight)?;
            if pattern.slots.iter().all(|slot| !slot.is_written()) && pattern.part != Part::Body {
                self.add_titles(&ready.titles[self.number], ready.title_weight)?;
            }
        }
        self.leaves[number] = Some(bits.clone());
        Ok(bits)
    }

    /// Sets the articles of some postings, and scores them where that is wanted.
    fn postings(&mut self, slot: &[Source], weight: f32, bits: &mut Bits) -> Result<(), EngineError> {
        let scored = weight > 0.0 && self.scores.is_some();
        if let ([source], true, Some(scores)) = (slot, scored, self.scores.as_deref_mut()) {
            let norms = self.segment.get_fieldnorms_reader(self.executor.fields.text)?;
            let index = self.segment.inverted_index(source.field(self.executor.fields))?;
            let mut block = index.read_block_postings_from_terminfo(&source.info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                block.docs().iter().for_each(|doc| bits.set(*doc));
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                let postings = postings.filter(|(doc, _)| can_score(&self.within, *doc));
                add_scores(postings, weight, &norms, &self.executor.text, scores);
                block.advance();
            }
            return Ok(());
        }
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for source in slot {
            let index = self.segment.inverted_index(source.field(self.executor.fields))?;
            read(&index, &source.info, scored.then_some(&mut joined), bits)?;
        }
        if scored { self.add(&summed(joined), weight) } else { Ok(()) }
    }

    /// Adds the BM25 part of articles with their frequencies.
    fn add(&mut self, counts: &[(u32, u32)], weight: f32) -> Result<(), EngineError> {
        if let Some(scores) = self.scores.as_deref_mut().filter(|_| !counts.is_empty()) {
            let norms = self.segment.get_fieldnorms_reader(self.executor.fields.text)?;
            let counts = counts.iter().copied().filter(|(doc, _)| can_score(&self.within, *doc));
            add_scores(counts, weight, &norms, &self.executor.text, scores);
        }
        Ok(())
    }

    fn add_titles(&mut self, infos: &[TermInfo], weight: f32) -> Result<(), EngineError> {
        let Some(scores) = self.scores.as_deref_mut().filter(|_| !infos.is_empty() && weight > 0.0) else {
            return Ok(());
        };
        let index = self.segment.inverted_index(self.executor.fields.title)?;
        let norms = self.segment.get_fieldnorms_reader(self.executor.fields.title)?;
        for info in infos {
            let mut block = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                let postings = postings.filter(|(doc, _)| can_score(&self.within, *doc));
                add_scores(postings, weight, &norms, &self.executor.title, scores);
                block.advance();
            }
        }
        Ok(())
    }

    /// The postings of each slot of a leaf, to be read side by side.
    fn cursors(&self, part: Part, ready: &Ready, option: IndexRecordOption) -> Result<Vec<Cursor>, EngineError> {
        self.side_by_side(part, ready, |index, source| List::skipping(index, &source.info, option))
    }

    fn side_by_side(
        &self,
        part: Part,
        ready: &Ready,
        list: impl Fn(&InvertedIndexReader, &Source) -> Result<List, EngineError>,
    ) -> Result<Vec<Cursor>, EngineError> {
        let mut cursors = Vec::new();
        for slot in &ready.sources[self.number] {
            let mut lists = Vec::with_capacity(slot.len());
            for source in slot {
                let field = if source.form { self.executor.fields.form } else { self.executor.home(part) };
                lists.push(list(self.segment.inverted_index(field)?.as_ref(), source)?);
            }
            cursors.push(Cursor::new(lists));
        }
        Ok(cursors)
    }

    /// The articles where the pattern holds by position, with the number of its matches. Where there are many to look at,
    /// lists are read whole, and a second thread takes the latter half of the segment.
    fn positional(&self, pattern: &Pattern, ready: &Ready) -> Result<Vec<(u32, u32)>, EngineError> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let rarest = ready.sources[self.number].iter().map(|slot| frequency(slot)).min().unwrap_or(0);
        if rarest < self.executor.many {
            return join(pattern, self.cursors(pattern.part, ready, option)?, 0..self.max_doc());
        }
        let file = positions_file(self.executor.searcher, self.segment, self.executor.home(pattern.part));
        let list = |index: &InvertedIndexReader, source: &Source| match &file {
            Some(file) if u64::from(source.info.doc_freq) < WHOLE * rarest => List::whole(index, &source.info, file),
            _ => List::skipping(index, &source.info, option),
        };
        let cursors = || self.side_by_side(pattern.part, ready, list);
        let (former, latter, all) = (cursors()?, cursors()?, self.max_doc());
        let half = all / 2;
        let former = || join(pattern, former, 0..half);
        let (found, rest) = both(true, former, || join(pattern, latter, half..all));
        let mut found = found?;
        found.extend(rest?);
        Ok(found)
    }

    /// The articles that have a word as written in the title or in the body, with its frequency there.
    fn written(&self, part: Part, ready: &Ready) -> Result<Vec<(u32, u32)>, EngineError> {
        let fields = self.executor.fields;
        let counts = |infos: &mut dyn Iterator<Item = &TermInfo>, field: IndexField| {
            let (mut joined, mut bits) = (Vec::new(), Bits::empty(self.max_doc()));
            let index = self.segment.inverted_index(field)?;
            for info in infos {
                read(&index, info, Some(&mut joined), &mut bits)?;
            }
            Ok::<_, EngineError>(summed(joined))
        };
        let in_titles = counts(&mut ready.titles[self.number].iter(), fields.title_form)?;
        if part == Part::Title {
            return Ok(in_titles);
        }
        let mut whole = counts(&mut ready.sources[self.number][0].iter().map(|source| &source.info), fields.form)?;
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
        ready: &Ready,
        loose: &Pattern,
        terms: &Ready,
    ) -> Result<Vec<(u32, u32)>, EngineError> {
        let mut written = self.cursors(pattern.part, ready, IndexRecordOption::WithFreqs)?;
        let mut any = self.cursors(pattern.part, terms, IndexRecordOption::WithFreqs)?;
        let matcher = Matcher::new(std::slice::from_ref(pattern));
        let mut analyzer = Analyzer::new();
        let seqs = self.segment.fast_fields().u64("seq")?;
        let mut out = Vec::new();
        for (doc, count) in self.positional(loose, terms)? {
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
                    let seq = seqs.first(doc).unwrap_or_default();
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
        seq: u64,
        part: Part,
        matcher: &Matcher<'_>,
        analyzer: &mut Analyzer,
    ) -> Result<u32, EngineError> {
        let article = self.executor.archive.borrow_mut().by_seq(seq)?.article;
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
fn can_score(within: &Option<Bits>, doc: u32) -> bool {
    within.as_ref().is_none_or(|within| within.has(doc))
}
