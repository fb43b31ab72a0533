//! The command line: one file for each subcommand, which turns arguments into a request and the result into an exit
//! code.

mod authority;
mod backend;
mod changes;
mod command;
mod completions;
mod config;
mod coverage;
mod decide;
mod demo;
mod digest;
mod doctor;
mod eval;
mod extract;
mod facets;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(feature = "fetch")]
mod follow;
#[cfg(feature = "fetch")]
mod following;
mod format;
mod headings;
mod help;
mod index;
mod inputs;
mod interrupt;
mod manual;
#[cfg(feature = "serve")]
mod mcp;
mod names;
mod new;
mod open;
mod output;
mod pager;
mod pairs;
mod purge;
mod quotes;
mod rebuild;
mod remove;
mod request;
mod saved;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod shield;
mod show;
mod similar;
mod stats;
mod timeline;
mod verify;
mod why;

use std::ffi::OsString;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use crate::archive::{Archive, ArchiveError};
use crate::article::Moment;
use crate::ask::AskError;
use crate::ask::choice::one_of;
use crate::config::{ConfigError, Settings, World};
use crate::directory::DirectoryError;
use crate::engine::{EngineError, Facet, Filters, LocalEngine, period_name};
use crate::ingest::{self, IngestError};
use crate::number::number_of;
use crate::query::dates::DateError;
use crate::render::Marks;
use crate::saved::SavedError;
use format::MARKS;
use output::Output;

/// Full-text search over defence-policy news: who said and did what, in ranked passages.
#[derive(Debug, Parser)]
#[command(name = "despatch", version, max_term_width = 100, arg_required_else_help = true)]
#[command(disable_help_subcommand = true, after_help = help::pages())]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Everywhere")]
struct Global {
    /// The index directory
    #[arg(long, global = true, value_name = "DIR", default_value = "index", value_hint = ValueHint::DirPath)]
    index: PathBuf,
    /// Headings of your own (TOML) in addition to the bundled ones; index and rebuild keep them with the index
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    authority: Vec<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, hide_short_help = true)]
    color: Color,
    /// What stands around matches where there are no colours
    #[arg(long, global = true, value_parser = one_of(MARKS), value_name = "MARKS", default_value = "guillemets", hide_short_help = true)]
    marks: Marks,
    /// Never send long output through a pager (DESPATCH_PAGER, PAGER, less)
    #[arg(long, global = true)]
    no_pager: bool,
    /// Print nothing but results and errors
    #[arg(short, long, global = true, hide_short_help = true)]
    quiet: bool,
    /// Every setting, with where it came from.
    #[arg(skip)]
    settings: Settings,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The subcommands. The help of each is the documentation of its `Args`.
#[derive(Debug, Subcommand)]
enum Command {
    Index(index::Args),
    #[cfg(feature = "fetch")]
    Follow(follow::Args),
    #[cfg(feature = "fetch")]
    Unfollow(follow::UnfollowArgs),
    #[cfg(feature = "fetch")]
    Following(following::Args),
    #[cfg(feature = "fetch")]
    Fetch(fetch::Args),
    New(new::Args),
    Coverage(coverage::Args),
    Digest(digest::Args),
    Search(search::Args),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Save(saved::SaveArgs),
    Saved(saved::SavedArgs),
    Facets(facets::Args),
    Timeline(timeline::Args),
    Pairs(pairs::Args),
    Quotes(quotes::Args),
    Changes(changes::Args),
    Show(show::Args),
    Similar(similar::Args),
    Why(why::Args),
    Open(open::Args),
    #[cfg(feature = "serve")]
    Mcp(mcp::Args),
    Extract(extract::Args),
    Names(names::Args),
    Authority(authority::Args),
    Eval(eval::Args),
    Stats(stats::Args),
    Remove(remove::Args),
    Purge(purge::Args),
    Verify(verify::Args),
    Doctor(doctor::Args),
    Rebuild(rebuild::Args),
    Demo(demo::Args),
    Config(config::Args),
    Completions(completions::Args),
    Man(manual::Args),
    Help(help::Args),
}

/// The result of a command, as its exit code reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1.
    NothingFound,
    /// Exit code 2; the errors have been printed already.
    PartlyFailed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::NothingFound => 1,
            Outcome::PartlyFailed => 2,
        })
    }
}

/// Runs the command that `arguments` name; prints what goes wrong.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(code) = completions::answer(&arguments) {
        return code;
    }
    let (settings, trouble) = match Settings::resolve(&World::here()) {
        Ok(settings) => {
            let trouble = command::unheard(&settings);
            (settings, trouble)
        }
        Err(error) => (Settings::default(), Some(error)),
    };
    let mut cli = match command::parse(arguments.clone(), settings) {
        Ok(cli) => cli,
        Err(error) => return command::failure(&error, &arguments),
    };
    let mut out = Output::new(&cli.global);
    // A panic is reported as an error below; one of a parser as a warning that names the document.
    crate::fence::quieten_panics(std::env::var_os("RUST_BACKTRACE").is_some());
    let strangers = std::mem::take(&mut cli.global.settings.strangers);
    strangers.iter().for_each(|name| out.note(&config::stranger(name)));
    let result = match trouble {
        Some(error) if !cli.command.is_about_itself() => Err(error.into()),
        _ if cli.global.index.is_file() && !cli.command.is_about_itself() => Err(NoFolder(cli.global.index).into()),
        _ => catch_unwind(AssertUnwindSafe(|| dispatch(cli.command, &cli.global, &mut out)))
            .unwrap_or_else(|panic| Err(Fault::of(panic.as_ref()).into())),
    };
    end(result, &mut out)
}

/// Flushes the output, prints the error if there is one, and returns the exit code.
fn end(result: anyhow::Result<Outcome>, out: &mut Output) -> ExitCode {
    let result = result.and_then(|outcome| {
        out.finish()?;
        Ok(outcome)
    });
    match result {
        Ok(outcome) => outcome.into(),
        Err(error) if is_broken_pipe(&error) => {
            let _ = out.finish(); // the reader has closed the pipe
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = out.finish();
            out.error(&error);
            if let Some(hint) = hint(&error) {
                out.hint(&hint);
            }
            ExitCode::from(2)
        }
    }
}

/// The path given as the index directory is a file.
#[derive(Debug, thiserror::Error)]
#[error("{} is a file, and an index is a folder", .0.display())]
struct NoFolder(PathBuf);

impl Command {
    /// Whether it needs no index, and works even where the settings are wrong.
    fn is_about_itself(&self) -> bool {
        match self {
            Self::Config(args) => args.mends(),
            Self::Completions(_) | Self::Man(_) | Self::Help(_) => true,
            _ => false,
        }
    }
}

fn dispatch(command: Command, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    match command {
        Command::Index(args) => index::run(&args, global, out),
        #[cfg(feature = "fetch")]
        Command::Follow(args) => follow::run(&args, global, out),
        #[cfg(feature = "fetch")]
        Command::Unfollow(args) => follow::unfollow(&args, global, out),
        #[cfg(feature = "fetch")]
        Command::Following(args) => following::run(&args, global, out),
        #[cfg(feature = "fetch")]
        Command::Fetch(args) => fetch::run(&args, global, out),
        Command::Coverage(args) => coverage::run(&args, global, out),
        Command::New(args) => new::run(&args, global, out),
        Command::Digest(args) => digest::run(&args, global, out),
        Command::Search(args) => search::run(&args, global, out),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args, global, out),
        Command::Save(args) => saved::save(&args, global, out),
        Command::Saved(args) => saved::saved(&args, global, out),
        Command::Facets(args) => facets::run(&args, global, out),
        Command::Timeline(args) => timeline::run(&args, global, out),
        Command::Pairs(args) => pairs::run(&args, global, out),
        Command::Quotes(args) => quotes::run(&args, global, out),
        Command::Changes(args) => changes::run(&args, global, out),
        Command::Show(args) => show::run(&args, global, out),
        Command::Similar(args) => similar::run(&args, global, out),
        Command::Why(args) => why::run(&args, global, out),
        Command::Open(args) => open::run(&args, global, out),
        #[cfg(feature = "serve")]
        Command::Mcp(args) => mcp::run(&args, global, out),
        Command::Extract(args) => extract::run(&args, global, out),
        Command::Names(args) => names::run(&args, global, out),
        Command::Authority(args) => authority::run(&args, global, out),
        Command::Eval(args) => eval::run(&args, global, out),
        Command::Stats(args) => stats::run(&args, global, out),
        Command::Remove(args) => remove::run(&args, global, out),
        Command::Purge(args) => purge::run(&args, global, out),
        Command::Verify(args) => verify::run(&args, global, out),
        Command::Doctor(args) => doctor::run(&args, global, out),
        Command::Rebuild(args) => rebuild::run(&args, global, out),
        Command::Demo(args) => demo::run(&args, global, out),
        Command::Config(args) => config::run(&args, global, out),
        Command::Completions(args) => completions::run(&args, out),
        Command::Man(args) => manual::run(&args, out),
        Command::Help(args) => help::run(&args, out),
    }
}

/// Opens the index for searching.
fn open_engine(global: &Global) -> anyhow::Result<LocalEngine<'static>> {
    let authority = headings::of_index(global)?;
    let (archive, index) = ingest::open(&global.index, authority)?;
    Ok(LocalEngine::new(archive, index, authority))
}

/// Opens the index and asks it. An error in the query shows the query, with a caret under the part at fault.
fn ask<T>(
    global: &Global,
    query: &str,
    answer: impl FnOnce(&mut LocalEngine<'static>) -> Result<T, EngineError>,
) -> anyhow::Result<T> {
    answer(&mut open_engine(global)?).map_err(|error| request::with_caret(error, query))
}

/// Says that nothing was found, and of an index without any article that it has none.
fn say_nothing_found(global: &Global, out: &Output) {
    if !say_empty(global, out) {
        out.say("nothing found");
    }
}

/// Says of an index without any article that it has none; whether it did.
fn say_empty(global: &Global, out: &Output) -> bool {
    let counts = Archive::open(&global.index).and_then(|archive| archive.counts());
    let empty = counts.is_ok_and(|counts| counts.articles == 0);
    if empty {
        out.say(&format!("nothing found: the index in {} has no article", global.index.display()));
    }
    empty
}

/// Says where the days that were asked for are not covered by what is followed; nothing where no days were asked for, or
/// nothing is followed.
fn say_uncovered(global: &Global, filters: &Filters, now: &Moment, out: &Output) {
    if filters.since.is_none() && filters.until.is_none() {
        return;
    }
    let day = |at: i64| at.div_euclid(86_400);
    let today = day(now.seconds());
    let Ok(holes) = Archive::open(&global.index).and_then(|archive| archive.holes(today)) else { return };
    let Some(begun) = holes.begun else { return };
    let to = filters.until.map_or(today, |until| day(until.saturating_sub(1)).min(today));
    let since = filters.since.map_or(begun, day);
    let name = |day| period_name(Facet::Day, day);
    if to < begun {
        out.say(&format!("these days are not covered: sources are followed since {}", name(begun)));
        return;
    }
    let from = since.max(begun);
    let missing: Vec<i64> = holes.days.keys().filter(|day| (from..=to).contains(*day)).copied().collect();
    if let Some(first) = missing.first() {
        let days = number_of(missing.len() as u64, "day");
        let first = name(*first);
        out.say(&format!("sources failed or were not asked on {days} of these, first on {first}: despatch coverage"));
    }
}

/// A panic that reached the top: a bug of the program, or damaged files.
#[derive(Debug, thiserror::Error)]
#[error("the program gave up: {0}")]
struct Fault(String);

impl Fault {
    fn of(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Self(text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned()))
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe))
}

/// Whether the disk is full, a quota is used up or a file has its greatest size (Linux errors 28, 122 and 27).
/// Libraries wrap the system's error in their own, so the text of the error is searched.
fn is_disk_full(error: &anyhow::Error) -> bool {
    let told = format!("{error:#}");
    ["os error 27", "os error 28", "os error 122", "disk is full", "disk I/O error"]
        .iter()
        .any(|word| told.contains(word))
}

/// Whether the system denied access to a file of the index (Linux error 13).
fn is_denied(error: &anyhow::Error) -> bool {
    let of_index = error.is::<IngestError>() || error.is::<EngineError>() || error.is::<ArchiveError>();
    let told = format!("{error:#}");
    of_index
        && ["Permission denied", "os error 13)", "unable to open database file"].iter().any(|word| told.contains(word))
}

/// Whether a file of the index may be read and not written: that of another account, or of a disk that is mounted so
/// (Linux error 30).
fn is_read_only(error: &anyhow::Error) -> bool {
    let told = format!("{error:#}");
    let of_folder = matches!(error.downcast_ref(), Some(IngestError::Directory(DirectoryError::Folder { .. })));
    of_folder && is_denied(error)
        || ["Read-only file system", "os error 30)", "readonly database"].iter().any(|word| told.contains(word))
}

/// What the user can do about an error.
fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(IngestError::Directory(DirectoryError::Folder { dir, .. })) = error.downcast_ref()
        && !dir.as_os_str().is_empty()
        && !dir.exists()
    {
        return Some("it cannot be made there: name a place where you may write with --index".to_owned());
    }
    if is_read_only(error) {
        return Some(
            "this command writes to the index, which your account can only read: searches still work, and so do \
             `new --peek` and `digest --list`; its owner can let you write, or name a copy of it with --index"
                .to_owned(),
        );
    }
    if is_denied(error) {
        return Some(
            "your account may not read or write a file of the index; its owner can share it: `chmod -R a+rX DIR`"
                .to_owned(),
        );
    }
    if let Some(error) = error.downcast_ref::<EngineError>() {
        return error.hint();
    }
    if let Some(hint) = error.downcast_ref::<ArchiveError>().and_then(ArchiveError::hint) {
        return Some(hint);
    }
    if error.is::<Fault>() {
        return Some(
            "`despatch verify` shows whether the index is damaged; if it is not, please report this".to_owned(),
        );
    }
    if is_disk_full(error) {
        return Some("make room on the disk and run it again: it goes on from where it stopped".to_owned());
    }
    if error.is::<NoFolder>() {
        return Some("name another place with --index".to_owned());
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<AskError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<SavedError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<DateError>() {
        return Some(error.hint.clone());
    }
    #[cfg(feature = "cluster")]
    if let Some(error) = error.downcast_ref::<crate::cluster::ClusterError>() {
        return error.hint();
    }
    #[cfg(feature = "cluster")]
    if let Some(IngestError::Cluster(error)) = error.downcast_ref::<IngestError>() {
        return error.hint();
    }
    #[cfg(feature = "fetch")]
    if let Some(error) = error.downcast_ref::<crate::fetch::FetchError>() {
        return error.hint();
    }
    match error.downcast_ref::<IngestError>()? {
        IngestError::Archive(error) if error.hint().is_some() => error.hint(),
        IngestError::Archive(ArchiveError::Missing(_)) => {
            Some("make one with `despatch index PATH`, or name another with --index".to_owned())
        }
        IngestError::Outdated(_) => {
            Some("run `despatch rebuild`: it needs only the archive in the index directory".to_owned())
        }
        IngestError::Archive(
            ArchiveError::Foreign { .. } | ArchiveError::Sql(_) | ArchiveError::Io(_) | ArchiveError::Damaged(_),
        ) => Some("`despatch verify` shows whether anything is damaged, and what mends it".to_owned()),
        IngestError::Index(_) => Some("run `despatch rebuild`: the articles are safe in the archive".to_owned()),
        IngestError::Directory(DirectoryError::Locked { .. }) => {
            Some("try again when it is done, or wait with --wait SECONDS".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_not_be_read_is_not_taken_for_damage() {
        let denied = || io::Error::from_raw_os_error(13);
        let index = crate::index::IndexError::Damaged { dir: PathBuf::new(), cause: denied().to_string() };
        for error in [
            anyhow::Error::from(ArchiveError::Io(denied())),
            anyhow::Error::from(IngestError::Index(index)),
            anyhow::Error::from(EngineError::from(denied())),
        ] {
            let hint = hint(&error).unwrap();
            assert!(hint.contains("chmod") && !hint.contains("rebuild"), "{hint}");
        }
        let damaged = anyhow::Error::from(ArchiveError::Damaged("x".to_owned()));
        assert!(!hint(&damaged).unwrap_or_default().contains("chmod"));
    }

    #[test]
    fn an_index_that_can_only_be_read_is_not_taken_for_damage() {
        let folder = |code| DirectoryError::Folder { dir: PathBuf::new(), cause: io::Error::from_raw_os_error(code) };
        let readonly = rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY),
            Some("attempt to write a readonly database".to_owned()),
        );
        for error in [
            anyhow::Error::from(IngestError::Directory(folder(13))),
            anyhow::Error::from(IngestError::Directory(folder(30))),
            anyhow::Error::from(IngestError::Archive(ArchiveError::Sql(readonly))),
        ] {
            let hint = hint(&error).unwrap();
            assert!(hint.contains("can only read") && !hint.contains("verify"), "{error:#}: {hint}");
        }
    }
}
