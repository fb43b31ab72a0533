//! What an outlet says itself of its changes: notes in the text, words of agencies in the headline.

use std::collections::BTreeSet;

use crate::article::Article;
use crate::wordlist::WordList;

/// Beginnings of paragraphs that say that the article was changed.
static NOTES: WordList = WordList::new(include_str!("lists/correction_notes.txt"));
/// What outlets call their articles in such notes, and what they say was done.
static SUBJECTS: WordList = WordList::new(include_str!("lists/note_subjects.txt"));
static VERBS: WordList = WordList::new(include_str!("lists/note_verbs.txt"));
/// Words of headlines that say that the story is taken back.
static WITHDRAWN: WordList = WordList::new(include_str!("lists/withdrawal_words.txt"));

/// Words of a line within which a note says what was done.
const BEFORE: usize = 16;

/// Whether the new version has a note about a change that the old one has not.
pub(super) fn has_new_note(old: &Article, new: &Article) -> bool {
    let known = notes(old);
    notes(new).iter().any(|note| !known.contains(note))
}

/// The notes of an article, in small letters: lines of its text, and its headline.
fn notes(article: &Article) -> BTreeSet<String> {
    let lines = article.text.lines().chain([article.title.as_str()]);
    lines.filter(|line| is_note(line)).map(folded).collect()
}

/// A line in small letters with plain apostrophes, without the signs before it.
fn folded(line: &str) -> String {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line says that its article was changed.
fn is_note(line: &str) -> bool {
    let bracketed = line.trim_start().starts_with(['(', '[', '*']);
    let line = folded(line);
    let line = line.strip_prefix("note:").map_or(line.as_str(), str::trim_start);
    begins_as_a_note(line, bracketed) || says_what_was_done(line)
}

/// Whether a line begins as a note does. A single word is a note only in brackets or before a sign, a number or the end.
fn begins_as_a_note(line: &str, bracketed: bool) -> bool {
    NOTES.as_slice().iter().any(|beginning| {
        let Some(rest) = line.strip_prefix(beginning) else { return false };
        let ends = !rest.starts_with(char::is_alphanumeric);
        let rest = rest.trim_start();
        let signed = rest.is_empty() || rest.starts_with([':', '-', '–', '—', '.', ',', '(', '|', '/']);
        let dated = rest.starts_with(|c: char| c.is_ascii_digit());
        ends && (beginning.contains(' ') || bracketed || signed || dated)
    })
}

/// Whether a line begins with "this story has been corrected", with a few words more: "Note: this March 3 story was ...".
fn says_what_was_done(line: &str) -> bool {
    let words: Vec<&str> =
        line.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).take(BEFORE).collect();
    let done = |after: &[&str]| match after {
        ["has" | "have", "been", verb, ..] => VERBS.has(verb),
        ["has" | "have", "since", "been", verb, ..] => VERBS.has(verb),
        ["was" | "were", verb, ..] => VERBS.has(verb),
        _ => false,
    };
    let subject = |at: usize| (at + 1..words.len().min(at + 6)).find(|subject| SUBJECTS.has(words[*subject]));
    (0..words.len()).filter(|at| words[*at] == "this").filter_map(subject).any(|subject| done(&words[subject + 1..]))
}

/// Whether a headline says that its story is taken back: `WITHDRAWN: ...`, `[Retracted] ...`, `... (withdrawn)`.
pub(super) fn is_withdrawn(title: &str) -> bool {
    let title = title.to_lowercase();
    let title = title.trim();
    WITHDRAWN.as_slice().iter().any(|word| {
        let bracketed = [('[', ']'), ('(', ')')].iter().any(|(open, close)| {
            let mark = format!("{open}{word}{close}");
            title.starts_with(&mark) || title.ends_with(&mark)
        });
        let after = title.strip_prefix(word);
        let marked = after.is_some_and(|rest| {
            let spaced = rest.trim_start();
            spaced.starts_with([':', '–', '—', '|']) || rest.starts_with('-') || spaced.starts_with("- ")
        });
        bracketed || marked || after.is_some_and(str::is_empty)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_from_stories_about_officers_and_corrections() {
        for line in [
            "Correction: an earlier version said twelve.",
            "CORRECTION (3 March): The sum is 14 million.",
            "*This article was amended on 3 March 2026 to correct a name.",
            "Editor’s note: this story has been updated.",
            "(Corrects paragraph 3 to say Borduria)",
            "An earlier version of this article misstated the number of ferries.",
            "Clarification, 4 March: the ministry's statement was made on Monday.",
            "(This March 3 story has been corrected to fix the name in paragraph 2)",
            "Note: This story was changed to reflect the vote.",
            "UPDATE (March 4): The ministry has since denied it.",
            "(Corrects name in headline)",
            "This story has been corrected to show that Ann Bell is a deputy.",
        ] {
            assert!(is_note(line), "{line}");
        }
        for line in [
            "Corrections officers said no.",
            "Corrected figures were published by the ministry.",
            "Clarification of the rules is expected in May.",
            "The minister asked for a correction.",
            "An earlier vote failed.",
            "This was changed by parliament in June.",
            "The report was updated by the think tank last year.",
            "Update costs are to be met by the states.",
        ] {
            assert!(!is_note(line), "{line}");
        }
    }

    #[test]
    fn headlines_of_stories_that_are_taken_back_are_recognised() {
        for title in [
            "WITHDRAWN: Alda orders ferries",
            "[Retracted] Alda orders",
            "KILL - Alda",
            "Retraction",
            "Alda orders (withdrawn)",
            "ADVISORY-Alda orders ferries",
        ] {
            assert!(is_withdrawn(title), "{title}");
        }
        for title in [
            "Kill switch for ferries",
            "Withdrawn troops return",
            "Killed in action: five names",
            "Alda withdrawal goes on",
        ] {
            assert!(!is_withdrawn(title), "{title}");
        }
    }
}
