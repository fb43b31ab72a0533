//! A bound query as clauses that the cluster scores.
//!
//! The cluster's BM25 has the parameters that the local index has for brief queries, so single words score the same there.
//! What has no counterpart (words of several readings, patterns, words near one another) scores about the same.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::remote::Remote;
use super::translate::{pattern, values};
use crate::cluster::{EVERY, key};
use crate::engine::bind::{BoundQuery, LeafId, ValuesId};
use crate::engine::error::EngineError;
use crate::engine::feedback::Learnt;
use crate::engine::ranking::Ranking;
use crate::engine::statistics::Statistics;
use crate::index::BODY_POSITION;
use crate::query::pattern::{Alternative, Pattern, Slot};
use crate::query::{Field, Part};

/// Words for which a leaf stands that are counted together, at most.
const MOST_WORDS: usize = 1000;
/// Words for which a place of a phrase stands that are counted, at most.
const MOST_OF_PLACE: usize = 200;

/// The leaves of a query with their rarity.
#[derive(Clone)]
pub(super) struct Scores<'q> {
    bound: &'q BoundQuery,
    /// For each leaf, excluded ones too.
    pub(super) idf: Vec<f32>,
    /// The actors whom leaves name.
    named: Vec<(LeafId, ValuesId)>,
    /// For each leaf of several words without a pattern: how much rarer its words are here than to the cluster, which adds
    /// up those of all their readings.
    rarer: Vec<Option<f32>>,
    /// Rarity of the term that every article has.
    every: f32,
    /// For each term of a leaf of one word in the text: how much rarer words of the text are than of titles, by idf.
    titles: Vec<Vec<(String, f32)>>,
    /// The words for which a leaf of one word was found to stand, as they are written.
    stand_for: HashMap<LeafId, BTreeSet<String>>,
    /// Phrases with the words for which their places were found to stand, and how much rarer they are here (see `rarer`).
    phrases: HashMap<LeafId, (Pattern, f32)>,
}

/// For each leaf that stands for other words, and each of its places, the words that articles have there, as written.
pub(super) type StandFor = HashMap<LeafId, Vec<BTreeSet<String>>>;

impl<'q> Scores<'q> {
    /// Looks up how many articles have the leaves.
    pub(super) fn new(remote: &Remote<'_>, bound: &'q BoundQuery) -> Result<Self, EngineError> {
        let mut filters: Vec<Value> = Vec::new();
        for leaf in &bound.leaves {
            for slot in &leaf.pattern.slots {
                for alternative in &slot.any {
                    let part = if leaf.pattern.part == Part::Byline { Part::Byline } else { Part::Any };
                    filters.push(alone(part, alternative)?);
                }
            }
            filters.extend(terms_of_titles(&leaf.pattern).map(|term| json!({ "term": { "c.title_tape": term } })));
        }
        let counts = remote.count(&filters)?;
        let mut next = counts.into_iter();
        let (mut idf, mut rarer, mut titles) = (Vec::new(), Vec::new(), Vec::new());
        for leaf in &bound.leaves {
            let (mut sum, mut of_readings) = (0.0, 0.0);
            for slot in &leaf.pattern.slots {
                let found: Vec<u64> = next.by_ref().take(slot.any.len()).collect();
                sum += remote.idf(found.iter().sum());
                of_readings += found.iter().map(|found| remote.idf(*found)).sum::<f32>();
            }
            idf.push(sum);
            rarer.push(is_of_words(&leaf.pattern).then_some(sum / f32::max(of_readings, f32::EPSILON)));
            let in_title = |term: &str| (term.to_owned(), sum / remote.idf(next.next().unwrap_or(0)).max(f32::EPSILON));
            titles.push(terms_of_titles(&leaf.pattern).map(in_title).collect());
        }
        let articles = f64::from(remote.articles());
        let every = (0.5 / (articles + 0.5)).ln_1p() as f32;
        let (stand_for, phrases) = Default::default();
        Ok(Self { bound, idf, named: bound.root.named_leaves(), rarer, every, titles, stand_for, phrases })
    }

    /// With the words for which leaves were found to stand.
    pub(super) fn with_words(mut self, remote: &Remote<'_>, found: StandFor) -> Result<Self, EngineError> {
        for (id, mut places) in found.into_iter().filter(|(_, places)| places.iter().any(|place| !place.is_empty())) {
            if places.len() == 1 {
                self.stand_for.insert(id, places.remove(0));
                continue;
            }
            let mut phrase = self.bound.leaf(id).pattern.clone();
            for (slot, words) in phrase.slots.iter_mut().zip(places).filter(|(slot, _)| is_open(slot)) {
                slot.any = words.into_iter().take(MOST_OF_PLACE).map(Alternative::Form).collect();
            }
            let words = phrase.slots.iter().flat_map(|slot| &slot.any);
            let words = words.map(|any| alone(Part::Any, any)).collect::<Result<Vec<_>, _>>()?;
            let of_readings: f32 = remote.count(&words)?.into_iter().map(|found| remote.idf(found)).sum();
            self.phrases.insert(id, (phrase, self.idf[id.0] / of_readings.max(f32::EPSILON)));
        }
        Ok(self)
    }

    /// The clauses of the query's own words, each weighted with this share.
    pub(super) fn own(&self, share: f32, ranking: &Ranking) -> Result<Vec<Value>, EngineError> {
        let mut out = Vec::new();
        for (id, leaf) in self.bound.wanted_leaves() {
            let weight = share * leaf.weight;
            out.push(self.clause(id, &leaf.pattern, weight)?);
            for (term, rarer) in &self.titles[id.0] {
                let boost = ranking.title_weight * weight * rarer;
                out.push(json!({ "term": { "c.title_tape": { "value": term, "boost": boost } } }));
            }
        }
        for (leaf, actor) in &self.named {
            let weight = share * self.bound.leaf(*leaf).weight * self.idf[leaf.0];
            let words = pattern(&self.bound.leaf(*leaf).pattern)?;
            let others = json!({ "bool": { "filter": values(self.bound.value_set(*actor)), "must_not": words } });
            out.push(self.once(others, weight));
        }
        Ok(out)
    }

    /// Scores copies as if they had a word once.
    fn once(&self, filter: Value, weight: f32) -> Value {
        let term = json!({ "term": { "c.tape": { "value": EVERY, "boost": weight / self.every } } });
        json!({ "bool": { "filter": filter, "must": term } })
    }

    /// Whether the cluster's scores are those of the local index.
    pub(super) fn are_exact(&self) -> bool {
        self.bound.brief
            && self.named.is_empty()
            && self
                .bound
                .wanted_leaves()
                .all(|(_, leaf)| terms_of(&leaf.pattern).nth(1).is_none() && terms_of(&leaf.pattern).next().is_some())
    }

    /// Whether some leaf names an actor.
    pub(super) fn name_actors(&self) -> bool {
        !self.named.is_empty()
    }

    /// Whether a copy mentions the actor whom a leaf names.
    pub(super) fn names(&self, leaf: LeafId, copy: &Map<String, Value>) -> bool {
        let wanted =
            self.named.iter().filter(|(named, _)| *named == leaf).map(|(_, values)| self.bound.value_set(*values));
        wanted.into_iter().any(|set| {
            let field = if set.field == Field::System { "system" } else { "actor" };
            let has = copy.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            has.into_iter().any(|id| set.terms.iter().any(|term| term == id))
        })
    }

    /// The score of a pattern in the text.
    fn clause(&self, id: LeafId, of: &Pattern, weight: f32) -> Result<Value, EngineError> {
        let terms: Vec<&str> = terms_of(of).collect();
        Ok(match terms.as_slice() {
            [term] => json!({ "term": { "c.tape": { "value": term, "boost": weight } } }),
            // Terms at one position are counted together.
            [_, _, ..] => json!({ "match": { "c.tape": { "query": terms.join("\u{c}"), "boost": weight } } }),
            [] => match self.rarer[id.0] {
                Some(rarer) => json!({ "bool": { "should": scored(of)?, "boost": weight * rarer } }),
                None => match (self.stand_for.get(&id), self.phrases.get(&id)) {
                    // Words at one position are counted together.
                    (Some(words), _) => {
                        let field = if of.part == Part::Title { "c.title_tape.form" } else { "c.tape.form" };
                        let words = words.iter().take(MOST_WORDS).map(|word| format!("\u{8}{}", key(word)));
                        json!({ "match": { field: { "query": words.collect::<String>(), "boost": weight } } })
                    }
                    (None, Some((phrase, rarer))) => {
                        json!({ "bool": { "should": scored(phrase)?, "boost": weight * rarer } })
                    }
                    (None, None) => self.once(pattern(of)?, weight * self.idf[id.0]),
                },
            },
        })
    }
}

/// Whether some word of a pattern stands for others.
pub(super) fn stands_for_others(pattern: &Pattern) -> bool {
    pattern.part != Part::Byline && pattern.slots.iter().any(is_open)
}

/// Whether it has to be found out for which words a word of a pattern stands.
fn is_open(slot: &Slot) -> bool {
    slot.any.iter().any(|any| matches!(any, Alternative::Glob(_) | Alternative::Fuzzy(..)))
}

/// The clauses of learnt words, each weighted with this share.
pub(super) fn learnt(words: &[Learnt], share: f32) -> Vec<Value> {
    let clause = |(term, of): &Learnt| json!({ "term": { "c.tape": { "value": term, "boost": share * of } } });
    words.iter().map(clause).collect()
}

/// The terms of a pattern that is one word anywhere, in whatever readings; else none.
pub(super) fn terms_of(pattern: &Pattern) -> impl Iterator<Item = &str> {
    terms_in(&[Part::Any], pattern)
}

/// As [`terms_of`], also of a word of titles.
fn terms_of_titles(pattern: &Pattern) -> impl Iterator<Item = &str> {
    terms_in(&[Part::Any, Part::Title], pattern)
}

fn terms_in<'p>(parts: &[Part], pattern: &'p Pattern) -> impl Iterator<Item = &'p str> {
    let slot = pattern.slots.first().filter(|_| parts.contains(&pattern.part) && pattern.is_one_word());
    slot.into_iter().flat_map(|slot| &slot.any).filter_map(|any| match any {
        Alternative::Term(term) => Some(term.as_str()),
        _ => None,
    })
}

/// The copies with one alternative of a word.
fn alone(part: Part, alternative: &Alternative) -> Result<Value, EngineError> {
    let slot = Slot { any: vec![alternative.clone()], offset: 0 };
    pattern(&Pattern { part, slots: vec![slot], near: None })
}

/// Whether a pattern is of words, none of which stands for others.
fn is_of_words(pattern: &Pattern) -> bool {
    let word = |any: &Alternative| matches!(any, Alternative::Term(_) | Alternative::Form(_));
    pattern.part != Part::Byline && pattern.slots.iter().flat_map(|slot| &slot.any).all(word)
}

/// A pattern of words as clauses that the cluster scores by how often it stands.
fn scored(of: &Pattern) -> Result<Vec<Value>, EngineError> {
    let [slot] = of.slots.as_slice() else { return Ok(vec![pattern(of)?]) };
    let clause = |any: &Alternative| match (any, of.part) {
        (Alternative::Form(form), Part::Any) => Ok(json!({ "term": { "c.tape.form": key(form) } })),
        (Alternative::Form(form), Part::Title) => Ok(json!({ "term": { "c.title_tape.form": key(form) } })),
        // Its length is that of the whole text, as in the local index.
        (Alternative::Term(term), Part::Title) => Ok(json!({ "span_first": {
            "match": { "span_term": { "c.tape": term } }, "end": BODY_POSITION,
        } })),
        (other, part) => alone(part, other),
    };
    slot.any.iter().map(clause).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::schema::{B, K1, TITLE_B};

    #[test]
    fn the_index_of_a_cluster_has_the_parameters_of_the_local_one() {
        let Ranking { k1, b, title_b, .. } = Ranking::default();
        assert_eq!((K1, B, TITLE_B), (k1, b, title_b));
    }
}
