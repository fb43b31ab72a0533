//! Marks of other search programs: `&&`, `!word`, `NEAR/5`, `w/5`, `^2`, `[a TO b]`, `/regex/`, `site:`.
//!
//! What this language has under another name is read as that. What it does not have is left out or read as words, and a
//! note says so; a number that belongs to such a mark is never a word of the query.

use super::lexer::{Lexer, Token, TokenKind, is_quote};
use super::{Kind, Mode, Node, Note, Part, Text};
use crate::analysis;

/// Words between which `NEAR` without a number allows others.
const NEAR: u32 = 10;

/// The characters of a range such as `[a TO b]`, at most.
const RANGE: usize = 100;

/// Operators that are written as one word.
const AND_NOT: [&str; 4] = ["ANDNOT", "AND-NOT", "AND_NOT", "BUTNOT"];

/// Fields of other programs that this language has under another name.
const OTHER_NAMES: [(&str, Part); 7] = [
    ("author", Part::Byline),
    ("headline", Part::Title),
    ("inbody", Part::Body),
    ("intext", Part::Body),
    ("intitle", Part::Title),
    ("text", Part::Body),
    ("writer", Part::Byline),
];

/// Fields of other programs by parts of the address, which are not searched.
const ADDRESSES: [&str; 6] = ["domain", "host", "inurl", "link", "site", "url"];

/// The part of an article that a field of another program names.
pub(super) fn part_named(name: &str) -> Option<Part> {
    OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, part)| *part)
}

/// Whether a field of another program is about addresses.
pub(super) fn is_address(name: &str) -> bool {
    ADDRESSES.contains(&name)
}

/// Whether a word standing by itself would be read as an operator.
pub(super) fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || AND_NOT.contains(&word) || nearness(word).is_some()
}

/// Where a run of characters ends because of a mark: at `&&`, `||`, or a `^` before a number.
pub(super) fn mark_in(text: &str) -> Option<usize> {
    let weight = text.match_indices('^').map(|(at, _)| at).find(|at| weight(&text[*at..]) > 0);
    [text.find("&&"), text.find("||"), weight].into_iter().flatten().min()
}

/// The bytes of a weight such as `^2` or `^1.5` at the beginning of a text; 0 where there is none.
fn weight(text: &str) -> usize {
    let number = |c: char| c.is_ascii_digit() || c == '.';
    match text.strip_prefix('^').map(|rest| rest.len() - rest.trim_start_matches(number).len()) {
        Some(length) if length > 0 => 1 + length,
        _ => 0,
    }
}

/// The distance of an operator of nearness: of `NEAR/5`, `w/5`, `/5`, `ADJ3`; `Some(None)` where it is a sentence or a
/// paragraph (`w/s`).
fn nearness(word: &str) -> Option<Option<u32>> {
    if word == "NEAR" {
        return Some(Some(NEAR));
    }
    let number = |text: &str| text.parse::<u32>().ok().map(|number| number.min(10_000));
    if let Some(digits) = ["NEAR", "ADJ"].iter().find_map(|name| word.strip_prefix(name))
        && let Some(number) = number(digits)
    {
        return Some(Some(number));
    }
    let lower = word.to_ascii_lowercase();
    let (name, distance) = lower.split_once(['/', ':'])?;
    let names = ["", "adj", "n", "near", "nr", "onear", "p", "pre", "same", "w", "within", "wn"];
    if !names.contains(&name) || name.is_empty() && !word.starts_with('/') {
        return None;
    }
    match distance {
        "p" | "para" | "paragraph" | "s" | "sent" | "sentence" => Some(None),
        digits => number(digits).map(Some),
    }
}

impl Lexer<'_> {
    /// Reads a mark of another program at `start`; `false` where there is none, or it is to be read as words.
    pub(super) fn foreign(&mut self, start: usize) -> bool {
        let rest = &self.text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c));
        let word = &rest[..end.unwrap_or(rest.len())];
        let length = self.mark(start, word);
        self.at += length;
        length > 0
    }

    /// Reads a mark of another program that `word` is or begins with; gives its bytes, 0 where there is none.
    fn mark(&mut self, start: usize, word: &str) -> usize {
        let whole = start..start + word.len();
        let begins = self.text[..start].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(');
        let after = word[word.chars().next().map_or(0, char::len_utf8)..].chars().next();
        if let Some(operator) = word.get(..2).filter(|two| matches!(*two, "&&" | "||")) {
            let (kind, name) = if operator == "&&" { (TokenKind::And, "AND") } else { (TokenKind::Or, "OR") };
            self.note(start..start + 2, &format!("'{operator}' is read as {name}"));
            self.push(kind, start..start + 2);
            return 2;
        }
        if weight(word) > 0 {
            self.note(start..start + weight(word), "words cannot be given weights; left out");
            return weight(word);
        }
        let opens = self.text[start + word.len()..].starts_with(|c: char| c == '(' || is_quote(c));
        if word.starts_with('!') && begins && (after.is_some_and(char::is_alphanumeric) || word.len() == 1 && opens) {
            self.note(start..start + 1, "'!' is read as '-': what follows it is excluded");
            self.push(TokenKind::Minus, start..start + 1);
            return 1;
        }
        if AND_NOT.contains(&word) && begins {
            self.note(whole.clone(), &format!("'{word}' is read as AND NOT"));
            self.push(TokenKind::And, whole.clone());
            self.push(TokenKind::Not, whole);
            return word.len();
        }
        let shouted = self.shouted && !word.contains(['/', ':']);
        match nearness(word).filter(|_| begins && !shouted) {
            Some(distance) if !self.tokens.is_empty() && self.follows(start + word.len()) => {
                self.push(TokenKind::Near(distance), whole);
                word.len()
            }
            Some(_) if word != "NEAR" && !word.starts_with('/') => {
                self.note(whole, &format!("{word} with nothing beside it; left out"));
                word.len()
            }
            _ => self.unread(start, word),
        }
    }

    /// Whether something follows that could be an operand.
    fn follows(&self, at: usize) -> bool {
        self.text[at..].starts_with(char::is_whitespace) && self.text[at..].contains(char::is_alphanumeric)
    }

    /// Says of a mark that this language does not have that it is read as words or left out; gives the bytes that are no
    /// words.
    fn unread(&mut self, start: usize, word: &str) -> usize {
        let whole = start..start + word.len();
        let inside = word.get(1..word.len().saturating_sub(1)).unwrap_or_default();
        if word.starts_with('/') && word.len() > 2 && word.ends_with('/') && !inside.contains('/') {
            self.note(whole, "there are no regular expressions; read as words (* stands for letters, ? for one)");
        } else if word.starts_with(['[', '{']) {
            let mut near = self.text[start..].char_indices().take(RANGE);
            let range = near.find(|(_, c)| matches!(c, ']' | '}')).map(|(end, _)| start..start + end + 1);
            let to = range.as_ref().and_then(|range| self.text[range.clone()].find(" TO "));
            if let (Some(range), Some(at)) = (range, to) {
                self.note(range, "no range of words; read as words (for days write date:2025-01..2025-03)");
                self.passed = Some(start + at + 1);
            }
        } else if self.passed == Some(start) {
            return word.len();
        } else if let Some(note) = alone(word).filter(|_| !self.tokens.is_empty()) {
            self.note(whole, note);
        } else if word.starts_with('~') && self.text[start + 1..].starts_with(char::is_alphanumeric) {
            self.note(start..start + 1, "'~' before a word means nothing; left out");
            return 1;
        }
        0
    }

    /// Turns operators of nearness between two words into `"a b"~5`, and all others into `AND`.
    pub(super) fn settle_nearness(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            let TokenKind::Near(distance) = self.tokens[at].kind else {
                at += 1;
                continue;
            };
            let span = self.tokens[at].span.clone();
            let written = &self.text[span.clone()];
            let sides = at.checked_sub(1).and_then(|before| {
                let (one, other) = (word_of(&self.tokens[before])?, word_of(self.tokens.get(at + 1)?)?);
                (one.part == other.part).then(|| (one.part, format!("{} {}", one.text, other.text)))
            });
            if let (Some((part, text)), Some(distance)) = (sides, distance) {
                let whole = self.tokens[at - 1].span.start..self.tokens[at + 1].span.end;
                let node =
                    Node { kind: Kind::Text(Text { part, text, mode: Mode::Near(distance) }), span: whole.clone() };
                let note = format!("'{written}' is read as {node}: in either order");
                self.notes.push(Note { span, text: note });
                self.tokens.splice(at - 1..=at + 1, [Token { kind: TokenKind::Leaf(node), span: whole }]);
            } else {
                let note = format!("'{written}' is read as AND: only single words can be near each other (\"a b\"~5)");
                self.notes.push(Note { span, text: note });
                self.tokens[at].kind = TokenKind::And;
                at += 1;
            }
        }
    }
}

/// What is said of a mark that stands alone and is no word.
fn alone(mark: &str) -> Option<&'static str> {
    Some(match mark {
        "&" => "'&' is left out; write AND where both must be there",
        "|" => "'|' is left out; write OR where one of them will do",
        "!" => "'!' is left out; write -word, without a space, to exclude",
        _ => return None,
    })
}

/// Dates by a field of another program (`after:2025-01-31`), as this language says them.
pub(super) fn dated(name: &str, value: &str) -> Option<String> {
    matches!(name, "after" | "before" | "since" | "until").then(|| format!("{name} {value}"))
}

/// The text of a token that is one single word.
fn word_of(token: &Token) -> Option<&Text> {
    let TokenKind::Leaf(Node { kind: Kind::Text(text), .. }) = &token.kind else { return None };
    (text.mode == Mode::Word && analysis::words(&text.text).len() == 1).then_some(text)
}

/// A range of days as other programs write it, `[2025-01 TO *]`, in this language: `2025-01..`.
pub(super) fn days(text: &str) -> Option<String> {
    let inside = text.strip_prefix(['[', '{'])?.strip_suffix([']', '}'])?;
    let (from, to) = inside.split_once(" TO ")?;
    let end = |text: &str| text.trim().trim_matches('*').to_owned();
    Some(format!("{}..{}", end(from), end(to)))
}
