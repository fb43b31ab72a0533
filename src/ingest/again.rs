//! Extracting again, with this version of the program, what an older one stored.
//!
//! The archive knows the place of each article and the SHA-256 of its input. An input that still is as it was is
//! extracted again, and where something else comes out, that is a new version of the same article. All others stay as
//! they are. Nothing is lost: older versions are kept, and a run that is killed is begun again.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::flow::Room;
use super::pipeline::{Task, fill};
use super::{CHUNK, Event, Ingest, IngestError, Report};
use crate::archive::{Archive, ArchiveError, ArticleNum, digest};
use crate::article::path_bytes;
use crate::authority::Authority;
use crate::directory;
use crate::source::{self, Found, SourceError};

/// What extracting again did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extracted {
    /// What came of the inputs that were extracted: `changed` and `unchanged` articles; `failed` ones stay as they are.
    pub report: Report,
    /// Articles left as they are because their input is read otherwise now: it was changed, or this version of the
    /// program takes it apart differently.
    pub altered: u64,
    /// Articles left as they are because their input is not found any more: its file, or the record in it.
    pub gone: u64,
}

/// Extracts every article of the index directory again whose input still is where it was read, byte for byte.
/// `job.inputs` and `job.readmit` are ignored.
///
/// # Errors
///
/// Fails where there is no archive, another process writes, or the disk fails. What was written before that is kept.
pub fn extract_again(
    job: &Ingest,
    authority: &Authority,
    event: &mut dyn FnMut(Event<'_>),
) -> Result<Extracted, IngestError> {
    let job = Ingest { readmit: false, ..job.clone() };
    directory::write_existing(&job.dir, job.wait, |archive| {
        let mut inputs = Inputs::of(Archive::open(&job.dir)?, &job.source);
        let all = archive.counts()?.articles;
        let mut broken = None;
        let read =
            |room: &Arc<Room>, each: &mut dyn FnMut(Task) -> ControlFlow<()>| broken = inputs.read(room, each).err();
        let (report, _) = fill(&job, archive, authority, event, None, read)?;
        if let Some(error) = broken {
            return Err(error.into());
        }
        let altered = inputs.altered.difference(&inputs.passed).count() as u64;
        let gone = all.saturating_sub(inputs.passed.len() as u64 + altered);
        Ok(Extracted { report, altered, gone })
    })
}

/// The inputs of the newest versions of all articles.
struct Inputs<'a> {
    archive: Archive,
    options: &'a source::Options,
    /// Articles whose input was passed on, or is not read any more; each is extracted from one of its places.
    passed: HashSet<ArticleNum>,
    /// Articles one of whose inputs has other bytes than it had.
    altered: HashSet<ArticleNum>,
}

impl<'a> Inputs<'a> {
    fn of(archive: Archive, options: &'a source::Options) -> Self {
        Self { archive, options, passed: HashSet::new(), altered: HashSet::new() }
    }

    /// Passes on the documents of every file that is still there, in the order in which the files were first read.
    fn read(&mut self, room: &Arc<Room>, each: &mut dyn FnMut(Task) -> ControlFlow<()>) -> Result<(), ArchiveError> {
        let mut after = 0;
        loop {
            let files = self.archive.files_after(after, CHUNK)?;
            let Some((last, _)) = files.last() else { return Ok(()) };
            after = *last;
            for (_, path) in files {
                if self.file(&path, room, each)?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    fn file(
        &mut self,
        path: &str,
        room: &Arc<Room>,
        each: &mut dyn FnMut(Task) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, ArchiveError> {
        let file = native(path);
        // Standard input is gone, and reading from what is now a pipe could block for ever.
        if path == "-" || !file.is_file() {
            return Ok(ControlFlow::Continue(()));
        }
        let (mut flow, mut broken, options) = (ControlFlow::Continue(()), None, self.options);
        source::read(&[file], options, &mut |found| {
            match self.task(found, room) {
                Ok(None) => {}
                Ok(Some(task)) => flow = each(task),
                Err(error) => {
                    broken = Some(error);
                    return ControlFlow::Break(());
                }
            }
            flow
        });
        broken.map_or(Ok(flow), Err)
    }

    /// The work that a document gives: none where the archive does not know it, or where its article was passed on.
    fn task(&mut self, found: Found, room: &Arc<Room>) -> Result<Option<Task>, ArchiveError> {
        let document = match found {
            Ok(document) => document,
            Err(error) => return self.fault(error, room),
        };
        let Some((num, input)) = self.archive.newest_at(&document.place)? else { return Ok(None) };
        if input != digest(&document.bytes) {
            self.altered.insert(num);
            return Ok(None);
        }
        if !self.passed.insert(num) {
            return Ok(None);
        }
        let held = room.take(document.bytes.len());
        Ok(Some(Task { found: Some(Ok(document)), article: None, again: Some(num), note: None, held }))
    }

    /// Passes on why there is no document, except where the kind of input is not read and the archive holds nothing of it:
    /// that was said when the file was indexed.
    fn fault(&mut self, error: SourceError, room: &Arc<Room>) -> Result<Option<Task>, ArchiveError> {
        if let SourceError::Unsupported { place, .. } = &error {
            let Some((num, _)) = self.archive.newest_at(place)? else { return Ok(None) };
            self.passed.insert(num);
        }
        Ok(Some(Task { found: Some(Err(error)), article: None, again: None, note: None, held: room.take(0) }))
    }
}

/// The path of a file by its name in the archive.
#[cfg(unix)]
fn native(path: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(std::ffi::OsString::from_vec(path_bytes(path)))
}

#[cfg(not(unix))]
fn native(path: &str) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&path_bytes(path)).into_owned())
}
