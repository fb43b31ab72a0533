//! The archive into the index of a cluster.
//!
//! A run writes each story that changed once, as the archive has it now, whatever happened to it in between. So a run that
//! was killed is simply made again, and two runs can do no harm to one another.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::flow::{self, Held, Room};
use super::{CHUNK, IngestError, Read, Reader, UNDER_WAY};
use crate::analysis::Analyzer;
use crate::archive::{Archive, ArchiveError, ArticleNum, GroupNum, Stored, VersionSeq};
use crate::article::Moment;
use crate::authority::{Authority, SpeaksFor};
use crate::cluster::schema::fingerprint_of;
use crate::cluster::state::{Home, State};
use crate::cluster::story::{Copy, Story};
use crate::cluster::{Cluster, bulk};
use crate::directory;

/// Articles whose stories are looked up on the cluster in one request.
const ASKED: usize = 1000;
/// Seconds for which the index before is kept for those who are reading it.
const KEPT: i64 = 3600;

/// What a run brought to a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fed {
    /// Stories that were written.
    pub stories: u64,
    /// Their articles.
    pub articles: u64,
    /// Stories that were removed.
    pub removed: u64,
    /// The whole index was made again.
    pub whole: bool,
    /// Bytes sent, before compression.
    pub bytes: u64,
    /// Stories that the cluster did not take, each named by its first article, with the reason.
    pub refused: Vec<(String, String)>,
    /// Articles that the cluster should have and has not: it lost them.
    pub lost: u64,
    /// The index that was there was another copy's of this archive, or this one's before a restore.
    pub foreign: bool,
}

/// How a cluster is to be fed.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// Makes the whole index again, beside the one that is there, instead of only what changed.
    pub whole: bool,
    /// Parts of a new index, on different machines where there are several. `None`: as many as before, else one.
    pub shards: Option<u32>,
    /// The present.
    pub now: Moment,
    /// How long to wait for another process that writes.
    pub wait: Duration,
}

/// Brings the index of a cluster up to the archive; makes it where there is none, or one by other rules.
///
/// # Errors
///
/// Fails where the cluster does, or another process writes. The state on the cluster is written last, so the next run does
/// what this one did not.
pub fn feed(
    dir: &Path,
    authority: &Authority,
    cluster: &Cluster,
    feed: &Feed,
    progress: &mut dyn FnMut(u64),
) -> Result<Fed, IngestError> {
    directory::write_existing(dir, feed.wait, |mut archive| {
        let name = archive.uuid()?.unwrap_or_default();
        let home = Home::new(cluster, &name);
        let (last, fingerprint) = (archive.last_seq()?, fingerprint_of(authority));
        let known = home.state()?;
        let ours = archive.fed_tokens()?;
        let current = |state: &State| state.fingerprint == fingerprint && state.seq <= last;
        let fits = |state: &State| !feed.whole && current(state) && ours.contains(&state.token);
        let mut state = match known.clone().filter(fits) {
            Some(state) => state,
            None => {
                let generation = known.as_ref().map_or(0, |known| known.generation) + 1;
                let shards = feed.shards.unwrap_or(known.as_ref().map_or(1, |known| known.shards.max(1)));
                let index = home.create(generation, shards)?;
                State { index, fingerprint, generation, shards, made: feed.now.seconds(), ..State::default() }
            }
        };
        let whole = state.seq == VersionSeq::NONE;
        let foreign = known.as_ref().is_some_and(|known| !ours.contains(&known.token));
        let mut fed = Fed { whole, foreign, ..Fed::default() };
        if whole || state.seq < last {
            let stories = if whole { Stories::All } else { touched(&home, &archive, &state)? };
            let refused = put(&mut archive, &home, &state, (stories, last), authority, &mut fed, progress)?;
            home.refresh(&state.index)?;
            for (story, why) in &refused {
                let first = archive.by_num(ArticleNum(*story)).map_or_else(|_| story.to_string(), |one| one.id);
                fed.refused.push((first, why.clone()));
            }
            (state.articles, state.averages) = home.size(&state.index)?;
            (state.seq, state.refused) = (last, refused);
            state.token = archive.new_token(&home.name())?;
            home.write(&state)?;
        }
        let mut wanted = archive.counts()?.articles;
        for (story, _) in &state.refused {
            wanted = wanted.saturating_sub(archive.members(GroupNum(*story))?.len() as u64);
        }
        fed.lost = wanted.saturating_sub(home.size(&state.index)?.0);
        archive.put_fed(&home.name(), last)?;
        match known.filter(|known| known.index != state.index) {
            // Who opened the index before may still be reading it.
            Some(before) => home.keep_only(&[&state.index, &before.index])?,
            None if feed.now.seconds() - state.made > KEPT => home.keep_only(&[&state.index])?,
            None => {}
        }
        Ok(fed)
    })
}

/// Which stories are to be written.
enum Stories {
    /// Those of the whole archive.
    All,
    These(BTreeSet<GroupNum>),
}

/// The stories that changed since a state: those that the changed articles belong to, and those that they did.
fn touched(home: &Home<'_>, archive: &Archive, state: &State) -> Result<Stories, IngestError> {
    let mut nums: BTreeSet<ArticleNum> = archive.moved_after(state.seq)?.into_iter().collect();
    nums.extend(archive.changed_after(state.seq)?);
    let mut stories = BTreeSet::new();
    for num in &nums {
        stories.insert(archive.group_of(*num)?);
    }
    // What a run wrote that was killed is found too.
    home.refresh(&state.index)?;
    let nums: Vec<u64> = nums.into_iter().map(|num| num.0).collect();
    for some in nums.chunks(ASKED) {
        // An article is in two stories at most: the one it left, and the one that a killed run put it into.
        let asked = json!({
            "size": 2 * ASKED, "_source": false,
            "query": { "nested": { "path": "c", "query": { "terms": { "c.num": some } } } },
        });
        let path = format!("{}/_search?filter_path=hits.hits._id,_shards,timed_out", state.index);
        let found = home.cluster.search(&path, &asked)?;
        let ids =
            found["hits"]["hits"].as_array().into_iter().flatten().filter_map(|hit| hit["_id"].as_str()?.parse().ok());
        stories.extend(ids.map(GroupNum));
    }
    stories.extend(state.refused.iter().map(|(story, _)| GroupNum(*story)));
    Ok(Stories::These(stories))
}

/// Writes stories as the archive has them now; the second result are those that the cluster did not take.
fn put(
    archive: &mut Archive,
    home: &Home<'_>,
    state: &State,
    (stories, version): (Stories, VersionSeq),
    authority: &Authority,
    fed: &mut Fed,
    progress: &mut dyn FnMut(u64),
) -> Result<Vec<(u64, String)>, IngestError> {
    let (room, speaks) = (Room::new(UNDER_WAY), SpeaksFor::new(authority));
    let sent = bulk(home.cluster, &state.index, version, |bulk| -> Result<(), IngestError> {
        let mut broken = None;
        flow::in_order(
            &room,
            |each| broken = read(archive, stories, &room, each).err(),
            || {
                let (mut reader, mut analyzer, speaks) = (Reader::new(authority), Analyzer::new(), &speaks);
                move |(group, copies, held): (GroupNum, Vec<Stored>, Held)| {
                    let copy = |stored: &Stored| {
                        let Read { tags, analysed, .. } = reader.read(&stored.article);
                        Copy::new(stored, &analysed, &tags, authority, speaks, &mut analyzer)
                    };
                    (group, copies.iter().map(copy).collect::<Vec<_>>(), held)
                }
            },
            |(group, copies, _held)| -> Result<(), IngestError> {
                if copies.is_empty() {
                    fed.removed += 1;
                    return Ok(bulk.delete(group)?);
                }
                fed.stories += 1;
                fed.articles += copies.len() as u64;
                bulk.put(&Story::new(group, copies))?;
                progress(fed.articles);
                Ok(())
            },
        )?;
        broken.map_or(Ok(()), Err)
    })?;
    fed.bytes = sent.bytes;
    Ok(sent.refused)
}

/// Reads stories with all their copies; of one that is not there any more none.
fn read(
    archive: &mut Archive,
    stories: Stories,
    room: &Arc<Room>,
    each: &mut dyn FnMut((GroupNum, Vec<Stored>, Held)) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    let mut pass = |group: GroupNum, copies: Vec<Stored>| {
        let held = room.take(copies.iter().map(|stored| stored.article.text.len()).sum());
        each((group, copies, held))
    };
    let groups = match stories {
        Stories::These(groups) => groups,
        Stories::All => {
            let mut after = VersionSeq::NONE;
            loop {
                let chunk = archive.newest_after(after, CHUNK)?;
                let Some(last) = chunk.last() else { return Ok(()) };
                after = last.seq;
                for stored in chunk {
                    let (group, num) = (stored.group, stored.num);
                    let members = archive.members(group)?;
                    // A story is written with its first article, and by it alone.
                    let copies = match members.as_slice() {
                        [only] if *only == num => vec![stored],
                        [first, ..] if *first == num => all(archive, &members)?,
                        _ => continue,
                    };
                    if pass(group, copies).is_break() {
                        return Ok(());
                    }
                }
            }
        }
    };
    for group in groups {
        let members = archive.members(group)?;
        if pass(group, all(archive, &members)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn all(archive: &mut Archive, members: &[ArticleNum]) -> Result<Vec<Stored>, ArchiveError> {
    members.iter().map(|num| archive.by_num(*num)).collect()
}
