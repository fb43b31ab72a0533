//! `despatch man`: manual pages, made from the same definition as the help.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap_mangen::Man;

use super::output::Output;
use super::{Outcome, command, help};
use crate::config::nearest;

/// Prints the manual page of the program or of a command.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The command, such as search
    #[arg(conflicts_with = "dir")]
    command: Vec<String>,
    /// Write all pages to this folder, a file for each command
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Outcome> {
    let mut root = command::plain();
    root.build();
    if let Some(dir) = &args.dir {
        std::fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
        write_all(&root, dir)?;
        return Ok(Outcome::Done);
    }
    let mut found = &root;
    for word in &args.command {
        let Some(next) = found.find_subcommand(word) else {
            let meant = nearest(word, found.get_subcommands().map(clap::Command::get_name));
            bail!(
                "no command '{word}'{}",
                meant.map_or_else(String::new, |meant| format!("; did you mean '{meant}'?"))
            );
        };
        found = next;
    }
    page(found, out)?;
    Ok(Outcome::Done)
}

fn write_all(found: &clap::Command, dir: &std::path::Path) -> anyhow::Result<()> {
    let path = dir.join(format!("{}.1", name(found)));
    let mut bytes = Vec::new();
    page(found, &mut bytes)?;
    std::fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    found.get_subcommands().try_for_each(|sub| write_all(sub, dir))
}

/// `despatch-search`, `despatch-config-show`.
fn name(found: &clap::Command) -> String {
    found.get_bin_name().unwrap_or_else(|| found.get_name()).replace(' ', "-")
}

/// One page: clap's sections, with the examples before the options.
fn page(found: &clap::Command, out: &mut dyn Write) -> io::Result<()> {
    let man = Man::new(found.clone().disable_help_subcommand(true)).title(name(found)).manual("Despatch");
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    let examples = help::EXAMPLES.iter().filter(|(command, _)| name(found) == format!("despatch-{command}"));
    for (_, examples) in examples {
        writeln!(out, ".SH EXAMPLES")?;
        for (what, example) in *examples {
            writeln!(out, ".PP\n{}:\n.PP\n.nf\n    {}\n.fi", escaped(what), escaped(example))?;
        }
    }
    man.render_options_section(out)?;
    if found.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    if name(found) == "despatch" {
        for (page, about, text) in help::PAGES {
            writeln!(out, ".SH {}\n.PP\n{}.\n.PP\n.nf", page.to_uppercase(), escaped(about))?;
            for line in help::text(text).lines().skip(2) {
                writeln!(out, "{}", escaped(line))?;
            }
            writeln!(out, ".fi")?;
        }
        man.render_version_section(out)?;
    }
    Ok(())
}

/// Text escaped so that roff finds no request in it.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', r"\e").replace('-', r"\-").replace('\'', r"\(aq");
    if text.starts_with(['.', ' ']) { format!(r"\&{text}") } else { text }
}
