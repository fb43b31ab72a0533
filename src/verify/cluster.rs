//! Compares the index of an archive on a cluster with the archive.

use std::path::Path;
use std::time::Duration;

use super::{Mend, OTHER_RULES, Place, Report, agree};
use crate::archive::Archive;
use crate::authority::Authority;
use crate::cluster::schema::fingerprint_of;
use crate::cluster::state::Home;
use crate::cluster::{Cluster, ClusterError};
use crate::directory::{DirectoryError, WriteLock};
use crate::index::FOLDER;
use crate::ingest::IngestError;

/// Checks that a cluster holds every article of an archive once, in its newest version and its story. The index on this
/// machine may then be missing. Waits at most `wait` for a process that writes; where it does not end, nothing is compared.
///
/// # Errors
///
/// Fails where archive or cluster cannot be read.
pub fn verify_cluster(
    dir: &Path,
    authority: &Authority,
    cluster: &Cluster,
    wait: Duration,
    report: &mut Report,
) -> Result<(), IngestError> {
    if !dir.join(FOLDER).exists() {
        report.faults.retain(|fault| fault.file != FOLDER);
    }
    let lock = WriteLock::hold(dir, wait);
    if let Err(error @ DirectoryError::Locked { .. }) = &lock {
        report.notes.push(format!("{error}: the cluster was not compared"));
        return Ok(());
    }
    let archive = Archive::open(dir)?;
    let last = archive.last_seq()?;
    let home = Home::new(cluster, &archive.uuid()?.unwrap_or_default());
    let place = Place { name: &cluster.host(), mend: Mend::Feed };
    let Some(state) = home.state()? else {
        report.fault(place.name, "has no index of this archive", place.mend);
        return Ok(());
    };
    if state.fingerprint != fingerprint_of(authority) {
        report.fault(place.name, OTHER_RULES, place.mend);
        return Ok(());
    }
    if !archive.fed_tokens()?.contains(&state.token) {
        report.fault(place.name, "was brought up by a copy of this archive, or before it was restored", place.mend);
        return Ok(());
    }
    for (story, why) in &state.refused {
        report.fault(place.name, format!("did not take the story of article number {story}: {why}"), place.mend);
    }
    match home.articles(&state.index) {
        Ok(articles) => {
            report.on_cluster = Some(articles.len() as u64);
            agree(last, &archive.newest()?, (state.seq, articles), report, place);
        }
        Err(ClusterError::Answer { why, .. }) => report.fault(place.name, why, place.mend),
        Err(other) => return Err(other.into()),
    }
    Ok(())
}
