//! The actors and topics of articles, and where actors are mentioned, as the index has them.

use std::collections::HashMap;

use super::collection::{IndexView, Scored};
use crate::engine::error::EngineError;
use crate::engine::response::Heading;
use crate::index::mentions::{self, Mark};
use crate::index::packed_marks;
use crate::index::quotes::{self, StoredQuote};
use tantivy::DocAddress;
use tantivy::schema::Field as IndexField;

/// The headings of articles in the column of a field. Each value is looked up once in a segment, in the order of the
/// column's dictionary.
pub(super) fn headings(
    index: IndexView<'_>,
    articles: &[Scored],
    field: IndexField,
) -> Result<Vec<Vec<Heading>>, EngineError> {
    let mut ords: Vec<Vec<u64>> = vec![Vec::new(); articles.len()];
    let mut out = vec![Vec::new(); articles.len()];
    let mut shown: HashMap<String, Heading> = HashMap::new();
    for number in 0..index.searcher.segment_readers().len() {
        let inside: Vec<usize> =
            (0..articles.len()).filter(|at| articles[*at].0.segment_ord as usize == number).collect();
        let Some(column) = index.values(number, field)?.filter(|_| !inside.is_empty()) else { continue };
        inside.iter().for_each(|at| ords[*at] = column.term_ords(articles[*at].0.doc_id).collect());
        let mut all: Vec<u64> = inside.iter().flat_map(|at| ords[*at].iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let mut known = Vec::with_capacity(all.len());
        column.dictionary().sorted_ords_to_term_cb(&all, |id| {
            known.push(String::from_utf8_lossy(id).into_owned());
        })?;
        for id in &known {
            if !shown.contains_key(id) {
                shown.insert(id.clone(), index.heading(id.clone())?);
            }
        }
        for at in inside {
            let ids = ords[at].iter().filter_map(|ord| known.get(all.binary_search(ord).ok()?));
            out[at] = ids.filter_map(|id| shown.get(id).cloned()).collect();
        }
    }
    Ok(out)
}

/// Where the actors of an article are mentioned, in its title and in its text.
pub(super) fn marks(index: IndexView<'_>, address: DocAddress) -> Result<(Vec<Mark>, Vec<Mark>), EngineError> {
    Ok(mentions::unpack(&packed_marks(index.searcher, address)?).unwrap_or_default())
}

/// What was said in an article, in its title and in its text.
pub(super) fn stored_quotes(
    index: IndexView<'_>,
    address: DocAddress,
) -> Result<(Vec<StoredQuote>, Vec<StoredQuote>), EngineError> {
    Ok(quotes::unpack(&packed_marks(index.searcher, address)?).unwrap_or_default())
}
