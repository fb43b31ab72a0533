//! The authority file that a command goes by: the bundled one, with the user's own headings where there are some.
//!
//! An index remembers the headings it was made with, in its directory: a search then needs no file and compiles nothing.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Global;
use crate::authority::Authority;

/// The user's headings, as text, in the index directory.
const TEXT: &str = "authority.toml";

/// The authority file of an index, kept for the rest of the process.
///
/// # Errors
///
/// Fails where a file of headings cannot be read.
pub(super) fn of_index(global: &Global) -> anyhow::Result<&'static Authority> {
    if !global.authority.is_empty() {
        return compile(&read(&global.authority)?);
    }
    let text = global.index.join(TEXT);
    if !text.exists() {
        return Ok(Authority::bundled());
    }
    if let Some(authority) = kept(&global.index) {
        return Ok(Box::leak(Box::new(authority)));
    }
    let authority = compile(&read(&[text])?)?;
    let _ = keep(&global.index, authority); // only spares the next one the work
    Ok(authority)
}

/// As [`of_index`]; files that the user names now are the index's from now on.
///
/// # Errors
///
/// Fails where a file of headings cannot be read or kept.
pub(super) fn of_index_from_now(global: &Global) -> anyhow::Result<&'static Authority> {
    let authority = of_index(global)?;
    if !global.authority.is_empty() {
        let keep = || -> std::io::Result<()> {
            std::fs::create_dir_all(&global.index)?;
            let texts = global.authority.iter().map(std::fs::read_to_string).collect::<std::io::Result<Vec<_>>>()?;
            std::fs::write(global.index.join(TEXT), texts.join("\n"))?;
            // The old headings tell which articles the new ones can touch.
            if kept(&global.index).is_some_and(|old| old.as_bytes() != authority.as_bytes()) {
                std::fs::rename(table(&global.index), global.index.join("authority-before.bin"))?;
            }
            self::keep(&global.index, authority)
        };
        keep().with_context(|| format!("keeping the headings in {}", global.index.display()))?;
    }
    Ok(authority)
}

/// Where the compiled headings stand; another bundled file gives another name.
fn table(index: &Path) -> PathBuf {
    index.join(format!("authority-{:016x}.bin", Authority::bundled().fingerprint()))
}

/// Keeps compiled headings, with their checksum at the end. A search takes what stands there for true, so nobody may see
/// half of it.
fn keep(index: &Path, authority: &Authority) -> std::io::Result<()> {
    let bytes = authority.as_bytes();
    let new = index.join(format!("authority-{}.new", std::process::id()));
    std::fs::write(&new, [bytes, &crc32fast::hash(bytes).to_le_bytes()].concat())?;
    std::fs::rename(new, table(index))
}

/// The compiled headings, if they are there and whole.
fn kept(index: &Path) -> Option<Authority> {
    let mut bytes = std::fs::read(table(index)).ok()?;
    let checksum = bytes.split_off(bytes.len().checked_sub(4)?);
    let whole = crc32fast::hash(&bytes).to_le_bytes() == checksum.as_slice();
    Authority::from_bytes(bytes).ok().filter(|_| whole)
}

/// The name of the file with the compiled headings, if it is there and damaged.
pub(super) fn damaged(index: &Path) -> Option<String> {
    let table = table(index);
    let damaged = table.exists() && kept(index).is_none();
    damaged.then(|| table.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// Files as pairs of name and text.
///
/// # Errors
///
/// Fails on the first that cannot be read.
pub(super) fn read(files: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Ok((path.display().to_string(), text))
    };
    files.iter().map(read).collect()
}

fn compile(files: &[(String, String)]) -> anyhow::Result<&'static Authority> {
    Ok(Box::leak(Box::new(Authority::bundled().with_files(files)?)))
}
