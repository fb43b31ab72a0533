//! Highlights: the bytes of a text that made it match.

use std::collections::HashSet;

use crate::analysis::{self, Gap, Shape, Words};
use crate::engine::response::Highlight;
use crate::index::mentions::Mark;
use crate::query::pattern::{Alternative, Found, Pattern};

/// Where these actors, by their numbers in the article, are mentioned in a text.
pub(super) fn mentioned(marks: &[Mark], wanted: &[usize], text: &str) -> Vec<Highlight> {
    let good = marks.iter().filter(|mark| wanted.contains(&mark.actor) && text.get(mark.start..mark.end).is_some());
    good.map(|mark| Highlight { start: mark.start, end: mark.end, actor: true }).collect()
}

/// The bytes of what was found: a phrase as a whole, words near one another each by itself. A unit is left out where it
/// belongs to another number than the query asks for: the `%` of `5%` where it asks for `7 per cent`.
pub(in crate::engine) fn of_words(patterns: &[Pattern], found: &[Found], words: &Words, text: &str) -> Vec<Highlight> {
    let list = words.as_slice();
    let strays = stray_units(patterns, found, words);
    let mut out = Vec::new();
    for one in found {
        let mut last: Option<usize> = None;
        for number in one.words.iter().filter(|number| !strays.contains(number)) {
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

/// The found words that are units or currencies beside a number that was not found, where the query asks for a number.
fn stray_units(patterns: &[Pattern], found: &[Found], words: &Words) -> HashSet<usize> {
    let is_number =
        |any: &Alternative| matches!(any, Alternative::Term(term) if term.starts_with(|c: char| c.is_ascii_digit()));
    if !patterns.iter().flat_map(|pattern| &pattern.slots).flat_map(|slot| &slot.any).any(is_number) {
        return HashSet::new();
    }
    let list = words.as_slice();
    let marked: HashSet<usize> = found.iter().flat_map(|one| one.words.iter().copied()).collect();
    let other = |number: usize| list[number].shape == Shape::Number && !marked.contains(&number);
    let stray = |number: usize| {
        let of_last = number > 0 && list[number].gap <= Gap::Space && other(number - 1);
        let of_next = list.get(number + 1).is_some_and(|next| next.gap == Gap::Joined) && other(number + 1);
        analysis::is_measure(words.folded(&list[number])) && (of_last || of_next)
    };
    marked.iter().copied().filter(|number| stray(*number)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyzer;
    use crate::query::pattern::{Matcher, Terms};
    use crate::query::{Mode, Part, Text};

    #[test]
    fn a_unit_is_marked_beside_the_number_that_was_asked_for() {
        let text = "Up 5% or $3bn. Then 7% of €150bn, 12 per cent and 7 percent; a percent.";
        let marked = |query: &str| -> String {
            let word = |word: &str| Text { part: Part::Any, text: word.to_owned(), mode: Mode::Word };
            let patterns: Vec<Pattern> =
                query.split('+').filter_map(|part| Pattern::new(&word(part), &mut Analyzer::new())).collect();
            let cut = analysis::words(text);
            let found = Matcher::new(&patterns).find(Part::Body, text, &cut, Terms::Analysed(&mut Analyzer::new()));
            let marks = merged(of_words(&patterns, &found, &cut, text), Vec::new());
            marks.iter().map(|mark| &text[mark.start..mark.end]).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(marked("7+per cent"), "7 % 7 percent percent");
        assert_eq!(marked("150+billion"), "150 bn");
        assert_eq!(marked("percent"), "% % per cent percent percent", "without a number all are marked");
        assert_eq!(marked("€150bn"), "€ 150 bn");
    }
}
