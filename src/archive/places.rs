//! Where articles were found: files, members, records.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Archive, ArchiveError, ArticleNum, Digest256, VersionSeq, instant};
use crate::article::Place;

/// One place where a version of an article was found.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// File, member and record.
    pub place: Place,
    /// SHA-256 of the input's bytes.
    pub input: Digest256,
    /// When the program read it: the time that the caller of [`Batch::put`](super::Batch::put) gave.
    pub seen: Timestamp,
    /// When it was fetched, if the input says so.
    pub fetched: Option<Timestamp>,
    /// Sequence number of the version that was found there.
    pub seq: VersionSeq,
}

impl Archive {
    /// Whether the input at this place had the same bytes when it was last read, so that it need not be read again.
    /// A page that was fetched again is read even so where its article has another text by now: the article has gone back
    /// to the text of this page.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn is_known(
        &self,
        place: &Place,
        input: &Digest256,
        fetched: Option<Timestamp>,
    ) -> Result<bool, ArchiveError> {
        let mut query = self.db.prepare_cached(
            "SELECT 1 FROM place JOIN file ON file.num = place.file
             JOIN version ON seq = place.version JOIN article ON article.num = version.article
             WHERE file.path = ?1 AND member = ?2 AND record = ?3 AND input = ?4
             AND (?5 IS NULL OR article.version = seq OR fetched >= ?5)",
        )?;
        let known = query.exists(params![
            place.path,
            place.member.as_deref().unwrap_or_default(),
            place.record.unwrap_or(0),
            input,
            fetched.map(|t| t.as_second())
        ])?;
        Ok(known)
    }

    /// The article whose newest version was found at a place, with the digest of the input's bytes then. `None` where
    /// nothing was found there, a version that is not the newest any more, or a lower form of it.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn newest_at(&self, place: &Place) -> Result<Option<(ArticleNum, Digest256)>, ArchiveError> {
        let mut query = self.db.prepare_cached(
            "SELECT article.num, input FROM place JOIN file ON file.num = place.file
             JOIN version ON seq = place.version
             JOIN article ON article.num = version.article AND article.version = seq
             WHERE file.path = ?1 AND member = ?2 AND record = ?3 AND place.lower IS NULL",
        )?;
        let key = params![place.path, place.member.as_deref().unwrap_or_default(), place.record.unwrap_or(0)];
        Ok(query.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// The names of input files in the order in which they were first read, `limit` at most, each with its number: those
    /// with a number above `after`.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn files_after(&self, after: u64, limit: usize) -> Result<Vec<(u64, String)>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT num, path FROM file WHERE num > ?1 ORDER BY num LIMIT ?2")?;
        let rows = query.query_map(params![after, limit as u64], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The place where a version of an article was found first.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn first_place(&self, seq: VersionSeq) -> Result<Option<Place>, ArchiveError> {
        let mut query = self.db.prepare_cached(
            "SELECT file.path, member, record, first, last FROM place JOIN file ON file.num = place.file
             WHERE place.version = ?1 ORDER BY seen, file.path, member, record LIMIT 1",
        )?;
        Ok(query.query_row([seq], place).optional()?)
    }

    /// All places where versions of an article were found, in the order in which they were read.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn provenance(&self, num: ArticleNum) -> Result<Vec<Provenance>, ArchiveError> {
        let mut query = self.db.prepare_cached(
            "SELECT file.path, member, record, first, last, input, seen, fetched, place.version FROM place
             JOIN file ON file.num = place.file JOIN version ON version.seq = place.version
             WHERE version.article = ?1 ORDER BY seen, file.path, member, record",
        )?;
        let rows = query.query_map([num], |row| {
            Ok(Provenance {
                place: place(row)?,
                input: row.get(5)?,
                seen: instant(row.get(6)?),
                fetched: row.get::<_, Option<i64>>(7)?.map(instant),
                seq: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The place in the first five columns of a row.
fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    let (member, record): (String, u64) = (row.get(1)?, row.get(2)?);
    let bytes: (Option<u64>, Option<u64>) = (row.get(3)?, row.get(4)?);
    Ok(Place {
        path: row.get(0)?,
        member: Some(member).filter(|m| !m.is_empty()),
        record: Some(record).filter(|r| *r > 0),
        bytes: bytes.0.zip(bytes.1),
    })
}
