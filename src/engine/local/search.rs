//! Answering a search: match, collapse copies, rank, show.

use tantivy::DocAddress;

use super::collapse::keep_best_of;
use super::collection::{Collection, Scored};
use super::doc_set::{DocSet, total};
use super::explain;
use super::hits::hits;
use super::matches::{Answers, Matches};
use super::rescore::{Trace, rescore};
use super::top_docs::top_docs;
use crate::engine::error::EngineError;
use crate::engine::explain::{clauses, emptied_by, suggestions};
use crate::engine::request::{Matching, SearchRequest, Sort};
use crate::engine::response::{Explanation, Heading, Reach, SearchResponse};

/// What a request matches, and the best of it in order.
pub(super) struct Selection {
    pub(super) matches: Matches,
    pub(super) trace: Trace,
    /// Stories, or articles where all copies were requested.
    pub(super) total: u64,
    /// Articles.
    copies: u64,
    pub(super) reach: Option<Reach>,
    /// The articles that count; a hit that is none of them says what it lacks.
    counted: Vec<DocSet>,
    pub(super) best: Vec<Scored>,
}

impl Selection {
    /// Matches the query of a request, and selects the best articles.
    pub(super) fn of(collection: &Collection<'_>, request: &SearchRequest) -> Result<Self, EngineError> {
        let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, true)?;
        let wordless = matches.weight.bound.wanted_leaves().next().is_none();
        if wordless && request.sort == Sort::Relevance {
            return Self::of_matches(collection, matches, &SearchRequest { sort: Sort::Newest, ..request.clone() });
        }
        Self::of_matches(collection, matches, request)
    }

    /// Selects the best of what was matched.
    pub(super) fn of_matches(
        collection: &Collection<'_>,
        mut matches: Matches,
        request: &SearchRequest,
    ) -> Result<Self, EngineError> {
        let answers = matches.answers(collection, &request.filters, None)?;
        let (mut reach, copies) = (answers.reach, total(&answers.counted));
        let Answers { any: mut found, counted, .. } = answers;
        let mut stories = if reach.is_some() { counted.clone() } else { Vec::new() };
        if !request.all_copies {
            keep_best_of(collection, &mut found, &mut stories, &matches.scores)?;
        }
        if let Some(reach) = &mut reach {
            reach.total_any = total(&found);
        }
        let wanted = request.offset.saturating_add(request.limit);
        let trace = match request.sort {
            Sort::Relevance if wanted > 0 => rescore(collection, &mut matches, &found, request)?,
            _ => Trace::default(),
        };
        let partial = request.partial && request.sort == Sort::Relevance && request.filters.matching == Matching::Most;
        let stories = if reach.is_some() { &stories } else { &found };
        let listed = if partial { &found } else { stories };
        let best = top_docs(collection, listed, &matches.scores, request.sort, wanted)?;
        Ok(Self { total: total(stories), copies, reach, counted, best, matches, trace })
    }

    /// Whether an article counts, itself or as a copy of a story that does.
    pub(super) fn counts(&self, address: DocAddress) -> bool {
        self.counted[address.segment_ord as usize].has(address.doc_id)
    }

    /// What the user should know of the answer.
    pub(super) fn notes(&self, request: &SearchRequest) -> Vec<String> {
        let mut notes = self.matches.notes().to_vec();
        notes.extend(self.reach.and_then(|reach| reach.note(self.total, request.all_copies)));
        notes
    }

    /// The articles that are shown.
    fn shown(&self, request: &SearchRequest) -> &[Scored] {
        self.best.get(request.offset..).unwrap_or_default()
    }

    /// The identifiers of the articles that are shown, with their scores.
    pub(super) fn ids(
        &self,
        collection: &Collection<'_>,
        request: &SearchRequest,
    ) -> Result<Vec<(String, f32)>, EngineError> {
        let archive = collection.archive.borrow();
        let id = |(address, score): &Scored| Ok((archive.id_of(collection.seq(*address)?)?, *score));
        self.shown(request).iter().map(id).collect()
    }

    /// The response: the hits with their passages, and what the user should know about them.
    pub(super) fn respond(
        self,
        collection: &Collection<'_>,
        request: &SearchRequest,
    ) -> Result<SearchResponse, EngineError> {
        let (shown, matches) = (self.shown(request), &self.matches);
        let mut response = SearchResponse {
            total: self.total,
            copies: self.copies,
            notes: self.notes(request),
            reach: self.reach,
            hits: hits(collection, shown, &matches.weight, request)?,
            ..SearchResponse::default()
        };
        for (hit, (address, _)) in response.hits.iter_mut().zip(shown) {
            if !self.counts(*address) {
                hit.missing = matches.missing(*address);
            }
        }
        if request.explain {
            let bare = explain::bare_scores(collection, &matches.weight)?;
            for (hit, (address, score)) in response.hits.iter_mut().zip(shown) {
                hit.score_parts = explain::score_parts(&self.trace.steps, &bare, *address, *score);
            }
        }
        if self.total == 0 {
            let absent: Vec<bool> = matches.has.iter().map(|has| !has).collect();
            let (query, bound) = (&matches.query, &matches.weight.bound);
            response.suggestions = suggestions(collection, (query, bound), &absent, request)?;
            response.emptied_by = emptied_by(collection, query, request)?;
        }
        if request.explain {
            let bound = &matches.weight.bound;
            let ids = bound.root.named_actors().into_iter().flat_map(|values| &bound.value_set(values).terms);
            let actors = ids.map(|id| collection.index().heading(id.clone()));
            let mut actors = actors.collect::<Result<Vec<Heading>, EngineError>>()?;
            actors.dedup();
            let (clauses, learnt) = (clauses(collection, &matches.query, request)?, self.trace.learnt);
            response.explanation = Some(Explanation { clauses, actors, learnt, ..Explanation::default() });
        }
        response.understood = self.matches.understood;
        Ok(response)
    }
}
