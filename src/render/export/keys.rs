//! Citation keys that a person can read and type: `alda-post-2025-03-harbour-drills-begin`.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::day;
use crate::engine::Hit;
use crate::query::pattern::is_stop_word;

/// Words of the title in a key, at most.
const WORDS: usize = 3;
/// Characters of a word or of the outlet's name, at most.
const LONGEST: usize = 24;
/// Characters of the identifier that tell apart keys that would be the same.
const TOLD: usize = 6;

/// The key of each hit, no two the same: outlet, year and month, the first telling words of the title. Keys that would be
/// the same get the beginning of the identifier, so that they do not depend on the order.
pub(super) fn keys(hits: &[Hit]) -> Vec<String> {
    let wanted: Vec<String> = hits.iter().map(key).collect();
    let mut times: HashMap<&str, usize> = HashMap::new();
    wanted.iter().for_each(|key| *times.entry(key).or_default() += 1);
    let mut taken: HashMap<String, usize> = HashMap::new();
    let told = |(hit, key): (&Hit, &String)| {
        let id: String = slug(&hit.id).replace('-', "").chars().take(TOLD).collect();
        let key = if times[key.as_str()] > 1 { joined([key.clone(), id]) } else { key.clone() };
        let times = taken.entry(key.clone()).or_default();
        *times += 1;
        if *times == 1 { key } else { format!("{key}.{times}") }
    };
    hits.iter().zip(&wanted).map(told).collect()
}

fn key(hit: &Hit) -> String {
    let outlet: String = slug(hit.outlet.as_deref().unwrap_or_default()).chars().take(LONGEST).collect();
    let month = day(hit).map_or("undated".to_owned(), |day| format!("{:04}-{:02}", day.year(), day.month()));
    let title = slug(&hit.title);
    let telling = title.split('-').filter(|word| !word.is_empty() && !is_stop_word(word)).take(WORDS);
    let words: Vec<String> = telling.map(|word| word.chars().take(LONGEST).collect()).collect();
    // A title in another script gives no words: the identifier stands for them.
    let words = if words.is_empty() { slug(&hit.id).chars().take(LONGEST).collect() } else { words.join("-") };
    joined([outlet, month, words])
}

fn joined<const N: usize>(parts: [String; N]) -> String {
    let parts = parts.iter().map(|part| part.trim_matches('-')).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// Text in small ASCII letters and digits without diacritics, `-` for all between, which every program allows in a key.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\'' && *c != '’') {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: &str, outlet: &str, published: &str, title: &str) -> Hit {
        let published = published.parse().ok();
        Hit { id: id.to_owned(), title: title.to_owned(), outlet: Some(outlet.to_owned()), published, ..Hit::default() }
    }

    #[test]
    fn a_key_names_outlet_month_and_the_first_telling_words() {
        let one = |outlet, published, title| keys(&[hit("a31d", outlet, published, title)]).remove(0);
        assert_eq!(
            one("Alda Post", "2025-03-09", "The harbour drills begin at dawn"),
            "alda-post-2025-03-harbour-drills-begin"
        );
        assert_eq!(one("Le Début", "2025-12-01", "Ševčik: l'OTAN répond"), "le-debut-2025-12-sevcik-lotan-repond");
        assert_eq!(one("", "", "Ferries"), "undated-ferries");
        assert_eq!(one("国防", "2025-03-09", "国防大臣"), "2025-03-a31d");
        assert!(one("O", "2025-03-01", &"x".repeat(500)).len() < 40);
    }

    #[test]
    fn no_two_keys_are_the_same_whatever_the_order() {
        let (a, b) = (hit("a31df03bc881", "O", "2025-03-01", "Ferries"), hit("b2", "O", "2025-03-01", "Ferries"));
        assert_eq!(keys(&[a.clone(), b.clone()]), ["o-2025-03-ferries-a31df0", "o-2025-03-ferries-b2"]);
        assert_eq!(keys(&[b.clone(), a]), ["o-2025-03-ferries-b2", "o-2025-03-ferries-a31df0"]);
        assert_eq!(keys(&[b.clone(), b]), ["o-2025-03-ferries-b2", "o-2025-03-ferries-b2.2"]);
    }
}
