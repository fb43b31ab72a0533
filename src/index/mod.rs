//! The tantivy index, a cache of the archive. Each commit records the last version that it covers and the rules by
//! which the index was made.

mod analysed;
pub(crate) mod events;
pub(crate) mod heads;
pub mod mentions;
mod positions;
pub(crate) mod quotes;
#[cfg(test)]
mod rules_tests;
mod schema;
mod segments;
mod shared;
mod still;
mod store;
mod tokenizer;
mod touched;
mod values;
mod verify;
mod written;

use std::any::Any;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::document::Document;
use tantivy::{IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::analysis::{self, Analyzer};
use crate::archive::{ArticleNum, Stored, VersionSeq};
use crate::authority::{Authority, SpeaksFor};
use crate::tag::Tags;
pub use analysed::Analysed;
pub(crate) use positions::positions_file;
pub(crate) use schema::Fields;
pub(crate) use store::packed_marks;
#[cfg(test)]
pub(crate) use tokenizer::register as register_tokenizers;
pub(crate) use values::Values;
pub(crate) use written::{written_form, written_forms};

/// Number of the index's format. Where it changes, every index has to be rebuilt from its archive.
pub(crate) const FORMAT: u32 = 6;

/// Number of the rules by which mentions, topics, statements and events are found. Where it changes, an index is made again
/// from its archive, so that it never holds what two programs found.
const RULES: u32 = 1;
/// Name of the tantivy folder in an index directory.
pub(crate) const FOLDER: &str = "tantivy";
/// Tantivy's list of segments; each commit replaces the file.
const META: &str = "meta.json";
/// How many times a reader tries again while a writer replaces the index.
pub(crate) const LOOKS: u32 = 40;
/// How long a reader waits between two tries.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);
/// Bytes of memory of all indexing threads together, for up to four threads; beyond that, each has a quarter of this.
const MEMORY: usize = 128 << 20;
/// Segments to be merged that are many where another writer follows at once.
const MANY: usize = 8;
/// Position of the body's first word in the field `text`; words of the title stand before it.
pub(crate) const BODY_POSITION: u32 = 1000;

/// Why the index could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no index yet.
    #[error("no index in {}", .0.display())]
    Missing(PathBuf),
    /// It has other fields: another version made it.
    #[error("the index in {} was made by another version", .0.display())]
    Outdated(PathBuf),
    /// It cannot be read.
    #[error("the index in {} cannot be read: {cause}", dir.display())]
    Damaged {
        /// The tantivy folder.
        dir: PathBuf,
        /// What tantivy said.
        cause: String,
    },
    /// Tantivy failed.
    #[error("index: {0}")]
    Tantivy(Box<dyn std::error::Error + Send + Sync>),
    /// The disk failed.
    #[error("index: {0}")]
    Io(#[from] std::io::Error),
}

#[doc(hidden)] // tantivy's types are no part of the public face
impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Tantivy(Box::new(error))
    }
}

/// The last version that the index covers, and the rules by which it was made; written into each commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Sequence number of the last version that it covers.
    pub seq: VersionSeq,
    /// See [`fingerprint`].
    pub fingerprint: String,
}

/// The payload of a commit.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    #[serde(flatten)]
    state: State,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    heads: heads::OfSegments,
}

impl Payload {
    fn read(index: &tantivy::Index) -> Result<Option<Self>, IndexError> {
        let payload = index.load_metas()?.payload;
        Ok(payload.and_then(|payload| serde_json::from_str(&payload).ok()))
    }
}

/// The most frequent values of facets, as recorded in the last commit.
///
/// # Errors
///
/// Fails where the index cannot be read.
pub(crate) fn noted_heads(index: &tantivy::Index) -> Result<heads::OfSegments, IndexError> {
    Ok(Payload::read(index)?.map(|payload| payload.heads).unwrap_or_default())
}

/// Names the rules by which an index is made: schema, analysis, tagging, authority file.
pub fn fingerprint(authority: &Authority) -> String {
    format!("{FORMAT}.{}.{RULES}.{:016x}", analysis::VERSION, authority.fingerprint())
}

/// The length that an index takes a field to have whose length is of a class: lengths are kept in a byte, which Lucene
/// encodes in the same way.
pub(crate) fn length_of_class(class: u8) -> u32 {
    FieldNormReader::id_to_fieldnorm(class)
}

/// The class of a length.
#[cfg(feature = "cluster")]
pub(crate) fn class_of_length(length: u32) -> u8 {
    FieldNormReader::fieldnorm_to_id(length)
}

/// The value of a cell, which is opened when it is first wanted.
pub(crate) fn opened<T, E>(cell: &OnceLock<T>, open: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = open()?;
    Ok(cell.get_or_init(|| value))
}

/// See [`stamp`].
pub(crate) type Stamp = (SystemTime, u64);

/// Identifies a state of the index: time and inode of `meta.json`, which a writer replaces and never overwrites.
pub(crate) fn stamp(dir: &Path) -> Option<Stamp> {
    let file = std::fs::metadata(dir.join(FOLDER).join(META)).ok()?;
    Some((file.modified().ok()?, number(&file)))
}

/// Calls `read` until `meta.json` was not replaced meanwhile; a result for which `settled` holds is returned at once.
/// After [`LOOKS`] tries, one more result is returned whatever happened meanwhile.
pub(crate) fn steadily<T>(dir: &Path, mut read: impl FnMut() -> T, settled: impl Fn(&T) -> bool) -> T {
    for _ in 0..LOOKS {
        let before = stamp(dir);
        let found = read();
        if settled(&found) || stamp(dir) == before {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    read()
}

/// The inode number of a file; 0 on systems that have none.
#[cfg(unix)]
fn number(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// An index as it is at one moment, for reading.
pub struct Snapshot {
    /// Its segments.
    pub(crate) searcher: Searcher,
    /// Its fields.
    pub(crate) fields: Fields,
    /// State recorded in the last commit; `None` before the first.
    pub(crate) state: Option<State>,
    /// Numbers of articles that the index still holds and the archive no longer does; readers skip them.
    pub(crate) gone: Vec<ArticleNum>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("state", &self.state).field("gone", &self.gone).finish_non_exhaustive()
    }
}

/// An open index.
#[derive(Debug, Clone)]
pub struct Index {
    /// Tantivy's own index.
    pub(crate) tantivy: tantivy::Index,
    /// Its fields.
    pub(crate) fields: Fields,
}

impl Index {
    /// Opens the index of an index directory.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`] where there is none, [`IndexError::Outdated`] where it has other fields,
    /// [`IndexError::Damaged`] where it cannot be opened.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        steadily(dir, || Self::try_open(dir), Result::is_ok)
    }

    /// The index at one moment. Calls `beside` after opening the index and before checking that a writer did not
    /// replace it meanwhile; calls it again on every retry.
    ///
    /// # Errors
    ///
    /// As [`Index::open`].
    pub fn snapshot(dir: &Path, beside: &mut dyn FnMut()) -> Result<Snapshot, IndexError> {
        let mut read = || {
            let index = Self::try_open(dir)?;
            let state = index.state()?;
            let reader: IndexReader = index.tantivy.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            beside();
            Ok(Snapshot { searcher: reader.searcher(), fields: index.fields, state, gone: Vec::new() })
        };
        steadily(dir, &mut read, |_| false)
    }

    fn try_open(dir: &Path) -> Result<Self, IndexError> {
        let folder = &dir.join(FOLDER);
        if !folder.join(META).exists() {
            return Err(IndexError::Missing(dir.to_owned()));
        }
        let damaged = |cause: String| IndexError::Damaged { dir: folder.to_owned(), cause };
        let opened = if still::cannot_be_written(folder) {
            let directory = MmapDirectory::open(folder).map_err(|cause| damaged(cause.to_string()))?;
            tantivy::Index::open(still::Still(directory))
        } else {
            shared::Shared::open(folder).and_then(tantivy::Index::open)
        };
        let tantivy = opened.map_err(|cause| damaged(cause.to_string()))?;
        let (schema, fields) = Fields::build();
        if tantivy.schema() != schema {
            return Err(IndexError::Outdated(dir.to_owned()));
        }
        store::check(&tantivy).map_err(|error| damaged(error.to_string()))?;
        tokenizer::register(tantivy.tokenizers());
        Ok(Self { tantivy, fields })
    }

    /// Opens the index for writing; makes an empty one where there is none.
    ///
    /// # Errors
    ///
    /// As [`Index::open`], or where the disk fails.
    pub fn create(dir: &Path) -> Result<Self, IndexError> {
        match Self::open(dir) {
            Err(IndexError::Missing(_)) => {}
            other => return other,
        }
        let folder = dir.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        let (schema, fields) = Fields::build();
        let directory = shared::Shared::open(&folder)?;
        let tantivy = tantivy::Index::create(directory, schema, IndexSettings::default())?;
        tokenizer::register(tantivy.tokenizers());
        Ok(Self { tantivy, fields })
    }

    /// Removes the index; the archive stays.
    ///
    /// # Errors
    ///
    /// Fails where the disk does.
    pub fn remove(dir: &Path) -> Result<(), IndexError> {
        match std::fs::remove_dir_all(dir.join(FOLDER)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(cause.into()),
            _ => Ok(()),
        }
    }

    /// Replaces the index of `dir` by that of the directory `by`, and removes `by` together with the old index.
    ///
    /// # Errors
    ///
    /// Fails where the disk does.
    pub fn replace(dir: &Path, by: &Path) -> Result<(), IndexError> {
        let (old, aside) = (dir.join(FOLDER), by.join("old"));
        if old.exists() {
            std::fs::rename(&old, &aside)?;
        }
        std::fs::rename(by.join(FOLDER), old)?;
        Ok(std::fs::remove_dir_all(by)?)
    }

    /// The state recorded in the last commit; `None` before the first.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be read.
    pub fn state(&self) -> Result<Option<State>, IndexError> {
        Ok(Payload::read(&self.tantivy)?.map(|payload| payload.state))
    }

    /// Opens a writer.
    ///
    /// # Errors
    ///
    /// Fails where another process writes.
    pub fn writer(&self, options: &WriterOptions) -> Result<Writer, IndexError> {
        let inner = self.start(options.threads, options.memory)?;
        Ok(Writer { inner, fields: self.fields, analyzer: Analyzer::new(), speaks: OnceCell::new() })
    }

    /// Opens tantivy's writer, with `memory` bytes for each thread. First deletes the files to which no commit refers:
    /// a list of deleted articles is named after the number of its commit, so a file left by a killed writer would
    /// block the next.
    fn start<D: Document>(&self, threads: usize, memory: usize) -> Result<tantivy::IndexWriter<D>, IndexError> {
        let inner = self.tantivy.writer_with_num_threads(threads, memory * threads)?;
        inner.set_merge_policy(Box::new(NoMergePolicy)); // see [`Writer::tidy`]
        inner.garbage_collect_files().wait()?;
        Ok(inner)
    }
}

/// Options of a writer.
#[derive(Debug, Clone)]
pub struct WriterOptions {
    /// Threads that index.
    pub threads: usize,
    /// Bytes of memory for each thread; a thread that has filled them writes a segment.
    pub memory: usize,
}

impl Default for WriterOptions {
    /// One thread for every two cores, at most 8. Analysis is already done, and each thread has its own table of all
    /// terms, so more threads give more tables to write and merge.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = (cores / 2).clamp(1, 8);
        Self { threads, memory: (MEMORY / threads).max(MEMORY / 4) }
    }
}

/// Any value that is to be dropped as soon as an article is indexed.
pub(crate) type Held = Option<Box<dyn Any + Send + Sync>>;

/// A document on its way into the index.
struct Queued {
    inner: TantivyDocument,
    _held: Held,
}

impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.inner.iter_fields_and_values()
    }
}

/// Writes articles into the index.
pub struct Writer {
    inner: tantivy::IndexWriter<Queued>,
    fields: Fields,
    analyzer: Analyzer,
    speaks: OnceCell<SpeaksFor>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Indexes a version and deletes the older version of the same article from the index.
    ///
    /// # Errors
    ///
    /// Fails where tantivy does.
    pub fn put(&mut self, stored: &Stored, tags: &Tags, authority: &Authority) -> Result<(), IndexError> {
        self.delete(stored.num);
        let analysed = Analysed::new(&stored.article, tags, &mut self.analyzer);
        self.add(stored, &analysed, tags, authority, None)
    }

    /// Adds an article that the index does not hold in an older version. `held` is dropped as soon as the article is indexed:
    /// the queue of tantivy's writer is bounded only in articles, and with `held` the caller can bound it in bytes.
    ///
    /// # Errors
    ///
    /// Fails where tantivy does.
    pub fn add(
        &self,
        stored: &Stored,
        analysed: &Analysed,
        tags: &Tags,
        authority: &Authority,
        held: Held,
    ) -> Result<(), IndexError> {
        let inner = self.document(stored, analysed, tags, authority);
        self.inner.add_document(Queued { inner, _held: held })?;
        Ok(())
    }

    /// Deletes an article from the index.
    pub fn delete(&self, num: ArticleNum) {
        self.inner.delete_term(Term::from_field_u64(self.fields.num, num.0));
    }

    /// Makes what was added searchable, and records `state`.
    ///
    /// # Errors
    ///
    /// Fails where the disk does.
    pub fn commit(&mut self, state: &State) -> Result<(), IndexError> {
        let heads = noted_heads(self.inner.index())?;
        self.commit_with(&Payload { state: state.clone(), heads })
    }

    fn commit_with(&mut self, payload: &Payload) -> Result<(), IndexError> {
        let payload = serde_json::to_string(payload).map_err(std::io::Error::other)?;
        let mut commit = self.inner.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        Ok(())
    }

    /// Merges segments so that few are left ([`segments::to_merge`]), waits for the merge, and records the most
    /// frequent facet values of each segment.
    ///
    /// To be called once, after the last commit: merging while articles come would write most of them several times.
    ///
    /// # Errors
    ///
    /// Fails where tantivy does.
    pub(crate) fn tidy(&mut self, index: &Index) -> Result<(), IndexError> {
        let merged = segments::to_merge(index.tantivy.searchable_segment_metas()?);
        if !merged.is_empty() {
            self.inner.merge(&merged).wait()?;
        }
        self.note_heads(index)
    }

    /// As [`Writer::tidy`], but only where many segments would be merged: for a writer after which another follows at once.
    ///
    /// # Errors
    ///
    /// Fails where tantivy does.
    pub(crate) fn tidy_if_many(&mut self, index: &Index) -> Result<(), IndexError> {
        match segments::to_merge(index.tantivy.searchable_segment_metas()?).len() {
            0..MANY => Ok(()),
            _ => self.tidy(index),
        }
    }

    fn note_heads(&mut self, index: &Index) -> Result<(), IndexError> {
        let Some(Payload { state, heads: mut before }) = Payload::read(&index.tantivy)? else { return Ok(()) };
        let (known, mut heads) = (before.clone(), heads::OfSegments::new());
        for segment in index.tantivy.reader()?.searcher().segment_readers() {
            let id = segment.segment_id().uuid_string();
            let noted = match before.remove(&id) {
                Some(noted) => noted,
                None => heads::to_note(segment, self.fields)?,
            };
            if !noted.is_empty() {
                heads.insert(id, noted);
            }
        }
        if heads == known { Ok(()) } else { self.commit_with(&Payload { state, heads }) }
    }

    /// Waits for merges that are under way.
    ///
    /// # Errors
    ///
    /// Fails where one of them did.
    pub fn finish(self) -> Result<(), IndexError> {
        Ok(self.inner.wait_merging_threads()?)
    }

    fn document(&self, stored: &Stored, analysed: &Analysed, tags: &Tags, authority: &Authority) -> TantivyDocument {
        let Fields { num, seq, group, text, title, form, title_form, byline, .. } = self.fields;
        let article = &stored.article;
        let mut doc = TantivyDocument::default();
        doc.add_u64(num, stored.num.0);
        doc.add_u64(seq, stored.seq.0);
        if stored.group != stored.num.into() {
            doc.add_u64(group, stored.group.0);
        }
        doc.add_text(form, &analysed.forms);
        doc.add_text(text, &analysed.terms);
        doc.add_text(title, &article.title);
        doc.add_text(title_form, &article.title);
        for name in &article.byline {
            doc.add_text(byline, name);
        }
        let speaks = self.speaks.get_or_init(|| SpeaksFor::new(authority));
        self.add_values(&mut doc, &Values::of(stored, analysed, tags, authority, speaks));
        doc
    }

    fn add_values(&self, doc: &mut TantivyDocument, values: &Values<'_>) {
        let fields = &self.fields;
        for (actor, weight) in &values.actors {
            doc.add_text(fields.actor, actor);
            doc.add_u64(fields.weight, *weight);
        }
        for (field, list) in [
            (fields.affiliation, &values.affiliations),
            (fields.system, &values.systems),
            (fields.topic, &values.topics),
            (fields.place, &values.places),
            (fields.speaker, &values.speakers),
        ] {
            list.iter().for_each(|value| doc.add_text(field, value));
        }
        values.written.iter().for_each(|value| doc.add_text(fields.written, value));
        values.said.iter().for_each(|value| doc.add_text(fields.said, value));
        values.doubts.iter().for_each(|value| doc.add_text(fields.doubt, value));
        values.events.iter().for_each(|value| doc.add_text(fields.event, value));
        values.outlet.iter().for_each(|value| doc.add_text(fields.outlet, value));
        values.language.iter().for_each(|value| doc.add_text(fields.language, value));
        values.published.iter().for_each(|at| doc.add_i64(fields.published, *at));
        values.modified.iter().for_each(|at| doc.add_i64(fields.modified, *at));
        doc.add_bytes(fields.marks, &values.marks);
    }
}
