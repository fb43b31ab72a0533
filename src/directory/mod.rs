//! The index directory: every file in it by name, who may write to it, and the headings that it was made with.
//!
//! | file | what it is | written by |
//! |---|---|---|
//! | `archive.db` (`-wal`, `-shm`) | every version of every article; the source of truth | [`crate::archive`] |
//! | `tantivy/` | the search index; made from the archive | [`crate::index`] |
//! | `rebuild/` | a new index that is being built, before it replaces the old one | [`crate::ingest`] |
//! | `checksums`, `checksums.open` | checksums of the files when the last writer ended | [`checksums`] |
//! | `write.lock` | names the process that writes | [`WriteLock`] |
//! | `fetch.lock` | names the process that fetches | `fetch` |
//! | `digest.lock` | names the process that hands digests over | `digest` |
//! | `unfinished` | runs of `index` that were interrupted | [`unfinished`] |
//! | `authority.toml`, `authority-*.bin` | the user's headings, as text and compiled | [`headings`] |
//! | `decisions.toml` | what the user decided about names | [`headings`] |
//! | `saved/` | saved searches | [`crate::saved`] |
//! | `demo/` | an index directory of its own, with its articles | `despatch demo` |
//!
//! Readers take no lock. A writer goes through [`write()`] or [`write_existing`]: they take the lock, open the archive, and seal
//! the directory once the work is done.
//!
//! ```
//! use despatch::directory::{self, Role};
//!
//! let dir = tempfile::tempdir()?;
//! assert!(!directory::is_one(dir.path()));
//! std::fs::write(dir.path().join("authority.toml"), "")?;
//! let roles: Vec<Role> = directory::files(dir.path())?.iter().map(|(name, _)| Role::of(name)).collect();
//! assert_eq!(roles, [Role::Headings]);
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod checksums;
pub mod headings;
mod lock;
pub(crate) mod unfinished;

use std::io;
use std::path::{Path, PathBuf};

use crate::archive::{self, ArchiveError};
use crate::index;
pub(crate) use lock::SETTLE;
pub(crate) use lock::TaskLock;
pub(crate) use lock::fetcher;
pub use lock::write;
pub(crate) use lock::{WriteLock, check_writable, write_existing, write_open};

/// Folder in which a new index is built before it replaces the old one.
pub(crate) const BESIDE: &str = "rebuild";
/// Folder of saved searches.
pub(crate) const SAVED: &str = "saved";
/// Folder of the demo, which is an index directory of its own.
pub(crate) const DEMO: &str = "demo";

/// Why an index directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// Another process writes.
    #[error("{holder} is at work in {}", dir.display())]
    Locked {
        /// The index directory.
        dir: PathBuf,
        /// Its process number and command, for a message.
        holder: String,
    },
    /// The directory or a file in it cannot be read or written.
    #[error("{}: {cause}", dir.display())]
    Folder {
        /// The index directory.
        dir: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl DirectoryError {
    pub(crate) fn folder(dir: &Path, cause: io::Error) -> Self {
        Self::Folder { dir: dir.to_owned(), cause }
    }
}

/// What a file of an index directory is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The archive.
    Archive,
    /// Part of the search index.
    Index,
    /// The user's headings and decisions, as text or compiled.
    Headings,
    /// A lock, which names the process that writes or fetches.
    Lock,
    /// The list of checksums.
    Checksums,
    /// A search that the user saved.
    Saved,
    /// Anything else: the archive's log, what a killed process left.
    Other,
}

impl Role {
    /// The role of a file, by its name within the index directory (`tantivy/meta.json`).
    pub fn of(name: &str) -> Self {
        match name {
            archive::FILE => Self::Archive,
            lock::FILE | lock::FETCH | lock::DIGEST => Self::Lock,
            checksums::FILE | checksums::OPEN => Self::Checksums,
            _ if headings::is_kept(name) => Self::Headings,
            _ if Path::new(name).starts_with(index::FOLDER) => Self::Index,
            _ if Path::new(name).starts_with(SAVED) => Self::Saved,
            _ => Self::Other,
        }
    }
}

/// Whether there is an archive or an index in a directory.
pub fn is_one(dir: &Path) -> bool {
    dir.join(archive::FILE).exists() || dir.join(index::FOLDER).exists()
}

/// A text that changes whenever an answer from an index directory could: it names the times and lengths of the files that
/// answers are made of. It is cheap, and never says that nothing changed where something did; the reverse can be.
#[cfg(feature = "serve")]
pub(crate) fn state(dir: &Path) -> String {
    let file = |name: &str| {
        let file = std::fs::metadata(dir.join(name)).ok().filter(|file| file.is_dir() || file.len() > 0)?;
        Some((file.modified().ok()?, file.len()))
    };
    let files = [archive::FILE, &archive::log(), SAVED, headings::TEXT, headings::DECISIONS].map(file);
    format!("{:?} {files:?}", index::stamp(dir))
}

/// All files of an index directory and its folders, sorted, each with its name within the directory
/// (`tantivy/meta.json`) and its path. The folder of the demo is skipped.
///
/// # Errors
///
/// Fails where a folder cannot be read.
pub fn files(dir: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    fn below(dir: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if !entry.file_type()?.is_dir() {
                found.push((name, entry.path()));
            } else if entry.file_name() != DEMO {
                below(&entry.path(), &name, found)?;
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    below(dir, "", &mut found)?;
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_its_role() {
        let roles = [
            ("archive.db", Role::Archive),
            ("archive.db-wal", Role::Other),
            ("tantivy/meta.json", Role::Index),
            ("tantivy.old", Role::Other),
            ("write.lock", Role::Lock),
            ("fetch.lock", Role::Lock),
            ("digest.lock", Role::Lock),
            ("authority.toml", Role::Headings),
            ("authority-0123456789abcdef.bin", Role::Headings),
            ("authority-before.bin", Role::Headings),
            ("decisions.toml", Role::Headings),
            ("authority.md", Role::Other),
            ("checksums", Role::Checksums),
            ("saved/uk.toml", Role::Saved),
        ];
        for (name, role) in roles {
            assert_eq!(Role::of(name), role, "{name}");
        }
    }

    #[test]
    fn files_are_listed_by_their_names_and_a_demo_is_not_looked_into() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["archive.db", "tantivy/meta.json", "demo/index/archive.db", "saved/a.toml"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
        let found = files(dir.path()).unwrap();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["archive.db", "saved/a.toml", "tantivy/meta.json"]);
        assert!(found.iter().all(|(name, path)| *path == dir.path().join(name)));
        assert!(is_one(dir.path()) && !is_one(&dir.path().join("saved")));
    }
}
