//! A bound query: what a query and its filters ask of an index, free of any index type.

use std::collections::HashSet;
use std::ops::Range;

use crate::query::pattern::Pattern;
use crate::query::{Field, Speech, Text, Time};

/// The number of a leaf of a bound query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LeafId(pub(crate) usize);

/// The number of a set of values of a bound query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ValuesId(pub(crate) usize);

/// Which articles match.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum BoundNode {
    #[default]
    All,
    Nothing,
    Leaf(LeafId),
    /// Words that name an actor: articles with the words, and those that mention the actor in other words.
    Named(LeafId, ValuesId),
    Values(ValuesId),
    /// Seconds since 1970.
    Dates(Time, Range<i64>),
    And(Vec<BoundNode>),
    Or(Vec<BoundNode>),
    Not(Box<BoundNode>),
    Row {
        must: Vec<BoundNode>,
        should: Vec<BoundNode>,
        not: Vec<BoundNode>,
        /// What each of its words asks for, where one of them at least must hold; empty where a `+` makes them optional.
        words: Vec<Word>,
    },
}

/// A word of a row as it is counted: not quite what is searched for it, for a compound that is found by one of its parts
/// is there only where all of them are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// As the query has it.
    pub(crate) text: String,
    pub(crate) node: BoundNode,
}

impl BoundNode {
    /// The words by which articles are counted: those of a row, and of the rows that it requires.
    pub(crate) fn words(&self) -> Vec<&Word> {
        let Self::Row { must, words, .. } = self else { return Vec::new() };
        words.iter().chain(must.iter().flat_map(Self::words)).collect()
    }

    /// The words that name an actor, each with the values that it stands for.
    #[cfg(feature = "cluster")]
    pub(crate) fn named_leaves(&self) -> Vec<(LeafId, ValuesId)> {
        match self {
            Self::Named(leaf, values) => vec![(*leaf, *values)],
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().flat_map(Self::named_leaves).collect(),
            Self::Row { must, should, .. } => must.iter().chain(should).flat_map(Self::named_leaves).collect(),
            _ => Vec::new(),
        }
    }

    /// The values of actors whom words of the query name.
    pub(crate) fn named_actors(&self) -> Vec<ValuesId> {
        match self {
            Self::Named(_, values) => vec![*values],
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().flat_map(Self::named_actors).collect(),
            Self::Not(node) => node.named_actors(),
            Self::Row { must, should, .. } => {
                let should = should.iter().flat_map(|node| match node {
                    Self::Values(values) => vec![*values],
                    node => node.named_actors(),
                });
                must.iter().flat_map(Self::named_actors).chain(should).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Drops what actors whom the words name add to articles and scores.
    pub(crate) fn forget_named_actors(&mut self) {
        match self {
            Self::Named(leaf, _) => *self = Self::Leaf(*leaf),
            Self::And(nodes) | Self::Or(nodes) => nodes.iter_mut().for_each(Self::forget_named_actors),
            Self::Not(node) => node.forget_named_actors(),
            Self::Row { must, should, not, .. } => {
                must.iter_mut().chain(should).chain(not).for_each(Self::forget_named_actors);
            }
            _ => {}
        }
    }
}

/// A word or phrase to be found.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// As the query has it.
    pub(crate) text: Text,
    pub(crate) pattern: Pattern,
    /// How often the query asks for it; 0 where it is only excluded.
    pub(crate) weight: f32,
}

/// Alternative values of a field: an article matches with one of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueSet {
    pub(crate) field: Field,
    pub(crate) terms: Vec<String>,
    /// It is requested, not excluded.
    pub(crate) wanted: bool,
    /// Which words of those who speak are asked for; `None` for all.
    pub(crate) given: Option<Speech>,
}

/// Two leaves of one word each that follow each other in the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WordPair {
    pub(crate) first: LeafId,
    pub(crate) second: LeafId,
    /// Positions from the first word to the second, at most.
    pub(crate) apart: u32,
}

/// A filter next to the query: the field it is on (`None` for dates), and what it lets through.
#[derive(Debug, Clone)]
pub(crate) struct BoundFilter {
    pub(crate) field: Option<Field>,
    pub(crate) node: BoundNode,
}

/// A query and its filters, bound to the names and values of an index.
#[derive(Debug, Clone, Default)]
pub(crate) struct BoundQuery {
    pub(crate) root: BoundNode,
    pub(crate) filters: Vec<BoundFilter>,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) values: Vec<ValueSet>,
    /// Leaves that are found by their parts too (`Iran-Iraq`).
    pub(crate) compounds: HashSet<LeafId>,
    /// Words that stand side by side in the query.
    pub(crate) pairs: Vec<WordPair>,
    /// The query has few words: see [`Ranking::brief`](crate::engine::ranking::Ranking).
    pub(crate) brief: bool,
    /// The query is a pasted post, in which a word counts once however often it stands.
    pub(crate) post: bool,
    /// The query is one word or a row of plain words.
    pub(crate) plain: bool,
    /// What was changed or left out of the query, for the user.
    pub(crate) notes: Vec<String>,
}

impl BoundQuery {
    /// A leaf of this query.
    pub(crate) fn leaf(&self, id: LeafId) -> &Leaf {
        &self.leaves[id.0]
    }

    /// A set of values of this query.
    pub(crate) fn value_set(&self, id: ValuesId) -> &ValueSet {
        &self.values[id.0]
    }

    /// The leaves that the query asks for, not those that it only excludes.
    pub(crate) fn wanted_leaves(&self) -> impl Iterator<Item = (LeafId, &Leaf)> {
        let all = self.leaves.iter().enumerate().map(|(number, leaf)| (LeafId(number), leaf));
        all.filter(|(_, leaf)| leaf.weight > 0.0)
    }

    /// The values of a field that an article must have, each with its alternatives.
    pub(crate) fn wanted_values(&self, field: Field) -> impl Iterator<Item = &ValueSet> {
        self.values.iter().filter(move |values| values.wanted && values.field == field)
    }

    /// The actors that must be mentioned, each with its alternatives.
    pub(crate) fn wanted_actors(&self) -> impl Iterator<Item = &ValueSet> {
        self.wanted_values(Field::Actor)
    }

    /// The actors and systems that must be mentioned, each with its alternatives.
    pub(crate) fn wanted_headings(&self) -> impl Iterator<Item = &ValueSet> {
        self.values.iter().filter(|values| values.wanted && matches!(values.field, Field::Actor | Field::System))
    }

    /// Those whose words are asked for, each with its alternatives.
    pub(crate) fn wanted_speakers(&self) -> impl Iterator<Item = &ValueSet> {
        self.values.iter().filter(|values| values.wanted && values.field.speaks())
    }

    /// The sum of the leaves' weights.
    pub(crate) fn weight(&self) -> f32 {
        self.leaves.iter().map(|leaf| leaf.weight).sum()
    }
}
