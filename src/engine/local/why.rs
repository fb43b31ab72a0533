//! Why an article is in an answer, or why not.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, TERMINATED, Term};

use super::collection::Collection;
use super::explain;
use super::headings::headings;
use super::hits::hits;
use super::matches::Matches;
use super::search::Selection;
use crate::archive::{ArchiveError, ArticleNum, Stored};
use crate::engine::error::EngineError;
use crate::engine::explain::readings;
use crate::engine::request::{Filters, Matching, SearchRequest};
use crate::engine::response::Hit;
use crate::engine::rewrite::{is_stop_clause, single_filters};
use crate::engine::why::{Demand, Standing, Verdict, WhyPart, WhyResponse};
use crate::query::{Field, Kind, Node, Occur, Query, Time};

/// Parts of a query that are looked at, at most; a pasted text has more.
const PARTS: usize = 64;
/// Values of a field that are named, at most.
const NAMED: usize = 6;

/// Why the article with this identifier is in the answer to a request, or why not. The request's limit and offset do not
/// matter.
pub(super) fn why(collection: &Collection<'_>, id: &str, request: &SearchRequest) -> Result<WhyResponse, EngineError> {
    let stored = collection.archive.borrow_mut().by_id(id)?;
    let request = &SearchRequest { limit: usize::MAX, offset: 0, explain: true, ..request.clone() };
    let selection = Selection::of(collection, request)?;
    let mut out = WhyResponse {
        id: stored.id.clone(),
        title: stored.article.title.clone(),
        query: selection.matches.understood.clone(),
        notes: selection.notes(request),
        total: selection.total,
        reach: selection.reach,
        ..WhyResponse::default()
    };
    let Some(address) = address(collection, stored.num)? else {
        out.reasons.push("the search index does not hold it: run `despatch rebuild`".to_owned());
        return Ok(out);
    };
    out.parts = parts(collection, &selection.matches, &stored, address, request)?;
    place(collection, &selection, address, &mut out)?;
    if out.rank.is_none() {
        out.stands_for_it = standing(collection, &selection, &stored)?;
        if out.stands_for_it.is_some() && selection.counts(address) {
            out.verdict = Verdict::Copy;
        }
    }
    out.reasons = reasons(&out, selection.counts(address), request.filters.matching);
    Ok(out)
}

/// The hit that an article is for a request, whether it matches or not.
pub(super) fn hit(collection: &Collection<'_>, id: &str, request: &SearchRequest) -> Result<Hit, EngineError> {
    let stored = collection.archive.borrow_mut().by_id(id)?;
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let none = || EngineError::from(ArchiveError::NoArticle(id.to_owned()));
    let address = address(collection, stored.num)?.ok_or_else(none)?;
    let found = hits(collection, &[(address, 0.0)], &matches.weight, request)?;
    found.into_iter().next().map(|hit| Hit { rank: 0, ..hit }).ok_or_else(none)
}

/// Where the index holds an article.
fn address(collection: &Collection<'_>, num: ArticleNum) -> Result<Option<DocAddress>, EngineError> {
    if collection.gone.contains(&num) {
        return Ok(None);
    }
    let term = Term::from_field_u64(collection.fields.num, num.0);
    for (number, segment) in collection.segments().iter().enumerate() {
        let index = segment.inverted_index(collection.fields.num)?;
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        while postings.doc() != TERMINATED {
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(postings.doc())) {
                return Ok(Some(DocAddress::new(number as u32, postings.doc())));
            }
            postings.advance();
        }
    }
    Ok(None)
}

/// Fills in the place among the hits and the parts of the score.
fn place(
    collection: &Collection<'_>,
    selection: &Selection,
    address: DocAddress,
    out: &mut WhyResponse,
) -> Result<(), EngineError> {
    let Some(at) = selection.best.iter().position(|(hit, _)| *hit == address) else { return Ok(()) };
    out.rank = Some(at + 1);
    out.verdict = if selection.counts(address) { Verdict::Counts } else { Verdict::Partial };
    out.score = selection.best[at].1;
    if out.score != 0.0 {
        let bare = explain::bare_scores(collection, &selection.matches.weight)?;
        out.score_parts = explain::score_parts(&selection.trace.steps, &bare, address, out.score);
    }
    Ok(())
}

/// The other copy of an article's story that is a hit.
fn standing(
    collection: &Collection<'_>,
    selection: &Selection,
    stored: &Stored,
) -> Result<Option<Standing>, EngineError> {
    let group = collection.archive.borrow_mut().group(stored.num)?;
    for member in group.members.iter().filter(|member| member.num != stored.num) {
        let hit = address(collection, member.num)?;
        if hit.is_some_and(|hit| selection.best.iter().any(|(best, _)| *best == hit)) {
            let (id, title, outlet) = (member.id.clone(), member.title.clone(), member.outlet.clone());
            return Ok(Some(Standing { id, title, outlet }));
        }
    }
    Ok(None)
}

/// The parts of the query and the filters, each with whether the article has it.
fn parts(
    collection: &Collection<'_>,
    matches: &Matches,
    stored: &Stored,
    address: DocAddress,
    request: &SearchRequest,
) -> Result<Vec<WhyPart>, EngineError> {
    let mut nodes: Vec<(Demand, &Node)> = Vec::new();
    if let Some(root) = &matches.query.root {
        demands(root, Demand::Must, &mut nodes);
    }
    let mut out: Vec<WhyPart> = Vec::new();
    for (demand, node) in nodes.into_iter().take(PARTS) {
        let clause = node.to_string();
        if out.iter().any(|known| known.clause == clause && known.demand == demand) {
            continue;
        }
        let query = Query { root: Some(node.clone()), ..Query::default() };
        let has = holds(collection, query, &Filters::default(), address)?;
        let readings = match &node.kind {
            Kind::Text(text) => readings(collection, text)?,
            _ => Vec::new(),
        };
        let filter = node.is_filter();
        let instead = match &node.kind {
            _ if has || !filter => None,
            Kind::Field { field, .. } => Some(values(collection, *field, address)?),
            Kind::Date { of: Time::Published, .. } => Some(published(stored)),
            Kind::Date { .. } => Some(changed(stored)),
            Kind::Text(_) => Some(named(&stored.article.byline)),
            _ => None,
        };
        out.push(WhyPart { clause, demand, has, filter, readings, instead });
    }
    for (clause, filters) in single_filters(&request.filters) {
        let mentions = Filters {
            min_mentions: request.filters.min_mentions,
            no_metonyms: request.filters.no_metonyms,
            as_subject: request.filters.as_subject,
            ..filters.clone()
        };
        let filters = if filters.actor.is_empty() { filters } else { mentions };
        let has = holds(collection, Query::default(), &filters, address)?;
        let field = Field::ALL.into_iter().find(|field| clause.starts_with(&format!("--{} ", field.name())));
        let instead = match field {
            _ if has => None,
            Some(field) => Some(values(collection, field, address)?),
            None if clause == "--doubtful" => None,
            None if clause.starts_with("--modified") => Some(changed(stored)),
            None => Some(published(stored)),
        };
        out.push(WhyPart { clause, demand: Demand::Must, has, filter: true, readings: Vec::new(), instead });
    }
    Ok(out)
}

/// The parts of a tree with what each asks; a combination that is excluded or has alternatives is one part.
fn demands<'q>(node: &'q Node, demand: Demand, out: &mut Vec<(Demand, &'q Node)>) {
    match &node.kind {
        Kind::And(nodes) if demand != Demand::MustNot => nodes.iter().for_each(|node| demands(node, demand, out)),
        Kind::Not(node) if demand == Demand::Must => out.push((Demand::MustNot, node)),
        Kind::Row(clauses) if demand != Demand::MustNot => {
            let all = clauses.iter().filter(|c| c.occur == Occur::Should).all(is_stop_clause);
            for clause in clauses.iter().filter(|c| all || !is_stop_clause(c)) {
                let inner = match clause.occur {
                    Occur::Should => Demand::May,
                    Occur::Must => demand,
                    Occur::MustNot => Demand::MustNot,
                };
                demands(&clause.node, inner, out);
            }
        }
        _ => out.push((demand, node)),
    }
}

/// Whether an article matches a query and filters.
fn holds(
    collection: &Collection<'_>,
    query: Query,
    filters: &Filters,
    address: DocAddress,
) -> Result<bool, EngineError> {
    let answers = Matches::of(collection, query, filters, false)?.answers(collection, filters, None)?;
    Ok(answers.any[address.segment_ord as usize].has(address.doc_id))
}

/// What an article has in a field.
fn values(collection: &Collection<'_>, field: Field, address: DocAddress) -> Result<String, EngineError> {
    let field = collection.value_field(field);
    let values = headings(collection.index(), &[(address, 0.0)], field)?.into_iter().next().unwrap_or_default();
    Ok(named(&values.into_iter().map(|value| value.label).collect::<Vec<_>>()))
}

fn named(values: &[String]) -> String {
    let first = values.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match values.len().saturating_sub(NAMED) {
        _ if values.is_empty() => "it has none".to_owned(),
        0 => format!("it has {first}"),
        more => format!("it has {first} and {more} more"),
    }
}

fn changed(stored: &Stored) -> String {
    stored.article.modified.map_or_else(|| published(stored), |at| format!("it was last changed {at}"))
}

fn published(stored: &Stored) -> String {
    stored.article.published.map_or("it has no date".to_owned(), |at| format!("it was published {at}"))
}

/// What keeps the article out of the answer, a sentence each; nothing where it is a hit that counts.
fn reasons(why: &WhyResponse, counts: bool, matching: Matching) -> Vec<String> {
    if why.verdict == Verdict::Counts {
        return Vec::new();
    }
    if let (Verdict::Copy, Some(copy)) = (why.verdict, &why.stands_for_it) {
        let outlet = copy.outlet.as_ref().map(|outlet| format!(", {outlet}")).unwrap_or_default();
        return vec![format!("another copy of its story stands for it: {} ({}{outlet})", copy.title, copy.id)];
    }
    let out: Vec<String> = why.parts.iter().filter(|part| part.keeps_out()).map(reason).collect();
    if !out.is_empty() || counts {
        return out;
    }
    let may = why.parts.iter().filter(|part| part.demand == Demand::May);
    let (has, lacks): (Vec<&WhyPart>, Vec<&WhyPart>) = may.partition(|part| part.has);
    let lacks = lacks.iter().map(|part| part.clause.as_str()).collect::<Vec<_>>().join(", ");
    match why.reach {
        Some(reach) if !has.is_empty() => {
            let all = matching == Matching::All || reach.words_met == reach.words;
            let wanted = if all { "all".to_owned() } else { reach.words_met.to_string() };
            vec![format!("it lacks {lacks}; what counts has {wanted} of the {} words", reach.words)]
        }
        _ if lacks.is_empty() => Vec::new(),
        _ => vec![format!("it has none of the words: {lacks}")],
    }
}

/// How a part keeps an article out.
fn reason(part: &WhyPart) -> String {
    let instead = part.instead.as_ref().map(|instead| format!(": {instead}")).unwrap_or_default();
    match (part.demand, part.filter) {
        (Demand::MustNot, _) => format!("it has {}, which the query excludes", part.clause),
        (_, true) => format!("{} leaves it out{instead}", part.clause),
        (_, false) => format!("it lacks {}", part.clause),
    }
}
