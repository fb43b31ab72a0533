//! How articles write the names that no heading covers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher};

use super::{Fields, IndexError};

/// What the index keeps of a name: its id and how an article writes it.
pub(super) fn entry(id: &str, name: &str) -> String {
    format!("{id}\0{name}")
}

/// The forms of names, each with the articles that have it and the number of the first of them.
type Forms = BTreeMap<String, (u64, u64)>;

/// The form in which most articles write a name without a heading; of several the one of the first article. `None` where
/// no article has the name.
///
/// # Errors
///
/// Fails where the index cannot be read.
pub(crate) fn written_form(searcher: &Searcher, fields: Fields, id: &str) -> Result<Option<String>, IndexError> {
    Ok(within(searcher, fields, &entry(id, ""), &format!("{id}\u{1}"))?.remove(id))
}

/// As [`written_form`], of all names without a heading, by their ids.
///
/// # Errors
///
/// As [`written_form`].
pub(crate) fn written_forms(searcher: &Searcher, fields: Fields) -> Result<BTreeMap<String, String>, IndexError> {
    within(searcher, fields, "", "\u{10ffff}")
}

/// The most frequent forms of the names whose entries lie between two keys, by their ids.
fn within(searcher: &Searcher, fields: Fields, from: &str, to: &str) -> Result<BTreeMap<String, String>, IndexError> {
    let mut names: BTreeMap<String, Forms> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.written)?;
        let numbers = segment.fast_fields().u64("num")?;
        let mut stream = index.terms().range().ge(from.as_bytes()).lt(to.as_bytes()).into_stream()?;
        while let Some((key, info)) = stream.next() {
            let key = String::from_utf8_lossy(key);
            let Some((id, name)) = key.split_once('\0') else { continue };
            let first = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?.doc();
            let first = numbers.first(first).unwrap_or(u64::MAX);
            let known = names.entry(id.to_owned()).or_default().entry(name.to_owned()).or_insert((0, u64::MAX));
            *known = (known.0 + u64::from(info.doc_freq), known.1.min(first));
        }
    }
    let best = |forms: Forms| forms.into_iter().max_by_key(|(_, (count, first))| (*count, Reverse(*first)));
    Ok(names.into_iter().filter_map(|(id, forms)| Some((id, best(forms)?.0))).collect())
}
