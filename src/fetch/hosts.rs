//! Queues of requests, one for each host: one request at a time, with a pause between two starts, in all no more at a
//! time than there are threads. Pages wait until the rules of their host are known.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::Options;
use super::address::host_of;
use super::calendar::retry_after;
use super::net::{Answer, Fault, Trouble};
use super::robots::{self, LONGEST_DELAY, Rules};
use crate::archive::following::{Host, Page};
use crate::article::Article;

/// What is asked for, and what for.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// The address to ask now.
    pub(super) url: Url,
    /// Whether the answer may be as large as a sitemap.
    pub(super) large: bool,
    /// The addresses that redirected to it, first to last, each with its status.
    pub(super) hops: Vec<(Url, u16)>,
    pub(super) task: Task,
}

/// What a request is for.
#[derive(Debug, Clone)]
pub(super) enum Task {
    /// A source, by its place in the run, with the validators to send.
    Poll { source: usize, etag: Option<String>, modified: Option<String> },
    /// A sitemap of an index.
    Child { source: usize, depth: u32 },
    /// The page of an entry, with the article as it is known so far.
    Page { page: Box<Page>, known: Option<Box<Article>> },
    /// The front page of a host where a source is not found any more.
    Home { source: usize },
    /// The rules of a host.
    Robots { host: String },
}

impl Task {
    /// Whether the rules of the host decide.
    fn is_ruled(&self) -> bool {
        matches!(self, Self::Page { .. } | Self::Child { .. } | Self::Home { .. })
    }
}

/// What a worker is to do.
#[derive(Debug)]
pub(super) enum Turn {
    /// Make the request, and then call [`Hosts::done`].
    Ask(Box<Job>),
    /// There is no request to make; why.
    Drop(Box<Job>, Fault),
}

/// Why a host is not asked that said so.
const ALONE: &str = "its host wants to be left alone";

/// A fault of a request that was not made, and is to be made another time.
pub(super) fn waiting(what: &str) -> Fault {
    Fault { kind: Trouble::Waiting, what: what.to_owned() }
}

#[derive(Debug, Default)]
struct Queue {
    jobs: VecDeque<Job>,
    busy: bool,
    /// When the next request may start.
    ready: Option<Instant>,
    rules: Option<Rules>,
    asks_rules: bool,
    /// Why no request is made any more in this run.
    closed: Option<Fault>,
    /// Pages that may still be asked for.
    pages: usize,
    known: Host,
    changed: bool,
}

#[derive(Debug, Default)]
struct State {
    queues: BTreeMap<String, Queue>,
    /// What is known of the hosts that have no queue yet.
    known: BTreeMap<String, Host>,
    /// Domains whose hosts are left alone, each until when.
    spared: BTreeMap<String, i64>,
    ended: bool,
}

/// The queues of all hosts.
#[derive(Debug)]
pub(super) struct Hosts {
    state: Mutex<State>,
    changed: Condvar,
    delay: Duration,
    max_pages: usize,
    deadline: Option<Instant>,
    now: i64,
}

impl Hosts {
    pub(super) fn new(options: &Options, known: BTreeMap<String, Host>) -> Self {
        let deadline = options.max_time.and_then(|time| Instant::now().checked_add(time));
        Self {
            state: Mutex::new(State { known, ..State::default() }),
            changed: Condvar::new(),
            delay: options.delay,
            max_pages: options.max_pages,
            deadline,
            now: options.seconds(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request to the end of its host's queue, or to the front where it goes on with a redirect.
    pub(super) fn add(&self, job: Job) {
        let mut state = self.state();
        let queue = self.queue(&mut state, &host_of(&job.url));
        if job.hops.is_empty() {
            queue.jobs.push_back(job)
        } else {
            queue.jobs.push_front(job)
        }
        self.changed.notify_all();
    }

    /// The queue of a host; makes it where there is none.
    fn queue<'a>(&self, state: &'a mut State, host: &str) -> &'a mut Queue {
        let State { queues, known, spared, .. } = state;
        queues.entry(host.to_owned()).or_insert_with(|| {
            let mut known = known.remove(host).unwrap_or_default();
            let spared = site(host).and_then(|site| spared.get(&site).copied());
            known.next = known.next.max(spared.unwrap_or_default());
            let closed = (known.next > self.now).then(|| waiting(ALONE));
            Queue { rules: robots::kept(&known, self.now), closed, pages: self.max_pages, known, ..Queue::default() }
        })
    }

    /// The next thing to do; blocks until there is one. `None` once [`Hosts::end`] was called.
    pub(super) fn next(&self) -> Option<Turn> {
        let mut state = self.state();
        loop {
            if state.ended {
                return None;
            }
            let now = Instant::now();
            let late = self.deadline.is_some_and(|deadline| now >= deadline);
            let mut soonest: Option<Instant> = self.deadline.filter(|_| !late);
            for (name, queue) in state.queues.iter_mut().filter(|(_, queue)| !queue.busy) {
                match queue.turn(name, now, late) {
                    Ok(Some(turn)) => return Some(turn),
                    Ok(None) => {}
                    Err(ready) => soonest = Some(soonest.map_or(ready, |other| other.min(ready))),
                }
            }
            state = match soonest {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(at) => {
                    let wait = at.saturating_duration_since(now).max(Duration::from_millis(1));
                    self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// A request to a host that began at `began` was made. A host that cannot be reached is asked no more in this run; one
    /// that wants to be left alone (429) not before the time that it names.
    pub(super) fn done(&self, host: &str, began: Instant, result: &Result<Answer, Fault>) {
        let mut state = self.state();
        if let Some(queue) = state.queues.get_mut(host) {
            queue.busy = false;
            let wish = queue.rules.as_ref().and_then(Rules::delay).unwrap_or_default();
            if wish > LONGEST_DELAY {
                queue.pages = queue.pages.min(1);
            }
            queue.ready = began.checked_add(self.delay.max(wish.min(LONGEST_DELAY)));
            match result {
                Err(fault) if fault.kind == Trouble::Unreachable => queue.closed = Some(waiting(&fault.what)),
                Ok(answer) if answer.status == 429 => {
                    let wait = retry_after(answer, self.now, queue.known.strikes);
                    queue.known.next = queue.known.next.max(self.now + wait);
                    queue.known.strikes += 1;
                    queue.changed = true;
                    queue.closed = Some(waiting(ALONE));
                    let until = queue.known.next;
                    self.spare_domain(&mut state, host, until);
                }
                _ => {}
            }
        }
        self.changed.notify_all();
    }

    /// Where a second host of a domain wants to be left alone, all of them are: they are one site with one limit.
    fn spare_domain(&self, state: &mut State, host: &str, until: i64) {
        let Some(domain) = site(host) else { return };
        let is_sibling = |name: &String| site(name).as_ref() == Some(&domain);
        let waits = |known: &Host| known.strikes > 0 && known.next > self.now;
        let queued = state.queues.iter().filter(|(name, queue)| is_sibling(name) && waits(&queue.known)).count();
        let known = state.known.iter().filter(|(name, known)| is_sibling(name) && waits(known)).count();
        if queued + known < 2 {
            return;
        }
        state.spared.insert(domain.clone(), until);
        for (_, queue) in state.queues.iter_mut().filter(|(name, _)| is_sibling(name)) {
            queue.known.next = queue.known.next.max(until);
            (queue.changed, queue.closed) = (true, Some(waiting(ALONE)));
        }
    }

    /// The rules of a host were asked for.
    pub(super) fn take_rules(&self, host: &str, result: &Result<Answer, Fault>) {
        let mut state = self.state();
        if let Some(queue) = state.queues.get_mut(host) {
            queue.rules = Some(robots::take(&mut queue.known, result, self.now));
            (queue.asks_rules, queue.changed) = (false, true);
        }
        self.changed.notify_all();
    }

    /// How often in a row a host has wanted to be left alone.
    pub(super) fn strikes(&self, host: &str) -> u32 {
        self.state().queues.get(host).map_or(0, |queue| queue.known.strikes)
    }

    /// A host has answered as it should.
    pub(super) fn forgive(&self, host: &str) {
        if let Some(queue) = self.state().queues.get_mut(host).filter(|queue| queue.known.strikes > 0) {
            (queue.known.strikes, queue.known.next, queue.changed) = (0, 0, true);
        }
    }

    /// The hosts about which something was learnt since the last call, such as when they may be asked again.
    pub(super) fn take_changed(&self) -> Vec<(String, Host)> {
        let mut state = self.state();
        let changed = |(name, queue): (&String, &mut Queue)| {
            std::mem::take(&mut queue.changed).then(|| (name.clone(), queue.known.clone()))
        };
        state.queues.iter_mut().filter_map(changed).collect()
    }

    /// Ends all waiting: no request is made any more.
    pub(super) fn end(&self) {
        self.state().ended = true;
        self.changed.notify_all();
    }
}

/// The registrable domain of a host, as the public suffix list has it; `None` for numbers and what is no name.
fn site(host: &str) -> Option<String> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.parse::<std::net::IpAddr>().is_ok() || name.starts_with('[') {
        return None;
    }
    psl::domain_str(name).map(str::to_owned)
}

impl Queue {
    /// What to do for this host now; the error is when there may be something.
    fn turn(&mut self, host: &str, now: Instant, late: bool) -> Result<Option<Turn>, Instant> {
        if let Some(turn) = self.dropped(late) {
            return Ok(Some(turn));
        }
        let Some(at) =
            self.jobs.iter().position(|job| !job.task.is_ruled() || self.rules.is_some() || !self.asks_rules)
        else {
            return Ok(None);
        };
        if let Some(ready) = self.ready.filter(|ready| *ready > now) {
            return Err(ready);
        }
        let ruled = self.jobs[at].task.is_ruled();
        if ruled && self.rules.is_none() {
            let Some(url) = robots::address(&self.jobs[at].url) else { return Ok(None) };
            (self.asks_rules, self.busy) = (true, true);
            let job = Job { url, large: false, hops: Vec::new(), task: Task::Robots { host: host.to_owned() } };
            return Ok(Some(Turn::Ask(Box::new(job))));
        }
        let Some(job) = self.jobs.remove(at) else { return Ok(None) };
        if matches!(job.task, Task::Page { .. }) {
            self.pages = self.pages.saturating_sub(1);
        }
        self.busy = true;
        Ok(Some(Turn::Ask(Box::new(job))))
    }

    /// The first request that is not to be made, if there is one.
    fn dropped(&mut self, late: bool) -> Option<Turn> {
        let why = |job: &Job| -> Option<Fault> {
            if let Some(closed) = &self.closed {
                return Some(closed.clone());
            }
            if late {
                return Some(waiting("the time of this run is over"));
            }
            let allowed = self.rules.as_ref().filter(|_| job.task.is_ruled()).map(|rules| rules.allow(&job.url));
            match allowed {
                Some(Some(false)) => {
                    return Some(Fault { kind: Trouble::Robots, what: "robots.txt forbids it".to_owned() });
                }
                Some(None) => return Some(waiting("its host does not say what it allows (robots.txt)")),
                _ => {}
            }
            let full = matches!(job.task, Task::Page { .. }) && self.pages == 0;
            full.then(|| waiting("enough pages of its host for one run"))
        };
        let (at, fault) = self.jobs.iter().enumerate().find_map(|(at, job)| Some((at, why(job)?)))?;
        let job = self.jobs.remove(at)?;
        Some(Turn::Drop(Box::new(job), fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_many(wait: &str) -> Result<Answer, Fault> {
        Ok(Answer { status: 429, ..Answer::with_headers(&[("retry-after", wait)]) })
    }

    fn ask(hosts: &Hosts, url: &str) -> Option<Turn> {
        let task = Task::Poll { source: 0, etag: None, modified: None };
        hosts.add(Job { url: Url::parse(url).unwrap(), large: false, hops: Vec::new(), task });
        hosts.next()
    }

    #[test]
    fn two_hosts_of_a_domain_that_want_fewer_requests_speak_for_all_of_them() {
        let options =
            Options { delay: Duration::ZERO, ..Options::new("index", "2026-03-01T12:00:00Z".parse().unwrap()) };
        let hosts = Hosts::new(&options, BTreeMap::new());
        for (url, host, answer, asked) in [
            ("https://a.harbour.example/feed", "a.harbour.example:443", Some(too_many("600")), true),
            ("https://b.harbour.example/feed", "b.harbour.example:443", None, true),
            ("https://c.harbour.example/feed", "c.harbour.example:443", Some(too_many("900")), true),
            ("https://b.harbour.example/feed", "b.harbour.example:443", None, false),
            ("https://d.harbour.example/feed", "d.harbour.example:443", None, false),
            ("https://harbour-post.example/feed", "harbour-post.example:443", None, true),
            // Names under a public suffix are sites of their own.
            ("https://one.co.uk/feed", "one.co.uk:443", Some(too_many("600")), true),
            ("https://two.co.uk/feed", "two.co.uk:443", Some(too_many("600")), true),
            ("https://three.co.uk/feed", "three.co.uk:443", None, true),
            ("http://10.0.0.1/feed", "10.0.0.1:80", Some(too_many("600")), true),
            ("http://10.0.0.2/feed", "10.0.0.2:80", Some(too_many("600")), true),
            ("http://10.0.0.3/feed", "10.0.0.3:80", None, true),
        ] {
            assert_eq!(matches!(ask(&hosts, url), Some(Turn::Ask(_))), asked, "{url}");
            if asked {
                hosts.done(host, Instant::now(), &answer.unwrap_or_else(|| Ok(Answer::default())));
            }
        }
        let until =
            |name: &str| hosts.take_changed().into_iter().find(|(host, _)| host == name).map(|(_, host)| host.next);
        assert_eq!(until("b.harbour.example:443"), Some(options.seconds() + 900));
    }
}
