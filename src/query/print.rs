//! Prints a tree in the query language.

use std::fmt::{self, Display, Formatter, Write};

use super::lexer::{is_enclosed, is_sentence, is_shouted};
use super::parser::quoted_words;
use super::{Clause, Kind, Mode, Node, Occur, Query, Text, Value};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.root {
            None => Ok(()),
            Some(root) => {
                let printed = root.to_string();
                if is_mistaken(root, &printed) {
                    return write!(f, "({printed})");
                }
                f.write_str(&printed)
            }
        }
    }
}

/// Whether a printed query would be read as pasted text, so that it must be printed within brackets.
fn is_mistaken(root: &Node, printed: &str) -> bool {
    let has_quotation = |clauses: &[Clause]| quoted_words(clauses).iter().any(Option::is_some);
    let mistaken = is_shouted(printed)
        || has_operators(root) && is_sentence(printed)
        || matches!(&root.kind, Kind::Row(clauses) if has_quotation(clauses));
    mistaken && !is_enclosed(printed)
}

fn has_operators(node: &Node) -> bool {
    match &node.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Not(_) => true,
        Kind::Row(clauses) => clauses.iter().any(|clause| clause.occur != Occur::Should || has_operators(&clause.node)),
        Kind::All | Kind::Text(_) | Kind::Field { .. } | Kind::Date { .. } => false,
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::All => f.write_char('*'),
            Kind::Text(text) => write!(f, "{text}"),
            Kind::Field { field, values } => {
                write!(f, "{}:", field.name())?;
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        f.write_char(',')?;
                    }
                    write!(f, "{value}")?;
                }
                Ok(())
            }
            Kind::Date { of, text, .. } if text.chars().all(|c| !c.is_whitespace() && !"()\"".contains(c)) => {
                write!(f, "{}:{text}", of.name())
            }
            Kind::Date { of, text, .. } => write!(f, "{}:\"{text}\"", of.name()),
            Kind::And(nodes) => join(f, nodes, " AND "),
            Kind::Or(nodes) => join(f, nodes, " OR "),
            Kind::Not(node) => {
                f.write_str("NOT ")?;
                bracketed(f, node)
            }
            Kind::Row(clauses) => {
                for (i, clause) in clauses.iter().enumerate() {
                    if i > 0 {
                        f.write_char(' ')?;
                    }
                    match clause.occur {
                        Occur::Should => {}
                        Occur::Must => f.write_char('+')?,
                        Occur::MustNot => f.write_char('-')?,
                    }
                    if clause.occur == Occur::Should && matches!(clause.node.kind, Kind::And(_) | Kind::Or(_)) {
                        write!(f, "{}", clause.node)?;
                    } else {
                        bracketed(f, &clause.node)?;
                    }
                }
                Ok(())
            }
        }
    }
}

fn join(f: &mut Formatter<'_>, nodes: &[Node], with: &str) -> fmt::Result {
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(with)?;
        }
        match node.kind {
            Kind::Not(_) => write!(f, "{node}")?,
            _ => bracketed(f, node)?,
        }
    }
    Ok(())
}

/// Prints a part of a larger node: within brackets, unless it is a leaf.
fn bracketed(f: &mut Formatter<'_>, node: &Node) -> fmt::Result {
    match node.kind {
        Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Row(_) => write!(f, "({node})"),
        _ => write!(f, "{node}"),
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.part.name() {
            write!(f, "{name}:")?;
        }
        let text = &self.text;
        match self.mode {
            Mode::Word | Mode::Pattern => f.write_str(text),
            Mode::Exact => write!(f, "={text}"),
            Mode::Phrase => write!(f, "\"{text}\""),
            Mode::ExactPhrase => write!(f, "=\"{text}\""),
            Mode::Near(slop) => write!(f, "\"{text}\"~{slop}"),
            Mode::Fuzzy(distance) => write!(f, "{text}~{distance}"),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = !self.text.is_empty()
            && self.text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | '_' | '&' | '\''));
        if plain { f.write_str(&self.text) } else { write!(f, "\"{}\"", self.text) }
    }
}
