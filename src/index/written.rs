//! How articles write the names that no heading covers.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tantivy::columnar::Column;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher};

use super::{Fields, IndexError, opened};

/// What the index keeps of a name: its id and how an article writes it.
pub(super) fn entry(id: &str, name: &str) -> String {
    format!("{id}\0{name}")
}

/// How an article writes a name, and where: the segments whose articles have it, with its postings there.
#[derive(Default)]
struct Form {
    articles: u64,
    places: Vec<(usize, TermInfo)>,
}

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
    let mut names: BTreeMap<String, BTreeMap<String, Form>> = BTreeMap::new();
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let index = segment.inverted_index(fields.written)?;
        let mut stream = index.terms().range().ge(from.as_bytes()).lt(to.as_bytes()).into_stream()?;
        while let Some((key, info)) = stream.next() {
            let key = String::from_utf8_lossy(key);
            let Some((id, name)) = key.split_once('\0') else { continue };
            let form = names.entry(id.to_owned()).or_default().entry(name.to_owned()).or_default();
            form.articles += u64::from(info.doc_freq);
            form.places.push((number, info.clone()));
        }
    }
    let numbers: Vec<OnceLock<Column<u64>>> = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
    let mut out = BTreeMap::new();
    for (id, mut forms) in names {
        let most = forms.values().map(|form| form.articles).max();
        forms.retain(|_, form| Some(form.articles) == most);
        out.extend(of_the_first_article(searcher, fields, forms, &numbers)?.map(|form| (id, form)));
    }
    Ok(out)
}

/// Of several forms the one of the first article. `numbers` are the numbers of the articles of each segment, which take
/// long to open.
fn of_the_first_article(
    searcher: &Searcher,
    fields: Fields,
    mut forms: BTreeMap<String, Form>,
    numbers: &[OnceLock<Column<u64>>],
) -> Result<Option<String>, IndexError> {
    if forms.len() < 2 {
        return Ok(forms.pop_first().map(|(name, _)| name));
    }
    let mut best: Option<(u64, String)> = None;
    for (name, form) in forms {
        for (number, info) in form.places {
            let segment = searcher.segment_reader(number as u32);
            let index = segment.inverted_index(fields.written)?;
            let doc = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?.doc();
            let numbers = opened(&numbers[number], || segment.fast_fields().u64("num"))?;
            let first = numbers.first(doc).unwrap_or(u64::MAX);
            if best.as_ref().is_none_or(|(least, _)| first <= *least) {
                best = Some((first, name.clone()));
            }
        }
    }
    Ok(best.map(|(_, name)| name))
}
