//! Checks of an index: the checksums of its segments, which articles it holds, and traces of removed ones.

use std::path::{Path, PathBuf};

use tantivy::index::{InvertedIndexReader, SegmentId, SegmentMeta};
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use super::{FOLDER, Index, IndexError, META, WriterOptions};
use crate::archive::{ArticleNum, GroupNum, Newest, VersionSeq};

impl Index {
    /// Files whose content is not what tantivy wrote, or that are missing.
    ///
    /// # Errors
    ///
    /// Fails where the list of segments cannot be read.
    pub(crate) fn damaged_files(&self) -> Result<Vec<PathBuf>, IndexError> {
        let mut files: Vec<PathBuf> = self.tantivy.validate_checksum()?.into_iter().collect();
        files.sort();
        Ok(files)
    }

    /// Every article that a search can find, in the order of their numbers; one that is indexed twice is listed twice.
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
                let num = ArticleNum(nums.first(doc).unwrap_or_default());
                // The column is empty for an article that is the first of its group or has no copies.
                let group = groups.first(doc).map_or(num.into(), GroupNum);
                all.push(Newest { num, seq: VersionSeq(seqs.first(doc).unwrap_or_default()), group });
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

    /// Merges the segments that hold deleted articles, which drops those articles, and removes the old files.
    ///
    /// # Errors
    ///
    /// Fails where the disk does, or another process writes.
    pub(crate) fn drop_deleted(&self) -> Result<(), IndexError> {
        let mut writer = self.writer(&WriterOptions { threads: 1, memory: 16 << 20 })?;
        // Tantivy keeps the files of every segment to which a value in memory still refers; the block ends these
        // references.
        let stale: Vec<SegmentId> = {
            let segments = self.tantivy.searchable_segment_metas()?;
            segments.iter().filter(|segment| segment.has_deletes()).map(SegmentMeta::id).collect()
        };
        if !stale.is_empty() {
            writer.inner.merge(&stale).wait()?;
        }
        writer.note_heads(self)?;
        writer.inner.garbage_collect_files().wait()?;
        writer.finish()
    }

    /// The name, within the index directory, of the first file that belongs to no segment of the index.
    ///
    /// # Errors
    ///
    /// Fails where the folder cannot be read.
    pub(crate) fn first_stray(&self, dir: &Path) -> Result<Option<String>, IndexError> {
        let segments = self.tantivy.searchable_segment_ids()?;
        for entry in std::fs::read_dir(dir.join(FOLDER))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let segment = name.split('.').next().unwrap_or_default();
            // Tantivy's other files begin with a dot, except its list of segments.
            if !segment.is_empty() && name != META && segments.iter().all(|id| id.uuid_string() != segment) {
                return Ok(Some(format!("{FOLDER}/{name}")));
            }
        }
        Ok(None)
    }

    /// Searches for traces of removed articles: one of the numbers `nums` that is still indexed, or one of `words`, as
    /// it is or in lower case, that a dictionary of terms still holds although no article has it. Gives the first one
    /// found.
    ///
    /// # Errors
    ///
    /// Fails where a segment cannot be read.
    pub(crate) fn first_left<'w>(
        &self,
        nums: &[ArticleNum],
        words: impl Iterator<Item = &'w str> + Clone,
    ) -> Result<Option<String>, IndexError> {
        let searcher = self.tantivy.reader()?.searcher();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.num)?;
            for num in nums {
                if any_has(segment, &index, index.get_term_info(&Term::from_field_u64(self.fields.num, num.0))?)? {
                    return Ok(Some(format!("article #{num}")));
                }
            }
            for field in [self.fields.text, self.fields.title, self.fields.form, self.fields.byline] {
                let index = segment.inverted_index(field)?;
                for word in words.clone() {
                    for term in [word, &word.to_lowercase()] {
                        let info = index.terms().get(term)?;
                        if info.is_some() && !any_has(segment, &index, info)? {
                            return Ok(Some(word.to_owned()));
                        }
                    }
                }
            }
        }
        Ok(None)
    }
}

/// Whether any article that is not deleted has a term.
fn any_has(segment: &SegmentReader, index: &InvertedIndexReader, info: Option<TermInfo>) -> Result<bool, IndexError> {
    let Some(info) = info else { return Ok(false) };
    let mut postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
    while postings.doc() != TERMINATED {
        if segment.alive_bitset().is_none_or(|alive| alive.is_alive(postings.doc())) {
            return Ok(true);
        }
        postings.advance();
    }
    Ok(false)
}
