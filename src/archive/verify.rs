//! Checks of an archive: SQLite's own, the SHA-256 of every version, and whether its tables agree.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Archive, ArchiveError, ArticleNum, Digest256, FILE, GroupNum, TELLING, VersionSeq, digest};

/// Faults that SQLite's integrity check reports, at most.
const LINES: usize = 20;

/// How many versions were checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Versions whose text is as it was stored.
    pub versions: u64,
    /// Versions whose text is not, or cannot be read.
    pub damaged: u64,
}

/// What the index must hold of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Newest {
    /// Number of the article.
    pub num: ArticleNum,
    /// Sequence number of its newest version.
    pub seq: VersionSeq,
    /// Number of the group of its copies.
    pub group: GroupNum,
}

/// Rules by which the tables must agree: the message where one is broken, and the query that finds the rows.
const AGREEMENTS: [(&str, &str); 5] = [
    (
        "has no newest version of its own",
        "SELECT 'article ' || article.id FROM article LEFT JOIN version ON seq = article.version
         WHERE version.article IS NOT article.num LIMIT 5",
    ),
    (
        "has a version that is newer than its newest",
        "SELECT 'article ' || id FROM article WHERE version <
         (SELECT max(seq) FROM version WHERE version.article = article.num) LIMIT 5",
    ),
    (
        "belongs to no article",
        "SELECT 'version ' || seq FROM version LEFT JOIN article ON num = version.article WHERE num IS NULL LIMIT 5",
    ),
    (
        "is in a group that is not named by its first article",
        "SELECT 'article number ' || article FROM copy WHERE grp <>
         (SELECT min(article) FROM copy AS other WHERE other.grp = copy.grp) LIMIT 5",
    ),
    (
        "is in a group and is not there",
        "SELECT 'article number ' || copy.article FROM copy LEFT JOIN article ON num = copy.article
         WHERE num IS NULL LIMIT 5",
    ),
];

/// The same for the tables of what is followed.
const FOLLOWED: [(&str, &str); 3] = [
    (
        "has a state that cannot be read",
        "SELECT 'source ' || name FROM source WHERE NOT json_valid(state)
         UNION ALL SELECT 'host ' || name FROM host WHERE NOT json_valid(state) LIMIT 5",
    ),
    (
        "names a page that is not there",
        "SELECT 'item ' || hex(item.key) FROM item LEFT JOIN page ON page.key = item.page
         WHERE item.page IS NOT NULL AND page.key IS NULL LIMIT 5",
    ),
    (
        "is to be asked for and has no address",
        "SELECT 'page ' || hex(key) FROM page WHERE next IS NOT NULL AND url IS NULL LIMIT 5",
    ),
];

/// The same for what became of pages after they were first read.
const RECHECKED: [(&str, &str); 2] = [
    (
        "is to be asked for again and has no address",
        "SELECT 'page ' || hex(key) FROM page WHERE recheck IS NOT NULL AND url IS NULL LIMIT 5",
    ),
    (
        "is called gone and is no article",
        "SELECT 'article number ' || gone.article FROM gone LEFT JOIN article ON num = gone.article
         WHERE num IS NULL OR gone.last < gone.first LIMIT 5",
    ),
];

/// The same for the tables of what was told.
const TOLD: [(&str, &str); 3] = [
    ("is not the only name of the archive", "SELECT 'identity ' || uuid FROM identity WHERE (SELECT count(*) FROM identity) > 1"),
    (
        "is ahead of the archive",
        "SELECT 'mark ' || name FROM mark WHERE seq > (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'version')
         LIMIT 5",
    ),
    (
        "is to be handed over and has no message",
        "SELECT 'digest ' || id FROM digest WHERE state IN ('waiting', 'stuck') AND body IS NULL LIMIT 5",
    ),
];

impl Archive {
    /// Checks the whole archive, and calls `fault` with a message for each fault.
    ///
    /// # Errors
    ///
    /// Fails only where not even the last sequence number can be read.
    pub fn verify(&mut self, fault: &mut dyn FnMut(String)) -> Result<Checked, ArchiveError> {
        self.check_pages(fault);
        let followed = if self.follows().unwrap_or(false) { &FOLLOWED[..] } else { &[] };
        let rechecked = if self.format().unwrap_or(0) >= TELLING { &RECHECKED[..] } else { &[] };
        let told = if self.tells().unwrap_or(false) { &TOLD[..] } else { &[] };
        for (what, sql) in AGREEMENTS.iter().chain(followed).chain(rechecked).chain(told) {
            match self.names(sql) {
                Ok(names) => names.iter().for_each(|name| fault(format!("{name} {what}"))),
                Err(cause) => fault(cause.to_string()),
            }
        }
        let mut checked = Checked::default();
        for seq in self.last_seq()?.all_up_to() {
            match self.check_version(seq) {
                Ok(None) => {}
                Ok(Some(())) => checked.versions += 1,
                Err(cause) => {
                    checked.damaged += 1;
                    fault(format!("version {seq}{}: {cause}", self.owner(seq)));
                }
            }
        }
        Ok(checked)
    }

    fn check_pages(&self, fault: &mut dyn FnMut(String)) {
        let lines = self.names(&format!("PRAGMA integrity_check({LINES})"));
        match lines {
            Ok(lines) => lines.into_iter().filter(|line| line != "ok").for_each(|line| fault(line.replace('\n', " "))),
            Err(cause) => fault(cause.to_string()),
        }
        let orphans =
            "SELECT 'table ' || \"table\" || ', row ' || coalesce(rowid, '?') || ': refers to a row of ' || parent
                       || ' that is not there' FROM pragma_foreign_key_check LIMIT 5";
        match self.names(orphans) {
            Ok(lines) => lines.into_iter().for_each(&mut *fault),
            Err(cause) => fault(cause.to_string()),
        }
    }

    /// The first column of a query's rows.
    pub(super) fn names(&self, sql: &str) -> Result<Vec<String>, ArchiveError> {
        let mut query = self.db.prepare(sql)?;
        Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Reads one version, if it is there, and compares it with its SHA-256.
    fn check_version(&mut self, seq: VersionSeq) -> Result<Option<()>, ArchiveError> {
        let Some((sha256, bytes)) = self.version(seq)? else { return Ok(None) };
        if digest(&bytes) != sha256 {
            return Err(ArchiveError::Damaged("its SHA-256 is another one".to_owned()));
        }
        super::layout::from_bytes(&bytes)?;
        Ok(Some(()))
    }

    /// The stored digest and the serialised bytes of a version; `None` where there is none.
    pub(super) fn version(&mut self, seq: VersionSeq) -> Result<Option<(Digest256, Vec<u8>)>, ArchiveError> {
        let row: Option<(Digest256, i64, Vec<u8>)> = self
            .db
            .prepare_cached("SELECT sha256, dict, data FROM version WHERE seq = ?1")?
            .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((sha256, dict, data)) = row else { return Ok(None) };
        super::codec::learn(&mut self.unpacker, &self.db, dict)?;
        Ok(Some((sha256, self.unpacker.bytes(dict, &data)?)))
    }

    /// The article of a version, for a message.
    fn owner(&self, seq: VersionSeq) -> String {
        let sql = "SELECT id FROM article JOIN version ON version.article = num WHERE seq = ?1";
        let id: Option<String> = self.db.query_row(sql, [seq], |row| row.get(0)).ok();
        id.map_or(String::new(), |id| format!(" (article {id})"))
    }

    /// What the index must hold of every article, in the order of their numbers.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn newest(&self) -> Result<Vec<Newest>, ArchiveError> {
        let mut query = self.db.prepare(
            "SELECT num, version, coalesce(grp, num) FROM article LEFT JOIN copy ON article = num ORDER BY num",
        )?;
        let rows = query.query_map([], |row| Ok(Newest { num: row.get(0)?, seq: row.get(1)?, group: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the newest version was stored.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn last_stored(&self) -> Result<Option<Timestamp>, ArchiveError> {
        let sql = "SELECT stored FROM version ORDER BY seq DESC LIMIT 1";
        Ok(self.db.query_row(sql, [], |row| row.get(0)).optional()?.map(super::instant))
    }

    /// Moves the content of the log into the archive's file and empties the log. `false` where a reader still holds the
    /// log open after `wait`.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn settle(dir: &Path, wait: Duration) -> Result<bool, ArchiveError> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Ok(true);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&path, flags)?;
        db.busy_timeout(wait)?;
        let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}
