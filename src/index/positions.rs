//! The positions of a field's words, past tantivy's own reader, which hands them out for one article at a time.

use std::path::PathBuf;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::schema::Field;
use tantivy::{Directory, Searcher, SegmentReader};

/// The positions file of a field in a segment, of which a term's `positions_range` is a part; `None` where it is there no
/// more, as a writer may have replaced the segment since the searcher opened it.
pub fn positions_file(searcher: &Searcher, segment: &SegmentReader, field: Field) -> Option<FileSlice> {
    let path = PathBuf::from(format!("{}.pos", segment.segment_id().uuid_string()));
    let file = searcher.index().directory().open_read(&path).ok()?;
    CompositeFile::open(&file).ok()?.open_read(field)
}
