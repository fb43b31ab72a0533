//! Counts of articles by facets.

use std::cmp::Reverse;

use super::collapse::stories;
use super::collection::Collection;
use super::doc_set::{DocSet, total};
use super::events::by_class;
use super::matches::Matches;
use super::period_counts::period_counts;
use super::segment::matching;
use super::value_counts::{ValueCounts, value_counts};
use super::weighed::weighed;
use super::weight::Weight;
use crate::engine::bind::{BoundNode, BoundQuery};
use crate::engine::error::EngineError;
use crate::engine::label::{label, without_kind};
use crate::engine::level::{self, Level};
use crate::engine::request::{Facet, FacetRequest, FacetSort};
use crate::engine::response::{FacetCount, FacetResponse, FacetRest, Heading};
use crate::engine::surprise;
use crate::index::written_forms;

/// From this many actors on, the written forms of all names are read at once instead of each by itself.
const MANY: usize = 256;

/// The most frequent values of a facet in these articles.
pub(super) fn most_frequent(
    collection: &Collection<'_>,
    facet: Facet,
    below: Option<&str>,
    found: &[DocSet],
    all_copies: bool,
    limit: usize,
) -> Result<Vec<FacetCount>, EngineError> {
    let counts = value_counts(collection, facet, Level::new(below, 0), found, all_copies, limit)?;
    all_named(collection, facet, counts.values)
}

/// Counts articles by facets.
pub(super) fn facets(collection: &Collection<'_>, request: &FacetRequest) -> Result<FacetResponse, EngineError> {
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    facets_of(collection, &matches, request)
}

/// Counts what was matched; query and filters of the request are those that were.
pub(super) fn facets_of(
    collection: &Collection<'_>,
    matches: &Matches,
    request: &FacetRequest,
) -> Result<FacetResponse, EngineError> {
    level::check(collection, collection.authority, request.by.iter().copied(), request.below.as_deref())?;
    let answers = matches.answers(collection, &request.filters, None)?;
    let (all, reach) = (&answers.counted, answers.reach(collection, request.all_copies)?);
    let mut response = FacetResponse {
        total: stories(collection, all, request.all_copies)?,
        copies: total(all),
        reach,
        understood: matches.understood.clone(),
        notes: matches.notes().to_vec(),
        ..FacetResponse::default()
    };
    response.notes.extend(reach.and_then(|reach| reach.note(response.total, request.all_copies)));
    for facet in &request.by {
        let own = facet.field().filter(|own| request.all_values && matches.is_filtered_by(*own));
        let Some(own) = own else {
            count_facet(collection, *facet, request, (matches, all), &mut response)?;
            continue;
        };
        let without = matches.answers(collection, &request.filters, Some(own))?;
        let name = own.name();
        response.notes.push(format!("--{name} does not narrow the counts by {name} (--all-values)"));
        count_facet(collection, *facet, request, (matches, &without.counted), &mut response)?;
    }
    Ok(response)
}

fn count_facet(
    collection: &Collection<'_>,
    facet: Facet,
    request: &FacetRequest,
    (matches, found): (&Matches, &[DocSet]),
    response: &mut FacetResponse,
) -> Result<(), EngineError> {
    let level = Level::new(request.below.as_deref(), request.levels);
    if facet == Facet::Actor && request.weigh {
        let (list, rest) = weighed(collection, level, found, request.all_copies, request.limit)?;
        response.counts.insert(facet, list);
        response.rest.insert(facet, rest);
        return Ok(());
    }
    if facet.is_time() {
        let counts = period_counts(collection, facet, found, request.all_copies)?;
        let (list, rest, note) = counts.facet(facet, &request.filters);
        response.notes.extend(note);
        response.counts.insert(facet, list);
        response.rest.insert(facet, rest);
        return Ok(());
    }
    let by_surprise = request.sort == FacetSort::Surprise;
    let limit = if by_surprise { 0 } else { request.limit };
    let counts = match event_counts(collection, facet, request, (matches, found), limit)? {
        Some(counts) => counts,
        None => value_counts(collection, facet, level, found, request.all_copies, limit)?,
    };
    let mut rest = FacetRest { values: counts.others, count: counts.others_count, without: counts.without };
    let mut list = all_named(collection, facet, counts.values)?;
    if by_surprise {
        let hits = stories(collection, found, request.all_copies)?;
        order_by_surprise(collection, facet, level, request.all_copies, hits, &mut list)?;
        if request.limit > 0 && list.len() > request.limit {
            let left_out = list.split_off(request.limit);
            rest.values = Some(left_out.len() as u64);
            rest.count = left_out.iter().map(|count| count.count).sum();
        }
    }
    response.counts.insert(facet, list);
    response.rest.insert(facet, rest);
    Ok(())
}

/// Counts what was done by the actors and with the systems that are asked for, as a search for an event does; `None` for
/// other facets, and where neither is asked for.
fn event_counts(
    collection: &Collection<'_>,
    facet: Facet,
    request: &FacetRequest,
    (matches, found): (&Matches, &[DocSet]),
    limit: usize,
) -> Result<Option<ValueCounts>, EngineError> {
    let by_class = match facet {
        Facet::Event if request.below.is_none() => by_class(collection, &matches.weight.bound, found)?,
        _ => None,
    };
    let Some(by_class) = by_class else { return Ok(None) };
    let count = |docs: &[DocSet]| stories(collection, docs, request.all_copies);
    let (mut values, mut with) = (Vec::new(), found.to_vec());
    with.iter_mut().for_each(DocSet::clear);
    for (class, docs) in by_class {
        values.push((class.to_owned(), count(&docs)?));
        with.iter_mut().zip(&docs).for_each(|(with, docs)| with.or(docs));
    }
    values.sort_by_key(|(class, count)| (Reverse(*count), class.clone()));
    let shown = if limit == 0 { values.len() } else { limit.min(values.len()) };
    let others = values.split_off(shown);
    Ok(Some(ValueCounts {
        values,
        others: Some(others.len() as u64),
        others_count: others.iter().map(|(_, count)| count).sum(),
        without: count(found)? - count(&with)?,
    }))
}

/// Values with their counts and the names by which they are shown.
fn all_named(
    collection: &Collection<'_>,
    facet: Facet,
    values: Vec<(String, u64)>,
) -> Result<Vec<FacetCount>, EngineError> {
    if facet != Facet::Actor || values.len() <= MANY {
        return values.into_iter().map(|(value, count)| named(collection, facet, value, count)).collect();
    }
    let mut written = written_forms(&collection.searcher, collection.fields)?;
    let one = |(value, count): (String, u64)| {
        let label = written.remove(&value).unwrap_or_else(|| Heading::of(collection.authority, value.clone()).label);
        FacetCount::new(value, label, count)
    };
    Ok(values.into_iter().map(one).collect())
}

/// A value with its count and the name by which it is shown.
pub(super) fn named(
    collection: &Collection<'_>,
    facet: Facet,
    value: String,
    count: u64,
) -> Result<FacetCount, EngineError> {
    let label = match facet {
        Facet::Actor => without_kind(&collection.index().heading(value.clone())?.label),
        _ => label(collection.authority, facet, &value),
    };
    Ok(FacetCount::new(value, label, count))
}

/// Orders values by how much more frequent they are among the hits than in the index.
fn order_by_surprise(
    collection: &Collection<'_>,
    facet: Facet,
    level: Level<'_>,
    all_copies: bool,
    hits: u64,
    list: &mut [FacetCount],
) -> Result<(), EngineError> {
    let everything = matching(&Weight::new(collection, BoundQuery::default())?, collection, &BoundNode::All)?;
    let index = value_counts(collection, facet, level, &everything, all_copies, 0)?;
    let total = stories(collection, &everything, all_copies)?;
    surprise::order(list, hits, &index.values.into_iter().collect(), total);
    Ok(())
}
