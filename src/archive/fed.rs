//! Clusters that hold what the archive holds.

use super::{Archive, ArchiveError, VersionSeq};

/// The format since which clusters are noted.
pub(super) const FED: i64 = 5;

impl Archive {
    /// The clusters that were brought up to this archive, and up to which version.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn fed(&self) -> Result<Vec<(String, VersionSeq)>, ArchiveError> {
        if self.format()? < FED {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached("SELECT name, seq FROM fed ORDER BY name")?;
        Ok(query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// What the state on a cluster may say of who brought it up, so that it is known to be this archive: a token is given once, and
    /// a cluster may be named by any of its nodes.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    #[cfg(feature = "cluster")]
    pub(crate) fn fed_tokens(&self) -> Result<Vec<String>, ArchiveError> {
        if self.format()? < FED {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached("SELECT token, pending FROM fed")?;
        let tokens = query.query_map([], |row| Ok([row.get::<_, Option<String>>(0)?, row.get(1)?]))?;
        let tokens = tokens.collect::<Result<Vec<_>, _>>()?;
        Ok(tokens.into_iter().flatten().flatten().collect())
    }

    /// A token for the state that is about to be written on a cluster.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    #[cfg(feature = "cluster")]
    pub(crate) fn new_token(&self, name: &str) -> Result<String, ArchiveError> {
        self.db.execute(
            "INSERT INTO fed (name, seq, token, pending) VALUES (?1, 0, '-', lower(hex(randomblob(8))))
             ON CONFLICT (name) DO UPDATE SET pending = excluded.pending",
            [name],
        )?;
        Ok(self.db.query_row("SELECT pending FROM fed WHERE name = ?1", [name], |row| row.get(0))?)
    }

    /// Notes that a cluster covers the versions up to `seq`, and that the state there was written.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    #[cfg(feature = "cluster")]
    pub(crate) fn put_fed(&self, name: &str, seq: VersionSeq) -> Result<(), ArchiveError> {
        let sql = "UPDATE fed SET seq = ?2, token = coalesce(pending, token), pending = NULL WHERE name = ?1";
        self.db.execute(sql, (name, seq))?;
        Ok(())
    }
}

#[cfg(all(test, feature = "cluster"))]
mod tests {
    use super::super::{ArticleNum, older};
    use super::*;

    #[test]
    fn a_move_is_kept_until_every_cluster_knows_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = Archive::create(dir.path()).unwrap();
        archive.db.execute("INSERT INTO moved (article, seq) VALUES (7, 3)", []).unwrap();
        let moved = |archive: &Archive| archive.moved_after(VersionSeq(0)).unwrap();
        for (name, seq) in [("one", 2), ("two", 5)] {
            archive.new_token(name).unwrap();
            archive.put_fed(name, VersionSeq(seq)).unwrap();
        }
        archive.forget_moved(VersionSeq(5)).unwrap();
        assert_eq!(moved(&archive), [ArticleNum(7)], "the first knows only two versions");
        archive.put_fed("one", VersionSeq(3)).unwrap();
        archive.forget_moved(VersionSeq(5)).unwrap();
        assert_eq!(moved(&archive), []);
        assert_eq!(archive.fed().unwrap(), [("one".to_owned(), VersionSeq(3)), ("two".to_owned(), VersionSeq(5))]);
    }

    #[test]
    fn a_state_is_known_by_its_token_whether_or_not_the_run_came_to_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::create(dir.path()).unwrap();
        let knows = |token: &String| archive.fed_tokens().unwrap().contains(token);
        let first = archive.new_token("one").unwrap();
        assert!(knows(&first), "the state may have been written");
        archive.put_fed("one", VersionSeq(1)).unwrap();
        let second = archive.new_token("one").unwrap();
        assert!(first != second && knows(&first) && knows(&second));
        archive.put_fed("one", VersionSeq(2)).unwrap();
        assert!(!knows(&first) && knows(&second));
        archive.put_fed("one", VersionSeq(2)).unwrap();
        assert!(knows(&second), "a run with nothing to write changes nothing");
    }

    #[test]
    fn an_archive_of_the_format_before_gets_the_table_when_it_is_written() {
        let dir = tempfile::tempdir().unwrap();
        older::age(&Archive::create(dir.path()).unwrap().db, 4);
        let reader = Archive::open(dir.path()).unwrap();
        assert!(reader.fed().unwrap().is_empty() && reader.fed_tokens().unwrap().is_empty());
        drop(reader);
        let archive = Archive::create(dir.path()).unwrap();
        assert_eq!(archive.new_token("one").unwrap().len(), 16);
    }
}
