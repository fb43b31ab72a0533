//! The index after a change of headings: only the articles that the change can touch are tagged again.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::flow::{self, Held, Room};
use super::{CHUNK, IngestError, Reader, UNDER_WAY, catch_up, remake};
use crate::analysis::Stemmer;
use crate::archive::{Archive, Stored, VersionSeq};
use crate::authority::Authority;
use crate::directory::{self, headings};
use crate::index::{Index, State, Writer, WriterOptions, fingerprint};
use crate::tag::Change;

/// What renewing an index did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Renewed {
    /// Articles tagged and indexed again.
    pub again: u64,
    /// Articles of the archive.
    pub all: u64,
}

/// Brings an index up to changed headings. Where only the headings changed since it was made, the articles that the
/// change cannot touch stay as they are; otherwise the index is rebuilt from the archive.
///
/// # Errors
///
/// As [`super::rebuild`].
pub(crate) fn renew(
    dir: &Path,
    authority: &Authority,
    wait: Duration,
    progress: &mut dyn FnMut(u64),
) -> Result<Renewed, IngestError> {
    directory::write_existing(dir, wait, |mut archive| {
        let retagged = match Index::open(dir) {
            Ok(index) => retag(dir, &mut archive, &index, authority, progress)?,
            Err(_) => None, // missing or damaged: made again
        };
        if let Some(renewed) = retagged {
            return Ok(renewed);
        }
        let all = remake(dir, &mut archive, authority, progress)?;
        Ok(Renewed { again: all, all })
    })
}

/// Tags again the articles that a change of headings can touch; `None` where something else changed too, or nothing
/// did.
pub(super) fn retag(
    dir: &Path,
    archive: &mut Archive,
    index: &Index,
    authority: &Authority,
    progress: &mut dyn FnMut(u64),
) -> Result<Option<Renewed>, IngestError> {
    let Some(state) = index.state()?.filter(|state| state.fingerprint != fingerprint(authority)) else {
        return Ok(None);
    };
    let Some(old) = headings::made_with(dir, &state.fingerprint) else { return Ok(None) };
    if state.seq > archive.last_seq()? {
        return Ok(None); // the archive was restored from an older copy
    }
    let change = Change::between(&old, authority);
    let mut writer = index.writer(&WriterOptions::default())?;
    let mut renewed = put_touched(archive, &writer, authority, &change, state.seq, progress)?;
    writer.commit(&State { seq: state.seq, fingerprint: fingerprint(authority) })?;
    writer.tidy(index)?;
    writer.finish()?;
    // Versions that the index does not cover yet are tagged with the new headings at once.
    renewed.again += catch_up(archive, index, authority, progress)?;
    Ok(Some(renewed))
}

/// Indexes again the articles up to the sequence number `upto` that a change can touch.
fn put_touched(
    archive: &mut Archive,
    writer: &Writer,
    authority: &Authority,
    change: &Change,
    upto: VersionSeq,
    progress: &mut dyn FnMut(u64),
) -> Result<Renewed, IngestError> {
    let room = Room::new(UNDER_WAY);
    let (mut again, mut all) = (0, Ok(0));
    flow::in_order(
        &room,
        |each| all = read_touched(archive, change, upto, &room, each),
        || {
            let mut reader = Reader::new(authority);
            move |(stored, held): (Stored, Held)| (reader.read(&stored.article), stored, held)
        },
        |((tags, analysed), stored, held)| -> Result<(), IngestError> {
            writer.delete(stored.num);
            writer.add(&stored, &analysed, &tags, authority, Some(Box::new(held)))?;
            again += 1;
            progress(again);
            Ok(())
        },
    )?;
    Ok(Renewed { again, all: all? })
}

/// Passes every article up to `upto` that a change can touch to `each`; returns the number of all articles.
fn read_touched(
    archive: &mut Archive,
    change: &Change,
    upto: VersionSeq,
    room: &Arc<Room>,
    each: &mut dyn FnMut((Stored, Held)) -> ControlFlow<()>,
) -> Result<u64, IngestError> {
    let (mut stemmer, mut all, mut after) = (Stemmer::default(), 0, VersionSeq::NONE);
    loop {
        let chunk = archive.newest_after(after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(all) };
        after = last.seq;
        for stored in chunk {
            all += 1;
            if stored.seq > upto || !change.touches(&stored.article, &mut stemmer) {
                continue;
            }
            let held = room.take(stored.article.text.len());
            if each((stored, held)).is_break() {
                return Ok(all);
            }
        }
    }
}
