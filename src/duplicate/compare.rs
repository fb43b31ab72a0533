//! Compares two texts: whether they are copies, and what one has that the other lacks.

use std::ops::Range;

use super::{MIN_SHINGLES, shingle};

/// Share of the shorter text's distinct shingles that the longer one must have for the two to be copies.
const SHARED: f64 = 0.7;
/// The same where the shorter text is short.
const SHARED_OF_SHORT: f64 = 0.8;
/// Distinct shingles up to which a text is short in this sense.
const SHORT: usize = 40;
/// Below this ratio of lengths (in distinct shingles) the shorter text must be the beginning of the longer one.
const CUT: f64 = 0.5;
/// Resemblance that copies must have where their publication lies far apart: notices come again every year with few
/// changes.
const SHARED_FAR_APART: f64 = 0.97;
/// Seconds between two publications (31 days) beyond which [`SHARED_FAR_APART`] applies.
const FAR_APART: u64 = 31 * 24 * 60 * 60;

/// How much two texts share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Similarity {
    /// Share of the shorter text's distinct shingles that the longer one has too.
    pub contained: f64,
    /// The same, counting only shingles near the beginning of the longer text: at positions below n + n/3 + 80, where n
    /// is [`Similarity::shorter`].
    pub leading: f64,
    /// Distinct shingles that both have, divided by those that either has (Jaccard).
    pub resemblance: f64,
    /// Distinct shingles of the shorter text.
    pub shorter: usize,
    /// Distinct shingles of the shorter text, divided by those of the longer.
    pub ratio: f64,
}

/// The distinct shingles of a text in the order of their values, each with its first position.
#[derive(Debug, Clone, Default)]
pub struct Places(Vec<(u32, u32)>);

impl Places {
    /// Orders the shingles of a text.
    pub fn of(shingles: &[u32]) -> Self {
        let mut places: Vec<(u32, u32)> = shingles.iter().copied().zip(0..).collect();
        places.sort_unstable();
        places.dedup_by_key(|(shingle, _)| *shingle);
        Self(places)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn contains(&self, shingle: u32) -> bool {
        self.0.binary_search_by_key(&shingle, |(shingle, _)| *shingle).is_ok()
    }
}

/// Compares two texts.
pub(crate) fn similarity(one: &Places, two: &Places) -> Similarity {
    let (short, long) = if one.len() <= two.len() { (&one.0, &two.0) } else { (&two.0, &one.0) };
    let reach = short.len() + short.len() / 3 + 80;
    let (mut shared, mut leading, mut at) = (0usize, 0usize, 0usize);
    for (shingle, _) in short {
        while long.get(at).is_some_and(|(other, _)| other < shingle) {
            at += 1;
        }
        if let Some((other, place)) = long.get(at)
            && other == shingle
        {
            shared += 1;
            leading += usize::from((*place as usize) < reach);
        }
    }
    let part = |count: usize, of: usize| if of == 0 { 0.0 } else { count as f64 / of as f64 };
    Similarity {
        contained: part(shared, short.len()),
        leading: part(leading, short.len()),
        resemblance: part(shared, short.len() + long.len() - shared),
        shorter: short.len(),
        ratio: part(short.len(), long.len()),
    }
}

/// Whether two texts are copies of one report. Times of publication are seconds since 1970, where they are known.
pub fn is_copy(one: &Places, two: &Places, published: (Option<i64>, Option<i64>)) -> bool {
    let found = similarity(one, two);
    if found.shorter < MIN_SHINGLES {
        return false;
    }
    if let (Some(one), Some(two)) = published
        && one.abs_diff(two) > FAR_APART
    {
        return found.resemblance >= SHARED_FAR_APART;
    }
    let wanted = if found.shorter <= SHORT { SHARED_OF_SHORT } else { SHARED };
    // A round-up holds many short reports, and is a copy only of one that it begins with.
    (if found.ratio < CUT { found.leading } else { found.contained }) >= wanted
}

/// The stretches of `text` that `other` does not have: what was added to a copy, or with the two exchanged, cut from it.
///
/// Byte ranges of `text` in order, from the first to the last word of each stretch.
pub fn unshared(text: &str, other: &str) -> Vec<Range<usize>> {
    let known = Places::of(&shingle::shingles(other));
    let located = shingle::located(text);
    let shared: Vec<Range<usize>> =
        located.iter().filter(|(hash, _)| known.contains(*hash)).map(|(_, range)| range.clone()).collect();
    let mut gaps = Vec::new();
    let mut end = 0;
    for range in shared.iter().chain([&(text.len()..text.len())]) {
        if range.start > end {
            gaps.push(end..range.start);
        }
        end = end.max(range.end);
    }
    let trimmed = |gap: Range<usize>| {
        let part = &text[gap.clone()];
        let inner = part.trim_matches(|c: char| !c.is_alphanumeric());
        let start = gap.start + part.find(inner).unwrap_or(0);
        (!inner.is_empty()).then(|| start..start + inner.len())
    };
    gaps.into_iter().filter_map(trimmed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    fn places(text: &str) -> Places {
        Places::of(&shingle::shingles(text))
    }

    fn copies(one: &str, two: &str) -> bool {
        is_copy(&places(one), &places(two), (None, None))
    }

    #[test]
    fn a_beginning_is_a_copy_and_a_round_up_is_none() {
        assert!(copies(&report(0, 60), &report(0, 600)));
        assert!(!copies(&report(400, 460), &report(0, 600)));
        assert!(copies(&report(100, 600), &report(0, 600)));
        assert!(!copies(&report(0, 200), &(report(0, 100) + &report(900, 1000))));
        assert!(!copies("one two three four", "one two three four"));
    }

    #[test]
    fn a_notice_that_comes_again_every_year_is_another_one() {
        let notice = |year: &str| format!("{} for the year {year} and {}", report(0, 80), report(80, 160));
        let (one, two) = (places(&notice("2023")), places(&notice("2024")));
        let year = 365 * 86_400;
        assert!(is_copy(&one, &two, (Some(0), Some(86_400))));
        assert!(!is_copy(&one, &two, (Some(0), Some(year))));
        assert!(is_copy(&one, &one, (Some(0), Some(year))));
    }

    const DAY: i64 = 86_400;

    /// Two texts of `shingles` shingles each, of which they share the first `shared`.
    fn sharing(shared: usize, shingles: usize) -> (Places, Places) {
        let own = |from: usize| places(&(report(0, shared + 3) + &report(from, from + shingles - shared)));
        let (one, two) = (own(10_000), own(20_000));
        assert_eq!((one.len(), two.len()), (shingles, shingles));
        (one, two)
    }

    #[test]
    fn copies_lie_at_most_31_days_apart_whichever_came_first() {
        let (one, two) = sharing(80, 100);
        let apart = |days: i64, seconds: i64| [(0, days * DAY + seconds), (days * DAY + seconds, 0)];
        for (first, second) in apart(31, 0).into_iter().chain(apart(1, 0)).chain(apart(0, 0)) {
            assert!(is_copy(&one, &two, (Some(first), Some(second))), "{first} {second}");
        }
        for (first, second) in apart(31, 1).into_iter().chain(apart(365, 0)) {
            assert!(!is_copy(&one, &two, (Some(first), Some(second))), "{first} {second}");
            assert!(is_copy(&one, &one, (Some(first), Some(second))), "the very same text is a copy at any time");
        }
        for unknown in [(None, Some(365 * DAY)), (Some(365 * DAY), None), (None, None)] {
            assert!(is_copy(&one, &two, unknown), "{unknown:?}");
        }
    }

    /// Shared shingles, shingles of each text, days between them; whether they are copies.
    #[test]
    fn how_much_copies_share_depends_on_their_length_and_on_the_time_between_them() {
        let cases = [
            (70, 100, 0, true),
            (69, 100, 0, false),
            (29, 41, 0, true),
            (28, 41, 0, false),
            // A short text must share more.
            (32, 40, 0, true),
            (31, 40, 0, false),
            // Below 12 shingles no text has copies.
            (12, 12, 0, true),
            (11, 11, 0, false),
            (11, 11, 365, false),
            (99, 100, 365, true),
            (98, 100, 365, false),
        ];
        for (shared, shingles, days, copy) in cases {
            let (one, two) = sharing(shared, shingles);
            let published = (Some(0), Some(days * DAY));
            assert_eq!(is_copy(&one, &two, published), copy, "{shared} of {shingles}, {days} days");
            assert_eq!(is_copy(&two, &one, published), copy, "{shared} of {shingles}, {days} days, exchanged");
        }
    }

    #[test]
    fn less_than_half_of_a_text_is_a_copy_only_where_the_text_begins_with_it() {
        let end_of = |part: usize, whole: usize| {
            let (part, whole) = (report(whole - part, whole + 3), report(0, whole + 3));
            (copies(&part, &whole), copies(&whole, &part))
        };
        assert_eq!(end_of(300, 600), (true, true), "half of it");
        assert_eq!(end_of(300, 601), (false, false), "less than half of it");
        // Some boilerplate may stand before it: of 30 shingles, 24 must stand among the first 120.
        let behind = |words: usize| report(1000, 1000 + words) + &report(0, 33) + &report(2000, 3000);
        assert!(copies(&report(0, 33), &behind(96)));
        assert!(!copies(&report(0, 33), &behind(97)));
    }

    #[test]
    fn similarity_is_the_same_from_both_sides() {
        let (one, two) = (places(&report(0, 53)), places(&(report(0, 28) + &report(500, 575))));
        let found = similarity(&one, &two);
        assert_eq!(found, similarity(&two, &one));
        assert_eq!((found.shorter, found.contained, found.leading), (50, 0.5, 0.5));
        assert_eq!((found.ratio, found.resemblance), (0.5, 25.0 / 125.0));
        let nothing = similarity(&Places::default(), &one);
        assert_eq!((nothing.contained, nothing.resemblance, nothing.ratio), (0.0, 0.0, 0.0));
        assert!(Places::default().is_empty() && !one.is_empty());
    }

    #[test]
    fn what_was_added_is_told() {
        let whole =
            "The minister met the crews in Port Lorn. Our paper costs less now. She spoke of new frigates there.";
        let plain = "The minister met the crews in Port Lorn. She spoke of new frigates there.";
        let added: Vec<&str> = unshared(whole, plain).into_iter().map(|range| &whole[range]).collect();
        assert_eq!(added, ["Our paper costs less now"]);
        assert!(unshared(plain, whole).is_empty());
        assert!(unshared("", "x").is_empty());
        let framed = "News — \"Read this first.\" The minister met the crews in Port Lorn. (Back to the top!)";
        let added: Vec<&str> = unshared(framed, plain).into_iter().map(|range| &framed[range]).collect();
        assert_eq!(added, ["News — \"Read this first", "Back to the top"], "at both ends, without its marks");
        let all = 0.."Nothing shared: at all".len();
        assert_eq!(unshared("Nothing shared: at all.", plain), vec![all]);
    }
}
