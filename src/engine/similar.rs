//! More like this: an article's telling words as a query.

use std::collections::HashMap;

use super::exec::Executor;
use super::local::{Best, LocalEngine, Outcome};
use super::plan::{Leaf, Plan};
use super::{EngineError, SearchRequest, SearchResponse, Sort};
use crate::analysis::{self, Shape};
use crate::article::Article;
use crate::query::pattern::{Alternative, Pattern, Slot, is_stop_word};
use crate::query::{Mode, Part, Query, Text};

/// Words of the article that are looked for.
const WORDS: usize = 30;
/// A word of the title counts as so many in the text.
const TITLE: u32 = 3;
/// The share of the words, by weight, that a similar article has at least.
const SHARED: f32 = 0.15;

impl LocalEngine<'_> {
    /// The articles most like one.
    pub(super) fn more_like(&mut self, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        let stored = self.archive.borrow_mut().by_id(id)?;
        let own = self.archive.borrow().copies(stored.group)?.max(1);
        let leaves = self.telling(&stored.article, own)?;
        let mut outcome = self.carry_out(Query::default(), &request.filters, false)?;
        let executor = Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?;
        let ready = executor.ready(&leaves)?;
        let mut prepared = std::mem::take(&mut outcome.prepared); // with the values that the filters name
        prepared.leaves = leaves;
        let plan = Plan::Row {
            must: Vec::new(),
            should: (0..prepared.leaves.len()).map(Plan::Leaf).collect(),
            not: Vec::new(),
        };
        let asked: f32 = ready.iter().map(|ready| ready.weight).sum();
        let (mut matched, mut scores) = (Vec::new(), Vec::new());
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let mut part = vec![0.0; segment.max_doc() as usize];
            let mut bits = executor.segment(number as u32, &plan, &prepared, &ready, Some(&mut part))?;
            let mut held = vec![0.0f32; segment.max_doc() as usize];
            for (leaf, one) in ready.iter().enumerate() {
                let has = executor.segment(number as u32, &Plan::Leaf(leaf), &prepared, &ready, None)?;
                has.iter().for_each(|doc| held[doc as usize] += one.weight);
            }
            let (groups, numbers) = (segment.fast_fields().u64("group")?, segment.fast_fields().u64("num")?);
            for doc in bits.iter().collect::<Vec<_>>() {
                // The first article of a group does not name it: its own number does.
                if groups.first(doc).or_else(|| numbers.first(doc)) == Some(stored.group)
                    || held[doc as usize] < SHARED * asked
                {
                    bits.unset(doc);
                }
            }
            matched.push(bits);
            scores.push(part);
        }
        let words: Vec<&str> = prepared.leaves.iter().map(|leaf| leaf.text.text.as_str()).collect();
        let outcome = Outcome { understood: words.join(" "), prepared, ready, matched, scores, plan, ..outcome };
        let request = SearchRequest { feedback: false, sort: Sort::Relevance, ..request.clone() };
        let best: Best = self.select(outcome, &request)?;
        self.answer(best, &request)
    }

    /// The words that tell an article from others: frequent in it, rare in the index, and in others than its `own` copies.
    fn telling(&mut self, article: &Article, own: u64) -> Result<Vec<Leaf>, EngineError> {
        let mut counts: HashMap<String, (u32, String)> = HashMap::new();
        for (text, times) in [(&article.title, TITLE), (&article.text, 1)] {
            let words = analysis::words(text);
            self.analyzer.terms(&words, |word, term| {
                let folded = words.folded(word);
                if word.shape != Shape::Number && term.len() > 1 && !is_stop_word(folded) {
                    counts.entry(term.to_owned()).or_insert_with(|| (0, folded.to_owned())).0 += times;
                }
            });
        }
        let executor = Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?;
        let mut leaves: Vec<(f32, Leaf)> = Vec::new();
        for (term, (count, folded)) in counts {
            if executor.frequency(&term)? <= own {
                continue;
            }
            let slots = vec![Slot { any: vec![Alternative::Term(term)], offset: 0 }];
            let pattern = Pattern { part: Part::Any, slots, near: None };
            let weight = 1.0 + (count as f32).ln();
            let telling = executor.ready_one(&pattern, weight)?.weight;
            let text = Text { part: Part::Any, text: folded, mode: Mode::Word };
            leaves.push((telling, Leaf { text, pattern, weight }));
        }
        leaves.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.text.cmp(&b.1.text.text)));
        Ok(leaves.into_iter().take(WORDS).map(|(_, leaf)| leaf).collect())
    }
}
