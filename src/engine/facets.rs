//! Counts of articles by facets.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use tantivy::Searcher;
use tantivy::columnar::{Column, StrColumn};

use super::bits::Bits;
use super::exec::Executor;
use super::local::{LocalEngine, heading};
use super::plan::{Plan, Prepared};
use super::stories::{self, Once};
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
struct Level<'a> {
    below: Option<&'a str>,
    levels: usize,
}

impl Level<'_> {
    /// What a value counts for: itself, the value above it, or nothing.
    fn shown<'v>(&self, value: &'v str) -> Option<&'v str> {
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

/// Counts under way: of values, or of times by number.
#[derive(Debug, Default)]
struct Counts {
    values: HashMap<String, u64>,
    times: BTreeMap<i64, u64>,
    without: u64,
    /// Groups of copies, and whether one of them has a value.
    groups: HashMap<u64, bool>,
}

/// The values of a segment's articles.
enum Values {
    Time(Column<i64>, Facet),
    Text(StrColumn),
    None,
}

impl Counts {
    /// The counts of the articles in `bits`; of copies of a story each value counts once, unless all are wanted.
    fn of(
        (searcher, fields): (&Searcher, Fields),
        facet: Facet,
        level: Level<'_>,
        bits: &[Bits],
        all_copies: bool,
    ) -> Result<Self, EngineError> {
        let mut counts = Self::default();
        let mut once = if all_copies { None } else { Some(Once::new(searcher, fields, bits)?) };
        for (number, (segment, bits)) in searcher.segment_readers().iter().zip(bits).enumerate() {
            let columns = segment.fast_fields();
            let values = if facet.is_time() {
                Values::Time(columns.i64("published")?, facet)
            } else {
                columns.str(column(facet).0)?.map_or(Values::None, Values::Text)
            };
            counts.segment(number, &values, level, bits, once.as_mut())?;
        }
        counts.without += counts.groups.values().filter(|has| !**has).count() as u64;
        Ok(counts)
    }

    fn segment(
        &mut self,
        number: usize,
        values: &Values,
        level: Level<'_>,
        bits: &Bits,
        once: Option<&mut Once>,
    ) -> Result<(), EngineError> {
        let copies = once.as_ref().map_or(Vec::new(), |once| once.copies(number));
        let mut alone = bits.clone();
        copies.iter().for_each(|(doc, _)| alone.unset(*doc));
        match values {
            Values::Time(column, facet) => self.alone_times(column, *facet, &alone),
            Values::Text(column) if level.levels == 0 => self.alone_values(column, level, &alone)?,
            Values::Text(column) => self.alone_levels(column, level, &alone)?,
            Values::None => self.without += alone.count(),
        }
        let Some(once) = once else { return Ok(()) };
        let mut names = Names::default();
        for (doc, group) in copies {
            let has = self.groups.entry(group).or_default();
            match values {
                Values::Time(column, facet) => {
                    if let Some(time) = column.first(doc).map(|at| time_number(*facet, at)) {
                        *has = true;
                        if once.is_first(group, &time.to_string()) {
                            *self.times.entry(time).or_default() += 1;
                        }
                    }
                }
                Values::Text(column) => {
                    for ord in column.term_ords(doc) {
                        *has = true;
                        if let Some(name) = names.shown(column, ord, level)?
                            && once.is_first(group, name)
                        {
                            *self.values.entry(name.clone()).or_default() += 1;
                        }
                    }
                }
                Values::None => {}
            }
        }
        Ok(())
    }

    fn alone_times(&mut self, column: &Column<i64>, facet: Facet, bits: &Bits) {
        for doc in bits.iter() {
            match column.first(doc) {
                Some(at) => *self.times.entry(time_number(facet, at)).or_default() += 1,
                None => self.without += 1,
            }
        }
    }

    /// Each value for itself: counted by number, named at the end.
    fn alone_values(&mut self, column: &StrColumn, level: Level<'_>, bits: &Bits) -> Result<(), EngineError> {
        let mut by_ord = vec![0u64; column.num_terms()];
        let values = column.ords();
        let (mut some, mut with) = ([0; 512], 0);
        bits.iter().for_each(|doc| {
            let mut rows = values.index.docid_range_to_rowids(doc..doc + 1);
            with += u64::from(!rows.is_empty());
            while !rows.is_empty() {
                let part = &mut some[..rows.len().min(512)];
                values.values.as_ref().get_range(u64::from(rows.start), part);
                part.iter().for_each(|ord| by_ord[*ord as usize] += 1);
                rows.start += part.len() as u32;
            }
        });
        self.without += bits.count() - with;
        let ords: Vec<u64> = (0..by_ord.len() as u64).filter(|ord| by_ord[*ord as usize] > 0).collect();
        let mut numbers = ords.iter().map(|ord| by_ord[*ord as usize]);
        column.dictionary().sorted_ords_to_term_cb(&ords, |value| {
            let (value, number) = (String::from_utf8_lossy(value), numbers.next().unwrap_or_default());
            if let Some(shown) = level.shown(&value) {
                *self.values.entry(shown.to_owned()).or_default() += number;
            }
        })?;
        Ok(())
    }

    /// Values of a level: an article with two values under one counts once for it.
    fn alone_levels(&mut self, column: &StrColumn, level: Level<'_>, bits: &Bits) -> Result<(), EngineError> {
        let mut names = Names::default();
        for doc in bits.iter() {
            let mut of_doc: Vec<String> = Vec::new();
            let mut any = false;
            for ord in column.term_ords(doc) {
                any = true;
                of_doc.extend(names.shown(column, ord, level)?.clone());
            }
            self.without += u64::from(!any);
            of_doc.sort_unstable();
            of_doc.dedup();
            for value in of_doc {
                *self.values.entry(value).or_default() += 1;
            }
        }
        Ok(())
    }

    /// The times in order with those between them that have none, from the first to the last and as far as the filters go.
    fn timeline(&self, facet: Facet, filters: &Filters) -> Vec<(i64, u64)> {
        let Some(range) = self.span(facet, filters) else { return Vec::new() };
        if range.end().saturating_sub(*range.start()) > TIMES {
            return self.times.iter().map(|(time, count)| (*time, *count)).collect();
        }
        range.map(|time| (time, self.times.get(&time).copied().unwrap_or(0))).collect()
    }

    fn span(&self, facet: Facet, filters: &Filters) -> Option<RangeInclusive<i64>> {
        let (first, last) = (*self.times.first_key_value()?.0, *self.times.last_key_value()?.0);
        let since = filters.since.map_or(first, |since| time_number(facet, since).min(first));
        let until = filters.until.map_or(last, |until| time_number(facet, until.saturating_sub(1)).max(last));
        Some(since..=until)
    }
}

/// What the values of a column count for, looked up once.
#[derive(Debug, Default)]
struct Names(HashMap<u64, Option<String>>);

impl Names {
    fn shown(&mut self, column: &StrColumn, ord: u64, level: Level<'_>) -> Result<&Option<String>, EngineError> {
        if let std::collections::hash_map::Entry::Vacant(entry) = self.0.entry(ord) {
            let mut value = String::new();
            column.ord_to_str(ord, &mut value)?;
            entry.insert(level.shown(&value).map(str::to_owned));
        }
        Ok(&self.0[&ord])
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
        let counts = Counts::of((&self.searcher, self.fields), facet, Level { below, levels: 0 }, bits, all_copies)?;
        let mut list: Vec<FacetCount> =
            counts.values.into_iter().map(|(value, count)| self.named(facet, value, count)).collect();
        list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        if limit > 0 {
            list.truncate(limit);
        }
        Ok(list)
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
        let counts = Counts::of((&self.searcher, self.fields), facet, level, bits, request.all_copies)?;
        let mut rest = FacetRest { without: counts.without, ..FacetRest::default() };
        if facet.is_time() {
            let timeline = counts.timeline(facet, &request.filters);
            if timeline.iter().all(|(_, count)| *count > 0) && counts.span(facet, &request.filters).is_some_and(is_long)
            {
                response
                    .notes
                    .push("times without a story are left out: too many lie between the first and the last".to_owned());
            }
            let list = timeline.into_iter().map(|(time, count)| FacetCount {
                value: time_name(facet, time),
                label: time_label(facet, time),
                count,
                in_index: None,
                surprise: None,
            });
            response.counts.insert(facet, list.collect());
            response.rest.insert(facet, rest);
            return Ok(());
        }
        let mut found: Vec<(String, u64)> = counts.values.into_iter().collect();
        let most = |a: &(String, u64), b: &(String, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
        if request.sort != FacetSort::Surprise && request.limit > 0 && found.len() > request.limit {
            // Values are many and most of them rare: only those that are shown are put in order and named.
            found.select_nth_unstable_by(request.limit, most);
            let left_out = found.split_off(request.limit);
            rest.values = left_out.len() as u64;
            rest.count = left_out.iter().map(|(_, count)| count).sum();
        }
        found.sort_by(most);
        let mut list: Vec<FacetCount> =
            found.into_iter().map(|(value, count)| self.named(facet, value, count)).collect();
        if request.sort == FacetSort::Surprise {
            self.by_surprise(facet, level, request, self.stories(bits, request.all_copies)?, &mut list)?;
        }
        if request.limit > 0 && list.len() > request.limit {
            let left_out = list.split_off(request.limit);
            rest.values = left_out.len() as u64;
            rest.count = left_out.iter().map(|count| count.count).sum();
        }
        response.counts.insert(facet, list);
        response.rest.insert(facet, rest);
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
        let executor = Executor::new(&self.searcher, self.fields, &self.archive)?;
        let prepared = Prepared::default();
        let everything = (0..self.searcher.segment_readers().len() as u32)
            .map(|segment| executor.segment(segment, &Plan::All, &prepared, &[], None))
            .collect::<Result<Vec<Bits>, EngineError>>()?;
        let index = Counts::of((&self.searcher, self.fields), facet, level, &everything, request.all_copies)?;
        let total = self.stories(&everything, request.all_copies)?.max(1) as f64;
        let mut order: HashMap<String, f64> = HashMap::new();
        for count in list.iter_mut() {
            let in_index = index.values.get(&count.value).copied().unwrap_or(count.count);
            let (share, usual) = (count.count as f64 / hits.max(1) as f64, in_index.max(1) as f64 / total);
            count.in_index = Some(in_index);
            count.surprise = Some(share / usual);
            order.insert(count.value.clone(), (share - usual) * share / usual);
        }
        list.sort_by(|a, b| order[&b.value].total_cmp(&order[&a.value]).then_with(|| a.value.cmp(&b.value)));
        Ok(())
    }
}

fn is_long(range: RangeInclusive<i64>) -> bool {
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
