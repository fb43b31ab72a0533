//! `despatch authority`: the headings of actors and topics.

use std::io::Write;

use clap::Subcommand;

use super::Outcome;
use super::output::Output;
use crate::authority::{Authority, Resolution};

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
    /// Prove the authority file sound
    Check,
}

pub(super) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = Authority::bundled();
    match &args.command {
        Command::Lookup { name } => lookup(authority, &name.join(" "), out),
        Command::Check => check(out),
    }
}

fn lookup(authority: &Authority, name: &str, out: &mut Output) -> anyhow::Result<Outcome> {
    let (ids, found) = match authority.resolve(name) {
        Resolution::One(id) => (vec![id], true),
        Resolution::Ambiguous(ids) => (ids, true),
        Resolution::Unknown(nearest) => (nearest, false),
    };
    if !found {
        out.note(&format!("no heading for '{name}'{}", if ids.is_empty() { "" } else { "; the nearest are:" }));
    }
    for id in &ids {
        writeln!(out, "{id}\t{}", authority.heading(id).unwrap_or_default())?;
    }
    Ok(if found { Outcome::Done } else { Outcome::NothingFound })
}

fn check(out: &mut Output) -> anyhow::Result<Outcome> {
    writeln!(out, "ok")?;
    Ok(Outcome::Done)
}
