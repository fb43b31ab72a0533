//! Words and shingles of a text.

use std::ops::Range;

/// Words of a shingle.
pub(super) const WIDTH: usize = 4;

/// Hashes of the stretches of four words, in order. Case and punctuation play no part.
pub fn shingles(text: &str) -> Vec<u32> {
    let mut hashes = Vec::with_capacity(text.len() / 6);
    each_word(text, |_, hash| hashes.push(hash));
    hashes.windows(WIDTH).map(hash).collect()
}

/// As [`shingles`], each with the bytes that it covers.
pub(super) fn located(text: &str) -> Vec<(u32, Range<usize>)> {
    let mut words = Vec::new();
    each_word(text, |range, hash| words.push((range, hash)));
    let windows = words.windows(WIDTH);
    windows
        .map(|window| {
            let hashes: Vec<u64> = window.iter().map(|(_, hash)| *hash).collect();
            (hash(&hashes), window[0].0.start..window[WIDTH - 1].0.end)
        })
        .collect()
}

fn hash(words: &[u64]) -> u32 {
    (words.iter().fold(0, |sum, word| super::mix(sum ^ word)) >> 32) as u32
}

/// Calls `each` with the byte range and the hash of each word. In scripts without spaces each character is a word.
fn each_word(text: &str, mut each: impl FnMut(Range<usize>, u64)) {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut open: Option<(usize, u64)> = None;
    let mut at = 0;
    while let Some(c) = char_at(text, at) {
        if c.is_ascii_alphanumeric() {
            let (start, hash) = open.unwrap_or((at, START));
            let rest = &text.as_bytes()[at..];
            let run = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let hash = rest[..run].iter().fold(hash, |hash, byte| add(hash, byte.to_ascii_lowercase().into()));
            open = Some((start, hash));
            at += run;
            continue;
        }
        let single = is_unspaced(c);
        if (single || !c.is_alphanumeric())
            && let Some((start, hash)) = open.take()
        {
            each(start..at, hash);
        }
        if single {
            each(at..at + c.len_utf8(), add(START, c));
        } else if c.is_alphanumeric() {
            let (start, hash) = open.unwrap_or((at, START));
            open = Some((start, c.to_lowercase().fold(hash, add)));
        }
        at += c.len_utf8();
    }
    if let Some((start, hash)) = open {
        each(start..text.len(), hash);
    }
}

fn char_at(text: &str, at: usize) -> Option<char> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() { Some(char::from(byte)) } else { text[at..].chars().next() }
}

/// One step of FNV-1a, over characters instead of bytes.
fn add(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Thai, Lao, Khmer, Burmese, Japanese and Chinese are written without spaces.
fn is_unspaced(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words and hashes by their definition, character by character.
    fn plain(text: &str) -> Vec<u64> {
        let folded = |c: char| c.is_alphanumeric().then(|| c.to_lowercase());
        let spaced: String =
            text.chars().flat_map(|c| if is_unspaced(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let words = spaced.split(|c| folded(c).is_none()).filter(|word| !word.is_empty());
        words.map(|word| word.chars().filter_map(folded).flatten().fold(0xcbf2_9ce4_8422_2325, add)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn words_are_cut_and_hashed_as_defined(text in "([A-Za-z0-9éŁ防ก' .-]|\\PC){0,40}") {
            let mut hashes = Vec::new();
            each_word(&text, |_, hash| hashes.push(hash));
            prop_assert_eq!(hashes, plain(&text));
        }
    }

    #[test]
    fn case_and_punctuation_play_no_part() {
        let one = shingles("The minister said: \"No comment,\" and left.");
        assert_eq!(one, shingles("the Minister said no comment — AND left"));
        assert_eq!(one.len(), 4);
        assert_eq!(shingles("国防部长说没有").len(), 4);
        assert!(shingles("one two three").is_empty());
        assert_eq!(located("One two, three four five")[0].1, 0..19);
    }
}
