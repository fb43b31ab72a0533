//! `despatch authority`: the headings of actors and topics.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;

use super::Outcome;
use super::output::Output;
use crate::authority::{Authority, Resolution, Severity, Source, Tenure, check};

/// Looks into the authority file.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say which headings a name can mean
    Lookup {
        /// A name, a variant or an id
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Prove an authority file sound: the bundled one, or files of your own
    Check {
        /// TOML files
        files: Vec<PathBuf>,
        /// Print warnings too
        #[arg(long)]
        warnings: bool,
    },
}

pub(super) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Lookup { name } => lookup(Authority::bundled(), &name.join(" "), out),
        Command::Check { files, warnings } => prove(files, *warnings, out),
    }
}

fn lookup(authority: &Authority, name: &str, out: &mut Output) -> anyhow::Result<Outcome> {
    let candidates = authority.candidates(name);
    let mut ids: Vec<String> = candidates.iter().map(|(id, _)| (*id).to_owned()).collect();
    let (resolved, unknown) = match authority.resolve(name) {
        Resolution::One(id) => (vec![id], false),
        Resolution::Ambiguous(ids) => (ids, false),
        Resolution::Unknown(nearest) => (nearest, true),
    };
    for id in resolved {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if unknown {
        out.note(&format!("no heading for '{name}'{}", if ids.is_empty() { "" } else { "; the nearest are:" }));
    }
    for id in &ids {
        let class = candidates.iter().find(|(known, _)| known == id).map_or("", |(_, class)| class.name());
        describe(authority, id, class, out)?;
    }
    Ok(if unknown { Outcome::NothingFound } else { Outcome::Done })
}

/// A heading with what belongs to it.
fn describe(authority: &Authority, id: &str, class: &str, out: &mut Output) -> anyhow::Result<()> {
    let style = out.style;
    let class = if class.is_empty() { String::new() } else { format!(" ({class})") };
    writeln!(out, "{}  {id}{class}", style.paint("1", authority.heading(id).unwrap_or(id)))?;
    let names: Vec<String> =
        authority.variants(id).iter().map(|variant| format!("{} [{}]", variant.name, variant.class.name())).collect();
    let lines = [
        ("state", authority.affiliation(id).unwrap_or_default().to_owned()),
        ("part of", authority.part_of(id).join(", ")),
        ("names", names.join(", ")),
        ("offices", tenures(&authority.tenures(id))),
    ];
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(out, "  {name:<8} {value}")?;
    }
    Ok(())
}

fn tenures(list: &[Tenure<'_>]) -> String {
    let one = |tenure: &Tenure<'_>| match (tenure.from, tenure.to) {
        (None, None) => tenure.id.to_owned(),
        (from, to) => format!("{} {}..{}", tenure.id, from.unwrap_or_default(), to.unwrap_or_default()),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn prove(files: &[PathBuf], warnings: bool, out: &mut Output) -> anyhow::Result<Outcome> {
    let mut source = Authority::bundled().to_source();
    if !files.is_empty() {
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            Ok((path.display().to_string(), text))
        };
        source.merge(Source::parse(&files.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?)?);
    }
    let findings = check(&source);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    for finding in findings.iter().filter(|finding| warnings || finding.severity == Severity::Error) {
        writeln!(out, "{finding}")?;
    }
    let summary = (source.actors.len(), source.offices.len(), source.topics.len(), findings.len() - errors);
    writeln!(
        out,
        "{} actors, {} offices, {} topics: {errors} errors, {} warnings",
        summary.0, summary.1, summary.2, summary.3
    )?;
    Ok(if errors > 0 { Outcome::PartlyFailed } else { Outcome::Done })
}
