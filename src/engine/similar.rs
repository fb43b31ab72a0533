//! More like an article: its telling words as a query.

use std::collections::HashMap;

use super::bind::{BoundNode, BoundQuery, Leaf, LeafId};
use super::error::EngineError;
use super::ranking::Ranking;
use super::statistics::Statistics;
use crate::analysis::{self, Analyzer, Shape};
use crate::article::Article;
use crate::query::pattern::{Pattern, is_stop_word};
use crate::query::{Mode, Part, Text};

/// The words that distinguish an article: frequent in it and rare in the collection. A word that only the copies of its story
/// have is left out; `copies` is their number.
pub(super) fn telling(
    statistics: &dyn Statistics,
    analyzer: &mut Analyzer,
    (article, copies): (&Article, u64),
    ranking: &Ranking,
) -> Result<Vec<Leaf>, EngineError> {
    let mut counts: HashMap<String, (u32, String)> = HashMap::new();
    for (text, times) in [(&article.title, ranking.similar_title), (&article.text, 1)] {
        let words = analysis::words(text);
        analyzer.terms(&words, |word, term| {
            let folded = words.folded(word);
            if word.shape != Shape::Number && term.len() > 1 && !is_stop_word(folded) {
                counts.entry(term.to_owned()).or_insert_with(|| (0, folded.to_owned())).0 += times;
            }
        });
    }
    let terms: Vec<&str> = counts.keys().map(String::as_str).collect();
    let found = statistics.frequencies(&terms)?;
    let leaf = |(term, found): (&str, u64)| {
        let (count, folded) = &counts[term];
        let weight = 1.0 + (*count as f32).ln();
        let text = Text { part: Part::Any, text: folded.clone(), mode: Mode::Word };
        (weight * statistics.idf(found), Leaf { text, pattern: Pattern::of_term(term), weight })
    };
    let mut leaves: Vec<(f32, Leaf)> =
        terms.into_iter().zip(found).filter(|(_, found)| *found > copies).map(leaf).collect();
    leaves.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.text.cmp(&b.1.text.text)));
    Ok(leaves.into_iter().take(ranking.similar_words).map(|(_, leaf)| leaf).collect())
}

/// The query that asks for any of these words; the filters are those of the bound query. The words are not a reader's: lengths
/// and frequencies are judged as for the empty query that was bound.
pub(super) fn any_of(leaves: Vec<Leaf>, bound: BoundQuery) -> BoundQuery {
    let root = BoundNode::Row {
        must: Vec::new(),
        should: (0..leaves.len()).map(|number| BoundNode::Leaf(LeafId(number))).collect(),
        not: Vec::new(),
        words: Vec::new(),
    };
    BoundQuery { root, leaves, ..bound }
}

/// The query as it is told to the user.
pub(super) fn understood(bound: &BoundQuery) -> String {
    bound.leaves.iter().map(|leaf| leaf.text.text.as_str()).collect::<Vec<_>>().join(" ")
}
