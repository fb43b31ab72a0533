//! What a page shows beside its story and changes by itself: how old it is, what else to read, how often it was shared.

use std::ops::Range;

use super::tokens::Token;
use crate::wordlist::{WordList, WordTable};

/// Words of lines about the age and the use of a page; a line has one that marks it, and no other words.
static WORDS: WordTable = WordTable::new(include_str!("lists/furniture_words.txt"));
/// Beginnings of lines that name something else to read, or that are about the page.
static BEGINNINGS: WordList = WordList::new(include_str!("lists/furniture_beginnings.txt"));
/// Headings above lists of other stories.
static HEADINGS: WordList = WordList::new(include_str!("lists/related_headings.txt"));

/// Words of a line that names something else to read, at most.
const LINK: usize = 30;
/// Words of a line about the page, at most.
const LINE: usize = 14;
/// Words before an age that belong to it: `last updated`.
const BEFORE: usize = 3;

/// The lines of a text that are furniture, in order.
pub(super) fn lines(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut at, mut below) = (0, false);
    for line in text.split_inclusive('\n') {
        let bytes = at..at + line.len();
        at = bytes.end;
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let count = line.split_whitespace().take(LINK + 1).count();
        let plain = plain(line, count);
        let is_heading = plain.as_deref().is_some_and(|plain| HEADINGS.has(plain));
        below = is_heading || (below && count <= LINK && !ends_a_sentence(line));
        if below || plain.as_deref().is_some_and(|plain| is_furniture(plain, count)) {
            out.push(bytes);
        }
    }
    out
}

/// A short line as the lists have it: in small letters, plain apostrophes, no signs around it.
fn plain(line: &str, words: usize) -> Option<String> {
    let trimmed = line.trim_matches(|c: char| !c.is_alphanumeric());
    (words <= LINK).then(|| trimmed.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'"))
}

fn ends_a_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '\'', '”', '’', '»', ')']).ends_with(['.', '!', '?', '…'])
}

fn is_furniture(plain: &str, count: usize) -> bool {
    let begins = BEGINNINGS.as_slice().iter().any(|beginning| plain.starts_with(beginning));
    begins || (count <= LINE && is_about_the_page(plain))
}

/// Whether a line tells the age or the use of a page: every word is one of those that do, and one marks it; or it names
/// an author and ends with an age, as below a headline: `By Ann Bell, 3 minutes ago`.
fn is_about_the_page(plain: &str) -> bool {
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 6;
    match words.as_slice() {
        ["by", .., number, unit, "ago"] if is_number(number) && WORDS.get(unit) == Some("unit") => return true,
        [number, unit] if is_number(number) && WORDS.get(unit) == Some("unit") => return true,
        _ => {}
    }
    words.iter().all(|word| is_number(word) || WORDS.get(word).is_some())
        && words.iter().any(|word| WORDS.get(word) == Some("mark"))
}

/// Leaves out an age within a line: `Updated 5 minutes ago`. `Two years ago` is part of a story, and so is every age that
/// nothing says to be that of the page.
pub(super) fn drop_ages(tokens: &mut Vec<Token>) {
    let folded = |token: &Token| token.word.as_ref().map(|word| word.folded.clone());
    let words: Vec<(usize, Box<str>)> =
        tokens.iter().enumerate().filter_map(|(at, token)| Some((at, folded(token)?))).collect();
    let is = |word: &str, kind: &str| WORDS.get(word) == Some(kind);
    let mut dropped: Vec<Range<usize>> = Vec::new();
    for (at, (end, word)) in words.iter().enumerate() {
        if &**word != "ago" || at < 3 || !is(&words[at - 1].1, "unit") {
            continue;
        }
        let from = (at.saturating_sub(2 + BEFORE)..at - 2).find(|from| is(&words[*from].1, "mark"));
        if let Some(from) = from {
            dropped.push(words[from].0..end + 1);
        }
    }
    if dropped.is_empty() {
        return;
    }
    let (mut at, mut dropped) = (0, dropped.into_iter().peekable());
    tokens.retain(|_| {
        while dropped.next_if(|range| range.end <= at).is_some() {}
        let inside = dropped.peek().is_some_and(|range| range.contains(&at));
        at += 1;
        !inside
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_line(line: &str) -> bool {
        !lines(line).is_empty()
    }

    #[test]
    fn lines_about_the_page_are_told_from_sentences() {
        for line in [
            "Updated 5 minutes ago",
            "Last updated: 3 March 2026, 14:05 GMT",
            "Published 12 hours ago",
            "4 min read",
            "By Ann Bell, 3 minutes ago",
            "Last updated on March 3, 2026 at 4:12 p.m. EST",
            "1,204 views",
            "12 comments",
            "Share",
            "Read more: Alda orders twelve ferries",
            "Also read | Alda orders twelve ferries",
            "RELATED: Alda orders twelve ferries",
            "Advertisement",
            "Zuletzt aktualisiert: 3. März 2026",
            "Mis à jour il y a 5 minutes",
        ] {
            assert!(is_line(line), "{line}");
        }
        for line in [
            "Updated rules will take effect in 2027.",
            "12",
            "March 2026",
            "Published reports say otherwise.",
            "The ship sank two years ago.",
            "The ship sank 3 hours ago.",
            "More than 12 ferries were ordered.",
            "Related costs rose to 3 million.",
            "Sharing the burden, 12 states signed.",
            "Read the treaty, he said.",
        ] {
            assert!(!is_line(line), "{line}");
        }
    }

    #[test]
    fn the_links_below_a_heading_are_furniture_and_the_story_after_them_is_not() {
        let text =
            "Alda buys ferries.\n\nRelated articles\n\nA yard in Lorn\n\nThe price of steel\n\nThe minister said no.";
        let found = lines(text);
        assert_eq!(found.len(), 3);
        assert!(text[found[2].clone()].starts_with("The price"));
    }
}
