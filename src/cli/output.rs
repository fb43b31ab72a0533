//! The one place that writes to standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use terminal_size::{Height, Width};

use super::pager::{Pager, Program};
use super::shield::shield;
use super::{Color, Global};
use crate::render::{Style, clean};

/// Columns where there is no terminal, and the most that are used on a terminal.
const COLUMNS: (usize, usize) = (100, 160);

/// Standard output, and what is known about the terminal.
pub(super) struct Output {
    sink: Sink,
    /// How to mark text.
    pub(super) style: Style,
    /// Whether standard output is a terminal.
    pub(super) terminal: bool,
    pager: Option<Program>,
    size: (usize, usize),
    quiet: bool,
    error_style: Style,
}

/// Where standard output goes.
enum Sink {
    /// To standard output.
    Direct(BufWriter<StdoutLock<'static>>),
    /// Held back, because it may still fit on the screen and need no pager.
    Held(Held),
    /// To a pager.
    Paged(Pager),
}

/// Output that is held back, and how many rows of the screen its complete lines fill.
#[derive(Default)]
struct Held {
    text: Vec<u8>,
    /// The byte at which the first line begins that is not counted yet.
    line: usize,
    rows: usize,
}

impl Held {
    /// Adds bytes; returns whether the complete lines fill a screen of this size, in columns and rows.
    fn add(&mut self, bytes: &[u8], (columns, rows): (usize, usize)) -> bool {
        self.text.extend_from_slice(bytes);
        while let Some(length) = self.text[self.line..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.text[self.line..self.line + length]);
            self.rows += textwrap::core::display_width(&line).div_ceil(columns).max(1);
            self.line += length + 1;
        }
        self.rows >= rows
    }
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let size = terminal_size::terminal_size().filter(|_| terminal);
        let size = size.map_or((COLUMNS.0, 24), |(Width(columns), Height(rows))| (columns.into(), rows.into()));
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let colored = is_colored(global.color, terminal);
        let linked = terminal && !dumb && global.color != Color::Never;
        let style = Style { colored, linked, marks: global.marks, width: size.0.clamp(20, COLUMNS.1) };
        let error_colored = is_colored(global.color, io::stderr().is_terminal());
        Self {
            style,
            error_style: Style { colored: error_colored, ..style },
            sink: Sink::Direct(BufWriter::new(stdout.lock())),
            terminal,
            pager: Program::chosen(&global.settings).filter(|_| terminal && !dumb && !global.no_pager),
            size,
            quiet: global.quiet,
        }
    }

    /// Leaves standard output to a command that writes to it by itself. Nothing may be written here afterwards.
    #[cfg(feature = "serve")]
    pub(super) fn leave(&mut self) {
        self.sink = Sink::Held(Held::default()); // which drops the lock
    }

    /// From now on output goes through a pager, on a terminal and where it is longer than the screen.
    pub(super) fn page(&mut self) {
        if self.pager.is_some() && matches!(self.sink, Sink::Direct(_)) {
            self.sink = Sink::Held(Held::default());
        }
    }

    /// Begins the output of a response: prints its notes, unless the output is JSON that contains them (`in_json`), and
    /// pages what follows.
    pub(super) fn begin(&mut self, notes: &[String], in_json: bool) {
        if !in_json {
            notes.iter().for_each(|note| self.note(note));
        }
        self.page();
    }

    /// Whether progress may be drawn on standard error.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Whether the user wants nothing but results and errors.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints a note on standard error, unless the user wants nothing but results and errors.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.tell("", "note", text);
        }
    }

    /// Prints a message on standard error that is neither a note nor a warning.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{}", safe(text)); // nowhere else to report it
        }
    }

    /// Prints an error that does not stop the command, as a warning.
    pub(super) fn warn(&self, text: &str) {
        self.tell("33", "warning", text);
    }

    /// Prints the error that stopped the command, with its causes.
    pub(super) fn error(&self, error: &anyhow::Error) {
        let mut told = error.to_string();
        for cause in error.chain().skip(1) {
            let cause = cause.to_string();
            if !told.contains(&cause) {
                told = format!("{told}: {cause}");
            }
        }
        self.tell("1;31", "error", &told);
    }

    /// Prints what the user can do.
    pub(super) fn hint(&self, text: &str) {
        self.tell("36", "hint", text);
    }

    fn tell(&self, color: &str, label: &str, text: &str) {
        let label = self.error_style.paint(color, label);
        let _ = writeln!(io::stderr().lock(), "{label}: {}", safe(text)); // nowhere else to report it
    }

    /// Writes out what is held back, and waits until the user leaves the pager.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Direct(out) => out.flush(),
            Sink::Held(_) => self.release(None)?.flush(),
            Sink::Paged(pager) => {
                pager.finish();
                Ok(())
            }
        }
    }

    /// Writes out what is held back: to the pager if it can be started, else to standard output.
    fn release(&mut self, program: Option<&Program>) -> io::Result<&mut dyn Write> {
        if let Sink::Held(held) = &mut self.sink {
            let text = std::mem::take(&mut held.text);
            self.sink = match program.map(Pager::start) {
                Some(Ok(pager)) => Sink::Paged(pager),
                _ => Sink::Direct(BufWriter::new(io::stdout().lock())),
            };
            self.sink.writer().write_all(&text)?;
        }
        Ok(self.sink.writer())
    }
}

impl Sink {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Direct(out) => out,
            Self::Held(held) => &mut held.text,
            Self::Paged(pager) => pager,
        }
    }
}

/// Whether to use colours. `--color always` and `never` decide alone. With `auto`, `NO_COLOR` (no-color.org) turns them
/// off, else `CLICOLOR_FORCE` other than 0 turns them on, else a terminal has them unless `CLICOLOR`
/// (bixense.com/clicolors) is 0 or `TERM` is `dumb` or not set. An empty variable counts as not set.
fn is_colored(asked: Color, terminal: bool) -> bool {
    let value = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    match asked {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if value("NO_COLOR").is_some() => false,
        Color::Auto if value("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Color::Auto => {
            terminal
                && value("CLICOLOR").is_none_or(|value| value != "0")
                && value("TERM").is_some_and(|term| term != "dumb")
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let shown = if self.terminal { shield(bytes) } else { bytes.into() };
        if let Sink::Held(held) = &mut self.sink {
            if held.add(&shown, self.size) {
                let program = self.pager.clone();
                self.release(program.as_ref())?;
            }
        } else {
            self.sink.writer().write_all(&shown)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &self.sink {
            Sink::Held(_) => Ok(()),
            _ => self.sink.writer().flush(),
        }
    }
}

/// Prints a line of a log on standard error.
#[cfg(feature = "serve")]
pub(super) fn log(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}"); // nowhere else to report it
}

/// A message line by line, without what acts on a terminal.
fn safe(text: &str) -> String {
    text.lines().map(|line| clean(line).into_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_output_counts_rows_as_the_terminal_does() {
        let mut held = Held::default();
        assert!(!held.add("\x1b[1m1234567890\x1b[0m\n\n国国国国国国\nend".as_bytes(), (10, 5)));
        assert_eq!(held.rows, 4, "one, an empty one, and one of twelve columns that takes two");
        assert!(held.add(b" of it\n", (10, 5)));
    }
}
