//! Documents into archive and index: one thread reads, one for each core extracts and tags, one writes.
//!
//! [`run`] reads paths; [`take_in`] takes documents that are there already, such as those that were fetched.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use super::flow::{self, Held, Room};
use super::{Event, IngestError, Read, Reader, Report, UNDER_WAY, catch_up, put_moved, remake, renew};
use crate::archive::following::{Item, Page};
use crate::archive::{
    Archive, ArchiveError, ArticleNum, Batch, Dictionary, Digest256, Outcome, Packed, Packer, Put, Stored, VersionSeq,
    digest,
};
use crate::article::{Article, Format, Moment, Place, RawDocument};
use crate::authority::Authority;
use crate::directory::{self, headings};
use crate::extract::{self, ExtractError};
use crate::index::{Index, State, Writer, WriterOptions, fingerprint};
use crate::source::{self, Found, SourceError};
use crate::tag::Tagger;

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
    /// Whether further batches follow at once ([`take_in`]). What is done once for all of them is left to the last: the
    /// checksums of the archive, and the merging of segments.
    pub goes_on: bool,
    /// Whether the local index is written too. Where it is not, it lags, and is brought up when it is next read or written.
    pub local: bool,
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
            goes_on: false,
            local: true,
        }
    }
}

/// Articles written in one transaction, at most; see also [`Room::batch`].
const BATCH: usize = 4000;
/// The same while the archive has no dictionary for compression; the first one is trained on these articles.
const FIRST_BATCH: usize = 400;

/// What a worker made of a document, with what is to be recorded of it.
enum Made {
    Article(Box<Ready>),
    Known(Option<Note>),
    Unread(SourceError, Option<Note>),
    Empty(ExtractError, Option<Note>),
}

/// A document that is there already, with the rows that are to be written in its transaction; their article is filled in.
#[derive(Debug)]
pub struct Arrival {
    /// The document, or `None` where only the rows are to be written.
    pub document: Option<RawDocument>,
    /// The article that was extracted from it already, if so.
    pub article: Option<Given>,
    /// The article that it is known to be, whatever its address; it is found under the document's address from now on.
    pub again: Option<ArticleNum>,
    /// The entry that it is.
    pub item: Option<Item>,
    /// Its page.
    pub page: Option<Page>,
}

/// An article that was extracted already.
#[derive(Debug)]
pub struct Given {
    /// The article.
    pub article: Box<Article>,
    /// SHA-256 of the bytes from which it was extracted; the document need not hold them any more.
    pub input: Digest256,
    /// Its tags and words, where they were found already. They are found again if the headings have changed since.
    pub(crate) read: Option<Box<Read>>,
}

/// What became of an [`Arrival`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// What became of the document; `None` where it gave no article.
    pub outcome: Option<Outcome>,
    /// The article, where it was stored or changed now.
    pub article: Option<ArticleNum>,
    /// Why there is no article.
    pub fault: Option<String>,
}

/// The rows of an [`Arrival`], with its number.
#[derive(Debug)]
pub(super) struct Note {
    at: usize,
    item: Option<Item>,
    page: Option<Page>,
}

/// An article ready for archive and index.
struct Ready {
    packed: Packed,
    article: Article,
    /// `None` where no index is written.
    read: Option<Read>,
    place: Place,
    input: Digest256,
    /// See [`Task::again`].
    again: Option<ArticleNum>,
    fetched: Option<Timestamp>,
    note: Option<Note>,
    held: Held,
}

/// What the next transaction writes, in the order in which it came.
enum Pending {
    Article(Box<Ready>),
    /// The rows of a document that gave no article to be put, with what became of it.
    Rows(Box<(Note, Taken)>),
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
    let (report, _) = fill(job, archive, authority, event, None, |room, each| read_all(job, room, each))?;
    Ok(report)
}

/// Rows that are written in the transaction of the last documents of a run, or after it: what must not be known before
/// these documents are.
pub type Closing<'a> = &'a mut dyn FnMut(&mut Batch<'_>) -> Result<(), ArchiveError>;

/// Takes documents into archive and index, as [`run`] does; `job.inputs` is ignored. Rows of a document are written in
/// its transaction, `closing` in that of the last ones. The second result has what became of each, in order.
///
/// The lock is held only while this function runs: whoever waits for a network does that before.
///
/// # Errors
///
/// As [`run`]. What was written before is kept, and `closing` is not.
pub fn take_in(
    job: &Ingest,
    arrivals: Vec<Arrival>,
    closing: Closing<'_>,
    authority: &Authority,
    event: &mut dyn FnMut(Event<'_>),
) -> Result<(Report, Vec<Taken>), IngestError> {
    let count = arrivals.len();
    let work = |archive: Archive| -> Result<(Report, Vec<Taken>), IngestError> {
        // The user may have decided something since the first batch.
        let own = headings::own(&job.dir)?;
        let authority = match &own {
            Some(own) => own,
            None if authority.decisions().is_empty() => authority,
            None => Authority::bundled(),
        };
        let read = |room: &Arc<Room>, each: &mut dyn FnMut(Task) -> ControlFlow<()>| {
            for (at, Arrival { document, article, again, item, page }) in arrivals.into_iter().enumerate() {
                let note = Some(Note { at, item, page });
                let text = article.as_ref().map_or(0, |one| one.article.text.len());
                let held = room.take(document.as_ref().map_or(0, |document| document.bytes.len()) + text);
                if each(Task { found: document.map(Ok), article, again, note, held }).is_break() {
                    return;
                }
            }
        };
        let (report, noted) = fill(job, archive, authority, event, Some(closing), read)?;
        let mut taken = vec![Taken::default(); count];
        for (at, one) in noted {
            taken[at] = one;
        }
        Ok((report, taken))
    };
    match job.goes_on {
        true => directory::write_open(&job.dir, job.wait, work),
        false => directory::write(&job.dir, job.wait, work),
    }
}

/// A document on its way to a worker.
pub(super) struct Task {
    /// The document, or why there is none; `None` where only rows are to be written.
    pub(super) found: Option<Found>,
    /// The article that was extracted from it already, if so.
    pub(super) article: Option<Given>,
    /// The article of which it is to become the newest version, whatever it is found to be; it is extracted even where
    /// its bytes are known.
    pub(super) again: Option<ArticleNum>,
    pub(super) note: Option<Note>,
    pub(super) held: Held,
}

/// Puts what `read` passes on into archive and index. The index is first brought up to the archive.
pub(super) fn fill(
    job: &Ingest,
    mut archive: Archive,
    authority: &Authority,
    event: &mut dyn FnMut(Event<'_>),
    closing: Option<Closing<'_>>,
    read: impl FnOnce(&Arc<Room>, &mut dyn FnMut(Task) -> ControlFlow<()>) + Send,
) -> Result<(Report, Vec<(usize, Taken)>), IngestError> {
    let index = if job.local { Some(ready_index(job, &mut archive, authority)?) } else { None };
    let dictionary = archive.dictionary()?.map_or_else(OnceLock::new, OnceLock::from);
    let room = Room::new(UNDER_WAY);
    let writer = index.as_ref().map(|index| index.writer(&WriterOptions::default())).transpose()?;
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
        taken: Vec::new(),
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
    sink.finish(index.as_ref(), closing, job.goes_on)
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
        each(Task { found: Some(found), article: None, again: None, note: None, held: room.take(bytes) })
    });
}

/// The state of a worker thread, which turns documents into articles.
struct Worker<'a> {
    /// For skipping known documents; `None` while the archive is empty.
    archive: Option<Archive>,
    authority: &'a Authority,
    limits: extract::Limits,
    /// See [`Ingest::local`].
    local: bool,
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
        Self { archive, authority, limits: job.limits, local: job.local, reader: None, dictionary, packer: None }
    }

    fn work(&mut self, task: Task) -> Made {
        let Task { found, article, again, note, held } = task;
        match found {
            Some(Ok(document)) => self.make(document, article, again, note, held),
            Some(Err(error)) => Made::Unread(error, note),
            None => Made::Known(note),
        }
    }

    fn make(
        &mut self,
        document: RawDocument,
        article: Option<Given>,
        again: Option<ArticleNum>,
        note: Option<Note>,
        mut held: Held,
    ) -> Made {
        let document = Arc::new(document);
        let input = article.as_ref().map_or_else(|| digest(&document.bytes), |one| one.input);
        let known = |archive: &Archive| archive.is_known(&document.place, &input, document.fetched).unwrap_or(false);
        if again.is_none() && self.archive.as_ref().is_some_and(known) {
            return Made::Known(note);
        }
        let extracted = match article {
            Some(Given { article, read, .. }) => Ok((*article, read.filter(|read| self.is_current(read)))),
            None => extract::article_within(&document, &self.limits).map(|article| (article, None)),
        };
        let (article, read) = match extracted {
            Ok(extracted) => extracted,
            Err(error) => return Made::Empty(error, note),
        };
        held.shrink(article.text.len());
        let read = match read {
            Some(read) => Some(*read),
            None if !self.local => None,
            None => match self.read(&document, &article) {
                Ok(read) => Some(read),
                Err(error) => return Made::Empty(error, note),
            },
        };
        match self.packer().and_then(|packer| Packed::new(&article, packer)) {
            Ok(packed) => Made::Article(Box::new(Ready {
                packed: if document.format == Format::FeedEntry { packed.of_entry() } else { packed },
                article,
                read,
                place: document.place.clone(),
                input,
                again,
                fetched: document.fetched,
                note,
                held,
            })),
            Err(cause) => {
                let error = ExtractError::Malformed { place: document.place.clone(), what: cause.to_string() };
                Made::Empty(error, note)
            }
        }
    }

    fn is_current(&self, read: &Read) -> bool {
        read.headings == self.authority.fingerprint()
    }

    fn read(&mut self, document: &RawDocument, article: &Article) -> Result<Read, ExtractError> {
        let reader = self.reader.get_or_insert_with(|| Reader::new(self.authority));
        reader.read_within(document, article, &self.limits)
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
        // What comes without a note is read from a file once more; see `extract_again`.
        if item.note.is_none() && put.outcome == Outcome::Changed {
            batch.put_reread(put.seq)?;
        }
        return Ok(put);
    }
    if readmit {
        batch.readmit(packed)?;
    }
    batch.put(packed, place, input, *fetched, now)
}

/// Writes the rows of a document with the article that it became.
fn record(batch: &Batch<'_>, note: Note, taken: Taken, now: Moment) -> Result<(usize, Taken), ArchiveError> {
    let Note { at, item, page } = note;
    if let Some(page) = page {
        batch.put_page(&Page { article: taken.article.or(page.article), ..page }, now.seconds())?;
    }
    if let Some(item) = item {
        batch.put_item(&Item { article: taken.article.or(item.article), ..item }, now.seconds())?;
    }
    Ok((at, taken))
}

/// An article that the archive took, on its way into the index.
type Fresh = (Stored, Read, Outcome, Held);

/// The state of the writing thread.
struct Sink<'a> {
    archive: Archive,
    /// `None` where no index is written.
    writer: Option<Writer>,
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
    batch: Vec<Pending>,
    /// What became of the documents that have a note.
    taken: Vec<(usize, Taken)>,
    /// Bytes of the batch.
    gathered: usize,
}

impl Sink<'_> {
    fn take(&mut self, made: Made, batch: usize, event: &mut dyn FnMut(Event<'_>)) -> Result<(), IngestError> {
        match made {
            Made::Article(ready) => {
                self.gathered += ready.held.bytes;
                self.batch.push(Pending::Article(ready));
            }
            other => self.tell(other, event),
        }
        let most = if self.trains { FIRST_BATCH } else { BATCH };
        if self.batch.len() >= most || self.gathered >= batch {
            self.write(None)?;
        }
        event(Event::Done(self.report));
        Ok(())
    }

    fn finish(
        mut self,
        index: Option<&Index>,
        closing: Option<Closing<'_>>,
        goes_on: bool,
    ) -> Result<(Report, Vec<(usize, Taken)>), IngestError> {
        self.write(closing)?;
        self.archive.write_keys(true)?;
        let state = State { seq: self.archive.last_seq()?, fingerprint: fingerprint(self.authority) };
        let Self { archive, writer, report, taken, .. } = self;
        let (Some(index), Some(mut writer)) = (index, writer) else { return Ok((report, taken)) };
        drop(archive); // frees its memory for the merge, which maps all segments
        if index.state()?.as_ref() != Some(&state) {
            writer.commit(&state)?;
        }
        match goes_on {
            true => writer.tidy_if_many(index)?,
            false => writer.tidy(index)?,
        }
        writer.finish()?;
        Ok((report, taken))
    }

    fn tell(&mut self, made: Made, event: &mut dyn FnMut(Event<'_>)) {
        let (note, fault) = match made {
            Made::Known(note) => {
                self.report.unchanged += 1;
                (note, None)
            }
            Made::Unread(error, note) => {
                event(Event::Unread(&error));
                (note, Some(error.to_string()))
            }
            Made::Empty(error, note) => {
                event(Event::Empty(&error));
                (note, Some(error.to_string()))
            }
            Made::Article(_) => return,
        };
        self.report.failed += u64::from(fault.is_some());
        if let Some(note) = note {
            let outcome = fault.is_none().then_some(Outcome::Unchanged);
            self.batch.push(Pending::Rows(Box::new((note, Taken { outcome, article: None, fault }))));
        }
    }

    /// Writes the batch: the archive first, in one transaction, then the index.
    fn write(&mut self, closing: Option<Closing<'_>>) -> Result<(), IngestError> {
        self.gathered = 0;
        let items = std::mem::take(&mut self.batch);
        if items.is_empty() && closing.is_none() {
            return Ok(());
        }
        let mut batch = self.archive.batch()?;
        let (mut fresh, mut moved) = (Vec::new(), BTreeSet::new());
        for item in items {
            let mut item = match item {
                Pending::Article(item) => *item,
                Pending::Rows(rows) => {
                    let (note, taken) = *rows;
                    self.taken.push(record(&batch, note, taken, self.now)?);
                    continue;
                }
            };
            let put = put(&mut batch, &item, self.readmit, self.now)?;
            if let Some(note) = item.note.take() {
                let article = Some(put.num).filter(|_| put.outcome != Outcome::Removed);
                let taken = Taken { outcome: Some(put.outcome), article, fault: None };
                self.taken.push(record(&batch, note, taken, self.now)?);
            }
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
            if let Some(read) = item.read {
                fresh.push((stored, read, put.outcome, item.held));
            }
        }
        if let Some(closing) = closing {
            closing(&mut batch)?;
        }
        batch.commit()?;
        self.index(fresh, moved)?;
        self.archive.write_keys(false)?;
        self.train()
    }

    /// Puts what the archive took into the index, and what moved to other groups by that.
    fn index(&mut self, fresh: Vec<Fresh>, mut moved: BTreeSet<ArticleNum>) -> Result<(), IngestError> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        // An article can have several versions in a batch, as a summary and then its page: the newest is indexed.
        let newest: HashMap<ArticleNum, VersionSeq> = fresh.iter().map(|(one, ..)| (one.num, one.seq)).collect();
        for (mut stored, Read { tags, analysed, .. }, outcome, held) in fresh {
            if newest.get(&stored.num) != Some(&stored.seq) {
                continue;
            }
            if moved.remove(&stored.num) {
                stored.group = self.archive.group_of(stored.num)?;
            }
            if outcome == Outcome::Changed {
                writer.delete(stored.num);
            }
            writer.add(&stored, &analysed, &tags, self.authority, Some(Box::new(held)))?;
        }
        if !moved.is_empty() {
            let moved: Vec<ArticleNum> = moved.into_iter().collect();
            let tagger = self.tagger.get_or_insert_with(|| Tagger::new(self.authority));
            put_moved(&mut self.archive, &moved, writer, tagger)?;
        }
        Ok(())
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
