//! Second looks at the best articles: closeness of the query's words, and feedback.
//!
//! Feedback is RM3 (Abdul-Jaleel et al., "UMass at TREC 2004"): a short query is joined, half and half, by the words
//! that its best articles use most. It reorders what the query matched and adds nothing to it.

use std::collections::HashMap;

use tantivy::DocAddress;

use super::EngineError;
use super::bits::Bits;
use super::exec::Executor;
use super::plan::{Pair, Prepared};
use super::postings::positions;
use super::ready::Ready;
use crate::analysis::{self, Analyzer, Shape};
use crate::article::Article;
use crate::query::Part;
use crate::query::pattern::{Alternative, Pattern, Slot, is_stop_word};

/// Articles that are looked at again for closeness.
pub(super) const CLOSER: usize = 100;
/// Weight of words that stand side by side as in the query, beside their own.
const SIDE_BY_SIDE: f32 = 0.35;
/// Articles from which feedback takes its words.
pub(super) const TEACHERS: usize = 15;
/// How much less a teacher says that scored lower than the best: its share of the best score to this power.
const SHARP: i32 = 4;
/// Words that feedback adds.
const LEARNT: usize = 40;
/// Words with the greatest shares among which these are chosen.
const CONSIDERED: usize = 8 * LEARNT;
/// Queries with more words than this are clear enough.
const SHORT: usize = 7;
/// The share of the query's own words in the score.
const OWN: f32 = 0.5;

/// Adds to the scores of the best articles where words stand side by side as in the query: the more, the rarer they are
/// and the fewer of these articles have them so.
pub(super) fn closeness(
    executor: &Executor<'_>,
    prepared: &Prepared,
    ready: &[Ready],
    best: &[(DocAddress, f32)],
    scores: &mut [Vec<f32>],
) -> Result<(), EngineError> {
    if prepared.pairs.is_empty() {
        return Ok(());
    }
    let mut wanted: Vec<usize> = prepared.pairs.iter().flat_map(|pair| [pair.first, pair.second]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    // For each pair, the articles that have it, with how often.
    let mut found: Vec<Vec<(usize, u32, f32)>> = vec![Vec::new(); prepared.pairs.len()];
    for number in 0..scores.len() {
        let mut docs: Vec<u32> =
            best.iter().filter(|(a, _)| a.segment_ord as usize == number).map(|(a, _)| a.doc_id).collect();
        docs.sort_unstable();
        let mut places: HashMap<usize, Vec<Vec<u32>>> = HashMap::new();
        let index = executor.searcher.segment_reader(number as u32).inverted_index(executor.fields.text)?;
        for leaf in &wanted {
            places.insert(*leaf, positions(&index, ready[*leaf].infos(number), &docs)?);
        }
        for (pair, found) in prepared.pairs.iter().zip(&mut found) {
            for (at, doc) in docs.iter().enumerate() {
                let count = beside(&places[&pair.first][at], &places[&pair.second][at], pair.apart);
                if count > 0 {
                    found.push((number, *doc, count as f32));
                }
            }
        }
    }
    for (pair, found) in prepared.pairs.iter().zip(found) {
        let idf = f32::midpoint(ready[pair.first].idf, ready[pair.second].idf);
        // Where all of the best articles have a pair, it tells none of them from another.
        let telling = 1.0 - found.len() as f32 / best.len().max(1) as f32;
        for (number, doc, count) in found {
            scores[number][doc as usize] += SIDE_BY_SIDE * idf * telling * 2.0 * count / (count + 1.0);
        }
    }
    Ok(())
}

/// How often the second stands after the first, no more than `apart` positions on.
fn beside(first: &[u32], second: &[u32], apart: u32) -> usize {
    first
        .iter()
        .filter(|at| {
            let next = second.partition_point(|other| other <= at);
            second.get(next).is_some_and(|other| other - **at <= apart)
        })
        .count()
}

/// Whether feedback helps: a short row of plain words.
pub(super) fn is_short(prepared: &Prepared) -> bool {
    prepared.plain && !prepared.leaves.is_empty() && is_brief(prepared)
}

/// Whether a query has no more words than clear ones need.
pub(super) fn is_brief(prepared: &Prepared) -> bool {
    prepared.leaves.len() <= SHORT
}

/// The words that feedback adds, with their shares, which add up to 1.
pub(super) fn learn(
    executor: &Executor<'_>,
    analyzer: &mut Analyzer,
    teachers: &[(Article, f32)],
) -> Result<Vec<(String, f32)>, EngineError> {
    let best = teachers.iter().map(|(_, score)| *score).fold(f32::EPSILON, f32::max);
    let says = |score: f32| (score / best).powi(SHARP);
    let total: f32 = teachers.iter().map(|(_, score)| says(*score)).sum();
    let mut shares: HashMap<String, f32> = HashMap::new();
    for (article, score) in teachers {
        let texts = [&article.title, &article.text].map(|text| analysis::words(text));
        let length: usize = texts.iter().map(analysis::Words::len).sum();
        for words in &texts {
            let counts = analyzer.counts(words, |word, folded| word.shape != Shape::Number && !is_stop_word(folded));
            for (term, count) in counts.into_iter().filter(|(term, _)| term.len() > 2) {
                *shares.entry(term).or_default() +=
                    says(*score) / total.max(f32::EPSILON) * count as f32 / length.max(1) as f32;
            }
        }
    }
    let mut list: Vec<(String, f32)> = shares.into_iter().collect();
    let by_share = |a: &(String, f32), b: &(String, f32)| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0));
    if list.len() > CONSIDERED {
        list.select_nth_unstable_by(CONSIDERED, by_share);
        list.truncate(CONSIDERED);
    }
    list.sort_by(by_share);
    let mut out: Vec<(String, f32)> = Vec::with_capacity(LEARNT);
    for (term, share) in list {
        if out.len() == LEARNT {
            break;
        }
        if !executor.is_common(&term)? {
            out.push((term, share));
        }
    }
    let sum: f32 = out.iter().map(|(_, share)| share).sum();
    out.iter_mut().for_each(|(_, share)| *share /= sum.max(f32::EPSILON));
    Ok(out)
}

/// Joins the query's scores and those of the learnt words.
pub(super) fn join(
    executor: &Executor<'_>,
    prepared: &Prepared,
    learnt: &[(String, f32)],
    bits: &[Bits],
    scores: &mut [Vec<f32>],
) -> Result<(), EngineError> {
    let asked: f32 = prepared.leaves.iter().map(|leaf| leaf.weight).sum();
    let mut added: Vec<Vec<f32>> = scores.iter().map(|part| vec![0.0; part.len()]).collect();
    for (term, share) in learnt {
        let pattern = Pattern {
            part: Part::Any,
            slots: vec![Slot { any: vec![Alternative::Term(term.clone())], offset: 0 }],
            near: None,
        };
        let ready = executor.ready_one(&pattern, *share)?;
        for (number, added) in added.iter_mut().enumerate() {
            executor.add_term(number, &ready, added)?;
        }
    }
    for ((bits, scores), added) in bits.iter().zip(scores).zip(added) {
        for doc in bits.iter() {
            let doc = doc as usize;
            // Back to the scale of the query's own scores, so that a score means the same with and without feedback.
            scores[doc] = OWN * scores[doc] + (1.0 - OWN) * asked * added[doc];
        }
    }
    Ok(())
}

/// Lets scores fall with age: half of a score stays, the other half is halved in every half-life. Undated is old.
pub(super) fn recency(
    executor: &Executor<'_>,
    now: i64,
    half_life: f64,
    bits: &[Bits],
    scores: &mut [Vec<f32>],
) -> Result<(), EngineError> {
    const DAY: f64 = 86_400.0;
    for (number, (bits, scores)) in bits.iter().zip(scores).enumerate() {
        let published = executor.searcher.segment_reader(number as u32).fast_fields().i64("published")?;
        for doc in bits.iter() {
            let age = published.first(doc).map(|at| now.saturating_sub(at).max(0) as f64 / DAY);
            let fresh = age.map_or(0.0, |age| (-age / half_life).exp2());
            scores[doc as usize] *= (0.5 + 0.5 * fresh) as f32;
        }
    }
    Ok(())
}

/// The pairs of words that stand beside each other in a row of the query.
pub(super) fn pairs(row: &[Option<usize>], skipped: &[u32]) -> Vec<Pair> {
    let mut out: Vec<Pair> = Vec::new();
    for (at, two) in row.windows(2).enumerate() {
        if let [Some(first), Some(second)] = two
            && first != second
        {
            let pair = Pair { first: *first, second: *second, apart: 1 + skipped[at + 1] };
            if !out.contains(&pair) {
                out.push(pair);
            }
        }
    }
    out
}
