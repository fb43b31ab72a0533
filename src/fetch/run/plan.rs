//! What is to be asked now, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::rechecks::{Want, most, want};
use crate::archive::Archive;
use crate::archive::following::Source;
use crate::fetch::address::{Allowed, host_of};
use crate::fetch::poll::{self, State};
use crate::fetch::{FetchError, Options, find, robots};

/// A source is not asked again so soon, in seconds, unless its host is one of the user's own.
const AGAIN: i64 = 5 * 60;

/// The requests that [`super::fetch`] would make, in order, without those that their answers lead to. No request is made.
///
/// # Errors
///
/// Fails where the archive cannot be read, or where no source is called as `options` say.
pub fn planned(options: &Options) -> Result<Vec<String>, FetchError> {
    let archive = Archive::open(&options.dir)?;
    let sources = archive.sources()?;
    let now = options.seconds();
    let mut lines = Vec::new();
    let hosts = archive.hosts()?;
    let free = |url: &Url| hosts.get(&host_of(url)).is_none_or(|host| host.next <= now);
    for at in chosen(options, &sources)? {
        let Ok(url) = Url::parse(&sources[at].url) else { continue };
        if free(&url) {
            lines.push(url.to_string());
        }
    }
    let (mut asked, mut counts) = (BTreeSet::new(), BTreeMap::new());
    for page in archive.pages_due(now)?.into_iter().filter(|_| options.pages) {
        let Some(url) = page.url.and_then(|url| Url::parse(&url).ok()) else { continue };
        let (host, count) = (host_of(&url), counts.entry(host_of(&url)).or_insert(0));
        if *count >= options.max_pages || !free(&url) {
            continue;
        }
        *count += 1;
        let known = hosts.get(&host).is_some_and(|known| robots::kept(known, now).is_some());
        if !known && asked.insert(host) {
            lines.extend(robots::address(&url).map(String::from));
        }
        lines.push(url.to_string());
    }
    lines.extend(again(options, &archive, &sources, &mut asked)?);
    Ok(lines)
}

/// The requests for pages whose stories are kept, with those for rules that none before needed.
fn again(
    options: &Options,
    archive: &Archive,
    sources: &[Source],
    asked: &mut BTreeSet<String>,
) -> Result<Vec<String>, FetchError> {
    let (now, hosts, mut lines) = (options.seconds(), archive.hosts()?, Vec::new());
    if !options.pages || !options.rechecks {
        return Ok(lines);
    }
    let named: Result<BTreeSet<u64>, FetchError> =
        options.names.iter().map(|name| Ok(find(sources, name)?.num)).collect();
    let named = named?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in archive.rechecks_due(now)? {
        let Want::Now(url) = want(&page, sources, &named, now) else { continue };
        let host = host_of(&url);
        let count = counts.entry(host.clone()).or_default();
        *count += 1;
        if *count > most(options) || hosts.get(&host).is_some_and(|host| host.next > now) {
            continue;
        }
        let known = hosts.get(&host).is_some_and(|known| robots::kept(known, now).is_some());
        if !known && asked.insert(host) {
            lines.extend(robots::address(&url).map(String::from));
        }
        lines.push(url.to_string());
    }
    Ok(lines)
}

/// The sources that are to be asked now, by their place in `sources`: those that were due first come first.
pub(super) fn chosen(options: &Options, sources: &[Source]) -> Result<Vec<usize>, FetchError> {
    let now = options.seconds();
    let mut named = BTreeSet::new();
    for name in &options.names {
        named.insert(find(sources, name)?.num);
    }
    let allowed = Allowed::new(&options.private, BTreeSet::new());
    let is_due = |source: &Source| {
        let wanted = named.is_empty() || named.contains(&source.num);
        let own = Url::parse(&source.url).is_ok_and(|url| {
            allowed.is_named(url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
        });
        let soon = source.last_try.is_some_and(|at| (0..AGAIN).contains(&(now - at))) && !own;
        let due = source.next <= now || (options.now_all && !soon);
        wanted && due && poll::state(source, now) != State::Paused
    };
    let mut due: Vec<usize> = (0..sources.len()).filter(|at| is_due(&sources[*at])).collect();
    due.sort_by_key(|at| (sources[*at].next, sources[*at].num));
    Ok(due)
}
