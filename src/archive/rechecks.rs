//! What became of articles after they were first read: their versions, and those whose pages are not there any more.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Archive, ArchiveError, ArticleNum, Batch, FOLLOWING, Form, TELLING, VersionSeq, form, instant};

/// A version of an article, without its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Its sequence number.
    pub seq: VersionSeq,
    /// When it was stored.
    pub stored: Timestamp,
    /// In which form it was found; `None` where the program that stored it knew no forms.
    pub form: Option<Form>,
    /// Whether the program read the same bytes as before, and otherwise.
    pub reread: bool,
}

/// An article whose page is not there any more, or was not for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// The article.
    pub article: ArticleNum,
    /// When the page was first found missing.
    pub first: Timestamp,
    /// When it was last found missing.
    pub last: Timestamp,
    /// The status of the answer.
    pub status: u16,
    /// When it was there again.
    pub back: Option<Timestamp>,
}

fn gone(row: &Row<'_>) -> rusqlite::Result<Gone> {
    Ok(Gone {
        article: row.get(0)?,
        first: instant(row.get(1)?),
        last: instant(row.get(2)?),
        status: row.get(3)?,
        back: row.get::<_, Option<i64>>(4)?.map(instant),
    })
}

impl Archive {
    /// Every version of an article, oldest first.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn history(&self, num: ArticleNum) -> Result<Vec<Version>, ArchiveError> {
        let columns = match self.format()? {
            TELLING.. => "form, reread",
            FOLLOWING.. => "form, NULL",
            _ => "NULL, NULL",
        };
        let sql = format!("SELECT seq, stored, {columns} FROM version WHERE article = ?1 ORDER BY seq");
        let mut query = self.db.prepare_cached(&sql)?;
        let rows = query.query_map([num], |row| {
            let reread = row.get::<_, Option<i64>>(3)?.is_some();
            Ok(Version { seq: row.get(0)?, stored: instant(row.get(1)?), form: form(row.get(2)?), reread })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The articles that have more than one version, with a version stored at `since` or later and one that came after
    /// `after`; those that changed last come first.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn with_versions(&self, since: Timestamp, after: VersionSeq) -> Result<Vec<ArticleNum>, ArchiveError> {
        let sql =
            "SELECT article FROM version GROUP BY article HAVING count(*) > 1 AND max(stored) >= ?1 AND max(seq) > ?2
                   ORDER BY max(seq) DESC";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map(params![since.as_second(), after], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// The article of a version as it was then.
    ///
    /// # Errors
    ///
    /// Fails where there is none, or it cannot be read.
    pub fn at(&mut self, version: VersionSeq) -> Result<super::Stored, ArchiveError> {
        self.by_seq(version)
    }

    /// Whether and since when the page of an article is not there any more, or was not for a time.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn gone(&self, num: ArticleNum) -> Result<Option<Gone>, ArchiveError> {
        if self.format()? < TELLING {
            return Ok(None);
        }
        let sql = "SELECT article, first, last, status, back FROM gone WHERE article = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([num], gone).optional()?)
    }

    /// The articles whose pages are or were not there any more; those that were missed last come first.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn all_gone(&self) -> Result<Vec<Gone>, ArchiveError> {
        if self.format()? < TELLING {
            return Ok(Vec::new());
        }
        let sql =
            "SELECT article, first, last, status, back FROM gone ORDER BY max(last, coalesce(back, 0)) DESC, article";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([], gone)?.collect::<Result<_, _>>()?)
    }
}

impl Batch<'_> {
    /// Records that the page of an article is not there any more. One that was removed meanwhile is left out.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put_gone(&self, num: ArticleNum, first: i64, last: i64, status: u16) -> Result<(), ArchiveError> {
        let sql = "INSERT INTO gone (article, first, last, status) SELECT num, ?2, ?3, ?4 FROM article WHERE num = ?1
                   ON CONFLICT DO UPDATE SET first = iif(back IS NULL, first, excluded.first), last = excluded.last,
                   status = excluded.status, back = NULL";
        self.tx.prepare_cached(sql)?.execute(params![num, first, last, status])?;
        Ok(())
    }

    /// Records that the page of an article is there again.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put_back(&self, num: ArticleNum, at: i64) -> Result<(), ArchiveError> {
        let sql = "UPDATE gone SET back = ?2 WHERE article = ?1 AND back IS NULL";
        self.tx.prepare_cached(sql)?.execute(params![num, at])?;
        Ok(())
    }

    /// Records that a version is another reading of the bytes of the one before.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn put_reread(&self, version: VersionSeq) -> Result<(), ArchiveError> {
        self.tx.prepare_cached("UPDATE version SET reread = 1 WHERE seq = ?1")?.execute([version])?;
        Ok(())
    }
}
