//! Counts by facet, with bars.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::article::padded;
use super::bars::bar;
use super::{BOLD, DIM, counted};
use crate::engine::{Facet, FacetCount, FacetResponse, FacetRest};
use crate::render::{Style, clean, grouped};

/// Columns that a label may take.
const LABEL: usize = 44;
/// Columns of the longest bar, at least and at most.
const BAR: (usize, usize) = (8, 40);

/// Counts, one block a facet, with bars.
///
/// # Errors
///
/// Fails where `out` does.
pub fn facets(response: &FacetResponse, all_copies: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (facet, counts) in &response.counts {
        writeln!(out, "{}", style.paint(BOLD, name(*facet)))?;
        block(counts, style, out)?;
        let left = left_out(response.rest.get(facet).copied().unwrap_or_default());
        if !left.is_empty() {
            writeln!(out, "  {}", style.paint(DIM, &left))?;
        }
    }
    writeln!(out, "{}", style.paint(DIM, &counted(response.total, response.copies, all_copies)))
}

/// What the counts of a facet leave out.
fn left_out(rest: FacetRest) -> String {
    let mut left: Vec<String> = Vec::new();
    if rest.values > 0 {
        left.push(format!("{} more, counted {} times", grouped(rest.values), grouped(rest.count)));
    }
    if rest.without > 0 {
        left.push(format!("{} with none", grouped(rest.without)));
    }
    left.join("; ")
}

/// A line for each count: label, number, bar, and the value where it says more than the label and there is room.
fn block(counts: &[FacetCount], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let most = counts.iter().map(|count| count.count).max().unwrap_or_default();
    let widest = |text: &dyn Fn(&FacetCount) -> usize| counts.iter().map(text).max().unwrap_or_default();
    let labels = widest(&|count| clean(&count.label).width()).min(LABEL).min(style.width / 2);
    let numbers = widest(&|count| grouped(count.count).len());
    let values = widest(&|count| value(count).width());
    let room = style.width.saturating_sub(2 + labels + 1 + numbers + 1);
    let with_values = room > values + BAR.0 && values > 0;
    let columns = if with_values { room - values - 1 } else { room }.clamp(BAR.0, BAR.1);
    for count in counts {
        let label = padded(&shortened(&clean(&count.label), labels), labels);
        let bar = bar(count.count, most, columns);
        let value = if with_values { style.paint(DIM, &clean(&value(count))) } else { String::new() };
        let line = format!("  {label} {:>numbers$} {} {value}", grouped(count.count), padded(&bar, columns));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The value, where the label does not say it, and how surprising it is, where that was asked for.
fn value(count: &FacetCount) -> String {
    let said = count.label.strip_prefix(&count.value).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("));
    let value = if said { "" } else { &count.value };
    match (count.surprise, count.in_index) {
        (Some(times), Some(all)) => format!("{times:.1} times its share of the index ({}) {value}", grouped(all)),
        _ => value.to_owned(),
    }
}

/// Text in at most so many columns, with an ellipsis where some is left out.
pub(super) fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or_default();
        used <= columns
    });
    kept.chain(['…']).collect()
}

pub(crate) fn name(facet: Facet) -> &'static str {
    match facet {
        Facet::Actor => "actors",
        Facet::Affiliation => "affiliations",
        Facet::Topic => "topics",
        Facet::Outlet => "outlets",
        Facet::Language => "languages",
        Facet::Place => "places",
        Facet::Day => "days",
        Facet::Week => "weeks",
        Facet::Month => "months",
        Facet::Quarter => "quarters",
        Facet::Year => "years",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(value: &str, label: &str, count: u64) -> FacetCount {
        FacetCount { value: value.to_owned(), label: label.to_owned(), count, in_index: None, surprise: None }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_numbers_stand_under_each_other() {
        let counts = [
            count("body/alda-defence-equipment-and-support-agency", &"A very long name ".repeat(5), 12_345),
            count("state/日本", "日本", 7),
        ];
        for width in [40, 60, 80, 100, 160] {
            let style = Style { colored: false, linked: false, width };
            let mut out = Vec::new();
            block(&counts, &style, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.iter().all(|line| line.width() <= width), "{width}:\n{text}");
            let ends: Vec<usize> = lines
                .iter()
                .zip(["12,345", "7"])
                .map(|(line, n)| line[..line.find(n).unwrap() + n.len()].width())
                .collect();
            assert_eq!(ends[0], ends[1], "{text}");
        }
    }

    #[test]
    fn labels_are_cut_between_characters() {
        assert_eq!(shortened("国防省の報告", 6), "国防…");
        assert_eq!(shortened("short", 5), "short");
    }
}
