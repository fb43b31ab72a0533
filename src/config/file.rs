//! A settings file: TOML, one value a key, every mistake with its line.

use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Kind, Project, nearest};
use super::{At, ConfigError, Settings, World};

/// A setting, its values in the form that an option takes, and the line where they stand.
pub(super) type Entry = (&'static Key, Vec<String>, usize);

/// Whose settings file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    User,
    Project,
}

/// Reads a settings file; a missing one holds no settings. `before` are the settings without this file.
pub(super) fn read(path: &Path, owner: Owner, world: &World, before: &Settings) -> Result<Vec<Entry>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text, path, owner, world, before),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(cause) => Err(ConfigError::Read { path: path.to_owned(), cause }),
    }
}

fn parse(text: &str, path: &Path, owner: Owner, world: &World, before: &Settings) -> Result<Vec<Entry>, ConfigError> {
    let line = |byte: usize| 1 + text[..text.floor_char_boundary(byte)].matches('\n').count();
    let at = |byte: usize| At { path: path.to_owned(), line: line(byte) };
    let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        at: at(error.span().map_or(0, |span| span.start)),
        what: error.message().to_owned(),
    })?;
    let mut entries = Vec::new();
    for (name, value) in table.get_ref().iter() {
        let place = at(name.span().start);
        let name: &str = name.get_ref();
        let Some(key) = KEYS.iter().find(|key| key.name == name) else {
            let nearest = nearest(name, KEYS.iter().map(|key| key.name));
            return Err(ConfigError::Unknown { at: place, key: name.to_owned(), nearest });
        };
        let line = place.line;
        let folder = path.parent().unwrap_or(Path::new(""));
        let expects = |expected: &str| ConfigError::Value { at: place.clone(), key, expected: expected.to_owned() };
        let values = plain(key, value).map_err(expects)?;
        let values: Vec<String> = values.into_iter().map(|value| rooted(key, value, folder, world)).collect();
        if owner == Owner::Project {
            allowed(key, &values, folder, before).map_err(|why| ConfigError::Refused { at: place, key, why })?;
        }
        entries.push((key, values, line));
    }
    Ok(entries)
}

/// A TOML value in the form that an option takes.
fn plain(key: &Key, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, &'static str> {
    let text = |value: &DeValue<'_>| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let value = value.get_ref();
    match key.kind {
        Kind::Text | Kind::Path => text(value).map(|text| vec![text]).ok_or("text in quotation marks"),
        Kind::Zone => text(value).map(|text| vec![text]).ok_or("the name of a time zone in quotation marks"),
        Kind::Number => {
            let number =
                value.as_integer().and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
            number.filter(|number| *number >= 0).map(|number| vec![number.to_string()]).ok_or("a whole number from 0")
        }
        Kind::Seconds => {
            let text = value.as_float().map(|number| number.as_str().to_owned());
            let text = text.or_else(|| value.as_integer().map(|number| number.as_str().to_owned()));
            text.filter(|text| is_seconds(text)).map(|text| vec![text]).ok_or(SECONDS)
        }
        Kind::Switch => value.as_bool().map(|on| vec![on.to_string()]).ok_or("true or false"),
        Kind::Paths => {
            let list = value.as_array().map(|list| list.iter().map(|item| text(item.get_ref())).collect::<Option<_>>());
            list.flatten().or_else(|| text(value).map(|one| vec![one])).ok_or("a path, or a list of paths")
        }
        Kind::List => {
            let list = value.as_array().map(|list| list.iter().map(|item| text(item.get_ref())).collect::<Option<_>>());
            list.flatten().or_else(|| text(value).map(|all| listed(&all))).ok_or("text, or a list of texts")
        }
    }
}

/// What is said of a value that is no number of seconds.
pub(super) const SECONDS: &str = "a number of seconds from 0";

/// Whether a text is a number of seconds.
pub(super) fn is_seconds(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|seconds| seconds.is_finite() && seconds >= 0.0)
}

/// The parts of a list that is written as one text.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split([',', ' ', ';']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Resolves a path in a settings file: relative to the file's folder, with `~/` for the home directory. Other values
/// stay.
fn rooted(key: &Key, value: String, folder: &Path, world: &World) -> String {
    if !matches!(key.kind, Kind::Path | Kind::Paths) {
        return value;
    }
    let path = match (value.strip_prefix("~/"), &world.home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(&value),
    };
    path.to_string_lossy().into_owned()
}

/// Checks that a project file may set a key to these values; the error says why not.
fn allowed(key: &Key, values: &[String], folder: &Path, before: &Settings) -> Result<(), &'static str> {
    match key.project {
        Project::Free => Ok(()),
        Project::Refused => Err("a project file cannot name a command to run; set it in your own file"),
        Project::Own => Err("a project file cannot decide which machines are asked, or how; set it in your own file"),
        Project::Inside if values.iter().all(|value| is_inside(Path::new(value), folder)) => Ok(()),
        Project::Inside => Err("a project file can only name places in its own folder; set it in your own file"),
        Project::Lower => {
            let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok());
            let lower = number(values.first().map(String::as_str)) <= number(before.value(key.name));
            if lower { Ok(()) } else { Err("a project file can only lower this limit; raise it in your own file") }
        }
    }
}

/// Whether a path lies in a folder, also after symbolic links are resolved. A path with `..` is refused.
fn is_inside(path: &Path, folder: &Path) -> bool {
    if path.components().any(|part| part == Component::ParentDir) {
        return false;
    }
    let real = |path: &Path| -> Option<PathBuf> { path.ancestors().find_map(|part| part.canonicalize().ok()) };
    match (real(path), folder.canonicalize()) {
        (Some(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}
