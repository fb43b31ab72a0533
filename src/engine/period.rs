//! How periods of publication are named and shown.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::request::Facet;
pub(crate) use crate::period::DAY;
use crate::period::Period;

/// Periods of a timeline, at most: a wrong date must not make it endless.
pub const MOST_PERIODS: usize = 10_000;

/// As [`crate::period::number`]; a facet that is none of time counts months.
pub(crate) fn number(facet: Facet, seconds: i64) -> i64 {
    crate::period::number(facet.period().unwrap_or(Period::Month), seconds)
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
