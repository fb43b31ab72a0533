//! More like this: the telling words of an article as a query.

use std::collections::HashMap;

use super::collection::Collection;
use super::matches::Matches;
use super::search::Selection;
use super::segment::matching;
use super::weight::Weight;
use crate::analysis::{self, Shape};
use crate::archive::{GroupNum, Stored};
use crate::engine::bind::{BoundNode, Leaf, LeafId, bind};
use crate::engine::error::EngineError;
use crate::engine::request::{SearchRequest, Sort};
use crate::engine::response::SearchResponse;
use crate::engine::statistics::Statistics;
use crate::query::pattern::{Pattern, is_stop_word};
use crate::query::{Mode, Part, Query, Text};

/// The articles most like one.
pub(super) fn similar(
    collection: &Collection<'_>,
    id: &str,
    request: &SearchRequest,
) -> Result<SearchResponse, EngineError> {
    let stored = collection.archive.borrow_mut().by_id(id)?;
    let leaves = telling(collection, &stored)?;
    let mut analyzer = collection.analyzer.borrow_mut();
    let filters = &request.filters;
    let mut bound = bind(&Query::default(), filters, &collection.names(), &mut analyzer, &collection.ranking)?;
    drop(analyzer);
    // The words are not a reader's: lengths and frequencies are judged as for the empty query that was bound.
    bound.root = BoundNode::Row {
        must: Vec::new(),
        should: (0..leaves.len()).map(|number| BoundNode::Leaf(LeafId(number))).collect(),
        not: Vec::new(),
        words: Vec::new(),
    };
    bound.leaves = leaves;
    let words: Vec<&str> = bound.leaves.iter().map(|leaf| leaf.text.text.as_str()).collect();
    let understood = words.join(" ");
    let weight = Weight::new(collection, bound)?;
    let mut matches = Matches::of_weight(collection, Query::default(), weight, true)?;
    matches.understood = understood;
    keep_similar(collection, &mut matches, stored.group)?;
    let request = SearchRequest { feedback: false, sort: Sort::Relevance, ..request.clone() };
    Selection::of_matches(collection, matches, &request)?.respond(collection, &request)
}

/// Drops the copies of a story, and articles with too small a share of the words.
fn keep_similar(collection: &Collection<'_>, matches: &mut Matches, story: GroupNum) -> Result<(), EngineError> {
    let weight = &matches.weight;
    let leaves: Vec<(LeafId, f32)> = weight.bound.wanted_leaves().map(|(id, _)| (id, weight.leaf(id).weight)).collect();
    let asked: f32 = leaves.iter().map(|(_, weight)| weight).sum();
    let mut held: Vec<Vec<f32>> =
        collection.segments().iter().map(|segment| vec![0.0; segment.max_doc() as usize]).collect();
    for (id, one) in leaves {
        let found = matching(weight, collection, &BoundNode::Leaf(id))?;
        for (found, held) in found.iter().zip(&mut held) {
            found.iter().for_each(|doc| held[doc as usize] += one);
        }
    }
    let mut columns = Vec::new();
    for number in 0..held.len() {
        columns.push((collection.groups(number)?, collection.nums(number)?));
    }
    let least = collection.ranking.similar_share * asked;
    matches.retain(|address| {
        let (segment, doc) = (address.segment_ord as usize, address.doc_id);
        let (groups, nums) = columns[segment];
        // The first article of a group does not name it: its own number does.
        let other = groups.first(doc).or_else(|| nums.first(doc)) != Some(story.0);
        other && held[segment][doc as usize] >= least
    });
    Ok(())
}

/// The words that distinguish an article: frequent in it, rare in the index, and in others than the copies of its story.
fn telling(collection: &Collection<'_>, stored: &Stored) -> Result<Vec<Leaf>, EngineError> {
    let (ranking, article) = (&collection.ranking, &stored.article);
    let copies = collection.archive.borrow().copies(stored.group)?.max(1);
    let mut counts: HashMap<String, (u32, String)> = HashMap::new();
    for (text, times) in [(&article.title, ranking.similar_title), (&article.text, 1)] {
        let words = analysis::words(text);
        collection.analyzer.borrow_mut().terms(&words, |word, term| {
            let folded = words.folded(word);
            if word.shape != Shape::Number && term.len() > 1 && !is_stop_word(folded) {
                counts.entry(term.to_owned()).or_insert_with(|| (0, folded.to_owned())).0 += times;
            }
        });
    }
    let mut leaves: Vec<(f32, Leaf)> = Vec::new();
    for (term, (count, folded)) in counts {
        if collection.frequency(&term)? <= copies {
            continue;
        }
        let pattern = Pattern::of_term(&term);
        let weight = 1.0 + (count as f32).ln();
        let telling = collection.look_up(&pattern, weight)?.weight;
        let text = Text { part: Part::Any, text: folded, mode: Mode::Word };
        leaves.push((telling, Leaf { text, pattern, weight }));
    }
    leaves.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.text.cmp(&b.1.text.text)));
    Ok(leaves.into_iter().take(ranking.similar_words).map(|(_, leaf)| leaf).collect())
}
