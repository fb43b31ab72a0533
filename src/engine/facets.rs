//! Counts of articles by facets.

use std::collections::{BTreeMap, HashMap};

use tantivy::SegmentReader;

use super::bits::Bits;
use super::stories::Once;
use super::{EngineError, Facet};
use crate::query::Field;

/// The name of a facet's column, and the field whose filter is left out of its own counts.
pub(super) fn column(facet: Facet) -> (&'static str, Option<Field>) {
    match facet {
        Facet::Actor => ("actor", Some(Field::Actor)),
        Facet::Affiliation => ("affiliation", Some(Field::Affiliation)),
        Facet::Topic => ("topic", Some(Field::Topic)),
        Facet::Outlet => ("outlet", Some(Field::Outlet)),
        Facet::Language => ("language", Some(Field::Lang)),
        Facet::Place => ("place", Some(Field::Place)),
        Facet::Month => ("published", None),
    }
}

/// Adds the counts of one segment's articles; with `once`, a story counts once for each value.
pub(super) fn count(
    (number, segment): (usize, &SegmentReader),
    facet: Facet,
    bits: &Bits,
    below: Option<&str>,
    once: Option<&mut Once>,
    counts: &mut HashMap<String, u64>,
) -> Result<(), EngineError> {
    let copies = once.as_ref().map_or(Vec::new(), |once| once.copies(number));
    let mut alone = bits.clone();
    copies.iter().for_each(|(doc, _)| alone.unset(*doc));
    all(segment, facet, &alone, below, counts)?;
    let Some(once) = once else { return Ok(()) };
    for (doc, group) in copies {
        let mut one = Bits::empty(segment.max_doc());
        one.set(doc);
        let mut values = HashMap::new();
        all(segment, facet, &one, below, &mut values)?;
        for value in values.into_keys().filter(|value| once.is_first(group, value)) {
            *counts.entry(value).or_default() += 1;
        }
    }
    Ok(())
}

/// Adds the counts of a segment's articles, each for itself.
fn all(
    segment: &SegmentReader,
    facet: Facet,
    bits: &Bits,
    below: Option<&str>,
    counts: &mut HashMap<String, u64>,
) -> Result<(), EngineError> {
    if facet == Facet::Month {
        let column = segment.fast_fields().i64("published")?;
        let mut months: BTreeMap<i64, u64> = BTreeMap::new();
        for doc in bits.iter() {
            if let Some(at) = column.first(doc) {
                *months.entry(month_number(at)).or_default() += 1;
            }
        }
        for (month, number) in months {
            *counts.entry(format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)).or_default() +=
                number;
        }
        return Ok(());
    }
    let Some(column) = segment.fast_fields().str(column(facet).0)? else {
        return Ok(());
    };
    let mut by_ord = vec![0u64; column.num_terms()];
    bits.iter().for_each(|doc| column.term_ords(doc).for_each(|ord| by_ord[ord as usize] += 1));
    let ords: Vec<u64> = (0..by_ord.len() as u64).filter(|ord| by_ord[*ord as usize] > 0).collect();
    let mut numbers = ords.iter().map(|ord| by_ord[*ord as usize]);
    column.dictionary().sorted_ords_to_term_cb(&ords, |value| {
        let (value, number) = (String::from_utf8_lossy(value), numbers.next().unwrap_or_default());
        if below.is_none_or(|below| value.starts_with(below)) {
            *counts.entry(value.into_owned()).or_default() += number;
        }
    })?;
    Ok(())
}

/// Months since the year 0, in UTC (after Howard Hinnant, "chrono-compatible low-level date algorithms").
fn month_number(seconds: i64) -> i64 {
    let shifted = seconds.div_euclid(86_400) + 719_468;
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
    fn months_by_arithmetic_are_months_by_calendar() {
        for day in (-200_000..200_000i64).step_by(17) {
            let at = jiff::Timestamp::from_second(day * 86_400).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
            assert_eq!(month_number(day * 86_400), i64::from(at.year()) * 12 + i64::from(at.month()) - 1);
        }
    }
}
