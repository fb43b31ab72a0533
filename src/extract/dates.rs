//! Dates as publishers write them.
//!
//! Reads machine forms (ISO 8601 and loose variants of it, RFC 2822, ctime, Unix time) and dates in words in the
//! languages that news is mostly written in. A date that can be read in two ways (`03/04/2025`) is read only if the
//! language or the country has one order. A time without a zone is no instant, so only its day is kept. The zero of a
//! clock (`1970-01-01`) is no date.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use crate::article::Moment;
use crate::wordlist::{WordList, WordTable};

/// Months in words as dates have them, with their numbers.
static MONTHS: WordTable = WordTable::new(include_str!("lists/months.txt"));

/// Words that stand for another month in some languages: language and word, with the number.
static MONTHS_BY_LANGUAGE: WordTable = WordTable::new(include_str!("lists/months_by_language.txt"));

/// Time zones by the names that newsrooms print, with their hours east of Greenwich.
static ZONES: WordTable = WordTable::new(include_str!("lists/time_zones.txt"));

/// Whether day or month stands first, by country.
static ORDERS: WordTable = WordTable::new(include_str!("lists/date_orders.txt"));

/// Words between the parts of a date: `14 de enero de 2025`, `2025 m. kovo 3`.
static JOINTS: WordList = WordList::new(include_str!("lists/date_joints.txt"));

/// Days that programs write where they know none: the zeros of their clocks.
const ZEROS: [(i16, i8, i8); 4] = [(1970, 1, 1), (1900, 1, 1), (1899, 12, 30), (1899, 12, 31)];

/// Seconds around 1970-01-01T00:00Z that are that zero in some time zone.
const ZERO_SECONDS: i64 = 14 * 3600;

/// The month that a word stands for, from 1.
pub(crate) fn month(word: &str) -> Option<i8> {
    month_in(word, None)
}

/// The month that a word stands for in a language (ISO 639-1), from 1.
fn month_in(word: &str, language: Option<&str>) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    let own = language.and_then(|language| MONTHS_BY_LANGUAGE.get(&format!("{language} {word}")));
    own.or_else(|| MONTHS.get(&word))?.parse().ok()
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
        match language {
            "en" => Self::of_country(region),
            "" => None,
            "fil" | "tl" => Some(Self::MonthFirst),
            _ if language.len() > 3 => None,
            _ => Some(Self::DayFirst),
        }
    }

    /// The order of a country, by its code or the last label of a host (`us`, `uk`, `gov`).
    fn of_country(code: &str) -> Option<Self> {
        match ORDERS.get(code)? {
            "day" => Some(Self::DayFirst),
            _ => Some(Self::MonthFirst),
        }
    }
}

/// How the dates of a document are written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    order: Option<Order>,
    /// ISO 639-1 code.
    language: Option<String>,
    /// Whether a year may have two digits (`31.10.23`).
    short_years: bool,
}

impl Manner {
    /// The manner of a document that declares a language (`en-GB`) and comes from a host.
    pub(crate) fn of(declared: Option<&str>, host: Option<&str>) -> Self {
        let label = host.and_then(|host| host.rsplit('.').next());
        let order = declared.and_then(Order::of).or_else(|| Order::of_country(&label?.to_ascii_lowercase()));
        Self { order, language: declared.and_then(super::language::code), short_years: false }
    }

    /// The same, with the order of another declaration where none is known.
    pub(crate) fn or(self, declared: Option<&str>) -> Self {
        Self { order: self.order.or_else(|| declared.and_then(Order::of)), ..self }
    }

    /// The same, with years of two digits read where the day stands first.
    pub(crate) fn with_short_years(&self) -> Self {
        Self { short_years: true, ..self.clone() }
    }

    fn month(&self, word: &str) -> Option<i8> {
        month_in(word, self.language.as_deref())
    }
}

/// A date within a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub(crate) moment: Moment,
    /// The bytes of its day, without a time that follows.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Reads a date in any form that has one meaning.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    parse_as(text, &Manner::default())
}

/// Reads a date as a document writes it: `03/04/2025` only if its order is known.
pub(crate) fn parse_as(text: &str, manner: &Manner) -> Option<Moment> {
    let text = &ascii_digits(text);
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.len() < 6 || text.len() > 120 {
        return None;
    }
    let written = || {
        // So much before a date in numbers is a sentence.
        find(text, manner).find(|found| found.start < 40 || text[found.start..found.end].contains(char::is_alphabetic))
    };
    let moment =
        digits(text).or_else(|| basic(text)).or_else(|| mail(text)).or_else(|| written().map(|found| found.moment))?;
    is_real(&moment).then_some(moment)
}

/// Whether a text is a date or holds one, whatever the order of its day and month.
pub(crate) fn has_date(text: &str) -> bool {
    [Order::DayFirst, Order::MonthFirst]
        .into_iter()
        .any(|order| parse_as(text, &Manner { order: Some(order), ..Manner::default() }).is_some())
}

/// Whether a moment is of the years 1800 to 2199 and not the zero of a clock.
fn is_real(moment: &Moment) -> bool {
    let day = moment.day();
    let zero = match moment {
        Moment::Instant(at, _) => at.as_second().abs() <= ZERO_SECONDS,
        Moment::Day(_) => false,
    };
    (1800..2200).contains(&day.year()) && !zero && !ZEROS.contains(&(day.year(), day.month(), day.day()))
}

/// Arabic, Persian and full-width digits as those of ASCII.
pub(crate) fn ascii_digits(text: &str) -> Cow<'_, str> {
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

/// `1735689600` (Unix seconds, with or without a fraction), 13 digits (milliseconds), `/Date(1735689600000)/`,
/// `20250114`, `20250114211727`.
fn digits(text: &str) -> Option<Moment> {
    let text = text.strip_prefix("/Date(").and_then(|text| text.strip_suffix(")/")).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) || fraction.is_empty() {
        return None;
    }
    match whole.len() {
        8 | 12 | 14 if whole.len() == text.len() => {
            date(text.get(..4)?, text.get(4..6)?, text.get(6..8)?).map(Moment::Day)
        }
        9 | 10 => unix(whole.parse().ok()?),
        13 => unix(whole.parse::<i64>().ok()? / 1000),
        _ => None,
    }
}

/// The moment that a number stands for: seconds, milliseconds or microseconds since 1970, or the digits of a day
/// (`20250114`). Zero is none.
pub(crate) fn of_number(number: f64) -> Option<Moment> {
    if number.fract() == 0.0
        && (18_000_101.0..22_000_000.0).contains(&number)
        && let Some(day) = digits(&format!("{number:.0}"))
    {
        return Some(day);
    }
    // As seconds it would be beyond the year 5000, so it counts milliseconds; and so on.
    let seconds = [1.0, 1e3, 1e6, 1e9].iter().map(|unit| number / unit).find(|seconds| seconds.abs() <= 1e11)?;
    unix(seconds as i64).filter(is_real)
}

/// A moment from seconds since 1970.
fn unix(seconds: i64) -> Option<Moment> {
    Timestamp::from_second(seconds).ok().map(|at| Moment::Instant(at, Offset::UTC))
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `20250114T211727Z`, `20250114T2117+0100`, `D:20250114211727+01'00'`: ISO 8601 in its basic form, and as PDF has it.
fn basic(text: &str) -> Option<Moment> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let day = text.get(..8).filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()))?;
    let day = date(day.get(..4)?, day.get(4..6)?, day.get(6..8)?)?;
    let rest = text.get(8..)?.trim_start_matches(['T', 't', ' ']);
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (clock, zone) = rest.split_at_checked(length.min(6))?;
    let clock = match length {
        0 if rest.is_empty() || rest.contains(':') => return Some(with_clock(day, rest).unwrap_or(Moment::Day(day))),
        4 => format!("{}:{}{zone}", clock.get(..2)?, clock.get(2..)?),
        6 => format!("{}:{}:{}{zone}", clock.get(..2)?, clock.get(2..4)?, clock.get(4..)?),
        _ => return None,
    };
    Some(with_clock(day, &clock).unwrap_or(Moment::Day(day)))
}

/// The dates of a text, in order: each where it is written with day, month and year.
pub(crate) fn find<'t>(text: &'t str, manner: &'t Manner) -> impl Iterator<Item = Found> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(start) = next_start(text, from) {
            let rest = &text[start..];
            if let Some((day, end, moment)) = at_start(rest, manner) {
                let moment = moment.unwrap_or(Moment::Day(day));
                from = start + end;
                if is_real(&moment) {
                    return Some(Found { moment, start, end: start + end });
                }
            } else {
                from = start + rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        None
    })
}

/// The first byte from `from` at which a number or a word begins that is no part of a longer one (`1.14.01.2025`).
fn next_start(text: &str, from: usize) -> Option<usize> {
    let mut back = text[..from].chars().rev();
    let (mut before, mut two_before) = (back.next(), back.next());
    for (at, c) in text[from..].char_indices() {
        // Scripts without blanks set numbers into words.
        let inside = |before: char| {
            before.is_alphanumeric() && !(c.is_ascii_digit() && before > '\u{2E80}' && !before.is_numeric())
        };
        let joined = before.is_some_and(|sign| matches!(sign, '.' | '/' | '-'))
            && two_before.is_some_and(|c: char| c.is_ascii_digit())
            && c.is_ascii_digit();
        if c.is_alphanumeric() && !before.is_some_and(inside) && !joined {
            return Some(from + at);
        }
        two_before = before;
        before = Some(c);
    }
    None
}

/// The date at the start of a text: its day, the bytes it takes, and the instant if a time of day with a zone follows.
fn at_start(text: &str, manner: &Manner) -> Option<(Date, usize, Option<Moment>)> {
    if text.starts_with(|c: char| c.is_ascii_digit())
        && let Some((day, rest)) = year_first(text).or_else(|| year_last(text, manner))
    {
        return Some((day, text.len() - rest.len(), clock_after(day, rest)));
    }
    in_words(text, manner)
}

/// The instant, where a time of day with a zone follows a date, behind a sign or a short word (`at`, `um`).
fn clock_after(day: Date, rest: &str) -> Option<Moment> {
    let skipped = rest.find(|c: char| c.is_ascii_digit()).filter(|skipped| *skipped <= 12)?;
    with_clock(day, &rest[skipped..])
}

/// `2025-01-14` and what looks like it: other separators, one-digit parts, blanks. Gives what follows.
fn year_first(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = number(text, 4, 4)?;
    let separator = rest.trim_start().chars().next().filter(|c| matches!(c, '-' | '/' | '.' | ':' | '年' | '년'))?;
    let (month, rest) = number(rest.trim_start()[separator.len_utf8()..].trim_start(), 1, 2)?;
    let rest = rest.trim_start().strip_prefix(match separator {
        '年' => '月',
        '년' => '월',
        same => same,
    })?;
    let (day, rest) = number(rest.trim_start(), 1, 2)?;
    let rest = rest.strip_prefix(['日', '일', '.']).unwrap_or(rest);
    Some((date(year, month, day)?, rest))
}

/// `14.01.2025` and `14/01/2025`. With dots the day comes first; otherwise a number above 12 is the day, and if there is
/// none the order of the document decides.
fn year_last<'t>(text: &'t str, manner: &Manner) -> Option<(Date, &'t str)> {
    let (first, rest) = number(text, 1, 2)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '/' | '.' | '-'))?;
    let (second, rest) = number(rest[1..].trim_start(), 1, 2)?;
    let rest = rest.strip_prefix(separator)?.trim_start();
    let (year, rest) = number(rest, 4, 4).or_else(|| number(rest, 2, 2).filter(|_| manner.short_years))?;
    let (low, high): (u8, u8) = (first.parse().ok()?, second.parse().ok()?);
    let day_first = match manner.order {
        _ if separator == '.' || low > 12 || low == high => true,
        _ if high > 12 => false,
        order => order? == Order::DayFirst,
    };
    let whole = match year.len() {
        // A version or a price, unless the day stands first and nothing follows.
        2 if !day_first || separator == '-' || rest.starts_with(['.', ',', '%', '-']) => return None,
        2 => format!("20{year}"),
        _ => year.to_owned(),
    };
    let day = if day_first { date(&whole, second, first)? } else { date(&whole, first, second)? };
    Some((day, rest))
}

/// The parts of a date in words: numbers and words, with the bytes where each begins and ends.
struct Parts<'t, 'm> {
    text: &'t str,
    manner: &'m Manner,
    words: Vec<(usize, usize)>,
}

impl<'t> Parts<'t, '_> {
    /// The word after `at` words, and the number of words up to its end; joints are passed over.
    fn word(&self, at: usize) -> Option<(&'t str, usize)> {
        let word = |at: usize| self.words.get(at).map(|(start, end)| &self.text[*start..*end]);
        let first = word(at)?;
        if at > 0 && JOINTS.has(&first.to_lowercase()) { Some((word(at + 1)?, at + 2)) } else { Some((first, at + 1)) }
    }

    fn day(&self, at: usize) -> Option<(i8, usize)> {
        let (word, next) = self.word(at)?;
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let day = digits.parse().ok().filter(|day| (1..=31).contains(day) && word.len() <= digits.len() + 2)?;
        Some((day, next))
    }

    fn year(&self, at: usize) -> Option<(i16, usize)> {
        let (word, next) = self.word(at)?;
        let year = (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1800..2200).contains(year));
        // `03-Mar-25`, as servers write it.
        let short = || {
            let (start, _) = *self.words.get(at)?;
            let hyphen = word.len() == 2 && self.text[..start].ends_with('-');
            hyphen.then(|| word.parse::<i16>().ok()).flatten().map(|year| 2000 + year)
        };
        Some((year.or_else(short)?, next))
    }

    /// A month of one word or two (`تشرين الأول`).
    fn month(&self, at: usize) -> Option<(i8, usize)> {
        let (word, next) = self.word(at)?;
        let two =
            self.word(next).and_then(|(second, end)| Some((self.manner.month(&format!("{word} {second}"))?, end)));
        two.or_else(|| Some((self.manner.month(word)?, next)))
    }

    /// The bytes up to the end of the word before `next`.
    fn end(&self, next: usize) -> usize {
        self.words.get(next - 1).map_or(self.text.len(), |(_, end)| *end)
    }
}

/// Bytes and words of a text that a date in words may take.
const LONGEST_IN_WORDS: (usize, usize) = (90, 9);

/// `January 14, 2025`, `14 de enero de 2025`, `2025 m. sausio 14`, `Jan 14 21:17:27 +0000 2025`.
fn in_words(text: &str, manner: &Manner) -> Option<(Date, usize, Option<Moment>)> {
    let parts = Parts { text, manner, words: words(text) };
    let named = |(month, at): (i8, usize)| {
        let (day, at) = parts.day(at)?;
        let (year, at) = parts.year(at)?;
        Some((year, month, day, at))
    };
    let numbered = |(day, at): (i8, usize)| {
        let (month, at) = parts.month(at)?;
        let (year, at) = parts.year(at)?;
        Some((year, month, day, at))
    };
    let dated = |(year, at): (i16, usize)| {
        if let Some((month, at)) = parts.month(at) {
            let (day, at) = parts.day(at)?;
            return Some((year, month, day, at));
        }
        let (day, at) = parts.day(at)?;
        let (month, at) = parts.month(at)?;
        Some((year, month, day, at))
    };
    let found = parts.month(0).and_then(named).or_else(|| parts.day(0).and_then(numbered));
    if let Some((year, month, day, at)) = found.or_else(|| parts.year(0).and_then(dated)) {
        let (day, end) = (Date::new(year, month, day).ok()?, parts.end(at));
        return Some((day, end, clock_after(day, &text[end..])));
    }
    with_clock_inside(&parts)
}

/// `Mar 3 09:30:00 2025` and `Mar 03 09:30:00 +0000 2025`: the year stands behind the time.
fn with_clock_inside(parts: &Parts<'_, '_>) -> Option<(Date, usize, Option<Moment>)> {
    let (month, at) = parts.month(0)?;
    let (day, at) = parts.day(at)?;
    let (clock, _) = *parts.words.get(at)?;
    let rest = &parts.text[clock..];
    if !rest.bytes().take(3).any(|byte| byte == b':') {
        return None;
    }
    let at = (at + 2..at + 6).find(|at| parts.year(*at).is_some())?;
    let ((year, next), start) = (parts.year(at)?, parts.words.get(at)?.0);
    let day = Date::new(year, month, day).ok()?;
    Some((day, parts.end(next), with_clock(day, parts.text.get(clock..start)?.trim())))
}

/// The first numbers and words of a text, up to the first sign that does not stand within a date.
fn words(text: &str) -> Vec<(usize, usize)> {
    let (bytes, most) = LONGEST_IN_WORDS;
    let text = &text[..text.floor_char_boundary(bytes)];
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while words.len() < most {
        let Some(start) = text[at..].find(char::is_alphanumeric).map(|gap| at + gap) else { break };
        let inside = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | '-' | '/' | ':' | '(' | '+' | '\'' | '’');
        if !words.is_empty() && !text[at..start].chars().all(inside) {
            break;
        }
        let end = text[start..].find(|c: char| !is_of_word(c)).map_or(text.len(), |length| start + length);
        words.push((start, end));
        at = end;
    }
    words
}

/// Letters, digits, and the marks that belong to a letter.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) || c == 'º' || c == 'ª'
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

/// `Z`, `+02:00`, `+0200`, `+02`, `UTC`, and the zone names of North American and European newsrooms; what follows a
/// blank or a bracket does not count.
fn zone(text: &str) -> Option<Offset> {
    let text = text.trim_start_matches('(').trim_start();
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ')' | '[' | '|' | ',' | ';')).unwrap_or(text.len());
    let name = text[..end].to_ascii_uppercase();
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
    let digits: String =
        text.chars().skip(1).filter(|c| !matches!(c, ':' | '\'')).take_while(char::is_ascii_digit).collect();
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
    fn forms_of_servers_and_exporters_are_read() {
        for (text, want) in [
            ("03-Mar-2025", "2025-03-03"),
            ("3/Mar/2025", "2025-03-03"),
            ("Monday, 03-Mar-25 09:30:00 GMT", "2025-03-03T09:30:00Z"),
            ("20250303T093000Z", "2025-03-03T09:30:00Z"),
            ("20250303T0930+0100", "2025-03-03T09:30:00+01:00"),
            ("D:20250303093000+01'00'", "2025-03-03T09:30:00+01:00"),
            ("2025:03:03 09:30:00", "2025-03-03"),
            ("Mon Mar  3 09:30:00 2025", "2025-03-03"),
            ("Mon Mar  3 09:30:00 UTC 2025", "2025-03-03T09:30:00Z"),
            ("Mon Mar 03 09:30:00 +0100 2025", "2025-03-03T09:30:00+01:00"),
            ("Mon, 3 Mar 2025 09:30:00", "2025-03-03"),
            ("1740994200.25", "2025-03-03T09:30:00Z"),
            ("/Date(1740994200000)/", "2025-03-03T09:30:00Z"),
            ("2025-03-03T09:30:00+01:00[Europe/Lorn]", "2025-03-03T09:30:00+01:00"),
            ("Mar 3 2025 9:30AM", "2025-03-03"),
        ] {
            assert_eq!(read(text).as_deref(), Some(want), "{text}");
        }
        for (number, want) in [
            (1_740_994_200.5, Some("2025-03-03T09:30:00Z")),
            (1_740_994_200_500.0, Some("2025-03-03T09:30:00Z")),
            (20_250_303.0, Some("2025-03-03")),
            (0.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(of_number(number).map(|moment| moment.to_string()).as_deref(), want, "{number}");
        }
    }

    #[test]
    fn the_zero_of_a_clock_is_no_date() {
        for text in [
            "1970-01-01",
            "1970-01-01T00:00:00Z",
            "1969-12-31T19:00:00-05:00",
            "Thu, 01 Jan 1970 01:00:00 +0100",
            "January 1, 1970",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00Z",
            "1900-01-01",
            "000000000",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_language_tells_months_of_the_same_name_apart() {
        for (language, text, want) in [
            ("hr", "14. listopada 2025.", "2025-10-14"),
            ("hr-HR", "14. lip 2025.", "2025-06-14"),
            ("bs", "14. listopad 2025.", "2025-10-14"),
            ("pl", "14 listopada 2025", "2025-11-14"),
            ("pl", "14 lip 2025", "2025-07-14"),
            ("cs", "14. listopadu 2025", "2025-11-14"),
            ("uk", "14 листопада 2025", "2025-11-14"),
            ("hr", "3. ožujka 2025.", "2025-03-03"),
            ("lt", "2025 m. kovo 3 d.", "2025-03-03"),
            ("lv", "2025. gada 3. martā", "2025-03-03"),
            ("sl", "3. marca 2025", "2025-03-03"),
            ("be", "3 сакавіка 2025 г.", "2025-03-03"),
            ("sr", "3. марта 2025.", "2025-03-03"),
            ("bg", "3 март 2025", "2025-03-03"),
            ("sq", "3 mars 2025", "2025-03-03"),
            ("is", "3. mars 2025", "2025-03-03"),
            ("ar", "3 آذار 2025", "2025-03-03"),
            ("ar", "3 تشرين الأول 2025", "2025-10-03"),
            ("vi", "ngày 3 tháng 3 năm 2025", "2025-03-03"),
        ] {
            let read = parse_as(text, &Manner::of(Some(language), None)).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), Some(want), "{language}: {text}");
        }
    }

    #[test]
    fn the_country_of_a_host_tells_the_day_from_the_month() {
        for (language, host, want) in [
            (Some("en"), "post.co.uk", Some("2025-04-03")),
            (Some("en"), "navy.mil", Some("2025-03-04")),
            (None, "army.gov", Some("2025-03-04")),
            (Some("en-GB"), "post.us", Some("2025-04-03")),
            (Some("en"), "post.com", None),
        ] {
            let read = parse_as("03/04/2025", &Manner::of(language, Some(host))).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), want, "{language:?} {host}");
        }
        let told = Manner::of(Some("en"), Some("post.com")).or(Some("en_US"));
        assert_eq!(parse_as("03/04/2025", &told).map(|moment| moment.to_string()).as_deref(), Some("2025-03-04"));
    }

    #[test]
    fn dates_within_a_text_are_found_with_their_places() {
        let manner = Manner::of(Some("de"), None).with_short_years();
        let in_text = |text: &str| -> Vec<String> {
            find(text, &manner).map(|found| format!("{} {}", found.moment, &text[found.start..found.end])).collect()
        };
        assert_eq!(in_text("Von Ada Brook | 31.10.23"), ["2023-10-31 31.10.23"]);
        assert_eq!(
            in_text("Erstellt 3. März 2025, geändert 5.3.2025"),
            ["2025-03-03 3. März 2025", "2025-03-05 5.3.2025"]
        );
        assert_eq!(in_text("发布于2025年3月3日"), ["2025-03-03 2025年3月3日"]);
        for text in ["1.14.01.2025", "Version 1.2.23.4", "3.5.24 %", "Nr. 12/13", "10.10.2025.7", "May 2025"] {
            assert!(in_text(text).len() < 2, "{text}");
        }
        assert!(in_text("1.14.01.2025").is_empty());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn any_text_is_searched(text in "([0-9]{1,8}|[.:/ -]|mars|March|م|年|月|日|th|\\PC){0,40}") {
            for found in find(&text, &Manner::default()) {
                proptest::prop_assert!(text.get(found.start..found.end).is_some());
            }
            let _ = parse(&text);
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
            let read = parse_as("03/04/2025", &Manner::of(Some(language), None)).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), want, "{language}");
        }
        let read = parse_as("14/01/2025", &Manner::of(Some("en-US"), None)).map(|moment| moment.to_string());
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
