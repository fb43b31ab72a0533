//! Cuts query text into tokens: brackets, operators, and leaves, which are already nodes of the tree.

use super::signs::{as_pattern, is_money_sign};
use super::{
    Clause, Field, Kind, Mode, Node, Note, Occur, Part, QueryError, Span, Speech, Text, Time, Value, dates, foreign,
    pattern,
};
use crate::analysis::{self, Gap, Shape};
use crate::article::Moment;

/// A piece of query text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// `(`, with the part of the article that a field before it names: `title:(`.
    Open(Part),
    Close,
    And,
    Or,
    Not,
    Plus,
    Minus,
    /// `NEAR/5`: at most this many words between those beside it; `None` for a sentence or paragraph. Only on the way:
    /// [`Lexer::settle_nearness`].
    Near(Option<u32>),
    Leaf(Node),
}

/// The names of all fields.
const FIELDS: [&str; 16] = [
    "title",
    "body",
    "byline",
    "date",
    "modified",
    "actor",
    "said",
    "speaker",
    "affiliation",
    "system",
    "topic",
    "outlet",
    "lang",
    "place",
    "doubt",
    "event",
];

/// The most tokens of a query in which `and` may be meant as an operator.
const SHORT: usize = 8;

/// Cuts a query into tokens.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    now: &'a Moment,
    pub(super) at: usize,
    /// The text is all in capitals, so capitals mark neither operators nor initialisms.
    pub(super) shouted: bool,
    /// The text is a pasted sentence, so what looks like an operator is read as part of it.
    sentence: bool,
    /// Where the `TO` of a range of another program stands, which is no word.
    pub(super) passed: Option<usize>,
    pub(super) tokens: Vec<Token>,
    pub(super) notes: Vec<Note>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, now: &'a Moment) -> Self {
        let (shouted, sentence) =
            if is_enclosed(text) { (false, false) } else { (is_shouted(text), is_sentence(text)) };
        let mut lexer =
            Self { text, now, at: 0, shouted, sentence, passed: None, tokens: Vec::new(), notes: Vec::new() };
        if lexer.shouted {
            lexer.note(0..text.len(), "all in capitals: capitals are not taken for operators or initialisms");
        }
        lexer
    }

    pub(super) fn note(&mut self, span: Span, text: &str) {
        self.notes.push(Note { span, text: text.to_owned() });
    }

    pub(super) fn push(&mut self, kind: TokenKind, span: Span) {
        self.tokens.push(Token { kind, span });
    }

    fn peek(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    pub(super) fn run(&mut self) -> Result<(), QueryError> {
        if self.text.trim() == "*" {
            let span = 0..self.text.len();
            self.push(TokenKind::Leaf(Node { kind: Kind::All, span: span.clone() }), span);
            return Ok(());
        }
        while let Some(c) = self.peek(self.at) {
            let start = self.at;
            match c {
                c if c.is_whitespace() => self.at += c.len_utf8(),
                '(' => self.single(TokenKind::Open(Part::Any)),
                ')' => self.single(TokenKind::Close),
                '+' | '-' if self.is_prefix(start) && self.sentence => {
                    self.note(start..start + 1, "a sentence: its '+' and '-' are not taken for operators");
                    self.at += 1;
                }
                '+' | '-' if self.is_prefix(start) => {
                    self.single(if c == '+' { TokenKind::Plus } else { TokenKind::Minus });
                }
                _ if !self.sentence && self.foreign(start) => {}
                _ => self.item(start)?,
            }
        }
        self.settle_nearness();
        self.note_small_operators();
        Ok(())
    }

    /// Says of `and`, `or` and `not` between words how the operator is written. In a longer text they are prose.
    fn note_small_operators(&mut self) {
        if self.shouted || self.sentence || self.tokens.len() > SHORT {
            return;
        }
        for at in 1..self.tokens.len().saturating_sub(1) {
            let span = self.tokens[at].span.clone();
            let note = match &self.text[span.clone()] {
                "and" => "'and' is no operator; write AND where both must be there",
                "or" => "'or' is no operator; write OR where one of them will do",
                "not" => "'not' is no operator; write NOT before what to exclude",
                _ => continue,
            };
            self.note(span, note);
        }
    }

    fn single(&mut self, kind: TokenKind) {
        self.push(kind, self.at..self.at + 1);
        self.at += 1;
    }

    /// Whether the `+` or `-` at `at` is an operator: a clause begins there, and something follows without a space.
    fn is_prefix(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        let after = self.peek(at + 1);
        before.is_none_or(|c| c.is_whitespace() || c == '(')
            && after.is_some_and(|c| !c.is_whitespace() && !matches!(c, '+' | '-' | ')' | '>'))
    }

    /// Reads an operator, a field with its value, a phrase or a run of other characters.
    fn item(&mut self, start: usize) -> Result<(), QueryError> {
        if let Some(operator) = self.operator(start).filter(|_| !self.refuses(start)) {
            let length = if operator == TokenKind::Or { 2 } else { 3 };
            self.at += length;
            self.push(operator, start..start + length);
            return Ok(());
        }
        if self.dated_field(start) {
            return Ok(());
        }
        if let Some(end) = self.address_field(start) {
            self.at = end;
            return Ok(());
        }
        if let Some((name, value)) = self.field(start) {
            if let Some(part) = part_named(&name) {
                if let Some(own) = part.name().filter(|own| **own != name) {
                    self.note(start..value, &format!("'{name}:' is read as '{own}:'"));
                }
                self.at = value;
                if self.peek(value) == Some('(') {
                    self.at += 1;
                    self.push(TokenKind::Open(part), start..self.at);
                    return Ok(());
                }
                return self.text_item(start, part);
            }
            if let Some(field) = Field::named(&name) {
                self.at = value;
                self.values(start, field);
                return Ok(());
            }
            if let Some(of) = Time::named(&name) {
                self.at = value;
                return self.date(start, of);
            }
        }
        self.text_item(start, Part::Any)
    }

    /// Whether what looks like an operator is a word of a pasted sentence; if so, adds a note.
    fn refuses(&mut self, at: usize) -> bool {
        if self.sentence {
            self.note(at..at + 2, "a sentence: its AND, OR and NOT are not taken for operators");
        }
        self.sentence
    }

    fn operator(&self, at: usize) -> Option<TokenKind> {
        if self.shouted {
            return None;
        }
        let found = [("AND", TokenKind::And), ("OR", TokenKind::Or), ("NOT", TokenKind::Not)]
            .into_iter()
            .find(|(name, _)| self.text[at..].starts_with(name))?;
        let ends = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '“'));
        (ends(self.peek(at + found.0.len())) && ends(self.text[..at].chars().next_back())).then_some(found.1)
    }

    /// The name of a known field and where its value begins; `None` unless a value follows the colon without a space.
    /// Adds a note where the value is missing or the field unknown.
    fn field(&mut self, at: usize) -> Option<(String, usize)> {
        let rest = &self.text[at..];
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if length == 0 || rest.as_bytes().get(length) != Some(&b':') {
            return None;
        }
        let name = rest[..length].to_ascii_lowercase();
        let value = at + length + 1;
        let follows = self.peek(value).is_some_and(|c| !c.is_whitespace() && !matches!(c, ')' | ':' | ','));
        let other = foreign::part_named(&rest[..length]).is_some() && follows;
        let known =
            Time::named(&name).is_some() || Part::named(&name).is_some() || Field::named(&name).is_some() || other;
        if known && follows {
            return Some((name, value));
        }
        if known {
            self.note(at..value, &format!("no value after '{name}:'; read as a word"));
        } else if follows
            && rest[..length].bytes().all(|b| b.is_ascii_lowercase())
            && !rest[length..].starts_with("://")
        {
            let meant = FIELDS.iter().find(|field| pattern::within(field, &name, 2) && name.len() > 2);
            let meant = meant.map_or_else(String::new, |field| format!("; did you mean '{field}:'?"));
            self.note(at..value, &format!("there is no field '{name}'; read as words{meant}"));
        }
        None
    }

    /// Reads a field for dates of another program, such as `after:2025-01-31`; `false` where there is none with a date.
    fn dated_field(&mut self, start: usize) -> bool {
        let rest = &self.text[start..];
        let (name, value) = rest.split_at(rest.bytes().take_while(u8::is_ascii_lowercase).count());
        let Some(value) = value.strip_prefix(':').filter(|_| !self.sentence) else { return false };
        let value = &value[..value.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(value.len())];
        let Some(text) = foreign::dated(name, value) else { return false };
        let Ok(range) = dates::span(&text, self.now) else { return false };
        let span = start..start + name.len() + 1 + value.len();
        self.at = span.end;
        self.note(span.clone(), &format!("read as date:\"{text}\""));
        self.push(
            TokenKind::Leaf(Node { kind: Kind::Date { of: Time::Published, text, range }, span: span.clone() }),
            span,
        );
        true
    }

    /// Where a field by addresses (`site:a.example`) ends, which is left out with a note.
    fn address_field(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let (name, value) = rest.split_at(rest.bytes().take_while(u8::is_ascii_lowercase).count());
        let value = value.strip_prefix(':')?;
        if !foreign::is_address(name) || self.sentence || value.starts_with(|c: char| c.is_whitespace() || c == '/') {
            return None;
        }
        let length = value.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')')).unwrap_or(value.len());
        let end = at + name.len() + 1 + length;
        self.note(at..end, "addresses are not searched; left out (outlet: narrows by who published)");
        Some(end)
    }

    /// The bytes inside the quotation that begins at `at`, and where it ends; `None` where there is none or it is not
    /// closed.
    fn quotation(&self, at: usize) -> Option<(Span, usize)> {
        let open = self.peek(at)?;
        let closers: &[char] = match open {
            '"' | '＂' => &['"', '＂', '”'],
            '“' | '‟' => &['”', '"'],
            '„' => &['“', '”', '"'],
            '«' => &['»'],
            '»' => &['«'],
            _ => return None,
        };
        let inside = at + open.len_utf8();
        let found = self.text[inside..].char_indices().find(|(_, c)| closers.contains(c));
        found.map(|(length, close)| (inside..inside + length, inside + length + close.len_utf8()))
    }

    /// Reads words, a phrase or a pattern.
    fn text_item(&mut self, start: usize, part: Part) -> Result<(), QueryError> {
        let exact = self.peek(self.at) == Some('=')
            && self.peek(self.at + 1).is_some_and(|c| {
                let mark = unicode_normalization::char::is_combining_mark(c);
                c.is_alphanumeric() || is_quote(c) || is_money_sign(c) || mark
            });
        if exact {
            self.at += 1;
        }
        let begin = self.at;
        if self.peek(begin).is_some_and(is_quote) {
            match self.quotation(begin) {
                Some((inside, end)) => {
                    self.at = end;
                    self.phrase(start, inside, part, exact);
                }
                None => {
                    let c = self.peek(begin).map_or(1, char::len_utf8);
                    self.at += c;
                    if matches!(&self.text[begin..begin + c], "\"" | "“" | "«" | "„") {
                        self.note(begin..begin + c, "quotation mark without its pair; left out");
                    }
                }
            }
            return Ok(());
        }
        let apart = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c);
        let mut end = self.text[begin..].find(apart).map_or(self.text.len(), |n| begin + n);
        if let Some(mark) = foreign::mark_in(&self.text[begin..end]).filter(|at| *at > 0 && !self.sentence) {
            end = begin + mark;
        }
        if self.text[begin..end].eq_ignore_ascii_case("per") {
            // To the analysis "per cent" is one word.
            let next = &self.text[end..];
            let blank = next.len() - next.trim_start().len();
            let word = next[blank..].split(apart).next().unwrap_or_default();
            if word.trim_end_matches(|c: char| c.is_ascii_punctuation()).eq_ignore_ascii_case("cent") {
                end += blank + word.len();
            }
        }
        self.at = end.max(begin + self.peek(begin).map_or(0, char::len_utf8)).min(self.text.len());
        let nodes = if exact { self.exact_words(begin..end, part) } else { self.chunk(begin..end, part) };
        self.leaves(nodes, start..end);
        Ok(())
    }

    /// Pushes the leaves of one run as one token; several become a row.
    fn leaves(&mut self, mut nodes: Vec<Node>, span: Span) {
        let node = match nodes.len() {
            0 => return,
            1 => nodes.remove(0),
            _ => {
                let single = |node: Node| match node.kind {
                    Kind::Row(clauses) => clauses, // the parts of a hashtag
                    _ => vec![Clause { occur: Occur::Should, node }],
                };
                Node { kind: Kind::Row(nodes.into_iter().flat_map(single).collect()), span: span.clone() }
            }
        };
        self.push(TokenKind::Leaf(node), span);
    }

    fn phrase(&mut self, start: usize, inside: Span, part: Part, exact: bool) {
        let mut mode = if exact { Mode::ExactPhrase } else { Mode::Phrase };
        if self.peek(self.at) == Some('~') {
            let digits = self.text[self.at + 1..].bytes().take_while(u8::is_ascii_digit).count();
            let number = &self.text[self.at + 1..self.at + 1 + digits];
            if digits > 0 && !exact {
                mode = Mode::Near(number.parse().unwrap_or(u32::MAX).min(10_000));
            } else {
                self.note(self.at..self.at + 1 + digits, "no distance; read as a phrase");
            }
            self.at += 1 + digits;
        }
        let text: String = self.text[inside].chars().map(|c| if is_quote(c) { ' ' } else { c }).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if analysis::words(&text).is_empty() {
            return;
        }
        let span = start..self.at;
        let node = |text| Node { kind: Kind::Text(Text { part, text, mode }), span: span.clone() };
        let read = match quieted(&text).filter(|_| self.shouted && !exact) {
            Some((quiet, true)) => Node { kind: Kind::Or(vec![node(text), node(quiet)]), span: span.clone() },
            Some((quiet, false)) => node(quiet),
            None => node(text),
        };
        self.push(TokenKind::Leaf(read), span);
    }

    fn exact_words(&mut self, span: Span, part: Part) -> Vec<Node> {
        let text = self.text;
        pieces(&text[span.clone()])
            .into_iter()
            .map(|piece| {
                let at = span.start + piece.start..span.start + piece.end;
                let text = Text { part, text: text[at.clone()].to_owned(), mode: Mode::Exact };
                Node { kind: Kind::Text(text), span: at }
            })
            .collect()
    }

    /// A run of characters without white space: a word, a pattern, or something pasted.
    fn chunk(&mut self, span: Span, part: Part) -> Vec<Node> {
        let raw = &self.text[span.clone()];
        let mark = unicode_normalization::char::is_combining_mark;
        let empty = |c: char| !c.is_alphanumeric() && c != '*' && !is_money_sign(c) && !mark(c);
        let head = raw.len() - raw.trim_start_matches(empty).len();
        let mut tail = raw.trim_end_matches(empty).len();
        // `5%`: to the analysis a per cent sign after a number is a word.
        let reaches = |word: &analysis::Word| word.end as usize == tail + 1;
        if raw[tail..].starts_with('%') && analysis::words(&raw[..=tail]).as_slice().last().is_some_and(reaches) {
            tail += 1;
        }
        if head >= tail {
            return Vec::new();
        }
        let inner = span.start + head..span.start + tail;
        let text = &self.text[inner.clone()];
        if let Some(at) = text.find("://").or_else(|| ["pic.twitter.com/", "t.co/"].iter().find_map(|h| text.find(h))) {
            return self.address(inner, at, part);
        }
        let fuzzy = if raw[tail..].starts_with('~') {
            Some((&raw[..tail], ""))
        } else {
            text.rsplit_once('~').filter(|(_, digits)| digits.bytes().all(|b| b.is_ascii_digit()))
        };
        if let Some((word, digits)) = fuzzy {
            let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            if let [only] = pieces(word).as_slice()
                && analysis::words(word).len() == 1
                && only.end == word.len()
            {
                return vec![self.fuzzy(word, digits, inner, part)];
            }
            self.note(inner.clone(), "'~' here has no word before it; read as words");
        }
        if (text.contains('*') || text.contains('?'))
            && let Some(pattern) = as_pattern(text)
        {
            let text = Text { part, text: pattern, mode: Mode::Pattern };
            return vec![Node { kind: Kind::Text(text), span: inner }];
        }
        self.plain(inner, part)
    }

    fn fuzzy(&mut self, word: &str, digits: &str, span: Span, part: Part) -> Node {
        let mut distance = if digits.is_empty() { 1 } else { digits.parse::<u8>().unwrap_or(u8::MAX) };
        if distance > 2 {
            self.note(span.clone(), "at most two letters may be off; '~2' is used");
            distance = 2;
        }
        let (text, mode) = match distance {
            0 => (word.to_owned(), Mode::Word),
            distance => (word.to_owned(), Mode::Fuzzy(distance)),
        };
        Node { kind: Kind::Text(Text { part, text, mode }), span }
    }

    /// The words of a run, each a leaf; words joined by hyphens are one.
    fn plain(&mut self, span: Span, part: Part) -> Vec<Node> {
        let text = self.text;
        pieces(&text[span.clone()])
            .into_iter()
            .map(|piece| {
                let at = span.start + piece.start..span.start + piece.end;
                self.word(at, part)
            })
            .collect()
    }

    fn word(&mut self, at: Span, part: Part) -> Node {
        let text = &self.text[at.clone()];
        let node = |text: String, mode| Node { kind: Kind::Text(Text { part, text, mode }), span: at.clone() };
        if self.shouted {
            let lower = text.to_lowercase();
            return match lower.as_str() {
                "us" => node("US".to_owned(), Mode::Word),
                _ if is_doubtful(&lower) => {
                    let either = vec![node(lower.to_uppercase(), Mode::Word), node(lower, Mode::Word)];
                    Node { kind: Kind::Or(either), span: at.clone() }
                }
                _ => node(lower, Mode::Word),
            };
        }
        if foreign::is_operator(text) {
            return node(text.to_lowercase(), Mode::Word);
        }
        let tagged = self.text[..at.start].ends_with(['#', '@']);
        match humps(text).filter(|_| tagged) {
            Some(words) => {
                let parts = words.split(' ').flat_map(|part| pieces(part).into_iter().map(|at| part[at].to_owned()));
                let all = std::iter::once(text.to_owned()).chain(parts);
                let all = all
                    .map(|word| node(if foreign::is_operator(&word) { word.to_lowercase() } else { word }, Mode::Word));
                let clauses = all.map(|node| Clause { occur: Occur::Should, node }).collect();
                Node { kind: Kind::Row(clauses), span: at.clone() }
            }
            None => node(text.to_owned(), Mode::Word),
        }
    }

    /// The words of the path of an address; the rest of the address is not searched.
    fn address(&mut self, span: Span, at: usize, part: Part) -> Vec<Node> {
        let text = &self.text[span.clone()];
        let begin = text[..at]
            .rfind(|c: char| !c.is_alphanumeric())
            .map_or(0, |n| n + text[n..].chars().next().map_or(1, char::len_utf8));
        let mut nodes = self.plain(span.start..span.start + begin, part);
        let host = text[begin..].find("://").map_or(begin, |n| begin + n + 3);
        let path_at = text[host..].find('/').map_or(text.len(), |n| host + n + 1);
        let path = text[path_at..].split(['?', '#']).next().unwrap_or_default();
        let words = if path.contains('-') || path.contains('_') { path } else { "" };
        for piece in pieces(words) {
            let found = analysis::words(&words[piece.clone()]);
            for word in found.as_slice().iter().filter(|w| w.end - w.start > 2 && w.shape != Shape::Number) {
                let base = span.start + path_at + piece.start;
                let end = words[piece.clone()][..word.end as usize].trim_end_matches('.').len();
                nodes.push(self.word(base + word.start as usize..base + end, part));
            }
        }
        self.note(span, "an address: only the words of its path are searched");
        nodes
    }

    fn values(&mut self, start: usize, field: Field) {
        let mut values = Vec::new();
        loop {
            let begin = self.at;
            let inside = match self.quotation(begin) {
                Some((inside, end)) => {
                    self.at = end;
                    inside
                }
                None => {
                    let rest = &self.text[begin..];
                    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"'));
                    self.at = begin + end.unwrap_or(rest.len());
                    begin..self.at
                }
            };
            let text: String = self.text[inside.clone()].chars().filter(|c| !is_quote(*c)).collect();
            let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let rest = &self.text[self.at..];
            if let Some((mark, _)) = Speech::ALL.iter().find(|(mark, _)| field.speaks() && rest.starts_with(mark)) {
                self.at += mark.len();
                text.push_str(mark);
            }
            if !text.is_empty() {
                values.push(Value { text, span: inside });
            }
            let more = self.peek(self.at) == Some(',')
                && self.peek(self.at + 1).is_some_and(|c| !c.is_whitespace() && !matches!(c, ')' | '('));
            if !more {
                break;
            }
            self.at += 1;
        }
        if values.is_empty() {
            self.note(start..self.at, &format!("no value after '{}:'; left out", field.name()));
            return;
        }
        let span = start..self.at;
        self.push(TokenKind::Leaf(Node { kind: Kind::Field { field, values }, span: span.clone() }), span);
    }

    fn date(&mut self, start: usize, of: Time) -> Result<(), QueryError> {
        let begin = self.at;
        let inside = match self.quotation(begin) {
            Some((inside, end)) => {
                self.at = end;
                inside
            }
            None => {
                let rest = &self.text[begin..];
                let closed = rest.find([']', '}']).filter(|_| rest.starts_with(['[', '{'])).map(|end| end + 1);
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c));
                self.at = begin + closed.or(end).unwrap_or(rest.len());
                begin..self.at
            }
        };
        let text = self.text[inside.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        let text = match foreign::days(&text) {
            Some(days) => {
                self.note(inside.clone(), &format!("read as {days}"));
                days
            }
            None => text,
        };
        let range = dates::span(&text, self.now).map_err(|error| QueryError {
            message: error.to_string(),
            span: inside,
            hint: Some(error.hint),
        })?;
        let span = start..self.at;
        self.push(TokenKind::Leaf(Node { kind: Kind::Date { of, text, range }, span: span.clone() }), span);
        Ok(())
    }

    /// The tokens, and what was changed or left out on the way.
    pub(super) fn into_tokens(self) -> (Vec<Token>, Vec<Note>) {
        (self.tokens, self.notes)
    }
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '＂' | '“' | '”' | '‟' | '„' | '«' | '»')
}

/// The part that a field names, in this language or in another.
fn part_named(name: &str) -> Option<Part> {
    Part::named(name).or_else(|| foreign::part_named(name))
}

/// The byte ranges of the words of a run; words joined by a hyphen, or by nothing, share one range.
pub(super) fn pieces(text: &str) -> Vec<Span> {
    let words = analysis::words(text);
    let mut out: Vec<Span> = Vec::new();
    for word in words.as_slice() {
        let (start, end) = (word.start as usize, word.end as usize);
        match out.last_mut() {
            Some(last) => {
                let between = &text[last.end..start];
                let (before, after) = (text[..last.end].chars().next_back(), text[start..].chars().next());
                let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                let joined = match word.gap {
                    _ if before.is_some_and(is_money_sign) => digit(after) && start == last.end,
                    _ if after.is_some_and(is_money_sign) => digit(before) && start == last.end,
                    Gap::Joined => !between.contains(['\'', '’', '.', '!', '?', '…']),
                    Gap::Hyphen => !between.contains('/') && !text[last.clone()].contains(is_money_sign),
                    _ => false,
                };
                if joined { last.end = end } else { out.push(start..end) }
            }
            None => out.push(start..end),
        }
    }
    for piece in &mut out {
        if text[piece.clone()].len() > 4 && text[piece.clone()].starts_with("www.") {
            piece.start += 4;
        }
        piece.end -= text[piece.clone()].len() - text[piece.clone()].trim_end_matches('.').len();
    }
    out
}

/// Whether a word in small letters may be an initialism where all words are in capitals.
pub(super) fn is_doubtful(lower: &str) -> bool {
    lower != "us" && analysis::is_ambiguous(lower) && !super::pattern::is_stop_word(lower)
}

/// A quotation in capitals as it reads among capitals: in small letters but for `US`; and whether it holds a word that may
/// be an initialism, so that the capitals may mean something. `None` where nothing changes.
fn quieted(text: &str) -> Option<(String, bool)> {
    let mut doubtful = false;
    let quiet = |word: &str| {
        let lower = word.to_lowercase();
        doubtful |= is_doubtful(&lower);
        if lower == "us" { word.to_owned() } else { lower }
    };
    let quiet = text.split(' ').map(quiet).collect::<Vec<_>>().join(" ");
    (quiet != text).then_some((quiet, doubtful))
}

/// `IranDeal` → `Iran Deal`.
fn humps(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut last = ' ';
    for (i, c) in text.chars().enumerate() {
        if i > 0 && c.is_uppercase() && last.is_lowercase() {
            out.push(' ');
        }
        out.push(c);
        last = c;
    }
    out.contains(' ').then_some(out)
}

/// Whether a text begins with `(` and ends with `)`. Such a text is always read as a query, even where it looks like
/// a pasted sentence or headline.
pub(super) fn is_enclosed(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('(') && text.ends_with(')')
}

/// Whether a text looks like a pasted sentence: it has at least ten words, three of them stop words, and neither a
/// field nor an operator within brackets.
pub(super) fn is_sentence(text: &str) -> bool {
    let words = analysis::words(text);
    if words.len() < 10 {
        return false;
    }
    let operator = |folded: &str| matches!(folded, "and" | "or" | "not");
    let folded = words.as_slice().iter().map(|word| words.folded(word));
    let common = folded.filter(|folded| !operator(folded) && super::pattern::is_stop_word(folded)).count();
    let field = text.match_indices(':').any(|(at, _)| {
        let name = text[..at].rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        FIELDS.contains(&name) && !text[at + 1..].starts_with(char::is_whitespace)
    });
    let nested = text.split('(').skip(1).any(|inside| {
        let inside = inside.split(')').next().unwrap_or_default();
        inside.split_whitespace().any(|word| matches!(word, "AND" | "OR" | "NOT"))
    });
    common >= 3 && !field && !nested
}

/// Whether a text is a post: it names somebody (`@name`) or has a tag (`#tag`).
pub(super) fn is_post(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '#'));
        word.strip_prefix(['@', '#']).is_some_and(|name| name.starts_with(char::is_alphabetic))
    })
}

/// Whether a text is all in capitals, as headlines are, and not just initialisms joined by operators: at least three
/// words, one of more than five bytes, and two words side by side without an operator.
pub(super) fn is_shouted(text: &str) -> bool {
    let words = analysis::words(text);
    let list = words.as_slice();
    let lower = list.iter().any(|w| {
        let letters = text[w.start as usize..w.end as usize].chars().any(char::is_lowercase);
        letters || w.shape == Shape::Mixed
    });
    let operator = |folded: &str| matches!(folded, "and" | "or" | "not");
    let folded: Vec<&str> = list.iter().map(|w| words.folded(w)).collect();
    let content = list.iter().zip(&folded).filter(|(w, f)| w.shape == Shape::Upper && !operator(f));
    let (mut capitals, mut long) = (0, false);
    for (word, _) in content {
        capitals += 1;
        long |= word.end - word.start > 5;
    }
    let adjacent = folded.windows(2).any(|pair| !operator(pair[0]) && !operator(pair[1]));
    !lower && capitals >= 3 && long && adjacent
}
