//! Pages whose stories are kept are asked for again: for edits, and for stories that are taken away.
//!
//! They come last in a run, and have a third of what their host is asked at most. An answer never costs a text: what looks
//! like a wall is left, and a wholly other text is taken only once the page has shown it twice, a day apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use url::Url;

use super::{Done, Fetched, Run, Told};
use crate::archive::following::{Page, Source};
use crate::archive::{Digest256, digest, hex};
use crate::article::Article;
use crate::diff::{Change, Kind, kept_share, levelled};
use crate::fetch::address::host_of;
use crate::fetch::calendar::{RECHECKED, recheck, retry_after};
use crate::fetch::hosts::Task;
use crate::fetch::net::{Answer, Trouble};
use crate::fetch::page::{Story, Verdict};
use crate::fetch::poll::{self, State};
use crate::fetch::{DAY, FetchError, Options};
use crate::ingest::Arrival;

/// Of the pages that a host is asked for in one run, one in so many may be rechecks.
const SHARE: usize = 3;
/// The share of the old text that a new one must have, so that it is taken at once.
const ALIKE: f64 = 0.3;

/// Entries of a feed that are remembered in their order, and bytes of the key of each.
const SHOWN: usize = 200;
const BEGINNING: usize = 8;
/// Entries that leave a feed from within at a time, at most.
const LEFT: usize = 10;

/// Whether a page that is due is asked for again.
pub(super) enum Want {
    /// At this address.
    Now(Url),
    /// Not in this run.
    Later,
    /// It is too old by now. One that is missed is asked for as long again.
    Never,
}

/// Whether a page that is due is asked for again, where `named` are the sources that the user named, or nothing.
pub(super) fn want(page: &Page, sources: &[Source], named: &BTreeSet<u64>, now: i64) -> Want {
    let wanted = |num: &u64| named.is_empty() || named.contains(num);
    let source = page.source.filter(wanted).and_then(|num| sources.iter().find(|source| source.num == num));
    let url = page.url.as_deref().and_then(|url| Url::parse(url).ok());
    match (source, url) {
        (Some(source), Some(url)) if poll::state(source, now) != State::Paused => {
            if now - page.lost.unwrap_or(page.first) > limit(source) { Want::Never } else { Want::Now(url) }
        }
        _ => Want::Later,
    }
}

/// Pages of one host that are asked for again in one run, at most.
pub(super) fn most(options: &Options) -> usize {
    options.max_pages.div_ceil(SHARE)
}

/// How long the pages of a source are asked for again, in seconds.
fn limit(source: &Source) -> i64 {
    source.recheck.unwrap_or(RECHECKED)
}

/// A page that was not there for the second time.
#[derive(Debug)]
pub(super) struct Missing {
    row: Page,
    line: Fetched,
    status: u16,
}

/// What is to be written about an article whose page is gone or back.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    Gone { first: i64, status: u16 },
    Back,
}

impl Run<'_> {
    /// Queues the pages that are to be asked for again; whether there are any.
    pub(super) fn begin_rechecks(&mut self) -> Result<bool, FetchError> {
        if !self.options.pages || !self.options.rechecks || std::mem::replace(&mut self.rechecks_begun, true) {
            return Ok(false);
        }
        self.flush(false)?; // so that each is compared with the text that it has by now
        let due = self.archive.rechecks_due(self.now())?;
        let named = self.named()?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for page in due {
            if self.pages.contains(&page.key) {
                continue;
            }
            match want(&page, &self.sources, &named, self.now()) {
                Want::Later => {}
                Want::Never => self.arrive_row(Page { recheck: None, ..page }),
                Want::Now(url) => {
                    let count = counts.entry(host_of(&url)).or_default();
                    *count += 1;
                    if *count <= most(self.options) {
                        self.pages.insert(page.key);
                        let known = self.known(&page)?;
                        self.add(url, Task::Page { page: Box::new(page), known });
                    }
                }
            }
        }
        Ok(self.open > 0)
    }

    /// Entries that left a feed while some before and after them stayed: their pages are asked for at once. A feed is a
    /// window that moves, so what leaves it at an end says nothing.
    pub(super) fn left_from_within(&mut self, at: usize, keys: &[Digest256]) -> Result<(), FetchError> {
        let digits = |key: &Digest256| hex(&key[..BEGINNING]);
        let now: Vec<String> = keys.iter().take(SHOWN).map(digits).collect();
        let before = std::mem::replace(&mut self.sources[at].shown, now);
        let stays: BTreeSet<&String> = self.sources[at].shown.iter().collect();
        let places: Vec<usize> = (0..before.len()).filter(|place| stays.contains(&before[*place])).collect();
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return Ok(()) };
        let left: Vec<&String> = before[*first..*last].iter().filter(|key| !stays.contains(key)).collect();
        if left.len() > LEFT {
            return Ok(()); // another order, or another list
        }
        for key in left {
            let beginning: Vec<u8> = (0..BEGINNING)
                .filter_map(|byte| u8::from_str_radix(key.get(2 * byte..2 * byte + 2)?, 16).ok())
                .collect();
            let page = self.archive.page_of_entry(self.sources[at].num, &beginning)?;
            if let Some(page) = page.filter(|page| page.is_kept() && page.article.is_some() && page.recheck.is_some()) {
                self.arrive_row(Page { recheck: Some(self.now()), ..page });
            }
        }
        Ok(())
    }

    /// Numbers of the sources that the user named.
    fn named(&self) -> Result<BTreeSet<u64>, FetchError> {
        self.options.names.iter().map(|name| Ok(crate::fetch::find(&self.sources, name)?.num)).collect()
    }

    /// How long the pages of a page's source are asked for again, in seconds.
    fn limit(&self, page: &Page) -> i64 {
        let source = self.sources.iter().find(|source| Some(source.num) == page.source);
        source.map_or(0, limit)
    }

    /// Writes the row of a page alone.
    fn arrive_row(&mut self, row: Page) {
        let told = Told { line: Fetched::default(), completes: false };
        self.arrive(Arrival { document: None, article: None, again: None, item: None, page: Some(row) }, told);
    }

    /// When a page is to be asked for again that was asked for now.
    fn next_recheck(&self, page: &Page) -> Option<i64> {
        let first = if page.first == 0 { self.now() } else { page.first };
        recheck(first, self.now(), self.limit(page))
    }

    /// Keeps by what a page is recognised that is the same as it was when its story was taken.
    pub(super) fn keep_validators(&self, row: &mut Page, answer: &Answer) {
        let header = |name: &str| answer.header(name).map(str::to_owned);
        (row.etag, row.modified) = (header("etag"), header("last-modified"));
        (row.candidate, row.lost) = (None, None);
        row.recheck = self.next_recheck(row);
    }

    /// Takes the answer of a page whose story is kept.
    pub(super) fn rechecked(&mut self, page: Page, done: Done) -> Result<(), FetchError> {
        let now = self.now();
        let host = host_of(&done.job.url);
        let line = self.page_line(&page, &done);
        let mut row = Page { checked: Some(now), next: None, ..page };
        row.status = done.result.as_ref().ok().map(|answer| answer.status).or(row.status);
        row.recheck = self.next_recheck(&row);
        let answer = match done.result {
            Err(fault) if fault.kind == Trouble::Waiting => return Ok(()),
            Err(fault) => {
                self.report.faults += u64::from(fault.kind != Trouble::Robots);
                return self.kept(row, line, "fault", Some(fault.what));
            }
            Ok(answer) => answer,
        };
        self.report.rechecked += 1;
        let gone = matches!(done.verdict, Some(Verdict::Held("gone")));
        match (answer.status, done.verdict) {
            (404 | 410, _) => self.lost(row, line, answer.status),
            (_, Some(_)) if gone => self.lost(row, line, 404),
            (304, _) => {
                self.well.insert(host);
                for (name, kept) in [("etag", &mut row.etag), ("last-modified", &mut row.modified)] {
                    *kept = answer.header(name).map(str::to_owned).or(kept.take());
                }
                self.found_again(&mut row, &line);
                self.kept(row, line, "unchanged", None)
            }
            (_, Some(Verdict::Story(story))) => {
                self.well.insert(host);
                self.found_again(&mut row, &line);
                self.compare(row, line, &answer, *story)
            }
            (_, Some(Verdict::Held(why))) => {
                row.recheck = row.recheck.map(|_| now + DAY);
                self.kept(row, line, "held", Some(format!("{why}: its page shows something else; the text stays")))
            }
            (429, _) => {
                row.recheck = Some(now + retry_after(&answer, now, 0));
                self.kept(row, line, "waiting", None)
            }
            (status, _) => {
                self.report.faults += 1;
                self.kept(row, line, "fault", Some(format!("its host answers with status {status}")))
            }
        }
    }

    /// Writes the row of a page whose text stays.
    fn kept(
        &mut self,
        row: Page,
        line: Fetched,
        outcome: &'static str,
        fault: Option<String>,
    ) -> Result<(), FetchError> {
        let line = Fetched { outcome, fault, ..line };
        self.tell(&line);
        self.arrive_row(row);
        Ok(())
    }

    /// Compares the text that a page shows now with the one that is kept.
    fn compare(&mut self, mut row: Page, line: Fetched, answer: &Answer, story: Story) -> Result<(), FetchError> {
        let Some(num) = row.article else { return Ok(()) };
        let Story { document, size, given } = story;
        let article = &given.article;
        let known = self.archive.by_num(num)?.article;
        let shown = digest(levelled(&format!("{}\n\n{}", article.title, article.text)).as_bytes());
        let alike = known.summary_only || kept_share(&known.text, &article.text) >= ALIKE;
        if !alike && row.candidate != Some(shown) {
            (row.candidate, row.etag, row.modified) = (Some(shown), None, None);
            row.recheck = Some(self.now() + DAY);
            let why = "another text stands there; it is taken if it does so tomorrow, too";
            return self.kept(row, line, "held", Some(why.to_owned()));
        }
        self.keep_validators(&mut row, answer);
        if is_furniture(&known, article) {
            return self.kept(row, line, "unchanged", None);
        }
        let line = Fetched { bytes: size, ..line };
        let (document, article) = (Some(document), Some(given));
        let arrival = Arrival { document, article, again: None, item: None, page: Some(row) };
        self.arrive(arrival, Told { line, completes: false });
        Ok(())
    }

    /// A page is not there. The first time it is asked for again a day later; the second time it counts as gone, if its host
    /// is well otherwise, which only the end of the run tells.
    fn lost(&mut self, mut row: Page, line: Fetched, status: u16) -> Result<(), FetchError> {
        let now = self.now();
        row.status = Some(status);
        let fault = Some(format!("there is nothing at its address any more ({status})"));
        match row.lost {
            Some(since) if now - since >= DAY => {
                row.recheck = (now - since < RECHECKED).then_some(now + 7 * DAY);
                self.tell(&Fetched { outcome: "fault", fault, ..line.clone() });
                self.missing.push(Missing { row, line, status });
                Ok(())
            }
            since => {
                let since = since.unwrap_or(now);
                (row.lost, row.recheck) = (Some(since), Some(since + DAY));
                self.kept(row, line, "fault", fault)
            }
        }
    }

    /// A page is there. Where it was missing, that is over.
    fn found_again(&mut self, row: &mut Page, line: &Fetched) {
        if row.lost.take().is_none() {
            return;
        }
        let Some(num) = row.article else { return };
        if let Ok(Some(gone)) = self.archive.gone(num)
            && gone.back.is_none()
        {
            self.fates.insert(num, Fate::Back);
            self.report.news.push(format!("back: {} is there again", line.url));
        }
    }

    /// Decides about the pages that were missing twice: gone where their host is well otherwise.
    pub(super) fn settle_missing(&mut self) {
        let now = self.now();
        for Missing { mut row, line, status } in std::mem::take(&mut self.missing) {
            let host = Url::parse(&line.url).map(|url| host_of(&url)).unwrap_or_default();
            if let (true, Some(num), Some(first)) = (self.is_well(&host), row.article, row.lost) {
                let known = matches!(self.archive.gone(num), Ok(Some(gone)) if gone.back.is_none());
                self.fates.insert(num, Fate::Gone { first, status });
                self.report.gone += u64::from(!known);
                if !known {
                    let since = Timestamp::from_second(first).unwrap_or_default();
                    self.report.news.push(format!("gone: {} ({status}, since {since})", line.url));
                }
            } else {
                row.recheck = Some(now + DAY);
            }
            self.arrive_row(row);
        }
    }

    /// Whether a host is well: it has given something in this run, or a source of it has within a day.
    fn is_well(&self, host: &str) -> bool {
        let of_host = |url: &str| Url::parse(url).is_ok_and(|url| host_of(&url) == host);
        let within = |at: Option<i64>| at.is_some_and(|at| self.now() - at <= DAY);
        let well = |source: &Source| source.failures == 0 && within(source.last_success);
        self.well.contains(host) || self.sources.iter().any(|source| well(source) && of_host(&source.url))
    }
}

/// Whether two versions differ in what is levelled out alone, so that no new one needs to be kept.
fn is_furniture(known: &Article, article: &Article) -> bool {
    let change = Change::between(known, article);
    if change.kinds.iter().any(|kind| *kind != Kind::Details) {
        return false;
    }
    let levelled = Article {
        title: known.title.clone(),
        text: known.text.clone(),
        paragraphs: known.paragraphs.clone(),
        doubts: known.doubts.clone(),
        evidence: known.evidence.clone(),
        ..article.clone()
    };
    levelled == *known
}
