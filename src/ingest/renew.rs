//! The index after a change of headings or decisions: only the articles that the change can touch are tagged again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::flow::{self, Held, Room};
use super::{CHUNK, IngestError, Read, Reader, UNDER_WAY, catch_up, remake};
use crate::analysis::Stemmer;
use crate::archive::{Archive, ArchiveError, ArticleNum, Stored, VersionSeq};
use crate::article::Article;
use crate::authority::{Authority, Decision};
use crate::directory::{self, headings};
use crate::index::{Index, State, Writer, WriterOptions, fingerprint};
use crate::tag::{Change, Mention, Tagger, Tags};

/// What renewing an index did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Renewed {
    /// Articles tagged and indexed again.
    pub again: u64,
    /// Articles of the archive.
    pub all: u64,
}

/// What a decision did to the mentions of an index.
#[derive(Debug, Default)]
pub(crate) struct Shifts {
    /// Mentions and articles by the name as written, whom it meant, and whom it means; `None` for nobody.
    all: BTreeMap<Shift, (u64, u64)>,
    /// Articles in which a mention changed.
    pub articles: u64,
}

/// A name as written, whom it meant, and whom it means.
type Shift = (String, Option<String>, Option<String>);

impl Shifts {
    /// Counts what differs between the tags of an article before and after.
    fn count(&mut self, article: &Article, before: &Tags, after: &Tags) {
        let mut changed: BTreeMap<Shift, u64> = BTreeMap::new();
        let title = (&article.title, &before.title_mentions, &after.title_mentions);
        for (zone, before, after) in [title, (&article.text, &before.mentions, &after.mentions)] {
            let mut spans: BTreeMap<(usize, usize), [Option<&str>; 2]> = BTreeMap::new();
            for (side, list) in [before, after].into_iter().enumerate() {
                for Mention { start, end, actor, .. } in list {
                    spans.entry((*start, *end)).or_default()[side] = Some(actor);
                }
            }
            for ((start, end), [was, is]) in spans.into_iter().filter(|(_, [was, is])| was != is) {
                let name = zone.get(start..end).unwrap_or_default().to_owned();
                *changed.entry((name, was.map(str::to_owned), is.map(str::to_owned))).or_default() += 1;
            }
        }
        self.articles += u64::from(!changed.is_empty());
        for (shift, mentions) in changed {
            let counts = self.all.entry(shift).or_default();
            *counts = (counts.0 + mentions, counts.1 + 1);
        }
    }

    /// The changes with their mentions and articles, the most frequent first.
    pub(crate) fn most_first(&self) -> Vec<(&Shift, (u64, u64))> {
        let mut list: Vec<_> = self.all.iter().map(|(shift, counts)| (shift, *counts)).collect();
        list.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        list
    }
}

/// Changes the user's decisions, and brings the index up to them. The file is written first: where the process is
/// killed, readers use the old headings, and the next writer goes on.
///
/// # Errors
///
/// As [`super::rebuild`].
pub(crate) fn decide(
    dir: &Path,
    wait: Duration,
    edit: impl FnOnce(&mut Vec<Decision>),
) -> Result<(Renewed, Shifts), IngestError> {
    directory::write_existing(dir, wait, |mut archive| {
        let mut decisions = headings::decisions(dir)?;
        edit(&mut decisions);
        headings::keep_decisions(dir, decisions).map_err(|cause| IngestError::folder(dir, cause))?;
        let own = headings::own(dir)?;
        let authority = own.as_ref().unwrap_or_else(|| Authority::bundled());
        let mut shifts = Shifts::default();
        let index = Index::open(dir);
        let retagged = match &index {
            Ok(index) => retag_and_tell(dir, &mut archive, index, authority, &mut |_| {}, Some(&mut shifts))?,
            Err(_) => None,
        };
        let state = index.as_ref().ok().and_then(|index| index.state().ok().flatten());
        let renewed = match retagged {
            Some(renewed) => renewed,
            // Nothing changed: the same decision again.
            None if state.is_some_and(|state| state.fingerprint == fingerprint(authority)) => {
                let again = index.map_or(Ok(0), |index| catch_up(&mut archive, &index, authority, &mut |_| {}))?;
                Renewed { again, all: archive.counts()?.articles }
            }
            None => {
                let all = remake(dir, &mut archive, authority, &mut |_| {})?;
                Renewed { again: all, all }
            }
        };
        Ok((renewed, shifts))
    })
}

/// Brings an index up to changed headings. Where only the headings changed since it was made, the articles that the
/// change cannot touch stay as they are; otherwise the index is rebuilt from the archive.
///
/// # Errors
///
/// As [`super::rebuild`].
pub(crate) fn renew(
    dir: &Path,
    authority: &Authority,
    wait: Duration,
    progress: &mut dyn FnMut(u64),
) -> Result<Renewed, IngestError> {
    directory::write_existing(dir, wait, |mut archive| {
        let retagged = match Index::open(dir) {
            Ok(index) => retag(dir, &mut archive, &index, authority, progress)?,
            Err(_) => None, // missing or damaged: made again
        };
        if let Some(renewed) = retagged {
            return Ok(renewed);
        }
        let all = remake(dir, &mut archive, authority, progress)?;
        Ok(Renewed { again: all, all })
    })
}

/// Tags again the articles that a change of headings can touch; `None` where something else changed too, or nothing
/// did.
pub(super) fn retag(
    dir: &Path,
    archive: &mut Archive,
    index: &Index,
    authority: &Authority,
    progress: &mut dyn FnMut(u64),
) -> Result<Option<Renewed>, IngestError> {
    retag_and_tell(dir, archive, index, authority, progress, None)
}

/// As [`retag`]; counts in `shifts` which mentions changed.
fn retag_and_tell(
    dir: &Path,
    archive: &mut Archive,
    index: &Index,
    authority: &Authority,
    progress: &mut dyn FnMut(u64),
    shifts: Option<&mut Shifts>,
) -> Result<Option<Renewed>, IngestError> {
    let Some(state) = index.state()?.filter(|state| state.fingerprint != fingerprint(authority)) else {
        return Ok(None);
    };
    let Some(old) = headings::made_with(dir, &state.fingerprint) else { return Ok(None) };
    if state.seq > archive.last_seq()? {
        return Ok(None); // the archive was restored from an older copy
    }
    let change = Change::between(&old, authority);
    let mentioning: BTreeSet<ArticleNum> = index.with_actors(change.actors())?.into_iter().collect();
    let mut nums = if change.is_of_words() { Some(index.with_words_of(&change)?) } else { None };
    if let Some(nums) = &mut nums {
        nums.extend(&mentioning);
        nums.sort_unstable();
        nums.dedup();
    }
    let touched = Touched { change, nums, mentioning };
    let mut writer = index.writer(&WriterOptions::default())?;
    let shifts = shifts.map(|shifts| (&old, shifts));
    let mut renewed = put_touched(archive, &writer, authority, &touched, state.seq, progress, shifts)?;
    writer.commit(&State { seq: state.seq, fingerprint: fingerprint(authority) })?;
    writer.tidy(index)?;
    writer.finish()?;
    // Versions that the index does not cover yet are tagged with the new headings at once.
    renewed.again += catch_up(archive, index, authority, progress)?;
    Ok(Some(renewed))
}

/// The articles that a change can touch.
struct Touched {
    change: Change,
    /// Those that have its words by the index; `None` where all have to be read.
    nums: Option<Vec<ArticleNum>>,
    /// Those that mention an actor whose mentions change.
    mentioning: BTreeSet<ArticleNum>,
}

impl Touched {
    fn has(&self, stored: &Stored, stemmer: &mut Stemmer) -> bool {
        self.mentioning.contains(&stored.num) || self.change.touches(&stored.article, stemmer)
    }
}

/// Indexes again the articles up to the sequence number `upto` that a change can touch. With `shifts`, each is also
/// tagged with the old headings, and the differences are counted.
fn put_touched(
    archive: &mut Archive,
    writer: &Writer,
    authority: &Authority,
    touched: &Touched,
    upto: VersionSeq,
    progress: &mut dyn FnMut(u64),
    mut shifts: Option<(&Authority, &mut Shifts)>,
) -> Result<Renewed, IngestError> {
    let room = Room::new(UNDER_WAY);
    let old = shifts.as_ref().map(|(old, _)| *old);
    let (mut again, mut all) = (0, Ok(0));
    flow::in_order(
        &room,
        |each| all = read_touched(archive, touched, upto, &room, each),
        || {
            let mut reader = Reader::new(authority);
            let mut before = old.map(Tagger::new);
            move |(stored, held): (Stored, Held)| {
                let was = before.as_mut().map(|before| before.tag(&stored.article));
                (reader.read(&stored.article), was, stored, held)
            }
        },
        |(Read { tags, analysed, .. }, was, stored, held)| -> Result<(), IngestError> {
            if let (Some((_, shifts)), Some(was)) = (&mut shifts, &was) {
                shifts.count(&stored.article, was, &tags);
            }
            writer.delete(stored.num);
            writer.add(&stored, &analysed, &tags, authority, Some(Box::new(held)))?;
            again += 1;
            progress(again);
            Ok(())
        },
    )?;
    Ok(Renewed { again, all: all? })
}

/// Passes every article up to `upto` that a change can touch to `each`; returns the number of all articles.
fn read_touched(
    archive: &mut Archive,
    touched: &Touched,
    upto: VersionSeq,
    room: &Arc<Room>,
    each: &mut dyn FnMut((Stored, Held)) -> ControlFlow<()>,
) -> Result<u64, IngestError> {
    let (mut stemmer, mut all, mut after) = (Stemmer::default(), 0, VersionSeq::NONE);
    for num in touched.nums.iter().flatten() {
        let stored = match archive.by_num(*num) {
            Err(ArchiveError::NoArticle(_)) => continue, // removed; the index lags
            other => other?,
        };
        if stored.seq <= upto && touched.has(&stored, &mut stemmer) {
            let held = room.take(stored.article.text.len());
            if each((stored, held)).is_break() {
                break;
            }
        }
    }
    if touched.nums.is_some() {
        return Ok(archive.counts()?.articles);
    }
    loop {
        let chunk = archive.newest_after(after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(all) };
        after = last.seq;
        for stored in chunk {
            all += 1;
            if stored.seq > upto || !touched.has(&stored, &mut stemmer) {
                continue;
            }
            let held = room.take(stored.article.text.len());
            if each((stored, held)).is_break() {
                return Ok(all);
            }
        }
    }
}
