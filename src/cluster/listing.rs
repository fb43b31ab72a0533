//! Which articles an index holds, to compare them with an archive; and how the cluster does.

use serde_json::{Value, json};

use super::http::each_page;
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
        let path = format!("{index}/_search");
        let asked = json!({
            "size": PAGE, "track_total_hits": false, "sort": [{ "story": "asc" }],
            "stored_fields": "_none_", "docvalue_fields": ["story", "only.num", "only.seq"],
        });
        each_page(
            asked,
            |asked| self.cluster.search(&path, asked),
            |stories| {
                let mut several = Vec::new();
                for story in stories {
                    let fields = &story["fields"];
                    match (fields["only.num"][0].as_u64(), fields["only.seq"][0].as_u64()) {
                        (Some(num), Some(seq)) => out.extend(article(&fields["story"][0], num, seq)),
                        _ => several.push(&fields["story"][0]),
                    }
                }
                out.extend(self.copies(&path, &several)?);
                Ok(())
            },
        )?;
        out.sort_unstable();
        Ok(out)
    }

    /// The articles of stories that have several.
    fn copies(&self, path: &str, stories: &[&Value]) -> Result<Vec<Newest>, ClusterError> {
        if stories.is_empty() {
            return Ok(Vec::new());
        }
        let asked = json!({
            "size": stories.len(), "track_total_hits": false, "_source": ["story", "c.num", "c.seq"],
            "query": { "terms": { "story": stories } },
        });
        let answer = self.cluster.search(path, &asked)?;
        let found = answer["hits"]["hits"].as_array().into_iter().flatten().map(|story| &story["_source"]);
        let copies = |story: &Value| -> Vec<Newest> {
            let copies = story["c"].as_array().into_iter().flatten();
            copies.filter_map(|copy| article(&story["story"], copy["num"].as_u64()?, copy["seq"].as_u64()?)).collect()
        };
        Ok(found.flat_map(copies).collect())
    }
}

/// An article of the story with this number.
fn article(story: &Value, num: u64, seq: u64) -> Option<Newest> {
    Some(Newest { num: ArticleNum(num), seq: VersionSeq(seq), group: GroupNum(story.as_u64()?) })
}

/// How a cluster does, and the index of an archive on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) nodes: u64,
    /// Stories of the index.
    pub(crate) stories: u64,
    /// Bytes of the index, replicas not counted.
    pub(crate) bytes: u64,
    /// Shards of the index that no node has.
    pub(crate) missing: u64,
    /// Replicas that no node has.
    pub(crate) unreplicated: u64,
}

impl Cluster {
    /// How the cluster and this index on it do.
    ///
    /// # Errors
    ///
    /// Fails where the cluster does.
    pub(crate) fn health(&self, index: &str) -> Result<Health, ClusterError> {
        let health = self.get(&format!("_cluster/health/{index}?level=indices"))?.unwrap_or_default();
        let number = |field: &str| health["indices"][index][field].as_u64().unwrap_or(0);
        let missing = number("number_of_shards").saturating_sub(number("active_primary_shards"));
        let count = self.get(&format!("{index}/_count?filter_path=count"))?.unwrap_or_default();
        let size = self.get(&format!("{index}/_stats/store?filter_path=_all.primaries.store"))?.unwrap_or_default();
        Ok(Health {
            nodes: health["number_of_nodes"].as_u64().unwrap_or(0),
            stories: count["count"].as_u64().unwrap_or(0),
            bytes: size["_all"]["primaries"]["store"]["size_in_bytes"].as_u64().unwrap_or(0),
            missing,
            unreplicated: number("unassigned_shards").saturating_sub(missing),
        })
    }
}
