//! What the index has of the actors and topics of articles, by name.

use tantivy::{DocAddress, Searcher};

use super::{EngineError, Heading};
use crate::authority::Authority;
use crate::index::mentions::{self, Mark};
use crate::index::packed_mentions;

/// The headings of some articles in a column. Each value is looked up once, in the order of the column's dictionary.
pub(super) fn labels(
    searcher: &Searcher,
    authority: &Authority,
    best: &[(DocAddress, f32)],
    column: &str,
) -> Result<Vec<Vec<Heading>>, EngineError> {
    let mut ords: Vec<Vec<u64>> = vec![Vec::new(); best.len()];
    let mut out = vec![Vec::new(); best.len()];
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let inside: Vec<usize> = (0..best.len()).filter(|at| best[*at].0.segment_ord as usize == number).collect();
        let Some(column) = segment.fast_fields().str(column)?.filter(|_| !inside.is_empty()) else { continue };
        inside.iter().for_each(|at| ords[*at] = column.term_ords(best[*at].0.doc_id).collect());
        let mut all: Vec<u64> = inside.iter().flat_map(|at| ords[*at].iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let mut headings = Vec::with_capacity(all.len());
        column.dictionary().sorted_ords_to_term_cb(&all, |id| {
            headings.push(heading(authority, String::from_utf8_lossy(id).into_owned()));
        })?;
        for at in inside {
            let known = ords[at].iter().filter_map(|ord| headings.get(all.binary_search(ord).ok()?));
            out[at] = known.cloned().collect();
        }
    }
    Ok(out)
}

/// Where the actors of an article are mentioned, in its title and in its text.
pub(super) fn marks(searcher: &Searcher, address: DocAddress) -> Result<(Vec<Mark>, Vec<Mark>), EngineError> {
    Ok(mentions::unpack(&packed_mentions(searcher, address)?).unwrap_or_default())
}

/// The heading of an actor or topic; of a name without one, the words of its id.
pub(super) fn heading(authority: &Authority, id: String) -> Heading {
    let label = match id.strip_prefix("unlisted/") {
        Some(slug) => slug.split('-').map(capitalised).collect::<Vec<_>>().join(" "),
        None => {
            let known = authority.heading(&id).or_else(|| authority.topic_heading(&id));
            known.unwrap_or(&id).to_owned()
        }
    };
    Heading { id, label }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
