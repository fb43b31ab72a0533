//! What the user was told: marks, the articles looked at for them, and the digests that were made.
//!
//! A mark is a sequence number: versions with a higher one came in after it. For each article that a mark has passed the
//! archive keeps whether it was told, so that an edit or a copy that comes later does not tell the story again.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Archive, ArchiveError, ArticleNum, Batch, Form, GroupNum, TELLING, VersionSeq, instant};

/// Digests whose messages are kept, so that they can be handed over again and listed in a feed.
const KEPT: u64 = 50;
/// Times that a digest is handed over before it is set aside.
pub const TRIES: u64 = 5;

/// What became of an article that was looked at for a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It was told, or is a copy of a story that was.
    Told,
    /// It was there before the mark was made.
    Before,
    /// It is to be told.
    Waiting,
    /// It is to be told as one that matches since it was edited.
    WaitingEdited,
    /// It came late, and is only counted until the user asks for it.
    Late,
}

impl Standing {
    const ALL: [Self; 5] = [Self::Told, Self::Before, Self::Waiting, Self::WaitingEdited, Self::Late];

    /// Its story is not told again.
    #[must_use]
    pub fn is_known(self) -> bool {
        matches!(self, Self::Told | Self::Before)
    }
}

/// A mark of one search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Its number.
    pub num: u64,
    /// Versions up to this one were looked at.
    pub seq: VersionSeq,
}

/// How a mark of one search is to be moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Move {
    /// Name of the saved search; empty for all articles.
    pub search: String,
    /// Whether the mark is yet to be made.
    pub is_new: bool,
    /// Where a mark that is new begins.
    pub from: VersionSeq,
    /// Where it is moved to.
    pub to: VersionSeq,
    /// Articles that a new mark counts as known.
    pub before: Vec<ArticleNum>,
    /// What becomes of articles, and the number of the story, from 1, under which a digest names them.
    pub rows: Vec<(ArticleNum, Standing, Option<u64>)>,
}

/// When an article came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming {
    /// Its first version.
    pub seq: VersionSeq,
    /// When that was stored, in seconds since 1970.
    pub stored: i64,
    /// Up to the version that was asked about it was only a summary, and is more now.
    pub completed: bool,
}

/// What became of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestState {
    /// It is to be handed over.
    Waiting,
    /// It was.
    Done,
    /// It was refused [`TRIES`] times.
    Stuck,
    /// The user gave it up, or an article in it was removed.
    Dropped,
}

impl DigestState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Done, Self::Stuck, Self::Dropped];

    /// Its name, as in the archive and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Stuck => "stuck",
            Self::Dropped => "dropped",
        }
    }
}

/// A digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Its number.
    pub num: u64,
    /// By which the user and the mail program know it.
    pub id: String,
    /// Name of its mark.
    pub mark: String,
    /// When it was made.
    pub made: Timestamp,
    /// What became of it.
    pub state: DigestState,
    /// How often it was handed over.
    pub tries: u64,
    /// How many stories it tells of.
    pub stories: u64,
    /// Form of the message.
    pub form: String,
    /// The message, where it is still kept.
    pub body: Option<Vec<u8>>,
}

const DIGEST: &str = "SELECT num, id, mark, made, state, tries, stories, form, body FROM digest";

fn digest(row: &Row<'_>) -> rusqlite::Result<Digest> {
    let state: String = row.get(4)?;
    Ok(Digest {
        num: row.get(0)?,
        id: row.get(1)?,
        mark: row.get(2)?,
        made: instant(row.get(3)?),
        state: DigestState::ALL.into_iter().find(|one| one.name() == state).unwrap_or(DigestState::Dropped),
        tries: row.get(5)?,
        stories: row.get(6)?,
        form: row.get(7)?,
        body: row.get(8)?,
    })
}

impl Archive {
    /// Whether the archive has the tables of what was told.
    pub(super) fn tells(&self) -> Result<bool, ArchiveError> {
        Ok(self.format()? >= TELLING)
    }

    /// What names this archive and its copies; `None` where no program that knows of it has written yet.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn uuid(&self) -> Result<Option<String>, ArchiveError> {
        if !self.tells()? {
            return Ok(None);
        }
        Ok(self.db.query_row("SELECT uuid FROM identity", [], |row| row.get(0)).optional()?)
    }

    /// The mark of this name for a search (empty: all articles), if it was ever moved.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn mark(&self, name: &str, search: &str) -> Result<Option<Mark>, ArchiveError> {
        if !self.tells()? {
            return Ok(None);
        }
        let mut query = self.db.prepare_cached("SELECT num, seq FROM mark WHERE name = ?1 AND search = ?2")?;
        Ok(query.query_row([name, search], |row| Ok(Mark { num: row.get(0)?, seq: row.get(1)? })).optional()?)
    }

    /// Whether any mark is of this search.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn has_marks(&self, search: &str) -> Result<bool, ArchiveError> {
        Ok(self.tells()? && self.db.prepare_cached("SELECT 1 FROM mark WHERE search = ?1")?.exists([search])?)
    }

    /// The articles of a mark that are still to be told; with `late`, those too that came late and were only counted.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn waiting(&self, mark: u64, late: bool) -> Result<Vec<ArticleNum>, ArchiveError> {
        let sql = "SELECT article FROM told WHERE mark = ?1 AND state > 1 AND (state < 4 OR ?2) ORDER BY article";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map(params![mark, late], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// What became of an article for a mark; `None` where it was not looked at.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn standing(&self, mark: u64, article: ArticleNum) -> Result<Option<Standing>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT state FROM told WHERE mark = ?1 AND article = ?2")?;
        let state: Option<usize> = query.query_row(params![mark, article], |row| row.get(0)).optional()?;
        Ok(state.map(|state| Standing::ALL.get(state).copied().unwrap_or(Standing::Waiting)))
    }

    /// When an article came in; `None` where there is no such article. `upto` is the version about which
    /// [`Coming::completed`] speaks.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn coming(&self, num: ArticleNum, upto: VersionSeq) -> Result<Option<Coming>, ArchiveError> {
        let sql = "SELECT seq, stored, form FROM version WHERE article = ?1 ORDER BY seq";
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query([num])?;
        let mut coming: Option<Coming> = None;
        let (mut summaries, mut more) = (true, false);
        while let Some(row) = rows.next()? {
            let (seq, form): (VersionSeq, Option<i64>) = (row.get(0)?, row.get(2)?);
            let summary = super::form(form) == Some(Form::Summary);
            if seq <= upto {
                summaries &= summary
            } else {
                more |= !summary
            }
            if coming.is_none() {
                coming = Some(Coming { seq, stored: row.get(1)?, completed: false });
            }
        }
        Ok(coming.map(|coming| Coming { completed: coming.seq <= upto && summaries && more, ..coming }))
    }

    /// The highest sequence number of a version that was stored before a time, found by bisection: where the clock was
    /// set back meanwhile, one near it.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn seq_before(&self, time: i64) -> Result<VersionSeq, ArchiveError> {
        let mut query =
            self.db.prepare_cached("SELECT seq, stored FROM version WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1")?;
        let (mut low, mut high) = (0, self.last_seq()?.0);
        while low < high {
            let middle = high - (high - low) / 2;
            let at: Option<(u64, i64)> = query.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            match at {
                Some((_, stored)) if stored < time => low = middle,
                _ => high = middle - 1,
            }
        }
        Ok(VersionSeq(low))
    }

    /// When the first version was stored, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn first_stored(&self) -> Result<Option<i64>, ArchiveError> {
        Ok(self.db.query_row("SELECT stored FROM version ORDER BY seq LIMIT 1", [], |row| row.get(0)).optional()?)
    }

    /// The articles of a group of copies; its first article alone where that has no copies.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn members_of(&self, group: GroupNum) -> Result<Vec<ArticleNum>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT article FROM copy WHERE grp = ?1 ORDER BY article")?;
        let found: Vec<ArticleNum> = query.query_map([group], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(if found.is_empty() { vec![ArticleNum(group.0)] } else { found })
    }

    /// The digests of a mark, or of all, oldest first.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn digests(&self, mark: Option<&str>) -> Result<Vec<Digest>, ArchiveError> {
        if !self.tells()? {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached(&format!("{DIGEST} WHERE ?1 IS NULL OR mark = ?1 ORDER BY num"))?;
        Ok(query.query_map([mark], digest)?.collect::<Result<_, _>>()?)
    }

    /// How many digests were ever made: the number of the last one.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn last_digest(&self) -> Result<u64, ArchiveError> {
        if !self.tells()? {
            return Ok(0);
        }
        Ok(self.db.query_row("SELECT coalesce(max(num), 0) FROM digest", [], |row| row.get(0))?)
    }

    /// The articles that the digests of a mark told of, one for each story, the newest digest first and in its order, with
    /// the time of the digest and the name of the search.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn told_by_digests(
        &self,
        mark: &str,
        limit: usize,
    ) -> Result<Vec<(ArticleNum, Timestamp, String)>, ArchiveError> {
        if !self.tells()? {
            return Ok(Vec::new());
        }
        let sql = "SELECT min(one.article), digest.made, mark.search FROM digest_article AS one
                   JOIN digest ON digest.num = one.digest JOIN mark ON mark.num = one.mark
                   WHERE digest.mark = ?1 AND digest.state = 'done' AND one.place IS NOT NULL
                   GROUP BY one.digest, one.place ORDER BY one.digest DESC, one.place LIMIT ?2";
        let mut query = self.db.prepare_cached(sql)?;
        let rows =
            query.query_map(params![mark, limit as u64], |row| Ok((row.get(0)?, instant(row.get(1)?), row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Batch<'_> {
    /// Moves the marks of a name. A mark is never moved back.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn move_marks(&self, name: &str, moves: &[Move], now: i64) -> Result<(), ArchiveError> {
        for one in moves {
            let mark = self.mark_of(name, one, now)?;
            self.advance(mark, one.to, now)?;
            for (article, standing, _) in &one.rows {
                self.tell(mark, *article, *standing)?;
            }
        }
        Ok(())
    }

    /// Keeps what became of an article for a mark that there is, whatever was kept before.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn put_standing(&self, name: &str, search: &str, num: ArticleNum, to: Standing) -> Result<(), ArchiveError> {
        let sql = "INSERT INTO told (mark, article, state) SELECT mark.num, article.num, ?4 FROM mark, article
                   WHERE mark.name = ?1 AND mark.search = ?2 AND article.num = ?3
                   ON CONFLICT DO UPDATE SET state = excluded.state";
        self.tx.prepare_cached(sql)?.execute(params![name, search, num, to as i64])?;
        Ok(())
    }

    /// Keeps a digest that is to be handed over, with what becomes of marks and articles then. Forgets the oldest.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn keep_digest(&self, digest: &Digest, moves: &[Move]) -> Result<u64, ArchiveError> {
        let made = digest.made.as_second();
        self.tx.prepare_cached(
            "INSERT INTO digest (id, mark, made, state, tries, stories, form, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            digest.id, digest.mark, made, DigestState::Waiting.name(), digest.tries, digest.stories, digest.form, digest.body,
        ])?;
        let num = self.tx.last_insert_rowid().unsigned_abs();
        for one in moves {
            let mark = self.mark_of(&digest.mark, one, made)?;
            self.tx
                .prepare_cached("INSERT INTO digest_mark (digest, mark, seq) VALUES (?1, ?2, ?3)")?
                .execute(params![num, mark, one.to])?;
            let sql = "INSERT OR REPLACE INTO digest_article (digest, mark, article, state, place)
                       SELECT ?1, ?2, num, ?4, ?5 FROM article WHERE num = ?3";
            for (article, standing, place) in &one.rows {
                self.tx.prepare_cached(sql)?.execute(params![num, mark, article, *standing as i64, place])?;
            }
        }
        self.forget_digests()?;
        Ok(num)
    }

    /// Counts an attempt to hand over a digest; gives how many there were. 0 where it is not waiting any more.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn try_digest(&self, num: u64) -> Result<u64, ArchiveError> {
        let sql = "UPDATE digest SET tries = tries + 1 WHERE num = ?1 AND body IS NOT NULL RETURNING tries";
        Ok(self.tx.query_row(sql, [num], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Records that a digest was handed over, or set aside: its stories count as told from now on.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn end_digest(&self, num: u64, state: DigestState, now: i64) -> Result<(), ArchiveError> {
        let sql = "UPDATE digest SET state = ?2 WHERE num = ?1 AND state IN ('waiting', 'stuck')";
        if self.tx.execute(sql, params![num, state.name()])? == 0 {
            return Ok(());
        }
        for (mark, seq) in self.pairs::<u64, VersionSeq>("SELECT mark, seq FROM digest_mark WHERE digest = ?1", num)? {
            self.advance(mark, seq, now)?;
        }
        self.tx.execute(
            "INSERT INTO told (mark, article, state) SELECT mark, article, state FROM digest_article WHERE digest = ?1
             ON CONFLICT DO UPDATE SET state = excluded.state WHERE state > 1",
            [num],
        )?;
        // Only what the message names has to be known any longer.
        self.tx.execute("DELETE FROM digest_article WHERE digest = ?1 AND place IS NULL", [num])?;
        Ok(())
    }

    /// Gives up a digest: its stories are to be told by the next one.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn drop_digest(&self, num: u64) -> Result<(), ArchiveError> {
        // Where its marks were moved past it, its stories are set before them again.
        self.tx.execute(
            "UPDATE told SET state = 2 WHERE state = 0 AND EXISTS (SELECT 1 FROM digest_article AS one
             JOIN digest ON digest.num = one.digest WHERE one.digest = ?1 AND digest.state = 'stuck' AND one.place IS NOT NULL
             AND one.mark = told.mark AND one.article = told.article)",
            [num],
        )?;
        for sql in [
            "DELETE FROM digest_article WHERE digest = ?1",
            "DELETE FROM digest_mark WHERE digest = ?1",
            "UPDATE digest SET state = 'dropped', body = NULL WHERE num = ?1",
        ] {
            self.tx.execute(sql, [num])?;
        }
        Ok(())
    }

    /// Calls the marks of a search by its new name.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn rename_marks(&self, from: &str, to: &str) -> Result<(), ArchiveError> {
        self.tx.execute("UPDATE OR IGNORE mark SET search = ?2 WHERE search = ?1", [from, to])?;
        Ok(())
    }

    /// Forgets what would betray a removed article: digests that hold its words go, and those that were not handed over
    /// yet are made again without it.
    pub(super) fn untell(&self, num: ArticleNum) -> Result<(), ArchiveError> {
        let sql = "SELECT DISTINCT digest.num, digest.state <> 'done' FROM digest_article AS one
                   JOIN digest ON digest.num = one.digest WHERE one.article = ?1";
        for (digest, open) in self.pairs::<u64, bool>(sql, num.0)? {
            if open {
                self.drop_digest(digest)?;
            }
            self.tx.execute("UPDATE digest SET body = NULL WHERE num = ?1", [digest])?;
        }
        self.tx.execute("DELETE FROM digest_article WHERE article = ?1", [num])?;
        self.tx.execute("DELETE FROM told WHERE article = ?1", [num])?;
        Ok(())
    }

    /// The number of a mark; one that is new begins where the move says.
    pub(super) fn mark_of(&self, name: &str, one: &Move, now: i64) -> Result<u64, ArchiveError> {
        let sql = "INSERT INTO mark (name, search, seq, moved) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        let new = self.tx.prepare_cached(sql)?.execute(params![name, one.search, one.from, now])? == 1;
        let mut query = self.tx.prepare_cached("SELECT num FROM mark WHERE name = ?1 AND search = ?2")?;
        let num: u64 = query.query_row([name, &one.search], |row| row.get(0))?;
        for article in one.before.iter().filter(|_| new) {
            self.tell(num, *article, Standing::Before)?;
        }
        Ok(num)
    }

    fn advance(&self, mark: u64, to: VersionSeq, now: i64) -> Result<(), ArchiveError> {
        let sql = "UPDATE mark SET seq = max(seq, ?2), moved = ?3 WHERE num = ?1";
        self.tx.prepare_cached(sql)?.execute(params![mark, to, now])?;
        Ok(())
    }

    /// Keeps what became of an article. What was told stays told.
    pub(super) fn tell(&self, mark: u64, article: ArticleNum, standing: Standing) -> Result<(), ArchiveError> {
        let sql = "INSERT INTO told (mark, article, state) SELECT ?1, num, ?3 FROM article WHERE num = ?2
                   ON CONFLICT DO UPDATE SET state = excluded.state WHERE state > 1";
        self.tx.prepare_cached(sql)?.execute(params![mark, article, standing as i64])?;
        Ok(())
    }

    fn forget_digests(&self) -> Result<(), ArchiveError> {
        let old = "SELECT num FROM digest WHERE state IN ('done', 'dropped') ORDER BY num DESC LIMIT -1 OFFSET ?1";
        for table in ["digest_article", "digest_mark"] {
            self.tx.execute(&format!("DELETE FROM {table} WHERE digest IN ({old})"), [KEPT])?;
        }
        // The last one stays, so that no number is given twice.
        self.tx.execute(&format!("DELETE FROM digest WHERE num IN ({old})"), [KEPT])?;
        Ok(())
    }

    fn pairs<A: rusqlite::types::FromSql, B: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        num: u64,
    ) -> Result<Vec<(A, B)>, ArchiveError> {
        let mut query = self.tx.prepare_cached(sql)?;
        Ok(query.query_map([num], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }
}
