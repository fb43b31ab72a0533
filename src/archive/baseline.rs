//! What sources had when they were first asked: it was there before the user followed them, and is no news.

use std::collections::BTreeMap;

use rusqlite::params;

use super::telling::{Move, Standing};
use super::{Archive, ArchiveError, ArticleNum, Batch};

/// The mark under which is kept what was there when a source was first asked that is not followed any more.
const UNFOLLOWED: &str = "=unfollowed";

impl Archive {
    /// For each source, when it first gave its items: what it had then was there before the user followed it.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does, or the state of a source cannot be read.
    pub fn begun(&self) -> Result<BTreeMap<u64, i64>, ArchiveError> {
        let sources = self.sources()?.into_iter();
        Ok(sources.filter_map(|source| Some((source.num, source.baseline.or(source.started)?))).collect())
    }

    /// The articles of a source that were there when it was first asked, and came in with nothing else.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does, or the state of a source cannot be read.
    pub fn there_with(&self, source: u64) -> Result<Vec<ArticleNum>, ArchiveError> {
        let begun = self.begun()?;
        let sql = "SELECT article, min(stored) FROM version WHERE article IN
                   (SELECT article FROM item WHERE source = ?1
                   UNION SELECT page.article FROM item JOIN page ON page.key = item.page WHERE item.source = ?1)
                   GROUP BY article ORDER BY article";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([source], |row| Ok((row.get::<_, ArticleNum>(0)?, row.get::<_, i64>(1)?)))?;
        let mut there = Vec::new();
        for row in rows {
            let (num, stored) = row?;
            if self.was_there(num, stored, &begun)? {
                there.push(num);
            }
        }
        Ok(there)
    }

    /// Whether an article came in with the items that sources had when they were first asked, and only with those.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn was_there(&self, num: ArticleNum, stored: i64, begun: &BTreeMap<u64, i64>) -> Result<bool, ArchiveError> {
        let mut found = self.tells()? && {
            let sql = "SELECT 1 FROM told JOIN mark ON mark.num = told.mark WHERE name = ?1 AND article = ?2";
            self.db.prepare_cached(sql)?.exists(params![UNFOLLOWED, num])?
        };
        if begun.is_empty() {
            return Ok(found);
        }
        let sql = "SELECT source, first FROM item WHERE article = ?1
                   UNION SELECT item.source, item.first FROM page JOIN item ON item.page = page.key WHERE page.article = ?1";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([num], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, i64>(1)?)))?;
        for row in rows {
            let (source, first) = row?;
            if first > stored {
                continue; // it was kept already when the source first had it
            }
            if begun.get(&source).is_none_or(|begun| first > *begun) {
                return Ok(false);
            }
            found = true;
        }
        Ok(found)
    }
}

impl Batch<'_> {
    /// Keeps which articles were there when a source was first asked, for the time when it is not followed any more.
    pub(super) fn keep_there(&self, there: &[ArticleNum]) -> Result<(), ArchiveError> {
        if there.is_empty() {
            return Ok(());
        }
        let step = Move { search: UNFOLLOWED.to_owned(), ..Move::default() };
        let mark = self.mark_of(UNFOLLOWED, &step, 0)?;
        there.iter().try_for_each(|num| self.tell(mark, *num, Standing::Before))
    }
}
