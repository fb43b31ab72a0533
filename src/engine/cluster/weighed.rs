//! The weights of actors in the articles of the index on a cluster: see [`crate::engine::weighed`].

use serde_json::Value;

use super::facets::named;
use super::remote::Remote;
use super::sieve::candidates;
use crate::engine::error::EngineError;
use crate::engine::level::Level;
use crate::engine::request::Facet;
use crate::engine::response::{FacetCount, FacetRest};
use crate::engine::weighed::Sums;

/// The actors of the copies that a filter matches, `total` stories, with the sums of their weights, the heaviest first.
pub(super) fn weighed(
    remote: &Remote<'_>,
    level: Level<'_>,
    (filter, total): (&Value, u64),
    all_copies: bool,
    limit: usize,
) -> Result<(Vec<FacetCount>, FacetRest), EngineError> {
    let mut sums = Sums::default();
    for one in candidates(remote, filter)? {
        let weights = one.actors.iter().zip(&one.weights);
        let mut weight =
            |(id, hundredths): (&String, &u64)| (level.shown(id).map(|id| sums.number(id)), *hundredths as f64 / 100.0);
        let weights = weights.map(&mut weight).collect();
        sums.add((!all_copies).then_some(one.story), weights);
    }
    let (list, rest) = sums.heaviest(limit, total);
    let weights: Vec<f64> = list.iter().map(|one| one.weight).collect();
    let named = named(remote, Facet::Actor, list.into_iter().map(|one| (one.id, one.stories)).collect())?;
    let list = named.into_iter().zip(weights).map(|(one, weight)| FacetCount { weight: Some(weight), ..one });
    Ok((list.collect(), rest))
}
