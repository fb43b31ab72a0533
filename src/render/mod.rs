//! Responses as text: for a terminal, as JSON, in the forms that other programs read.

pub mod changes;
pub(crate) mod evidence;
pub mod export;
pub mod json;
#[cfg(test)]
mod output_tests;
pub(crate) mod statements;
pub mod svg;
pub mod table;
pub mod terminal;
mod text;

use std::borrow::Cow;

use crate::hidden::{Hidden, is_selector, without_sequences};
use crate::number::inflected;
pub(crate) use text::Rich;

/// Columns of a title or name that people are shown, at most.
const LONGEST: usize = 300;

/// How text is marked and wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours may be used.
    pub colored: bool,
    /// Text may be linked to an address (OSC 8).
    pub linked: bool,
    /// How highlights stand out where there are no colours.
    pub marks: Marks,
    /// Width of a line, in columns.
    pub width: usize,
}

/// What stands around highlights where there are no colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Marks {
    /// «word», ‹actor›.
    #[default]
    Guillemets,
    /// `**word**`, `*actor*`, as in Markdown.
    Stars,
    /// Nothing.
    None,
}

impl Marks {
    /// The marks as a legend names them; empty where there are none.
    fn name(self, actor: bool) -> &'static str {
        match (self, actor) {
            (Self::Guillemets, false) => "« »",
            (Self::Guillemets, true) => "‹ ›",
            (Self::Stars, false) => "**",
            (Self::Stars, true) => "*",
            (Self::None, _) => "",
        }
    }

    /// The marks before and after a highlight: a mention of a requested actor where `actor` is set, else a word.
    fn around(self, actor: bool) -> (&'static str, &'static str) {
        match (self, actor) {
            (Self::Guillemets, false) => ("«", "»"),
            (Self::Guillemets, true) => ("‹", "›"),
            (Self::Stars, false) => ("**", "**"),
            (Self::Stars, true) => ("*", "*"),
            (Self::None, _) => ("", ""),
        }
    }
}

impl Style {
    /// `text` in the style of an SGR code; unchanged where colours are off or the code is empty.
    pub(crate) fn paint(&self, code: &str, text: &str) -> String {
        if self.colored && !code.is_empty() && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// `text` as a hyperlink (OSC 8); unchanged where links are off, or where the address is not `http:`, `https:` or
    /// `file:` in visible ASCII.
    pub fn link(&self, address: &str, text: &str) -> String {
        let known = ["http://", "https://", "file://"].iter().any(|scheme| address.starts_with(scheme));
        if self.linked && known && address.bytes().all(|byte| byte.is_ascii_graphic()) {
            format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\")
        } else {
            text.to_owned()
        }
    }
}

/// Text that is safe to print on a terminal. Escape sequences, control characters (line ends among them),
/// marks that turn the direction of writing and invisible characters are dropped; tabs and the separators of lines and
/// paragraphs (U+2028, U+2029) become spaces. Joiners stay: they are spelling in Persian and Indic scripts. Of variation
/// selectors the first after a character stays, where it is one of the sixteen that emoji use.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| safe(c) == Some(c) && !is_selector(c)) {
        return Cow::Borrowed(text);
    }
    let (plain, mut selected) = (without_sequences(text), true);
    let shown = plain.chars().filter_map(safe).filter(|c| {
        let stays = !is_selector(*c) || (!selected && *c < '\u{10000}');
        selected = is_selector(*c);
        stays
    });
    Cow::Owned(shown.collect())
}

/// A title or name as it is shown to people: safe to print, and cut where it is so long that it would fill the screen.
pub(crate) fn short(text: &str) -> Cow<'_, str> {
    match clean(text) {
        long if long.chars().nth(LONGEST).is_some() => Cow::Owned(terminal::shortened(&long, LONGEST)),
        all => all,
    }
}

/// What is printed for a character; `None` where it is dropped.
fn safe(c: char) -> Option<char> {
    match Hidden::of(c) {
        None | Some(Hidden::Joiner) => Some(c),
        Some(Hidden::Separator) => Some(' '),
        Some(Hidden::Control) if c == '\t' => Some(' '),
        Some(_) => None,
    }
}

/// A number with commas between its thousands: `1,482`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A label as it is shown to people: with a question mark where it is a name that no heading covers.
pub(crate) fn doubted(label: &str, unlisted: bool) -> String {
    let label = clean(label);
    if unlisted { format!("{label}?") } else { label.into_owned() }
}

/// A number and its noun: `1 story`, `1,482 stories`.
pub(crate) fn grouped_number_of(count: u64, noun: &str) -> String {
    format!("{} {}", grouped(count), inflected(count, noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_gets_through() {
        assert_eq!(clean("a\x1b[31mb\u{202e}c\u{7}\u{9b}d\u{2028}e\u{2066}f\tg"), "abc ef g");
        assert!(matches!(clean("Šefčovič"), Cow::Borrowed(_)));
        assert_eq!(clean("می\u{200c}خواهم"), "می\u{200c}خواهم", "a joiner is spelling");
    }

    #[test]
    fn selectors_cannot_carry_text() {
        assert_eq!(clean("❤\u{fe0f} a\u{fe00}\u{fe01}\u{fe02}b"), "❤\u{fe0f} a\u{fe00}b");
        assert_eq!(clean("\u{fe0f}a\u{e0100}\u{e01ef}\u{fe0f}b"), "ab");
    }

    #[test]
    fn what_would_fill_the_screen_is_cut() {
        assert_eq!(short("Alda \x1b[1mbuys"), "Alda buys");
        let cut = short(&"Šx".repeat(5000)).into_owned();
        assert!(cut.chars().count() == LONGEST && cut.ends_with('…'), "{cut}");
        assert!(short(&"國".repeat(300)).chars().count() <= LONGEST);
    }

    #[test]
    fn thousands_stand_apart() {
        let said: Vec<String> = [0, 999, 1_000, 1_482, 100_000, 12_345_678].map(grouped).into();
        assert_eq!(said, ["0", "999", "1,000", "1,482", "100,000", "12,345,678"]);
    }

    #[test]
    fn only_addresses_that_open_a_page_or_a_file_are_linked() {
        let style = Style { colored: true, linked: true, marks: Marks::Guillemets, width: 80 };
        assert_eq!(style.link("https://a.example/x", "t"), "\x1b]8;;https://a.example/x\x1b\\t\x1b]8;;\x1b\\");
        for bad in ["javascript:alert(1)", "https://a.example/\x1b[2J", "https://a.example/ x", "/etc/passwd"] {
            assert_eq!(style.link(bad, "t"), "t");
        }
        let unlinked = Style { linked: false, ..style };
        assert_eq!(unlinked.link("https://a.example/x", "t"), "t");
    }

    #[test]
    fn paint_needs_colours_a_code_and_text() {
        let style = Style { colored: true, linked: false, marks: Marks::Guillemets, width: 80 };
        assert_eq!(style.paint("1", "a"), "\x1b[1ma\x1b[0m");
        assert_eq!((style.paint("", "a").as_str(), style.paint("1", "").as_str()), ("a", ""));
        assert_eq!(Style { colored: false, ..style }.paint("1", "a"), "a");
    }

    #[test]
    fn of_all_characters_these_are_dropped_or_become_spaces() {
        // U+009B begins an escape sequence, of which the letter after it is the end.
        let becomes = |c: char, shown: &str| clean(&format!("a{c}b")) == format!("a{shown}b");
        assert_eq!(
            crate::hidden::ranges(|c| becomes(c, "")),
            "0-8 a-1f 7f-9a 9c-9f ad 61c 180e 200b 200e-200f 202a-202e 2060-206f feff fff9-fffb e0000-e007f e0100-e01ef"
        );
        assert_eq!(crate::hidden::ranges(|c| c != ' ' && becomes(c, " ")), "9 2028-2029");
        let good = "a\u{a0}\u{200c}\u{200d}\u{2027}\u{202f}\u{205f}\u{2070}\u{fff8}\u{fffd}\u{e0080}z";
        assert_eq!(clean(good), good);
    }
}
