//! Statements in the articles of the index on this machine, by the quotes that it holds: see [`crate::engine::statements`].
//!
//! The articles with the words are read first, as a search finds them; where none of their statements has all, those with
//! some of the words are read too.

use rayon::prelude::*;
use tantivy::DocAddress;

use super::collection::Collection;
use super::doc_set::DocSet;
use super::headings::stored_quotes;
use super::matches::Matches;
use crate::archive::VersionSeq;
use crate::engine::error::EngineError;
use crate::engine::quoted::{QuotesRequest, QuotesResponse};
use crate::engine::request::Matching;
use crate::engine::statements::{
    Asked, Found, Read, Speakers, answer, least_said, statements, wanted_patterns, words_said,
};
use crate::fence;

/// Articles read at a time.
const CHUNK: usize = 256;

/// Finds the statements that answer a request.
pub(super) fn quotes(collection: &Collection<'_>, request: &QuotesRequest) -> Result<QuotesResponse, EngineError> {
    let matches = Matches::of_text(collection, &request.query, &request.filters, &request.now, false)?;
    let answers = matches.answers_in_articles(collection, &request.filters)?;
    let bound = &matches.weight.bound;
    let patterns = wanted_patterns(bound);
    let speakers = Speakers::new(collection.authority, bound);
    let asked = Asked { direct: request.direct, certain: request.certain };
    let statements = |read: &Read| statements(read, &patterns, &speakers, asked);
    let mut found = in_articles(collection, addresses(&answers.counted), statements)?;
    let whole = found.iter().any(|one| one.words.len() == patterns.len());
    if request.filters.matching == Matching::Most && !whole {
        let counted = |at: &DocAddress| answers.counted[at.segment_ord as usize].has(at.doc_id);
        found.extend(in_articles(collection, addresses(&answers.any).filter(|at| !counted(at)), statements)?);
    }
    let told = (matches.understood.clone(), matches.notes().to_vec());
    Ok(answer(found, request, patterns.len(), told))
}

/// The addresses of sets of articles, one set for each segment.
fn addresses(sets: &[DocSet]) -> impl Iterator<Item = DocAddress> {
    (0..).zip(sets).flat_map(|(number, set)| set.iter().map(move |doc| DocAddress::new(number, doc)))
}

/// The statements in articles, which are read some at a time.
fn in_articles(
    collection: &Collection<'_>,
    addresses: impl Iterator<Item = DocAddress>,
    statements: impl Fn(&Read) -> Vec<Found> + Sync,
) -> Result<Vec<Found>, EngineError> {
    let mut found = Vec::new();
    for chunk in addresses.collect::<Vec<_>>().chunks(CHUNK) {
        let read = chunk.iter().map(|address| read(collection, *address)).collect::<Result<Vec<_>, _>>()?;
        found.par_extend(read.par_iter().flat_map_iter(&statements));
    }
    Ok(found)
}

/// Keeps the articles in which those whose words are asked for say the words of the query: as many of them as the article
/// has, or with [`Matching::Any`] one. Where the query has none, any words of theirs will do.
pub(super) fn keep_said(
    collection: &Collection<'_>,
    matches: &Matches,
    matching: Matching,
    found: &mut [DocSet],
) -> Result<(), EngineError> {
    let bound = &matches.weight.bound;
    let (patterns, speakers) = (wanted_patterns(bound), Speakers::new(collection.authority, bound));
    for (number, found) in (0..).zip(found) {
        let addresses: Vec<DocAddress> = found.iter().map(|doc| DocAddress::new(number, doc)).collect();
        for chunk in addresses.chunks(CHUNK) {
            let read = chunk.iter().map(|address| read(collection, *address)).collect::<Result<Vec<_>, _>>()?;
            let met: Vec<usize> = read.par_iter().map(|read| words_said(read, &patterns, &speakers)).collect();
            for (address, met) in chunk.iter().zip(met) {
                let least = match matching {
                    Matching::Any => 1,
                    _ => least_said(bound, matches.words_met(*address).unwrap_or(1)),
                };
                if met < least {
                    found.unset(address.doc_id);
                }
            }
        }
    }
    Ok(())
}

fn read(collection: &Collection<'_>, address: DocAddress) -> Result<Read, EngineError> {
    fence::check();
    let (segment, doc) = (address.segment_ord as usize, address.doc_id);
    let seq = collection.seqs(segment)?.first(doc).unwrap_or_default();
    let stored = collection.archive.borrow_mut().by_seq(VersionSeq(seq))?;
    let (title, text) = stored_quotes(collection.index(), address)?;
    let actors = collection.index().ids(address, collection.fields.actor)?;
    Ok(Read { stored, title, text, actors })
}
