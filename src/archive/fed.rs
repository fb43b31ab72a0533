//! Clusters that hold what the archive holds.

#[cfg(feature = "cluster")]
use rusqlite::OptionalExtension;

use super::{Archive, ArchiveError, VersionSeq};

/// The format since which clusters are noted.
const FED: i64 = 5;

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

    /// What the state on a cluster may say of who brought it up, so that it is known to be this archive.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    #[cfg(feature = "cluster")]
    pub(crate) fn fed_tokens(&self, name: &str) -> Result<Vec<String>, ArchiveError> {
        if self.format()? < FED {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached("SELECT token, pending FROM fed WHERE name = ?1")?;
        let tokens: Option<(String, Option<String>)> =
            query.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(tokens.into_iter().flat_map(|(token, pending)| [Some(token), pending]).flatten().collect())
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
