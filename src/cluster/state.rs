//! Which index of a cluster holds an archive, up to which version, and by which rules it was made.
//!
//! Written last, after all stories are in and searchable: whoever reads it finds at least what it says.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Cluster, ClusterError, schema};
use crate::archive::VersionSeq;

/// What is known of the index of an archive. A state of another version lacks fields, and its fingerprint says so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Name of the index.
    pub(crate) index: String,
    /// [`Archive::fed_tokens`](crate::archive::Archive) has it where this archive wrote the state last.
    pub(crate) token: String,
    /// Sequence number of the last version that it covers.
    pub(crate) seq: VersionSeq,
    /// [`schema::fingerprint`].
    pub(crate) fingerprint: String,
    /// Articles that it holds.
    pub(crate) articles: u64,
    /// Terms of an article on average, and of its title; 1 at least.
    pub(crate) averages: [f32; 2],
    /// Stories that the cluster did not take, with its reasons.
    pub(crate) refused: Vec<(u64, String)>,
    /// How many indices were made for the archive, this one included.
    pub(crate) generation: u64,
    /// Parts of the index.
    pub(crate) shards: u32,
    /// When the index was made, seconds since 1970.
    pub(crate) made: i64,
}

/// An archive as a cluster knows it.
pub(crate) struct Home<'a> {
    pub(crate) cluster: &'a Cluster,
    /// The archive's own name.
    archive: String,
}

impl<'a> Home<'a> {
    /// The place of the archive with this name.
    pub(crate) fn new(cluster: &'a Cluster, archive: &str) -> Self {
        Self { cluster, archive: archive.chars().take(12).collect() }
    }

    /// Host and port of the cluster, and the name of the indices there.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.cluster.host(), self.cluster.name())
    }

    /// What the names of this archive's indices begin with.
    fn prefix(&self) -> String {
        format!("{}-{}", self.cluster.name(), self.archive)
    }

    /// The index that holds the states of all archives of this name.
    fn states(&self) -> String {
        format!("{}-states", self.cluster.name())
    }

    /// The state of this archive's index; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn state(&self) -> Result<Option<State>, ClusterError> {
        let found = self.cluster.get(&format!("{}/_doc/{}", self.states(), self.archive))?;
        let Some(mut found) = found else { return Ok(None) };
        let state: State = serde_json::from_value(found["_source"].take()).map_err(|cause| ClusterError::Answer {
            host: self.cluster.host(),
            why: format!("its state of this archive cannot be read: {cause}"),
        })?;
        Ok(self.has(&state.index)?.then_some(state))
    }

    fn has(&self, index: &str) -> Result<bool, ClusterError> {
        Ok(self.cluster.get(&format!("{index}/_settings?filter_path=*.settings.index.uuid"))?.is_some())
    }

    /// Writes the state.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn write(&self, state: &State) -> Result<(), ClusterError> {
        let states = self.states();
        if !self.has(&states)? {
            let settings = json!({
                "settings": { "index": { "number_of_shards": 1, "auto_expand_replicas": "0-1" } },
                "mappings": { "dynamic": false },
            });
            self.make(&states, &settings)?;
        }
        let state = serde_json::to_value(state).unwrap_or_default();
        self.cluster.send("PUT", &format!("{states}/_doc/{}?refresh=true", self.archive), &state)?;
        Ok(())
    }

    /// Makes an index; one that is there already may stay.
    fn make(&self, index: &str, settings: &Value) -> Result<(), ClusterError> {
        match self.cluster.send("PUT", index, settings) {
            Err(ClusterError::Answer { why, .. }) if why.contains("already exists") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Makes a new empty index for the archive, beside the one of the generation before. What a run of this generation
    /// left that was killed goes.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn create(&self, generation: u64, shards: u32) -> Result<String, ClusterError> {
        let index = format!("{}-{generation}", self.prefix());
        self.cluster.delete(&index)?;
        self.make(&index, &schema::index(shards))?;
        Ok(index)
    }

    /// Deletes the indices of the archive but for these: old ones, and those of runs that were killed.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn keep_only(&self, kept: &[&str]) -> Result<(), ClusterError> {
        let all = self.cluster.get(&format!("{}-*/_settings?filter_path=*.settings.index.uuid", self.prefix()))?;
        for (name, _) in
            all.iter().filter_map(Value::as_object).flatten().filter(|(name, _)| !kept.contains(&name.as_str()))
        {
            self.cluster.delete(name)?;
        }
        Ok(())
    }

    /// How many articles an index holds, and [`State::averages`].
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn size(&self, index: &str) -> Result<(u64, [f32; 2]), ClusterError> {
        let average = |field: &str| json!({ "avg": { "field": field } });
        let asked = json!({
            "size": 0, "track_total_hits": false,
            "aggs": { "c": { "nested": { "path": "c" }, "aggs": {
                "text": average("c.length"), "title": average("c.title_length"),
            } } },
        });
        let answer = self.cluster.search(&format!("{index}/_search"), &asked)?;
        let found = &answer["aggregations"]["c"];
        let averages = ["text", "title"].map(|part| found[part]["value"].as_f64().unwrap_or(0.0).max(1.0) as f32);
        Ok((found["doc_count"].as_u64().unwrap_or(0), averages))
    }

    /// Makes what was written searchable.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn refresh(&self, index: &str) -> Result<(), ClusterError> {
        self.cluster.search(&format!("{index}/_refresh"), &json!({}))?;
        Ok(())
    }
}
