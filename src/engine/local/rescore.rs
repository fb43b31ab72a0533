//! Second looks at the best articles: feedback, closeness, recency.

use tantivy::DocAddress;

use super::collection::{Collection, Scored};
use super::doc_set::DocSet;
use super::matches::Matches;
use super::phrase::each_positions;
use super::top_docs::top_docs;
use crate::engine::closeness::{self, Closeness, PlacedWord, Places};
use crate::engine::error::EngineError;
use crate::engine::feedback::{self, Learnt};
use crate::engine::period::DAY;
use crate::engine::request::{SearchRequest, Sort};
use crate::query::Part;
use crate::query::pattern::Pattern;

/// The scores of all articles after a step of the ranking.
pub(super) type Step = (&'static str, Vec<Vec<f32>>);

/// How the scores came about.
#[derive(Default)]
pub(super) struct Trace {
    /// The steps, where the request wants them explained.
    pub(super) steps: Vec<Step>,
    /// Words that feedback added.
    pub(super) learnt: Vec<Learnt>,
}

/// Changes the scores of the articles in `found` by all second looks that the request and the query call for.
pub(super) fn rescore(
    collection: &Collection<'_>,
    matches: &mut Matches,
    found: &[DocSet],
    request: &SearchRequest,
) -> Result<Trace, EngineError> {
    let mut trace = Trace::default();
    let mut steps: Vec<Step> = Vec::new();
    let mut step = |name, scores: &Vec<Vec<f32>>| {
        if request.explain {
            steps.push((name, scores.clone()));
        }
    };
    step("text", &matches.scores);
    if request.feedback
        && feedback::helps(&matches.weight.bound, matches.weight.average, &collection.ranking)
        && let Some(learnt) = learn(collection, matches, found)?
    {
        add_learnt(collection, matches, &learnt, found)?;
        step("feedback", &matches.scores);
        trace.learnt = learnt;
    }
    if !matches.weight.bound.pairs.is_empty() {
        let ranking = &collection.ranking;
        let best = top_docs(collection, found, &matches.scores, Sort::Relevance, ranking.close_depth)?;
        let close = measured(collection, matches, &best)?;
        add(matches, &best, close.iter().map(|close| ranking.close_pairs * close.pairs));
        step("closeness", &matches.scores);
        add(matches, &best, close.iter().map(|close| ranking.close_best_window * close.window));
        step("window", &matches.scores);
    }
    if let Some(half_life) = request.recency {
        fade(collection, matches, found, request.now.seconds(), half_life)?;
        step("recency", &matches.scores);
    }
    trace.steps = steps;
    Ok(trace)
}

/// The words that feedback adds, learnt from the best articles; `None` where they are too few to learn from.
fn learn(collection: &Collection<'_>, matches: &Matches, found: &[DocSet]) -> Result<Option<Vec<Learnt>>, EngineError> {
    let ranking = &collection.ranking;
    let mut best = top_docs(collection, found, &matches.scores, Sort::Relevance, ranking.feedback_candidates)?;
    if best.len() < 2 {
        return Ok(None);
    }
    if !matches.weight.bound.pairs.is_empty() {
        let close = measured(collection, matches, &best)?;
        for ((_, score), close) in best.iter_mut().zip(close) {
            *score += ranking.feedback_pairs * close.pairs + ranking.feedback_best_window * close.window;
        }
        best.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    }
    best.truncate(ranking.feedback_articles);
    let articles = collection.stored(&best)?.into_iter().map(|stored| stored.article);
    let best: Vec<_> = articles.zip(best.iter().map(|(_, score)| *score)).collect();
    let candidates = feedback::candidates(&mut collection.analyzer.borrow_mut(), &best, ranking);
    feedback::learn(collection, &candidates, ranking).map(Some)
}

/// Mixes the query's scores with those of the learnt words.
fn add_learnt(
    collection: &Collection<'_>,
    matches: &mut Matches,
    learnt: &[Learnt],
    found: &[DocSet],
) -> Result<(), EngineError> {
    let asked = matches.weight.bound.weight();
    let share = feedback::own_share(&matches.weight.bound, &collection.ranking);
    let mut added: Vec<Vec<f32>> = matches.scores.iter().map(|part| vec![0.0; part.len()]).collect();
    for (term, share) in learnt {
        let postings = collection.look_up(&Pattern::of_term(term), *share)?;
        for (number, added) in added.iter_mut().enumerate() {
            matches.weight.add_learnt(collection, number, &postings, added)?;
        }
    }
    for ((found, scores), added) in found.iter().zip(&mut matches.scores).zip(added) {
        for doc in found.iter() {
            let doc = doc as usize;
            scores[doc] = feedback::mixed(scores[doc], added[doc], asked, share);
        }
    }
    Ok(())
}

/// Adds to the scores of some articles.
fn add(matches: &mut Matches, articles: &[Scored], values: impl Iterator<Item = f32>) {
    for ((address, _), value) in articles.iter().zip(values) {
        matches.scores[address.segment_ord as usize][address.doc_id as usize] += value;
    }
}

/// How close the words of the query stand in each of these articles.
fn measured(
    collection: &Collection<'_>,
    matches: &Matches,
    articles: &[Scored],
) -> Result<Vec<Closeness>, EngineError> {
    let (ranking, pairs) = (&collection.ranking, &matches.weight.bound.pairs);
    let mut order: Vec<usize> = (0..articles.len()).collect();
    order.sort_unstable_by_key(|at| articles[*at].0);
    let addresses: Vec<DocAddress> = order.iter().map(|at| articles[*at].0).collect();
    let words = placed(collection, matches, &addresses)?;
    let mut out = vec![Closeness::default(); articles.len()];
    for (at, close) in order.into_iter().zip(closeness::measure(pairs, &words, addresses.len(), ranking)) {
        out[at] = close;
    }
    Ok(out)
}

/// The words of the query that tell most, and where they stand in these articles (in order of their addresses).
fn placed(
    collection: &Collection<'_>,
    matches: &Matches,
    articles: &[DocAddress],
) -> Result<Vec<PlacedWord>, EngineError> {
    let is_word = |pattern: &Pattern| pattern.part == Part::Any && pattern.is_one_word();
    let words = matches.weight.bound.wanted_leaves().filter(|(_, leaf)| is_word(&leaf.pattern));
    let mut words: Vec<PlacedWord> = words
        .map(|(leaf, _)| {
            let postings = matches.weight.leaf(leaf);
            PlacedWord { leaf, idf: postings.idf, weight: postings.weight, places: Places::default() }
        })
        .collect();
    words.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    words.truncate(collection.ranking.close_words);
    for of_segment in articles.chunk_by(|one, other| one.segment_ord == other.segment_ord) {
        let number = of_segment[0].segment_ord as usize;
        let docs: Vec<u32> = of_segment.iter().map(|address| address.doc_id).collect();
        let index = collection.segments()[number].inverted_index(collection.fields.text)?;
        for word in &mut words {
            let infos = matches.weight.leaf(word.leaf).infos(number);
            each_positions(&index, infos, &docs, |positions| word.places.push(positions))?;
        }
    }
    Ok(words)
}

/// Lets scores fall with the age of articles.
fn fade(
    collection: &Collection<'_>,
    matches: &mut Matches,
    found: &[DocSet],
    now: i64,
    half_life: f64,
) -> Result<(), EngineError> {
    for (number, (found, scores)) in found.iter().zip(&mut matches.scores).enumerate() {
        let published = collection.published(number)?;
        for doc in found.iter() {
            let age = published.first(doc).map(|at| now.saturating_sub(at).max(0) as f64 / DAY as f64);
            scores[doc as usize] *= collection.ranking.faded(age, half_life);
        }
    }
    Ok(())
}
