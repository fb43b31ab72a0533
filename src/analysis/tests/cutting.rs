//! Tests of cutting: the folded form, span, shape, gap and position of each word.

use super::*;

fn folded(text: &str) -> Vec<String> {
    let words = words(text);
    words.as_slice().iter().map(|word| words.folded(word).to_owned()).collect()
}

fn written(text: &str) -> Vec<&str> {
    words(text).as_slice().iter().map(|word| &text[word.start as usize..word.end as usize]).collect()
}

/// Checks the folded words of each text; the words of an expectation stand between blanks.
fn folds(cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(folded(text).join(" "), *want, "{text}");
    }
}

#[test]
fn a_number_is_one_word_where_its_digits_are_grouped_by_three() {
    folds(&[
        ("1,482", "1482"),
        ("14,825", "14825"),
        ("148,250", "148250"),
        ("1,482,300", "1482300"),
        ("1,482.75", "1482.75"),
        ("1.482", "1.482"),
        ("0.5", "0.5"),
        ("1,482km", "1482 km"),
        ("2.5bn", "2.5 bn"),
        ("1,482, and", "1482 and"),
        ("It rose to 2.5. Then", "it rose to 2.5 then"),
    ]);
    assert_eq!(written("at €1,482.75bn,"), ["at", "€", "1,482.75", "bn"]);
}

#[test]
fn a_number_whose_digits_are_grouped_otherwise_is_found_by_its_parts() {
    folds(&[
        ("1,4825", "1 4825"),
        ("1,48", "1 48"),
        ("1,482,30", "1482 30"),
        ("1,482,3000", "1482 3000"),
        ("1, 482", "1 482"),
        ("1,x", "1 x"),
        ("1.2.3", "1 2.3"),
        ("1.", "1"),
        ("3.x", "3 x"),
        ("2024-25", "2024 25"),
        ("2024/25", "2024 25"),
    ]);
}

#[test]
fn a_unit_behind_a_number_is_a_word_and_any_other_letters_are_not() {
    let units = "mm cm km kg kt bn mn tn m k nm mph kph gw mw kw ghz mhz lb lbs ft million billion";
    for unit in units.split(' ') {
        assert_eq!(folded(&format!("12{unit}")), ["12", unit]);
        assert_eq!(folded(&format!("12{}", unit.to_uppercase())), ["12", unit]);
    }
    assert_eq!(units.split(' ').count(), 23);
    folds(&[("21st 3D 4x4 2nd 155mmx", "21st 3d 4x4 2nd 155mmx"), ("155mm’s", "155 mm")]);
    let words = words("155mm 155 mm");
    let gaps: Vec<Gap> = words.as_slice().iter().map(|word| word.gap).collect();
    assert_eq!(gaps, [Gap::Paragraph, Gap::Joined, Gap::Space, Gap::Space]);
    let positions: Vec<u32> = words.as_slice().iter().map(|word| word.position).collect();
    assert_eq!(positions, [0, 1, 2, 3], "a unit counts as a word whether or not it is set apart");
}

#[test]
fn money_meets_however_its_currency_is_written() {
    folds(&[
        ("€5 £5 $5 ¥5 ₴5", "euro 5 pound 5 dollar 5 yen 5 hryvnia 5"),
        ("₽5 ₩5 ₹5 ₺5 ₪5", "rouble 5 won 5 rupee 5 lira 5 shekel 5"),
        ("5€ 5 €", "5 euro 5 euro"),
        ("US$5", "us dollar 5"),
    ]);
    for (sign, code, words) in [
        ("€150bn", "EUR 150 billion", "150 billion euros"),
        ("$3mn", "USD 3 million", "3 million dollars"),
        ("£2tn", "GBP 2 trillion", "2 trillion pounds"),
    ] {
        let sorted = |text: &str| {
            let mut terms = terms(text);
            terms.sort();
            terms
        };
        assert_eq!(sorted(sign), sorted(code), "{sign}");
        assert_eq!(sorted(sign), sorted(words), "{sign}");
    }
    assert_eq!(words("€5").as_slice()[1].gap, Gap::Joined);
}

#[test]
fn per_cent_is_one_word_behind_a_number_or_as_written() {
    for text in ["5%", "5 %", "5\u{a0}%", "5 percent", "5 per cent", "5 per-cent", "5 Per Cent", "5 PER CENT"] {
        assert_eq!(folded(text), ["5", "percent"], "{text}");
        let words = words(&format!("{text} more"));
        let positions: Vec<u32> = words.as_slice().iter().map(|word| word.position).collect();
        assert_eq!(positions, [0, 1, 2], "{text}");
    }
    folds(&[
        ("five %", "five"),
        ("5) % of", "5 of"),
        ("% of", "of"),
        ("per, cent", "per cent"),
        ("per. Cent", "per cent"),
        ("per century", "per century"),
        ("super cent", "super cent"),
        ("per\n\ncent", "per cent"),
    ]);
    assert_eq!(written("some 5 per cent’s worth"), ["some", "5", "per cent", "worth"]);
    assert!(words("5 per cent’s worth").as_slice()[1].possessive);
}

#[test]
fn co_operation_is_one_word_and_other_co_words_are_two() {
    folds(&[
        ("co-operate co-operation Co-Ordinated", "cooperate cooperation coordinated"),
        ("co-op co-owner co-found", "co op co owner co found"),
        ("co operate", "co operate"),
        ("Marconi-operated", "marconi operated"),
    ]);
    assert_eq!(written("the co-operation of"), ["the", "co-operation", "of"]);
}

#[test]
fn a_designation_is_one_word_with_its_number() {
    folds(&[
        ("F-35 f-35 F‑35 F‐35", "f35 f35 f35 f35"),
        ("F-35B MQ-9B T-90M S-400 Su-57", "f35b mq9b t90m s400 su57"),
        ("F–35A T−72B3 f–35 F – 35", "f35a t72b3 f 35 f 35"),
        ("MiG-29 Mig-29 mig-29 Yak-130 Pac-3 Aim-120", "mig29 mig29 mig29 yak130 pac3 aim120"),
        ("AGM-88 Agm-88 GBU-12 gbu-12 Rim-174 rgm-84", "agm88 agm88 gbu12 gbu12 rim174 rgm84"),
        ("RGMX-84 ABCD-1", "rgmx84 abcd1"),
        ("F-35s F-123456", "f35s f123456"),
    ]);
    folds(&[
        ("F - 35", "f 35"),
        ("F-x", "f x"),
        ("Top-10 Type-45 type-45", "top 10 type 45 type 45"),
        ("HIMARS-2 Covid-19 ABCDE-1", "himars 2 covid 19 abcde 1"),
        ("F-1234567", "f 1234567"),
        ("mid-2025 é-35", "mid 2025 e 35"),
    ]);
    assert_eq!(written("the F-35’s range"), ["the", "F-35", "range"]);
    assert!(words("the F-35’s range").as_slice()[1].possessive);
}

#[test]
fn letters_with_dots_are_one_initialism() {
    folds(&[
        ("U.S. U.S U.S.A. N.A.T.O p.m. e.g.", "us us usa nato pm eg"),
        ("U.S.-led U.K.’s", "us led uk"),
        ("A. Smith", "a smith"),
        ("a.b.cd", "a b cd"),
        ("x.y1", "x y1"),
    ]);
    assert_eq!(written("the U.S., the U.K and"), ["the", "U.S.", "the", "U.K", "and"]);
    assert!(words("the U.K.’s navy").as_slice()[1].possessive);
}

#[test]
fn a_possessive_stays_outside_its_word() {
    for (text, word, possessive) in [
        ("minister’s plan", "minister", true),
        ("minister's plan", "minister", true),
        ("minister`s plan", "minister", true),
        ("MINISTER’S plan", "MINISTER", true),
        ("ministers’ plan", "ministers", true),
        ("US’ plan", "US", true),
        ("UK’s", "UK", true),
        ("James’s plan", "James", true),
        ("minister plan", "minister", false),
        ("minister’ plan", "minister", false),
        ("minister’sale plan", "minister’sale", false),
        ("don’t plan", "don’t", false),
        ("O’Neill plan", "O’Neill", false),
    ] {
        let words = words(text);
        let first = words.as_slice()[0];
        assert_eq!((&text[..first.end as usize], first.possessive), (word, possessive), "{text}");
    }
    folds(&[
        ("minister’s plan", "minister plan"),
        ("don’t O’Neill l’Élysée Hayʼat", "don't oneill elysee hayat"),
        ("‘quoted’ 'twas rock 'n' roll", "quoted twas rock n roll"),
        ("minister’s-plan", "minister plan"),
    ]);
}

#[test]
fn characters_without_width_and_marks_do_not_part_a_word() {
    folds(&[
        ("pro\u{ad}cure\u{ad}ment", "procurement"),
        ("NA\u{200b}TO \u{200b}NATO\u{200b} \u{feff}NATO", "nato nato nato"),
        ("e\u{301}lan Cafe\u{301}", "elan cafe"),
        ("pro\u{ad} curement", "pro curement"),
        ("\u{202a}Haifa\u{202c}, \u{2066}Beirut\u{2069}", "haifa beirut"),
    ]);
    assert_eq!(words("one\u{ad} \u{ad}two").as_slice()[1].gap, Gap::Space);
    assert_eq!(written("a pro\u{ad}curement plan")[1], "pro\u{ad}curement");
}

#[test]
fn letters_fold_to_plain_small_ones() {
    folds(&[
        ("Łukasz Ørsted Đurđević Straße", "lukasz orsted durdevic strasse"),
        ("Işık ÆTHER Œuvre Þór", "isik aether oeuvre thor"),
        ("Ħal Ŋa ð ÉCOLE", "hal na d ecole"),
        ("ﬁnal １２ Ⅳ", "final 12 iv"),
        ("Москва ΑΘΗΝΑ", "москва αθηνα"),
        ("防衛 NATO加盟", "防 衛 nato 加 盟"),
    ]);
}

#[test]
fn the_shape_of_a_word_is_that_of_its_letters() {
    for (word, shape) in [
        ("paris", Shape::Lower),
        ("Paris", Shape::Title),
        ("A", Shape::Title),
        ("a", Shape::Lower),
        ("NATO", Shape::Upper),
        ("EU", Shape::Upper),
        ("MoD", Shape::Mixed),
        ("McCain", Shape::Mixed),
        ("iPhone", Shape::Mixed),
        ("NATo", Shape::Mixed),
        ("nATO", Shape::Mixed),
    ] {
        // With a soft hyphen after it the word is not read by the quick way.
        for text in [format!("{word} x"), format!("{word}\u{ad} x"), format!("x {word}")] {
            let words = words(&text);
            let at = usize::from(text.starts_with("x "));
            assert_eq!(words.as_slice()[at].shape, shape, "{text:?}");
        }
    }
    for (word, shape) in [
        ("U.S.", Shape::Upper),
        ("F-35B", Shape::Upper),
        ("155", Shape::Number),
        ("2.5", Shape::Number),
        ("Élan", Shape::Title),
        ("éLan", Shape::Mixed),
        ("ŁÓDŹ", Shape::Upper),
        ("élan", Shape::Lower),
        ("防", Shape::Lower),
        ("€", Shape::Lower),
    ] {
        assert_eq!(words(word).as_slice()[0].shape, shape, "{word}");
    }
}

#[test]
fn what_stands_between_two_words_tells_how_far_apart_they_are() {
    for (text, gap) in [
        ("one two", Gap::Space),
        ("one  two", Gap::Space),
        ("one\ttwo", Gap::Space),
        ("one\ntwo", Gap::Space),
        ("one\u{a0}two", Gap::Space),
        ("one-two", Gap::Hyphen),
        ("one‑two", Gap::Hyphen),
        ("one/two", Gap::Hyphen),
        ("one- two", Gap::Punctuation),
        ("one - two", Gap::Punctuation),
        ("one -two", Gap::Punctuation),
        ("one – two", Gap::Punctuation),
        ("one, two", Gap::Punctuation),
        ("one (two", Gap::Punctuation),
        ("one: Two", Gap::Punctuation),
        ("one.two", Gap::Joined),
        ("one. two", Gap::Space),
        ("one. Two", Gap::Sentence),
        ("one! Two", Gap::Sentence),
        ("one? Two", Gap::Sentence),
        ("one… Two", Gap::Sentence),
        ("one... Two", Gap::Sentence),
        ("one… two", Gap::Space),
        ("one.” Two", Gap::Sentence),
        ("one.’) Two", Gap::Sentence),
        ("one. “Two", Gap::Sentence),
        ("one. – Two", Gap::Sentence),
        ("one. 2 ships", Gap::Sentence),
        ("one\n\ntwo", Gap::Paragraph),
        ("one\n\n\ntwo", Gap::Paragraph),
        ("one.\n\nTwo", Gap::Paragraph),
        ("one,\n\n– two", Gap::Paragraph),
        ("Gen. Two", Gap::Space),
        ("gen. Two", Gap::Sentence),
        ("No. 10", Gap::Space),
        ("no. Two", Gap::Sentence),
        ("vs. Two", Gap::Space),
        ("Co. Two", Gap::Space),
        ("co. Two", Gap::Sentence),
        ("Art. 5", Gap::Space),
        ("art. Two", Gap::Sentence),
        ("J. Two", Gap::Space),
        ("U.S. The", Gap::Sentence),
        ("U.S. Navy", Gap::Space),
        ("U.S.” The", Gap::Sentence),
        ("U.S., The", Gap::Punctuation),
        ("p.m. On", Gap::Sentence),
    ] {
        assert_eq!(words(text).as_slice()[1].gap, gap, "{text:?}");
    }
    assert_eq!(words("one").as_slice()[0].gap, Gap::Paragraph);
}

#[test]
fn a_phrase_does_not_cross_a_paragraph() {
    let positions = |text: &str| words(text).as_slice().iter().map(|word| word.position).collect::<Vec<_>>();
    assert_eq!(positions("one two. Three"), [0, 1, 2]);
    assert_eq!(
        positions("one two\n\nthree four"),
        [0, 1, 2 + crate::analysis::words::PARAGRAPH_GAP, 3 + crate::analysis::words::PARAGRAPH_GAP]
    );
    assert_eq!(positions("one\n\n\n\ntwo"), [0, 1 + crate::analysis::words::PARAGRAPH_GAP]);
    assert_eq!(positions("\n\none\ntwo"), [0, 1]);
}

#[test]
fn the_memory_of_another_text_leaves_nothing_behind() {
    let text = "The UK’s 5% plan\n\nfor F-35s";
    let (fresh, used) = (words(text), words_into(text, words("Ünlike words, of another text. Here!")));
    assert_eq!(fresh.as_slice(), used.as_slice());
    assert_eq!(fresh.len(), 7);
    for (one, other) in fresh.as_slice().iter().zip(used.as_slice()) {
        assert_eq!(fresh.folded(one), used.folded(other));
    }
    assert!(words_into("", used).is_empty() && !fresh.is_empty());
}

#[test]
fn a_word_is_known_to_be_folded_only_where_it_is() {
    let text = "the café’s Paris 155 per cent €5 don’t F-35 plain";
    let words = words(text);
    let sure: Vec<&str> =
        words.as_slice().iter().filter(|word| words.is_folded(word)).map(|word| words.folded(word)).collect();
    assert_eq!(sure, ["the", "plain"]);
}

#[test]
fn words_of_three_letters_are_stemmed_and_respelt_too() {
    assert_eq!(terms("ads"), terms("ad"));
    assert_eq!(canonical("ionised"), "ionized");
    assert_eq!(canonical("wise"), "wise");
}

#[test]
fn a_contraction_keeps_its_apostrophe_and_a_name_does_not() {
    folds(&[
        ("She’ll she'll WE’RE we`re I’d", "she'll she'll we're we're i'd"),
        ("can't, won’t", "can't won't"),
        ("it’s she’s let's", "it she let"),
        ("O’Brien OBrien Int'l", "obrien obrien intl"),
    ]);
    for (contraction, word) in
        [("she'll", "shell"), ("I’ll", "ill"), ("we're", "were"), ("you're", "your"), ("he'd", "hed")]
    {
        assert_ne!(terms(contraction), terms(word));
    }
}

#[test]
fn an_elided_small_word_stays_outside() {
    folds(&[
        ("l’armée d'Israël qu’Élise", "armee israel elise"),
        ("L’Union L'ÉGYPTE dell’Unione Dell'Unione un'altra", "union egypte unione unione altra"),
        ("jusqu'à lorsqu’il all’Aia", "a il aia"),
        ("aujourd’hui Sant'Egidio N'Djamena o'clock l'Brun", "aujourdhui santegidio ndjamena oclock lbrun"),
        ("coup d’état", "coup etat"),
    ]);
    assert_eq!(written("de l’armée d’Ìsola"), ["de", "armée", "Ìsola"]);
    let words = words("de l’armée. L’Union");
    assert_eq!(words.as_slice().iter().map(|word| word.gap).collect::<Vec<_>>()[1..], [Gap::Space, Gap::Sentence]);
}

#[test]
fn an_ending_behind_the_apostrophe_of_a_name_or_number_stays_outside() {
    folds(&[
        ("Erdoğan’ın NATO'nun AB’nin Brüksel'deki", "erdogan nato ab bruksel"),
        ("2025'te F-16’ların 1.500'den ERDOĞAN'IN", "2025 f16 1.500 erdogan"),
        ("Hay'at Ya'alon Da'esh Shi'ite Qur'an", "hayat yaalon daesh shiite quran"),
    ]);
    assert_eq!(written("Erdoğan'ın ziyareti"), ["Erdoğan", "ziyareti"]);
}

#[test]
fn a_name_with_a_doubtful_apostrophe_has_both_readings() {
    for (text, want) in [
        ("D’Alema", &["dalema", "alema"][..]),
        ("D'Angelo", &["dangelo", "angelo"]),
        ("Sana'a", &["sanaa", "sana"]),
        ("Putin'e", &["putin", "putin"]),
        ("T'aipei", &["taipei", "aipei"]),
    ] {
        assert_eq!(terms(text), want, "{text}");
        let mut asked = Vec::new();
        Analyzer::new().query_terms(&words(text), |_, term| asked.push(term.to_owned()));
        assert_eq!(asked, want[..1], "{text}");
    }
}

#[test]
fn a_form_of_two_words_is_found_by_both_in_small_letters() {
    assert_eq!(terms("prices rose"), ["price", "rose", "rise"]);
    assert_eq!(terms("Rose met Rose"), ["rose", "meet", "rose"]);
    let mut asked = Vec::new();
    Analyzer::new().query_terms(&words("rose Rose"), |_, term| asked.push(term.to_owned()));
    assert_eq!(asked, ["rose", "rise", "rose"]);
}
