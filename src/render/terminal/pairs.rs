//! Actors that appear together, a line a pair.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::article::padded;
use super::bars::spark;
use super::counts::shortened;
use super::{ACTORS, BOLD, DIM, counted};
use crate::engine::{Pair, PairsResponse};
use crate::render::{Style, clean, grouped};

/// Columns of the numbers.
const NUMBERS: usize = 28;

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
    let periods = periods(response);
    let name = |pair: &Pair| format!("{} + {}", clean(&pair.a.label), clean(&pair.b.label));
    let sparks = periods.len().min(style.width / 3);
    let room = style.width.saturating_sub(NUMBERS + if sparks > 0 { sparks + 2 } else { 0 });
    let labels = response.pairs.iter().map(|pair| name(pair).width()).max().unwrap_or_default().min(room);
    let most = response.pairs.iter().flat_map(|pair| &pair.periods).map(|one| one.counts.count).max().unwrap_or(0);
    let span = periods.first().zip(periods.last()).map(|(first, last)| format!("  {first} to {last}"));
    let head =
        format!("{} {unit:>8} {:>9} {:>8}{}", padded("pair", labels), "expected", "ratio", span.unwrap_or_default());
    writeln!(out, "{}", style.paint(BOLD, &head))?;
    for pair in &response.pairs {
        let counts = pair.counts;
        let numbers = format!("{:>8} {:>9.1} {:>8.2}", grouped(counts.count), counts.expected, counts.ratio);
        let label = padded(&shortened(&name(pair), labels), labels);
        let line: String = periods
            .chunks(periods.len().div_ceil(sparks.max(1)).max(1))
            .map(|chunk| {
                let inside = pair.periods.iter().filter(|one| chunk.contains(&one.period.as_str()));
                spark(inside.map(|one| one.counts.count).sum(), most)
            })
            .collect();
        let line = if line.is_empty() { line } else { format!("  {}", style.paint(ACTORS, &line)) };
        writeln!(out, "{label} {numbers}{line}")?;
    }
    let shown = response.pairs.len() as u64;
    let of = if shown < response.pairs_total { format!("{} of ", grouped(shown)) } else { String::new() };
    let noun = if response.pairs_total == 1 { "pair" } else { "pairs" };
    writeln!(out, "{}", style.paint(DIM, &format!("{of}{} {noun} in {total}", grouped(response.pairs_total))))
}

/// The stretches of time in which any of the pairs was found, in order.
fn periods(response: &PairsResponse) -> Vec<&str> {
    let mut periods: Vec<&str> =
        response.pairs.iter().flat_map(|pair| &pair.periods).map(|one| one.period.as_str()).collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}
