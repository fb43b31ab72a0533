//! What came of asking for a page.

use super::{Done, Fetched, Run, Told};
use crate::archive::following::Page;
use crate::fetch::calendar::retry_after;
use crate::fetch::net::Trouble;
use crate::fetch::page::Verdict;
use crate::fetch::{DAY, FetchError, HOUR};
use crate::ingest::Arrival;

/// Times that a page is asked for in vain.
const TRIES: u32 = 5;

impl Run<'_> {
    /// Takes a page.
    pub(super) fn paged(&mut self, page: Page, done: Done) -> Result<(), FetchError> {
        if page.is_kept() && page.article.is_some() {
            return self.rechecked(page, done);
        }
        let now = self.now();
        let mut line = Fetched { outcome: "held", ..self.page_line(&page, &done) };
        // A page that was read before is not held now.
        let had = page.is_kept();
        let mut row = Page { checked: Some(now), next: None, ..page };
        row.status = done.result.as_ref().ok().map(|answer| answer.status);
        let mut story = None;
        let held = match (&done.result, done.verdict) {
            (Err(fault), _) if fault.kind == Trouble::Waiting => return Ok(()),
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
                row.next = Some(now + retry_after(answer, now, 0));
                None
            }
            (result, _) if row.tries + 1 < TRIES => {
                row.tries += 1;
                let missing = result.as_ref().is_ok_and(|answer| answer.status == 404);
                row.next = Some(now + if missing { DAY } else { (HOUR << row.tries).min(DAY) });
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
        if let Some(why) = &row.held {
            *self.report.held_by.entry(why.clone()).or_default() += 1;
        } else if row.next.is_some() {
            *self.report.again_by.entry(row.status.unwrap_or_default()).or_default() += 1;
        }
        let missing = done.result.as_ref().ok().filter(|answer| answer.status >= 400 && row.next.is_some());
        let missing =
            missing.map(|answer| format!("its host answers with status {}; it is asked again", answer.status));
        if story.is_some()
            && let Ok(answer) = &done.result
        {
            self.keep_validators(&mut row, answer);
        }
        line.fault = done.result.err().map(|fault| fault.what).or(missing).or(held.map(str::to_owned));
        if row.next.is_some() {
            line.outcome = "fault";
        }
        let completes = !had;
        let (document, article) = match story {
            Some(story) => {
                line.bytes = story.size;
                (Some(story.document), Some(story.given))
            }
            None => (None, None),
        };
        self.arrive(Arrival { document, article, again: None, item: None, page: Some(row) }, Told { line, completes });
        Ok(())
    }

    pub(super) fn page_line(&self, page: &Page, done: &Done) -> Fetched {
        let at = self.sources.iter().position(|source| Some(source.num) == page.source);
        let line = at.map(|at| self.line_of(at, done, "held"));
        line.unwrap_or_else(|| Fetched { url: done.job.url.to_string(), ..Fetched::default() })
    }
}
