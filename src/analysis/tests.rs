//! Tests of the whole chain: pairs of spellings, traps, labelled sentences.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use proptest::prelude::*;

use super::spelling::canonical;
use super::*;

fn terms(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    Analyzer::new().terms(&words(text), |_, term| out.push(term.to_owned()));
    out
}

/// Pairs of word forms made from the classes below: British, American.
fn made_pairs() -> HashSet<(String, String)> {
    let mut out = HashSet::new();
    let mut add = |stem: &str, british: &str, american: &str, endings: &[(&str, &str)]| {
        for (b, a) in endings {
            out.insert((format!("{stem}{british}{b}"), format!("{stem}{american}{a}")));
        }
    };
    let same = |list: &[&'static str]| list.iter().map(|e| (*e, *e)).collect::<Vec<_>>();
    for stem in include_str!("../../tests/analysis/ise.txt").split_whitespace() {
        add(stem, "is", "iz", &same(&["e", "es", "ed", "ing", "ation", "er"]));
    }
    let our = "arm behavi cand clam col demean endeav fav ferv flav glam harb hon hum lab neighb od parl ranc rig rum \
               sav savi splend tum val vap vig";
    our.split(' ').for_each(|stem| add(stem, "our", "or", &same(&["", "s"])));
    for stem in "arm col endeav fav flav harb hon hum lab rum sav".split(' ') {
        add(stem, "our", "or", &same(&["ed", "ing", "er", "able"]));
    }
    for stem in "cent theat calib fib kilomet lit lust sab somb spect meag".split(' ') {
        add(stem, "re", "er", &same(&["", "s"]));
    }
    let doubled = "cancel channel counsel dial duel enamel equal fuel funnel grovel jewel label level libel marshal model \
                   panel quarrel refuel remodel rival shovel signal spiral total travel tunnel unravel";
    doubled.split(' ').for_each(|stem| add(stem, "l", "", &same(&["ed", "ing"])));
    for stem in "anal paral catal psychoanal".split(' ') {
        add(stem, "ys", "yz", &same(&["e", "ed", "ing", "er"]));
    }
    for stem in ["cat", "dia", "ana", "mono", "tri", "epi"] {
        let end = if stem == "cat" { "al" } else { "l" };
        add(&format!("{stem}{end}"), "ogue", "og", &same(&["", "s"]));
    }
    out
}

#[test]
fn fifteen_hundred_pairs_meet() {
    let pairs = made_pairs();
    assert!(pairs.len() >= 1500, "{}", pairs.len());
    let apart: Vec<_> = pairs.iter().filter(|(b, a)| canonical(b) != *a || canonical(a) != *a).collect();
    assert!(apart.is_empty(), "{apart:?}");
}

fn pairs() -> Vec<(&'static str, &'static str)> {
    include_str!("../../tests/analysis/pairs.txt").split_whitespace().filter_map(|pair| pair.split_once('/')).collect()
}

#[test]
fn pairs_give_one_term_alone_and_in_phrases() {
    let pairs = pairs();
    assert!(pairs.len() >= 150, "{}", pairs.len());
    for (british, american) in pairs {
        let (mut one, mut other) = (Stemmer::default(), Stemmer::default());
        assert_eq!(one.term(british), other.term(american), "{british}");
        let phrase = |word: &str| terms(&format!("the new {word}, an allied {word} for Europe"));
        assert_eq!(phrase(british), phrase(american));
    }
    assert_eq!(terms("defence organisation"), terms("defense organization"));
    assert_eq!(terms("The Armoured Vehicle Programme's manoeuvres"), terms("the armored vehicle program's maneuvers"));
    assert_eq!(terms("€150bn, 3 mn and 2tn"), terms("€150 billion, 3 million and 2 trillion"));
    assert_eq!(terms("percent"), ["cent"]);
}

#[test]
fn what_only_looks_alike_stays_apart() {
    let traps: Vec<_> = include_str!("../../tests/analysis/traps.txt")
        .split_whitespace()
        .filter_map(|pair| pair.split_once('/'))
        .collect();
    assert!(traps.len() >= 60, "{}", traps.len());
    let merged: Vec<_> =
        traps.iter().filter(|(one, other)| Stemmer::default().term(one) == Stemmer::default().term(other)).collect();
    assert!(merged.is_empty(), "{merged:?}");
}

#[test]
fn words_in_ise_by_nature_keep_it() {
    let words = "rise arise wise promise exercise franchise advertise advertised surprise surprising enterprise compromise \
                 premise precise concise treatise expertise otherwise likewise disguise demise devise revised supervise \
                 televise improvise improvisation comprise comprising despise chastise circumcise excise incise merchandise \
                 noise poise praise raising cruise cruiser bruise advisers advisable sunrise paradise tortoise turquoise \
                 premises crises bases raised denise louise elise kaiser miser riser misers appraise apprised reprise \
                 enfranchised disfranchise surmise unpromising uncompromising promising clockwise anise liaise mayonnaise \
                 metropolises pelvises trellised mortise marquise chemise valise";
    for word in words.split_whitespace() {
        assert_eq!(canonical(word), word);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn twice_is_once(
        word in "[ -~]{0,24}",
        stem in "[a-z]{0,8}",
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "our", "is", "ise", "isation", "re", "red", "ll", "ed", "er", "ae", "oe", "paed", "haem", "foet", "ogue", "yse",
                "eable", "ence", "def", "lic", "col", "hum", "cent", "manoeuv", "sulph", "enquir", "travel", "mould", "s", "arm",
            ]),
            0..7,
        ),
    ) {
        for word in [word, stem.clone() + &parts.concat(), parts.concat() + &stem] {
            let once = canonical(&word).into_owned();
            prop_assert_eq!(canonical(&once), once.as_str());
        }
    }
}

/// A labelled occurrence: which initialism, the sentence, and the bytes of the word in it.
struct Case {
    initialism: bool,
    text: String,
    at: usize,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("../../tests/analysis/initialisms.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (label, marked) = line.split_once('\t').unwrap();
            let at = marked.find('[').unwrap();
            Case { initialism: label == "I", text: marked.replace(['[', ']'], ""), at }
        })
        .collect()
}

/// F1 of a way to choose terms, over all terms that it gives.
fn f1(cases: &[Case], choose: impl Fn(&Case) -> (bool, bool)) -> (f64, String) {
    let (mut right, mut given, mut wrong) = (0, 0, String::new());
    for case in cases {
        let (initialism, word) = choose(case);
        given += usize::from(initialism) + usize::from(word);
        right += usize::from(if case.initialism { initialism } else { word });
        if (initialism, word) != (case.initialism, !case.initialism) {
            wrong += &format!("{}/{}/{}: {}\n", case.initialism, initialism, word, case.text);
        }
    }
    (2.0 * right as f64 / (given + cases.len()) as f64, wrong)
}

#[test]
fn initialisms_are_told_from_words() {
    let cases = cases();
    let names: HashSet<String> = cases
        .iter()
        .map(|case| {
            case.text[case.at..]
                .split(|c: char| !c.is_alphabetic() && c != '.')
                .next()
                .unwrap()
                .to_lowercase()
                .replace('.', "")
        })
        .collect();
    assert!(cases.len() >= 300 && names.len() >= 25, "{} sentences, {} initialisms", cases.len(), names.len());
    let (ours, wrong) = f1(&cases, |case| {
        let words = words(&case.text);
        let (mut initialism, mut word) = (false, false);
        Analyzer::new().terms(&words, |w, term| {
            if w.start as usize == case.at {
                let capitals = term.bytes().all(|b| b.is_ascii_uppercase());
                initialism |= capitals;
                word |= !capitals;
            }
        });
        (initialism, word)
    });
    // One term for both: a search for either finds every occurrence.
    let (folding, _) = f1(&cases, |_| (true, true));
    let (capitals, _) = f1(&cases, |case| {
        let written = case.text[case.at..].split(|c: char| !c.is_alphabetic() && c != '.').next().unwrap();
        let upper = written.len() > 1 && written.chars().all(|c| c.is_uppercase() || c == '.');
        (upper, !upper)
    });
    // Many stressed words are kept with both readings, because a lost initialism costs more than a needless term.
    assert!(ours >= 0.90, "{ours:.3}\n{wrong}");
    assert!(folding < ours && capitals < ours, "{folding:.3} {capitals:.3}");
}

mod cutting;
mod readings;
