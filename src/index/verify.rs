//! What is wrong with an index: checksums of its segments, and which articles it holds.

use std::path::PathBuf;

use tantivy::TantivyDocument;
use tantivy::index::SegmentMeta;

use super::{Index, IndexError};
use crate::archive::Newest;

impl Index {
    /// Files whose content is not what tantivy wrote, or that are missing.
    ///
    /// # Errors
    ///
    /// Fails where the list of segments cannot be read.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>, IndexError> {
        let mut files: Vec<PathBuf> = self.tantivy.validate_checksum()?.into_iter().collect();
        files.sort();
        Ok(files)
    }

    /// Every article that a search can find, by number; one that is indexed twice stands twice.
    ///
    /// # Errors
    ///
    /// Fails where a segment cannot be read.
    pub fn articles(&self) -> Result<Vec<Newest>, IndexError> {
        let searcher = self.tantivy.reader()?.searcher();
        let mut all = Vec::new();
        for segment in searcher.segment_readers() {
            let columns = segment.fast_fields();
            let (nums, seqs, groups) = (columns.u64("num")?, columns.u64("seq")?, columns.u64("group")?);
            for doc in segment.doc_ids_alive() {
                let num = nums.first(doc).unwrap_or_default();
                // An article without copies is a group by itself, and has none here.
                let group = groups.first(doc).unwrap_or(num);
                all.push(Newest { num, seq: seqs.first(doc).unwrap_or_default(), group });
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    /// How many segments there are.
    ///
    /// # Errors
    ///
    /// Fails where the list of segments cannot be read.
    pub fn segments(&self) -> Result<usize, IndexError> {
        Ok(self.tantivy.searchable_segment_ids()?.len())
    }

    /// Writes anew the segments that hold deleted articles, without them, and removes the old files.
    ///
    /// # Errors
    ///
    /// Fails where the disk does, or another process writes.
    pub fn drop_deleted(&self) -> Result<(), IndexError> {
        let mut writer = self.start::<TantivyDocument>(1, 16 << 20)?;
        let segments = self.tantivy.searchable_segment_metas()?;
        let stale: Vec<_> = segments.iter().filter(|segment| segment.has_deletes()).map(SegmentMeta::id).collect();
        if !stale.is_empty() {
            writer.merge(&stale).wait()?;
        }
        writer.garbage_collect_files().wait()?;
        Ok(writer.wait_merging_threads()?)
    }

    /// The first of some words that a dictionary of terms knows, as it is or in small letters.
    ///
    /// # Errors
    ///
    /// Fails where a segment cannot be read.
    pub fn first_known<'w>(&self, words: impl Iterator<Item = &'w str> + Clone) -> Result<Option<String>, IndexError> {
        let searcher = self.tantivy.reader()?.searcher();
        for segment in searcher.segment_readers() {
            for field in [self.fields.text, self.fields.title, self.fields.form, self.fields.byline] {
                let terms = segment.inverted_index(field)?;
                for word in words.clone() {
                    if terms.terms().get(word)?.is_some() || terms.terms().get(word.to_lowercase())?.is_some() {
                        return Ok(Some(word.to_owned()));
                    }
                }
            }
        }
        Ok(None)
    }
}
