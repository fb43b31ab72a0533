//! Which articles an index holds, to compare them with an archive; and how the cluster does.

use serde_json::{Value, json};

use super::state::Home;
use super::{Cluster, ClusterError};
use crate::archive::{ArticleNum, GroupNum, Newest, VersionSeq};

/// Stories in one answer, at most: the cluster's own limit is 10,000.
const PAGE: usize = 5_000;

impl Home<'_> {
    /// The articles of an index, in the order of their numbers; one that is in two stories is there twice.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn articles(&self, index: &str) -> Result<Vec<Newest>, ClusterError> {
        let mut out = Vec::new();
        let mut after: Option<Value> = None;
        loop {
            let mut asked = json!({
                "size": PAGE, "track_total_hits": false, "sort": [{ "story": "asc" }],
                "stored_fields": "_none_", "docvalue_fields": ["story", "only.num", "only.seq"],
            });
            if let Some(after) = after {
                asked["search_after"] = after;
            }
            let answer = self.cluster.search(&format!("{index}/_search"), &asked)?;
            let stories = answer["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            let Some(last) = stories.last() else { break };
            after = Some(last["sort"].clone());
            let mut several = Vec::new();
            for story in stories {
                match (story["fields"]["only.num"][0].as_u64(), story["fields"]["only.seq"][0].as_u64()) {
                    (Some(num), Some(seq)) => out.extend(article(story, num, seq)),
                    _ => several.push(&story["fields"]["story"][0]),
                }
            }
            if several.is_empty() {
                continue;
            }
            let asked = json!({
                "size": several.len(), "track_total_hits": false, "_source": ["story", "c.num", "c.seq"],
                "query": { "terms": { "story": several } },
            });
            let answer = self.cluster.search(&format!("{index}/_search"), &asked)?;
            for story in answer["hits"]["hits"].as_array().into_iter().flatten() {
                let copies = story["_source"]["c"].as_array().into_iter().flatten();
                out.extend(copies.filter_map(|copy| article(story, copy["num"].as_u64()?, copy["seq"].as_u64()?)));
            }
        }
        out.sort_unstable();
        Ok(out)
    }
}

/// An article of a story.
fn article(story: &Value, num: u64, seq: u64) -> Option<Newest> {
    let group = story["fields"]["story"][0].as_u64().or_else(|| story["_source"]["story"].as_u64())?;
    Some(Newest { num: ArticleNum(num), seq: VersionSeq(seq), group: GroupNum(group) })
}

/// How a cluster does, and the index of an archive on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Health {
    /// Of OpenSearch.
    pub(crate) version: String,
    pub(crate) nodes: u64,
    /// Stories of the index.
    pub(crate) stories: u64,
    /// Bytes of the index, replicas not counted.
    pub(crate) bytes: u64,
    /// Parts of the index that no machine has, and copies of parts that none has.
    pub(crate) missing: u64,
    pub(crate) unreplicated: u64,
}

impl Cluster {
    /// How the cluster and this index on it do.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn health(&self, index: &str) -> Result<Health, ClusterError> {
        let about = self.get("")?.unwrap_or_default();
        let health = self.get(&format!("_cluster/health/{index}?level=indices"))?.unwrap_or_default();
        let number = |field: &str| health["indices"][index][field].as_u64().unwrap_or(0);
        let missing = number("number_of_shards").saturating_sub(number("active_primary_shards"));
        let count = self.get(&format!("{index}/_count?filter_path=count"))?.unwrap_or_default();
        let size = self.get(&format!("{index}/_stats/store?filter_path=_all.primaries.store"))?.unwrap_or_default();
        Ok(Health {
            version: about["version"]["number"].as_str().unwrap_or_default().to_owned(),
            nodes: health["number_of_nodes"].as_u64().unwrap_or(0),
            stories: count["count"].as_u64().unwrap_or(0),
            bytes: size["_all"]["primaries"]["store"]["size_in_bytes"].as_u64().unwrap_or(0),
            missing,
            unreplicated: number("unassigned_shards").saturating_sub(missing),
        })
    }
}
