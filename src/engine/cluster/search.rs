//! Answering a search: the best stories ([`super::best`]) with feedback, closeness and recency, as hits.

use std::cell::Cell;
use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;
use serde_json::{Value, json};

use super::best::{Ask, Counts, Found, in_order};
use super::hits::{hits, places};
use super::matching::{Answers, Asked};
use super::remote::{Remote, counts_in};
use super::scores::{Scores, terms_of};
use super::translate::MOST_VALUES;
use crate::analysis::Analyzer;
use crate::engine::closeness::{self, PlacedWord, Places};
use crate::engine::error::EngineError;
use crate::engine::explain::{clauses, emptied_by, suggestions};
use crate::engine::feedback::{self, Learnt};
use crate::engine::period::DAY;
use crate::engine::request::{Matching, SearchRequest, Sort};
use crate::engine::response::{Explanation, SearchResponse};
use crate::fence;
use crate::query::Part;

/// Words of a query up to which a hit says which of them it lacks.
const NAMED: usize = 16;
/// Best stories whose scores fade with age.
const FADING: usize = 1000;
/// Articles that are in memory together.
const TOGETHER: usize = 50;

/// What a request matches, and the best of it in order.
struct Selection {
    asked: Asked,
    answers: Answers,
    idf: Vec<f32>,
    total: u64,
    copies: u64,
    best: Vec<Found>,
    /// Words that feedback joined to the query.
    learnt: Vec<Learnt>,
}

pub(super) fn search(remote: &Remote<'_>, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    respond(remote, asked, request)
}

/// The best of what is asked for, as hits.
pub(super) fn respond(
    remote: &Remote<'_>,
    asked: Asked,
    request: &SearchRequest,
) -> Result<SearchResponse, EngineError> {
    let selection = select(remote, asked, request)?;
    let reach = selection.answers.reach(request.all_copies);
    let mut notes = selection.asked.notes.clone();
    notes.extend(reach.and_then(|reach| reach.note(selection.total, request.all_copies)));
    let shown = selection.best.get(request.offset..).unwrap_or_default();
    let mut hits = hits(remote, shown, (&selection.asked, &selection.idf), request)?;
    for (hit, lacks) in hits.iter_mut().zip(lacking(remote, &selection, shown)?) {
        hit.missing = lacks;
    }
    let (mut suggested, mut emptied, mut explanation) = (Vec::new(), Vec::new(), None);
    let Asked { read, bound, absent, .. } = &selection.asked;
    if selection.total == 0 {
        suggested = suggestions(remote, (read, bound), absent, request)?;
        emptied = emptied_by(remote, read, request)?;
    }
    if request.explain {
        explanation = Some(explained(remote, &selection, request)?);
    }
    Ok(SearchResponse {
        total: selection.total,
        copies: selection.copies,
        suggestions: suggested,
        emptied_by: emptied,
        explanation,
        hits,
        understood: selection.asked.read.to_string(),
        notes,
        reach,
    })
}

/// What each part of the query matches, the words that feedback added, and what the cluster was asked for the answer.
fn explained(remote: &Remote<'_>, selection: &Selection, request: &SearchRequest) -> Result<Explanation, EngineError> {
    let (requests, bound) = (remote.requests.take(), &selection.asked.bound);
    let mut ids: Vec<String> = Vec::new();
    for id in bound.root.named_actors().into_iter().flat_map(|values| &bound.value_set(values).terms) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let headings = remote.headings(&ids)?;
    let actors = ids.iter().filter_map(|id| headings.get(id).cloned()).collect();
    let clauses = clauses(remote, &selection.asked.read, request)?;
    Ok(Explanation { clauses, actors, learnt: selection.learnt.clone(), requests })
}

/// For each of these copies the words of the query that it lacks, where it lacks so many that it does not count.
fn lacking(remote: &Remote<'_>, selection: &Selection, shown: &[Found]) -> Result<Vec<Vec<String>>, EngineError> {
    let words = selection.asked.bound.root.words();
    let Some(reach) = selection.answers.reach(false).filter(|_| words.len() <= NAMED && !shown.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut out = Vec::with_capacity(shown.len());
    // A word is a bucket too, beside those of its copies.
    for some in shown.chunks(MOST_VALUES / (words.len() + 1)) {
        let seqs: Vec<u64> = some.iter().map(|found| found.seq.0).collect();
        let these = json!({ "terms": { "c.seq": seqs } });
        let parts = json!({ "n": { "filter": these, "aggs": { "w": {
            "filters": { "filters": selection.asked.words },
            "aggs": { "seq": { "terms": { "field": "c.seq", "size": seqs.len() } } },
        } } } });
        let answer = remote.search("words that hits lack", &counts_in(&these, &parts))?;
        let buckets = answer["aggregations"]["c"]["n"]["w"]["buckets"].as_array().into_iter().flatten();
        let seq = |bucket: &Value| bucket["key"].as_u64();
        let of = |bucket: &Value| bucket["seq"]["buckets"].as_array().into_iter().flatten().filter_map(seq).collect();
        let has: Vec<HashSet<u64>> = buckets.map(of).collect();
        out.extend(seqs.iter().map(|seq| {
            let lacks = words.iter().zip(&has).filter(|(_, has)| !has.contains(seq));
            let lacks: Vec<String> = lacks.map(|(word, _)| word.text.clone()).collect();
            if words.len() - lacks.len() < reach.words_met { lacks } else { Vec::new() }
        }));
    }
    Ok(out)
}

/// The identifiers and scores of the hits.
pub(super) fn rank(remote: &Remote<'_>, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    let best = select(remote, asked, request)?.best;
    let archive = remote.archive.borrow();
    let shown = best.get(request.offset..).unwrap_or_default();
    shown.iter().map(|found| Ok((archive.id_of(found.seq)?, found.score))).collect()
}

fn select(remote: &Remote<'_>, asked: Asked, request: &SearchRequest) -> Result<Selection, EngineError> {
    let answers = asked.answers(remote, None)?;
    let worded = asked.bound.wanted_leaves().next().is_some();
    let sort = if request.sort == Sort::Relevance && !worded { Sort::Newest } else { request.sort };
    let partial = request.partial && sort == Sort::Relevance && request.filters.matching == Matching::Most;
    let listed = if partial { &answers.any } else { &answers.counted };
    let wanted = request.offset.saturating_add(request.limit);
    let scores = Scores::new(remote, &asked.bound)?;
    let all_copies = request.all_copies;
    let ask = Ask {
        remote,
        asked: &asked,
        scores: &scores,
        listed,
        counted: &answers.counted,
        all_copies,
        counts: Cell::default(),
    };
    let mut learnt = Vec::new();
    let best = match sort {
        Sort::Relevance if wanted > 0 => by_relevance(&ask, request, wanted, &mut learnt)?,
        _ => ask.best(&scores.own(1.0, &remote.ranking)?, sort, (wanted, 1))?,
    };
    let Counts { total, copies } = ask.counts.get().unwrap_or_default();
    let idf = scores.idf;
    Ok(Selection { asked, answers, idf, total, copies, best, learnt })
}

/// The best articles by all second looks that the request and the query call for.
fn by_relevance(
    ask: &Ask<'_>,
    request: &SearchRequest,
    wanted: usize,
    learnt: &mut Vec<Learnt>,
) -> Result<Vec<Found>, EngineError> {
    let (remote, ranking, bound) = (ask.remote, &ask.remote.ranking, &ask.asked.bound);
    if request.feedback && feedback::helps(bound, remote.state.averages[0], ranking) {
        *learnt = learn(ask)?;
    }
    let close = !bound.pairs.is_empty();
    let depth = if close { ranking.close_depth.max(wanted) } else { wanted };
    let depth = if request.recency.is_some() { depth.max(FADING) } else { depth };
    let mut best = ask.ranked(learnt, depth)?;
    if close {
        let close = closeness(ask, &best, ranking.close_depth)?;
        for (found, close) in best.iter_mut().zip(close) {
            found.score += ranking.close_pairs * close.pairs + ranking.close_best_window * close.window;
        }
    }
    if let Some(half_life) = request.recency {
        let now = request.now.seconds();
        for found in &mut best {
            let age = found.published.map(|at| now.saturating_sub(at).max(0) as f64 / DAY as f64);
            found.score *= ranking.faded(age, half_life);
        }
    }
    in_order(&mut best, Sort::Relevance);
    best.truncate(wanted);
    Ok(best)
}

/// The words that feedback adds, learnt from the best articles; none where they are too few to learn from.
fn learn(ask: &Ask<'_>) -> Result<Vec<Learnt>, EngineError> {
    let (remote, ranking) = (ask.remote, &ask.remote.ranking);
    let mut best = ask.ranked(&[], ranking.feedback_candidates)?;
    if best.len() < 2 {
        return Ok(Vec::new());
    }
    if !ask.asked.bound.pairs.is_empty() {
        let close = closeness(ask, &best, best.len())?;
        for (found, close) in best.iter_mut().zip(close) {
            found.score += ranking.feedback_pairs * close.pairs + ranking.feedback_best_window * close.window;
        }
        best.sort_by(|one, other| other.score.total_cmp(&one.score));
    }
    best.truncate(ranking.feedback_articles);
    let mut articles = Vec::new();
    for found in &best {
        articles.push((remote.archive.borrow_mut().by_seq(found.seq)?.article, found.score));
    }
    let candidates = feedback::candidates(&mut remote.analyzer.borrow_mut(), &articles, ranking);
    let terms = candidates.iter().map(|one| (one.term.as_str(), best[one.article].seq));
    remote.look_up(&terms.collect::<Vec<_>>())?;
    feedback::learn(remote, &candidates, ranking)
}

/// How close the words of the query stand in the first `depth` of these articles.
fn closeness(ask: &Ask<'_>, found: &[Found], depth: usize) -> Result<Vec<closeness::Closeness>, EngineError> {
    let Ask { remote, asked, scores, .. } = ask;
    let ranking = &remote.ranking;
    let words =
        asked.bound.wanted_leaves().filter(|(_, leaf)| leaf.pattern.part == Part::Any && leaf.pattern.is_one_word());
    let mut words: Vec<(PlacedWord, BTreeSet<String>)> = words
        .map(|(id, leaf)| {
            let idf = scores.idf[id.0];
            let word = PlacedWord { leaf: id, idf, weight: idf * leaf.weight, places: Places::default() };
            (word, terms_of(&leaf.pattern).map(str::to_owned).collect())
        })
        .collect();
    words.sort_by(|(one, _), (other, _)| other.weight.total_cmp(&one.weight));
    words.truncate(ranking.close_words);
    let looked_at = found.len().min(depth);
    let terms: BTreeSet<&str> = words.iter().flat_map(|(_, terms)| terms).map(String::as_str).collect();
    let mut all_places = Vec::with_capacity(looked_at);
    for some in found[..looked_at].chunks(TOGETHER) {
        fence::check();
        let articles = some.iter().map(|found| Ok(remote.archive.borrow_mut().by_seq(found.seq)?.article));
        let articles = articles.collect::<Result<Vec<_>, EngineError>>()?;
        all_places
            .par_extend(articles.par_iter().map_init(Analyzer::new, |analyzer, one| places(one, &terms, analyzer)));
    }
    drop(terms);
    for places in &all_places {
        for (word, terms) in &mut words {
            let mut here: Vec<u32> = terms.iter().filter_map(|term| places.get(term)).flatten().copied().collect();
            here.sort_unstable();
            here.dedup();
            word.places.push(&here);
        }
    }
    let words: Vec<PlacedWord> = words.into_iter().map(|(word, _)| word).collect();
    Ok(closeness::measure(&asked.bound.pairs, &words, looked_at, ranking))
}
