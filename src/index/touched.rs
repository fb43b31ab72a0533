//! Which articles have all the words of one of several sets, from the dictionary of words as written.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::{Index, IndexError};
use crate::archive::ArticleNum;
use crate::authority::is_system;
use crate::tag::Change;

impl Index {
    /// The articles that mention any of these actors or systems, in order.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be read.
    pub(crate) fn with_actors(&self, ids: &[String]) -> Result<Vec<ArticleNum>, IndexError> {
        let mut found = Vec::new();
        for segment in self.tantivy.reader()?.searcher().segment_readers() {
            let numbers = segment.fast_fields().u64("num")?;
            for id in ids {
                let index =
                    segment.inverted_index(if is_system(id) { self.fields.system } else { self.fields.actor })?;
                let Some(info) = index.terms().get(id.as_bytes())? else { continue };
                let mut postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                while postings.doc() != TERMINATED {
                    let alive = is_alive(segment, postings.doc());
                    found.extend(numbers.first(postings.doc()).filter(|_| alive).map(ArticleNum));
                    postings.advance();
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The articles that have the words of a change, in order: all that it can touch, and maybe some more.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be read.
    pub(crate) fn with_words_of(&self, change: &Change) -> Result<Vec<ArticleNum>, IndexError> {
        let mut found = Vec::new();
        for segment in self.tantivy.reader()?.searcher().segment_readers() {
            let index = segment.inverted_index(self.fields.form)?;
            let words = postings(&index, change)?;
            let mut docs = FxHashSet::default();
            for set in change.sets() {
                docs.extend(with_all(&index, &words, set)?);
            }
            let numbers = segment.fast_fields().u64("num")?;
            let alive = docs.into_iter().filter(|doc| is_alive(segment, *doc));
            found.extend(alive.filter_map(|doc| numbers.first(doc)).map(ArticleNum));
        }
        found.sort_unstable();
        Ok(found)
    }
}

fn is_alive(segment: &SegmentReader, doc: DocId) -> bool {
    segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
}

/// Where the postings of each word of a change are, by its number. Reads the whole dictionary once.
fn postings(index: &InvertedIndexReader, change: &Change) -> Result<FxHashMap<u32, Vec<TermInfo>>, IndexError> {
    let mut words: FxHashMap<u32, Vec<TermInfo>> = FxHashMap::default();
    let mut stream = index.terms().stream()?;
    while let Some((key, info)) = stream.next() {
        let folded = key.split(|byte| *byte == 0).next().unwrap_or_default();
        let Ok(folded) = std::str::from_utf8(folded) else { continue };
        for number in change.numbers(folded).into_iter().flatten() {
            words.entry(number).or_default().push(info.clone());
        }
    }
    Ok(words)
}

/// The documents that have all the words of a set.
fn with_all(
    index: &InvertedIndexReader,
    words: &FxHashMap<u32, Vec<TermInfo>>,
    set: &[u32],
) -> Result<FxHashSet<DocId>, IndexError> {
    let mut of_set: Vec<&[TermInfo]> = Vec::new();
    for number in set {
        match words.get(number) {
            Some(infos) => of_set.push(infos),
            None => return Ok(FxHashSet::default()),
        }
    }
    of_set.sort_by_key(|infos| infos.iter().map(|info| u64::from(info.doc_freq)).sum::<u64>());
    let mut docs: Option<FxHashSet<DocId>> = None;
    for infos in of_set {
        let mut here = FxHashSet::default();
        for info in infos {
            let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                if docs.as_ref().is_none_or(|docs| docs.contains(&postings.doc())) {
                    here.insert(postings.doc());
                }
                postings.advance();
            }
        }
        docs = Some(here);
    }
    Ok(docs.unwrap_or_default())
}
