//! Dates as publishers write them.
//!
//! Reads machine forms (ISO 8601 and loose variants of it, RFC 2822, Unix time) and dates in words in the languages
//! that news is mostly written in. A date that can be read in two ways (`03/04/2025`) is read only if the language has
//! one order. A time without a zone is no instant, so only its day is kept.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use crate::article::Moment;
use crate::wordlist::WordTable;

/// Months in words as dates have them, with their numbers.
static MONTHS: WordTable = WordTable::new(include_str!("lists/months.txt"));

/// Time zones by the names that newsrooms print, with their hours east of Greenwich.
static ZONES: WordTable = WordTable::new(include_str!("lists/time_zones.txt"));

/// The month that a word stands for, from 1.
pub(crate) fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    MONTHS.get(&word)?.parse().ok()
}

/// Whether the day or the month stands first where both are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

impl Order {
    /// The order of the language that a page declares (`en-US`, `de`). English uses both, so it needs a region.
    pub(crate) fn of(declared: &str) -> Option<Self> {
        let declared = declared.trim().to_ascii_lowercase().replace('_', "-");
        let (language, region) = declared.split_once('-').unwrap_or((&declared, ""));
        match (language, region) {
            ("en", "us") => Some(Self::MonthFirst),
            ("en", "gb" | "ie" | "au" | "nz" | "in" | "za") => Some(Self::DayFirst),
            ("en" | "", _) => None,
            _ if language.len() > 3 => None,
            _ => Some(Self::DayFirst),
        }
    }
}

/// Reads a date in any form that has one meaning.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    parse_with(text, None)
}

/// Reads a date; `03/04/2025` is read only if `order` is known.
pub(crate) fn parse_with(text: &str, order: Option<Order>) -> Option<Moment> {
    let text = &ascii_digits(text);
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.len() < 6 || text.len() > 120 {
        return None;
    }
    let moment = digits(text)
        .or_else(|| iso(text))
        .or_else(|| mail(text))
        .or_else(|| short(text, order))
        .or_else(|| words(text))
        .or_else(|| labelled(text, order))?;
    let year = moment.day().year();
    (1800..2200).contains(&year).then_some(moment)
}

/// Arabic, Persian and full-width digits as those of ASCII.
fn ascii_digits(text: &str) -> Cow<'_, str> {
    let digit = |c: char| match c {
        '٠'..='٩' => char::from_digit(c as u32 - '٠' as u32, 10),
        '۰'..='۹' => char::from_digit(c as u32 - '۰' as u32, 10),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    };
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        text.chars().map(|c| digit(c).unwrap_or(c)).collect::<String>().into()
    }
}

/// Whether the moment is not after `fetched`, with 26 hours' grace for dates without a time and clocks that disagree.
pub(crate) fn not_after(moment: &Moment, fetched: Option<Timestamp>) -> bool {
    let Some(limit) = fetched.and_then(|fetched| fetched.checked_add(26.hours()).ok()) else {
        return true;
    };
    moment.seconds() <= limit.as_second()
}

/// `1735689600` (Unix seconds), 13 digits (milliseconds), `20250114`, `20250114211727`.
fn digits(text: &str) -> Option<Moment> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        8 | 12 | 14 => date(text.get(..4)?, text.get(4..6)?, text.get(6..8)?).map(Moment::Day),
        9 | 10 => unix(text.parse().ok()?),
        13 => unix(text.parse::<i64>().ok()? / 1000),
        _ => None,
    }
}

/// A moment from seconds since 1970.
pub(crate) fn unix(seconds: i64) -> Option<Moment> {
    Timestamp::from_second(seconds).ok().map(|at| Moment::Instant(at, Offset::UTC))
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `2025-01-14T21:17:27+09:00` and what looks like it: other separators, one-digit parts, blanks, zone names.
fn iso(text: &str) -> Option<Moment> {
    let (year, rest) = number(text, 4, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '년'))?;
    let (month, rest) = number(rest[separator.len_utf8()..].trim_start(), 1, 2)?;
    let rest = rest.strip_prefix(match separator {
        '年' => '月',
        '년' => '월',
        same => same,
    })?;
    let (day, rest) = number(rest.trim_start(), 1, 2)?;
    let rest = rest.strip_prefix(['日', '일', '.']).unwrap_or(rest);
    let day = date(year, month, day)?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return Some(Moment::Day(day));
    }
    let clock = rest.trim_start_matches(['T', 't', ',', '-', ' ']);
    Some(with_clock(day, clock).unwrap_or(Moment::Day(day)))
}

/// The instant, where `clock` is a time of day with a zone.
fn with_clock(day: Date, clock: &str) -> Option<Moment> {
    let (hour, rest) = number(clock, 1, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2, 2)?;
    let (second, rest) = rest.strip_prefix(':').and_then(|rest| number(rest, 2, 2)).unwrap_or(("0", rest));
    let rest = rest
        .strip_prefix(['.', ','])
        .map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    let (afternoon, rest) = half_day(rest.trim());
    let hour = match (afternoon, hour.parse::<i8>().ok()?) {
        (Some(true), hour) if hour < 12 => hour + 12,
        (Some(false), 12) => 0,
        (_, hour) => hour,
    };
    let offset = zone(rest.trim())?;
    let local =
        DateTime::new(day.year(), day.month(), day.day(), hour, minute.parse().ok()?, second.parse().ok()?, 0).ok()?;
    Some(Moment::Instant(offset.to_timestamp(local).ok()?, offset))
}

fn half_day(rest: &str) -> (Option<bool>, &str) {
    let lower = rest.to_ascii_lowercase();
    for (mark, afternoon) in [("p.m.", true), ("pm", true), ("a.m.", false), ("am", false)] {
        if lower.starts_with(mark) {
            return (Some(afternoon), &rest[mark.len()..]);
        }
    }
    (None, rest)
}

/// `Z`, `+02:00`, `+0200`, `+02`, `UTC`, and the zone names of North American and European newsrooms.
fn zone(text: &str) -> Option<Offset> {
    let text = text.trim_start_matches('(').trim_end_matches(')').trim();
    let name = text.to_ascii_uppercase();
    match ZONES.get(&name) {
        Some(hours) => Offset::from_hours(hours.parse().ok()?).ok(),
        None => numeric_zone(name.trim_start_matches("UTC").trim_start_matches("GMT")),
    }
}

fn numeric_zone(text: &str) -> Option<Offset> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits: String = text.chars().skip(1).filter(|c| *c != ':').take_while(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?),
        _ => return None,
    };
    if hours > 15 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn mail(text: &str) -> Option<Moment> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Moment::from(&zoned))
}

/// Reads `14.01.2025` and `14/01/2025 21:17`. With dots the day comes first; otherwise a number above 12 is the day,
/// and if there is none `order` decides.
fn short(text: &str, order: Option<Order>) -> Option<Moment> {
    let (first, rest) = number(text, 1, 2)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '/' | '.' | '-'))?;
    let (second, rest) = number(rest[1..].trim_start(), 1, 2)?;
    let (year, rest) = number(rest.strip_prefix(separator)?.trim_start(), 4, 4)?;
    let (low, high): (u8, u8) = (first.parse().ok()?, second.parse().ok()?);
    let day_first = match order {
        _ if separator == '.' || low > 12 || low == high => true,
        _ if high > 12 => false,
        order => order? == Order::DayFirst,
    };
    let day = if day_first { date(year, second, first)? } else { date(year, first, second)? };
    Some(with_clock(day, rest.trim_start_matches([',', ' ', '-'])).unwrap_or(Moment::Day(day)))
}

/// `Tuesday, January 14, 2025 at 9:17 p.m. EST`, `14 janvier 2025`, `Jan. 14, 2025`.
fn words(text: &str) -> Option<Moment> {
    let tokens: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|'))
        .filter(|token| !token.is_empty())
        .collect();
    let at = tokens.iter().position(|token| month(token).is_some())?;
    let month = month(tokens[at])?;
    let day_of = |token: &&str| -> Option<i8> {
        let digits = token.trim_end_matches(|c: char| !c.is_ascii_digit());
        digits.parse().ok().filter(|day| (1..=31).contains(day) && token.len() <= digits.len() + 2)
    };
    let year_of = |token: &&str| -> Option<i16> {
        let token = token.trim_end_matches(['.', ':']);
        (token.len() == 4).then(|| token.parse().ok()).flatten()
    };
    let skip_of = |from: usize| {
        let of = |token: &&&str| matches!(token.to_lowercase().as_str(), "de" | "del" | "of");
        if tokens.get(from).filter(of).is_some() { from + 1 } else { from }
    };
    let before = (0..at).rev().find(|i| !matches!(tokens[*i].to_lowercase().as_str(), "de" | "of" | "."));
    let (day, year_at) = match before.and_then(|i| day_of(&tokens[i])) {
        Some(day) => (day, skip_of(at + 1)),
        None => (day_of(tokens.get(at + 1)?)?, at + 2),
    };
    let year_before = || at.checked_sub(1).and_then(|at| year_of(&tokens[at]));
    let year = tokens.get(year_at).and_then(year_of).or_else(year_before)?;
    let day = Date::new(year, month, day).ok()?;
    let rest = tokens.get(year_at + 1..).unwrap_or_default().join(" ");
    let clock = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    Some(with_clock(day, clock).unwrap_or(Moment::Day(day)))
}

/// `Stand: 05.03.2024, 14:30 Uhr`: a date in numbers behind a word or two.
fn labelled(text: &str, order: Option<Order>) -> Option<Moment> {
    let at = text.find(|c: char| c.is_ascii_digit()).filter(|at| (1..40).contains(at))?;
    short(&text[at..], order).or_else(|| iso(&text[at..]))
}

/// The digits at the start of `text`, if there are `min` to `max` of them, and what follows.
fn number(text: &str, min: usize, max: usize) -> Option<(&str, &str)> {
    let length = text.bytes().take(max + 1).take_while(u8::is_ascii_digit).count();
    (min..=max).contains(&length).then(|| text.split_at(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text).map(|moment| moment.to_string())
    }

    #[test]
    fn instants_keep_their_offset() {
        for (text, want) in [
            ("2025-01-14T21:17:27+09:00", "2025-01-14T21:17:27+09:00"),
            ("2025-01-14T21:17:27.123Z", "2025-01-14T21:17:27Z"),
            ("2025-01-14 21:17:27 +0900", "2025-01-14T21:17:27+09:00"),
            ("2025/1/4 9:07 UTC", "2025-01-04T09:07:00Z"),
            ("Tue, 14 Jan 2025 21:17:27 +0000", "2025-01-14T21:17:27Z"),
            ("January 14, 2025 at 9:17 p.m. EST", "2025-01-14T21:17:00-05:00"),
            ("1736889447", "2025-01-14T21:17:27Z"),
            ("1736889447000", "2025-01-14T21:17:27Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn days_stay_days() {
        for text in [
            "2025-01-14",
            "20250114",
            "2025-01-14T21:17",
            "14.01.2025",
            "14.1.2025, 21:17",
            "14/01/2025",
            "01/14/2025",
            "14 January 2025",
            "January 14th, 2025",
            "Tuesday 14 Jan. 2025",
            "14. Januar 2025",
            "14 janvier 2025",
            "14 de enero de 2025",
            "14 Ocak 2025",
            "2025年1月14日",
            "14 января 2025",
        ] {
            assert_eq!(read(text).as_deref(), Some("2025-01-14"), "{text}");
        }
    }

    #[test]
    fn months_in_many_languages() {
        for text in [
            "5 mars 2024",
            "Publié le 5 mars 2024 à 14h30",
            "5 de marzo de 2024",
            "5 marzo 2024 alle 14:30",
            "5 marca 2024, 14:30",
            "5 березня 2024",
            "5 Mart 2024 14:30",
            "5 de março de 2024 às 14h30",
            "5 maart 2024 om 14:30",
            "5 mars 2024 kl. 14.30",
            "5 مارس 2024",
            "٥ مارس ٢٠٢٤",
            "2024年3月5日 14時30分",
            "2024년 3월 5일",
            "2024. 3. 5. 14:30",
            "5. března 2024",
            "5 martie 2024",
            "5 Μαρτίου 2024",
            "5. marts 2024",
            "5. maaliskuuta 2024",
            "5 במרץ 2024",
            "2024. március 5.",
            "5 Maret 2024",
            "Stand: 05.03.2024, 14:30 Uhr",
        ] {
            assert_eq!(read(text).as_deref(), Some("2024-03-05"), "{text}");
        }
    }

    #[test]
    fn the_language_tells_the_day_from_the_month() {
        for (language, want) in [
            ("en-US", Some("2025-03-04")),
            ("en_GB", Some("2025-04-03")),
            ("de", Some("2025-04-03")),
            ("fr-CA", Some("2025-04-03")),
            ("en", None),
            ("", None),
            ("english", None),
        ] {
            let read = parse_with("03/04/2025", Order::of(language)).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), want, "{language}");
        }
        let read = parse_with("14/01/2025", Order::of("en-US")).map(|moment| moment.to_string());
        assert_eq!(read.as_deref(), Some("2025-01-14"), "a number that can be no month is the day");
    }

    #[test]
    fn what_has_two_meanings_or_none_is_not_read() {
        for text in
            ["03/04/2025", "yesterday", "2025", "2025-13-01", "31 June 2025", "May we 2025", "12:30", "99999999", ""]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_future_of_the_fetch_is_refused() {
        let fetched = "2025-01-14T12:00:00Z".parse().ok();
        let of = |text| parse(text).expect(text);
        assert!(not_after(&of("2025-01-14T20:00:00+09:00"), fetched));
        assert!(not_after(&of("2025-01-15"), fetched));
        assert!(!not_after(&of("2025-01-16"), fetched));
        assert!(not_after(&of("2099-01-01"), None));
    }
}
