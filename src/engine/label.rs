//! The names by which values of facets are shown.

use super::request::Facet;
use super::response::Heading;
use crate::authority::Authority;

/// The name of a value by the authority file.
pub(super) fn label(authority: &Authority, facet: Facet, value: &str) -> String {
    let id = match facet {
        Facet::Affiliation => format!("state/{value}"),
        _ => value.to_owned(),
    };
    without_kind(&Heading::of(authority, id).label)
}

/// A name; of a state that has none but its id the id without the kind.
pub(super) fn without_kind(label: &str) -> String {
    label.strip_prefix("state/").unwrap_or(label).to_owned()
}
