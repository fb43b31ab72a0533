//! Generated articles: invented states and words, with updates and copies among them, the same in every run.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::Dice;

/// Two folders of inputs, to be indexed one after the other.
pub(crate) struct Corpus {
    /// Folder with the first inputs.
    pub(crate) first: PathBuf,
    /// Folder with later inputs: changed, repeated and new articles, and copies.
    pub(crate) later: PathBuf,
}

const WORDS: [&str; 48] = [
    "minister",
    "frigate",
    "budget",
    "treaty",
    "brigade",
    "radar",
    "convoy",
    "harbour",
    "engine",
    "missile",
    "reserve",
    "depot",
    "pilot",
    "border",
    "exercise",
    "contract",
    "shipyard",
    "satellite",
    "battery",
    "sensor",
    "inquiry",
    "tender",
    "squadron",
    "artillery",
    "recruit",
    "garrison",
    "ammunition",
    "drone",
    "corvette",
    "submarine",
    "parliament",
    "committee",
    "alliance",
    "embargo",
    "ceasefire",
    "envoy",
    "summit",
    "pledge",
    "veteran",
    "barracks",
    "runway",
    "hangar",
    "cable",
    "pipeline",
    "sabotage",
    "patrol",
    "delegation",
    "doctrine",
];
const STATES: [&str; 6] = ["Aldovia", "Borland", "Cestria", "Dorvania", "Elmark", "Ferrun"];
const OUTLETS: [&str; 4] = ["The Alda Post", "Borland Today", "Cestria Wire", "Dorvania Courier"];

impl Corpus {
    /// Writes `articles` articles and a few notes as first inputs, and later inputs in which most of the articles are
    /// changed, repeated or copied, with some new ones.
    pub(crate) fn write(folder: &Path, articles: usize) -> Self {
        let corpus = Self { first: folder.join("first"), later: folder.join("later") };
        for folder in [&corpus.first, &corpus.later] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let mut dice = Dice::new(20_261_124);
        let texts: Vec<String> = (0..articles).map(|n| text(n, &mut dice)).collect();
        let (mut first, mut later, mut new) = (String::new(), String::new(), String::new());
        for (n, text) in texts.iter().enumerate() {
            line(&mut first, n, n, text);
            match n % 5 {
                0 => line(&mut later, n, n, &format!("{text} The vote was later put off to week {n}.")),
                1 => line(&mut later, n, n, text),
                2 => line(&mut later, articles + n, n + 1, text), // another outlet's copy
                3 => line(&mut later, articles + n, n, &self::text(articles + n, &mut dice)),
                _ => {}
            }
            if n % 50 == 7 {
                line(&mut new, 2 * articles + n, n, &self::text(2 * articles + n, &mut dice));
            }
        }
        std::fs::write(corpus.first.join("a.jsonl"), first).unwrap();
        std::fs::write(corpus.later.join("b.jsonl"), later).unwrap();
        std::fs::write(corpus.later.join("c.jsonl"), new).unwrap();
        for n in 0..8 {
            let page = format!("Dispatch {n} from {}\n\n{}\n", STATES[n % 6], self::text(n + 70_000, &mut dice));
            std::fs::write(corpus.first.join(format!("note{n}.txt")), page).unwrap();
        }
        corpus
    }
}

fn line(out: &mut String, number: usize, outlet: usize, text: &str) {
    let article = serde_json::json!({
        "url": format!("https://news.example/{number}"),
        "title": format!("Report {number} from {}", STATES[number % 6]),
        "outlet": OUTLETS[outlet % 4],
        "published": format!("2025-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
        "text": text,
    });
    writeln!(out, "{article}").unwrap();
}

/// A text with a word of its own (`zz17q`).
fn text(number: usize, dice: &mut Dice) -> String {
    let mut text = String::new();
    for sentence in 0..4 {
        let state = STATES[dice.below(6) as usize];
        let _ = write!(text, "{}The government of {state} said", if sentence == 0 { "" } else { " " });
        for _ in 0..9 {
            let _ = write!(text, " {}", WORDS[dice.below(48) as usize]);
        }
        text.push('.');
    }
    let _ = write!(text, " Its file number is zz{number}q.");
    text
}
