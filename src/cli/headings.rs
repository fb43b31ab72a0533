//! The headings that a command uses: those of the index, or those of the files that `--authority` names.

use anyhow::Context;

use super::Global;
use crate::authority::Authority;
use crate::directory::headings;

/// The bundled headings with those of `--authority`, or without that option with those of the index. They live until
/// the process ends.
///
/// # Errors
///
/// Fails where a file of headings cannot be read.
pub(super) fn of_index(global: &Global) -> anyhow::Result<&'static Authority> {
    let own = if global.authority.is_empty() || headings::keeps(&global.index, &global.authority)? {
        headings::for_reading(&global.index)?
    } else {
        Some(headings::with_files_and_decisions(&global.authority, &global.index)?)
    };
    Ok(leaked(own))
}

/// As [`of_index`] for a command that brings the index up to them; keeps the headings of `--authority` with the index, so
/// that later commands use them too.
///
/// # Errors
///
/// Fails where a file of headings cannot be read or kept.
pub(super) fn of_index_from_now(global: &Global) -> anyhow::Result<&'static Authority> {
    if !global.authority.is_empty() && !headings::keeps(&global.index, &global.authority)? {
        headings::with_files(&global.authority)?; // refuses files that are none before they are kept
        headings::keep(&global.index, &global.authority)
            .with_context(|| format!("keeping the headings in {}", global.index.display()))?;
    }
    Ok(leaked(headings::own(&global.index)?))
}

/// For a command whose engines open the index by themselves, with its own headings.
///
/// # Errors
///
/// Fails where `--authority` names other headings than those of the index.
#[cfg(feature = "serve")]
pub(super) fn must_be_of_index(global: &Global) -> anyhow::Result<()> {
    anyhow::ensure!(
        global.authority.is_empty() || headings::keeps(&global.index, &global.authority)?,
        "the index was not made with these headings: give them to `despatch index` or `despatch rebuild` first"
    );
    Ok(())
}

fn leaked(own: Option<Authority>) -> &'static Authority {
    own.map_or_else(Authority::bundled, |authority| Box::leak(Box::new(authority)))
}
