//! Characters that act without being seen, in classes: the one table of them.
//!
//! Four places ask for them, and must differ in what they take:
//!
//! * [`visible`](crate::article::visible), for names in messages, writes all of them as escapes (`\u{202e}`): names are
//!   not trusted, and the reader has to see what is in them.
//! * `render::clean`, for article text on a terminal, drops all but joiners, which are spelling in Persian and Indic
//!   scripts; separators and tabs become spaces. Of variation selectors it keeps a single one of the sixteen common
//!   ones: runs of them can carry any text past a reader.
//! * `cli::shield`, for all that reaches a terminal, writes the escape of JSON (`\u202e`) for all but joiners, tabs,
//!   line ends and ESC: complete output has lines, and ESC begins our own colours.
//! * [`analysis`](crate::analysis) passes over joiners, direction and width within a word; the others end a word. To
//!   change this changes the index (`analysis::VERSION`).

use std::borrow::Cow;

/// A text without the escape sequences of terminals (ECMA-48): whole, so that nothing of a colour like `ESC [31m` is left.
/// A control string (`ESC ]` and others) counts only where it ends. The letter after any other ESC is text.
pub(crate) fn without_sequences(text: &str) -> Cow<'_, str> {
    if !text.contains(begins_sequence) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(begins_sequence) {
        out.push_str(&rest[..at]);
        rest = after_sequence(&rest[at..]);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// ESC, and the control characters that stand for ESC and one more.
fn begins_sequence(c: char) -> bool {
    matches!(c, '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}'..='\u{9f}')
}

/// What follows the escape sequence with which a text begins.
fn after_sequence(text: &str) -> &str {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    let (kind, rest) = match (first, chars.clone().next()) {
        ('\u{1b}', Some(kind @ ('P' | 'X' | '[' | ']' | '^' | '_'))) => (kind, &chars.as_str()[1..]),
        ('\u{1b}', Some(' '..='/')) => ('[', chars.as_str()),
        ('\u{1b}', _) => return chars.as_str(),
        ('\u{9b}', _) => ('[', chars.as_str()),
        _ => (']', chars.as_str()),
    };
    if kind == '[' {
        let end = rest.trim_start_matches(|c: char| matches!(c, ' '..='?'));
        return end.strip_prefix(|c: char| matches!(c, '@'..='~')).unwrap_or(end);
    }
    let end = rest.find(['\u{7}', '\u{9c}', '\u{1b}']);
    let ended = end
        .map(|at| &rest[at..])
        .and_then(|end| end.strip_prefix("\u{1b}\\").or_else(|| end.strip_prefix(['\u{7}', '\u{9c}'])));
    ended.unwrap_or(rest)
}

/// What a character does without being seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hidden {
    /// Control characters (C0, DEL, C1), which steer a terminal; tabs and line ends among them.
    Control,
    /// Joins or separates the letters beside it (U+200C, U+200D).
    Joiner,
    /// Ends a line or a paragraph (U+2028, U+2029).
    Separator,
    /// Changes the direction of writing, so that text looks like other text.
    Direction,
    /// Has no width: soft hyphen, spaces and operators without width, byte order mark. Makes two words look the same.
    Width,
    /// Has no width either, and hardly occurs in articles: the marks of single scripts, what Unicode advises against,
    /// annotations, tags, which hide text.
    Rare,
}

impl Hidden {
    /// The class of a character; `None` for those that are seen, spaces among them.
    #[inline]
    pub(crate) fn of(c: char) -> Option<Self> {
        Some(match c {
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Self::Control,
            '\u{200c}' | '\u{200d}' => Self::Joiner,
            '\u{2028}' | '\u{2029}' => Self::Separator,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Self::Direction,
            '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => Self::Width,
            '\u{61c}' | '\u{180e}' | '\u{2065}' | '\u{206a}'..='\u{206f}' => Self::Rare,
            '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => Self::Rare,
            _ => return None,
        })
    }
}

/// A variation selector: it changes how the character before it looks (`❤` or its picture), and is seen by nobody where
/// that has no other form.
pub(crate) fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The ranges of characters for which `holds`, for tests: `ad 200b-200d`.
#[cfg(test)]
pub(crate) fn ranges(holds: impl Fn(char) -> bool) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in ('\0'..=char::MAX).filter(|c| holds(*c)).map(u32::from) {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == c => *end = c,
            _ => ranges.push((c, c)),
        }
    }
    let shown = ranges.iter().map(|(start, end)| match start == end {
        true => format!("{start:x}"),
        false => format!("{start:x}-{end:x}"),
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_escape_sequence_nothing_is_left() {
        for (text, left) in [
            ("Alda", "Alda"),
            ("a\x1b[31mb\x1b[0;1mc\x1b[K", "abc"),
            ("a\u{9b}38;5;1mb", "ab"),
            ("\x1b]8;;https://alda.example\x1b\\link\x1b]8;;\u{7}!", "link!"),
            ("\u{9d}0;title\u{9c}text", "text"),
            ("a\x1b]0;never ended", "a0;never ended"),
            ("a\x1b(Bb", "ab"),
            ("\x1bAlda", "Alda"),
            ("a\x1b", "a"),
            ("a\x1b[31", "a"),
            ("a\x1b[Šb", "aŠb"),
            ("\x1bŠ\x1b\x1b[1mx", "Šx"),
        ] {
            assert_eq!(without_sequences(text), left, "{text:?}");
        }
    }

    #[test]
    fn of_all_characters_these_are_hidden() {
        let of = |class| ranges(|c| Hidden::of(c) == Some(class));
        assert_eq!(of(Hidden::Control), ranges(char::is_control));
        assert_eq!(of(Hidden::Joiner), "200c-200d");
        assert_eq!(of(Hidden::Separator), "2028-2029");
        assert_eq!(of(Hidden::Direction), "200e-200f 202a-202e 2066-2069");
        assert_eq!(of(Hidden::Width), "ad 200b 2060-2064 feff");
        assert_eq!(of(Hidden::Rare), "61c 180e 2065 206a-206f fff9-fffb e0000-e007f");
    }
}
