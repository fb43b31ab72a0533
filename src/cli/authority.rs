//! `despatch authority`: the headings of actors and topics.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;

use super::decide::{self, MergeArgs, NameArgs, UndoArgs};
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, headings};
use crate::archive::Archive;
use crate::authority::import::{self, Imported};
use crate::authority::source::Actor;
use crate::authority::{Authority, Kind, Resolution, Severity, Source, Tenure, What, check, class_of, key};
use crate::directory;
use crate::engine::{Engine, Facet, FacetRequest, Filters, LocalEngine, SearchRequest};
use crate::ingest;
use crate::number::number_of;
use crate::tag::Tagger;

/// Looks into the authority file of actors and topics; takes your word on names
///
/// A heading of a file of your own is a table of these keys: `id` (kind/slug), `heading` (the name that is shown),
/// `strong` (names that always count), `exact` (with just these capitals), `weak` (only with other evidence in the
/// article), `generic` (shared with other states), `demonym`, `metonym` (a place that stands for the actor), `veto`
/// (phrases that are not it), `surname`, `country` (slug of the state), `part_of` (broader headings), `iso`, `wikidata`,
/// `former` (true if it no longer exists) and `note`. `despatch help actors` shows one.
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
        /// List all, however many there are
        #[arg(long)]
        all: bool,
    },
    /// Check an authority file for errors: the bundled one, or files of your own
    Check {
        /// TOML files
        files: Vec<PathBuf>,
        /// Print warnings too
        #[arg(long)]
        warnings: bool,
    },
    /// Print the most frequent names that no heading covers, as TOML to edit and give to --authority
    Untagged {
        /// Names to print
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// List the kinds of actors
    Kinds,
    /// Decide that a name never means a heading, everywhere or in one outlet
    #[command(after_help = "Example: despatch authority veto CPI 'Communist Party of India' --in 'Quay Post'")]
    Veto(NameArgs),
    /// Decide that a name means this heading where it can mean several
    ///
    /// Where the article itself says what the name means (spelled out, named in full, with another state beside it), that
    /// counts.
    Prefer(NameArgs),
    /// Decide that two headings are one, or a name without a heading and a heading
    Merge(MergeArgs),
    /// List what was decided, with numbers
    Decisions,
    /// Take back the decision with this number
    Undo(UndoArgs),
    /// Print headings made from FollowTheMoney entities or Wikidata items (JSON Lines) as TOML
    Import {
        /// JSON Lines files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Lookup { name, all } => lookup(headings::of_index(global)?, &name.join(" "), *all, out),
        Command::Untagged { limit } => untagged(global, *limit, out),
        Command::Import { files } => import_files(files, out),
        Command::Kinds => kinds(out),
        Command::Veto(args) => decide::name(What::Veto, args, global, out),
        Command::Prefer(args) => decide::name(What::Prefer, args, global, out),
        Command::Merge(args) => decide::merge(args, global, out),
        Command::Decisions => decide::list(global, out),
        Command::Undo(args) => decide::undo(args, global, out),
        Command::Check { files, warnings } => prove(files, *warnings, out),
    }
}

fn lookup(authority: &Authority, name: &str, all: bool, out: &mut Output) -> anyhow::Result<Outcome> {
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
    let shown = if all { ids.len() } else { decide::MEANT };
    for id in ids.iter().take(shown) {
        let class = candidates.iter().find(|(known, _)| known == id).map_or("", |(_, class)| class.name());
        describe(authority, id, class, out)?;
    }
    if ids.len() > shown {
        out.note(&format!("{} more: --all", ids.len() - shown));
    }
    Ok(if unknown { Outcome::NothingFound } else { Outcome::Done })
}

/// Prints a heading with its state, what it is part of, its names and its offices.
fn describe(authority: &Authority, id: &str, class: &str, out: &mut Output) -> anyhow::Result<()> {
    let style = out.style;
    let class = if class.is_empty() { String::new() } else { format!(" ({class})") };
    writeln!(out, "{}  {id}{class}", style.paint("1", authority.heading(id).unwrap_or(id)))?;
    let names: Vec<String> =
        authority.variants(id).iter().map(|variant| format!("{} [{}]", variant.name, variant.class.name())).collect();
    let lines = [
        ("state", authority.affiliation(id).unwrap_or_default().to_owned()),
        ("class", class_of(id).and_then(|class| authority.heading(class)).unwrap_or_default().to_owned()),
        ("part of", authority.part_of(id).join(", ")),
        ("made by", authority.makers(id).join(", ")),
        ("states", authority.states(id).join(", ")),
        ("merged", Some(authority.merged(id)).filter(|other| other != id).unwrap_or_default()),
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

fn kinds(out: &mut Output) -> anyhow::Result<Outcome> {
    for kind in Kind::ALL {
        writeln!(out, "{:<10}{}", kind.name(), kind.described())?;
    }
    Ok(Outcome::Done)
}

fn prove(files: &[PathBuf], warnings: bool, out: &mut Output) -> anyhow::Result<Outcome> {
    let mut source = Authority::bundled().to_source();
    if !files.is_empty() {
        source.merge(Source::parse(&directory::headings::texts(files)?)?);
    }
    let findings = check(&source);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    for finding in findings.iter().filter(|finding| warnings || finding.severity == Severity::Error) {
        writeln!(out, "{finding}")?;
    }
    let number = |count: usize, noun: &str| number_of(count as u64, noun);
    writeln!(
        out,
        "{}, {}, {}, {}: {}, {}",
        number(source.actors.len(), "actor"),
        number(source.offices.len(), "office"),
        number(source.systems.len(), "system"),
        number(source.topics.len(), "topic"),
        number(errors, "error"),
        number(findings.len() - errors, "warning"),
    )?;
    Ok(if errors > 0 { Outcome::PartlyFailed } else { Outcome::Done })
}

fn untagged(global: &Global, limit: usize, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    let (archive, index) = ingest::open(&global.index, authority)?;
    let mut engine = LocalEngine::new(archive, index, authority);
    let below = Some("unlisted/".to_owned());
    let request = FacetRequest { below, limit, ..FacetRequest::new("", vec![Facet::Actor], now(global)?) };
    let counts = engine.facets(&request)?.counts.remove(&Facet::Actor).unwrap_or_default();
    let mut archive = Archive::open(&global.index)?;
    let mut tagger = Tagger::new(authority);
    // Two spellings of one name, as of defence and defense, are one heading.
    let mut names = BTreeSet::new();
    for count in &counts {
        let filters = Filters { actor: vec![count.value.clone()], ..Filters::default() };
        let request = SearchRequest { filters, limit: 1, passages: 0, ..SearchRequest::new("", now(global)?) };
        let Some(hit) = engine.search(&request)?.hits.into_iter().next() else { continue };
        let article = archive.by_id(&hit.id)?.article;
        let tags = tagger.tag(&article);
        let found = [(&article.title, &tags.title_mentions), (&article.text, &tags.mentions)]
            .into_iter()
            .flat_map(|(text, list)| list.iter().map(move |mention| (text, mention)))
            .filter(|(_, mention)| mention.actor == count.value)
            .max_by_key(|(_, mention)| mention.end - mention.start);
        let Some((text, mention)) = found else { continue };
        let heading = text.get(mention.start..mention.end).unwrap_or(&count.label).to_owned();
        if !names.insert(key(&heading)) {
            continue;
        }
        let slug = count.value.trim_start_matches("unlisted/");
        writeln!(out, "# {}, for instance {}", number_of(count.count, "story"), hit.id)?;
        let actor = Actor { id: format!("{}/{slug}", mention.kind), heading, ..Actor::default() };
        writeln!(out, "{}", toml::to_string(&Source { actors: vec![actor], ..Source::default() })?)?;
    }
    Ok(if counts.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

fn import_files(files: &[PathBuf], out: &mut Output) -> anyhow::Result<Outcome> {
    let (mut skipped, mut failed) = (0, 0);
    for path in files {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            match import::line(line, Authority::bundled()) {
                Ok(Imported::Actor(actor)) => {
                    writeln!(out, "{}", toml::to_string(&Source { actors: vec![*actor], ..Source::default() })?)?;
                }
                Ok(Imported::Skipped) => skipped += 1,
                Err(what) => {
                    failed += 1;
                    out.warn(&format!("{}:{number}: {what}", path.display()));
                }
            }
        }
    }
    if skipped > 0 {
        out.note(&format!("{skipped} entities were skipped: they have no name, or a kind that cannot be an actor"));
    }
    Ok(if failed > 0 { Outcome::PartlyFailed } else { Outcome::Done })
}
