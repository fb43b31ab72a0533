//! Whether what is followed was asked, and answered: day by day, for each source.

use std::collections::BTreeMap;

use rusqlite::params;

use super::following::Source;
use super::{Archive, ArchiveError, Batch};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A day on which a source was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Number of the source.
    pub source: u64,
    /// Days since 1970 (UTC).
    pub day: i64,
    /// Whether it answered as it should at least once.
    pub well: bool,
    /// The last fault of the day.
    pub fault: Option<String>,
}

/// When nothing could come in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holes {
    /// The first day on which any source was asked.
    pub begun: Option<i64>,
    /// The days on which sources failed, each with their number; 0 where none was asked.
    pub days: BTreeMap<i64, u64>,
}

impl Archive {
    /// The days on which sources were asked, by source and day.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn asked(&self) -> Result<Vec<Asked>, ArchiveError> {
        if !self.tells()? {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached("SELECT source, day, well, fault FROM asked ORDER BY source, day")?;
        let rows = query.query_map([], |row| {
            Ok(Asked { source: row.get(0)?, day: row.get(1)?, well: row.get(2)?, fault: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The days (since 1970) up to `today` on which sources failed, each with their number; 0 where none was asked at all.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn holes(&self, today: i64) -> Result<Holes, ArchiveError> {
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        for one in self.asked()? {
            *days.entry(one.day).or_default() += u64::from(!one.well);
        }
        let Some(begun) = days.keys().next().copied() else { return Ok(Holes::default()) };
        let failed = (begun..=today).map(|day| (day, days.get(&day).copied()));
        let holes =
            failed.filter(|(_, failed)| *failed != Some(0)).map(|(day, failed)| (day, failed.unwrap_or_default()));
        Ok(Holes { begun: Some(begun), days: holes.collect() })
    }

    /// How many articles each source first named on each day (days since 1970), by source and day.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn came(&self) -> Result<Vec<(u64, i64, u64)>, ArchiveError> {
        if !self.follows()? {
            return Ok(Vec::new());
        }
        let sql =
            "SELECT item.source, item.first / 86400, count(DISTINCT coalesce(item.article, page.article)) FROM item
                   LEFT JOIN page ON page.key = item.page WHERE coalesce(item.article, page.article) IS NOT NULL
                   GROUP BY 1, 2 ORDER BY 1, 2";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?)
    }
}

impl Batch<'_> {
    /// Notes whether a source answered when it was last asked. Writing the same again changes nothing.
    pub(super) fn note_asked(&self, num: u64, source: &Source) -> Result<(), ArchiveError> {
        let Some(at) = source.last_try else { return Ok(()) };
        let well = source.last_success == Some(at);
        let fault = source.fault.as_deref(); // a damaged feed answers, and has one
        if !well && fault.is_none() {
            return Ok(()); // it only had to wait
        }
        let sql = "INSERT INTO asked (source, day, well, fault) SELECT num, ?2, ?3, ?4 FROM source WHERE num = ?1
                   ON CONFLICT DO UPDATE SET well = max(well, excluded.well), fault = coalesce(excluded.fault, fault)";
        self.tx.prepare_cached(sql)?.execute(params![num, at.div_euclid(DAY), well, fault])?;
        Ok(())
    }
}
