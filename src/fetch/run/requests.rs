//! The requests of a run, each made by one of its threads.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use jiff::Timestamp;
use url::Url;

use super::Done;
use crate::authority::Authority;
use crate::extract::Limits;
use crate::fence::{GAVE_UP, fenced};
use crate::fetch::Options;
use crate::fetch::address::host_of;
use crate::fetch::hosts::{Hosts, Job, Task, Turn};
use crate::fetch::net::{Client, Fault, PAGE_BYTES, Request, SITEMAP_BYTES};
use crate::fetch::page::{self, Verdict};
use crate::ingest::Reader;

/// Redirects that are followed.
const HOPS: usize = 5;

/// Makes requests until there are none.
pub(super) fn work(client: &Client, hosts: &Hosts, options: &Options, answers: &Sender<Done>) {
    while let Some(turn) = hosts.next() {
        let done = match turn {
            Turn::Drop(job, fault) => Some(Done { job: *job, result: Err(fault), verdict: None, took: Duration::ZERO }),
            Turn::Ask(job) => asked(client, hosts, options, *job),
        };
        let Some(done) = done else { continue };
        // Rules are for the queues, not for the writer, who did not ask for them.
        if let Task::Robots { host } = &done.job.task {
            hosts.take_rules(host, &done.result);
        } else if answers.send(done).is_err() {
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
        Task::Page { page, .. } if page.is_kept() => (page.etag.as_deref(), page.modified.as_deref()),
        _ => (None, None),
    };
    let limit = if job.large { SITEMAP_BYTES } else { PAGE_BYTES };
    Request { url: &job.url, etag, modified, limit, patience: options.patience[usize::from(job.large)] }
}

/// The request that goes on where an answer leads.
pub(in crate::fetch) fn hop(job: &Job, to: &Url, status: u16) -> Result<Job, Fault> {
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

/// Reads pages until there are none.
pub(super) fn read(fetched: &Receiver<Done>, authority: &Authority, now: Timestamp, answers: &Sender<Done>) {
    let mut reader = Reader::new(authority);
    for done in fetched {
        if answers.send(judged(done, &mut reader, now)).is_err() {
            return;
        }
    }
}

/// Extracts a page that was fetched, and reads its story unless it is kept already: most of those have not changed.
fn judged(mut done: Done, reader: &mut Reader<'_>, now: Timestamp) -> Done {
    if let (Task::Page { page, known }, Ok(answer)) = (&done.job.task, &mut done.result)
        && (200..300).contains(&answer.status)
    {
        let judged = fenced(|| page::judge(page, &done.job.url, answer, known.as_deref(), now));
        let mut verdict = judged.unwrap_or(Verdict::Held("error"));
        if let (Verdict::Story(story), false) = (&mut verdict, page.is_kept()) {
            let read = reader.read_within(&story.document, &story.given.article, &Limits::default());
            story.given.read = read.ok().map(Box::new);
        }
        done.verdict = Some(verdict);
        answer.body = Vec::new(); // the document has it
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_from_https_to_http_is_refused_unless_it_was_asked_by_http() {
        let url = |text: &str| Url::parse(text).unwrap();
        let task = Task::Poll { source: 0, etag: None, modified: None };
        let job = |from: &str| Job { url: url(from), large: false, hops: Vec::new(), task: task.clone() };
        let to = url("http://harbour.example/new");
        let fault = hop(&job("https://harbour.example/feed"), &to, 301).unwrap_err();
        assert!(fault.what.contains("from https to http://harbour.example/new"), "{fault:?}");
        // As a later hop, too.
        let second = hop(&job("https://harbour.example/feed"), &url("https://harbour.example/hop"), 302).unwrap();
        assert!(hop(&second, &to, 302).is_err());
        let plain = hop(&job("http://harbour.example/feed"), &url("https://harbour.example/hop"), 301).unwrap();
        assert_eq!(hop(&plain, &to, 301).unwrap().hops.len(), 2);
    }
}
