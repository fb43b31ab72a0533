//! Feedback: a query is expanded by the words that its best articles use most (RM3; Abdul-Jaleel et al., "UMass at TREC
//! 2004"). It reorders what the query matched and adds nothing to it.

use rustc_hash::FxHashMap;

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

/// Whether feedback helps: the query is a row of plain words, and a brief one where articles have few words (`average`), as
/// their other words are then those of one event.
pub(super) fn helps(bound: &BoundQuery, average: f32, ranking: &Ranking) -> bool {
    bound.plain && !bound.leaves.is_empty() && (bound.brief || average >= ranking.feedback_length)
}

/// A term of the best articles that may be learnt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) term: String,
    /// Its share in these articles, each weighted by its score.
    share: f32,
    /// The place of an article that has it among them.
    pub(super) article: usize,
}

/// The terms with the greatest shares in the best articles of a query, which have these scores.
pub(super) fn candidates(analyzer: &mut Analyzer, best: &[(Article, f32)], ranking: &Ranking) -> Vec<Candidate> {
    let mut shares = shares(analyzer, best, ranking);
    let by_share = |a: &Candidate, b: &Candidate| b.share.total_cmp(&a.share).then_with(|| a.term.cmp(&b.term));
    // Some of those with the greatest shares are too common, so more are put in order than are wanted.
    let considered = 8 * ranking.feedback_words;
    if shares.len() > considered {
        shares.select_nth_unstable_by(considered, by_share);
        shares.truncate(considered);
    }
    shares.sort_by(by_share);
    shares
}

/// The words to add to a query, out of those that its best articles give.
///
/// # Errors
///
/// Fails where the index cannot be read.
pub(super) fn learn(
    statistics: &dyn Statistics,
    candidates: &[Candidate],
    ranking: &Ranking,
) -> Result<Vec<Learnt>, EngineError> {
    let mut out: Vec<(Learnt, f32)> = Vec::with_capacity(ranking.feedback_words);
    for some in candidates.chunks(ranking.feedback_words.max(1)) {
        let terms: Vec<&str> = some.iter().map(|one| one.term.as_str()).collect();
        for (Candidate { term, share, .. }, found) in some.iter().zip(statistics.frequencies(&terms)?) {
            if !is_common(statistics, found, ranking) {
                out.push(((term.clone(), *share), share * statistics.idf(found)));
            }
        }
        if out.len() >= ranking.feedback_words {
            break;
        }
    }
    out.truncate(ranking.feedback_words);
    let most = out.iter().map(|(_, worth)| *worth).fold(0.0, f32::max);
    out.retain(|(_, worth)| *worth >= ranking.feedback_least * most);
    let mut out: Vec<Learnt> = out.into_iter().map(|(learnt, _)| learnt).collect();
    let sum: f32 = out.iter().map(|(_, share)| share).sum();
    out.iter_mut().for_each(|(_, share)| *share /= sum.max(f32::EPSILON));
    Ok(out)
}

/// Every term of the best articles.
fn shares(analyzer: &mut Analyzer, best: &[(Article, f32)], ranking: &Ranking) -> Vec<Candidate> {
    let top = best.iter().map(|(_, score)| *score).fold(f32::EPSILON, f32::max);
    let weight = |score: f32| (score / top).powi(ranking.feedback_sharpness);
    let total: f32 = best.iter().map(|(_, score)| weight(*score)).sum();
    let mut shares: FxHashMap<String, (f32, usize)> = FxHashMap::default();
    for (at, (article, score)) in best.iter().enumerate() {
        let texts = [&article.title, &article.text].map(|text| analysis::words(text));
        let length: usize = texts.iter().map(analysis::Words::len).sum();
        for words in &texts {
            let counts = analyzer.counts(words, |word, folded| word.shape != Shape::Number && !is_stop_word(folded));
            for (term, count) in counts.into_iter().filter(|(term, _)| term.len() >= SHORTEST) {
                shares.entry(term).or_insert((0.0, at)).0 +=
                    weight(*score) / total.max(f32::EPSILON) * count as f32 / length.max(1) as f32;
            }
        }
    }
    shares.into_iter().map(|(term, (share, article))| Candidate { term, share, article }).collect()
}

fn is_common(statistics: &dyn Statistics, found: u64, ranking: &Ranking) -> bool {
    let articles = statistics.articles();
    found as f32 > ranking.feedback_common * articles && articles > ranking.feedback_few
}

/// A score after feedback: that of the query's own words, whose weights add up to `asked`, with this share, mixed with that of
/// the learnt words.
/// It keeps the scale of the query's own scores, so that a score means the same with and without feedback.
pub(super) fn mixed(own: f32, learnt: f32, asked: f32, share: f32) -> f32 {
    share * own + (1.0 - share) * asked * learnt
}

/// The share of the query's own words in the score.
pub(super) fn own_share(bound: &BoundQuery, ranking: &Ranking) -> f32 {
    if bound.brief { ranking.feedback_own } else { ranking.feedback_own_long }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::bind::Leaf;
    use crate::query::pattern::Pattern;
    use crate::query::{Mode, Part, Text};

    /// A thousand articles: the given terms are in 101 of them, every other term in 100.
    struct Counted(&'static [&'static str]);

    impl Statistics for Counted {
        fn articles(&self) -> f32 {
            1000.0
        }

        fn frequency(&self, term: &str) -> Result<u64, EngineError> {
            Ok(if self.0.contains(&term) { 101 } else { 100 })
        }
    }

    fn article(title: &str, text: &str) -> Article {
        Article { title: title.to_owned(), text: text.to_owned(), ..Article::default() }
    }

    #[test]
    fn words_are_learnt_by_their_share_in_the_best_articles() {
        // The second article has half of the best score, so it counts a sixteenth.
        let best = [(article("ferry", "ferry the 1200 harbour of"), 8.0), (article("pilot", "ox pilot"), 4.0)];
        let learn = |common, words| {
            let ranking = Ranking { feedback_words: words, feedback_sharpness: 4, ..Ranking::default() };
            learn(&Counted(common), &candidates(&mut Analyzer::new(), &best, &ranking), &ranking).unwrap()
        };
        let words = |learnt: &[Learnt]| learnt.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>();
        let all = learn(&[], 10);
        assert_eq!(words(&all), ["ferri", "harbor", "pilot"], "no stop word, no number, nothing of two letters");
        assert!((all.iter().map(|(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-6);
        // ferry: 16/17 * 2/6, harbour: 16/17 * 1/6, pilot: 1/17 * 2/3
        assert!((all[0].1 / all[1].1 - 2.0).abs() < 1e-5 && (all[1].1 / all[2].1 - 4.0).abs() < 1e-5, "{all:?}");
        assert_eq!(words(&learn(&["ferri"], 10)), ["harbor", "pilot"], "more than a tenth of the articles have it");
        assert_eq!(words(&learn(&[], 1)), ["ferri"]);
    }

    #[test]
    fn words_that_would_change_next_to_nothing_are_left_out() {
        let best = [(article("", "ferry ferry ferry ferry harbour"), 8.0), (article("", "ferry pilot"), 8.0)];
        let words = |least: f32| {
            let ranking = Ranking { feedback_least: least, ..Ranking::default() };
            let learnt = learn(&Counted(&[]), &candidates(&mut Analyzer::new(), &best, &ranking), &ranking).unwrap();
            assert!((learnt.iter().map(|(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-6);
            learnt.into_iter().map(|(word, _)| word).collect::<Vec<_>>()
        };
        // ferry: 4/5 and 1/2, pilot: 1/2, harbour: 1/5
        assert_eq!(words(0.1), ["ferri", "pilot", "harbor"]);
        assert_eq!(words(0.3), ["ferri", "pilot"]);
        assert_eq!(words(0.5), ["ferri"]);
    }

    #[test]
    fn a_score_after_feedback_keeps_its_scale() {
        assert_eq!(mixed(4.0, 0.5, 3.0, 0.75), 0.75 * 4.0 + 0.25 * 3.0 * 0.5);
    }

    #[test]
    fn a_long_query_has_feedback_where_articles_are_long_and_trusts_itself_more() {
        let ranking = Ranking { feedback_own: 0.5, feedback_own_long: 0.75, ..Ranking::default() };
        let text = Text { part: Part::Any, text: "ferry".to_owned(), mode: Mode::Word };
        let leaf = Leaf { pattern: Pattern::of_term("ferri"), text, weight: 1.0 };
        let query =
            |brief: bool| BoundQuery { plain: true, brief, leaves: vec![leaf.clone()], ..BoundQuery::default() };
        assert!(helps(&query(true), 20.0, &ranking) && helps(&query(false), 100.0, &ranking));
        assert!(!helps(&query(false), 20.0, &ranking), "articles of few words");
        assert!(!helps(&BoundQuery { plain: false, ..query(true) }, 300.0, &ranking));
        assert!(!helps(&BoundQuery { leaves: Vec::new(), ..query(true) }, 300.0, &ranking));
        assert_eq!([true, false].map(|brief| own_share(&query(brief), &ranking)), [0.5, 0.75]);
    }
}
