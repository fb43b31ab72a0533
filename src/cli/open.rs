//! `despatch open`: an article's page in the browser.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::Context;

use super::output::Output;
use super::{Global, Outcome};
use crate::archive::Archive;
use crate::ingest::IngestError;
use crate::render::clean;

/// Opens an article's address in the browser.
///
/// Where `fetch` has asked for the page, it is the address at which it asked. Runs the first program of BROWSER (several
/// are separated by colons; %s stands for the address), else the one of the desktop. Where there is none, or with --print,
/// prints the address.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Identifier, the beginning of one, or the address of the article
    id: String,
    /// Print the address and start nothing
    #[arg(long)]
    print: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let mut archive = Archive::open(&global.index).map_err(IngestError::from)?;
    let stored = archive.by_id(&args.id)?;
    let asked = archive.address_of_page(stored.num)?;
    let Some(address) = asked.into_iter().chain(stored.article.url).find(|address| is_page(address)) else {
        out.note(&format!("{} has no address", stored.id));
        for one in archive.provenance(stored.num)? {
            writeln!(out, "{}", clean(&one.place.to_string()))?;
        }
        return Ok(Outcome::NothingFound);
    };
    match if args.print { Ok(false) } else { browse(&address) } {
        Ok(true) => return Ok(Outcome::Done),
        Ok(false) => {}
        Err(error) => out.note(&format!("{error:#}")),
    }
    writeln!(out, "{}", clean(&address))?;
    Ok(Outcome::Done)
}

/// Opens an address in the browser. Whether there is one; where all that there are fail, the last one's error.
pub(super) fn browse(address: &str) -> anyhow::Result<bool> {
    let named = std::env::var("BROWSER").unwrap_or_default();
    let mut failed = None;
    for program in programs(&named, address) {
        match start(&program) {
            Ok(()) => return Ok(true),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(false), Err)
}

/// Whether an address is one of a page. Those of files and programs are not opened: an article brought it along.
fn is_page(address: &str) -> bool {
    let known = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
    known && address.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The programs to try, in order, each with its arguments: those that `named` (BROWSER) gives, else that of the desktop.
fn programs(named: &str, address: &str) -> Vec<Vec<String>> {
    let filled = |program: &str| {
        let mut words = shlex::split(program).filter(|words| !words.is_empty())?;
        if words.iter().any(|word| word.contains("%s")) {
            words.iter_mut().for_each(|word| *word = word.replace("%s", address));
        } else {
            words.push(address.to_owned());
        }
        Some(words)
    };
    let own: Vec<Vec<String>> = named.split(':').filter_map(filled).collect();
    if !own.is_empty() {
        return own;
    }
    desktop().map(|program| vec![program.to_owned(), address.to_owned()]).into_iter().collect()
}

/// The program that opens addresses on this desktop; `None` where there is no desktop.
fn desktop() -> Option<&'static str> {
    if cfg!(target_os = "macos") {
        return Some("open");
    }
    if cfg!(windows) {
        return Some("explorer");
    }
    let shown = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    shown.then_some("xdg-open")
}

/// Runs a program and waits for it; no shell reads the address.
fn start(program: &[String]) -> anyhow::Result<()> {
    let [name, arguments @ ..] = program else { return Ok(()) };
    let status = Command::new(name).args(arguments).stdout(Stdio::inherit()).status();
    let status = status.with_context(|| format!("{name} cannot be started"))?;
    anyhow::ensure!(status.success(), "{name} did not open it: {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_takes_the_address_where_it_says_so_or_last() {
        let tried =
            |named: &str| programs(named, "https://a.example/x;y").iter().map(|p| p.join("|")).collect::<Vec<_>>();
        assert_eq!(tried("lynx"), ["lynx|https://a.example/x;y"]);
        assert_eq!(
            tried("firefox --new 'u=%s':w3m"),
            ["firefox|--new|u=https://a.example/x;y", "w3m|https://a.example/x;y"]
        );
    }

    #[test]
    fn only_pages_are_opened() {
        assert!(is_page("https://a.example/x") && is_page("http://a.example"));
        for bad in
            ["file:///etc/passwd", "javascript:alert(1)", "https://a.example/ x", "-x", "https://a.example/\x1b[2J"]
        {
            assert!(!is_page(bad), "{bad}");
        }
    }
}
