//! Which actors appear together: in how many stories some passage mentions both, and how many were to be expected if each
//! were mentioned independently of the other.
//!
//! A story counts once for a pair, however many of its passages and copies have it. With `n` stories in all, `a` that
//! mention the one actor and `b` the other, `a * b / n` are expected to mention both. A headline is a passage of its own.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use serde::Serialize;
use tantivy::{DocAddress, SegmentReader};

use super::bits::Bits;
use super::labels::{heading, marks};
use super::local::LocalEngine;
use super::stories::Once;
use super::timeline::MOST_PERIODS;
use super::{EngineError, Facet, Filters, Heading, facets};
use crate::analysis;
use crate::article::{Article, Moment};
use crate::index::mentions::Mark;
use crate::passage;
use crate::tag::Via;

/// Articles read at a time.
const CHUNK: usize = 256;

/// A count of actors that appear together.
#[derive(Debug, Clone, PartialEq)]
pub struct PairsRequest {
    /// What the user typed. Empty: all articles.
    pub query: String,
    /// Filters beside it: which articles are looked at.
    pub filters: Filters,
    /// Names of actors, alternatives apart by commas: each entry must be met by one side of a pair. Never a filter, for
    /// then nothing could be said about how often the other is mentioned without them.
    pub actors: Vec<String>,
    /// Only actors below this (`person`); of a pair that meets `actors`, the other side.
    pub below: Option<String>,
    /// Counts for each stretch of time too: one of the facets of time.
    pub per: Option<Facet>,
    /// Pairs of fewer stories are left out.
    pub least: u64,
    /// The order.
    pub sort: PairSort,
    /// Pairs wanted, 0 for all.
    pub limit: usize,
    /// Count articles, not stories.
    pub all_copies: bool,
    /// The present.
    pub now: Moment,
}

/// The order of pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PairSort {
    /// The most frequent first.
    #[default]
    Count,
    /// The most beyond what was expected first, by ratio.
    Ratio,
}

/// Which actors appear together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PairsResponse {
    /// Stories looked at, or articles where all copies were asked for.
    pub total: u64,
    /// Articles looked at, copies included.
    pub copies: u64,
    /// The query as it was understood.
    pub understood: String,
    /// What the user should know.
    pub notes: Vec<String>,
    /// Pairs there are, before the limit.
    pub pairs_total: u64,
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Where time was asked for: the stretches from the first with one of these pairs to the last, without gaps.
    pub periods: Vec<String>,
}

/// Two actors that appear in one passage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// One of them: that which was asked for, else the one that more stories mention.
    pub a: Heading,
    /// The other.
    pub b: Heading,
    /// Stories in which a passage mentions both.
    #[serde(flatten)]
    pub counts: PairCount,
    /// The same for each stretch of time in which some story mentions both, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<PairPeriod>,
}

/// A pair in a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairPeriod {
    /// The stretch: `2025-11`.
    pub period: String,
    /// Its counts.
    #[serde(flatten)]
    pub counts: PairCount,
}

/// How often a pair was found and how often it was to be expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct PairCount {
    /// Stories in which a passage mentions both.
    pub count: u64,
    /// Stories that mention the one.
    pub count_a: u64,
    /// Stories that mention the other.
    pub count_b: u64,
    /// Stories that would mention both if the two were independent.
    pub expected: f64,
    /// Found against expected.
    pub ratio: f64,
}

impl PairCount {
    fn new(count: u64, count_a: u64, count_b: u64, stories: u64) -> Self {
        let expected = count_a as f64 * count_b as f64 / stories.max(1) as f64;
        let ratio = if expected > 0.0 { count as f64 / expected } else { 0.0 };
        Self { count, count_a, count_b, expected, ratio }
    }
}

/// Number of an actor in this answer.
type Actor = u32;
/// What a story is counted for: nothing but being there, an actor, a pair.
type Key = (Option<Actor>, Option<Actor>);

/// An article that may hold pairs.
struct Candidate {
    seq: u64,
    story: Story,
    actors: Vec<Actor>,
    title: Vec<Mark>,
    text: Vec<Mark>,
}

/// What an article counts as: one of several copies of a story, in a period.
#[derive(Clone, Copy)]
struct Story {
    group: Option<u64>,
    period: Option<i64>,
}

/// Counts of stories, in all (no period) and in each period.
#[derive(Default)]
struct Tally {
    counts: HashMap<(Option<i64>, Key), u64>,
    seen: HashSet<(u64, Option<i64>, Key)>,
}

impl Tally {
    fn add(&mut self, story: Story, key: Key) {
        self.add_to(story.group, None, key);
        if story.period.is_some() {
            self.add_to(story.group, story.period, key);
        }
    }

    fn add_to(&mut self, group: Option<u64>, period: Option<i64>, key: Key) {
        if group.is_none_or(|group| self.seen.insert((group, period, key))) {
            *self.counts.entry((period, key)).or_default() += 1;
        }
    }

    fn get(&self, period: Option<i64>, key: Key) -> u64 {
        self.counts.get(&(period, key)).copied().unwrap_or_default()
    }

    fn pair(&self, period: Option<i64>, a: Actor, b: Actor) -> PairCount {
        let both = self.get(period, (Some(a.min(b)), Some(a.max(b))));
        let one = |actor| self.get(period, (Some(actor), None));
        PairCount::new(both, one(a), one(b), self.get(period, (None, None)))
    }
}

/// The actors met so far, by number.
#[derive(Default)]
struct Actors {
    numbers: HashMap<String, Actor>,
    ids: Vec<String>,
}

impl Actors {
    fn number(&mut self, id: String) -> Actor {
        *self.numbers.entry(id).or_insert_with_key(|id| {
            self.ids.push(id.clone());
            self.ids.len() as Actor - 1
        })
    }
}

/// Answers a request.
pub(super) fn pairs(engine: &mut LocalEngine<'_>, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
    let sides = engine.named_actors(&request.actors, &request.filters)?;
    let matched = engine.matched(&request.query, &request.filters, &request.now)?;
    let mut work = Work { request, sides, actors: Actors::default(), tally: Tally::default(), candidates: Vec::new() };
    let once = if request.all_copies { None } else { Some(Once::new(&engine.searcher, engine.fields, &matched.bits)?) };
    for (number, bits) in matched.bits.iter().enumerate() {
        let groups = once.as_ref().map(|once| once.copies(number).into_iter().collect()).unwrap_or_default();
        work.segment(engine, number as u32, bits, &groups)?;
    }
    work.read(engine)?;
    let mut response = PairsResponse {
        total: work.tally.get(None, (None, None)),
        copies: matched.bits.iter().map(Bits::count).sum(),
        understood: matched.understood,
        notes: matched.notes,
        ..PairsResponse::default()
    };
    work.answer(engine, &mut response);
    Ok(response)
}

/// The state of one answer.
struct Work<'r> {
    request: &'r PairsRequest,
    sides: Vec<Vec<String>>,
    actors: Actors,
    tally: Tally,
    candidates: Vec<Candidate>,
}

impl Work<'_> {
    /// Counts a segment's articles and their actors, and keeps those that may hold pairs.
    fn segment(
        &mut self,
        engine: &LocalEngine<'_>,
        number: u32,
        bits: &Bits,
        groups: &HashMap<u32, u64>,
    ) -> Result<(), EngineError> {
        let segment = engine.searcher.segment_reader(number);
        let (published, seq) = (segment.fast_fields().i64("published")?, segment.fast_fields().u64("seq")?);
        let mut known = HashMap::new();
        for doc in bits.iter() {
            let period = self.request.per.and_then(|per| Some(facets::time_number(per, published.first(doc)?)));
            let story = Story { group: groups.get(&doc).copied(), period };
            let mut actors = self.actors_of(segment, doc, &mut known)?;
            let address = DocAddress::new(number, doc);
            let mut known_marks = None;
            if self.request.filters.no_metonyms {
                let (title, text) = marks(&engine.searcher, address)?;
                let named = |at: usize| title.iter().chain(&text).any(|m| m.actor == at && m.via != Via::Metonym);
                actors.iter_mut().enumerate().filter(|(at, _)| !named(*at)).for_each(|(_, actor)| *actor = None);
                known_marks = Some((title, text));
            }
            self.tally.add(story, (None, None));
            actors.iter().flatten().for_each(|actor| self.tally.add(story, (Some(*actor), None)));
            if actors.iter().flatten().count() > 1 && self.has_sides(&actors) {
                let (title, text) = known_marks.map_or_else(|| marks(&engine.searcher, address), Ok)?;
                let keep = |marks: Vec<Mark>| -> Vec<Mark> {
                    let metonyms = !self.request.filters.no_metonyms;
                    marks.into_iter().filter(|mark| metonyms || mark.via != Via::Metonym).collect()
                };
                let actors = actors.into_iter().map(|actor| actor.unwrap_or(Actor::MAX)).collect();
                let seq = seq.first(doc).unwrap_or_default();
                self.candidates.push(Candidate { seq, story, actors, title: keep(title), text: keep(text) });
            }
        }
        Ok(())
    }

    /// The actors of an article, in the order to which its marks refer.
    fn actors_of(
        &mut self,
        segment: &SegmentReader,
        doc: u32,
        known: &mut HashMap<u64, Actor>,
    ) -> Result<Vec<Option<Actor>>, EngineError> {
        let Some(column) = segment.fast_fields().str("actor")? else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for ord in column.term_ords(doc) {
            let number = match known.get(&ord) {
                Some(number) => *number,
                None => {
                    let mut id = String::new();
                    column.ord_to_str(ord, &mut id)?;
                    let number = self.actors.number(id);
                    known.insert(ord, number);
                    number
                }
            };
            out.push(Some(number));
        }
        Ok(out)
    }

    fn has_sides(&self, actors: &[Option<Actor>]) -> bool {
        let has = |side: &Vec<String>| actors.iter().flatten().any(|a| side.contains(&self.actors.ids[*a as usize]));
        self.sides.iter().all(has)
    }

    /// Reads the articles that may hold pairs, and counts those.
    fn read(&mut self, engine: &mut LocalEngine<'_>) -> Result<(), EngineError> {
        for chunk in std::mem::take(&mut self.candidates).chunks(CHUNK) {
            let mut articles = Vec::with_capacity(chunk.len());
            for candidate in chunk {
                articles.push(engine.archive.borrow_mut().by_seq(candidate.seq)?.article);
            }
            let found: Vec<HashSet<(Actor, Actor)>> =
                articles.par_iter().zip(chunk).map(|(article, candidate)| together(article, candidate)).collect();
            for (pairs, candidate) in found.into_iter().zip(chunk) {
                for (a, b) in pairs {
                    self.tally.add(candidate.story, (Some(a), Some(b)));
                }
            }
        }
        Ok(())
    }

    /// How a pair is to be shown: which of the two stands first. `None` where it is not asked for.
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
        let often = |actor| (self.tally.get(None, (Some(actor), None)), std::cmp::Reverse(id(actor)));
        let (a, b) = if often(a) >= often(b) { (a, b) } else { (b, a) };
        [(a, b), (b, a)].into_iter().find(|(a, b)| asked(*a, *b))
    }

    fn answer(&self, engine: &LocalEngine<'_>, response: &mut PairsResponse) {
        let found = self.tally.counts.iter().filter_map(|((period, key), count)| match (period, key) {
            (None, (Some(a), Some(b))) if *count >= self.request.least => self.turned(*a, *b),
            _ => None,
        });
        let mut found: Vec<(Actor, Actor, PairCount)> =
            found.map(|(a, b)| (a, b, self.tally.pair(None, a, b))).collect();
        let ids =
            |pair: &(Actor, Actor, PairCount)| (&self.actors.ids[pair.0 as usize], &self.actors.ids[pair.1 as usize]);
        found.sort_unstable_by(|x, y| self.order(&x.2, &y.2).then_with(|| ids(x).cmp(&ids(y))));
        response.pairs_total = found.len() as u64;
        if self.request.limit > 0 {
            found.truncate(self.request.limit);
        }
        let periods = self.periods(&found, &mut response.periods);
        let shown = |actor: Actor| heading(engine.authority, self.actors.ids[actor as usize].clone());
        let pairs = found.iter().zip(periods);
        response.pairs = pairs
            .map(|((a, b, counts), periods)| Pair { a: shown(*a), b: shown(*b), counts: *counts, periods })
            .collect();
    }

    fn order(&self, x: &PairCount, y: &PairCount) -> Ordering {
        let (count, ratio) = (y.count.cmp(&x.count), y.ratio.total_cmp(&x.ratio));
        match self.request.sort {
            PairSort::Count => count.then(ratio),
            PairSort::Ratio => ratio.then(count),
        }
    }

    /// The counts of each pair in each stretch of time that has it, and all stretches from the first to the last.
    fn periods(&self, found: &[(Actor, Actor, PairCount)], all: &mut Vec<String>) -> Vec<Vec<PairPeriod>> {
        let at: HashMap<(Actor, Actor), usize> =
            found.iter().enumerate().map(|(at, (a, b, _))| (((*a).min(*b), (*a).max(*b)), at)).collect();
        let mut numbers: Vec<Vec<i64>> = vec![Vec::new(); found.len()];
        for (period, key) in self.tally.counts.keys() {
            if let (Some(period), (Some(a), Some(b))) = (period, key)
                && let Some(at) = at.get(&(*a, *b))
            {
                numbers[*at].push(*period);
            }
        }
        let Some(per) = self.request.per else { return vec![Vec::new(); found.len()] };
        let every = || numbers.iter().flatten().copied();
        if let Some((first, last)) = every().min().zip(every().max())
            && last.saturating_sub(first) < MOST_PERIODS as i64
        {
            all.extend((first..=last).map(|number| facets::time_name(per, number)));
        }
        let rows = numbers.into_iter().zip(found).map(|(mut numbers, (a, b, _))| {
            numbers.sort_unstable();
            let row = numbers.into_iter().map(|number| PairPeriod {
                period: facets::time_name(per, number),
                counts: self.tally.pair(Some(number), *a, *b),
            });
            row.collect()
        });
        rows.collect()
    }
}

/// The pairs of actors that some passage of an article mentions, the lower number first.
fn together(article: &Article, candidate: &Candidate) -> HashSet<(Actor, Actor)> {
    let mut out = HashSet::new();
    let words = analysis::words(&article.text);
    let stretches = passage::cut(&passage::sentences(article, &words));
    let inside = stretches.iter().map(|stretch| {
        let marks = candidate.text.iter().filter(|mark| stretch.bytes.contains(&mark.start));
        marks.collect::<Vec<_>>()
    });
    for marks in inside.chain(std::iter::once(candidate.title.iter().collect())) {
        let mut actors: Vec<Actor> =
            marks.iter().filter_map(|m| candidate.actors.get(m.actor).copied()).filter(|a| *a != Actor::MAX).collect();
        actors.sort_unstable();
        actors.dedup();
        for (at, a) in actors.iter().enumerate() {
            out.extend(actors[at + 1..].iter().map(|b| (*a, *b)));
        }
    }
    out
}
