//! Headlines: cleaning and comparing them, and cutting off the outlet's name.

use crate::hidden::without_sequences;
use crate::wordlist::WordList;

/// Signs between a headline and the name of the site, with the spaces that belong to them: no list of words.
const SEPARATORS: &[&str] = &[
    " | ", " – ", " — ", " - ", " · ", " • ", " » ", " « ", " :: ", " / ", " ‹ ", " ⋆ ", " ｜ ", "｜", "：", " |",
    " : ",
];

/// Names of sections and front pages.
static SECTIONS: WordList = WordList::new(include_str!("lists/sections.txt"));

/// Forms of companies that end a legal name.
static LEGAL_FORMS: WordList = WordList::new(include_str!("lists/legal_forms.txt"));

/// What may hang on a headline.
#[derive(Debug, Default)]
pub(crate) struct Around<'a> {
    /// Names of the site.
    pub(crate) sites: &'a [String],
    /// Names of the authors.
    pub(crate) authors: &'a [String],
    /// The section that the page declares.
    pub(crate) section: Option<String>,
}

/// Cuts off a headline, at either end, what hangs on it.
///
/// A part is cut off if it is a name of the site, an author, or the declared section, if it signs the title (`by Ada
/// Brook`), if it is the name of a section before the site's, or if the rest equals one of `headings`, which stand on the
/// page. A dash alone is no reason to cut.
pub(crate) fn without_site(title: &str, around: &Around<'_>, headings: &[&str]) -> String {
    let mut title = clean(title);
    // The page's own headline, followed by a separator and something else.
    let own = headings.iter().filter(|heading| key(heading).len() > 14 && title.starts_with(**heading));
    let own = own.filter(|heading| SEPARATORS.iter().any(|separator| title[heading.len()..].starts_with(separator)));
    if let Some(heading) = own.max_by_key(|heading| heading.len()) {
        return (*heading).to_owned();
    }
    let mut last = None;
    for _ in 0..4 {
        let Some((shorter, separator)) = cut_once(&title, around, headings, last) else { break };
        (title, last) = (shorter, separator);
    }
    title
}

/// The title without one part, and the separator if the site's name was behind it. `last`: the separator of the site's
/// name, which has been cut off the end.
fn cut_once(
    title: &str,
    around: &Around<'_>,
    headings: &[&str],
    last: Option<&'static str>,
) -> Option<(String, Option<&'static str>)> {
    let shown = |part: &str| headings.iter().any(|heading| same(part, heading));
    let is_author = |part: &str| around.authors.iter().any(|author| same(part, author));
    for separator in SEPARATORS {
        if let Some((front, back)) = title.rsplit_once(separator)
            && !front.trim().is_empty()
        {
            let site = is_site(back, around.sites);
            let declared = around.section.as_deref().is_some_and(|section| same(back, section));
            let section = declared || last == Some(*separator) && is_section(back);
            if site
                || section && letters(front) >= letters(back)
                || is_signature(back)
                || is_author(back)
                || shown(front)
            {
                return Some((front.trim().to_owned(), if site { Some(separator) } else { last }));
            }
        }
        if let Some((front, back)) = title.split_once(separator)
            && !back.trim().is_empty()
            && (is_site(front, around.sites) || shown(back))
            && letters(back) > letters(front)
        {
            return Some((back.trim().to_owned(), last));
        }
    }
    // `Harbour Post: Frigates sail`, by the site's whole name; a host alone may be the subject of the headline.
    let (front, back) = title.split_once(": ")?;
    let whole = around
        .sites
        .iter()
        .any(|site| site.contains(' ') && (same(site, front) || same(site, &format!("the {front}"))));
    (whole && back.trim().contains(' ')).then(|| (back.trim().to_owned(), last))
}

/// Whether a part of a title is the name of a section.
fn is_section(part: &str) -> bool {
    SECTIONS.has(&part.trim().to_lowercase().replace(' ', "-"))
}

/// Whether a heading tells of the same story as a title in other words: neither contains the other, and they share a
/// word of four letters or more. It is also another wording where the title was cut off at a quotation mark.
pub(crate) fn is_other_wording(title: &str, heading: &str) -> bool {
    let (one, other) = (key(title), key(heading));
    if other.len() < 12 || heading.len() > 300 {
        return false;
    }
    if other.contains(&one) || one.contains(&other) {
        let rest = heading.strip_prefix(title).unwrap_or_default().trim_start();
        return rest.starts_with(['"', '“', '„', '«']);
    }
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
        words.map(str::to_lowercase).collect()
    };
    let shown = words(heading);
    words(title).iter().any(|word| shown.contains(word))
}

/// The name of a site without its slogan (`Harbour Post - News from the quay`), if it is a name: no address, no handle,
/// no word for a front page.
pub(crate) fn site_name(value: &str) -> Option<String> {
    let whole = clean(value);
    let parts = SEPARATORS.iter().fold(vec![whole.as_str()], |parts, separator| {
        parts.into_iter().flat_map(|part| part.split(separator)).collect()
    });
    let parts = parts.into_iter().map(|part| part.trim_matches(['-', '–', '|', ' '])).filter(|part| {
        part.chars().any(char::is_alphanumeric) && !(is_section(part) && whole.len() > part.len()) && !is_front(part)
    });
    let parts: Vec<&str> = parts.collect();
    // A part of many words is the slogan.
    let name = parts.iter().find(|part| part.split_whitespace().count() <= 6).or(parts.first())?;
    let bad = name.len() > 80 || name.starts_with("http") || name.starts_with('@');
    (!bad).then(|| (*name).to_owned())
}

/// Whether a name is one of a front page and of no site.
fn is_front(name: &str) -> bool {
    matches!(
        name.to_lowercase().as_str(),
        "home" | "homepage" | "home page" | "startseite" | "accueil" | "welcome" | "inicio"
    )
}

/// Whether a name ends as that of a company does (`Harbour Post Ltd.`).
pub(crate) fn is_legal_name(name: &str) -> bool {
    name.rsplit_once(' ').is_some_and(|(_, last)| LEGAL_FORMS.has(last.trim_end_matches('.').to_lowercase().as_str()))
}

/// The part at an end of a page's title that is the name of the site at `host`.
pub(crate) fn site_in_title(title: &str, host: &str) -> Option<String> {
    let title = clean(title);
    let ends = SEPARATORS.iter().flat_map(|separator| {
        [title.rsplit_once(separator).map(|(_, back)| back), title.split_once(separator).map(|(front, _)| front)]
    });
    ends.flatten().map(str::trim).find(|part| part.len() <= 60 && is_of_host(part, host)).map(str::to_owned)
}

/// Whether a name is that of a host: the host's first label of four letters or more is the name without blanks, `the`
/// aside.
pub(crate) fn is_of_host(name: &str, host: &str) -> bool {
    let name = key(name);
    let name = name.strip_prefix("the").unwrap_or(&name);
    let label = |label: &str| {
        let label = key(label);
        label.len() >= 4 && (label == name || label.strip_prefix("the") == Some(name))
    };
    !name.is_empty() && host.split('.').any(label)
}

/// The parts of a title that may be its headline: those between separators and colons, what follows the first of each,
/// and what precedes the last of each separator.
pub(crate) fn parts(title: &str) -> Vec<&str> {
    let mut parts = vec![title];
    for separator in SEPARATORS.iter().chain(&[": "]) {
        parts = parts.iter().flat_map(|part| part.split(separator)).collect();
    }
    let behind = SEPARATORS.iter().chain(&[": "]).filter_map(|separator| Some(title.split_once(separator)?.1));
    let before = SEPARATORS.iter().filter_map(|separator| Some(title.rsplit_once(separator)?.0));
    parts.into_iter().chain(behind).chain(before).map(str::trim).collect()
}

/// Whether a part of a title signs it: `by Ada Brook`.
fn is_signature(part: &str) -> bool {
    part.trim().strip_prefix("by ").is_some_and(|names| {
        names.split_whitespace().count() <= 5
            && names.split_whitespace().all(|name| name.starts_with(char::is_uppercase))
    })
}

/// Cuts the name of the site off a page's own `<title>`, where blogs put it first: `The Quay Blog: Frigates sail`.
pub(crate) fn without_blog<'t>(title: &'t str, sites: &[String]) -> &'t str {
    match title.split_once(": ") {
        Some((front, back)) if is_site(front, sites) && !back.trim().is_empty() => back.trim(),
        _ => title,
    }
}

/// Whether a part of a title is the name of the site. Only letters and digits are compared; names of more than three
/// bytes match too if one begins or ends with the other.
fn is_site(part: &str, sites: &[String]) -> bool {
    let part = key(part);
    !part.is_empty()
        && sites.iter().any(|site| {
            let site = key(site);
            site == part
                || site.len() > 3
                    && part.len() > 3
                    && (site.starts_with(&part)
                        || part.starts_with(&site)
                        || site.ends_with(&part)
                        || part.ends_with(&site))
        })
}

/// Whether two headlines are the same but for case, signs and blanks.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (key(one), key(other));
    !one.is_empty() && one == other
}

/// Letters and digits of a text, in lower case.
pub(crate) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// A text with entities decoded, tags and control characters removed and white space joined.
pub(crate) fn clean(text: &str) -> String {
    let decoded = html_escape::decode_html_entities(text);
    // Some sites encode twice.
    let decoded = if decoded.contains('&') {
        html_escape::decode_html_entities(decoded.as_ref()).into_owned()
    } else {
        decoded.into_owned()
    };
    one_line(&without_tags(&decoded)).replace('\u{AD}', "")
}

/// Removes inline mark-up (`<em>`, `<br>`) from a value that should be plain.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let tag = rest[at + 1..].strip_prefix('/').unwrap_or(&rest[at + 1..]);
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic());
        let end = rest[at..].bytes().take(200).position(|byte| byte == b'>').filter(|_| is_tag);
        match end {
            Some(end) => {
                out.push_str(&rest[..at]);
                if tag.get(..2).is_some_and(|name| name.eq_ignore_ascii_case("br")) {
                    out.push(' ');
                }
                rest = &rest[at + end + 1..];
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A text on one line: white space joined, control and invisible characters dropped.
pub(crate) fn one_line(text: &str) -> String {
    if is_one_line(text) {
        return text.to_owned();
    }
    let text = without_sequences(text);
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word = word.trim_matches(['\u{200B}', '\u{FEFF}', '\u{2060}', '\u{200E}', '\u{200F}']);
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A quick test that a text is on one line already: ASCII, Latin letters and typographic marks, with single blanks
/// between words. It may miss a text that is.
fn is_one_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends_in_blank = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
    // Two loops without an early exit, so that the compiler can vectorise them.
    let printed = bytes.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | 0x80..));
    let parted = bytes.iter().zip(bytes.iter().skip(1)).fold(true, |all, two| all & (two != (&b' ', &b' ')));
    printed && parted && !ends_in_blank(bytes.first()) && !ends_in_blank(bytes.last()) && is_plain_beyond_ascii(bytes)
}

/// Whether every character beyond ASCII is of U+00C0 to U+00FF (Latin letters) or U+2010 to U+201F (typographic marks).
fn is_plain_beyond_ascii(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| !byte.is_ascii()) {
        at += next;
        at += match &bytes[at..] {
            [0xc3, ..] => 2,
            [0xe2, 0x80, 0x90..=0x9f, ..] => 3,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A title without what hangs on it, on a site of two names, beside the headings of the page.
    fn cut(title: &str, headings: &[&str]) -> String {
        let sites = ["The Harbour Post".to_owned(), "harbourpost".to_owned()];
        let authors = ["Ada Brook".to_owned()];
        without_site(
            title,
            &Around { sites: &sites, authors: &authors, section: Some("Sea Power".to_owned()) },
            headings,
        )
    }

    #[test]
    fn site_section_and_author_are_cut_and_nothing_else() {
        for (title, want) in [
            ("Frigates sail | The Harbour Post", "Frigates sail"),
            ("Frigates sail - News - Harbour Post", "Frigates sail"),
            ("Frigates sail | World News | Harbour Post", "Frigates sail | World News"),
            ("Frigates sail - Breaking News - Harbour Post", "Frigates sail"),
            ("Frigates sail – Sea Power", "Frigates sail"),
            ("Frigates sail - Ada Brook | Harbour Post", "Frigates sail"),
            ("Frigates sail - News", "Frigates sail - News"),
            ("Frigates sail | News - Harbour Post", "Frigates sail"),
            ("The Harbour Post: Frigates sail", "Frigates sail"),
            ("Lorn: Frigates sail - Harbour Post", "Lorn: Frigates sail"),
            ("Harbourpost: Frigates sail", "Frigates sail"),
            ("Harbour: Frigates sail", "Harbour: Frigates sail"),
            ("Frigates sail – and return", "Frigates sail – and return"),
            ("Frigates sail - by Ada Brook - Harbour Post", "Frigates sail"),
            ("Frigates sail | Harbour Post | by Ada Brook", "Frigates sail"),
            ("Frigates sail — Harbour Post", "Frigates sail"),
            ("Frigates sail · Harbour Post", "Frigates sail"),
            ("Harbour Post: HMS Lorn - by night", "HMS Lorn - by night"),
            ("HarbourPost » Frigates &amp; more", "Frigates & more"),
        ] {
            assert_eq!(cut(title, &[]), want, "{title}");
        }
    }

    #[test]
    fn a_heading_on_the_page_tells_where_the_headline_ends() {
        assert_eq!(
            cut(
                "Frigates sail to the north sea | Sea News | by Ada Brook",
                &["Sea News", "Frigates sail to the north sea"]
            ),
            "Frigates sail to the north sea"
        );
        assert_eq!(cut("Frigates sail - Sea News Daily", &["Frigates sail"]), "Frigates sail");
        // All that follows goes at once only behind a heading of more than 14 letters.
        let behind = |heading: &str| cut(&format!("{heading} - Sea - News"), &[heading]);
        assert_eq!(behind("Frigates sails x"), "Frigates sails x - Sea - News");
        assert_eq!(behind("Frigates sails xy"), "Frigates sails xy");
    }

    #[test]
    fn a_heading_in_other_words_is_told_from_the_same_one_with_more() {
        for (title, heading, other) in [
            ("Why the frigates left Lorn", "Two frigates leave Lorn for the north", true),
            ("Alda votes for a fleet", "Two frigates leave Lorn for the north", false),
            ("Ministers meet: \u{201e}We sail", "Ministers meet: \u{201e}We sail \"tomorrow\" and return", true),
            ("Two frigates leave Lorn", "Fleet: Two frigates leave Lorn", false),
            ("Fleet: Two frigates leave Lorn", "Two frigates leave Lorn", false),
            ("Two frigates leave Lorn", "Harbour guide of Alda", false),
            ("Two frigates leave Lorn", "Lorn leaves", false),
        ] {
            assert_eq!(is_other_wording(title, heading), other, "{title} / {heading}");
        }
    }

    #[test]
    fn a_site_is_called_by_its_name() {
        for (value, want) in [
            ("Harbour Post", Some("Harbour Post")),
            ("Harbour Post - News from the quay", Some("Harbour Post")),
            ("Home | Harbour Post", Some("Harbour Post")),
            ("All the news that the sea brings to Lorn | Harbour Post", Some("Harbour Post")),
            ("News", Some("News")),
            ("Home", None),
            ("@harbourpost", None),
            ("https://post.example", None),
            ("–", None),
        ] {
            assert_eq!(site_name(value).as_deref(), want, "{value}");
        }
        assert_eq!(
            site_in_title("Frigates sail | The Harbour Post", "harbourpost.example").as_deref(),
            Some("The Harbour Post")
        );
        assert_eq!(site_in_title("Frigates sail | Sea News", "harbourpost.example"), None);
        assert_eq!(["Quay Ltd.", "Quay GmbH", "Quay Media", "Quay"].map(is_legal_name), [true, true, false, false]);
    }

    #[test]
    fn a_blog_puts_its_name_first() {
        let sites = ["quayblog".to_owned()];
        assert_eq!(without_blog("The Quay Blog: Frigates sail", &sites), "Frigates sail");
        assert_eq!(without_blog("Lorn: frigates sail", &sites), "Lorn: frigates sail");
    }

    #[test]
    fn mark_up_and_invisible_characters_go() {
        assert_eq!(clean("A\u{7} <em>new</em>\n ship:\u{200B} 3 < 4 &amp;amp; 5"), "A new ship: 3 < 4 & 5");
    }

    #[test]
    fn the_short_way_gives_what_the_long_one_does() {
        for (text, at_once) in [
            ("It said “no” – Müller’s café.", true),
            ("two  blanks", false),
            (" a", false),
            ("a ", false),
            ("a\u{a0}b", false),
            ("a\u{200b}", false),
            ("", false),
        ] {
            assert_eq!(is_one_line(text), at_once, "{text}");
        }
        assert_eq!(one_line("It said “no” – Müller’s café."), "It said “no” – Müller’s café.");
        assert_eq!(one_line(" a\u{a0}b \u{200b}"), "a b");
    }
}
