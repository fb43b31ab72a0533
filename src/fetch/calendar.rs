//! When a source is due again: from its own rhythm, from what it says of itself, and from what its host says.

use super::about::About;
use super::net::Answer;
use super::{DAY, HOUR};

/// The shortest interval between two polls of a source, in seconds.
pub(super) const SHORTEST: i64 = 15 * 60;
/// How long a host is left alone that says "too many requests" and not how long; doubled each time.
const PAUSE: i64 = 15 * 60;

/// A span of time as a user writes it: `90s`, `30m`, `2h`, `1d`, or seconds without a letter. `None` for anything else.
#[must_use]
pub fn span(text: &str) -> Option<i64> {
    let text = text.trim();
    let (number, unit) = match text.char_indices().next_back()? {
        (at, 's') => (&text[..at], 1),
        (at, 'm') => (&text[..at], 60),
        (at, 'h') => (&text[..at], HOUR),
        (at, 'd') => (&text[..at], DAY),
        _ => (text, 1),
    };
    number.trim().parse::<u32>().ok().map(|number| i64::from(number) * unit)
}

/// How long a host or address wants to be left alone, in seconds: at most a day. Without a readable wish, 15 minutes,
/// doubled with each time in a row before this one.
pub(super) fn retry_after(answer: &Answer, now: i64, strikes: u32) -> i64 {
    let wish = answer.header("retry-after").map(str::trim);
    let seconds = wish.and_then(|wish| wish.parse::<u64>().ok()).map(|seconds| i64::try_from(seconds).unwrap_or(DAY));
    let until = || wish.and_then(http_date).map(|at| at - now);
    seconds.or_else(until).unwrap_or(PAUSE << strikes.min(7)).clamp(1, DAY)
}

/// How long after it was first named a page is asked for again, unless the user wants another time.
pub(super) const RECHECKED: i64 = 30 * DAY;

/// When a page is due again that was first named at `first` and asked for at `now`: once a fifth of its age has passed
/// since, 15 minutes at least. `None` where it would be older than `limit` seconds then.
pub(super) fn recheck(first: i64, now: i64, limit: i64) -> Option<i64> {
    // (t - now) / (t - first) = 1/5 gives t = now + (now - first) / 4.
    let next = now.saturating_add(((now - first) / 4).max(SHORTEST));
    (next.saturating_sub(first) <= limit).then_some(next)
}

/// Seconds since 1970 of a date in an HTTP header.
pub(super) fn http_date(text: &str) -> Option<i64> {
    let at = httpdate::parse_http_date(text.trim()).ok()?;
    let since = at.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// How long an answer stays fresh by its headers, in seconds: `max-age`, else `Expires`.
fn fresh(answer: &Answer, now: i64) -> Option<i64> {
    let control = answer.header("cache-control").unwrap_or_default().to_ascii_lowercase();
    let age = control.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.trim_matches('"').parse().ok());
    age.or_else(|| {
        let from = answer.header("date").and_then(http_date).unwrap_or(now);
        Some(http_date(answer.header("expires")?)? - from)
    })
}

/// The instant at which a source is due again. The longest of these counts, none more than a day: its interval, what the
/// feed says (`ttl`, `sy:updatePeriod`), how long the answer stays fresh. Hours and days that the feed wants to be
/// skipped are skipped. A tenth more or less, by a digest of its address, spreads sources that began together.
pub(super) fn due(interval: i64, about: Option<&About>, answer: Option<&Answer>, address: &str, now: i64) -> i64 {
    let wishes = [about.and_then(|about| about.interval), answer.and_then(|answer| fresh(answer, now))];
    let longest = wishes.into_iter().flatten().fold(interval.max(SHORTEST), i64::max).clamp(SHORTEST, DAY);
    let own = longest.saturating_sub(1).max(1) / 10;
    let digest = crc32fast::hash(address.as_bytes());
    let spread = i64::from(digest % 1000) * own / 1000;
    // Only later: earlier than a source wants is not polite, and the interval itself is a floor.
    let next = now + longest + spread;
    about.map_or(next, |about| skipped(next, about))
}

/// The first hour from `at` on that the feed does not want to be skipped (GMT); `at` itself where it skips all.
fn skipped(at: i64, about: &About) -> i64 {
    let mut next = at;
    for _ in 0..24 * 7 {
        let (hour, day) = (next.rem_euclid(DAY) / HOUR, (next.div_euclid(DAY) + 4).rem_euclid(7));
        let skip = about.skip_hours.contains(&hour) || about.skip_days.contains(&day);
        if !skip {
            return next;
        }
        next = next - next.rem_euclid(HOUR) + HOUR;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_they_are_written() {
        let spans = ["90s", "30m", "2h", "1d", "45", "x", "", "-1h", "2 h"].map(span);
        assert_eq!(spans, [Some(90), Some(1800), Some(7200), Some(86400), Some(45), None, None, None, Some(7200)]);
    }

    #[test]
    fn a_page_is_due_again_after_a_fifth_of_its_age() {
        assert_eq!(recheck(0, 0, RECHECKED), Some(SHORTEST));
        assert_eq!(recheck(0, 4 * DAY, RECHECKED), Some(5 * DAY));
        assert_eq!(recheck(0, 25 * DAY, RECHECKED), None);
        assert_eq!(recheck(0, HOUR, 0), None);
        let mut at = 0;
        let checks = std::iter::from_fn(|| {
            at = recheck(0, at, RECHECKED)?;
            Some(at)
        });
        assert_eq!(checks.count(), 33, "requests for an article in 30 days");
    }

    fn answer(headers: &[(&str, &str)]) -> Answer {
        Answer::with_headers(headers)
    }

    #[test]
    fn a_wish_to_be_left_alone_is_read_as_seconds_or_date_and_capped_at_a_day() {
        let now = http_date("Sun, 01 Mar 2026 12:00:00 GMT").unwrap();
        for (wish, strikes, seconds) in [
            ("120", 0, 120),
            ("Sun, 01 Mar 2026 12:05:00 GMT", 0, 300),
            ("abc", 0, 900),
            ("abc", 2, 3600),
            ("900000", 0, DAY),
            ("99999999999999999999999", 1, 1800),
            ("Sun, 01 Mar 2026 11:00:00 GMT", 0, 1),
        ] {
            assert_eq!(retry_after(&answer(&[("retry-after", wish)]), now, strikes), seconds, "{wish}");
        }
        assert_eq!(retry_after(&answer(&[]), now, 30), DAY);
    }

    #[test]
    fn the_longest_wish_counts_and_hours_to_be_skipped_are() {
        let now = http_date("Sun, 01 Mar 2026 12:00:00 GMT").unwrap();
        let about = About { interval: Some(3 * HOUR), ..About::default() };
        let fresh = answer(&[("cache-control", "public, max-age=3600")]);
        let within = |at: i64, seconds: i64| (now + seconds..=now + seconds + seconds / 10).contains(&at);
        assert!(within(due(HOUR, Some(&about), Some(&fresh), "a", now), 3 * HOUR));
        assert!(within(
            due(HOUR, None, Some(&answer(&[("expires", "Sun, 01 Mar 2026 14:00:00 GMT")])), "b", now),
            2 * HOUR
        ));
        assert!(within(due(60, None, None, "c", now), SHORTEST));
        assert!(within(due(HOUR, None, Some(&answer(&[("cache-control", "max-age=99999999")])), "d", now), DAY));
        let night = About { skip_hours: [13, 14, 15].into(), ..About::default() };
        assert_eq!(due(HOUR, Some(&night), None, "e", now), now + 4 * HOUR);
        let sunday = About { skip_days: [0].into(), ..About::default() };
        assert_eq!(due(HOUR, Some(&sunday), None, "e", now), now + 12 * HOUR);
        let never = About { skip_hours: (0..24).collect(), ..About::default() };
        assert!(within(due(HOUR, Some(&never), None, "e", now), HOUR));
    }
}
