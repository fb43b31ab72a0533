//! Groups of copies: which articles are the same report, updated as articles are added, changed and removed.
//!
//! A group bears the number of its first article; an article without copies is a group of one and has no row. The keys
//! of new articles are collected in memory and written together in sorted order: inserted as they come, hashes would
//! rewrite all pages of the B-tree again and again. Keys that were not written when the program ended are computed
//! again from the texts when the archive is next opened for writing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use rayon::prelude::*;
use rusqlite::{OptionalExtension, params};

use super::{Archive, ArchiveError, ArticleNum, Batch, GroupNum, Packed, Stored, VersionSeq, codec};
use crate::article::{Article, Moment};
use crate::duplicate::{self, Places, Sketch, Wording};

/// How many keys are collected in memory before they are written.
const PENDING: usize = 1_500_000;
/// Articles taken as candidates under one key, newest first, at most.
const PER_KEY: usize = 20;
/// Articles compared with a new one, at most.
const COMPARED: usize = 12;
/// Shingles (4 bytes each) kept in memory of articles that were compared lately; beyond this all are dropped.
const REMEMBERED: usize = 6 << 20;
/// Articles whose missing keys are computed at a time when the archive is opened for writing.
const CHUNK: usize = 2000;

/// What is needed to compare an article with another.
#[derive(Debug)]
pub(super) struct Known {
    shingles: Vec<u32>,
    places: OnceLock<Places>,
    wording: OnceLock<Wording>,
    published: Option<i64>,
}

impl Known {
    fn new(shingles: Vec<u32>, article: &Article) -> Self {
        let published = article.published.map(|moment| moment.seconds());
        Self { shingles, places: OnceLock::new(), wording: OnceLock::new(), published }
    }

    /// The sorted shingles. They are computed on first use, because most articles are never compared.
    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(&self.shingles))
    }
}

/// The sketch of an article on its way into the archive.
#[derive(Debug)]
pub(super) struct Keys {
    known: Arc<Known>,
    posted: Vec<u32>,
    sought: Vec<u32>,
    /// How many keys another article must share with this one to be compared with it. Copies share most keys; of a
    /// short text, which a correction changes more, one key is enough.
    keys_wanted: usize,
}

impl Keys {
    pub(super) fn of(article: &Article) -> Self {
        let Sketch { shingles, posted, sought } = duplicate::sketch(&article.text);
        let is_short = sought.len() > posted.len();
        Self {
            known: Arc::new(Known::new(shingles, article)),
            posted,
            sought,
            keys_wanted: if is_short { 1 } else { 2 },
        }
    }
}

/// The keys that were not written yet, and the articles lately compared.
#[derive(Default)]
pub(super) struct Copies {
    pending: BTreeSet<(u32, ArticleNum)>,
    recent: HashMap<ArticleNum, Arc<Known>>,
    remembered: usize,
    /// Whether the table `sketch` holds any keys.
    written: bool,
}

impl Copies {
    fn remember(&mut self, num: ArticleNum, known: &Arc<Known>) {
        if self.remembered > REMEMBERED {
            self.recent.clear();
            self.remembered = 0;
        }
        self.remembered += known.shingles.len();
        self.recent.insert(num, Arc::clone(known));
    }

    fn under(&self, key: u32) -> impl Iterator<Item = ArticleNum> + '_ {
        self.pending.range((key, ArticleNum(0))..=(key, ArticleNum(u64::MAX))).rev().take(PER_KEY).map(|(_, num)| *num)
    }
}

/// The copies of one report.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its number: that of its first article.
    pub num: GroupNum,
    /// Its articles by time of publication; those without a date come last, in the order of arrival.
    pub members: Vec<Member>,
}

/// One article of a [`Group`].
#[derive(Debug, Clone)]
pub struct Member {
    /// Number of the article.
    pub num: ArticleNum,
    /// Public identifier.
    pub id: String,
    /// Sequence number of its newest version.
    pub seq: VersionSeq,
    /// Headline.
    pub title: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was first stored here.
    pub seen: Timestamp,
}

impl Group {
    /// The copy with the earliest time of publication, if any has one.
    pub fn first_published(&self) -> Option<&Member> {
        self.members.first().filter(|member| member.published.is_some())
    }

    /// The outlets that ran it, in the order of the members, each once.
    pub fn outlets(&self) -> Vec<&str> {
        let mut outlets: Vec<&str> = Vec::new();
        for outlet in self.members.iter().filter_map(|member| member.outlet.as_deref()) {
            if !outlets.contains(&outlet) {
                outlets.push(outlet);
            }
        }
        outlets
    }
}

impl Archive {
    /// The group of the article with this number; a group of one if it has no copies.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NoArticle`] where there is no such article; fails where a member cannot be read.
    pub fn group(&mut self, num: ArticleNum) -> Result<Group, ArchiveError> {
        let group = self.group_of(num)?;
        let mut nums: Vec<ArticleNum> = {
            let mut query = self.db.prepare_cached("SELECT article FROM copy WHERE grp = ?1 ORDER BY article")?;
            query.query_map([group], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        if nums.is_empty() {
            nums.push(num);
        }
        let mut members = nums.into_iter().map(|num| self.member(num)).collect::<Result<Vec<_>, _>>()?;
        members.sort_by_key(|member| {
            let published = member.published.map(|moment| moment.seconds());
            (published.is_none(), published, member.num)
        });
        Ok(Group { num: group, members })
    }

    /// The identifier of the article that has the version `seq`.
    ///
    /// # Errors
    ///
    /// Fails where there is no such version or the database cannot be read.
    pub(crate) fn id_of(&self, seq: VersionSeq) -> Result<String, ArchiveError> {
        let mut query = self.db.prepare_cached(
            "SELECT article.id FROM version JOIN article ON article.num = version.article WHERE seq = ?1",
        )?;
        let id = query.query_row([seq], |row| row.get(0)).optional()?;
        id.ok_or_else(|| ArchiveError::NoArticle(format!("#{seq}")))
    }

    /// The number of an article's group: its own where it has no copies.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn group_of(&self, num: ArticleNum) -> Result<GroupNum, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT grp FROM copy WHERE article = ?1")?;
        Ok(query.query_row([num], |row| row.get(0)).optional()?.unwrap_or(num.into()))
    }

    /// The articles of a group in the order of their numbers; none where there is no such group any more.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    #[cfg(feature = "cluster")]
    pub(crate) fn members(&self, group: GroupNum) -> Result<Vec<ArticleNum>, ArchiveError> {
        let sql = "SELECT article FROM copy WHERE grp = ?1
                   UNION SELECT num FROM article WHERE num = ?1 AND NOT EXISTS (SELECT 1 FROM copy WHERE article = ?1) ORDER BY 1";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([group], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// How many articles a group has; 0 for a group of one.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn copies(&self, group: GroupNum) -> Result<u64, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT count(*) FROM copy WHERE grp = ?1")?;
        Ok(query.query_row([group], |row| row.get(0))?)
    }

    fn member(&mut self, num: ArticleNum) -> Result<Member, ArchiveError> {
        let stored = self.by_num(num)?;
        let seen = self.versions(num)?.first().map(|(_, seen)| *seen).unwrap_or_default();
        let Article { title, outlet, url, published, .. } = stored.article;
        Ok(Member { num, id: stored.id, seq: stored.seq, title, outlet, url, published, seen })
    }

    /// The newest version of the article with this number.
    ///
    /// # Errors
    ///
    /// Fails where there is none, or it cannot be read.
    pub fn by_num(&mut self, num: ArticleNum) -> Result<Stored, ArchiveError> {
        let seq: Option<VersionSeq> =
            self.db.query_row("SELECT version FROM article WHERE num = ?1", [num], |row| row.get(0)).optional()?;
        self.by_seq(seq.ok_or_else(|| ArchiveError::NoArticle(format!("#{num}")))?)
    }

    /// Articles that changed after the sequence number `after` without a new version: their group changed, or they were
    /// removed. An index that covers only `after` still has their old state.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn moved_after(&self, after: VersionSeq) -> Result<Vec<ArticleNum>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT article FROM moved WHERE seq > ?1 ORDER BY article")?;
        Ok(query.query_map([after], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Articles that got a version after the sequence number `after`.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    #[cfg(feature = "cluster")]
    pub(crate) fn changed_after(&self, after: VersionSeq) -> Result<Vec<ArticleNum>, ArchiveError> {
        let mut query = self.db.prepare_cached("SELECT DISTINCT article FROM version WHERE seq > ?1")?;
        Ok(query.query_map([after], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Articles that were removed after the sequence number `after`; an index that covers only `after` may still hold
    /// them.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn gone_after(&self, after: VersionSeq) -> Result<Vec<ArticleNum>, ArchiveError> {
        let sql = "SELECT article FROM moved WHERE seq > ?1 AND article NOT IN (SELECT num FROM article)";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map([after], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Deletes the records behind [`Archive::moved_after`] up to a sequence number that the index covers, as far as every
    /// cluster does ([`Archive::fed`]).
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub(crate) fn forget_moved(&mut self, up_to: VersionSeq) -> Result<(), ArchiveError> {
        let sql = "DELETE FROM moved WHERE seq <= ?1 AND seq <= (SELECT coalesce(min(seq), ?1) FROM fed)";
        self.db.execute(sql, [up_to])?;
        Ok(())
    }

    /// Writes the collected keys by which copies are found. Called between batches; without `all` it does nothing until
    /// enough keys are collected.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does; the keys then stay in memory for the next call.
    pub(crate) fn write_keys(&mut self, all: bool) -> Result<(), ArchiveError> {
        if self.copies.pending.is_empty() || !(all || self.copies.pending.len() >= PENDING) {
            return Ok(());
        }
        let last = self.last_seq()?;
        let tx = self.db.transaction()?;
        {
            let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO sketch (key, article) VALUES (?1, ?2)")?;
            for (key, num) in &self.copies.pending {
                insert.execute(params![key, num])?;
            }
            tx.execute("UPDATE sketched SET seq = ?1", [last])?;
        }
        tx.commit()?;
        self.copies.pending.clear();
        self.copies.written = true;
        Ok(())
    }

    /// Computes again the keys that were not written when the program last ended.
    pub(super) fn recover_keys(&mut self) -> Result<(), ArchiveError> {
        self.copies.written = self.db.query_row("SELECT EXISTS (SELECT 1 FROM sketch)", [], |row| row.get(0))?;
        let mut after: VersionSeq = self.db.query_row("SELECT max(seq) FROM sketched", [], |row| row.get(0))?;
        while after < self.last_seq()? {
            let chunk = self.newest_after(after, CHUNK)?;
            let Some(last) = chunk.last() else { break };
            after = last.seq;
            let keys: Vec<Vec<u32>> =
                chunk.par_iter().map(|stored| duplicate::sketch(&stored.article.text).posted).collect();
            for (stored, keys) in chunk.iter().zip(keys) {
                self.copies.pending.extend(keys.into_iter().map(|key| (key, stored.num)));
            }
            self.write_keys(false)?;
        }
        Ok(())
    }
}

impl Batch<'_> {
    /// Finds the copies of a new version and joins them in one group. Returns the group's number, and adds to `moved`
    /// the other articles whose group changed.
    pub(super) fn join(
        &mut self,
        num: ArticleNum,
        packed: &Packed,
        moved: &mut Vec<ArticleNum>,
    ) -> Result<GroupNum, ArchiveError> {
        let keys = &packed.keys;
        let mut under: BTreeMap<u32, Vec<ArticleNum>> = BTreeMap::new();
        let mut shared: HashMap<ArticleNum, usize> = HashMap::new();
        for key in &keys.sought {
            let nums = self.under(*key)?;
            for other in nums.iter().filter(|other| **other != num) {
                *shared.entry(*other).or_default() += 1;
            }
            under.insert(*key, nums);
        }
        let mut ranked: Vec<(ArticleNum, usize)> =
            shared.into_iter().filter(|(_, count)| *count >= keys.keys_wanted).collect();
        ranked.sort_unstable_by_key(|(other, count)| (std::cmp::Reverse(*count), std::cmp::Reverse(*other)));
        let (group, members) = self.union(num, &keys.known, &ranked, moved)?;
        for key in &keys.posted {
            // A group can be found by a key as soon as one of its articles is listed under it.
            let found = under.get(key).is_some_and(|nums| nums.iter().any(|other| members.contains(other)));
            if !found {
                self.copies.pending.insert((*key, num));
            }
        }
        self.copies.remember(num, &keys.known);
        Ok(group)
    }

    /// Compares an article with at most [`COMPARED`] candidates and makes one group of all that are copies. Of form
    /// letters that it is cut from, only the nearest is one. Returns the group's number and articles.
    fn union(
        &mut self,
        num: ArticleNum,
        known: &Arc<Known>,
        ranked: &[(ArticleNum, usize)],
        moved: &mut Vec<ArticleNum>,
    ) -> Result<(GroupNum, BTreeSet<ArticleNum>), ArchiveError> {
        let mut members = BTreeSet::from([num]);
        let mut stories = vec![(num, Arc::clone(known))];
        let mut compared = 0;
        for (other, _) in ranked {
            if members.contains(other) {
                continue;
            }
            if compared == COMPARED {
                break;
            }
            compared += 1;
            let Some(candidate) = self.known(*other)? else { continue };
            let published = (known.published, candidate.published);
            if duplicate::is_copy(known.places(), candidate.places(), published)
                && !self.is_another_story((*other, &candidate), &stories)?
            {
                members.extend(self.members(*other)?);
                stories.push((*other, candidate));
            }
        }
        let group = members.first().copied().unwrap_or(num).into();
        if members.len() > 1 {
            self.name_group(&members, num, moved)?;
        }
        Ok((group, members))
    }

    /// Whether an article reports something else than one of these.
    fn is_another_story(
        &mut self,
        other: (ArticleNum, &Known),
        stories: &[(ArticleNum, Arc<Known>)],
    ) -> Result<bool, ArchiveError> {
        self.read_wording(other.0, other.1)?;
        for (num, known) in stories {
            self.read_wording(*num, known)?;
        }
        let Some(wording) = other.1.wording.get() else { return Ok(false) };
        let mut words = stories.iter().filter_map(|(_, known)| known.wording.get());
        Ok(words.any(|own| duplicate::is_another_story(own, wording)))
    }

    /// Reads what an article says word by word, once; few articles are ever compared so.
    fn read_wording(&mut self, num: ArticleNum, known: &Known) -> Result<(), ArchiveError> {
        if known.wording.get().is_none()
            && let Some(article) = self.newest(num)?
        {
            known.wording.get_or_init(|| Wording::of(&article));
        }
        Ok(())
    }

    /// Takes a changed or removed article out of its group, and deletes its keys; `old` is the version from which they
    /// were made. Adds to `moved` the other articles whose group changed.
    ///
    /// # Errors
    ///
    /// Fails where SQLite does.
    pub fn leave(&mut self, num: ArticleNum, old: &Article, moved: &mut Vec<ArticleNum>) -> Result<(), ArchiveError> {
        self.copies.recent.remove(&num);
        for key in duplicate::sketch(&old.text).posted {
            if !self.copies.pending.remove(&(key, num)) {
                self.tx
                    .prepare_cached("DELETE FROM sketch WHERE key = ?1 AND article = ?2")?
                    .execute(params![key, num])?;
            }
        }
        let mut members = self.members(num)?;
        members.remove(&num);
        self.tx.prepare_cached("DELETE FROM copy WHERE article = ?1")?.execute([num])?;
        // They may have been found only by keys of this article, so they get their own.
        for member in members.iter().take(PER_KEY) {
            let Some(article) = self.newest(*member)? else { continue };
            self.copies.pending.extend(duplicate::sketch(&article.text).posted.into_iter().map(|key| (key, *member)));
        }
        self.name_group(&members, num, moved)
    }

    /// Gives a group the number of its first article; an article left alone gets no row. Other members whose number
    /// changes are added to `moved`, except `cause`, the article whose change is the reason.
    fn name_group(
        &mut self,
        members: &BTreeSet<ArticleNum>,
        cause: ArticleNum,
        moved: &mut Vec<ArticleNum>,
    ) -> Result<(), ArchiveError> {
        let Some(group) = members.first().copied().map(GroupNum::from) else { return Ok(()) };
        for member in members {
            let old = self.group_of(*member)?;
            if members.len() == 1 {
                self.tx.prepare_cached("DELETE FROM copy WHERE article = ?1")?.execute([member])?;
            } else {
                self.tx
                    .prepare_cached(
                        "INSERT INTO copy (article, grp) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET grp = excluded.grp
                         WHERE grp <> excluded.grp",
                    )?
                    .execute(params![member, group])?;
            }
            if old != group && *member != cause {
                self.tx
                    .prepare_cached(
                        "INSERT INTO moved (article, seq) SELECT ?1, max(seq) FROM sqlite_sequence WHERE name = 'version'
                         ON CONFLICT DO UPDATE SET seq = excluded.seq",
                    )?
                    .execute([member])?;
                moved.push(*member);
            }
        }
        Ok(())
    }

    fn under(&self, key: u32) -> Result<Vec<ArticleNum>, ArchiveError> {
        let mut nums: Vec<ArticleNum> = self.copies.under(key).collect();
        if self.copies.written && nums.len() < PER_KEY {
            let mut query =
                self.tx.prepare_cached("SELECT article FROM sketch WHERE key = ?1 ORDER BY article DESC LIMIT ?2")?;
            for num in query.query_map(params![key, (PER_KEY - nums.len()) as u64], |row| row.get(0))? {
                let num = num?;
                if !nums.contains(&num) {
                    nums.push(num);
                }
            }
        }
        Ok(nums)
    }

    pub(super) fn group_of(&self, num: ArticleNum) -> Result<GroupNum, ArchiveError> {
        let mut query = self.tx.prepare_cached("SELECT grp FROM copy WHERE article = ?1")?;
        Ok(query.query_row([num], |row| row.get(0)).optional()?.unwrap_or(num.into()))
    }

    /// The articles of the group that an article is in.
    fn members(&self, num: ArticleNum) -> Result<BTreeSet<ArticleNum>, ArchiveError> {
        let mut query =
            self.tx.prepare_cached("SELECT article FROM copy WHERE grp = (SELECT grp FROM copy WHERE article = ?1)")?;
        let mut members: BTreeSet<ArticleNum> = query.query_map([num], |row| row.get(0))?.collect::<Result<_, _>>()?;
        members.insert(num);
        Ok(members)
    }

    fn known(&mut self, num: ArticleNum) -> Result<Option<Arc<Known>>, ArchiveError> {
        if let Some(known) = self.copies.recent.get(&num) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(article) = self.newest(num)? else { return Ok(None) };
        let known = Arc::new(Known::new(duplicate::shingles(&article.text), &article));
        self.copies.remember(num, &known);
        Ok(Some(known))
    }

    /// The newest version of an article, read within the transaction.
    pub(super) fn newest(&mut self, num: ArticleNum) -> Result<Option<Article>, ArchiveError> {
        let row: Option<(i64, Vec<u8>)> = self
            .tx
            .prepare_cached("SELECT dict, data FROM version WHERE seq = (SELECT version FROM article WHERE num = ?1)")?
            .query_row([num], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((dict, data)) = row else { return Ok(None) };
        codec::learn(self.unpacker, &self.tx, dict)?;
        self.unpacker.article(dict, &data).map(Some)
    }
}
