//! What the user follows: sources, their items, the pages of these, and the hosts that are asked.
//!
//! Items and validators are written in the transaction of the articles that came with them, so a fetch that is killed
//! begins again where it was. Instants are seconds since 1970.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Archive, ArchiveError, ArticleNum, Batch, Digest256, FOLLOWING, TELLING};

/// How a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// RSS, Atom or JSON Feed.
    #[default]
    Feed,
    /// A sitemap, or an index of sitemaps.
    Sitemap,
    /// A page with links to articles.
    Page,
}

impl Kind {
    /// Its name, as in options and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Page => "page",
        }
    }
}

/// When the page behind an item is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Full {
    /// Where the source gives only a summary.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Why a source is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pause {
    /// The user wants it so.
    User,
    /// It said that it is gone (410); it is asked again after 30 days.
    Gone,
}

/// A source, with what is known of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// Its number; 0 for one that is not stored yet.
    #[serde(skip)]
    pub num: u64,
    /// By which the user calls it.
    #[serde(skip)]
    pub name: String,
    /// Its address.
    #[serde(skip)]
    pub url: String,
    /// How it is read.
    pub kind: Kind,
    /// Its own title.
    pub title: Option<String>,
    /// The outlet of its articles, where the user or a list names one.
    pub outlet: Option<String>,
    /// The least interval that the user wants, in seconds.
    pub every: Option<i64>,
    /// When pages are asked for.
    pub full: Full,
    /// How long after they were first named its pages are asked for again, in seconds; 0 is never, and nothing is 30 days.
    pub recheck: Option<i64>,
    /// Patterns for the addresses of pages that are taken; none takes all.
    pub include: Vec<String>,
    /// Patterns for those that are left out.
    pub exclude: Vec<String>,
    /// The entries of the last answer, in order: the first digits of their keys.
    pub shown: Vec<String>,
    /// The `ETag` of the last answer, each byte a character.
    pub etag: Option<String>,
    /// Its `Last-Modified`, each byte a character.
    pub modified: Option<String>,
    /// Whether it has said "not modified" of what was.
    pub distrusted: bool,
    /// Digest of the last body, in hexadecimal digits.
    pub body: Option<String>,
    /// When the last body came.
    pub body_at: Option<i64>,
    /// The interval that its own rhythm gives, in seconds.
    pub interval: i64,
    /// When it is due.
    pub next: i64,
    /// Polls in a row that brought little: more than two thirds of their items were known.
    pub quiet_polls: u32,
    /// Faults in a row.
    pub failures: u32,
    /// When the first of them was.
    pub since: Option<i64>,
    /// The last fault, in words.
    pub fault: Option<String>,
    /// Whether the user was told that it fails.
    pub told: bool,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// Where it says that it has moved, once.
    pub moved_to: Option<String>,
    /// When it first said so.
    pub moved_at: Option<i64>,
    /// Why it is not asked.
    pub paused: Option<Pause>,
    /// When it was last asked.
    pub last_try: Option<i64>,
    /// When it last answered as it should.
    pub last_success: Option<i64>,
    /// When it last had something new.
    pub last_new: Option<i64>,
    /// Items that it has had.
    pub items_seen: u64,
    /// When it was first asked.
    pub started: Option<i64>,
    /// When it first answered as it should: what it had then is not new to the user.
    pub baseline: Option<i64>,
    /// Of the items of the last poll, the share that was known before.
    pub overlap: Option<f64>,
    /// Feeds that its site names since nothing is at its address any more.
    pub offers: Vec<String>,
    /// The hub that it names (WebSub).
    pub hub: Option<String>,
}

/// A host that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Host {
    /// Until when it is left alone.
    pub next: i64,
    /// Times in a row that it wanted to be left alone.
    pub strikes: u32,
    /// Its robots.txt.
    pub robots: Option<String>,
    /// When that was read.
    pub robots_at: Option<i64>,
    /// Since when it cannot be read.
    pub robots_lost: Option<i64>,
}

/// An entry of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Digest of what identifies it.
    pub key: Digest256,
    /// Number of its source.
    pub source: u64,
    /// Digest of the entry as the source gave it.
    pub input: Digest256,
    /// The article that it became.
    pub article: Option<ArticleNum>,
    /// Key of its page.
    pub page: Option<Digest256>,
    /// Digest of its source and its own identifier there, where that is another than its address.
    pub guid: Option<Digest256>,
}

/// The page of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Digest of its canonical address.
    pub key: Digest256,
    /// The address to ask for.
    pub url: Option<String>,
    /// Number of the source that named it.
    pub source: Option<u64>,
    /// The article that it became.
    pub article: Option<ArticleNum>,
    /// When it is to be asked for.
    pub next: Option<i64>,
    /// How often it was asked for in vain.
    pub tries: u32,
    /// When it was last asked for.
    pub checked: Option<i64>,
    /// Why its text was not taken.
    pub held: Option<String>,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// When it was first named; set when it is stored.
    pub first: i64,
    /// When it is to be asked for again, though its story is kept.
    pub recheck: Option<i64>,
    /// Its `ETag` when its story was taken, each byte a character.
    pub etag: Option<String>,
    /// Its `Last-Modified` then, each byte a character.
    pub modified: Option<String>,
    /// Digest of another text that it showed last time, and that is taken if it shows it again.
    pub candidate: Option<Digest256>,
    /// Since when it is not there any more.
    pub lost: Option<i64>,
}

impl Page {
    /// Whether its story is kept, so that another text of it would be an edit.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.checked.is_some() && self.held.is_none() && self.tries == 0
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, ArchiveError> {
    serde_json::from_str(json).map_err(|cause| ArchiveError::Damaged(format!("what is followed: {cause}")))
}

fn written<T: Serialize>(state: &T) -> Result<String, ArchiveError> {
    serde_json::to_string(state).map_err(|cause| ArchiveError::Damaged(cause.to_string()))
}

const PAGE: &str =
    "SELECT key, url, source, article, next, tries, checked, held, status, first, recheck, etag, modified,
                    candidate, lost FROM page";
const OLD_PAGE: &str = "SELECT key, url, source, article, next, tries, checked, held, status, first, NULL, NULL, NULL,
                        NULL, NULL FROM page";

fn page(row: &rusqlite::Row<'_>) -> rusqlite::Result<Page> {
    Ok(Page {
        key: row.get(0)?,
        url: row.get(1)?,
        source: row.get(2)?,
        article: row.get(3)?,
        next: row.get(4)?,
        tries: row.get(5)?,
        checked: row.get(6)?,
        held: row.get(7)?,
        status: row.get(8)?,
        first: row.get(9)?,
        recheck: row.get(10)?,
        etag: row.get(11)?,
        modified: row.get(12)?,
        candidate: row.get(13)?,
        lost: row.get(14)?,
    })
}

impl Archive {
    /// Whether the archive has the tables of what is followed; one that an older program made gets them when it is first
    /// written.
    pub(super) fn follows(&self) -> Result<bool, ArchiveError> {
        Ok(self.format()? >= FOLLOWING)
    }

    /// The beginning of a query for pages. Before format 4, nothing was known of a page after it was first read.
    fn pages(&self) -> Result<&'static str, ArchiveError> {
        Ok(if self.format()? >= TELLING { PAGE } else { OLD_PAGE })
    }

    /// Every source, by name.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does, or the state of one cannot be read.
    pub fn sources(&self) -> Result<Vec<Source>, ArchiveError> {
        if !self.follows()? {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached("SELECT num, name, url, state FROM source ORDER BY name")?;
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
        })?;
        rows.map(|row| {
            let (num, name, url, state) = row?;
            Ok(Source { num, name, url, ..read(&state)? })
        })
        .collect()
    }

    /// What is known of every host that was asked.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does, or a state cannot be read.
    pub fn hosts(&self) -> Result<BTreeMap<String, Host>, ArchiveError> {
        if !self.follows()? {
            return Ok(BTreeMap::new());
        }
        let mut query = self.db.prepare_cached("SELECT name, state FROM host")?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (name, state) = row?;
            Ok((name, read(&state)?))
        })
        .collect()
    }

    /// The public identifier of an article.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn public_id(&self, num: ArticleNum) -> Result<Option<String>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT id FROM article WHERE num = ?1")?;
        Ok(query.query_row([num], |row| row.get(0)).optional()?)
    }

    /// The digest of an entry as its source gave it last, its article, and when the source first had it.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn item(&self, key: &Digest256) -> Result<Option<(Digest256, Option<ArticleNum>, i64)>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT input, article, first FROM item WHERE key = ?1")?;
        Ok(query.query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
    }

    /// The article of the entry that last had this identifier in its source; see [`Item::guid`].
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn by_guid(&self, guid: &Digest256) -> Result<Option<ArticleNum>, ArchiveError> {
        let sql = "SELECT article FROM item WHERE guid = ?1 AND article IS NOT NULL ORDER BY last DESC LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.query_row([guid], |row| row.get(0)).optional()?)
    }

    /// A page by its key.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn page(&self, key: &Digest256) -> Result<Option<Page>, ArchiveError> {
        if !self.follows()? {
            return Ok(None);
        }
        let mut query = self.db.prepare_cached(&format!("{} WHERE key = ?1", self.pages()?))?;
        Ok(query.query_row([key], page).optional()?)
    }

    /// The address at which the page of an article was asked for, where it is still known. The article's own is the form
    /// under which copies meet: `https:`, without what only tracks readers.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn address_of_page(&self, num: ArticleNum) -> Result<Option<String>, ArchiveError> {
        if !self.follows()? {
            return Ok(None);
        }
        let sql =
            "SELECT url FROM page WHERE article = ?1 AND url IS NOT NULL ORDER BY held IS NOT NULL, first LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.query_row([num], |row| row.get(0)).optional()?)
    }

    /// The pages that are to be asked for at `now`, those that were named first before the others.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn pages_due(&self, now: i64) -> Result<Vec<Page>, ArchiveError> {
        if !self.follows()? {
            return Ok(Vec::new());
        }
        let sql = format!("{} WHERE next <= ?1 AND url IS NOT NULL ORDER BY first, url", self.pages()?);
        let mut query = self.db.prepare_cached(&sql)?;
        Ok(query.query_map([now], page)?.collect::<Result<_, _>>()?)
    }

    /// The pages whose stories are kept and that are to be asked for again at `now`, those that were due first before the
    /// others. Those of sources that are not followed any more are not among them.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn rechecks_due(&self, now: i64) -> Result<Vec<Page>, ArchiveError> {
        if self.format()? < TELLING {
            return Ok(Vec::new());
        }
        let sql = format!(
            "{PAGE} WHERE recheck <= ?1 AND next IS NULL AND url IS NOT NULL AND source IS NOT NULL ORDER BY recheck, url"
        );
        let mut query = self.db.prepare_cached(&sql)?;
        Ok(query.query_map([now], page)?.collect::<Result<_, _>>()?)
    }

    /// The page of the entry whose key begins with these bytes.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn page_of_entry(&self, source: u64, beginning: &[u8]) -> Result<Option<Page>, ArchiveError> {
        let sql = format!(
            "{} WHERE key = (SELECT page FROM item WHERE item.key BETWEEN ?1 AND ?2 AND item.source = ?3 LIMIT 1)",
            self.pages()?
        );
        let last = [beginning, &[0xff; 32]].concat();
        Ok(self.db.prepare_cached(&sql)?.query_row(params![beginning, last, source], page).optional()?)
    }

    /// How many pages of a source are asked for again because they could not be had, by the status of the last answer (0
    /// where there was none).
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn retried(&self, source: u64) -> Result<Vec<(u16, u64)>, ArchiveError> {
        let sql = "SELECT coalesce(status, 0), count(*) FROM page WHERE source = ?1 AND next IS NOT NULL AND tries > 0
                   GROUP BY 1 ORDER BY 1";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// How many pages are still to be asked for, now or later.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn pages_waiting(&self) -> Result<u64, ArchiveError> {
        if !self.follows()? {
            return Ok(0);
        }
        Ok(self.db.query_row("SELECT count(*) FROM page WHERE next IS NOT NULL", [], |row| row.get(0))?)
    }

    /// How many articles of a source are held as they are in the source, by the reason for that.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn held(&self, source: u64) -> Result<Vec<(String, u64)>, ArchiveError> {
        let sql = "SELECT held, count(*) FROM page WHERE source = ?1 AND held IS NOT NULL GROUP BY held ORDER BY held";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// Why an article is held as its source gives it, if it is.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn why_held(&self, num: ArticleNum) -> Result<Option<String>, ArchiveError> {
        if !self.follows()? {
            return Ok(None);
        }
        let sql = "SELECT held FROM page WHERE held IS NOT NULL AND (article = ?1
                   OR key IN (SELECT page FROM item WHERE article = ?1)) LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.query_row([num], |row| row.get(0)).optional()?)
    }
}

impl Batch<'_> {
    /// Stores a source: as a new one where its number is 0, else in place of what was known. Gives its number; 0 where
    /// there is none with this number any more.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does, or name or address are those of another source.
    pub fn put_source(&self, source: &Source) -> Result<u64, ArchiveError> {
        let state = written(source)?;
        if source.num == 0 {
            let sql = "INSERT INTO source (name, url, state) VALUES (?1, ?2, ?3)";
            self.tx.prepare_cached(sql)?.execute(params![source.name, source.url, state])?;
            let num = self.tx.last_insert_rowid().unsigned_abs();
            self.note_asked(num, source)?;
            return Ok(num);
        }
        self.note_asked(source.num, source)?;
        let sql = "UPDATE source SET name = ?2, url = ?3, state = ?4 WHERE num = ?1";
        let done = self.tx.prepare_cached(sql)?.execute(params![source.num, source.name, source.url, state])?;
        Ok(if done == 1 { source.num } else { 0 })
    }

    /// Forgets a source, its items and the pages that were not asked for yet. The articles stay, and those that were there
    /// when it was first asked ([`Archive::there_with`]) do not become news.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn drop_source(&self, num: u64, there: &[ArticleNum]) -> Result<(), ArchiveError> {
        self.keep_there(there)?;
        for sql in [
            "DELETE FROM item WHERE source = ?1",
            "DELETE FROM asked WHERE source = ?1",
            "DELETE FROM page WHERE source = ?1 AND next IS NOT NULL AND key NOT IN
             (SELECT page FROM item WHERE page IS NOT NULL)",
            "UPDATE page SET source = (SELECT source FROM item WHERE item.page = page.key) WHERE source = ?1",
            "DELETE FROM source WHERE num = ?1",
        ] {
            self.tx.execute(sql, [num])?;
        }
        self.tx.execute("UPDATE page SET recheck = NULL WHERE source IS NULL", [])?;
        Ok(())
    }

    /// Keeps what is known of a host.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put_host(&self, name: &str, host: &Host) -> Result<(), ArchiveError> {
        let sql = "INSERT OR REPLACE INTO host (name, state) VALUES (?1, ?2)";
        self.tx.prepare_cached(sql)?.execute(params![name, written(host)?])?;
        Ok(())
    }

    /// Keeps an entry of a source; an article that is known stays known. An entry of a source that is not followed any
    /// more is left out.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put_item(&self, item: &Item, now: i64) -> Result<(), ArchiveError> {
        let sql = "INSERT INTO item (key, source, input, article, page, guid, first, last)
                   SELECT ?1, num, ?3, ?4, ?5, ?7, ?6, ?6 FROM source WHERE num = ?2
                   ON CONFLICT DO UPDATE SET input = excluded.input, article = coalesce(excluded.article, article),
                   page = coalesce(excluded.page, page), guid = excluded.guid, last = excluded.last";
        let row = params![item.key, item.source, item.input, item.article, item.page, now, item.guid];
        self.tx.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Keeps a page. One whose address was dropped with its article gets none again.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put_page(&self, page: &Page, now: i64) -> Result<(), ArchiveError> {
        let sql = "INSERT INTO page (key, url, source, article, first, next, tries, checked, held, status, recheck, etag,
                   modified, candidate, lost)
                   VALUES (?1, ?2, (SELECT num FROM source WHERE num = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                   ?15)
                   ON CONFLICT DO UPDATE SET article = coalesce(excluded.article, article),
                   source = coalesce(source, excluded.source), next = iif(url IS NULL, NULL, excluded.next),
                   tries = excluded.tries, checked = excluded.checked,
                   held = excluded.held, status = excluded.status,
                   recheck = iif(url IS NULL OR coalesce(source, excluded.source) IS NULL, NULL, excluded.recheck),
                   etag = iif(url IS NULL, NULL, excluded.etag), modified = iif(url IS NULL, NULL, excluded.modified),
                   candidate = iif(url IS NULL, NULL, excluded.candidate), lost = iif(url IS NULL, NULL, excluded.lost)";
        let Page { key, url, source, article, next, tries, checked, held, status, .. } = page;
        let Page { recheck, etag, modified, candidate, lost, .. } = page;
        let row = params![
            key, url, source, article, now, next, tries, checked, held, status, recheck, etag, modified, candidate,
            lost
        ];
        self.tx.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Forgets what would betray a removed article; the digests by which its items are known stay.
    pub(super) fn unlink(&self, num: ArticleNum) -> Result<(), ArchiveError> {
        for sql in [
            "UPDATE page SET url = NULL, article = NULL, next = NULL, held = NULL, recheck = NULL, etag = NULL,
             modified = NULL, candidate = NULL, lost = NULL
             WHERE article = ?1 OR key IN (SELECT page FROM item WHERE article = ?1)",
            "UPDATE item SET article = NULL WHERE article = ?1",
            "DELETE FROM gone WHERE article = ?1",
        ] {
            self.tx.execute(sql, [num])?;
        }
        Ok(())
    }
}
