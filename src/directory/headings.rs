//! The headings that an index was made with, kept in its directory.
//!
//! The user's headings and decisions are stored there as text, and compiled together with the bundled ones, so that a
//! search compiles nothing. The compiled file is named after the bundled headings, so another version of the program
//! compiles again; and it names the text that it was made of, so that a changed text is compiled again too.

use std::io;
use std::path::{Path, PathBuf};

use crate::authority::{Authority, AuthorityError, Decision, Source};
use crate::index::{Index, fingerprint};

/// The user's headings as text.
pub(crate) const TEXT: &str = "authority.toml";
/// What the user decided about names, as text.
pub(crate) const DECISIONS: &str = "decisions.toml";
/// The first lines of that file.
const HEAD: &str = "# What was decided about names: `despatch authority decisions` lists it, `despatch authority undo` takes one back.\n";
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
    name == TEXT || name == DECISIONS || is_compiled(name)
}

fn is_compiled(name: &str) -> bool {
    name.starts_with("authority-") && name.ends_with(".bin")
}

/// The bundled headings together with the user's own headings and decisions of this index; `None` where it has none.
///
/// Compiles them where the compiled file is missing, damaged or of another text.
///
/// # Errors
///
/// Fails where the text cannot be read or is no authority file.
pub fn own(dir: &Path) -> Result<Option<Authority>, HeadingsError> {
    let texts = kept(dir)?;
    if texts.is_empty() {
        return Ok(None);
    }
    let stamp = stamp(&texts);
    match read_compiled(&compiled(dir)) {
        Some((authority, of)) if of == stamp => return Ok(Some(authority)),
        _ => {}
    }
    let authority = Authority::bundled().with_files(&texts)?;
    let _ = store(dir, &authority, stamp); // if it fails, the next process compiles again
    Ok(Some(authority))
}

/// As [`own`], for a reader: while a change of headings is not yet in the index, those with which it was made, so that
/// it answers as before the change.
///
/// # Errors
///
/// As [`own`].
pub fn for_reading(dir: &Path) -> Result<Option<Authority>, HeadingsError> {
    let Some(own) = own(dir)? else { return Ok(None) };
    Ok(Some(made_by(dir).and_then(|made| lagging(dir, &own, &made)).unwrap_or(own)))
}

/// Whether the index was made before the last change of its headings, so that the next writer has to bring it up to them.
pub(crate) fn is_behind(dir: &Path) -> bool {
    let own = own(dir).ok().flatten();
    own.zip(made_by(dir)).is_some_and(|(own, made)| lagging(dir, &own, &made).is_some())
}

/// The headings with which an index of the fingerprint `made` was made, where they are not the present ones.
fn lagging(dir: &Path, own: &Authority, made: &str) -> Option<Authority> {
    (fingerprint(own) != made).then(|| made_with(dir, made)).flatten()
}

/// The fingerprint that is recorded in the index.
fn made_by(dir: &Path) -> Option<String> {
    Index::open(dir).ok()?.state().ok()?.map(|state| state.fingerprint)
}

/// The texts that the directory keeps, each with its name there.
fn kept(dir: &Path) -> Result<Vec<(String, String)>, HeadingsError> {
    let files = [TEXT, DECISIONS].into_iter().filter(|name| dir.join(name).exists());
    files.map(|name| Ok((name.to_owned(), read(&dir.join(name))?))).collect()
}

/// Whether the directory keeps the headings of these files already.
///
/// # Errors
///
/// Fails where a file cannot be read.
pub(crate) fn keeps(dir: &Path, files: &[PathBuf]) -> Result<bool, HeadingsError> {
    let texts: Vec<String> = texts(files)?.into_iter().map(|(_, text)| text).collect();
    Ok(dir.join(TEXT).exists() && read(&dir.join(TEXT))? == texts.join("\n"))
}

/// What the user decided, in the order of the decisions.
///
/// # Errors
///
/// Fails where the file cannot be read or is none of this form.
pub(crate) fn decisions(dir: &Path) -> Result<Vec<Decision>, HeadingsError> {
    let path = dir.join(DECISIONS);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let source = Source::parse(&[(DECISIONS.to_owned(), read(&path)?)]).map_err(AuthorityError::from)?;
    Ok(source.decisions)
}

/// Stores the user's decisions; replaces the file as a whole.
///
/// # Errors
///
/// Fails where the directory cannot be written.
pub(crate) fn keep_decisions(dir: &Path, decisions: Vec<Decision>) -> io::Result<()> {
    let text = toml::to_string(&Source { decisions, ..Source::default() }).map_err(io::Error::other)?;
    let new = dir.join(format!("decisions-{}.new", std::process::id()));
    std::fs::write(&new, format!("{HEAD}\n{text}"))?;
    std::fs::rename(new, dir.join(DECISIONS))
}

/// The bundled headings together with those of some files.
///
/// # Errors
///
/// Fails on the first file that cannot be read or is no authority file.
pub(crate) fn with_files(files: &[PathBuf]) -> Result<Authority, HeadingsError> {
    Ok(Authority::bundled().with_files(&texts(files)?)?)
}

/// The bundled headings together with those of some files and with the decisions of an index directory.
///
/// # Errors
///
/// As [`with_files`].
pub(crate) fn with_files_and_decisions(files: &[PathBuf], dir: &Path) -> Result<Authority, HeadingsError> {
    let mut texts = texts(files)?;
    texts.extend(kept(dir)?.into_iter().filter(|(name, _)| name == DECISIONS));
    Ok(Authority::bundled().with_files(&texts)?)
}

fn read(path: &Path) -> Result<String, HeadingsError> {
    std::fs::read_to_string(path).map_err(|cause| HeadingsError::File { path: path.to_owned(), cause })
}

/// Reads files into pairs of name and text.
///
/// # Errors
///
/// Fails on the first that cannot be read.
pub fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, HeadingsError> {
    files.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect()
}

/// Stores the headings of `files` as those of the index; [`own`] gives them from then on.
///
/// # Errors
///
/// Fails where a file cannot be read or the directory cannot be written.
pub fn keep(dir: &Path, files: &[PathBuf]) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let texts = files.iter().map(std::fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    let new = dir.join(format!("authority-{}.new", std::process::id()));
    std::fs::write(&new, texts.join("\n"))?;
    std::fs::rename(new, dir.join(TEXT))
}

/// Stores compiled headings. Those with which the index was made are kept beside them until the next change: they show
/// what has to be tagged again.
fn store(dir: &Path, authority: &Authority, stamp: u32) -> io::Result<()> {
    let made = made_by(dir);
    let is_made_with = |old: &Authority| made.as_ref().is_some_and(|made| *made == fingerprint(old));
    let old = read_compiled(&compiled(dir)).filter(|(old, _)| old.as_bytes() != authority.as_bytes());
    if old.is_some_and(|(old, _)| is_made_with(&old)) {
        std::fs::rename(compiled(dir), dir.join(BEFORE))?;
    }
    write_compiled(dir, authority, stamp)
}

/// Identifies texts of headings.
fn stamp(texts: &[(String, String)]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    texts
        .iter()
        .for_each(|(name, text)| [name, "\0", text, "\0"].iter().for_each(|part| hasher.update(part.as_bytes())));
    hasher.finalize()
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
    kept.filter_map(|entry| Some(read_compiled(&entry.path())?.0)).find(is)
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

/// Writes compiled headings, followed by the stamp of their texts and the checksum of both, to another file and renames
/// it: a search must never see half of them.
fn write_compiled(dir: &Path, authority: &Authority, stamp: u32) -> io::Result<()> {
    let bytes = [authority.as_bytes(), &stamp.to_le_bytes()].concat();
    let new = dir.join(format!("authority-{}.bin.new", std::process::id()));
    std::fs::write(&new, [&bytes[..], &crc32fast::hash(&bytes).to_le_bytes()].concat())?;
    std::fs::rename(new, compiled(dir))
}

/// Compiled headings with the stamp of their texts, if they are there and whole.
fn read_compiled(path: &Path) -> Option<(Authority, u32)> {
    let mut bytes = std::fs::read(path).ok()?;
    let checksum = bytes.split_off(bytes.len().checked_sub(4)?);
    let whole = crc32fast::hash(&bytes).to_le_bytes() == checksum.as_slice();
    let stamp = bytes.split_off(bytes.len().checked_sub(4)?);
    let stamp = u32::from_le_bytes(stamp.try_into().ok()?);
    Authority::from_bytes(bytes).ok().filter(|_| whole).map(|authority| (authority, stamp))
}
