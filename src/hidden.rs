//! Characters that act without being seen, in classes: the one table of them.
//!
//! Four places ask for them, and must differ in what they take:
//!
//! * [`visible`](crate::article::visible), for names in messages, writes all of them as escapes (`\u{202e}`): names are
//!   not trusted, and the reader has to see what is in them.
//! * `render::clean`, for article text on a terminal, drops all but joiners, which are spelling in Persian and Indic
//!   scripts; separators and tabs become spaces.
//! * `cli::shield`, for all that reaches a terminal, writes the escape of JSON (`\u202e`) for all but joiners, tabs,
//!   line ends and ESC: complete output has lines, and ESC begins our own colours.
//! * [`analysis`](crate::analysis) passes over joiners, direction and width within a word; the others end a word. To
//!   change this changes the index (`analysis::VERSION`).

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
