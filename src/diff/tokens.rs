//! A text as it is compared: words and signs, levelled out, without the furniture of its page.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::furniture;
use crate::analysis::{self, Gap, Shape};

/// Signs that say what a number counts.
const TELLING: &str = "$€£¥₽₴%‰";

/// Numbers for the levelled forms of both texts, so that comparing two tokens compares two numbers.
#[derive(Debug, Default)]
pub(super) struct Forms(FxHashMap<Box<str>, u32>);

impl Forms {
    /// The forms, each at its number.
    pub(super) fn by_number(&self) -> Vec<&str> {
        let mut out = vec![""; self.0.len()];
        for (form, number) in &self.0 {
            if let Some(place) = out.get_mut(*number as usize) {
                *place = form;
            }
        }
        out
    }

    fn number(&mut self, form: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        match self.0.get(form) {
            Some(number) => *number,
            None => *self.0.entry(form.into()).or_insert(next),
        }
    }
}

/// A word, or a stretch of signs between two words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its bytes.
    pub(super) bytes: Range<usize>,
    /// Number of its levelled form.
    pub(super) form: u32,
    /// What is known of it if it is a word.
    pub(super) word: Option<Word>,
    /// Whether it is a sign of a currency or a share.
    pub(super) telling_sign: bool,
}

/// What is known of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In small letters, without accents.
    pub(super) folded: Box<str>,
    pub(super) shape: Shape,
    /// Whether a sentence begins with it.
    pub(super) opens: bool,
}

/// The tokens of a text. What differs only in spaces, line breaks, quotation marks, dashes, composed letters or invisible
/// characters gives the same tokens.
pub(super) fn tokens(text: &str, forms: &mut Forms) -> Vec<Token> {
    let furniture = furniture::lines(text);
    let words = analysis::words(text);
    let mut out = Vec::with_capacity(words.len() * 5 / 4);
    let mut at = 0;
    for word in words.as_slice() {
        let bytes = word.start as usize..word.end as usize;
        signs(text, at..bytes.start, &furniture, forms, &mut out);
        at = bytes.end;
        if is_within(&furniture, bytes.start) {
            continue;
        }
        let form = forms.number(&levelled(&text[bytes.clone()]));
        let folded = words.folded(word).into();
        let word = Word { folded, shape: word.shape, opens: word.gap >= Gap::Sentence };
        out.push(Token { bytes, form, word: Some(word), telling_sign: false });
    }
    signs(text, at..text.len(), &furniture, forms, &mut out);
    furniture::drop_ages(&mut out);
    out
}

/// Whether a byte is in one of these stretches, which are in order.
fn is_within(stretches: &[Range<usize>], at: usize) -> bool {
    stretches.get(stretches.partition_point(|one| one.end <= at)).is_some_and(|one| one.start <= at)
}

/// The signs between two words: a run of one sign is one token, and so is what is left of a word, such as a possessive.
fn signs(text: &str, between: Range<usize>, furniture: &[Range<usize>], forms: &mut Forms, out: &mut Vec<Token>) {
    let mut last: Option<(char, usize)> = None;
    for (offset, c) in text[between.clone()].char_indices() {
        let at = between.start + offset;
        let sign = sign(c);
        if sign.is_none() || is_within(furniture, at) {
            last = None;
            continue;
        }
        let (Some(sign), end) = (sign, at + c.len_utf8()) else { continue };
        match (last, out.last_mut()) {
            (Some((same, token)), Some(previous)) if same == sign && token == at => {
                previous.bytes.end = end;
            }
            _ => {
                let form = forms.number(sign.encode_utf8(&mut [0; 4]));
                out.push(Token { bytes: at..end, form, word: None, telling_sign: TELLING.contains(sign) });
            }
        }
        last = Some((sign, end));
    }
}

/// A sign as it is compared; `None` for spaces and what is not seen.
fn sign(c: char) -> Option<char> {
    match c {
        _ if c.is_whitespace() || c.is_control() => None,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        '\'' | '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '`' | '´' => Some('"'),
        '\u{2010}'..='\u{2015}' | '−' => Some('-'),
        '…' => Some('.'),
        _ => Some(c),
    }
}

/// A word as it is compared: composed (NFC), its apostrophes and hyphens plain, without invisible characters.
fn levelled(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let plain = |c: char| match sign(c) {
        Some('"') => Some('\''),
        other => other,
    };
    match is_nfc_quick(word.chars()) {
        IsNormalized::Yes if word.chars().all(|c| plain(c) == Some(c)) => Cow::Borrowed(word),
        _ => Cow::Owned(word.nfc().filter_map(plain).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms_of(texts: [&str; 2]) -> [Vec<u32>; 2] {
        let mut forms = Forms::default();
        texts.map(|text| tokens(text, &mut forms).iter().map(|token| token.form).collect())
    }

    #[test]
    fn typography_and_layout_are_levelled_out() {
        for (one, other) in [
            ("He said: \"No comment\" - twice.", "He said: “No comment” – twice."),
            ("Die „Alda“ sinkt", "Die «Alda» sinkt"),
            ("Cafe\u{301} of Alda", "Café of Alda"),
            ("one two", "one\u{a0}\n\n  two"),
            ("Alda's fleet didn't sail", "Alda’s fleet didn’t sail"),
            ("wait ...", "wait…"),
            ("talks -- again", "talks — again"),
            ("co\u{ad}operation", "cooperation"),
        ] {
            let [one_forms, other_forms] = forms_of([one, other]);
            assert_eq!(one_forms, other_forms, "{one} / {other}");
        }
        for (one, other) in [("ferry", "ferries"), ("5%", "5"), ("Army", "army"), ("a, b", "a b"), ("1,200", "1,300")] {
            let [one_forms, other_forms] = forms_of([one, other]);
            assert_ne!(one_forms, other_forms, "{one} / {other}");
        }
    }

    #[test]
    fn the_furniture_of_a_page_gives_no_tokens() {
        let story = "Alda ordered ferries.\n\nThe yard is at Port Lorn.";
        for furnished in [
            "Updated 5 minutes ago\n\nAlda ordered ferries.\n\nThe yard is at Port Lorn.",
            "Alda ordered ferries.\n\nRead more: Borduria sells aircraft\n\nThe yard is at Port Lorn.",
            "Alda ordered ferries.\n\nThe yard is at Port Lorn.\n\nRelated stories\n\nBorduria sells aircraft\n\nA port of call",
            "Alda ordered ferries. (Updated 2 hours ago)\n\nThe yard is at Port Lorn.",
        ] {
            let [plain, other] = forms_of([story, furnished]);
            let signs: usize = other.len() - plain.len();
            assert!(signs <= 2, "{furnished}");
        }
    }
}
