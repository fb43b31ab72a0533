//! A run: asks for what is due, and takes the answers in batches into archive and index.
//!
//! Threads make the requests, extract the pages and tag their stories; this thread decides what an answer means and
//! writes. The write lock is held only while a batch is written. What is known of a source is written after everything
//! that came with it, so a run that is killed begins again with the old validators, and takes nothing twice.
//!
//! | part | what it does |
//! |---|---|
//! | `plan` | what is to be asked now |
//! | `requests` | the threads that ask |
//! | `polls`, `items` | what came of asking a source; its entries |
//! | `pages`, `rechecks` | what came of asking for a page, and for one whose story is kept |
//! | `written` | batches into archive and index |
//! | `report` | what is said of all this |

mod items;
mod pages;
mod plan;
mod polls;
mod rechecks;
mod report;
mod requests;
mod written;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use jiff::Timestamp;
use url::Url;

use super::address::{Allowed, host_of};
use super::hosts::{Hosts, Job, Task};
use super::net::{Answer, Client, Fault};
use super::page::Verdict;
use super::{FetchError, HOUR, Options, poll};
use crate::archive::following::{Kind, Page, Source};
use crate::archive::{Archive, ArticleNum, Digest256};
use crate::article::Article;
use crate::authority::Authority;
use crate::directory::{DirectoryError, TaskLock};
use crate::ingest::Arrival;
pub use plan::planned;
pub use report::{Fetched, Line, Report};
pub(super) use requests::hop;

/// Bytes of a batch, at most.
const BYTES: usize = 24 << 20;
/// A batch is written when it is so old.
const AGE: Duration = Duration::from_secs(10);
/// How often a run looks whether it is to end.
const TICK: Duration = Duration::from_millis(100);
/// Answers on their way to the writer, at most.
const QUEUE: usize = 32;

/// Asks for what is due.
///
/// # Errors
///
/// Fails where another process fetches, where no connection can be made, or where the disk fails. What was written before
/// that is kept.
pub fn fetch(options: &Options, authority: &Authority, line: &mut dyn FnMut(Line<'_>)) -> Result<Report, FetchError> {
    let archive = Archive::open(&options.dir)?;
    let _lock = alone(TaskLock::fetch(&options.dir, options.wait))?;
    let sources = archive.sources()?;
    let chosen = plan::chosen(options, &sources)?;
    let mut run = Run::new(options, authority, archive, sources, line)?;
    run.begin(&chosen)?;
    run.go()?;
    run.end()
}

/// The lock of those that fetch, once it was taken.
///
/// # Errors
///
/// [`FetchError::Busy`] where another process still has it; fails where the disk does.
pub(super) fn alone(lock: Result<TaskLock, DirectoryError>) -> Result<TaskLock, FetchError> {
    lock.map_err(|error| match error {
        DirectoryError::Locked { holder, .. } => FetchError::Busy { holder },
        other => other.into(),
    })
}

/// An answer on its way to the writer.
pub(super) struct Done {
    pub(super) job: Job,
    pub(super) result: Result<Answer, Fault>,
    /// What a page gave.
    pub(super) verdict: Option<Verdict>,
    pub(super) took: Duration,
}

/// What is to be said of an arrival once it is stored.
struct Told {
    line: Fetched,
    /// Whether it is the first that a page gave of an article that was a summary before.
    completes: bool,
}

pub(super) struct Run<'a> {
    options: &'a Options,
    authority: &'a Authority,
    archive: Archive,
    client: Client,
    hosts: Arc<Hosts>,
    /// The sources as they are now, and as they were before the run.
    pub(super) sources: Vec<Source>,
    before: Vec<Source>,
    changed: BTreeSet<usize>,
    arrivals: Vec<(Arrival, Told)>,
    bytes: usize,
    gathered: Option<Instant>,
    /// Whether the last batch has left the checksums open.
    is_open: bool,
    /// Keys of the items of this run.
    seen: HashSet<Digest256>,
    /// Keys of the pages that are asked for in this run.
    pages: BTreeSet<Digest256>,
    /// Whether pages whose stories are kept were queued.
    rechecks_begun: bool,
    /// Pages that were not there for the second time.
    missing: Vec<rechecks::Missing>,
    /// What is to be written of articles whose pages are gone or back.
    fates: BTreeMap<ArticleNum, rechecks::Fate>,
    /// Hosts that have given something in this run.
    well: BTreeSet<String>,
    /// Sources that could not be asked.
    failed: BTreeSet<usize>,
    /// Hosts of polled sources that could not be reached, and whether any could.
    unreachable: BTreeSet<String>,
    reached: bool,
    /// Requests on their way.
    open: usize,
    pub(super) report: Report,
    line: &'a mut dyn FnMut(Line<'_>),
}

impl<'a> Run<'a> {
    pub(super) fn new(
        options: &'a Options,
        authority: &'a Authority,
        archive: Archive,
        sources: Vec<Source>,
        line: &'a mut dyn FnMut(Line<'_>),
    ) -> Result<Self, FetchError> {
        let typed = sources.iter().filter_map(|source| Some(host_of(&Url::parse(&source.url).ok()?))).collect();
        let client = Client::new(options, Allowed::new(&options.private, typed))?;
        let hosts = Arc::new(Hosts::new(options, archive.hosts()?));
        Ok(Self {
            options,
            authority,
            archive,
            client,
            hosts,
            before: sources.clone(),
            sources,
            changed: BTreeSet::new(),
            arrivals: Vec::new(),
            bytes: 0,
            gathered: None,
            is_open: false,
            seen: HashSet::new(),
            pages: BTreeSet::new(),
            rechecks_begun: false,
            missing: Vec::new(),
            fates: BTreeMap::new(),
            well: BTreeSet::new(),
            failed: BTreeSet::new(),
            unreachable: BTreeSet::new(),
            reached: false,
            open: 0,
            report: Report::default(),
            line,
        })
    }

    fn now(&self) -> i64 {
        self.options.seconds()
    }

    fn instant(&self) -> Timestamp {
        Timestamp::from_second(self.now()).unwrap_or_default()
    }

    /// Queues what is due: these sources, and the pages that were left before.
    fn begin(&mut self, chosen: &[usize]) -> Result<(), FetchError> {
        self.report.sources = chosen.len() as u64;
        for at in chosen {
            let source = &self.sources[*at];
            let plain =
                poll::unconditional(source, self.now()) || source.kind == Kind::Sitemap && source.body.is_none();
            let task = Task::Poll {
                source: *at,
                etag: source.etag.clone().filter(|_| !plain),
                modified: source.modified.clone().filter(|_| !plain),
            };
            match Url::parse(&source.url) {
                Ok(url) => self.add(url, task),
                Err(cause) => self.poll_failed(*at, &Fault::answer(cause.to_string())),
            }
        }
        if !self.options.pages {
            return Ok(());
        }
        let mut named = BTreeSet::new();
        for name in &self.options.names {
            named.insert(super::find(&self.sources, name)?.num);
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for page in self.archive.pages_due(self.now())? {
            let wanted = self.options.names.is_empty() || page.source.is_some_and(|source| named.contains(&source));
            let Some(url) = page.url.as_deref().filter(|_| wanted).and_then(|url| Url::parse(url).ok()) else {
                continue;
            };
            let count = counts.entry(host_of(&url)).or_default();
            *count += 1;
            if *count <= self.options.max_pages {
                let known = self.known(&page)?;
                self.add(url, Task::Page { page: Box::new(page), known });
            }
        }
        Ok(())
    }

    /// The article of a page as it is known so far.
    fn known(&mut self, page: &Page) -> Result<Option<Box<Article>>, FetchError> {
        let Some(num) = page.article else { return Ok(None) };
        Ok(Some(Box::new(self.archive.by_num(num)?.article)))
    }

    fn add(&mut self, url: Url, task: Task) {
        let of = |source: &usize| self.sources.get(*source).is_some_and(|source| source.kind == Kind::Sitemap);
        let large = matches!(&task, Task::Poll { source, .. } | Task::Child { source, .. } if of(source));
        self.hosts.add(Job { url, large, hops: Vec::new(), task });
        self.open += 1;
    }

    /// Makes all requests and takes their answers.
    pub(super) fn go(&mut self) -> Result<(), FetchError> {
        let (options, authority, now) = (self.options, self.authority, self.instant());
        std::thread::scope(|scope| {
            // Pages are read by one thread for each core: each takes many times its size in memory, and a thread keeps that.
            let readers = std::thread::available_parallelism().map_or(1, usize::from);
            let (fetched, unread) = bounded::<Done>(readers);
            let (answers, taken) = bounded::<Done>(QUEUE);
            for _ in 0..options.threads.max(1) {
                let (client, fetched, hosts) = (self.client.clone(), fetched.clone(), Arc::clone(&self.hosts));
                scope.spawn(move || requests::work(&client, &hosts, options, &fetched));
            }
            for _ in 0..readers {
                let (unread, answers) = (unread.clone(), answers.clone());
                scope.spawn(move || requests::read(&unread, authority, now, &answers));
            }
            drop((fetched, unread));
            drop(answers);
            let done = self.take_all(&taken);
            self.hosts.end();
            drop(taken); // a thread that waits to hand over an answer ends
            done
        })
    }

    fn take_all(&mut self, taken: &Receiver<Done>) -> Result<(), FetchError> {
        while self.open > 0 || self.begin_rechecks()? {
            if self.options.stop.load(Ordering::Relaxed) {
                self.report.stopped = true;
                self.client.close();
                return Ok(());
            }
            match taken.recv_timeout(TICK) {
                Ok(done) => {
                    self.open -= 1;
                    self.take(done)?;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            let old = self.gathered.is_some_and(|since| since.elapsed() >= AGE);
            if old || self.arrivals.len() >= self.options.batch || self.bytes >= BYTES {
                self.flush(false)?;
            }
        }
        Ok(())
    }

    /// Takes what came of a request.
    pub(super) fn take(&mut self, done: Done) -> Result<(), FetchError> {
        match &done.job.task {
            Task::Poll { source, .. } => self.polled(*source, &done),
            Task::Child { source, depth } => self.child(*source, *depth, &done),
            Task::Page { page, .. } => {
                let page = Page::clone(page);
                self.paged(page, done)
            }
            Task::Home { source } => {
                self.home(*source, &done);
                Ok(())
            }
            Task::Robots { .. } => Ok(()),
        }
    }

    fn line_of(&self, at: usize, done: &Done, outcome: &'static str) -> Fetched {
        let answer = done.result.as_ref().ok();
        Fetched {
            source: self.sources[at].name.clone(),
            url: done.job.url.to_string(),
            status: answer.map(|answer| answer.status),
            outcome,
            id: None,
            bytes: answer.map_or(0, |answer| answer.body.len() as u64),
            ms: u64::try_from(done.took.as_millis()).unwrap_or(u64::MAX),
            fault: done.result.as_ref().err().map(|fault| fault.what.clone()),
        }
    }

    fn tell(&mut self, line: &Fetched) {
        (self.line)(Line::Fetched(line));
    }

    /// Writes what is left, and gives the report.
    pub(super) fn end(mut self) -> Result<Report, FetchError> {
        let failed = std::mem::take(&mut self.failed);
        if !self.reached && self.unreachable.len() > 1 {
            // Not one of several hosts answers: that says nothing of them.
            self.report.no_network = true;
            (self.report.failing, self.report.became_failing) = (0, 0);
            self.report.faulty.clear();
            self.report.news.clear();
            for at in &failed {
                let (next, last_try) = (self.now() + HOUR / 4, Some(self.now()));
                self.sources[*at] = Source { next, last_try, ..self.before[*at].clone() };
            }
        }
        self.changed.extend(failed);
        self.settle_missing();
        self.flush(true)?;
        self.report.pages_waiting = self.archive.pages_waiting()?;
        Ok(self.report)
    }
}
