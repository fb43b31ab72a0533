//! Datelines: `BRUSSELS, 3 March (Agency) -` at the front of a report.
//!
//! A dateline is place-like capitals, or a well-known place in mixed case, closed by a dash or a colon. It is moved
//! from the text to [`Dateline`], so that passages do not all begin with a city.

use jiff::civil::Date;

use super::dates;
use crate::article::{Article, Dateline, Moment, ParagraphKind};
use crate::wordlist::WordList;

/// Longest dateline, in bytes.
const LONGEST: usize = 110;

/// Places that news is written from, in lower case. They decide on datelines in mixed case; in capitals any place is
/// accepted.
static PLACES: WordList = WordList::new(include_str!("lists/dateline_places.txt"));

/// States and regions that follow a city; they are no second place.
static REGIONS: WordList = WordList::new(include_str!("lists/dateline_regions.txt"));

/// News agencies that datelines name.
static AGENCIES: WordList = WordList::new(include_str!("lists/dateline_agencies.txt"));

/// Words in capitals that open an article and are no place.
static LABELS: WordList = WordList::new(include_str!("lists/labels.txt"));

/// Titles before the name of a speaker in a transcript (`MR. REED:`).
static SPEAKER_TITLES: WordList = WordList::new(include_str!("lists/speaker_titles.txt"));

/// Moves the dateline from the front of one of the first four paragraphs to the article's field.
pub(crate) fn take(article: &mut Article) {
    let published = article.published.map(|moment: Moment| moment.day());
    // A byline or the name of a unit may stand above the report; nothing longer.
    let mut found = None;
    for (at, paragraph) in article.paragraphs.iter().enumerate().take(4) {
        let text = &article.text[paragraph.range()];
        if paragraph.kind == ParagraphKind::Text
            && let Some((dateline, length)) = parse(text, published)
        {
            found = Some((at, dateline, length));
            break;
        }
        if text.len() > 120 || super::boilerplate::ends_sentence(text) && paragraph.kind == ParagraphKind::Text {
            break;
        }
    }
    let Some((first, dateline, length)) = found else { return };
    let range = article.paragraphs[first].range();
    article.text.replace_range(range.start..range.start + length, "");
    for (at, paragraph) in article.paragraphs.iter_mut().enumerate().skip(first) {
        if at > first {
            paragraph.start -= length;
        } else if let Some((from, to)) = paragraph.input
            && to - from == (range.end - range.start) as u64
        {
            paragraph.input = Some((from + length as u64, to));
        }
        paragraph.end -= length;
    }
    article.evidence.insert("dateline".to_owned(), "text".to_owned());
    article.dateline = Some(dateline);
}

/// The dateline at the start of a paragraph, and how many bytes it takes with the blanks behind it.
pub(crate) fn parse(text: &str, published: Option<Date>) -> Option<(Dateline, usize)> {
    let window = &text[..text.floor_char_boundary(LONGEST)];
    for (at, end) in closings(window) {
        let head = window[..at].trim();
        let rest = &text[end..];
        let blanks = rest.len() - rest.trim_start().len();
        if rest.trim().is_empty() {
            return None;
        }
        if let Some(mut dateline) = head_of(head, &window[at..end], published) {
            dateline.text = text[..end].trim().to_owned();
            return Some((dateline, end + blanks));
        }
    }
    None
}

/// Where a dateline may end, at most four places, as byte ranges: an em or en dash, two hyphens, a hyphen between
/// blanks or after a bracket, or a colon.
fn closings(window: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut depth = 0_i32;
    for (at, c) in window.char_indices() {
        let end = at + c.len_utf8();
        let before = window[..at].chars().next_back().unwrap_or(' ');
        let after = window[end..].chars().next().unwrap_or('x');
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '–' | '—' | '―' if depth <= 0 => found.push((at, end)),
            '-' if depth <= 0 && after == '-' => found.push((at, end + 1)),
            '-' if depth <= 0
                && (before.is_whitespace() || before == ')')
                && (after.is_whitespace() || before == ')') =>
            {
                found.push((at, end))
            }
            ':' if depth <= 0 && (after.is_whitespace() || after.is_uppercase()) => found.push((at, end)),
            '.' if before == ')' => {}
            '!' | '?' | '“' | '"' | '\n' => break,
            _ => {}
        }
    }
    found.truncate(4);
    found
}

/// Reads what stands before the closing sign.
fn head_of(head: &str, closing: &str, published: Option<Date>) -> Option<Dateline> {
    if head.is_empty() || head.len() > 100 || !head.chars().next()?.is_uppercase() {
        return None;
    }
    let (head, agency, bracket) = agency_of(head);
    let mut parts: Vec<&str> =
        head.split([',', '/', ';', '•']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (date, dated) = match bracket.and_then(dates::parse) {
        Some(moment) => (Some(moment.day()), true),
        None => date_of(&mut parts, published),
    };
    let mut slash_agency = None;
    if let Some(last) = parts.last().copied()
        && parts.len() > 1
        && AGENCIES.has(last.to_lowercase().as_str())
        && !PLACES.has(last.to_lowercase().as_str())
    {
        slash_agency = Some(last.to_owned());
        parts.pop();
    }
    let agency = agency.or(slash_agency);
    let marked = dated || agency.is_some();
    let places = places_of(&parts, marked, closing)?;
    Some(Dateline { text: String::new(), places, date, agency })
}

/// Cuts `(Reuters)` off: gives what precedes it, the agency, and what is in the brackets.
fn agency_of(head: &str) -> (&str, Option<String>, Option<&str>) {
    let Some((front, back)) = head.rsplit_once(['(', '[']) else { return (head, None, None) };
    let Some(inner) = back.trim_end().strip_suffix([')', ']']) else { return (head, None, None) };
    let inner = inner.trim();
    let known = inner.split(['/', ',', ' ']).any(|part| AGENCIES.has(part.to_lowercase().as_str()))
        || AGENCIES.has(inner.to_lowercase().as_str());
    let short = inner.len() <= 30
        && inner.chars().next().is_some_and(char::is_uppercase)
        && !inner.chars().any(|c| c.is_ascii_digit());
    (front.trim(), (known || short).then(|| inner.to_owned()), Some(inner))
}

/// Removes the parts that are a date. Gives the day where its year is stated or follows from `published`, and whether
/// there was a date.
fn date_of(parts: &mut Vec<&str>, published: Option<Date>) -> (Option<Date>, bool) {
    let Some(at) = parts.iter().position(|part| day_and_month(part).is_some()) else {
        // A weekday alone (`PARIS, Tuesday -`) is no date.
        return (None, false);
    };
    let Some((place, day, month, year)) = day_and_month(parts[at]) else { return (None, false) };
    let mut year = year;
    if let Some(next) = parts.get(at + 1).and_then(|part| year_of(part)) {
        year = Some(next);
        parts.remove(at + 1);
    }
    if place.is_empty() {
        parts.remove(at);
    } else {
        parts[at] = place;
    }
    let date = match year {
        Some(year) => Date::new(year, month, day).ok(),
        // Without a year: the nearest such day not after publication.
        None => published.and_then(|published| {
            let same = Date::new(published.year(), month, day).ok()?;
            if same <= published { Some(same) } else { Date::new(published.year() - 1, month, day).ok() }
        }),
    };
    (date, true)
}

fn year_of(word: &str) -> Option<i16> {
    let word = word.trim_end_matches('.');
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1850..2150).contains(year))
}

/// `3 March`, `March 3`, `Mar. 3, 2025`, `3 Feb. 2026`, with what stands before it (`London 3 March`).
fn day_and_month(part: &str) -> Option<(&str, i8, i8, Option<i16>)> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let at = words.iter().position(|word| dates::month(word).is_some())?;
    let month = dates::month(words[at])?;
    let number = |word: Option<&&str>| -> Option<i8> {
        let word = word?
            .trim_end_matches(['.', ','])
            .trim_end_matches("st")
            .trim_end_matches("nd")
            .trim_end_matches("rd")
            .trim_end_matches("th");
        word.parse().ok().filter(|day| (1..=31).contains(day))
    };
    let before = at.checked_sub(1).and_then(|before| number(words.get(before)));
    let (day, first, last) = match before {
        Some(day) => (day, at - 1, at),
        None => (number(words.get(at + 1))?, at, at + 1),
    };
    let year = words.get(last + 1).and_then(|word| year_of(word));
    if words.len() > last + 1 + usize::from(year.is_some()) {
        return None;
    }
    let offset = words[first].as_ptr() as usize - part.as_ptr() as usize;
    Some((part[..offset].trim(), day, month, year))
}

/// The places among the parts, in the case of names; none if the parts are not place-like.
fn places_of(parts: &[&str], marked: bool, closing: &str) -> Option<Vec<String>> {
    let first = *parts.first()?;
    if parts.len() > 4 {
        return None;
    }
    let mut places = Vec::new();
    let capitals = in_capitals(first);
    let region_follows = parts.get(1).is_some_and(|part| is_region(part));
    let known = is_place(first);
    let dash = !closing.starts_with(':');
    // In capitals any short run of words is a place if a dash closes it. Before a colon it must be a known place, or
    // have a date, agency or region, because "UPDATE: …" and "EXCLUSIVE: …" look the same.
    let fits = if capitals {
        !is_label(first) && (dash || known || marked || region_follows)
    } else {
        is_name_like(first)
            && (known && (marked || dash || parts.len() == 1 || region_follows) || marked || region_follows && dash)
    };
    if !fits {
        return None;
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 && is_region(part) && !is_place(part) {
            continue;
        }
        if at > 0 && !(in_capitals(part) || is_place(part)) {
            // `HAYWARD, Calif.` is covered; anything else in small letters is a sentence and no place.
            if !is_name_like(part) || part.split_whitespace().count() > 3 {
                return None;
            }
            continue;
        }
        if at > 0 && is_label(part) {
            return None;
        }
        places.push(name_case(part));
    }
    Some(places)
}

fn in_capitals(part: &str) -> bool {
    let letters = part.chars().filter(|c| c.is_alphabetic()).count();
    let words = part.split_whitespace().count();
    letters >= 3 && words <= 5 && part.chars().filter(|c| c.is_lowercase()).count() == 0 && !part.chars().any(|c| c.is_ascii_digit())
        // `McALLEN` and `al-ASAD` are rare enough to miss; a script without case has no capitals.
        && part.chars().any(char::is_uppercase)
}

fn is_place(part: &str) -> bool {
    PLACES.has(part.trim_end_matches('.').to_lowercase().as_str())
}

fn is_region(part: &str) -> bool {
    REGIONS.has(part.trim_end_matches('.').to_lowercase().as_str())
}

fn is_name_like(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    (1..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().next().is_some_and(char::is_uppercase)
                || matches!(*word, "de" | "of" | "the" | "am" | "an" | "der" | "del" | "la" | "on" | "upon")
        })
        && !part.chars().any(|c| c.is_ascii_digit())
}

/// Whether a part in capitals is a label or names a speaker, and no place.
fn is_label(part: &str) -> bool {
    let lower = part.trim_end_matches('.').to_lowercase();
    LABELS.has(&lower) || lower.split_whitespace().next().is_some_and(|word| SPEAKER_TITLES.has(word))
}

/// `PHILIPPINE SEA` as `Philippine Sea`; mixed case stays.
fn name_case(part: &str) -> String {
    if part.chars().any(char::is_lowercase) {
        return part.to_owned();
    }
    let mut out = String::with_capacity(part.len());
    let dotted = |word: &str| word.contains('.') || matches!(word, "DC" | "USA" | "UK" | "UAE");
    for (at, word) in part.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        if dotted(word) {
            out.push_str(word);
            continue;
        }
        if at > 0 && matches!(word, "OF" | "DE" | "DEL" | "AND" | "ON" | "AM" | "AN" | "DER" | "UPON") {
            out.push_str(&word.to_lowercase());
            continue;
        }
        let mut start = true;
        for c in word.chars() {
            if start {
                out.push(c);
            } else {
                out.extend(c.to_lowercase());
            }
            start = !c.is_alphanumeric() && c != '\'' && c != '’';
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places, agency, day, and the text that is left.
    type Read<'t> = (Vec<String>, Option<String>, Option<String>, &'t str);

    fn of(text: &str) -> Option<Read<'_>> {
        let published = Date::new(2026, 2, 10).ok();
        parse(text, published).map(|(dateline, length)| {
            (dateline.places, dateline.agency, dateline.date.map(|date| date.to_string()), &text[length..])
        })
    }

    #[test]
    fn the_forms_that_newsrooms_use() {
        for (text, places, agency, date) in [
            ("PHILIPPINE SEA (June 21, 2020) – The talks resume.", vec!["Philippine Sea"], None, Some("2020-06-21")),
            ("LONDON: The talks resume.", vec!["London"], None, None),
            (
                "BRUSSELS, 3 February (Reuters) - The talks resume.",
                vec!["Brussels"],
                Some("Reuters"),
                Some("2026-02-03"),
            ),
            ("BRUSSELS, Dec 30 (Reuters) - The talks resume.", vec!["Brussels"], Some("Reuters"), Some("2025-12-30")),
            ("PARIS (AP) — The talks resume.", vec!["Paris"], Some("AP"), None),
            ("PHILIPPINE SEA – The talks resume.", vec!["Philippine Sea"], None, None),
            ("WASHINGTON — The talks resume.", vec!["Washington"], None, None),
            ("London, UK – The talks resume.", vec!["London"], None, None),
            ("KYIV, Ukraine (AP) — The talks resume.", vec!["Kyiv"], Some("AP"), None),
            ("BERLIN/PARIS (dpa) - The talks resume.", vec!["Berlin", "Paris"], Some("dpa"), None),
            ("London – The talks resume.", vec!["London"], None, None),
            ("London, 3 Feb. 2026: The talks resume.", vec!["London"], None, Some("2026-02-03")),
            ("BUFFALO, N.Y. — The talks resume.", vec!["Buffalo"], None, None),
            ("HAYWARD, Calif. (AP) — The talks resume.", vec!["Hayward"], Some("AP"), None),
            (
                "JOINT BASE PEARL HARBOR-HICKAM, Hawaii -- The talks resume.",
                vec!["Joint Base Pearl Harbor-Hickam"],
                None,
                None,
            ),
            ("Berlin (dpa) - The talks resume.", vec!["Berlin"], Some("dpa"), None),
            ("Oldenburg (dpa) - The talks resume.", vec!["Oldenburg"], Some("dpa"), None),
        ] {
            let want = (
                places.into_iter().map(str::to_owned).collect(),
                agency.map(str::to_owned),
                date.map(str::to_owned),
                "The talks resume.",
            );
            assert_eq!(of(text), Some(want), "{text}");
        }
    }

    #[test]
    fn sentences_that_only_look_like_it() {
        for text in [
            "UPDATE: The talks resume.",
            "EXCLUSIVE - The talks resume.",
            "NATO: what you need to know",
            "London is waiting – and Brussels too.",
            "The talks – if they resume – are hard.",
            "London: ",
            "Smith – who leads the talks – said no.",
            "THE PRESIDENT: Thank you all.",
            "MR. REED: Good morning.",
            "What next? London – perhaps.",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn the_text_and_its_paragraphs_move_together() {
        let mut article = Article::default();
        article.set_paragraphs(
            ["OSLO — One.", "Two."]
                .map(|text| crate::article::NewParagraph { text: text.to_owned(), ..Default::default() }),
        );
        take(&mut article);
        assert_eq!(article.text, "One.\n\nTwo.");
        let kept: Vec<&str> = article.paragraphs.iter().map(|paragraph| &article.text[paragraph.range()]).collect();
        assert_eq!(kept, ["One.", "Two."]);
        assert_eq!(article.dateline.map(|dateline| dateline.text).as_deref(), Some("OSLO —"));
    }
}
