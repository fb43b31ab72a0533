//! Answering a search: the cluster gives the best stories, which are looked at again here.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::facets::stories;
use super::hits::{hits, places};
use super::matching::{Answers, Asked, counted, counting};
use super::remote::{Remote, counts_in};
use super::rescore::{self, Exact};
use super::scores::{Scores, learnt, terms_of};
use crate::analysis::Analyzer;
use crate::archive::VersionSeq;
use crate::cluster::schema::{MOST_COPIES, ONLY};
use crate::engine::bind::BoundQuery;
use crate::engine::closeness::{self, PlacedWord, Places};
use crate::engine::error::EngineError;
use crate::engine::explain::{clauses, emptied_by, suggestions};
use crate::engine::feedback::{self, Learnt};
use crate::engine::period::DAY;
use crate::engine::ranking::Ranking;
use crate::engine::request::{Matching, SearchRequest, Sort};
use crate::engine::response::{Explanation, SearchResponse};
use crate::fence;
use crate::query::Part;

/// Hits that a search gives, at most: the cluster has a limit too, and this one says what to do.
const DEEPEST: usize = 10_000;
/// Words of a query up to which a hit says which of them it lacks.
const NAMED: usize = 16;
/// Best stories whose scores fade with age.
const FADING: usize = 1000;
/// Articles that are in memory together.
const TOGETHER: usize = 50;
/// Copies of a story among which the best is chosen here, at most.
const CHOICE: usize = 5;

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
    /// Its values in the fields of [`ONLY`].
    pub(super) values: Map<String, Value>,
}

impl Found {
    /// A copy of a story with the values of its fields, whose names have the object before them that holds them.
    fn new(story: u64, score: Option<f64>, fields: &Map<String, Value>) -> Self {
        let name = |field: &str| field.rsplit('.').next().unwrap_or_default().to_owned();
        let values: Map<String, Value> = fields.iter().map(|(field, value)| (name(field), value.clone())).collect();
        let number = |field: &str| values.get(field).map_or(0, |value| value[0].as_u64().unwrap_or(0));
        Self {
            story,
            origin: number("origin"),
            seq: VersionSeq(number("seq")),
            score: score.unwrap_or(0.0) as f32,
            published: values.get("published").and_then(|value| value[0].as_i64()),
            lengths: ["length", "title_length"].map(|field| number(field) as u32),
            values,
        }
    }
}

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
    let seqs: Vec<u64> = shown.iter().map(|found| found.seq.0).collect();
    let these = json!({ "terms": { "c.seq": seqs } });
    let parts = json!({ "n": { "filter": these, "aggs": { "w": {
        "filters": { "filters": selection.asked.words },
        "aggs": { "seq": { "terms": { "field": "c.seq", "size": shown.len() } } },
    } } } });
    let answer = remote.search("words that hits lack", &counts_in(&these, &parts))?;
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
    let mut learnt = Vec::new();
    let (Counts { total, copies }, best) = match sort {
        Sort::Relevance if wanted > 0 => by_relevance(&ask, request, wanted, &mut learnt)?,
        _ => ask.best(&scores.own(1.0, &remote.ranking)?, sort, (wanted, 1))?,
    };
    let idf = scores.idf;
    Ok(Selection { asked, answers, idf, total, copies, best, learnt })
}

/// The best articles by all second looks that the request and the query call for.
fn by_relevance(
    ask: &Ask<'_>,
    request: &SearchRequest,
    wanted: usize,
    learnt: &mut Vec<Learnt>,
) -> Result<(Counts, Vec<Found>), EngineError> {
    let (remote, ranking, bound) = (ask.remote, &ask.remote.ranking, &ask.asked.bound);
    if request.feedback && feedback::helps(bound, remote.state.averages[0], ranking) {
        *learnt = learn(ask)?;
    }
    let close = !bound.pairs.is_empty();
    let depth = if close { ranking.close_depth.max(wanted) } else { wanted };
    let depth = if request.recency.is_some() { depth.max(FADING) } else { depth };
    let (counts, mut best) = ask.ranked(learnt, depth)?;
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
        let clauses = self.clauses(self.scores, learnt)?;
        if self.scores.are_exact() {
            return self.best(&clauses, Sort::Relevance, (wanted, 1));
        }
        let depth = wanted.max(rescore::DEPTH);
        let (counts, mut best) = self.best(&clauses, Sort::Relevance, (depth, CHOICE))?;
        let exact = Exact::new(remote, bound, self.scores, learnt)?;
        let stand_for = exact.rescore(&mut best)?;
        if best.len() >= depth && !stand_for.is_empty() {
            // Now it is known what patterns stand for, those that have it most often are found.
            let scores = self.scores.clone().with_words(stand_for);
            let (_, mut others) = self.best(&self.clauses(&scores, learnt)?, Sort::Relevance, (depth, CHOICE))?;
            others.retain(|other| best.iter().all(|one| one.seq != other.seq));
            exact.rescore(&mut others)?;
            best.append(&mut others);
        }
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

    /// What is scored: the query's words and these learnt ones.
    fn clauses(&self, scores: &Scores<'_>, learnt: &[Learnt]) -> Result<Vec<Value>, EngineError> {
        match learnt {
            [] => scores.own(1.0, &self.remote.ranking),
            words => mixed(&self.asked.bound, scores, words, &self.remote.ranking),
        }
    }

    /// The best stories, each as its best copies: before others those of known origin, then those with the best scores.
    /// How many of both are wanted; where all copies are hits, these.
    fn best(
        &self,
        scores: &[Value],
        sort: Sort,
        (wanted, copies): (usize, usize),
    ) -> Result<(Counts, Vec<Found>), EngineError> {
        let copies = if self.all_copies { wanted.min(MOST_COPIES) } else { copies };
        let mut body = json!({
            "size": wanted, "track_total_hits": false, "track_scores": true,
            "stored_fields": "_none_", "docvalue_fields": self.fields("only"), "sort": self.order(sort),
            "query": { "nested": {
                "path": "c", "score_mode": "max",
                "query": { "bool": { "filter": self.listed, "should": scores } },
            } },
        });
        let aggs = json!({ "c": { "nested": { "path": "c" }, "aggs": { "n": counting(self.counted) } } });
        if let Some(body) = body.as_object_mut() {
            body.insert("aggs".to_owned(), aggs);
        }
        let answer = self.remote.search("the best stories", &body)?;
        let part = &answer["aggregations"]["c"]["n"];
        let counts = Counts { total: counted(part, self.all_copies), copies: counted(part, true) };
        let hits: Vec<&Value> = answer["hits"]["hits"].as_array().into_iter().flatten().collect();
        let story = |hit: &Value| hit["fields"]["story"][0].as_u64().unwrap_or(0);
        let has_one = |hit: &Value| !hit["fields"]["only.seq"].is_null();
        let several: Vec<u64> = hits.iter().filter(|hit| !has_one(hit)).map(|hit| story(hit)).collect();
        let mut others = self.copies(&several, scores, (sort, copies))?;
        let mut best = Vec::new();
        for hit in hits {
            match hit["fields"].as_object().filter(|_| has_one(hit)) {
                Some(fields) => best.push(Found::new(story(hit), hit["_score"].as_f64(), fields)),
                None => best.extend(others.remove(&story(hit)).unwrap_or_default()),
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

    /// The best copies of stories that have several, by their stories.
    fn copies(
        &self,
        stories: &[u64],
        scores: &[Value],
        (sort, copies): (Sort, usize),
    ) -> Result<HashMap<u64, Vec<Found>>, EngineError> {
        let mut out: HashMap<u64, Vec<Found>> = HashMap::new();
        if stories.is_empty() {
            return Ok(out);
        }
        // The cluster gives the score of a copy only as one of the values by which copies are sorted.
        let first = match sort {
            _ if !self.all_copies => Some(json!({ "c.origin": "desc" })),
            Sort::Relevance => None,
            Sort::Newest => Some(json!({ "c.published": { "order": "desc", "missing": "_last" } })),
            Sort::Oldest => Some(json!({ "c.published": { "order": "asc", "missing": "_last" } })),
            Sort::Changed => Some(json!({ "c.modified": { "order": "desc", "missing": "_last" } })),
            Sort::Added => Some(json!({ "c.num": "desc" })),
        };
        let score = usize::from(first.is_some());
        let order: Vec<Value> =
            first.into_iter().chain([json!({ "_score": "desc" }), json!({ "c.num": "asc" })]).collect();
        let body = json!({
            "size": stories.len(), "track_total_hits": false,
            "stored_fields": "_none_", "docvalue_fields": ["story"],
            "query": { "bool": { "filter": { "terms": { "story": stories } }, "must": { "nested": {
                "path": "c", "score_mode": "max",
                "query": { "bool": { "filter": self.listed, "should": scores } },
                "inner_hits": {
                    "size": copies, "sort": order,
                    "stored_fields": "_none_", "docvalue_fields": self.fields("c"),
                },
            } } } },
        });
        let answer = self.remote.search("copies of the best stories", &body)?;
        for hit in answer["hits"]["hits"].as_array().into_iter().flatten() {
            let story = hit["fields"]["story"][0].as_u64().unwrap_or(0);
            let of = hit["inner_hits"]["c"]["hits"]["hits"].as_array().into_iter().flatten();
            let of = of
                .filter_map(|copy| Some(Found::new(story, copy["sort"][score].as_f64(), copy["fields"].as_object()?)));
            out.insert(story, of.collect());
        }
        Ok(out)
    }

    /// The fields of a copy that are read, of the only one or of one of several.
    fn fields(&self, of: &str) -> Vec<String> {
        let named = |field: &&&str| self.scores.name_actors() || !matches!(**field, "actor" | "system");
        let fields = ONLY.iter().filter(named).map(|field| format!("{of}.{field}"));
        if of == "only" { fields.chain(["story".to_owned()]).collect() } else { fields.collect() }
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
    let last = |one: &Found, field: &str| {
        Reverse(one.values.get(field).and_then(|value| value[0].as_i64()).unwrap_or(i64::MIN))
    };
    match sort {
        Sort::Newest => found.sort_by_key(|one| last(one, "published")),
        Sort::Changed => found.sort_by_key(|one| last(one, "modified")),
        Sort::Added => found.sort_by_key(|one| last(one, "num")),
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
    let candidates = feedback::candidates(&mut remote.analyzer.borrow_mut(), &articles, ranking);
    let terms = candidates.iter().map(|one| (one.term.as_str(), best[one.article].seq));
    remote.look_up(&terms.collect::<Vec<_>>())?;
    feedback::learn(remote, &candidates, ranking)
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
            values: Map::new(),
        };
        let mut all = [found(3, 1.0), found(2, 2.0), found(1, 1.0)];
        in_order(&mut all);
        assert_eq!(all.map(|one| one.seq.0), [2, 1, 3]);
    }
}
