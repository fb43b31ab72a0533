//! Builds the tree of a query from its tokens.

use super::foreign::is_operator;
use super::lexer::{Lexer, Token, TokenKind, is_enclosed, is_post};
use super::{Clause, Kind, Mode, Node, Note, Occur, Part, Query, QueryError, Span, Text};
use crate::article::Moment;

/// Levels of brackets. Deeper brackets are left out with a note; what is inside them is kept.
const DEPTH: usize = 48;

/// Parses a query. Dates such as "yesterday" are counted from `now`.
///
/// # Errors
///
/// Fails only where a date cannot be read. Other syntax that makes no sense is read as words or left out, with a note.
pub fn parse(text: &str, now: &Moment) -> Result<Query, QueryError> {
    let mut lexer = Lexer::new(text, now);
    lexer.run()?;
    let (tokens, notes) = lexer.into_tokens();
    let mut reader = Reader::new(tokens, notes);
    reader.balance();
    reader.settle_operators();
    let mut root = reader.row(Part::Any);
    if let Some(Node { kind: Kind::Row(clauses), .. }) = &mut root
        && !is_enclosed(text)
    {
        reader.unquote(clauses);
    }
    let mut notes = reader.notes;
    notes.sort_by_key(|note| note.span.start);
    notes.dedup();
    let hollow = root.is_none() && !text.trim().is_empty();
    Ok(Query { root, hollow, post: is_post(text), notes })
}

/// Reads tokens one by one.
pub(super) struct Reader {
    tokens: Vec<Token>,
    at: usize,
    notes: Vec<Note>,
}

impl Reader {
    pub(super) fn new(tokens: Vec<Token>, notes: Vec<Note>) -> Self {
        Self { tokens, at: 0, notes }
    }

    fn note(&mut self, span: Span, text: &str) {
        self.notes.push(Note { span, text: text.to_owned() });
    }

    /// Drops brackets without a pair and those nested deeper than [`DEPTH`], with a note for the first eight.
    fn balance(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        let mut keep = vec![true; self.tokens.len()];
        let mut notes = Vec::new();
        for i in 0..self.tokens.len() {
            match self.tokens[i].kind {
                TokenKind::Open(_) => open.push(i),
                TokenKind::Close => match open.pop() {
                    Some(from) => {
                        if open.len() >= DEPTH {
                            keep[from] = false;
                            keep[i] = false;
                            notes.push((self.tokens[from].span.clone(), "brackets nested too deep; left out"));
                        }
                    }
                    None => {
                        keep[i] = false;
                        notes.push((self.tokens[i].span.clone(), "bracket without its pair; left out"));
                    }
                },
                _ => {}
            }
        }
        for i in open {
            keep[i] = false;
            notes.push((self.tokens[i].span.clone(), "bracket without its pair; left out"));
        }
        for (span, text) in notes.into_iter().take(8) {
            self.note(span, text);
        }
        let mut keep = keep.into_iter();
        self.tokens.retain(|_| keep.next().unwrap_or(true));
    }

    /// Drops operators that lack an operand, with a note for `AND`, `OR` and `NOT`.
    fn settle_operators(&mut self) {
        let mut kept: Vec<Token> = Vec::with_capacity(self.tokens.len());
        // From the right: what follows must be able to begin an operand.
        for token in std::mem::take(&mut self.tokens).into_iter().rev() {
            let begins = kept.last().is_some_and(|next| {
                matches!(
                    next.kind,
                    TokenKind::Leaf(_) | TokenKind::Open(_) | TokenKind::Not | TokenKind::Plus | TokenKind::Minus
                )
            });
            let operator = matches!(
                token.kind,
                TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Plus | TokenKind::Minus
            );
            if operator && !begins {
                self.left_out(&token);
            } else {
                kept.push(token);
            }
        }
        kept.reverse();
        // From the left: what stands before AND and OR must end an operand.
        for token in kept {
            let ends = self.tokens.last().is_some_and(|b| matches!(b.kind, TokenKind::Leaf(_) | TokenKind::Close));
            if matches!(token.kind, TokenKind::And | TokenKind::Or) && !ends {
                self.left_out(&token);
            } else {
                self.tokens.push(token);
            }
        }
    }

    fn left_out(&mut self, token: &Token) {
        let name = match token.kind {
            TokenKind::And => "AND",
            TokenKind::Or => "OR",
            TokenKind::Not => "NOT",
            _ => return,
        };
        self.note(token.span.clone(), &format!("{name} with nothing beside it; left out"));
    }

    /// Replaces each quotation that is not meant as a phrase ([`quoted_words`]) by its words.
    fn unquote(&mut self, clauses: &mut Vec<Clause>) {
        let quoted = quoted_words(clauses);
        for (clause, quoted) in std::mem::take(clauses).into_iter().zip(quoted) {
            match quoted {
                Some(inside) => {
                    self.note(clause.node.span.clone(), "quotation marks within a sentence; read as words");
                    clauses.extend(inside);
                }
                None => clauses.push(clause),
            }
        }
    }

    fn next_is(&self, kind: &TokenKind) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.kind == *kind)
    }

    /// Clauses up to the closing bracket or the end.
    fn row(&mut self, part: Part) -> Option<Node> {
        let start = self.tokens.get(self.at).map_or(0, |t| t.span.start);
        let mut clauses = Vec::new();
        while self.at < self.tokens.len() && !self.next_is(&TokenKind::Close) {
            let before = self.at;
            if let Some(clause) = self.any_of(part) {
                push_clause(&mut clauses, clause);
            }
            if self.at == before {
                self.at += 1; // an operator after empty brackets
            }
        }
        let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |t| t.span.end);
        settle_row(clauses, start..end)
    }

    /// `a OR b`
    fn any_of(&mut self, part: Part) -> Option<Clause> {
        self.chain(part, &TokenKind::Or, Self::all_of, Kind::Or)
    }

    /// `a AND b`
    fn all_of(&mut self, part: Part) -> Option<Clause> {
        self.chain(part, &TokenKind::And, Self::unary, Kind::And)
    }

    fn chain(
        &mut self,
        part: Part,
        operator: &TokenKind,
        operand: impl Fn(&mut Self, Part) -> Option<Clause>,
        make: impl Fn(Vec<Node>) -> Kind,
    ) -> Option<Clause> {
        let first = operand(self, part)?;
        if !self.next_is(operator) {
            return Some(first);
        }
        let mut nodes = vec![plain(first)];
        while self.next_is(operator) {
            self.at += 1;
            nodes.extend(operand(self, part).map(plain));
        }
        let span = nodes[0].span.start..nodes.last().map_or(0, |n| n.span.end);
        let node = if nodes.len() == 1 { nodes.remove(0) } else { Node { kind: make(nodes), span } };
        Some(Clause { occur: Occur::Should, node })
    }

    /// A leaf or a bracket, with the `NOT`, `-` and `+` before it.
    fn unary(&mut self, part: Part) -> Option<Clause> {
        let mut occur = Occur::Should;
        let start = self.tokens.get(self.at)?.span.start;
        loop {
            match self.tokens.get(self.at)?.kind {
                TokenKind::Not | TokenKind::Minus => {
                    occur = if occur == Occur::MustNot { Occur::Should } else { Occur::MustNot };
                }
                TokenKind::Plus if occur == Occur::Should => occur = Occur::Must,
                TokenKind::Plus => {}
                _ => break,
            }
            self.at += 1;
        }
        let token = self.tokens.get(self.at)?;
        let mut node = match &token.kind {
            TokenKind::Leaf(node) => {
                let node = node.clone();
                self.at += 1;
                node
            }
            TokenKind::Open(inner) => {
                let inner = if *inner == Part::Any { part } else { *inner };
                self.at += 1;
                let node = self.row(inner);
                if self.next_is(&TokenKind::Close) {
                    self.at += 1;
                }
                node?
            }
            _ => return None,
        };
        set_part(&mut node, part);
        node.span.start = node.span.start.min(start);
        Some(Clause { occur, node })
    }
}

/// For each clause: its words, where it is a quotation within pasted prose and not a phrase to search for; else `None`.
///
/// A quotation is taken for prose in two cases: six or more single words stand next to it, one of them a stop word; or
/// any single word does and the quotation has eight words or more. A query with a field, `+`, `-`, `AND` or another
/// construct that prose does not have contains no such quotation.
pub(super) fn quoted_words(clauses: &[Clause]) -> Vec<Option<Vec<Clause>>> {
    let mode = |clause: &Clause| match &clause.node.kind {
        Kind::Text(text) if clause.occur == Occur::Should && text.part == Part::Any => Some(text.mode),
        _ => None,
    };
    if !clauses.iter().all(|clause| mode(clause).is_some() || matches!(clause.node.kind, Kind::Or(_))) {
        return vec![None; clauses.len()];
    }
    let words: Vec<&Clause> = clauses.iter().filter(|c| mode(c) == Some(Mode::Word)).collect();
    let is_stop = |c: &&&Clause| matches!(&c.node.kind, Kind::Text(text) if super::pattern::is_stop_text(text));
    let sentence = words.len() >= 6 && words.iter().any(|c| is_stop(&c));
    let some = !words.is_empty();
    let quoted = |clause: &Clause| {
        let inside = match &clause.node.kind {
            Kind::Text(text) if text.mode == Mode::Phrase => Some(plain_words(&clause.node, text)),
            Kind::Or(readings) => words_of_readings(readings),
            _ => None,
        };
        inside.filter(|inside| sentence || (some && inside.len() >= 8))
    };
    clauses.iter().map(quoted).collect()
}

/// A clause as an operand of AND or OR: `-x` becomes `NOT x`, `+x` becomes `x`.
fn plain(clause: Clause) -> Node {
    if clause.occur == Occur::MustNot { negated(clause.node) } else { clause.node }
}

fn negated(node: Node) -> Node {
    let span = node.span.clone();
    match node.kind {
        Kind::Not(inner) => *inner,
        _ => Node { kind: Kind::Not(Box::new(node)), span },
    }
}

fn push_clause(clauses: &mut Vec<Clause>, mut clause: Clause) {
    if let Kind::Not(inner) = clause.node.kind {
        clause.occur = if clause.occur == Occur::MustNot { Occur::Should } else { Occur::MustNot };
        clause.node = *inner;
        return push_clause(clauses, clause);
    }
    if clause.occur == Occur::Should && clause.node.is_filter() {
        clause.occur = Occur::Must;
    }
    match clause.node.kind {
        Kind::Row(inner) if clause.occur == Occur::Should && inner.iter().all(|c| c.occur == Occur::Should) => {
            inner.into_iter().for_each(|clause| push_clause(clauses, clause));
        }
        kind => clauses.push(Clause { node: Node { kind, span: clause.node.span }, occur: clause.occur }),
    }
}

/// A row of one clause is that clause.
fn settle_row(mut clauses: Vec<Clause>, span: Span) -> Option<Node> {
    match clauses.len() {
        0 => None,
        1 => Some(plain(clauses.remove(0))),
        _ => Some(Node { kind: Kind::Row(clauses), span }),
    }
}

fn set_part(node: &mut Node, part: Part) {
    match &mut node.kind {
        Kind::Text(text) if text.part == Part::Any => text.part = part,
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter_mut().for_each(|node| set_part(node, part)),
        Kind::Not(node) => set_part(node, part),
        Kind::Row(clauses) => clauses.iter_mut().for_each(|clause| set_part(&mut clause.node, part)),
        _ => {}
    }
}

/// The words of a quotation in capitals that is read in capitals and in small letters: each word in small letters, and
/// both ways where it may be an initialism.
fn words_of_readings(readings: &[Node]) -> Option<Vec<Clause>> {
    let [loud, quiet] = readings else { return None };
    let (Kind::Text(capitals), Kind::Text(small)) = (&loud.kind, &quiet.kind) else { return None };
    let phrases = [capitals, small].iter().all(|text| text.mode == Mode::Phrase);
    if !phrases || !capitals.text.eq_ignore_ascii_case(&small.text) {
        return None;
    }
    let both = plain_words(loud, capitals).into_iter().zip(plain_words(quiet, small));
    let one = |(loud, quiet): (Clause, Clause)| match &quiet.node.kind {
        Kind::Text(text) if super::lexer::is_doubtful(&text.text) => {
            let node = Node { span: quiet.node.span.clone(), kind: Kind::Or(vec![loud.node, quiet.node]) };
            Clause { occur: Occur::Should, node }
        }
        _ => quiet,
    };
    Some(both.map(one).collect())
}

/// The words of a phrase as clauses of a row.
fn plain_words(node: &Node, text: &Text) -> Vec<Clause> {
    let pieces = super::lexer::pieces(&text.text);
    let word = |piece: Span| {
        let word = &text.text[piece];
        let word = if is_operator(word) { word.to_lowercase() } else { word.to_owned() };
        let kind = Kind::Text(Text { part: text.part, text: word, mode: Mode::Word });
        Clause { occur: Occur::Should, node: Node { kind, span: node.span.clone() } }
    };
    // `5 %`: the sign alone is no word of a query.
    pieces.into_iter().filter(|piece| &text.text[piece.clone()] != "%").map(word).collect()
}
