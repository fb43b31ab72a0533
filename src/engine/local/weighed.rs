//! Actors by how much the articles are about them, instead of by stories.

use std::collections::{BTreeMap, HashMap};

use super::collapse::Once;
use super::collection::Collection;
use super::doc_set::DocSet;
use super::facets::named;
use crate::archive::GroupNum;
use crate::engine::error::EngineError;
use crate::engine::level::Level;
use crate::engine::request::Facet;
use crate::engine::response::{FacetCount, FacetRest};

/// The sum of an actor's weights, and the stories that it is the sum of.
type Sum = (f64, u64);

/// The weight of an actor, by its ordinal, in an article of a group of copies.
type OfCopy = (GroupNum, u64, f64);

/// The actors of these articles with the sums of their weights, the heaviest first. Of the copies of a story the one with
/// the greatest weight counts.
pub(super) fn weighed(
    collection: &Collection<'_>,
    level: Level<'_>,
    found: &[DocSet],
    all_copies: bool,
    limit: usize,
) -> Result<(Vec<FacetCount>, FacetRest), EngineError> {
    let once = Once::new(collection, found, all_copies)?;
    let (mut sums, mut copies): (BTreeMap<String, Sum>, HashMap<(GroupNum, String), f64>) = Default::default();
    let mut without = 0;
    for (number, found) in found.iter().enumerate() {
        let Some(column) = collection.index().values(number, collection.fields.actor)? else {
            without += found.count();
            continue;
        };
        let (weights, groups) = (collection.index().weights(number)?, once.copies(number));
        let (mut alone, mut grouped): (BTreeMap<u64, Sum>, Vec<OfCopy>) = Default::default();
        for doc in found.iter() {
            let mut any = false;
            for (ord, (weight, _)) in column.term_ords(doc).zip(weights.of(doc)) {
                any = true;
                match groups.get(&doc) {
                    Some(group) => grouped.push((*group, ord, weight)),
                    None => add(alone.entry(ord).or_default(), (weight, 1)),
                }
            }
            without += u64::from(!any);
        }
        let mut ords: Vec<u64> = alone.keys().copied().chain(grouped.iter().map(|(_, ord, _)| *ord)).collect();
        ords.sort_unstable();
        ords.dedup();
        let mut ids = Vec::with_capacity(ords.len());
        column.dictionary().sorted_ords_to_term_cb(&ords, |id| ids.push(String::from_utf8_lossy(id).into_owned()))?;
        let id = |ord: u64| ords.binary_search(&ord).ok().and_then(|at| level.shown(ids.get(at)?)).map(str::to_owned);
        for (ord, sum) in alone {
            id(ord).into_iter().for_each(|id| add(sums.entry(id).or_default(), sum));
        }
        for (group, ord, weight) in grouped {
            if let Some(id) = id(ord) {
                let known = copies.entry((group, id)).or_default();
                *known = known.max(weight);
            }
        }
    }
    for ((_, id), weight) in copies {
        add(sums.entry(id).or_default(), (weight, 1));
    }
    shown(collection, sums, limit, without)
}

fn add(sum: &mut Sum, (weight, stories): Sum) {
    *sum = (sum.0 + weight, sum.1 + stories);
}

fn shown(
    collection: &Collection<'_>,
    sums: BTreeMap<String, Sum>,
    limit: usize,
    without: u64,
) -> Result<(Vec<FacetCount>, FacetRest), EngineError> {
    // Hundredths are whole numbers, so that the order of adding makes no difference.
    let hundredths = |weight: f64| (100.0 * weight).round();
    let mut list: Vec<(String, Sum)> = sums.into_iter().collect();
    list.sort_by(|(a, x), (b, y)| hundredths(y.0).total_cmp(&hundredths(x.0)).then_with(|| a.cmp(b)));
    let others = if limit > 0 && list.len() > limit { list.split_off(limit) } else { Vec::new() };
    let count = others.iter().map(|(_, (_, stories))| stories).sum();
    let rest = FacetRest { values: Some(others.len() as u64), count, without };
    let one = |(id, (weight, stories)): (String, Sum)| {
        let weight = Some(hundredths(weight) / 100.0);
        Ok(FacetCount { weight, ..named(collection, Facet::Actor, id, stories)? })
    };
    Ok((list.into_iter().map(one).collect::<Result<_, EngineError>>()?, rest))
}
