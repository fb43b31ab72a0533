//! The headings that an index was made with, kept in its directory.
//!
//! The user's headings are stored there as text, and compiled together with the bundled ones, so that a search compiles
//! nothing. The compiled file is named after the bundled headings, so another version of the program compiles again.

use std::io;
use std::path::{Path, PathBuf};

use crate::authority::{Authority, AuthorityError};
use crate::index::fingerprint;

/// The user's headings as text.
pub(crate) const TEXT: &str = "authority.toml";
/// The compiled headings from before the last change; comparing with them shows which articles the change can touch.
const BEFORE: &str = "authority-before.bin";

/// Why the headings of an index cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeadingsError {
    /// A file cannot be read.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A file is no authority file.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

/// Whether a file of this name in an index directory holds headings.
pub(super) fn is_kept(name: &str) -> bool {
    name == TEXT || is_compiled(name)
}

fn is_compiled(name: &str) -> bool {
    name.starts_with("authority-") && name.ends_with(".bin")
}

/// The bundled headings together with the user's own of this index; `None` where it has no own ones.
///
/// Compiles them where the compiled file is missing or damaged.
///
/// # Errors
///
/// Fails where the text cannot be read or is no authority file.
pub fn own(dir: &Path) -> Result<Option<Authority>, HeadingsError> {
    let text = dir.join(TEXT);
    if !text.exists() {
        return Ok(None);
    }
    if let Some(authority) = read_compiled(&compiled(dir)) {
        return Ok(Some(authority));
    }
    let authority = with_files(&[text])?;
    let _ = write_compiled(dir, &authority); // if it fails, the next process compiles again
    Ok(Some(authority))
}

/// The bundled headings together with those of some files.
///
/// # Errors
///
/// Fails on the first file that cannot be read or is no authority file.
pub(crate) fn with_files(files: &[PathBuf]) -> Result<Authority, HeadingsError> {
    Ok(Authority::bundled().with_files(&texts(files)?)?)
}

/// Reads files into pairs of name and text.
///
/// # Errors
///
/// Fails on the first that cannot be read.
pub fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, HeadingsError> {
    let read = |path: &PathBuf| match std::fs::read_to_string(path) {
        Ok(text) => Ok((path.display().to_string(), text)),
        Err(cause) => Err(HeadingsError::File { path: path.clone(), cause }),
    };
    files.iter().map(read).collect()
}

/// Stores the headings of `files`, compiled as `authority`, as those of the index.
///
/// # Errors
///
/// Fails where a file cannot be read or the directory cannot be written.
pub fn keep(dir: &Path, files: &[PathBuf], authority: &Authority) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let texts = files.iter().map(std::fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    std::fs::write(dir.join(TEXT), texts.join("\n"))?;
    if read_compiled(&compiled(dir)).is_some_and(|old| old.as_bytes() != authority.as_bytes()) {
        std::fs::rename(compiled(dir), dir.join(BEFORE))?;
    }
    write_compiled(dir, authority)
}

/// The headings with which an index of the fingerprint `made` was made: the bundled ones, or compiled ones that are
/// stored in its directory. `None` where they are neither.
pub(crate) fn made_with(dir: &Path, made: &str) -> Option<Authority> {
    let is = |authority: &Authority| fingerprint(authority) == made;
    if is(Authority::bundled()) {
        return Authority::from_bytes(Authority::bundled().as_bytes().to_vec()).ok();
    }
    let files = std::fs::read_dir(dir).ok()?.filter_map(Result::ok);
    let kept = files.filter(|entry| is_compiled(&entry.file_name().to_string_lossy()));
    kept.filter_map(|entry| read_compiled(&entry.path())).find(is)
}

/// The name of the file with the compiled headings, if it is there and damaged.
pub fn damaged(dir: &Path) -> Option<String> {
    let path = compiled(dir);
    let damaged = path.exists() && read_compiled(&path).is_none();
    damaged.then(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// Path of the compiled headings.
fn compiled(dir: &Path) -> PathBuf {
    dir.join(format!("authority-{:016x}.bin", Authority::bundled().fingerprint()))
}

/// Writes compiled headings, followed by their checksum, to another file and renames it: a search must never see half
/// of them.
fn write_compiled(dir: &Path, authority: &Authority) -> io::Result<()> {
    let bytes = authority.as_bytes();
    let new = dir.join(format!("authority-{}.new", std::process::id()));
    std::fs::write(&new, [bytes, &crc32fast::hash(bytes).to_le_bytes()].concat())?;
    std::fs::rename(new, compiled(dir))
}

/// Compiled headings, if they are there and whole.
fn read_compiled(path: &Path) -> Option<Authority> {
    let mut bytes = std::fs::read(path).ok()?;
    let checksum = bytes.split_off(bytes.len().checked_sub(4)?);
    let whole = crc32fast::hash(&bytes).to_le_bytes() == checksum.as_slice();
    Authority::from_bytes(bytes).ok().filter(|_| whole)
}
