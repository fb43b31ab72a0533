//! Where the index of a command is: on this machine, or on a cluster.

#[cfg(feature = "cluster")]
mod elsewhere;

use std::time::Duration;

#[cfg(feature = "cluster")]
use super::headings;
use super::output::Output;
use super::request::with_caret;
use super::{Global, open_engine};
use crate::engine::{Engine, EngineError};
use crate::verify::Report;
#[cfg(feature = "cluster")]
use crate::verify::verify_cluster;

/// The setting that says where the index is.
pub(super) const SETTING: &str = "backend";

/// Fails where this is neither `local` nor the address of a cluster; without the feature `cluster`, never.
pub(super) fn check(backend: &str) -> anyhow::Result<()> {
    #[cfg(feature = "cluster")]
    elsewhere::address(backend)?;
    let _ = backend;
    Ok(())
}

/// Where the index is.
#[derive(Debug, clap::Args)]
pub(super) struct BackendArgs {
    /// Where the index is: local, or an OpenSearch cluster at http://HOST:PORT (`despatch help cluster`)
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "URL", default_value = elsewhere::LOCAL, hide_short_help = true)]
    backend: String,
}

/// How the index of a cluster is to be brought up to the archive.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "cluster"), allow(dead_code))]
pub(super) struct Update {
    /// Makes the whole index again instead of only what changed.
    pub(super) whole: bool,
    /// Parts of a new one, if it is not to have as many as the one before.
    pub(super) shards: Option<u32>,
    /// Seconds to wait for another process that writes.
    pub(super) wait: u64,
}

impl BackendArgs {
    /// Whether the index is on this machine.
    pub(super) fn is_local(&self) -> bool {
        #[cfg(feature = "cluster")]
        return self.backend == elsewhere::LOCAL;
        #[cfg(not(feature = "cluster"))]
        true
    }

    /// Fails where the index is on a cluster that does not answer.
    pub(super) fn reach(&self, global: &Global) -> anyhow::Result<()> {
        #[cfg(feature = "cluster")]
        elsewhere::cluster(&self.backend, global)?;
        let _ = global;
        Ok(())
    }

    /// Compares the index of a cluster with the archive.
    pub(super) fn verify(&self, global: &Global, wait: Duration, report: &mut Report) -> anyhow::Result<()> {
        #[cfg(feature = "cluster")]
        if let Some(cluster) = elsewhere::to_be_asked(&self.backend, global)? {
            verify_cluster(&global.index, headings::of_index(global)?, &cluster, wait, report)?;
        }
        let _ = (global, wait, report);
        Ok(())
    }

    /// How the cluster with the index does, in a few words; `None` where the index is on this machine.
    pub(super) fn health(&self, global: &Global) -> anyhow::Result<Option<String>> {
        #[cfg(feature = "cluster")]
        if let Some(cluster) = elsewhere::to_be_asked(&self.backend, global)? {
            return elsewhere::health(&cluster, global).map(Some);
        }
        let _ = global;
        Ok(None)
    }

    /// Opens the index for searching.
    pub(super) fn engine(&self, global: &Global) -> anyhow::Result<Box<dyn Engine>> {
        #[cfg(feature = "cluster")]
        if let Some(engine) = elsewhere::engine(&self.backend, global)? {
            return Ok(engine);
        }
        Ok(Box::new(open_engine(global)?))
    }

    /// Brings the index of a cluster up to the archive, and says what was done. How many stories the cluster did not take;
    /// `None` where the index is on this machine.
    pub(super) fn bring_up(&self, how: Update, global: &Global, out: &mut Output) -> anyhow::Result<Option<usize>> {
        #[cfg(feature = "cluster")]
        if let Some(cluster) = elsewhere::cluster(&self.backend, global)? {
            return elsewhere::feed(&cluster, how, global, out).map(Some);
        }
        let _ = (how, global, out);
        Ok(None)
    }

    /// Opens the index and asks it. An error in the query shows the query, with a caret under the part at fault.
    pub(super) fn ask<T>(
        &self,
        global: &Global,
        query: &str,
        answer: impl FnOnce(&mut dyn Engine) -> Result<T, EngineError>,
    ) -> anyhow::Result<T> {
        answer(&mut *self.engine(global)?).map_err(|error| with_caret(error, query))
    }
}
