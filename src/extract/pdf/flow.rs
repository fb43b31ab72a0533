//! Lines to paragraphs: what belongs together over the ends of lines, columns and pages.

use std::collections::{HashMap, HashSet};

use super::lines::Line;
use crate::article::{NewParagraph, ParagraphKind};
use crate::extract::boilerplate::ends_sentence;
use crate::wordlist::WordList;

/// First parts of compounds that keep their hyphen at the end of a line: `long-term`.
static COMPOUNDS: WordList = WordList::new(include_str!("../lists/hyphen_prefixes.txt"));

/// Notes between the two parts of a paragraph, at most.
const FAR: usize = 60;
/// Characters of the longest heading.
const HEADING: usize = 200;
/// Signs that open the item of a list.
const BULLETS: &str = "•‣◦▪●○■□➢►▶✓➤❖◆∙\u{fffd}";
/// Signs that do so only before a space.
const DASHES: &str = "-–—*·";

/// A paragraph with what is known of its print.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) text: String,
    pub(super) kind: ParagraphKind,
    pub(super) page: u32,
    pub(super) size: f32,
    lines: usize,
    last: Line,
    note: bool,
    bold: bool,
}

impl From<Block> for NewParagraph {
    fn from(block: Block) -> Self {
        Self { text: block.text, kind: block.kind, page: Some(block.page), ..Self::default() }
    }
}

/// The print of a document.
struct Print {
    /// Size of its running text, in points.
    body: f32,
    bold: bool,
    /// From one baseline to the next, in em.
    leading: f32,
    /// The words that stand unbroken somewhere, in small letters.
    words: HashSet<String>,
}

/// The paragraphs of pages, each given as lines in reading order.
pub(super) fn blocks(pages: &[(u32, Vec<Line>)]) -> Vec<Block> {
    let print = Print::of(pages);
    let mut out: Vec<Block> = Vec::new();
    for (page, lines) in pages {
        let (text, notes) = print.notes(lines);
        let tables = in_tables(&text);
        let mut current = None;
        for (line, in_table) in text.iter().zip(&tables) {
            current = print.add(&mut out, current, line, *page, *in_table);
        }
        let from = out.len();
        current = None;
        for note in notes {
            current = print.add(&mut out, current, note, *page, false);
        }
        out[from..].iter_mut().for_each(|block| block.note = true);
    }
    out.iter_mut().for_each(|block| print.settle(block));
    out.retain(|block| !block.text.trim().is_empty());
    out
}

impl Print {
    fn of(pages: &[(u32, Vec<Line>)]) -> Self {
        let mut sizes: HashMap<i32, usize> = HashMap::new();
        let (mut bold, mut all) = (0, 0);
        let mut words = HashSet::new();
        for line in pages.iter().flat_map(|(_, lines)| lines) {
            let letters: usize = line.cells.iter().map(|cell| cell.text.len()).sum();
            *sizes.entry((line.size * 2.0).round() as i32).or_default() += letters;
            all += letters;
            bold += if line.bold { letters } else { 0 };
            let text = line.text();
            let whole: Vec<&str> = text.split_whitespace().collect();
            // The last word of a line may be a part of one.
            let whole = if text.ends_with(is_hyphen) { &whole[..whole.len().saturating_sub(1)] } else { &whole[..] };
            words.extend(whole.iter().skip(1).map(|word| bare(word)).filter(|word| !word.is_empty()));
        }
        let body = sizes
            .into_iter()
            .max_by_key(|(size, letters)| (*letters, *size))
            .map_or(10.0, |(size, _)| size as f32 / 2.0);
        let pairs = pages.iter().flat_map(|(_, lines)| lines.windows(2));
        let mut gaps: Vec<f32> = pairs
            .filter(|two| two[0].part == two[1].part && two.iter().all(|line| (line.size - body).abs() < 0.6))
            .map(|two| (two[0].y - two[1].y) / body)
            .filter(|gap| (0.8..3.0).contains(gap))
            .collect();
        gaps.sort_by(f32::total_cmp);
        // The lines of paragraphs are closer than paragraphs are to each other.
        let leading = gaps.get(gaps.len() * 2 / 5).copied().unwrap_or(1.25);
        Self { body, bold: bold * 2 > all, leading, words }
    }

    /// The lines of a page without its footnotes, and these: small lines at the end of a column, the first of them with
    /// a mark.
    fn notes<'l>(&self, lines: &'l [Line]) -> (Vec<&'l Line>, Vec<&'l Line>) {
        let small = |line: &Line| line.size < 0.93 * self.body;
        let (mut text, mut notes) = (Vec::new(), Vec::new());
        for column in lines.chunk_by(|a, b| a.part == b.part) {
            let end = column.iter().rposition(|line| !small(line)).map_or(0, |last| last + 1);
            let first = column[end..]
                .iter()
                .position(|line| line.text().starts_with(|c: char| c.is_numeric() || "*†‡§¹²³[".contains(c)));
            let end = first.map_or(column.len(), |first| end + first);
            text.extend(&column[..end]);
            notes.extend(&column[end..]);
        }
        (text, notes)
    }

    /// Adds a line to the paragraph it belongs to, or as a new one. Gives the number of that paragraph. `current` is the
    /// one of the line before; there is none at the head of a page and of its notes.
    fn add(
        &self,
        out: &mut Vec<Block>,
        current: Option<usize>,
        line: &Line,
        page: u32,
        in_table: bool,
    ) -> Option<usize> {
        let text = line.text();
        let (own, kind) = item(&text);
        if in_table {
            let cells: Vec<&str> = line.cells.iter().map(|cell| cell.text.as_str()).collect();
            out.push(Block::new(cells.join(" | "), ParagraphKind::Table, page, line));
            return Some(out.len() - 1);
        }
        let same_part = current.filter(|at| out.get(*at).is_some_and(|block| block.last.part == line.part));
        let before = match same_part {
            Some(at) => Some(at).filter(|at| !self.begins(&out[*at], line, kind)),
            // Notes at the foot of the page do not end a paragraph that runs over it.
            None => {
                let last = out.iter().rev().take(FAR).position(|block| !block.note).map(|back| out.len() - 1 - back);
                last.filter(|at| self.runs_on(&out[*at], line, kind))
            }
        };
        match before.and_then(|at| out.get_mut(at)) {
            Some(block) => {
                self.join(&mut block.text, &text);
                block.lines += 1;
                block.bold &= line.bold;
                block.last = line.clone();
                before
            }
            None => {
                out.push(Block::new(own.to_owned(), kind, page, line));
                Some(out.len() - 1)
            }
        }
    }

    /// Whether a line at the head of a column or page goes on with a paragraph.
    fn runs_on(&self, block: &Block, line: &Line, kind: ParagraphKind) -> bool {
        let last = &block.last;
        let alike = (0.93..1.07).contains(&(line.size / last.size)) && line.bold == last.bold;
        let text = line.text();
        let open = !ends_sentence(&block.text) && !block.text.ends_with([':', '?', '!']);
        let small = text.starts_with(|c: char| c.is_lowercase());
        let full = last.column.1 - last.x1 < 0.12 * (last.column.1 - last.column.0);
        let indented = line.x0 - line.column.0 > 0.8 * line.size;
        matches!(block.kind, ParagraphKind::Text | ParagraphKind::ListItem)
            && kind == ParagraphKind::Text
            && alike
            && open
            && (!block.bold || self.bold)
            && line.size < 1.12 * self.body
            && (small || block.text.ends_with(is_hyphen) || full && !indented && block.lines > 1)
    }

    /// Whether a line begins a paragraph, given the one that the line above belongs to.
    fn begins(&self, block: &Block, line: &Line, kind: ParagraphKind) -> bool {
        let last = &block.last;
        let ratio = line.size / last.size;
        let gap = last.y - line.y;
        let size = line.size.max(last.size);
        let usual = self.leading.clamp(0.9, 2.2) * size;
        // An entry of a table of contents is over with its page.
        let entry =
            last.cells.last().and_then(|cell| cell.text.rsplit_once(" … ")).is_some_and(|(_, page)| page.len() < 8);
        if kind == ParagraphKind::ListItem || block.kind == ParagraphKind::Table || entry {
            return true;
        }
        if !(0.92..1.09).contains(&ratio) || line.bold != last.bold || gap > 1.28 * usual || gap < -size {
            return true;
        }
        if block.text.ends_with(is_hyphen) {
            return false;
        }
        let (left, right) = line.column;
        let width = right - left;
        let centred = |line: &Line| {
            let middle = (line.x0 + line.x1) / 2.0 - (left + right) / 2.0;
            middle.abs() < 0.02 * width && line.x0 - left > 0.04 * width
        };
        if centred(line) && (centred(last) || last.x1 - last.x0 > 0.9 * width) && !ends_sentence(&block.text) {
            return false;
        }
        let ended = ends_sentence(&block.text) || block.text.ends_with(['?', '!', ':']);
        let text = line.text();
        let first = text.split_whitespace().next().map_or(0, |word| word.chars().count()) as f32;
        // The first word would have had room on the line above.
        let room = right - last.x1;
        let short = room > (first + 1.0) * 0.55 * size;
        let indent = line.x0 - last.x0;
        let step = 0.8 * size;
        let capital = !text.starts_with(|c: char| c.is_lowercase());
        if indent > step {
            return ended || short && capital && block.lines > 1;
        }
        if indent < -step && block.lines > 1 {
            return ended || capital;
        }
        if numbered(&text) && (ended || short) {
            return true;
        }
        short && (ended && room > 0.06 * width || capital && room > 0.35 * width && last.cells.len() == 1)
    }

    /// Adds the text of a line, and undoes the hyphen between two parts of a word.
    fn join(&self, text: &mut String, line: &str) {
        let Some(hyphen) = text.chars().next_back().filter(|c| is_hyphen(*c)) else {
            if text.chars().next_back().is_some_and(is_wide) && line.chars().next().is_some_and(is_wide) {
                text.push_str(line);
            } else {
                text.push(' ');
                text.push_str(line);
            }
            return;
        };
        let before = &text[..text.len() - hyphen.len_utf8()];
        let first = bare(before.rsplit(char::is_whitespace).next().unwrap_or_default());
        let second = line.split_whitespace().next().unwrap_or_default();
        let small = before.ends_with(|c: char| c.is_lowercase()) && second.starts_with(|c: char| c.is_lowercase());
        let second = bare(second);
        let (whole, linked) = (format!("{first}{second}"), format!("{first}-{second}"));
        if before.is_empty() || before.ends_with(char::is_whitespace) {
            text.push(' '); // a dash
        } else if hyphen == '\u{ad}'
            || !self.words.contains(&linked) && (self.words.contains(&whole) || small && !COMPOUNDS.has(&first))
        {
            text.truncate(before.len());
        }
        text.push_str(line);
    }

    /// Says what a paragraph is, once it is whole.
    fn settle(&self, block: &mut Block) {
        let text = &block.text;
        let count = text.chars().count();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        if block.kind != ParagraphKind::Text || block.note || count > HEADING || letters < 2 || block.lines > 4 {
            return;
        }
        let open = !text.ends_with(['.', ',', ';', ':']);
        let large = block.size > 1.12 * self.body;
        let bold = block.bold && !self.bold && open;
        let capitals = count <= 90
            && letters >= 4
            && open
            && !text.chars().any(char::is_lowercase)
            && text.chars().any(char::is_uppercase);
        if large || bold || capitals {
            block.kind = ParagraphKind::Heading;
        }
    }
}

impl Block {
    fn new(text: String, kind: ParagraphKind, page: u32, line: &Line) -> Self {
        Self { text, kind, page, size: line.size, lines: 1, last: line.clone(), note: false, bold: line.bold }
    }
}

/// Which lines are rows of a table: two or more in a row whose cells stand below each other.
fn in_tables(lines: &[&Line]) -> Vec<bool> {
    let cells = |line: &Line| line.cells.len() > 1 && !(line.cells.len() == 2 && is_label(&line.cells[0].text));
    let aligned = |a: &Line, b: &Line| {
        let near = 0.6 * a.size.max(b.size);
        let meet = |one: f32, other: f32| (one - other).abs() < near;
        a.part == b.part
            && (a.y - b.y).abs() < 6.0 * a.size.max(b.size)
            && a.cells[1..].iter().any(|one| {
                b.cells[1..].iter().any(|other| {
                    meet(one.x0, other.x0)
                        || meet(one.x1, other.x1)
                        || meet((one.x0 + one.x1) / 2.0, (other.x0 + other.x1) / 2.0)
                })
            })
    };
    let mut found = vec![false; lines.len()];
    for at in 1..lines.len() {
        let (a, b) = (lines[at - 1], lines[at]);
        if cells(a) && cells(b) && aligned(a, b) {
            (found[at - 1], found[at]) = (true, true);
        }
    }
    found
}

/// Whether a cell is only the label of a paragraph: a bullet, `12.`, `(a)`, `A.`, `2.1`.
fn is_label(text: &str) -> bool {
    text.chars().count() <= 6
        && (text.chars().all(|c| BULLETS.contains(c) || DASHES.contains(c))
            || text.ends_with(['.', ')', ':'])
            || text.chars().all(|c| c.is_numeric() || c == '.'))
}

/// A list item's text without its bullet.
fn item(text: &str) -> (&str, ParagraphKind) {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    let rest = chars.as_str();
    let spaced = rest.starts_with(' ') && rest.trim_start().starts_with(char::is_alphanumeric);
    if BULLETS.contains(first) && !rest.is_empty() || DASHES.contains(first) && spaced {
        return (rest.trim_start(), ParagraphKind::ListItem);
    }
    let lettered =
        text.starts_with('(') && text.char_indices().nth(2).is_some_and(|(at, _)| text[at..].starts_with(") "));
    (text, if lettered { ParagraphKind::ListItem } else { ParagraphKind::Text })
}

/// Whether a line begins with the number of a paragraph: `12. `, `3) `, `2.1 `.
fn numbered(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = text.len() - number.len();
    (1..=6).contains(&digits) && (text[..digits].contains('.') && number.starts_with(' ') || number.starts_with(") "))
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}')
}

/// Whether a script is written without spaces.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// A word in small letters without the signs around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).replace('\u{2010}', "-").to_lowercase()
}
