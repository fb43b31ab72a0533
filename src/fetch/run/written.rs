//! What has gathered, into archive and index.

use std::time::{Duration, Instant};

use super::rechecks::Fate;
use super::{Line, Run, Told};
use crate::archive::following::Source;
use crate::archive::{Batch, Outcome};
use crate::directory;
use crate::fetch::FetchError;
use crate::ingest::{self, Arrival, Event, Ingest, Taken};

/// How long a batch waits for another process that writes, at least.
const PATIENCE: Duration = Duration::from_secs(600);

impl Run<'_> {
    pub(super) fn arrive(&mut self, arrival: Arrival, told: Told) {
        self.bytes += arrival.document.as_ref().map_or(0, |document| document.bytes.len());
        self.gathered.get_or_insert_with(Instant::now);
        self.arrivals.push((arrival, told));
    }

    /// Writes what has gathered: documents, items, pages, then what is known of sources and hosts, in one transaction
    /// with the last documents. The last batch of a run closes what the others leave open.
    pub(super) fn flush(&mut self, last: bool) -> Result<(), FetchError> {
        let (arrivals, told): (Vec<Arrival>, Vec<Told>) = std::mem::take(&mut self.arrivals).into_iter().unzip();
        (self.bytes, self.gathered) = (0, None);
        let changed = std::mem::take(&mut self.changed);
        let sources: Vec<Source> = changed.into_iter().map(|at| self.sources[at].clone()).collect();
        let hosts = self.hosts.take_changed();
        let (fates, now) = (std::mem::take(&mut self.fates), self.now());
        let mut closing = |batch: &mut Batch<'_>| {
            fates.iter().try_for_each(|(num, fate)| match *fate {
                Fate::Gone { first, status } => batch.put_gone(*num, first, now, status),
                Fate::Back => batch.put_back(*num, now),
            })?;
            sources.iter().try_for_each(|source| batch.put_source(source).map(drop))?;
            hosts.iter().try_for_each(|(name, host)| batch.put_host(name, host))
        };
        let wait = self.options.wait.max(PATIENCE);
        if arrivals.is_empty() && !(last && self.is_open) {
            if sources.is_empty() && hosts.is_empty() && fates.is_empty() {
                return Ok(());
            }
            return directory::write(&self.options.dir, wait, |mut archive| {
                let mut batch = archive.batch()?;
                closing(&mut batch)?;
                Ok(batch.commit()?)
            });
        }
        self.is_open = !last;
        let job = Ingest { wait, goes_on: !last, ..Ingest::new(&self.options.dir, [], self.options.now) };
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
    pub(super) fn stored(&mut self, taken: &Taken, told: Told) -> Result<(), FetchError> {
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
}
