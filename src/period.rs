//! Periods of time: days, weeks, months, quarters and years in UTC, each kind numbered without gaps.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Day,
    /// From Monday to Sunday.
    Week,
    Month,
    Quarter,
    Year,
}

/// The number of the period that holds a moment, seconds since 1970. Consecutive periods have consecutive numbers.
pub(crate) fn number(period: Period, seconds: i64) -> i64 {
    let day = seconds.div_euclid(DAY);
    match period {
        Period::Day => day,
        Period::Week => (day + 3).div_euclid(7), // 1970 began on a Thursday
        Period::Month => month_number(day),
        Period::Quarter => month_number(day).div_euclid(3),
        Period::Year => month_number(day).div_euclid(12),
    }
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
