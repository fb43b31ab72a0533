//! What came of asking a source.

use url::Url;

use super::{Done, Fetched, Run};
use crate::archive::Digest256;
use crate::archive::following::Kind;
use crate::fetch::address::host_of;
use crate::fetch::entries;
use crate::fetch::hosts::{Job, Task};
use crate::fetch::net::{Answer, Fault, PAGE_BYTES, SITEMAP_BYTES, Trouble};
use crate::fetch::poll::{self, Effect, Reply};
use crate::fetch::{FetchError, links, sitemap};

/// Times in a row that a source is not found, after which its site is asked for others.
const MISSED: u32 = 3;
/// Feeds that are offered in place of one, at most.
const OFFERS: usize = 3;

impl Run<'_> {
    pub(super) fn polled(&mut self, at: usize, done: &Done) -> Result<(), FetchError> {
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
            self.well.insert(host_of(&done.job.url));
            self.hosts.forgive(&host_of(&done.job.url));
        }
        let outcome = match &effect {
            _ if effect.waits => "waiting",
            _ if effect.fault.is_some() => "fault",
            _ if news => "changed",
            _ => "unchanged",
        };
        self.look_for_others(at, answer, !effect.news.is_empty());
        let fault = effect.fault.clone();
        self.tell(&Fetched { fault, ..self.line_of(at, done, outcome) });
        self.conclude(at, effect, news);
        Ok(())
    }

    /// Where nothing is at the address of a source any more, asks the front page of its site for the feeds that it has.
    fn look_for_others(&mut self, at: usize, answer: &Answer, told: bool) {
        let source = &self.sources[at];
        let missing = matches!(answer.status, 404 | 410) && source.offers.is_empty();
        if missing
            && (source.failures == MISSED || (answer.status == 410 && told))
            && let Ok(home) = Url::parse(&source.url).and_then(|url| url.join("/"))
        {
            self.add(home, Task::Home { source: at });
        }
    }

    /// Takes the front page of a site: the feeds that it names and that are not followed are offered.
    pub(super) fn home(&mut self, at: usize, done: &Done) {
        let Ok(answer) = &done.result else { return };
        if !(200..300).contains(&answer.status) {
            return;
        }
        let followed: Vec<String> = self.sources.iter().map(|source| source.url.clone()).collect();
        let offers = links::feeds(&entries::text_of(&answer.body, PAGE_BYTES), &done.job.url);
        let offers = offers.into_iter().map(|offer| offer.url).filter(|url| !followed.contains(url));
        self.sources[at].offers = offers.take(OFFERS).collect();
        self.changed.insert(at);
        for offer in &self.sources[at].offers {
            self.report.news.push(format!("{}: its site names another feed: {offer}", self.sources[at].name));
        }
    }

    /// Takes the body of a source; the second value says whether it had something new.
    pub(super) fn body(&mut self, at: usize, job: &Job, answer: &Answer) -> Result<(Effect, bool), FetchError> {
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
                let keys: Vec<Digest256> = entries.entries.iter().map(|entry| entry.item.key).collect();
                if self.sources[at].kind == Kind::Feed && entries.damage.is_none() {
                    self.left_from_within(at, &keys)?;
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
    pub(super) fn child(&mut self, at: usize, depth: u32, done: &Done) -> Result<(), FetchError> {
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

    pub(super) fn settle(&mut self, at: usize, reply: &Reply<'_>, strikes: u32) -> Effect {
        let now = self.now();
        self.changed.insert(at);
        poll::settle(&mut self.sources[at], reply, strikes, now)
    }

    /// A source could not be asked. What that changes is written at the end: it may be our own network.
    pub(super) fn poll_failed(&mut self, at: usize, fault: &Fault) {
        let effect = self.settle(at, &Reply::Fault(fault), 0);
        self.changed.remove(&at);
        self.failed.insert(at);
        self.conclude(at, effect, false);
    }

    pub(super) fn conclude(&mut self, at: usize, effect: Effect, news: bool) {
        let report = &mut self.report;
        match &effect {
            _ if effect.waits => report.waiting += 1,
            Effect { fault: Some(fault), .. } => {
                report.failing += 1;
                report.faults += 1;
                report.faulty.push((self.sources[at].name.clone(), fault.clone()));
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
}
