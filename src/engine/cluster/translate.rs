//! A bound query as a filter of the cluster: the same articles match there as in the local index.
//!
//! Everything here is said of one copy (inside the nested field `c`). Words in order or near one another are span queries,
//! as these work over terms, over words as written and over patterns alike, and can be held to title or body.

use std::ops::Range;

use serde::Serialize;
use serde_json::{Value, json};

use crate::cluster::key;
use crate::engine::bind::{BoundNode, BoundQuery, LeafId, ValueSet};
use crate::engine::error::EngineError;
use crate::index::BODY_POSITION;
use crate::query::pattern::{Alternative, Glob, Pattern, Slot};
use crate::query::{Field, Part, Time};

/// Values that one answer can hold, or one filter, at most: the cluster's own limits are 65,535 and 65,536.
pub(super) const MOST_VALUES: usize = 60_000;
/// Words near one another that are looked for in every order, at most: of 6 there would be 720 orders.
const MOST_NEAR: usize = 5;
/// Parts of a query within parts, at most; the cluster has a limit too, and answers with an error of its own.
const DEEPEST: usize = 40;
/// Words for which a typing error may stand, at most.
const MOST_SPELLINGS: u32 = 1024;

/// Fields of the cluster that hold the words of a part.
struct Words {
    terms: &'static str,
    forms: &'static str,
    folds: &'static str,
}

const TEXT: Words = Words { terms: "c.tape", forms: "c.tape.form", folds: "c.tape.fold" };
const TITLE: Words = Words { terms: "c.title_tape", forms: "c.title_tape.form", folds: "c.title_tape.fold" };
/// Words of bylines are terms alone, as in the local index.
const BYLINE: Words = Words { terms: "c.byline_tape", forms: "c.byline_tape", folds: "c.byline_tape" };

impl Words {
    fn of(part: Part) -> Self {
        match part {
            Part::Any | Part::Body => TEXT,
            Part::Title => TITLE,
            Part::Byline => BYLINE,
        }
    }
}

/// The cluster's field for a field of the query language.
pub(super) fn value_field(field: Field) -> &'static str {
    match field {
        Field::Actor => "c.actor",
        Field::Said => "c.said",
        Field::Speaker => "c.speaker",
        Field::Event => "c.event",
        Field::Affiliation => "c.affiliation",
        Field::System => "c.system",
        Field::Topic => "c.topic",
        Field::Outlet => "c.outlet",
        Field::Lang => "c.language",
        Field::Place => "c.place",
        Field::Doubt => "c.doubt",
    }
}

pub(super) fn all(filters: Vec<Value>) -> Value {
    json!({ "bool": { "filter": filters } })
}

pub(super) fn any(filters: Vec<Value>) -> Value {
    if filters.is_empty() {
        return json!({ "match_none": {} });
    }
    json!({ "bool": { "should": filters, "minimum_should_match": 1 } })
}

fn not(filters: Vec<Value>) -> Value {
    json!({ "bool": { "must_not": filters } })
}

/// The copies that match a node of a query.
///
/// # Errors
///
/// [`EngineError::Unsupported`] where the cluster cannot match it exactly.
pub(super) fn node(bound: &BoundQuery, node: &BoundNode) -> Result<Value, EngineError> {
    at_depth(bound, node, 0)
}

fn at_depth(bound: &BoundQuery, node: &BoundNode, depth: usize) -> Result<Value, EngineError> {
    if depth > DEEPEST {
        return Err(EngineError::unsupported(
            "brackets this deep within one another",
            "write the query with fewer brackets",
        ));
    }
    let list =
        |nodes: &[BoundNode]| nodes.iter().map(|node| at_depth(bound, node, depth + 1)).collect::<Result<Vec<_>, _>>();
    Ok(match node {
        BoundNode::All => json!({ "match_all": {} }),
        BoundNode::Nothing => json!({ "match_none": {} }),
        BoundNode::Leaf(id) => leaf(bound, *id)?,
        BoundNode::Named(id, of) => any(vec![leaf(bound, *id)?, values(bound.value_set(*of))]),
        BoundNode::Values(id) => values(bound.value_set(*id)),
        BoundNode::Dates(of, range) => dates(*of, range),
        BoundNode::Not(inner) => not(vec![at_depth(bound, inner, depth + 1)?]),
        BoundNode::And(nodes) => all(list(nodes)?),
        BoundNode::Or(nodes) if nodes.is_empty() => json!({ "match_none": {} }),
        BoundNode::Or(nodes) => any(list(nodes)?),
        BoundNode::Row { must, should, not: without, words } => {
            let some = !should.is_empty() && (must.is_empty() || !words.is_empty());
            let mut required = list(must)?;
            if some {
                required.push(any(list(should)?));
            } else if should.is_empty() && !words.is_empty() {
                required.push(json!({ "match_none": {} }));
            }
            if !without.is_empty() {
                required.push(not(list(without)?));
            }
            all(required)
        }
    })
}

/// Copies that have one of these values.
pub(super) fn values(values: &ValueSet) -> Value {
    one_of(value_field(values.field), &values.terms)
}

/// Copies that have one of these values in a field, in as many parts as the cluster takes.
pub(super) fn one_of<T: Serialize>(field: &str, values: &[T]) -> Value {
    let mut parts: Vec<Value> = values.chunks(MOST_VALUES).map(|some| json!({ "terms": { field: some } })).collect();
    if parts.len() == 1 { parts.remove(0) } else { any(parts) }
}

fn dates(of: Time, range: &Range<i64>) -> Value {
    let field = match of {
        Time::Published => "c.published",
        Time::Changed => "c.modified",
    };
    json!({ "range": { field: { "gte": range.start, "lt": range.end } } })
}

fn leaf(bound: &BoundQuery, id: LeafId) -> Result<Value, EngineError> {
    pattern(&bound.leaf(id).pattern)
}

/// The copies in which a pattern stands.
pub(super) fn pattern(pattern: &Pattern) -> Result<Value, EngineError> {
    let words = Words::of(pattern.part);
    match (pattern.slots.as_slice(), pattern.part) {
        ([slot], Part::Any | Part::Title | Part::Byline) => Ok(one_word(slot, &words, pattern.part)),
        ([slot], Part::Body) => in_body(&[spans_of(slot, &words, Part::Body)]).map(|mut all| all.remove(0)),
        (slots, part) => {
            let spans: Vec<Value> = slots.iter().map(|slot| spans_of(slot, &words, part)).collect();
            let rows = match pattern.near {
                None => vec![in_order(slots, &spans, words.terms)],
                Some(slop) => near(&spans, slop)?,
            };
            let rows = if part == Part::Body { in_body(&rows)? } else { rows };
            Ok(any(rows))
        }
    }
}

/// Copies with one of the alternatives of a word.
fn one_word(slot: &Slot, words: &Words, part: Part) -> Value {
    let (mut terms, mut forms, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for alternative in &slot.any {
        match alternative {
            Alternative::Term(term) => terms.push(term.clone()),
            Alternative::Form(form) => forms.push(form_key(form, part)),
            Alternative::Glob(glob) => {
                let pattern = escaped(glob);
                others.push(json!({ "wildcard": { words.folds: { "value": pattern, "rewrite": "constant_score" } } }));
            }
            Alternative::Fuzzy(word, distance) => others.push(fuzzy(words.folds, word, *distance)),
        }
    }
    let listed = [(words.terms, terms), (words.forms, forms)].into_iter().filter(|(_, list)| !list.is_empty());
    let mut out: Vec<Value> = listed.map(|(field, list)| json!({ "terms": { field: list } })).collect();
    out.append(&mut others);
    if out.len() == 1 { out.remove(0) } else { any(out) }
}

/// A word as written as it stands in the fields of a part.
fn form_key(form: &str, part: Part) -> String {
    match part {
        Part::Byline => form.split('\0').next().unwrap_or_default().to_owned(),
        _ => key(form),
    }
}

fn fuzzy(field: &str, word: &str, distance: u8) -> Value {
    json!({ "fuzzy": { field: {
        "value": word, "fuzziness": distance, "prefix_length": 0, "transpositions": true,
        "max_expansions": MOST_SPELLINGS, "rewrite": "constant_score",
    } } })
}

/// A glob in the cluster's signs.
fn escaped(glob: &Glob) -> String {
    glob.as_str().replace('\\', "\\\\")
}

/// A word as a span. Words as written have another field, whose positions are the same.
fn spans_of(slot: &Slot, words: &Words, part: Part) -> Value {
    let masked = |query: Value| json!({ "field_masking_span": { "field": words.terms, "query": query } });
    let mut any: Vec<Value> = Vec::new();
    for alternative in &slot.any {
        any.push(match alternative {
            Alternative::Term(term) => json!({ "span_term": { words.terms: term } }),
            Alternative::Form(form) if part == Part::Byline => {
                json!({ "span_term": { words.terms: form_key(form, part) } })
            }
            Alternative::Form(form) => masked(json!({ "span_term": { words.forms: key(form) } })),
            Alternative::Glob(glob) => masked(json!({ "span_multi": { "match": {
                "regexp": { words.forms: { "value": regexp(glob), "flags": "NONE" } }
            } } })),
            // A form is the folded word and what is written; a span finds the folded word alone where both are the same.
            Alternative::Fuzzy(word, distance) => {
                masked(json!({ "span_multi": { "match": fuzzy(words.forms, word, *distance) } }))
            }
        });
    }
    if any.len() == 1 { any.remove(0) } else { json!({ "span_or": { "clauses": any } }) }
}

/// A glob over words as written: behind the folded letters may stand the own ones.
fn regexp(glob: &Glob) -> String {
    let mut out = String::new();
    for c in glob.as_str().chars() {
        match c {
            '*' => out.push_str("[^\r]*"),
            '?' => out.push_str("[^\r]"),
            c if c.is_alphanumeric() => out.push(c),
            c => out.extend(['\\', c]),
        }
    }
    out.push_str("(\r.*)?");
    out
}

/// Words at the distances between their slots.
fn in_order(slots: &[Slot], spans: &[Value], field: &str) -> Value {
    let mut clauses = Vec::new();
    let mut last: Option<u32> = None;
    for (slot, span) in slots.iter().zip(spans) {
        let gap = last.map_or(0, |last| slot.offset.saturating_sub(last + 1));
        if gap > 0 {
            clauses.push(json!({ "span_gap": { field: gap } }));
        }
        clauses.push(span.clone());
        last = Some(slot.offset);
    }
    json!({ "span_near": { "clauses": clauses, "slop": 0, "in_order": true } })
}

/// Words near one another: in each of their orders, so that no two stand at one position.
fn near(spans: &[Value], slop: u32) -> Result<Vec<Value>, EngineError> {
    if spans.len() > MOST_NEAR {
        let hint = "write it as several phrases of fewer words, with AND between";
        return Err(EngineError::unsupported(format!("more than {MOST_NEAR} words near one another"), hint));
    }
    let row = |clauses: Vec<Value>| json!({ "span_near": { "clauses": clauses, "slop": slop, "in_order": true } });
    Ok(orders(spans).into_iter().map(row).collect())
}

/// All orders of a list.
fn orders(list: &[Value]) -> Vec<Vec<Value>> {
    if list.len() < 2 {
        return vec![list.to_vec()];
    }
    let mut out = Vec::new();
    for first in 0..list.len() {
        let mut rest = list.to_vec();
        let first = rest.remove(first);
        out.extend(orders(&rest).into_iter().map(|mut row| {
            row.insert(0, first.clone());
            row
        }));
    }
    out
}

/// Spans of the body alone: those that do not stand in the title.
fn in_body(spans: &[Value]) -> Result<Vec<Value>, EngineError> {
    let title = |span: &Value| json!({ "span_first": { "match": span, "end": BODY_POSITION } });
    Ok(spans.iter().map(|span| json!({ "span_not": { "include": span, "exclude": title(span) } })).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyzer;
    use crate::query::{Mode, Text};

    fn of(part: Part, mode: Mode, text: &str) -> Value {
        let text = Text { part, text: text.to_owned(), mode };
        pattern(&Pattern::new(&text, &mut Analyzer::new()).unwrap()).unwrap()
    }

    #[test]
    fn words_are_terms_and_phrases_are_spans() {
        assert_eq!(of(Part::Any, Mode::Word, "talks"), json!({ "terms": { "c.tape": ["talk"] } }));
        assert_eq!(of(Part::Any, Mode::Exact, "SAFE"), json!({ "terms": { "c.tape.form": ["safe\rSAFE"] } }));
        let phrase = of(Part::Any, Mode::Phrase, "grey * frigates");
        let row = &phrase["bool"]["should"][0]["span_near"];
        assert_eq!((&row["slop"], &row["clauses"][1]), (&json!(0), &json!({ "span_gap": { "c.tape": 1 } })));
        let body = of(Part::Body, Mode::Word, "talks");
        assert_eq!(body["span_not"]["exclude"]["span_first"]["end"], json!(1000));
    }

    #[test]
    fn many_values_are_asked_for_in_parts() {
        assert_eq!(one_of("c.num", &[7]), json!({ "terms": { "c.num": [7] } }));
        let all: Vec<usize> = (0..=MOST_VALUES).collect();
        let parts = &one_of("c.num", &all)["bool"]["should"];
        assert_eq!(parts[0]["terms"]["c.num"].as_array().map(Vec::len), Some(MOST_VALUES));
        assert_eq!(parts[1], json!({ "terms": { "c.num": [MOST_VALUES] } }));
    }

    #[test]
    fn words_near_one_another_are_looked_for_in_every_order() {
        let near = of(Part::Any, Mode::Near(3), "grey old frigates");
        assert_eq!(near["bool"]["should"].as_array().map(Vec::len), Some(6));
        let text = Text { part: Part::Any, text: "a1 b2 c3 d4 e5 f6".to_owned(), mode: Mode::Near(9) };
        assert!(pattern(&Pattern::new(&text, &mut Analyzer::new()).unwrap()).is_err());
    }
}
