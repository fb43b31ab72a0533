//! Documents into archive and index: one thread reads, one for each core extracts and tags, one writes.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use super::flow::{self, Held, Room};
use super::{Event, IngestError, Reader, Report, UNDER_WAY, catch_up, put_moved, remake, renew};
use crate::archive::{
    Archive, ArchiveError, ArticleNum, Batch, Dictionary, Digest256, Outcome, Packed, Packer, Put, Stored, VersionSeq,
    digest,
};
use crate::article::{Article, Moment, Place, RawDocument};
use crate::authority::Authority;
use crate::directory;
use crate::extract::{self, ExtractError};
use crate::index::{Analysed, Index, State, Writer, WriterOptions, fingerprint};
use crate::source::{self, Found, SourceError};
use crate::tag::{Tagger, Tags};

/// What to ingest, and where to.
#[derive(Debug, Clone)]
pub struct Ingest {
    /// The index directory; made if it is not there.
    pub dir: PathBuf,
    /// Files and folders; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// The present. Kept in the archive as the time at which the program read what is new or changed.
    pub now: Moment,
    /// Options for reading them.
    pub source: source::Options,
    /// How long to wait for another process that writes.
    pub wait: Duration,
    /// Whether articles that were removed before are stored again.
    pub readmit: bool,
    /// Limits on the extraction of one document.
    pub limits: extract::Limits,
}

impl Ingest {
    /// Ingests `inputs` into the index directory `dir` with the default limits; does not wait for another writer.
    pub fn new(dir: impl Into<PathBuf>, inputs: impl IntoIterator<Item = PathBuf>, now: Moment) -> Self {
        Self {
            dir: dir.into(),
            inputs: inputs.into_iter().collect(),
            now,
            source: source::Options::default(),
            wait: Duration::ZERO,
            readmit: false,
            limits: extract::Limits::default(),
        }
    }
}

/// Articles written in one transaction, at most; see also [`Room::batch`].
const BATCH: usize = 4000;
/// The same while the archive has no dictionary for compression; the first one is trained on these articles.
const FIRST_BATCH: usize = 400;

/// What a worker made of a document.
enum Made {
    Article(Box<Ready>),
    Known,
    Unread(SourceError),
    Empty(ExtractError),
}

/// An article ready for archive and index.
struct Ready {
    packed: Packed,
    article: Article,
    tags: Tags,
    analysed: Analysed,
    place: Place,
    input: Digest256,
    /// See [`Task::again`].
    again: Option<ArticleNum>,
    fetched: Option<Timestamp>,
    held: Held,
}

/// Reads the inputs into archive and index.
///
/// Bad documents are reported as events and counted; the good ones are stored. The index is first brought up to the
/// archive.
///
/// # Errors
///
/// Fails where another process writes, or the disk fails. What was written before that is kept.
pub fn run(job: &Ingest, authority: &Authority, event: &mut dyn FnMut(Event<'_>)) -> Result<Report, IngestError> {
    directory::write(&job.dir, job.wait, |archive| ingest(job, archive, authority, event))
}

fn ingest(
    job: &Ingest,
    archive: Archive,
    authority: &Authority,
    event: &mut dyn FnMut(Event<'_>),
) -> Result<Report, IngestError> {
    fill(job, archive, authority, event, |room, each| read_all(job, room, each))
}

/// A document on its way to a worker.
pub(super) struct Task {
    pub(super) found: Found,
    /// The article of which it is to become the newest version, whatever it is found to be; it is extracted even where
    /// its bytes are known.
    pub(super) again: Option<ArticleNum>,
    pub(super) held: Held,
}

/// Puts what `read` passes on into archive and index. The index is first brought up to the archive.
pub(super) fn fill(
    job: &Ingest,
    mut archive: Archive,
    authority: &Authority,
    event: &mut dyn FnMut(Event<'_>),
    read: impl FnOnce(&Arc<Room>, &mut dyn FnMut(Task) -> ControlFlow<()>) + Send,
) -> Result<Report, IngestError> {
    let index = ready_index(job, &mut archive, authority)?;
    let dictionary = archive.dictionary()?.map_or_else(OnceLock::new, OnceLock::from);
    let room = Room::new(UNDER_WAY);
    let writer = index.writer(&WriterOptions::default())?;
    let mut sink = Sink {
        archive,
        writer,
        authority,
        dictionary: &dictionary,
        trains: dictionary.get().is_none(),
        readmit: job.readmit,
        now: job.now,
        tagger: None,
        report: Report::default(),
        batch: Vec::new(),
        gathered: 0,
    };
    flow::in_order(
        &room,
        |each| read(&room, each),
        || {
            let mut worker = Worker::new(job, authority, &dictionary);
            move |task| worker.work(task)
        },
        |made| sink.take(made, room.batch(), event),
    )?;
    sink.finish(&index)
}

/// Opens the index and brings it up to the archive; one made by other rules is tagged again or rebuilt.
fn ready_index(job: &Ingest, archive: &mut Archive, authority: &Authority) -> Result<Index, IngestError> {
    let last = archive.last_seq()?;
    let fits = |index: &Index| -> Result<bool, IngestError> {
        let state = index.state()?;
        Ok(state.is_none_or(|state| state.fingerprint == fingerprint(authority) && state.seq <= last))
    };
    let mut index = super::writable(&job.dir)?;
    if let Some(old) = &index
        && !fits(old)?
        && renew::retag(&job.dir, archive, old, authority, &mut |_| {})?.is_none()
    {
        index = None;
    }
    let Some(index) = index else {
        remake(&job.dir, archive, authority, &mut |_| {})?;
        return Ok(Index::open(&job.dir)?);
    };
    if last > VersionSeq::NONE {
        catch_up(archive, &index, authority, &mut |_| {})?;
    }
    Ok(index)
}

fn read_all(job: &Ingest, room: &Arc<Room>, each: &mut dyn FnMut(Task) -> ControlFlow<()>) {
    source::read(&job.inputs, &job.source, &mut |found| {
        let bytes = found.as_ref().map_or(0, |document| document.bytes.len());
        each(Task { found, again: None, held: room.take(bytes) })
    });
}

/// The state of a worker thread, which turns documents into articles.
struct Worker<'a> {
    /// For skipping known documents; `None` while the archive is empty.
    archive: Option<Archive>,
    authority: &'a Authority,
    limits: extract::Limits,
    /// Created for the first document that is not known yet.
    reader: Option<Reader<'a>>,
    dictionary: &'a OnceLock<Dictionary>,
    /// The packer, and whether it has the dictionary; replaced as soon as there is one.
    packer: Option<(Packer, bool)>,
}

impl<'a> Worker<'a> {
    fn new(job: &Ingest, authority: &'a Authority, dictionary: &'a OnceLock<Dictionary>) -> Self {
        let archive =
            Archive::open(&job.dir).ok().filter(|archive| archive.last_seq().is_ok_and(|last| last > VersionSeq::NONE));
        Self { archive, authority, limits: job.limits, reader: None, dictionary, packer: None }
    }

    fn work(&mut self, task: Task) -> Made {
        match task.found {
            Ok(document) => self.make(document, task.again, task.held),
            Err(error) => Made::Unread(error),
        }
    }

    fn make(&mut self, document: RawDocument, again: Option<ArticleNum>, mut held: Held) -> Made {
        let document = Arc::new(document);
        let input = digest(&document.bytes);
        let known = |archive: &Archive| archive.is_known(&document.place, &input).unwrap_or(false);
        if again.is_none() && self.archive.as_ref().is_some_and(known) {
            return Made::Known;
        }
        let article = match extract::article_within(&document, &self.limits) {
            Ok(article) => article,
            Err(error) => return Made::Empty(error),
        };
        held.shrink(article.text.len());
        let mut reader = self.reader.take().unwrap_or_else(|| Reader::new(self.authority));
        let (tags, analysed) = match extract::work_within(&document, &self.limits, || reader.read(&article)) {
            Ok(read) => read,
            Err(error) => return Made::Empty(error),
        };
        self.reader = Some(reader);
        match self.packer().and_then(|packer| Packed::new(&article, packer)) {
            Ok(packed) => Made::Article(Box::new(Ready {
                packed,
                article,
                tags,
                analysed,
                place: document.place.clone(),
                input,
                again,
                fetched: document.fetched,
                held,
            })),
            Err(cause) => {
                Made::Empty(ExtractError::Malformed { place: document.place.clone(), what: cause.to_string() })
            }
        }
    }

    fn packer(&mut self) -> Result<&mut Packer, ArchiveError> {
        let dictionary = self.dictionary.get();
        let packer = match self.packer.take() {
            Some((packer, with)) if with == dictionary.is_some() => packer,
            _ => Packer::new(dictionary)?,
        };
        Ok(&mut self.packer.insert((packer, dictionary.is_some())).0)
    }
}

/// Puts an article into the archive: as a new version of the one that it was extracted again for, else of the one that
/// it is found to be.
fn put(batch: &mut Batch<'_>, item: &Ready, readmit: bool, now: Moment) -> Result<Put, ArchiveError> {
    let Ready { packed, place, input, fetched, .. } = item;
    if let Some(num) = item.again
        && let Some(put) = batch.put_again(num, packed, place, input, *fetched, now)?
    {
        return Ok(put);
    }
    if readmit {
        batch.readmit(packed)?;
    }
    batch.put(packed, place, input, *fetched, now)
}

/// The state of the writing thread.
struct Sink<'a> {
    archive: Archive,
    writer: Writer,
    authority: &'a Authority,
    dictionary: &'a OnceLock<Dictionary>,
    /// Whether a dictionary is still to be trained.
    trains: bool,
    /// See [`Ingest::readmit`].
    readmit: bool,
    /// See [`Ingest::now`].
    now: Moment,
    /// For articles whose group changed; created for the first of them.
    tagger: Option<Tagger<'a>>,
    report: Report,
    batch: Vec<Ready>,
    /// Bytes of the batch.
    gathered: usize,
}

impl Sink<'_> {
    fn take(&mut self, made: Made, batch: usize, event: &mut dyn FnMut(Event<'_>)) -> Result<(), IngestError> {
        match made {
            Made::Article(ready) => {
                self.gathered += ready.held.bytes;
                self.batch.push(*ready);
            }
            other => self.tell(&other, event),
        }
        let most = if self.trains { FIRST_BATCH } else { BATCH };
        if self.batch.len() >= most || self.gathered >= batch {
            self.write()?;
        }
        event(Event::Done(self.report));
        Ok(())
    }

    fn finish(mut self, index: &Index) -> Result<Report, IngestError> {
        self.write()?;
        self.archive.write_keys(true)?;
        let state = State { seq: self.archive.last_seq()?, fingerprint: fingerprint(self.authority) };
        let Self { archive, mut writer, report, .. } = self;
        drop(archive); // frees its memory for the merge, which maps all segments
        if index.state()?.as_ref() != Some(&state) {
            writer.commit(&state)?;
            writer.tidy(index)?;
        }
        writer.finish()?;
        Ok(report)
    }

    fn tell(&mut self, made: &Made, event: &mut dyn FnMut(Event<'_>)) {
        match made {
            Made::Known => self.report.unchanged += 1,
            Made::Unread(error) => event(Event::Unread(error)),
            Made::Empty(error) => event(Event::Empty(error)),
            Made::Article(_) => {}
        }
        self.report.failed += u64::from(matches!(made, Made::Unread(_) | Made::Empty(_)));
    }

    /// Writes the batch: the archive first, in one transaction, then the index.
    fn write(&mut self) -> Result<(), IngestError> {
        self.gathered = 0;
        let items = std::mem::take(&mut self.batch);
        if items.is_empty() {
            return Ok(());
        }
        let mut batch = self.archive.batch()?;
        let (mut fresh, mut moved) = (Vec::new(), BTreeSet::new());
        for item in items {
            let put = put(&mut batch, &item, self.readmit, self.now)?;
            match put.outcome {
                Outcome::New => self.report.new += 1,
                Outcome::Changed => self.report.changed += 1,
                Outcome::Unchanged => {
                    self.report.unchanged += 1;
                    continue;
                }
                Outcome::Removed => {
                    self.report.removed += 1;
                    continue;
                }
            }
            self.report.text += item.article.text.len() as u64;
            self.report.doubtful += u64::from(!item.article.doubts.is_empty());
            moved.extend(put.moved);
            let stored =
                Stored { num: put.num, id: String::new(), seq: put.seq, group: put.group, article: item.article };
            fresh.push((stored, item.tags, item.analysed, put.outcome, item.held));
        }
        batch.commit()?;
        for (mut stored, tags, analysed, outcome, held) in fresh {
            if moved.remove(&stored.num) {
                stored.group = self.archive.group_of(stored.num)?;
            }
            if outcome == Outcome::Changed {
                self.writer.delete(stored.num);
            }
            self.writer.add(&stored, &analysed, &tags, self.authority, Some(Box::new(held)))?;
        }
        if !moved.is_empty() {
            let moved: Vec<ArticleNum> = moved.into_iter().collect();
            let tagger = self.tagger.get_or_insert_with(|| Tagger::new(self.authority));
            put_moved(&mut self.archive, &moved, &mut self.writer, tagger)?;
        }
        self.archive.write_keys(false)?;
        self.train()
    }

    /// Gives the workers a dictionary as soon as the archive can train one.
    fn train(&mut self) -> Result<(), IngestError> {
        if self.trains {
            if let Some(dictionary) = self.archive.train_dictionary()? {
                let _ = self.dictionary.set(dictionary); // only this thread sets it
            }
            // Training is given up after enough articles: those that are too uniform for a dictionary are not read
            // again and again.
            self.trains = self.dictionary.get().is_none() && self.report.new < FIRST_BATCH as u64;
        }
        Ok(())
    }
}
