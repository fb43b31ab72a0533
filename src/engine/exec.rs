//! Plans carried out over tantivy's postings, set by set.
//!
//! Every part of a plan gives the set of articles it matches, as bits; leaves add their BM25 parts to one array of
//! scores on the way (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009). Counts
//! are exact, whatever is cut off later.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED};

use super::plan::{Leaf, Plan, Prepared, index_field};
use super::{EngineError, plan};
use crate::index::{BODY_POSITION, Fields};
use crate::query::Part;
use crate::query::pattern::{Alternative, Pattern, within};

/// How fast further occurrences of a word lose weight.
pub(super) const K1: f32 = 0.9;
/// How much long articles pay for their length.
pub(super) const B: f32 = 0.55;
/// Weight of a match in the title beside the one in the whole text.
const TITLE: f32 = 0.1;

/// A set of articles of one segment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn empty(max_doc: u32) -> Self {
        Self(vec![0; max_doc.div_ceil(64) as usize])
    }

    fn full(max_doc: u32) -> Self {
        let mut bits = Self(vec![u64::MAX; max_doc.div_ceil(64) as usize]);
        if let Some(last) = bits.0.last_mut()
            && !max_doc.is_multiple_of(64)
        {
            *last = (1 << (max_doc % 64)) - 1;
        }
        bits
    }

    pub(super) fn set(&mut self, doc: u32) {
        self.0[doc as usize / 64] |= 1 << (doc % 64);
    }

    pub(super) fn unset(&mut self, doc: u32) {
        self.0[doc as usize / 64] &= !(1 << (doc % 64));
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn and_not(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    at as u32 * 64 + bit
                })
            })
        })
    }
}

/// A place where an alternative's postings are.
#[derive(Debug, Clone)]
struct Source {
    form: bool,
    info: TermInfo,
}

/// A leaf in every segment, with its weight in the score.
#[derive(Debug)]
pub(super) struct Ready {
    /// For each segment, for each slot, the postings to join.
    sources: Vec<Vec<Vec<Source>>>,
    /// For each segment, the postings in the field of titles, for a single word.
    titles: Vec<Vec<TermInfo>>,
    /// Rarity times the weight in the query.
    pub(super) weight: f32,
    /// Rarity alone, for passages.
    pub(super) idf: f32,
    title_weight: f32,
}

impl Ready {
    /// The postings of a leaf of one term in a segment.
    pub(super) fn infos(&self, segment: usize) -> impl Iterator<Item = &TermInfo> {
        self.sources[segment].iter().flatten().filter(|source| !source.form).map(|source| &source.info)
    }
}

/// Statistics of a field by which lengths are judged.
#[derive(Debug, Clone, Copy)]
struct Lengths {
    average: f32,
}

/// Carries out plans.
pub(super) struct Executor<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: Fields,
    documents: f32,
    text: Lengths,
    title: Lengths,
}

impl<'a> Executor<'a> {
    pub(super) fn new(searcher: &'a Searcher, fields: Fields) -> Result<Self, EngineError> {
        let documents: u64 = searcher.segment_readers().iter().map(|s| u64::from(s.max_doc())).sum();
        let average = |field: IndexField| -> Result<Lengths, EngineError> {
            let mut tokens = 0;
            for segment in searcher.segment_readers() {
                tokens += segment.inverted_index(field)?.total_num_tokens();
            }
            Ok(Lengths { average: (tokens as f32 / documents.max(1) as f32).max(1.0) })
        };
        Ok(Self {
            searcher,
            fields,
            documents: documents as f32,
            text: average(fields.text)?,
            title: average(fields.title)?,
        })
    }

    fn idf(&self, found: u64) -> f32 {
        let found = (found as f32).min(self.documents);
        (1.0 + (self.documents - found + 0.5) / (found + 0.5)).ln()
    }

    fn home(&self, part: Part) -> IndexField {
        if part == Part::Byline { self.fields.byline } else { self.fields.text }
    }

    /// Looks up the leaves' postings and weighs them.
    pub(super) fn ready(&self, leaves: &[Leaf]) -> Result<Vec<Ready>, EngineError> {
        leaves.iter().map(|leaf| self.ready_one(&leaf.pattern, leaf.weight)).collect()
    }

    pub(super) fn ready_one(&self, pattern: &Pattern, weight: f32) -> Result<Ready, EngineError> {
        let mut sources = Vec::new();
        let mut titles = Vec::new();
        let mut found = vec![0u64; pattern.slots.len()];
        let home = self.home(pattern.part);
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(home)?;
            let mut slots = Vec::with_capacity(pattern.slots.len());
            for (slot, found) in pattern.slots.iter().zip(&mut found) {
                let mut list = Vec::new();
                for alternative in &slot.any {
                    self.look_up(segment, &index, pattern.part, alternative, &mut list)?;
                }
                *found += list.iter().map(|source| u64::from(source.info.doc_freq)).sum::<u64>();
                slots.push(list);
            }
            sources.push(slots);
            let mut list = Vec::new();
            if let (Part::Any | Part::Title, [slot]) = (pattern.part, pattern.slots.as_slice()) {
                let titles = segment.inverted_index(self.fields.title)?;
                for alternative in &slot.any {
                    if let Alternative::Term(term) = alternative {
                        list.extend(titles.terms().get(term.as_bytes())?);
                    }
                }
            }
            titles.push(list);
        }
        let idf: f32 = found.iter().map(|found| self.idf(*found)).sum();
        Ok(Ready { sources, titles, weight: idf * weight, idf, title_weight: TITLE * idf * weight })
    }

    fn look_up(
        &self,
        segment: &SegmentReader,
        home: &Arc<InvertedIndexReader>,
        part: Part,
        alternative: &Alternative,
        out: &mut Vec<Source>,
    ) -> Result<(), EngineError> {
        if let Alternative::Term(term) = alternative {
            out.extend(home.terms().get(term.as_bytes())?.map(|info| Source { form: false, info }));
            return Ok(());
        }
        let forms = if part == Part::Byline { Arc::clone(home) } else { segment.inverted_index(self.fields.form)? };
        let form = part != Part::Byline;
        if let Alternative::Form(form_key) = alternative {
            let key = if form { form_key.as_str() } else { form_key.split('\0').next().unwrap_or_default() };
            out.extend(forms.terms().get(key.as_bytes())?.map(|info| Source { form, info }));
            return Ok(());
        }
        let prefix = match alternative {
            Alternative::Glob(glob) => glob.prefix(),
            _ => "",
        };
        let mut stream = forms.terms().range().ge(prefix.as_bytes()).into_stream()?;
        while let Some((key, info)) = stream.next() {
            if !key.starts_with(prefix.as_bytes()) {
                break;
            }
            let folded = key.split(|b| *b == 0).next().and_then(|key| std::str::from_utf8(key).ok());
            if folded.is_some_and(|folded| alternative.accepts(folded)) {
                out.push(Source { form, info: info.clone() });
            }
        }
        Ok(())
    }

    /// The nearest words of the index to a folded word that no article has: at most two letters off, most frequent first.
    pub(super) fn nearest(&self, folded: &str) -> Result<Option<String>, EngineError> {
        let mut found: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.form)?;
            let mut stream = index.terms().stream()?;
            while let Some((key, info)) = stream.next() {
                let Some(word) = key.split(|b| *b == 0).next().and_then(|w| std::str::from_utf8(w).ok()) else {
                    continue;
                };
                if word != folded && within(folded, word, 2) {
                    *found.entry(word.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        let near = |word: &String| u8::from(!within(folded, word, 1));
        let best = found.into_iter().min_by(|a, b| near(&a.0).cmp(&near(&b.0)).then(b.1.cmp(&a.1)).then(a.0.cmp(&b.0)));
        Ok(best.map(|(word, _)| word))
    }

    /// Whether more than a tenth of the articles have a term.
    pub(super) fn is_common(&self, term: &str) -> Result<bool, EngineError> {
        let mut found = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.text)?;
            found += index.terms().get(term.as_bytes())?.map_or(0, |info| info.doc_freq);
        }
        Ok(found as f32 > 0.1 * self.documents && self.documents > 100.0)
    }

    /// Adds the BM25 part of a leaf of one term to all articles of a segment.
    pub(super) fn add_term(&self, number: usize, ready: &Ready, scores: &mut [f32]) -> Result<(), EngineError> {
        let segment = self.searcher.segment_reader(number as u32);
        let index = segment.inverted_index(self.fields.text)?;
        let norms = segment.get_fieldnorms_reader(self.fields.text)?;
        let table = length_table(self.text.average, B);
        for info in ready.infos(number) {
            let mut block = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                for (doc, count) in block.docs().iter().zip(block.freqs()) {
                    let count = *count as f32;
                    let norm = table[usize::from(norms.fieldnorm_id(*doc))];
                    scores[*doc as usize] += ready.weight * (K1 + 1.0) * count / (count + norm);
                }
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
        let mut run = Run {
            executor: self,
            segment,
            number: number as usize,
            prepared,
            ready,
            scores,
            leaves: vec![None; ready.len()],
        };
        let mut bits = run.plan(plan)?;
        if let Some(alive) = segment.alive_bitset() {
            for doc in 0..segment.max_doc() {
                if !alive.is_alive(doc) {
                    bits.0[doc as usize / 64] &= !(1 << (doc % 64));
                }
            }
        }
        Ok(bits)
    }
}

/// One segment under way.
struct Run<'a, 'b> {
    executor: &'b Executor<'a>,
    segment: &'b SegmentReader,
    number: usize,
    prepared: &'b Prepared,
    ready: &'b [Ready],
    scores: Option<&'b mut Vec<f32>>,
    /// Leaves that were looked up already, so that none is scored twice.
    leaves: Vec<Option<Bits>>,
}

impl Run<'_, '_> {
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
        let leaf = &self.prepared.leaves[number];
        let ready = &self.ready[number];
        let pattern = &leaf.pattern;
        let mut bits = Bits::empty(self.max_doc());
        let sources = &ready.sources[self.number];
        let counts: Vec<(u32, u32)> = match (pattern.part, sources.as_slice()) {
            (Part::Any, [slot]) => {
                self.postings(slot, ready.weight, &mut bits)?;
                Vec::new()
            }
            _ => self.positional(pattern, sources)?,
        };
        for (doc, _) in &counts {
            bits.set(*doc);
        }
        if ready.weight > 0.0 && self.scores.is_some() {
            self.add(&counts, ready.weight)?;
            self.add_titles(&ready.titles[self.number], ready.title_weight)?;
        }
        self.leaves[number] = Some(bits.clone());
        Ok(bits)
    }

    /// Sets the articles of some postings, and scores them where that is wanted.
    fn postings(&mut self, slot: &[Source], weight: f32, bits: &mut Bits) -> Result<(), EngineError> {
        let fields = self.executor.fields;
        let scored = weight > 0.0 && self.scores.is_some();
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for source in slot {
            let index = self.segment.inverted_index(if source.form { fields.form } else { fields.text })?;
            let mut block = index.read_block_postings_from_terminfo(&source.info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                block.docs().iter().for_each(|doc| bits.set(*doc));
                if scored {
                    joined.extend(block.docs().iter().copied().zip(block.freqs().iter().copied()));
                }
                block.advance();
            }
        }
        if slot.len() > 1 {
            joined.sort_unstable();
            joined.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                }
                same
            });
        }
        if scored { self.add(&joined, weight) } else { Ok(()) }
    }

    /// Adds the BM25 part of articles with their frequencies.
    fn add(&mut self, counts: &[(u32, u32)], weight: f32) -> Result<(), EngineError> {
        let Some(scores) = self.scores.as_deref_mut() else {
            return Ok(());
        };
        if counts.is_empty() {
            return Ok(());
        }
        let norms = self.segment.get_fieldnorms_reader(self.executor.fields.text)?;
        let table = length_table(self.executor.text.average, B);
        for (doc, count) in counts {
            let count = *count as f32;
            let norm = table[usize::from(norms.fieldnorm_id(*doc))];
            scores[*doc as usize] += weight * (K1 + 1.0) * count / (count + norm);
        }
        Ok(())
    }

    fn add_titles(&mut self, infos: &[TermInfo], weight: f32) -> Result<(), EngineError> {
        let Some(scores) = self.scores.as_deref_mut() else {
            return Ok(());
        };
        if infos.is_empty() || weight == 0.0 {
            return Ok(());
        }
        let index = self.segment.inverted_index(self.executor.fields.title)?;
        let norms = self.segment.get_fieldnorms_reader(self.executor.fields.title)?;
        let table = length_table(self.executor.title.average, 0.5);
        for info in infos {
            let mut block = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                for (doc, count) in block.docs().iter().zip(block.freqs()) {
                    let count = *count as f32;
                    let norm = table[usize::from(norms.fieldnorm_id(*doc))];
                    scores[*doc as usize] += weight * (K1 + 1.0) * count / (count + norm);
                }
                block.advance();
            }
        }
        Ok(())
    }

    /// The articles where the pattern holds by position, with the number of its matches.
    fn positional(&self, pattern: &Pattern, sources: &[Vec<Source>]) -> Result<Vec<(u32, u32)>, EngineError> {
        let mut cursors = Vec::with_capacity(sources.len());
        for slot in sources {
            let mut lists = Vec::with_capacity(slot.len());
            for source in slot {
                let field = if source.form { self.executor.fields.form } else { self.executor.home(pattern.part) };
                let index = self.segment.inverted_index(field)?;
                lists.push(index.read_postings_from_terminfo(&source.info, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if lists.is_empty() {
                return Ok(Vec::new());
            }
            cursors.push(Cursor { lists, positions: Vec::new(), scratch: Vec::new() });
        }
        cursors.len().checked_sub(1).map_or(Ok(Vec::new()), |_| Ok(join(pattern, &mut cursors)))
    }
}

/// The articles in which all slots stand as the pattern asks.
fn join(pattern: &Pattern, cursors: &mut [Cursor]) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    let mut doc = 0;
    'articles: loop {
        let mut target = doc;
        loop {
            let start = target;
            for cursor in cursors.iter_mut() {
                target = cursor.seek(target);
                if target == TERMINATED {
                    break 'articles;
                }
            }
            if target == start {
                break;
            }
        }
        for cursor in cursors.iter_mut() {
            cursor.read(target, pattern.part);
        }
        let views: Vec<&[u32]> = cursors.iter().map(|cursor| cursor.positions.as_slice()).collect();
        if views.iter().all(|view| !view.is_empty()) {
            let matches = pattern.matches(&views).len() as u32;
            if matches > 0 {
                out.push((target, matches));
            }
        }
        doc = target + 1;
    }
    out
}

/// The postings of one slot.
struct Cursor {
    lists: Vec<SegmentPostings>,
    positions: Vec<u32>,
    scratch: Vec<u32>,
}

impl Cursor {
    /// The first article from `target` on that any of the lists has.
    fn seek(&mut self, target: u32) -> u32 {
        let mut best = TERMINATED;
        for list in &mut self.lists {
            let doc = if list.doc() < target { list.seek(target) } else { list.doc() };
            best = best.min(doc);
        }
        best
    }

    fn read(&mut self, doc: u32, part: Part) {
        self.positions.clear();
        for list in self.lists.iter_mut().filter(|list| list.doc() == doc) {
            list.positions(&mut self.scratch);
            self.positions.extend_from_slice(&self.scratch);
        }
        if self.lists.len() > 1 {
            self.positions.sort_unstable();
            self.positions.dedup();
        }
        match part {
            Part::Title => self.positions.retain(|position| *position < BODY_POSITION),
            Part::Body => self.positions.retain(|position| *position >= BODY_POSITION),
            Part::Any | Part::Byline => {}
        }
    }
}

/// For each class of lengths, what BM25 adds to the frequency.
fn length_table(average: f32, b: f32) -> [f32; 256] {
    let mut table = [0.0; 256];
    for (id, norm) in table.iter_mut().enumerate() {
        let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(id as u8) as f32;
        *norm = K1 * (1.0 - b + b * length / average);
    }
    table
}
