//! Running headers, footers and page numbers: lines that stand at the same place of most pages.

use std::collections::HashMap;

use super::lines::Row;

/// Rows at the top and at the bottom of a page that can be furniture.
const EDGE: usize = 4;
/// Share of the page's height, at the top and at the bottom, in which furniture stands.
const ZONE: f32 = 0.14;
/// White space between furniture and text, from baseline to baseline in em.
const APART: f32 = 1.7;
/// Points by which the place of a running line differs from page to page.
const WOBBLE: f32 = 8.0;

/// The text of a line without numbers, and its rounded place.
pub(super) type Key = (String, i32);

/// Counts lines at the edges of pages.
#[derive(Default)]
pub(super) struct Furniture {
    /// The pages on which each stands, and the last of them.
    seen: HashMap<Key, (usize, usize)>,
    pages: usize,
    /// The text of the furniture, once for each line.
    pub(super) taken: Vec<String>,
}

impl Furniture {
    /// Cuts the rows of a page in three: those above the text that can be furniture, the text, those below it.
    pub(super) fn cut(&mut self, mut rows: Vec<Row>, height: f32) -> [Vec<Row>; 3] {
        let keys = keys(&rows, height);
        self.pages += 1;
        for (text, place) in keys.iter().flatten() {
            // Places are rounded, so a line that moves a little is counted at both.
            for place in [*place, *place + 1] {
                let (pages, last) = self.seen.entry((text.clone(), place)).or_default();
                if *last != self.pages {
                    (*pages, *last) = (*pages + 1, self.pages);
                }
            }
        }
        let top = keys.iter().take_while(|key| key.is_some()).count();
        let bottom = keys[top..].iter().rev().take_while(|key| key.is_some()).count();
        let below = rows.split_off(rows.len() - bottom);
        let text = rows.split_off(top);
        [rows, text, below]
    }

    /// Whether a line at the edge of a page is furniture, once all pages are counted.
    pub(super) fn takes(&mut self, text: &str, y: f32, page: u32) -> bool {
        let (key, place) = key_of(text, y);
        let at = |place: i32| self.seen.get(&(key.clone(), place)).map_or(0, |(pages, _)| *pages);
        let pages = at(place).max(at(place + 1));
        // Left and right pages may differ, and parts of a document.
        let running = pages >= 2 && (pages * 4 >= self.pages || pages >= 8);
        let is_furniture = running || is_page_number(text) && text.trim() == page.to_string();
        if is_furniture && self.taken.len() < 200 && !self.taken.iter().any(|taken| taken == text) {
            self.taken.push(text.to_owned());
        }
        is_furniture
    }
}

fn key_of(text: &str, y: f32) -> Key {
    (without_numbers(text), (y / WOBBLE).round() as i32)
}

/// For each row of a page its text without numbers and its rounded place, if it can be furniture.
fn keys(rows: &[Row], height: f32) -> Vec<Option<Key>> {
    let apart = |upper: usize| {
        let (Some(row), Some(next)) = (rows.get(upper), rows.get(upper + 1)) else { return true };
        row.y - next.y > APART * row.size.max(next.size)
    };
    let tops = (0..EDGE.min(rows.len())).rev().find(|at| apart(*at)).map_or(0, |at| at + 1);
    let from = rows.len().saturating_sub(EDGE);
    let bottoms = (from..rows.len()).find(|at| *at == 0 || apart(at - 1)).unwrap_or(rows.len());
    let key = |(at, row): (usize, &Row)| {
        let top = row.y > height * (1.0 - ZONE);
        let bottom = row.y < height * ZONE;
        if !top && !bottom {
            return None;
        }
        let text = row.text();
        let number = is_page_number(&text) && (at == 0 || at + 1 == rows.len());
        let is_candidate = top && (at < tops || number) || bottom && (at >= bottoms || number);
        is_candidate.then(|| key_of(&text, row.y))
    };
    rows.iter().enumerate().map(key).collect()
}

/// A line with every number as `#`, so that numbered lines are alike.
fn without_numbers(text: &str) -> String {
    if is_page_number(text) {
        return "#".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_numeric() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// Whether a line is the number of a page: `12`, `xiv`, `- 12 -`, `Page 12 of 40`, `12 | 40`.
pub(super) fn is_page_number(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || "-–—|/[]().·•".contains(c))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_number = |word: &String| word.len() <= 4 && word.chars().all(char::is_numeric);
    let is_roman = |word: &String| word.len() <= 6 && word.chars().all(|c| "ivx".contains(c));
    match words.as_slice() {
        [one] => is_number(one) || is_roman(one),
        [page, one] => is_word(page) && (is_number(one) || is_roman(one)) || is_number(page) && is_number(one),
        [one, of, all] => is_number(one) && is_number(all) && is_of(of),
        [page, one, of, all] => is_word(page) && is_number(one) && is_of(of) && is_number(all),
        _ => false,
    }
}

fn is_word(word: &str) -> bool {
    ["page", "p", "pg", "seite", "pagina", "página", "pág", "strona", "sida", "side", "стр", "صفحة"].contains(&word)
}

fn is_of(word: &str) -> bool {
    ["of", "von", "de", "di", "sur", "av", "af", "z", "из", "van", "من"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pages_are_known() {
        for yes in ["12", "xiv", "- 12 -", "Page 3 of 40", "3 / 40", "p. 7", "Seite 4 von 9", "[ 12 ]"] {
            assert!(is_page_number(yes), "{yes}");
        }
        for no in ["12345", "3 ships", "Part 3", "12 March 2031", "mix of 3", "Total"] {
            assert!(!is_page_number(no), "{no}");
        }
    }
}
