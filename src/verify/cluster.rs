//! Compares the index of an archive on a cluster with the archive.

use std::path::Path;

use super::{Mend, OTHER_RULES, Place, Report, agree};
use crate::archive::Archive;
use crate::authority::Authority;
use crate::cluster::schema::fingerprint_of;
use crate::cluster::state::Home;
use crate::cluster::{Cluster, ClusterError};
use crate::index::FOLDER;
use crate::ingest::IngestError;

/// Checks that a cluster holds every article of an archive once, in its newest version and its story. The index on this
/// machine may then be missing.
///
/// # Errors
///
/// Fails where archive or cluster cannot be read.
pub fn verify_cluster(
    dir: &Path,
    authority: &Authority,
    cluster: &Cluster,
    report: &mut Report,
) -> Result<(), IngestError> {
    if !dir.join(FOLDER).exists() {
        report.faults.retain(|fault| fault.file != FOLDER);
    }
    let archive = Archive::open(dir)?;
    let last = archive.hold()?;
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
    if !archive.fed_tokens(&home.name())?.contains(&state.token) {
        report.fault(place.name, "was brought up by a copy of this archive, or before it was restored", place.mend);
        return Ok(());
    }
    for (story, why) in &state.refused {
        report.fault(place.name, format!("did not take the story of article number {story}: {why}"), place.mend);
    }
    match home.articles(&state.index) {
        Ok(articles) => agree(last, &archive.newest()?, (state.seq, articles), report, place),
        Err(ClusterError::Answer { why, .. }) => report.fault(place.name, why, place.mend),
        Err(other) => return Err(other.into()),
    }
    Ok(())
}
