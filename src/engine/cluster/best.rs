//! The best stories, as the cluster scores them: each as its best copies. Where its scores are only near those of the local
//! index, [`rescore`] computes these from the texts.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

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

/// Stories in one answer, at most: the cluster's own limit.
const MOST_HITS: usize = 10_000;
/// Stories in one answer by time, at least: of few, none may be settled.
const LEAST_HITS: usize = 100;
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

    fn place(&self, sort: Sort) -> Place {
        let at = time_field(sort).and_then(|field| self.values.get(field)).and_then(|value| value[0].as_i64());
        (time(sort, at), self.score)
    }
}

/// A place in the order of an answer, the greater the nearer to its beginning: a time, and a score.
type Place = (i64, f32);

/// The time by which copies are ordered, as the greater comes first; those without one come last.
fn time(sort: Sort, at: Option<i64>) -> i64 {
    match sort {
        Sort::Relevance => 0,
        Sort::Oldest => at.map_or(i64::MIN, i64::saturating_neg),
        Sort::Newest | Sort::Changed | Sort::Added => at.unwrap_or(i64::MIN),
    }
}

/// The field of a copy that has the time.
fn time_field(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Relevance => None,
        Sort::Newest | Sort::Oldest => Some("published"),
        Sort::Changed => Some("modified"),
        Sort::Added => Some("num"),
    }
}

/// First in place; ties go to the story that came in first, as they do on the cluster, so that pages of an answer join.
pub(super) fn in_order(found: &mut [Found], sort: Sort) {
    let order = |(time, score): Place, (other_time, other): Place| other_time.cmp(&time).then(other.total_cmp(&score));
    let tie = |one: &Found, other: &Found| one.story.cmp(&other.story).then(one.seq.cmp(&other.seq));
    found.sort_by(|one, other| order(one.place(sort), other.place(sort)).then_with(|| tie(one, other)));
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
            let scores = self.scores.clone().with_words(self.remote, stand_for)?;
            let mut others = self.best(&self.clauses(&scores, learnt)?, Sort::Relevance, (depth, CHOICE))?;
            let known: HashSet<VersionSeq> = best.iter().map(|one| one.seq).collect();
            others.retain(|other| !known.contains(&other.seq));
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
        in_order(&mut best, Sort::Relevance);
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
        let in_place = copies == 1 || self.all_copies;
        let size = match sort {
            Sort::Newest | Sort::Oldest | Sort::Changed | Sort::Added if wanted > 0 => wanted.max(LEAST_HITS),
            _ => wanted,
        };
        let size = size.min(MOST_HITS);
        let mut body = json!({
            "size": size, "track_total_hits": false, "track_scores": true,
            "stored_fields": "_none_", "docvalue_fields": self.fields("only"), "sort": self.order(sort),
            "query": { "nested": {
                "path": "c", "score_mode": "max",
                "query": { "bool": { "filter": self.listed, "should": scores } },
            } },
        });
        let (mut best, mut stories) = (Vec::new(), 0);
        loop {
            let answer = self.counting("the best stories", &mut body)?;
            let hits = answer["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            stories += hits.len();
            best.extend(self.shown(hits, scores, (sort, copies))?);
            if in_place {
                in_order(&mut best, sort);
            }
            let Some(last) = hits.last().filter(|_| hits.len() >= size) else { break };
            // A story stands there where its foremost copy that matches does. The copy that is shown may be another, so it
            // is known to be before all that follow only where it is before the last.
            let is_settled = |one: &Found| !in_place || one.place(sort) >= place(last, sort);
            if stories >= wanted && wanted.checked_sub(1).and_then(|last| best.get(last)).is_none_or(is_settled) {
                break;
            }
            body["search_after"] = last["sort"].clone();
        }
        best.truncate(wanted.saturating_mul(if in_place { 1 } else { copies }));
        Ok(best)
    }

    /// Asks a question, and with the first one how many stories and copies count.
    fn counting(&self, what: &'static str, body: &mut Value) -> Result<Value, EngineError> {
        if self.counts.get().is_some() {
            return self.remote.search(what, body);
        }
        body["aggs"] = json!({ "c": { "nested": { "path": "c" }, "aggs": { "n": counting(self.counted) } } });
        let answer = self.remote.search(what, body)?;
        let part = &answer["aggregations"]["c"]["n"];
        self.counts.set(Some(Counts { total: counted(part, self.all_copies), copies: counted(part, true) }));
        body.as_object_mut().and_then(|body| body.remove("aggs"));
        Ok(answer)
    }

    /// The best copies of the stories that were found.
    fn shown(
        &self,
        stories: &[Value],
        scores: &[Value],
        (sort, copies): (Sort, usize),
    ) -> Result<Vec<Found>, EngineError> {
        let number = |story: &Value| story["fields"]["story"][0].as_u64().unwrap_or(0);
        let has_one = |story: &Value| !story["fields"]["only.seq"].is_null();
        let several: Vec<u64> = stories.iter().filter(|story| !has_one(story)).map(number).collect();
        let mut others = self.copies(&several, scores, (sort, copies))?;
        let mut out = Vec::new();
        for story in stories {
            match story["fields"].as_object().filter(|_| has_one(story)) {
                Some(fields) => out.push(Found::new(number(story), story["_score"].as_f64(), fields)),
                None => out.extend(others.remove(&number(story)).unwrap_or_default()),
            }
        }
        Ok(out)
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
        let first = match time_field(sort) {
            _ if !self.all_copies => Some(json!({ "c.origin": "desc" })),
            Some(field) => Some(json!({ format!("c.{field}"): { "order": direction(sort), "missing": "_last" } })),
            None => None,
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
        let Some(field) = time_field(sort) else { return json!([{ "_score": "desc" }, { "story": "asc" }]) };
        let mode = if direction(sort) == "asc" { "min" } else { "max" };
        let nested = json!({ "path": "c", "filter": self.listed });
        let time = json!({ "order": direction(sort), "mode": mode, "missing": "_last", "nested": nested });
        json!([{ format!("c.{field}"): time }, { "_score": "desc" }, { "story": "asc" }])
    }
}

fn direction(sort: Sort) -> &'static str {
    if sort == Sort::Oldest { "asc" } else { "desc" }
}

/// The place of a story, by what it was sorted by: that of its foremost copy.
fn place(story: &Value, sort: Sort) -> Place {
    // The cluster writes an end of all numbers for a time that is missing.
    let at = story["sort"][0].as_i64().filter(|at| !matches!(*at, i64::MIN | i64::MAX));
    (time(sort, at), story["_score"].as_f64().unwrap_or(0.0) as f32)
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
        assert_eq!(
            ordered([found(3, 1.0, None), found(2, 2.0, None), found(1, 1.0, None)], Sort::Relevance),
            [2, 1, 3]
        );
    }

    #[test]
    fn articles_without_a_date_come_last_in_every_order() {
        let all = || [found(1, 3.0, None), found(2, 1.0, Some(-5)), found(3, 1.0, Some(7)), found(4, 2.0, Some(7))];
        assert_eq!(ordered(all(), Sort::Newest), [4, 3, 2, 1]);
        assert_eq!(ordered(all(), Sort::Oldest), [2, 4, 3, 1]);
        let story = |sort: &Value| json!({ "_score": 1.0, "sort": sort });
        for (way, end) in [(Sort::Newest, i64::MIN), (Sort::Oldest, i64::MAX)] {
            let of = place(&story(&json!([end, 1.0, 1])), way);
            assert_eq!(of, found(1, 1.0, None).place(way), "{way:?}");
        }
    }

    fn found(seq: u64, score: f32, published: Option<i64>) -> Found {
        let fields = json!({ "c.seq": [seq], "c.published": published.map(|at| [at]) });
        let mut fields = fields.as_object().cloned().unwrap_or_default();
        fields.retain(|_, value| !value.is_null());
        Found::new(seq, Some(score.into()), &fields)
    }

    fn ordered<const N: usize>(mut all: [Found; N], sort: Sort) -> [u64; N] {
        in_order(&mut all, sort);
        all.map(|one| one.seq.0)
    }
}
