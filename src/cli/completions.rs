//! `despatch completions`: scripts that ask the program itself what can come next, so that names of actors, topics,
//! outlets and saved searches are completed too.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Arg;
use clap::builder::StyledStr;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::Shells;
use clap_complete::{CompleteEnv, Shell};

use super::output::Output;
use super::{Global, Outcome, command, headings, help, open_engine};
use crate::article::Doubt;
use crate::authority::{Authority, is_system};
use crate::config::{KEYS, Settings, World};
use crate::engine::{Engine, Facet, FacetRequest};
use crate::saved::Shelf;

/// The environment variable that completion scripts set to the name of their shell.
const VARIABLE: &str = "DESPATCH_COMPLETE";
/// Candidates offered at a time, at most.
const MOST: usize = 200;

/// Prints a completion script for a shell.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Outcome> {
    let name = args.shell.to_string();
    let shells = Shells::builtins();
    let shell = shells.completer(&name).with_context(|| format!("no completions for {name}"))?;
    shell.write_registration(VARIABLE, "despatch", "despatch", "despatch", out)?;
    Ok(Outcome::Done)
}

/// Answers a completion script; `None` where the program was not called by one.
pub(super) fn answer(arguments: &[OsString]) -> Option<ExitCode> {
    let shell = std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty())?;
    let index = index_of(arguments);
    let env = CompleteEnv::with_factory(|| with_completers(command::command(), shell == "bash", &index));
    let folder = std::env::current_dir().ok();
    let answered = env.var(VARIABLE).bin("despatch").completer("despatch").try_complete(arguments, folder.as_deref());
    Some(if answered.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// The index directory that the line being typed gives with `--index DIR` or `--index=DIR`.
fn index_of(arguments: &[OsString]) -> Option<PathBuf> {
    let mut rest = arguments.iter();
    let value = rest.find_map(|argument| match argument.to_str()?.strip_prefix("--index")? {
        "" => Some(None),
        joined => joined.strip_prefix('=').map(|value| Some(OsString::from(value))),
    })?;
    // Bash makes `--index`, `=` and `DIR` of `--index=DIR`.
    let value = value.or_else(|| rest.find(|word| *word != "=").cloned());
    value.filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Attaches completers to the options and arguments that have values to offer.
fn with_completers(command: clap::Command, bash: bool, index: &Option<PathBuf>) -> clap::Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|arg| with_completer(arg, &name, bash, index))
        .mut_subcommands(|sub| with_completers(sub, bash, index))
}

fn with_completer(arg: Arg, command: &str, bash: bool, index: &Option<PathBuf>) -> Arg {
    let index = index.clone();
    let source: fn(&str, &Asker) -> Vec<(String, String)> = match (command, arg.get_id().as_str()) {
        (_, "actor" | "said") => actors,
        (_, "affiliation") => |typed, asker| actors_of(typed, asker, Some("state/")),
        (_, "system") => systems,
        (_, "topic") if command != "help" => topics,
        ("help", "topic") => |_, _| pages(),
        (_, "outlet") => |_, asker| asker.values(Facet::Outlet),
        (_, "lang") => |_, asker| asker.values(Facet::Language),
        (_, "place") => |_, asker| asker.values(Facet::Place),
        (_, "doubt") => |_, _| Doubt::ALL.iter().map(|one| (one.name().to_owned(), one.reason().to_owned())).collect(),
        (_, "query") => |typed, asker| if typed.starts_with('@') { asker.saved("@") } else { Vec::new() },
        ("saved", "delete" | "rename") => |_, asker| asker.saved(""),
        ("show", "key") => |_, _| KEYS.iter().map(|key| (key.name.to_owned(), key.about.to_owned())).collect(),
        _ => return arg,
    };
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let Some(typed) = typed.to_str() else { return Vec::new() };
        candidates(typed, source, &Asker { index: index.clone() }, bash)
    }))
}

/// The candidates for what was typed; in a comma-separated list, for its last name.
fn candidates(
    typed: &str,
    source: fn(&str, &Asker) -> Vec<(String, String)>,
    asker: &Asker,
    bash: bool,
) -> Vec<CompletionCandidate> {
    let (before, last) = typed.rfind(',').map_or(("", typed), |at| typed.split_at(at + 1));
    let wanted = last.to_lowercase();
    let fits = |(value, _): &(String, String)| value.to_lowercase().starts_with(&wanted);
    let shown = |(value, about): (String, String)| {
        let value = format!("{before}{value}");
        // The scripts of the other shells quote values themselves.
        let value = if bash { value.replace('\\', r"\\").replace(' ', r"\ ").replace('\'', r"\'") } else { value };
        CompletionCandidate::new(value).help(Some(about).filter(|about| !about.is_empty()).map(StyledStr::from))
    };
    source(last, asker).into_iter().filter(fits).take(MOST).map(shown).collect()
}

/// Actors by id once a kind is typed (`person/k`), else by the part after the kind (`keir-starmer`) or by a surname.
fn actors(typed: &str, asker: &Asker) -> Vec<(String, String)> {
    if typed.is_empty() { asker.values(Facet::Actor) } else { actors_of(typed, asker, None) }
}

fn actors_of(typed: &str, asker: &Asker, kind: Option<&str>) -> Vec<(String, String)> {
    let typed = typed.to_lowercase();
    let authority = asker.authority();
    let mut out: Vec<(String, String)> = Vec::new();
    for id in authority.actors() {
        let Some((own, slug)) = id.split_once('/') else { continue };
        if is_system(id) || kind.is_some_and(|kind| !id.starts_with(kind)) {
            continue;
        }
        let surname = slug.rsplit('-').next().filter(|_| own == "person" && typed.len() > 2);
        let whole = if typed.contains('/') { id } else { slug };
        let value = [Some(whole), surname].into_iter().flatten().find(|value| value.starts_with(&typed));
        out.extend(value.map(|value| (value.to_owned(), authority.heading(id).unwrap_or_default().to_owned())));
    }
    out.sort();
    out.dedup_by(|a, b| a.0 == b.0);
    out
}

fn systems(typed: &str, asker: &Asker) -> Vec<(String, String)> {
    if typed.is_empty() {
        return asker.values(Facet::System);
    }
    let (authority, typed) = (asker.authority(), typed.to_lowercase());
    let things = authority.actors().filter(|id| is_system(id));
    let mut out: Vec<(String, String)> = things
        .filter_map(|id| {
            let value = if typed.contains('/') { id } else { id.rsplit('/').next()? };
            let heading = authority.heading(id).unwrap_or_default();
            value.starts_with(&typed).then(|| (value.to_owned(), heading.to_owned()))
        })
        .collect();
    out.sort();
    out.dedup_by(|a, b| a.0 == b.0);
    out
}

fn topics(_: &str, asker: &Asker) -> Vec<(String, String)> {
    let authority = asker.authority();
    let about = |id: &str| authority.topic_heading(id).unwrap_or_default().to_owned();
    authority.topics().map(|id| (id.to_owned(), about(id))).collect()
}

fn pages() -> Vec<(String, String)> {
    let commands = command::command();
    let about = |about: Option<&StyledStr>| about.map(ToString::to_string).unwrap_or_default();
    let pages = help::PAGES.iter().map(|(name, about, _)| ((*name).to_owned(), (*about).to_owned()));
    pages.chain(commands.get_subcommands().map(|sub| (sub.get_name().to_owned(), about(sub.get_about())))).collect()
}

/// Looks values up in the index that the command line or the settings name; where there is none, it finds no values.
struct Asker {
    index: Option<PathBuf>,
}

impl Asker {
    fn global(&self) -> Global {
        let settings = Settings::resolve(&World::here()).unwrap_or_default();
        let index = self.index.clone().or_else(|| settings.value("index").map(PathBuf::from));
        Global { index: index.unwrap_or_else(|| PathBuf::from("index")), settings, ..Global::default() }
    }

    fn authority(&self) -> &'static Authority {
        headings::of_index(&self.global()).unwrap_or_else(|_| Authority::bundled())
    }

    /// The values of a facet, most frequent first.
    fn values(&self, facet: Facet) -> Vec<(String, String)> {
        let global = self.global();
        let request = super::request::now(&global).map(|now| FacetRequest::new("", vec![facet], now));
        let Ok(counts) = request.and_then(|request| Ok(open_engine(&global)?.facets(&request)?)) else {
            return Vec::new();
        };
        let counts = counts.counts.into_values().flatten();
        counts
            .map(|count| (count.value.clone(), if count.label == count.value { String::new() } else { count.label }))
            .collect()
    }

    fn saved(&self, before: &str) -> Vec<(String, String)> {
        let shelf = Shelf::of(&self.global().index);
        let names = shelf.names().unwrap_or_default();
        names
            .into_iter()
            .map(|name| (format!("{before}{name}"), shelf.get(&name).map_or_else(|_| String::new(), |s| s.query)))
            .collect()
    }
}
