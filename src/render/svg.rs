//! Counts as pictures for a report (SVG): bars, and small multiples over time, on white, with every axis labelled.
//!
//! The width of text is estimated generously, because the reader's fonts are unknown: no label may leave the picture or
//! run into its bar.

use std::io::{self, Write};

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use unicode_width::UnicodeWidthChar;

use super::{clean, doubted, grouped};
use crate::engine::{Facet, FacetCount, FacetResponse, Series, TimelineResponse};
use crate::render::terminal::{Gap, counted, figure, name};

const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const QUIET: RGBColor = RGBColor(0x66, 0x66, 0x66);
const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
/// Behind periods in which sources failed or were not asked.
const THIN: RGBColor = RGBColor(0xe6, 0xe6, 0xe6);
const BAR: RGBColor = RGBColor(0x2f, 0x66, 0x90);
const ALL: RGBColor = RGBColor(0x55, 0x55, 0x55);

/// Width of a picture, in pixels.
const WIDTH: i32 = 960;
/// Pixels left empty at the edges.
const MARGIN: i32 = 24;
/// Font size of the title, in pixels.
const TITLE: f64 = 18.0;
/// Font size of labels and names, in pixels.
const TEXT: f64 = 13.0;
/// Font size of numbers at axes and bars, in pixels.
const SMALL: f64 = 11.0;
/// Height of one bar with the space around it, in pixels.
const ROW: i32 = 22;
/// Height of one value's row of a timeline, in pixels; the row of all articles is twice as high.
const BAND: i32 = 40;
/// Height of a plot of columns over time, in pixels.
const COLUMNS: i32 = 180;
/// The most pixels that a label can take.
const LABELS: i32 = 330;
/// Pixels below a plot for tick labels and the name of the axis.
const AXIS: i32 = 52;
/// Pixels above the plots for title and total.
const HEAD: i32 = 70;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Counts by facet: a block of bars for each, or of columns where the facet is one of time. `filters` stand below the
/// title.
///
/// # Errors
///
/// Fails where `out` does.
pub fn facets(response: &FacetResponse, filters: &str, all_copies: bool, out: &mut dyn Write) -> io::Result<()> {
    let height = |facet: Facet, counts: &[FacetCount]| {
        30 + AXIS + if facet.is_time() { COLUMNS } else { counts.len() as i32 * ROW }
    };
    let total: i32 = response.counts.iter().map(|(facet, counts)| height(*facet, counts)).sum();
    let unit = if all_copies { "articles" } else { "stories" };
    draw(HEAD + total + MARGIN, out, |area| {
        head(area, &response.understood, filters, &counted(response.total, response.copies, all_copies))?;
        let mut top = HEAD;
        for (facet, counts) in &response.counts {
            if facet.is_time() {
                columns(area, top, name(*facet), unit, counts)?;
            } else {
                let weighed = counts.iter().any(|count| count.weight.is_some());
                bars(area, top, name(*facet), if weighed { "sum of weights" } else { unit }, counts)?;
            }
            top += height(*facet, counts);
        }
        Ok(())
    })
}

/// Counts over time: a row of columns for all articles on its own scale, then one for each value, these on one scale.
/// `filters` stand below the title. Periods in which sources failed or were not asked are grey, and the picture says so.
///
/// # Errors
///
/// Fails where `out` does.
pub fn timeline(response: &TimelineResponse, filters: &str, all_copies: bool, out: &mut dyn Write) -> io::Result<()> {
    let unit = if all_copies { "articles" } else { "stories" };
    let mut notes = vec![format!(
        "{unit} by time of publication (UTC); the lines of the values are on one scale, the first on its own"
    )];
    let gaps = response.gaps.iter().map(|days| if *days > 0 { Gap::Silent } else { Gap::None }).collect();
    notes.extend((!response.gaps.is_empty()).then(|| "grey: followed sources failed or were not asked".to_owned()));
    let shown = Shown {
        query: &response.understood,
        below: [&counted(response.total, response.copies, all_copies), filters].map(str::to_owned),
        gaps: vec![gaps; response.series.len() + 1],
        marked: false,
        notes,
    };
    multiples(response, &shown, out)
}

/// What came in from each source, a row of columns for each, and for each row whether the source answered.
///
/// # Errors
///
/// Fails where `out` does.
pub fn coverage(response: &TimelineResponse, gaps: &[Vec<Gap>], out: &mut dyn Write) -> io::Result<()> {
    let unit = "articles by the day (UTC) on which a source first named them; the sources are on one scale";
    let shown = Shown {
        query: "what came in from each source",
        below: [counted(response.total, response.copies, true), String::new()],
        gaps: std::iter::once(&Vec::new()).chain(gaps).cloned().collect(),
        marked: true,
        notes: vec![unit.to_owned(), "grey: ! failed at times, × failed, - not asked".to_owned()],
    };
    multiples(response, &shown, out)
}

/// What stands around rows of columns, and behind them.
struct Shown<'a> {
    query: &'a str,
    /// What stands below the title: how much there is, and the filters.
    below: [String; 2],
    /// Whether sources answered, for each row and period.
    gaps: Vec<Vec<Gap>>,
    /// Whether gaps differ from row to row, and have their marks.
    marked: bool,
    notes: Vec<String>,
}

/// Rows of columns over the same periods: one for all articles, one for each value.
fn multiples(response: &TimelineResponse, shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let further = 16 * (shown.notes.len() as i32 - 1);
    let height = HEAD + 2 * BAND + response.series.len() as i32 * BAND + AXIS + further + MARGIN;
    let whole = Series {
        value: String::new(),
        label: "all".to_owned(),
        unlisted: false,
        total: response.total,
        counts: response.all.clone(),
    };
    draw(height, out, |area| {
        head(area, shown.query, &shown.below[1], &shown.below[0])?;
        let labels = response
            .series
            .iter()
            .map(|row| measured(&doubted(&row.label, row.unlisted), TEXT))
            .max()
            .unwrap_or(0)
            .clamp(40, LABELS);
        let plot = Plot { left: MARGIN + labels + 56, right: WIDTH - MARGIN - 60, periods: response.periods.len() };
        let most = |counts: &[u64]| counts.iter().copied().max().unwrap_or_default().max(1);
        let scale = response.series.iter().map(|row| most(&row.counts)).max().unwrap_or(1);
        let mut bottom = HEAD;
        for (number, row) in std::iter::once(&whole).chain(&response.series).enumerate() {
            let (height, most, ink) = if number == 0 { (2 * BAND, most(&row.counts), ALL) } else { (BAND, scale, BAR) };
            bottom += height;
            if let Some(gaps) = shown.gaps.get(number) {
                plot.gaps(area, bottom, height - 12, gaps, shown.marked)?;
            }
            plot.band(area, bottom, height, row, most, ink)?;
        }
        plot.axis(area, bottom, &response.periods)?;
        for (number, note) in shown.notes.iter().enumerate() {
            text(area, note, (MARGIN, bottom + AXIS - 8 + 16 * number as i32), SMALL, QUIET, HPos::Left)?;
        }
        Ok(())
    })
}

/// Draws a picture of this height (pixels) on white, and writes it to `out`.
fn draw(height: i32, out: &mut dyn Write, paint: impl Fn(&Area<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut picture = String::new();
    {
        let area = SVGBackend::with_string(&mut picture, (WIDTH as u32, height as u32)).into_drawing_area();
        area.fill(&WHITE).map_err(io::Error::other)?;
        paint(&area)?;
        area.present().map_err(io::Error::other)?;
    }
    out.write_all(picture.as_bytes())?;
    if picture.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") }
}

/// The query as the title; below it the filters, as they were typed, and how much was found.
fn head(area: &Area<'_>, query: &str, filters: &str, total: &str) -> io::Result<()> {
    let query = if query.trim().is_empty() { "all articles" } else { query };
    text(area, &shortened(query, TITLE, WIDTH - 2 * MARGIN), (MARGIN, 30), TITLE, INK, HPos::Left)?;
    let below = if filters.is_empty() { total.to_owned() } else { format!("{total} · {}", clean(filters)) };
    text(area, &shortened(&below, TEXT, WIDTH - 2 * MARGIN), (MARGIN, 52), TEXT, QUIET, HPos::Left)
}

/// A block of bars with its name, its values and an axis of numbers.
fn bars(area: &Area<'_>, top: i32, name: &str, unit: &str, counts: &[FacetCount]) -> io::Result<()> {
    let labels = counts
        .iter()
        .map(|count| measured(&doubted(&count.label, count.unlisted), TEXT))
        .max()
        .unwrap_or(0)
        .clamp(40, LABELS);
    let (left, right) = (MARGIN + labels + 10, WIDTH - MARGIN - 60);
    let length = |count: &FacetCount| count.weight.map_or(count.count, |weight| weight.round() as u64);
    let most = counts.iter().map(length).max().unwrap_or_default().max(1);
    let (first, bottom) = (top + 30, top + 30 + counts.len() as i32 * ROW);
    let x = |value: u64| left + along(value, most, right - left);
    text(area, name, (MARGIN, top + 14), TEXT, INK, HPos::Left)?;
    for tick in ticks(most) {
        line(area, (x(tick), first), (x(tick), bottom + 4), GRID)?;
        text(area, &grouped(tick), (x(tick), bottom + 14), SMALL, QUIET, HPos::Center)?;
    }
    text(area, unit, ((left + right) / 2, bottom + 32), SMALL, QUIET, HPos::Center)?;
    for (number, count) in counts.iter().enumerate() {
        let y = first + number as i32 * ROW;
        let label = shortened(&doubted(&count.label, count.unlisted), TEXT, labels);
        text(area, &label, (left - 8, y + ROW / 2), TEXT, INK, HPos::Right)?;
        block(area, (left, y + 4), (x(length(count)), y + ROW - 4), BAR)?;
        text(area, &figure(count), (x(length(count)) + 6, y + ROW / 2), SMALL, QUIET, HPos::Left)?;
    }
    line(area, (left, first), (left, bottom), QUIET)
}

/// A block of columns over time with its name and both axes.
fn columns(area: &Area<'_>, top: i32, name: &str, unit: &str, counts: &[FacetCount]) -> io::Result<()> {
    let plot = Plot { left: MARGIN + 60, right: WIDTH - MARGIN - 60, periods: counts.len() };
    let (bottom, numbers) = (top + 30 + COLUMNS, counts.iter().map(|count| count.count).collect::<Vec<u64>>());
    let most = numbers.iter().copied().max().unwrap_or_default().max(1);
    text(area, &format!("{name} of publication (UTC), {unit}"), (MARGIN, top + 14), TEXT, INK, HPos::Left)?;
    plot.scale(area, bottom, COLUMNS - 12, ticks(most), most)?;
    plot.columns(area, bottom, COLUMNS - 12, &numbers, most, BAR)?;
    plot.axis(area, bottom, &counts.iter().map(|count| count.value.clone()).collect::<Vec<_>>())
}

/// Where columns over time stand: the left and right edge in pixels, and the number of periods between them.
struct Plot {
    left: i32,
    right: i32,
    periods: usize,
}

impl Plot {
    fn x(&self, period: usize) -> i32 {
        self.left + along(period as u64, self.periods.max(1) as u64, self.right - self.left)
    }

    /// One row: label, scale, columns, total. It ends `bottom` pixels below the top and is `height` pixels high.
    fn band(
        &self,
        area: &Area<'_>,
        bottom: i32,
        height: i32,
        row: &Series,
        most: u64,
        ink: RGBColor,
    ) -> io::Result<()> {
        let room = height - 12;
        let middle = bottom - room / 2;
        let label = shortened(&doubted(&row.label, row.unlisted), TEXT, self.left - 56 - MARGIN);
        text(area, &label, (self.left - 56, middle), TEXT, INK, HPos::Right)?;
        self.scale(area, bottom, room, [0, most], most)?;
        self.columns(area, bottom, room, &row.counts, most, ink)?;
        text(area, &grouped(row.total), (self.right + 8, middle), TEXT, QUIET, HPos::Left)
    }

    /// The periods in which a source did not answer: grey, and with a mark where there is room for one.
    fn gaps(&self, area: &Area<'_>, bottom: i32, room: i32, gaps: &[Gap], marked: bool) -> io::Result<()> {
        for (period, gap) in gaps.iter().enumerate().filter(|(_, gap)| **gap > Gap::None) {
            let (from, to) = (self.x(period), self.x(period + 1));
            block(area, (from, bottom - room), (to.max(from + 1), bottom), THIN)?;
            if marked && to - from >= 8 {
                let mark = gap.mark().to_string();
                text(area, &mark, ((from + to) / 2, bottom - room / 2), SMALL, QUIET, HPos::Center)?;
            }
        }
        Ok(())
    }

    /// Horizontal lines at `values`, each with its number to the left.
    fn scale(
        &self,
        area: &Area<'_>,
        bottom: i32,
        room: i32,
        values: impl IntoIterator<Item = u64>,
        most: u64,
    ) -> io::Result<()> {
        for value in values {
            let y = bottom - along(value, most, room);
            line(area, (self.left, y), (self.right, y), GRID)?;
            text(area, &grouped(value), (self.left - 6, y), SMALL, QUIET, HPos::Right)?;
        }
        Ok(())
    }

    fn columns(
        &self,
        area: &Area<'_>,
        bottom: i32,
        room: i32,
        counts: &[u64],
        most: u64,
        ink: RGBColor,
    ) -> io::Result<()> {
        for (period, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (from, to) = (self.x(period), self.x(period + 1));
            let gap = i32::from(to - from > 3);
            let y = bottom - along(*count, most, room).max(1);
            block(area, (from, y), ((to - gap).max(from + 1), bottom), ink)?;
        }
        Ok(())
    }

    /// The names of periods below the last row, as many as fit without touching.
    fn axis(&self, area: &Area<'_>, bottom: i32, periods: &[String]) -> io::Result<()> {
        let widest = periods.iter().map(|period| measured(period, SMALL)).max().unwrap_or(1) + 14;
        let fit = ((self.right - self.left) / widest.max(1)).max(1) as usize;
        for (number, period) in periods.iter().enumerate().step_by(periods.len().div_ceil(fit).max(1)) {
            let x = (self.x(number) + self.x(number + 1)) / 2;
            line(area, (x, bottom), (x, bottom + 4), QUIET)?;
            text(area, period, (x, bottom + 16), SMALL, QUIET, HPos::Center)?;
        }
        Ok(())
    }
}

/// The length of `value` in pixels, on a scale where `most` is `pixels` long.
fn along(value: u64, most: u64, pixels: i32) -> i32 {
    (value.min(most) as f64 / most.max(1) as f64 * f64::from(pixels)).round() as i32
}

/// Ticks from 0 to `most` in steps of 1, 2 or 5 times a power of ten; at most eight of them.
fn ticks(most: u64) -> impl Iterator<Item = u64> {
    let steps = (0..19).flat_map(|power| [1, 2, 5].map(|digit| digit * 10u64.pow(power)));
    let step = steps.into_iter().find(|step| most / step <= 7).unwrap_or(u64::MAX);
    (0..=most / step).map(move |number| number * step)
}

/// Estimated width of text in pixels, rather too wide than too narrow.
fn measured(text: &str, size: f64) -> i32 {
    let em: f64 = text.chars().map(|c| if c.width() == Some(2) { 1.05 } else { 0.62 }).sum();
    (em * size).ceil() as i32
}

/// Text cut to at most this many pixels, with an ellipsis where it was cut.
fn shortened(text: &str, size: f64, pixels: i32) -> String {
    if measured(text, size) <= pixels {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if measured(&kept, size) + size as i32 > pixels {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    kept
}

fn text(area: &Area<'_>, what: &str, at: (i32, i32), size: f64, ink: RGBColor, anchor: HPos) -> io::Result<()> {
    let style = ("sans-serif", size).into_font().color(&ink).pos(Pos::new(anchor, VPos::Center));
    area.draw(&Text::new(clean(what).replace(char::is_control, " "), at, style)).map_err(io::Error::other)
}

fn line(area: &Area<'_>, from: (i32, i32), to: (i32, i32), ink: RGBColor) -> io::Result<()> {
    area.draw(&PathElement::new(vec![from, to], ink)).map_err(io::Error::other)
}

fn block(area: &Area<'_>, from: (i32, i32), to: (i32, i32), ink: RGBColor) -> io::Result<()> {
    area.draw(&Rectangle::new([from, to], ink.filled())).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        for most in [1, 2, 7, 8, 71, 999, 1_482, 1_000_000, u64::MAX] {
            let all: Vec<u64> = ticks(most).collect();
            assert!((1..=8).contains(&all.len()), "{most}: {all:?}");
            assert!(all.iter().all(|tick| *tick <= most));
        }
        assert_eq!(ticks(71).collect::<Vec<_>>(), [0, 10, 20, 30, 40, 50, 60, 70]);
    }

    /// Every text of a picture, with the pixels at which it can begin and end.
    fn texts(picture: &str) -> Vec<(String, f64, f64)> {
        let document = roxmltree::Document::parse(picture).unwrap();
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts
            .map(|node| {
                let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
                let what = node.text().unwrap().trim().to_owned();
                let wide = f64::from(measured(&what, number("font-size")));
                let start = match node.attribute("text-anchor").unwrap() {
                    "end" => number("x") - wide,
                    "middle" => number("x") - wide / 2.0,
                    _ => number("x"),
                };
                (what, start, start + wide)
            })
            .collect()
    }

    /// Left edge and width of every rectangle but the ground, in the order in which they are drawn.
    fn rectangles(picture: &str) -> Vec<(f64, f64)> {
        let document = roxmltree::Document::parse(picture).unwrap();
        let number = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let all = document.descendants().filter(|node| node.has_tag_name("rect"));
        all.skip(1).map(|node| (number(&node, "x"), number(&node, "width"))).collect()
    }

    #[test]
    fn bars_begin_on_one_line_and_are_as_long_as_their_counts() {
        let count = |label: &str, count| {
            let (value, label) = (label.to_owned(), label.to_owned());
            FacetCount::new(value, label, count)
        };
        let counts = vec![count("Alda", 40), count("Borduria", 20), count("Syldavia", 10)];
        let counts = [(Facet::Actor, counts)].into();
        let mut out = Vec::new();
        facets(&FacetResponse { total: 70, copies: 70, counts, ..FacetResponse::default() }, "", false, &mut out)
            .unwrap();
        let bars = rectangles(&String::from_utf8(out).unwrap());
        let [(left, longest), (_, half), (_, quarter)] = bars[..] else { panic!("{bars:?}") };
        assert!(bars.iter().all(|(x, _)| *x == left), "{bars:?}");
        assert!(longest > f64::from(WIDTH) / 2.0, "{bars:?}");
        assert!((longest / 2.0 - half).abs() <= 1.0 && (longest / 4.0 - quarter).abs() <= 1.0, "{bars:?}");
    }

    #[test]
    fn no_text_leaves_the_picture_and_no_title_becomes_markup() {
        let count = |label: &str, count| {
            let (value, label) = (label.to_owned(), label.to_owned());
            FacetCount::new(value, label, count)
        };
        let hostile = "<script>alert('x')</script> & \"co\" \u{202e}abc";
        let long = "Committee of the Very Long Names of Ministries ".repeat(4);
        let counts = vec![count(hostile, 12_345), count(&long, 7), count(&"国防".repeat(40), 0)];
        let response = FacetResponse {
            total: 1,
            copies: 1,
            understood: format!("{hostile} {long}"),
            counts: [(Facet::Actor, counts)].into(),
            ..FacetResponse::default()
        };
        let mut out = Vec::new();
        facets(&response, &format!("--outlet '{hostile}' {long}"), false, &mut out).unwrap();
        let picture = String::from_utf8(out).unwrap();
        assert!(!picture.contains("<script"), "{picture}");
        let texts = texts(&picture);
        assert!(
            texts.iter().any(|(what, ..)| what.starts_with("<script>alert('x')</script> & \"co\" abc")),
            "{texts:?}"
        );
        assert!(texts.iter().any(|(what, ..)| what.starts_with("1 story · --outlet '<script>")), "{texts:?}");
        for (what, start, end) in texts {
            assert!(start >= 0.0 && end <= f64::from(WIDTH), "{what}: {start} to {end}");
        }
    }

    #[test]
    fn columns_stand_apart_only_where_there_is_room() {
        let gaps = |periods: usize| {
            let names = (0..periods).map(|day| day.to_string()).collect();
            let response = TimelineResponse { periods: names, all: vec![1; periods], ..TimelineResponse::default() };
            let mut out = Vec::new();
            timeline(&response, "--actor alda", false, &mut out).unwrap();
            let drawn = rectangles(&String::from_utf8(out).unwrap());
            drawn.windows(2).map(|two| two[1].0 - two[0].0 - two[0].1).collect::<Vec<_>>()
        };
        for (periods, gap) in [(20, 1.0), (260, 0.0)] {
            let found = gaps(periods);
            assert_eq!(found, vec![gap; periods - 1], "{periods}");
        }
    }

    fn row(label: &str, counts: &[u64]) -> Series {
        Series {
            unlisted: false,
            value: label.to_owned(),
            label: label.to_owned(),
            total: counts.iter().sum(),
            counts: counts.to_vec(),
        }
    }

    #[test]
    fn a_timeline_is_well_formed_and_its_columns_are_its_counts() {
        let response = TimelineResponse {
            total: 9,
            copies: 9,
            periods: (1..=12).map(|month| format!("2025-{month:02}")).collect(),
            all: vec![1; 12],
            series: vec![row("Alda", &[0, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]), row("Borduria", &[0; 12])],
            ..TimelineResponse::default()
        };
        let mut out = Vec::new();
        timeline(&response, "--actor alda", false, &mut out).unwrap();
        let picture = String::from_utf8(out).unwrap();
        let document = roxmltree::Document::parse(&picture).unwrap();
        let columns = document.descendants().filter(|node| node.has_tag_name("rect")).count();
        assert_eq!(columns, 1 + 12 + 3, "the ground, all articles, three months of Alda");
        let drawn = rectangles(&picture);
        for two in drawn[..12].windows(2) {
            assert_eq!(two[0].0 + two[0].1 + 1.0, two[1].0, "a pixel lies between two columns: {drawn:?}");
        }
        let texts = texts(&picture);
        assert!(texts.iter().all(|(_, start, end)| *start >= 0.0 && *end <= f64::from(WIDTH)), "{texts:?}");
        assert!(texts.iter().any(|(what, ..)| what == "9 stories · --actor alda"), "{texts:?}");
        assert!(texts.iter().any(|(what, ..)| what == "2025-12") || texts.iter().any(|(what, ..)| what == "2025-01"));
    }

    #[test]
    fn periods_in_which_sources_failed_are_grey_and_the_picture_says_so() {
        let response = TimelineResponse {
            periods: (1..=4).map(|day| format!("2026-03-0{day}")).collect(),
            all: vec![1, 0, 0, 1],
            gaps: vec![0, 1, 1, 0],
            series: vec![row("harbour", &[1, 0, 0, 0]), row("quay", &[0, 0, 0, 1])],
            ..TimelineResponse::default()
        };
        let drawn = |write: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
            let mut out = Vec::new();
            write(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let picture = drawn(&|out| timeline(&response, "", false, out));
        assert_eq!(picture.matches("#E6E6E6").count(), 2 * 3, "two days behind three rows: {picture}");
        assert!(picture.contains("grey: followed sources failed or were not asked"), "{picture}");
        let whole = TimelineResponse { gaps: Vec::new(), ..response.clone() };
        let picture = drawn(&|out| timeline(&whole, "", false, out));
        assert!(!picture.contains("grey") && !picture.contains("#E6E6E6"), "{picture}");
        let gaps = [
            vec![Gap::None, Gap::Failed, Gap::Silent, Gap::None],
            vec![Gap::Before, Gap::None, Gap::Partly, Gap::None],
        ];
        let picture = drawn(&|out| coverage(&response, &gaps, out));
        assert_eq!(picture.matches("#E6E6E6").count(), 3, "{picture}");
        let texts = texts(&picture);
        for wanted in ["!", "×", "-", "harbour", "quay", "grey: ! failed at times, × failed, - not asked"] {
            assert!(texts.iter().any(|(what, ..)| what == wanted), "{wanted}: {texts:?}");
        }
        assert!(!picture.contains("publication"), "articles are counted by when they came: {texts:?}");
    }
}
