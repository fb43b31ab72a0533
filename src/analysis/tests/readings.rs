//! Tests of initialisms and words, rule by rule: each row is one occurrence that one rule decides.

use std::collections::HashMap;

use super::*;

/// How the occurrence in brackets is indexed: `I` the initialism, `W` the word, `E` either.
fn reading(marked: &str, query: bool) -> char {
    let at = marked.find('[').unwrap();
    let words = words(&marked.replace(['[', ']'], ""));
    let (mut initialism, mut word) = (false, false);
    let mut see = |w: &Word, term: &str| {
        if w.start as usize == at {
            let capitals = term.bytes().all(|b| b.is_ascii_uppercase());
            initialism |= capitals;
            word |= !capitals;
        }
    };
    match query {
        true => Analyzer::new().query_terms(&words, &mut see),
        false => Analyzer::new().terms(&words, &mut see),
    }
    match (initialism, word) {
        (true, false) => 'I',
        (false, true) => 'W',
        (true, true) => 'E',
        (false, false) => '-',
    }
}

fn read_as(want: char, rows: &[&str]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|row| (row, reading(row, false)))
        .filter(|(_, found)| *found != want)
        .map(|(row, found)| format!("{found}: {row}"))
        .collect();
    assert!(wrong.is_empty(), "not {want}: {wrong:#?}");
}

#[test]
fn capitals_among_small_letters_are_the_initialism() {
    read_as(
        'I',
        &[
            "The depot in Lafayette, [IN] was shut.",
            "The yard in Salem, [OR] was sold.",
            "A fault in the [CAN] bus of the truck stopped it.",
            "The [IS] fighters fled at night.",
            "[IS] claimed the attack on the depot.",
            "[IS] not only fled, it left its guns.",
            "They swore to fight against [IS], he said.",
            "He fled Raqqa for good, and Mosul [IS], he said, fell.",
            "The [IT] contract was late.",
            "The [IT] will be bought abroad.",
            "They want [IT] workers at the base.",
            "They need [IT] bought abroad.",
            "The [WHO] said that cholera spread.",
            "Doctors at the [WHO] warned of it.",
            "Nearly all of [US] troops in Alda will leave.",
            "The minister told [US] officials that it was late.",
            "The minister told [US] reporters nothing.",
            "The pilots were of [US] origin.",
            "It was built in [US], he said.",
            "He was told. [US] that day was calm.",
            "The plan keeps [US] pilots in Alda.",
            "Most of Alda, [US] aside, agreed.",
            "The [ACT] commander flew to Alda.",
            "We should not forget that they may [STEM] education as before.",
            "They are [SAFE] loans in name only.",
            "They become [SAFE] borrowers next year.",
            "A [START] treaty was signed.",
            "This [START] inspector left Alda.",
            "[ACT] is based in Alda.",
            "[SEAL] in hand, he left Alda.",
            "[ACT] and its staff moved.",
            "[ACT], he said, had moved.",
            "[ACT], now in Alda, moved its staff.",
            "[SAFE] now lends more.",
            "The general drove to [SHAPE] in Mons.",
            "The general drove to [SHAPE] at Casteau.",
            "They want ALL [SAFE] loans to be paid.",
            "The [MoD] said nothing.",
            "The [U.S.] said nothing.",
            "The [u.s.] said nothing.",
            "[SAFE] HARBOUR",
        ],
    );
}

#[test]
fn capitals_that_may_raise_the_voice_have_both_readings() {
    read_as(
        'E',
        &[
            "We are all [IN] this together.",
            "He said that, [OR] else.",
            "Yes, we [CAN] do it.",
            "It [IS] true, he said.",
            "The plan [IS] not dead.",
            "The plan [IS] going ahead.",
            "That is what the threat [IS], he said.",
            "[IS] IT true that they left?",
            "He waited, and [IT] is late.",
            "[IT] will fail, he said.",
            "We must get [IT] done this year.",
            "We want [IT] now.",
            "They did [IT].",
            "It is about those [WHO] pay.",
            "Ask [WHO] paid.",
            "That is [WHO] we are.",
            "Tell [US] more.",
            "He told [US] that it was late.",
            "He told [US]. That day was calm.",
            "All of [US] agreed.",
            "The rest of [US] agreed.",
            "They fought with [US], not for them.",
            "They trusted [US] alone.",
            "They trusted [US] both.",
            "Alda, unlike [US], agreed.",
            "We must [ACT] now.",
            "We must [ACT], he said.",
            "Please stay [SAFE].",
            "Please stay [SAFE] at home.",
            "It is only a [START].",
            "It is our [SHIELD].",
            "[ACT] now, he said.",
            "They want to [SHAPE] in time what they can.",
            "They want to [SHAPE] on Monday what they can.",
            "This IS [SAFE] territory, he said.",
        ],
    );
    read_as('W', &["They told [us] nothing.", "They told [us] troops nothing."]);
}

#[test]
fn in_a_headline_in_capitals_the_neighbours_decide() {
    read_as(
        'I',
        &[
            "[US] TROOPS LEAVE NORFOLK",
            "PARIS AND [US] SPLIT AGAIN",
            "[MOD] PLANS CUTS AGAIN",
            "BIG [QUAD] MEETS AGAIN",
            "NEW [START] TREATY LAPSES",
            "[SAFE] LOANS APPROVED TODAY",
            "THE [SAFE] HOUSE BURNED",
            "THE [WHO] LEAVES GENEVA",
            "[WHO] WARNS OF CHOLERA",
            "[IS] FIGHTERS FLEE RAQQA",
            "CANADA JOINS [SAFE] QUICKLY",
            "GENERALS MEET AT [SHAPE]",
            "GENERALS FLY FROM [SHAPE] EARLY",
        ],
    );
    read_as(
        'W',
        &[
            "NOBODY TOLD [US] ABOUT IT",
            "LEADERS MEET [IN] PARIS",
            "PARIS SAYS WE [CAN] STAY",
            "WE MUST [ACT] PARIS WARNS",
            "PARIS [WHO] SAYS NOTHING",
            "[WHO] PAYS FOR BRIDGES",
            "[IS] THREAT GROWING FAST",
            "ARMY BOUND TO [SHAPE] EUROPE",
            "[SAFE] PASSAGE AGREED TODAY",
            "[ICE] SHEET MELTS EARLY",
            "BLACK [ICE] BLOCKS CONVOY",
            "UNCLE [SAM] WANTS TROOPS",
            "[RAW] MATERIALS RUN SHORT",
            "BALANCING [ACT] FAILS AGAIN",
        ],
    );
    read_as(
        'E',
        &[
            "[WHO] SAYS CHOLERA SPREADS",
            "NEW [START] FOR ALLIES",
            "LEADERS WANT MORE [ASAP]",
            "[RAM] BREAKS HARBOUR GATE",
            "THE [ICE] MELTS EARLY",
            "NOTHING IS [SAFE] TODAY",
            "A [SAFE] HARBOUR FOUND",
            "[WHO] SAID NOTHING YESTERDAY",
            "[ASAP] PASSES BRUSSELS VOTE",
            "[ICE] BLOCKS CONVOY ROUTE",
            "[SAM] HITS CONVOY YESTERDAY",
            "CANADA LEAVES [SAFE] SPACE",
        ],
    );
}

#[test]
fn one_capital_is_the_house_style_of_some_initialisms() {
    read_as(
        'I',
        &[
            "The [Mod] said nothing.",
            "[Mod] officials said nothing.",
            "They passed an [Asap] vote.",
            "Leaders of the [Quad] met.",
            "The [Safe] loans were paid.",
            "Canada joins [Safe] soon.",
            "They met at [Shape] later.",
            "The new [Start] lapsed.",
            "New [Start] talks opened.",
            "He said: [Safe] loans were paid.",
            "[Shape] officers said nothing.",
            "Senate Backs New [Start] Treaty In Alda Again",
            "[Safe] Loans Rise Again In Brussels Vote",
        ],
    );
    read_as(
        'W',
        &[
            "The Port [Safe] pact was signed.",
            "The [Safe] Port pact was signed.",
            "The [Ice] agents came.",
            "[Sure] thing, he said.",
            "[Safe] harbour was found.",
            "[Who] officials met is open.",
            "Ministers Seek [Safe] Harbour In Ravenia Again",
        ],
    );
    read_as(
        'E',
        &[
            "They signed the [Safe] harbour plan.",
            "They rode a [Quad] bike home.",
            "They said the [Start] lapsed.",
            "[Sure] loans were paid.",
            "[Start] talks opened.",
        ],
    );
}

#[test]
fn capitals_after_that_may_begin_a_clause() {
    read_as(
        'E',
        &[
            "The commissioner said that [SAFE] was open to Canada and Japan.",
            "They agreed that [START] is over.",
            "Nobody wants that [COST].",
        ],
    );
    read_as('I', &["The commissioner said [SAFE] was open.", "They agreed that [SAFE] loans are cheap."]);
    read_as('E', &["We must stay [SAFE] today.", "This [COST] is too high."]);
}

#[test]
fn in_a_query_capitals_ask_for_the_initialism() {
    for (query, want) in [
        ("[US]", 'I'),
        ("[us]", 'W'),
        ("[SAFE] loans", 'I'),
        ("[Safe] loans", 'W'),
        ("the [Safe] fund", 'E'),
        ("New [Start]", 'E'),
        ("the Harbour [Act]", 'W'),
        ("[Quad] members", 'E'),
        ("[Mod]", 'E'),
        ("the [quad]", 'W'),
        ("[MoD]", 'I'),
        ("[u.s.]", 'I'),
        ("[SAFE] HARBOUR NOW", 'E'),
        ("[SAFE] HARBOUR", 'I'),
        ("[U.S.] HARBOUR NOW", 'I'),
    ] {
        assert_eq!(reading(query, true), want, "{query}");
    }
}

#[test]
fn a_designation_is_found_without_its_variant_letter_and_asked_for_with_it() {
    let asked = |query: &str| {
        let mut out = Vec::new();
        Analyzer::new().query_terms(&words(query), |_, term| out.push(term.to_owned()));
        out
    };
    assert_eq!(terms("F-35B"), ["f35", "f35b"]);
    assert_eq!(asked("F-35B"), ["f35b"]);
    assert_eq!((terms("F-35"), asked("F-35")), (vec!["f35".to_owned()], vec!["f35".to_owned()]));
    for (word, base) in [
        ("abcd1234x", Some("abcd1234")),
        ("abcde1x", None),
        ("f12345x", None),
        ("35b", None),
        ("f3x5b", None),
        ("f35bc", None),
    ] {
        let mut want: Vec<String> = base.map(str::to_owned).into_iter().collect();
        want.push(word.to_owned());
        assert_eq!(Analyzer::new().all_terms(word), want, "{word}");
    }
}

/// No labelled sentence but these loses the reading that is meant, and no more than this many have a second one. A change
/// that mends or spoils one shows here, where an average would hide it.
#[test]
fn every_labelled_sentence_but_these_keeps_the_reading_that_is_meant() {
    let marked = |case: &Case| {
        let end = case.text[case.at..]
            .find(|c: char| !c.is_alphabetic() && c != '.')
            .map_or(case.text.len(), |end| case.at + end);
        format!("{}[{}]{}", &case.text[..case.at], &case.text[case.at..end], &case.text[end..])
    };
    let cases = cases();
    let (mut lost, mut doubtful) = (Vec::new(), 0);
    for case in &cases {
        let (row, want) = (marked(case), if case.initialism { 'I' } else { 'W' });
        match reading(&row, false) {
            'E' => doubtful += 1,
            found if found != want => lost.push(format!("{want} read as {found}: {row}")),
            _ => {}
        }
    }
    assert!(cases.len() >= 300, "{}", cases.len());
    assert_eq!(doubtful, 53, "sentences with both readings");
    assert_eq!(
        lost,
        [
            "W read as I: \"They are aiming at [US], not at the barracks,\" he shouted.",
            "W read as I: Yes, the threat [IS] real, and no, we will not panic.",
            "W read as I: The [START] OF the war surprised nobody.",
            "W read as I: The recruits got a [RAW] deal.",
            "W read as I: The cost of [WAR] is rising.",
        ]
    );
}

/// Counting the terms of a text gives the same as listing them.
#[test]
fn counts_are_those_of_the_terms() {
    let rows: Vec<String> = cases().into_iter().map(|case| case.text).collect();
    let texts = [rows.join("\n\n"), "F-35B and F-35, MQ-9 and mq-9a; the 5 per cent of 5% in the US".to_owned()];
    for text in &texts {
        let words = words(text);
        for skipped in ["", "the", "us"] {
            let mut want: HashMap<String, u32> = HashMap::new();
            Analyzer::new().terms(&words, |word, term| {
                if words.folded(word) != skipped {
                    *want.entry(term.to_owned()).or_default() += 1;
                }
            });
            // The base of a designation is counted with it.
            let counts: HashMap<String, u32> =
                Analyzer::new().counts(&words, |_, folded| folded != skipped).into_iter().collect();
            assert_eq!(counts, want, "without {skipped:?}");
        }
        for word in words.as_slice() {
            let all = Analyzer::new().all_terms(words.folded(word));
            assert!(!all.is_empty());
        }
    }
}

/// A search for a word as written uses all terms that its folded form can give, so none may be missing.
#[test]
fn all_terms_hold_every_term_that_a_text_gives() {
    let rows: Vec<String> = cases().into_iter().map(|case| case.text).collect();
    let text = rows.join("\n\n") + "\n\nF-35B U.S. organisations 5%";
    let words = words(&text);
    let mut seen = 0;
    Analyzer::new().terms(&words, |word, term| {
        seen += 1;
        let all = Analyzer::new().all_terms(words.folded(word));
        assert!(all.iter().any(|one| one == term), "{term} of {}", words.folded(word));
    });
    assert!(seen > 2000, "{seen}");
}
