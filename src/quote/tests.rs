//! Sentences about invented people and states, by kind of speech; and what holds of every text.

use serde_json::Value;

use super::*;
use crate::authority::Authority;
use crate::tag::Tagger;

fn read(title: &str, text: &str) -> (Article, Quotes) {
    read_as(None, title, text)
}

/// As [`read`], of an article in this language.
fn read_as(language: Option<&str>, title: &str, text: &str) -> (Article, Quotes) {
    thread_local! {
        static TAGGER: std::cell::RefCell<Tagger<'static>> = std::cell::RefCell::new(Tagger::new(Authority::bundled()));
    }
    let language = language.map(str::to_owned);
    let article = Article { title: title.to_owned(), text: text.to_owned(), language, ..Article::default() };
    let tags = TAGGER.with_borrow_mut(|tagger| tagger.tag(&article));
    let found = quotes(&article, &tags);
    (article, found)
}

/// Kind, words and speaker of each quote of a text, as `d|words|speaker`.
fn told(text: &str) -> Vec<String> {
    let (_, found) = read("", text);
    let line = |quote: &Quote| {
        let kind = match quote.kind {
            Kind::Direct => "d",
            Kind::Indirect => "i",
            Kind::Mixed => "m",
        };
        let speaker = quote.speaker.as_ref().map_or("", |speaker| speaker.surface.as_str());
        format!("{kind}|{}|{speaker}", &text[quote.start..quote.end])
    };
    found.text.iter().map(line).collect()
}

/// Surface and actor of each speaker.
fn speakers(text: &str) -> Vec<(String, String)> {
    let (_, found) = read("", text);
    let pair = |speaker: Speaker| (speaker.surface, speaker.actor.unwrap_or_default());
    found.text.into_iter().filter_map(|quote| quote.speaker).map(pair).collect()
}

#[test]
fn direct_speech_has_its_cue_on_either_side() {
    assert_eq!(told("“We stay,” Karl Oster said."), ["d|We stay,|Karl Oster"]);
    assert_eq!(told("Karl Oster said: \"We stay. We fight.\""), ["d|We stay. We fight.|Karl Oster"]);
    assert_eq!(
        told("“We stay,” said Karl Oster, who leads Alda. “We fight.”"),
        ["d|We stay,|Karl Oster", "d|We fight.|Karl Oster"]
    );
    assert_eq!(told("\"Why should we go?\" Oster asked."), ["d|Why should we go?|Oster"]);
    assert_eq!(told("As Oster put it: “Who pays?”"), ["d|Who pays?|Oster"]);
}

#[test]
fn speakers_who_say_it_together_are_all_told() {
    let text = "Emmanuel Macron, Angela Merkel and Theresa May said they would pay. Olaf Scholz of Germany and Mark Rutte agreed \
        that it was late. Keir Starmer said that Alda was far.";
    let (_, found) = read("", text);
    let all: Vec<Vec<&String>> =
        found.text.iter().filter_map(|quote| Some(quote.speaker.as_ref()?.actors().collect())).collect();
    assert_eq!(all[0], ["person/emmanuel-macron", "person/angela-merkel", "person/theresa-may"]);
    assert_eq!(all[1], ["person/olaf-scholz", "person/mark-rutte"]);
    assert_eq!(all[2], ["person/keir-starmer"]);
}

#[test]
fn a_list_of_speakers_is_whole_and_what_may_be_no_statement_is_doubtful() {
    let speaker = |text: &str| {
        let (_, found) = read("", text);
        found.text.first().and_then(|quote| quote.speaker.clone()).map_or(String::new(), |one| one.surface)
    };
    assert_eq!(
        speaker("The ministers of Alda, Norra and Borduria have said that they will pay."),
        "The ministers of Alda, Norra and Borduria"
    );
    assert_eq!(speaker("In Paris, France and Germany said that they would pay."), "France and Germany");
    assert_eq!(
        speaker("Ministers from more than 40 countries agreed to meet again."),
        "Ministers from more than 40 countries"
    );
    assert_eq!(speaker("In July 2024 Alda also agreed to join the pact."), "Alda");
    let doubtful = |text: &str| read("", text).1.text.iter().any(|quote| quote.doubtful);
    assert!(doubtful("Anyone who thinks that Alda will pay is wrong."));
    assert!(doubtful("If Karl Oster said that the tanks were late, he was right."));
    assert!(doubtful("Karl Oster ordered another 7,000 troops to go to Alda."));
    assert!(!doubtful("Karl Oster said that the tanks were late."));
    assert_eq!(
        told("Karl Oster was criticised for saying in May that Alda was late and for seeking help.")[0],
        "i|Alda was late|Karl Oster"
    );
    assert_eq!(
        told("We must go on, because, as Karl Oster said, “nobody else will.”"),
        ["d|nobody else will.|Karl Oster"]
    );
    assert_eq!(told("It is our strongest, most feared, and largest force."), [""; 0]);
    assert_eq!(told("They discussed the talks according to the agreement."), [""; 0]);
}

#[test]
fn indirect_speech_ends_where_the_next_cue_begins() {
    assert_eq!(told("Karl Oster said that Alda would pay."), ["i|Alda would pay|Karl Oster"]);
    assert_eq!(
        told("Karl Oster said Alda would pay, adding that it was late."),
        ["i|Alda would pay|Karl Oster", "i|it was late|Karl Oster"]
    );
    assert_eq!(
        told("The talks are over, Karl Oster told reporters in Port Alda."),
        ["i|The talks are over|Karl Oster"]
    );
    assert_eq!(
        told("The yard, Karl Oster said, was bankrupt."),
        ["i|The yard|Karl Oster", "i|was bankrupt|Karl Oster"]
    );
    assert_eq!(told("According to Karl Oster, the yard was bankrupt."), ["i|the yard was bankrupt|Karl Oster"]);
    assert_eq!(told("Oster vowed to rebuild the fleet."), ["i|to rebuild the fleet|Oster"]);
    assert_eq!(told("Oster’s claim that Alda would pay was false."), ["i|Alda would pay|Oster"]);
}

#[test]
fn mixed_speech_is_the_whole_clause() {
    assert_eq!(told("Oster said the plan was “dead and buried”."), ["m|the plan was “dead and buried”|Oster"]);
    assert_eq!(told("Alda “will not move”, Oster told parliament."), ["m|Alda “will not move”|Oster"]);
    assert_eq!(told("Oster called the treaty “a bad joke”."), ["m|the treaty “a bad joke”|Oster"]);
}

#[test]
fn scare_quotes_titles_and_headings_are_nobodys_words() {
    assert_eq!(told("The so-called “frozen zone” was quiet."), [""; 0]);
    assert_eq!(told("Oster wrote “The Empty Quay” in 1999."), [""; 0]);
    assert_eq!(told("The ships sailed.\n\n‘A cold winter’\n\nNobody came."), [""; 0]);
    assert_eq!(told("I said that the plan was bad."), [""; 0]);
    assert_eq!(told("Oster declined to comment. Oster did not say that Alda would pay."), [""; 0]);
}

#[test]
fn quotations_run_on_over_paragraphs() {
    assert_eq!(
        told("“We stay,” Oster said. “We fight.\n\n“We win.”"),
        ["d|We stay,|Oster", "d|We fight.|Oster", "d|We win.|Oster"]
    );
    assert_eq!(
        told("“We stayed all the night.\n\n“We left at dawn,” Oster said."),
        ["d|We stayed all the night.|Oster", "d|We left at dawn,|Oster"]
    );
    assert_eq!(
        told("‘We stay,’ Oster said. ‘The boats’ crews left.\n\n‘We fight.’"),
        ["d|We stay,|Oster", "d|The boats’ crews left.|Oster", "d|We fight.|Oster"]
    );
}

#[test]
fn a_quotation_in_a_quotation_has_its_own_speaker() {
    let found = told("“Karl Oster told me, ‘Burn the charts,’ and left,” said Sela Vint.");
    assert_eq!(
        found,
        ["d|Karl Oster told me, ‘Burn the charts,’ and left,|Sela Vint", "d|Burn the charts,|Karl Oster"]
    );
}

#[test]
fn a_lone_quotation_has_the_speaker_of_its_neighbours_and_is_doubtful() {
    let (_, found) = read("", "Karl Oster was blunt. “We cannot pay for this.”");
    assert_eq!(found.text[0].speaker.as_ref().map(|speaker| speaker.surface.as_str()), Some("Karl Oster"));
    assert!(found.text[0].doubtful);
    let (_, found) = read("", "“We stay,” Karl Oster said. “We cannot pay for this.”");
    assert!(!found.text[1].doubtful);
}

#[test]
fn speakers_are_actors_where_the_text_decides() {
    let oster = |surface: &str| (surface.to_owned(), "unlisted/karl-oster".to_owned());
    assert_eq!(speakers("Karl Oster said Alda would pay. He said it was late."), [oster("Karl Oster"), oster("He")]);
    assert_eq!(
        speakers("Karl Oster met Ines Quarrel. She said it was late; he said it was not."),
        [("She".to_owned(), "unlisted/ines-quarrel".to_owned()), oster("he")]
    );
    assert_eq!(speakers("Defence Minister Karl Oster left. The minister said it was late."), [oster("The minister")]);
    let company =
        "“Boats matter,” said BAE Systems Chairman and CEO Karl Oster. NATO and Alda said that they would pay.";
    let found = speakers(company);
    assert_eq!(found[0], ("Karl Oster".to_owned(), "unlisted/karl-oster".to_owned()));
    assert_eq!(found[1].1, "alliance/nato", "two who speak together");
    let (_, found) =
        read("", "SENIOR ADMINISTRATION OFFICIAL: We pay.\n\nQ Why?\n\nSENIOR ADMINISTRATION OFFICIAL: We must.");
    assert!(found.text[0].speaker.as_ref().is_some_and(|official| official.actor.is_none()), "{:?}", found.text[0]);
    let nato = ("A spokesman for NATO".to_owned(), "alliance/nato".to_owned());
    assert_eq!(speakers("A spokesman for NATO said it was late."), [nato]);
}

#[test]
fn transcripts_and_headlines_have_labels() {
    let text = "MR. OSTER: Good morning. We begin.\n\nQ Is the ship lost?\n\nMR. OSTER: It is late.";
    assert_eq!(told(text), ["d|Good morning. We begin|OSTER", "d|Is the ship lost?|Q", "d|It is late|OSTER"]);
    let (_, found) = read("Oster: Alda must pay", "Alda must pay, Karl Oster said.");
    assert_eq!((found.title[0].start, found.title[0].end, found.title[0].kind), (7, 20, Kind::Indirect));
    let (_, found) = read("Exclusive: Alda buys tanks", "");
    assert_eq!(found.title, []);
    let (_, found) = read("Alda will pay, says Oster", "");
    assert_eq!((found.title[0].start, found.title[0].end), (0, 13));
}

#[test]
fn what_stands_behind_the_end_of_a_transcript_is_nobodys() {
    let text = "MR. OSTER: Good morning.\n\nTHE FLEET\n\nQ — today?\n\nMR. OSTER: It is late.\n\n\
        END 1:34 P.M. EDT\n\nThe ministry is the seat of the navy.";
    assert_eq!(told(text), ["d|Good morning|OSTER", "d|— today?|Q", "d|It is late|OSTER"]);
}

#[test]
fn whom_a_speaker_is_named_after_does_not_speak() {
    let by = |text: &str| {
        let found = speakers(&format!("Karl Oster left Vell. {text}"));
        found.last().map(|(surface, actor)| format!("{surface}|{actor}"))
    };
    for text in ["“He must go,” said a critic of Oster.", "“He must go,” an opponent of Oster said."] {
        assert!(by(text).is_some_and(|one| one.ends_with('|')), "{text}: {:?}", by(text));
    }
    let told = |text: &str| {
        let (article, found) = read_as(Some("de"), "", text);
        let speaker = found.text[0].speaker.as_ref().unwrap();
        article.text[speaker.start..speaker.end].to_owned()
    };
    assert_eq!(told("„Er irrt“, sagte Oster über Brandt."), "Oster");
    assert_eq!(told("„Er irrt“, sagte eine Sprecherin von Oster."), "eine Sprecherin");
    assert_eq!(told("„Er irrt“, sagte Ursula von der Leyen."), "Ursula von der Leyen");
    assert_eq!(told("Der Sprecher Karl Oster sagte: „Er irrt sich da sehr.“"), "Karl Oster");
    assert_eq!(told("« Il a tort », a dit un porte-parole d’Oto Brandt."), "un porte-parole");
    assert_eq!(told("«È falso», ha detto Quarrel di Brandt."), "Quarrel");
    assert_eq!(told("“Es falso”, dijo Quarrel tras reunirse con Brandt."), "Quarrel");
    let (_, found) = read("", "„Wir zahlen jetzt alles“, sagte Karl Oster dem „Spiegel“.");
    assert_eq!(found.text.len(), 1, "the name of a paper");
}

#[test]
fn holders_of_an_office_speak_and_not_their_body() {
    for (words, name) in [
        ("Department of Health and Human Services Secretary Tilda Moor", "Tilda Moor"),
        ("Secretary of Health and Human Services Tilda Moor", "Tilda Moor"),
        ("White House Council on Environmental Quality Chairman Oto Brandt", "Oto Brandt"),
        ("U.S. Department of Energy Under Secretary Dr. Oto Brandt", "Oto Brandt"),
        (
            "Co-Chair and Director of the White House Office of Science and Technology Policy Dr. Oto Brandt",
            "Oto Brandt",
        ),
        ("Oto Brandt and Tilda Moor", "Oto Brandt and Tilda Moor"),
        ("the spokesman for Tilda Moor", "the spokesman for Tilda Moor"),
    ] {
        assert_eq!(told(&format!("“We stay,” said {words}.")), [format!("d|We stay,|{name}")]);
    }
}

#[test]
fn what_tells_more_of_a_speaker_or_a_thing_is_no_statement() {
    for (text, wanted) in [
        (
            "Asahi Holdings, one of the largest makers, announced a $35 million investment in its yard.",
            "i|a $35 million investment in its yard|Asahi Holdings",
        ),
        (
            "The missiles are to be built, said Oto Brandt, the defence minister.",
            "i|The missiles are to be built|Oto Brandt",
        ),
        ("In what Tilda Moor called “a disgrace,” the ship sank.", "d|a disgrace,|Tilda Moor"),
        (
            "France-based Harbour Works, a shipping firm, announced that it will stay.",
            "i|it will stay|France-based Harbour Works",
        ),
        (
            "A group of former generals echoed this point, stating that “the troops are fit.”",
            "d|the troops are fit.|A group of former generals",
        ),
        (
            "I am reminded of the words of the poet Oto Brandt: “We sail in the dark.”",
            "d|We sail in the dark.|Oto Brandt",
        ),
    ] {
        assert_eq!(told(text), [wanted], "{text}");
    }
    assert_eq!(told("A grim-faced Oto Brandt said the yard would close."), ["i|the yard would close|Oto Brandt"]);
    for text in [
        "The agency is working with the yards to address reports that somebody has misled the crews.",
        "President Brandt unveiled a plan to restore fairness and counter threats to trade.",
        "The fleet celebrated its anniversary of admitting female officers.",
        "The Administration announced actions to:",
        "New yards will build ships, maintain Alda’s edge in research, and create jobs.",
        "The provision of what economists call “global public goods,” is dear.",
        "It fleshes out the plan that Tilda Moor, the Commission president, announced on 4 March.",
        "Let me also say a word about what this deal could mean.",
    ] {
        assert_eq!(told(text), [""; 0], "{text}");
    }
    assert_eq!(
        told("“To build” a port, Tilda Moor wrote, “is a great thing for all.”"),
        ["m|“To build” a port|Tilda Moor", "d|is a great thing for all.|Tilda Moor"]
    );
}

#[test]
fn what_the_author_adds_is_no_part_of_a_statement() {
    for (text, wanted) in [
        ("Alda has announced military measures without saying what they would be.", "i|military measures|Alda"),
        (
            "The members pledged to spend 5 percent on defense, more than double the goal that they had failed to meet.",
            "i|to spend 5 percent on defense|The members",
        ),
        ("Oto Brandt declared martial law, broke off relations with Norra and left.", "i|martial law|Oto Brandt"),
        (
            "Oto Brandt called on the yards, which are full, to build more ships.",
            "i|the yards, which are full, to build more ships|Oto Brandt",
        ),
        (
            "Oto Brandt announced that Tilda Moor, who is the admiral, will be the new minister.",
            "i|Tilda Moor, who is the admiral, will be the new minister|Oto Brandt",
        ),
    ] {
        assert_eq!(told(text), [wanted], "{text}");
    }
    let text =
        "Oto Brandt said that he had asked the ministry to withdraw a report which found that the pipe was safe.";
    assert!(told(text).contains(&"i|the pipe was safe|a report".to_owned()), "{:?}", told(text));
}

#[test]
fn pronouns_within_somebodys_words_and_behind_pronouns_mean_others() {
    let actors = |text: &str| {
        let (_, found) = read("", text);
        let actor = |quote: &Quote| quote.speaker.as_ref().and_then(|one| one.actor.clone()).unwrap_or_default();
        found.text.iter().map(actor).collect::<Vec<_>>()
    };
    let text =
        "“That was the goal. He said, ‘They are threatening us in all these ways,’ and that’s it,” Oto Brandt said.";
    assert_eq!(actors(text), ["unlisted/oto-brandt", ""]);
    let text = "President Kennedy spoke. He sat at the desk where President Biden sits now.\n\n“We sail,” he said.";
    assert_eq!(actors(text), ["unlisted/kennedy"]);
    let text = "President Trump and the First Lady came. The First Lady added, “We are glad to be with you.”";
    assert_eq!(actors(text), [""]);
}

#[test]
fn in_a_transcript_with_speakers_in_capitals_other_names_are_spoken_to() {
    let text =
        "THE PRESIDENT: Thank you.\n\nTilda Moor, Oto Brandt: You have been good partners.\n\nTHE PRESIDENT: Bye.";
    assert!(told(text).iter().all(|one| one.ends_with("PRESIDENT")), "{:?}", told(text));
    let text = "Oto Brandt: Thank you.\n\nTilda Moor: You have been good partners.\n\nQ: Why?";
    assert_eq!(told(text).len(), 3);
}

#[test]
fn a_verb_with_its_subject_within_the_marks_parts_what_is_said() {
    assert_eq!(
        told("« Nous paierons, a assuré Oto Brandt, mais pas avant mai. »"),
        ["d|Nous paierons,|Oto Brandt", "d|mais pas avant mai.|Oto Brandt"]
    );
    assert_eq!(told("« Le port, dit-on, est fermé depuis deux jours », a déclaré Oto Brandt.").len(), 1);
}

#[test]
fn a_verb_that_is_left_out_tells_who_else_says_something() {
    assert_eq!(
        told("Quarrel warned that the yard was full and Oster that it was broke."),
        ["i|the yard was full|Quarrel", "i|it was broke|Oster"]
    );
    assert_eq!(
        told("Tilda Moor said the talks were over but Kessel that they had only begun."),
        ["i|the talks were over|Tilda Moor", "i|they had only begun|Kessel"]
    );
    for one in [
        "Brandt said he had met Moor and that the crews were young.",
        "Brandt said it was a partnership between Alda and Norra that leads to more ships.",
        "Brandt announced a plan of the Office of Ships and Norra Education that will help.",
    ] {
        assert_eq!(told(one).len(), 1, "{one}");
    }
}

#[test]
fn offices_that_were_left_and_letters_lead_to_persons() {
    let actor = |text: &str| {
        let (_, found) = read("", text);
        found.text.last().and_then(|quote| quote.speaker.clone()).and_then(|speaker| speaker.actor)
    };
    let text = "Marit Oll replaced Oto Brandt, the former minister. The former minister said he was glad.";
    assert_eq!(actor(text).as_deref(), Some("unlisted/oto-brandt"));
    let text = "The memo, written by Oto Brandt in June, says that the yard is empty.";
    assert_eq!(actor(text).as_deref(), Some("unlisted/oto-brandt"));
    let text = "Harbour Systems declined to comment on the sale. “Wait for the report,” she said.";
    assert_eq!(actor(text), None, "a firm is nobody's pronoun");
}

#[test]
fn labels_that_are_nothing_but_marks_and_titles_do_no_harm() {
    for text in ["THE MINISTER: ''which\n\nMR. OSTER: No.", "MR.: No.\n\nMR.: Yes.", "(): a\n\nQ: b\n\nA: c"] {
        let (article, found) = read("", text);
        assert!(found.text.iter().all(|quote| article.text.get(quote.start..quote.end).is_some()), "{text}");
    }
}

#[test]
fn german_and_french_marks_are_marks() {
    assert_eq!(told("„We stay“, said Karl Oster."), ["d|We stay|Karl Oster"]);
    assert_eq!(told("«We stay», said Karl Oster."), ["d|We stay|Karl Oster"]);
    assert_eq!(told("« We stay », Karl Oster said."), ["d|We stay|Karl Oster"]);
}

/// What of `wanted` a text's quotes miss. Quotes within others count as part of them.
fn missed(case: &Value) -> Vec<String> {
    let field = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
    let (article, found) = read(&field("title"), &field("text"));
    let mut got = Vec::new();
    for (zone, list) in [(&article.title, &found.title), (&article.text, &found.text)] {
        let within = |one: &Quote, other: &Quote| other.start <= one.start && one.end <= other.end && one != other;
        for quote in list.iter().filter(|one| !list.iter().any(|other| within(one, other))) {
            let speaker = quote.speaker.as_ref();
            let (surface, actor) = (speaker.map(|one| one.surface.clone()), speaker.and_then(|one| one.actor.clone()));
            got.push((zone[quote.start..quote.end].to_owned(), quote.kind, surface, actor));
        }
    }
    let wanted = case["want"].as_array().unwrap();
    let mut missed: Vec<String> = Vec::new();
    if got.len() != wanted.len() {
        missed.push(format!("{} quotes", got.len()));
    }
    for ((content, kind, surface, actor), want) in got.iter().zip(wanted) {
        let as_wanted = want["content"] == content.as_str()
            && want["kind"] == serde_json::to_value(kind).unwrap()
            && want["speaker"].as_str() == surface.as_deref()
            && (want["actor"].is_null() || want["actor"].as_str() == actor.as_deref());
        if !as_wanted {
            missed.push(format!("{content:?} {kind:?} {surface:?} {actor:?}"));
        }
    }
    missed
}

#[test]
fn hard_cases_are_right() {
    let cases =
        include_str!("../../tests/quotes/hard.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let (open, settled): (Vec<Value>, Vec<Value>) = cases.partition(|case| case["open"].is_string());
    assert!(settled.len() > 130 && open.len() < 18, "{} {}", settled.len(), open.len());
    let wrong: Vec<String> = settled
        .iter()
        .map(|case| (case, missed(case)))
        .filter(|(_, missed)| !missed.is_empty())
        .map(|(case, missed)| format!("{}\n  {missed:?}", case["text"]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let closed: Vec<&Value> = open.iter().filter(|case| missed(case).is_empty()).map(|case| &case["text"]).collect();
    assert!(closed.is_empty(), "no longer open: {closed:?}");
}

#[test]
fn time_grows_with_the_length_of_the_text() {
    let million = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for piece in [
        "\"",
        "'",
        "“",
        "said ",
        "said Oster ",
        "‘a ",
        "he said, ",
        "\"a\" ",
        "Oster: ",
        "according to ",
        "He said it. ",
        "(a ",
    ] {
        let article = Article { text: million(piece), ..Article::default() };
        // Were the time of one of these quadratic, the test would not end.
        quotes(&article, &Tags::default());
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]
    #[test]
    fn quotes_lie_in_order_and_on_boundaries(
        title in "\\PC{0,40}",
        text in "([A-Z]?[a-zé]{1,6}|said|told|Q|[“”\"'‘’„«»:;.,?!()—\\n ]| |\\n\\n|Karl Oster|he|that|according to|who){0,80}",
    ) {
        let (article, found) = read(&title, &text);
        for (zone, list) in [(&article.title, &found.title), (&article.text, &found.text)] {
            let mut last = 0;
            for quote in list {
                proptest::prop_assert!(quote.start >= last && quote.start < quote.end);
                proptest::prop_assert!(zone.get(quote.start..quote.end).is_some());
                proptest::prop_assert!(quote.cue.is_none_or(|(start, end)| start < end && zone.get(start..end).is_some()));
                if let Some(speaker) = &quote.speaker {
                    proptest::prop_assert_eq!(zone.get(speaker.start..speaker.end), Some(speaker.surface.as_str()));
                }
                last = quote.start;
            }
        }
    }
}

#[test]
fn a_dateline_is_no_part_of_what_was_said() {
    let dateline = crate::article::Dateline { text: "PORT ALDA".to_owned(), ..Default::default() };
    let text = "PORT ALDA: Borduria will pay for the bridge, Ines Quarrel said.".to_owned();
    let article = Article { text, dateline: Some(dateline), ..Article::default() };
    let tags = Tagger::new(Authority::bundled()).tag(&article);
    let found = quotes(&article, &tags).text;
    assert_eq!(&article.text[found[0].start..found[0].end], "Borduria will pay for the bridge");
    let dateline = crate::article::Dateline { text: "BREST".to_owned(), ..Default::default() };
    let text = "BREST: Borduria opened its first bridge in the town.".to_owned();
    let article = Article { text, dateline: Some(dateline), ..Article::default() };
    let tags = Tagger::new(Authority::bundled()).tag(&article);
    assert_eq!(quotes(&article, &tags).text, [], "the place is no speaker");
}

/// The statements of a text that are sure, as `words|speaker`.
fn sure(text: &str) -> Vec<String> {
    let (_, found) = read("", text);
    let line = |quote: &Quote| {
        let speaker = quote.speaker.as_ref().map_or("", |speaker| speaker.surface.as_str());
        format!("{}|{speaker}", &text[quote.start..quote.end])
    };
    found.text.iter().filter(|quote| !quote.doubtful).map(line).collect()
}

#[test]
fn markup_is_nobodys_words() {
    let tag = "<span style=\"text-decoration: underline\">";
    assert_eq!(sure(&format!("{tag}Sec</span>. {tag}5</span>. {tag}Purpose</span>. The yard is closed.")), [""; 0]);
    assert_eq!(sure("They go on with [the road to repair](https://alda.example/a:b) after the storm."), [""; 0]);
    assert_eq!(sure("**Simplifying the process for claiming debt relief.** The office will help."), [""; 0]);
    assert_eq!(sure("Oster [said](https://alda.example/x) Alda would pay."), ["Alda would pay|Oster"]);
    assert_eq!(
        sure("The ministers said that Alda would pay.* * They noted that the yard was old."),
        ["Alda would pay|The ministers", "the yard was old|They"]
    );
    assert_eq!(sure("Vell: €16.7bn\n\nOrm: €3bn\n\nAlda: €4bn"), [""; 0]);
}

#[test]
fn content_ends_before_what_the_author_adds() {
    assert_eq!(
        sure("Oster told allies that the pledge was sacred, a contrast to his predecessor Jan Kessel."),
        ["the pledge was sacred|Oster"]
    );
    assert_eq!(
        sure("Alda said that its army had shot down five jets, a claim that Borduria has not confirmed."),
        ["its army had shot down five jets|Alda"]
    );
    assert_eq!(
        sure("Oster agreed to stop all flights, ending four days of attacks that were the worst in years."),
        ["to stop all flights|Oster"]
    );
    assert_eq!(
        sure("Oster recommended that Alda leave the treaty, which bans such mines."),
        ["Alda leave the treaty|Oster"]
    );
    assert_eq!(
        sure("Oster said that the tanks would get there before the summer, and welcomed the decisions of others."),
        ["the tanks would get there before the summer|Oster"]
    );
    assert_eq!(told("They reiterated their concern and expressed their support.")[..1], ["i|their concern|They"]);
}

#[test]
fn content_is_not_cut_in_lists_and_joined_verbs() {
    assert_eq!(
        sure("Oster acknowledged that Alda must act to keep its fleet and maintain its yards."),
        ["Alda must act to keep its fleet and maintain its yards|Oster"]
    );
    assert_eq!(
        sure("It follows an audit, which found that imports of trucks, parts, and buses threaten to ruin Alda."),
        ["imports of trucks, parts, and buses threaten to ruin Alda|an audit"]
    );
    assert_eq!(
        sure("Oster said that he had asked the ministry to drop a report which found that the pipe was safe.")[0],
        "he had asked the ministry to drop a report which found that the pipe was safe|Oster"
    );
}

#[test]
fn what_is_no_clause_or_nobodys_is_doubtful() {
    for text in [
        "Oster announced a summit in Vell.",
        "They called for a rescue flight.",
        "Oster ordered a massive offensive through the forest, aiming to split the lines.",
        "The policy announced today represents a further step.",
        "The incident showed how close the states had come.",
        "She was telling her stories to try and make her laugh.",
        "The enemy noted his movements and began to fire.",
        "Oster knows what he wants.",
        "Alda will encourage schools to accept students.",
        "Kessel spoke of risks, which he said brought chances too.",
        "They explain warning signals, shelters and how to stop bleeding.",
    ] {
        assert_eq!(sure(text), [""; 0], "{text}");
    }
}

#[test]
fn a_government_is_not_the_person_whose_name_it_bears() {
    let found = speakers("President Joe Biden left. The Biden administration said that it would pay.");
    assert_eq!(found, [("The Biden administration".to_owned(), String::new())]);
}

#[test]
fn a_speech_has_one_label_and_a_time_of_day() {
    let speech = "Harbour Hall, Vell\n\n2:02 P.M. EST\n\nTHE PRESIDENT: Good morning.\n\nWe pay. (Applause.)\n\nEND 2:10 P.M. EST";
    assert_eq!(told(speech), ["d|Good morning|THE PRESIDENT", "d|We pay. (Applause.)|THE PRESIDENT"]);
    let few = "Orm\n\n9:30 A.M. EST\n\nMINISTER KESSEL: We go.\n\nAll of us.\n\nAt once.\n\nOn foot.\n\nBy sea.\n\nPRESIDENT OSTER: And I.";
    assert_eq!(told(few).last().unwrap(), "d|And I|OSTER");
    for label in ["THE HARBOUR", "VELL", "NATO"] {
        let text =
            format!("9:15 A.M. EST\n\n{label}: Rain fell.\n\nNobody came.\n\nIt was late.\n\nThe quay was closed.");
        assert_eq!(sure(&text), [""; 0]);
    }
    let quoted = "MR. MARTEN: Good morning.\n\nREPORTER: “We never paid.”\n\nMR. MARTEN: No.";
    assert_eq!(told(quoted)[1], "d|We never paid.|REPORTER");
}

#[test]
fn in_a_list_of_quotations_each_has_the_speaker_before_it() {
    let list = "Everybody in Alda agrees that President Karl Oster won.\n\n\
                [Harbour Board Director General Ines Quill](https://alda.example/a:b): “The yard is new.”\n\n\
                **Former Alda Chief of Staff Gen. Ivo Kessel (ret.):** “It is “very” old.”\n\n\
                Senator Marta Oster, Chair of the Fisheries Committee: “We pay.” “Not they.”\n\n\
                - Vell Atomic Energy Board: “No.”\n\n\
                The reason given in Vell: “too dear”";
    let found = told(list);
    let direct: Vec<&str> = found.iter().filter(|one| one.starts_with('d')).map(String::as_str).collect();
    assert_eq!(direct[..2], ["d|The yard is new.|Ines Quill", "d|It is “very” old.|Ivo Kessel"], "{found:?}");
    assert_eq!(direct[2..4], ["d|We pay.|Marta Oster", "d|Not they.|Marta Oster"], "{found:?}");
    assert_eq!(direct[4], "d|No.|Vell Atomic Energy Board", "{found:?}");
    assert!(!found.iter().any(|one| one.ends_with("|Karl Oster") || one.ends_with("in Vell")), "{found:?}");
    for label in ["Protesters to Karl Oster", "A banner outside Karl Oster’s house"] {
        let text = format!("The harbour was closed.\n\n{label}: “You must leave at once.”");
        assert!(!sure(&text).iter().any(|one| one.contains("Oster")), "{label}");
    }
    let envoy = "Former Ambassador to Borduria Ines Quill: “We pay for it all.”";
    assert_eq!(told(envoy), ["d|We pay for it all.|Former Ambassador to Borduria Ines Quill"]);
    let two = "Oto Brandt: “We pay.”\n\nSela Vint: “We do not.”\n\nThe talks go on.";
    assert_eq!(told(two), ["d|We pay.|Oto Brandt", "d|We do not.|Sela Vint"]);
}

#[test]
fn what_somebody_thought_or_may_have_denied_is_doubtful() {
    for text in [
        "Oster thought that Alda would never pay.",
        "Oster doubts whether Alda pays.",
        "Oster knew that the yard was closed.",
        "Alda was not plotting to take the harbour, as Oster claimed.",
    ] {
        assert_eq!((sure(text).len(), told(text).len()), (0, 1), "{text}");
    }
    assert_eq!(sure("Alda will pay, as Oster said."), ["Alda will pay|Oster"]);
    assert_eq!(sure("The ship is not ready, as Oster admitted."), ["The ship is not ready|Oster"]);
}

#[test]
fn an_office_is_that_of_the_name_it_belongs_to() {
    let actor = |text: &str| speakers(text).pop().unwrap().1;
    let of_oster =
        actor("Karl Oster is president of Alda. Ines Quill is the minister. The minister said Alda would pay.");
    assert!(of_oster.contains("quill"), "{of_oster}");
    let advised = "Report of the harbour minister, which advised Karl Oster. The minister found that the yard was old.";
    assert_eq!(actor(advised), "");
}
