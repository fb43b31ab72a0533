//! How an answer came about: what each part of a query matches, where a score comes from, what would find something.

use std::collections::HashMap;

use tantivy::DocAddress;

use super::collection::Collection;
use super::doc_set::total;
use super::matches::Matches;
use super::rescore::Step;
use super::segment::{matching, scoring};
use super::weight::Weight;
use crate::analysis;
use crate::engine::bind::BoundNode;
use crate::engine::error::EngineError;
use crate::engine::request::{Filters, SearchRequest};
use crate::engine::response::{ClauseCount, Explanation, Heading, ScorePart};
use crate::engine::rewrite::{parts, replaced, single_filters, without_each_filter, without_one};
use crate::fence;
use crate::query::pattern::{Alternative, Pattern};
use crate::query::{Kind, Mode, Node, Query, Text};

/// Words listed for a prefix, a pattern or a typing error, at most.
const LISTED: usize = 8;
/// Words of a query for which a nearer one is looked for, at most.
const CORRECTED: usize = 12;

/// What each part of the query and each filter matches by itself, and how it was read.
pub(super) fn explanation(
    collection: &Collection<'_>,
    request: &SearchRequest,
    matches: &Matches,
) -> Result<Explanation, EngineError> {
    let mut nodes: Vec<&Node> = Vec::new();
    if let Some(root) = &matches.query.root {
        parts(root, &mut nodes);
    }
    let mut clauses: Vec<ClauseCount> = Vec::new();
    for node in nodes {
        let clause = node.to_string();
        if clauses.iter().any(|known| known.clause == clause) {
            continue;
        }
        let query = Query { root: Some(node.clone()), ..Query::default() };
        let readings = match &node.kind {
            Kind::Text(text) => readings(collection, text)?,
            _ => Vec::new(),
        };
        clauses.push(ClauseCount {
            clause,
            articles: count(collection, &query, &Filters::default(), request)?,
            readings,
        });
    }
    for (name, filters) in single_filters(&request.filters) {
        let articles = count(collection, &Query::default(), &filters, request)?;
        clauses.push(ClauseCount { clause: name, articles, readings: Vec::new() });
    }
    let bound = &matches.weight.bound;
    let ids = bound.root.named_actors().into_iter().flat_map(|values| &bound.value_set(values).terms);
    let actors = ids.map(|id| collection.index().heading(id.clone()));
    let mut actors = actors.collect::<Result<Vec<Heading>, EngineError>>()?;
    actors.dedup();
    Ok(Explanation { clauses, actors, learnt: Vec::new() })
}

/// How many articles match.
fn count(
    collection: &Collection<'_>,
    query: &Query,
    filters: &Filters,
    request: &SearchRequest,
) -> Result<u64, EngineError> {
    let found = Matches::of(collection, query.clone(), filters, false)?;
    let mentions = Filters {
        min_mentions: request.filters.min_mentions,
        no_metonyms: request.filters.no_metonyms,
        as_subject: request.filters.as_subject,
        ..Filters::default()
    };
    let mentions = if filters.actor.is_empty() { Filters::default() } else { mentions };
    let mentions = Filters { matching: filters.matching, ..mentions };
    Ok(total(&found.answers(collection, &mentions, None)?.counted))
}

/// How the words of a leaf are read, where it is more than their letters.
pub(super) fn readings(collection: &Collection<'_>, text: &Text) -> Result<Vec<String>, EngineError> {
    let Some(pattern) = Pattern::new(text, &mut collection.analyzer.borrow_mut()) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    let words = analysis::words(&text.text);
    for slot in &pattern.slots {
        let terms: Vec<&str> = slot
            .any
            .iter()
            .filter_map(|a| if let Alternative::Term(t) = a { Some(t.as_str()) } else { None })
            .collect();
        let (initialisms, stems): (Vec<&str>, Vec<&str>) =
            terms.iter().partition(|term| term.starts_with(|c: char| c.is_ascii_uppercase()));
        match (initialisms.as_slice(), stems.as_slice()) {
            ([initialism], []) => out.push(format!("the initialism {initialism}, not the word")),
            ([initialism], [..]) => out.push(format!("the initialism {initialism} or the word")),
            (_, [stem]) => {
                let folded: Vec<&str> = words.as_slice().iter().map(|word| words.folded(word)).collect();
                let spelling = folded.iter().any(|word| analysis::spelling::canonical(word) != *word);
                if spelling {
                    out.push(format!("any form of {stem}-, British and American"));
                } else if !folded.contains(stem) {
                    out.push(format!("any form of {stem}-"));
                }
            }
            _ => {}
        }
        for alternative in slot.any.iter().filter(|a| matches!(a, Alternative::Glob(_) | Alternative::Fuzzy(..))) {
            out.push(accepted(collection, alternative)?);
        }
    }
    out.dedup();
    Ok(out)
}

/// The words of the index that a pattern takes: how many, and the most frequent.
fn accepted(collection: &Collection<'_>, alternative: &Alternative) -> Result<String, EngineError> {
    let mut found: HashMap<String, u32> = HashMap::new();
    for segment in collection.segments() {
        let index = segment.inverted_index(collection.fields.form)?;
        let mut stream = index.terms().stream()?;
        while let Some((key, info)) = stream.next() {
            fence::check();
            let word = key.split(|b| *b == 0).next().and_then(|word| std::str::from_utf8(word).ok());
            if let Some(word) = word.filter(|word| alternative.accepts(word)) {
                *found.entry(word.to_owned()).or_default() += info.doc_freq;
            }
        }
    }
    let mut list: Vec<(String, u32)> = found.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let number = list.len();
    let words: Vec<String> = list.into_iter().take(LISTED).map(|(word, _)| word).collect();
    let noun = if number == 1 { "word" } else { "words" };
    let more = if number > LISTED { " ..." } else { "" };
    Ok(format!("{number} {noun}: {}{more}", words.join(", ")))
}

/// Each part of the query that must hold, and each filter, without which something is found.
pub(super) fn emptied_by(
    collection: &Collection<'_>,
    request: &SearchRequest,
    matches: &Matches,
) -> Result<Vec<ClauseCount>, EngineError> {
    let mut out = Vec::new();
    for (clause, query) in matches.query.root.iter().flat_map(without_one) {
        let articles = count(collection, &query, &request.filters, request)?;
        out.push(ClauseCount { clause, articles, readings: Vec::new() });
    }
    for (clause, filters) in without_each_filter(&request.filters) {
        let articles = count(collection, &matches.query, &filters, request)?;
        out.push(ClauseCount { clause, articles, readings: Vec::new() });
    }
    out.retain(|clause| clause.articles > 0);
    Ok(out)
}

/// What would find something: a word that is near one that no article has, or the query without a part.
pub(super) fn suggestions(
    collection: &Collection<'_>,
    request: &SearchRequest,
    matches: &Matches,
) -> Result<Vec<String>, EngineError> {
    let mut out: Vec<String> = Vec::new();
    let mut nearer = matches.understood.clone();
    let mut unknown = 0;
    for (id, leaf) in matches.weight.bound.wanted_leaves() {
        let words = analysis::words(&leaf.text.text);
        let (Mode::Word, [word]) = (leaf.text.mode, words.as_slice()) else { continue };
        let found = total(&matching(&matches.weight, collection, &BoundNode::Leaf(id))?);
        if found == 0 && unknown < CORRECTED {
            unknown += 1;
            if let Some(near) = collection.nearest_word(words.folded(word))? {
                nearer = replaced(&nearer, &leaf.text.text, &near);
            }
        }
    }
    if nearer != matches.understood {
        out.push(nearer);
    }
    let fewer = matches.query.root.iter().flat_map(without_one);
    out.extend(fewer.map(|(_, query)| query.to_string()));
    let mut kept = Vec::new();
    for text in out.into_iter().filter(|text| !text.is_empty()) {
        let query = crate::query::parse(&text, &request.now).unwrap_or_default();
        if query.root.is_some() && !kept.contains(&text) && count(collection, &query, &request.filters, request)? > 0 {
            kept.push(text);
        }
    }
    Ok(kept)
}

/// Where the score of an article comes from, by the steps of the ranking; the values add up to the score. `bare`: see
/// [`bare_scores`].
pub(super) fn score_parts(
    steps: &[Step],
    bare: &[Vec<Vec<f32>>; 2],
    address: DocAddress,
    score: f32,
) -> Vec<ScorePart> {
    let of = |scores: &[Vec<f32>]| -> f32 {
        let part = scores.get(address.segment_ord as usize);
        part.and_then(|part| part.get(address.doc_id as usize)).copied().unwrap_or(0.0)
    };
    let [words, titled] = [of(&bare[0]), of(&bare[1])];
    let first = steps.first().map_or(score, |(_, scores)| of(scores));
    let mut out = vec![("text", words), ("title", titled - words), ("actor", first - titled)];
    let mut last = first;
    for (name, scores) in steps.iter().skip(1) {
        let now = of(scores);
        out.push((name, now - last));
        last = now;
    }
    out.into_iter().filter(|(_, value)| *value != 0.0).map(|(part, value)| ScorePart { part, value }).collect()
}

/// The scores by the words of the query alone, without titles and actors; then with titles.
pub(super) fn bare_scores(collection: &Collection<'_>, weight: &Weight) -> Result<[Vec<Vec<f32>>; 2], EngineError> {
    let mut words = weight.bound.root.clone();
    words.forget_named_actors();
    let (_, untitled) = scoring(&weight.clone().without_titles(), collection, &words)?;
    let (_, titled) = scoring(weight, collection, &words)?;
    Ok([untitled, titled])
}
