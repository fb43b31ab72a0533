//! Reads the store of mentions safely. Tantivy reserves as much memory as a length in the store says, and a damaged
//! length can thereby end the process, so lengths are checked before tantivy reads them.

use tantivy::directory::Directory;
use tantivy::index::SegmentComponent;
use tantivy::{DocAddress, Index, Searcher};

use super::IndexError;

/// Bytes of the store's own footer: version (4), offset of the list of blocks (8), and 16 more.
const FOOTER: usize = 28;
/// Bytes before a stored value that give its field and its type.
const HEAD: usize = 5;

/// Checks the list of blocks in the store of every segment.
pub(super) fn check(index: &Index) -> Result<(), IndexError> {
    for segment in index.searchable_segment_metas()? {
        let path = segment.relative_path(SegmentComponent::Store);
        let file = index.directory().open_read(&path).map_err(tantivy::TantivyError::from)?;
        if !is_sound(file.read_bytes()?.as_slice()) {
            return Err(damaged(&path.display().to_string()));
        }
    }
    Ok(())
}

fn damaged(what: &str) -> IndexError {
    std::io::Error::new(std::io::ErrorKind::InvalidData, format!("{what} is damaged")).into()
}

/// Whether the list of blocks claims no more layers than bytes follow it.
fn is_sound(store: &[u8]) -> bool {
    let list = || {
        let (body, footer) = store.split_at(store.len().checked_sub(FOOTER)?);
        let start = u64::from_le_bytes(footer.get(4..12)?.try_into().ok()?);
        let (layers, rest) = number(body.get(usize::try_from(start).ok()?..)?)?;
        (layers <= rest.len() as u64).then_some(())
    };
    list().is_some()
}

/// Reads one of tantivy's numbers: seven bits a byte, the lowest first; the last byte has its highest bit set. Also
/// returns the bytes after it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let last = bytes.iter().take(10).position(|byte| *byte >= 128)?;
    let value = bytes[..=last].iter().rev().fold(0u128, |sum, byte| sum << 7 | u128::from(byte & 127));
    Some((u64::try_from(value).ok()?, &bytes[last + 1..]))
}

/// The packed mentions and quotes of an article (see [`super::mentions`]).
///
/// # Errors
///
/// Fails where the store is damaged.
pub(crate) fn packed_marks(searcher: &Searcher, address: DocAddress) -> Result<Vec<u8>, IndexError> {
    let store = searcher.segment_reader(address.segment_ord).get_store_reader(1)?;
    let document = store.get_document_bytes(address.doc_id)?;
    let value = || {
        let (values, rest) = number(&document)?;
        if values == 0 {
            return Some(&[][..]);
        }
        let (length, bytes) = number(rest.get(HEAD..)?)?;
        bytes.get(..usize::try_from(length).ok()?)
    };
    value().map(<[u8]>::to_vec).ok_or_else(|| damaged("the store of mentions"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_with_the_highest_bit() {
        assert_eq!(number(&[0x85, 7]), Some((5, &[7][..])));
        assert_eq!(number(&[0x01, 0x81]), Some((129, &[][..])));
        assert_eq!(number(&[0x01, 0x01]), None);
        assert_eq!(number(&[0x7f; 12]), None);
    }

    #[test]
    fn a_list_that_says_it_is_longer_than_the_store_is_damaged() {
        let store = |list: &[u8]| {
            let footer = [&[1, 0, 0, 0][..], &3u64.to_le_bytes(), &[0; 16]].concat();
            [&[9, 9, 9][..], list, &footer].concat()
        };
        assert!(is_sound(&store(&[0x81, 0x80])));
        assert!(!is_sound(&store(&[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x80])));
        assert!(!is_sound(&[1; 27]));
    }
}
