//! Signs of the query language that are read in words.

use crate::analysis;

/// Whether a character is a currency sign. The analysis reads these as words.
pub(super) fn is_money_sign(c: char) -> bool {
    matches!(c, '€' | '£' | '$' | '¥' | '₴' | '₽' | '₩' | '₹' | '₺' | '₪')
}

/// A pattern with `*` for any letters and `?` for one inside a word; `None` where the signs are only punctuation.
pub(super) fn as_pattern(text: &str) -> Option<String> {
    if text.len() > 1 && text.starts_with('*') && text.ends_with('*') {
        return None; // emphasis
    }
    if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '*' | '?')) || text.starts_with('?') {
        return None;
    }
    let literal: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    if literal.is_empty() || analysis::words(&literal).len() != 1 {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !(c == '*' && out.ends_with('*')) {
            out.push(c);
        }
    }
    Some(out)
}
