//! The tool `together`.

use super::answer::{Answer, Record, fitting};
use super::arguments::Arguments;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::ask::PairsArgs;
use crate::engine::{Engine, Pair, PairsResponse};

pub(super) fn together(desk: &mut Desk<'_, '_>, mut arguments: Arguments) -> Result<Answer, Refusal> {
    let limit = arguments.number("limit", 1..=50)?.unwrap_or(10);
    let args: PairsArgs = arguments.question()?;
    let asked = desk.asked(&args.query, &args.filters)?;
    let request = PairsArgs { limit, ..args }.request(&asked, desk.now)?;
    let PairsResponse { total, copies, understood, notes, pairs_total, pairs, .. } = desk.engine.pairs(&request)?;
    let head = Record::new().with("total", total).with("copies", copies).with("query", understood.as_str());
    let head = head.with_any("notes", notes).with("pairs_total", pairs_total);
    if pairs.is_empty() {
        let head = head.with("pairs", Vec::<Record>::new());
        let head = if total == 0 { desk.why_nothing(&request.query, &request.filters, head)? } else { head };
        return Ok(Answer { head, ..Answer::default() });
    }
    let pairs = fitting(pairs.iter().map(row));
    let next = "search with both names as actor shows the stories that mention both".to_owned();
    Ok(Answer { head, quoted: Record::new().with("pairs", pairs), next: vec![next], ..Answer::default() })
}

fn row(pair: &Pair) -> Record {
    Record::new()
        .with("a", &pair.a)
        .with("b", &pair.b)
        .with("count", pair.counts.count)
        .with("count_a", pair.counts.count_a)
        .with("count_b", pair.counts.count_b)
        .with("expected", pair.counts.expected)
        .with("ratio", pair.counts.ratio)
}
