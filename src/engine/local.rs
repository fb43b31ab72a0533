//! The engine over the index directory of this machine.

use std::cell::RefCell;
use std::collections::{BinaryHeap, HashMap};

use tantivy::{DocAddress, ReloadPolicy, Searcher};

use super::bits::Bits;
use super::exec::{Executor, Ready};
use super::explain::Step;
use super::plan::{Plan, Planner, Prepared, Values, Vocabulary, index_field};
use super::{
    Engine, EngineError, Explanation, FacetRequest, FacetResponse, Filters, FirstCopy, Heading, Highlight, Hit,
    PairsRequest, PairsResponse, Passage, SearchRequest, SearchResponse, Sort, TimelineRequest, TimelineResponse,
    pairs, rerank, stories, timeline,
};
use crate::analysis::{self, Analyzer, Words};
use crate::archive::{Archive, Group, Stored};
use crate::article::Moment;
use crate::authority::Authority;
use crate::index::mentions::{self, Mark};
use crate::index::{BODY_POSITION, Fields, Index, packed_mentions};
use crate::passage;
use crate::query::pattern::{Found, Matcher, Pattern, Terms};
use crate::query::{self, Field, Part, Query};
use crate::tag::Via;

/// Hits whose articles are held in memory at a time.
const TOGETHER: usize = 50;

/// The engine over an open archive and index.
pub struct LocalEngine<'a> {
    pub(super) archive: RefCell<Archive>,
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
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

impl<'a> LocalEngine<'a> {
    /// An engine over an open archive and its index.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be read.
    pub fn new(archive: Archive, index: Index, authority: &'a Authority) -> Result<Self, EngineError> {
        let reader = index.tantivy.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let reader: tantivy::IndexReader = reader;
        Ok(Self {
            archive: RefCell::new(archive),
            searcher: reader.searcher(),
            fields: index.fields,
            authority,
            analyzer: Analyzer::new(),
        })
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
        let mut planner = Planner {
            authority: self.authority,
            vocabulary: &vocabulary,
            analyzer: &mut self.analyzer,
            out: Prepared::default(),
            broader: false,
        };
        let plan = planner.query(&query)?;
        let filter_plans = planner.filters(filters)?;
        let prepared = planner.out;
        let executor = Executor::new(&self.searcher, self.fields, &self.archive)?.judging(&prepared)?;
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
        let executor = Executor::new(&self.searcher, self.fields, &self.archive)?;
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
        let leaves: Vec<(Pattern, f32)> = outcome
            .prepared
            .leaves
            .iter()
            .zip(&outcome.ready)
            .filter(|(leaf, _)| leaf.weight > 0.0)
            .map(|(leaf, ready)| (leaf.pattern.clone(), ready.idf * leaf.weight))
            .collect();
        let (patterns, weights): (Vec<Pattern>, Vec<f32>) = leaves.into_iter().unzip();
        let matching = Matching { patterns: patterns.iter().collect(), matcher: Matcher::new(&patterns), weights };
        let bare = if request.explain { Some(self.bare_scores(&outcome)?) } else { None };
        let mut hits = Vec::new();
        let shown = best.get(request.offset..).unwrap_or_default();
        for some in shown.chunks(TOGETHER) {
            for (found, known) in some.iter().zip(self.known(&matching.matcher, some)?) {
                let rank = request.offset + hits.len() + 1;
                let mut hit = self.hit(rank, *found, known, &outcome, &matching, request)?;
                if let Some(bare) = &bare {
                    hit.score_parts = self.score_parts(&outcome, bare, found.0, found.1);
                }
                hits.push(hit);
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
        let mut planner = Planner {
            authority: self.authority,
            vocabulary: &vocabulary,
            analyzer: &mut self.analyzer,
            out: Prepared::default(),
            broader: false,
        };
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
    fn stored(&self, best: &[(DocAddress, f32)]) -> Result<Vec<Stored>, EngineError> {
        let mut columns = Vec::new();
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let wanted = best.iter().any(|(address, _)| address.segment_ord as usize == number);
            columns.push(if wanted { Some(segment.fast_fields().u64("seq")?) } else { None });
        }
        let mut archive = self.archive.borrow_mut();
        let seq = |address: &DocAddress| columns[address.segment_ord as usize].as_ref()?.first(address.doc_id);
        best.iter().map(|(address, _)| Ok(archive.by_seq(seq(address).unwrap_or_default())?)).collect()
    }

    fn labels(&self, address: DocAddress, column: &str) -> Result<Vec<Heading>, EngineError> {
        Ok(self.all_labels(&[(address, 0.0)], column)?.pop().unwrap_or_default())
    }

    /// The headings of some articles in a column. Each value is looked up once, in the order of the column's dictionary.
    fn all_labels(&self, best: &[(DocAddress, f32)], column: &str) -> Result<Vec<Vec<Heading>>, EngineError> {
        let mut ords: Vec<Vec<u64>> = vec![Vec::new(); best.len()];
        let mut out = vec![Vec::new(); best.len()];
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let inside: Vec<usize> = (0..best.len()).filter(|at| best[*at].0.segment_ord as usize == number).collect();
            let Some(column) = segment.fast_fields().str(column)?.filter(|_| !inside.is_empty()) else { continue };
            inside.iter().for_each(|at| ords[*at] = column.term_ords(best[*at].0.doc_id).collect());
            let mut all: Vec<u64> = inside.iter().flat_map(|at| ords[*at].iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            let mut headings = Vec::with_capacity(all.len());
            column.dictionary().sorted_ords_to_term_cb(&all, |id| {
                headings.push(heading(self.authority, String::from_utf8_lossy(id).into_owned()));
            })?;
            for at in inside {
                let known = ords[at].iter().filter_map(|ord| headings.get(all.binary_search(ord).ok()?));
                out[at] = known.cloned().collect();
            }
        }
        Ok(out)
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
                let actors = self.labels(address, "actor")?;
                let (title, text) = self.marks(address)?;
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

    pub(super) fn marks(&self, address: DocAddress) -> Result<(Vec<Mark>, Vec<Mark>), EngineError> {
        Ok(mentions::unpack(&packed_mentions(&self.searcher, address)?).unwrap_or_default())
    }

    /// For each of some articles, where the terms that are looked for stand in it.
    fn positions(
        &self,
        matcher: &Matcher<'_>,
        best: &[(DocAddress, f32)],
    ) -> Result<Vec<HashMap<String, Vec<u32>>>, EngineError> {
        let executor = Executor::new(&self.searcher, self.fields, &self.archive)?;
        let mut out = vec![HashMap::new(); best.len()];
        let mut order: Vec<usize> = (0..best.len()).collect();
        order.sort_unstable_by_key(|at| best[*at].0);
        for hits in order.chunk_by(|a, b| best[*a].0.segment_ord == best[*b].0.segment_ord) {
            let segment = best[hits[0]].0.segment_ord as usize;
            let docs: Vec<u32> = hits.iter().map(|at| best[*at].0.doc_id).collect();
            for term in matcher.terms() {
                let info = executor.term(segment, term)?;
                for (at, positions) in hits.iter().zip(executor.positions(segment, info.iter(), &docs)?) {
                    out[*at].insert(term.to_owned(), positions);
                }
            }
        }
        Ok(out)
    }

    /// What archive and index know of some articles.
    fn known(&self, matcher: &Matcher<'_>, best: &[(DocAddress, f32)]) -> Result<Vec<Known>, EngineError> {
        let (actors, topics) = (self.all_labels(best, "actor")?, self.all_labels(best, "topic")?);
        let all =
            self.stored(best)?.into_iter().zip(self.positions(matcher, best)?).zip(actors.into_iter().zip(topics));
        Ok(all.map(|((stored, terms), (actors, topics))| Known { stored, terms, actors, topics }).collect())
    }

    fn hit(
        &mut self,
        rank: usize,
        (address, score): (DocAddress, f32),
        known: Known,
        outcome: &Outcome,
        matching: &Matching<'_>,
        request: &SearchRequest,
    ) -> Result<Hit, EngineError> {
        let passages = request.passages;
        let Known { stored, terms, actors, topics } = known;
        let mut wanted: Vec<usize> = Vec::new();
        for values in outcome.prepared.values.iter().filter(|v| v.wanted && v.field == Field::Actor) {
            wanted.extend(actors.iter().enumerate().filter(|(_, a)| values.terms.contains(&a.id)).map(|(i, _)| i));
        }
        let (title_marks, marks) = if wanted.is_empty() { Default::default() } else { self.marks(address)? };
        let article = stored.article;
        let actor_spans = |marks: &[Mark], text: &str| -> Vec<Highlight> {
            let good = marks.iter().filter(|m| wanted.contains(&m.actor) && text.get(m.start..m.end).is_some());
            good.map(|m| Highlight { start: m.start, end: m.end, actor: true }).collect()
        };
        let title_words = analysis::words(&article.title);
        // Without passages nothing of the body is shown, so nothing of it is looked at.
        let body = if passages == 0 { "" } else { article.text.as_str() };
        let words = analysis::words(body);
        let (in_title, in_text) = if title_words.as_slice().last().is_some_and(|word| word.position >= BODY_POSITION) {
            // The title runs into the positions of the body: only the text can tell them apart.
            let in_title =
                matching.matcher.find(Part::Title, &article.title, &title_words, Terms::Analysed(&mut self.analyzer));
            (in_title, matching.matcher.find(Part::Body, body, &words, Terms::Analysed(&mut self.analyzer)))
        } else {
            let (title_terms, body_terms) = divided(terms);
            let in_title =
                matching.matcher.find(Part::Title, &article.title, &title_words, Terms::Indexed(&title_terms));
            (in_title, matching.matcher.find(Part::Body, body, &words, Terms::Indexed(&body_terms)))
        };
        let sentences = passage::sentences(&article, &words);
        let text_actors = actor_spans(&marks, &article.text);
        let mut stretches = match request.context {
            Some(context) => {
                let list = words.as_slice();
                let found = in_text.iter().flat_map(|found| &found.words).map(|word| list[*word].start as usize);
                passage::around(&sentences, found.chain(text_actors.iter().map(|mark| mark.start)), context)
            }
            None => passage::cut(&sentences),
        };
        passage::score(&mut stretches, &in_text, &matching.weights);
        let title_actors = actor_spans(&title_marks, &article.title);
        for stretch in &mut stretches {
            let held = text_actors.iter().filter(|m| stretch.bytes.contains(&m.start)).count();
            stretch.score += 0.5 * (held as f32).min(2.0);
        }
        let spans = spread(highlights(&matching.patterns, &in_text, &words, &article.text), text_actors);
        let mut order: Vec<usize> = (0..stretches.len()).collect();
        order.sort_by(|a, b| stretches[*b].score.total_cmp(&stretches[*a].score).then(a.cmp(b)));
        let passages = order
            .into_iter()
            .take(passages)
            .enumerate()
            .filter(|(n, i)| *n == 0 || stretches[*i].score > 0.0)
            .map(|(_, i)| cut_out(&article.text, &stretches[i], &spans))
            .collect();
        let title_highlights =
            spread(highlights(&matching.patterns, &in_title, &title_words, &article.title), title_actors);
        let copies = self.archive.borrow().copies(stored.group)?; // a borrow that ends here
        let group = if copies == 0 { None } else { Some(self.archive.borrow_mut().group(stored.num)?) };
        let first_published = group.as_ref().and_then(Group::first_published).and_then(|first| {
            let (id, outlet) = (first.id.clone(), first.outlet.clone());
            Some(FirstCopy { id, outlet, published: first.published? })
        });
        let places = self.archive.borrow().provenance(stored.num)?;
        let place = places.into_iter().find(|one| one.seq == stored.seq).map(|one| one.place);
        Ok(Hit {
            rank,
            score,
            id: stored.id,
            title: article.title,
            title_highlights,
            url: article.url,
            outlet: article.outlet,
            published: article.published,
            byline: article.byline,
            language: article.language,
            place,
            actors,
            topics,
            copies: group.as_ref().map_or(1, |group| group.members.len() as u64),
            outlets: group.as_ref().map_or(1, |group| group.outlets().len() as u64),
            first_published,
            passages,
            score_parts: Vec::new(),
        })
    }
}

/// Positions in title and body, each from the first of its part.
fn divided(terms: HashMap<String, Vec<u32>>) -> (HashMap<String, Vec<u32>>, HashMap<String, Vec<u32>>) {
    let (mut title, mut body) = (HashMap::new(), HashMap::new());
    for (term, mut positions) in terms {
        let rest = positions.split_off(positions.partition_point(|position| *position < BODY_POSITION));
        body.insert(term.clone(), rest.into_iter().map(|position| position - BODY_POSITION).collect());
        title.insert(term, positions);
    }
    (title, body)
}

/// What archive and index know of a hit.
struct Known {
    stored: Stored,
    /// Where the terms that are looked for stand in it.
    terms: HashMap<String, Vec<u32>>,
    actors: Vec<Heading>,
    topics: Vec<Heading>,
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

/// What is looked for in the text of the hits.
struct Matching<'p> {
    patterns: Vec<&'p Pattern>,
    matcher: Matcher<'p>,
    weights: Vec<f32>,
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

pub(super) fn heading(authority: &Authority, id: String) -> Heading {
    let label = match id.strip_prefix("unlisted/") {
        Some(slug) => slug.split('-').map(capitalised).collect::<Vec<_>>().join(" "),
        None => {
            let known = authority.heading(&id).or_else(|| authority.topic_heading(&id));
            known.unwrap_or(&id).to_owned()
        }
    };
    Heading { id, label }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The bytes of what was found: a phrase as a whole, words near one another each for itself.
fn highlights(patterns: &[&Pattern], found: &[Found], words: &Words, text: &str) -> Vec<Highlight> {
    let list = words.as_slice();
    let mut out = Vec::new();
    for one in found {
        let mut last: Option<usize> = None;
        for number in &one.words {
            let (start, end) = (list[*number].start as usize, list[*number].end as usize);
            let joins = patterns[one.pattern].near.is_none() && last.is_some_and(|last| last + 1 == *number);
            match out.last_mut() {
                Some(Highlight { end: before, .. }) if joins && !text[*before..start].contains('\n') => *before = end,
                _ => out.push(Highlight { start, end, actor: false }),
            }
            last = Some(*number);
        }
    }
    out
}

/// Highlights in order and apart; a word of the query goes before a mention of an actor.
fn spread(words: Vec<Highlight>, actors: Vec<Highlight>) -> Vec<Highlight> {
    let mut words = words;
    words.sort_unstable_by_key(|h| (h.start, h.end));
    let mut out: Vec<Highlight> = Vec::with_capacity(words.len());
    for next in words {
        match out.last_mut() {
            Some(last) if next.start < last.end => last.end = last.end.max(next.end),
            _ => out.push(next),
        }
    }
    let apart = |m: &Highlight| !out.iter().any(|h| h.start < m.end && m.start < h.end);
    let mut kept: Vec<Highlight> = actors.into_iter().filter(apart).collect();
    out.append(&mut kept);
    out.sort_unstable_by_key(|h| h.start);
    out
}

fn cut_out(text: &str, stretch: &passage::Stretch, spans: &[Highlight]) -> Passage {
    let bytes = stretch.bytes.clone();
    let inside = spans.iter().filter(|h| h.start < bytes.end && h.end > bytes.start);
    let highlights = inside
        .map(|h| Highlight {
            start: h.start.max(bytes.start) - bytes.start,
            end: h.end.min(bytes.end) - bytes.start,
            actor: h.actor,
        })
        .collect();
    Passage {
        text: text[bytes.clone()].to_owned(),
        start: bytes.start,
        end: bytes.end,
        score: stretch.score,
        highlights,
    }
}

impl Engine for LocalEngine<'_> {
    fn search(&mut self, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        let best = self.best(request)?;
        self.answer(best, request)
    }

    fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
        let best = self.best(request)?.best;
        let archive = self.archive.borrow();
        let mut out = Vec::with_capacity(best.len());
        for (address, score) in best.into_iter().skip(request.offset) {
            let column = self.searcher.segment_reader(address.segment_ord).fast_fields().u64("seq")?;
            out.push((archive.id_of(column.first(address.doc_id).unwrap_or_default())?, score));
        }
        Ok(out)
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
