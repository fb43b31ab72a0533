//! The last guard of a terminal: what is printed there, in any form, holds no character that acts unseen.
//!
//! Renderers for people clean their text themselves. JSON and other forms for machines keep it as it is, and so do files and
//! pipes; but whoever looks at them on a terminal is guarded here: such a character is shown as `\u202e`, which in JSON means
//! the same.

use std::borrow::Cow;
use std::fmt::Write;

use crate::article::acts_unseen;

/// Bytes as they may reach a terminal. Colours and links of our own begin with ESC, which no kept text holds.
pub(super) fn shield(bytes: &[u8]) -> Cow<'_, [u8]> {
    // Joiners are spelling in Persian and Indic scripts.
    let acts = |c: char| acts_unseen(c) && !matches!(c, '\n' | '\t' | '\r' | '\u{1b}' | '\u{200c}' | '\u{200d}');
    let Ok(text) = std::str::from_utf8(bytes) else { return Cow::Borrowed(bytes) };
    if !text.contains(acts) {
        return Cow::Borrowed(bytes);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_unseen_is_shown_as_json_writes_it() {
        let hostile = "{\"title\":\"a\u{202e}b\u{9b}c\u{e0041}d\"}\n";
        let shown = shield(hostile.as_bytes());
        assert_eq!(shown, b"{\"title\":\"a\\u202eb\\u009bc\\udb40\\udc41d\"}\n".as_slice());
        let same = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        assert_eq!(same(&shown), same(hostile.as_bytes()));
        let ours = "\u{1b}[1mŠefčovič\u{1b}[0m \u{2013} \u{201c}so\u{201d}\n";
        assert!(matches!(shield(ours.as_bytes()), Cow::Borrowed(_)));
    }
}
