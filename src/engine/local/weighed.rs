//! The weights of actors in the articles of the index on this machine: see [`crate::engine::weighed`].

use std::collections::HashMap;

use super::collapse::{Once, stories};
use super::collection::Collection;
use super::doc_set::DocSet;
use super::facets::named;
use crate::engine::error::EngineError;
use crate::engine::level::Level;
use crate::engine::pairs::Actor;
use crate::engine::request::Facet;
use crate::engine::response::{FacetCount, FacetRest};
use crate::engine::weighed::{Sums, Weighed};

/// The actors of these articles with the sums of their weights, the heaviest first.
pub(super) fn weighed(
    collection: &Collection<'_>,
    level: Level<'_>,
    found: &[DocSet],
    all_copies: bool,
    limit: usize,
) -> Result<(Vec<FacetCount>, FacetRest), EngineError> {
    let once = Once::new(collection, found, all_copies)?;
    let mut sums = Sums::default();
    for (number, found) in found.iter().enumerate() {
        let Some(column) = collection.index().values(number, collection.fields.actor)? else { continue };
        let (weights, groups) = (collection.index().weights(number)?, once.copies(number));
        let mut ords: Vec<u64> = found.iter().flat_map(|doc| column.term_ords(doc)).collect();
        ords.sort_unstable();
        ords.dedup();
        let mut actors: HashMap<u64, Option<Actor>> = HashMap::with_capacity(ords.len());
        let mut rest = ords.iter();
        column.dictionary().sorted_ords_to_term_cb(&ords, |id| {
            let id = String::from_utf8_lossy(id);
            actors.extend(rest.next().map(|ord| (*ord, level.shown(&id).map(|id| sums.number(id)))));
        })?;
        let actor = |ord| actors.get(&ord).copied().flatten();
        for doc in found.iter() {
            let weights = column.term_ords(doc).zip(weights.of(doc));
            let weights = weights.map(|(ord, (weight, _))| (actor(ord), weight)).collect();
            sums.add(groups.get(&doc).map(|group| group.0), weights);
        }
    }
    let (list, rest) = sums.heaviest(limit, stories(collection, found, all_copies)?);
    let one = |Weighed { id, weight, stories }| -> Result<FacetCount, EngineError> {
        Ok(FacetCount { weight: Some(weight), ..named(collection, Facet::Actor, id, stories)? })
    };
    Ok((list.into_iter().map(one).collect::<Result<_, EngineError>>()?, rest))
}
