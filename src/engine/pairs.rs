//! Which actors appear together: counts of pairs, of those in them and of all stories, put in order.
//!
//! A story counts once for a pair, however many of its passages and copies have it. With `n` stories in all, `a` that
//! mention the one actor and `b` the other, `a * b / n` are expected to mention both. A headline is a passage of its own.
//!
//! Or who speaks of whom: then a pair is a speaker and somebody whom one of his statements mentions, `a` is the number of
//! stories in which the one speaks, and `b` of those that mention the other.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::bind::Names;
use super::error::EngineError;
use super::period::{self, MOST_PERIODS};
use super::request::{PairSort, PairsRequest};
use super::response::{Heading, Pair, PairCount, PairPeriod, PairsResponse};
use super::statements::Speakers;
use crate::authority::is_system;
use crate::index::mentions::Mark;
use crate::index::quotes::StoredQuote;
use crate::tag::Via;

/// Number of an actor in an answer.
pub(super) type Actor = u32;
/// What is counted: all stories (no actor), those that mention an actor (the second), those in which one speaks (the
/// first), those with a pair.
pub(super) type Key = (Option<Actor>, Option<Actor>);

/// The actors met so far, by number.
#[derive(Debug, Default)]
pub(super) struct Actors {
    numbers: HashMap<String, Actor>,
    pub(super) ids: Vec<String>,
}

impl Actors {
    pub(super) fn number(&mut self, id: String) -> Actor {
        *self.numbers.entry(id).or_insert_with_key(|id| {
            self.ids.push(id.clone());
            self.ids.len() as Actor - 1
        })
    }
}

/// What a request for pairs asks, and what was counted for it: in all (no period) and in each period.
pub(super) struct Pairs<'r> {
    pub(super) request: &'r PairsRequest,
    /// The actors or systems that each entry of the request means.
    sides: Vec<Vec<String>>,
    /// Whether systems and programmes are counted beside actors.
    pub(super) systems: bool,
    pub(super) actors: Actors,
    pub(super) counts: HashMap<(Option<i64>, Key), u64>,
}

/// How an article counts: once for its group of copies, in its period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Story {
    pub(super) group: Option<u64>,
    pub(super) period: Option<i64>,
}

/// The mentions in title and text.
pub(super) type Marks = (Vec<Mark>, Vec<Mark>);

/// Removes mentions by a place that stands for an actor, and the actors that are mentioned only so.
pub(super) fn without_metonyms(actors: &mut [Option<Actor>], marks: &mut Marks) {
    for marks in [&mut marks.0, &mut marks.1] {
        marks.retain(|mark| mark.via != Via::Metonym);
    }
    let named: HashSet<usize> = marks.0.iter().chain(&marks.1).map(|mark| mark.actor).collect();
    actors.iter_mut().enumerate().filter(|(at, _)| !named.contains(at)).for_each(|(_, actor)| *actor = None);
}

/// Counts pairs article by article.
pub(super) struct Tally<'r> {
    pub(super) pairs: Pairs<'r>,
    /// Whose statements are counted; `None` where passages are.
    pub(super) speakers: Option<Speakers<'r>>,
    /// Stories that were counted already.
    seen: HashSet<(u64, Option<i64>, Key)>,
}

impl<'r> Tally<'r> {
    pub(super) fn new(pairs: Pairs<'r>, speakers: Option<Speakers<'r>>) -> Self {
        Self { pairs, speakers, seen: HashSet::new() }
    }

    /// Counts a story for a key, in all and in its period.
    pub(super) fn add(&mut self, story: Story, key: Key) {
        for period in std::iter::once(None).chain(story.period.map(Some)) {
            if story.group.is_none_or(|group| self.seen.insert((group, period, key))) {
                *self.pairs.counts.entry((period, key)).or_default() += 1;
            }
        }
    }

    /// Counts an article, and for each of its actors.
    pub(super) fn add_actors(&mut self, story: Story, actors: &[Option<Actor>]) {
        self.add(story, (None, None));
        actors.iter().flatten().for_each(|actor| self.add(story, (None, Some(*actor))));
    }

    /// Counts who speaks in an article, and of whom: each once, however often.
    pub(super) fn add_speeches(
        &mut self,
        story: Story,
        actors: &[Option<Actor>],
        marks: &Marks,
        quotes: &(Vec<StoredQuote>, Vec<StoredQuote>),
        day: Option<Date>,
    ) {
        let mut found: HashSet<Key> = HashSet::new();
        let counted = |at: usize| actors.get(at).copied().flatten();
        for (quotes, marks) in [(&quotes.0, &marks.0), (&quotes.1, &marks.1)] {
            for quote in quotes {
                let said = marks.iter().filter(|mark| quote.holds(mark));
                let named: Vec<Actor> = said.filter_map(|mark| counted(mark.actor)).collect();
                for speaker in quote.actors().filter_map(counted) {
                    let id = &self.pairs.actors.ids[speaker as usize];
                    if self.speakers.as_ref().is_some_and(|speakers| !speakers.are([id].into_iter(), quote.kind, day)) {
                        continue;
                    }
                    let others = named.iter().filter(|other| **other != speaker);
                    found.extend(others.map(|other| (Some(speaker), Some(*other))).chain([(Some(speaker), None)]));
                }
            }
        }
        found.into_iter().for_each(|key| self.add(story, key));
    }
}

/// A pair, in the order in which it is shown.
pub(super) type Found = (Actor, Actor, PairCount);

impl<'r> Pairs<'r> {
    /// Resolves the names of a request.
    pub(super) fn new(request: &'r PairsRequest, names: &Names<'_>) -> Result<Self, EngineError> {
        let broader = request.filters.broader;
        let sides = request.actors.iter().map(|entry| names.actors_or_systems(entry, broader));
        let sides = sides.collect::<Result<Vec<_>, _>>()?;
        let systems = names_systems(request.below.as_deref(), &sides);
        Ok(Self { request, sides, systems, actors: Actors::default(), counts: HashMap::new() })
    }

    /// Whether each side that is asked for is among these actors.
    pub(super) fn has_sides(&self, actors: &[Option<Actor>]) -> bool {
        let has = |side: &Vec<String>| actors.iter().flatten().any(|a| side.contains(&self.actors.ids[*a as usize]));
        self.sides.iter().all(has)
    }

    /// The side with the fewest names of those that are asked for.
    #[cfg(feature = "cluster")]
    pub(super) fn narrowest(&self) -> Option<&[String]> {
        self.sides.iter().min_by_key(|side| side.len()).map(Vec::as_slice)
    }

    fn get(&self, period: Option<i64>, key: Key) -> u64 {
        self.counts.get(&(period, key)).copied().unwrap_or_default()
    }

    /// The key of a pair: of two that are mentioned together the lower number first.
    pub(super) fn key(&self, a: Actor, b: Actor) -> Key {
        if self.request.spoken { (Some(a), Some(b)) } else { (Some(a.min(b)), Some(a.max(b))) }
    }

    /// The key of the stories of the first of a pair.
    fn key_of_first(&self, a: Actor) -> Key {
        if self.request.spoken { (Some(a), None) } else { (None, Some(a)) }
    }

    fn pair(&self, period: Option<i64>, a: Actor, b: Actor) -> PairCount {
        let get = |key| self.get(period, key);
        PairCount::new(get(self.key(a, b)), get(self.key_of_first(a)), get((None, Some(b))), get((None, None)))
    }

    /// A pair in the order in which it is shown; `None` where it does not meet the request.
    fn turned(&self, a: Actor, b: Actor) -> Option<(Actor, Actor)> {
        let id = |actor: Actor| &self.actors.ids[actor as usize];
        let under = |id: &str, below: &str| id.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'));
        let below =
            self.request.below.as_deref().map(|below| below.trim_matches('/')).filter(|below| !below.is_empty());
        let below = |actor| below.is_none_or(|below| under(id(actor), below));
        let meets = |side: usize, actor| self.sides[side].contains(id(actor));
        let asked = |a, b| match self.sides.len() {
            0 => below(a) && below(b),
            1 => meets(0, a) && below(b),
            2 => meets(0, a) && meets(1, b),
            _ => false,
        };
        if self.request.spoken {
            let asked = match self.sides.len() {
                0 => below(b),
                _ => asked(a, b) || asked(b, a),
            };
            return asked.then_some((a, b));
        }
        let often = |actor| (self.get(None, (None, Some(actor))), std::cmp::Reverse(id(actor)));
        let (a, b) = if often(a) >= often(b) { (a, b) } else { (b, a) };
        [(a, b), (b, a)].into_iter().find(|(a, b)| asked(*a, *b))
    }

    /// The pairs that the request asks for, in order; the second result is how many there are.
    pub(super) fn found(&self) -> (Vec<Found>, u64) {
        let found = self.counts.iter().filter_map(|((period, key), count)| match (period, key) {
            (None, (Some(a), Some(b))) if *count >= self.request.least => self.turned(*a, *b),
            _ => None,
        });
        let mut found: Vec<Found> = found.map(|(a, b)| (a, b, self.pair(None, a, b))).collect();
        let ids = |pair: &Found| (&self.actors.ids[pair.0 as usize], &self.actors.ids[pair.1 as usize]);
        found.sort_unstable_by(|x, y| self.order(&x.2, &y.2).then_with(|| ids(x).cmp(&ids(y))));
        let all = found.len() as u64;
        if self.request.limit > 0 {
            found.truncate(self.request.limit);
        }
        (found, all)
    }

    /// Puts these pairs into a response, with the headings of all who are in them.
    pub(super) fn answer(
        &self,
        (found, all): (&[Found], u64),
        headings: &HashMap<String, Heading>,
        response: &mut PairsResponse,
    ) {
        response.total = self.get(None, (None, None));
        response.pairs_total = all;
        let periods = self.periods(found, &mut response.periods);
        let shown = |actor: Actor| headings.get(&self.actors.ids[actor as usize]).cloned();
        let pairs = found.iter().zip(periods);
        let pairs = pairs.filter_map(|((a, b, counts), periods)| {
            Some(Pair { a: shown(*a)?, b: shown(*b)?, counts: *counts, periods })
        });
        response.pairs = pairs.collect();
    }

    /// The identifiers of those in some pairs, each once.
    pub(super) fn ids(&self, found: &[Found]) -> Vec<String> {
        let mut ids: Vec<&String> =
            found.iter().flat_map(|(a, b, _)| [a, b]).map(|actor| &self.actors.ids[*actor as usize]).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().cloned().collect()
    }

    fn order(&self, x: &PairCount, y: &PairCount) -> Ordering {
        let (count, ratio) = (y.count.cmp(&x.count), y.ratio.total_cmp(&x.ratio));
        match self.request.sort {
            PairSort::Count => count.then(ratio),
            PairSort::Ratio => ratio.then(count),
        }
    }

    /// The counts of each pair in each stretch of time that has it, and all stretches from the first to the last.
    fn periods(&self, found: &[Found], all: &mut Vec<String>) -> Vec<Vec<PairPeriod>> {
        let at: HashMap<Key, usize> = found.iter().enumerate().map(|(at, (a, b, _))| (self.key(*a, *b), at)).collect();
        let mut numbers: Vec<Vec<i64>> = vec![Vec::new(); found.len()];
        for (period, key) in self.counts.keys() {
            if let Some(period) = period
                && let Some(at) = at.get(key)
            {
                numbers[*at].push(*period);
            }
        }
        let Some(per) = self.request.per else { return vec![Vec::new(); found.len()] };
        let every = || numbers.iter().flatten().copied();
        if let Some((first, last)) = every().min().zip(every().max())
            && last.saturating_sub(first) < MOST_PERIODS as i64
        {
            all.extend((first..=last).map(|number| period::name(per, number)));
        }
        let rows = numbers.into_iter().zip(found).map(|(mut numbers, (a, b, _))| {
            numbers.sort_unstable();
            let row = numbers.into_iter().map(|number| PairPeriod {
                period: period::name(per, number),
                counts: self.pair(Some(number), *a, *b),
            });
            row.collect()
        });
        rows.collect()
    }
}

/// Whether a request for pairs names systems or programmes.
fn names_systems(below: Option<&str>, sides: &[Vec<String>]) -> bool {
    below.is_some_and(is_system) || sides.iter().flatten().any(|id| is_system(id))
}
