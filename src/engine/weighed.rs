//! Actors by how much articles are about them, instead of by stories.

use std::collections::{HashMap, HashSet};

use super::pairs::{Actor, Actors};
use super::response::FacetRest;

/// Sums of weights, while articles are gone through. An actor's weight in a story is the greatest that he has in any of its
/// copies.
#[derive(Debug, Default)]
pub(super) struct Sums {
    actors: Actors,
    /// For each actor the sum of his weights, and the stories that it is the sum of.
    sums: HashMap<Actor, (f64, u64)>,
    /// The weights in groups of copies.
    copies: HashMap<(u64, Actor), f64>,
    /// Articles without copies, and groups of copies, that have actors.
    alone: u64,
    groups: HashSet<u64>,
}

/// An actor with the sum of his weights, and the stories that it is the sum of.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) id: String,
    pub(super) weight: f64,
    pub(super) stories: u64,
}

impl Sums {
    /// The number of an actor.
    pub(super) fn number(&mut self, id: &str) -> Actor {
        self.actors.number(id.to_owned())
    }

    /// Adds an article. `group`: the story of which it is a copy. `weights`: of each actor; without a number where the actor
    /// does not stand below the one asked for.
    pub(super) fn add(&mut self, group: Option<u64>, weights: Vec<(Option<Actor>, f64)>) {
        if weights.is_empty() {
            return;
        }
        let weights = weights.into_iter().filter_map(|(actor, weight)| Some((actor?, weight)));
        if let Some(group) = group {
            self.groups.insert(group);
            for (actor, weight) in weights {
                let known = self.copies.entry((group, actor)).or_default();
                *known = known.max(weight);
            }
            return;
        }
        self.alone += 1;
        weights.for_each(|one| self.add_story(one));
    }

    fn add_story(&mut self, (actor, weight): (Actor, f64)) {
        let sum = self.sums.entry(actor).or_default();
        *sum = (sum.0 + weight, sum.1 + 1);
    }

    /// The heaviest first, `limit` of them, or all where it is 0; and the others. `total`: of how many stories.
    pub(super) fn heaviest(mut self, limit: usize, total: u64) -> (Vec<Weighed>, FacetRest) {
        for ((_, actor), weight) in std::mem::take(&mut self.copies) {
            self.add_story((actor, weight));
        }
        let Self { mut actors, sums, .. } = self;
        // Hundredths are whole numbers, so that the order of adding makes no difference.
        let whole = |(actor, (weight, stories)): (Actor, (f64, u64))| {
            let id = std::mem::take(&mut actors.ids[actor as usize]);
            Weighed { id, weight: (100.0 * weight).round(), stories }
        };
        let mut list: Vec<Weighed> = sums.into_iter().map(whole).collect();
        list.sort_by(|one, other| other.weight.total_cmp(&one.weight).then_with(|| one.id.cmp(&other.id)));
        let others = if limit > 0 && list.len() > limit { list.split_off(limit) } else { Vec::new() };
        list.iter_mut().for_each(|one| one.weight /= 100.0);
        let count = others.iter().map(|one| one.stories).sum();
        let without = total.saturating_sub(self.alone + self.groups.len() as u64);
        (list, FacetRest { values: Some(others.len() as u64), count, without })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_counts_once_in_a_story_however_many_copies() {
        let mut sums = Sums::default();
        let [a, b] = ["a", "b"].map(|id| Some(sums.number(id)));
        sums.add(None, vec![(a, 0.5), (b, 0.1)]);
        sums.add(None, Vec::new());
        sums.add(None, vec![(None, 0.5)]);
        for (group, weights) in [(7, vec![(a, 0.2), (b, 0.1)]), (7, vec![(a, 0.3)]), (8, Vec::new())] {
            sums.add(Some(group), weights);
        }
        let (list, rest) = sums.heaviest(1, 5);
        let of: Vec<_> = list.iter().map(|one| (one.id.as_str(), one.weight, one.stories)).collect();
        assert_eq!(of, [("a", 0.8, 2)]);
        assert_eq!((rest.values, rest.count, rest.without), (Some(1), 2, 2));
    }
}
