//! Highlights: the bytes of a text that made it match.

use crate::analysis::Words;
use crate::engine::response::Highlight;
use crate::index::mentions::Mark;
use crate::query::pattern::{Found, Pattern};

/// Where these actors, by their numbers in the article, are mentioned in a text.
pub(super) fn mentioned(marks: &[Mark], wanted: &[usize], text: &str) -> Vec<Highlight> {
    let good = marks.iter().filter(|mark| wanted.contains(&mark.actor) && text.get(mark.start..mark.end).is_some());
    good.map(|mark| Highlight { start: mark.start, end: mark.end, actor: true }).collect()
}

/// The bytes of what was found: a phrase as a whole, words near one another each by itself.
pub(super) fn of_words(patterns: &[Pattern], found: &[Found], words: &Words, text: &str) -> Vec<Highlight> {
    let list = words.as_slice();
    let mut out = Vec::new();
    for one in found {
        let mut last: Option<usize> = None;
        for number in &one.words {
            let (start, end) = (list[*number].start as usize, list[*number].end as usize);
            let joins = patterns[one.pattern].near.is_none() && last.is_some_and(|last| last + 1 == *number);
            match out.last_mut() {
                Some(Highlight { end: before, .. }) if joins && !text[*before..start].contains('\n') => *before = end,
                _ => out.push(Highlight { start, end, actor: false }),
            }
            last = Some(*number);
        }
    }
    out
}

/// Highlights of words and of mentions of actors in order, none over another; a word of the query goes before a mention.
pub(super) fn merged(words: Vec<Highlight>, actors: Vec<Highlight>) -> Vec<Highlight> {
    let mut words = words;
    words.sort_unstable_by_key(|h| (h.start, h.end));
    let mut out: Vec<Highlight> = Vec::with_capacity(words.len());
    for next in words {
        match out.last_mut() {
            Some(last) if next.start < last.end => last.end = last.end.max(next.end),
            _ => out.push(next),
        }
    }
    let apart = |m: &Highlight| !out.iter().any(|h| h.start < m.end && m.start < h.end);
    let mut kept: Vec<Highlight> = actors.into_iter().filter(apart).collect();
    out.append(&mut kept);
    out.sort_unstable_by_key(|h| h.start);
    out
}
