//! `despatch follow` and `despatch unfollow`: what is to be fetched.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::fetch::{failure, options, seconds};
use super::output::Output;
use super::{Global, Outcome, headings, interrupt};
use crate::archive::Archive;
use crate::archive::following::{Full, Kind};
use crate::fetch::{self, FetchError, Followed, Line, Wish, opml};
use crate::number::number_of;
use crate::render::{clean, short};

/// Letters of the name of a source, at most.
const NAME: usize = 100;

/// Follows a feed, a news sitemap or a page with a list of articles.
///
/// Asks for the address once, and takes in what it has now. `despatch fetch` asks again when it is due, and asks for the
/// pages behind its items. Where a web page is at the address, its feeds are named and nothing is followed: choose one.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address
    #[arg(value_name = "URL", required_unless_present = "opml")]
    url: Option<String>,
    /// Follow all that this list of another feed reader names, without asking for them now; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "name", "kind"])]
    opml: Option<PathBuf>,
    /// Call it so; by default, its host
    #[arg(long = "as", id = "name", value_name = "NAME")]
    name: Option<String>,
    /// What is there
    #[arg(long, value_enum)]
    kind: Option<KindArg>,
    /// Ask for it at most so often: 30m, 2h, 1d
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    every: Option<i64>,
    /// When to ask for the pages of its items
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = FullArg::Auto)]
    full: FullArg,
    /// How long to ask again for the pages of its items, to see what changes: 7d, never; 30 days by default
    #[arg(long, value_name = "TIME", value_parser = recheck)]
    recheck: Option<i64>,
    /// Take only items with such an address
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Leave out items with such an address
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Who publishes its articles, where it does not say so itself
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// Do not ask for it now
    #[arg(long)]
    add_only: bool,
    /// Wait this long for another process that fetches or writes
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// Follows a source no more; its articles stay.
#[derive(Debug, clap::Args)]
pub(super) struct UnfollowArgs {
    /// Its name or address, as `despatch following` shows them
    #[arg(value_name = "NAME|URL")]
    source: String,
    /// Wait this long for another process that writes
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// A time, or `never`, which is 0.
fn recheck(text: &str) -> Result<i64, String> {
    if text == "never" { Ok(0) } else { seconds(text) }
}

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindArg {
    /// RSS, Atom or JSON Feed
    Feed,
    /// A sitemap, or an index of sitemaps
    Sitemap,
    /// A page with links to articles
    Page,
}

/// When pages are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FullArg {
    /// Where the source has only a summary
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Args {
    fn wish(&self, url: &str) -> Wish {
        Wish {
            url: url.to_owned(),
            name: self.name.clone(),
            kind: self.kind.map(|kind| match kind {
                KindArg::Feed => Kind::Feed,
                KindArg::Sitemap => Kind::Sitemap,
                KindArg::Page => Kind::Page,
            }),
            every: self.every,
            full: match self.full {
                FullArg::Auto => Full::Auto,
                FullArg::Always => Full::Always,
                FullArg::Never => Full::Never,
            },
            recheck: self.recheck,
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            outlet: self.outlet.clone(),
            title: None,
        }
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let options = options(global, args.wait)?;
    if let Some(name) = args.name.as_deref().filter(|name| !is_good_name(name)) {
        let name = short(name);
        bail!("'{name}' cannot be the name of a source: it has spaces or over {NAME} letters, or begins with -");
    }
    let Some(url) = &args.url else {
        return from_list(args, &options, out);
    };
    let wish = args.wish(url);
    if args.add_only {
        let added = fetch::wish_without_looking(&options, &[wish]).map_err(failure)?;
        let added = added.into_iter().next().context("nothing to follow")?.map_err(failure)?;
        told(&added, out)?;
        return Ok(Outcome::Done);
    }
    interrupt::reassure();
    let authority = headings::of_index_from_now(global)?;
    let followed = fetch::follow(&options, &wish, authority, &mut |line| {
        if let Line::Warning(text) = line {
            out.warn(text);
        }
    });
    match followed {
        Ok(followed) => {
            told(&followed, out)?;
            taken(&followed, global, out)?;
            Ok(Outcome::Done)
        }
        Err(FetchError::NoFeed { address, offers }) if !offers.is_empty() => {
            for offer in &offers {
                let url = shlex::try_quote(&offer.url).map_or_else(|_| offer.url.clone(), Into::into);
                writeln!(out, "despatch follow {}  # {}", clean(&url), short(&offer.title))?;
            }
            Err(failure(FetchError::NoFeed { address, offers }))
        }
        Err(error) => Err(failure(error)),
    }
}

pub(super) fn unfollow(args: &UnfollowArgs, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let source = fetch::unfollow(&options(global, args.wait)?, &args.source).map_err(failure)?;
    out.note(&format!("{} is not followed any more; its articles stay", source.name));
    Ok(Outcome::Done)
}

/// Whether a name can be typed as one word.
fn is_good_name(name: &str) -> bool {
    let is_short = name.chars().nth(NAME).is_none();
    !name.is_empty() && is_short && !name.starts_with('-') && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Says what is followed now.
fn told(followed: &Followed, out: &mut Output) -> std::io::Result<()> {
    let source = &followed.source;
    let how = match followed {
        Followed { changed: true, .. } => "changed",
        Followed { already: true, .. } => "there already",
        _ => "followed",
    };
    let title = source.title.as_deref().map(|title| format!(" '{}'", short(title))).unwrap_or_default();
    writeln!(out, "{how}: {} ({}{title}, {})", short(&source.name), source.kind.name(), clean(&source.url))
}

/// Says what was taken in.
fn taken(followed: &Followed, global: &Global, out: &mut Output) -> anyhow::Result<()> {
    if followed.already {
        return Ok(());
    }
    let waiting = Archive::open(&global.index)?.pages_waiting()?;
    let items = number_of(followed.source.items_seen, "item");
    let new = number_of(followed.report.new, "new article");
    writeln!(out, "{items}, {new}; {} waiting: despatch fetch", number_of(waiting, "page"))?;
    followed.report.news.iter().for_each(|news| out.note(news));
    Ok(())
}

/// Follows what a list names.
fn from_list(args: &Args, options: &fetch::Options, out: &mut Output) -> anyhow::Result<Outcome> {
    let path = args.opml.clone().context("an address or --opml FILE")?;
    let bytes = match path.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
            bytes
        }
        false => std::fs::read(&path).with_context(|| path.display().to_string())?,
    };
    let (lines, whole) = opml::read(&crate::source::decoded(&bytes));
    if lines.is_empty() {
        bail!("{}: no list of feeds (OPML)", path.display());
    }
    let wishes: Vec<Wish> = lines
        .into_iter()
        .map(|line| Wish { title: Some(line.title).filter(|title| !title.is_empty()), ..args.wish(&line.url) })
        .collect();
    let mut outcome = if whole { Outcome::Done } else { Outcome::PartlyFailed };
    for added in fetch::wish_without_looking(options, &wishes).map_err(failure)? {
        match added {
            Ok(added) => told(&added, out)?,
            Err(error) => {
                outcome = Outcome::PartlyFailed;
                writeln!(out, "not valid: {}", clean(&error.to_string()))?;
            }
        }
    }
    if !whole {
        out.warn(&format!("{}: it is cut off or damaged; what came before is followed", path.display()));
    }
    Ok(outcome)
}
