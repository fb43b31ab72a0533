//! Second looks at the best articles: feedback, closeness, recency.

use super::collection::{Collection, Scored};
use super::doc_set::DocSet;
use super::matches::Matches;
use super::phrase::positions;
use super::top_docs::top_docs;
use crate::engine::bind::LeafId;
use crate::engine::closeness::{self, Places};
use crate::engine::error::EngineError;
use crate::engine::feedback::{self, Learnt};
use crate::engine::period::DAY;
use crate::engine::request::{SearchRequest, Sort};
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
        add_closeness(collection, matches, found)?;
        step("closeness", &matches.scores);
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
    let best = top_docs(collection, found, &matches.scores, Sort::Relevance, ranking.feedback_articles)?;
    if best.len() < 2 {
        return Ok(None);
    }
    let articles = collection.stored(&best)?.into_iter().map(|stored| stored.article);
    let best: Vec<_> = articles.zip(best.iter().map(|(_, score)| *score)).collect();
    feedback::learn(collection, &mut collection.analyzer.borrow_mut(), &best, ranking).map(Some)
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
            matches.weight.add_term(collection, number, &postings, added)?;
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

/// Adds to the scores of the best articles where words stand side by side as in the query.
fn add_closeness(collection: &Collection<'_>, matches: &mut Matches, found: &[DocSet]) -> Result<(), EngineError> {
    let best = top_docs(collection, found, &matches.scores, Sort::Relevance, collection.ranking.close_depth)?;
    let pairs = &matches.weight.bound.pairs;
    let mut leaves: Vec<LeafId> = pairs.iter().flat_map(|pair| [pair.first, pair.second]).collect();
    leaves.sort_unstable();
    leaves.dedup();
    let places = places(collection, matches, &leaves, &best)?;
    let mut scores: Vec<f32> = best.iter().map(|(_, score)| *score).collect();
    let idf = |leaf| matches.weight.leaf(leaf).idf;
    closeness::add(pairs, idf, &places, &mut scores, &collection.ranking);
    for ((address, _), score) in best.iter().zip(scores) {
        matches.scores[address.segment_ord as usize][address.doc_id as usize] = score;
    }
    Ok(())
}

/// For each article, where the words of these leaves stand in it.
fn places(
    collection: &Collection<'_>,
    matches: &Matches,
    leaves: &[LeafId],
    articles: &[Scored],
) -> Result<Vec<Places>, EngineError> {
    let mut places = vec![Places::new(); articles.len()];
    for (number, segment) in collection.segments().iter().enumerate() {
        let mut docs: Vec<(u32, usize)> = articles
            .iter()
            .enumerate()
            .filter(|(_, (address, _))| address.segment_ord as usize == number)
            .map(|(at, (address, _))| (address.doc_id, at))
            .collect();
        docs.sort_unstable();
        let ids: Vec<u32> = docs.iter().map(|(doc, _)| *doc).collect();
        let index = segment.inverted_index(collection.fields.text)?;
        for leaf in leaves {
            let found = positions(&index, matches.weight.leaf(*leaf).infos(number), &ids)?;
            for ((_, at), positions) in docs.iter().zip(found) {
                places[*at].insert(*leaf, positions);
            }
        }
    }
    Ok(places)
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
