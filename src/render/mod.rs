//! Responses as text: for a terminal, as JSON.

pub mod json;
pub mod terminal;

use std::borrow::Cow;

/// How text is marked and wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours may be used.
    pub colored: bool,
    /// Columns.
    pub width: usize,
}

impl Style {
    /// `text` under an SGR code, where colours may be used and there is a code.
    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.colored && !code.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Text as it may reach a terminal: without control characters, escape sequences' beginnings and marks that turn the
/// direction of writing.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        Cow::Owned(text.chars().filter(|c| !is_unsafe(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Characters that act on a terminal or hide text.
fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_gets_through() {
        assert_eq!(clean("a\x1b[31mb\u{202e}c\u{7}\u{9b}d"), "a[31mbcd");
        assert!(matches!(clean("Šefčovič"), Cow::Borrowed(_)));
    }
}
