//! Nothing is lost: killed writers, full disks, damaged files, readers during writes, removed articles.
//!
//! All tests run the real binary. `DESPATCH_LONG=1` runs the long forms, as do the checks before a change is merged.

#![allow(clippy::print_stderr)] // the tests report what they tried
#![allow(clippy::unwrap_used)] // a test may fail

mod corpus;
mod damage;
mod disk;
mod doctor;
mod kill;
mod readers;
mod removal;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use corpus::Corpus;

/// Whether to run the long forms.
pub(crate) fn long() -> bool {
    std::env::var_os("DESPATCH_LONG").is_some_and(|value| value == "1")
}

/// Numbers that look random and are the same in every run (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// What a command printed, and how it ended; no code means a signal.
#[must_use]
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

/// The program, to be run in `folder` in an environment that is always the same.
pub(crate) fn program(folder: &Path) -> Command {
    prepared(Command::new(env!("CARGO_BIN_EXE_despatch")), folder)
}

/// The program, to be run by a shell script as `"$0" "$@"`.
pub(crate) fn script(folder: &Path, script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_despatch")]);
    prepared(command, folder)
}

fn prepared(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder).env_clear().env("DESPATCH_NOW", "2026-03-01T12:00:00Z").stdin(Stdio::null());
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

pub(crate) fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

pub(crate) fn despatch(folder: &Path, arguments: &[&str]) -> Run {
    run(program(folder).args(arguments))
}

/// Runs a command that must end well.
pub(crate) fn must(folder: &Path, arguments: &[&str]) -> String {
    let run = despatch(folder, arguments);
    assert_eq!(run.code, Some(0), "{arguments:?}: {}{}", run.stdout, run.stderr);
    run.stdout
}

/// Everything below an index directory, by name, with its content.
pub(crate) fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, bytes).unwrap();
    }
}
