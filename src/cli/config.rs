//! `despatch config`: the settings in force, and where they come from.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, anyhow};
use clap::Subcommand;
use toml_edit::DocumentMut;

use super::format::Format;
use super::output::Output;
use super::{Global, Outcome, backend, command};
use crate::config::{ConfigError, KEYS, Key, Kind, Origin, PROJECT_FILE, Setting, Settings, VARIABLES, World, nearest};

/// Shows the settings in force and where they come from, and changes them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Name the settings files that are read here
    Path,
    /// Keep a value in your own settings file; what else is in the file stays
    Set {
        /// The setting
        key: String,
        /// Its value
        value: String,
    },
    /// Take a setting out of your own settings file
    Unset {
        /// The setting
        key: String,
    },
    /// Print every setting with its value
    Show {
        /// Only the setting of this name
        key: Option<String>,
        /// Say where each value came from
        #[arg(long)]
        origin: bool,
        /// Form of the output
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

impl Args {
    /// Whether the subcommand works even where the settings are wrong.
    pub(super) fn mends(&self) -> bool {
        !matches!(self.command, Command::Show { .. })
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Path => path(out),
        Command::Set { key, value } => write(key, Some(checked(known(key)?, value)?), out),
        // A key that is no setting stops every other command, so it can be taken out too.
        Command::Unset { key } => write(key, None, out),
        Command::Show { key, origin, format } => show(key.as_deref(), *origin, *format, global, out),
    }
}

fn path(out: &mut Output) -> anyhow::Result<Outcome> {
    let world = World::here();
    let state = |path: &Path| if path.exists() { "" } else { "  (not there)" };
    match &world.user_file {
        _ if world.no_files => writeln!(out, "user     none: DESPATCH_CONFIG is empty")?,
        Some(path) => writeln!(out, "user     {}{}", path.display(), state(path))?,
        None => writeln!(out, "user     none: no home directory")?,
    }
    match world.project_file() {
        Some(path) => writeln!(out, "project  {}", path.display())?,
        None => writeln!(out, "project  none: no {PROJECT_FILE} here or above")?,
    }
    Ok(Outcome::Done)
}

/// The setting of this name.
fn known(name: &str) -> anyhow::Result<&'static Key> {
    let meant = || nearest(name, KEYS.iter().map(|key| key.name)).map(|nearest| format!("; did you mean '{nearest}'?"));
    let key = KEYS.iter().find(|key| key.name == name);
    key.with_context(|| format!("there is no setting '{name}'{}", meant().unwrap_or_default()))
}

/// Writes a value into the user's settings file, or takes the setting out of it; says so where another value counts.
fn write(key: &str, value: Option<toml_edit::Value>, out: &mut Output) -> anyhow::Result<Outcome> {
    let world = World::here();
    let path = world.user_file.clone().filter(|_| !world.no_files).context("there is no settings file to write to")?;
    let text = match std::fs::read_to_string(&path) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => String::new(),
        read => read.with_context(|| path.display().to_string())?,
    };
    let mut file: DocumentMut = text.parse().with_context(|| path.display().to_string())?;
    match value {
        Some(value) => set(&mut file, key, value),
        None => drop(file.remove(key)),
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    // Under another name first, so that no reader sees half a file.
    let new = path.with_extension("toml.new");
    std::fs::write(&new, file.to_string())
        .and_then(|()| std::fs::rename(&new, &path))
        .with_context(|| path.display().to_string())?;
    out.note(&format!("written to {}", path.display()));
    let settings = Settings::resolve(&World::here()).unwrap_or_default(); // another key may be wrong still
    let now = settings.iter().find(|setting| setting.key.name == key);
    if let Some(other) = now.filter(|now| !matches!(now.origin, Origin::User(_) | Origin::Default)) {
        out.note(&format!("here {} counts: {}", other.origin, other.values.join(", ")));
    }
    Ok(Outcome::Done)
}

/// Sets a key; the comments around its old value stay.
fn set(file: &mut DocumentMut, key: &str, mut value: toml_edit::Value) {
    let Some(old) = file.get_mut(key) else {
        file.insert(key, toml_edit::value(value));
        return;
    };
    if let Some(old) = old.as_value() {
        *value.decor_mut() = old.decor().clone();
    }
    *old = toml_edit::value(value);
}

/// A value as TOML, once the setting accepts it. Paths are made absolute: in a file they would start from its folder.
fn checked(key: &'static Key, value: &str) -> anyhow::Result<toml_edit::Value> {
    anyhow::ensure!(!value.is_empty(), "'{}' needs a value; `despatch config unset {0}` takes it out", key.name);
    let environment = vec![(key.variable(), value.to_owned())];
    let world = World { no_files: true, environment, ..World::default() };
    let settings = Settings::resolve(&world).map_err(|error| refused(key, error))?;
    if let Some(error) = command::unheard(&settings) {
        return Err(refused(key, error));
    }
    if key.name == backend::SETTING {
        backend::check(value)?;
    }
    let absolute = |path: &str| Ok::<_, std::io::Error>(std::path::absolute(path)?.to_string_lossy().into_owned());
    let values: Vec<String> =
        settings.iter().filter(|one| one.key.name == key.name).flat_map(|one| one.values.clone()).collect();
    let first = values.first().map(String::as_str).unwrap_or_default();
    Ok(match key.kind {
        Kind::Number => first.parse::<i64>().with_context(|| format!("'{}' is too large", key.name))?.into(),
        Kind::Switch => (first == "true").into(),
        Kind::Path => absolute(first)?.into(),
        Kind::Paths => values.iter().map(|path| absolute(path)).collect::<Result<toml_edit::Array, _>>()?.into(),
        Kind::Seconds => match first.parse::<i64>() {
            Ok(whole) => whole.into(),
            Err(_) => first.parse::<f64>().with_context(|| format!("'{}' takes seconds", key.name))?.into(),
        },
        Kind::List => values.iter().map(String::as_str).collect::<toml_edit::Array>().into(),
        Kind::Text | Kind::Zone => first.into(),
    })
}

/// The error for a value that a setting does not take.
fn refused(key: &Key, error: ConfigError) -> anyhow::Error {
    match error {
        ConfigError::Variable { value, expected, .. } => anyhow!("'{}' takes {expected}, not '{value}'", key.name),
        other => other.into(),
    }
}

fn show(key: Option<&str>, origin: bool, format: Format, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    key.map(known).transpose()?;
    let chosen = global.settings.iter().filter(|setting| key.is_none_or(|key| key == setting.key.name));
    for Setting { key, values, origin: from } in chosen {
        if format == Format::Json {
            let line = serde_json::json!({
                "type": "setting", "key": key.name, "values": values, "origin": from.to_string(),
                "variable": key.variable(), "default": key.default, "project": key.project_rule(), "about": key.about,
            });
            writeln!(out, "{line}")?;
        } else {
            let value = if values.is_empty() { "-".to_owned() } else { values.join(", ") };
            let from = if origin { format!("  ({from})") } else { String::new() };
            writeln!(out, "{:<13} {value}{from}", key.name)?;
        }
    }
    Ok(Outcome::Done)
}

/// The note on an environment variable that begins with `DESPATCH_` but is no setting.
pub(super) fn stranger(name: &str) -> String {
    let known: Vec<String> =
        KEYS.iter().map(|key| key.variable()).chain(VARIABLES.iter().map(|(name, _)| (*name).to_owned())).collect();
    match nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => format!("{name} is no setting; did you mean {nearest}?"),
        None => format!("{name} is no setting; `despatch help settings` lists them"),
    }
}
