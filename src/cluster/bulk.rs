//! Many stories in one request.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use serde_json::{Value, json};

use super::http::is_full;
use super::story::Story;
use super::{Cluster, ClusterError};
use crate::archive::{GroupNum, VersionSeq};

/// Bytes of a request, about.
const BYTES: usize = 8 << 20;
/// Requests under way at a time: while the cluster takes one, the next is on its way.
const UNDER_WAY: usize = 2;

/// What became of stories that were sent.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// Bytes, before compression.
    pub(crate) bytes: u64,
    /// Stories that the cluster does not take, with its reason.
    pub(crate) refused: Vec<(u64, String)>,
}

/// The lines of a request.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    /// Where each item begins.
    begins: Vec<usize>,
}

/// Gathers stories that are written into an index. A story has the version of the archive with which it was written, so that
/// writing it again, or late, does no harm.
pub(crate) struct Bulk<'a> {
    version: VersionSeq,
    lines: Lines,
    send: Sender<Lines>,
    /// Whether a request failed.
    failed: &'a AtomicBool,
}

/// Writes the stories that `fill` puts into an index.
///
/// # Errors
///
/// Fails where `fill` does, or where the cluster cannot be reached, is full, or stays busy. What it took is taken.
pub(crate) fn bulk<E: From<ClusterError>>(
    cluster: &Cluster,
    index: &str,
    version: VersionSeq,
    fill: impl FnOnce(&mut Bulk<'_>) -> Result<(), E>,
) -> Result<Sent, E> {
    // Nothing waits in the channel, so no more is in memory than is under way.
    let (send, receive) = bounded(0);
    let failed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let senders = [(); UNDER_WAY].map(|()| {
            let (receive, failed) = (receive.clone(), &failed);
            scope.spawn(move || {
                let sent = deliver(cluster, index, &receive, failed);
                failed.fetch_or(sent.is_err(), Ordering::Relaxed);
                sent
            })
        });
        drop(receive);
        let mut bulk = Bulk { version, lines: Lines::default(), send, failed: &failed };
        let filled = fill(&mut bulk).and_then(|()| Ok(bulk.flush()?));
        drop(bulk);
        let mut all = Sent::default();
        for sender in senders {
            let sent = sender.join().unwrap_or(Err(ClusterError::Stopped))?;
            all.bytes += sent.bytes;
            all.refused.extend(sent.refused);
        }
        // Where a sender failed, its error says why, and that of `fill` only that it could not go on.
        filled.map(|()| all)
    })
}

/// Sends requests until there are no more; none after one that failed.
fn deliver(
    cluster: &Cluster,
    index: &str,
    receive: &Receiver<Lines>,
    failed: &AtomicBool,
) -> Result<Sent, ClusterError> {
    let mut sent = Sent::default();
    for lines in receive {
        if !failed.load(Ordering::Relaxed) {
            sent.send(cluster, index, lines)?;
        }
    }
    Ok(sent)
}

impl Bulk<'_> {
    /// Adds a story, and sends what was gathered if it is enough.
    ///
    /// # Errors
    ///
    /// Fails where what was sent before did.
    pub(crate) fn put(&mut self, story: &Story) -> Result<(), ClusterError> {
        let body = serde_json::to_vec(story).map_err(|_| ClusterError::Stopped)?;
        self.add("index", story.story, Some(&body))
    }

    /// As [`Bulk::put`], for a story that is not there any more.
    ///
    /// # Errors
    ///
    /// As [`Bulk::put`].
    pub(crate) fn delete(&mut self, group: GroupNum) -> Result<(), ClusterError> {
        self.add("delete", group.0, None)
    }

    fn add(&mut self, action: &str, story: u64, body: Option<&[u8]>) -> Result<(), ClusterError> {
        let Lines { bytes, begins } = &mut self.lines;
        begins.push(bytes.len());
        let of = json!({ "_id": story.to_string(), "version": self.version.0, "version_type": "external_gte" });
        bytes.extend(json!({ action: of }).to_string().bytes().chain(*b"\n"));
        if let Some(body) = body {
            bytes.extend(body);
            bytes.push(b'\n');
        }
        if bytes.len() >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ClusterError> {
        let lines = std::mem::take(&mut self.lines);
        if lines.begins.is_empty() {
            return Ok(());
        }
        let taken = !self.failed.load(Ordering::Relaxed) && self.send.send(lines).is_ok();
        if taken { Ok(()) } else { Err(ClusterError::Stopped) }
    }
}

impl Sent {
    /// Sends a request. An item for which the cluster is too busy is sent again.
    fn send(&mut self, cluster: &Cluster, index: &str, lines: Lines) -> Result<(), ClusterError> {
        let Lines { bytes: mut lines, mut begins } = lines;
        let mut patience = cluster.patience();
        let path = format!("{index}/_bulk?filter_path=items.*._id,items.*.status,items.*.error");
        while !begins.is_empty() {
            self.bytes += lines.len() as u64;
            let answer = cluster.lines(&path, &lines)?;
            let again = self.items(cluster, &answer, begins.len())?;
            let end = |at: usize| begins.get(at + 1).copied().unwrap_or(lines.len());
            let (mut rest, mut starts) = (Vec::new(), Vec::new());
            for at in again {
                starts.push(rest.len());
                rest.extend_from_slice(&lines[begins[at]..end(at)]);
            }
            (lines, begins) = (rest, starts);
            if !begins.is_empty() && !patience.wait() {
                let why = format!("it did not take {} stories", begins.len());
                return Err(ClusterError::Busy { host: cluster.host(), why });
            }
        }
        Ok(())
    }

    /// Reads what became of the items; those that are to be sent again.
    fn items(&mut self, cluster: &Cluster, said: &Value, sent: usize) -> Result<Vec<usize>, ClusterError> {
        let items = said["items"].as_array().filter(|items| items.len() == sent);
        let items = items.ok_or_else(|| answer(cluster, "it did not say what became of every story".to_owned()))?;
        let mut again = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let done = &item.as_object().and_then(|item| item.values().next()).unwrap_or(&Value::Null);
            let error = done["error"]["reason"].as_str().unwrap_or_default();
            match done["status"].as_u64() {
                // There is a newer version already, or nothing to delete.
                Some(200..300 | 409) => {}
                Some(404) if error.is_empty() => {}
                _ if is_full(error) => return Err(ClusterError::Full { host: cluster.host() }),
                Some(429 | 502..=504) => again.push(at),
                Some(status @ (401 | 403)) => return Err(cluster.refused(status as u16, done)),
                Some(400 | 413) => {
                    let story = done["_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
                    self.refused.push((story, error.to_owned()));
                }
                _ => return Err(answer(cluster, format!("it failed to write a story: {error}"))),
            }
        }
        Ok(again)
    }
}

fn answer(cluster: &Cluster, why: String) -> ClusterError {
    ClusterError::Answer { host: cluster.host(), why }
}
