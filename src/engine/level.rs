//! Levels of a hierarchy of values, by which facets are counted: `procurement/ships/frigates` below `procurement/ships`.

use std::collections::BTreeSet;

use super::bind::Vocabulary;
use super::error::EngineError;
use super::request::Facet;
use crate::authority::{Authority, Kind, is_system};
use crate::query::Field;

/// Levels that an error lists, at most.
const LISTED: usize = 40;

/// Checks that some value of these facets can be below a level.
///
/// # Errors
///
/// [`EngineError::UnknownLevel`] where none can.
pub(super) fn check(
    vocabulary: &dyn Vocabulary,
    authority: &Authority,
    facets: impl IntoIterator<Item = Facet>,
    below: Option<&str>,
) -> Result<(), EngineError> {
    let Some(below) = Level::new(below, 0).below else { return Ok(()) };
    let mut levels = BTreeSet::new();
    for field in facets.into_iter().filter_map(Facet::field) {
        let mut values = vocabulary.values(field)?;
        match field {
            Field::Actor | Field::Speaker => levels.extend(Kind::ALL.map(|kind| kind.name().to_owned())),
            Field::System => values.extend(systems(authority)),
            Field::Topic => values.extend(authority.topics().map(str::to_owned)),
            _ => {}
        }
        let above = values.iter().flat_map(|value| value.match_indices('/').map(|(at, _)| value[..at].to_owned()));
        levels.extend(above);
    }
    if levels.contains(below) {
        return Ok(());
    }
    let levels = levels.into_iter().take(LISTED).collect();
    Err(EngineError::UnknownLevel { name: below.to_owned(), levels })
}

/// The ids of all systems and programmes.
fn systems(authority: &Authority) -> impl Iterator<Item = String> {
    authority.actors().filter(|id| is_system(id)).map(str::to_owned)
}

/// Which values are counted, and as what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level<'a> {
    below: Option<&'a str>,
    /// Levels that are shown; a deeper value counts for the one above it. 0: all, each value for itself.
    levels: usize,
}

impl<'a> Level<'a> {
    /// Values below `below` (strokes at its ends do not count), cut to this many levels.
    pub(super) fn new(below: Option<&'a str>, levels: usize) -> Self {
        Self { below: below.map(|below| below.trim_matches('/')).filter(|below| !below.is_empty()), levels }
    }

    /// Whether each level counts what is below it.
    pub(super) fn is_cut(&self) -> bool {
        self.levels > 0
    }

    /// Every value counts for itself.
    pub(super) fn is_whole(&self) -> bool {
        self.below.is_none() && self.levels == 0
    }

    /// Whether a value is at the deepest level that is shown.
    #[cfg(feature = "cluster")]
    pub(super) fn is_lowest(&self, value: &str) -> bool {
        let under = match self.below {
            Some(below) => value.strip_prefix(below).and_then(|rest| rest.strip_prefix('/')),
            None => Some(value),
        };
        under.is_some_and(|under| under.split('/').count() == self.levels)
    }

    /// What a value counts for: itself, the value above it, or nothing.
    pub(super) fn shown<'v>(&self, value: &'v str) -> Option<&'v str> {
        let under = match self.below {
            Some(below) => value.strip_prefix(below)?.strip_prefix('/')?,
            None => value,
        };
        if self.levels == 0 {
            return Some(value);
        }
        let cut = under.match_indices('/').nth(self.levels - 1).map_or(under.len(), |(at, _)| at);
        Some(&value[..value.len() - under.len() + cut])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_cut_values_and_prefixes_end_at_a_stroke() {
        let level = Level::new;
        assert_eq!(level(None, 1).shown("person/keir-starmer"), Some("person"));
        assert_eq!(level(None, 0).shown("person/keir-starmer"), Some("person/keir-starmer"));
        assert_eq!(level(Some("procurement"), 1).shown("procurement/ships/frigates"), Some("procurement/ships"));
        assert_eq!(level(Some("procurement"), 0).shown("procurement-law"), None);
        assert_eq!(level(Some("procurement"), 0).shown("procurement"), None);
        assert_eq!(level(None, 2).shown("cyber"), Some("cyber"));
    }
}
