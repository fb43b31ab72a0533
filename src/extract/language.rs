//! The language of an article: detected from its text, checked against what the page declares.

use crate::article::{Article, Doubt};
use crate::wordlist::WordTable;

/// Letters of text below which the declared language is believed rather than the detected one.
const ENOUGH: usize = 200;

/// Text that the guess reads at most, in bytes.
const SAMPLE: usize = 3000;

/// Sets the language (ISO 639-1) from the text, else from the declaration.
pub(crate) fn set(article: &mut Article, declared: Option<&str>) {
    let declared = declared.and_then(code);
    let detected = detect(&article.text);
    let (language, from) = match (detected, declared) {
        (Some((found, sure)), Some(said)) if found != said => {
            if sure {
                article.doubts.insert(Doubt::Language);
                (found, format!("text, declared {said}"))
            } else {
                let from = format!("declared, text like {found}");
                (said, from)
            }
        }
        (Some(_), Some(said)) => (said, "declared and text".to_owned()),
        (Some((found, _)), None) => (found, "text".to_owned()),
        (None, Some(said)) => (said, "declared".to_owned()),
        (None, None) => return,
    };
    article.language = Some(language);
    article.evidence.insert("language".to_owned(), from);
}

/// The language of a text, and whether that is beyond doubt. `None` if there is too little text to say.
fn detect(text: &str) -> Option<(String, bool)> {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    if is_plainly_english(sample) {
        return Some(("en".to_owned(), true));
    }
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let info = whatlang::detect(sample)?;
    let code = iso_639_1(info.lang().code())?;
    // Scripts of one language need few letters; Latin and Cyrillic need many.
    let sure = info.is_reliable()
        && (letters >= ENOUGH || info.confidence() >= 1.0 && letters >= 40 && info.script() != whatlang::Script::Latin);
    (sure || letters >= ENOUGH / 4).then(|| (code.to_owned(), sure))
}

/// Whether a text is English beyond doubt: it has at least 60 words, 15 % of them are among ten common English ones,
/// and five of these occur, `the`, `and` and `of` among them.
///
/// A shortcut: comparing trigrams with all languages costs half as much as the rest of extraction from plain text, and
/// most articles do not need it.
fn is_plainly_english(sample: &str) -> bool {
    const SMALL: [&str; 10] = ["the", "and", "of", "to", "in", "that", "for", "with", "was", "is"];
    let (mut words, mut small, mut seen) = (0usize, 0usize, [false; SMALL.len()]);
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        if let Some(at) = SMALL.iter().position(|small| *small == word) {
            small += 1;
            seen[at] = true;
        }
    }
    words >= 60 && small * 100 >= words * 15 && seen[..3] == [true; 3] && seen.iter().filter(|one| **one).count() >= 5
}

/// The ISO 639-1 code of a declaration such as `en-GB`, `pt_BR`, `deu` or `English`.
pub(crate) fn code(declared: &str) -> Option<String> {
    let first = declared.trim().split(['-', '_', ',', ' ', ';']).next()?.to_ascii_lowercase();
    match first.as_str() {
        "english" => Some("en".to_owned()),
        "german" | "deutsch" => Some("de".to_owned()),
        "french" | "français" => Some("fr".to_owned()),
        "spanish" | "español" => Some("es".to_owned()),
        "iw" => Some("he".to_owned()),
        "in" => Some("id".to_owned()),
        _ if first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_lowercase()) => Some(first),
        _ if first.len() == 3 => iso_639_1(&first).map(str::to_owned),
        _ => None,
    }
}

/// The ISO 639-1 code of a language by its name, in English or in the language itself.
pub(crate) fn named(name: &str) -> Option<String> {
    let wanted = name.trim().to_lowercase();
    let other = match wanted.as_str() {
        "chinese" => Some("zh"),
        "farsi" => Some("fa"),
        "norwegian" => Some("no"),
        _ => None,
    };
    let same =
        |lang: &&whatlang::Lang| lang.eng_name().to_lowercase() == wanted || lang.name().to_lowercase() == wanted;
    let code = other.or_else(|| iso_639_1(whatlang::Lang::all().iter().find(same)?.code()));
    code.map(str::to_owned).or_else(|| code_of_three(&wanted))
}

/// The name in English of a language by its ISO 639-1 code.
pub(crate) fn name_of(code: &str) -> Option<&'static str> {
    let lang = whatlang::Lang::all().iter().find(|lang| iso_639_1(lang.code()) == Some(code))?;
    Some(lang.eng_name())
}

fn code_of_three(declared: &str) -> Option<String> {
    let is_code = declared.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    code(declared).filter(|_| is_code).filter(|code| code != declared)
}

/// ISO 639-1 codes for the codes of three letters that the detector gives and pages declare.
static CODES: WordTable = WordTable::new(include_str!("lists/language_codes.txt"));

fn iso_639_1(code: &str) -> Option<&'static str> {
    CODES.get(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str, declared: Option<&str>) -> Option<String> {
        let mut article = Article { text: text.to_owned(), ..Article::default() };
        set(&mut article, declared);
        article.language
    }

    #[test]
    fn a_language_is_known_by_its_names() {
        for (name, code) in [("German", "de"), ("deutsch", "de"), ("Українська", "uk"), ("farsi", "fa"), ("deu", "de")]
        {
            assert_eq!(named(name).as_deref(), Some(code), "{name}");
        }
        assert_eq!((named("Klingon"), named("de"), name_of("de")), (None, None, Some("German")));
        assert_eq!(named("de,fr"), None, "a list is no name");
    }

    #[test]
    fn a_long_text_speaks_for_itself() {
        let text = "Der Bundestag hat am Donnerstag dem Haushalt des Verteidigungsministeriums zugestimmt. Die Mittel steigen \
                    deutlich, weil die Truppe neue Flugzeuge, Schiffe und Fahrzeuge erhalten soll, wie der Minister erklärte. \
                    Die Opposition kritisierte, dass die Beschaffung weiterhin zu langsam sei.";
        assert_eq!(language(text, Some("en-US")).as_deref(), Some("de"));
        assert_eq!(language(text, None).as_deref(), Some("de"));
    }

    #[test]
    fn a_short_text_follows_its_declaration() {
        assert_eq!(language("Nato, SAFE.", Some("fr_FR")).as_deref(), Some("fr"));
        assert_eq!(language("Nato, SAFE.", None), None);
    }

    #[test]
    fn the_short_way_says_what_the_long_one_does() {
        let page = |bytes: &[u8]| crate::article::RawDocument {
            bytes: bytes.to_vec(),
            format: crate::article::Format::Html,
            ..Default::default()
        };
        let pages = crate::corpus::FILES.iter().filter(|(name, _)| name.ends_with(".html")).take(12);
        let texts: Vec<String> =
            pages.filter_map(|(_, bytes)| Some(super::super::article(&page(bytes)).ok()?.text)).collect();
        let plain: Vec<&String> = texts.iter().filter(|text| is_plainly_english(text)).collect();
        assert!(plain.len() * 10 > texts.len() * 8, "{} of {}", plain.len(), texts.len());
        for text in plain {
            let found = whatlang::detect(&text[..text.floor_char_boundary(SAMPLE)]).unwrap();
            assert_eq!(found.lang(), whatlang::Lang::Eng, "{text}");
        }
        let dutch =
            "De minister van Defensie was in de haven van Den Helder, to the point: de schepen worden of verkocht of \
                     gesloopt. "
                .repeat(8);
        assert!(!is_plainly_english(&dutch));
    }

    #[test]
    fn declarations_become_codes() {
        for (said, want) in [("en-GB", "en"), ("DEU", "de"), ("pt_BR", "pt"), ("English", "en"), ("iw", "he")] {
            assert_eq!(code(said).as_deref(), Some(want));
        }
        assert_eq!(code("x-default"), None);
    }
}
