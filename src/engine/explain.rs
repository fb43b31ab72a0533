//! How an answer came about, and what would find something where nothing was found, whatever index is asked.

use std::cell::RefCell;

use super::bind::BoundQuery;
use super::error::EngineError;
use super::request::{Filters, SearchRequest};
use super::response::ClauseCount;
use super::rewrite::{parts, replaced, single_filters, without_each_filter, without_one};
use crate::analysis::{self, Analyzer};
use crate::query::pattern::{Alternative, Pattern};
use crate::query::{Kind, Mode, Node, Query, Text};

/// Words of a query for which a nearer one is looked for, at most.
const CORRECTED: usize = 12;

/// What is asked of an index to explain an answer.
pub(super) trait Probe {
    /// How many articles match a query with these filters.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be read.
    fn count(&self, query: &Query, filters: &Filters) -> Result<u64, EngineError>;

    /// The most frequent word within a letter of a folded word, or within two where there is none.
    ///
    /// # Errors
    ///
    /// As [`Probe::count`].
    fn nearest_word(&self, folded: &str) -> Result<Option<String>, EngineError>;

    /// The words that a prefix, a pattern or a typing error takes; `None` where the index cannot list them.
    ///
    /// # Errors
    ///
    /// As [`Probe::count`].
    fn accepted(&self, alternative: &Alternative) -> Result<Option<String>, EngineError>;

    /// What analyses words.
    fn analyzer(&self) -> &RefCell<Analyzer>;
}

/// Filters as a request for them alone counts: how often actors are to be mentioned matters where some are asked for.
fn counting(filters: &Filters, request: &Filters) -> Filters {
    let asks = !filters.actor.is_empty();
    Filters {
        min_mentions: if asks { request.min_mentions } else { 0 },
        no_metonyms: asks && request.no_metonyms,
        as_subject: asks && request.as_subject,
        ..filters.clone()
    }
}

/// What each part of the query and each filter matches by itself, and how it was read.
pub(super) fn clauses(
    probe: &dyn Probe,
    query: &Query,
    request: &SearchRequest,
) -> Result<Vec<ClauseCount>, EngineError> {
    let mut nodes: Vec<&Node> = Vec::new();
    if let Some(root) = &query.root {
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
            Kind::Text(text) => readings(probe, text)?,
            _ => Vec::new(),
        };
        clauses.push(ClauseCount { clause, articles: probe.count(&query, &Filters::default())?, readings });
    }
    for (clause, filters) in single_filters(&request.filters) {
        let articles = probe.count(&Query::default(), &counting(&filters, &request.filters))?;
        clauses.push(ClauseCount { clause, articles, readings: Vec::new() });
    }
    Ok(clauses)
}

/// How the words of a leaf are read, where it is more than their letters.
pub(super) fn readings(probe: &dyn Probe, text: &Text) -> Result<Vec<String>, EngineError> {
    let Some(pattern) = Pattern::new(text, &mut probe.analyzer().borrow_mut()) else { return Ok(Vec::new()) };
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
            out.extend(probe.accepted(alternative)?);
        }
    }
    out.dedup();
    Ok(out)
}

/// Each part of the query that must hold, and each filter, without which something is found.
pub(super) fn emptied_by(
    probe: &dyn Probe,
    query: &Query,
    request: &SearchRequest,
) -> Result<Vec<ClauseCount>, EngineError> {
    let mut out = Vec::new();
    for (clause, without) in query.root.iter().flat_map(without_one) {
        let articles = probe.count(&without, &counting(&request.filters, &request.filters))?;
        out.push(ClauseCount { clause, articles, readings: Vec::new() });
    }
    for (clause, filters) in without_each_filter(&request.filters) {
        let articles = probe.count(query, &counting(&filters, &request.filters))?;
        out.push(ClauseCount { clause, articles, readings: Vec::new() });
    }
    out.retain(|clause| clause.articles > 0);
    Ok(out)
}

/// What would find something: a word that is near one that no article has, or the query without a part. `absent`: for each
/// leaf, whether no article has it.
pub(super) fn suggestions(
    probe: &dyn Probe,
    (query, bound): (&Query, &BoundQuery),
    absent: &[bool],
    request: &SearchRequest,
) -> Result<Vec<String>, EngineError> {
    let mut out: Vec<String> = Vec::new();
    let understood = query.to_string();
    let mut nearer = understood.clone();
    let mut unknown = 0;
    for (id, leaf) in bound.wanted_leaves() {
        let words = analysis::words(&leaf.text.text);
        let (Mode::Word, [word]) = (leaf.text.mode, words.as_slice()) else { continue };
        if absent.get(id.0) == Some(&true) && unknown < CORRECTED {
            unknown += 1;
            if let Some(near) = probe.nearest_word(words.folded(word))? {
                nearer = replaced(&nearer, &leaf.text.text, &near);
            }
        }
    }
    if nearer != understood {
        out.push(nearer);
    }
    let fewer = query.root.iter().flat_map(without_one);
    out.extend(fewer.map(|(_, query)| query.to_string()));
    let mut kept = Vec::new();
    for text in out.into_iter().filter(|text| !text.is_empty()) {
        let query = crate::query::parse(&text, &request.now).unwrap_or_default();
        if query.root.is_some()
            && !kept.contains(&text)
            && probe.count(&query, &counting(&request.filters, &request.filters))? > 0
        {
            kept.push(text);
        }
    }
    Ok(kept)
}
