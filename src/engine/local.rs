//! The engine over the index directory of this machine.

use std::cell::RefCell;
use std::collections::BinaryHeap;
use std::path::Path;

use tantivy::{DocAddress, Searcher};

use super::bits::Bits;
use super::exec::Executor;
use super::explain::Step;
use super::labels::{labels, marks};
use super::plan::{Plan, Planner, Prepared, Values, Vocabulary, index_field};
use super::ready::Ready;
use super::{
    Engine, EngineError, Explanation, FacetRequest, FacetResponse, Filters, PairsRequest, PairsResponse, SearchRequest,
    SearchResponse, Sort, TimelineRequest, TimelineResponse, pairs, rerank, stories, timeline,
};
use crate::analysis::Analyzer;
use crate::archive::{Archive, Stored};
use crate::article::Moment;
use crate::authority::Authority;
use crate::directory::headings;
use crate::index::{Fields, Snapshot};
use crate::ingest::{self, IngestError};
use crate::query::{self, Field, Query};
use crate::tag::Via;

/// The engine over an open archive and index.
pub struct LocalEngine<'a> {
    pub(super) archive: RefCell<Archive>,
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) gone: Vec<u64>,
    pub(super) authority: &'a Authority,
    pub(super) analyzer: Analyzer,
}

impl std::fmt::Debug for LocalEngine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalEngine").field("archive", &self.archive).finish_non_exhaustive()
    }
}

/// A query carried out: what it matches, segment by segment.
pub(super) struct Outcome {
    pub(super) query: Query,
    pub(super) plan: Plan,
    pub(super) prepared: Prepared,
    pub(super) ready: Vec<Ready>,
    pub(super) understood: String,
    /// The query alone, without the filters beside it.
    pub(super) matched: Vec<Bits>,
    /// Each filter beside it, with its field.
    pub(super) filters: Vec<(Option<Field>, Vec<Bits>)>,
    pub(super) scores: Vec<Vec<f32>>,
    /// The scores after each step, where they are to be explained.
    pub(super) steps: Option<Vec<Step>>,
    /// Words that feedback added.
    pub(super) learnt: Vec<(String, f32)>,
}

/// What a query matches, segment by segment, without an order.
pub(super) struct Matched {
    pub(super) bits: Vec<Bits>,
    pub(super) understood: String,
    pub(super) notes: Vec<String>,
}

impl Outcome {
    /// The articles that match with all filters but those on `except`.
    pub(super) fn bits(&self, except: Option<Field>) -> Vec<Bits> {
        let mut out = self.matched.clone();
        for (field, bits) in &self.filters {
            if except.is_none() || *field != except {
                out.iter_mut().zip(bits).for_each(|(all, bits)| all.and(bits));
            }
        }
        out
    }

    /// Keeps the scores as they are after a step.
    fn step(&mut self, name: &'static str) {
        if let Some(steps) = &mut self.steps {
            steps.push((name, self.scores.clone()));
        }
    }
}

struct IndexVocabulary<'a> {
    searcher: &'a Searcher,
    fields: Fields,
}

impl Vocabulary for IndexVocabulary<'_> {
    fn values(&self, field: Field) -> Result<Vec<String>, EngineError> {
        let mut out = Vec::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(index_field(&self.fields, field))?;
            let mut stream = index.terms().stream()?;
            while let Some((key, _)) = stream.next() {
                out.push(String::from_utf8_lossy(key).into_owned());
            }
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
    }

    fn has(&self, field: Field, value: &str) -> Result<bool, EngineError> {
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(index_field(&self.fields, field))?;
            if index.terms().get(value.as_bytes())?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl LocalEngine<'static> {
    /// An engine over the index of a directory, with the headings that it was made with. Headings of its own stay in memory
    /// until the process ends.
    ///
    /// # Errors
    ///
    /// [`IngestError::Outdated`] where the index was made by other rules; where there is none or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, IngestError> {
        let own = headings::own(dir)?;
        let authority = own.map_or_else(Authority::bundled, |authority| Box::leak(Box::new(authority)));
        let (archive, index) = ingest::open(dir, authority)?;
        Ok(Self::new(archive, index, authority))
    }
}

impl<'a> LocalEngine<'a> {
    /// An engine over an open archive and its index.
    pub fn new(archive: Archive, index: Snapshot, authority: &'a Authority) -> Self {
        Self {
            archive: RefCell::new(archive),
            searcher: index.searcher,
            fields: index.fields,
            gone: index.gone,
            authority,
            analyzer: Analyzer::new(),
        }
    }

    pub(super) fn run(
        &mut self,
        text: &str,
        filters: &Filters,
        now: &Moment,
        scored: bool,
    ) -> Result<Outcome, EngineError> {
        let query = query::parse(text, now).map_err(|error| EngineError::Query {
            message: error.message,
            span: error.span,
            hint: error.hint,
        })?;
        self.carry_out(query, filters, scored)
    }

    /// Finds what a query and filters match.
    pub(super) fn carry_out(&mut self, query: Query, filters: &Filters, scored: bool) -> Result<Outcome, EngineError> {
        let vocabulary = IndexVocabulary { searcher: &self.searcher, fields: self.fields };
        let mut planner = Planner::new(self.authority, &vocabulary, &mut self.analyzer);
        let plan = planner.query(&query)?;
        let filter_plans = planner.filters(filters)?;
        let prepared = planner.out;
        let executor = Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?.judging(&prepared)?;
        let ready = executor.ready(&prepared.leaves)?;
        let (mut matched, mut scores) = (Vec::new(), Vec::new());
        let mut filters: Vec<(Option<Field>, Vec<Bits>)> =
            filter_plans.iter().map(|(field, _)| (*field, Vec::new())).collect();
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let mut part = if scored { vec![0.0; segment.max_doc() as usize] } else { Vec::new() };
            let number = number as u32;
            matched.push(executor.segment(number, &plan, &prepared, &ready, scored.then_some(&mut part))?);
            for ((_, plan), (_, bits)) in filter_plans.iter().zip(&mut filters) {
                bits.push(executor.segment(number, plan, &prepared, &ready, None)?);
            }
            scores.push(part);
        }
        let understood = query.to_string();
        let (steps, learnt) = (None, Vec::new());
        Ok(Outcome { query, plan, prepared, ready, understood, matched, filters, scores, steps, learnt })
    }

    /// The best articles in order: address and score.
    fn top(
        &self,
        bits: &[Bits],
        scores: &[Vec<f32>],
        sort: Sort,
        wanted: usize,
    ) -> Result<Vec<(DocAddress, f32)>, EngineError> {
        let mut heap: BinaryHeap<std::cmp::Reverse<Ranked>> = BinaryHeap::new();
        for (number, bits) in bits.iter().enumerate() {
            let published = match sort {
                Sort::Relevance => None,
                _ => Some(self.searcher.segment_reader(number as u32).fast_fields().i64("published")?),
            };
            let seqs = self.searcher.segment_reader(number as u32).fast_fields().u64("seq")?;
            let mut worst = f32::NEG_INFINITY;
            bits.iter().for_each(|doc| {
                let score = scores[number][doc as usize];
                if sort == Sort::Relevance && score < worst {
                    return;
                }
                let date = published.as_ref().and_then(|column| column.first(doc));
                let date = match sort {
                    Sort::Relevance => 0,
                    Sort::Newest => date.unwrap_or(i64::MIN),
                    Sort::Oldest => date.map_or(i64::MIN, |at| at.saturating_neg()),
                };
                let full = heap.len() >= wanted;
                if full && heap.peek().is_none_or(|worst| (date, score) < (worst.0.date, worst.0.score)) {
                    return;
                }
                let seq = seqs.first(doc).unwrap_or_default();
                let ranked = Ranked { date, score, seq, address: DocAddress::new(number as u32, doc) };
                if !full {
                    heap.push(std::cmp::Reverse(ranked));
                } else if heap.peek().is_some_and(|worst| ranked > worst.0) {
                    heap.pop();
                    heap.push(std::cmp::Reverse(ranked));
                }
                if heap.len() >= wanted {
                    worst = heap.peek().map_or(worst, |worst| worst.0.score);
                }
            });
        }
        Ok(heap.into_sorted_vec().into_iter().map(|ranked| (ranked.0.address, ranked.0.score)).collect())
    }

    /// The best articles after second looks at them.
    fn ranked(
        &mut self,
        outcome: &mut Outcome,
        bits: &[Bits],
        request: &SearchRequest,
    ) -> Result<Vec<(DocAddress, f32)>, EngineError> {
        let wanted = request.offset.saturating_add(request.limit);
        if wanted == 0 {
            return Ok(Vec::new());
        }
        outcome.step("text");
        let executor = Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?;
        if request.feedback && rerank::is_short(&outcome.prepared) {
            let best = self.top(bits, &outcome.scores, Sort::Relevance, rerank::TEACHERS)?;
            let articles = self.stored(&best)?.into_iter().map(|stored| stored.article);
            let teachers: Vec<_> = articles.zip(best.iter().map(|(_, score)| *score)).collect();
            if teachers.len() > 1 {
                let learnt = rerank::learn(&executor, &mut self.analyzer, &teachers)?;
                rerank::join(&executor, &outcome.prepared, &learnt, bits, &mut outcome.scores)?;
                outcome.learnt = learnt;
                outcome.step("feedback");
            }
        }
        if !outcome.prepared.pairs.is_empty() {
            let best = self.top(bits, &outcome.scores, Sort::Relevance, rerank::CLOSER)?;
            rerank::closeness(&executor, &outcome.prepared, &outcome.ready, &best, &mut outcome.scores)?;
            outcome.step("closeness");
        }
        if let Some(half_life) = request.recency {
            rerank::recency(&executor, request.now.seconds(), half_life, bits, &mut outcome.scores)?;
            outcome.step("recency");
        }
        self.top(bits, &outcome.scores, Sort::Relevance, wanted)
    }

    /// What matches a request, and the best of it in order.
    fn best(&mut self, request: &SearchRequest) -> Result<Best, EngineError> {
        let outcome = self.run(&request.query, &request.filters, &request.now, true)?;
        self.select(outcome, request)
    }

    /// The best of what matches in order.
    pub(super) fn select(&mut self, mut outcome: Outcome, request: &SearchRequest) -> Result<Best, EngineError> {
        outcome.steps = request.explain.then(Vec::new);
        let mut bits = outcome.bits(None);
        self.enough_mentions(&outcome, &request.filters, &mut bits)?;
        let copies = bits.iter().map(Bits::count).sum();
        if !request.all_copies {
            stories::keep_best(&self.searcher, self.fields, &mut bits, &outcome.scores)?;
        }
        let total = bits.iter().map(Bits::count).sum();
        let wanted = request.offset.saturating_add(request.limit);
        let best = match request.sort {
            Sort::Relevance => self.ranked(&mut outcome, &bits, request)?,
            sort => self.top(&bits, &outcome.scores, sort, wanted)?,
        };
        Ok(Best { outcome, total, copies, best })
    }

    /// The response: the hits with their passages, and what is to be said beside them.
    pub(super) fn answer(&mut self, best: Best, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        let Best { mut outcome, total, copies, best } = best;
        let notes = std::mem::take(&mut outcome.prepared.notes);
        let shown = best.get(request.offset..).unwrap_or_default();
        let mut hits = self.hits(shown, &outcome, request)?;
        if request.explain {
            let bare = self.bare_scores(&outcome)?;
            for (hit, (address, score)) in hits.iter_mut().zip(shown) {
                hit.score_parts = self.score_parts(&outcome, &bare, *address, *score);
            }
        }
        let mut response = SearchResponse { total, copies, notes, hits, ..SearchResponse::default() };
        if total == 0 {
            response.suggestions = self.suggestions(request, &outcome)?;
            response.emptied_by = self.emptied_by(request, &outcome)?;
        }
        if request.explain {
            let learnt = std::mem::take(&mut outcome.learnt);
            response.explanation = Some(Explanation { learnt, ..self.explanation(request, &outcome)? });
        }
        response.understood = outcome.understood;
        Ok(response)
    }

    /// The actors that each of these names means.
    pub(super) fn named_actors(
        &mut self,
        names: &[String],
        filters: &Filters,
    ) -> Result<Vec<Vec<String>>, EngineError> {
        let filters = Filters { actor: names.to_vec(), broader: filters.broader, ..Filters::default() };
        let vocabulary = IndexVocabulary { searcher: &self.searcher, fields: self.fields };
        let mut planner = Planner::new(self.authority, &vocabulary, &mut self.analyzer);
        planner.filters(&filters)?;
        Ok(planner.out.values.into_iter().map(|values| values.terms).collect())
    }

    /// What a query and filters match, without an order.
    pub(super) fn matched(&mut self, text: &str, filters: &Filters, now: &Moment) -> Result<Matched, EngineError> {
        let outcome = self.run(text, filters, now, false)?;
        let mut bits = outcome.bits(None);
        self.enough_mentions(&outcome, filters, &mut bits)?;
        Ok(Matched { bits, understood: outcome.understood, notes: outcome.prepared.notes })
    }

    /// Some articles as the archive has them.
    pub(super) fn stored(&self, best: &[(DocAddress, f32)]) -> Result<Vec<Stored>, EngineError> {
        let seqs = self.seqs(best)?;
        let mut archive = self.archive.borrow_mut();
        seqs.into_iter().map(|seq| Ok(archive.by_seq(seq)?)).collect()
    }

    /// The numbers of the versions of some articles. A column is opened once: the larger its segment, the longer that takes.
    fn seqs(&self, best: &[(DocAddress, f32)]) -> Result<Vec<u64>, EngineError> {
        let mut columns = Vec::new();
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let wanted = best.iter().any(|(address, _)| address.segment_ord as usize == number);
            columns.push(if wanted { Some(segment.fast_fields().u64("seq")?) } else { None });
        }
        let seq = |address: &DocAddress| columns[address.segment_ord as usize].as_ref()?.first(address.doc_id);
        Ok(best.iter().map(|(address, _)| seq(address).unwrap_or_default()).collect())
    }

    /// Takes out the articles in which an actor that is asked for is mentioned too seldom.
    pub(super) fn enough_mentions(
        &self,
        outcome: &Outcome,
        filters: &Filters,
        bits: &mut [Bits],
    ) -> Result<(), EngineError> {
        if filters.min_mentions < 2 && !filters.no_metonyms {
            return Ok(());
        }
        let wanted: Vec<&Values> =
            outcome.prepared.values.iter().filter(|values| values.wanted && values.field == Field::Actor).collect();
        for (number, bits) in bits.iter_mut().enumerate() {
            for doc in bits.iter().collect::<Vec<_>>() {
                let address = DocAddress::new(number as u32, doc);
                let actors =
                    labels(&self.searcher, self.authority, &[(address, 0.0)], "actor")?.pop().unwrap_or_default();
                let (title, text) = marks(&self.searcher, address)?;
                let counted = |values: &&Values| {
                    let marks = title.iter().chain(&text).filter(|mark| {
                        let named = actors.get(mark.actor).is_some_and(|actor| values.terms.contains(&actor.id));
                        named && !(filters.no_metonyms && mark.via == Via::Metonym)
                    });
                    marks.count() >= filters.min_mentions.max(1) as usize
                };
                if !wanted.iter().all(counted) {
                    bits.unset(doc);
                }
            }
        }
        Ok(())
    }
}

/// What a request matches, and the best of it in order.
pub(super) struct Best {
    outcome: Outcome,
    /// Stories, or articles where all copies were asked for.
    total: u64,
    /// Articles.
    copies: u64,
    best: Vec<(DocAddress, f32)>,
}

/// An article on its way into the list of the best; greater is better. Ties go to the one that came in first, so that an
/// index made anew gives the same order.
#[derive(PartialEq)]
struct Ranked {
    date: i64,
    score: f32,
    seq: u64,
    address: DocAddress,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.date.cmp(&other.date).then(self.score.total_cmp(&other.score)).then_with(|| other.seq.cmp(&self.seq))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Engine for LocalEngine<'_> {
    fn search(&mut self, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        let best = self.best(request)?;
        self.answer(best, request)
    }

    fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
        let best = self.best(request)?.best;
        let best = best.get(request.offset..).unwrap_or_default();
        let seqs = self.seqs(best)?;
        let archive = self.archive.borrow();
        seqs.into_iter().zip(best).map(|(seq, (_, score))| Ok((archive.id_of(seq)?, *score))).collect()
    }

    fn similar(&mut self, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        self.more_like(id, request)
    }

    fn timeline(&mut self, request: &TimelineRequest) -> Result<TimelineResponse, EngineError> {
        timeline::timeline(self, request)
    }

    fn pairs(&mut self, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
        pairs::pairs(self, request)
    }

    fn facets(&mut self, request: &FacetRequest) -> Result<FacetResponse, EngineError> {
        self.count_facets(request)
    }
}
