//! The one place that writes to standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use super::{Color, Global};
use crate::render::{Style, clean};

/// Standard output, buffered, and what is known about the terminal.
pub(super) struct Output {
    out: BufWriter<StdoutLock<'static>>,
    /// How to mark text.
    pub(super) style: Style,
    quiet: bool,
    error_style: Style,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let stdout = io::stdout();
        let width = if stdout.is_terminal() {
            terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).clamp(40, 160)
        } else {
            100
        };
        let colored = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                !set("NO_COLOR") && (forced || (terminal && !dumb))
            }
        };
        Self {
            style: Style { colored: colored(stdout.is_terminal()), width },
            error_style: Style { colored: colored(io::stderr().is_terminal()), width },
            out: BufWriter::new(stdout.lock()),
            quiet: global.quiet,
        }
    }

    /// Whether progress may be drawn on standard error.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Whether the user wants results and errors alone.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Tells something beside the results, unless the user wants quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.tell("", "note", text);
        }
    }

    /// Tells of an error that does not stop the command.
    pub(super) fn warn(&self, text: &str) {
        self.tell("33", "warning", text);
    }

    /// Tells of the error that stopped the command, with its causes.
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

    /// Tells what can be done.
    pub(super) fn hint(&self, text: &str) {
        self.tell("36", "hint", text);
    }

    fn tell(&self, color: &str, label: &str, text: &str) {
        let lines: Vec<String> = text.lines().map(|line| clean(line).into_owned()).collect();
        let label = self.error_style.paint(color, label);
        let _ = writeln!(io::stderr().lock(), "{label}: {}", lines.join("\n")); // nowhere left to tell
    }

    /// Writes out what is buffered.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
