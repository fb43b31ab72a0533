//! Queries over twelve tiny articles, with the articles that a person finds by reading.

use despatch::article::{Article, Dateline, NewParagraph, ParagraphKind};
use despatch::engine::{Engine, SearchRequest};

use super::{desk, engine, now};

/// The articles: identifier, title, paragraphs, and metadata for some of them.
fn articles() -> Vec<Article> {
    let all: [(&str, &str, &[&str]); 12] = [
        ("a", "Alda praises fund", &["Alda praised the Defence Funds today."]),
        ("b", "", &["The Defence Funds grew."]),
        ("c", "", &["Alda praised the defence funds today."]),
        ("d", "", &["the Defence Fund of Alda"]),
        ("e", "", &["the Defense Funds of Borduria"]),
        ("f", "", &["the Defence budget and the Funds of Syldavia"]),
        ("g", "drones drones", &["drones drones drones. Frigates sail"]),
        ("h", "UK-EU talks", &["Syldavia plans joint", "procurement of 155 mm shells for €150bn, or 5 percent."]),
        (
            "i",
            "Missile tests",
            &["It is safe to fire missiles. The missle missed; EU and UK talks on F-35B jets ended."],
        ),
        (
            "j",
            "SAFE talks",
            &["The SAFE programme lends 150 billion euros. Joint European procurement rose 5 per cent."],
        ),
        ("k", "", &["armoured vehicles: the safe harbour was organised by Šefčovič. Joint procurement."]),
        // Contains each word of "the Defence Funds" as written, but the three side by side only in other forms.
        ("l", "", &["the Defence, and Funds: the defense funds, The Defence Fund"]),
    ];
    let article = |(id, title, text): (&str, &str, &[&str])| {
        let mut article = Article { source_id: Some(id.to_owned()), title: title.to_owned(), ..Article::default() };
        let paragraph =
            |text: &&str| NewParagraph { text: (*text).to_owned(), kind: ParagraphKind::Text, input: None, page: None };
        article.set_paragraphs(text.iter().map(paragraph));
        let known = match id {
            "a" => Some(("Alda Post", "en", "2026-01-31")),
            "b" => Some(("Corto", "en", "2026-02-01")),
            "c" => Some(("Corto", "fr", "2026-02-04")),
            _ => None,
        };
        if let Some((outlet, language, published)) = known {
            article.outlet = Some(outlet.to_owned());
            article.language = Some(language.to_owned());
            article.published = Some(published.parse().unwrap());
        }
        if id == "a" {
            article.byline = vec!["Ana Smith".to_owned()];
            article.dateline = Some(Dateline { places: vec!["London".to_owned()], ..Dateline::default() });
        }
        article
    };
    all.into_iter().map(article).collect()
}

/// Compares the articles found with those worked out by hand.
fn check(table: &[(&str, &str)]) {
    let dir = desk(&articles());
    let mut engine = engine(&dir);
    let mut wrong = String::new();
    for (text, wanted) in table {
        let request = SearchRequest { limit: 100, all_copies: true, ..SearchRequest::new(text, now()) };
        let response = engine.search(&request).unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut found: Vec<&str> = response.hits.iter().map(|hit| hit.id.as_str()).collect();
        found.sort_unstable();
        if found.concat() != *wanted {
            wrong += &format!("{text}\n   finds {}\n  wanted {wanted}\n", found.concat());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn an_exact_phrase_matches_its_own_case_inflection_and_spelling_alone() {
    check(&[
        ("=\"the Defence Funds\"", "a"),
        ("=\"The Defence Funds\"", "b"),
        ("=\"the defence funds\"", "c"),
        ("=\"the Defence Fund\"", "d"),
        ("=\"the Defense Funds\"", "e"),
        ("=\"Defence Funds\"", "ab"),
        ("=\"the Funds\"", "f"),
        ("=\"The Defence Fund\"", "l"),
        ("=\"the defense funds\"", "l"),
        ("=\"and Funds\"", "l"),
        ("title:=\"the Defence\"", ""),
        ("=\"Defence the\"", ""),
        ("=“Defence budget”", "f"),
        ("body:=\"Defence Funds\"", "ab"),
        ("title:=\"Defence Funds\"", ""),
        ("-=\"Defence Funds\" +=Funds", "efl"),
        ("\"the Defence Funds\"", "abcdel"),
        ("\"defense fund\"", "abcdel"),
        ("=Funds", "abefl"),
        ("=funds", "cl"),
        ("=Fund", "dl"),
        ("=fund", "a"),
        ("fund", "abcdefl"),
        ("=SAFE", "j"),
        ("=safe", "ik"),
        ("=Safe", ""),
        ("=Šefčovič", "k"),
        ("=Sefcovic", ""),
    ]);
}

#[test]
fn phrases_hold_each_word_in_its_place() {
    check(&[
        ("\"drones drones\"", "g"),
        ("\"drones drones drones\"", "g"),
        ("\"drones drones drones drones\"", ""),
        ("title:\"drones drones\"", "g"),
        ("title:\"drones drones drones\"", ""),
        ("\"drones drones frigates\"", "g"),
        ("\"drones frigates sail\"", "g"),
        ("\"frigates sail\"", "g"),
        ("\"sail drones\"", ""),
        ("\"frigates drones\"", ""),
        ("\"frigates drones\"~0", "g"),
        ("\"drones sail\"~0", ""),
        ("\"drones sail\"~1", "g"),
        ("\"drones drones drones sail\"~1", "g"),
        ("\"drones drones drones drones\"~9", ""),
        ("\"drones * frigates\"", "g"),
        ("\"drones * drones\"", "g"),
        ("\"drones * * drones\"", ""),
        ("\"dron* frig*\"", "g"),
        ("\"dron* s?il\"", ""),
        ("\"joint procurement\"", "k"),
        ("„joint procurement“", "k"),
        ("«joint procurement»", "k"),
        ("\"joint procurement\"~1", "jk"),
        ("\"joint procurement\"~90", "jk"),
        ("\"joint * procurement\"", "j"),
        ("\"procurement joint\"", ""),
        ("\"procurement joint\"~0", "k"),
        ("\"organised by Sefcovic\"", "k"),
        ("\"Sefcovic joint\"", "k"),
        ("\"the Defence Funds\"~1", "abcdel"),
        ("\"the Defence Funds\"~2", "abcdefl"),
        ("\"funds defence\"~0", "abcdel"),
        ("\"funds defence\"~2", "abcdel"),
        ("\"funds defence\"~3", "abcdefl"),
        ("+joint +procurement", "hjk"),
    ]);
}

#[test]
fn compounds_numbers_and_money_meet_their_other_forms() {
    check(&[
        ("UK-EU", "h"),
        ("EU-UK", ""),
        ("\"UK EU\"", "h"),
        ("\"UK EU\"~1", "hi"),
        ("UK-EU drones", "ghi"),
        ("+UK-EU drones", "h"),
        ("drones -UK-EU", "g"),
        ("talks -UK-EU", "ij"),
        ("UK-EU AND talks", "h"),
        ("UK-EU OR drones", "gh"),
        ("post-UK drones", "ghi"),
        ("F-35", "i"),
        ("F35", "i"),
        ("F-35B", "i"),
        ("F-35A", ""),
        ("155mm", "h"),
        ("\"155 mm shells\"", "h"),
        ("\"155mm shell\"", "h"),
        ("€150bn", "hj"),
        ("€15bn", ""),
        ("5%", "hj"),
        ("\"5 per cent\"", "hj"),
        ("\"5 percent\"", "hj"),
        ("armored", "k"),
        ("organized vehicle", "k"),
        ("sefcovic", "k"),
        ("SAFE", "j"),
        ("safe", "ik"),
        ("Alda’s", "acd"),
    ]);
}

#[test]
fn rows_operators_signs_and_brackets() {
    check(&[
        ("joint talks", "hijk"),
        ("joint AND talks", "hj"),
        ("joint OR talks", "hijk"),
        ("joint AND talks OR drones", "ghj"),
        ("drones OR joint AND talks", "ghj"),
        ("(drones OR joint) AND talks", "hj"),
        ("drones joint AND talks", "ghj"),
        ("joint OR drones talks", "ghijk"),
        ("+talks joint", "hij"),
        ("+talks +joint", "hj"),
        ("talks -joint", "i"),
        ("talks NOT joint", "i"),
        ("+talks -joint drones", "i"),
        ("NOT talks", "abcdefgkl"),
        ("-talks -fund", "gk"),
        ("NOT NOT talks", "hij"),
        ("(talks -joint) procurement", "hijk"),
        ("procurement (talks -joint)", "hijk"),
        ("((talks NOT joint)) procurement", "hijk"),
        ("(+talks joint) fund", "abcdefhijl"),
        ("-(talks -joint) +talks", "hj"),
        ("-(talks joint)", "abcdefgl"),
        ("-(talks AND joint)", "abcdefgikl"),
        ("(NOT talks) joint", "k"),
        ("talks OR NOT joint", "abcdefghijl"),
        ("joint AND NOT talks", "k"),
        ("NOT joint AND talks", "i"),
        ("joint -() talks", "hijk"),
        ("the drones", "g"),
        ("the", "abcdefijkl"),
        ("the of", "abcdefhijkl"),
        ("+the drones", "abcdefijkl"),
        ("*", "abcdefghijkl"),
        ("", "abcdefghijkl"),
        ("-- !", ""),
    ]);
}

#[test]
fn fields_narrow_and_dates_have_both_their_ends() {
    check(&[
        ("title:(drones OR talks)", "ghj"),
        ("title:(talks -SAFE)", "h"),
        ("title:talks drones", "ghj"),
        ("-title:talks +talks", "i"),
        ("body:talks", "i"),
        ("title:fund", "a"),
        ("body:(alda AND today)", "ac"),
        ("byline:smith", "a"),
        ("byline:smith drones", ""),
        ("-byline:smith alda", "cd"),
        ("byline:alda", ""),
        ("outlet:Corto", "bc"),
        ("outlet:corto drones", ""),
        ("outlet:\"Alda Post\",Corto", "abc"),
        ("-outlet:Corto fund", "adefl"),
        ("outlet:\"alda post\" OR drones", "ag"),
        ("(outlet:\"alda post\" OR lang:fr) drones", ""),
        ("(outlet:Corto drones) talks", "hij"),
        ("outlet:Corto lang:fr", "c"),
        ("lang:en fund", "ab"),
        ("place:london", "a"),
        ("date:2026-02", "bc"),
        ("date:2026-01-31..", "abc"),
        ("date:..2026-02-01", "ab"),
        ("date:..2026-01", "a"),
        ("date:2026-02-02..2026-02-03", ""),
        ("date:\"since 2026-02-01\"", "bc"),
        ("date:\"after 2026-02-01\"", "c"),
        ("date:\"before february\"", "a"),
        ("date:today", "c"),
        ("date:yesterday", ""),
        ("date:\"last month\"", "a"),
        ("date:\"this week\"", "c"),
        ("date:\"last week\"", "ab"),
        ("date:\"last february\"", ""),
        ("date:february", "bc"),
        ("-date:2026 fund", "defl"),
        ("date:2026-02 -lang:fr", "b"),
    ]);
}

#[test]
fn beginnings_typing_errors_and_what_is_pasted() {
    check(&[
        ("miss*", "i"),
        ("mi??ile", "i"),
        ("procur*", "hjk"),
        ("*ones", "g"),
        ("d*s", "g"),
        ("defen?e", "abcdefl"),
        ("defen?e -defence", ""),
        ("missle", "i"),
        ("missle~1 -missle", ""),
        ("frigate~", "g"),
        ("talsk~1", "hij"),
        ("talsk", ""),
        ("rdonse~1", ""),
        ("rdonse~2", "gj"),
        ("talk", "hij"),
        ("What did Syldavia say about drones and frigates, and who was there to hear it?", "fgh"),
        ("DRONES AND FRIGATES SAIL HOME", "g"),
        ("drones AND frigates AND home", ""),
        ("#JointProcurement", "hjk"),
        ("https://example.org/2026/drones-talks?x=missile#fund", "ghij"),
        ("drones \"talks", "ghij"),
        ("(drones talks))", "ghij"),
        ("drones: (shells)", "gh"),
        ("Borduria says “joint procurement” is dead – and so it is for them", "ehjk"),
    ]);
}
