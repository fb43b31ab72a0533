//! Which actors appear together: in how many stories some passage mentions both, and how many were to be expected if each
//! were mentioned independently of the other.
//!
//! A story counts once for a pair, however many of its passages and copies have it. With `n` stories in all, `a` that
//! mention the one actor and `b` the other, `a * b / n` are expected to mention both. A headline is a passage of its own.
//!
//! Or who speaks of whom: then a pair is a speaker and somebody whom one of his statements mentions, `a` is the number of
//! stories in which the one speaks, and `b` of those that mention the other.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rayon::prelude::*;
use tantivy::DocAddress;

use super::collapse::Once;
use super::collection::Collection;
use super::doc_set::{DocSet, total};
use super::headings::{marks, stored_quotes};
use super::matches::Matches;
use super::quotes::Speakers;
use crate::analysis;
use crate::archive::{GroupNum, VersionSeq};
use crate::article::Article;
use crate::authority::is_system;
use crate::engine::error::EngineError;
use crate::engine::level;
use crate::engine::period::{self, MOST_PERIODS};
use crate::engine::request::{Facet, PairSort, PairsRequest};
use crate::engine::response::{Heading, Pair, PairCount, PairPeriod, PairsResponse};
use crate::fence;
use crate::index::mentions::Mark;
use crate::index::quotes::StoredQuote;
use crate::passage;
use crate::tag::Via;

/// Articles read at a time.
const CHUNK: usize = 256;

/// Number of an actor in this answer.
type Actor = u32;
/// What is counted: all stories (no actor), those that mention an actor (the second), those in which one speaks (the
/// first), those with a pair.
type Key = (Option<Actor>, Option<Actor>);

/// An article that may hold pairs.
struct Candidate {
    seq: VersionSeq,
    story: Story,
    actors: Vec<Actor>,
    title: Vec<Mark>,
    text: Vec<Mark>,
}

/// How an article counts: once for its group of copies, in its period.
#[derive(Clone, Copy)]
struct Story {
    group: Option<GroupNum>,
    period: Option<i64>,
}

/// Counts of stories, in all (no period) and in each period.
#[derive(Default)]
struct Tally {
    counts: HashMap<(Option<i64>, Key), u64>,
    seen: HashSet<(GroupNum, Option<i64>, Key)>,
}

impl Tally {
    fn add(&mut self, story: Story, key: Key) {
        self.add_to(story.group, None, key);
        if story.period.is_some() {
            self.add_to(story.group, story.period, key);
        }
    }

    fn add_to(&mut self, group: Option<GroupNum>, period: Option<i64>, key: Key) {
        if group.is_none_or(|group| self.seen.insert((group, period, key))) {
            *self.counts.entry((period, key)).or_default() += 1;
        }
    }

    fn get(&self, period: Option<i64>, key: Key) -> u64 {
        self.counts.get(&(period, key)).copied().unwrap_or_default()
    }

    fn pair(&self, period: Option<i64>, a: Actor, b: Actor, spoken: bool) -> PairCount {
        let both = if spoken { (Some(a), Some(b)) } else { (Some(a.min(b)), Some(a.max(b))) };
        let one = if spoken { (Some(a), None) } else { (None, Some(a)) };
        let get = |key| self.get(period, key);
        PairCount::new(get(both), get(one), get((None, Some(b))), get((None, None)))
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

/// Counts actors that appear together.
pub(super) fn pairs(collection: &Collection<'_>, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
    let (names, broader) = (collection.names(), request.filters.broader);
    let sides = request.actors.iter().map(|entry| names.actors_or_systems(entry, broader));
    let sides = sides.collect::<Result<Vec<_>, _>>()?;
    level::check(collection, collection.authority, [Facet::Actor, Facet::System], request.below.as_deref())?;
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let answers = matches.answers(collection, &request.filters, None)?;
    let (reach, found) = (answers.reach(collection, request.all_copies)?, answers.counted);
    let systems = names_systems(request.below.as_deref(), &sides);
    let speakers = request.spoken.then(|| Speakers::new(collection.authority, &matches.weight.bound));
    let (actors, tally, candidates) = Default::default();
    let mut work = Work { request, speakers, sides, systems, actors, tally, candidates };
    let once = Once::new(collection, &found, request.all_copies)?;
    for (number, found) in found.iter().enumerate() {
        work.segment(collection, number, found, &once.copies(number))?;
    }
    work.read(collection)?;
    let mut response = PairsResponse {
        total: work.tally.get(None, (None, None)),
        copies: total(&found),
        spoken: request.spoken,
        reach,
        notes: matches.notes().to_vec(),
        understood: matches.understood,
        ..PairsResponse::default()
    };
    response.notes.extend(reach.and_then(|reach| reach.note(response.total, request.all_copies)));
    work.answer(collection, &mut response)?;
    Ok(response)
}

/// The state of one answer.
struct Work<'r> {
    request: &'r PairsRequest,
    /// Whose statements are counted; `None` where passages are.
    speakers: Option<Speakers<'r>>,
    sides: Vec<Vec<String>>,
    /// Whether systems and programmes are counted beside actors.
    systems: bool,
    actors: Actors,
    tally: Tally,
    candidates: Vec<Candidate>,
}

impl Work<'_> {
    /// Counts a segment's articles and their actors, and keeps those that may hold pairs.
    fn segment(
        &mut self,
        collection: &Collection<'_>,
        number: usize,
        found: &DocSet,
        groups: &HashMap<u32, GroupNum>,
    ) -> Result<(), EngineError> {
        let (published, seqs) = (collection.published(number)?, collection.seqs(number)?);
        let mut known = [HashMap::new(), HashMap::new()];
        for doc in found.iter() {
            fence::check();
            let period = self.request.per.and_then(|per| Some(period::number(per, published.first(doc)?)));
            let story = Story { group: groups.get(&doc).copied(), period };
            let mut actors = self.actors_of(collection, number, doc, &mut known)?;
            let address = DocAddress::new(number as u32, doc);
            let mut known_marks = None;
            if self.request.filters.no_metonyms {
                let (title, text) = marks(collection.index(), address)?;
                let named = |at: usize| title.iter().chain(&text).any(|m| m.actor == at && m.via != Via::Metonym);
                actors.iter_mut().enumerate().filter(|(at, _)| !named(*at)).for_each(|(_, actor)| *actor = None);
                known_marks = Some((title, text));
            }
            self.tally.add(story, (None, None));
            actors.iter().flatten().for_each(|actor| self.tally.add(story, (None, Some(*actor))));
            if !self.may_hold_pairs(&actors) {
                continue;
            }
            let (title, text) = known_marks.map_or_else(|| marks(collection.index(), address), Ok)?;
            let keep = |marks: Vec<Mark>| -> Vec<Mark> {
                let metonyms = !self.request.filters.no_metonyms;
                marks.into_iter().filter(|mark| metonyms || mark.via != Via::Metonym).collect()
            };
            let actors = actors.into_iter().map(|actor| actor.unwrap_or(Actor::MAX)).collect();
            let seq = VersionSeq(seqs.first(doc).unwrap_or_default());
            let candidate = Candidate { seq, story, actors, title: keep(title), text: keep(text) };
            if self.speakers.is_some() {
                let day = published.first(doc).and_then(period::day);
                self.speeches(&candidate, &stored_quotes(collection.index(), address)?, day);
            } else {
                self.candidates.push(candidate);
            }
        }
        Ok(())
    }

    /// The actors of an article, and its systems if they are counted, in the order to which its marks refer.
    fn actors_of(
        &mut self,
        collection: &Collection<'_>,
        number: usize,
        doc: u32,
        known: &mut [HashMap<u64, Actor>; 2],
    ) -> Result<Vec<Option<Actor>>, EngineError> {
        let mut out = Vec::new();
        let fields = [collection.fields.actor, collection.fields.system];
        for (field, known) in fields.into_iter().zip(known).take(1 + usize::from(self.systems)) {
            let Some(column) = collection.index().values(number, field)? else { continue };
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
        }
        Ok(out)
    }

    /// Counts who speaks in an article, and of whom.
    fn speeches(&mut self, candidate: &Candidate, quotes: &(Vec<StoredQuote>, Vec<StoredQuote>), day: Option<Date>) {
        for (quotes, marks) in [(&quotes.0, &candidate.title), (&quotes.1, &candidate.text)] {
            for quote in quotes {
                let counted = |at: usize| candidate.actors.get(at).copied().filter(|actor| *actor != Actor::MAX);
                let said = marks.iter().filter(|mark| (quote.start..quote.end).contains(&mark.start));
                let named: Vec<Actor> = said.filter_map(|mark| counted(mark.actor)).collect();
                for speaker in quote.actors().filter_map(counted) {
                    let id = &self.actors.ids[speaker as usize];
                    if self.speakers.as_ref().is_some_and(|speakers| !speakers.are([id].into_iter(), quote.kind, day)) {
                        continue;
                    }
                    self.tally.add(candidate.story, (Some(speaker), None));
                    for other in named.iter().filter(|other| **other != speaker) {
                        self.tally.add(candidate.story, (Some(speaker), Some(*other)));
                    }
                }
            }
        }
    }

    /// Whether an article with these actors may hold pairs; where statements are counted, whether somebody may speak.
    fn may_hold_pairs(&self, actors: &[Option<Actor>]) -> bool {
        let least = if self.speakers.is_some() { 1 } else { 2 };
        actors.iter().flatten().count() >= least && (self.speakers.is_some() || self.has_sides(actors))
    }

    fn has_sides(&self, actors: &[Option<Actor>]) -> bool {
        let has = |side: &Vec<String>| actors.iter().flatten().any(|a| side.contains(&self.actors.ids[*a as usize]));
        self.sides.iter().all(has)
    }

    /// Reads the articles that may hold pairs, and counts those.
    fn read(&mut self, collection: &Collection<'_>) -> Result<(), EngineError> {
        for chunk in std::mem::take(&mut self.candidates).chunks(CHUNK) {
            let mut articles = Vec::with_capacity(chunk.len());
            for candidate in chunk {
                fence::check();
                articles.push(collection.archive.borrow_mut().by_seq(candidate.seq)?.article);
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
        let often = |actor| (self.tally.get(None, (None, Some(actor))), std::cmp::Reverse(id(actor)));
        let (a, b) = if often(a) >= often(b) { (a, b) } else { (b, a) };
        [(a, b), (b, a)].into_iter().find(|(a, b)| asked(*a, *b))
    }

    fn answer(&self, collection: &Collection<'_>, response: &mut PairsResponse) -> Result<(), EngineError> {
        let found = self.tally.counts.iter().filter_map(|((period, key), count)| match (period, key) {
            (None, (Some(a), Some(b))) if *count >= self.request.least => self.turned(*a, *b),
            _ => None,
        });
        let mut found: Vec<(Actor, Actor, PairCount)> =
            found.map(|(a, b)| (a, b, self.tally.pair(None, a, b, self.request.spoken))).collect();
        let ids =
            |pair: &(Actor, Actor, PairCount)| (&self.actors.ids[pair.0 as usize], &self.actors.ids[pair.1 as usize]);
        found.sort_unstable_by(|x, y| self.order(&x.2, &y.2).then_with(|| ids(x).cmp(&ids(y))));
        response.pairs_total = found.len() as u64;
        if self.request.limit > 0 {
            found.truncate(self.request.limit);
        }
        let periods = self.periods(&found, &mut response.periods);
        let mut known: HashMap<Actor, Heading> = HashMap::new();
        let mut shown = |actor: Actor| -> Result<Heading, EngineError> {
            if let Some(heading) = known.get(&actor) {
                return Ok(heading.clone());
            }
            let heading = collection.index().heading(self.actors.ids[actor as usize].clone())?;
            Ok(known.entry(actor).or_insert(heading).clone())
        };
        let pairs = found.iter().zip(periods);
        let pairs = pairs.map(|((a, b, counts), periods)| -> Result<Pair, EngineError> {
            Ok(Pair { a: shown(*a)?, b: shown(*b)?, counts: *counts, periods })
        });
        response.pairs = pairs.collect::<Result<_, _>>()?;
        Ok(())
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
        let key = |a: Actor, b: Actor| if self.request.spoken { (a, b) } else { (a.min(b), a.max(b)) };
        let at: HashMap<(Actor, Actor), usize> =
            found.iter().enumerate().map(|(at, (a, b, _))| (key(*a, *b), at)).collect();
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
            all.extend((first..=last).map(|number| period::name(per, number)));
        }
        let rows = numbers.into_iter().zip(found).map(|(mut numbers, (a, b, _))| {
            numbers.sort_unstable();
            let row = numbers.into_iter().map(|number| PairPeriod {
                period: period::name(per, number),
                counts: self.tally.pair(Some(number), *a, *b, self.request.spoken),
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
