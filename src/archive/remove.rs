//! Removing articles with all their versions and places, and keeping them out.
//!
//! Of a removed article the SHA-256 of its key stays (its address or identifier; for one that has neither, its texts).
//! By this digest it is recognised when an input brings it again, and skipped unless it is readmitted.

use rusqlite::params;

use super::{
    Archive, ArchiveError, ArticleNum, Batch, Digest256, Packed, TELLING, VersionSeq, codec, digest, hex, identity,
    layout,
};
use crate::article::Article;

/// The bytes that would betray an article; a purge must leave none of them.
#[derive(Debug, Clone)]
pub(crate) struct Traces {
    /// Its key, and the serialised bytes of its versions.
    pub texts: Vec<Vec<u8>>,
    /// The packed bytes of its versions.
    pub packed: Vec<Vec<u8>>,
}

/// The name under which it is remembered that an article with this identifier was removed. Inputs are recognised by the
/// key, which an identifier alone does not give.
fn shown(id: &str) -> String {
    format!("shown:{id}")
}

impl Archive {
    /// Whether an article with this address or identifier was removed and is kept out.
    pub(super) fn was_removed(&self, name: &str) -> Result<bool, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM removed WHERE key = ?1")?;
        Ok(query.exists([digest(name.as_bytes())])? || query.exists([digest(shown(name).as_bytes())])?)
    }
}

impl Batch<'_> {
    /// Removes an article; `false` where there is none with this number. Adds to `moved` the other articles whose group
    /// changed. The index learns of the removal by [`Archive::moved_after`]. With `purge`, the removal counts as an
    /// unfinished purge until [`Archive::purged`].
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn remove(&mut self, num: ArticleNum, purge: bool, moved: &mut Vec<ArticleNum>) -> Result<bool, ArchiveError> {
        let Some(key) = self.key_of(num)? else { return Ok(false) };
        // The removal takes a sequence number, so that an index without it is seen to lag.
        self.tx.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'version'", [])?;
        let mut names = vec![key.clone()];
        match self.newest(num) {
            Ok(Some(old)) => {
                names.extend(self.other_name(&key, &old)?);
                self.leave(num, &old, moved)?;
            }
            // A damaged article can be removed too: its keys cannot be computed from its text, so its rows are deleted
            // by number.
            _ => {
                self.tx.execute("DELETE FROM sketch WHERE article = ?1", [num])?;
                self.tx.execute("DELETE FROM copy WHERE article = ?1", [num])?;
            }
        }
        moved.retain(|other| *other != num);
        let mut keys: Vec<Digest256> = names.iter().map(|name| digest(name.as_bytes())).collect();
        if names.iter().any(|name| name.starts_with("sha256:")) {
            let mut query = self.tx.prepare_cached("SELECT sha256 FROM version WHERE article = ?1")?;
            for sha256 in query.query_map([num], |row| row.get::<_, Digest256>(0))? {
                keys.push(digest(text_key(&sha256?).as_bytes()));
            }
        }
        let id: String = self.tx.query_row("SELECT id FROM article WHERE num = ?1", [num], |row| row.get(0))?;
        keys.push(digest(shown(&id).as_bytes()));
        for key in keys {
            self.tx.execute("INSERT OR REPLACE INTO removed (key, purge) VALUES (?1, ?2)", params![key, purge])?;
        }
        self.unlink(num)?;
        self.untell(num)?;
        for sql in [
            "DELETE FROM place WHERE version IN (SELECT seq FROM version WHERE article = ?1)",
            "DELETE FROM version WHERE article = ?1",
            "DELETE FROM article WHERE num = ?1",
            "INSERT OR REPLACE INTO moved (article, seq)
             SELECT ?1, max(seq) FROM sqlite_sequence WHERE name = 'version'",
        ] {
            self.tx.execute(sql, [num])?;
        }
        self.tx.execute("DELETE FROM file WHERE num NOT IN (SELECT file FROM place)", [])?;
        Ok(true)
    }

    /// Forgets that an article was removed, so that [`Batch::put`] stores it again.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn readmit(&mut self, packed: &Packed) -> Result<(), ArchiveError> {
        let key = packed.key.clone().unwrap_or_else(|| text_key(&packed.sha256));
        self.tx.prepare_cached("DELETE FROM removed WHERE key = ?1")?.execute([digest(key.as_bytes())])?;
        Ok(())
    }

    /// Whether the article with this key was removed.
    pub(super) fn is_removed(&self, key: &str) -> Result<bool, ArchiveError> {
        Ok(self.tx.prepare_cached("SELECT 1 FROM removed WHERE key = ?1")?.exists([digest(key.as_bytes())])?)
    }

    /// The key that the input of an article would give it today, where it is another than its own and no other article's:
    /// an article that was extracted again (see [`Batch::put_again`]) can have a key that its input no longer gives.
    fn other_name(&self, key: &str, newest: &Article) -> Result<Option<String>, ArchiveError> {
        let Some(today) = identity(newest) else {
            let bytes = layout::to_bytes(newest)?;
            return Ok((!key.starts_with("sha256:")).then(|| text_key(&digest(&bytes))));
        };
        let taken = self.tx.prepare_cached("SELECT 1 FROM article WHERE key = ?1")?.exists([&today])?;
        Ok((!taken).then_some(today))
    }

    fn key_of(&self, num: ArticleNum) -> Result<Option<String>, ArchiveError> {
        let mut query = self.tx.prepare_cached("SELECT key FROM article WHERE num = ?1")?;
        let mut rows = query.query([num])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }
}

impl Archive {
    /// The traces of an article that is to be purged, so that they can be searched for afterwards.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does or there is no such article. Of a version that cannot be unpacked, only the packed bytes
    /// are included.
    pub(crate) fn traces(&mut self, num: ArticleNum) -> Result<Traces, ArchiveError> {
        let key: String = self.db.query_row("SELECT key FROM article WHERE num = ?1", [num], |row| row.get(0))?;
        let mut traces = Traces { texts: vec![key.into_bytes()], packed: Vec::new() };
        for (seq, _) in self.versions(num)? {
            let sql = "SELECT data FROM version WHERE seq = ?1";
            traces.packed.push(self.db.query_row(sql, [seq], |row| row.get(0))?);
            if let Ok(Some((_, bytes))) = self.version(seq) {
                traces.texts.push(bytes);
            }
        }
        Ok(traces)
    }

    /// Calls `each` with every text in the archive: keys and identifiers, names of files and members, what is
    /// followed, messages that tell of other articles, the serialised bytes of every version.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does, or a version cannot be read.
    pub(crate) fn each_text(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<(), ArchiveError> {
        let sql = "SELECT key FROM article UNION ALL SELECT id FROM article UNION ALL SELECT path FROM file
                   UNION ALL SELECT DISTINCT member FROM place
                   UNION ALL SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL";
        each(b"SQLite format 3"); // how the file begins
        self.names(sql)?.iter().for_each(|name| each(name.as_bytes()));
        if self.follows()? {
            let sql = "SELECT name FROM source UNION ALL SELECT url FROM source UNION ALL SELECT state FROM source
                       UNION ALL SELECT name FROM host UNION ALL SELECT state FROM host
                       UNION ALL SELECT url FROM page WHERE url IS NOT NULL
                       UNION ALL SELECT DISTINCT held FROM page WHERE held IS NOT NULL";
            self.names(sql)?.iter().for_each(|name| each(name.as_bytes()));
        }
        if self.format()? >= TELLING {
            let sql = "SELECT etag FROM page WHERE etag IS NOT NULL
                       UNION ALL SELECT modified FROM page WHERE modified IS NOT NULL";
            self.names(sql)?.iter().for_each(|name| each(name.as_bytes()));
        }
        self.fed()?.iter().for_each(|(name, _)| each(name.as_bytes()));
        if self.tells()? {
            let sql = "SELECT uuid FROM identity UNION ALL SELECT name FROM mark UNION ALL SELECT search FROM mark
                       UNION ALL SELECT id FROM digest UNION ALL SELECT form FROM digest UNION ALL SELECT state FROM digest
                       UNION ALL SELECT DISTINCT fault FROM asked WHERE fault IS NOT NULL";
            self.names(sql)?.iter().for_each(|name| each(name.as_bytes()));
            self.digests(None)?.iter().filter_map(|digest| digest.body.as_deref()).for_each(&mut *each);
        }
        for seq in self.last_seq()?.all_up_to() {
            if let Some((_, bytes)) = self.version(seq)? {
                each(&bytes);
            }
        }
        Ok(())
    }

    /// Calls `each` with the stored bytes of every version and every dictionary.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn each_packed(&self, each: &mut dyn FnMut(&[u8])) -> Result<(), ArchiveError> {
        let mut query = self.db.prepare("SELECT data FROM version UNION ALL SELECT data FROM dictionary")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    /// Whether a purge was begun and not finished.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn purges(&self) -> Result<bool, ArchiveError> {
        Ok(self.db.prepare("SELECT 1 FROM removed WHERE purge")?.exists([])?)
    }

    /// Records that every purge is finished.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn purged(&mut self) -> Result<(), ArchiveError> {
        self.db.execute("UPDATE removed SET purge = 0 WHERE purge", [])?;
        Ok(())
    }

    /// Rewrites the archive's file without free pages (`VACUUM`), so that deleted bytes are gone. With
    /// `dictionaries_too`, it first trains a new dictionary on the remaining articles, packs every version with it and
    /// deletes the old dictionaries.
    ///
    /// # Errors
    ///
    /// Fails where SQLite or the disk does; the archive then still holds the same articles.
    pub(crate) fn scrub(&mut self, dictionaries_too: bool) -> Result<(), ArchiveError> {
        self.write_keys(true)?;
        if dictionaries_too {
            self.repack()?;
        }
        self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(())
    }

    /// Whether `holds` returns `true` for any dictionary.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn any_dictionary(&self, holds: &dyn Fn(&[u8]) -> bool) -> Result<bool, ArchiveError> {
        let mut query = self.db.prepare("SELECT data FROM dictionary")?;
        for data in query.query_map([], |row| row.get::<_, Vec<u8>>(0))? {
            if holds(&data?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn repack(&mut self) -> Result<(), ArchiveError> {
        let old: u64 = self.db.query_row("SELECT coalesce(max(num), 0) FROM dictionary", [], |row| row.get(0))?;
        if old == 0 {
            return Ok(());
        }
        let new = self.new_dictionary()?;
        let mut packer = codec::Packer::new(new.as_ref())?;
        let last = self.last_seq()?;
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        let done = last.all_up_to().try_for_each(|seq| self.repack_version(seq, old, &mut packer));
        let done = done.and_then(|()| {
            self.db.execute("DELETE FROM dictionary WHERE num <= ?1", [old])?;
            Ok(self.db.execute_batch("COMMIT")?)
        });
        if done.is_err() {
            let _ = self.db.execute_batch("ROLLBACK"); // the first error is returned
        }
        done
    }

    fn repack_version(&mut self, seq: VersionSeq, old: u64, packer: &mut codec::Packer) -> Result<(), ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM version WHERE seq = ?1 AND dict BETWEEN 1 AND ?2")?;
        let wanted = query.exists(params![seq, old])?;
        drop(query);
        if !wanted {
            return Ok(());
        }
        let Some((_, bytes)) = self.version(seq)? else { return Ok(()) };
        let data = packer.pack(&bytes)?;
        self.db.prepare_cached("UPDATE version SET dict = ?2, data = ?3 WHERE seq = ?1")?.execute(params![
            seq,
            packer.dict(),
            data
        ])?;
        Ok(())
    }
}

/// The key of an article that has neither address nor identifier.
pub(super) fn text_key(sha256: &Digest256) -> String {
    format!("sha256:{}", hex(sha256))
}
