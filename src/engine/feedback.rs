//! Feedback: a short query is expanded by the words that its best articles use most (RM3; Abdul-Jaleel et al., "UMass at TREC
//! 2004"). It reorders what the query matched and adds nothing to it.

use std::collections::HashMap;

use super::bind::BoundQuery;
use super::error::EngineError;
use super::ranking::Ranking;
use super::statistics::Statistics;
use crate::analysis::{self, Analyzer, Shape};
use crate::article::Article;
use crate::query::pattern::is_stop_word;

/// Bytes that a learnt word has at least.
const SHORTEST: usize = 3;

/// A term that feedback adds, with its share; the shares of all add up to 1.
pub(super) type Learnt = (String, f32);

/// Whether feedback helps: the query is a brief row of plain words.
pub(super) fn helps(bound: &BoundQuery) -> bool {
    bound.plain && bound.brief && !bound.leaves.is_empty()
}

/// The words to add to a query, learnt from its best articles with their scores.
///
/// # Errors
///
/// Fails where the index cannot be read.
pub(super) fn learn(
    statistics: &dyn Statistics,
    analyzer: &mut Analyzer,
    best: &[(Article, f32)],
    ranking: &Ranking,
) -> Result<Vec<Learnt>, EngineError> {
    let mut shares: Vec<Learnt> = shares(analyzer, best, ranking).into_iter().collect();
    let by_share = |a: &Learnt, b: &Learnt| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0));
    // Some of those with the greatest shares are too common, so more are put in order than are wanted.
    let considered = 8 * ranking.feedback_words;
    if shares.len() > considered {
        shares.select_nth_unstable_by(considered, by_share);
        shares.truncate(considered);
    }
    shares.sort_by(by_share);
    let mut out: Vec<Learnt> = Vec::with_capacity(ranking.feedback_words);
    for (term, share) in shares {
        if out.len() == ranking.feedback_words {
            break;
        }
        if !is_common(statistics, &term, ranking)? {
            out.push((term, share));
        }
    }
    let sum: f32 = out.iter().map(|(_, share)| share).sum();
    out.iter_mut().for_each(|(_, share)| *share /= sum.max(f32::EPSILON));
    Ok(out)
}

/// The share of each term in the best articles, each article weighted by its score.
fn shares(analyzer: &mut Analyzer, best: &[(Article, f32)], ranking: &Ranking) -> HashMap<String, f32> {
    let top = best.iter().map(|(_, score)| *score).fold(f32::EPSILON, f32::max);
    let weight = |score: f32| (score / top).powi(ranking.feedback_sharpness);
    let total: f32 = best.iter().map(|(_, score)| weight(*score)).sum();
    let mut shares: HashMap<String, f32> = HashMap::new();
    for (article, score) in best {
        let texts = [&article.title, &article.text].map(|text| analysis::words(text));
        let length: usize = texts.iter().map(analysis::Words::len).sum();
        for words in &texts {
            let counts = analyzer.counts(words, |word, folded| word.shape != Shape::Number && !is_stop_word(folded));
            for (term, count) in counts.into_iter().filter(|(term, _)| term.len() >= SHORTEST) {
                *shares.entry(term).or_default() +=
                    weight(*score) / total.max(f32::EPSILON) * count as f32 / length.max(1) as f32;
            }
        }
    }
    shares
}

fn is_common(statistics: &dyn Statistics, term: &str, ranking: &Ranking) -> Result<bool, EngineError> {
    let articles = statistics.articles();
    Ok(statistics.frequency(term)? as f32 > ranking.feedback_common * articles && articles > ranking.feedback_few)
}

/// A score after feedback: that of the query's own words, whose weights add up to `asked`, mixed with that of the learnt words.
/// It keeps the scale of the query's own scores, so that a score means the same with and without feedback.
pub(super) fn mixed(own: f32, learnt: f32, asked: f32, ranking: &Ranking) -> f32 {
    ranking.feedback_own * own + (1.0 - ranking.feedback_own) * asked * learnt
}
