//! Days on which followed sources failed or were not asked: a low count there may say nothing of the news.

use std::collections::BTreeMap;

use super::TimelineArgs;
use crate::archive::{Archive, ArchiveError};
use crate::article::Moment;
use crate::engine::{TimelineResponse, period_name, period_number};
use crate::number::number_of;

/// Periods that a note names, at most.
const NAMED: usize = 6;

impl TimelineArgs {
    /// Adds the days of each period on which sources failed or were not asked, with a note; nothing where there is
    /// none.
    ///
    /// # Errors
    ///
    /// Fails where the archive cannot be read.
    pub fn note_gaps(
        &self,
        response: &mut TimelineResponse,
        archive: &Archive,
        now: &Moment,
    ) -> Result<(), ArchiveError> {
        let holes = archive.holes(now.seconds().div_euclid(86_400))?;
        let mut days: BTreeMap<String, u64> = BTreeMap::new();
        for day in holes.days.keys() {
            *days.entry(period_name(self.per, period_number(self.per, day.saturating_mul(86_400)))).or_default() += 1;
        }
        let gaps: Vec<u64> =
            response.periods.iter().map(|period| days.get(period).copied().unwrap_or_default()).collect();
        if gaps.iter().any(|days| *days > 0) {
            response.notes.extend(note(&response.periods, &gaps));
            response.gaps = gaps;
        }
        Ok(())
    }
}

/// A note on the periods with gaps.
fn note(periods: &[String], gaps: &[u64]) -> Option<String> {
    let found: Vec<(&String, u64)> = periods.iter().zip(gaps.iter().copied()).filter(|(_, days)| *days > 0).collect();
    if found.is_empty() {
        return None;
    }
    let named: Vec<String> =
        found.iter().take(NAMED).map(|(period, days)| format!("{period} ({})", number_of(*days, "day"))).collect();
    let more = if found.len() > NAMED { format!(" and {} more", found.len() - NAMED) } else { String::new() };
    Some(format!("sources failed or were not asked in {}{more}: despatch coverage", named.join(", ")))
}
