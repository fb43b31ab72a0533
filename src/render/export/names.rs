//! An author's name in its parts, as bibliographies sort it.

use crate::authority::{Authority, Kind};
use crate::wordlist::WordList;

/// A name of a byline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// A person.
    Person {
        /// Given names.
        given: String,
        /// Family name, with its particles and what follows it (`Jr.`).
        family: String,
    },
    /// An agency, a desk, a name of one word: taken as it is.
    Whole(String),
}

/// Words that occur in names of agencies and desks, and in no person's name.
static BODIES: WordList = WordList::new(include_str!("lists/words_of_bodies.txt"));
/// Words that can follow a person's family name, in lower case.
const AFTER: &[&str] = &["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"];
/// Words of the longest name that is taken for a person's.
const LONGEST: usize = 5;

/// Splits a name: the last word and the lower-case particles before it are the family name, the rest the given names.
/// The outlet's own name, and that of an institution of the authority file, are taken as they are.
pub(super) fn parts(name: &str, outlet: Option<&str>) -> Name {
    let whole = || Name::Whole(name.to_owned());
    if outlet.is_some_and(|outlet| outlet.eq_ignore_ascii_case(name)) || is_institution(name) {
        return whole();
    }
    if let Some((family, given)) = name.split_once(", ") {
        let person = !family.is_empty() && !given.is_empty() && !given.contains(',');
        return if person { Name::Person { given: given.to_owned(), family: family.to_owned() } } else { whole() };
    }
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    let is_body = |word: &&str| word.split('-').chain([*word]).any(|part| BODIES.has(&part.to_lowercase()));
    let is_odd = name.contains(|c: char| c.is_ascii_digit() || "@/&()|".contains(c));
    if !(2..=LONGEST).contains(&words.len()) || words.iter().any(is_body) || is_odd {
        return whole();
    }
    let suffixes = words.iter().rev().take_while(|word| AFTER.contains(&word.to_lowercase().as_str())).count();
    let mut start = (words.len() - suffixes).saturating_sub(1);
    while start > 1 && words[start - 1].starts_with(char::is_lowercase) {
        start -= 1;
    }
    if start == 0 {
        return whole();
    }
    Name::Person { given: words[..start].join(" "), family: words[start..].join(" ") }
}

/// Whether the authority file knows a name, and not as a person's.
fn is_institution(name: &str) -> bool {
    let authority = Authority::bundled();
    let likeliest = authority.candidates(name).first().and_then(|(id, _)| authority.kind(id));
    likeliest.is_some_and(|kind| kind != Kind::Person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn institutions_agencies_companies_and_the_outlet_stay_whole() {
        for name in [
            "European Commission",
            "Agence France-Presse",
            "Deutsche Presse-Agentur",
            "Ministry of Defence",
            "Lockheed Martin",
            "Quell Systems",
            "Alda Armed Forces",
            "Institut Quell",
            "The Alda Herald",
            "Quell Holdings",
            "Harbour Post",
        ] {
            assert_eq!(parts(name, Some("Harbour Post")), Name::Whole(name.to_owned()));
        }
        for name in ["Otto Quell", "Ida von Stein", "Anne-Marie Quell", "Emily Post"] {
            assert!(matches!(parts(name, Some("Harbour Post")), Name::Person { .. }), "{name}");
        }
    }

    #[test]
    fn families_keep_their_particles_and_desks_stay_whole() {
        let shown = |name: &str| match parts(name, None) {
            Name::Person { given, family } => format!("{family}, {given}"),
            Name::Whole(name) => name,
        };
        for (name, expected) in [
            ("Ida Stein", "Stein, Ida"),
            ("Ursel van der Alm", "van der Alm, Ursel"),
            ("J. P. Quell Jr.", "Quell Jr., J. P."),
            ("Quell, Otto", "Quell, Otto"),
            ("Alda News Agency", "Alda News Agency"),
            ("Reuters", "Reuters"),
            ("Staff Writer", "Staff Writer"),
            ("Otto and Sons", "Otto and Sons"),
            ("de Alm", "Alm, de"),
            ("", ""),
            ("Jr.", "Jr."),
            ("Desk 7", "Desk 7"),
            ("A. B. C. D. Quell", "Quell, A. B. C. D."),
            ("A. B. C. D. E. Quell", "A. B. C. D. E. Quell"),
            ("Otto Quell III", "Quell III, Otto"),
            ("Otto Quell Sr. III", "Quell Sr. III, Otto"),
            ("Quell Jr.", "Quell Jr."),
            ("Otto de la Quell", "de la Quell, Otto"),
            ("van der Alm", "der Alm, van"),
            ("Quell, Otto, Editor", "Quell, Otto, Editor"),
            (", Otto", ", Otto"),
            ("Otto Quell/Alda", "Otto Quell/Alda"),
            ("Otto Quell (Klow)", "Otto Quell (Klow)"),
        ] {
            assert_eq!(shown(name), expected);
        }
    }
}
