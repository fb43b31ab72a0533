//! Counts by facet, with bars.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::article::padded;
use super::bars::{bar, spark};
use super::{ACTORS, BOLD, DIM, counted};
use crate::engine::{Facet, FacetCount, FacetResponse, FacetRest};
use crate::render::{Style, clean, doubted, grouped, grouped_number_of};

/// The most columns that a label can take.
const LABEL: usize = 44;
/// Columns of the longest bar, at least and at most.
const BAR: (usize, usize) = (8, 40);

/// Counts, one block a facet, with bars.
///
/// # Errors
///
/// Fails where `out` does.
pub fn facets(response: &FacetResponse, all_copies: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if response.total == 0 && response.counts.values().all(Vec::is_empty) {
        return Ok(());
    }
    for (facet, counts) in &response.counts {
        let weighed = counts.iter().any(|count| count.weight.is_some());
        let head =
            if weighed { format!("{} by weight, not by stories", name(*facet)) } else { name(*facet).to_owned() };
        writeln!(out, "{}", style.paint(BOLD, &head))?;
        if facet.is_time() && counts.len() > ROWS {
            calendar(*facet, counts, style, out)?;
        } else {
            block(counts, style, out)?;
        }
        if counts.is_empty() {
            writeln!(out, "  none")?;
        }
        let left = left_out(*facet, response.rest.get(facet).copied().unwrap_or_default());
        if !left.is_empty() {
            writeln!(out, "  {}", style.paint(DIM, &left))?;
        }
    }
    writeln!(out, "{}", style.paint(DIM, &counted(response.total, response.copies, all_copies)))
}

/// A facet of time with more values than this is printed as sparklines instead of bars.
const ROWS: usize = 36;

/// A sparkline for each year; for days one for each month, for years one for each ten. Every period has its own column,
/// so those of one line stand under those of another.
fn calendar(facet: Facet, counts: &[FacetCount], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let most = counts.iter().map(|count| count.count).max().unwrap_or_default();
    let key = |count: &FacetCount| count.value.rsplit_once('-').map_or("", |(key, _)| key).to_owned();
    let total = |line: &[FacetCount]| line.iter().map(|count| count.count).sum::<u64>();
    let lines: Vec<&[FacetCount]> = if facet == Facet::Year {
        counts.chunks(10).collect()
    } else {
        counts.chunk_by(|a, b| key(a) == key(b)).collect()
    };
    let numbers = lines.iter().map(|line| grouped(total(line)).len()).max().unwrap_or_default();
    for line in lines {
        let Some(first) = line.first() else { continue };
        let name = if facet == Facet::Year { first.value.clone() } else { key(first) };
        let number = first.value.rsplit(['-', 'W', 'Q']).next().and_then(|number| number.parse::<usize>().ok());
        let before = if facet == Facet::Year { 0 } else { number.unwrap_or(1).clamp(1, 60) - 1 };
        let sparks: String = line.iter().map(|count| spark(count.count, most)).collect();
        let sparks = style.paint(ACTORS, &sparks);
        writeln!(out, "  {name} {:>numbers$} {}{sparks}", grouped(total(line)), " ".repeat(before))?;
    }
    writeln!(out, "  {}", style.paint(DIM, &format!("█ is {}", grouped(most))))
}

/// What the counts of a facet leave out.
fn left_out(facet: Facet, rest: FacetRest) -> String {
    let mut left: Vec<String> = Vec::new();
    match rest.values {
        Some(0) => {}
        Some(values) => {
            left.push(format!("{} more, counted {}", grouped(values), grouped_number_of(rest.count, "time")))
        }
        None => left.push(format!("more, counted {}", grouped_number_of(rest.count, "time"))),
    }
    if rest.without > 0 {
        let what = if facet.is_time() { "date" } else { name(facet) };
        left.push(format!("{} with no {what}", grouped(rest.without)));
    }
    left.join("; ")
}

/// A line for each count: label, number, bar, and the value where it says more than the label and there is room.
fn block(counts: &[FacetCount], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let most = counts.iter().map(FacetCount::amount).max().unwrap_or_default();
    let widest = |text: &dyn Fn(&FacetCount) -> usize| counts.iter().map(text).max().unwrap_or_default();
    let labels = widest(&|count| doubted(&count.label, count.unlisted).width()).min(LABEL).min(style.width / 2);
    let numbers = widest(&|count| figure(count).len());
    let values = widest(&|count| value(count).width());
    let room = style.width.saturating_sub(2 + labels + 1 + numbers + 1);
    let with_values = room > values + BAR.0 && values > 0;
    let columns = if with_values { room - values - 1 } else { room }.clamp(BAR.0, BAR.1);
    for count in counts {
        let label = padded(&shortened(&doubted(&count.label, count.unlisted), labels), labels);
        let bar = bar(count.amount(), most, columns);
        let value = if with_values { style.paint(DIM, &clean(&value(count))) } else { String::new() };
        let bar = style.paint(ACTORS, &bar) + &" ".repeat(columns - bar.width());
        let line = format!("  {label} {:>numbers$} {bar} {value}", figure(count));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The number that is counted: stories, or the sum of weights.
pub(crate) fn figure(count: &FacetCount) -> String {
    count.weight.map_or_else(|| grouped(count.count), |weight| format!("{weight:.1}"))
}

/// The value, unless the label contains it already, and its surprise, if that was counted.
fn value(count: &FacetCount) -> String {
    let said = count.label.strip_prefix(&count.value).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("));
    let value = if said { "" } else { &count.value };
    match (count.surprise, count.in_index) {
        (Some(times), Some(all)) => format!("{times:.1} times its share of the index ({}) {value}", grouped(all)),
        _ => value.to_owned(),
    }
}

/// Text cut to at most this many columns, with an ellipsis where it was cut.
pub(crate) fn shortened(text: &str, columns: usize) -> String {
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
        Facet::Speaker => "speakers",
        Facet::Affiliation => "affiliations",
        Facet::System => "systems",
        Facet::Event => "events",
        Facet::Topic => "topics",
        Facet::Outlet => "outlets",
        Facet::Language => "languages",
        Facet::Place => "places",
        Facet::Doubt => "doubts",
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
    use crate::render::Marks;

    fn count(value: &str, label: &str, count: u64) -> FacetCount {
        FacetCount::new(value.to_owned(), label.to_owned(), count)
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_numbers_stand_under_each_other() {
        let counts = [
            count("body/alda-defence-equipment-and-support-agency", &"A very long name ".repeat(5), 12_345),
            count("state/日本", "日本", 7),
        ];
        for width in [40, 60, 80, 100, 160] {
            let style = Style { colored: false, linked: false, marks: Marks::Guillemets, width };
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
    fn many_months_are_a_line_for_each_year() {
        let month = |n: u64| format!("{}-{:02}", 2020 + (n + 2) / 12, (n + 2) % 12 + 1);
        let counts: Vec<FacetCount> = (0..40).map(|n| count(&month(n), &month(n), n % 5)).collect();
        let style = Style { colored: false, linked: false, marks: Marks::Guillemets, width: 80 };
        let mut out = Vec::new();
        calendar(Facet::Month, &counts, &style, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "  2020 20   ·▂▄▆█·▂▄▆█\n  2021 21 ·▂▄▆█·▂▄▆█·▂\n  2022 25 ▄▆█·▂▄▆█·▂▄▆\n  2023 14 █·▂▄▆█\n  █ is 4\n"
        );
    }

    #[test]
    fn labels_are_cut_between_characters() {
        assert_eq!(shortened("国防省の報告", 6), "国防…");
        assert_eq!(shortened("short", 5), "short");
    }
}
