//! Whether a text has a wording.

use crate::hidden::Hidden;

/// Where a text has a wording.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Whether it has it character by character. What cannot be seen counts on neither side: no answer shows it.
    pub(super) exact: bool,
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// The first place at which a text has a wording: exactly, else but for spacing, quotation marks and dashes.
pub(super) fn find(text: &str, wording: &str) -> Option<Found> {
    let wording = wording.trim();
    let exact = place(seen(text), seen(wording)).map(|(start, end)| Found { exact: true, start, end });
    exact.or_else(|| {
        let loose = |text| spaced_once(seen(text).map(|(at, c)| (at, plain(c))));
        place(loose(text), loose(wording)).map(|(start, end)| Found { exact: false, start, end })
    })
}

/// The characters that can be seen, each with its first byte.
fn seen(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().filter(|(_, c)| Hidden::of(*c).is_none() || c.is_whitespace())
}

/// The sign for which typographers have several.
fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | '‹' | '›' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Without spaces that follow another.
fn spaced_once(all: impl Iterator<Item = (usize, char)>) -> impl Iterator<Item = (usize, char)> {
    let mut before = None;
    all.filter(move |(_, c)| before.replace(*c) != Some(' ') || *c != ' ')
}

/// The bytes of a text over which the characters of a wording stand.
fn place(
    text: impl Iterator<Item = (usize, char)>,
    wording: impl Iterator<Item = (usize, char)>,
) -> Option<(usize, usize)> {
    let (mut letters, mut bytes) = (String::new(), Vec::new());
    for (at, c) in text {
        bytes.extend((0..c.len_utf8()).map(|_| (at, c)));
        letters.push(c);
    }
    let wording: String = wording.map(|(_, c)| c).collect();
    let start = letters.find(&wording).filter(|_| !wording.is_empty())?;
    let (first, (last, c)) = (bytes.get(start)?.0, *bytes.get(start + wording.len() - 1)?);
    Some((first, last + c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "“We pay,” she said – and Élan’s  fleet\n\nsails.";

    fn told(wording: &str) -> Option<(bool, &'static str)> {
        find(TEXT, wording).map(|found| (found.exact, &TEXT[found.start..found.end]))
    }

    #[test]
    fn a_wording_is_there_exactly_or_but_for_its_marks_or_not() {
        assert_eq!(told("We pay"), Some((true, "We pay")));
        assert_eq!(told(" Élan’s  fleet\n"), Some((true, "Élan’s  fleet")));
        assert_eq!(told("\"We pay,\" she said - and"), Some((false, "“We pay,” she said – and")));
        assert_eq!(told("Élan's fleet sails."), Some((false, "Élan’s  fleet\n\nsails.")));
        for wrong in ["we pay", "We paid", "Elan", "", " ", "sails. And"] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_seen_does_not_count() {
        let text = "Al\u{ad}da bu\u{200b}ys";
        assert_eq!(find(text, "Alda buys"), Some(Found { exact: true, start: 0, end: text.len() }));
        assert_eq!(find("Alda", "Al\u{ad}da").map(|found| found.exact), Some(true));
    }
}
