//! Dates as people write and say them: `2025-11`, `yesterday`, `last week`, `2025-11..2026-02`.
//!
//! Everything is a half-open span of seconds since 1970; a day is the whole day in UTC, a week begins on Monday. Which
//! day is today is told by the offset of `now`.

use std::ops::Range;

use jiff::civil::{Date, ISOWeekDate, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::article::Moment;
use crate::wordlist::WordTable;

/// A date that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no date")]
pub struct DateError {
    /// What was written.
    pub text: String,
    /// What would work.
    pub hint: String,
}

const HINT: &str = "write 2025, 2025-11, 2025-11-28, 2025-11..2026-02, yesterday, 'last week', '3 months ago'";

/// The seconds that `text` means, as seen from `now`.
///
/// # Errors
///
/// Fails where the words are no date, or the span ends before it begins.
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
    range.filter(|range| range.start < range.end).ok_or_else(error)
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

/// An RFC 3339 instant is its second.
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

/// The last such day before today.
fn weekday(name: &str, today: Date) -> Option<Range<i64>> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let wanted = DAYS.iter().position(|day| *day == name || (name.len() == 3 && day.starts_with(name)))? as i64;
    let back = (i64::from(today.weekday().to_monday_zero_offset()) - wanted - 1).rem_euclid(7) + 1;
    days(today.checked_sub(back.days()).ok()?, 1.day())
}

/// `november`, `nov 2025`, `28 november 2025`, `november 28 2025`, `q3 2025`; without a year, the last one that has begun.
fn named(words: &str, today: Date) -> Option<Range<i64>> {
    let (mut year, mut of_month, mut of_year) = (None, None, None);
    for word in words.split(' ') {
        if let Some(found) = month(word).filter(|_| of_year.is_none()) {
            of_year = Some(found);
        } else if let Some(quarter) = word.strip_prefix('q').filter(|_| words.len() == 7) {
            let year = words.split(' ').find_map(|w| w.parse::<i16>().ok())?;
            return quarter_of(year, quarter);
        } else if word.len() == 4 && year.is_none() {
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
        None => at(today.year()).filter(|start| *start <= today).or_else(|| at(today.year() - 1))?,
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
mod tests {
    use super::*;

    fn days_of(text: &str) -> String {
        let now = Moment::Day(date(2026, 2, 4)); // a Wednesday
        let day = |second: i64| match Timestamp::from_second(second) {
            Ok(at) if second > -100_000_000_000 => at.to_zoned(TimeZone::UTC).date().to_string(),
            _ => "-".to_owned(),
        };
        match span(text, &now) {
            Ok(range) => format!("{} {}", day(range.start), day(range.end)),
            Err(error) => error.to_string(),
        }
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
