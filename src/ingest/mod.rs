//! Ingestion: documents into archive and index, and rebuilding the index from the archive.
//!
//! Reading, extraction and tagging run on all cores; one thread writes. What comes out does not depend on their timing:
//! articles are written in the order in which the source gave them.

mod again;
#[cfg(feature = "cluster")]
mod cluster;
mod flow;
mod pipeline;
mod remove;
mod renew;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::analysis::{Analyzer, Words, words_into};
use crate::archive::{Archive, ArchiveError, ArticleNum, Stored, VersionSeq};
use crate::article::{Article, RawDocument};
use crate::authority::Authority;
use crate::directory::headings::HeadingsError;
use crate::directory::{self, BESIDE, DirectoryError};
use crate::extract::{self, ExtractError, Limits};
use crate::index::{Analysed, Index, IndexError, LOOKS, PAUSE, Snapshot, State, Writer, WriterOptions, fingerprint};
use crate::source::SourceError;
use crate::tag::{Tagger, Tags};
pub use again::{Extracted, extract_again};
#[cfg(feature = "cluster")]
pub use cluster::{Fed, Feed, feed};
use flow::{Held, Room};
pub use pipeline::{Arrival, Closing, Given, Ingest, Taken, run, take_in};
pub use remove::Proof;
pub use remove::{purge, remove};
pub(crate) use renew::{Renewed, Shifts, decide, renew};

/// Why ingestion stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// Another process writes, or the index directory cannot be used.
    #[error(transparent)]
    Directory(DirectoryError),
    /// The headings of the index cannot be read.
    #[error(transparent)]
    Headings(#[from] HeadingsError),
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The index failed.
    #[error(transparent)]
    Index(IndexError),
    /// The cluster failed.
    #[cfg(feature = "cluster")]
    #[error(transparent)]
    Cluster(#[from] crate::cluster::ClusterError),
    /// A purge left something.
    #[error("the purge left a trace in {file}: {what}")]
    Remains {
        /// The file, within the index directory.
        file: String,
        /// What was found there.
        what: String,
    },
    /// The index was made by other rules (schema, analysis or authority file).
    #[error("the index in {} was made by another version, by another authority file or from another archive", .0.display())]
    Outdated(PathBuf),
}

impl From<DirectoryError> for IngestError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Archive(error) => Self::Archive(error),
            other => Self::Directory(other),
        }
    }
}

impl From<IndexError> for IngestError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Outdated(dir) => Self::Outdated(dir),
            other => Self::Index(other),
        }
    }
}

impl IngestError {
    fn folder(dir: &Path, cause: std::io::Error) -> Self {
        DirectoryError::folder(dir, cause).into()
    }
}

/// Progress, reported while ingestion runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// A document could not be read.
    Unread(&'a SourceError),
    /// A document gave no article.
    Empty(&'a ExtractError),
    /// The counts so far; reported after each document.
    Done(Report),
}

/// What ingestion did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Articles that were not there before.
    pub new: u64,
    /// Articles with a new version.
    pub changed: u64,
    /// Articles that were already stored as they are.
    pub unchanged: u64,
    /// Articles that were removed before and stay out.
    pub removed: u64,
    /// Documents that gave no article.
    pub failed: u64,
    /// New and changed articles with a reason to doubt their text ([`Article::doubts`]).
    pub doubtful: u64,
    /// Bytes of text of the new and changed articles.
    pub text: u64,
}

impl Report {
    /// Documents read.
    pub fn total(&self) -> u64 {
        self.new + self.changed + self.unchanged + self.removed + self.failed
    }
}

/// Bytes of documents and articles in progress, at most. They take four times as much memory: the document, its
/// article, the tags, the words.
const UNDER_WAY: usize = 24 << 20;
/// Articles read from the archive at a time.
const CHUNK: usize = 100;

/// Opens archive and index for reading, both as they are at one moment. An index that is missing or lags is first
/// brought up to the archive, unless another process is writing or the directory cannot be written.
///
/// # Errors
///
/// [`IngestError::Outdated`] where the index was made by other rules or is ahead of the archive; also fails where
/// something cannot be read.
pub fn open(dir: &Path, authority: &Authority) -> Result<(Archive, Snapshot), IngestError> {
    let archive = Archive::open(dir)?;
    match look(dir, &archive, authority) {
        Ok((snapshot, true)) => return Ok((archive, snapshot)),
        Ok(_) | Err(IngestError::Index(IndexError::Missing(_))) => {}
        Err(other) => return Err(other),
    }
    archive.release()?;
    let caught_up = directory::write(dir, Duration::ZERO, |mut archive| {
        catch_up(&mut archive, &Index::create(dir)?, authority, &mut |_| {})
    });
    match caught_up {
        Err(IngestError::Directory(DirectoryError::Locked { .. } | DirectoryError::Folder { .. })) => {}
        other => drop(other?),
    }
    for _ in 0..LOOKS {
        match look(dir, &archive, authority) {
            // Another process may be replacing the index at this moment.
            Err(IngestError::Index(IndexError::Missing(_))) => std::thread::sleep(PAUSE),
            other => return Ok((archive, other?.0)),
        }
    }
    let (snapshot, _) = look(dir, &archive, authority)?;
    Ok((archive, snapshot))
}

/// The index, and whether it covers the whole archive. From now on `archive` is read as it was at that moment.
fn look(dir: &Path, archive: &Archive, authority: &Authority) -> Result<(Snapshot, bool), IngestError> {
    // A writer commits to the archive first, so the archive is held after the index was opened: it must not be the
    // older one.
    let mut last = Ok(VersionSeq::NONE);
    let mut snapshot = Index::snapshot(dir, &mut || last = archive.hold())?;
    let (last, known) = (last?, snapshot.state.as_ref().map_or(VersionSeq::NONE, |state| state.seq));
    // Where the archive was restored from an older copy, the index names articles that the archive does not hold.
    let other = snapshot.state.as_ref().is_some_and(|state| state.fingerprint != fingerprint(authority));
    if other || known > last {
        return Err(IngestError::Outdated(dir.to_owned()));
    }
    if known < last {
        snapshot.gone = archive.gone_after(known)?;
    }
    let current = snapshot.state.is_some() && known == last;
    Ok((snapshot, current))
}

/// Rebuilds the index from the archive alone; returns the number of articles.
///
/// # Errors
///
/// Fails where another process writes or the disk fails; the archive stays as it is.
pub fn rebuild(
    dir: &Path,
    authority: &Authority,
    wait: Duration,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, IngestError> {
    directory::write_existing(dir, wait, |mut archive| remake(dir, &mut archive, authority, progress))
}

/// Opens the index for writing; makes an empty one where there is none. `None` where it has the fields of another version,
/// so that it has to be made again.
fn writable(dir: &Path) -> Result<Option<Index>, IngestError> {
    match Index::create(dir) {
        Err(IndexError::Outdated(_)) => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// Builds a new index in another folder, while readers use the old one, and then replaces the old one.
fn remake(
    dir: &Path,
    archive: &mut Archive,
    authority: &Authority,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, IngestError> {
    let beside = dir.join(BESIDE);
    let index = Index::create(&beside)?;
    let done = catch_up(archive, &index, authority, progress)?;
    drop(index);
    Index::replace(dir, &beside)?;
    Ok(done)
}

/// Brings the index up to the archive; returns the number of articles with new versions.
fn catch_up(
    archive: &mut Archive,
    index: &Index,
    authority: &Authority,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, IngestError> {
    let mut state = index.state()?.unwrap_or(State { seq: VersionSeq::NONE, fingerprint: fingerprint(authority) });
    let last = archive.last_seq()?;
    if state.seq >= last && state.seq > VersionSeq::NONE {
        archive.forget_moved(state.seq)?;
        return Ok(0);
    }
    let moved = archive.moved_after(state.seq)?;
    let mut writer = index.writer(&WriterOptions::default())?;
    let fresh = state.seq == VersionSeq::NONE;
    let done = if last > state.seq { put_after(archive, &writer, authority, state.seq, progress)? } else { 0 };
    if !fresh && !moved.is_empty() {
        put_moved(archive, &moved, &mut writer, &mut Tagger::new(authority))?;
    }
    state.seq = last;
    writer.commit(&state)?;
    archive.forget_moved(last)?;
    writer.tidy(index)?;
    writer.finish()?;
    Ok(done)
}

/// Tags and analyses articles; the words of an article are cut once for both.
pub(crate) struct Reader<'a> {
    tagger: Tagger<'a>,
    analyzer: Analyzer,
    /// Memory that is reused for the words of the next article: title, text.
    words: [Words; 2],
}

/// The tags and the analysed words of an article.
#[derive(Debug)]
pub(crate) struct Read {
    tags: Tags,
    analysed: Analysed,
    /// [`Authority::fingerprint`] of the headings by which it was tagged.
    headings: u64,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(authority: &'a Authority) -> Self {
        Self { tagger: Tagger::new(authority), analyzer: Analyzer::new(), words: Default::default() }
    }

    /// As [`Reader::read`], within the limit of time of a document. A reader that was stopped begins anew.
    pub(crate) fn read_within(
        &mut self,
        document: &RawDocument,
        article: &Article,
        limits: &Limits,
    ) -> Result<Read, ExtractError> {
        let read = extract::work_within(document, limits, || self.read(article));
        if read.is_err() {
            *self = Self::new(self.tagger.authority());
        }
        read
    }

    fn read(&mut self, article: &Article) -> Read {
        let [title, text] = std::mem::take(&mut self.words);
        let (title, text) = (words_into(&article.title, title), words_into(&article.text, text));
        let tags = self.tagger.tag_words(article, &title, &text);
        let analysed = Analysed::of(article, &tags, &title, &text, &mut self.analyzer);
        self.words = [title, text];
        Read { tags, analysed, headings: self.tagger.authority().fingerprint() }
    }
}

/// Tags the newest versions with a sequence number above `after` and puts them into the index.
fn put_after(
    archive: &mut Archive,
    writer: &Writer,
    authority: &Authority,
    after: VersionSeq,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, IngestError> {
    let room = Room::new(UNDER_WAY);
    let mut done = 0;
    let mut broken = None;
    flow::in_order(
        &room,
        |each| broken = read_after(archive, after, &room, each).err(),
        || {
            let mut reader = Reader::new(authority);
            move |(stored, held): (Stored, Held)| (reader.read(&stored.article), stored, held)
        },
        |(Read { tags, analysed, .. }, stored, held)| -> Result<(), IngestError> {
            if after > VersionSeq::NONE {
                writer.delete(stored.num);
            }
            writer.add(&stored, &analysed, &tags, authority, Some(Box::new(held)))?;
            done += 1;
            progress(done);
            Ok(())
        },
    )?;
    broken.map_or(Ok(done), Err)
}

fn read_after(
    archive: &mut Archive,
    mut after: VersionSeq,
    room: &Arc<Room>,
    each: &mut dyn FnMut((Stored, Held)) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    loop {
        let chunk = archive.newest_after(after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(()) };
        after = last.seq;
        for stored in chunk {
            let held = room.take(stored.article.text.len());
            if each((stored, held)).is_break() {
                return Ok(());
            }
        }
    }
}

/// Indexes again the articles whose group of copies changed, and deletes those that were removed from the archive.
fn put_moved(
    archive: &mut Archive,
    moved: &[ArticleNum],
    writer: &mut Writer,
    tagger: &mut Tagger<'_>,
) -> Result<(), IngestError> {
    for num in moved {
        match archive.by_num(*num) {
            Ok(stored) => {
                let tags = tagger.tag(&stored.article);
                writer.put(&stored, &tags, tagger.authority())?;
            }
            Err(ArchiveError::NoArticle(_)) => writer.delete(*num), // removed
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}
