//! The command line as clap sees it, with the settings as its defaults.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _, CommandFactory, FromArgMatches};

use super::shield::shield;
use super::{Cli, Global, help};
use crate::ask::FilterArgs;
use crate::config::{ConfigError, Key, Kind, Origin, Setting, Settings};
use crate::render::clean;

/// The whole command line, each command's long help beginning with its examples.
pub(super) fn command() -> clap::Command {
    help::EXAMPLES.iter().fold(plain(), |command, (name, examples)| {
        command.mut_subcommand(name, |sub| {
            let about = sub.get_long_about().or_else(|| sub.get_about()).map(ToString::to_string);
            sub.long_about(about.unwrap_or_default() + &help::shown(examples))
        })
    })
}

/// Options that only the long help shows.
const RARE: [&str; 13] = [
    "batch",
    "broader",
    "context",
    "doubt",
    "fields",
    "min-mentions",
    "no-feedback",
    "no-metonyms",
    "no-pager",
    "null",
    "offset",
    "paths-only",
    "recency",
];

/// The whole command line without examples.
pub(super) fn plain() -> clap::Command {
    let filters: Vec<clap::Id> =
        FilterArgs::augment_args(clap::Command::new("")).get_arguments().map(|arg| arg.get_id().clone()).collect();
    arranged(Cli::command(), &filters)
}

/// Puts options under their headings, and hides the rare ones from the short help. clap applies the heading of the
/// filters to all options after them too, so those are moved to "Output".
fn arranged(command: clap::Command, filters: &[clap::Id]) -> clap::Command {
    let arrange = |arg: Arg| {
        let strayed = arg.get_help_heading() == Some("Filters") && !filters.contains(arg.get_id());
        let arg = if strayed { arg.help_heading("Output") } else { arg };
        let rare = arg.get_long().is_some_and(|name| RARE.contains(&name));
        if rare { arg.hide_short_help(true) } else { arg }
    };
    command.mut_args(arrange).mut_subcommands(|sub| arranged(sub, filters))
}

/// Parses the command line; the settings are the defaults of its options.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>, mut settings: Settings) -> Result<Cli, clap::Error> {
    let arguments: Vec<OsString> = joined(arguments.into_iter().collect());
    let matches = match brief(&arguments).map(|brief| with_defaults(brief, &settings).try_get_matches_from(&arguments))
    {
        Some(Ok(matches)) => matches,
        // Only the whole command line can print the help, and say what is wrong with an argument.
        Some(Err(_)) | None => with_defaults(command(), &settings).try_get_matches_from(arguments)?,
    };
    let mut cli = Cli::from_arg_matches(&matches)?;
    note_options(&matches, &mut settings);
    cli.global.settings = settings;
    Ok(cli)
}

/// Joins `--recency` with a number that follows it: written apart, the number would be a word of the query.
fn joined(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::with_capacity(arguments.len());
    let (mut rest, mut options) = (arguments.into_iter().peekable(), true);
    while let Some(argument) = rest.next() {
        options &= argument != "--";
        let days = rest.next_if(|next| {
            let number = next.to_str().is_some_and(|next| next.parse::<f64>().is_ok_and(f64::is_finite));
            options && argument == "--recency" && number
        });
        out.push(argument);
        if let (Some(days), Some(option)) = (days, out.last_mut()) {
            option.push("=");
            option.push(days);
        }
    }
    out
}

/// A command line with one command alone, where that is one that is run often: defining all the others would cost every
/// search half a millisecond.
fn brief(arguments: &[OsString]) -> Option<clap::Command> {
    let command = match arguments.get(1)?.to_str()? {
        "search" => super::search::Args::augment_args(clap::Command::new("search")),
        "facets" => super::facets::Args::augment_args(clap::Command::new("facets")),
        _ => return None,
    };
    Some(Global::augment_args(clap::Command::new("despatch")).subcommand(command))
}

/// Prints help, version or what is wrong with the command line; gives the exit code.
pub(super) fn failure(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    // The message quotes the argument, which may contain characters that act on a terminal.
    let plain = error.render().to_string();
    let told = match shield(plain.as_bytes()) {
        Cow::Borrowed(_) => error.print(),
        Cow::Owned(guarded) => io::stderr().write_all(&guarded),
    };
    let _ = told; // nowhere else to report it
    if let Some(search) = meant_search(error, arguments) {
        let _ = writeln!(io::stderr(), "\nhint: `{}` looks for these words", clean(&search)); // as above
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

/// The search that was probably meant where the first word is no command: `despatch search WORDS`.
fn meant_search(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let words: Vec<&str> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let searches = error.kind() == ErrorKind::InvalidSubcommand && words.first().is_some_and(|w| !w.starts_with('-'));
    let words = shlex::try_join(words).ok().filter(|_| searches)?;
    Some(format!("despatch search {words}"))
}

/// The command with the settings as defaults of its options, and of those of its subcommands.
fn with_defaults(command: clap::Command, settings: &Settings) -> clap::Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|arg| match settings.iter().find(|setting| serves(setting, &name, &arg)) {
            Some(setting) => with_default(arg, setting),
            None => arg,
        })
        .mut_subcommands(|command| with_defaults(command, settings))
}

/// Whether a setting is the default of this option: somebody set it, and the option accepts its value. A value that
/// only another command's option accepts (`format = "csv"`) has no effect here.
fn serves(setting: &Setting, command: &str, arg: &Arg) -> bool {
    let Setting { key, values, origin } = setting;
    let possible = arg.get_possible_values();
    *origin != Origin::Default
        && option(key) == arg.get_long()
        && (key.commands.is_empty() || key.commands.contains(&command))
        && (possible.is_empty() || values.iter().all(|value| possible.iter().any(|known| known.matches(value, false))))
}

/// The error for a setting with a value that no option accepts.
pub(super) fn unheard(settings: &Settings) -> Option<ConfigError> {
    let set: Vec<&Setting> = settings.iter().filter(|setting| setting.origin != Origin::Default).collect();
    let command = if set.is_empty() { return None } else { plain() };
    set.into_iter().find_map(|setting| {
        let mut known = Vec::new();
        options(&command, setting.key.name, &mut known);
        let heard = known.is_empty() || setting.values.iter().all(|value| known.contains(value));
        (!heard).then(|| setting.refused(&format!("one of {}", known.join(", "))))
    })
}

/// Adds to `known` the values that options of this name accept, in any command.
fn options(command: &clap::Command, name: &str, known: &mut Vec<String>) {
    for arg in command.get_arguments().filter(|arg| arg.get_long() == Some(name)) {
        for value in arg.get_possible_values().iter().map(|value| value.get_name().to_owned()) {
            if !known.contains(&value) {
                known.push(value);
            }
        }
    }
    command.get_subcommands().for_each(|sub| options(sub, name, known));
}

/// The name of the long option whose default a setting is.
fn option(key: &Key) -> Option<&'static str> {
    Some(if key.kind == Kind::Switch { "no-feedback" } else { key.name })
}

fn with_default(arg: Arg, setting: &Setting) -> Arg {
    let leak = |text: String| -> &'static str { text.leak() }; // clap keeps defaults for the whole process
    if setting.key.kind == Kind::Switch {
        let off = setting.values.iter().any(|value| value == "false");
        return arg.default_value(if off { "true" } else { "false" });
    }
    arg.default_values(setting.values.iter().cloned().map(leak))
}

/// Records which settings the options of the command line have overridden.
fn note_options(matches: &ArgMatches, settings: &mut Settings) {
    let given: Vec<(&'static str, Vec<String>)> = settings
        .iter()
        .map(|setting| setting.key.name)
        .filter(|name| matches.try_contains_id(name).unwrap_or(false))
        .filter(|name| matches.value_source(name) == Some(ValueSource::CommandLine))
        .map(|name| {
            let raw = matches.get_raw(name).into_iter().flatten();
            (name, raw.map(|value| value.to_string_lossy().into_owned()).collect())
        })
        .collect();
    for (name, values) in given {
        settings.set(name, values, Origin::Option(name.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KEYS;

    #[test]
    fn a_number_after_recency_is_its_value() {
        let line = |text: &str| joined(text.split(' ').map(OsString::from).collect()).join(&OsString::from(" "));
        assert_eq!(line("despatch search drones --recency 30"), "despatch search drones --recency=30");
        assert_eq!(line("despatch search --recency 7.5 155 mm"), "despatch search --recency=7.5 155 mm");
        assert_eq!(line("despatch search --recency drones 30"), "despatch search --recency drones 30");
        assert_eq!(line("despatch search -- --recency 30"), "despatch search -- --recency 30");
    }

    #[test]
    fn the_definition_holds() {
        command().debug_assert();
    }

    #[test]
    fn a_brief_definition_reads_what_the_whole_one_does() {
        let lines = [
            "despatch search SAFE fund --since 2025-11 --format json -n 3 --index news --actor uk --actor eu",
            "despatch search --quiet",
            "despatch facets Taurus --by topic,actor --marks none",
        ];
        for line in lines {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let [brief, whole] = [brief(&arguments).unwrap(), command()].map(|command| {
                let matches = command.try_get_matches_from(&arguments).unwrap();
                format!("{:?}", Cli::from_arg_matches(&matches).unwrap())
            });
            assert_eq!(brief, whole);
        }
        assert!(brief(&["despatch".into(), "index".into()]).is_none() && brief(&["despatch".into()]).is_none());
    }

    #[test]
    fn a_setting_and_the_option_of_its_name_have_one_default() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments() {
                let Some(key) = KEYS.iter().find(|key| arg.get_long() == Some(key.name)) else { continue };
                // A switch has two options, and the default is that neither is given.
                let elsewhere = !key.commands.is_empty() && !key.commands.contains(&command.get_name());
                let only_one = command.get_name() == "extract" && key.name == "format";
                if elsewhere || only_one || key.kind == Kind::Switch {
                    continue;
                }
                let own: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
                assert_eq!(own.join(" "), key.default, "{} of {}", key.name, command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        check(&command());
    }
}
