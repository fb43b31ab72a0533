//! A tree printed in the language it was read from.

use std::fmt::{self, Display, Formatter, Write};

use super::{Kind, Mode, Node, Occur, Query, Text, Value};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.root {
            None => Ok(()),
            Some(root) => write!(f, "{root}"),
        }
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
            Kind::Date { text, .. } if text.chars().all(|c| !c.is_whitespace() && !"()\"".contains(c)) => {
                write!(f, "date:{text}")
            }
            Kind::Date { text, .. } => write!(f, "date:\"{text}\""),
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
        bracketed(f, node)?;
    }
    Ok(())
}

/// A part of a larger one: in brackets unless it is a single thing.
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
