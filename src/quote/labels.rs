//! Labels: the speaker's name and a colon before the words, in transcripts (`MR. MARTEN:`), interviews and headlines.

use std::ops::Range;

use super::lists::{Class, class_of};
use super::pieces::{Sep, Zone};
use super::subject::Sentence;
use crate::tag;

/// Longest label, in bytes and in words.
const LONGEST: usize = 64;
const WORDS: usize = 8;
/// Longest label before a quotation, with offices, in bytes.
const LONGEST_NAME: usize = 200;
/// Fewest turns of a transcript that are not a third of its paragraphs.
const TURNS: usize = 5;

/// A paragraph that begins with a speaker's name and a colon.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The bytes of the name.
    pub(super) name: Range<usize>,
    /// The first byte of what is said.
    pub(super) body: usize,
    /// What is said stands in quotation marks from end to end.
    quoted: bool,
}

/// The labels of a transcript's paragraphs, in order; empty where the text is no transcript. `is_named` tells whether a
/// person is mentioned in a range.
pub(super) fn turns(
    text: &str,
    paragraphs: &[Range<usize>],
    is_named: impl Fn(&Range<usize>) -> bool,
) -> Vec<Option<Label>> {
    let speaks = |label: &Label| is_named(&label.name) || is_speaker(&text[label.name.clone()]);
    let mut labels: Vec<Option<Label>> =
        paragraphs.iter().map(|paragraph| label(text, paragraph).filter(|label| speaks(label))).collect();
    // Where speakers stand in capitals, other names before a colon are those whom somebody speaks to.
    let is_short = |label: &Label| label.name.len() == 1;
    let loud = |label: &Label| is_in_capitals(&text[label.name.clone()]);
    let (capitals, others): (Vec<&Label>, Vec<&Label>) =
        labels.iter().flatten().filter(|label| !is_short(label)).partition(|label| loud(label));
    if capitals.len() > others.len() {
        labels.iter_mut().for_each(|label| *label = label.take().filter(|label| is_short(label) || loud(label)));
    }
    // A list of what several people said is none: there, each stands in quotation marks from end to end.
    let count = labels.iter().flatten().filter(|label| !label.quoted).count();
    let is_speech = || {
        let stamped = paragraphs.iter().any(|paragraph| is_clock(&text[paragraph.clone()]));
        let named = |label: &Label| is_named(&label.name) || has_role(&text[label.name.clone()]);
        let capitals = |label: &Label| !text[label.name.clone()].contains(char::is_lowercase) && named(label);
        stamped && labels.iter().flatten().any(capitals)
    };
    let is_transcript = count >= 2 && (count * 3 >= paragraphs.len() || count >= TURNS) || count > 0 && is_speech();
    if is_transcript { labels } else { Vec::new() }
}

/// Whether a name is written in capitals, but for a letter or two: `GENERAL McMARTEN`.
fn is_in_capitals(name: &str) -> bool {
    let small = name.chars().filter(|c| c.is_lowercase()).count();
    small * 3 < name.chars().filter(|c| c.is_uppercase()).count()
}

/// Whether a paragraph of a transcript is nobody's words: a remark in brackets, a row of signs, a heading in capitals.
pub(super) fn is_remark(body: &str) -> bool {
    let heading = || {
        let several = body.split_whitespace().nth(1).is_some();
        let capitals = body.contains(char::is_uppercase) && !body.contains(char::is_lowercase);
        several && capitals && !body.ends_with(['.', '!', '?', '—', '…'])
    };
    body.starts_with(['(', '[']) || !body.contains(char::is_alphabetic) || heading()
}

/// Whether a paragraph is a time of day, with which a transcript ends: `END 1:34 P.M. EDT`.
pub(super) fn is_clock(body: &str) -> bool {
    let mut words = body.strip_prefix("END").unwrap_or(body).split_whitespace();
    let clock = |word: &str| {
        word.split_once(':').is_some_and(|(hour, rest)| {
            (1..3).contains(&hour.len()) && hour.bytes().chain(rest.bytes().take(2)).all(|byte| byte.is_ascii_digit())
        })
    };
    words.next().is_some_and(clock)
        && words.clone().count() < 4
        && words.all(|word| word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '(' | ')')))
}

/// The label at the start of a paragraph: capitalised words before a colon, or `Q`.
fn label(text: &str, paragraph: &Range<usize>) -> Option<Label> {
    let body = &text[paragraph.clone()];
    // A question that goes on after an answer begins with a dash.
    let asked = |rest: &&str| !rest.is_empty() && !rest.starts_with(char::is_lowercase);
    if let Some(rest) = body.strip_prefix("Q ").map(str::trim_start).filter(asked) {
        let name = paragraph.start..paragraph.start + 1;
        return Some(Label { name, body: paragraph.end - rest.len(), quoted: false });
    }
    let colon = body.bytes().take(LONGEST).position(|byte| byte == b':')?;
    let said = body[colon + 1..].trim_start();
    let name = &body[..colon];
    let apart = body[colon + 1..].starts_with(char::is_whitespace) && !said.is_empty() && !is_row(said);
    let words = name.split_whitespace();
    let written = |word: &str| {
        let bare = word.trim_start_matches(['(', '[']);
        bare.starts_with(char::is_uppercase)
            || matches!(bare, "of" | "for" | "and" | "the" | "de" | "von" | "van" | "al")
    };
    if !apart
        || words.clone().count() > WORDS
        || !words.clone().all(written)
        || name.contains(['"', '“', '‘', ';', '*', '<', '#', '/'])
    {
        return None;
    }
    let own = named_part(name);
    let name = paragraph.start + own.start..paragraph.start + own.end;
    Some(Label { name, body: paragraph.end - said.len(), quoted: unquoted(said).is_some() })
}

/// What stands in quotation marks from end to end, without them.
pub(super) fn unquoted(said: &str) -> Option<&str> {
    let said = said.trim_end_matches(['.', '*', '_', ' ']);
    let inner = |(open, close): (char, char)| said.strip_prefix(open)?.strip_suffix(close);
    let whole = |(open, close)| inner((open, close)).filter(|inner| !inner.contains(open));
    [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“')].into_iter().find_map(whole)
}

/// Whether what follows a colon is a row of figures or markup: `€16.7bn`, `** **`.
fn is_row(said: &str) -> bool {
    let figure = said.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '€' | '$' | '£'));
    let short = said.split_whitespace().nth(3).is_none() && !said.ends_with(['.', '!', '?']);
    figure && short || said.starts_with(['*', '#', '<', '|'])
}

/// The name in a label: what stands before its brackets, or within them after an office.
fn named_part(label: &str) -> Range<usize> {
    let Some(open) = label.find('(') else { return 0..label.len() };
    let close = label[open..].find(')').map_or(label.len(), |at| open + at);
    let office = label.starts_with("The ") || label.starts_with("THE ");
    if office && label[open + 1..close].contains(' ') { open + 1..close } else { 0..label[..open].trim_end().len() }
}

/// Whether a label reads like a speaker: in capitals, an office, or words that are no ordinary ones.
fn is_speaker(name: &str) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let words = || name.split_whitespace().map(|word| word.trim_end_matches('.').to_lowercase());
    if matches!(name, "Q" | "A") || letters().count() > 2 && letters().all(char::is_uppercase) {
        return words().any(|word| is_role(&word)) || !words().any(|word| is_of_a_heading(&word));
    }
    let role = words().next_back().is_some_and(|last| is_role(&last));
    role || name.starts_with("The ") && words().any(|word| is_role(&word)) || words().all(|word| is_proper(&word))
}

/// Whether a word in capitals is one of a heading, and not of a name or office: `BUILDING ON A RECORD`.
fn is_of_a_heading(folded: &str) -> bool {
    let class = class_of(folded);
    let small = class.any(Class::PREPOSITION.or(Class::DETERMINER)) && !matches!(folded, "of" | "for" | "the");
    small || folded.ends_with("ing") && (class.any(Class::PARTICIPLE) || tag::is_ordinary(folded)) && !is_role(folded)
}

fn is_role(folded: &str) -> bool {
    class_of(folded).any(Class::ROLE)
}

/// Whether a word is hardly written in lower case.
fn is_proper(folded: &str) -> bool {
    (class_of(folded) == Class::default() || class_of(folded).any(Class::ROLE)) && !tag::is_ordinary(folded)
}

/// The name before the first of the quotations that are all else in a paragraph, as in a list of what several people said:
/// `Minister Oto Brandt, of Alda: “No.”`. It may be bold, or a link.
pub(super) fn of_quotations(zone: &Zone<'_>, paragraph: &Range<usize>, top: &[usize]) -> Option<Range<usize>> {
    let marks = || top.iter().map(|n| &zone.quoted[*n].outer);
    let first = marks().next()?.start;
    let mut from = first;
    for mark in marks() {
        if zone.text[from..mark.start].contains(char::is_alphanumeric) {
            return None;
        }
        from = mark.end;
    }
    let rest = zone.text[from..paragraph.end].contains(char::is_alphanumeric);
    let signs = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    let before = zone.text[paragraph.start..first].trim_end_matches(signs).strip_suffix(':').filter(|_| !rest)?;
    let name = before.trim_start_matches(|c: char| signs(c) || matches!(c, '-' | '–' | '—' | '•' | '#' | '>' | '['));
    let start = paragraph.start + before.len() - name.len();
    let name = name.split("](").next().unwrap_or(name).trim_end_matches(signs);
    let range = start..start + name.len();
    let short = name.starts_with(char::is_uppercase) && name.len() <= LONGEST_NAME;
    (short && zone.may_name_somebody(&range)).then_some(range)
}

/// Whether words are nothing but names: hardly written in small letters.
pub(super) fn are_names(words: &str) -> bool {
    words.split_whitespace().all(|word| is_proper(&word.to_lowercase()))
}

/// Whether an office, rank or role is among words.
pub(super) fn has_role(words: &str) -> bool {
    words.split_whitespace().any(|word| is_role(&word.trim_end_matches('.').to_lowercase()))
}

impl Sentence<'_> {
    /// The label at the start of a sentence and the first piece after it.
    pub(super) fn label(&self) -> Option<(Range<usize>, usize)> {
        let end = (self.first + 1..self.last.min(self.first + WORDS)).find(|at| self.pieces[*at].sep != Sep::Space)?;
        let words = self.first..end;
        let labels = self.pieces[end].sep == Sep::Colon && words.clone().all(|at| self.may_label(at));
        let said = &self.zone.text[self.pieces[end - 1].end..self.pieces[self.last - 1].end];
        let said = said.trim_start_matches(|c: char| c == ':' || c.is_whitespace());
        (labels && !is_row(said)).then_some((words, end))
    }

    fn may_label(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        let small = piece.is(Class::ROLE.or(Class::MOUTHPIECE))
            || matches!(self.folded(at), "the" | "of" | "de" | "von" | "van" | "al");
        piece.quoted.is_none() && !piece.possessive && (piece.capital || small) && !piece.is(Class::AUXILIARY)
    }

    /// Whether the words of a headline's label are names or offices.
    pub(super) fn is_speaker(&self, label: &Range<usize>) -> bool {
        label.clone().all(|at| self.pieces[at].is(Class::ROLE.or(Class::DETERMINER)) || is_proper(self.folded(at)))
    }

    /// The source that a headline names after a dash: `Frigate unfit for sea – navy report`.
    pub(super) fn source(&self) -> Option<Range<usize>> {
        let dash = (self.first + 2..self.last).rev().find(|at| self.pieces[*at].sep != Sep::Space)?;
        let last = &self.pieces[self.last - 1];
        let source = self.pieces[dash].sep == Sep::Dash
            && self.last - dash < 4
            && last.quoted.is_none()
            && last.is_small(Class::ROLE.or(Class::MOUTHPIECE))
            && !(dash..self.last).any(|at| self.pieces[at].is(Class::PREPOSITION.or(Class::AUXILIARY)));
        source.then_some(dash..self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut from = 0;
        let lines = text.lines().map(|line| (from, from += line.len() + 1).0..from - 1).collect::<Vec<_>>();
        turns(text, &lines, |_| false).into_iter().flatten().map(|label| &text[label.name]).collect()
    }

    #[test]
    fn transcripts_are_known_by_their_labels() {
        assert_eq!(
            names("MR. MARTEN: Good morning.\nQ Is it true?\nMR. MARTEN: No."),
            ["MR. MARTEN", "Q", "MR. MARTEN"]
        );
        assert_eq!(names("The Minister (Oto Brandt): No.\nSela Vint (Orm): Why?"), ["Oto Brandt", "Sela Vint"]);
        assert_eq!(names("Reporter: Why?\nThe President: Because."), ["Reporter", "The President"]);
    }

    #[test]
    fn a_question_that_goes_on_is_one_however_it_begins() {
        let said = "MR. MARTEN: No.\nQ — today?\nQ (Inaudible.) Since when?\nQ “Never” was the word?\nQ 40 ships?";
        assert_eq!(names(said), ["MR. MARTEN", "Q", "Q", "Q", "Q"]);
        assert_eq!(names("MR. MARTEN: No.\nQ ships sail.\nMR. MARTEN: Yes."), ["MR. MARTEN", "MR. MARTEN"]);
    }

    #[test]
    fn times_signs_and_headings_are_nobodys_words() {
        for body in ["* * *", "(Laughter.)", "###", "THE STRATEGIC CONTEXT"] {
            assert!(is_remark(body), "{body}");
        }
        for body in ["END 1:34 P.M. EDT", "11:54 A.M. EDT", "END 10:05 AM CET (VELL)"] {
            assert!(is_clock(body), "{body}");
        }
        for body in ["10:30 is too late.", "Yes.", "At 11:54 A.M. on Monday", "NATO", "NO, NO, NO!", "نحن ندفع"]
        {
            assert!(!is_remark(body) && !is_clock(body), "{body}");
        }
    }

    #[test]
    fn lists_and_articles_are_no_transcripts() {
        assert_eq!(names("Agenda: The fleet.\nPlace: Vell.\nNote: Bring papers."), [""; 0]);
        assert_eq!(names("Brandt: Alda must pay\nThe talks go on.\nNobody left.\nAll is well."), [""; 0]);
        let sheet =
            "BUILDING ON A RECORD: Alda buys.\nDELIVERING SHIPS: Borduria pays.\nPEACE THROUGH STRENGTH: All win.";
        assert_eq!(names(sheet), [""; 0]);
        let offices = "SENIOR OFFICIAL IN VELL: No.\nADVISER TO THE PRESIDENT: Yes.\nMINISTER AT LARGE: No.";
        assert_eq!(names(offices).len(), 3);
        assert_eq!(names("KING KARL: No.\nMINISTER OF FINANCE: Yes.\nMR. STERLING: No.").len(), 3);
        assert_eq!(names("At 10:30 they met.\nAt 11:30 they left."), [""; 0]);
    }
}
