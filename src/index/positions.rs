//! Direct access to the positions file of a field: tantivy's own reader gives the positions of one article at a time.

use std::path::PathBuf;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::schema::Field;
use tantivy::{Directory, Searcher, SegmentReader};

/// The positions file of a field in a segment; a term's `positions_range` is a range of its bytes. `None` where the
/// file no longer exists, because a writer replaced the segment after the searcher opened it.
pub(crate) fn positions_file(searcher: &Searcher, segment: &SegmentReader, field: Field) -> Option<FileSlice> {
    let path = PathBuf::from(format!("{}.pos", segment.segment_id().uuid_string()));
    let file = searcher.index().directory().open_read(&path).ok()?;
    CompositeFile::open(&file).ok()?.open_read(field)
}
