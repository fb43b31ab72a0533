//! Counts of articles by facets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use rustc_hash::FxHashMap;
use tantivy::Searcher;

use super::bits::Bits;
use super::exec::Executor;
use super::labels::heading;
use super::local::LocalEngine;
use super::plan::{Plan, Prepared};
use super::stories::{self, Once};
use super::tally::{FEW, Tally, tally};
use super::{EngineError, Facet, FacetCount, FacetRequest, FacetResponse, FacetRest, FacetSort, Filters};
use crate::index::Fields;
use crate::query::Field;

/// Empty times are shown where there are no more than this from the first to the last.
const TIMES: i64 = 20_000;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// The name of a facet's column, and the field whose filter is left out of its own counts.
pub(super) fn column(facet: Facet) -> (&'static str, Option<Field>) {
    match facet {
        Facet::Actor => ("actor", Some(Field::Actor)),
        Facet::Affiliation => ("affiliation", Some(Field::Affiliation)),
        Facet::Topic => ("topic", Some(Field::Topic)),
        Facet::Outlet => ("outlet", Some(Field::Outlet)),
        Facet::Language => ("language", Some(Field::Lang)),
        Facet::Place => ("place", Some(Field::Place)),
        Facet::Day | Facet::Week | Facet::Month | Facet::Quarter | Facet::Year => ("published", None),
    }
}

/// Which values are counted, and as what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level<'a> {
    pub(super) below: Option<&'a str>,
    pub(super) levels: usize,
}

impl Level<'_> {
    /// Every value counts for itself.
    pub(super) fn is_whole(&self) -> bool {
        self.below.is_none() && self.levels == 0
    }

    /// What a value counts for: itself, the value above it, or nothing.
    pub(super) fn shown<'v>(&self, value: &'v str) -> Option<&'v str> {
        let under = match self.below {
            Some(below) => value.strip_prefix(below)?.strip_prefix('/')?,
            None => value,
        };
        if self.levels == 0 {
            return Some(value);
        }
        let cut = under.match_indices('/').nth(self.levels - 1).map_or(under.len(), |(at, _)| at);
        Some(&value[..value.len() - under.len() + cut])
    }
}

/// Counts of times by number.
#[derive(Debug, Default)]
struct Times {
    counts: BTreeMap<i64, u64>,
    without: u64,
}

impl Times {
    /// The times of the articles in `bits`; of copies of a story each time counts once, unless all are wanted.
    fn of(
        (searcher, fields): (&Searcher, Fields),
        facet: Facet,
        bits: &[Bits],
        all_copies: bool,
    ) -> Result<Self, EngineError> {
        let mut times = Self::default();
        let once = if all_copies { None } else { Some(Once::new(searcher, fields, bits)?) };
        let mut groups: BTreeMap<u64, BTreeSet<i64>> = BTreeMap::new();
        for (number, (segment, bits)) in searcher.segment_readers().iter().zip(bits).enumerate() {
            let column = segment.fast_fields().i64("published")?;
            let day = |doc| column.first(doc).map(|at| at.div_euclid(DAY));
            let mut alone = bits.clone();
            for (doc, group) in once.iter().flat_map(|once| once.copies(number)) {
                alone.unset(doc);
                groups.entry(group).or_default().extend(day(doc).map(|day| time_number(facet, day * DAY)));
            }
            let mut days: FxHashMap<i64, u64> = FxHashMap::default();
            for doc in alone.iter() {
                match day(doc) {
                    Some(day) => *days.entry(day).or_default() += 1,
                    None => times.without += 1,
                }
            }
            days.into_iter().for_each(|(day, count)| times.add(time_number(facet, day * DAY), count));
        }
        for group in groups.into_values() {
            times.without += u64::from(group.is_empty());
            group.into_iter().for_each(|time| times.add(time, 1));
        }
        Ok(times)
    }

    fn add(&mut self, time: i64, count: u64) {
        *self.counts.entry(time).or_default() += count;
    }

    /// The times in order with those between them that have none, from the first to the last and as far as the filters go.
    fn timeline(&self, facet: Facet, filters: &Filters) -> Vec<(i64, u64)> {
        let Some(range) = self.span(facet, filters) else { return Vec::new() };
        if is_long(&range) {
            return self.counts.iter().map(|(time, count)| (*time, *count)).collect();
        }
        range.map(|time| (time, self.counts.get(&time).copied().unwrap_or(0))).collect()
    }

    fn span(&self, facet: Facet, filters: &Filters) -> Option<RangeInclusive<i64>> {
        let (first, last) = (*self.counts.first_key_value()?.0, *self.counts.last_key_value()?.0);
        let since = filters.since.map_or(first, |since| time_number(facet, since).min(first));
        let until = filters.until.map_or(last, |until| time_number(facet, until.saturating_sub(1)).max(last));
        Some(since..=until)
    }
}

/// The number of a day, week, month, quarter or year in UTC; those that follow each other have numbers that do.
pub(super) fn time_number(facet: Facet, seconds: i64) -> i64 {
    let day = seconds.div_euclid(DAY);
    match facet {
        Facet::Day => day,
        Facet::Week => (day + 3).div_euclid(7), // 1970 began on a Thursday
        Facet::Quarter => month_number(day).div_euclid(3),
        Facet::Year => month_number(day).div_euclid(12),
        _ => month_number(day),
    }
}

/// `2025-11-28`, `2025-W48`, `2025-11`, `2025-Q4`, `2025`.
pub(super) fn time_name(facet: Facet, number: i64) -> String {
    let on = |days: i64| -> Option<Date> {
        let span: Span = Span::new().try_days(days).ok()?;
        date(1970, 1, 1).checked_add(span).ok()
    };
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

/// How a time is shown: its name, a week with its first and last day.
fn time_label(facet: Facet, number: i64) -> String {
    let name = time_name(facet, number);
    if facet != Facet::Week {
        return name;
    }
    let monday = time_name(Facet::Day, number * 7 - 3);
    let sunday = monday.parse::<Date>().ok().and_then(|monday| monday.checked_add(6.days()).ok());
    sunday.map_or(name.clone(), |sunday| format!("{name} ({monday} to {sunday})"))
}

/// Months since the year 0 (after Howard Hinnant, "chrono-compatible low-level date algorithms").
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

impl LocalEngine<'_> {
    /// The values that most of some articles have.
    pub(super) fn most_frequent(
        &self,
        facet: Facet,
        below: Option<&str>,
        bits: &[Bits],
        all_copies: bool,
        limit: usize,
    ) -> Result<Vec<FacetCount>, EngineError> {
        let below = below.map(|below| below.trim_matches('/')).filter(|below| !below.is_empty());
        let level = Level { below, levels: 0 };
        let tally = self.tally(facet, level, bits, all_copies, limit)?;
        Ok(tally.values.into_iter().map(|(value, count)| self.named(facet, value, count)).collect())
    }

    fn tally(
        &self,
        facet: Facet,
        level: Level<'_>,
        bits: &[Bits],
        all_copies: bool,
        limit: usize,
    ) -> Result<Tally, EngineError> {
        tally((&self.searcher, self.fields), column(facet).0, level, bits, all_copies, limit, FEW)
    }

    /// Counts articles by facets.
    pub(super) fn count_facets(&mut self, request: &FacetRequest) -> Result<FacetResponse, EngineError> {
        let outcome = self.run(&request.query, &request.filters, &request.now, false)?;
        let mut all = outcome.bits(None);
        self.enough_mentions(&outcome, &request.filters, &mut all)?;
        let mut response = FacetResponse {
            total: self.stories(&all, request.all_copies)?,
            copies: all.iter().map(Bits::count).sum(),
            understood: outcome.understood.clone(),
            notes: outcome.prepared.notes.clone(),
            ..FacetResponse::default()
        };
        for facet in &request.by {
            let own = column(*facet).1.filter(|own| outcome.filters.iter().any(|(f, _)| *f == Some(*own)));
            let mut other = own.map(|own| outcome.bits(Some(own)));
            if let Some(other) = other.as_mut().filter(|_| *facet != Facet::Actor) {
                self.enough_mentions(&outcome, &request.filters, other)?;
            }
            self.count_facet(*facet, request, other.as_ref().unwrap_or(&all), &mut response)?;
        }
        Ok(response)
    }

    /// How many stories there are among some articles, or articles where all copies are wanted.
    pub(super) fn stories(&self, bits: &[Bits], all_copies: bool) -> Result<u64, EngineError> {
        let mut bits = bits.to_vec();
        if !all_copies {
            let scores = vec![Vec::new(); bits.len()];
            stories::keep_best(&self.searcher, self.fields, &mut bits, &scores)?;
        }
        Ok(bits.iter().map(Bits::count).sum())
    }

    fn count_facet(
        &self,
        facet: Facet,
        request: &FacetRequest,
        bits: &[Bits],
        response: &mut FacetResponse,
    ) -> Result<(), EngineError> {
        let below = request.below.as_deref().map(|below| below.trim_matches('/'));
        let level = Level { below: below.filter(|below| !below.is_empty()), levels: request.levels };
        if facet.is_time() {
            return self.count_times(facet, request, bits, response);
        }
        let by_surprise = request.sort == FacetSort::Surprise;
        let limit = if by_surprise { 0 } else { request.limit };
        let tally = self.tally(facet, level, bits, request.all_copies, limit)?;
        let mut rest = FacetRest { values: tally.others, count: tally.others_count, without: tally.without };
        let mut list: Vec<FacetCount> =
            tally.values.into_iter().map(|(value, count)| self.named(facet, value, count)).collect();
        if by_surprise {
            self.by_surprise(facet, level, request, self.stories(bits, request.all_copies)?, &mut list)?;
            if request.limit > 0 && list.len() > request.limit {
                let left_out = list.split_off(request.limit);
                rest.values = Some(left_out.len() as u64);
                rest.count = left_out.iter().map(|count| count.count).sum();
            }
        }
        response.counts.insert(facet, list);
        response.rest.insert(facet, rest);
        Ok(())
    }

    fn count_times(
        &self,
        facet: Facet,
        request: &FacetRequest,
        bits: &[Bits],
        response: &mut FacetResponse,
    ) -> Result<(), EngineError> {
        let times = Times::of((&self.searcher, self.fields), facet, bits, request.all_copies)?;
        if times.span(facet, &request.filters).is_some_and(|range| is_long(&range)) {
            let note = "times without a story are left out: too many lie between the first and the last";
            response.notes.push(note.to_owned());
        }
        let list = times.timeline(facet, &request.filters).into_iter().map(|(time, count)| FacetCount {
            value: time_name(facet, time),
            label: time_label(facet, time),
            count,
            in_index: None,
            surprise: None,
        });
        response.counts.insert(facet, list.collect());
        response.rest.insert(facet, FacetRest { values: Some(0), count: 0, without: times.without });
        Ok(())
    }

    fn named(&self, facet: Facet, value: String, count: u64) -> FacetCount {
        let label = match facet {
            Facet::Affiliation => heading(self.authority, format!("state/{value}")).label,
            _ => heading(self.authority, value.clone()).label,
        };
        let label = label.strip_prefix("state/").map_or(label.clone(), str::to_owned);
        FacetCount { value, label, count, in_index: None, surprise: None }
    }

    /// Orders values by how much more frequent they are among the hits than in the index.
    fn by_surprise(
        &self,
        facet: Facet,
        level: Level<'_>,
        request: &FacetRequest,
        hits: u64,
        list: &mut [FacetCount],
    ) -> Result<(), EngineError> {
        let executor = Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?;
        let prepared = Prepared::default();
        let everything = (0..self.searcher.segment_readers().len() as u32)
            .map(|segment| executor.segment(segment, &Plan::All, &prepared, &[], None))
            .collect::<Result<Vec<Bits>, EngineError>>()?;
        let index = self.tally(facet, level, &everything, request.all_copies, 0)?;
        let index: HashMap<String, u64> = index.values.into_iter().collect();
        let total = self.stories(&everything, request.all_copies)?.max(1) as f64;
        let mut order: HashMap<String, f64> = HashMap::new();
        for count in list.iter_mut() {
            let in_index = index.get(&count.value).copied().unwrap_or(count.count);
            let (share, usual) = (count.count as f64 / hits.max(1) as f64, in_index.max(1) as f64 / total);
            count.in_index = Some(in_index);
            count.surprise = Some(share / usual);
            order.insert(count.value.clone(), (share - usual) * share / usual);
        }
        list.sort_by(|a, b| order[&b.value].total_cmp(&order[&a.value]).then_with(|| a.value.cmp(&b.value)));
        Ok(())
    }
}

fn is_long(range: &RangeInclusive<i64>) -> bool {
    range.end().saturating_sub(*range.start()) > TIMES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_by_arithmetic_are_times_by_calendar() {
        for day in (-200_000..200_000i64).step_by(17) {
            let at = jiff::Timestamp::from_second(day * DAY).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
            let name = |facet| time_name(facet, time_number(facet, day * DAY + 7));
            assert_eq!(name(Facet::Day), at.to_string());
            assert_eq!(name(Facet::Month), at.to_string()[..at.to_string().len() - 3]);
            if at.year() >= 0 {
                assert_eq!(name(Facet::Year), format!("{:04}", at.year()));
                assert_eq!(name(Facet::Quarter), format!("{:04}-Q{}", at.year(), (at.month() - 1) / 3 + 1));
            }
            let week = at.iso_week_date();
            assert_eq!(name(Facet::Week), format!("{:04}-W{:02}", week.year(), week.week()));
        }
        assert_eq!(
            time_label(Facet::Week, time_number(Facet::Week, 1_764_201_600)),
            "2025-W48 (2025-11-24 to 2025-11-30)"
        );
    }

    #[test]
    fn levels_cut_values_and_prefixes_end_at_a_stroke() {
        let level = |below, levels| Level { below, levels };
        assert_eq!(level(None, 1).shown("person/keir-starmer"), Some("person"));
        assert_eq!(level(None, 0).shown("person/keir-starmer"), Some("person/keir-starmer"));
        assert_eq!(level(Some("procurement"), 1).shown("procurement/ships/frigates"), Some("procurement/ships"));
        assert_eq!(level(Some("procurement"), 0).shown("procurement-law"), None);
        assert_eq!(level(Some("procurement"), 0).shown("procurement"), None);
        assert_eq!(level(None, 2).shown("cyber"), Some("cyber"));
    }
}
