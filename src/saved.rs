//! Saved searches: a query and its filters under a name, stored with the index that they search.
//!
//! Each is a small TOML file in the folder `saved` of the index directory, so that a shared index brings its searches
//! along. A file is written under another name and then renamed, so a reader sees either the old one or the new one
//! whole. Queries are stored as typed, so "last week" means another week every time.
//!
//! ```
//! use despatch::saved::{Saved, Shelf};
//!
//! let index = tempfile::tempdir().unwrap();
//! let shelf = Shelf::of(index.path());
//! shelf.put("safe-loans", &Saved { query: "SAFE loans".into(), ..Saved::default() }, false)?;
//! assert_eq!(shelf.names()?, ["safe-loans"]);
//! assert_eq!(shelf.get("safe-loans")?.query, "SAFE loans");
//! # Ok::<(), despatch::saved::SavedError>(())
//! ```

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::nearest;
use crate::directory::SAVED;

/// Characters of a name, at most.
const LONGEST: usize = 64;

/// Why a saved search cannot be read or stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// The name is not allowed.
    #[error("'{0}' cannot be the name of a saved search")]
    Name(String),
    /// No search has this name.
    #[error("no saved search '{name}'")]
    Unknown {
        /// The name.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// Another search has this name.
    #[error("there is a saved search '{0}' already")]
    Taken(String),
    /// A file could not be read or written.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A file is no saved search.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl SavedError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Name(_) => format!("use small letters, digits, - and _, {LONGEST} at most"),
            Self::Unknown { nearest: Some(nearest), .. } => format!("did you mean '{nearest}'?"),
            Self::Unknown { .. } => {
                "`despatch saved` lists them; quote a word that begins with @: '\"@word\"'".to_owned()
            }
            Self::Taken(_) => "take its place with --replace, or choose another name".to_owned(),
            Self::Damaged { .. } => "mend or delete the file".to_owned(),
            Self::File { .. } => return None,
        })
    }
}

/// A query with its filters, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The query; where it is empty, every article that passes the filters is found.
    #[serde(default)]
    pub query: String,
    /// Whether `new` and `digest` tell of it without being asked for it by name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alert: bool,
    /// Options of the command line by their long names.
    #[serde(default)]
    pub filters: toml::Table,
}

/// The saved searches of an index.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The saved searches of the index directory `index`.
    pub fn of(index: &Path) -> Self {
        Self { folder: index.join(SAVED) }
    }

    /// All names in order.
    ///
    /// # Errors
    ///
    /// Fails where the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, SavedError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(SavedError::File { path: self.folder.clone(), cause }),
        };
        let name = |entry: fs::DirEntry| Some(entry.file_name().to_str()?.strip_suffix(".toml")?.to_owned());
        let mut names: Vec<String> = entries.flatten().filter_map(name).filter(|name| is_name(name)).collect();
        names.sort();
        Ok(names)
    }

    /// The search of this name.
    ///
    /// # Errors
    ///
    /// Fails where there is none or its file cannot be read.
    pub fn get(&self, name: &str) -> Result<Saved, SavedError> {
        let path = self.path(name)?;
        match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error: toml::de::Error| SavedError::Damaged { path, what: error.message().to_owned() }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(self.unknown(name)),
            Err(cause) => Err(SavedError::File { path, cause }),
        }
    }

    /// Stores a search under a name; an existing one is replaced only if `replace` is set.
    ///
    /// # Errors
    ///
    /// Fails where the name is not allowed or is taken, or the disk fails.
    pub fn put(&self, name: &str, saved: &Saved, replace: bool) -> Result<(), SavedError> {
        let path = self.path(name)?;
        if !replace && path.exists() {
            return Err(SavedError::Taken(name.to_owned()));
        }
        let text = toml::to_string(saved)
            .map_err(|error| SavedError::Damaged { path: path.clone(), what: error.to_string() })?;
        let new = self.folder.join(format!(".{name}.{}.new", std::process::id()));
        let write = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let mut file = fs::File::create(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &path)
        };
        write().map_err(|cause| {
            let _ = fs::remove_file(&new); // it may not be there
            SavedError::File { path, cause }
        })
    }

    /// Deletes a search.
    ///
    /// # Errors
    ///
    /// Fails where there is none of this name, or the disk fails.
    pub fn delete(&self, name: &str) -> Result<(), SavedError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(self.unknown(name)),
            Err(cause) => Err(SavedError::File { path, cause }),
        }
    }

    /// Gives a search another name, which must be free.
    ///
    /// # Errors
    ///
    /// Fails where there is none, the new name is not allowed or is taken, or the disk fails.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), SavedError> {
        let (old, new) = (self.path(from)?, self.path(to)?);
        if !old.exists() {
            return Err(self.unknown(from));
        }
        if new.exists() {
            return Err(SavedError::Taken(to.to_owned()));
        }
        fs::rename(&old, &new).map_err(|cause| SavedError::File { path: new, cause })
    }

    /// Path of the file for a name. Only an allowed name has one, and it cannot lead out of the folder.
    fn path(&self, name: &str) -> Result<PathBuf, SavedError> {
        if is_name(name) {
            Ok(self.folder.join(format!("{name}.toml")))
        } else {
            Err(SavedError::Name(name.to_owned()))
        }
    }

    fn unknown(&self, name: &str) -> SavedError {
        let names = self.names().unwrap_or_default();
        let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
        SavedError::Unknown { name: name.to_owned(), nearest }
    }
}

/// Whether a name is allowed: lower-case letters, digits, `-` and `_`, the first a letter or digit, at most [`LONGEST`]
/// characters; no name that Windows reserves for a device.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let device = ["con", "prn", "aux", "nul"].contains(&name)
        || (name.len() == 4
            && (name.starts_with("com") || name.starts_with("lpt"))
            && name.as_bytes()[3].is_ascii_digit());
    (1..=LONGEST).contains(&name.len())
        && plain(name.as_bytes()[0])
        && name.bytes().all(|byte| plain(byte) || matches!(byte, b'-' | b'_'))
        && !device
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(query: &str) -> Saved {
        Saved { query: query.to_owned(), alert: false, filters: toml::from_str("actor = [\"nato\"]").unwrap() }
    }

    #[test]
    fn a_search_is_kept_found_renamed_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(dir.path());
        assert_eq!(shelf.names().unwrap(), Vec::<String>::new());
        shelf.put("safe", &saved("SAFE \"joint\nprocurement\" \\ ''' «»"), false).unwrap();
        assert_eq!(shelf.get("safe").unwrap(), saved("SAFE \"joint\nprocurement\" \\ ''' «»"));
        assert!(matches!(shelf.put("safe", &saved("x"), false), Err(SavedError::Taken(_))));
        shelf.put("safe", &saved("x"), true).unwrap();
        shelf.put("edip", &saved("EDIP"), false).unwrap();
        assert_eq!(shelf.names().unwrap(), ["edip", "safe"]);
        assert!(matches!(shelf.rename("safe", "edip"), Err(SavedError::Taken(_))));
        shelf.rename("safe", "safe-2").unwrap();
        shelf.delete("edip").unwrap();
        assert_eq!(shelf.names().unwrap(), ["safe-2"]);
        match shelf.get("safe2").unwrap_err() {
            SavedError::Unknown { nearest, .. } => assert_eq!(nearest.as_deref(), Some("safe-2")),
            other => panic!("{other}"),
        }
        assert_eq!(fs::read_dir(dir.path().join(SAVED)).unwrap().count(), 1, "nothing is left lying");
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let long = "x".repeat(65);
        for name in ["", ".", "..", "../x", "a/b", "a\\b", "A", "é", "-x", "_x", "a b", "a.b", "nul", "com1", &long] {
            assert!(matches!(Shelf::of(dir.path()).put(name, &saved("x"), true), Err(SavedError::Name(_))), "{name}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_can_be_typed_as_one_word_can_be_a_name() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(dir.path());
        let long = "x".repeat(64);
        let mut names = vec!["0", "a", "a-b_c", "co", "com", "com10", "coma", "com", "lpt", "nula", "z9", &long];
        for name in &names {
            shelf.put(name, &saved(name), true).unwrap();
        }
        for name in ["con", "prn", "aux", "nul", "com1", "com9", "lpt0", "lpt9"] {
            assert!(matches!(shelf.get(name), Err(SavedError::Name(_))), "{name}");
        }
        // Other files in the folder are no searches.
        for stray in ["Upper.toml", "x.txt", ".a.77.new", "a b.toml", "com1.toml"] {
            fs::write(dir.path().join(SAVED).join(stray), "query = \"x\"\n").unwrap();
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(shelf.names().unwrap(), names);
        for name in names {
            assert_eq!(shelf.get(name).unwrap().query, name);
        }
    }

    #[test]
    fn a_search_that_is_not_there_is_named_with_the_nearest() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(dir.path());
        let told = |error: SavedError| format!("{error} | {}", error.hint().unwrap_or_default());
        let none = "no saved search 'safe' | `despatch saved` lists them; quote a word that begins with @: '\"@word\"'";
        assert_eq!(told(shelf.get("safe").unwrap_err()), none);
        assert_eq!(told(shelf.delete("safe").unwrap_err()), none);
        assert_eq!(told(shelf.rename("safe", "other").unwrap_err()), none);
        shelf.put("safer", &saved("x"), false).unwrap();
        let near = "no saved search 'safe' | did you mean 'safer'?";
        assert_eq!(told(shelf.get("safe").unwrap_err()), near);
        assert_eq!(told(shelf.delete("safe").unwrap_err()), near);
        assert_eq!(told(shelf.rename("safe", "other").unwrap_err()), near);
        let taken = "there is a saved search 'safer' already | take its place with --replace, or choose another name";
        assert_eq!(told(shelf.put("safer", &saved("y"), false).unwrap_err()), taken);
        assert_eq!(told(shelf.rename("safer", "safer").unwrap_err()), taken);
        let name = "'A' cannot be the name of a saved search | use small letters, digits, - and _, 64 at most";
        assert_eq!(told(shelf.rename("safer", "A").unwrap_err()), name);
        assert_eq!(told(shelf.delete("A").unwrap_err()), name);
        assert_eq!(shelf.get("safer").unwrap(), saved("x"), "what failed changed nothing");
    }

    #[test]
    fn a_damaged_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(SAVED)).unwrap();
        fs::write(dir.path().join(SAVED).join("x.toml"), "query = 3\n").unwrap();
        assert!(matches!(Shelf::of(dir.path()).get("x"), Err(SavedError::Damaged { .. })));
        fs::write(dir.path().join(SAVED).join("x.toml"), "query = \"x\"\nqueri = \"y\"\n").unwrap();
        assert!(matches!(Shelf::of(dir.path()).get("x"), Err(SavedError::Damaged { .. })), "a key that is none");
        fs::write(dir.path().join(SAVED).join("x.toml"), "").unwrap();
        assert_eq!(Shelf::of(dir.path()).get("x").unwrap(), Saved::default());
        let told = Saved { alert: true, ..saved("x") };
        Shelf::of(dir.path()).put("x", &told, true).unwrap();
        assert_eq!(Shelf::of(dir.path()).get("x").unwrap(), told);
    }
}
