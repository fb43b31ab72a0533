//! Initialisms against words: `US` is not "us", `SAFE` is not "safe".

use super::words::{Gap, Shape, Words};

/// Initialisms of the field, folded, that are also English words or names. Only these keep apart by case; every other one
/// (NATO, Nato, nato) is one term.
const AMBIGUOUS: &[&str] = &[
    "act", "ad", "aid", "aim", "am", "amid", "arm", "asap", "asset", "bad", "bat", "best", "can", "cap", "care",
    "cast", "cat", "cop", "core", "cost", "dart", "do", "eagle", "edge", "ego", "epic", "era", "fast", "fist", "foil",
    "form", "gap", "he", "her", "him", "hot", "imp", "in", "is", "it", "jam", "juice", "lay", "let", "mad", "map",
    "mars", "mast", "me", "mend", "mist", "mod", "nice", "no", "oh", "on", "or", "past", "pen", "pest", "quad", "raft",
    "rap", "raw", "ready", "safe", "sam", "sat", "shape", "shield", "sip", "so", "soar", "spear", "star", "start",
    "step", "sub", "tag", "tap", "tar", "tempest", "top", "trip", "us", "war", "who", "wise",
];

/// Whether the folded word is both an initialism of the field and an ordinary word.
pub fn is_ambiguous(folded: &str) -> bool {
    AMBIGUOUS.binary_search(&folded).is_ok()
}

/// `f35b` → `f35`: the designation without its variant letter.
pub(super) fn designation_base(folded: &str) -> Option<&str> {
    let base = folded.strip_suffix(|c: char| c.is_ascii_lowercase())?;
    let letters = base.bytes().take_while(u8::is_ascii_lowercase).count();
    let digits = base.len() - letters;
    ((1..=4).contains(&letters) && (1..=4).contains(&digits) && base.bytes().skip(letters).all(|b| b.is_ascii_digit()))
        .then_some(base)
}

/// For each word, whether its capitals say anything: not in a paragraph written wholly in capitals.
pub(super) fn believed(words: &Words) -> Vec<bool> {
    let list = words.as_slice();
    let mut out = Vec::with_capacity(list.len());
    let mut start = 0;
    while start < list.len() {
        let end = list[start + 1..].iter().position(|w| w.gap == Gap::Paragraph).map_or(list.len(), |n| start + 1 + n);
        let paragraph = &list[start..end];
        let capitals = paragraph.iter().filter(|w| w.shape == Shape::Upper && w.end - w.start > 4).count();
        let others = paragraph.iter().any(|w| {
            matches!(w.shape, Shape::Lower | Shape::Mixed) || (w.shape == Shape::Title && w.end - w.start > 1)
        });
        let shouted = !others && capitals > 0 && paragraph.len() > 2;
        out.resize(end, !shouted);
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_its_search() {
        assert!(AMBIGUOUS.is_sorted());
    }

    #[test]
    fn variant_letters_come_off() {
        assert_eq!(designation_base("f35b"), Some("f35"));
        assert_eq!(designation_base("mq9b"), Some("mq9"));
        assert_eq!(designation_base("f35"), None);
        assert_eq!(designation_base("brexit"), None);
    }
}
