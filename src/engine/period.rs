//! Periods of publication: days, weeks, months, quarters and years in UTC, each kind numbered without gaps.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::request::Facet;

/// Periods of a timeline, at most: a wrong date must not make it endless.
pub const MOST_PERIODS: usize = 10_000;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The number of the day, week, month, quarter or year (UTC) that holds a moment, seconds since 1970. Consecutive periods have
/// consecutive numbers.
pub(crate) fn number(facet: Facet, seconds: i64) -> i64 {
    let day = seconds.div_euclid(DAY);
    match facet {
        Facet::Day => day,
        Facet::Week => (day + 3).div_euclid(7), // 1970 began on a Thursday
        Facet::Quarter => month_number(day).div_euclid(3),
        Facet::Year => month_number(day).div_euclid(12),
        _ => month_number(day),
    }
}

/// The day (UTC) that holds a moment, seconds since 1970; `None` where no calendar has it.
pub(crate) fn day(seconds: i64) -> Option<Date> {
    let days: Span = Span::new().try_days(seconds.div_euclid(DAY)).ok()?;
    date(1970, 1, 1).checked_add(days).ok()
}

/// The name of a period: `2025-11-28`, `2025-W48`, `2025-11`, `2025-Q4`, `2025`.
pub(crate) fn name(facet: Facet, number: i64) -> String {
    let on = |days: i64| day(days.saturating_mul(DAY));
    match facet {
        Facet::Day => on(number).map_or_else(|| number.to_string(), |day| day.to_string()),
        Facet::Week => on(number.saturating_mul(7).saturating_sub(3)).map_or_else(
            || number.to_string(),
            |monday| {
                let week = monday.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            },
        ),
        Facet::Quarter => format!("{:04}-Q{}", number.div_euclid(4), number.rem_euclid(4) + 1),
        Facet::Year => format!("{number:04}"),
        _ => format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
    }
}

/// How a period is shown: its name, a week with its first and last day.
pub(crate) fn label(facet: Facet, number: i64) -> String {
    let name = name(facet, number);
    if facet != Facet::Week {
        return name;
    }
    let monday = self::name(Facet::Day, number * 7 - 3);
    let sunday = monday.parse::<Date>().ok().and_then(|monday| monday.checked_add(6.days()).ok());
    sunday.map_or(name.clone(), |sunday| format!("{name} ({monday} to {sunday})"))
}

/// Months since the year 0 of a day since 1970 (after Howard Hinnant, "chrono-compatible low-level date algorithms"): for every
/// day that an article can claim, where the dates of `jiff` end with the year 9999.
fn month_number(day: i64) -> i64 {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (month, carry) = if month < 10 { (month + 2, 0) } else { (month - 10, 1) };
    (year + era * 400 + carry) * 12 + month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_by_arithmetic_are_times_by_calendar() {
        for day in (-200_000..200_000i64).step_by(17) {
            let at = jiff::Timestamp::from_second(day * DAY).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
            let name = |facet| super::name(facet, number(facet, day * DAY + 7));
            assert_eq!(name(Facet::Day), at.to_string());
            assert_eq!(name(Facet::Month), at.to_string()[..at.to_string().len() - 3]);
            if at.year() >= 0 {
                assert_eq!(name(Facet::Year), format!("{:04}", at.year()));
                assert_eq!(name(Facet::Quarter), format!("{:04}-Q{}", at.year(), (at.month() - 1) / 3 + 1));
            }
            let week = at.iso_week_date();
            assert_eq!(name(Facet::Week), format!("{:04}-W{:02}", week.year(), week.week()));
        }
        assert_eq!(label(Facet::Week, number(Facet::Week, 1_764_201_600)), "2025-W48 (2025-11-24 to 2025-11-30)");
    }
}
