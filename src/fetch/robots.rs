//! What a host allows (RFC 9309): for pages and the sitemaps of an index, not for an address that the user typed.

use std::time::Duration;

use robotxt::{AccessResult, BYTE_LIMIT, Robots};
use url::Url;

use super::DAY;
use super::net::{Answer, Fault};
use crate::archive::following::Host;

/// The name by which rules mean us.
const AGENT: &str = "despatch";
/// A pause between requests that a host may ask for; above it, one page is asked for in a run.
pub(super) const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// After so long without an answer, a host is taken to have no rules, in seconds.
const LOST: i64 = 30 * DAY;

/// The rules of a host.
#[derive(Debug, Clone)]
pub(super) enum Rules {
    /// They are known.
    Known(Box<Robots>),
    /// The host did not answer, so nothing may be asked for now.
    Silent,
}

impl Rules {
    fn of(access: AccessResult<'_>) -> Self {
        Self::Known(Box::new(Robots::from_access(access, AGENT)))
    }

    /// Whether an address may be asked for; `None` where that is not known.
    pub(super) fn allow(&self, url: &Url) -> Option<bool> {
        match self {
            Self::Known(robots) => Some(robots.is_url_allowed(url)),
            Self::Silent => None,
        }
    }

    /// The pause between requests that the host asks for.
    pub(super) fn delay(&self) -> Option<Duration> {
        match self {
            Self::Known(robots) => robots.crawl_delay(),
            Self::Silent => None,
        }
    }
}

/// The rules as they were read within a day; `None` where they have to be read.
pub(super) fn kept(host: &Host, now: i64) -> Option<Rules> {
    let fresh = host.robots_at.is_some_and(|at| (0..DAY).contains(&(now - at)));
    let text = host.robots.as_deref().filter(|_| fresh && host.robots_lost.is_none())?;
    Some(Rules::of(AccessResult::Successful(text.as_bytes())))
}

/// Reads the rules from what came of asking for them, and keeps them with the host. Five redirects were followed.
pub(super) fn take(host: &mut Host, result: &Result<Answer, Fault>, now: i64) -> Rules {
    let text = match result {
        Ok(answer) if (200..300).contains(&answer.status) => {
            let most = answer.body.len().min(BYTE_LIMIT);
            Some(String::from_utf8_lossy(&answer.body[..most]).into_owned())
        }
        // What is forbidden or not there has no rules; "too many requests" is no answer.
        Ok(answer) if answer.status != 429 && (300..500).contains(&answer.status) => Some(String::new()),
        _ => None,
    };
    if let Some(text) = text {
        (host.robots, host.robots_at, host.robots_lost) = (Some(text), Some(now), None);
    } else {
        let since = *host.robots_lost.get_or_insert(now);
        if host.robots.is_none() {
            return if now - since >= LOST { Rules::of(AccessResult::Unavailable) } else { Rules::Silent };
        }
    }
    Rules::of(AccessResult::Successful(host.robots.as_deref().unwrap_or_default().as_bytes()))
}

/// The address of the rules for an address.
pub(super) fn address(url: &Url) -> Option<Url> {
    url.join("/robots.txt").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_772_366_400;

    fn answer(status: u16, body: &str) -> Result<Answer, Fault> {
        Ok(Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() })
    }

    fn allows(rules: &Rules, path: &str) -> Option<bool> {
        rules.allow(&Url::parse("https://harbour.example").unwrap().join(path).unwrap())
    }

    #[test]
    fn rules_are_obeyed_and_their_absence_is_told_from_silence() {
        let mut host = Host::default();
        let text = "\u{feff}User-agent: *\nDisallow: /\n\nUser-Agent: DESPATCH\nDisallow: /politics/\nAllow: /politics/open\nCrawl-delay: 5\n";
        let rules = take(&mut host, &answer(200, text), NOW);
        assert_eq!(
            ["/politics/a", "/politics/open", "/a"].map(|path| allows(&rules, path)),
            [Some(false), Some(true), Some(true)]
        );
        assert_eq!(rules.delay(), Some(Duration::from_secs(5)));
        assert_eq!(allows(&kept(&host, NOW + DAY - 1).unwrap(), "/politics/a"), Some(false));
        assert!(kept(&host, NOW + DAY).is_none());
        // A host that falls silent keeps its rules.
        let rules = take(&mut host, &answer(503, ""), NOW + DAY);
        assert_eq!(allows(&rules, "/politics/a"), Some(false));
        assert!(kept(&host, NOW + DAY).is_none(), "it is asked again");
        for status in [404, 403, 302] {
            assert_eq!(
                allows(&take(&mut Host::default(), &answer(status, "Disallow: /"), NOW), "/a"),
                Some(true),
                "{status}"
            );
        }
        let mut silent = Host::default();
        for status in [500, 429] {
            assert_eq!(allows(&take(&mut silent, &answer(status, ""), NOW), "/a"), None, "{status}");
        }
        assert_eq!(allows(&take(&mut silent, &answer(500, ""), NOW + 31 * DAY), "/a"), Some(true));
        let long = format!("{}User-agent: *\nDisallow: /late\n", "# filler\n".repeat(80_000));
        assert_eq!(
            allows(&take(&mut Host::default(), &answer(200, &long), NOW), "/late"),
            Some(true),
            "only the first 500 KiB"
        );
    }
}
