//! `despatch authority veto`, `prefer`, `merge`, `decisions`, `undo`: what the user decides about names.

use std::io::Write;
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use super::output::Output;
use super::request::now;
use super::{Global, Outcome, ask, headings, interrupt, open_engine};
use crate::article::visible;
use crate::authority::{Among, Authority, Class, Decision, Resolution, What, key, unlisted};
use crate::directory;
use crate::engine::{Engine, Facet, FacetRequest, Filters, SearchRequest};
use crate::ingest::{self, Renewed, Shifts};
use crate::number::number_of;

/// Changes that are printed one by one, at most.
const SHOWN: usize = 12;
/// Headings that a name can mean and that are listed, at most.
pub(super) const MEANT: usize = 10;

/// A decision about a spelling.
#[derive(Debug, Args)]
pub(super) struct NameArgs {
    /// The name as articles write it; capitals and accents make no difference
    name: String,
    /// The heading: an id, or any name that means it
    heading: String,
    /// Only in the articles of this outlet
    #[arg(long = "in", value_name = "OUTLET")]
    outlet: Option<String>,
    #[command(flatten)]
    wait: Wait,
}

/// A decision that two headings are one.
#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// The heading that is given up, or a name without a heading
    from: String,
    /// The heading that stays
    into: String,
    #[command(flatten)]
    wait: Wait,
}

/// Which decision to take back.
#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    /// Its number, as `authority decisions` prints it
    number: usize,
    #[command(flatten)]
    wait: Wait,
}

#[derive(Debug, Args)]
struct Wait {
    /// Wait this long for another process that is writing
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

impl Wait {
    fn time(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}

/// Decides that a spelling never means a heading, or that it means this one of several.
pub(super) fn name(what: What, args: &NameArgs, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    if key(&args.name).is_empty() {
        bail!("'{}' has no letters: a name is wanted", args.name);
    }
    let heading = heading(authority, &args.heading, Some(&args.name), global)?;
    if what == What::Prefer && !can_mean(authority, &args.name, &heading) {
        bail!(CannotMean { name: args.name.clone(), heading: titled(authority, &heading) });
    }
    let outlet = args.outlet.as_deref().map(|outlet| outlet_of(outlet, global, out)).transpose()?;
    let decision = Decision { what, name: args.name.trim().to_owned(), heading, outlet };
    add(decision, authority, &args.wait, global, out)
}

/// Decides that two headings are one.
pub(super) fn merge(args: &MergeArgs, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    let (from, into) = (heading(authority, &args.from, None, global)?, heading(authority, &args.into, None, global)?);
    let target = authority.merged(&into);
    if from == target {
        bail!("{} and {} are one already", titled(authority, &from), titled(authority, &into));
    }
    let decision = Decision { what: What::Merge, name: from, heading: into, outlet: None };
    add(decision, authority, &args.wait, global, out)
}

/// Lists what was decided.
pub(super) fn list(global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    let decisions = directory::headings::decisions(&global.index)?;
    for (decision, number) in decisions.iter().zip(1..) {
        writeln!(out, "{number:>3}  {}", visible(&said(authority, decision)))?;
    }
    if directory::headings::is_behind(&global.index) {
        out.note("not all of this is in the index yet: `despatch rebuild` goes on");
    }
    if decisions.is_empty() {
        out.say("nothing was decided");
        return Ok(Outcome::NothingFound);
    }
    Ok(Outcome::Done)
}

/// Takes a decision back.
pub(super) fn undo(args: &UndoArgs, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    let decisions = directory::headings::decisions(&global.index)?;
    let Some(gone) = args.number.checked_sub(1).and_then(|at| decisions.get(at)) else {
        let count = number_of(decisions.len() as u64, "decision");
        bail!("there is no decision {}: `despatch authority decisions` lists what was decided ({count})", args.number);
    };
    interrupt::reassure();
    let done = ingest::decide(&global.index, args.wait.time(), |list| list.retain(|one| one != gone))?;
    writeln!(out, "taken back: {}", visible(&said(authority, gone)))?;
    tell(&done, authority, out)?;
    Ok(Outcome::Done)
}

/// Adds a decision, brings the index up to it, and says what changed. It takes the place of an opposite one about the
/// same name.
fn add(
    decision: Decision,
    authority: &Authority,
    wait: &Wait,
    global: &Global,
    out: &mut Output,
) -> anyhow::Result<Outcome> {
    let known = directory::headings::decisions(&global.index)?.contains(&decision);
    interrupt::reassure();
    let mut replaced = Vec::new();
    let done = ingest::decide(&global.index, wait.time(), |list| {
        if list.contains(&decision) {
            return;
        }
        replaced.extend(list.extract_if(.., |old| gives_way(old, &decision)));
        list.push(decision.clone());
    })?;
    for old in replaced {
        out.note(&format!("no longer: {}", visible(&said(authority, &old))));
    }
    let already = if known { "already decided: " } else { "" };
    writeln!(out, "{already}{}", visible(&said(authority, &decision)))?;
    if done.0.again == 0 && !known {
        let name = if decision.what == What::Merge { titled(authority, &decision.name) } else { decision.name.clone() };
        out.note(&format!("no article has '{}': this is kept for later ones", visible(&name)));
    }
    tell(&done, authority, out)?;
    Ok(Outcome::Done)
}

/// Whether an old decision cannot stand beside a new one.
fn gives_way(old: &Decision, new: &Decision) -> bool {
    if new.what == What::Merge || old.what == What::Merge {
        return old.what == new.what && old.name == new.name;
    }
    let same = key(&old.name) == key(&new.name) && old.outlet == new.outlet;
    same && if old.what == new.what { new.what == What::Prefer } else { old.heading == new.heading }
}

/// Says which mentions changed.
fn tell((renewed, shifts): &(Renewed, Shifts), authority: &Authority, out: &mut Output) -> anyhow::Result<()> {
    let list = shifts.most_first();
    let whom = |id: &Option<String>| id.as_deref().map_or("nobody".to_owned(), |id| titled(authority, id));
    for ((name, was, is), (mentions, articles)) in list.iter().take(SHOWN) {
        let line = format!(
            "  {} of `{name}` in {}: {}, before {}",
            number_of(*mentions, "mention"),
            number_of(*articles, "article"),
            whom(is),
            whom(was)
        );
        writeln!(out, "{}", visible(&line))?;
    }
    if list.len() > SHOWN {
        writeln!(out, "  and {} more", number_of((list.len() - SHOWN) as u64, "change"))?;
    }
    writeln!(out, "{} of {} changed", shifts.articles, number_of(renewed.all, "article"))?;
    Ok(())
}

/// A decision in words.
fn said(authority: &Authority, decision: &Decision) -> String {
    let Decision { what, name, heading, outlet } = decision;
    let place = outlet.as_ref().map(|outlet| format!(", in {outlet}")).unwrap_or_default();
    match what {
        What::Veto => format!("`{name}` never means {}{place}", titled(authority, heading)),
        What::Prefer => format!("`{name}` means {} where it can{place}", titled(authority, heading)),
        What::Merge => format!("{} is {}", titled(authority, name), titled(authority, heading)),
    }
}

/// A heading with its id.
fn titled(authority: &Authority, id: &str) -> String {
    authority.heading(id).map_or_else(|| id.to_owned(), |heading| format!("{heading} ({id})"))
}

/// Whether a heading has a name.
fn can_mean(authority: &Authority, name: &str, heading: &str) -> bool {
    authority.variants(heading).iter().any(|variant| variant.class != Class::Veto && key(variant.name) == key(name))
}

/// A heading is no meaning of a name.
#[derive(Debug, thiserror::Error)]
#[error(
    "{heading} has no name '{name}', so there is nothing to prefer: add the name in a file of your own (`despatch help actors`)"
)]
struct CannotMean {
    name: String,
    heading: String,
}

/// The id of the heading that the user means: of several, the only one that the name can mean too.
fn heading(authority: &Authority, typed: &str, name: Option<&str>, global: &Global) -> anyhow::Result<String> {
    let listed = |ids: &[String]| {
        let mut shown: Vec<String> = ids.iter().take(MEANT).map(|id| titled(authority, id)).collect();
        shown.extend((ids.len() > MEANT).then(|| format!("{} more", ids.len() - MEANT)));
        shown.join(", ")
    };
    if typed.starts_with("unlisted/") {
        return Ok(typed.to_owned());
    }
    match authority.resolve_unmerged(typed, Among::All) {
        Resolution::One(id) => Ok(id),
        Resolution::Ambiguous(ids) => {
            let meant: Vec<&String> =
                ids.iter().filter(|id| name.is_some_and(|name| can_mean(authority, name, id))).collect();
            match meant.as_slice() {
                [one] => Ok((*one).clone()),
                _ => bail!("'{typed}' can mean several headings: {}", listed(&ids)),
            }
        }
        Resolution::Unknown(nearest) => {
            if let Some(id) = unlisted(typed)
                && is_mentioned(&id, global)?
            {
                return Ok(id);
            }
            let near = if nearest.is_empty() { String::new() } else { format!("; the nearest: {}", listed(&nearest)) };
            bail!("there is no heading '{typed}', and no article has a name without a heading that is written so{near}")
        }
    }
}

/// The outlet as the index writes it.
fn outlet_of(typed: &str, global: &Global, out: &Output) -> anyhow::Result<String> {
    let request = FacetRequest::new("", vec![Facet::Outlet], now(global)?);
    let counts = ask(global, "", |engine| engine.facets(&request))?.counts.remove(&Facet::Outlet).unwrap_or_default();
    let known = counts.into_iter().map(|count| count.value).find(|outlet| key(outlet) == key(typed));
    if known.is_none() {
        out.note(&format!("no article is of the outlet '{typed}': this is kept for later ones"));
    }
    Ok(known.unwrap_or_else(|| typed.trim().to_owned()))
}

/// Whether some article mentions a name without a heading.
fn is_mentioned(id: &str, global: &Global) -> anyhow::Result<bool> {
    let filters = Filters { actor: vec![format!("={id}")], ..Filters::default() };
    let request = SearchRequest { filters, limit: 1, passages: 0, ..SearchRequest::new("", now(global)?) };
    let mut engine = open_engine(global)?;
    Ok(engine.search(&request).is_ok_and(|found| found.total > 0))
}
