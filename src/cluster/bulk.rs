//! Many stories in one request.

use serde_json::{Value, json};

use super::http::is_full;
use super::story::Story;
use super::{Cluster, ClusterError};
use crate::archive::{GroupNum, VersionSeq};

/// Bytes of a request, about.
const BYTES: usize = 8 << 20;

/// Writes stories into an index. A story has the version of the archive with which it was written, so that writing it
/// again, or late, does no harm.
pub(crate) struct Bulk<'a> {
    cluster: &'a Cluster,
    index: &'a str,
    version: VersionSeq,
    lines: Vec<u8>,
    /// Where each item begins in the lines.
    begins: Vec<usize>,
    /// Bytes sent, before compression.
    pub(crate) sent: u64,
    /// Stories that the cluster does not take, with its reason.
    pub(crate) refused: Vec<(u64, String)>,
}

impl<'a> Bulk<'a> {
    pub(crate) fn new(cluster: &'a Cluster, index: &'a str, version: VersionSeq) -> Self {
        Self { cluster, index, version, lines: Vec::new(), begins: Vec::new(), sent: 0, refused: Vec::new() }
    }

    /// Adds a story, and sends what was gathered if it is enough.
    ///
    /// # Errors
    ///
    /// Fails where the cluster cannot be reached, is full, or stays busy. What it took is taken.
    pub(crate) fn put(&mut self, story: &Story) -> Result<(), ClusterError> {
        let body = serde_json::to_vec(story).map_err(|cause| self.answer(cause.to_string()))?;
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
        self.begins.push(self.lines.len());
        let of = json!({ "_id": story.to_string(), "version": self.version.0, "version_type": "external_gte" });
        self.lines.extend(json!({ action: of }).to_string().bytes().chain(*b"\n"));
        if let Some(body) = body {
            self.lines.extend(body);
            self.lines.push(b'\n');
        }
        if self.lines.len() >= BYTES { self.flush() } else { Ok(()) }
    }

    /// Sends what was gathered. An item for which the cluster is too busy is sent again.
    ///
    /// # Errors
    ///
    /// As [`Bulk::put`].
    pub(crate) fn flush(&mut self) -> Result<(), ClusterError> {
        let (mut lines, mut begins) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.begins));
        let mut patience = self.cluster.patience();
        let path = format!("{}/_bulk?filter_path=items.*._id,items.*.status,items.*.error", self.index);
        while !begins.is_empty() {
            self.sent += lines.len() as u64;
            let answer = self.cluster.lines(&path, &lines)?;
            let again = self.items(&answer, begins.len())?;
            let end = |at: usize| begins.get(at + 1).copied().unwrap_or(lines.len());
            let (mut rest, mut starts) = (Vec::new(), Vec::new());
            for at in again {
                starts.push(rest.len());
                rest.extend_from_slice(&lines[begins[at]..end(at)]);
            }
            (lines, begins) = (rest, starts);
            if !begins.is_empty() && !patience.wait() {
                let why = format!("it did not take {} stories", begins.len());
                return Err(ClusterError::Busy { host: self.cluster.host(), why });
            }
        }
        Ok(())
    }

    /// Reads what became of the items; those that are to be sent again.
    fn items(&mut self, answer: &Value, sent: usize) -> Result<Vec<usize>, ClusterError> {
        let items = answer["items"].as_array().filter(|items| items.len() == sent);
        let items = items.ok_or_else(|| self.answer("it did not say what became of every story".to_owned()))?;
        let mut again = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let done = &item.as_object().and_then(|item| item.values().next()).unwrap_or(&Value::Null);
            let error = done["error"]["reason"].as_str().unwrap_or_default();
            match done["status"].as_u64() {
                // There is a newer version already, or nothing to delete.
                Some(200..300 | 404 | 409) => {}
                _ if is_full(error) => return Err(ClusterError::Full { host: self.cluster.host() }),
                Some(429 | 502..=504) => again.push(at),
                Some(400..500) => {
                    let story = done["_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
                    self.refused.push((story, error.to_owned()));
                }
                _ => return Err(self.answer(format!("it failed to write a story: {error}"))),
            }
        }
        Ok(again)
    }

    fn answer(&self, why: String) -> ClusterError {
        ClusterError::Answer { host: self.cluster.host(), why }
    }
}
