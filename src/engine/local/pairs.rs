//! Which actors appear together, in the articles of the index on this machine: see [`crate::engine::pairs`].

use std::collections::{HashMap, HashSet};

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
use crate::engine::pairs::{Actor, Marks, Pairs, Story, Tally, without_metonyms};
use crate::engine::period;
use crate::engine::request::{Facet, PairsRequest};
use crate::engine::response::PairsResponse;
use crate::engine::statements::Speakers;
use crate::fence;
use crate::index::mentions::Mark;
use crate::passage;

/// Articles read at a time.
const CHUNK: usize = 256;

/// An article that may hold pairs.
struct Candidate {
    seq: VersionSeq,
    story: Story,
    actors: Vec<Option<Actor>>,
    marks: Marks,
}

/// Counts actors that appear together.
pub(super) fn pairs(collection: &Collection<'_>, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
    let pairs = Pairs::new(request, &collection.names())?;
    level::check(collection, collection.authority, [Facet::Actor, Facet::System], request.below.as_deref())?;
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let answers = matches.answers(collection, &request.filters, None)?;
    let (reach, found) = (answers.reach(collection, request.all_copies)?, answers.counted);
    let speakers = request.spoken.then(|| Speakers::new(collection.authority, &matches.weight.bound));
    let mut work = Work { tally: Tally::new(pairs, speakers), candidates: Vec::new() };
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
    let (found, all) = work.tally.pairs.found();
    let shown = work.tally.pairs.ids(&found).into_iter().map(|id| Ok((id.clone(), collection.index().heading(id)?)));
    let shown = shown.collect::<Result<HashMap<_, _>, EngineError>>()?;
    work.tally.pairs.answer((&found, all), &shown, &mut response);
    response.notes.extend(reach.and_then(|reach| reach.note(response.total, request.all_copies)));
    Ok(response)
}

/// The state of one answer.
struct Work<'r> {
    tally: Tally<'r>,
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
        let request = self.tally.pairs.request;
        for doc in found.iter() {
            fence::check();
            let period = request.per.and_then(|per| Some(period::number(per, published.first(doc)?)));
            let story = Story { group: groups.get(&doc).map(|group| group.0), period };
            let mut actors = self.actors_of(collection, number, doc, &mut known)?;
            let address = DocAddress::new(number as u32, doc);
            let mut known_marks = None;
            if request.filters.no_metonyms {
                let mut marks = marks(collection.index(), address)?;
                without_metonyms(&mut actors, &mut marks);
                known_marks = Some(marks);
            }
            self.tally.add_actors(story, &actors);
            if !self.may_hold_pairs(&actors) {
                continue;
            }
            let marks = known_marks.map_or_else(|| marks(collection.index(), address), Ok)?;
            if request.spoken {
                let day = published.first(doc).and_then(period::day);
                let quotes = stored_quotes(collection.index(), address)?;
                self.tally.add_speeches(story, &actors, &marks, &quotes, day);
            } else {
                let seq = VersionSeq(seqs.first(doc).unwrap_or_default());
                self.candidates.push(Candidate { seq, story, actors, marks });
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
        for (field, known) in fields.into_iter().zip(known).take(1 + usize::from(self.tally.pairs.systems)) {
            let Some(column) = collection.index().values(number, field)? else { continue };
            for ord in column.term_ords(doc) {
                let number = match known.get(&ord) {
                    Some(number) => *number,
                    None => {
                        let mut id = String::new();
                        column.ord_to_str(ord, &mut id)?;
                        let number = self.tally.pairs.actors.number(id);
                        known.insert(ord, number);
                        number
                    }
                };
                out.push(Some(number));
            }
        }
        Ok(out)
    }

    /// Whether an article with these actors may hold pairs; where statements are counted, whether somebody may speak.
    fn may_hold_pairs(&self, actors: &[Option<Actor>]) -> bool {
        let Pairs { request, .. } = &self.tally.pairs;
        let least = if request.spoken { 1 } else { 2 };
        actors.iter().flatten().count() >= least && (request.spoken || self.tally.pairs.has_sides(actors))
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
                let named = |mark: &Mark| candidate.actors.get(mark.actor).copied().flatten();
                let (title, text) = &candidate.marks;
                let text = text.iter().filter_map(|mark| Some((mark.start, named(mark)?)));
                passage::together(article, title.iter().filter_map(named), &text.collect::<Vec<_>>())
            });
            let found: Vec<HashSet<(Actor, Actor)>> = together.collect();
            for (pairs, candidate) in found.into_iter().zip(chunk) {
                for (a, b) in pairs {
                    self.tally.add(candidate.story, (Some(a), Some(b)));
                }
            }
        }
        Ok(())
    }
}
