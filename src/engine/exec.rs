//! Plans carried out over tantivy's postings, set by set.
//!
//! Every part of a plan gives the set of articles it matches, as bits; leaves add their BM25 parts to one array of
//! scores on the way (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009). Counts
//! are exact, whatever is cut off later.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use super::bits::Bits;
use super::both::both;
use super::lists::List;
use super::plan::{Leaf, Plan, Prepared, index_field};
use super::postings::{Cursor, K1, Lengths, add_scores, join, length_table, read, summed};
use super::typo::Near;
use super::{EngineError, plan};
use crate::analysis::{self, Analyzer};
use crate::archive::Archive;
use crate::index::{Fields, positions_file};
use crate::query::Part;
use crate::query::pattern::{Alternative, Matcher, Pattern, Slot, Terms};

/// How much long articles pay for their length: more where a query has many words, which long articles have by chance.
const B: f32 = 0.6;
const LONG_B: f32 = 0.75;
/// How fast further occurrences of a word lose weight in a query of many words: in short texts a word stands twice by chance,
/// in long ones it says what they are about. The weights at so many words a text, and what lies between.
const LONG_K1: [(f32, f32); 2] = [(50.0, 0.9), (500.0, 2.0)];
/// How much long titles pay for their length.
const TITLE_B: f32 = 0.5;
/// Weight of a match in the title beside the one in the whole text.
const TITLE: f32 = 0.1;

/// Articles in which all words of a pattern may stand, from which on a second thread is worth it.
const MANY: u64 = 4000;
/// A list so many times as long as the shortest is skipped through; others are read whole.
const WHOLE: u64 = 4;

/// A place where an alternative's postings are.
#[derive(Debug, Clone)]
struct Source {
    form: bool,
    info: TermInfo,
}

impl Source {
    fn field(&self, fields: Fields) -> IndexField {
        if self.form { fields.form } else { fields.text }
    }
}

/// Articles that any of some postings has; those that several have count for each.
fn frequency(slot: &[Source]) -> u64 {
    slot.iter().map(|source| u64::from(source.info.doc_freq)).sum()
}

/// A leaf in every segment, with its weight in the score.
#[derive(Debug)]
pub(super) struct Ready {
    /// For each segment, for each slot, the postings to join.
    sources: Vec<Vec<Vec<Source>>>,
    /// For each segment, the postings in the field of titles, for a single word: of terms, or of words as written.
    titles: Vec<Vec<TermInfo>>,
    /// For words as written side by side, of which the index knows no positions: the terms that have to stand there.
    loose: Option<(Pattern, Box<Ready>)>,
    /// Rarity times the weight in the query.
    pub(super) weight: f32,
    /// Rarity alone, for passages.
    pub(super) idf: f32,
    title_weight: f32,
}

impl Ready {
    /// A match in the title adds nothing any more.
    pub(super) fn leave_out_title(&mut self) {
        self.title_weight = 0.0;
    }

    /// The postings of a leaf of one term in a segment.
    pub(super) fn infos(&self, segment: usize) -> impl Iterator<Item = &TermInfo> {
        self.sources[segment].iter().flatten().filter(|source| !source.form).map(|source| &source.info)
    }
}

/// Carries out plans.
pub(super) struct Executor<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: Fields,
    archive: &'a RefCell<Archive>,
    /// Numbers of articles that no plan takes.
    gone: &'a [u64],
    documents: f32,
    text: Lengths,
    title: Lengths,
}

impl<'a> Executor<'a> {
    pub(super) fn new(
        searcher: &'a Searcher,
        fields: Fields,
        archive: &'a RefCell<Archive>,
        gone: &'a [u64],
    ) -> Result<Self, EngineError> {
        let documents: u64 = searcher.segment_readers().iter().map(|s| u64::from(s.max_doc())).sum();
        let lengths = |field: IndexField, b: f32| -> Result<Lengths, EngineError> {
            let mut tokens = 0;
            for segment in searcher.segment_readers() {
                tokens += segment.inverted_index(field)?.total_num_tokens();
            }
            Ok(length_table((tokens as f32 / documents.max(1) as f32).max(1.0), b, K1))
        };
        let (text, title) = (lengths(fields.text, B)?, lengths(fields.title, TITLE_B)?);
        Ok(Self { searcher, fields, archive, gone, documents: documents as f32, text, title })
    }

    /// Judges lengths and frequencies as the query asks: see [`LONG_B`] and [`LONG_K1`].
    pub(super) fn judging(mut self, prepared: &Prepared) -> Result<Self, EngineError> {
        if !super::rerank::is_brief(prepared) {
            let mut tokens = 0;
            for segment in self.searcher.segment_readers() {
                tokens += segment.inverted_index(self.fields.text)?.total_num_tokens();
            }
            let average = (tokens as f32 / self.documents.max(1.0)).max(1.0);
            self.text = length_table(average, LONG_B, long_k1(average));
        }
        Ok(self)
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
        let mut words = vec![BTreeSet::new(); pattern.slots.len()];
        for segment in self.searcher.segment_readers() {
            let mut slots = Vec::with_capacity(pattern.slots.len());
            for ((slot, found), words) in pattern.slots.iter().zip(&mut found).zip(&mut words) {
                let mut list = Vec::new();
                for alternative in &slot.any {
                    self.look_up(segment, pattern.part, alternative, &mut list, words)?;
                }
                *found += frequency(&list);
                slots.push(list);
            }
            sources.push(slots);
            titles.push(self.titles(segment, pattern, &words)?);
        }
        let idf: f32 = found.iter().map(|found| self.idf(*found)).sum();
        let loose = if pattern.part == Part::Byline { None } else { loosen(pattern, &words) };
        let loose = match loose {
            Some(loose) => Some((loose.clone(), Box::new(self.ready_one(&loose, 0.0)?))),
            None => None,
        };
        Ok(Ready { sources, titles, loose, weight: idf * weight, idf, title_weight: TITLE * idf * weight })
    }

    /// The postings of a single word in titles.
    fn titles(
        &self,
        segment: &SegmentReader,
        pattern: &Pattern,
        words: &[BTreeSet<Key>],
    ) -> Result<Vec<TermInfo>, EngineError> {
        let ([slot], Part::Any | Part::Title | Part::Body) = (pattern.slots.as_slice(), pattern.part) else {
            return Ok(Vec::new());
        };
        let mut out = Vec::new();
        if slot.is_written() {
            if pattern.part != Part::Any {
                let titles = segment.inverted_index(self.fields.title_form)?;
                for key in words.iter().flatten() {
                    out.extend(titles.terms().get(key)?);
                }
            }
        } else if pattern.part != Part::Body {
            let titles = segment.inverted_index(self.fields.title)?;
            for alternative in &slot.any {
                if let Alternative::Term(term) = alternative {
                    out.extend(titles.terms().get(term.as_bytes())?);
                }
            }
        }
        Ok(out)
    }

    /// The postings of an alternative in a segment; `keys` takes those of words as written.
    fn look_up(
        &self,
        segment: &SegmentReader,
        part: Part,
        alternative: &Alternative,
        out: &mut Vec<Source>,
        keys: &mut BTreeSet<Key>,
    ) -> Result<(), EngineError> {
        let home = segment.inverted_index(self.home(part))?;
        if let Alternative::Term(term) = alternative {
            out.extend(home.terms().get(term.as_bytes())?.map(|info| Source { form: false, info }));
            return Ok(());
        }
        let forms = if part == Part::Byline { home } else { segment.inverted_index(self.fields.form)? };
        let form = part != Part::Byline;
        if let Alternative::Form(form_key) = alternative {
            let key = if form { form_key.as_str() } else { form_key.split('\0').next().unwrap_or_default() };
            out.extend(forms.terms().get(key.as_bytes())?.map(|info| Source { form, info }));
            keys.insert(key.as_bytes().to_owned());
            return Ok(());
        }
        let mut take = |key: &[u8], info: &TermInfo| {
            if folded_of(key).is_some_and(|folded| alternative.accepts(folded)) {
                out.push(Source { form, info: info.clone() });
                keys.insert(key.to_owned());
            }
        };
        if let Alternative::Fuzzy(word, distance) = alternative {
            let mut stream = forms.terms().search(Near::new(word, *distance)).into_stream()?;
            while let Some((key, info)) = stream.next() {
                take(key, info);
            }
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
            take(key, info);
        }
        Ok(())
    }

    /// For a folded word that no article has, the nearest word of the index: at most two letters off, among equally near ones
    /// the most frequent.
    pub(super) fn nearest(&self, sought: &str) -> Result<Option<String>, EngineError> {
        // Words two letters off take longer to find, and are wanted only where none is nearer.
        match self.near(sought, 1)? {
            Some(word) => Ok(Some(word)),
            None => self.near(sought, 2),
        }
    }

    /// The most frequent word of the index within `distance` letters of another.
    fn near(&self, sought: &str, distance: u8) -> Result<Option<String>, EngineError> {
        let mut found: HashMap<String, u32> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.form)?;
            let mut stream = index.terms().search(Near::new(sought, distance)).into_stream()?;
            while let Some((key, info)) = stream.next() {
                if let Some(word) = folded_of(key).filter(|word| *word != sought) {
                    *found.entry(word.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        Ok(found.into_iter().min_by_key(|(word, count)| (Reverse(*count), word.clone())).map(|(word, _)| word))
    }

    /// How many articles have a term.
    pub(super) fn frequency(&self, term: &str) -> Result<u64, EngineError> {
        let mut found = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.text)?;
            found += index.terms().get(term.as_bytes())?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(found)
    }

    /// Whether more than a tenth of the articles have a term.
    pub(super) fn is_common(&self, term: &str) -> Result<bool, EngineError> {
        Ok(self.frequency(term)? as f32 > 0.1 * self.documents && self.documents > 100.0)
    }

    /// Adds the BM25 part of a leaf of one term to all articles of a segment.
    pub(super) fn add_term(&self, number: usize, ready: &Ready, scores: &mut [f32]) -> Result<(), EngineError> {
        let segment = self.searcher.segment_reader(number as u32);
        let index = segment.inverted_index(self.fields.text)?;
        let norms = segment.get_fieldnorms_reader(self.fields.text)?;
        for info in ready.infos(number) {
            let mut block = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            while block.block_len() > 0 {
                let postings = block.docs().iter().copied().zip(block.freqs().iter().copied());
                add_scores(postings, ready.weight, &norms, &self.text, scores);
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
            within: None,
            leaves: vec![None; ready.len()],
        };
        let mut bits = run.root(plan)?;
        if let Some(alive) = segment.alive_bitset() {
            for doc in 0..segment.max_doc() {
                if !alive.is_alive(doc) {
                    bits.unset(doc);
                }
            }
        }
        if !self.gone.is_empty() {
            let (index, mut gone) = (segment.inverted_index(self.fields.num)?, Bits::empty(segment.max_doc()));
            for num in self.gone {
                if let Some(info) = index.get_term_info(&Term::from_field_u64(self.fields.num, *num))? {
                    read(&index, &info, None, &mut gone)?;
                }
            }
            bits.and_not(&gone);
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
    /// No article outside can be in the result, so none is scored.
    within: Option<Bits>,
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

    /// As [`Run::plan`] for the whole plan: where several parts must hold, each is scored only for what the ones before it
    /// left, the rarest first.
    fn root(&mut self, plan: &Plan) -> Result<Bits, EngineError> {
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
        if rarest < MANY {
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

/// A key of the field of words as written.
type Key = Vec<u8>;

/// The folded word of a key.
fn folded_of(key: &[u8]) -> Option<&str> {
    key.split(|byte| *byte == 0).next().and_then(|folded| std::str::from_utf8(folded).ok())
}

/// For a row of slots with words as written among them: the same row with all terms that these words can give.
fn loosen(pattern: &Pattern, keys: &[BTreeSet<Key>]) -> Option<Pattern> {
    if pattern.slots.len() < 2 || !pattern.slots.iter().any(Slot::is_written) {
        return None;
    }
    let mut analyzer = Analyzer::new();
    let mut loose = pattern.clone();
    for (slot, keys) in loose.slots.iter_mut().zip(keys) {
        if slot.is_written() {
            let mut terms = BTreeSet::new();
            keys.iter().filter_map(|key| folded_of(key)).for_each(|folded| terms.extend(analyzer.all_terms(folded)));
            slot.any = terms.into_iter().map(Alternative::Term).collect();
        }
    }
    Some(loose)
}

/// See [`LONG_K1`].
fn long_k1(average: f32) -> f32 {
    let [(short, low), (long, high)] = LONG_K1;
    (low + (high - low) * (average - short) / (long - short)).clamp(low, high)
}
