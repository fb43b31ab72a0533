//! Counts of stories by facets: all values of a facet are asked for, so that no part of the index leaves any out.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::matching::{Answers, Asked, counted, counting};
use super::remote::{Remote, counts_in};
use super::sieve::by_class;
use super::translate::{MOST_VALUES, all, any, value_field};
use super::weighed::weighed;
use crate::cluster::ClusterError;
use crate::engine::error::EngineError;
use crate::engine::label::{label, without_kind};
use crate::engine::level::{self, Level};
use crate::engine::period_counts::PeriodCounts;
use crate::engine::request::{Facet, FacetRequest, FacetSort};
use crate::engine::response::{FacetCount, FacetResponse, FacetRest, most_first};
use crate::engine::surprise;
use crate::query::Field;

/// Name of the part of an answer that counts all values of a facet.
const VALUES: &str = "v";
/// Name of the part that counts stories with any value.
const WITH: &str = "w";

/// Values with their counts.
type Counts = Vec<(String, u64)>;

/// Counts of a facet's values, the most frequent first.
#[derive(Default)]
pub(super) struct ValueCounts {
    pub(super) values: Counts,
    /// Stories with any value.
    with: u64,
}

pub(super) fn facets(remote: &Remote<'_>, request: &FacetRequest) -> Result<FacetResponse, EngineError> {
    level::check(remote, remote.authority, request.by.iter().copied(), request.below.as_deref())?;
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    let answers = asked.answers(remote, None)?;
    let level = Level::new(request.below.as_deref(), request.levels);
    let is_wide = |facet: Facet| facet.field().filter(|own| request.all_values && asked.is_filtered_by(*own));
    let together: Vec<Facet> = request.by.iter().copied().filter(|facet| is_wide(*facet).is_none()).collect();
    let plain: Vec<Facet> = together.iter().copied().filter(|facet| is_plain(*facet, request)).collect();
    let (all, counts) = value_counts_of(remote, &plain, level, &answers.counted, json!({}), request.all_copies)?;
    let mut counts: BTreeMap<Facet, ValueCounts> = plain.into_iter().zip(counts).collect();
    let mut response = FacetResponse {
        total: counted(&all, request.all_copies),
        copies: counted(&all, true),
        reach: answers.reach(request.all_copies),
        understood: asked.read.to_string(),
        notes: asked.notes.clone(),
        ..FacetResponse::default()
    };
    let reach = response.reach;
    response.notes.extend(reach.and_then(|reach| reach.note(response.total, request.all_copies)));
    for facet in &request.by {
        let Some(own) = is_wide(*facet) else {
            let of = (&asked, &answers, response.total);
            count_facet(remote, *facet, request, of, counts.remove(facet), &mut response)?;
            continue;
        };
        let without = asked.answers(remote, Some(own))?;
        let total = counted(&stories(remote, &without.counted)?, request.all_copies);
        let name = own.name();
        response.notes.push(format!("--{name} does not narrow the counts by {name} (--all-values)"));
        count_facet(remote, *facet, request, (&asked, &without, total), None, &mut response)?;
    }
    Ok(response)
}

/// Whether a facet is counted by its values alone.
fn is_plain(facet: Facet, request: &FacetRequest) -> bool {
    !facet.is_time() && facet != Facet::Event && !(facet == Facet::Actor && request.weigh)
}

/// How many stories and articles a filter matches.
pub(super) fn stories(remote: &Remote<'_>, filter: &Value) -> Result<Value, EngineError> {
    ask(remote, filter, json!({}))
}

fn count_facet(
    remote: &Remote<'_>,
    facet: Facet,
    request: &FacetRequest,
    (asked, answers, total): (&Asked, &Answers, u64),
    counts: Option<ValueCounts>,
    response: &mut FacetResponse,
) -> Result<(), EngineError> {
    if facet.is_time() {
        let counts = periods(remote, facet, &answers.counted, total, request.all_copies)?;
        let (list, rest, note) = counts.facet(facet, &request.filters);
        response.notes.extend(note);
        response.counts.insert(facet, list);
        response.rest.insert(facet, rest);
        return Ok(());
    }
    let level = Level::new(request.below.as_deref(), request.levels);
    if facet == Facet::Actor && request.weigh {
        let of = (&answers.counted, total);
        let (list, rest) = weighed(remote, level, of, request.all_copies, request.limit)?;
        response.counts.insert(facet, list);
        response.rest.insert(facet, rest);
        return Ok(());
    }
    let mut counts = match (counts, event_counts(remote, facet, request, (asked, answers))?) {
        (Some(counts), _) | (None, Some(counts)) => counts,
        (None, None) => value_counts(remote, facet, level, &answers.counted, request.all_copies)?,
    };
    let without = total.saturating_sub(counts.with);
    let by_surprise = request.sort == FacetSort::Surprise;
    let shown = if request.limit == 0 { counts.values.len() } else { request.limit.min(counts.values.len()) };
    let mut rest = FacetRest { values: Some(0), count: 0, without };
    let left_out = if by_surprise { Vec::new() } else { counts.values.split_off(shown) };
    let mut list = named(remote, facet, counts.values)?;
    let mut others: Vec<u64> = left_out.into_iter().map(|(_, count)| count).collect();
    if by_surprise {
        let everything = all(asked.others.clone());
        let (all, index) = value_counts_of(remote, &[facet], level, &everything, json!({}), request.all_copies)?;
        let index = index.into_iter().flat_map(|counts| counts.values).collect();
        surprise::order(&mut list, total, &index, counted(&all, request.all_copies));
        others = list.split_off(shown).into_iter().map(|count| count.count).collect();
    }
    (rest.values, rest.count) = (Some(others.len() as u64), others.into_iter().sum());
    response.counts.insert(facet, list);
    response.rest.insert(facet, rest);
    Ok(())
}

/// Counts what was done by the actors and with the systems that are asked for, as a search for an event does; `None` for
/// other facets, and where neither is asked for.
fn event_counts(
    remote: &Remote<'_>,
    facet: Facet,
    request: &FacetRequest,
    (asked, answers): (&Asked, &Answers),
) -> Result<Option<ValueCounts>, EngineError> {
    let by_class = match facet {
        Facet::Event if request.below.is_none() => by_class(remote, &asked.bound, &answers.counted)?,
        _ => None,
    };
    let Some(by_class) = by_class else { return Ok(None) };
    let count =
        |filter: &Value| -> Result<u64, EngineError> { Ok(counted(&stories(remote, filter)?, request.all_copies)) };
    let values = by_class.iter().map(|(class, filter)| Ok(((*class).to_owned(), count(filter)?)));
    let mut values = values.collect::<Result<Vec<_>, EngineError>>()?;
    values.sort_by(most_first);
    Ok(Some(ValueCounts { values, with: count(&any(by_class.into_values().collect()))? }))
}

/// Counts the values of a facet in the copies that a filter matches; a story counts once for a value.
fn value_counts(
    remote: &Remote<'_>,
    facet: Facet,
    level: Level<'_>,
    filter: &Value,
    all_copies: bool,
) -> Result<ValueCounts, EngineError> {
    let (_, counts) = value_counts_of(remote, &[facet], level, filter, json!({}), all_copies)?;
    Ok(counts.into_iter().next().unwrap_or_default())
}

/// Counts the values of facets as [`value_counts`], in one request, with what `more` asks for of the same copies.
pub(super) fn value_counts_of(
    remote: &Remote<'_>,
    facets: &[Facet],
    level: Level<'_>,
    filter: &Value,
    mut more: Value,
    all_copies: bool,
) -> Result<(Value, Vec<ValueCounts>), EngineError> {
    let mut fields = Vec::new();
    for (n, field) in facets.iter().enumerate().filter_map(|(n, facet)| Some((n, facet.field()?))) {
        let name = value_field(field);
        more[format!("{WITH}{n}")] = counting(&json!({ "exists": { "field": name } }));
        let above = matches!(field, Field::Actor | Field::System | Field::Topic) && level.is_cut();
        fields.push(name.to_owned());
        fields.extend(above.then(|| format!("{name}_up")));
    }
    let (all, values) = every_value_of_all(remote, filter, &fields, more, all_copies)?;
    let mut values: HashMap<String, Counts> = fields.into_iter().zip(values).collect();
    let mut out = Vec::new();
    for (n, facet) in facets.iter().enumerate() {
        let Some(name) = facet.field().map(value_field) else {
            out.push(ValueCounts::default());
            continue;
        };
        let (own, above) = (values.remove(name).unwrap_or_default(), values.remove(&format!("{name}_up")));
        let with = counted(&all[format!("{WITH}{n}")], all_copies);
        out.push(ValueCounts { values: of_levels(own, above, level)?, with });
    }
    Ok((all, out))
}

/// Values as they are shown, the most frequent first. A value counts for itself where it is shown whole, and for a level
/// above it by the field of levels.
fn of_levels(own: Counts, above: Option<Counts>, level: Level<'_>) -> Result<Counts, EngineError> {
    let is_cut = |value: &str| level.shown(value).is_some_and(|shown| shown != value);
    if above.is_none() && own.iter().any(|(value, _)| is_cut(value)) {
        return super::only_here("--levels of a facet whose values hold strokes");
    }
    let mut values: BTreeMap<String, u64> = BTreeMap::new();
    values.extend(own.into_iter().filter(|(value, _)| level.shown(value) == Some(value.as_str())));
    values.extend(above.into_iter().flatten().filter(|(value, _)| level.is_lowest(value)));
    let mut values: Counts = values.into_iter().collect();
    values.sort_by(most_first);
    Ok(values)
}

/// All values of a field with their counts.
pub(super) fn every_value_of(
    remote: &Remote<'_>,
    filter: &Value,
    field: &str,
    all_copies: bool,
) -> Result<Counts, EngineError> {
    let (_, values) = every_value_of_all(remote, filter, &[field.to_owned()], json!({}), all_copies)?;
    Ok(values.into_iter().flatten().collect())
}

/// All values of fields with their counts, in one request, and in further ones where they are too many for one answer; and
/// what `more` asks for of the same copies.
fn every_value_of_all(
    remote: &Remote<'_>,
    filter: &Value,
    fields: &[String],
    mut more: Value,
    all_copies: bool,
) -> Result<(Value, Vec<Counts>), EngineError> {
    let part = |field: &str, after: Option<Value>| {
        let mut page = json!({ "size": MOST_VALUES, "sources": [{ "value": { "terms": { "field": field } } }] });
        if let Some(after) = after {
            page["after"] = after;
        }
        json!({ "composite": page, "aggs": { "s": { "reverse_nested": {} } } })
    };
    for (n, field) in fields.iter().enumerate() {
        more[format!("{VALUES}{n}")] = part(field, None);
    }
    let all = ask(remote, filter, more)?;
    let value = |bucket: &Value| Some((bucket["key"]["value"].as_str()?.to_owned(), counted(bucket, all_copies)));
    let mut out = Vec::new();
    for (n, field) in fields.iter().enumerate() {
        let mut values: Counts = Vec::new();
        let mut found = all[format!("{VALUES}{n}")].clone();
        loop {
            let page = found["buckets"].as_array().map_or(&[][..], Vec::as_slice);
            values.extend(page.iter().filter_map(value));
            if page.len() < MOST_VALUES {
                break;
            }
            let after = found["after_key"].take();
            found = ask(remote, filter, json!({ VALUES: part(field, Some(after)) }))?[VALUES].take();
        }
        out.push(values);
    }
    Ok((all, out))
}

/// Whether there are more values than an answer holds.
pub(super) fn is_cut(part: &Value) -> bool {
    part["sum_other_doc_count"].as_u64().unwrap_or(0) > 0
}

/// Counts the copies that a filter matches, by parts.
pub(super) fn ask(remote: &Remote<'_>, filter: &Value, parts: Value) -> Result<Value, EngineError> {
    let mut n = counting(filter);
    if let (Some(all), Value::Object(more)) = (n["aggs"].as_object_mut(), parts) {
        all.extend(more);
    }
    let answer = remote.search("counts", &counts_in(filter, &json!({ "n": n })))?;
    Ok(answer["aggregations"]["c"]["n"].clone())
}

/// A part of a request: the numbers of the periods in which copies were published, with the stories of each.
pub(super) fn every_period(field: &str) -> Value {
    json!({ "terms": { "field": field, "size": MOST_VALUES }, "aggs": { "s": { "reverse_nested": {} } } })
}

/// What was counted for [`every_period`]: periods by their numbers.
pub(super) fn period_counts(
    remote: &Remote<'_>,
    part: &Value,
    all_copies: bool,
) -> Result<Vec<(i64, u64)>, EngineError> {
    if is_cut(part) {
        let why = format!("there are more than {MOST_VALUES} periods: narrow the question");
        return Err(ClusterError::Answer { host: remote.cluster.host(), why }.into());
    }
    let all = part["buckets"].as_array().into_iter().flatten();
    Ok(all.filter_map(|bucket| Some((bucket["key"].as_i64()?, counted(bucket, all_copies)))).collect())
}

/// Counts periods; a story without any date counts as undated.
fn periods(
    remote: &Remote<'_>,
    facet: Facet,
    filter: &Value,
    total: u64,
    all_copies: bool,
) -> Result<PeriodCounts, EngineError> {
    let parts = json!({
        VALUES: every_period(period_field(facet)),
        WITH: counting(&json!({ "exists": { "field": "c.published" } })),
    });
    let found = &ask(remote, filter, parts)?;
    let mut counts = PeriodCounts::default();
    counts.undated = total.saturating_sub(counted(&found[WITH], all_copies));
    for (number, count) in period_counts(remote, &found[VALUES], all_copies)? {
        counts.add(number, count);
    }
    Ok(counts)
}

/// Counts values of a field in each period, in the copies that a filter matches. `periods`: in how many they were published.
/// Gives the index of a value, the number of a period, and the count.
pub(super) fn over_time(
    remote: &Remote<'_>,
    filter: &Value,
    (field, values): (&str, &[&str]),
    (period, periods): (&str, usize),
    all_copies: bool,
) -> Result<Vec<(usize, i64, u64)>, EngineError> {
    let mut out = Vec::new();
    // A value is a bucket too, beside those of its periods.
    let each = (MOST_VALUES / (periods + 1)).max(1);
    for (number, some) in values.chunks(each).enumerate() {
        let parts = json!({ VALUES: {
            "terms": { "field": field, "include": some, "size": some.len() },
            "aggs": { "t": every_period(period) },
        } });
        let found = ask(remote, filter, parts)?;
        let places: HashMap<&str, usize> = some.iter().zip(number * each..).map(|(value, at)| (*value, at)).collect();
        for bucket in found[VALUES]["buckets"].as_array().into_iter().flatten() {
            let Some(at) = bucket["key"].as_str().and_then(|key| places.get(key)) else { continue };
            let counts = period_counts(remote, &bucket["t"], all_copies)?.into_iter();
            out.extend(counts.map(|(period, count)| (*at, period, count)));
        }
    }
    Ok(out)
}

/// The field with the number of a copy's period.
pub(super) fn period_field(facet: Facet) -> &'static str {
    match facet {
        Facet::Day => "c.day",
        Facet::Week => "c.week",
        Facet::Quarter => "c.quarter",
        Facet::Year => "c.year",
        _ => "c.month",
    }
}

/// Values with their counts and the names by which they are shown.
pub(super) fn named(remote: &Remote<'_>, facet: Facet, values: Counts) -> Result<Vec<FacetCount>, EngineError> {
    let ids: Vec<String> = match facet {
        Facet::Actor => values.iter().map(|(value, _)| value.clone()).collect(),
        _ => Vec::new(),
    };
    let headings: HashMap<String, _> = remote.headings(&ids)?;
    let one = |(value, count): (String, u64)| {
        let label = match headings.get(&value) {
            Some(heading) => without_kind(&heading.label),
            None => label(remote.authority, facet, &value),
        };
        FacetCount::new(value, label, count)
    };
    Ok(values.into_iter().map(one).collect())
}
