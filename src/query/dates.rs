//! Dates as people write and say them: `2025-11`, `yesterday`, `last week`, `2025-11..2026-02`.
//!
//! Every date is a half-open span of seconds since 1970; a day is the whole day in UTC, a week begins on Monday. Which
//! day is today follows from the UTC offset of `now`.

use std::ops::Range;

use jiff::civil::{Date, ISOWeekDate, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::article::Moment;
use crate::wordlist::WordTable;

/// A text that cannot be read as a date, or a span that ends before it begins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no date")]
pub struct DateError {
    /// What was written.
    pub text: String,
    /// What would work.
    pub hint: String,
}

const HINT: &str = "write 2025, 2025-11, 2025-11-28, 2025-11..2026-02, yesterday, 'last week', '3 months ago'";
/// Where one end is asked for.
const ONE_END: &str = "write 2025, 2025-11, 2025-11-28, yesterday, 'last week', '3 months ago'; a span with two ends is \
                       date:2025-11..2026-02 in a query";

/// The span that `text` names, in seconds since 1970; "yesterday" and the like are counted from `now`.
///
/// # Errors
///
/// Fails where `text` is no date, or the span ends before it begins.
pub fn span(text: &str, now: &Moment) -> Result<Range<i64>, DateError> {
    let error = || DateError { text: text.trim().to_owned(), hint: HINT.to_owned() };
    let lower = text.trim().to_lowercase().replace(',', " ");
    let words = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    let today = now.day();
    let range = if let Some((from, to)) = words.split_once("..") {
        let (from, to) = (from.trim(), to.trim());
        if from.is_empty() && to.is_empty() {
            return Err(error());
        }
        let start = if from.is_empty() { Some(i64::MIN) } else { one(from, today, now).map(|r| r.start) };
        let end = if to.is_empty() { Some(i64::MAX) } else { one(to, today, now).map(|r| r.end) };
        start.zip(end).map(|(start, end)| start..end)
    } else {
        spoken(&words, today, now)
    };
    match range {
        Some(range) if range.start >= range.end => {
            let hint = "its end is before its beginning: write the earlier day first".to_owned();
            Err(DateError { hint, ..error() })
        }
        range => range.ok_or_else(error),
    }
}

/// The spans before and after which nothing is wanted: the beginning of what `since` names, the end of what `until` does.
///
/// # Errors
///
/// Fails where a text is no date, or names two ends: the one that is not used would be lost silently.
pub(crate) fn since(text: &str, now: &Moment) -> Result<i64, DateError> {
    one_end(text, now, |range| range.start)
}

/// See [`since`].
pub(crate) fn until(text: &str, now: &Moment) -> Result<i64, DateError> {
    one_end(text, now, |range| range.end)
}

fn one_end(text: &str, now: &Moment, end: fn(Range<i64>) -> i64) -> Result<i64, DateError> {
    let error = || DateError { text: text.trim().to_owned(), hint: ONE_END.to_owned() };
    let lower = text.trim().to_lowercase();
    let filled = |(from, to): (&str, &str)| !from.trim().is_empty() && !to.trim().is_empty();
    if ["..", " to ", " until ", " and "].iter().any(|between| lower.split_once(between).is_some_and(filled)) {
        return Err(error());
    }
    let end = end(span(text, now).map_err(|_| error())?);
    if matches!(end, i64::MIN | i64::MAX) { Err(error()) } else { Ok(end) }
}

fn spoken(words: &str, today: Date, now: &Moment) -> Option<Range<i64>> {
    let one = |words: &str| one(words.trim(), today, now);
    if let Some(rest) = words.strip_prefix("since ").or_else(|| words.strip_prefix(">=")) {
        return Some(one(rest)?.start..i64::MAX);
    }
    if let Some(rest) = words.strip_prefix("after ").or_else(|| words.strip_prefix('>')) {
        return Some(one(rest)?.end..i64::MAX);
    }
    if let Some(rest) = ["until ", "till ", "<="].iter().find_map(|p| words.strip_prefix(p)) {
        return Some(i64::MIN..one(rest)?.end);
    }
    if let Some(rest) = words.strip_prefix("before ").or_else(|| words.strip_prefix('<')) {
        return Some(i64::MIN..one(rest)?.start);
    }
    if let Some((from, to)) = words.strip_prefix("between ").and_then(|rest| rest.split_once(" and ")) {
        return Some(one(from)?.start..one(to)?.end);
    }
    let rest = words.strip_prefix("from ").unwrap_or(words);
    if let Some((from, to)) = rest.split_once(" to ").or_else(|| rest.split_once(" until ")) {
        return Some(one(from)?.start..one(to)?.end);
    }
    one(words)
}

/// One date, without words for a range.
fn one(words: &str, today: Date, now: &Moment) -> Option<Range<i64>> {
    numeric(words).or_else(|| instant(words)).or_else(|| relative(words, today, now)).or_else(|| named(words, today))
}

/// `2025`, `2025-11`, `2025-11-28`, `2025/11/28`, `2025-q3`.
fn numeric(words: &str) -> Option<Range<i64>> {
    let parts: Vec<&str> = words.split(['-', '/']).collect();
    let number = |text: &str, digits: Range<usize>| -> Option<i16> {
        (digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let year = number(parts.first()?, 4..5)?;
    match parts.as_slice() {
        [_] => days(Date::new(year, 1, 1).ok()?, 1.year()),
        [_, quarter] if quarter.starts_with('q') => quarter_of(year, &quarter[1..]),
        [_, week] if week.starts_with('w') => {
            let week = week[1..].parse::<i8>().ok()?;
            days(ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date(), 1.week())
        }
        [_, month] => days(Date::new(year, number(month, 1..3)? as i8, 1).ok()?, 1.month()),
        [_, month, day] => days(Date::new(year, number(month, 1..3)? as i8, number(day, 1..3)? as i8).ok()?, 1.day()),
        _ => None,
    }
}

fn quarter_of(year: i16, quarter: &str) -> Option<Range<i64>> {
    let quarter = quarter.parse::<i8>().ok().filter(|q| (1..=4).contains(q))?;
    days(Date::new(year, quarter * 3 - 2, 1).ok()?, 3.months())
}

/// An RFC 3339 instant: a span of one second.
fn instant(words: &str) -> Option<Range<i64>> {
    let at = words.to_uppercase().replace(' ', "T").parse::<Timestamp>().ok()?.as_second();
    Some(at..at.checked_add(1)?)
}

/// `today`, `last week`, `past 3 months`, `10 days ago`, `monday`.
fn relative(words: &str, today: Date, now: &Moment) -> Option<Range<i64>> {
    match words {
        "today" => return days(today, 1.day()),
        "yesterday" => return days(today.yesterday().ok()?, 1.day()),
        "tomorrow" => return days(today.tomorrow().ok()?, 1.day()),
        "now" => return Some(now.seconds()..now.seconds().checked_add(1)?),
        _ => {}
    }
    let parts: Vec<&str> = words.split(' ').collect();
    match parts.as_slice() {
        [number, unit, "ago"] => {
            let (start, length) = current(unit, today)?;
            days(start.checked_sub(times(length, count(number)?)?).ok()?, length)
        }
        ["the", rest @ ..] if !rest.is_empty() => relative(&rest.join(" "), today, now),
        ["last" | "past" | "previous", number, unit] => {
            let (_, length) = current(unit, today)?;
            let end = today.tomorrow().ok()?;
            let start = end.checked_sub(times(length, count(number)?)?).ok()?;
            Some(midnight(start)?..midnight(end)?)
        }
        ["last" | "past" | "previous", unit] => match current(unit, today) {
            Some((start, length)) => days(start.checked_sub(length).ok()?, length),
            None => weekday(unit, today).or_else(|| last_month_named(unit, today)),
        },
        ["this" | "current", unit] => current(unit, today).and_then(|(start, length)| days(start, length)),
        ["next", unit] => {
            let (start, length) = current(unit, today)?;
            days(start.checked_add(length).ok()?, length)
        }
        ["on", rest @ ..] | ["in", rest @ ..] if !rest.is_empty() => one(&rest.join(" "), today, now),
        [day] => weekday(day, today),
        _ => None,
    }
}

fn last_month_named(name: &str, today: Date) -> Option<Range<i64>> {
    let range = named(name, today)?;
    let month = month(name)?;
    if month == today.month() { days(Date::new(today.year() - 1, month, 1).ok()?, 1.month()) } else { Some(range) }
}

/// The day, week, month, quarter or year that `today` is in: its first day and length.
fn current(unit: &str, today: Date) -> Option<(Date, Span)> {
    Some(match unit.trim_end_matches('s') {
        "day" => (today, 1.day()),
        "week" => (today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()?, 1.week()),
        "month" => (today.first_of_month(), 1.month()),
        "quarter" => (date(today.year(), (today.month() - 1) / 3 * 3 + 1, 1), 3.months()),
        "year" => (date(today.year(), 1, 1), 1.year()),
        _ => return None,
    })
}

fn times(length: Span, count: i64) -> Option<Span> {
    length.checked_mul(count).ok()
}

/// Numbers in words.
static NUMBERS: WordTable = WordTable::new(include_str!("lists/number_words.txt"));

fn count(word: &str) -> Option<i64> {
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    let number: i64 = NUMBERS.get(word).unwrap_or(word).parse().ok()?;
    (1..=10_000).contains(&number).then_some(number)
}

/// The last day of this name before today.
fn weekday(name: &str, today: Date) -> Option<Range<i64>> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let wanted = DAYS.iter().position(|day| *day == name || (name.len() == 3 && day.starts_with(name)))? as i64;
    let back = (i64::from(today.weekday().to_monday_zero_offset()) - wanted - 1).rem_euclid(7) + 1;
    days(today.checked_sub(back.days()).ok()?, 1.day())
}

/// `november`, `nov 2025`, `28 november 2025`, `november 28 2025`, `q3 2025`; without a year, the last one that has
/// begun.
fn named(words: &str, today: Date) -> Option<Range<i64>> {
    let (mut year, mut of_month, mut of_year) = (None, None, None);
    for word in words.split(' ') {
        if let Some(found) = month(word).filter(|_| of_year.is_none()) {
            of_year = Some(found);
        } else if let Some(quarter) = word.strip_prefix('q').filter(|_| words.len() == 7) {
            let year = words.split(' ').find_map(|w| w.parse::<i16>().ok())?;
            return quarter_of(year, quarter);
        } else if word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && year.is_none() {
            year = Some(word.parse::<i16>().ok()?);
        } else if word != "of" {
            let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
            if of_month.is_some() || !matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th") {
                return None;
            }
            of_month = Some(digits.parse::<i8>().ok()?);
        }
    }
    let month = of_year?;
    let at = |year: i16| Date::new(year, month, of_month.unwrap_or(1)).ok();
    let start = match year {
        Some(year) => at(year)?,
        // Eight years can lie between two leap days.
        None => (0..=8).filter_map(|back| at(today.year() - back)).find(|start| *start <= today)?,
    };
    days(start, if of_month.is_some() { 1.day() } else { 1.month() })
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    let short = word.len() == 3 || word == "sept";
    let found = MONTHS.iter().position(|name| *name == word || (short && name.starts_with(word)))?;
    Some(found as i8 + 1)
}

/// From the midnight of `start` on, for `length`.
fn days(start: Date, length: Span) -> Option<Range<i64>> {
    Some(midnight(start)?..midnight(start.checked_add(length).ok()?)?)
}

fn midnight(day: Date) -> Option<i64> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_second())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::*;

    /// The first day of a span and the day after its last, as seen from `today`; `-` where it has no such end.
    fn seen_from(today: &str, text: &str) -> String {
        let day = |second: i64| match second {
            i64::MIN | i64::MAX => "-".to_owned(),
            second => {
                let at = Timestamp::from_second(second).unwrap().to_zoned(TimeZone::UTC);
                let midnight = at.datetime() == at.date().at(0, 0, 0, 0);
                if midnight { at.date().to_string() } else { at.datetime().to_string() }
            }
        };
        match span(text, &today.parse().unwrap()) {
            Ok(range) => format!("{} {}", day(range.start), day(range.end)),
            Err(error) => error.to_string(),
        }
    }

    fn days_of(text: &str) -> String {
        seen_from("2026-02-04", text) // a Wednesday
    }

    #[test]
    fn a_month_is_the_last_one_that_has_begun_and_last_is_never_the_present_one() {
        for (today, text, want) in [
            // Said in the month itself, on its first and its last day.
            ("2026-02-01", "february", "2026-02-01 2026-03-01"),
            ("2026-02-28", "february", "2026-02-01 2026-03-01"),
            ("2026-02-01", "last february", "2025-02-01 2025-03-01"),
            ("2026-02-28", "last february", "2025-02-01 2025-03-01"),
            ("2026-02-04", "past feb", "2025-02-01 2025-03-01"),
            ("2026-02-04", "since last february", "2025-02-01 -"),
            // The day before it begins, the day after it ends.
            ("2026-01-31", "february", "2025-02-01 2025-03-01"),
            ("2026-01-31", "last february", "2025-02-01 2025-03-01"),
            ("2026-03-01", "february", "2026-02-01 2026-03-01"),
            ("2026-03-01", "last february", "2026-02-01 2026-03-01"),
            // At the ends of a year.
            ("2025-12-31", "december", "2025-12-01 2026-01-01"),
            ("2025-12-31", "last december", "2024-12-01 2025-01-01"),
            ("2026-01-01", "last december", "2025-12-01 2026-01-01"),
            ("2026-01-01", "january", "2026-01-01 2026-02-01"),
            ("2026-01-01", "previous january", "2025-01-01 2025-02-01"),
            ("2025-12-31", "january", "2025-01-01 2025-02-01"),
            // A leap year's February, and the one before it.
            ("2024-02-29", "february", "2024-02-01 2024-03-01"),
            ("2025-02-28", "last february", "2024-02-01 2024-03-01"),
            ("2026-05-31", "in may", "2026-05-01 2026-06-01"),
            ("2026-05-31", "last may", "2025-05-01 2025-06-01"),
            // With its year it is that one, begun or not.
            ("2026-02-04", "february 2025", "2025-02-01 2025-03-01"),
            ("2026-02-04", "november 2026", "2026-11-01 2026-12-01"),
            // A day without a year is the last one that has come.
            ("2026-02-04", "4 february", "2026-02-04 2026-02-05"),
            ("2026-02-04", "february 5", "2025-02-05 2025-02-06"),
            ("2026-02-04", "31 december", "2025-12-31 2026-01-01"),
            ("2025-12-31", "31 december", "2025-12-31 2026-01-01"),
        ] {
            assert_eq!(seen_from(today, text), want, "{text} on {today}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_months_quarters_and_years_on_their_first_day() {
        for (today, text, want) in [
            // Monday 2 February 2026, Sunday 8 February, and the Monday after.
            ("2026-02-02", "this week", "2026-02-02 2026-02-09"),
            ("2026-02-08", "this week", "2026-02-02 2026-02-09"),
            ("2026-02-09", "this week", "2026-02-09 2026-02-16"),
            ("2026-02-02", "last week", "2026-01-26 2026-02-02"),
            ("2026-02-08", "last week", "2026-01-26 2026-02-02"),
            ("2026-02-08", "next week", "2026-02-09 2026-02-16"),
            ("2026-02-02", "1 week ago", "2026-01-26 2026-02-02"),
            ("2026-02-08", "2 weeks ago", "2026-01-19 2026-01-26"),
            ("2026-01-01", "this week", "2025-12-29 2026-01-05"),
            ("2026-01-01", "last week", "2025-12-22 2025-12-29"),
            ("2026-01-01", "current month", "2026-01-01 2026-02-01"),
            ("2026-01-01", "last month", "2025-12-01 2026-01-01"),
            ("2026-01-31", "next month", "2026-02-01 2026-03-01"),
            ("2025-12-31", "last month", "2025-11-01 2025-12-01"),
            ("2024-03-31", "last month", "2024-02-01 2024-03-01"),
            ("2026-03-31", "a month ago", "2026-02-01 2026-03-01"),
            ("2026-01-15", "last quarter", "2025-10-01 2026-01-01"),
            ("2026-03-31", "this quarter", "2026-01-01 2026-04-01"),
            ("2026-04-01", "this quarter", "2026-04-01 2026-07-01"),
            ("2026-06-30", "this quarter", "2026-04-01 2026-07-01"),
            ("2025-12-31", "this quarter", "2025-10-01 2026-01-01"),
            ("2025-12-31", "next quarter", "2026-01-01 2026-04-01"),
            ("2026-01-01", "two quarters ago", "2025-07-01 2025-10-01"),
            ("2026-01-01", "last year", "2025-01-01 2026-01-01"),
            ("2025-12-31", "last year", "2024-01-01 2025-01-01"),
            ("2025-12-31", "this year", "2025-01-01 2026-01-01"),
            ("2025-12-31", "next year", "2026-01-01 2027-01-01"),
            ("2024-02-29", "a year ago", "2023-01-01 2024-01-01"),
            ("2026-01-01", "last day", "2025-12-31 2026-01-01"),
            // That many of them up to today, today included.
            ("2026-01-01", "last 1 day", "2026-01-01 2026-01-02"),
            ("2026-01-01", "last 2 days", "2025-12-31 2026-01-02"),
            ("2026-02-08", "last 2 weeks", "2026-01-26 2026-02-09"),
            ("2026-02-08", "the past three months", "2025-11-09 2026-02-09"),
            ("2025-03-30", "last 1 month", "2025-02-28 2025-03-31"),
            ("2024-02-28", "last 1 year", "2023-02-28 2024-02-29"),
            ("2024-02-29", "last twelve months", "2023-03-01 2024-03-01"),
            ("2026-02-08", "previous 2 quarters", "2025-08-09 2026-02-09"),
        ] {
            assert_eq!(seen_from(today, text), want, "{text} on {today}");
        }
    }

    #[test]
    fn a_weekday_is_the_last_one_before_today() {
        // Monday 2 February 2026.
        for (text, want) in [
            ("monday", "2026-01-26 2026-01-27"),
            ("tuesday", "2026-01-27 2026-01-28"),
            ("wed", "2026-01-28 2026-01-29"),
            ("on thursday", "2026-01-29 2026-01-30"),
            ("last fri", "2026-01-30 2026-01-31"),
            ("past saturday", "2026-01-31 2026-02-01"),
            ("Sunday", "2026-02-01 2026-02-02"),
            ("since monday", "2026-01-26 -"),
            ("after sunday", "2026-02-02 -"),
            ("until sunday", "- 2026-02-02"),
            ("before sunday", "- 2026-02-01"),
            ("monday..yesterday", "2026-01-26 2026-02-02"),
            ("today", "2026-02-02 2026-02-03"),
            ("yesterday", "2026-02-01 2026-02-02"),
            ("tomorrow", "2026-02-03 2026-02-04"),
        ] {
            assert_eq!(seen_from("2026-02-02", text), want, "{text}");
        }
        assert_eq!(seen_from("2026-02-08", "sunday"), "2026-02-01 2026-02-02", "on a Sunday");
        assert_eq!(seen_from("2026-02-08", "monday"), "2026-02-02 2026-02-03", "on a Sunday");
        assert_eq!(seen_from("2026-03-01", "yesterday"), "2026-02-28 2026-03-01");
        assert_eq!(seen_from("2024-03-01", "yesterday"), "2024-02-29 2024-03-01");
        assert_eq!(seen_from("2024-02-28", "tomorrow"), "2024-02-29 2024-03-01");
    }

    #[test]
    fn both_ends_of_a_span_belong_to_it() {
        for (text, want) in [
            ("2025-11..2025-11", "2025-11-01 2025-12-01"),
            ("2025-11-28..2025-11-28", "2025-11-28 2025-11-29"),
            ("2025-11-28..2025-11-27", "'2025-11-28..2025-11-27' is no date"),
            ("..2024", "- 2025-01-01"),
            ("..2024-02", "- 2024-03-01"),
            ("2024-02..", "2024-02-01 -"),
            ("..", "'..' is no date"),
            ("2025..soon", "'2025..soon' is no date"),
            ("soon..2025", "'soon..2025' is no date"),
            ("last month .. yesterday", "2026-01-01 2026-02-04"),
            ("between november and february", "2025-11-01 2026-03-01"),
            ("between 2024 and 2025", "2024-01-01 2026-01-01"),
            ("from 2024 to 2025-06", "2024-01-01 2025-07-01"),
            ("2024 to 2025", "2024-01-01 2026-01-01"),
            ("from march 2024 until today", "2024-03-01 2026-02-05"),
            ("since 2025", "2025-01-01 -"),
            (">=2025-11", "2025-11-01 -"),
            ("after 2025-11", "2025-12-01 -"),
            (">2025-11", "2025-12-01 -"),
            ("> 2025-11", "2025-12-01 -"),
            ("until 2025-11", "- 2025-12-01"),
            ("till 2025-11", "- 2025-12-01"),
            ("<=2025-11", "- 2025-12-01"),
            ("before 2025-11", "- 2025-11-01"),
            ("<2025-11", "- 2025-11-01"),
            ("since", "'since' is no date"),
            ("between 2024", "'between 2024' is no date"),
        ] {
            assert_eq!(days_of(text), want, "{text}");
        }
    }

    #[test]
    fn days_months_quarters_and_weeks_that_do_not_exist_are_no_dates() {
        for (text, want) in [
            ("2024-02-29", "2024-02-29 2024-03-01"),
            ("2024-12-31", "2024-12-31 2025-01-01"),
            ("2025/1/2", "2025-01-02 2025-01-03"),
            ("2025-12", "2025-12-01 2026-01-01"),
            ("2025-q1", "2025-01-01 2025-04-01"),
            ("2025-q4", "2025-10-01 2026-01-01"),
            ("2025 q4", "2025-10-01 2026-01-01"),
            ("2026-w53", "2026-12-28 2027-01-04"),
            ("2026-w1", "2025-12-29 2026-01-05"),
            ("29 february 2024", "2024-02-29 2024-03-01"),
            ("march 1st", "2025-03-01 2025-03-02"),
            ("2nd sept 2025", "2025-09-02 2025-09-03"),
            ("3rd of december", "2025-12-03 2025-12-04"),
            ("november 28,2025", "2025-11-28 2025-11-29"),
            ("3rd december, 2024", "2024-12-03 2024-12-04"),
            ("twelve days ago", "2026-01-23 2026-01-24"),
            ("an year ago", "2025-01-01 2026-01-01"),
            ("10000 days ago", "1998-09-19 1998-09-20"),
            ("now", "2026-02-04 2026-02-04T00:00:01"),
            ("2025-11-28T09:30:00Z", "2025-11-28T09:30:00 2025-11-28T09:30:01"),
            ("2025-11-28 00:30:00+02:00", "2025-11-27T22:30:00 2025-11-27T22:30:01"),
        ] {
            assert_eq!(days_of(text), want, "{text}");
        }
        let wrong = [
            "2025-02-29",
            "2025-00",
            "2025-13",
            "2025-11-31",
            "2025-11-0",
            "2025-11-28-1",
            "2025-011",
            "2025-q0",
            "2025-q5",
            "2025-w53",
            "2025-w0",
            "20251",
            "202",
            "-2025",
            "q3",
            "q5 2025",
            "q3 march 2025",
            "31 november",
            "29 february 2025",
            "32 march",
            "0 march",
            "march march",
            "2 3 march",
            "3xx march",
            "march 2024 2025",
            "28",
            "28 2025",
            "zero days ago",
            "0 days ago",
            "10001 days ago",
            "last 0 weeks",
            "last 3 fortnights",
            "3 ago",
            "last",
            "the",
            "on",
            "last last week",
            "next monday",
            "last weekend",
            "tues",
            "mo",
            "novem",
            "m",
            "next february",
        ];
        for text in wrong {
            assert_eq!(days_of(text), format!("'{text}' is no date"));
        }
    }

    #[test]
    fn days_with_an_ending_and_leap_days_are_dates() {
        for (today, text, want) in [
            ("2026-02-04", "28th november 2025", "2025-11-28 2025-11-29"),
            ("2026-02-04", "november 28th, 2025", "2025-11-28 2025-11-29"),
            ("2026-02-04", "21st of march", "2025-03-21 2025-03-22"),
            ("2026-02-04", "29th of feb. 2024", "2024-02-29 2024-03-01"),
            ("2026-02-04", "29 february", "2024-02-29 2024-03-01"),
            ("2024-02-29", "29 february", "2024-02-29 2024-03-01"),
            ("2024-02-28", "february 29", "2020-02-29 2020-03-01"),
            ("1904-02-28", "february 29", "1896-02-29 1896-03-01"),
        ] {
            assert_eq!(seen_from(today, text), want, "{text} on {today}");
        }
        assert_eq!(days_of("march -202"), "'march -202' is no date");
    }

    #[test]
    fn which_day_is_today_depends_on_the_offset_and_days_are_those_of_utc() {
        // The last hour of Wednesday in New York is Thursday in UTC already.
        let evening = "2026-02-04T23:30:00-05:00";
        assert_eq!(seen_from(evening, "today"), "2026-02-04 2026-02-05");
        assert_eq!(seen_from(evening, "wednesday"), "2026-01-28 2026-01-29");
        assert_eq!(seen_from(evening, "now"), "2026-02-05T04:30:00 2026-02-05T04:30:01");
        assert_eq!(seen_from("2026-03-01T00:30:00+02:00", "this month"), "2026-03-01 2026-04-01");
    }

    #[test]
    fn where_one_end_is_asked_for_a_span_with_two_is_none() {
        let now: Moment = "2026-02-04".parse().unwrap();
        let day = |text: &str| span(text, &now).unwrap().start;
        assert_eq!(since("2025-11", &now), Ok(day("2025-11-01")));
        assert_eq!(until("2025-11", &now), Ok(day("2025-12-01")));
        assert_eq!(
            (since("2025-11..", &now), until("..2025-11", &now)),
            (since("2025-11", &now), until("2025-11", &now))
        );
        for text in [
            "2025-11..2026-02",
            "between 2024 and 2025",
            "From 2024 to June 2025",
            "2024 until 2025",
            "..2025",
            "until 2025",
            "soon",
        ] {
            let told = since(text, &now).unwrap_err();
            assert!(told.hint.contains("date:2025-11"), "{text}");
        }
        assert!(until("since 2025", &now).is_err());
    }

    #[test]
    fn written_and_spoken_dates() {
        for (text, want) in [
            ("2025", "2025-01-01 2026-01-01"),
            ("2025-11", "2025-11-01 2025-12-01"),
            ("2025-11-28", "2025-11-28 2025-11-29"),
            ("2025-11..2026-02", "2025-11-01 2026-03-01"),
            ("2025-Q3", "2025-07-01 2025-10-01"),
            ("2025-W48", "2025-11-24 2025-12-01"),
            ("Q3 2025", "2025-07-01 2025-10-01"),
            ("2025..", "2025-01-01 -"),
            ("yesterday", "2026-02-03 2026-02-04"),
            ("Last  week", "2026-01-26 2026-02-02"),
            ("last month", "2026-01-01 2026-02-01"),
            ("this year", "2026-01-01 2027-01-01"),
            ("past 7 days", "2026-01-29 2026-02-05"),
            ("3 days ago", "2026-02-01 2026-02-02"),
            ("since March 2025", "2025-03-01 -"),
            ("November 28, 2025", "2025-11-28 2025-11-29"),
            ("28 Nov 2025", "2025-11-28 2025-11-29"),
            ("november", "2025-11-01 2025-12-01"),
            ("wednesday", "2026-01-28 2026-01-29"),
            ("last monday", "2026-02-02 2026-02-03"),
            ("from 2024 to June 2025", "2024-01-01 2025-07-01"),
            ("2026..2025", "'2026..2025' is no date"),
            ("2025-13", "'2025-13' is no date"),
            ("soon", "'soon' is no date"),
            ("", "'' is no date"),
        ] {
            assert_eq!(days_of(text), want, "{text}");
        }
    }
}
