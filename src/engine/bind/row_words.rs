//! The words of a row, as articles are counted by them.

use std::collections::HashSet;
use std::ops::Range;

use super::bound::{BoundNode, Word};
use crate::query::{Kind, Mode, Node};

/// Collects the words of a row.
#[derive(Default)]
pub(super) struct RowWords(Vec<(usize, Word)>);

impl RowWords {
    /// Adds a clause that is searched as `bound`, by its number in the row.
    pub(super) fn push(&mut self, at: usize, clause: &Node, bound: &BoundNode) {
        let compound = matches!((&clause.kind, bound), (Kind::Text(_), BoundNode::Or(_)));
        let node = match bound {
            BoundNode::Or(nodes) if compound && nodes.len() > 1 => {
                BoundNode::Or(vec![nodes[0].clone(), BoundNode::And(nodes[1..].to_vec())])
            }
            node => node.clone(),
        };
        let text = match &clause.kind {
            Kind::Text(text) if text.mode == Mode::Word => text.text.clone(),
            _ => clause.to_string(),
        };
        self.0.push((at, Word { text, node }));
    }

    /// The clauses of a range name an actor together: an article that mentions it has each of these words.
    pub(super) fn named(&mut self, range: Range<usize>, actor: &BoundNode) {
        for (_, word) in self.0.iter_mut().filter(|(at, _)| range.contains(at)) {
            let node = std::mem::take(&mut word.node);
            word.node = BoundNode::Or(vec![node, actor.clone()]);
        }
    }

    /// The words, each once. A word that the following ones give when written together (a hashtag: `IranDeal Iran
    /// Deal`) is no further word: it has each of them.
    pub(super) fn settled(self) -> Vec<Word> {
        let words: Vec<Word> = self.0.into_iter().map(|(_, word)| word).collect();
        let mut whole: Option<(usize, BoundNode)> = None;
        let (mut out, mut known) = (Vec::with_capacity(words.len()), HashSet::new());
        for (at, word) in words.iter().enumerate() {
            let parts = joined(word, &words[at + 1..]);
            if parts > 1 {
                whole = Some((at + parts, word.node.clone()));
                continue;
            }
            let node = match &whole {
                Some((end, whole)) if at <= *end => BoundNode::Or(vec![word.node.clone(), whole.clone()]),
                _ => word.node.clone(),
            };
            let leaf = match &word.node {
                BoundNode::Leaf(id) | BoundNode::Named(id, _) => Ok(*id),
                _ => Err(word.text.as_str()),
            };
            if known.insert(leaf) {
                out.push(Word { text: word.text.clone(), node });
            }
        }
        out
    }
}

/// How many of the following words give this one when written together; 0 where none do.
fn joined(whole: &Word, following: &[Word]) -> usize {
    let mut rest = whole.text.as_str();
    for (number, word) in following.iter().enumerate() {
        match rest.strip_prefix(word.text.as_str()).filter(|_| !word.text.is_empty()) {
            Some("") => return number + 1,
            Some(left) => rest = left,
            None => return 0,
        }
    }
    0
}
