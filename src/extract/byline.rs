//! Bylines: from "By Ada Brook, Defence Correspondent" to the names alone.

use std::sync::LazyLock;

use super::boilerplate::{BESIDE, ends_sentence};
use super::dates;
use super::title::{clean, key};
use crate::article::{Article, NewParagraph};
use crate::wordlist::{WordList, WordTable};

/// Words that stand before a name.
static LEADS: WordList = WordList::new(include_str!("lists/byline_leads.txt"));

/// Signs and words that join two names, with a blank on either side, in the order in which they are tried. The flag is
/// true if it always separates names, false if it does so only between two full names (`Reyes y Prado` is one name).
static JOINS: LazyLock<Vec<(String, bool)>> = LazyLock::new(|| {
    let rows = WordTable::new(include_str!("lists/name_joins.txt")).ranked();
    rows.into_iter().map(|(word, parts)| (format!(" {word} "), parts == "always")).collect()
});

/// Words of a job, an office or a place that is no name.
static JOBS: WordList = WordList::new(include_str!("lists/jobs.txt"));

/// Words of a job that one person has (`correspondent`), which no institution's name ends in.
static JOBS_OF_PERSONS: WordList = WordList::new(include_str!("lists/jobs_of_persons.txt"));

/// Words that open a line which signs a story but is not marked as a byline.
static OPENERS: WordList = WordList::new(include_str!("lists/byline_openers.txt"));

/// Names of accounts and empty values that stand in the place of an author (`admin`).
static ACCOUNTS: WordList = WordList::new(include_str!("lists/account_names.txt"));

/// Openings of a line that names somebody else than the author.
static OTHER_LEADS: WordList = WordList::new(include_str!("lists/other_leads.txt"));

/// Words that stand in no name, as buttons and headings beside a byline have them.
static NO_NAMES: WordList = WordList::new(include_str!("lists/words_of_no_name.txt"));

/// Degrees and licences behind a name (`MD`).
static CREDENTIALS: WordList = WordList::new(include_str!("lists/credentials.txt"));

/// First words of institutions (`Ministry`), and words in their names (`Commission`).
static INSTITUTION_OPENERS: WordList = WordList::new(include_str!("lists/institution_openers.txt"));
static INSTITUTION_WORDS: WordList = WordList::new(include_str!("lists/institution_words.txt"));

/// Places that stand behind a name, as in `Ada Brook, Brussels`.
static PLACES: WordList = WordList::new(include_str!("lists/dateline_places.txt"));

/// The names in a list of bylines as the page writes them, at most 20. `outlets` are names of the site; they are
/// dropped if a person is named too.
pub(crate) fn names<'t, I: IntoIterator<Item = &'t str>>(raw: I, outlets: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in raw.into_iter().filter(|text| !text.contains("://") && !text.trim_start().starts_with("www.")) {
        for name in split(&without_brackets(&lines_of(text))) {
            if plausible(&name) && !names.iter().any(|other| key(other) == key(&name)) {
                names.push(name);
            }
        }
    }
    if names.iter().any(|name| !is_outlet(name, outlets)) {
        names.retain(|name| !is_outlet(name, outlets));
    }
    names.truncate(20);
    names
}

/// A text with its lines kept apart, each cleaned: markup sets a name and the job below it in two.
fn lines_of(text: &str) -> String {
    text.split('\n').map(clean).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Whether a name is an institution's: it begins as one (`Ministry of Defence`) or ends as one (`European Commission`).
fn is_institution(name: &str) -> bool {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let of_one = |word: &String| word.split('-').chain([word.as_str()]).any(|part| INSTITUTION_WORDS.has(part));
    let joint =
        |word: &String| matches!(word.as_str(), "of" | "for" | "de" | "du" | "des" | "der" | "für" | "del" | "da");
    let opens = INSTITUTION_OPENERS.has(first) && words[1..].iter().any(|word| joint(word) || of_one(word));
    // `Alda Ministry of Defence`
    let begins = opens || words.windows(2).skip(1).any(|two| INSTITUTION_OPENERS.has(&two[0]) && joint(&two[1]));
    let parted = name.contains([',', ';', '|', '\n']);
    (2..=9).contains(&words.len()) && !parted && !JOBS_OF_PERSONS.has(last) && (begins || of_one(last))
}

/// Whether a name is a full one: it has several parts, or its script does not separate them. Initials and handles are
/// not.
pub(crate) fn is_full(name: &str) -> bool {
    let no_case = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
    name.split_whitespace().count() >= 2 && name.chars().any(|c| c.is_uppercase() || no_case(c))
        || name.chars().any(|c| c.is_alphabetic() && c > '\u{2E80}')
}

/// Whether a name is that of no person: `Staff`, `News desk`.
pub(crate) fn is_desk(name: &str) -> bool {
    name.split_whitespace().all(|word| JOBS.has(&word.to_lowercase()))
}

/// The names in an unmarked line under a headline. There are none unless the line opens like a byline and all its names
/// are full.
pub(crate) fn signed(line: &str) -> Vec<String> {
    let opens = |word: &str| line.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
    if line.chars().count() > 90 || ends_sentence(line) || !OPENERS.iter().any(opens) {
        return Vec::new();
    }
    let found = names([line], &[]);
    let whole = |name: &String| {
        is_full(name)
            && name.split_whitespace().count() <= 4
            && name.split_whitespace().any(|word| word.starts_with(char::is_uppercase) || !word.is_ascii())
            && !name.split_whitespace().next().is_some_and(|word| word.starts_with(char::is_lowercase))
    };
    if found.iter().all(whole) { found } else { Vec::new() }
}

/// Whether a name is the outlet's.
pub(crate) fn is_outlet(whole: &str, outlets: &[String]) -> bool {
    let name = key(whole);
    let bare = name.strip_prefix("the").unwrap_or(&name);
    // `MDR Quelldorf` is a part of the broadcaster `MDR`.
    let own = |outlet: &String| {
        outlet.len() <= 4
            && outlet.chars().all(char::is_uppercase)
            && whole.split_whitespace().next() == Some(outlet.as_str())
    };
    if outlets.iter().any(own) {
        return true;
    }
    outlets.iter().map(|outlet| key(outlet)).any(|outlet| {
        let alike = name.starts_with(&outlet) || outlet.starts_with(&name);
        outlet == name || outlet == bare || outlet.len() > 3 && name.len() > 3 && alike
    })
}

/// Drops what is in brackets: a role, a place or the source of a picture.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Takes a byline off the front of a text: a first paragraph that is "By" and names of people, and nothing else.
pub(crate) fn take(article: &mut Article) {
    let Some(first) = article.paragraphs.first() else { return };
    let text = &article.text[first.range()];
    let signed = ["By ", "BY "].iter().any(|lead| text.starts_with(lead));
    if !signed || text.len() > 90 || article.paragraphs.len() < 2 || !article.byline.is_empty() || ends_sentence(text) {
        return;
    }
    let found = names([text], &[]);
    let people = |name: &String| is_full(name) && name.split_whitespace().count() <= 4;
    if found.is_empty() || !found.iter().all(people) {
        return;
    }
    let rest: Vec<NewParagraph> = article.paragraphs[1..]
        .iter()
        .map(|paragraph| NewParagraph {
            text: article.text[paragraph.range()].to_owned(),
            kind: paragraph.kind,
            input: paragraph.input,
            page: paragraph.page,
        })
        .collect();
    article.set_paragraphs(rest);
    article.byline = found;
    article.evidence.insert("byline".to_owned(), "first line".to_owned());
}

/// The names of one byline.
fn split(text: &str) -> Vec<String> {
    let text = without_lead(text);
    if is_institution(text) {
        return vec![text.to_owned()];
    }
    let mut parts: Vec<String> = text.split('\n').map(|line| without_lead(line).to_owned()).collect();
    for (join, sure) in JOINS.iter() {
        parts = parts.iter().flat_map(|part| split_at(part, join, *sure)).collect();
    }
    let mut names = Vec::new();
    for part in &parts {
        for (at, piece) in part.split([',', ';', '|', '/', '•', '·', '、']).enumerate() {
            let piece = tidy(piece);
            // What follows the first comma is as often a job or a place as a second name.
            let other = || is_job(&piece) || is_beside(&piece) || CREDENTIALS.has(&piece.to_lowercase());
            if !piece.is_empty() && (at == 0 || !other()) {
                names.push(piece);
            }
        }
    }
    names.retain(|name| !is_of_other(name) && !LEADS.has(&name.to_lowercase()));
    let people = |name: &&String| !is_job(name) && !PLACES.has(&name.to_lowercase());
    let without_jobs: Vec<String> = names.iter().filter(people).cloned().collect();
    if without_jobs.is_empty() { names } else { without_jobs }
}

/// Splits at a joining word, if that is `sure` or both sides look like a name with more than one part.
fn split_at(part: &str, join: &str, sure: bool) -> Vec<String> {
    let pieces: Vec<&str> = split_ignoring_case(part, join);
    let whole =
        |piece: &&str| piece.split_whitespace().count() >= 2 && piece.chars().next().is_some_and(|c| !c.is_lowercase());
    if pieces.len() > 1 && (sure || pieces.iter().all(whole)) {
        pieces.into_iter().map(str::to_owned).collect()
    } else {
        vec![part.to_owned()]
    }
}

fn split_ignoring_case<'t>(text: &'t str, join: &str) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + join.len() <= bytes.len() {
        if bytes[at..at + join.len()].eq_ignore_ascii_case(join.as_bytes()) {
            pieces.push(&text[start..at]);
            start = at + join.len();
            at = start;
        } else {
            at += 1;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

fn without_lead(text: &str) -> &str {
    let mut text = text.trim().trim_start_matches(['-', '–', '—', '|', '•', ':']).trim();
    loop {
        let lower = text.to_lowercase();
        let found = LEADS.as_slice().iter().filter(|lead| {
            lower.strip_prefix(*lead).is_some_and(|rest| rest.starts_with([' ', ':', '\u{a0}']))
                && lower.len() == text.len()
        });
        let Some(lead) = found.max_by_key(|lead| lead.len()) else { return text };
        let rest = text[lead.len()..].trim_start_matches([' ', ':', '\u{a0}', '.']);
        // "Di Rupo" is a name: at least two words must follow a lead, unless it is one that begins no name. "Von der Alm"
        // is one too: no name begins with a particle in small letters behind a capital.
        let particle = text.starts_with(char::is_uppercase) && rest.starts_with(char::is_lowercase);
        if particle && matches!(*lead, "von" | "di" | "av" | "od" | "af") {
            return text;
        }
        if rest.split_whitespace().count() < 2 && !matches!(*lead, "by" | "author" | "autor" | "text") {
            return text;
        }
        text = rest;
    }
}

/// One name without brackets, e-mail address, handle, outlet, place, picture credit, job, and signs at its ends.
fn tidy(piece: &str) -> String {
    let piece = piece.split(['(', '[', '<', '@']).next().unwrap_or_default();
    let piece = without_date(without_lead(piece.trim()));
    if is_institution(piece) {
        return piece.to_owned();
    }
    let piece = piece.split(" - ").next().unwrap_or_default();
    let piece =
        [" for ", " in ", " at ", " für ", " aus "].iter().fold(piece, |piece, cut| match piece.split_once(cut) {
            Some((name, _)) if name.split_whitespace().count() >= 2 => name,
            _ => piece,
        });
    let lower = piece.to_lowercase();
    let pictures = [" pictures:", " photos:", " photo:", " foto:", " fotos:", " photography:", " images:", " bilder:"];
    let end = pictures.iter().filter_map(|mark| lower.find(mark)).filter(|_| lower.len() == piece.len()).min();
    let piece = piece.get(..end.unwrap_or(piece.len())).unwrap_or(piece);
    let piece = without_job(piece);
    // Korean and Japanese have the job behind the name.
    let piece = [" 기자", "기자", " 記者", "記者"].iter().find_map(|job| piece.strip_suffix(job)).unwrap_or(piece);
    let piece = piece.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|' | ':' | '*' | '"' | '.' | '“' | '”')
    });
    once(without_trail(piece)).to_owned()
}

/// A name without what is left of a date line behind it (`Ada Brook on`, `Ada Brook 15`), and without a degree in
/// capitals.
fn without_trail(name: &str) -> &str {
    let mut name = name;
    while let Some((front, last)) = name.rsplit_once(' ') {
        let full = front.contains(' ');
        let number = full && last.chars().all(|c| c.is_ascii_digit());
        let mixed = front.chars().any(char::is_lowercase) && last.len() > 1 && last.chars().all(char::is_uppercase);
        if !(BESIDE.has(last) || number || full && mixed && CREDENTIALS.has(&last.to_lowercase())) {
            break;
        }
        name = front.trim_end();
    }
    name
}

/// Whether a line names somebody who did not write the story (`Reviewed by Ada Brook`), or nobody (`About the author`).
fn is_of_other(name: &str) -> bool {
    let lower = name.to_lowercase();
    let opens = |lead: &&str| lower.strip_prefix(*lead).is_some_and(|rest| rest.starts_with([' ', ':']));
    OTHER_LEADS.as_slice().iter().any(opens) || lower.split(|c: char| !c.is_alphabetic()).any(|word| NO_NAMES.has(word))
}

/// A name that stands twice without a sign between (`Ada BrookAda Brook`), once.
fn once(name: &str) -> &str {
    let half = name.len() / 2;
    let twice =
        |front: &str, back: &str| (2..=3).contains(&front.split_whitespace().count()) && front.trim() == back.trim();
    match (name.get(..half), name.get(half..)) {
        (Some(front), Some(back)) if twice(front, back) => front.trim(),
        _ => match (name.get(..half), name.get(half + 1..)) {
            (Some(front), Some(back)) if twice(front, back) => front.trim(),
            _ => name,
        },
    }
}

/// What stands before a date: `Ada Brook July 12th`, `Dec 24`, `Ada Brook 5 March`, `Ada Brook 10:30`.
fn without_date(piece: &str) -> &str {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let numbered = |at: usize| words.get(at).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let is_month = |at: usize| words.get(at).is_some_and(|word| dates::month(word.trim_end_matches(',')).is_some());
    let is_clock = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains([':', '/', '.', '-']);
    let dated = |at: &usize| {
        is_month(*at) && numbered(at + 1)
            || numbered(*at) && is_month(at + 1)
            || words.get(*at).is_some_and(|word| is_clock(word))
    };
    match (0..words.len()).find(dated).and_then(|at| words.get(at)) {
        Some(word) => &piece[..word.as_ptr() as usize - piece.as_ptr() as usize],
        None => piece,
    }
}

/// Whether a piece says where the author is or whose the picture is: `à Lorn`, `in Brussels`, `Foto: Tom Reed`.
fn is_beside(piece: &str) -> bool {
    const WHERE: [&str; 7] = ["à ", "in ", "en ", "at ", "aus ", "em ", "from "];
    const WHOSE: [&str; 7] = ["Foto:", "Fotos:", "Photo:", "Photos:", "Bild:", "Photo by", "Photos by"];
    WHERE.iter().chain(&WHOSE).any(|word| piece.starts_with(word))
}

/// A name without the job that follows it (`Ada Brook Defence Editor`, `Ada Brook Senior Ships Reporter`), if at least
/// two words are left.
fn without_job(piece: &str) -> &str {
    let piece = piece.trim();
    let is_job = |word: &&str| JOBS.has(&word.to_lowercase());
    let words: Vec<&str> = piece.split_whitespace().collect();
    match words.iter().skip(2).find(|word| is_job(word)) {
        // `Herald staff reporter` is nobody's name.
        Some(_) if words.get(1).is_some_and(is_job) => piece,
        Some(word) => piece[..word.as_ptr() as usize - piece.as_ptr() as usize].trim_end(),
        None => piece,
    }
}

fn is_job(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| JOBS.has(&word.to_lowercase()))
}

/// Whether a text of an element that is only like a byline can be a name: every word but particles has a capital
/// (`Learn about our policies` has not).
pub(crate) fn is_capitalised(name: &str) -> bool {
    let small = name.split_whitespace().filter(|word| word.starts_with(char::is_lowercase));
    small.filter(|word| word.chars().count() > 3).count() == 0
}

/// Whether a text can be a name at all: some letters, at most seven words, 70 characters and two digits, and no address
/// or account.
fn plausible(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let lower = name.to_lowercase();
    (1..=7).contains(&words)
        && name.chars().count() >= 2
        && name.chars().count() <= 70
        && name.chars().any(char::is_alphabetic)
        && name.chars().filter(char::is_ascii_digit).count() <= 2
        && !lower.contains("http")
        && !lower.contains("www.")
        && !lower.contains("{{")
        && !ACCOUNTS.has(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        names([text], &["Harbour Post".to_owned()])
    }

    #[test]
    fn names_without_their_trimmings() {
        for (text, want) in [
            ("By Ada Brook", vec!["Ada Brook"]),
            ("BY ADA BROOK AND TOM REED", vec!["ADA BROOK", "TOM REED"]),
            ("Ada Brook, Defence Correspondent", vec!["Ada Brook"]),
            ("Ada Brook, Tom Reed and Ines Vale", vec!["Ada Brook", "Tom Reed", "Ines Vale"]),
            ("Von Ada Brook und Tom Reed", vec!["Ada Brook", "Tom Reed"]),
            ("Ada Brook (ada@example.org) | Harbour Post", vec!["Ada Brook"]),
            ("Ada Brook in Brussels", vec!["Ada Brook"]),
            ("Carlos Reyes y Prado", vec!["Carlos Reyes y Prado"]),
            ("Ada Brook Defence Editor", vec!["Ada Brook"]),
            ("Herald staff reporter", vec!["Herald staff reporter"]),
            ("Words: Ada Brook Pictures: Tom Reed", vec!["Ada Brook"]),
            ("Dr. Ada Brook; Tom Reed, Univ. of Lorn", vec!["Dr. Ada Brook", "Tom Reed"]),
            ("Por Ana Ruiz y Luis Vega", vec!["Ana Ruiz", "Luis Vega"]),
            ("Par Luc Morel et Anne Petit, à Lorn", vec!["Luc Morel", "Anne Petit"]),
            ("di Carla Neri", vec!["Carla Neri"]),
            ("Text: Anna Berg, Foto: Jörg Thal", vec!["Anna Berg"]),
            ("Autor: Jan Nowik", vec!["Jan Nowik"]),
            ("Автор: Олена Гай", vec!["Олена Гай"]),
            ("Door Piet Haan, correspondent", vec!["Piet Haan"]),
            ("بقلم: سامي الحداد", vec!["سامي الحداد"]),
            ("김하늘 기자", vec!["김하늘"]),
            ("Ada Brook, Defence Editor, and Tom Reed, Political Correspondent", vec!["Ada Brook", "Tom Reed"]),
            ("By Ada Brook for the Harbour Post", vec!["Ada Brook"]),
            ("By Ada Brook | 5 March 2024", vec!["Ada Brook"]),
            ("Ada Brook and the Harbour Post", vec!["Ada Brook"]),
            ("https://example.org/people/ada", vec![]),
            ("admin", vec![]),
        ] {
            assert_eq!(of(text), want, "{text}");
        }
    }

    #[test]
    fn dates_labels_jobs_and_degrees_are_no_names() {
        for (text, want) in [
            ("Dec 24", vec![]),
            ("Posted: Dec 20", vec![]),
            ("Ada Brook July 12th", vec!["Ada Brook"]),
            ("Ada Brook on 5 March 2024", vec!["Ada Brook"]),
            ("Ada Brook 5/3/2024 10:15", vec!["Ada Brook"]),
            ("April Brook", vec!["April Brook"]),
            ("Ada BrookAda Brook", vec!["Ada Brook"]),
            ("Ada Brook Ada Brook", vec!["Ada Brook"]),
            ("Ada Brook\nDefence Correspondent", vec!["Ada Brook"]),
            ("Ada Brook Senior Ships Reporter", vec!["Ada Brook"]),
            ("Ada Brook, PhD, MBA", vec!["Ada Brook"]),
            ("Ada Brook MD", vec!["Ada Brook"]),
            ("About the author", vec![]),
            ("Ada Brook, Reviewed by Tom Reed", vec!["Ada Brook"]),
            ("Ada Brook, Brussels", vec!["Ada Brook"]),
            ("Ada Brook in London and Tom Reed in Paris", vec!["Ada Brook", "Tom Reed"]),
            ("Von der Alm", vec!["Von der Alm"]),
            ("Ursel von der Alm", vec!["Ursel von der Alm"]),
            ("Von Ursel von der Alm", vec!["Ursel von der Alm"]),
        ] {
            assert_eq!(of(text), want, "{text}");
        }
    }

    #[test]
    fn institutions_keep_their_whole_names() {
        for name in [
            "Ministry of Defence",
            "Ministry of Foreign Affairs and Trade",
            "European Commission",
            "Agence France-Presse",
            "Department for Business and Ships",
            "Alda Ministry of Defence",
            "Committee on Ships Board of the Senate",
            "Lorn Research Council",
        ] {
            assert_eq!(of(name), [name]);
            assert_eq!(of(&format!("By {name}")), [name]);
        }
        assert_eq!(of("Ann Bell, Defence Correspondent"), ["Ann Bell"]);
        assert_eq!(of("Ann Bell, Ministry of Defence"), ["Ann Bell"]);
    }

    #[test]
    fn a_first_line_of_names_signs_the_text() {
        for (first, want) in [
            ("By Ada Brook and Tom Reed", vec!["Ada Brook", "Tom Reed"]),
            ("By order of the ministry", vec![]),
            ("By Monday, the ships had sailed.", vec![]),
        ] {
            let mut article = Article::default();
            article.set_paragraphs(
                [first, "Two ships sailed."]
                    .map(|text| NewParagraph { text: text.to_owned(), ..NewParagraph::default() }),
            );
            take(&mut article);
            assert_eq!(article.byline, want, "{first}");
            assert_eq!(article.paragraphs.len(), if want.is_empty() { 2 } else { 1 });
        }
    }

    #[test]
    fn a_line_under_the_headline_signs_where_it_says_so() {
        assert_eq!(signed("By Ada Brook and Tom Reed"), ["Ada Brook", "Tom Reed"]);
        assert_eq!(signed("Von Anna Berg | 5. März 2024"), ["Anna Berg"]);
        for line in
            ["By order of the ministry", "By the sea", "Ada Brook", "Por la mañana", "By Ada Brook, who was there."]
        {
            assert!(signed(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn the_outlet_signs_only_where_nobody_else_does() {
        assert_eq!(names(["Ada Brook", "Harbour Post"], &["Harbour Post".to_owned()]), ["Ada Brook"]);
        assert_eq!(names(["Harbour Post"], &["Harbour Post".to_owned()]), ["Harbour Post"]);
    }
}
