//! The tool `names`: what the archive calls someone or something.

use std::collections::BTreeSet;

use super::answer::{Answer, Fact, Record, fitting};
use super::arguments::Arguments;
use super::desk::Desk;
use super::fence;
use super::refusal::Refusal;
use crate::ask::choice::{NAMES, Named, named};
use crate::authority::{Authority, Resolution};
use crate::engine::{Engine, Facet, FacetCount, FacetRequest, Heading};

/// How many names of one heading an answer lists, at most.
const VARIANTS: usize = 5;
/// The kinds that are looked through where none is named.
const USUAL: [&str; 5] = ["actor", "system", "topic", "outlet", "place"];

/// A name of the archive.
struct Row {
    kind: &'static str,
    /// Whether it is what was asked for, rather than a name that holds it.
    meant: bool,
    count: FacetCount,
}

pub(super) fn names(desk: &mut Desk<'_, '_>, mut arguments: Arguments) -> Result<Answer, Refusal> {
    let find = arguments.text("find")?.unwrap_or_default();
    let kind = arguments.text("kind")?.map(|name| kind(&name)).transpose()?;
    let limit = arguments.number("limit", 1..=50)?.unwrap_or(8);
    let rows = found(desk, find.trim(), kind)?;
    let left = rows.len().saturating_sub(limit);
    let authority = desk.engine.authority();
    let told = fitting(rows.iter().take(limit).map(|row| record(row, authority)));
    if told.is_empty() {
        let head = Record::new().with("names", told);
        let head = head.with_any("nearest", nearest(authority, &find).iter().collect());
        let next = "search with the name as query finds it as a word".to_owned();
        return Ok(Answer { head, next: vec![next], ..Answer::default() });
    }
    let mut answer = Answer { quoted: Record::new().with("names", told), ..Answer::default() };
    if left > 0 {
        answer.head = answer.head.with("more", left);
    }
    Ok(answer)
}

fn kind(name: &str) -> Result<Named, Refusal> {
    named(NAMES, name).ok_or_else(|| {
        let known: Vec<&str> = NAMES.iter().filter_map(|one| one.names.first().copied()).collect();
        Refusal::new(format!("'kind' cannot be {}. It is one of: {}.", fence::quoted(name), known.join(", ")))
    })
}

/// All names that fit, the likeliest first: what the text means, then names that hold it, the most frequent first.
fn found(desk: &mut Desk<'_, '_>, find: &str, kind: Option<Named>) -> Result<Vec<Row>, Refusal> {
    let kinds = NAMES.iter().filter_map(|one| Some((*one.names.first()?, one.value)));
    let kinds: Vec<(&'static str, Named)> =
        kinds.filter(|(name, named)| kind.map_or(USUAL.contains(name), |kind| kind == *named)).collect();
    let mut rows = Vec::new();
    for (name, (facet, levels)) in kinds {
        let request = FacetRequest { levels, ..FacetRequest::new("", vec![facet], desk.now) };
        let mut counts = desk.engine.facets(&request)?.counts.remove(&facet).unwrap_or_default();
        let meant = if levels == 0 { meant(desk.engine.authority(), facet, find) } else { BTreeSet::new() };
        let absent = meant.iter().filter(|id| !counts.iter().any(|count| count.value == **id));
        let absent: Vec<FacetCount> = absent.map(|id| none_of(desk.engine.authority(), id)).collect();
        counts.extend(absent);
        rows.extend(counts.into_iter().filter_map(|count| {
            let meant = meant.contains(&count.value);
            (meant || holds(&count, find)).then_some(Row { kind: name, meant, count })
        }));
    }
    rows.sort_by(|a, b| b.meant.cmp(&a.meant).then(b.count.count.cmp(&a.count.count)));
    Ok(rows)
}

fn holds(count: &FacetCount, find: &str) -> bool {
    let find = find.to_lowercase();
    [&count.value, &count.label].iter().any(|name| name.to_lowercase().contains(&find))
}

/// The ids that a text can mean as a value of a facet, by the authority file.
fn meant(authority: &Authority, facet: Facet, find: &str) -> BTreeSet<String> {
    if find.is_empty() {
        return BTreeSet::new();
    }
    let resolved = |resolution| match resolution {
        Resolution::One(id) => vec![id],
        Resolution::Ambiguous(ids) => ids,
        Resolution::Unknown(_) => Vec::new(),
    };
    let fits: fn(&str) -> bool = match facet {
        Facet::Topic => return resolved(authority.resolve_topic(find)).into_iter().collect(),
        Facet::System => crate::authority::is_system,
        Facet::Actor => |id| !crate::authority::is_system(id),
        Facet::Affiliation => |id| id.starts_with("state/"),
        _ => return BTreeSet::new(),
    };
    let candidates = authority.candidates(find).into_iter().map(|(id, _)| id.to_owned());
    candidates.chain(resolved(authority.resolve(find))).filter(|id| fits(id)).collect()
}

/// A heading that no article has.
fn none_of(authority: &Authority, id: &str) -> FacetCount {
    let label = authority.heading(id).or_else(|| authority.topic_heading(id)).unwrap_or(id);
    FacetCount::new(id.to_owned(), label.to_owned(), 0)
}

fn nearest(authority: &Authority, find: &str) -> Vec<Heading> {
    let Resolution::Unknown(ids) = authority.resolve(find) else { return Vec::new() };
    ids.into_iter().map(|id| Heading { label: authority.heading(&id).unwrap_or(&id).to_owned(), id }).collect()
}

fn record(row: &Row, authority: &Authority) -> Record {
    let FacetCount { value, label, count, unlisted, .. } = &row.count;
    let others = authority.variants(value).into_iter().map(|variant| variant.name).filter(|name| name != label);
    let mut variants: Vec<&str> = others.collect();
    variants.dedup();
    variants.truncate(VARIANTS);
    let record = Record::new()
        .with("kind", row.kind)
        .with("id", value.as_str())
        .with("label", Fact::Line(fence::short(label)))
        .with_any("variants", variants)
        .with("stories", *count);
    if *unlisted { record.with("unlisted", true) } else { record }
}

/// Labels that begin with a text or hold it, of this kind, for the completion of what is being typed.
pub(super) fn completions(desk: &mut Desk<'_, '_>, kind: Named, typed: &str) -> Result<Vec<String>, Refusal> {
    let rows = found(desk, typed.trim(), Some(kind))?;
    Ok(rows.iter().map(|row| fence::short(&row.count.label)).collect())
}
