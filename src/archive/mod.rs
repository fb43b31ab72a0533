//! The source of truth: every version of every article, in the order of arrival, with its places.
//!
//! One SQLite file in WAL mode; the index is made from it. A committed transaction survives a killed process. A power
//! failure may undo the last transactions as wholes (`synchronous = NORMAL`), until the log is emptied.
//!
//! ```
//! use despatch::archive::{Archive, Group, Outcome, Packed, Packer, Provenance, Put, digest};
//! use despatch::article::{Article, Place};
//!
//! let dir = tempfile::tempdir().unwrap();
//! let mut archive = Archive::create(dir.path())?;
//! let article = Article { title: "Alda buys aircraft".into(), text: "Twelve of them.".into(), ..Article::default() };
//! let packed = Packed::new(&article, &mut Packer::new(None)?)?;
//! let place = Place { path: "news.txt".into(), ..Place::default() };
//! let now = "2026-03-01T12:00:00Z".parse()?;
//! let mut batch = archive.batch()?;
//! let put: Put = batch.put(&packed, &place, &digest(b"the bytes of news.txt"), None, now)?;
//! batch.commit()?;
//! assert_eq!(put.outcome, Outcome::New);
//! assert_eq!(archive.by_num(put.num)?.article, article);
//!
//! let places: Vec<Provenance> = archive.provenance(put.num)?;
//! assert_eq!((places.len(), &places[0].place), (1, &place));
//! let story: Group = archive.group(put.num)?;
//! assert_eq!(story.members.len(), 1, "it has no copies yet");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod baseline;
mod codec;
mod coverage;
mod fed;
pub mod following;
mod groups;
mod layout;
mod numbers;
#[cfg(test)]
pub(crate) mod older;
mod places;
mod rechecks;
mod remove;
pub mod telling;
mod verify;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::article::{Article, Moment, Place};
pub use codec::Dictionary;
pub use codec::Packer;
pub use coverage::{Asked, Holes};
pub use groups::Group;
pub use groups::Member;
pub use numbers::{ArticleNum, GroupNum, VersionSeq};
pub use places::Provenance;
pub use rechecks::{Gone, Version};
pub(crate) use remove::Traces;
pub use verify::Checked;
pub use verify::Newest;

/// Number of the archive's format, kept in the file.
pub(crate) const FORMAT: i64 = 5;
/// The oldest format that is read. It lacks the tables that came since, and gets them when it is first written.
const OLDEST: i64 = 2;
/// The format since which there are tables of what is followed.
const FOLLOWING: i64 = 3;
/// The format since which there are tables of what the user was told, and of pages that are asked for again.
const TELLING: i64 = 4;
/// What each format since the oldest has added; a new archive gets all of it. Nothing is ever changed by these.
const ADDED: &[(i64, &str)] = &[
    (FOLLOWING, include_str!("following.sql")),
    (TELLING, include_str!("rechecks.sql")),
    (TELLING, include_str!("telling.sql")),
    (TELLING, include_str!("coverage.sql")),
    (fed::FED, include_str!("fed.sql")),
];
/// Marks the file as ours (`DSPT`).
const APPLICATION_ID: i64 = 0x4453_5054;
/// Capacity of the cache of prepared statements. The archive uses fewer, so each is prepared once for a connection.
const STATEMENTS: usize = 64;
/// How many bytes of the file a reader maps into memory at most; SQLite lowers it to its own limit. Mapped pages are
/// read without being copied.
const MAPPED: u64 = 1 << 40;
/// Name of the archive's file in an index directory.
pub(crate) const FILE: &str = "archive.db";

/// Name of SQLite's write-ahead log, next to the archive; empty at rest.
pub fn log() -> String {
    format!("{FILE}-wal")
}

/// Why the archive could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// There is no archive.
    #[error("no index in {}", .0.display())]
    Missing(PathBuf),
    /// The file is of another program or another version.
    #[error("{}: {what}", path.display())]
    Foreign {
        /// The archive's file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// SQLite failed.
    #[error("archive: {0}")]
    Sql(#[from] rusqlite::Error),
    /// Packing or unpacking failed, or the disk did.
    #[error("archive: {0}")]
    Io(#[from] std::io::Error),
    /// What was stored cannot be read.
    #[error("archive is damaged: {0}")]
    Damaged(String),
    /// No article has this identifier.
    #[error("no article '{0}'")]
    NoArticle(String),
    /// The article with this identifier or address was removed, and stays out.
    #[error("'{0}' was removed")]
    Removed(String),
    /// Several articles' identifiers begin like this.
    #[error("'{id}' could be any of {}", candidates.join(", "))]
    AmbiguousId {
        /// The identifier that was requested.
        id: String,
        /// The first few that begin with it.
        candidates: Vec<String>,
    },
}

impl ArchiveError {
    /// What the user can do about an identifier that names no article; `None` for other errors.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoArticle(_) => {
                "`despatch search` prints the identifier of each article below its title; its beginning is enough"
            }
            Self::Removed(_) => {
                "what was taken out stays out; if you have its file, `despatch index --readmit FILE` takes it in again"
            }
            Self::AmbiguousId { .. } => "write more of the identifier",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

/// SHA-256 of some bytes.
pub(crate) type Digest256 = [u8; 32];

/// SHA-256 of `bytes`.
pub fn digest(bytes: &[u8]) -> Digest256 {
    Sha256::digest(bytes).into()
}

/// In which form an article was found. A lower form never replaces a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A summary, as in a feed.
    Summary,
    /// The full text of a feed entry, or of a message.
    Entry,
    /// A page, or another document of its own.
    Page,
}

impl Form {
    /// Its name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Entry => "entry",
            Self::Page => "page",
        }
    }

    /// The form of an article that was not found in a feed.
    fn of(article: &Article) -> Self {
        if article.summary_only { Self::Summary } else { Self::Page }
    }

    /// The form of a version that was stored without one. Articles that were read from an object, as entries of feeds
    /// are, have evidence that names its keys.
    fn guessed(article: &Article) -> Self {
        let of_object = article.evidence.values().any(|from| from.starts_with("json "));
        Self::of(article).min(if of_object { Self::Entry } else { Self::Page })
    }
}

/// An article that is ready to be stored: serialised, packed, with its digest.
#[derive(Debug)]
pub struct Packed {
    form: Form,
    key: Option<String>,
    wanted_id: Option<String>,
    sha256: Digest256,
    dict: i64,
    data: Vec<u8>,
    keys: groups::Keys,
}

impl Packed {
    /// Serialises and packs; the costly part, done outside the writer's thread.
    ///
    /// # Errors
    ///
    /// Fails only where memory or zstd does.
    pub fn new(article: &Article, packer: &mut Packer) -> Result<Self, ArchiveError> {
        let bytes = layout::to_bytes(article)?;
        Ok(Self {
            form: Form::of(article),
            key: identity(article),
            wanted_id: article.source_id.clone().filter(|id| is_good_id(id)),
            sha256: digest(&bytes),
            dict: packer.dict(),
            data: packer.pack(&bytes)?,
            keys: groups::Keys::of(article),
        })
    }

    /// The same, found in an entry of a feed or in a message.
    #[must_use]
    pub fn of_entry(self) -> Self {
        Self { form: self.form.min(Form::Entry), ..self }
    }
}

/// The key that identifies an article across files: its address, else its outlet and its own identifier; `None` where
/// it has neither.
fn identity(article: &Article) -> Option<String> {
    match (&article.url, &article.source_id) {
        (Some(url), _) => Some(url.clone()),
        (None, Some(id)) => Some(format!("id:{}:{id}", article.outlet.as_deref().unwrap_or_default())),
        (None, None) => None,
    }
}

/// Whether an input's own identifier can be the public one: 1 to 120 bytes without spaces and control characters, not
/// beginning with `-`, so that it can be typed as one word of a command line.
fn is_good_id(id: &str) -> bool {
    (1..=120).contains(&id.len()) && !id.starts_with('-') && id.chars().all(|c| !c.is_whitespace() && !c.is_control())
}

/// A stored version of an article.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Number of the article; the same for all its versions.
    pub num: ArticleNum,
    /// Public identifier.
    pub id: String,
    /// Sequence number of the version.
    pub seq: VersionSeq,
    /// Number of its group of copies: the number of the group's first article, or its own if it has no copies.
    pub group: GroupNum,
    /// The article.
    pub article: Article,
}

/// What became of an article that was put into the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    New,
    /// It replaces an older version.
    Changed,
    /// The newest version is the same.
    Unchanged,
    /// It was removed before, and stays out.
    Removed,
}

/// Result of [`Batch::put`]. All numbers are 0 where the outcome is [`Outcome::Removed`].
#[derive(Debug, Clone)]
pub struct Put {
    /// What became of it.
    pub outcome: Outcome,
    /// Number of the article.
    pub num: ArticleNum,
    /// Sequence number of its newest version.
    pub seq: VersionSeq,
    /// Number of the group of its copies, its own if it has none.
    pub group: GroupNum,
    /// Other articles whose group changed because of this one.
    pub moved: Vec<ArticleNum>,
}

/// How much the archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Articles.
    pub articles: u64,
    /// Versions of them.
    pub versions: u64,
    /// Places they were found in.
    pub places: u64,
}

/// An open archive.
pub struct Archive {
    db: Connection,
    path: PathBuf,
    unpacker: codec::Unpacker,
    copies: groups::Copies,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("path", &self.path).finish()
    }
}

impl Archive {
    /// Opens the archive of an index directory for reading; nothing is changed.
    ///
    /// # Errors
    ///
    /// Fails where there is none, or where it is not ours.
    pub fn open(dir: &Path) -> Result<Self, ArchiveError> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Err(ArchiveError::Missing(dir.to_owned()));
        }
        let db = open_to_read(&path)?;
        let archive = Self { db, path, unpacker: codec::Unpacker::default(), copies: groups::Copies::default() };
        archive.check_format()?;
        archive.keep_plans()?;
        archive.db.execute_batch(&format!(
            "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; PRAGMA mmap_size = {MAPPED};"
        ))?;
        Ok(archive)
    }

    /// Opens or creates the archive for writing.
    ///
    /// # Errors
    ///
    /// Fails where the directory cannot be written, or the file is not ours.
    pub fn create(dir: &Path) -> Result<Self, ArchiveError> {
        std::fs::create_dir_all(dir)?;
        let path = dir.join(FILE);
        if !path.exists() {
            found(&path)?;
        }
        let db = Connection::open(&path)?;
        db.execute_batch("PRAGMA busy_timeout = 10000;")?;
        let mut archive = Self { db, path, unpacker: codec::Unpacker::default(), copies: groups::Copies::default() };
        archive.check_format()?;
        archive.bring_up()?;
        archive.db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768;",
        )?;
        archive.keep_plans()?;
        archive.recover_keys()?;
        Ok(archive)
    }

    /// Brings an archive of an older format up to this one, in one transaction: columns and tables are added, nothing is
    /// changed.
    fn bring_up(&mut self) -> Result<(), ArchiveError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let format: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if format < FORMAT {
            if format < FOLLOWING {
                tx.execute_batch(
                    "ALTER TABLE version ADD COLUMN form INTEGER; ALTER TABLE place ADD COLUMN lower INTEGER;",
                )?;
            }
            for (_, sql) in ADDED.iter().filter(|(since, _)| format < *since) {
                tx.execute_batch(sql)?;
            }
            tx.execute_batch(&format!("PRAGMA user_version = {FORMAT};"))?;
        }
        Ok(tx.commit()?)
    }

    /// The format of the file, which is older than this program's until it is first written.
    fn format(&self) -> Result<i64, ArchiveError> {
        Ok(self.db.query_row("PRAGMA user_version", [], |row| row.get(0))?)
    }

    /// Makes SQLite plan each prepared statement once; by default it may plan it again for each value bound to it.
    fn keep_plans(&self) -> Result<(), ArchiveError> {
        self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        self.db.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(())
    }

    fn check_format(&self) -> Result<(), ArchiveError> {
        let pragma = |name: &str| -> Result<i64, ArchiveError> {
            self.db
                .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
                .map_err(|cause| not_ours(&self.path, &cause))
        };
        let foreign = |what: String| Err(ArchiveError::Foreign { path: self.path.clone(), what });
        if pragma("application_id")? != APPLICATION_ID {
            return foreign("not an archive of despatch".to_owned());
        }
        match pragma("user_version")? {
            OLDEST..=FORMAT => Ok(()),
            version if version > FORMAT => foreign(format!(
                "archive format {version} of a newer program; this one reads format {FORMAT}: update it"
            )),
            version => foreign(format!(
                "archive format {version} of an older program; this one reads format {FORMAT}: index the original files \
                 again into a new directory, or use the older program"
            )),
        }
    }

    /// The highest sequence number given out, 0 in an empty archive.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn last_seq(&self) -> Result<VersionSeq, ArchiveError> {
        Ok(self.db.query_row(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'version'",
            [],
            |row| row.get(0),
        )?)
    }

    /// Fixes what this connection reads to the archive as it is now, whatever others write. Returns
    /// [`Archive::last_seq`].
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn hold(&self) -> Result<VersionSeq, ArchiveError> {
        self.release()?;
        self.db.execute_batch("BEGIN")?;
        self.last_seq()
    }

    /// Ends what [`Archive::hold`] began. Until then no writer can empty the archive's log.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn release(&self) -> Result<(), ArchiveError> {
        if !self.db.is_autocommit() {
            self.db.execute_batch("ROLLBACK")?;
        }
        Ok(())
    }

    /// Counts articles, versions and places.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn counts(&self) -> Result<Counts, ArchiveError> {
        let sql = "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM version), (SELECT count(*) FROM place)";
        Ok(self.db.query_row(sql, [], |row| {
            Ok(Counts { articles: row.get(0)?, versions: row.get(1)?, places: row.get(2)? })
        })?)
    }

    /// The version with this sequence number.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NoArticle`] where there is none; fails where it cannot be read.
    pub(crate) fn by_seq(&mut self, seq: VersionSeq) -> Result<Stored, ArchiveError> {
        let row = {
            let mut query = self.db.prepare_cached(
                "SELECT article.num, article.id, seq, dict, data, (SELECT grp FROM copy WHERE copy.article = num)
                 FROM version JOIN article ON article.num = version.article
                 WHERE seq = ?1",
            )?;
            query.query_row([seq], Row::read).optional()?
        };
        match row {
            Some(row) => self.unpack(row),
            None => Err(ArchiveError::NoArticle(format!("#{seq}"))),
        }
    }

    /// The newest version of one article: the one whose identifier or address is `id`, else the only one whose
    /// identifier begins with `id`.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NoArticle`], [`ArchiveError::Removed`] or [`ArchiveError::AmbiguousId`] where there is none, none any
    /// more, or more than one; fails where
    /// the version cannot be read.
    pub fn by_id(&mut self, id: &str) -> Result<Stored, ArchiveError> {
        let exact: Option<VersionSeq> = self
            .db
            .query_row("SELECT version FROM article WHERE id = ?1 OR key = ?1", [id], |row| row.get(0))
            .optional()?;
        if let Some(seq) = exact {
            return self.by_seq(seq);
        }
        let found: Vec<(String, VersionSeq)> = {
            let mut query = self.db.prepare_cached(
                "SELECT id, version FROM article WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 6",
            )?;
            query.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        match found.as_slice() {
            [] if self.was_removed(id)? => Err(ArchiveError::Removed(id.to_owned())),
            [] => Err(ArchiveError::NoArticle(id.to_owned())),
            [(_, seq)] => self.by_seq(*seq),
            many => Err(ArchiveError::AmbiguousId {
                id: id.to_owned(),
                candidates: many.iter().map(|(id, _)| id.clone()).collect(),
            }),
        }
    }

    /// The newest versions with a sequence number above `after`, in order, `limit` at most.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does or a version cannot be read.
    pub fn newest_after(&mut self, after: VersionSeq, limit: usize) -> Result<Vec<Stored>, ArchiveError> {
        let rows: Vec<Row> = {
            let mut query = self.db.prepare_cached(
                "SELECT article.num, article.id, seq, dict, data, (SELECT grp FROM copy WHERE copy.article = num)
                 FROM version JOIN article ON article.num = version.article
                 WHERE seq > ?1 AND article.version = seq ORDER BY seq LIMIT ?2",
            )?;
            query.query_map(params![after, limit as u64], Row::read)?.collect::<Result<_, _>>()?
        };
        rows.into_iter().map(|row| self.unpack(row)).collect()
    }

    /// Every version of an article, oldest first: sequence number and when it was stored.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn versions(&self, num: ArticleNum) -> Result<Vec<(VersionSeq, Timestamp)>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT seq, stored FROM version WHERE article = ?1 ORDER BY seq")?;
        let rows = query.query_map([num], |row| Ok((row.get(0)?, instant(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The dictionary to pack new articles with, if the archive has one yet.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn dictionary(&self) -> Result<Option<Dictionary>, ArchiveError> {
        let row: Option<(i64, Vec<u8>)> = self
            .db
            .query_row("SELECT num, data FROM dictionary ORDER BY num DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(row.map(|(num, data)| Dictionary::new(num, &data)))
    }

    /// Returns the archive's dictionary, and trains one first where it has none. `None` while there are too few
    /// articles, or where they are too uniform for a dictionary to help.
    ///
    /// # Errors
    ///
    /// Fails where SQLite or zstd does.
    pub(crate) fn train_dictionary(&mut self) -> Result<Option<Dictionary>, ArchiveError> {
        if let Some(dictionary) = self.dictionary()? {
            return Ok(Some(dictionary));
        }
        self.new_dictionary()
    }

    /// Trains a dictionary on the oldest articles; `None` where there are fewer than [`codec::SAMPLES`].
    fn new_dictionary(&mut self) -> Result<Option<Dictionary>, ArchiveError> {
        let articles = self.newest_after(VersionSeq::NONE, 4 * codec::SAMPLES)?;
        if articles.len() < codec::SAMPLES {
            return Ok(None);
        }
        let samples: Vec<Vec<u8>> = articles.iter().filter_map(|a| layout::to_bytes(&a.article).ok()).collect();
        let Ok(data) = codec::train(&samples) else {
            return Ok(None); // too uniform to gain anything
        };
        self.db.execute("INSERT INTO dictionary (data) VALUES (?1)", [&data])?;
        self.dictionary()
    }

    /// Starts a batch of writes; [`Batch::commit`] keeps all of them or none.
    ///
    /// # Errors
    ///
    /// Fails where another process is still writing after 10 seconds.
    pub fn batch(&mut self) -> Result<Batch<'_>, ArchiveError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Batch { tx, unpacker: &mut self.unpacker, copies: &mut self.copies })
    }

    fn unpack(&mut self, row: Row) -> Result<Stored, ArchiveError> {
        codec::learn(&mut self.unpacker, &self.db, row.dict)?;
        let article = self.unpacker.article(row.dict, &row.data)?;
        Ok(Stored { num: row.num, id: row.id, seq: row.seq, group: row.group, article })
    }
}

struct Row {
    num: ArticleNum,
    id: String,
    seq: VersionSeq,
    dict: i64,
    data: Vec<u8>,
    group: GroupNum,
}

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let num: ArticleNum = row.get(0)?;
        let group = row.get::<_, Option<GroupNum>>(5)?.unwrap_or(num.into());
        Ok(Self { num, id: row.get(1)?, seq: row.get(2)?, dict: row.get(3)?, data: row.get(4)?, group })
    }
}

/// Writes that are committed together or not at all.
pub struct Batch<'a> {
    tx: Transaction<'a>,
    unpacker: &'a mut codec::Unpacker,
    copies: &'a mut groups::Copies,
}

impl std::fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Batch")
    }
}

impl Batch<'_> {
    /// Puts an article that was found at `place` in an input with digest `input`. `now` is shown to the user and orders
    /// the places of an article; versions are ordered by their sequence numbers, whatever the clock does.
    ///
    /// Where it is new or changed, its copies are found and grouped with it. An article without address and identifier
    /// is recognised by its text, else by its place.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put(
        &mut self,
        packed: &Packed,
        place: &Place,
        input: &Digest256,
        fetched: Option<Timestamp>,
        now: Moment,
    ) -> Result<Put, ArchiveError> {
        let key = match &packed.key {
            Some(key) => key.clone(),
            None => self.key_by_place(packed, place)?,
        };
        if self.is_removed(&key)? {
            return Ok(Put {
                outcome: Outcome::Removed,
                num: ArticleNum(0),
                seq: VersionSeq::NONE,
                group: GroupNum(0),
                moved: Vec::new(),
            });
        }
        let num: Option<ArticleNum> = self
            .tx
            .prepare_cached("SELECT num FROM article WHERE key = ?1")?
            .query_row([&key], |row| row.get(0))
            .optional()?;
        let num = match num {
            Some(num) => num,
            None => self.add_article(&key, packed.wanted_id.as_deref())?,
        };
        self.store(num, packed, place, input, fetched, now)
    }

    /// Puts what a newer extraction made of the input of a stored article: a new version where it differs, with the same
    /// number and identifier, whatever address or identifier was found in it now. The article is known by these from
    /// now on, unless another article is already, or was removed. `None` where there is no such article.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn put_again(
        &mut self,
        num: ArticleNum,
        packed: &Packed,
        place: &Place,
        input: &Digest256,
        fetched: Option<Timestamp>,
        now: Moment,
    ) -> Result<Option<Put>, ArchiveError> {
        if !self.tx.prepare_cached("SELECT 1 FROM article WHERE num = ?1")?.exists([num])? {
            return Ok(None);
        }
        if let Some(key) = &packed.key
            && !self.is_removed(key)?
        {
            self.tx
                .prepare_cached("UPDATE OR IGNORE article SET key = ?2 WHERE num = ?1")?
                .execute(params![num, key])?;
        }
        self.store(num, packed, place, input, fetched, now).map(Some)
    }

    /// Stores a version of an article, unless its newest version is the same or in a higher form, and the place where it
    /// was found.
    fn store(
        &mut self,
        num: ArticleNum,
        packed: &Packed,
        place: &Place,
        input: &Digest256,
        fetched: Option<Timestamp>,
        now: Moment,
    ) -> Result<Put, ArchiveError> {
        // Only now, so that no name is stored for a file that holds only removed articles.
        let file = self.file(&place.path)?;
        let old: Option<(VersionSeq, Digest256, Option<Form>)> = self
            .tx
            .prepare_cached("SELECT version, sha256, form FROM article JOIN version ON seq = version WHERE num = ?1")?
            .query_row([num], |row| Ok((row.get(0)?, row.get(1)?, form(row.get(2)?))))
            .optional()?;
        let mut moved = Vec::new();
        let (mut outcome, mut lower) = match old {
            Some((_, sha256, _)) if sha256 == packed.sha256 => (Outcome::Unchanged, false),
            Some(_) => (Outcome::Changed, false),
            None => (Outcome::New, false),
        };
        let before = if outcome == Outcome::Changed { self.newest(num)? } else { None };
        if let (Some((.., form)), Some(before)) = (old, &before)
            && packed.form < form.unwrap_or_else(|| Form::guessed(before))
        {
            (outcome, lower) = (Outcome::Unchanged, true);
        }
        let (seq, group) = match old {
            Some((seq, ..)) if outcome == Outcome::Unchanged => (seq, self.group_of(num)?),
            _ => {
                let seq = self.add_version(num, packed, now)?;
                if let Some(before) = before {
                    self.leave(num, &before, &mut moved)?;
                }
                (seq, self.join(num, packed, &mut moved)?)
            }
        };
        let put = Put { outcome, num, seq, group, moved };
        self.tx
            .prepare_cached(
                "INSERT INTO place (file, member, record, input, version, seen, fetched, first, last, lower)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT DO UPDATE SET input = excluded.input, version = excluded.version, seen = excluded.seen,
                 fetched = excluded.fetched, first = excluded.first, last = excluded.last, lower = excluded.lower
                 WHERE input <> excluded.input OR version <> excluded.version",
            )?
            .execute(params![
                file,
                place.member.as_deref().unwrap_or_default(),
                place.record.unwrap_or(0),
                input,
                put.seq,
                now.seconds(),
                fetched.map(|t| t.as_second()),
                place.bytes.map(|b| b.0),
                place.bytes.map(|b| b.1),
                lower.then_some(1),
            ])?;
        Ok(put)
    }

    /// Commits the batch.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does; nothing of the batch is kept then.
    pub fn commit(self) -> Result<(), ArchiveError> {
        Ok(self.tx.commit()?)
    }

    fn file(&self, path: &str) -> Result<i64, ArchiveError> {
        let known: Option<i64> = self
            .tx
            .prepare_cached("SELECT num FROM file WHERE path = ?1")?
            .query_row([path], |row| row.get(0))
            .optional()?;
        if let Some(num) = known {
            return Ok(num);
        }
        self.tx.execute("INSERT INTO file (path) VALUES (?1)", [path])?;
        Ok(self.tx.last_insert_rowid())
    }

    /// The key of an article that has neither address nor identifier: that of the article with the same text, else that
    /// of the article that was found at this place and at no other, else a new one.
    fn key_by_place(&self, packed: &Packed, place: &Place) -> Result<String, ArchiveError> {
        let same = remove::text_key(&packed.sha256);
        let found: Option<String> = self
            .tx
            .prepare_cached(
                "SELECT article.key FROM place JOIN file ON file.num = place.file
                 JOIN version ON seq = place.version JOIN article ON article.num = version.article
                 WHERE file.path = ?1 AND member = ?2 AND record = ?3 AND article.key LIKE 'sha256:%'
                 AND (SELECT count(*) FROM place AS p JOIN version AS v ON v.seq = p.version WHERE v.article = article.num) = 1",
            )?
            .query_row(
                params![place.path, place.member.as_deref().unwrap_or_default(), place.record.unwrap_or(0)],
                |row| row.get(0),
            )
            .optional()?;
        let exists = self.tx.prepare_cached("SELECT 1 FROM article WHERE key = ?1")?.exists([&same])?;
        Ok(if exists { same } else { found.unwrap_or(same) })
    }

    fn add_article(&self, key: &str, wanted: Option<&str>) -> Result<ArticleNum, ArchiveError> {
        let hash = hex(&digest(key.as_bytes()));
        let mut candidates = wanted.into_iter().map(str::to_owned).collect::<Vec<_>>();
        candidates.extend([12, 16, 24, 64].map(|length| hash[..length].to_owned()));
        for id in candidates {
            let added = self
                .tx
                .prepare_cached(
                    "INSERT INTO article (id, key, version) VALUES (?1, ?2, 0) ON CONFLICT (id) DO NOTHING",
                )?
                .execute(params![id, key])?;
            if added == 1 {
                return Ok(ArticleNum(self.tx.last_insert_rowid().unsigned_abs()));
            }
        }
        Err(ArchiveError::Damaged(format!("no free identifier for {key}")))
    }

    fn add_version(&self, num: ArticleNum, packed: &Packed, now: Moment) -> Result<VersionSeq, ArchiveError> {
        self.tx
            .prepare_cached(
                "INSERT INTO version (article, stored, sha256, dict, data, form) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![num, now.seconds(), packed.sha256, packed.dict, packed.data, packed.form as i64])?;
        let seq = VersionSeq(self.tx.last_insert_rowid().unsigned_abs());
        self.tx.prepare_cached("UPDATE article SET version = ?2 WHERE num = ?1")?.execute(params![num, seq])?;
        Ok(seq)
    }
}

/// Creates an empty archive under another name and then renames it, so that a process that is killed meanwhile leaves
/// no archive rather than half of one.
fn found(path: &Path) -> Result<(), ArchiveError> {
    let beside = path.with_extension("new");
    for left in [&beside, &path.with_extension("new-journal")] {
        match std::fs::remove_file(left) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    let db = Connection::open(&beside)?;
    // With SQLite's default pages of 4 KiB, the last page of most articles would stay largely empty.
    db.execute_batch("PRAGMA page_size = 32768;")?;
    db.execute_batch(include_str!("schema.sql"))?;
    for (_, sql) in ADDED {
        db.execute_batch(sql)?;
    }
    db.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"))?;
    db.close().map_err(|(_, cause)| cause)?;
    std::fs::rename(&beside, path)?;
    Ok(())
}

/// What is encoded in the path of a `file:` address.
const NOT_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Opens the file for reading, also in a folder that cannot be written. There SQLite cannot make its shared memory;
/// where there is no log, nobody is writing, and the file is opened as `immutable`, which needs none.
fn open_to_read(path: &Path) -> Result<Connection, ArchiveError> {
    let shared = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let alone = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let readable = |db: &Connection| db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    let first = Connection::open_with_flags(path, shared).or_else(|_| Connection::open_with_flags(path, alone))?;
    let log = path.with_file_name(log());
    if readable(&first).is_ok() || log.exists() {
        return Ok(first);
    }
    let address = format!("file:{}?immutable=1", percent_encode(path.as_os_str().as_encoded_bytes(), NOT_IN_PATHS));
    let still = Connection::open_with_flags(address, alone | OpenFlags::SQLITE_OPEN_URI)?;
    Ok(if readable(&still).is_ok() { still } else { first })
}

/// The form of a version by its number in the column; `None` where the program that stored it knew no forms.
fn form(number: Option<i64>) -> Option<Form> {
    [Form::Summary, Form::Entry, Form::Page].into_iter().find(|form| Some(*form as i64) == number)
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn not_ours(path: &Path, cause: &rusqlite::Error) -> ArchiveError {
    ArchiveError::Foreign { path: path.to_owned(), what: format!("cannot be read as an archive: {cause}") }
}

#[cfg(test)]
mod copies_tests;
#[cfg(test)]
mod telling_tests;
#[cfg(test)]
mod tests;
