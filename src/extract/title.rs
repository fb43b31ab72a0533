//! Headlines: cleaning and comparing them, and cutting off the outlet's name.

/// Signs between a headline and the name of the site, with the spaces that belong to them: no list of words.
const SEPARATORS: &[&str] = &[
    " | ", " – ", " — ", " - ", " · ", " • ", " » ", " « ", " :: ", " / ", " ‹ ", " ⋆ ", " ｜ ", "｜", "：", " |",
    " : ",
];

/// Cuts the site's name off a headline, at either end.
///
/// A part is cut off if it is one of `sites`, if it signs the title (`by Ada Brook`), or if the rest equals `heading`,
/// the headline that stands on the page. A dash alone is no reason to cut.
pub(crate) fn without_site(title: &str, sites: &[String], heading: Option<&str>) -> String {
    let mut title = clean(title);
    // The page's own headline, followed by a separator and something else.
    if let Some(heading) = heading.filter(|heading| key(heading).len() > 14 && title.starts_with(*heading))
        && SEPARATORS.iter().any(|separator| title[heading.len()..].starts_with(separator))
    {
        return heading.to_owned();
    }
    for _ in 0..3 {
        let Some(shorter) = cut_once(&title, sites, heading) else { break };
        title = shorter;
    }
    title
}

fn cut_once(title: &str, sites: &[String], heading: Option<&str>) -> Option<String> {
    for separator in SEPARATORS {
        if let Some((front, back)) = title.rsplit_once(separator)
            && !front.trim().is_empty()
            && (is_site(back, sites) || is_signature(back) || heading.is_some_and(|heading| same(front, heading)))
        {
            return Some(front.trim().to_owned());
        }
        if let Some((front, back)) = title.split_once(separator)
            && !back.trim().is_empty()
            && (is_site(front, sites) || heading.is_some_and(|heading| same(back, heading)))
            && letters(back) > letters(front)
        {
            return Some(back.trim().to_owned());
        }
    }
    None
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
        let tag = rest[at + 1..].trim_start_matches('/');
        let end = rest[at..].find('>').filter(|end| *end < 200 && tag.starts_with(|c: char| c.is_ascii_alphabetic()));
        match end {
            Some(end) => {
                out.push_str(&rest[..at]);
                if tag.to_ascii_lowercase().starts_with("br") {
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

    #[test]
    fn the_sites_name_is_cut_and_nothing_else() {
        let sites = ["The Harbour Post".to_owned(), "harbourpost".to_owned()];
        for (title, want) in [
            ("Frigates sail | The Harbour Post", "Frigates sail"),
            ("Frigates sail - News - Harbour Post", "Frigates sail - News"),
            ("The Harbour Post: Frigates sail", "The Harbour Post: Frigates sail"),
            ("Frigates sail – and return", "Frigates sail – and return"),
            ("Frigates sail - by Ada Brook - Harbour Post", "Frigates sail"),
            ("Frigates sail | Harbour Post | by Ada Brook", "Frigates sail"),
            ("Frigates sail — Harbour Post", "Frigates sail"),
            ("Frigates sail · Harbour Post", "Frigates sail"),
            ("Harbour Post: HMS Lorn - by night", "Harbour Post: HMS Lorn - by night"),
            ("HarbourPost » Frigates &amp; more", "Frigates & more"),
        ] {
            assert_eq!(without_site(title, &sites, None), want);
        }
    }

    #[test]
    fn a_heading_on_the_page_tells_where_the_headline_ends() {
        assert_eq!(
            without_site(
                "Frigates sail to the north sea | Sea News | by Ada Brook",
                &[],
                Some("Frigates sail to the north sea")
            ),
            "Frigates sail to the north sea"
        );
        assert_eq!(without_site("Frigates sail - Sea News Daily", &[], Some("Frigates sail")), "Frigates sail");
        // All that follows goes at once only behind a heading of more than 14 letters.
        let cut = |heading: &str| without_site(&format!("{heading} - Sea - News"), &[], Some(heading));
        assert_eq!(cut("Frigates sails x"), "Frigates sails x - Sea - News");
        assert_eq!(cut("Frigates sails xy"), "Frigates sails xy");
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
