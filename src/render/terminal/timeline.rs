//! Small multiples: a sparkline for each value over the same periods, all on one scale.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::article::padded;
use super::bars::spark;
use super::counts::shortened;
use super::{ACTORS, BOLD, DIM, counted};
use crate::engine::{Series, TimelineResponse};
use crate::render::text::wrap;
use crate::render::{Style, doubted, grouped};

/// The most columns that a label can take.
pub(super) const LABEL: usize = 36;
/// Below this width the periods with most are left out.
const NARROW: usize = 60;
/// The mark below a period in which sources failed or were not asked.
const GAP: char = '×';
/// The most columns that one period can take.
const WIDE: usize = 3;

/// How periods are laid out on columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Periods that share a mark.
    pub(super) together: usize,
    /// Columns of a mark.
    pub(super) wide: usize,
}

impl Layout {
    pub(super) fn of(periods: usize, columns: usize) -> Self {
        let columns = columns.max(1);
        Self { together: periods.div_ceil(columns).max(1), wide: (columns / periods.max(1)).clamp(1, WIDE) }
    }

    pub(super) fn marks(self, counts: &[u64]) -> Vec<u64> {
        counts.chunks(self.together).map(|chunk| chunk.iter().sum()).collect()
    }
}

/// A timeline: a line for all articles and one for each value, with its total and the period that has the most.
///
/// # Errors
///
/// Fails where `out` does.
pub fn timeline(response: &TimelineResponse, all_copies: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let total = counted(response.total, response.copies, all_copies);
    let (Some(first), Some(last)) = (response.periods.first(), response.periods.last()) else {
        let dated = if response.total == 0 { "nothing found".to_owned() } else { format!("{total}, none with a date") };
        return writeln!(out, "{}", style.paint(DIM, &dated));
    };
    let whole = Series {
        value: String::new(),
        label: "all".into(),
        unlisted: false,
        total: response.total,
        counts: response.all.clone(),
    };
    let rows = || std::iter::once(&whole).chain(&response.series);
    let labels = rows().map(|row| doubted(&row.label, row.unlisted).width()).max().unwrap_or_default();
    let labels = labels.min(LABEL).min(style.width / 3);
    let numbers = rows().map(|row| grouped(row.total).len()).max().unwrap_or_default();
    // On a narrow terminal the marks need the room.
    let with_peaks = style.width >= NARROW;
    let peaks = rows().filter(|_| with_peaks).map(|row| peak(row, &response.periods).width()).max().unwrap_or_default();
    let columns = style.width.saturating_sub(labels + numbers + peaks + 4);
    let layout = Layout::of(response.periods.len(), columns);
    let most = response.series.iter().flat_map(|row| layout.marks(&row.counts)).max().unwrap_or_default();
    let gaps = if response.gaps.is_empty() { Vec::new() } else { layout.marks(&response.gaps) };
    let gap = |at: usize| gaps.get(at).is_some_and(|days| *days > 0);
    let line = |row: &Series, most: u64, code: &str| {
        let sparks = layout.marks(&row.counts).into_iter().map(|n| spark(n, most).to_string().repeat(layout.wide));
        let sparks: Vec<(String, bool)> = sparks.enumerate().map(|(at, spark)| (spark, gap(at))).collect();
        let marks = sparks.chunk_by(|one, next| one.1 == next.1).map(|run| {
            let marks: String = run.iter().map(|(spark, _)| spark.as_str()).collect();
            style.paint(if run[0].1 { DIM } else { code }, &marks)
        });
        let marks: String = marks.collect();
        let label = padded(&shortened(&doubted(&row.label, row.unlisted), labels), labels);
        let peak = if with_peaks { peak(row, &response.periods) } else { String::new() };
        let (total, peak) = (grouped(row.total), style.paint(DIM, &peak));
        format!("{label} {total:>numbers$} {marks} {peak}").trim_end().to_owned()
    };
    let width = layout.marks(&response.all).len() * layout.wide;
    let axis = axis(first, last, width);
    writeln!(out, "{}{}", " ".repeat(labels + numbers + 2), style.paint(DIM, &axis))?;
    writeln!(out, "{}", line(&whole, layout.marks(&response.all).into_iter().max().unwrap_or_default(), BOLD))?;
    for row in &response.series {
        writeln!(out, "{}", line(row, most, ACTORS))?;
    }
    if !gaps.is_empty() {
        let marks: String =
            gaps.iter().flat_map(|days| [if *days > 0 { GAP } else { ' ' }].repeat(layout.wide)).collect();
        let line = format!("{}{marks}", " ".repeat(labels + numbers + 2));
        writeln!(out, "{}", style.paint(DIM, line.trim_end()))?;
    }
    for line in wrap(&legend(response, layout, most, &total), DIM, style.width, style) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The period in which a row has its highest count, in words.
fn peak(row: &Series, periods: &[String]) -> String {
    let most = row.counts.iter().copied().max().unwrap_or_default();
    let at = row.counts.iter().position(|count| *count == most && most > 0);
    at.and_then(|at| periods.get(at)).map_or(String::new(), |period| format!("most {} in {period}", grouped(most)))
}

/// The first period at the left end and the last at the right, where there is room for both.
pub(super) fn axis(first: &str, last: &str, width: usize) -> String {
    if first == last {
        return first.to_owned();
    }
    let room = width.saturating_sub(first.len() + last.len());
    if room > 0 { format!("{first}{}{last}", " ".repeat(room)) } else { format!("{first} to {last}") }
}

/// The total, the undated articles, and what a mark stands for.
fn legend(response: &TimelineResponse, layout: Layout, most: u64, total: &str) -> String {
    let mut parts = vec![total.to_owned()];
    if response.undated > 0 {
        parts.push(format!("{} without a date", grouped(response.undated)));
    }
    if layout.together > 1 {
        parts.push(format!("a mark is {} periods", layout.together));
    }
    if !response.series.is_empty() {
        parts.push(format!("the same scale below the first line, █ is {}", grouped(most)));
    }
    if !response.gaps.is_empty() {
        parts.push(format!("{GAP} sources failed or were not asked"));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Marks;

    fn response(periods: usize) -> TimelineResponse {
        let counts: Vec<u64> = (0..periods as u64).collect();
        let series = |label: &str| Series {
            value: "state/x".into(),
            label: label.into(),
            unlisted: false,
            total: 45,
            counts: counts.clone(),
        };
        TimelineResponse {
            total: 45,
            copies: 50,
            periods: (0..periods).map(|n| format!("2025-{:02}", n + 1)).collect(),
            all: counts.clone(),
            series: vec![series("Alda"), series("日本国防衛省")],
            ..TimelineResponse::default()
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_however_long_the_time() {
        for (periods, width) in [(1, 40), (99, 40), (10, 60), (10, 160), (99, 80), (1000, 100)] {
            let style = Style { colored: false, linked: false, marks: Marks::Guillemets, width };
            let mut out = Vec::new();
            timeline(&response(periods), false, &style, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.iter().all(|line| line.width() <= width), "{width}:\n{text}");
        }
    }

    #[test]
    fn a_value_is_drawn_on_the_scale_of_all_values() {
        let style = Style { colored: false, linked: false, marks: Marks::Guillemets, width: 72 };
        let mut out = Vec::new();
        timeline(&response(10), false, &style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("Alda         45 ···▁▁▁▂▂▂▃▃▃▄▄▄▄▄▄▅▅▅▆▆▆▇▇▇███ most 9 in 2025-10\n"), "{text}");
        assert!(text.starts_with("                2025-01                2025-10\n"), "{text}");
        assert!(text.contains("45 stories (50 copies); the same scale below the first line, █ is 9"), "{text}");
        // Where sources failed, the marks are grey, and a line below says it without colour.
        let thin = TimelineResponse { gaps: vec![0, 0, 4, 0, 0, 0, 0, 0, 0, 0], ..response(10) };
        let draw = |colored| {
            let mut out = Vec::new();
            timeline(&thin, false, &Style { colored, ..style }, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let text = draw(false);
        assert!(
            text.contains("\n                      ×××\n") && text.contains("; ×\nsources failed or were not asked"),
            "{text}"
        );
        assert!(draw(true).contains("\u{1b}[36m···▁▁▁\u{1b}[0m\u{1b}[2m▂▂▂\u{1b}[0m\u{1b}[36m▃▃▃"), "{:?}", draw(true));
    }
}
