//! The tool `read`: the words of an article, and whether a quotation is among them.

use super::answer::{Answer, Record};
use super::arguments::Arguments;
use super::desk::Desk;
use super::fence;
use super::refusal::Refusal;
use super::source::{Source, located, stretch, uri};
use super::wording::{self, Found};
use crate::archive::{Group, Stored};

/// Characters that an answer shows on each side of a quotation, within its paragraph.
const AROUND: usize = 300;
/// Copies of an article that are named, at most.
const COPIES: usize = 20;

pub(super) fn read(desk: &mut Desk<'_, '_>, mut arguments: Arguments) -> Result<Answer, Refusal> {
    let (id, place) = located(&arguments.needed("id")?);
    let start = arguments.number("start", 0..=usize::MAX)?.or(place.map(|(start, _)| start));
    let end = arguments.number("end", 0..=usize::MAX)?.or(place.map(|(_, end)| end));
    let most = arguments.number("max_chars", 500..=20_000)?.unwrap_or(6000);
    let quote = arguments.text("quote")?;
    let (stored, group, file) = stored(desk, &id)?;
    let mut answer = Answer::default();
    let bytes = match &quote {
        Some(quote) => checked(&stored, quote, &mut answer),
        None => Some(within(&stored.article.text, start.unwrap_or(0), end, most)),
    };
    answer.head = answer.head.with("total_chars", stored.article.text.chars().count());
    if let Some((start, end)) = bytes {
        let text = &stored.article.text;
        answer.head = answer.head.with("start", start).with("end", end);
        answer.text = Some(fence::lines(&text[start..end]));
        if end < text.len() && quote.is_none() {
            answer.head = answer.head.with("next_start", end);
            answer.next.push(format!("read with start {end} goes on from here"));
        }
    }
    answer.quoted = facts(&stored, &group).with_some("place", file);
    Ok(answer)
}

/// An article with its copies; with the place that it was read from, where answers may say it.
fn stored(desk: &mut Desk<'_, '_>, id: &str) -> Result<(Stored, Group, Option<String>), Refusal> {
    let show_paths = desk.setup.show_paths;
    let archive = desk.engine.archive();
    let stored = archive.by_id(id)?;
    let group = archive.group(stored.num)?;
    let places = if show_paths { archive.provenance(stored.num)? } else { Vec::new() };
    let place = places.iter().find(|one| one.seq == stored.seq).map(|one| one.place.to_string());
    Ok((stored, group, place))
}

fn facts(stored: &Stored, group: &Group) -> Record {
    let article = &stored.article;
    let source = Source {
        id: &stored.id,
        title: &article.title,
        outlet: article.outlet.as_deref(),
        published: article.published,
        url: article.url.as_deref(),
    };
    let copy = |member: &crate::archive::Member| {
        Record::new()
            .with("id", member.id.as_str())
            .with_some("outlet", member.outlet.as_deref().map(fence::short))
            .with_some("published", member.published.map(|at| at.to_string()))
            .with("uri", uri(&member.id))
    };
    let others = group.members.iter().filter(|member| member.num != stored.num);
    source
        .facts(Record::new())
        .with_any("byline", article.byline.iter().map(|name| fence::short(name)).collect())
        .with_any("doubts", article.doubts.iter().map(|doubt| doubt.reason()).collect())
        .with_any("copies", others.take(COPIES).map(copy).collect())
}

/// Says whether the article has this wording; gives the bytes around it.
fn checked(stored: &Stored, quote: &str, answer: &mut Answer) -> Option<(usize, usize)> {
    let text = &stored.article.text;
    let (found, in_title) = match wording::find(text, quote) {
        Some(found) => (Some(found), false),
        None => (wording::find(&stored.article.title, quote), true),
    };
    let exact = found.as_ref().is_some_and(|found| found.exact);
    let told = Record::new().with("found", exact).with("nearly", found.is_some() && !exact);
    let Some(Found { start, end, .. }) = found else {
        answer.head = Record::new().with("quote", told);
        answer.next.push("the article does not have this wording: do not quote it; read shows what it has".to_owned());
        return None;
    };
    if in_title {
        answer.head = Record::new().with("quote", told.with("in_title", true));
        return None;
    }
    let told = told.with("start", start).with("end", end).with("uri", stretch(&stored.id, start, end));
    answer.head = Record::new().with("quote", told);
    let (before, after) = (&text[..start], &text[end..]);
    let line = (before.rfind('\n').map_or(0, |at| at + 1), after.find('\n').map_or(text.len(), |at| end + at));
    let first = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let last = after.char_indices().nth(AROUND).map_or(text.len(), |(at, _)| end + at);
    Some((line.0.max(first), line.1.min(last)))
}

/// The bytes from `start` on, up to `end` and so many characters, cut between words where there are any.
fn within(text: &str, start: usize, end: Option<usize>, most: usize) -> (usize, usize) {
    let start = text.floor_char_boundary(start);
    let end = text.ceil_char_boundary(end.unwrap_or(text.len()).max(start));
    let stretch = &text[start..end];
    let Some((cut, _)) = stretch.char_indices().nth(most) else { return (start, end) };
    let space = stretch[..cut].rfind(char::is_whitespace).filter(|at| *at > cut / 2);
    let cut = space.map_or(cut, |at| stretch.ceil_char_boundary(at + 1));
    (start, start + cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_follow_each_other_are_the_whole_text() {
        for text in ["Alda buys ferries.\n\nÉlan pays for them.", "éééééééééééééééééééé", "", "one"]
        {
            let (mut start, mut whole, mut stretches) = (0, String::new(), 0);
            while start < text.len() || stretches == 0 {
                let (from, to) = within(text, start, None, 7);
                assert_eq!(from, start);
                whole += &text[from..to];
                (start, stretches) = (to, stretches + 1);
            }
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn a_stretch_outside_the_text_is_empty_and_one_within_a_letter_takes_it_whole() {
        assert_eq!(within("Élan", 99, Some(120), 500), (5, 5));
        assert_eq!(within("Élan", 1, Some(1), 500), (0, 2));
        assert_eq!(within("Élan", 3, Some(2), 500), (3, 3));
    }
}
