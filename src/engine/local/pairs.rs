//! Which actors appear together, in the articles of the index on this machine: see [`crate::engine::pairs`].

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rayon::prelude::*;
use tantivy::DocAddress;

use super::collapse::Once;
use super::collection::Collection;
use super::doc_set::{DocSet, total};
use super::headings::{marks, stored_quotes};
use super::matches::Matches;
use crate::archive::{GroupNum, VersionSeq};
use crate::engine::error::EngineError;
use crate::engine::level;
use crate::engine::pairs::{Actor, Key, Pairs};
use crate::engine::period;
use crate::engine::request::{Facet, PairsRequest};
use crate::engine::response::PairsResponse;
use crate::engine::statements::Speakers;
use crate::fence;
use crate::index::mentions::Mark;
use crate::index::quotes::StoredQuote;
use crate::passage;
use crate::tag::Via;

/// Articles read at a time.
const CHUNK: usize = 256;

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

/// Counts actors that appear together.
pub(super) fn pairs(collection: &Collection<'_>, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
    let pairs = Pairs::new(request, &collection.names())?;
    level::check(collection, collection.authority, [Facet::Actor, Facet::System], request.below.as_deref())?;
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let answers = matches.answers(collection, &request.filters, None)?;
    let (reach, found) = (answers.reach(collection, request.all_copies)?, answers.counted);
    let speakers = request.spoken.then(|| Speakers::new(collection.authority, &matches.weight.bound));
    let mut work = Work { pairs, speakers, seen: HashSet::new(), candidates: Vec::new() };
    let once = Once::new(collection, &found, request.all_copies)?;
    for (number, found) in found.iter().enumerate() {
        work.segment(collection, number, found, &once.copies(number))?;
    }
    work.read(collection)?;
    let mut response = PairsResponse {
        copies: total(&found),
        spoken: request.spoken,
        reach,
        notes: matches.notes().to_vec(),
        understood: matches.understood,
        ..PairsResponse::default()
    };
    let (found, all) = work.pairs.found();
    let shown = work.pairs.ids(&found).into_iter().map(|id| Ok((id.clone(), collection.index().heading(id)?)));
    let shown = shown.collect::<Result<HashMap<_, _>, EngineError>>()?;
    work.pairs.answer((&found, all), &shown, &mut response);
    response.notes.extend(reach.and_then(|reach| reach.note(response.total, request.all_copies)));
    Ok(response)
}

/// The state of one answer.
struct Work<'r> {
    pairs: Pairs<'r>,
    /// Whose statements are counted; `None` where passages are.
    speakers: Option<Speakers<'r>>,
    /// Stories that were counted already.
    seen: HashSet<(GroupNum, Option<i64>, Key)>,
    candidates: Vec<Candidate>,
}

impl Work<'_> {
    /// Counts a story for a key, in all and in its period.
    fn add(&mut self, story: Story, key: Key) {
        for period in std::iter::once(None).chain(story.period.map(Some)) {
            if story.group.is_none_or(|group| self.seen.insert((group, period, key))) {
                *self.pairs.counts.entry((period, key)).or_default() += 1;
            }
        }
    }

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
            let period = self.pairs.request.per.and_then(|per| Some(period::number(per, published.first(doc)?)));
            let story = Story { group: groups.get(&doc).copied(), period };
            let mut actors = self.actors_of(collection, number, doc, &mut known)?;
            let address = DocAddress::new(number as u32, doc);
            let mut known_marks = None;
            if self.pairs.request.filters.no_metonyms {
                let (title, text) = marks(collection.index(), address)?;
                let named = |at: usize| title.iter().chain(&text).any(|m| m.actor == at && m.via != Via::Metonym);
                actors.iter_mut().enumerate().filter(|(at, _)| !named(*at)).for_each(|(_, actor)| *actor = None);
                known_marks = Some((title, text));
            }
            self.add(story, (None, None));
            actors.iter().flatten().for_each(|actor| self.add(story, (None, Some(*actor))));
            if !self.may_hold_pairs(&actors) {
                continue;
            }
            let (title, text) = known_marks.map_or_else(|| marks(collection.index(), address), Ok)?;
            let keep = |marks: Vec<Mark>| -> Vec<Mark> {
                let metonyms = !self.pairs.request.filters.no_metonyms;
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
        for (field, known) in fields.into_iter().zip(known).take(1 + usize::from(self.pairs.systems)) {
            let Some(column) = collection.index().values(number, field)? else { continue };
            for ord in column.term_ords(doc) {
                let number = match known.get(&ord) {
                    Some(number) => *number,
                    None => {
                        let mut id = String::new();
                        column.ord_to_str(ord, &mut id)?;
                        let number = self.pairs.actors.number(id);
                        known.insert(ord, number);
                        number
                    }
                };
                out.push(Some(number));
            }
        }
        Ok(out)
    }

    /// Counts who speaks in an article, and of whom: each once, however often.
    fn speeches(&mut self, candidate: &Candidate, quotes: &(Vec<StoredQuote>, Vec<StoredQuote>), day: Option<Date>) {
        let mut found: HashSet<Key> = HashSet::new();
        for (quotes, marks) in [(&quotes.0, &candidate.title), (&quotes.1, &candidate.text)] {
            for quote in quotes {
                let counted = |at: usize| candidate.actors.get(at).copied().filter(|actor| *actor != Actor::MAX);
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
        found.into_iter().for_each(|key| self.add(candidate.story, key));
    }

    /// Whether an article with these actors may hold pairs; where statements are counted, whether somebody may speak.
    fn may_hold_pairs(&self, actors: &[Option<Actor>]) -> bool {
        let least = if self.speakers.is_some() { 1 } else { 2 };
        actors.iter().flatten().count() >= least && (self.speakers.is_some() || self.pairs.has_sides(actors))
    }

    /// Reads the articles that may hold pairs, and counts those.
    fn read(&mut self, collection: &Collection<'_>) -> Result<(), EngineError> {
        for chunk in std::mem::take(&mut self.candidates).chunks(CHUNK) {
            let mut articles = Vec::with_capacity(chunk.len());
            for candidate in chunk {
                fence::check();
                articles.push(collection.archive.borrow_mut().by_seq(candidate.seq)?.article);
            }
            let together = articles.par_iter().zip(chunk).map(|(article, candidate)| {
                let named = |mark: &Mark| candidate.actors.get(mark.actor).copied().filter(|one| *one != Actor::MAX);
                let text = candidate.text.iter().filter_map(|mark| Some((mark.start, named(mark)?)));
                passage::together(article, candidate.title.iter().filter_map(named), &text.collect::<Vec<_>>())
            });
            let found: Vec<HashSet<(Actor, Actor)>> = together.collect();
            for (pairs, candidate) in found.into_iter().zip(chunk) {
                for (a, b) in pairs {
                    self.add(candidate.story, (Some(a), Some(b)));
                }
            }
        }
        Ok(())
    }
}
