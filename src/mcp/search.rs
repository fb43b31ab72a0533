//! The tool `search`.

use super::answer::{Answer, Fact, Record, fitting};
use super::arguments::Arguments;
use super::desk::{Cursor, Desk};
use super::fence;
use super::refusal::Refusal;
use super::source::{Source, located, stretch};
use crate::ask::SearchArgs;
use crate::engine::{ClauseCount, Engine, Hit, Matching, Passage, SearchResponse, Sort};

/// Characters of a passage, at most.
const PASSAGE: usize = 2000;
/// Actors of a hit, and its systems and topics each, at most.
const ACTORS: usize = 5;
const TOPICS: usize = 3;

pub(super) fn search(desk: &mut Desk<'_, '_>, mut arguments: Arguments) -> Result<Answer, Refusal> {
    let limit = arguments.number("limit", 1..=20)?.unwrap_or(5);
    let passages = arguments.number("passages", 0..=5)?.unwrap_or(1);
    let cursor = Cursor::take(desk, &mut arguments)?;
    let like = arguments.text("like")?;
    if like.is_some() && arguments.has("query") {
        return Err(Refusal::new("search takes query or like, not both."));
    }
    let args: SearchArgs = arguments.question()?;
    let asked = desk.asked(&args.query, &args.filters)?;
    let feedback = desk.setup.feedback;
    let args = SearchArgs { limit, passages, offset: cursor.offset, no_feedback: !feedback, ..args };
    let request = args.request(&asked, desk.now)?;
    let found = match &like {
        Some(id) => desk.engine.similar(&located(id).0, &request)?,
        None => desk.engine.search(&request)?,
    };
    let hits = fitting(found.hits.iter().map(|hit| row(hit, desk.setup.show_paths)));
    // By relevance, stories with only some of the words follow those that count.
    let partial = request.sort == Sort::Relevance && request.filters.matching == Matching::Most;
    let some = found.reach.filter(|_| partial).map_or(0, |reach| reach.total_any);
    let listed = found.total.max(some);
    let next = cursor.next(hits.len(), listed > (cursor.offset + hits.len()) as u64);
    let mut answer = Answer { head: head(&found), ..Answer::default() };
    let query = Record::new().with("query", found.understood.as_str());
    // The words by which articles are alike are those of an article.
    (answer.head, answer.quoted) = match like {
        Some(_) => (answer.head, query),
        None => (answer.head.and(query), Record::new()),
    };
    if hits.is_empty() {
        answer.head = answer.head.with("hits", hits);
    } else {
        answer.quoted = answer.quoted.with("hits", hits);
        answer.next.push("read with the id of a hit gives the whole article, and checks a quotation".to_owned());
    }
    if let Some(next) = next {
        answer.head = answer.head.with("next_cursor", next.as_str());
        answer.next.push("search again with next_cursor as cursor gives the hits that follow".to_owned());
    }
    Ok(answer)
}

/// What stands above the hits.
fn head(found: &SearchResponse) -> Record {
    let head = Record::new().with("total", found.total).with("copies", found.copies);
    let head = head.with_any("notes", found.notes.clone());
    if found.hits.is_empty() { why_nothing(found, head) } else { head }
}

/// Says what would find something.
pub(super) fn why_nothing(found: &SearchResponse, head: Record) -> Record {
    let clause = |one: &ClauseCount| Record::new().with("clause", one.clause.as_str()).with("articles", one.articles);
    head.with_any("suggestions", found.suggestions.clone())
        .with_any("emptied_by", found.emptied_by.iter().map(clause).collect())
}

/// A hit. Without passages it is its source alone.
fn row(hit: &Hit, show_paths: bool) -> Record {
    let source = Source {
        id: &hit.id,
        title: &hit.title,
        outlet: hit.outlet.as_deref(),
        published: hit.published,
        url: hit.url.as_deref(),
    };
    let place = hit.place.as_ref().filter(|_| show_paths).map(ToString::to_string);
    let row = source.facts(Record::new()).with_some("place", place);
    let row = row.with_any("missing", hit.missing.clone());
    let row = row.with_any("doubts", hit.doubts.iter().map(|doubt| doubt.name()).collect());
    let row = row.with_some("gone", hit.gone.map(|at| at.to_string()));
    let row = match hit.copies {
        0 | 1 => row,
        copies => row.with("copies", copies).with("outlets", hit.outlets),
    };
    if hit.passages.is_empty() {
        return row;
    }
    row.with_any("actors", hit.actors.iter().take(ACTORS).collect())
        .with_any("systems", hit.systems.iter().take(TOPICS).collect())
        .with_any("topics", hit.topics.iter().take(TOPICS).collect())
        .with("passages", hit.passages.iter().map(|passage| cut(&hit.id, passage)).collect::<Vec<_>>())
}

/// A passage with the bytes that it takes of the text; a very long one is cut off.
fn cut(id: &str, passage: &Passage) -> Record {
    let text = passage.text.char_indices().nth(PASSAGE).map_or(passage.text.as_str(), |(at, _)| &passage.text[..at]);
    let (start, end) = (passage.start, passage.start + text.len());
    Record::new()
        .with("text", Fact::Words(fence::lines(text)))
        .with("start", start)
        .with("end", end)
        .with("uri", stretch(id, start, end))
        .with_some("page", passage.page.map(u64::from))
}
