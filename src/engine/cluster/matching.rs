//! Which copies match a request, and which of them count, as filters of the cluster.

use serde_json::{Value, json};

use super::remote::Remote;
use super::sieve::Sieve;
use super::translate::{all, any, node, one_of, pattern, values};
use crate::article::Moment;
use crate::engine::absent::{self, NAMED};
use crate::engine::bind::{BoundQuery, Leaf, LeafId, ValuesId, bind};
use crate::engine::error::EngineError;
use crate::engine::request::{Filters, Matching};
use crate::engine::response::Reach;
use crate::query::{self, Field, Query};

/// A request as filters of the cluster.
pub(super) struct Asked {
    pub(super) bound: BoundQuery,
    /// The query as it was understood.
    pub(super) read: Query,
    /// What the user should know of how the query was read.
    pub(super) notes: Vec<String>,
    /// For each leaf, whether no article has it.
    pub(super) absent: Vec<bool>,
    /// The query alone.
    query: Value,
    /// Each filter with its field.
    filters: Vec<(Option<Field>, Value)>,
    /// What narrows beside filters: removed articles.
    pub(super) others: Vec<Value>,
    /// Each word by which stories are counted; none where there are fewer than two.
    pub(super) words: Vec<Value>,
    pub(super) requested: Filters,
}

/// The copies that match, and those of them that count.
pub(super) struct Answers {
    pub(super) any: Value,
    pub(super) counted: Value,
    /// How many of the words each counted story has; `None` where all that match count. `total_any` counts stories.
    pub(super) reach: Option<Reach>,
    /// Articles that match.
    articles_any: u64,
}

impl Asked {
    /// Reads a query and its filters.
    pub(super) fn new(remote: &Remote<'_>, text: &str, filters: &Filters, now: &Moment) -> Result<Self, EngineError> {
        remote.prefer(text);
        let mut asked = Self::of(remote, query::parse(text, now)?, filters)?;
        asked.absent = absent(remote, &asked)?;
        asked.notes.extend(absent::notes(remote, &asked.bound, &asked.absent)?);
        Ok(asked)
    }

    /// Binds a query with its filters.
    pub(super) fn of(remote: &Remote<'_>, query: Query, filters: &Filters) -> Result<Self, EngineError> {
        let mut analyzer = remote.analyzer.borrow_mut();
        let bound = bind(&query, filters, &remote.names(), &mut analyzer, &remote.ranking)?;
        drop(analyzer);
        Self::of_bound(remote, query, bound, filters)
    }

    /// A bound query as filters.
    pub(super) fn of_bound(
        remote: &Remote<'_>,
        read: Query,
        mut bound: BoundQuery,
        filters: &Filters,
    ) -> Result<Self, EngineError> {
        let mut others = Vec::new();
        if !remote.gone.is_empty() {
            let gone: Vec<u64> = remote.gone.iter().map(|num| num.0).collect();
            others.push(json!({ "bool": { "must_not": [one_of("c.num", &gone)] } }));
        }
        let words = bound.root.words();
        let words = if words.len() > 1 { words } else { Vec::new() };
        let words = words.iter().map(|word| node(&bound, &word.node)).collect::<Result<_, _>>()?;
        let filtered = bound.filters.iter().map(|filter| Ok((filter.field, node(&bound, &filter.node)?)));
        let filtered = filtered.collect::<Result<_, EngineError>>()?;
        let mut notes = remote.notes.clone();
        notes.append(&mut bound.notes);
        Ok(Self {
            read,
            absent: Vec::new(),
            notes,
            query: node(&bound, &bound.root)?,
            filters: filtered,
            others,
            words,
            requested: filters.clone(),
            bound,
        })
    }

    /// Whether some filter is on a field.
    pub(super) fn is_filtered_by(&self, field: Field) -> bool {
        self.filters.iter().any(|(filter, _)| *filter == Some(field))
    }

    /// The copies that match the query and all filters but those on the field `except`, and those of them that count.
    pub(super) fn answers(&self, remote: &Remote<'_>, except: Option<Field>) -> Result<Answers, EngineError> {
        self.among(remote, except, true)
    }

    /// As [`Asked::answers`], but the words may stand anywhere in an article, whose words were asked for or not.
    pub(super) fn answers_in_articles(&self, remote: &Remote<'_>) -> Result<Answers, EngineError> {
        self.among(remote, None, false)
    }

    fn among(&self, remote: &Remote<'_>, except: Option<Field>, said: bool) -> Result<Answers, EngineError> {
        let filters = self.filters.iter().filter(|(field, _)| except.is_none() || *field != except);
        let mut every: Vec<Value> = filters.map(|(_, filter)| filter.clone()).collect();
        every.extend(self.others.iter().cloned());
        every.push(self.query.clone());
        if self.requested.as_subject && except != Some(Field::Actor) {
            every.extend(self.bound.wanted_actors().map(|values| one_of("c.subject", &values.terms)));
        }
        let any = match Sieve::new(self, except, said) {
            Some(sieve) => sieve.sift(remote, &all(every))?,
            None => all(every),
        };
        if self.words.is_empty() || self.requested.matching == Matching::Any {
            return Ok(Answers { counted: any.clone(), any, reach: None, articles_any: 0 });
        }
        let scores: Vec<Value> =
            self.words.iter().map(|word| json!({ "constant_score": { "filter": word } })).collect();
        let body = json!({
            "size": 1, "track_total_hits": true, "_source": false,
            "query": { "nested": { "path": "c", "score_mode": "max", "query": {
                "bool": { "filter": any, "should": scores }
            } } },
            "aggs": { "c": { "nested": { "path": "c" }, "aggs": { "n": { "filter": any } } } },
        });
        let answer = remote.search("how many words stories have", &body)?;
        let met = answer["hits"]["max_score"].as_f64().unwrap_or(0.0).round() as usize;
        let words = self.words.len();
        let least = if self.requested.matching == Matching::All { words } else { met };
        let some = json!({ "bool": { "should": self.words, "minimum_should_match": least } });
        let counted = if least == 0 { any.clone() } else { all(vec![any.clone(), some]) };
        let total_any = answer["hits"]["total"]["value"].as_u64().unwrap_or(0);
        let reach = Some(Reach { total_any, words, words_met: met });
        let articles_any = answer["aggregations"]["c"]["n"]["doc_count"].as_u64().unwrap_or(0);
        Ok(Answers { any, counted, reach, articles_any })
    }
}

impl Answers {
    /// [`Answers::reach`] in articles where the request counts all copies.
    pub(super) fn reach(&self, all_copies: bool) -> Option<Reach> {
        self.reach.map(|reach| if all_copies { Reach { total_any: self.articles_any, ..reach } } else { reach })
    }
}

/// For each leaf of a query, whether no article of the index has it; of more than can be named, the first.
fn absent(remote: &Remote<'_>, asked: &Asked) -> Result<Vec<bool>, EngineError> {
    let bound = &asked.bound;
    let named: Vec<(LeafId, ValuesId)> = bound.root.named_leaves();
    let leaves: Vec<(LeafId, &Leaf)> =
        bound.wanted_leaves().filter(|(id, _)| !bound.compounds.contains(id)).take(NAMED).collect();
    let filter = |(id, leaf): &(LeafId, &Leaf)| {
        let mut of = vec![pattern(&leaf.pattern)?];
        of.extend(named.iter().filter(|(named, _)| named == id).map(|(_, actor)| values(bound.value_set(*actor))));
        let of = if of.len() == 1 { of.remove(0) } else { any(of) };
        Ok(if asked.others.is_empty() { of } else { all([asked.others.clone(), vec![of]].concat()) })
    };
    let filters = leaves.iter().map(filter).collect::<Result<Vec<_>, EngineError>>()?;
    let found = remote.count(&filters)?;
    let mut out = vec![false; bound.leaves.len()];
    for ((id, _), found) in leaves.iter().zip(found) {
        out[id.0] = found == 0;
    }
    Ok(out)
}

/// A part of an answer: how many stories (articles, where all copies count) some copies are.
pub(super) fn counting(filter: &Value) -> Value {
    json!({ "filter": filter, "aggs": { "s": { "reverse_nested": {} } } })
}

/// The number in a part of an answer that [`counting`] asked for, or one like it.
pub(super) fn counted(part: &Value, all_copies: bool) -> u64 {
    let count = if all_copies { &part["doc_count"] } else { &part["s"]["doc_count"] };
    count.as_u64().unwrap_or(0)
}
