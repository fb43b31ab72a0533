//! Words, sums and phrases of a query that no article has, each with what would be found instead.

use super::bind::{BoundQuery, Leaf};
use super::error::EngineError;
use super::explain::Probe;
use super::request::Filters;
use crate::analysis::{self, Shape};
use crate::query::pattern::is_stop_text;
use crate::query::{Kind, Mode, Node, Part, Query, Text};

/// Parts of a query that are named, at most.
pub(super) const NAMED: usize = 12;
/// Letters of a word for which a nearer one is looked for, at least: with fewer, everything is near.
const LETTERS: usize = 4;

/// A note for each part of a query that no article of the index has; `absent` says for each leaf whether it is one.
pub(super) fn notes(probe: &dyn Probe, bound: &BoundQuery, absent: &[bool]) -> Result<Vec<String>, EngineError> {
    let of = |at: usize| absent.get(at) == Some(&true);
    let absent = bound.wanted_leaves().filter(|(id, _)| of(id.0) && !bound.compounds.contains(id));
    let mut out = Vec::new();
    for (_, leaf) in absent.take(NAMED) {
        let note = match leaf.text.mode {
            Mode::Phrase | Mode::ExactPhrase | Mode::Near(_) => phrase(probe, &leaf.text)?,
            Mode::Pattern | Mode::Fuzzy(_) => not_there(&leaf.text),
            Mode::Word | Mode::Exact => word(probe, leaf)?,
        };
        out.push(note);
    }
    Ok(out)
}

/// That no article has a word, a pattern or a phrase.
fn not_there(text: &Text) -> String {
    match text.mode {
        Mode::Phrase | Mode::ExactPhrase | Mode::Near(_) => format!("no article has {text}"),
        Mode::Pattern | Mode::Fuzzy(_) => format!("no article has a word like {text}"),
        Mode::Word | Mode::Exact => format!("no article has '{text}'"),
    }
}

fn word(probe: &dyn Probe, leaf: &Leaf) -> Result<String, EngineError> {
    let words = analysis::words(&leaf.text.text);
    let near = match words.as_slice() {
        [word]
            if leaf.text.part != Part::Byline
                && word.shape != Shape::Number
                && words.folded(word).chars().count() >= LETTERS =>
        {
            probe.nearest_word(words.folded(word))?.filter(|near| !is_stop_word(near))
        }
        _ => None,
    };
    Ok(match near {
        Some(near) => format!("no article has '{}'; did you mean '{near}'?", leaf.text),
        None => not_there(&leaf.text),
    })
}

/// For a phrase: how many articles have its words anywhere.
fn phrase(probe: &dyn Probe, text: &Text) -> Result<String, EngineError> {
    let words = analysis::words(&text.text);
    let words = words.as_slice().iter().map(|word| &text.text[word.start as usize..word.end as usize]);
    let node = |word: &str| {
        let text = Text { part: text.part, text: word.to_owned(), mode: Mode::Word };
        Node { kind: Kind::Text(text), span: 0..0 }
    };
    let nodes: Vec<Node> = words.map(node).filter(|node| !is_stop(node)).collect();
    if nodes.len() < 2 {
        return Ok(not_there(text));
    }
    let query = Query { root: Some(Node { kind: Kind::And(nodes), span: 0..0 }), ..Query::default() };
    let (count, have) = match probe.count(&query, &Filters::default())? {
        0 => return Ok(format!("{}, and none has all its words", not_there(text))),
        1 => ("1 article".to_owned(), "has"),
        number => (format!("{number} articles"), "have"),
    };
    Ok(format!("{}; without quotation marks {count} {have} all its words", not_there(text)))
}

fn is_stop_word(word: &str) -> bool {
    is_stop_text(&Text { part: Part::Any, text: word.to_owned(), mode: Mode::Word })
}

fn is_stop(node: &Node) -> bool {
    matches!(&node.kind, Kind::Text(text) if is_stop_text(text))
}
