//! What an answer changes in what is known of a source.

use super::calendar::{due, retry_after};
use super::entries::Entries;
use super::net::{Answer, Fault, Trouble};
use super::{DAY, HOUR};
use crate::archive::following::{Pause, Source};
use crate::archive::{digest, hex};

/// A source is failing from this many faults in a row on.
const FAILING: u32 = 3;
/// The user is told of a source that fails for so long, in seconds.
const LONG: i64 = DAY;
/// How long a source that is gone (410) is left alone.
const GONE: i64 = 30 * DAY;
/// After so long without a body, a source is asked without validators.
const STALE: i64 = 7 * DAY;

/// How a source does, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was never asked.
    New,
    /// It answers as it should.
    Well,
    /// It failed once or twice.
    Slow,
    /// It failed three times in a row or more.
    Failing,
    /// Its host refuses to answer us.
    Blocked,
    /// It said that it is gone.
    Gone,
    /// The user does not want it asked.
    Paused,
    /// It answers, and has had nothing new for much longer than usual.
    Quiet,
}

impl State {
    /// Its name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Well => "well",
            Self::Slow => "slow",
            Self::Failing => "failing",
            Self::Blocked => "blocked",
            Self::Gone => "gone",
            Self::Paused => "paused",
            Self::Quiet => "quiet",
        }
    }
}

/// How a source does.
#[must_use]
pub fn state(source: &Source, now: i64) -> State {
    match source.paused {
        Some(Pause::User) => return State::Paused,
        Some(Pause::Gone) => return State::Gone,
        None => {}
    }
    match source.failures {
        FAILING.. if matches!(source.status, Some(401 | 403 | 451)) => State::Blocked,
        FAILING.. => State::Failing,
        1.. => State::Slow,
        0 if source.last_success.is_none() => State::New,
        0 => {
            // Five times the usual gap between two items, and a week at least.
            let gap = (now - source.started.unwrap_or(now)) / i64::try_from(source.items_seen.max(1)).unwrap_or(1);
            let silent = now - source.last_new.or(source.started).unwrap_or(now);
            if source.items_seen >= 10 && silent > (5 * gap).max(STALE) { State::Quiet } else { State::Well }
        }
    }
}

/// What came of asking a source.
#[derive(Debug)]
pub(super) enum Reply<'a> {
    /// 304.
    Same(&'a Answer),
    /// A body that this kind of source has; how many of its entries were known and how many are new.
    Body { answer: &'a Answer, entries: &'a Entries, known: usize, fresh: usize },
    /// A body that it does not have.
    Strange(&'a Answer, &'a str),
    /// Another status.
    Status(&'a Answer),
    /// No answer.
    Fault(&'a Fault),
}

/// What a poll means beyond the source itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// The fault, if there was one.
    pub(super) fault: Option<String>,
    /// Until when the host is to be left alone.
    pub(super) host_until: Option<i64>,
    /// Whether it only has to wait: no fault of the source.
    pub(super) waits: bool,
    /// What the user is to be told once.
    pub(super) news: Vec<String>,
    /// Whether the source became failing.
    pub(super) became_failing: bool,
}

/// Whether a source is to be asked without its validators: those of some hosts stay the same when the content does not.
pub(super) fn unconditional(source: &Source, now: i64) -> bool {
    source.distrusted || source.body_at.is_none_or(|at| now - at >= STALE)
}

/// Changes a source by what came of asking it. `strikes` counts the times in a row that its host wanted to be left alone.
pub(super) fn settle(source: &mut Source, reply: &Reply<'_>, strikes: u32, now: i64) -> Effect {
    source.last_try = Some(now);
    source.started = source.started.or(Some(now));
    source.status = match reply {
        Reply::Same(answer) | Reply::Body { answer, .. } | Reply::Strange(answer, _) | Reply::Status(answer) => {
            Some(answer.status)
        }
        Reply::Fault(_) => None,
    };
    match reply {
        Reply::Same(answer) => {
            for (name, kept) in [("etag", &mut source.etag), ("last-modified", &mut source.modified)] {
                if let Some(value) = answer.header(name) {
                    *kept = Some(value.to_owned());
                }
            }
            source.next = due(interval(source), None, Some(answer), &source.url, now);
            well(source, now)
        }
        Reply::Body { answer, entries, known, fresh } => body(source, answer, entries, (*known, *fresh), now),
        Reply::Strange(answer, what) => failed(source, (*what).to_owned(), Some(answer), now),
        Reply::Status(answer) => status(source, answer, strikes, now),
        Reply::Fault(fault) => failed(source, fault.what.clone(), None, now),
    }
}

/// The interval at which a source is asked, before what it says itself.
fn interval(source: &Source) -> i64 {
    let own = source.every.unwrap_or(if source.interval > 0 { source.interval } else { HOUR });
    if source.distrusted { own.max(DAY) } else { own }
}

fn body(source: &mut Source, answer: &Answer, entries: &Entries, (known, fresh): (usize, usize), now: i64) -> Effect {
    let hash = hex(&digest(&answer.body));
    let header = |name: &str| answer.header(name).map(str::to_owned);
    let (etag, modified) = (header("etag"), header("last-modified"));
    let stale = unconditional(source, now) && source.body_at.is_some() && !source.distrusted;
    let same_validators = etag.is_some() && etag == source.etag
        || (etag.is_none() && source.etag.is_none() && modified.is_some() && modified == source.modified);
    if stale && fresh > 0 && same_validators {
        source.distrusted = true;
    }
    // What is only part of an answer, or damaged, must be asked for again.
    let whole = !matches!(answer.status, 202 | 203 | 206) && entries.damage.is_none();
    (source.etag, source.modified) = if whole { (etag, modified) } else { (None, None) };
    if entries.about.title.is_some() {
        source.title.clone_from(&entries.about.title);
    }
    source.hub.clone_from(&entries.about.hub);
    let first = source.body.is_none();
    if first || source.body.as_deref() != Some(hash.as_str()) {
        rhythm(source, known, fresh, first);
    }
    (source.body, source.body_at) = (Some(hash), Some(now));
    source.items_seen += fresh as u64;
    if fresh > 0 {
        source.last_new = Some(now);
    }
    source.next = due(interval(source), Some(&entries.about), Some(answer), &source.url, now);
    if let (0, Some(damage)) = (known + fresh, &entries.damage) {
        return failed(source, damage.clone(), Some(answer), now);
    }
    let mut effect = well(source, now);
    if !first && known == 0 && fresh > 1 {
        effect.news.push(format!("{}: all {fresh} items are new: it may have had others in between", source.name));
    }
    if let Some(damage) = &entries.damage {
        // What could be read is taken, and it does not count as well: something may be missing. Nor does it count as failing,
        // as some feeds are damaged for years.
        effect.news.push(format!("{}: {damage}", source.name));
        (source.failures, source.since, source.fault) = (1, Some(source.since.unwrap_or(now)), Some(damage.clone()));
    }
    effect
}

/// Changes the interval of a source so that most items of a poll, and never all, are known.
fn rhythm(source: &mut Source, known: usize, fresh: usize, first: bool) {
    if source.interval <= 0 {
        source.interval = HOUR;
    }
    let total = known + fresh;
    if first || total == 0 {
        return;
    }
    source.overlap = Some(known as f64 / total as f64);
    if known == 0 {
        (source.interval, source.quiet_polls) = ((source.interval / 2).max(super::calendar::SHORTEST), 0);
    } else if known * 3 > total * 2 {
        source.quiet_polls += 1;
        if source.quiet_polls >= 3 {
            (source.interval, source.quiet_polls) = ((source.interval * 3 / 2).min(DAY), 0);
        }
    } else {
        source.quiet_polls = 0;
    }
}

/// The source answered as it should.
fn well(source: &mut Source, now: i64) -> Effect {
    let mut effect = Effect::default();
    if source.told || source.paused == Some(Pause::Gone) {
        effect.news.push(format!("{}: is well again", source.name));
    }
    (source.failures, source.since, source.fault, source.told) = (0, None, None, false);
    source.offers.clear();
    if source.paused == Some(Pause::Gone) {
        source.paused = None;
    }
    if source.last_success.is_none() {
        source.baseline = Some(now);
    }
    source.last_success = Some(now);
    effect
}

fn status(source: &mut Source, answer: &Answer, strikes: u32, now: i64) -> Effect {
    match answer.status {
        429 => {
            let wait = retry_after(answer, now, strikes);
            source.next = now + wait.max(interval(source));
            source.fault = Some("its host wants fewer requests (429)".to_owned());
            Effect { host_until: Some(now + wait), waits: true, fault: source.fault.clone(), ..Effect::default() }
        }
        410 => {
            let news = source.paused != Some(Pause::Gone);
            (source.paused, source.next) = (Some(Pause::Gone), now + GONE);
            source.fault = Some("it is gone (410)".to_owned());
            let told = format!("{}: is gone (410); it is asked again after 30 days", source.name);
            Effect {
                fault: source.fault.clone(),
                news: news.then_some(told).into_iter().collect(),
                ..Effect::default()
            }
        }
        401 | 403 | 451 => failed(source, format!("its host refuses to answer ({})", answer.status), Some(answer), now),
        404 => failed(source, "there is nothing at this address (404)".to_owned(), Some(answer), now),
        other => failed(source, format!("its host answers with status {other}"), Some(answer), now),
    }
}

/// Counts a fault, and asks again later the more there were in a row.
fn failed(source: &mut Source, what: String, answer: Option<&Answer>, now: i64) -> Effect {
    source.failures = source.failures.saturating_add(1);
    let since = *source.since.get_or_insert(now);
    source.fault = Some(what);
    let (interval, failures) = (interval(source).max(super::calendar::SHORTEST), source.failures);
    let doubled = (interval << (failures - 1).min(10)).min(DAY);
    let wait = match answer.map(|answer| answer.status) {
        Some(401 | 403 | 451) if failures >= FAILING => 7 * DAY,
        Some(401 | 403 | 451) => (4 * interval).min(DAY),
        Some(404) if failures > 10 => 7 * DAY,
        Some(404) if failures > FAILING => DAY,
        Some(500..=599) => {
            let wish = answer.filter(|answer| answer.header("retry-after").is_some());
            wish.map_or(doubled, |answer| retry_after(answer, now, 0).max(doubled))
        }
        _ => doubled,
    };
    source.next = now + wait;
    let mut effect = Effect { fault: source.fault.clone(), ..Effect::default() };
    if failures >= FAILING && now - since >= LONG && !source.told {
        source.told = true;
        effect.became_failing = true;
        effect.news.push(format!("{}: is failing: {}", source.name, source.fault.as_deref().unwrap_or_default()));
    }
    effect
}

/// Notes where a source was found, after redirects that were all permanent or not. A new address is taken where two
/// polls a day apart agree; then the second value says so. A redirect that is called permanent by mistake is often mended
/// within hours.
pub(super) fn moved(source: &mut Source, to: &str, permanent: bool, now: i64) -> Option<String> {
    if !permanent || to == source.url {
        if to == source.url {
            (source.moved_to, source.moved_at) = (None, None);
        }
        return None;
    }
    match (&source.moved_to, source.moved_at) {
        (Some(known), Some(at)) if known == to => {
            if now - at < DAY {
                return None;
            }
            let old = std::mem::replace(&mut source.url, to.to_owned());
            (source.moved_to, source.moved_at) = (None, None);
            Some(format!("{}: has moved from {old} to {to}", source.name))
        }
        _ => {
            (source.moved_to, source.moved_at) = (Some(to.to_owned()), Some(now));
            None
        }
    }
}

/// Whether a fault is one of the network, which may be ours.
pub(super) fn is_network(fault: &Fault) -> bool {
    matches!(fault.kind, Trouble::Network | Trouble::Unreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_772_366_400;

    fn source() -> Source {
        let url = "https://harbour.example/feed".to_owned();
        Source { name: "harbour".to_owned(), url, interval: HOUR, ..Source::default() }
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        Answer { status, body: body.as_bytes().to_vec(), ..Answer::with_headers(headers) }
    }

    fn take(source: &mut Source, answer: &Answer, counts: (usize, usize), now: i64) -> Effect {
        let entries = Entries::default();
        let reply = match answer.status {
            304 => Reply::Same(answer),
            200..=299 => Reply::Body { answer, entries: &entries, known: counts.0, fresh: counts.1 },
            _ => Reply::Status(answer),
        };
        settle(source, &reply, 0, now)
    }

    #[test]
    fn validators_follow_the_answers() {
        let mut source = source();
        take(&mut source, &answer(200, &[("etag", "W/\"1\""), ("last-modified", "then")], "a"), (0, 3), NOW);
        assert_eq!((source.etag.as_deref(), source.modified.as_deref()), (Some("W/\"1\""), Some("then")));
        take(&mut source, &answer(304, &[("etag", "\"2\"")], ""), (0, 0), NOW + HOUR);
        assert_eq!((source.etag.as_deref(), source.modified.as_deref()), (Some("\"2\""), Some("then")));
        take(&mut source, &answer(304, &[], ""), (0, 0), NOW + 2 * HOUR);
        assert_eq!(source.etag.as_deref(), Some("\"2\""));
        take(&mut source, &answer(200, &[], "b"), (3, 0), NOW + 3 * HOUR);
        assert_eq!((&source.etag, &source.modified), (&None, &None));
        take(&mut source, &answer(206, &[("etag", "\"3\"")], "c"), (3, 0), NOW + 4 * HOUR);
        assert_eq!(source.etag, None, "a part of an answer");
        assert_eq!(state(&source, NOW + 4 * HOUR), State::Well);
    }

    #[test]
    fn validators_that_stay_while_the_content_does_not_are_distrusted() {
        let mut source = source();
        let stuck = [("etag", "\"1\"")];
        take(&mut source, &answer(200, &stuck, "a"), (0, 3), NOW);
        assert!(!unconditional(&source, NOW + 6 * DAY));
        for day in 1..8 {
            take(&mut source, &answer(304, &[], ""), (0, 0), NOW + day * DAY);
        }
        assert!(unconditional(&source, NOW + 8 * DAY));
        take(&mut source, &answer(200, &stuck, "b"), (2, 1), NOW + 8 * DAY);
        assert!(source.distrusted && source.next >= NOW + 9 * DAY);
        assert!(unconditional(&source, NOW + 8 * DAY + 1));
    }

    #[test]
    fn a_source_is_asked_more_often_where_items_may_be_missed_and_less_where_all_are_known() {
        let mut source = source();
        take(&mut source, &answer(200, &[], "a"), (0, 20), NOW);
        assert_eq!(source.interval, HOUR);
        let told = take(&mut source, &answer(200, &[], "b"), (0, 20), NOW + HOUR);
        assert!(told.news[0].contains("all 20 items are new"));
        assert_eq!(source.interval, HOUR / 2);
        take(&mut source, &answer(200, &[], "b"), (20, 0), NOW + 2 * HOUR);
        assert_eq!(source.quiet_polls, 0, "the same body tells nothing of the rhythm");
        for (n, body) in ["c", "d", "e"].iter().enumerate() {
            take(&mut source, &answer(200, &[], body), (19, 1), NOW + (3 + n as i64) * HOUR);
        }
        assert_eq!(source.interval, HOUR * 3 / 4);
        let slow = Source { every: Some(2 * HOUR), ..source };
        assert_eq!(interval(&slow), 2 * HOUR);
    }

    #[test]
    fn a_source_that_fails_for_a_day_is_told_once_and_again_when_it_is_well() {
        let mut source = source();
        let (mut told, mut now) = (0, NOW);
        for _ in 0..30 {
            let effect = take(&mut source, &answer(500, &[], ""), (0, 0), now);
            told += u32::from(effect.became_failing);
            assert!(source.next > now && source.next <= now + DAY);
            now += HOUR;
        }
        assert_eq!((told, source.failures, state(&source, now)), (1, 30, State::Failing));
        let effect = take(&mut source, &answer(200, &[], "a"), (3, 0), now);
        assert_eq!(effect.news, ["harbour: is well again"]);
        assert_eq!((source.failures, &source.fault, state(&source, now)), (0, &None, State::Well));
    }

    #[test]
    fn a_source_that_fails_again_and_again_is_asked_less_and_less_whatever_it_wishes() {
        let pauses = |reply: &Reply<'_>| -> Vec<i64> {
            let mut source = source();
            let ask = |_| {
                settle(&mut source, reply, 0, NOW);
                (source.next - NOW) / HOUR
            };
            (1..=6).map(ask).collect()
        };
        let soon = answer(503, &[("retry-after", "60")], "");
        assert_eq!(pauses(&Reply::Status(&soon)), [1, 2, 4, 8, 16, 24]);
        assert_eq!(pauses(&Reply::Fault(&Fault::answer("cut off"))), [1, 2, 4, 8, 16, 24]);
        assert_eq!(pauses(&Reply::Strange(&answer(200, &[], ""), "a web page")), [1, 2, 4, 8, 16, 24]);
        let entries = Entries { damage: Some("damaged".to_owned()), ..Entries::default() };
        let damaged = answer(200, &[], "x");
        let reply = Reply::Body { answer: &damaged, entries: &entries, known: 0, fresh: 0 };
        assert_eq!(pauses(&reply), [1, 2, 4, 8, 16, 24], "nothing of it can be read");
        // Fewer requests are not more than usual.
        let many = answer(429, &[("retry-after", "60")], "");
        assert_eq!(pauses(&Reply::Status(&many)), [1; 6]);
    }

    #[test]
    fn each_status_has_its_pause() {
        let mut blocked = source();
        for _ in 0..3 {
            take(&mut blocked, &answer(403, &[], ""), (0, 0), NOW);
        }
        assert_eq!((state(&blocked, NOW), blocked.next), (State::Blocked, NOW + 7 * DAY));
        let mut lost = source();
        for _ in 0..4 {
            take(&mut lost, &answer(404, &[], ""), (0, 0), NOW);
        }
        assert_eq!((state(&lost, NOW), lost.next), (State::Failing, NOW + DAY));
        let mut gone = source();
        let first = take(&mut gone, &answer(410, &[], ""), (0, 0), NOW);
        let second = take(&mut gone, &answer(410, &[], ""), (0, 0), NOW + 30 * DAY);
        assert_eq!((first.news.len(), second.news.len(), state(&gone, NOW)), (1, 0, State::Gone));
        assert_eq!(gone.next, NOW + 60 * DAY);
        let back = take(&mut gone, &answer(200, &[], "a"), (1, 0), NOW + 60 * DAY);
        assert_eq!((back.news.len(), state(&gone, NOW + 60 * DAY)), (1, State::Well));
        let mut many = source();
        let effect = take(&mut many, &answer(429, &[("retry-after", "120")], ""), (0, 0), NOW);
        assert_eq!((effect.host_until, effect.waits, many.failures), (Some(NOW + 120), true, 0));
        assert_eq!(many.next, NOW + HOUR);
        let mut down = source();
        take(&mut down, &answer(503, &[("retry-after", "7200")], ""), (0, 0), NOW);
        assert_eq!((down.next, down.failures), (NOW + 7200, 1));
    }

    #[test]
    fn a_source_has_moved_where_two_polls_a_day_apart_say_so() {
        let (mut source, to) = (source(), "https://harbour.example/new");
        assert_eq!(moved(&mut source, to, true, NOW), None);
        assert_eq!(moved(&mut source, to, true, NOW + HOUR), None);
        assert_eq!(source.url, "https://harbour.example/feed");
        assert!(moved(&mut source, to, true, NOW + 25 * HOUR).is_some_and(|told| told.contains("has moved")));
        assert_eq!((source.url.as_str(), &source.moved_to), (to, &None));
        assert_eq!(moved(&mut source, "https://harbour.example/x", false, NOW), None);
        assert_eq!(source.moved_to, None);
    }

    #[test]
    fn a_source_that_falls_silent_is_quiet() {
        let now = NOW + 100 * DAY;
        let daily = Source {
            items_seen: 80,
            started: Some(NOW),
            last_success: Some(now),
            last_new: Some(now - 8 * DAY),
            ..source()
        };
        assert_eq!(state(&daily, now), State::Quiet);
        assert_eq!(state(&Source { last_new: Some(now - 2 * DAY), ..daily }, now), State::Well);
    }
}
