//! British and American spellings of one word meet in one form.
//!
//! `spelling.txt` holds rules (a British and an American ending with the stems that take them) and single pairs. A
//! rule applies to its stems alone, so what only looks alike (storey and story, tyre and tire, promise, four) stays apart.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The form under which the spellings of a folded word meet: the American one.
pub fn canonical(folded: &str) -> &str {
    if folded.len() < 2 || folded.len() > LONGEST || !folded.is_ascii() {
        return folded;
    }
    PAIRS.get(folded).map_or(folded, String::as_str)
}

/// The longest British form is shorter than this.
const LONGEST: usize = 24;

/// British → American.
static PAIRS: LazyLock<HashMap<String, String>> = LazyLock::new(|| read(include_str!("spelling.txt")));

/// Reads `british>american[,british>american...]: stem stem ...` and `british american` lines; `#` begins a comment.
fn read(text: &str) -> HashMap<String, String> {
    let mut pairs = HashMap::with_capacity(4096);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((rules, stems)) = line.split_once(':') {
            for rule in rules.split(',') {
                let Some((british, american)) = rule.trim().split_once('>') else { continue };
                for stem in stems.split_whitespace() {
                    pairs.insert(format!("{stem}{british}"), format!("{stem}{american}"));
                }
            }
        } else if let Some((british, american)) = line.split_once(' ') {
            pairs.insert(british.to_owned(), american.trim().to_owned());
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_many_pairs_and_none_leads_on() {
        assert!(PAIRS.len() >= 1_500, "{}", PAIRS.len());
        for (british, american) in &*PAIRS {
            assert_eq!(canonical(american), american, "{british}");
            assert!(british.len() <= LONGEST);
        }
    }

    #[test]
    fn what_only_looks_alike_stays_apart() {
        for word in [
            "storey",
            "story",
            "tyre",
            "tire",
            "draught",
            "draft",
            "practise",
            "practice",
            "size",
            "rise",
            "arise",
            "promise",
            "exercise",
            "franchise",
            "enterprise",
            "surprise",
            "compromise",
            "supervise",
            "revise",
            "advise",
            "advertise",
            "devise",
            "disguise",
            "televise",
            "expertise",
            "otherwise",
            "four",
            "for",
            "hour",
            "tour",
            "pour",
            "sour",
            "our",
            "your",
            "flour",
            "devour",
            "contour",
            "detour",
            "velour",
            "troubadour",
            "kerb",
            "curb",
            "cheque",
            "check",
            "vice",
            "vise",
            "disc",
            "disk",
            "meter",
            "center",
            "premise",
            "cruise",
            "raise",
            "praise",
            "noise",
            "precise",
            "fence",
            "hence",
            "science",
            "silence",
            "acre",
            "ogre",
            "genre",
            "entire",
            "league",
            "vogue",
            "rogue",
            "tongue",
            "filling",
            "calling",
            "selling",
            "controlled",
            "rebelled",
        ] {
            assert_eq!(canonical(word), word);
        }
    }

    #[test]
    fn spellings_meet() {
        for (british, american) in [
            ("defence", "defense"),
            ("programmes", "programs"),
            ("organisations", "organizations"),
            ("armoured", "armored"),
            ("manoeuvring", "maneuvering"),
            ("demilitarisation", "demilitarization"),
            ("analysed", "analyzed"),
            ("centred", "centered"),
            ("licences", "licenses"),
            ("refuelling", "refueling"),
            ("catalogue", "catalog"),
            ("fulfilment", "fulfillment"),
            ("paediatric", "pediatric"),
            ("bn", "billion"),
        ] {
            assert_eq!(canonical(british), american);
        }
    }
}
