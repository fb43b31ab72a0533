//! What an explanation asks of the index on this machine, and where a score comes from.

use std::cell::RefCell;
use std::collections::HashMap;

use tantivy::DocAddress;

use super::collection::Collection;
use super::doc_set::total;
use super::matches::Matches;
use super::rescore::Step;
use super::segment::scoring;
use super::weight::Weight;
use crate::analysis::Analyzer;
use crate::engine::error::EngineError;
use crate::engine::explain::Probe;
use crate::engine::request::Filters;
use crate::engine::response::ScorePart;
use crate::fence;
use crate::query::Query;
use crate::query::pattern::Alternative;

/// Words listed for a prefix, a pattern or a typing error, at most.
const LISTED: usize = 8;

impl Probe for Collection<'_> {
    fn count(&self, query: &Query, filters: &Filters) -> Result<u64, EngineError> {
        let found = Matches::of(self, query.clone(), filters, false)?;
        Ok(total(&found.answers(self, filters, None)?.counted))
    }

    fn nearest_word(&self, folded: &str) -> Result<Option<String>, EngineError> {
        Collection::nearest_word(self, folded)
    }

    fn accepted(&self, alternative: &Alternative) -> Result<Option<String>, EngineError> {
        let mut found: HashMap<String, u32> = HashMap::new();
        for segment in self.segments() {
            let index = segment.inverted_index(self.fields.form)?;
            let mut stream = index.terms().stream()?;
            while let Some((key, info)) = stream.next() {
                fence::check();
                let word = key.split(|b| *b == 0).next().and_then(|word| std::str::from_utf8(word).ok());
                if let Some(word) = word.filter(|word| alternative.accepts(word)) {
                    *found.entry(word.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        let mut list: Vec<(String, u32)> = found.into_iter().collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let number = list.len();
        let words: Vec<String> = list.into_iter().take(LISTED).map(|(word, _)| word).collect();
        let noun = if number == 1 { "word" } else { "words" };
        let more = if number > LISTED { " ..." } else { "" };
        Ok(Some(format!("{number} {noun}: {}{more}", words.join(", "))))
    }

    fn analyzer(&self) -> &RefCell<Analyzer> {
        &self.analyzer
    }
}

/// Where the score of an article comes from, by the steps of the ranking; the values add up to the score. `bare`: see
/// [`bare_scores`].
pub(super) fn score_parts(
    steps: &[Step],
    bare: &[Vec<Vec<f32>>; 2],
    address: DocAddress,
    score: f32,
) -> Vec<ScorePart> {
    let of = |scores: &[Vec<f32>]| -> f32 {
        let part = scores.get(address.segment_ord as usize);
        part.and_then(|part| part.get(address.doc_id as usize)).copied().unwrap_or(0.0)
    };
    let [words, titled] = [of(&bare[0]), of(&bare[1])];
    let first = steps.first().map_or(score, |(_, scores)| of(scores));
    let mut out = vec![("text", words), ("title", titled - words), ("actor", first - titled)];
    let mut last = first;
    for (name, scores) in steps.iter().skip(1) {
        let now = of(scores);
        out.push((name, now - last));
        last = now;
    }
    out.into_iter().filter(|(_, value)| *value != 0.0).map(|(part, value)| ScorePart { part, value }).collect()
}

/// The scores by the words of the query alone, without titles and actors; then with titles.
pub(super) fn bare_scores(collection: &Collection<'_>, weight: &Weight) -> Result<[Vec<Vec<f32>>; 2], EngineError> {
    let mut words = weight.bound.root.clone();
    words.forget_named_actors();
    let (_, untitled) = scoring(&weight.clone().without_titles(), collection, &words)?;
    let (_, titled) = scoring(weight, collection, &words)?;
    Ok([untitled, titled])
}
