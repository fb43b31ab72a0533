//! A run: asks for what is due, and takes the answers in batches into archive and index.
//!
//! Threads make the requests and extract the pages; this thread decides what an answer means and writes. The write lock is
//! held only while a batch is written. What is known of a source is written after everything that came with it, so a run
//! that is killed begins again with the old validators, and takes nothing twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use jiff::Timestamp;
use url::Url;

use super::address::{Allowed, host_of};
use super::entries::{self, Entries, Entry};
use super::hosts::{Hosts, Job, Task, Turn};
use super::net::{Answer, Client, Fault, PAGE_BYTES, Request, SITEMAP_BYTES, Trouble};
use super::page::{self, Verdict};
use super::poll::{self, Effect, Reply, State};
use super::{FetchError, HOUR, Options, robots, sitemap};
use crate::archive::following::{Full, Item, Kind, Page, Source};
use crate::archive::{Archive, ArticleNum, Batch, Digest256, Outcome};
use crate::article::Article;
use crate::authority::Authority;
use crate::directory::{self, FetchLock};
use crate::extract;
use crate::fence::{GAVE_UP, fenced};
use crate::ingest::{self, Arrival, Event, Ingest, Taken};

/// Documents of a batch, at most.
const BATCH: usize = 400;
/// Bytes of a batch, at most.
const BYTES: usize = 24 << 20;
/// A batch is written when it is so old.
const AGE: Duration = Duration::from_secs(5);
/// How long a batch waits for another process that writes, at least.
const PATIENCE: Duration = Duration::from_secs(600);
/// Redirects that are followed.
const HOPS: usize = 5;
/// Answers on their way to the writer, at most.
const QUEUE: usize = 32;
/// A source is not asked again so soon, in seconds, unless its host is one of the user's own.
const AGAIN: i64 = 5 * 60;
/// Words of an entry's text that is short.
const SHORT: usize = 150;
/// Times that a page is asked for in vain.
const TRIES: u32 = 5;

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Sources that were to be asked.
    pub sources: u64,
    /// Those that had nothing new.
    pub unchanged: u64,
    /// Those that had something new.
    pub with_news: u64,
    /// Those that failed.
    pub failing: u64,
    /// Those that have to wait, as their hosts want to be left alone.
    pub waiting: u64,
    /// Articles that were not there before.
    pub new: u64,
    /// Articles with another text than they had.
    pub changed: u64,
    /// Articles of which there was a summary, and is the page now.
    pub completed: u64,
    /// Articles that stay as their source gives them, because their page does not show them.
    pub held: u64,
    /// Pages that are still to be asked for.
    pub pages_waiting: u64,
    /// Sources that became failing in this run.
    pub became_failing: u64,
    /// Faults of any kind.
    pub faults: u64,
    /// Whether no source could be reached at all.
    pub no_network: bool,
    /// What the user is to be told once.
    pub news: Vec<String>,
}

/// An address that was asked, or an entry or page that was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Name of the source.
    pub source: String,
    /// The address.
    pub url: String,
    /// The status of the answer.
    pub status: Option<u16>,
    /// `new`, `changed`, `unchanged`, `held`, `waiting` or `fault`.
    pub outcome: &'static str,
    /// Identifier of the article.
    pub id: Option<String>,
    /// Bytes of the decoded body.
    pub bytes: u64,
    /// Milliseconds until it was there.
    pub ms: u64,
    /// What went wrong, or why it is held.
    pub fault: Option<String>,
}

/// What a run reports while it is under way.
#[derive(Debug)]
pub enum Line<'a> {
    /// Something was asked for or taken.
    Fetched(&'a Fetched),
    /// A document that gave no article, or was damaged.
    Warning(&'a str),
}

/// Asks for what is due.
///
/// # Errors
///
/// Fails where another process fetches, where no connection can be made, or where the disk fails. What was written before
/// that is kept.
pub fn fetch(options: &Options, authority: &Authority, line: &mut dyn FnMut(Line<'_>)) -> Result<Report, FetchError> {
    let archive = Archive::open(&options.dir)?;
    let _lock = FetchLock::take(&options.dir, options.wait)?;
    let sources = archive.sources()?;
    let chosen = chosen(options, &sources)?;
    let mut run = Run::new(options, authority, archive, sources, line)?;
    run.begin(&chosen)?;
    run.go()?;
    run.end()
}

/// The requests that [`fetch`] would make, in order, without those that their answers lead to. No request is made.
///
/// # Errors
///
/// Fails where the archive cannot be read, or where no source is called as `options` say.
pub fn planned(options: &Options) -> Result<Vec<String>, FetchError> {
    let archive = Archive::open(&options.dir)?;
    let sources = archive.sources()?;
    let now = options.seconds();
    let mut lines = Vec::new();
    let hosts = archive.hosts()?;
    let free = |url: &Url| hosts.get(&host_of(url)).is_none_or(|host| host.next <= now);
    for at in chosen(options, &sources)? {
        let Ok(url) = Url::parse(&sources[at].url) else { continue };
        if free(&url) {
            lines.push(url.to_string());
        }
    }
    let (mut asked, mut counts) = (BTreeSet::new(), BTreeMap::new());
    for page in archive.pages_due(now)?.into_iter().filter(|_| options.pages) {
        let Some(url) = page.url.and_then(|url| Url::parse(&url).ok()) else { continue };
        let (host, count) = (host_of(&url), counts.entry(host_of(&url)).or_insert(0));
        if *count >= options.max_pages || !free(&url) {
            continue;
        }
        *count += 1;
        let known = hosts.get(&host).is_some_and(|known| robots::kept(known, now).is_some());
        if !known && asked.insert(host) {
            lines.extend(robots::address(&url).map(String::from));
        }
        lines.push(url.to_string());
    }
    Ok(lines)
}

/// The sources that are to be asked now, by their place in `sources`: those that were due first come first.
fn chosen(options: &Options, sources: &[Source]) -> Result<Vec<usize>, FetchError> {
    let now = options.seconds();
    let mut named = BTreeSet::new();
    for name in &options.names {
        named.insert(super::find(sources, name)?.num);
    }
    let allowed = Allowed::new(&options.private, BTreeSet::new());
    let is_due = |source: &Source| {
        let wanted = named.is_empty() || named.contains(&source.num);
        let own = Url::parse(&source.url).is_ok_and(|url| {
            allowed.is_named(url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
        });
        let soon = source.last_try.is_some_and(|at| (0..AGAIN).contains(&(now - at))) && !own;
        let due = source.next <= now || (options.now_all && !soon);
        wanted && due && poll::state(source, now) != State::Paused
    };
    let mut due: Vec<usize> = (0..sources.len()).filter(|at| is_due(&sources[*at])).collect();
    due.sort_by_key(|at| (sources[*at].next, sources[*at].num));
    Ok(due)
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
    /// Keys of the items of this run, with the digest of each as it was last.
    seen: HashMap<Digest256, Digest256>,
    /// Keys of the pages that are asked for in this run.
    pages: BTreeSet<Digest256>,
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
            seen: HashMap::new(),
            pages: BTreeSet::new(),
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
        if self.open == 0 {
            return Ok(());
        }
        let (options, now) = (self.options, self.instant());
        std::thread::scope(|scope| {
            let (answers, taken) = bounded::<Done>(QUEUE);
            for _ in 0..options.threads.max(1) {
                let (client, answers, hosts) = (self.client.clone(), answers.clone(), Arc::clone(&self.hosts));
                scope.spawn(move || work(&client, &hosts, options, now, &answers));
            }
            drop(answers);
            let done = self.take_all(&taken);
            self.hosts.end();
            drop(taken); // a thread that waits to hand over an answer ends
            done
        })
    }

    fn take_all(&mut self, taken: &Receiver<Done>) -> Result<(), FetchError> {
        while self.open > 0 {
            match taken.recv_timeout(AGE) {
                Ok(done) => {
                    self.open -= 1;
                    self.take(done)?;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            let old = self.gathered.is_some_and(|since| since.elapsed() >= AGE);
            if old || self.arrivals.len() >= BATCH || self.bytes >= BYTES {
                self.flush()?;
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
                self.paged(page, done);
                Ok(())
            }
            Task::Robots { .. } => Ok(()),
        }
    }

    fn polled(&mut self, at: usize, done: &Done) -> Result<(), FetchError> {
        let answer = match &done.result {
            Ok(answer) => answer,
            Err(fault) if fault.kind == Trouble::Waiting => {
                self.report.waiting += 1;
                self.tell(&self.line_of(at, done, "waiting"));
                return Ok(());
            }
            Err(fault) => {
                if poll::is_network(fault) {
                    self.unreachable.insert(host_of(&done.job.url));
                }
                self.tell(&self.line_of(at, done, "fault"));
                self.poll_failed(at, fault);
                return Ok(());
            }
        };
        self.reached = true;
        let strikes = self.hosts.strikes(&host_of(&done.job.url)).saturating_sub(1);
        let (effect, news) = match answer.status {
            304 => (self.settle(at, &Reply::Same(answer), strikes), false),
            200..=299 => self.body(at, &done.job, answer)?,
            _ => (self.settle(at, &Reply::Status(answer), strikes), false),
        };
        if effect.fault.is_none() {
            self.hosts.forgive(&host_of(&done.job.url));
        }
        let outcome = match &effect {
            _ if effect.waits => "waiting",
            _ if effect.fault.is_some() => "fault",
            _ if news => "changed",
            _ => "unchanged",
        };
        let fault = effect.fault.clone();
        self.tell(&Fetched { fault, ..self.line_of(at, done, outcome) });
        self.conclude(at, effect, news);
        Ok(())
    }

    /// Takes the body of a source; the second value says whether it had something new.
    fn body(&mut self, at: usize, job: &Job, answer: &Answer) -> Result<(Effect, bool), FetchError> {
        let limit = if job.large { SITEMAP_BYTES } else { PAGE_BYTES };
        let text = entries::text_of(&answer.body, limit);
        match entries::read(&text, &self.sources[at], &job.url, self.instant()) {
            Err(what) => Ok((self.settle(at, &Reply::Strange(answer, &what), 0), false)),
            Ok(mut entries) => {
                let children = std::mem::take(&mut entries.children);
                let is_index = !children.is_empty();
                for child in children {
                    self.add(child, Task::Child { source: at, depth: 1 });
                }
                let (known, fresh, changed) = self.take_entries(at, &mut entries)?;
                let effect = self.settle(at, &Reply::Body { answer, entries: &entries, known, fresh }, 0);
                if is_index {
                    // Its sitemaps change while it does not, and are read after it.
                    (self.sources[at].etag, self.sources[at].modified) = (None, None);
                }
                let permanent = !job.hops.is_empty() && job.hops.iter().all(|(_, status)| matches!(status, 301 | 308));
                let taken = self.sources.iter().any(|other| other.url == job.url.as_str());
                if !taken || !permanent {
                    let moved = poll::moved(&mut self.sources[at], job.url.as_str(), permanent, self.options.seconds());
                    self.report.news.extend(moved);
                }
                Ok((effect, fresh + changed > 0))
            }
        }
    }

    /// Takes a sitemap of an index.
    fn child(&mut self, at: usize, depth: u32, done: &Done) -> Result<(), FetchError> {
        let fault = match &done.result {
            Ok(answer) if (200..300).contains(&answer.status) => {
                let text = entries::text_of(&answer.body, SITEMAP_BYTES);
                match entries::read(&text, &self.sources[at], &done.job.url, self.instant()) {
                    Ok(mut entries) => {
                        let deeper = depth < sitemap::DEPTH;
                        for child in std::mem::take(&mut entries.children).into_iter().filter(|_| deeper) {
                            self.add(child, Task::Child { source: at, depth: depth + 1 });
                        }
                        let (_, fresh, changed) = self.take_entries(at, &mut entries)?;
                        if fresh > 0 {
                            self.sources[at].items_seen += fresh as u64;
                            self.sources[at].last_new = Some(self.now());
                        }
                        let outcome = if fresh + changed > 0 { "changed" } else { "unchanged" };
                        self.tell(&self.line_of(at, done, outcome));
                        return Ok(());
                    }
                    Err(what) => what,
                }
            }
            Ok(answer) => format!("its host answers with status {}", answer.status),
            Err(fault) if fault.kind == Trouble::Waiting => return Ok(()),
            Err(fault) => fault.what.clone(),
        };
        self.report.faults += 1;
        self.tell(&Fetched { fault: Some(fault), ..self.line_of(at, done, "fault") });
        Ok(())
    }

    fn settle(&mut self, at: usize, reply: &Reply<'_>, strikes: u32) -> Effect {
        let now = self.now();
        self.changed.insert(at);
        poll::settle(&mut self.sources[at], reply, strikes, now)
    }

    /// A source could not be asked. What that changes is written at the end: it may be our own network.
    fn poll_failed(&mut self, at: usize, fault: &Fault) {
        let effect = self.settle(at, &Reply::Fault(fault), 0);
        self.changed.remove(&at);
        self.failed.insert(at);
        self.conclude(at, effect, false);
    }

    fn conclude(&mut self, at: usize, effect: Effect, news: bool) {
        let report = &mut self.report;
        match &effect {
            _ if effect.waits => report.waiting += 1,
            Effect { fault: Some(fault), .. } => {
                report.failing += 1;
                report.faults += 1;
                if self.options.names.contains(&self.sources[at].name) && effect.news.is_empty() {
                    report.news.push(format!("{}: {fault}", self.sources[at].name));
                }
            }
            _ if news => report.with_news += 1,
            _ => report.unchanged += 1,
        }
        report.became_failing += u64::from(effect.became_failing);
        report.news.extend(effect.news);
    }

    /// Takes the entries of a source; gives how many are known as they are or as they were, new, and changed.
    fn take_entries(&mut self, at: usize, entries: &mut Entries) -> Result<(usize, usize, usize), FetchError> {
        let (mut known, mut fresh, mut changed) = (0, 0, 0);
        for entry in std::mem::take(&mut entries.entries) {
            let (key, input) = (entry.item.key, entry.item.input);
            let before = match self.seen.insert(key, input) {
                Some(before) => Some((before, None)),
                None => self.archive.item(&key)?.map(|(input, article, _)| (input, article)),
            };
            match before {
                Some((before, _)) if before == input => known += 1,
                Some((_, article)) => {
                    known += 1;
                    changed += 1;
                    self.entry(at, entry, article, true)?;
                }
                None => {
                    fresh += 1;
                    self.entry(at, entry, None, false)?;
                }
            }
        }
        Ok((known, fresh, changed))
    }

    /// Takes an entry that is new or changed, and asks for its page where that is wanted.
    fn entry(&mut self, at: usize, entry: Entry, article: Option<ArticleNum>, changed: bool) -> Result<(), FetchError> {
        let document = entry.document.map(Arc::new);
        let limits = extract::Limits::default();
        let said = document.as_ref().and_then(|document| extract::article_within(document, &limits).ok());
        let document = document.map(Arc::unwrap_or_clone);
        let source = &self.sources[at];
        // What is called a full text and is that short may be no more than a summary.
        let short = || said.as_ref().is_none_or(|said| said.text.split_whitespace().nth(SHORT).is_none());
        let wanted = match source.full {
            Full::Auto => entry.summary || short(),
            Full::Always => true,
            Full::Never => false,
        };
        // What stands in a sitemap when it is first read is old, unless it is one of news.
        let first = self.before[at].body.is_none();
        let old = source.kind == Kind::Sitemap && document.is_none() && (first || entry.old);
        let mut item = entry.item;
        let again = if changed { None } else { self.moved(item.guid.as_ref(), said.as_ref())? };
        item.article = article.or(again);
        let named = entry.page.filter(|_| wanted && !old);
        let url = named.as_ref().and_then(|page| page.url.clone());
        let page = self.page_of(named, &mut item, again, changed)?;
        if let (Some(page), true) = (&page, self.options.pages)
            && let Some(url) = page.url.as_deref().and_then(|url| Url::parse(url).ok())
        {
            self.add(url, Task::Page { page: Box::new(page.clone()), known: said.clone().map(Box::new) });
        }
        let line = Fetched {
            source: self.sources[at].name.clone(),
            url: url.or(document.as_ref().map(|document| document.place.to_string())).unwrap_or_default(),
            bytes: document.as_ref().map_or(0, |document| document.bytes.len() as u64),
            ..Fetched::default()
        };
        let arrival = Arrival { document, article: said.map(Box::new), again, item: Some(item), page };
        self.arrive(arrival, Told { line, completes: false });
        Ok(())
    }

    /// The page of an entry, if it is to be asked for now: it is new, or its entry has changed.
    fn page_of(
        &mut self,
        named: Option<Page>,
        item: &mut Item,
        again: Option<ArticleNum>,
        changed: bool,
    ) -> Result<Option<Page>, FetchError> {
        let Some(page) = named else {
            item.page = None;
            return Ok(None);
        };
        let next = Some(self.now());
        Ok(match self.archive.page(&page.key)? {
            None if self.pages.insert(page.key) => Some(Page { next, article: again, ..page }),
            Some(known) if changed && known.url.is_some() && self.pages.insert(known.key) => {
                Some(Page { next, ..known })
            }
            known => {
                item.article = item.article.or(known.and_then(|known| known.article));
                None
            }
        })
    }

    /// The article that an entry with a new address is: the one that had its identifier before, if it tells the same. Some
    /// feeds give one identifier to many stories, and some stories get another address.
    fn moved(&mut self, guid: Option<&Digest256>, said: Option<&Article>) -> Result<Option<ArticleNum>, FetchError> {
        let (Some(guid), Some(said)) = (guid, said) else { return Ok(None) };
        let Some(num) = self.archive.by_guid(guid)? else { return Ok(None) };
        let known = self.archive.by_num(num)?.article;
        Ok(page::is_the_same_story(&known, said).then_some(num))
    }

    fn arrive(&mut self, arrival: Arrival, told: Told) {
        self.bytes += arrival.document.as_ref().map_or(0, |document| document.bytes.len());
        self.gathered.get_or_insert_with(Instant::now);
        self.arrivals.push((arrival, told));
    }

    /// Takes a page.
    fn paged(&mut self, page: Page, done: Done) {
        let now = self.now();
        let mut line = Fetched { outcome: "held", ..self.page_line(&page, &done) };
        // A page that was read before keeps its text, and is not held now.
        let had = page.checked.is_some() && page.held.is_none() && page.tries == 0;
        let mut row = Page { checked: Some(now), next: None, ..page };
        row.status = done.result.as_ref().ok().map(|answer| answer.status);
        let mut story = None;
        let held = match (&done.result, done.verdict) {
            (Err(fault), _) if fault.kind == Trouble::Waiting => return,
            (Err(fault), _) if fault.kind == Trouble::Robots => Some("robots"),
            (Err(fault), _) if fault.kind == Trouble::Refused => Some("error"),
            (Ok(_), Some(Verdict::Story(found))) => {
                story = Some(found);
                None
            }
            (Ok(_), Some(Verdict::Held(why))) => Some(why),
            (Ok(_), Some(Verdict::None)) => None,
            (Ok(answer), None) if matches!(answer.status, 401 | 403 | 451) => Some("blocked"),
            (Ok(answer), None) if answer.status == 402 => Some("paywall"),
            (Ok(answer), None) if answer.status == 410 || (answer.status == 404 && row.tries > 0) => Some("gone"),
            (Ok(answer), None) if answer.status == 429 => {
                row.next = Some(now + super::calendar::retry_after(answer, now, 0));
                None
            }
            (result, _) if row.tries + 1 < TRIES => {
                row.tries += 1;
                let missing = result.as_ref().is_ok_and(|answer| answer.status == 404);
                row.next = Some(now + if missing { super::DAY } else { (HOUR << row.tries).min(super::DAY) });
                None
            }
            _ => Some("error"),
        };
        self.report.faults += u64::from(row.next.is_some() || held == Some("error"));
        if row.next.is_none() {
            row.tries = 0;
        }
        row.held = held.filter(|_| !had).map(str::to_owned);
        self.report.held += u64::from(row.held.is_some());
        line.fault = done.result.err().map(|fault| fault.what).or(held.map(str::to_owned));
        if row.next.is_some() {
            line.outcome = "fault";
        }
        let completes = !had;
        let (document, article) = match story {
            Some(story) => {
                let (document, article) = *story;
                line.bytes = document.bytes.len() as u64;
                (Some(document), Some(Box::new(article)))
            }
            None => (None, None),
        };
        self.arrive(Arrival { document, article, again: None, item: None, page: Some(row) }, Told { line, completes });
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

    fn page_line(&self, page: &Page, done: &Done) -> Fetched {
        let at = self.sources.iter().position(|source| Some(source.num) == page.source);
        let line = at.map(|at| self.line_of(at, done, "held"));
        line.unwrap_or_else(|| Fetched { url: done.job.url.to_string(), ..Fetched::default() })
    }

    fn tell(&mut self, line: &Fetched) {
        (self.line)(Line::Fetched(line));
    }

    /// Writes what has gathered: documents, items, pages, then what is known of sources and hosts, in one transaction
    /// with the last documents.
    fn flush(&mut self) -> Result<(), FetchError> {
        let (arrivals, told): (Vec<Arrival>, Vec<Told>) = std::mem::take(&mut self.arrivals).into_iter().unzip();
        (self.bytes, self.gathered) = (0, None);
        let changed = std::mem::take(&mut self.changed);
        let sources: Vec<Source> = changed.into_iter().map(|at| self.sources[at].clone()).collect();
        let hosts = self.hosts.take_changed();
        let mut closing = |batch: &mut Batch<'_>| {
            sources.iter().try_for_each(|source| batch.put_source(source).map(drop))?;
            hosts.iter().try_for_each(|(name, host)| batch.put_host(name, host))
        };
        let wait = self.options.wait.max(PATIENCE);
        if arrivals.is_empty() {
            if sources.is_empty() && hosts.is_empty() {
                return Ok(());
            }
            return directory::write(&self.options.dir, wait, |mut archive| {
                let mut batch = archive.batch()?;
                closing(&mut batch)?;
                Ok(batch.commit()?)
            });
        }
        let job = Ingest { wait, ..Ingest::new(&self.options.dir, [], self.options.now) };
        let line = &mut self.line;
        let mut warn = |event: Event<'_>| match event {
            Event::Unread(error) => line(Line::Warning(&error.to_string())),
            Event::Empty(error) => line(Line::Warning(&error.to_string())),
            Event::Done(_) => {}
        };
        let (_, taken) = ingest::take_in(&job, arrivals, &mut closing, self.authority, &mut warn)?;
        for (taken, told) in taken.into_iter().zip(told) {
            self.stored(&taken, told)?;
        }
        Ok(())
    }

    /// Counts and tells what became of an arrival.
    fn stored(&mut self, taken: &Taken, told: Told) -> Result<(), FetchError> {
        let Told { mut line, completes } = told;
        match taken.outcome {
            Some(Outcome::New) => {
                self.report.new += 1;
                line.outcome = "new";
            }
            Some(Outcome::Changed) => {
                let count = if completes { &mut self.report.completed } else { &mut self.report.changed };
                *count += 1;
                line.outcome = "changed";
            }
            _ if !line.outcome.is_empty() && line.fault.is_some() => {}
            Some(_) => line.outcome = "unchanged",
            None => {
                (line.outcome, line.fault) = ("fault", taken.fault.clone());
                self.report.faults += 1;
            }
        }
        if line.url.is_empty() {
            return Ok(());
        }
        line.id = match taken.article {
            Some(num) => self.archive.public_id(num)?,
            None => None,
        };
        self.tell(&line);
        Ok(())
    }

    /// Writes what is left, and gives the report.
    pub(super) fn end(mut self) -> Result<Report, FetchError> {
        let failed = std::mem::take(&mut self.failed);
        if !self.reached && self.unreachable.len() > 1 {
            // Not one of several hosts answers: that says nothing of them.
            self.report.no_network = true;
            (self.report.failing, self.report.became_failing) = (0, 0);
            self.report.news.clear();
            for at in &failed {
                let (next, last_try) = (self.now() + HOUR / 4, Some(self.now()));
                self.sources[*at] = Source { next, last_try, ..self.before[*at].clone() };
            }
        }
        self.changed.extend(failed);
        self.flush()?;
        self.report.pages_waiting = self.archive.pages_waiting()?;
        Ok(self.report)
    }
}

/// Makes requests until there are none.
fn work(client: &Client, hosts: &Hosts, options: &Options, now: Timestamp, answers: &Sender<Done>) {
    while let Some(turn) = hosts.next() {
        let done = match turn {
            Turn::Drop(job, fault) => Some(Done { job: *job, result: Err(fault), verdict: None, took: Duration::ZERO }),
            Turn::Ask(job) => asked(client, hosts, options, *job),
        };
        let Some(done) = done else { continue };
        // Rules are for the queues, not for the writer, who did not ask for them.
        if let Task::Robots { host } = &done.job.task {
            hosts.take_rules(host, &done.result);
        } else if answers.send(judged(done, now)).is_err() {
            return;
        }
    }
}

/// Makes one request; a parser that gives up on the answer costs no other.
fn asked(client: &Client, hosts: &Hosts, options: &Options, job: Job) -> Option<Done> {
    let (spare, began) = (job.clone(), Instant::now());
    fenced(|| ask(client, hosts, options, job)).unwrap_or_else(|| {
        let result = Err(Fault::answer(GAVE_UP));
        hosts.done(&host_of(&spare.url), began, &result);
        Some(Done { job: spare, result, verdict: None, took: began.elapsed() })
    })
}

/// Makes one request. `None` where it goes on elsewhere: a redirect is queued for its host.
fn ask(client: &Client, hosts: &Hosts, options: &Options, job: Job) -> Option<Done> {
    let (began, host) = (Instant::now(), host_of(&job.url));
    let mut result = client.get(&request(&job, options));
    hosts.done(&host, began, &result);
    let leads = result.as_ref().ok().and_then(|answer| Some((answer.status, answer.location(&job.url)?)));
    let is_rules = matches!(job.task, Task::Robots { .. });
    if let Some((status, to)) = leads {
        match to.and_then(|to| hop(&job, &to, status)) {
            Ok(job) => {
                hosts.add(job);
                return None;
            }
            // Rules that lead nowhere are none.
            Err(_) if is_rules => {}
            Err(fault) => result = Err(fault),
        }
    }
    if let Err(fault) = &mut result
        && !job.hops.is_empty()
    {
        fault.what = format!("{} (redirected to {})", fault.what, job.url);
    }
    Some(Done { job, result, verdict: None, took: began.elapsed() })
}

fn request<'a>(job: &'a Job, options: &Options) -> Request<'a> {
    let (etag, modified) = match &job.task {
        Task::Poll { etag, modified, .. } => (etag.as_deref(), modified.as_deref()),
        _ => (None, None),
    };
    let limit = if job.large { SITEMAP_BYTES } else { PAGE_BYTES };
    Request { url: &job.url, etag, modified, limit, patience: options.patience[usize::from(job.large)] }
}

/// The request that goes on where an answer leads.
pub(super) fn hop(job: &Job, to: &Url, status: u16) -> Result<Job, Fault> {
    let first = job.hops.first().map_or(&job.url, |(url, _)| url);
    if *to == job.url || job.hops.iter().any(|(url, _)| url == to) {
        return Err(Fault::answer(format!("redirects in a circle, at {to}")));
    }
    if job.hops.len() >= HOPS {
        return Err(Fault::answer(format!("more than {HOPS} redirects, the last to {to}")));
    }
    if first.scheme() == "https" && to.scheme() == "http" {
        return Err(Fault::refused(format!("redirects from https to {to}, which anybody on the way could change")));
    }
    let mut job = job.clone();
    let from = std::mem::replace(&mut job.url, to.clone());
    job.hops.push((from, status));
    Ok(job)
}

/// Extracts a page that was fetched.
fn judged(mut done: Done, now: Timestamp) -> Done {
    if let (Task::Page { page, known }, Ok(answer)) = (&done.job.task, &mut done.result)
        && (200..300).contains(&answer.status)
    {
        let judged = fenced(|| page::judge(page, &done.job.url, answer, known.as_deref(), now));
        done.verdict = Some(judged.unwrap_or(Verdict::Held("error")));
        answer.body = Vec::new(); // the document has it
    }
    done
}
