//! Settings, resolved once: default < user file < project file < environment < option.
//!
//! The user file is `despatch/config.toml` in the user's configuration folder. A project file, `.despatch.toml`, is
//! looked for in the current directory and those above it, up to a repository's root or the home directory. It must not
//! name a command to run or a place outside its folder, nor raise a limit on inputs. [`KEYS`] is the one list of
//! settings: a key that is the name of a long option gives that option its default.
//!
//! ```
//! use despatch::config::{Settings, World};
//!
//! let environment = vec![("DESPATCH_INDEX".to_owned(), "/srv/news".to_owned())];
//! let world = World { folder: "/".into(), home: None, user_file: None, no_files: true, environment };
//! assert_eq!(Settings::resolve(&world)?.value("index"), Some("/srv/news"));
//! # Ok::<(), despatch::config::ConfigError>(())
//! ```

mod file;
mod keys;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use jiff::tz::TimeZone;

use file::Owner;
pub use keys::Key;
pub use keys::Project;
pub(crate) use keys::{KEYS, VARIABLES};
pub use keys::{Kind, nearest};

/// Name of a project's settings file.
pub const PROJECT_FILE: &str = ".despatch.toml";

/// A line of a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A settings file could not be read.
    #[error("{}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A settings file is not TOML.
    #[error("{at}: {what}")]
    Syntax {
        /// Where.
        at: At,
        /// What is wrong.
        what: String,
    },
    /// There is no such setting.
    #[error("{at}: there is no setting '{key}'")]
    Unknown {
        /// Where.
        at: At,
        /// What was written.
        key: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// A setting has a value that it cannot take.
    #[error("{at}: '{}' takes {expected}", key.name)]
    Value {
        /// Where.
        at: At,
        /// The setting.
        key: &'static Key,
        /// What it takes.
        expected: String,
    },
    /// An environment variable has a value that its setting cannot take.
    #[error("{variable}={value}: it takes {expected}")]
    Variable {
        /// The variable.
        variable: String,
        /// Its value.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// A project file sets what it must not.
    #[error("{at}: '{}' is refused: {why}", key.name)]
    Refused {
        /// Where.
        at: At,
        /// The setting.
        key: &'static Key,
        /// Why.
        why: &'static str,
    },
}

impl ConfigError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest: Some(nearest), .. } => Some(format!("did you mean '{nearest}'?")),
            Self::Unknown { .. } => Some("`despatch help settings` lists them".to_owned()),
            _ => None,
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The program's default.
    Default,
    /// The user's file.
    User(At),
    /// The project's file.
    Project(At),
    /// This environment variable.
    Environment(String),
    /// This option of the command line.
    Option(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::User(at) => write!(f, "user file {at}"),
            Self::Project(at) => write!(f, "project file {at}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Option(name) => write!(f, "option --{name}"),
        }
    }
}

/// A setting with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its entry in [`KEYS`].
    pub key: &'static Key,
    /// Its values in the form that an option takes; more than one only for [`Kind::Paths`] and [`Kind::List`].
    pub values: Vec<String>,
    /// Where they came from.
    pub origin: Origin,
}

/// What settings are read from.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The current directory.
    pub folder: PathBuf,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// The user file.
    pub user_file: Option<PathBuf>,
    /// Whether settings files are ignored.
    pub no_files: bool,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
}

impl World {
    /// This process's directory, files and environment. Only the command line asks for them: the rest of the library
    /// reads no environment variable and no clock but what its caller gives it.
    pub fn here() -> Self {
        let strategy = etcetera::choose_base_strategy().ok();
        let environment: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
            .filter(|(name, _)| name.starts_with(keys::PREFIX))
            .collect();
        let named = environment.iter().find(|(name, _)| name == "DESPATCH_CONFIG").map(|(_, value)| value);
        let usual = strategy.as_ref().map(|strategy| strategy.config_dir().join("despatch").join("config.toml"));
        Self {
            folder: std::env::current_dir().unwrap_or_default(),
            home: strategy.map(|strategy| strategy.home_dir().to_owned()),
            no_files: named.is_some_and(String::is_empty),
            user_file: named.map(PathBuf::from).or(usual),
            environment,
        }
    }

    /// Whether the environment names the user file, which must be there then.
    fn names_user_file(&self) -> bool {
        self.environment.iter().any(|(name, value)| name == "DESPATCH_CONFIG" && !value.is_empty())
    }

    /// The project file that applies to the current directory, if any.
    pub fn project_file(&self) -> Option<PathBuf> {
        for folder in self.folder.ancestors() {
            if self.no_files || self.home.as_deref() == Some(folder) {
                return None;
            }
            let file = folder.join(PROJECT_FILE);
            if file.is_file() {
                return Some(file);
            }
            if folder.join(".git").exists() {
                return None;
            }
        }
        None
    }
}

/// Every setting with its value, in the order of [`KEYS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    settings: Vec<Setting>,
    /// Environment variables that begin with `DESPATCH_` and are no settings.
    pub strangers: Vec<String>,
}

impl Settings {
    /// Reads files and environment.
    ///
    /// # Errors
    ///
    /// Fails where a file cannot be read, or where a file or a variable holds an unknown setting or a value that it
    /// cannot take; the error names the place.
    pub fn resolve(world: &World) -> Result<Self, ConfigError> {
        let own = |key: &'static Key| {
            let values = Some(key.default).filter(|text| !text.is_empty()).map(str::to_owned).into_iter().collect();
            Setting { key, values, origin: Origin::Default }
        };
        let mut out = Self { settings: KEYS.iter().map(own).collect(), strangers: Vec::new() };
        if let Some(path) = world.user_file.as_deref().filter(|_| world.names_user_file()) {
            std::fs::metadata(path).map_err(|cause| ConfigError::Read { path: path.to_owned(), cause })?;
        }
        if let Some(path) = world.user_file.as_deref().filter(|_| !world.no_files) {
            out.take(path, Owner::User, world)?;
        }
        if let Some(path) = world.project_file() {
            out.take(&path, Owner::Project, world)?;
        }
        for (name, value) in &world.environment {
            if let Some(key) = KEYS.iter().find(|key| key.variable() == *name) {
                if !value.is_empty() {
                    out.set(key.name, from_variable(key, name, value)?, Origin::Environment(name.clone()));
                }
            } else if !VARIABLES.iter().any(|(known, _)| known == name) {
                out.strangers.push(name.clone());
            }
        }
        out.zone_exists()?;
        Ok(out)
    }

    fn take(&mut self, path: &Path, owner: Owner, world: &World) -> Result<(), ConfigError> {
        for (key, values, line) in file::read(path, owner, world, self)? {
            let at = At { path: path.to_owned(), line };
            let origin = if owner == Owner::User { Origin::User(at) } else { Origin::Project(at) };
            self.set(key.name, values, origin);
        }
        Ok(())
    }

    /// Sets a setting; an unknown name changes nothing.
    pub fn set(&mut self, name: &str, values: Vec<String>, origin: Origin) {
        if let Some(setting) = self.settings.iter_mut().find(|setting| setting.key.name == name) {
            setting.values = values;
            setting.origin = origin;
        }
    }

    /// All settings.
    pub fn iter(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter()
    }

    /// The setting with this name.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key.name == name)
    }

    /// The value of a setting, the first where it has several.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name)?.values.first().map(String::as_str)
    }

    /// The time zone by which "today" is meant.
    pub fn time_zone(&self) -> TimeZone {
        self.value("timezone").and_then(zone).unwrap_or(TimeZone::UTC)
    }

    fn zone_exists(&self) -> Result<(), ConfigError> {
        let wrong = |setting: &&Setting| setting.values.iter().any(|name| zone(name).is_none());
        match self.get("timezone").filter(wrong) {
            Some(setting) => Err(setting.refused("a time zone: UTC, local, or a name like Europe/Brussels")),
            None => Ok(()),
        }
    }
}

impl Setting {
    /// The error for a value that cannot be used, with the place where it was set.
    pub fn refused(&self, expected: &str) -> ConfigError {
        let (key, expected) = (self.key, expected.to_owned());
        match self.origin.clone() {
            Origin::User(at) | Origin::Project(at) => ConfigError::Value { at, key, expected },
            _ => ConfigError::Variable { variable: key.variable(), value: self.values.join(" "), expected },
        }
    }
}

fn zone(name: &str) -> Option<TimeZone> {
    match name {
        "UTC" => Some(TimeZone::UTC),
        "local" => Some(TimeZone::system()),
        _ => TimeZone::get(name).ok(),
    }
}

fn from_variable(key: &'static Key, variable: &str, value: &str) -> Result<Vec<String>, ConfigError> {
    let fail = |expected: &str| {
        let (variable, value, expected) = (variable.to_owned(), value.to_owned(), expected.to_owned());
        Err(ConfigError::Variable { variable, value, expected })
    };
    match key.kind {
        Kind::Number if value.parse::<u64>().is_err() => fail("a whole number from 0"),
        Kind::Seconds if !file::is_seconds(value) => fail(file::SECONDS),
        Kind::List => Ok(file::listed(value)),
        Kind::Switch if !["true", "false"].contains(&value) => fail("true or false"),
        Kind::Paths => Ok(std::env::split_paths(value).map(|path| path.to_string_lossy().into_owned()).collect()),
        _ => Ok(vec![value.to_owned()]),
    }
}
