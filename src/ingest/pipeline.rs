//! The threads of ingestion: one reads, all extract and tag, one writes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use jiff::Timestamp;

use super::{Event, IngestError, Report, WriteLock, catch_up, finish, put_moved, remake};
use crate::archive::{Archive, Dictionary, Digest256, Outcome, Packed, Stored, digest};
use crate::article::{Article, Place, RawDocument};
use crate::authority::Authority;
use crate::extract::{self, ExtractError};
use crate::index::{Index, State, WriterOptions, fingerprint};
use crate::source::{self, Found, SourceError};
use crate::tag::{Tagger, Tags};

/// What to ingest, and where to.
#[derive(Debug, Clone)]
pub struct Ingest {
    /// The index directory; made if it is not there.
    pub dir: PathBuf,
    /// Files and folders; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// How to read them.
    pub source: source::Options,
    /// How long to wait for another process that writes.
    pub wait: Duration,
}

/// Documents on their way between threads, at most.
const QUEUE: usize = 256;
/// Articles written in one transaction.
const BATCH: usize = 1000;
/// Bytes of text written in one transaction, at most.
const BATCH_BYTES: usize = 32 << 20;
/// A first load of more articles than this ends with one segment.
const BULK: u64 = 2000;

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
    place: Place,
    input: Digest256,
    fetched: Option<Timestamp>,
}

/// Reads the inputs into archive and index.
///
/// Bad documents are told as events and counted; the good ones are in. The index is brought up to the archive first.
///
/// # Errors
///
/// Fails where another process writes, or the disk fails. What was written before that is kept.
pub fn run(job: &Ingest, authority: &Authority, event: &mut dyn FnMut(Event<'_>)) -> Result<Report, IngestError> {
    let lock = WriteLock::take(&job.dir, job.wait)?;
    let mut archive = Archive::create(&job.dir)?;
    let index = ready_index(job, &mut archive, authority)?;
    let first_load = archive.last_seq()? == 0;
    let dictionary = RwLock::new(archive.dictionary()?);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let report = std::thread::scope(|scope| {
        let (raw_in, raw_out) = bounded::<(u64, Found)>(QUEUE);
        let (made_in, made_out) = bounded::<(u64, Made)>(QUEUE);
        scope.spawn(move || read_all(job, &raw_in));
        for _ in 0..threads {
            let (raw_out, made_in, dictionary) = (raw_out.clone(), made_in.clone(), &dictionary);
            scope.spawn(move || work(job, authority, dictionary, &raw_out, &made_in));
        }
        drop((raw_out, made_in));
        let mut sink = Sink { archive, index: &index, authority, dictionary: &dictionary, report: Report::default() };
        sink.write_all(made_out, first_load, event)
    })?;
    lock.seal()?;
    Ok(report)
}

/// The index, brought up to the archive; one made by other rules is made anew.
fn ready_index(job: &Ingest, archive: &mut Archive, authority: &Authority) -> Result<Index, IngestError> {
    let index = Index::create(&job.dir)?;
    let last = archive.last_seq()?;
    if index.state()?.is_some_and(|state| state.fingerprint != fingerprint(authority) || state.seq > last) {
        drop(index);
        remake(&job.dir, archive, authority, &mut |_| {})?;
        return Ok(Index::open(&job.dir)?);
    }
    catch_up(archive, &index, authority, &mut |_| {})?;
    Ok(index)
}

fn read_all(job: &Ingest, out: &Sender<(u64, Found)>) {
    let mut ordinal = 0;
    source::read(&job.inputs, &job.source, &mut |found| {
        let sent = out.send((ordinal, found));
        ordinal += 1;
        if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
}

fn work(
    job: &Ingest,
    authority: &Authority,
    dictionary: &RwLock<Option<Dictionary>>,
    raw: &Receiver<(u64, Found)>,
    out: &Sender<(u64, Made)>,
) {
    let archive = Archive::open(&job.dir).ok();
    let mut tagger = Tagger::new(authority);
    for (ordinal, found) in raw {
        let made = match found {
            Ok(document) => make(document, archive.as_ref(), &mut tagger, dictionary),
            Err(error) => Made::Unread(error),
        };
        if out.send((ordinal, made)).is_err() {
            return;
        }
    }
}

fn make(
    document: RawDocument,
    archive: Option<&Archive>,
    tagger: &mut Tagger<'_>,
    dictionary: &RwLock<Option<Dictionary>>,
) -> Made {
    let input = digest(&document.bytes);
    if archive.is_some_and(|archive| archive.is_known(&document.place, &input).unwrap_or(false)) {
        return Made::Known;
    }
    let article = match extract::article(&document) {
        Ok(article) => article,
        Err(error) => return Made::Empty(error),
    };
    let tags = tagger.tag(&article);
    let dictionary = dictionary.read().unwrap_or_else(PoisonError::into_inner).clone();
    match Packed::new(&article, dictionary.as_ref()) {
        Ok(packed) => Made::Article(Box::new(Ready {
            packed,
            article,
            tags,
            place: document.place,
            input,
            fetched: document.fetched,
        })),
        Err(cause) => Made::Empty(ExtractError::Malformed { place: document.place, what: cause.to_string() }),
    }
}

/// The one writer.
struct Sink<'a> {
    archive: Archive,
    index: &'a Index,
    authority: &'a Authority,
    dictionary: &'a RwLock<Option<Dictionary>>,
    report: Report,
}

impl Sink<'_> {
    fn write_all(
        &mut self,
        made: Receiver<(u64, Made)>,
        first_load: bool,
        event: &mut dyn FnMut(Event<'_>),
    ) -> Result<Report, IngestError> {
        let mut writer = self.index.writer(&WriterOptions { bulk: first_load, ..WriterOptions::default() })?;
        let mut waiting = BTreeMap::new();
        let mut next = 0u64;
        let mut batch = Vec::new();
        let mut bytes = 0;
        for (ordinal, one) in made {
            waiting.insert(ordinal, one);
            while let Some(one) = waiting.remove(&next) {
                next += 1;
                match one {
                    Made::Article(ready) => {
                        bytes += ready.article.text.len();
                        batch.push(*ready);
                    }
                    other => self.tell(&other, event),
                }
            }
            if batch.len() >= BATCH || bytes >= BATCH_BYTES {
                self.write(std::mem::take(&mut batch), &writer)?;
                bytes = 0;
            }
            event(Event::Done(self.report));
        }
        self.write(batch, &writer)?;
        self.archive.write_keys(true)?;
        let state = State { seq: self.archive.last_seq()?, fingerprint: fingerprint(self.authority) };
        writer.commit(&state)?;
        finish(writer, self.index, first_load && self.report.new > BULK)?;
        Ok(self.report)
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

    /// Writes a batch: the archive first, in one transaction, then the index.
    fn write(&mut self, items: Vec<Ready>, writer: &crate::index::Writer) -> Result<(), IngestError> {
        if items.is_empty() {
            return Ok(());
        }
        let mut batch = self.archive.batch()?;
        let (mut fresh, mut moved) = (Vec::new(), BTreeSet::new());
        for item in items {
            let put = batch.put(&item.packed, &item.place, &item.input, item.fetched)?;
            match put.outcome {
                Outcome::New => self.report.new += 1,
                Outcome::Changed => self.report.changed += 1,
                Outcome::Unchanged => {
                    self.report.unchanged += 1;
                    continue;
                }
            }
            self.report.text += item.article.text.len() as u64;
            moved.extend(put.moved);
            let stored =
                Stored { num: put.num, id: String::new(), seq: put.seq, group: put.group, article: item.article };
            fresh.push((stored, item.tags));
        }
        batch.commit()?;
        for (stored, tags) in &mut fresh {
            if moved.remove(&stored.num) {
                stored.group = self.archive.group_of(stored.num)?;
            }
            writer.put(stored, tags, self.authority)?;
        }
        let moved: Vec<u64> = moved.into_iter().collect();
        put_moved(&mut self.archive, &moved, writer, self.authority)?;
        self.archive.write_keys(false)?;
        self.train()
    }

    /// Gives the workers a dictionary as soon as the archive can make one.
    fn train(&mut self) -> Result<(), IngestError> {
        let mut shared = self.dictionary.write().unwrap_or_else(PoisonError::into_inner);
        if shared.is_none() {
            *shared = self.archive.train_dictionary()?;
        }
        Ok(())
    }
}
