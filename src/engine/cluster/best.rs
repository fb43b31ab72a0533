//! The best stories, as the cluster scores them: each as its best copies. Where its scores are only near those of the local
//! index, they are made anew here.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::matching::{Asked, counted, counting};
use super::remote::Remote;
use super::rescore::{self, Exact};
use super::scores::{Scores, learnt};
use crate::archive::VersionSeq;
use crate::cluster::schema::{MOST_COPIES, ONLY};
use crate::engine::bind::BoundQuery;
use crate::engine::error::EngineError;
use crate::engine::feedback::{self, Learnt};
use crate::engine::ranking::Ranking;
use crate::engine::request::Sort;

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

/// Best first; ties go to the one that came in first.
pub(super) fn in_order(found: &mut [Found]) {
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.seq.cmp(&other.seq)));
}

/// Stories (or articles) that count, and articles.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) total: u64,
    pub(super) copies: u64,
}

/// What is asked of the cluster.
pub(super) struct Ask<'a> {
    pub(super) remote: &'a Remote<'a>,
    pub(super) asked: &'a Asked,
    pub(super) scores: &'a Scores<'a>,
    /// Copies that can be hits.
    pub(super) listed: &'a Value,
    /// Copies that count.
    pub(super) counted: &'a Value,
    pub(super) all_copies: bool,
    /// What was counted with the first request; those after it need not count again.
    pub(super) counts: Cell<Option<Counts>>,
}

impl Ask<'_> {
    /// The best stories by the query's words and these learnt ones.
    pub(super) fn ranked(&self, learnt: &[Learnt], wanted: usize) -> Result<Vec<Found>, EngineError> {
        let (remote, bound) = (self.remote, &self.asked.bound);
        let clauses = self.clauses(self.scores, learnt)?;
        if self.scores.are_exact() {
            return self.best(&clauses, Sort::Relevance, (wanted, 1));
        }
        let depth = wanted.max(rescore::DEPTH);
        let mut best = self.best(&clauses, Sort::Relevance, (depth, CHOICE))?;
        let exact = Exact::new(remote, bound, self.scores, learnt)?;
        let stand_for = exact.rescore(&mut best)?;
        if best.len() >= depth && !stand_for.is_empty() {
            // Now it is known what patterns stand for, those that have it most often are found.
            let scores = self.scores.clone().with_words(stand_for);
            let mut others = self.best(&self.clauses(&scores, learnt)?, Sort::Relevance, (depth, CHOICE))?;
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
        Ok(best)
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
    pub(super) fn best(
        &self,
        scores: &[Value],
        sort: Sort,
        (wanted, copies): (usize, usize),
    ) -> Result<Vec<Found>, EngineError> {
        let copies = if self.all_copies { wanted.min(MOST_COPIES) } else { copies };
        let mut body = json!({
            "size": wanted, "track_total_hits": false, "track_scores": true,
            "stored_fields": "_none_", "docvalue_fields": self.fields("only"), "sort": self.order(sort),
            "query": { "nested": {
                "path": "c", "score_mode": "max",
                "query": { "bool": { "filter": self.listed, "should": scores } },
            } },
        });
        if self.counts.get().is_none() {
            body["aggs"] = json!({ "c": { "nested": { "path": "c" }, "aggs": { "n": counting(self.counted) } } });
        }
        let answer = self.remote.search("the best stories", &body)?;
        if self.counts.get().is_none() {
            let part = &answer["aggregations"]["c"]["n"];
            self.counts.set(Some(Counts { total: counted(part, self.all_copies), copies: counted(part, true) }));
        }
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
        Ok(best)
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
