//! Answering a search: the cluster gives the best stories, which are looked at again here.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use super::facets::stories;
use super::hits::{hits, places};
use super::matching::{Answers, Asked, counted, counting};
use super::remote::{Remote, counts_in};
use super::rescore::{self, Exact};
use super::scores::{Scores, learnt, terms_of};
use crate::archive::VersionSeq;
use crate::engine::bind::BoundQuery;
use crate::engine::closeness::{self, PlacedWord, Places};
use crate::engine::error::EngineError;
use crate::engine::feedback::{self, Learnt};
use crate::engine::period::DAY;
use crate::engine::ranking::Ranking;
use crate::engine::request::{Matching, SearchRequest, Sort};
use crate::engine::response::SearchResponse;
use crate::fence;
use crate::query::Part;

/// Hits that a search gives, at most: the cluster has a limit too, and this one says what to do.
const DEEPEST: usize = 10_000;
/// Words of a query up to which a hit says which of them it lacks.
const NAMED: usize = 16;
/// Best stories whose scores fade with age.
const FADING: usize = 1000;
/// Copies of a story that are hits of their own, at most.
const MOST_COPIES: usize = 100;
/// Copies of a story among which the best is chosen here, at most.
const CHOICE: usize = 5;

/// Fields of a copy by which it is ranked.
const RANKED_BY: [&str; 9] =
    ["num", "seq", "published", "modified", "length", "title_length", "origin", "actor", "system"];

/// A copy that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Number of its story.
    story: u64,
    /// See [`crate::cluster::story::Copy`].
    origin: u64,
    pub(super) seq: VersionSeq,
    pub(super) score: f32,
    pub(super) published: Option<i64>,
    /// Terms of title and body, and of the title.
    pub(super) lengths: [u32; 2],
    /// Its values in [`RANKED_BY`].
    pub(super) values: Value,
}

/// What a request matches, and the best of it in order.
struct Selection {
    asked: Asked,
    answers: Answers,
    idf: Vec<f32>,
    total: u64,
    copies: u64,
    best: Vec<Found>,
}

pub(super) fn search(remote: &Remote<'_>, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
    if request.explain {
        return super::only_here("--explain");
    }
    let selection = select(remote, request)?;
    let reach = selection.answers.reach(request.all_copies);
    let mut notes = selection.asked.notes.clone();
    notes.extend(reach.and_then(|reach| reach.note(selection.total, request.all_copies)));
    let shown = selection.best.get(request.offset..).unwrap_or_default();
    let mut hits = hits(remote, shown, (&selection.asked, &selection.idf), request)?;
    for (hit, lacks) in hits.iter_mut().zip(lacking(remote, &selection, shown)?) {
        hit.missing = lacks;
    }
    Ok(SearchResponse {
        total: selection.total,
        copies: selection.copies,
        hits,
        understood: selection.asked.understood,
        notes,
        reach,
        ..SearchResponse::default()
    })
}

/// For each of these copies the words of the query that it lacks, where it lacks so many that it does not count.
fn lacking(remote: &Remote<'_>, selection: &Selection, shown: &[Found]) -> Result<Vec<Vec<String>>, EngineError> {
    let words = selection.asked.bound.root.words();
    let Some(reach) = selection.answers.reach(false).filter(|_| words.len() <= NAMED && !shown.is_empty()) else {
        return Ok(Vec::new());
    };
    let seqs: Vec<u64> = shown.iter().map(|found| found.seq.0).collect();
    let these = json!({ "terms": { "c.seq": seqs } });
    let parts = json!({ "n": { "filter": these, "aggs": { "w": {
        "filters": { "filters": selection.asked.words },
        "aggs": { "seq": { "terms": { "field": "c.seq", "size": shown.len() } } },
    } } } });
    let answer = remote.search(&counts_in(&these, &parts))?;
    let mut has = vec![HashSet::new(); words.len()];
    let buckets = answer["aggregations"]["c"]["n"]["w"]["buckets"].as_array();
    for (has, bucket) in has.iter_mut().zip(buckets.into_iter().flatten()) {
        has.extend(bucket["seq"]["buckets"].as_array().into_iter().flatten().filter_map(|one| one["key"].as_u64()));
    }
    let of = |seq: &u64| -> Vec<String> {
        let lacks = words.iter().zip(&has).filter(|(_, has)| !has.contains(seq));
        let lacks: Vec<String> = lacks.map(|(word, _)| word.text.clone()).collect();
        if words.len() - lacks.len() < reach.words_met { lacks } else { Vec::new() }
    };
    Ok(seqs.iter().map(of).collect())
}

/// The identifiers and scores of the hits.
pub(super) fn rank(remote: &Remote<'_>, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
    let best = select(remote, request)?.best;
    let archive = remote.archive.borrow();
    let shown = best.get(request.offset..).unwrap_or_default();
    shown.iter().map(|found| Ok((archive.id_of(found.seq)?, found.score))).collect()
}

fn select(remote: &Remote<'_>, request: &SearchRequest) -> Result<Selection, EngineError> {
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    let answers = asked.answers(remote, None)?;
    let worded = asked.bound.wanted_leaves().next().is_some();
    let sort = if request.sort == Sort::Relevance && !worded { Sort::Newest } else { request.sort };
    let partial = request.partial && sort == Sort::Relevance && request.filters.matching == Matching::Most;
    let listed = if partial { &answers.any } else { &answers.counted };
    let mut wanted = request.offset.saturating_add(request.limit);
    if wanted > DEEPEST {
        // All that there are: of how many stories?
        wanted = counted(&stories(remote, listed)?, request.all_copies) as usize;
    }
    if wanted > DEEPEST {
        return Err(EngineError::unsupported(format!("more than {DEEPEST} hits"), "narrow with --since and --until"));
    }
    let scores = Scores::new(remote, &asked.bound)?;
    let all_copies = request.all_copies;
    let ask = Ask { remote, asked: &asked, scores: &scores, listed, counted: &answers.counted, all_copies };
    let (Counts { total, copies }, best) = match sort {
        Sort::Relevance if wanted > 0 => by_relevance(&ask, request, wanted)?,
        _ => ask.best(&scores.own(1.0, &remote.ranking)?, sort, (wanted, 1))?,
    };
    let idf = scores.idf;
    Ok(Selection { asked, answers, idf, total, copies, best })
}

/// The best articles by all second looks that the request and the query call for.
fn by_relevance(ask: &Ask<'_>, request: &SearchRequest, wanted: usize) -> Result<(Counts, Vec<Found>), EngineError> {
    let (remote, ranking, bound) = (ask.remote, &ask.remote.ranking, &ask.asked.bound);
    let mut learnt = Vec::new();
    if request.feedback && feedback::helps(bound, remote.state.averages[0], ranking) {
        learnt = learn(ask)?;
    }
    let close = !bound.pairs.is_empty();
    let depth = if close { ranking.close_depth.max(wanted) } else { wanted };
    let depth = if request.recency.is_some() { depth.max(FADING) } else { depth };
    let (counts, mut best) = ask.ranked(&learnt, depth)?;
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
    in_order(&mut best);
    best.truncate(wanted);
    Ok((counts, best))
}

/// Best first; ties go to the one that came in first.
fn in_order(found: &mut [Found]) {
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.seq.cmp(&other.seq)));
}

/// Stories (or articles) that count, and articles.
struct Counts {
    total: u64,
    copies: u64,
}

/// What is asked of the cluster.
struct Ask<'a> {
    remote: &'a Remote<'a>,
    asked: &'a Asked,
    scores: &'a Scores<'a>,
    /// Copies that can be hits.
    listed: &'a Value,
    /// Copies that count.
    counted: &'a Value,
    all_copies: bool,
}

impl Ask<'_> {
    /// The best stories by the query's words and these learnt ones.
    fn ranked(&self, learnt: &[Learnt], wanted: usize) -> Result<(Counts, Vec<Found>), EngineError> {
        let (remote, bound) = (self.remote, &self.asked.bound);
        let clauses = match learnt {
            [] => self.scores.own(1.0, &remote.ranking)?,
            words => mixed(bound, self.scores, words, &remote.ranking)?,
        };
        if self.scores.are_exact() {
            return self.best(&clauses, Sort::Relevance, (wanted, 1));
        }
        let (counts, mut best) = self.best(&clauses, Sort::Relevance, (wanted.max(rescore::DEPTH), CHOICE))?;
        Exact::new(remote, bound, self.scores, learnt)?.rescore(&mut best)?;
        if !self.all_copies {
            best.sort_by(|one, other| {
                let score = other.score.total_cmp(&one.score);
                one.story
                    .cmp(&other.story)
                    .then(other.origin.cmp(&one.origin))
                    .then(score)
                    .then(one.seq.cmp(&other.seq))
            });
            best.dedup_by_key(|one| one.story);
        }
        in_order(&mut best);
        best.truncate(wanted);
        Ok((counts, best))
    }

    /// The best stories, each as its best copies: before others those of known origin, then those with the best scores.
    /// How many of both are wanted; where all copies are hits, these.
    fn best(
        &self,
        scores: &[Value],
        sort: Sort,
        (wanted, copies): (usize, usize),
    ) -> Result<(Counts, Vec<Found>), EngineError> {
        let copies = if self.all_copies { MOST_COPIES } else { copies };
        // The cluster gives the score of a copy only as one of the values by which copies are sorted.
        let (order, score) = match self.all_copies {
            true => (json!([{ "_score": "desc" }, { "c.num": "asc" }]), 0),
            false => (json!([{ "c.origin": "desc" }, { "_score": "desc" }, { "c.num": "asc" }]), 1),
        };
        let fields = if self.scores.name_actors() { &RANKED_BY[..] } else { &RANKED_BY[..RANKED_BY.len() - 2] };
        let fields: Vec<String> = fields.iter().map(|field| format!("c.{field}")).collect();
        let body = json!({
            "size": wanted, "track_total_hits": false, "track_scores": true, "_source": false,
            "sort": self.order(sort),
            "query": { "nested": {
                "path": "c", "score_mode": "max",
                "query": { "bool": { "filter": self.listed, "should": scores } },
                "inner_hits": {
                    "size": copies, "sort": order,
                    "_source": false, "docvalue_fields": fields,
                },
            } },
            "aggs": { "c": { "nested": { "path": "c" }, "aggs": { "n": counting(self.counted) } } },
        });
        let answer = self.remote.search(&body)?;
        let part = &answer["aggregations"]["c"]["n"];
        let counts = Counts { total: counted(part, self.all_copies), copies: counted(part, true) };
        let mut best = Vec::new();
        for story in answer["hits"]["hits"].as_array().into_iter().flatten() {
            for copy in story["inner_hits"]["c"]["hits"]["hits"].as_array().into_iter().flatten() {
                let values = copy["fields"].clone();
                let number = |field: &str| values[format!("c.{field}")][0].as_u64().unwrap_or(0);
                best.push(Found {
                    story: story["_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0),
                    origin: number("origin"),
                    seq: VersionSeq(number("seq")),
                    score: copy["sort"][score].as_f64().unwrap_or(0.0) as f32,
                    published: values["c.published"][0].as_i64(),
                    lengths: ["length", "title_length"].map(|field| number(field) as u32),
                    values,
                });
            }
        }
        match sort {
            Sort::Relevance if copies == 1 || self.all_copies => in_order(&mut best),
            // The best copies are among those of the best stories, but not in their order.
            _ if self.all_copies => by_time(&mut best, sort),
            _ => {}
        }
        best.truncate(wanted.saturating_mul(if self.all_copies { 1 } else { copies }));
        Ok((counts, best))
    }

    fn order(&self, sort: Sort) -> Value {
        let by = |field: &str, order: &str| {
            let mode = if order == "asc" { "min" } else { "max" };
            let nested = json!({ "path": "c", "filter": self.listed });
            json!([
                { field: { "order": order, "mode": mode, "missing": "_last", "nested": nested } },
                { "_score": "desc" },
                { "story": "asc" },
            ])
        };
        match sort {
            Sort::Relevance => json!([{ "_score": "desc" }, { "story": "asc" }]),
            Sort::Newest => by("c.published", "desc"),
            Sort::Oldest => by("c.published", "asc"),
            Sort::Changed => by("c.modified", "desc"),
            Sort::Added => by("c.num", "desc"),
        }
    }
}

/// Orders copies by time or arrival; of one time the best first.
fn by_time(found: &mut [Found], sort: Sort) {
    in_order(found);
    let last = |one: &Found, field: &str| Reverse(one.values[field][0].as_i64().unwrap_or(i64::MIN));
    match sort {
        Sort::Newest => found.sort_by_key(|one| last(one, "c.published")),
        Sort::Changed => found.sort_by_key(|one| last(one, "c.modified")),
        Sort::Added => found.sort_by_key(|one| last(one, "c.num")),
        Sort::Oldest => found.sort_by_key(|one| one.published.unwrap_or(i64::MAX)),
        Sort::Relevance => {}
    }
}

/// The words that feedback adds, learnt from the best articles; none where they are too few to learn from.
fn learn(ask: &Ask<'_>) -> Result<Vec<Learnt>, EngineError> {
    let (remote, ranking) = (ask.remote, &ask.remote.ranking);
    let (_, mut best) = ask.ranked(&[], ranking.feedback_candidates)?;
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
    feedback::learn(remote, &mut remote.analyzer.borrow_mut(), &articles, ranking)
}

/// The clauses of the query's words mixed with those of the learnt ones: see [`feedback::mixed`].
fn mixed(
    bound: &BoundQuery,
    scores: &Scores<'_>,
    words: &[Learnt],
    ranking: &Ranking,
) -> Result<Vec<Value>, EngineError> {
    let share = feedback::own_share(bound, ranking);
    let mut out = scores.own(share, ranking)?;
    out.extend(learnt(words, (1.0 - share) * bound.weight()));
    Ok(out)
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
    for found in &found[..looked_at] {
        fence::check();
        let article = remote.archive.borrow_mut().by_seq(found.seq)?.article;
        let terms: BTreeSet<&str> = words.iter().flat_map(|(_, terms)| terms).map(String::as_str).collect();
        let places = places(&article, &terms, &mut remote.analyzer.borrow_mut());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_article_that_came_in_first() {
        let found = |seq, score| Found {
            seq: VersionSeq(seq),
            score,
            published: None,
            lengths: [0; 2],
            story: seq,
            origin: 0,
            values: Value::Null,
        };
        let mut all = [found(3, 1.0), found(2, 2.0), found(1, 1.0)];
        in_order(&mut all);
        assert_eq!(all.map(|one| one.seq.0), [2, 1, 3]);
    }
}
