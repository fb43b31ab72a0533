//! Exact scores of the best articles, from their texts: where the cluster's own are only about those of the local index.
//!
//! That is so for patterns, words as written, words near one another, and for long queries, which judge lengths
//! otherwise.

use std::collections::BTreeSet;

use super::best::Found;
use super::remote::Remote;
use super::scores::{Scores, StandFor, stands_for_others};
use crate::analysis::{self, Words, form};
use crate::archive::Stored;
use crate::engine::bind::{BoundQuery, LeafId};
use crate::engine::bm25::LengthNorms;
use crate::engine::error::EngineError;
use crate::engine::feedback::{self, Learnt};
use crate::engine::statistics::Statistics;
use crate::fence;
use crate::query::Part;
use crate::query::pattern::{Matcher, Pattern, Terms};

/// Articles that are scored anew, at least where there are as many.
pub(super) const DEPTH: usize = 300;

/// A query that is scored here.
pub(super) struct Exact<'a> {
    remote: &'a Remote<'a>,
    bound: &'a BoundQuery,
    scores: &'a Scores<'a>,
    /// The wanted leaves; behind them the learnt words.
    patterns: Vec<Pattern>,
    leaves: Vec<LeafId>,
    learnt: Vec<f32>,
    /// For each leaf that stands for other words, and each of its places, an empty set for the words that articles have there.
    seen: Vec<Option<Vec<BTreeSet<String>>>>,
    text: LengthNorms,
    title: LengthNorms,
    brief: LengthNorms,
}

impl<'a> Exact<'a> {
    /// A query with the words that feedback added to it.
    pub(super) fn new(
        remote: &'a Remote<'a>,
        bound: &'a BoundQuery,
        scores: &'a Scores<'a>,
        learnt: &[Learnt],
    ) -> Result<Self, EngineError> {
        let (ranking, [text, title]) = (&remote.ranking, remote.state.averages);
        let (b, k1) = match bound.brief {
            true => (ranking.b, ranking.k1),
            false => (ranking.long_b, ranking.long_k1(text)),
        };
        let terms: Vec<&str> = learnt.iter().map(|(term, _)| term.as_str()).collect();
        let found = remote.frequencies(&terms)?;
        let leaves: Vec<LeafId> = bound.wanted_leaves().map(|(id, _)| id).collect();
        let mut patterns: Vec<Pattern> = leaves.iter().map(|id| bound.leaf(*id).pattern.clone()).collect();
        patterns.extend(terms.iter().map(|term| Pattern::of_term(term)));
        let stands = |id: &LeafId| {
            let pattern = &bound.leaf(*id).pattern;
            stands_for_others(pattern).then(|| vec![BTreeSet::new(); pattern.slots.len()])
        };
        Ok(Self {
            remote,
            bound,
            scores,
            seen: leaves.iter().map(stands).collect(),
            patterns,
            leaves,
            learnt: learnt.iter().zip(found).map(|((_, share), found)| share * remote.idf(found)).collect(),
            text: LengthNorms::new(text, b, k1, ranking.k1),
            title: LengthNorms::new(title, ranking.title_b, ranking.k1, ranking.k1),
            brief: LengthNorms::new(text, ranking.b, ranking.k1, ranking.k1),
        })
    }

    /// Replaces the scores of these articles by those of the local index. Returns, for each leaf with a pattern or a typing
    /// error, the words that the articles have for it.
    pub(super) fn rescore(&self, found: &mut [Found]) -> Result<StandFor, EngineError> {
        let matcher = Matcher::new(&self.patterns);
        let mut seen = self.seen.clone();
        for one in found {
            fence::check();
            let stored = self.remote.archive.borrow_mut().by_seq(one.seq)?;
            one.score = self.score(&matcher, &stored, one, &mut seen);
        }
        Ok(self.leaves.iter().copied().zip(seen).filter_map(|(leaf, seen)| Some((leaf, seen?))).collect())
    }

    fn score(
        &self,
        matcher: &Matcher<'_>,
        stored: &Stored,
        found: &Found,
        seen: &mut [Option<Vec<BTreeSet<String>>>],
    ) -> f32 {
        let article = &stored.article;
        let mut analyzer = self.remote.analyzer.borrow_mut();
        let mut counts = vec![[0u32; 2]; self.patterns.len()];
        for (at, (part, text)) in [(Part::Title, &article.title), (Part::Body, &article.text)].into_iter().enumerate() {
            let words: Words = analysis::words(text);
            for found in matcher.find(part, text, &words, Terms::Analysed(&mut analyzer)) {
                counts[found.pattern][at] += 1;
                for (seen, word) in seen.get_mut(found.pattern).into_iter().flatten().flatten().zip(&found.words) {
                    let word = &words.as_slice()[*word];
                    let written = &text[word.start as usize..word.end as usize];
                    seen.insert(form(words.folded(word), written));
                }
            }
        }
        for (pattern, counts) in self.patterns.iter().zip(&mut counts).filter(|(one, _)| one.part == Part::Byline) {
            counts[1] = article.byline.iter().map(|name| in_line(pattern, name, &mut analyzer)).sum();
        }
        let own = self.own(&counts, found);
        if self.learnt.is_empty() {
            return own;
        }
        let learnt = counts[self.leaves.len()..].iter().zip(&self.learnt);
        let learnt =
            learnt.map(|([title, body], weight)| self.scored(&self.brief, title + body, found.lengths[0], *weight));
        let share = feedback::own_share(self.bound, &self.remote.ranking);
        feedback::mixed(own, learnt.sum(), self.bound.weight(), share)
    }

    /// The score by the query's own words.
    fn own(&self, counts: &[[u32; 2]], found: &Found) -> f32 {
        let mut sum = 0.0;
        for (id, [title, body]) in self.leaves.iter().zip(counts) {
            let leaf = self.bound.leaf(*id);
            let weight = leaf.weight * self.scores.idf[id.0];
            let count = match title + body {
                0 if self.scores.names(*id, &found.values) => 1,
                count => count,
            };
            sum += self.scored(&self.text, count, found.lengths[0], weight);
            let in_title = leaf.pattern.slots.len() == 1
                && !leaf.pattern.slots[0].is_written()
                && matches!(leaf.pattern.part, Part::Any | Part::Title);
            if in_title {
                let weight = self.remote.ranking.title_weight * weight;
                sum += self.scored(&self.title, *title, found.lengths[1], weight);
            }
        }
        sum
    }

    fn scored(&self, norms: &LengthNorms, count: u32, length: u32, weight: f32) -> f32 {
        if count == 0 { 0.0 } else { norms.score(count, length, weight) }
    }
}

/// How often a pattern of bylines stands in a name.
fn in_line(pattern: &Pattern, name: &str, analyzer: &mut analysis::Analyzer) -> u32 {
    let anywhere = Pattern { part: Part::Any, ..pattern.clone() };
    let words = analysis::words(name);
    let one = std::slice::from_ref(&anywhere);
    Matcher::new(one).find(Part::Body, name, &words, Terms::Analysed(analyzer)).len() as u32
}
