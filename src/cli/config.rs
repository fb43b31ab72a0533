//! `despatch config`: the settings in force, and where they come from.

use std::io::Write;
use std::path::Path;

use clap::Subcommand;

use super::format::Format;
use super::output::Output;
use super::{Global, Outcome};
use crate::config::{KEYS, PROJECT_FILE, Setting, VARIABLES, World, nearest};

/// Shows the settings in force, and where they come from.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Name the settings files that are read here
    Path,
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
    /// Whether the subcommand is `path`, which works even where the settings are wrong.
    pub(super) fn is_path(&self) -> bool {
        matches!(self.command, Command::Path)
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Path => path(out),
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

fn show(key: Option<&str>, origin: bool, format: Format, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    if let Some(key) = key.filter(|key| KEYS.iter().all(|known| known.name != *key)) {
        let nearest = nearest(key, KEYS.iter().map(|key| key.name));
        anyhow::bail!(
            "there is no setting '{key}'{}",
            nearest.map_or_else(String::new, |n| format!("; did you mean '{n}'?"))
        );
    }
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
