//! The tool `quotes`.

use super::answer::{Answer, Fact, Record, fitting};
use super::arguments::Arguments;
use super::desk::{Cursor, Desk};
use super::fence;
use super::refusal::Refusal;
use super::source::{Source, stretch};
use crate::ask::QuotesArgs;
use crate::engine::{Engine, QuotesResponse, Statement};
use crate::quote::Kind;

/// Characters of a statement, at most.
const WORDS: usize = 2000;

pub(super) fn quotes(desk: &mut Desk<'_, '_>, mut arguments: Arguments) -> Result<Answer, Refusal> {
    let limit = arguments.number("limit", 1..=20)?.unwrap_or(5);
    let cursor = Cursor::take(desk, &mut arguments)?;
    let args: QuotesArgs = arguments.question()?;
    let asked = desk.asked(&args.query, &args.filters)?;
    let args = QuotesArgs { limit, offset: cursor.offset, ..args };
    let request = args.request(&asked, desk.now)?;
    let QuotesResponse { total, articles, understood, notes, statements, .. } = desk.engine.quotes(&request)?;
    let head = Record::new().with("total", total).with("articles", articles).with("query", understood.as_str());
    let head = head.with_any("notes", notes);
    if statements.is_empty() {
        let head = head.with("statements", Vec::<Record>::new());
        return Ok(Answer { head: desk.why_nothing(&request.query, &request.filters, head)?, ..Answer::default() });
    }
    let rows = fitting(statements.iter().map(row));
    let next = cursor.next(rows.len(), total > (cursor.offset + rows.len()) as u64);
    let mut answer = Answer { head, quoted: Record::new().with("statements", rows), ..Answer::default() };
    if let Some(next) = next {
        answer.head = answer.head.with("next_cursor", next.as_str());
        answer.next.push("quotes again with next_cursor as cursor gives the statements that follow".to_owned());
    }
    Ok(answer)
}

fn row(one: &Statement) -> Record {
    let source = Source {
        id: &one.id,
        title: &one.title,
        outlet: one.outlet.as_deref(),
        published: one.published,
        url: one.url.as_deref(),
    };
    let text = one.text.char_indices().nth(WORDS).map_or(one.text.as_str(), |(at, _)| &one.text[..at]);
    let row = Record::new()
        .with_some("speaker", one.speaker.as_ref())
        .with_some("said_by", one.said_by.as_deref())
        .with("kind", kind(one.kind))
        .with("text", Fact::Words(fence::lines(text)));
    let row = if one.doubtful { row.with("doubtful", true) } else { row };
    let row = source.facts(row);
    let row = match one.in_title {
        true => row.with("in_title", true),
        false => row.with("stretch", stretch(&one.id, one.start, one.end)),
    };
    let row = row.with_some("page", one.page.map(u64::from));
    if one.copies > 1 { row.with("copies", one.copies).with("outlets", one.outlets) } else { row }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Indirect => "indirect",
        Kind::Mixed => "mixed",
    }
}
