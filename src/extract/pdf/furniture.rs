//! Running headers, footers and page numbers: lines that stand at the same place of most pages.

use std::collections::{HashMap, HashSet};

use super::lines::Row;

/// Rows at the top and at the bottom of a page that can be furniture.
const EDGE: usize = 4;
/// Share of the page's height, at the top and at the bottom, in which furniture stands.
const ZONE: f32 = 0.14;
/// White space between furniture and text, from baseline to baseline in em.
const APART: f32 = 1.7;
/// Points by which the place of a running line differs from page to page.
const WOBBLE: f32 = 8.0;

/// Takes the furniture out of the rows of each page, whose heights are given. Gives its text, once for each line.
pub(super) fn take(pages: &mut [(Vec<Row>, f32)]) -> Vec<String> {
    let mut seen: HashMap<(String, i32), HashSet<usize>> = HashMap::new();
    let places: Vec<Vec<Option<(String, i32)>>> = pages.iter().map(|(rows, height)| keys(rows, *height)).collect();
    for (page, keys) in places.iter().enumerate() {
        for (text, place) in keys.iter().flatten() {
            // Places are rounded, so a line that moves a little is counted at both.
            for place in [*place, *place + 1] {
                seen.entry((text.clone(), place)).or_default().insert(page);
            }
        }
    }
    let count = pages.len();
    let running = |key: &(String, i32)| {
        let pages =
            [key.1, key.1 + 1].iter().filter_map(|place| seen.get(&(key.0.clone(), *place))).map(HashSet::len).max();
        let pages = pages.unwrap_or_default();
        // Left and right pages may differ, and parts of a document.
        pages >= 2 && (pages * 4 >= count || pages >= 8)
    };
    let mut taken: Vec<String> = Vec::new();
    for (page, ((rows, _), keys)) in pages.iter_mut().zip(&places).enumerate() {
        let mut keys = keys.iter();
        rows.retain(|row| {
            let Some(Some(key)) = keys.next() else { return true };
            let text = row.text();
            let number = is_page_number(&text) && (count > 1 || text.trim() == (page + 1).to_string());
            let is_furniture = running(key) || number;
            if is_furniture && !taken.contains(&text) && taken.len() < 200 {
                taken.push(text);
            }
            !is_furniture
        });
    }
    taken
}

/// For each row of a page its text without numbers and its rounded place, if it can be furniture.
fn keys(rows: &[Row], height: f32) -> Vec<Option<(String, i32)>> {
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
        let text = row.text();
        let number = is_page_number(&text) && (at == 0 || at + 1 == rows.len());
        let is_candidate = top && (at < tops || number) || bottom && (at >= bottoms || number);
        is_candidate.then(|| (without_numbers(&text), (row.y / WOBBLE).round() as i32))
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
    let is_roman = |word: &String| word.len() <= 6 && word.chars().all(|c| "ivxlc".contains(c));
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
