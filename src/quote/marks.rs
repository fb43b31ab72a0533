//! Quotation marks: which stretches of a text stand within them.
//!
//! Marks are paired paragraph by paragraph. Double marks (`“ ”`, `„ “`, `"`, `''`), single marks (`‘ ’`, `'`) and
//! guillemets (`« »`, also turned outwards) are three families; a mark closes the innermost open one of its family. A
//! single mark may be an apostrophe, so it opens only before a letter and after white space, and closes only where no
//! letter follows. A quotation that is never closed ends with its paragraph.

use std::ops::Range;

/// Marks deeper than this are ignored: nobody quotes so.
const DEEPEST: usize = 6;

/// A stretch within quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    /// With its marks.
    pub(super) outer: Range<usize>,
    /// Without them.
    pub(super) inner: Range<usize>,
    /// Number of quotations around it.
    pub(super) depth: usize,
    /// Whether it has a closing mark.
    pub(super) closed: bool,
}

/// Marks that can close one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Double,
    Single,
    Guillemets,
}

/// What a mark can do where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Opens,
    Closes,
    /// Closes, unless it is the apostrophe of a plural (`the officials' plan`).
    MayClose,
}

struct Mark {
    at: Range<usize>,
    family: Family,
    turn: Turn,
}

/// The quotations of a paragraph (a range of `text`), in the order of their first bytes. `goes_on` tells that the next
/// paragraph begins with a single mark, so that a quotation in single marks may run on into it.
pub(super) fn quoted(text: &str, paragraph: Range<usize>, goes_on: bool) -> Vec<Quoted> {
    let mut marks = marks(text, paragraph.clone());
    settle_plurals(&mut marks, goes_on);
    let mut found: Vec<Quoted> = Vec::new();
    let mut open: Vec<(Family, usize)> = Vec::new();
    for mark in marks {
        let innermost = open.iter().rposition(|(family, _)| *family == mark.family);
        if mark.turn == Turn::Opens {
            if open.len() < DEEPEST {
                open.push((mark.family, found.len()));
                let (outer, inner) = (mark.at.start..paragraph.end, mark.at.end..paragraph.end);
                found.push(Quoted { outer, inner, depth: open.len() - 1, closed: false });
            }
        } else if let Some(level) = innermost {
            let quoted = &mut found[open[level].1];
            quoted.outer.end = mark.at.end;
            quoted.inner.end = mark.at.start;
            quoted.closed = true;
            // What was opened within ends here too; a single mark within that nothing closed was an apostrophe.
            for (family, inside) in open.drain(level..).skip(1) {
                let end = mark.at.start;
                found[inside].outer.end = end;
                found[inside].inner.end = end;
                found[inside].closed = family != Family::Single;
            }
        }
    }
    // `rock 'n' roll`: a letter between apostrophes.
    let letter = |one: &Quoted| one.inner.len() == 1 && text[one.outer.start..].starts_with(['\'', '‘', '’']);
    let whole = |one: &Quoted| one.closed && !letter(one) || single_runs_on(text, one, &paragraph, goes_on);
    found.retain(|one| one.inner.start < one.inner.end && whole(one));
    found
}

/// Whether an unclosed quotation is more than an apostrophe: any but a single mark, and of these the one that opens its
/// paragraph in typographic form.
fn single_runs_on(text: &str, one: &Quoted, paragraph: &Range<usize>, goes_on: bool) -> bool {
    if one.closed {
        return false;
    }
    let mark = &text[one.outer.start..one.inner.start];
    match mark {
        "'" => goes_on,
        "‘" | "‚" => goes_on || one.outer.start == paragraph.start,
        _ => true,
    }
}

/// An apostrophe after the plural's `s` closes a quotation only if no later mark does before the next one opens.
fn settle_plurals(marks: &mut Vec<Mark>, goes_on: bool) {
    let mut later_closes = goes_on;
    for mark in marks.iter_mut().rev().filter(|mark| mark.family == Family::Single) {
        match mark.turn {
            Turn::Opens => later_closes = false,
            Turn::Closes => later_closes = true,
            Turn::MayClose if later_closes => {}
            Turn::MayClose => {
                mark.turn = Turn::Closes;
                later_closes = true;
            }
        }
    }
    marks.retain(|mark| mark.turn != Turn::MayClose);
}

/// The marks of a paragraph with what each can do there.
fn marks(text: &str, paragraph: Range<usize>) -> Vec<Mark> {
    let body = &text[paragraph.clone()];
    let mut marks: Vec<Mark> = Vec::new();
    let mut open_double = 0_i32;
    let mut next = 0;
    while let Some(at) = body.as_bytes()[next..].iter().position(|byte| MAY_BEGIN[usize::from(*byte)]).map(|n| next + n)
    {
        let Some(c) = body[at..].chars().next() else { break };
        let mut end = at + c.len_utf8();
        let doubled = matches!(c, '\'' | '`' | '‘' | '’') && body[end..].starts_with(c);
        if doubled {
            end += c.len_utf8();
        }
        next = end;
        let (before, after) = (body[..at].chars().next_back(), body[end..].chars().next());
        let found = match c {
            _ if doubled => Some((Family::Double, straight(before, after, open_double > 0))),
            '"' | '“' | '”' | '„' | '‟' | '＂' => {
                Some((Family::Double, double(c, before, after, open_double > 0)))
            }
            '«' | '»' | '‹' | '›' => Some((Family::Guillemets, guillemet(c, before, after))),
            '\'' | '‘' | '’' | '‚' => single(c, before, after).map(|turn| (Family::Single, turn)),
            _ => None,
        };
        if let Some((family, turn)) = found {
            if family == Family::Double {
                open_double = (open_double + if turn == Turn::Opens { 1 } else { -1 }).max(0);
            }
            marks.push(Mark { at: paragraph.start + at..paragraph.start + end, family, turn });
        }
    }
    marks
}

/// The bytes with which a quotation mark may begin.
static MAY_BEGIN: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = [b'"', b'\'', b'`', 0xc2, 0xe2, 0xef];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

fn double(c: char, before: Option<char>, after: Option<char>, open: bool) -> Turn {
    match c {
        '„' | '‟' => Turn::Opens,
        // Closes a German quotation where a word ends, else opens.
        '“' if open && before.is_some_and(|c| !c.is_whitespace() && !is_opener(c)) && ends(after) => Turn::Closes,
        '“' => Turn::Opens,
        // Swedish and sloppy openers.
        '”' if !open && starts(before) && after.is_some_and(char::is_alphanumeric) => Turn::Opens,
        '”' => Turn::Closes,
        _ => straight(before, after, open),
    }
}

/// A mark without a direction opens after white space or a bracket and before a word, and closes otherwise.
fn straight(before: Option<char>, after: Option<char>, open: bool) -> Turn {
    let can_open = starts(before) && after.is_some_and(|c| !c.is_whitespace());
    let can_close = before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '['));
    match (can_open, can_close) {
        (true, false) => Turn::Opens,
        (false, true) => Turn::Closes,
        _ if open => Turn::Closes,
        _ => Turn::Opens,
    }
}

fn guillemet(c: char, before: Option<char>, after: Option<char>) -> Turn {
    // Turned outwards (`»so«`) it opens where a word begins.
    let outward = matches!(c, '»' | '›') && starts(before) && after.is_some_and(char::is_alphanumeric);
    let inward = matches!(c, '«' | '‹') && before.is_some_and(|c| !c.is_whitespace()) && ends(after);
    if outward || (matches!(c, '«' | '‹') && !inward) { Turn::Opens } else { Turn::Closes }
}

fn single(c: char, before: Option<char>, after: Option<char>) -> Option<Turn> {
    let word_follows = after.is_some_and(|c| c.is_alphabetic() || is_opener(c) || matches!(c, '…' | '.' | '£' | '$'));
    let opens = starts(before) && word_follows;
    if opens && c != '’' {
        return Some(Turn::Opens);
    }
    let closes = matches!(c, '\'' | '’' | '‘') && before.is_some_and(|c| !c.is_whitespace()) && ends(after);
    match before {
        Some('s' | 'z' | 'x') if closes && after.is_some_and(char::is_whitespace) => Some(Turn::MayClose),
        _ => closes.then_some(Turn::Closes),
    }
}

/// Whether a quotation can begin after this character.
fn starts(before: Option<char>) -> bool {
    before.is_none_or(|c| c.is_whitespace() || is_opener(c) || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | ':'))
}

/// Whether a quotation can end before this character.
fn ends(after: Option<char>) -> bool {
    after.is_none_or(|c| !c.is_alphanumeric())
}

fn is_opener(c: char) -> bool {
    matches!(c, '"' | '“' | '„' | '‘' | '\'' | '«' | '‹' | '»' | '›' | '‚')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(text: &str) -> Vec<&str> {
        quoted(text, 0..text.len(), false).into_iter().map(|one| &text[one.inner]).collect()
    }

    #[test]
    fn every_family_of_marks_pairs() {
        assert_eq!(inner("He said “we go” and \"stay\" and ''think''."), ["we go", "stay", "think"]);
        assert_eq!(inner("Er sagte: „Wir gehen“ und »bleiben«."), ["Wir gehen", "bleiben"]);
        assert_eq!(inner("Il a dit : « Nous partons »."), [" Nous partons "]);
        assert_eq!(inner("'We go,' he said. ‘Now,’ she said."), ["We go,", "Now,"]);
    }

    #[test]
    fn apostrophes_are_no_marks() {
        assert_eq!(inner("The officials' plan didn't please Alda's allies' staff."), [""; 0]);
        assert_eq!(inner("It was the '90s, and rock 'n' roll was in."), ["n"; 0]);
        assert_eq!(inner("'The ministers' plan can't work,' he said."), ["The ministers' plan can't work,"]);
        assert_eq!(inner("‘The allies’ plan won’t work,’ he said."), ["The allies’ plan won’t work,"]);
    }

    #[test]
    fn quotations_nest_and_unclosed_ones_end_with_the_paragraph() {
        assert_eq!(inner("“He told me ‘go’ twice,” she said."), ["He told me ‘go’ twice,", "go"]);
        assert_eq!(inner("\"If he says, \"I go,\" we stay.\""), ["If he says, \"I go,\" we stay.", "I go,"]);
        assert_eq!(inner("“We go on. We do not stop."), ["We go on. We do not stop."]);
        assert_eq!(inner("A 12\" gun, and 6'2\" men."), [""; 0]);
    }
}
