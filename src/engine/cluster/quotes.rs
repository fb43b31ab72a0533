//! Statements in the articles of the index on a cluster: see [`crate::engine::statements`].

use std::collections::HashSet;

use serde_json::Value;

use super::matching::Asked;
use super::remote::Remote;
use super::sieve::{candidates, in_articles};
use crate::engine::error::EngineError;
use crate::engine::quoted::{QuotesRequest, QuotesResponse};
use crate::engine::request::Matching;
use crate::engine::statements::{self, Found, Read, Speakers, answer, wanted_patterns};

/// Finds the statements that answer a request: in the articles with the words; where none of their statements has all, in
/// those with some of the words too.
pub(super) fn quotes(remote: &Remote<'_>, request: &QuotesRequest) -> Result<QuotesResponse, EngineError> {
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    let answers = asked.answers_in_articles(remote)?;
    let patterns = wanted_patterns(&asked.bound);
    let speakers = Speakers::new(remote.authority, &asked.bound);
    let kinds = statements::Asked { direct: request.direct, certain: request.certain };
    let statements = |read: &Read| statements::statements(read, &patterns, &speakers, kinds);
    let mut seen = HashSet::new();
    let mut found = unseen(remote, &answers.counted, &mut seen, statements)?;
    let whole = found.iter().any(|one| one.words.len() == patterns.len());
    if request.filters.matching == Matching::Most && !whole {
        found.extend(unseen(remote, &answers.any, &mut seen, statements)?);
    }
    Ok(answer(found, request, patterns.len(), (asked.read.to_string(), asked.notes)))
}

/// The statements in the articles that a filter matches and that were not seen yet.
fn unseen(
    remote: &Remote<'_>,
    filter: &Value,
    seen: &mut HashSet<u64>,
    statements: impl Fn(&Read) -> Vec<Found> + Sync,
) -> Result<Vec<Found>, EngineError> {
    let mut copies = candidates(remote, filter)?;
    copies.retain(|one| seen.insert(one.num));
    Ok(in_articles(remote, &copies, statements)?.into_iter().flatten().collect())
}
