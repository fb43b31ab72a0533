//! Following: looks at an address once, says what is there, and takes what it has now as what is known.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use url::Url;

use super::about::about;
use super::address::{Allowed, host_of};
use super::entries::{What, text_of, what};
use super::hosts::{Job, Task};
use super::net::{Answer, Client, Fault, PAGE_BYTES, Request, SITEMAP_BYTES};
use super::run::{Done, Run, hop};
use super::{FetchError, Line, Options, Report, entries, links};
use crate::archive::Archive;
use crate::archive::following::{Full, Kind, Source};
use crate::authority::Authority;
use crate::directory::{self, TaskLock};
use crate::source::Patterns;

/// What the user wants to follow.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The address.
    pub url: String,
    /// By which the user will call it; made from the address where it is not given.
    pub name: Option<String>,
    /// What is there, where the user says so.
    pub kind: Option<Kind>,
    /// The least interval between two polls, in seconds.
    pub every: Option<i64>,
    /// When pages are asked for.
    pub full: Full,
    /// How long its pages are asked for again, in seconds; 0 is never.
    pub recheck: Option<i64>,
    /// Patterns for the addresses of pages that are taken.
    pub include: Vec<String>,
    /// Patterns for those that are left out.
    pub exclude: Vec<String>,
    /// The outlet of its articles.
    pub outlet: Option<String>,
    /// Its title, where a list gives one.
    pub title: Option<String>,
}

/// A feed that a page names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its address.
    pub url: String,
    /// Its title; empty if it has none.
    pub title: String,
    /// What it is.
    pub kind: Kind,
}

/// What came of a wish.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// The source.
    pub source: Source,
    /// Whether it was followed before.
    pub already: bool,
    /// Whether it was, and is followed otherwise now.
    pub changed: bool,
    /// What was taken.
    pub report: Report,
}

/// Follows an address: asks for it once, and takes what it has. Its pages are asked for by the next fetch.
///
/// # Errors
///
/// [`FetchError::NoFeed`] where a web page is there; also fails where there is no answer, or nothing that can be followed.
/// Nothing is followed then.
pub fn follow(
    options: &Options,
    wish: &Wish,
    authority: &Authority,
    line: &mut dyn FnMut(Line<'_>),
) -> Result<Followed, FetchError> {
    let url = address(wish)?;
    let wait = options.wait.max(Duration::from_secs(60));
    let _lock = super::run::alone(TaskLock::follow(&options.dir, wait))?;
    if let Some(source) = known(options, &url)? {
        return again(options, wish, source);
    }
    let (job, answer) = look(options, &url)?;
    if let Some(damage) = nothing_but_damage(&answer, &job.url, options) {
        return Err(FetchError::Address { address: url.to_string(), what: format!("nothing to follow: {damage}") });
    }
    let kind = match kind_of(wish, &job.url, &answer) {
        Err(FetchError::NoFeed { address, offers }) if offers.is_empty() => {
            return Err(FetchError::NoFeed { address, offers: guesses(options, &job.url)? });
        }
        other => other?,
    };
    let wish = Wish { kind: Some(kind), ..wish.clone() };
    let source = add(options, &wish, &url)?;
    let archive = Archive::open(&options.dir)?;
    let options = Options { pages: false, ..options.clone() };
    let mut run = Run::new(&options, authority, archive, vec![source.clone()], line)?;
    let large = kind == Kind::Sitemap;
    let job = Job { task: Task::Poll { source: 0, etag: None, modified: None }, large, ..job };
    run.take(Done { job, result: Ok(answer), verdict: None, took: Duration::ZERO })?;
    run.go()?;
    let source = run.sources[0].clone();
    let report = run.end()?;
    Ok(Followed { source, report, ..Followed::default() })
}

/// Follows addresses without asking for them: the first fetch does that.
///
/// # Errors
///
/// The inner ones are of single addresses; fails where the archive cannot be written.
pub fn wish_without_looking(
    options: &Options,
    wishes: &[Wish],
) -> Result<Vec<Result<Followed, FetchError>>, FetchError> {
    let mut out = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let added = address(wish).and_then(|url| match known(options, &url)? {
            Some(source) => again(options, wish, source),
            None => add(options, wish, &url).map(|source| Followed { source, ..Followed::default() }),
        });
        match added {
            Err(error @ FetchError::Ingest(_)) => return Err(error),
            other => out.push(other),
        }
    }
    Ok(out)
}

/// Follows a source no more; gives what was known of it. Its articles stay.
///
/// # Errors
///
/// Fails where no source is called so, or the archive cannot be written.
pub fn unfollow(options: &Options, called: &str) -> Result<Source, FetchError> {
    let sources = Archive::open(&options.dir)?.sources()?;
    let source = super::find(&sources, called)?.clone();
    directory::write(&options.dir, options.wait, |mut archive| {
        let there = archive.there_with(source.num)?;
        let batch = archive.batch()?;
        batch.drop_source(source.num, &there)?;
        Ok::<(), FetchError>(batch.commit()?)
    })?;
    Ok(source)
}

/// Stores what was changed of a source.
///
/// # Errors
///
/// Fails where the archive cannot be written.
pub fn keep(options: &Options, source: &Source) -> Result<(), FetchError> {
    directory::write(&options.dir, options.wait, |mut archive| {
        let batch = archive.batch()?;
        batch.put_source(source)?;
        Ok(batch.commit()?)
    })
}

/// The address of a wish. One without a scheme is taken for `https`.
fn address(wish: &Wish) -> Result<Url, FetchError> {
    let fail = |what: String| FetchError::Invalid { address: wish.url.clone(), what };
    let typed = wish.url.trim();
    let text = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let mut url = Url::parse(&text).map_err(|cause| fail(format!("is no address: {cause}")))?;
    url.set_fragment(None);
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(fail("only http and https are followed".to_owned()));
    }
    Patterns::new(&wish.include, &wish.exclude).map_err(|cause| fail(cause.to_string()))?;
    Ok(url)
}

fn known(options: &Options, url: &Url) -> Result<Option<Source>, FetchError> {
    match Archive::open(&options.dir) {
        Ok(archive) => Ok(archive.sources()?.into_iter().find(|source| source.url == url.as_str())),
        Err(crate::archive::ArchiveError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A source that is followed already: what the user wants of it now is taken over.
fn again(options: &Options, wish: &Wish, old: Source) -> Result<Followed, FetchError> {
    let mut source = old.clone();
    source.every = wish.every.or(source.every);
    source.recheck = wish.recheck.or(source.recheck);
    source.outlet = wish.outlet.clone().or(source.outlet);
    if wish.full != Full::default() {
        source.full = wish.full;
    }
    for (wanted, kept) in [(&wish.include, &mut source.include), (&wish.exclude, &mut source.exclude)] {
        if !wanted.is_empty() {
            kept.clone_from(wanted);
        }
    }
    if let Some(name) = &wish.name {
        let taken = Archive::open(&options.dir)?.sources()?.iter().any(|one| one.name == *name && one.num != old.num);
        if taken {
            return Err(FetchError::Taken(name.clone()));
        }
        source.name.clone_from(name);
    }
    // A shorter interval counts from now on.
    if wish.every.is_some_and(|every| old.every.is_none_or(|before| every < before)) {
        let from = source.last_try.unwrap_or(options.seconds());
        source.next = source.next.min(from.saturating_add(wish.every.unwrap_or_default()));
    }
    let changed = source != old;
    if changed {
        keep(options, &source)?;
    }
    Ok(Followed { source, already: true, changed, ..Followed::default() })
}

/// Stores a new source.
fn add(options: &Options, wish: &Wish, url: &Url) -> Result<Source, FetchError> {
    let mut source = Source {
        url: url.to_string(),
        kind: wish.kind.unwrap_or_default(),
        title: wish.title.clone(),
        outlet: wish.outlet.clone(),
        every: wish.every,
        full: wish.full,
        recheck: wish.recheck,
        include: wish.include.clone(),
        exclude: wish.exclude.clone(),
        interval: options.every,
        ..Source::default()
    };
    let mut taken = false;
    directory::write(&options.dir, options.wait, |mut archive| {
        let names: Vec<String> = archive.sources()?.into_iter().map(|source| source.name).collect();
        match &wish.name {
            Some(name) if names.contains(name) => {
                taken = true;
                return Ok::<(), FetchError>(());
            }
            Some(name) => source.name.clone_from(name),
            None => source.name = name_of(url, &names),
        }
        let batch = archive.batch()?;
        source.num = batch.put_source(&source)?;
        Ok(batch.commit()?)
    })?;
    if taken {
        return Err(FetchError::Taken(wish.name.clone().unwrap_or_default()));
    }
    Ok(source)
}

/// A name for a source: its host, with a number where that is taken.
fn name_of(url: &Url, taken: &[String]) -> String {
    let host = url.host_str().unwrap_or("source");
    let host = host.strip_prefix("www.").unwrap_or(host).trim_matches(['[', ']']);
    let free = |name: &String| !taken.contains(name);
    let numbered = (2..).map(|number: u64| format!("{host}-{number}"));
    std::iter::once(host.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

/// Asks for an address, wherever it leads.
fn look(options: &Options, url: &Url) -> Result<(Job, Answer), FetchError> {
    let fail = |what: String| FetchError::Address { address: url.to_string(), what };
    let hosts = Archive::open(&options.dir).and_then(|archive| archive.hosts()).unwrap_or_default();
    if let Some(host) = hosts.get(&host_of(url)).filter(|host| host.next > options.seconds()) {
        let until = Timestamp::from_second(host.next).unwrap_or_default();
        return Err(fail(format!("its host wants to be left alone until {until}")));
    }
    let client = Client::new(options, Allowed::new(&options.private, [host_of(url)].into()))?;
    let task = Task::Poll { source: 0, etag: None, modified: None };
    let mut job = Job { url: url.clone(), large: true, hops: Vec::new(), task };
    loop {
        let began = Instant::now();
        let patience = options.patience[1];
        let request = Request { url: &job.url, etag: None, modified: None, limit: SITEMAP_BYTES, patience };
        let told = |fault: Fault| match job.hops.is_empty() {
            true => fail(fault.what),
            false => fail(format!("{} (redirected to {})", fault.what, job.url)),
        };
        let answer = client.get(&request).map_err(told)?;
        let Some(to) = answer.location(&job.url) else {
            return match answer.status {
                200..=299 => Ok((job, answer)),
                status => Err(fail(format!("its host answers with status {status}"))),
            };
        };
        job = to.and_then(|to| hop(&job, &to, answer.status)).map_err(|fault| fail(fault.what))?;
        std::thread::sleep(options.delay.saturating_sub(began.elapsed()));
    }
}

/// Where sites have their feed, if they do not say so.
const USUAL: [&str; 5] = ["/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml"];
/// Sitemaps of a site that are offered, at most.
const SITEMAPS: usize = 5;

/// What a site has to follow that its page does not name: sitemaps that its robots.txt names, those of news first, and
/// feeds at the usual addresses. A redirect is not followed: many sites send any address to their front page.
fn guesses(options: &Options, url: &Url) -> Result<Vec<Offer>, FetchError> {
    let client = Client::new(options, Allowed::new(&options.private, [host_of(url)].into()))?;
    let ask = |path: &str| {
        std::thread::sleep(options.delay);
        let url = url.join(path).ok()?;
        let patience = options.patience[0];
        let request = Request { url: &url, etag: None, modified: None, limit: PAGE_BYTES, patience };
        let answer = client.get(&request).ok().filter(|answer| (200..300).contains(&answer.status))?;
        Some((url, text_of(&answer.body, PAGE_BYTES)))
    };
    let mut offers = Vec::new();
    if let Some((_, text)) = ask("/robots.txt") {
        let named = text.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("sitemap").then(|| value.trim().to_owned())
        });
        let mut named: Vec<String> = named.filter(|url| Url::parse(url).is_ok()).collect();
        named.sort_by_key(|url| !url.contains("news"));
        let offer = |url| Offer { url, title: "sitemap".to_owned(), kind: Kind::Sitemap };
        offers.extend(named.into_iter().take(SITEMAPS).map(offer));
    }
    for path in USUAL {
        if let Some((url, text)) = ask(path)
            && what(&text) == What::Feed
        {
            offers.push(Offer {
                url: url.to_string(),
                title: about(&text).title.unwrap_or_default(),
                kind: Kind::Feed,
            });
        }
    }
    Ok(offers)
}

/// Of a feed that is damaged so early that no entry of it can be read: the damage.
fn nothing_but_damage(answer: &Answer, url: &Url, options: &Options) -> Option<String> {
    let text = text_of(&answer.body, SITEMAP_BYTES);
    let source = Source { url: url.to_string(), ..Source::default() };
    let now = Timestamp::from_second(options.seconds()).unwrap_or_default();
    let read = (what(&text) == What::Feed).then(|| entries::read(&text, &source, url, now))?.ok()?;
    read.damage.filter(|_| read.entries.is_empty())
}

/// What is at an address; what the user says goes before what it looks like.
fn kind_of(wish: &Wish, url: &Url, answer: &Answer) -> Result<Kind, FetchError> {
    let text = text_of(&answer.body, SITEMAP_BYTES);
    let fail = |what: &str| FetchError::Address { address: wish.url.clone(), what: what.to_owned() };
    match (wish.kind, what(&text)) {
        (Some(Kind::Page), What::Html) => Ok(Kind::Page),
        (None | Some(Kind::Feed), What::Feed) => Ok(Kind::Feed),
        (None | Some(Kind::Sitemap), What::Sitemap | What::Index) => Ok(Kind::Sitemap),
        (_, What::Html) => Err(FetchError::NoFeed { address: wish.url.clone(), offers: links::feeds(&text, url) }),
        (_, What::Other(what)) => Err(fail(&format!("nothing to follow: {what}"))),
        (Some(kind), _) => Err(fail(&format!("there is no {} at this address", kind.name()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_host_with_a_number_where_that_is_taken() {
        let url = Url::parse("https://www.harbour.example/feed").unwrap();
        assert_eq!(name_of(&url, &[]), "harbour.example");
        assert_eq!(name_of(&url, &["harbour.example".to_owned(), "harbour.example-2".to_owned()]), "harbour.example-3");
    }

    #[test]
    fn an_address_without_a_scheme_is_https_and_other_schemes_are_refused() {
        let of = |url: &str| address(&Wish { url: url.to_owned(), ..Wish::default() }).map(String::from);
        assert_eq!(of(" harbour.example/feed#top ").unwrap(), "https://harbour.example/feed");
        assert_eq!(of("http://127.0.0.1:80/feed").unwrap(), "http://127.0.0.1/feed");
        for url in ["ftp://harbour.example/", "file:///etc/passwd", "https://", "", "http://a b/"] {
            assert!(of(url).is_err(), "{url}");
        }
    }
}
