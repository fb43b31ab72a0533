//! The pager: a program through which long output goes to a terminal.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::Settings;

/// Options of `less` where the user gives none: quit if all fits on the screen, pass colours, leave the text on the
/// screen.
const LESS: &str = "-FRX";

/// What to run: a program and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program(Vec<String>);

impl Program {
    /// The first that is set of `DESPATCH_PAGER`, the setting `pager` and `PAGER`, else `less`; `None`, and so no
    /// pager, for an empty value or `cat`.
    pub(super) fn chosen(settings: &Settings) -> Option<Self> {
        let set = || settings.value("pager").map(OsString::from);
        let asked = std::env::var_os("DESPATCH_PAGER").or_else(set).or_else(|| std::env::var_os("PAGER"));
        Self::parse(asked.unwrap_or_else(|| OsString::from("less")).to_str()?)
    }

    fn parse(asked: &str) -> Option<Self> {
        let mut words = shlex::split(asked)?;
        let name = Path::new(words.first()?).file_stem()?.to_str()?;
        match (name, words.len()) {
            ("cat", 1) => return None,
            ("less", 1) => words.push(LESS.to_owned()),
            _ => {}
        }
        Some(Self(words))
    }
}

/// A running pager.
#[derive(Debug)]
pub(super) struct Pager {
    child: Child,
    input: Option<ChildStdin>,
    interrupted: Arc<AtomicBool>,
}

impl Pager {
    /// Starts a pager. From now on Ctrl-C stops the output but not the process, because the pager still uses the
    /// terminal, and the shell must not print its prompt there.
    ///
    /// # Errors
    ///
    /// Fails where there is no such program.
    pub(super) fn start(program: &Program) -> io::Result<Self> {
        let [name, arguments @ ..] = program.0.as_slice() else { return Err(io::ErrorKind::NotFound.into()) };
        let mut child = Command::new(name).args(arguments).stdin(Stdio::piped()).spawn()?;
        let interrupted = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted))?;
        Ok(Self { input: child.stdin.take(), child, interrupted })
    }

    /// Waits until the user leaves it.
    pub(super) fn finish(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait(); // its own exit code says nothing about ours
    }
}

impl Write for Pager {
    /// # Errors
    ///
    /// A broken pipe where the user left the pager or pressed Ctrl-C.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.input {
            Some(input) if !self.interrupted.load(Ordering::Relaxed) => input.write(bytes),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.as_mut().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_gets_options_only_where_the_user_gives_none() {
        let words = |asked: &str| Program::parse(asked).map(|program| program.0.join("|"));
        assert_eq!(words("less").as_deref(), Some("less|-FRX"));
        assert_eq!(words("/usr/bin/less").as_deref(), Some("/usr/bin/less|-FRX"));
        assert_eq!(words("less -S").as_deref(), Some("less|-S"));
        assert_eq!(words("my 'odd pager' -x").as_deref(), Some("my|odd pager|-x"));
        assert_eq!([words(""), words("  "), words("cat"), words("'")], [None, None, None, None]);
    }
}
