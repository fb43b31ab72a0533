//! Actors that appear together, a line a pair.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::article::padded;
use super::bars::spark;
use super::counts::shortened;
use super::{ACTORS, BOLD, DIM, counted};
use crate::engine::{Heading, Pair, PairsResponse};
use crate::render::text::wrap;
use crate::render::{Style, doubted, grouped, grouped_number_of};

/// Columns of the numbers.
const NUMBERS: usize = 28;
/// Below this width the names would have no room beside the numbers.
const NARROW: usize = 60;

/// Pairs with the stories that mention both in a passage, how many were expected, and the ratio of the two.
///
/// # Errors
///
/// Fails where `out` does.
pub fn pairs(response: &PairsResponse, all_copies: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let total = counted(response.total, response.copies, all_copies);
    if response.pairs.is_empty() {
        return writeln!(out, "{}", style.paint(DIM, &format!("no pairs in {total}")));
    }
    let unit = if all_copies { "articles" } else { "stories" };
    if style.width < NARROW {
        narrow(response, style, out)?;
        return end(response, &total, style, out);
    }
    let ends = response.periods.first().zip(response.periods.last());
    let span = ends.map(|(first, last)| format!("  {first} to {last}")).unwrap_or_default();
    let lines = lines(response, style.width / 3);
    let sparks = lines.first().map_or(0, |line| line.len() + 2).max(span.len());
    let name = |pair: &Pair| name(pair, response.spoken);
    let labels = response.pairs.iter().map(|pair| name(pair).width()).max().unwrap_or_default();
    let labels = labels.min(style.width.saturating_sub(NUMBERS + sparks));
    let head = format!("{} {unit:>8} {:>9} {:>8}{span}", padded("pair", labels), "expected", "ratio");
    writeln!(out, "{}", style.paint(BOLD, head.trim_end()))?;
    let most = lines.iter().flatten().copied().max().unwrap_or_default();
    for (pair, line) in response.pairs.iter().zip(lines) {
        let counts = pair.counts;
        let numbers = format!("{:>8} {:>9.1} {:>8.2}", grouped(counts.count), counts.expected, counts.ratio);
        let label = padded(&shortened(&name(pair), labels), labels);
        let marks: String = line.into_iter().map(|count| spark(count, most)).collect();
        let marks = if marks.is_empty() { marks } else { format!("  {}", style.paint(ACTORS, &marks)) };
        writeln!(out, "{label} {numbers}{marks}")?;
    }
    end(response, &total, style, out)
}

/// `France + Germany`, or of a speaker `Mark Rutte on Ukraine`.
fn name(pair: &Pair, spoken: bool) -> String {
    let between = if spoken { "on" } else { "+" };
    format!("{} {between} {}", shown(&pair.a), shown(&pair.b))
}

fn shown(heading: &Heading) -> String {
    doubted(&heading.label, heading.is_unlisted())
}

/// Each pair on a line of its own, its numbers below it.
fn narrow(response: &PairsResponse, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for pair in &response.pairs {
        for line in wrap(&name(pair, response.spoken), "", style.width, style) {
            writeln!(out, "{line}")?;
        }
        let (count, expected) = (grouped(pair.counts.count), pair.counts.expected);
        writeln!(out, "  {count}, expected {expected:.1}, ratio {:.2}", pair.counts.ratio)?;
    }
    Ok(())
}

/// How many pairs there are.
fn end(response: &PairsResponse, total: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = response.pairs.len() as u64;
    let of = if shown < response.pairs_total { format!("{} of ", grouped(shown)) } else { String::new() };
    let pairs = grouped_number_of(response.pairs_total, "pair");
    writeln!(out, "{}", style.paint(DIM, &format!("{of}{pairs} in {total}")))
}

/// The counts of each pair over time, on at most `columns` columns: more periods than that are added up in groups.
fn lines(response: &PairsResponse, columns: usize) -> Vec<Vec<u64>> {
    let together = response.periods.len().div_ceil(columns.max(1)).max(1);
    let line = |pair: &Pair| {
        let mut counts = vec![0; response.periods.len().div_ceil(together)];
        for one in &pair.periods {
            if let Ok(at) = response.periods.binary_search(&one.period) {
                counts[at / together] += one.counts.count;
            }
        }
        counts
    };
    response.pairs.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Heading, PairCount, PairPeriod};

    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_name_is_lost() {
        let heading = |label: &str| Heading { id: "body/x".into(), label: label.into() };
        let counts = PairCount { count: 1_234, expected: 1_000.5, ratio: 1.25, ..PairCount::default() };
        let (a, b) = (heading("Ministry of Defence of Alda"), heading("Defence Agency of Borduria"));
        let pair = Pair { a, b, counts, periods: Vec::new() };
        let response = PairsResponse { pairs: vec![pair], pairs_total: 1, ..PairsResponse::default() };
        for width in [40, 59, 60, 100] {
            let style = Style { colored: false, linked: false, marks: crate::render::Marks::Guillemets, width };
            let mut out = Vec::new();
            pairs(&response, false, &style, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
            assert!(width == 60 || text.contains("Borduria"), "{width}:\n{text}");
        }
    }

    #[test]
    fn periods_are_added_up_where_there_are_more_than_columns() {
        let period = |month: u32, count| PairPeriod {
            period: format!("2025-{month:02}"),
            counts: PairCount { count, ..PairCount::default() },
        };
        let heading = || Heading { id: "state/alda".into(), label: "Alda".into() };
        let periods = vec![period(1, 3), period(2, 4), period(5, 5), period(9, 9)];
        let pair = Pair { a: heading(), b: heading(), counts: PairCount::default(), periods };
        let response = PairsResponse {
            pairs: vec![pair],
            periods: (1..=5).map(|month| format!("2025-{month:02}")).collect(),
            ..PairsResponse::default()
        };
        assert_eq!(lines(&response, 5), [[3, 4, 0, 0, 5]]);
        assert_eq!(lines(&response, 3), [[7, 0, 5]], "two months a column; a month outside is left out");
    }
}
