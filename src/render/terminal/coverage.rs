//! What came in from each source by period, and where a source failed or was not asked.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::article::padded;
use super::bars::spark;
use super::counts::shortened;
use super::timeline::{LABEL, Layout, axis};
use super::{ACTORS, DIM};
use crate::engine::TimelineResponse;
use crate::render::text::wrap;
use crate::render::{Style, clean, grouped};

/// Whether a source answered in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// It was not followed yet.
    Before,
    /// It did.
    None,
    /// It did, and failed at other times.
    Partly,
    /// It was not asked.
    Silent,
    /// It was asked, and failed.
    Failed,
}

impl Gap {
    /// The mark of a period without articles.
    pub(crate) fn mark(self) -> char {
        match self {
            Self::Before => ' ',
            Self::None => '·',
            Self::Partly => '!',
            Self::Silent => '-',
            Self::Failed => '×',
        }
    }
}

/// A line for each series of a timeline, with its gaps and what is said of them.
///
/// # Errors
///
/// Fails where `out` does.
pub fn coverage(
    response: &TimelineResponse,
    gaps: &[(Vec<Gap>, String)],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (Some(first), Some(last)) = (response.periods.first(), response.periods.last()) else { return Ok(()) };
    let labels = response.series.iter().map(|row| clean(&row.label).width()).max().unwrap_or_default();
    let labels = labels.min(LABEL).min(style.width / 3);
    let numbers = response.series.iter().map(|row| grouped(row.total).len()).max().unwrap_or_default();
    let layout = Layout::of(response.periods.len(), style.width.saturating_sub(labels + numbers + 4));
    let most = response.series.iter().flat_map(|row| layout.marks(&row.counts)).max().unwrap_or_default();
    let width = layout.marks(&response.all).len() * layout.wide;
    writeln!(out, "{}{}", " ".repeat(labels + numbers + 2), style.paint(DIM, &axis(first, last, width)))?;
    for (row, (gaps, told)) in response.series.iter().zip(gaps) {
        let counts = layout.marks(&row.counts);
        let worst = gaps.chunks(layout.together).map(|some| some.iter().max().copied().unwrap_or(Gap::None));
        let marks =
            counts.iter().zip(worst).map(|(count, gap)| if *count > 0 { spark(*count, most) } else { gap.mark() });
        let marks: String = marks.flat_map(|mark| [mark].repeat(layout.wide)).collect();
        let label = padded(&shortened(&clean(&row.label), labels), labels);
        let line = format!("{label} {:>numbers$} {}", grouped(row.total), style.paint(ACTORS, &marks));
        writeln!(out, "{}", line.trim_end())?;
        if !told.is_empty() {
            for line in wrap(told, DIM, style.width.saturating_sub(labels + numbers + 2), style) {
                writeln!(out, "{}{line}", " ".repeat(labels + numbers + 2))?;
            }
        }
    }
    let together = if layout.together > 1 { format!("a mark is {} periods; ", layout.together) } else { String::new() };
    let unit = crate::number::number_of(most, "article");
    let legend = format!("{together}█ is {unit}; · nothing came; ! failed at times; × failed; - not asked");
    for line in wrap(&legend, DIM, style.width, style) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
