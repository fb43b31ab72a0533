//! Commands with an index on a cluster.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::Update;
use crate::archive::Archive;
use crate::cli::output::Output;
use crate::cli::request::now;
use crate::cli::{Global, headings, interrupt};
use crate::cluster::state::Home;
use crate::cluster::{Address, Cluster, Credentials, Health};
use crate::engine::{ClusterEngine, Engine, EngineError};
use crate::ingest::{self, Feed};
use crate::number::number_of;

/// How long a busy cluster is asked again by somebody who waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// What stands for this machine.
pub(super) const LOCAL: &str = "local";

/// The address of a cluster; `None` for this machine.
pub(super) fn address(backend: &str) -> anyhow::Result<Option<Address>> {
    Ok(if backend == LOCAL { None } else { Some(Address::new(backend)?) })
}

/// The cluster at an address; `None` for this machine.
pub(super) fn cluster(backend: &str, global: &Global) -> anyhow::Result<Option<Cluster>> {
    let Some(address) = address(backend)? else { return Ok(None) };
    let file = global.settings.value("backend-credentials").filter(|file| !file.is_empty());
    let credentials = file.map(|file| Credentials::read(Path::new(file))).transpose()?;
    Ok(Some(Cluster::connect(address, credentials)?))
}

/// As [`cluster`], for somebody who waits for an answer.
pub(super) fn to_be_asked(backend: &str, global: &Global) -> anyhow::Result<Option<Cluster>> {
    Ok(cluster(backend, global)?.map(|cluster| cluster.with_patience(PATIENCE)))
}

/// An engine over the index of a cluster; `None` for this machine.
pub(super) fn engine(backend: &str, global: &Global) -> anyhow::Result<Option<Box<dyn Engine>>> {
    let Some(cluster) = to_be_asked(backend, global)? else { return Ok(None) };
    let archive = Archive::open(&global.index).map_err(EngineError::from)?;
    Ok(Some(Box::new(ClusterEngine::open(archive, headings::of_index(global)?, cluster)?)))
}

/// How a cluster does, and the index there, in a few words.
pub(super) fn health(cluster: &Cluster, global: &Global) -> anyhow::Result<String> {
    let archive = Archive::open(&global.index)?;
    let home = Home::new(cluster, &archive.uuid()?.unwrap_or_default());
    let Some(state) = home.state()? else {
        return Ok("no index of this archive there: `despatch rebuild` with the same --backend makes it".to_owned());
    };
    let Health { nodes, stories, bytes, missing, unreplicated } = cluster.health(&state.index)?;
    let (nodes, stories) = (number_of(nodes, "node"), number_of(stories, "story"));
    let (articles, parts) = (number_of(state.articles, "article"), number_of(u64::from(state.shards), "shard"));
    let megabytes = bytes as f64 / 1e6;
    let mut out = format!(
        "OpenSearch {}, {nodes}; index {}: {articles} in {stories}, {parts}, {megabytes:.1} MB",
        cluster.version, state.index
    );
    if missing > 0 {
        out.push_str(&format!("; {} MISSING: bring back the nodes that had them", number_of(missing, "shard")));
    } else if unreplicated > 0 {
        out.push_str("; not every shard has its replica: a node that is lost now takes its shards with it");
    }
    if !state.refused.is_empty() {
        out.push_str(&format!("; {} not taken", number_of(state.refused.len() as u64, "story")));
    }
    Ok(out)
}

/// Brings a cluster up to the archive, draws progress and says what was done; how many stories it did not take.
pub(super) fn feed(cluster: &Cluster, how: Update, global: &Global, out: &mut Output) -> anyhow::Result<usize> {
    interrupt::reassure();
    let bar = if out.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let mut progress = |done| {
        bar.set_message(format!("{} on the cluster", number_of(done, "article")));
        bar.tick();
    };
    let Update { whole, shards, wait } = how;
    let how = Feed { whole, shards, now: now(global)?, wait: Duration::from_secs(wait) };
    let start = Instant::now();
    let fed = ingest::feed(&global.index, headings::of_index_from_now(global)?, cluster, &how, &mut progress)?;
    bar.finish_and_clear();
    if fed.foreign {
        out.warn(
            "the index on the cluster was another copy's, or this directory's before it was restored, and is made anew; \
             only one directory should write to a name",
        );
    }
    for (article, why) in &fed.refused {
        out.warn(&format!("the cluster does not take {article}: {why}"));
    }
    if fed.lost > 0 {
        let lost = number_of(fed.lost, "article");
        out.warn(&format!(
            "the cluster has lost {lost}: `despatch rebuild --all` with the same --backend brings them back"
        ));
    }
    if !out.is_quiet() {
        let removed = if fed.removed > 0 { format!(", {} removed", fed.removed) } else { String::new() };
        let (stories, articles) = (number_of(fed.stories, "story"), number_of(fed.articles, "article"));
        let (megabytes, seconds) = (fed.bytes as f64 / 1e6, start.elapsed().as_secs_f64());
        writeln!(out, "cluster: {stories} of {articles} written{removed} ({megabytes:.1} MB in {seconds:.1} s)")?;
    }
    Ok(fed.refused.len() + fed.lost as usize)
}
