//! Glyphs to lines: rows, columns and the cells of tables, in reading order.

use unicode_normalization::UnicodeNormalization;

use super::read::Glyph;
use crate::fence;

/// A gap between two glyphs that is a space, in em.
const SPACE: f32 = 0.14;
/// A gap that sets cells of a table apart, in em.
const CELL: f32 = 1.6;
/// Narrowest gutter between columns, in em.
const GUTTER: f32 = 0.9;
/// Columns are looked for within parts of the page this deep.
const DEPTH: u32 = 6;
/// Lines that a column has at least.
const COLUMN_LINES: usize = 3;
/// Steps over the width of a page at which a gutter is tried.
const TRIES: usize = 160;

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Its parts that wide gaps set apart: one, except in tables.
    pub(super) cells: Vec<Cell>,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Left and right edge of its column.
    pub(super) column: (f32, f32),
    /// Number of its column on the page, in reading order.
    pub(super) part: usize,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) text: String,
}

impl Line {
    pub(super) fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Glyphs on one baseline, from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) y: f32,
    pub(super) size: f32,
}

impl Row {
    fn marks(&self) -> impl Iterator<Item = &Glyph> {
        self.glyphs.iter().filter(|glyph| !glyph.is_space())
    }

    fn bounds(&self) -> (f32, f32) {
        self.marks().fold((f32::MAX, f32::MIN), |(x0, x1), glyph| (x0.min(glyph.x0), x1.max(glyph.x1)))
    }

    /// The row as one line of plain text.
    pub(super) fn text(&self) -> String {
        line(self, (0.0, 0.0), 0).map(|line| line.text()).unwrap_or_default()
    }
}

/// Sorts glyphs into rows, from the top of the page down. Raised and lowered glyphs belong to the row they stand by.
pub(super) fn rows(mut glyphs: Vec<Glyph>) -> Vec<Row> {
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut rows: Vec<Row> = Vec::new();
    for glyph in glyphs {
        fence::check();
        // Rows above the last few are too far up to be met.
        let from = rows.len().saturating_sub(4);
        let fits = |row: &&mut Row| {
            let (big, small) = (row.size.max(glyph.size), row.size.min(glyph.size));
            let down = row.y - glyph.y;
            if small > 0.8 * big {
                down.abs() < 0.4 * big
            } else if glyph.size < row.size {
                (-0.6 * big..0.25 * big).contains(&down)
            } else {
                (-0.25 * big..0.6 * big).contains(&down)
            }
        };
        match rows[from..].iter_mut().rev().find(fits) {
            Some(row) => {
                if glyph.size > 1.1 * row.size && !glyph.is_space() {
                    (row.y, row.size) = (glyph.y, glyph.size);
                }
                row.glyphs.push(glyph);
            }
            None => rows.push(Row { y: glyph.y, size: glyph.size, glyphs: vec![glyph] }),
        }
    }
    for row in &mut rows {
        row.glyphs.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows.retain(|row| row.marks().next().is_some());
    rows.sort_by(|a, b| b.y.total_cmp(&a.y));
    rows
}

/// The lines of a page in reading order.
pub(super) fn lines(rows: Vec<Row>) -> Vec<Line> {
    let mut parts = Vec::new();
    let rtl = rows.iter().map(|row| leaning(row.glyphs.iter())).sum::<i64>() < 0;
    split(rows, 0, rtl, &mut parts);
    let mut lines = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let column = part.iter().map(Row::bounds).fold((f32::MAX, f32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        lines.extend(part.iter().filter_map(|row| line(row, column, number)));
    }
    lines
}

/// Rows that stand apart from the text of a page, as lines: no columns are looked for.
pub(super) fn plain(rows: &[Row]) -> Vec<Line> {
    let column = rows.iter().map(Row::bounds).fold((f32::MAX, f32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    rows.iter().filter_map(|row| line(row, column, 0)).collect()
}

/// Cuts a part of a page into columns, which are read one after the other.
fn split(rows: Vec<Row>, depth: u32, rtl: bool, parts: &mut Vec<Vec<Row>>) {
    let found = if depth < DEPTH { gutter(&rows) } else { None };
    let Some(Gutter { x, from, to }) = found else {
        if !rows.is_empty() {
            parts.push(rows);
        }
        return;
    };
    let mut above = rows;
    let mut band = above.split_off(from);
    let below = band.split_off(to - from);
    split(above, depth + 1, rtl, parts);
    let (left, right): (Vec<Glyph>, Vec<Glyph>) =
        band.into_iter().flat_map(|row| row.glyphs).partition(|glyph| (glyph.x0 + glyph.x1) / 2.0 < x);
    let sides = if rtl { [right, left] } else { [left, right] };
    for side in sides {
        split(self::rows(side), depth + 1, rtl, parts);
    }
    split(below, depth + 1, rtl, parts);
}

/// White space from the row `from` to the row before `to` that sets two columns apart.
struct Gutter {
    x: f32,
    from: usize,
    to: usize,
}

fn gutter(rows: &[Row]) -> Option<Gutter> {
    if rows.len() < COLUMN_LINES {
        return None;
    }
    let (x0, x1) = rows.iter().map(Row::bounds).fold((f32::MAX, f32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    let step = (x1 - x0) / TRIES as f32;
    // For each row the stretches without glyphs, as bits of the steps.
    let open: Vec<Vec<bool>> = rows.iter().map(|row| open(row, x0, step)).collect();
    let is_open = |row: usize, at: usize| open[row][at];
    let mut best: Option<(usize, usize, usize, usize, usize)> = None; // score, first and last step, rows
    for try_at in TRIES / 10..TRIES * 9 / 10 {
        let mut from = 0;
        while from < rows.len() {
            fence::check();
            if !is_open(from, try_at) {
                from += 1;
                continue;
            }
            let to = (from..rows.len()).find(|at| !is_open(*at, try_at)).unwrap_or(rows.len());
            let x = x0 + (try_at as f32 + 0.5) * step;
            let left = rows[from..to].iter().filter(|row| row.marks().any(|glyph| glyph.x1 <= x)).count();
            let right = rows[from..to].iter().filter(|row| row.marks().any(|glyph| glyph.x0 >= x)).count();
            let score = left.min(right);
            match &mut best {
                Some((most, _, last, f, t)) if *most == score && (*f, *t) == (from, to) && *last + 1 == try_at => {
                    *last = try_at;
                }
                Some((most, ..)) if *most >= score => {}
                _ => best = Some((score, try_at, try_at, from, to)),
            }
            from = to;
        }
    }
    let (score, first, last, from, to) = best?;
    let x = x0 + ((first + last) as f32 / 2.0 + 0.5) * step;
    (score >= COLUMN_LINES && are_columns(&rows[from..to], x)).then_some(Gutter { x, from, to })
}

/// For each step over the width whether a row leaves it white, as part of a gap that is wide enough for a gutter.
fn open(row: &Row, x0: f32, step: f32) -> Vec<bool> {
    let mut open = vec![true; TRIES];
    let mut end: Option<f32> = None;
    let mut close = |from: f32, to: f32| {
        let first = ((from - x0) / step).floor().max(0.0) as usize;
        let last = ((to - x0) / step).ceil().max(0.0) as usize;
        open[first.min(TRIES)..last.min(TRIES)].fill(false);
    };
    for glyph in row.marks() {
        let from = match end {
            // A gap as wide as a space is closed.
            Some(end) if glyph.x0 - end < GUTTER * row.size => end.min(glyph.x0),
            _ => glyph.x0,
        };
        close(from, glyph.x1);
        end = Some(end.map_or(glyph.x1, |end| end.max(glyph.x1)));
    }
    open
}

/// Whether the rows on both sides of a gutter are running text and not the cells of a table.
fn are_columns(rows: &[Row], x: f32) -> bool {
    let side = |is_in: &dyn Fn(&Glyph) -> bool| {
        let all: Vec<Glyph> =
            rows.iter().flat_map(|row| row.glyphs.iter().filter(|glyph| is_in(glyph)).cloned()).collect();
        let rows = self::rows(all);
        let (x0, x1) = rows.iter().map(Row::bounds).fold((f32::MAX, f32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        let mut widths: Vec<f32> = rows.iter().map(|row| row.bounds().1 - row.bounds().0).collect();
        let mut letters: Vec<usize> = rows.iter().map(|row| row.marks().count()).collect();
        widths.sort_by(f32::total_cmp);
        letters.sort_unstable();
        let (count, digits) = rows.iter().flat_map(Row::marks).fold((0usize, 0usize), |(all, digits), glyph| {
            (all + 1, digits + usize::from(glyph.text.chars().all(|c| c.is_numeric())))
        });
        let middle = rows.len() / 2;
        rows.len() >= COLUMN_LINES && widths[middle] >= 0.55 * (x1 - x0) && letters[middle] >= 14 && digits * 4 < count
    };
    side(&|glyph| (glyph.x0 + glyph.x1) / 2.0 < x) && side(&|glyph| (glyph.x0 + glyph.x1) / 2.0 >= x)
}

/// Makes a line of a row.
fn line(row: &Row, column: (f32, f32), part: usize) -> Option<Line> {
    let glyphs = without_doubles(&row.glyphs);
    let mut groups: Vec<Vec<&Glyph>> = Vec::new();
    let mut end = f32::MIN;
    for glyph in &glyphs {
        if !glyph.is_space() {
            if groups.is_empty() || glyph.x0 - end > CELL * row.size.max(4.0) {
                groups.push(Vec::new());
            }
            end = end.max(glyph.x1);
        }
        if let Some(group) = groups.last_mut() {
            group.push(glyph);
        }
    }
    let rtl = leaning(glyphs.iter().copied()) < 0;
    let mut cells: Vec<Cell> = groups.iter().filter_map(|group| cell(group, rtl)).collect();
    if rtl {
        cells.reverse();
    }
    let (x0, x1) = row.bounds();
    let letters = glyphs.iter().filter(|glyph| !glyph.is_space());
    let (bold, all) = letters.fold((0, 0), |(bold, all), glyph| (bold + usize::from(glyph.bold), all + 1));
    (!cells.is_empty()).then_some(Line {
        cells,
        x0,
        x1,
        y: row.y,
        size: row.size,
        bold: bold * 10 >= all * 8,
        column,
        part,
    })
}

/// Leaves out glyphs that are drawn twice in one place, as some programs do for bold letters.
fn without_doubles(glyphs: &[Glyph]) -> Vec<&Glyph> {
    let mut out: Vec<&Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let near = |other: &&&Glyph| {
            other.text == glyph.text
                && (other.x0 - glyph.x0).abs() < 0.12 * glyph.size
                && (other.y - glyph.y).abs() < 0.12 * glyph.size
        };
        if glyph.is_space() || !out.iter().rev().take(3).any(|other| near(&other)) {
            out.push(glyph);
        }
    }
    out
}

/// How much the letters lean to the left: below 0 for text that runs from right to left.
fn leaning<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> i64 {
    glyphs.flat_map(|glyph| glyph.text.chars()).map(|c| if is_rtl(c) { -1 } else { i64::from(c.is_alphabetic()) }).sum()
}

fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}') && !c.is_numeric()
}

/// The text of neighbouring glyphs.
fn cell(glyphs: &[&Glyph], rtl: bool) -> Option<Cell> {
    let mut pieces: Vec<String> = Vec::with_capacity(glyphs.len());
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if glyph.is_space() {
            if pieces.last().is_some_and(|piece| piece != " ") {
                pieces.push(" ".to_owned());
            }
            continue;
        }
        if let Some(before) = last {
            let size = before.size.max(glyph.size);
            if let Some(composed) = composed(before, glyph) {
                pieces.pop();
                pieces.push(composed);
                last = Some(glyph);
                continue;
            }
            if glyph.x0 - before.x1 > SPACE * size && pieces.last().is_some_and(|piece| piece != " ") {
                pieces.push(" ".to_owned());
            }
        }
        pieces.push(glyph.text.clone());
        last = Some(glyph);
    }
    let text = if rtl { logical(pieces) } else { pieces.concat() };
    let text = clean(&text);
    let x0 = glyphs.iter().filter(|glyph| !glyph.is_space()).map(|glyph| glyph.x0).fold(f32::MAX, f32::min);
    let x1 = glyphs.iter().filter(|glyph| !glyph.is_space()).map(|glyph| glyph.x1).fold(f32::MIN, f32::max);
    (!text.is_empty()).then_some(Cell { x0, x1, text })
}

/// A letter and an accent that is drawn over it.
fn composed(before: &Glyph, glyph: &Glyph) -> Option<String> {
    let overlap = before.x1.min(glyph.x1) - before.x0.max(glyph.x0);
    if overlap < 0.5 * (before.x1 - before.x0).min(glyph.x1 - glyph.x0) || overlap <= 0.0 {
        return None;
    }
    let (letter, accent) = match (combining(&before.text), combining(&glyph.text)) {
        (Some(accent), None) => (&glyph.text, accent),
        (None, Some(accent)) => (&before.text, accent),
        _ => return None,
    };
    let letter = match letter.as_str() {
        "ı" => "i",
        other => other,
    };
    letter.chars().all(char::is_alphabetic).then(|| format!("{letter}{accent}").nfc().collect())
}

/// The combining form of an accent that stands by itself.
fn combining(text: &str) -> Option<char> {
    Some(match text {
        "`" => '\u{300}',
        "´" => '\u{301}',
        "^" | "ˆ" => '\u{302}',
        "~" | "˜" => '\u{303}',
        "¯" => '\u{304}',
        "˘" => '\u{306}',
        "˙" => '\u{307}',
        "¨" => '\u{308}',
        "˚" => '\u{30a}',
        "˝" => '\u{30b}',
        "ˇ" => '\u{30c}',
        "¸" => '\u{327}',
        "˛" => '\u{328}',
        _ => return None,
    })
}

/// Text in the order in which it is read, from the order in which it stands on a line that runs to the left: all is
/// turned round except numbers and words that run to the right.
fn logical(mut pieces: Vec<String>) -> String {
    pieces.reverse();
    let runs_right = |piece: &str| piece.chars().any(|c| c.is_numeric() || c.is_alphabetic() && !is_rtl(c));
    let mut out = String::new();
    let mut at = 0;
    while at < pieces.len() {
        if !runs_right(&pieces[at]) {
            out.extend(pieces[at].chars().map(mirrored));
            at += 1;
            continue;
        }
        // As far as the next letter that runs to the left, without the signs before it.
        let stop = (at..pieces.len()).find(|next| pieces[*next].chars().any(is_rtl)).unwrap_or(pieces.len());
        let end = (at..stop).rev().find(|last| runs_right(&pieces[*last])).unwrap_or(at) + 1;
        pieces[at..end].iter().rev().for_each(|piece| out.push_str(piece));
        at = end;
    }
    out
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

/// Ligatures and presentation forms as letters, signs of symbol fonts as bullets, spaces as spaces.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}'..='\u{fb4f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                out.extend(std::iter::once(c).nfkc())
            }
            '\u{f0a7}' | '\u{f0b7}' | '\u{f0d8}' | '\u{f076}' | '\u{f0fc}' | '\u{f06e}' | '\u{f0a8}' => out.push('•'),
            '\u{f020}'..='\u{f07e}' => out.extend(char::from_u32(c as u32 - 0xf000)),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    without_leaders(&out)
}

/// One space between words, and one ellipsis for the dots that lead to the page numbers of a table of contents.
fn without_leaders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let leader = rest.len() - rest.trim_start_matches(['.', ' ', '_', '…']).len();
        let dots = rest[..leader].chars().filter(|c| *c != ' ').count();
        let run = if dots > 4 { leader } else { c.len_utf8() };
        if dots > 4 {
            out.push_str(" … ");
        } else {
            out.push(c);
        }
        rest = &rest[run..];
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
