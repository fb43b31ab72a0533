//! The last guard of a terminal: nothing that is printed there, in any form, contains an invisible character that
//! steers the terminal or hides text.
//!
//! Renderers for people clean their text themselves. JSON and other forms for programs keep such characters, and so do
//! files and pipes. On a terminal they are replaced here by an escape such as `\u202e`, which means the same in JSON.

use std::borrow::Cow;
use std::fmt::Write;

use crate::hidden::Hidden;

/// Whether a character is replaced. Joiners are spelling in Persian and Indic scripts.
fn acts(c: char) -> bool {
    Hidden::of(c).is_some_and(|class| class != Hidden::Joiner) && !matches!(c, '\n' | '\t' | '\r' | '\u{1b}')
}

/// Bytes that are safe to print on a terminal. ESC stays, because our own colours and links begin with it; renderers
/// have removed or escaped it in article text.
pub(super) fn shield(bytes: &[u8]) -> Cow<'_, [u8]> {
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
    fn of_all_characters_these_are_replaced() {
        assert_eq!(
            crate::hidden::ranges(acts),
            "0-8 b-c e-1a 1c-1f 7f-9f ad 61c 180e 200b 200e-200f 2028-202e 2060-206f feff fff9-fffb e0000-e007f"
        );
    }

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
