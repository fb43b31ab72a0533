//! Handing digests over: to a program of the user's, or into a file.
//!
//! A digest is kept in the archive before it is handed over, and counts as told only afterwards. So one that was refused,
//! or that a killed run left, is handed over again, the same bytes under the same name: at least once, and to a mail
//! program that knows the name just once.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{News, TellingError};
use crate::archive::{digest, hex};

/// The mark of `new`, which commands need not name.
pub(super) const READER: &str = "new";

/// A message and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// To a program, on standard input: its words, without a shell.
    Program(Vec<String>),
    /// Into a file, which is replaced once the message is whole.
    File(PathBuf),
}

/// The identifier of a digest: the same as long as the same is to be told. `last` is the number of the last digest.
#[must_use]
pub fn identifier(news: &News, last: u64) -> String {
    let mut text = format!("{}\n{}\n{last}\n", news.archive, news.mark);
    for step in &news.moves {
        text.push_str(&format!("{} {}\n", step.search, step.from));
        step.rows.iter().for_each(|(num, _, place)| text.push_str(&format!("{num} {place:?}\n")));
    }
    hex(&digest(text.as_bytes())[..8])
}

/// Hands a message over.
///
/// # Errors
///
/// Fails where the program cannot be started or does not end with 0, or the file cannot be written.
pub fn hand_over(message: &Message, bytes: &[u8]) -> Result<(), TellingError> {
    match message {
        Message::File(path) => write_beside(path, bytes),
        Message::Program(words) => {
            let what = words.join(" ");
            run(words, bytes).map_err(|cause| TellingError::Output { what, cause })
        }
    }
}

fn run(words: &[String], bytes: &[u8]) -> io::Result<()> {
    let [program, arguments @ ..] = words else { return Err(io::Error::other("no program is named")) };
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        match input.write_all(bytes) {
            Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
                let _ = child.wait(); // the first error is returned
                return Err(cause);
            }
            _ => {} // one that does not read all says by its exit code whether it has what it needs
        }
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

/// Writes a file beside its place and then renames it, so that a reader sees the old one or the new one whole. What is no
/// plain file (a pipe, a device) is written as it is.
///
/// # Errors
///
/// Fails where the disk does.
fn write_beside(path: &Path, bytes: &[u8]) -> Result<(), TellingError> {
    let write = || -> io::Result<()> {
        if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            let mut file = File::options().write(true).open(path)?;
            file.write_all(bytes)?;
            return file.flush();
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let beside = path.with_file_name(name);
        let done = File::create(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        done.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
            let _ = std::fs::remove_file(&beside); // it may not be there
        })
    };
    write().map_err(|cause| TellingError::Output { what: path.display().to_string(), cause })
}
