//! Why a request could not be answered.

use std::ops::Range;

use super::response::Heading;
use crate::archive::ArchiveError;
use crate::index::IndexError;
use crate::query::QueryError;

/// Why a search could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Part of the query means nothing.
    #[error("{message}")]
    Query {
        /// What is wrong.
        message: String,
        /// Bytes of the query.
        span: Range<usize>,
        /// How to write it instead.
        hint: Option<String>,
    },
    /// A name that no heading has.
    #[error("no {field} '{name}'")]
    UnknownName {
        /// The field or filter.
        field: &'static str,
        /// The name.
        name: String,
        /// The nearest that there are, best first.
        nearest: Vec<Heading>,
    },
    /// A name that several headings have.
    #[error("{field} '{name}' could be any of {}", first_few(candidates))]
    AmbiguousName {
        /// The field or filter.
        field: &'static str,
        /// The name.
        name: String,
        /// What it can mean.
        candidates: Vec<Heading>,
    },
    /// A level of a hierarchy of values that does not exist.
    #[error("nothing is below '{name}'")]
    UnknownLevel {
        /// The level.
        name: String,
        /// The levels that there are, in order.
        levels: Vec<String>,
    },
    /// An index on a cluster cannot answer this.
    #[error("an index on a cluster does not answer {what}")]
    Unsupported {
        /// What was asked for.
        what: String,
        /// What to do instead.
        hint: String,
    },
    /// The cluster failed.
    #[cfg(feature = "cluster")]
    #[error(transparent)]
    Cluster(#[from] crate::cluster::ClusterError),
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl EngineError {
    /// That an index on a cluster does not answer this.
    #[cfg(feature = "cluster")]
    pub(super) fn unsupported(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unsupported { what: what.into(), hint: hint.into() }
    }

    /// Whether the query or a filter is at fault, rather than the index.
    pub fn is_of_query(&self) -> bool {
        matches!(
            self,
            Self::Query { .. }
                | Self::UnknownName { .. }
                | Self::AmbiguousName { .. }
                | Self::UnknownLevel { .. }
                | Self::Unsupported { .. }
        )
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let list = |headings: &[Heading]| {
            let one = |heading: &Heading| match heading.label == heading.id {
                true => heading.id.clone(),
                false => format!("{} ({})", heading.label, heading.id),
            };
            headings.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Query { hint, .. } => hint.clone(),
            Self::UnknownName { nearest, .. } if nearest.is_empty() => None,
            Self::UnknownName { nearest, .. } => Some(format!("the nearest: {}", list(nearest))),
            Self::AmbiguousName { candidates, name, field: "actor" } if candidates.len() > NAMED => {
                let all = format!("`despatch authority lookup --all '{name}'` lists all");
                Some(format!("name one of them by its id: {all}"))
            }
            Self::AmbiguousName { .. } => Some("name one of them by its id".to_owned()),
            Self::UnknownLevel { levels, .. } if levels.is_empty() => None,
            Self::UnknownLevel { levels, .. } => Some(format!("the levels: {}", levels.join(", "))),
            Self::Unsupported { hint, .. } => Some(hint.clone()),
            #[cfg(feature = "cluster")]
            Self::Cluster(error) => error.hint(),
            Self::Archive(error) if error.hint().is_some() => error.hint(),
            Self::Index(_) | Self::Archive(_) => {
                Some("`despatch verify` shows whether anything is damaged, and what mends it".to_owned())
            }
        }
    }
}

/// Meanings of a name that an error lists, at most.
const NAMED: usize = 10;

/// The ids of the first headings, and how many more there are.
fn first_few(headings: &[Heading]) -> String {
    let mut shown: Vec<String> = headings.iter().take(NAMED).map(|heading| heading.id.clone()).collect();
    shown.extend((headings.len() > NAMED).then(|| format!("{} more", headings.len() - NAMED)));
    shown.join(", ")
}

impl From<QueryError> for EngineError {
    fn from(error: QueryError) -> Self {
        Self::Query { message: error.message, span: error.span, hint: error.hint }
    }
}

#[doc(hidden)] // tantivy's types are no part of the public face
impl From<tantivy::TantivyError> for EngineError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.into())
    }
}

impl From<std::io::Error> for EngineError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.into())
    }
}
