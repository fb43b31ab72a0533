//! The parameters of ranking, all in one place.
//!
//! Scores are BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with a share
//! for titles; queries are expanded by RM3 feedback (Abdul-Jaleel et al., "UMass at TREC 2004"), and the best articles are
//! looked at again for words of the query that stand near one another.
//!
//! Each parameter names the range that was tried and its effect on nDCG@10: first over 997 posts that ask for one of
//! 10,375 short fact-checks (.863 with the defaults of that time, .878 now), then over the 88 judged needs of the bundled
//! corpus (.889 at that time, .938 now). All other parameters kept their defaults. The bundled corpus is small: differences
//! below .01 there say nothing. Most posts are long queries over short texts, for which there is no feedback, so that they
//! say nothing of it. "Topics" are 240 queries of two or three words that are neighbours in the titles of 4 to 40 of 2,721
//! releases of a government, which are to be found without their titles (.457); feedback was tried on these and the
//! corpus alone. "=" means no difference beyond .001.

use crate::passage::Scoring;

/// Every parameter of ranking. [`Ranking::default`] is what searches use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranking {
    /// BM25 `k1`: how slowly further occurrences of a word lose weight, for brief queries.
    /// Tried .8 to 1.8: =; .886 to .897.
    pub(super) k1: f32,
    /// BM25 `b`, 0 to 1: how much long articles lose for their length, for brief queries.
    /// Tried .3 to .9: =; .884 to .894.
    pub(super) b: f32,
    /// BM25 `b` for long queries: long articles contain some of many query words by chance.
    /// Tried .5 to .95: =; no need of the corpus is long.
    pub(super) long_b: f32,
    /// BM25 `k1` for long queries: `(words an article has on average, k1)` at the two ends, linear between them. In short
    /// texts a word stands twice by chance, in long ones it says what they are about.
    /// The low end tried at .5 and 1.6: .861, .860. The high end, which short texts do not
    /// reach, was chosen on long news articles.
    pub(super) long_k1: [(f32, f32); 2],
    /// BM25 `b` of titles.
    /// Tried 0 to 1: =; =.
    pub(super) title_b: f32,
    /// Weight of a match in the title, as a share of the word's weight in the whole text.
    /// Tried 0 to .6: 0 and .05 =, .3 .860, .6 .856; .885, .886, .904, .921. What titles gain
    /// in the corpus, whose titles are its own, they lose elsewhere.
    pub(super) title_weight: f32,
    /// A query of at most this many different words and phrases is brief.
    /// Tried 4 and 12: =; .885 and =.
    pub(super) brief: usize,
    /// What a compound (`Iran-Iraq`) as a whole loses of its weight of 1, as its parts count too.
    /// Tried 0 and 1: .862, .862; =.
    pub(super) compound_loss: f32,
    /// Closeness: articles that are looked at again.
    /// Tried 100 and 500: =; =; topics =. The more, the longer a search takes.
    pub(super) close_depth: usize,
    /// Closeness: words of a query, those of the greatest weight, that are looked for. Bounds the time that a pasted text takes.
    /// Not measured: few queries that were tried have as many.
    pub(super) close_words: usize,
    /// Closeness: positions within which two words are near one another, in any order.
    /// Tried 4 and 16: =; .937, .941; topics .452, .448.
    pub(super) close_reach: u32,
    /// Closeness: words of a window.
    /// Tried 50 and 150: =; .936 and =; topics .455, .454.
    pub(super) close_window: u32,
    /// Closeness: weight of two words that are neighbours in the query, as a share of their mean idf: side by side, and once more
    /// within `close_reach`.
    /// Tried .05 and .2: =, .876; =, .940; topics .455, .458. Without it and without windows: =; =; topics .450.
    pub(super) close_pairs: f32,
    /// Closeness: weight of the best window.
    /// Tried 0 and .2: .879, .877; =; topics .455, .455.
    pub(super) close_best_window: f32,
    /// Feedback: best articles by their words, from which the articles to learn from are chosen.
    /// Tried 50 and 100: =; topics .445, .447.
    pub(super) feedback_candidates: usize,
    /// Feedback: weight of neighbours in the choice of these articles, as `close_pairs`.
    /// Tried .1 and .3: =, .937; topics .444, .458. None, and no window either: .946; topics .441.
    pub(super) feedback_pairs: f32,
    /// Feedback: weight of the best window in the choice of these articles.
    /// Tried 0, .1 and .4: .942, .941, .936; topics =, .453, .450. Not 0, as reports of a news
    /// agency (another collection) gained with .4.
    pub(super) feedback_best_window: f32,
    /// Feedback: articles from which words are learnt.
    /// Tried 10, 20 and 30: =, .942, .941; topics .446, .454, .442.
    pub(super) feedback_articles: usize,
    /// Feedback: an article counts by its share of the best score to this power.
    /// Tried 3 and 5: .933, .941; topics .455, =.
    pub(super) feedback_sharpness: i32,
    /// Feedback: words that are added to the query, at most.
    /// Tried 20, 60 and 80: .940, =, .933; topics .448, .454, .454.
    pub(super) feedback_words: usize,
    /// Feedback: a word is added only if its share times its idf is at least this part of that of the best. What is
    /// below costs time and changes next to nothing.
    /// Tried 0: =; topics =.
    pub(super) feedback_least: f32,
    /// Feedback: a word in more than this share of all articles is not added.
    /// Tried .05 and .2: .933, =; topics .440, .458.
    pub(super) feedback_common: f32,
    /// Feedback: up to this many articles no word is too common.
    /// Corpus: tried 0: =.
    pub(super) feedback_few: f32,
    /// Feedback: the share of the query's own words in the score (RM3's lambda), 0 to 1.
    /// Tried .3, .4 and .6: .941, =, =; topics .442, .449, .458.
    pub(super) feedback_own: f32,
    /// Feedback: as `feedback_own`, for queries that are not brief, which say more themselves.
    /// Sentences and titles (400 each) that ask for the other half of their own release of a government: nDCG@10 .225
    /// and .376 without feedback for such queries, .232 and .370 with it. Tried .6 and .7: .225 and .362, .229 and .366.
    /// Sentences that stand in the text as they are lose .008 with it, as feedback looks for other words.
    pub(super) feedback_own_long: f32,
    /// Feedback: a query that is not brief has it only where articles have this many words on average.
    /// Tried 0: .869 for .879 on the fact-checks, which have some 20 words; the corpus has few such queries.
    pub(super) feedback_length: f32,
    /// Recency: the share of a score that age cannot take, 0 to 1.
    /// Not measured: no judged needs ask for what is new.
    pub(super) ageless: f32,
    /// Similar articles: words of the article that are searched for.
    /// Not measured, as the two below: no judgements of similar articles.
    pub(super) similar_words: usize,
    /// Similar articles: a word of the title counts as this many occurrences in the text.
    pub(super) similar_title: u32,
    /// Similar articles: the least share of the words, by weight, that a similar article has, 0 to 1.
    pub(super) similar_share: f32,
    /// Passages: what words of the query add to the score.
    /// Not measured, as the two below: no judgements of passages.
    pub(super) passages: Scoring,
    /// Passages: what each mention of a requested actor adds to the score, for at most `passage_actors` mentions.
    pub(super) passage_actor: f32,
    /// Passages: mentions of a requested actor that count, at most.
    pub(super) passage_actors: f32,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            k1: 1.2,
            b: 0.6,
            long_b: 0.75,
            long_k1: [(50.0, 0.9), (500.0, 2.0)],
            title_b: 0.5,
            title_weight: 0.1,
            brief: 7,
            compound_loss: 0.5,
            close_depth: 200,
            close_words: 40,
            close_reach: 8,
            close_window: 75,
            close_pairs: 0.1,
            close_best_window: 0.1,
            feedback_candidates: 200,
            feedback_pairs: 0.2,
            feedback_best_window: 0.2,
            feedback_articles: 15,
            feedback_sharpness: 4,
            feedback_words: 40,
            feedback_least: 0.05,
            feedback_common: 0.1,
            feedback_few: 100.0,
            feedback_own: 0.5,
            feedback_own_long: 0.8,
            feedback_length: 100.0,
            ageless: 0.5,
            similar_words: 30,
            similar_title: 3,
            similar_share: 0.15,
            passages: Scoring::default(),
            passage_actor: 0.5,
            passage_actors: 2.0,
        }
    }
}

impl Ranking {
    /// BM25 `k1` for long queries over articles of this many words on average.
    pub(super) fn long_k1(&self, average: f32) -> f32 {
        let [(short, low), (long, high)] = self.long_k1;
        (low + (high - low) * (average - short) / (long - short)).clamp(low, high)
    }

    /// What is left of a score after this many days (`None`: undated, which counts as old): the part that age can take is
    /// halved in every half-life.
    pub(super) fn faded(&self, age: Option<f64>, half_life: f64) -> f32 {
        let fresh = age.map_or(0.0, |age| (-age / half_life).exp2());
        (f64::from(self.ageless) + f64::from(1.0 - self.ageless) * fresh) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_score_fades_with_age_and_half_stays() {
        let ranking = Ranking::default();
        assert_eq!(ranking.faded(Some(0.0), 30.0), 1.0);
        assert_eq!(ranking.faded(Some(30.0), 30.0), 0.75);
        assert_eq!(ranking.faded(Some(60.0), 30.0), 0.625);
        assert_eq!(ranking.faded(None, 30.0), 0.5);
    }

    #[test]
    fn long_queries_trust_repetition_more_in_long_articles() {
        let ranking = Ranking { long_k1: [(100.0, 1.0), (300.0, 2.0)], ..Ranking::default() };
        let all = [20.0, 100.0, 150.0, 300.0, 900.0].map(|average| ranking.long_k1(average));
        assert_eq!(all, [1.0, 1.0, 1.25, 2.0, 2.0]);
    }
}
