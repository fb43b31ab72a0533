//! Parts of an answer other than hits: explanations, feedback, suggestions, and articles similar to one.

use despatch::engine::{ClauseCount, Engine, EngineError, SearchRequest, SearchResponse};

use super::engine_desk::{Piece, Shelf, ids, piece, plain, shelf};
use super::now;

fn fillers(range: std::ops::Range<usize>) -> Vec<Piece> {
    let one = |n: usize| piece(&format!("filler{n}"), &format!("Bridge section number b{n}x was laid."));
    range.map(one).collect()
}

/// The words that feedback added to a query.
fn learnt(shelf: &mut Shelf, query: &str) -> Vec<(String, f32)> {
    let request = SearchRequest { feedback: true, explain: true, ..plain(query) };
    shelf.engine.search(&request).unwrap().explanation.unwrap().learnt
}

#[test]
fn short_rows_of_plain_words_are_widened_and_no_others() {
    let mut shelf = shelf(&[
        piece("a", "The frigate Ida carried torpedoes, fog and ox in 2024."),
        piece("b", "A frigate with torpedoes met a convoy. Cleared harbour under clouds in the morning rain and hail."),
        piece("c", "Trams for Syldavia."),
    ]);
    let words = learnt(&mut shelf, "frigate");
    let has = |word: &str| words.iter().any(|(learnt, _)| learnt.starts_with(word));
    assert!(has("torpedo") && has("fog") && has("convoy"), "{words:?}");
    assert!(!has("tram"), "only what the best hits say: {words:?}");
    for out in ["2024", "the", "ox", "with"] {
        assert!(!words.iter().any(|(learnt, _)| learnt == out), "{out}: {words:?}");
    }
    let sum: f32 = words.iter().map(|(_, share)| share).sum();
    assert!((sum - 1.0).abs() < 1e-4, "{sum}");
    assert!(words.is_sorted_by(|a, b| a.1 >= b.1), "{words:?}");
    let share = |word: &str| words.iter().find(|(learnt, _)| learnt.starts_with(word)).unwrap().1;
    assert!(share("torpedo") > share("convoy"), "what both say against what one says");
    for (query, widened) in [
        ("frigate torpedoes convoy harbour clouds morning rain", true),
        ("frigate torpedoes convoy harbour clouds morning rain hail", false),
        ("\"frigate\" torpedoes", false),
        ("\"the frigate\"", false),
        ("+frigate +torpedoes", false),
        ("frigate -tram", false),
        ("title:frigate", false),
        ("", false),
        ("convoy", false), // one hit alone teaches nothing
        ("xyzzy", false),
    ] {
        assert_eq!(!learnt(&mut shelf, query).is_empty(), widened, "{query}");
    }
    let request = SearchRequest { explain: true, ..plain("frigate") };
    assert!(shelf.engine.search(&request).unwrap().explanation.unwrap().learnt.is_empty(), "feedback is off");
}

#[test]
fn the_best_hits_teach_most() {
    // One hit scores far higher than the other, so its words get much more weight than its length alone would give.
    let mut shelf = shelf(&[
        piece("best", "Frigate frigate frigate frigate torpedo."),
        piece("poor", "One frigate among a great many other words, among them a lonely lighthouse, a port, a pier."),
        piece("else", "Trams."),
    ]);
    let words = learnt(&mut shelf, "frigate");
    // What counts for a twentieth of the best or less is left out.
    let share = |word: &str| words.iter().find(|(learnt, _)| learnt.starts_with(word)).map_or(0.0, |(_, share)| *share);
    assert!(share("torpedo") > 20.0 * share("lighthous"), "{words:?}");
}

#[test]
fn words_of_more_than_a_tenth_of_a_large_index_are_not_learnt() {
    let pieces = |number: usize| {
        let mut pieces = vec![
            piece("a", "The frigate met a convoy with an escort."),
            piece("b", "A frigate led the convoy and its escort home."),
        ];
        pieces.extend((0..9).map(|n| piece(&format!("convoy{n}"), "A convoy.")));
        pieces.extend((0..10).map(|n| piece(&format!("escort{n}"), "An escort.")));
        pieces.extend(fillers(pieces.len()..number));
        pieces
    };
    for (number, convoy, escort) in [(110, true, false), (100, true, true)] {
        let mut shelf = shelf(&pieces(number));
        let words = learnt(&mut shelf, "frigate");
        let has = |word: &str| words.iter().any(|(learnt, _)| learnt == word);
        assert_eq!((has("convoy"), has("escort")), (convoy, escort), "{number}: {words:?}");
    }
}

#[test]
fn forty_words_are_learnt_at_most() {
    let words = |from: usize| {
        (from..from + 30)
            .map(|n| format!("w{}x ", "abcdefghij".chars().nth(n % 10).unwrap().to_string().repeat(1 + n / 10)))
            .collect::<String>()
    };
    let mut shelf =
        shelf(&[piece("a", &format!("The frigate {}", words(0))), piece("b", &format!("The frigate {}", words(30)))]);
    assert_eq!(learnt(&mut shelf, "frigate").len(), 40);
}

fn suggested(shelf: &mut Shelf, query: &str) -> Vec<String> {
    let response = shelf.engine.search(&plain(query)).unwrap();
    assert_eq!(response.total, 0, "{query}");
    response.suggestions
}

#[test]
fn did_you_mean_takes_the_nearest_word_and_of_equally_near_ones_the_most_frequent() {
    let mut shelf = shelf(&[
        piece("a", "A convoy."),
        piece("b", "A convex hull, a talon."),
        piece("c", "Convex glass. Zulus and talos."),
        piece("d", "Convex roofs in the harbour. A zulur, a talos."),
    ]);
    for (query, wanted) in [
        ("convoi", &["convoy"][..]), // one letter off, though more articles have one two letters off
        ("talox", &["talos"]),       // in two articles, the other in one
        ("zuluz", &["zulur"]),       // equally frequent: the first by name
        ("harber", &["harbour"]),    // two letters off
        ("harbxyz", &[]),            // more than two
        ("+convoi +glass", &["glass"]), // with the nearer word nothing is found
        ("+convoi +xyzzyqq", &[]),
        ("+talox +glass +convex", &["+talos +glass +convex", "+glass +convex"]),
        ("talox*", &[]),
        ("\"talox hull\"", &[]),
        ("+xyzzyqq +talon +xyzzyqq", &[]),
    ] {
        assert_eq!(suggested(&mut shelf, query), wanted, "{query}");
    }
    let response = shelf.engine.search(&plain("talon convoi")).unwrap();
    assert!(response.total == 1 && response.suggestions.is_empty(), "what finds something asks for nothing else");
}

fn counts(clauses: &[ClauseCount]) -> Vec<(&str, u64)> {
    clauses.iter().map(|clause| (clause.clause.as_str(), clause.articles)).collect()
}

#[test]
fn what_empties_an_answer_is_each_part_without_which_something_is_found() {
    let france = "state/france";
    let mut shelf = shelf(&[
        piece("a", "A bridge fell.").in_outlet("Post").on("2025-01-10"),
        piece("b", "A bridge rose.").in_outlet("Post").on("2025-03-10"),
        piece("c", "A tunnel. France.").in_outlet("Herald").on("2026-01-10").mentions("France", france),
    ]);
    let mut emptied = |query: &str, change: &dyn Fn(&mut SearchRequest)| {
        let mut request = plain(query);
        change(&mut request);
        let response = shelf.engine.search(&request).unwrap();
        assert_eq!((response.total, response.hits.len()), (0, 0), "{query}");
        counts(&response.emptied_by).into_iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>()
    };
    let seconds = |day: &str| day.parse::<despatch::article::Moment>().unwrap().seconds();
    assert_eq!(emptied("bridge AND tunnel", &|_| {}), ["bridge: 1", "tunnel: 2"]);
    assert_eq!(emptied("+bridge -fell -rose", &|_| {}), ["+bridge: 1", "-fell: 1", "-rose: 1"]);
    assert_eq!(emptied("+xyzzy +bridge", &|_| {}), ["+xyzzy: 2"], "without the bridge there is still nothing");
    assert_eq!(emptied("+tunnel outlet:Post", &|_| {}), ["+tunnel: 2", "outlet:Post: 1"]);
    assert_eq!(emptied("xyzzy", &|_| {}), [""; 0]);
    assert_eq!(emptied("tunnel", &|r| r.filters.outlet = vec!["Post".to_owned()]), ["--outlet Post: 1"]);
    assert_eq!(emptied("tunnel", &|r| r.filters.until = Some(seconds("2026-01-01"))), ["--until: 1"]);
    assert_eq!(emptied("bridge", &|r| r.filters.since = Some(seconds("2026-01-01"))), ["--since: 2"]);
    let both = |r: &mut SearchRequest| {
        r.filters.outlet = vec!["Herald".to_owned(), "Post".to_owned()];
        r.filters.until = Some(seconds("2025-02-01"));
    };
    assert_eq!(emptied("bridge", &both), ["--outlet Herald: 1"]);
    let seldom = |r: &mut SearchRequest| {
        r.filters.actor = vec!["France".to_owned()];
        r.filters.min_mentions = 2;
    };
    assert_eq!(emptied("tunnel", &seldom), ["--actor France: 1"]);
}

#[test]
fn an_explanation_says_how_many_articles_each_part_matches_by_itself() {
    let france = "state/france";
    let mut shelf = shelf(&[
        piece("a", "Ferries for France, said France. Zua zub zuc zud zue zuf zug zuh.")
            .in_outlet("Post")
            .on("2025-01-10")
            .mentions("France", france)
            .mentions("France", france),
        piece("b", "Ferries. A ferry port. France.").in_outlet("Herald").on("2025-03-10").mentions("France", france),
        piece("c", "Tanks. Tank tankers tanked tanky tankish tankage tanka tanko tankl.").in_outlet("Post"),
    ]);
    let mut request = SearchRequest { explain: true, ..plain("+ferries the -port (tanks OR ferries) tank*") };
    request.filters.actor = vec!["France".to_owned()];
    request.filters.outlet = vec!["Post".to_owned()];
    request.filters.since = Some("2025-02-01".parse::<despatch::article::Moment>().unwrap().seconds());
    request.filters.min_mentions = 2;
    let explanation = shelf.engine.search(&request).unwrap().explanation.unwrap();
    assert_eq!(
        counts(&explanation.clauses),
        [
            ("ferries", 2),
            ("port", 1),
            ("tanks", 1),
            ("tank*", 1),
            ("--actor France", 1),
            ("--outlet Post", 2),
            ("--since", 1)
        ],
        "each once, without common words"
    );
    let readings = |name: &str| &explanation.clauses.iter().find(|clause| clause.clause == name).unwrap().readings;
    assert_eq!(*readings("ferries"), ["any form of ferri-"]);
    assert!(readings("port").is_empty());
    assert_eq!(*readings("tank*"), ["10 words: tank, tanka, tankage, tanked, tankers, tankish, tankl, tanko ..."]);
    let mut readings = |query: &str| {
        let request = SearchRequest { explain: true, ..plain(query) };
        shelf.engine.search(&request).unwrap().explanation.unwrap().clauses.remove(0).readings
    };
    assert_eq!(readings("t?nk"), ["1 word: tank"]);
    assert_eq!(readings("tank*"), ["10 words: tank, tanka, tankage, tanked, tankers, tankish, tankl, tanko ..."]);
    assert_eq!(readings("zu*"), ["8 words: zua, zub, zuc, zud, zue, zuf, zug, zuh"], "eight are all named");
    assert_eq!(readings("tan?*"), readings("tank*"));
    assert_eq!(readings("tan*s"), ["2 words: tankers, tanks"]);
    assert_eq!(readings("xyzzy*"), ["0 words: "]);
    assert_eq!(readings("tankl~1"), ["6 words: tank, tanka, tankl, tanko, tanks, tanky"]);
}

#[test]
fn an_actor_that_a_word_names_is_found_under_another_name_and_told() {
    let starmer = "person/keir-starmer";
    let mut shelf = shelf(&[
        piece("named", "Keir Starmer spoke."),
        piece("other", "The prime minister spoke.").mentions("The prime minister", starmer),
        piece("none", "Nobody spoke."),
    ]);
    let request = SearchRequest { explain: true, ..plain("Keir Starmer") };
    let response = shelf.engine.search(&request).unwrap();
    assert_eq!(response.total, 2, "{:?}", ids(&response));
    let actors: Vec<&str> =
        response.explanation.as_ref().unwrap().actors.iter().map(|actor| actor.id.as_str()).collect();
    assert_eq!(actors, [starmer]);
    let other = response.hits.iter().find(|hit| hit.id == "other").unwrap();
    let parts: Vec<&str> = other.score_parts.iter().map(|part| part.part).collect();
    assert!(parts.is_empty() || parts == ["actor"], "no word of the query stands in it: {parts:?}");
    let response = shelf.engine.search(&SearchRequest { explain: true, ..plain("keir starmer") }).unwrap();
    assert_eq!((response.total, response.explanation.unwrap().actors.len()), (2, 1), "in small letters too");
}

#[test]
fn an_article_that_has_the_name_and_mentions_the_actor_counts_once() {
    let text = "NATO met in Klow.";
    let mut shelf = shelf(&[
        piece("word", text),
        piece("both", text).mentions("NATO", "alliance/nato"),
        piece("mention", "They met in Klow.").mentions("They", "alliance/nato"),
        piece("none", "Trams for Klow."),
    ]);
    let response = shelf.engine.search(&plain("NATO")).unwrap();
    assert_eq!(ids(&response).len(), 3);
    let score = |id: &str| response.hits.iter().find(|hit| hit.id == id).unwrap().score;
    assert_eq!(score("both"), score("word"));
    assert!(score("mention") > 0.0);
}

#[test]
fn names_that_the_index_does_not_know_are_refused_with_the_nearest() {
    let mut outlets: Vec<Piece> =
        ["Alda Post", "Alda Posts", "Alda Poste", "Alda Poster", "Alda Post Weekly", "Alda Post Daily", "Echo"]
            .iter()
            .map(|outlet| piece(outlet, "Ferries.").in_outlet(outlet))
            .collect();
    outlets.push(piece("x", "France.").mentions("France", "unlisted/otto-quell"));
    let mut shelf = shelf(&outlets);
    let mut filtered = |change: &dyn Fn(&mut SearchRequest)| {
        let mut request = plain("");
        change(&mut request);
        shelf.engine.search(&request)
    };
    match filtered(&|r| r.filters.outlet = vec!["Alda Pots".to_owned()]) {
        Err(EngineError::UnknownName { field, name, nearest }) => {
            assert_eq!((field, name.as_str()), ("outlet", "Alda Pots"));
            assert!(!nearest.is_empty() && nearest.len() <= 5, "{nearest:?}");
            assert!(nearest.iter().all(|near| near.label.starts_with("Alda Post")), "{nearest:?}");
        }
        other => panic!("{other:?}"),
    }
    match filtered(&|r| r.filters.outlet = vec!["Post".to_owned()]) {
        Err(EngineError::UnknownName { nearest, .. }) => {
            let labels: Vec<&str> = nearest.iter().map(|near| near.label.as_str()).collect();
            assert_eq!(
                labels,
                ["Alda Post", "Alda Poste", "Alda Posts", "Alda Poster", "Alda Post Daily"],
                "the shortest first"
            );
        }
        other => panic!("{other:?}"),
    }
    let total = |response: Result<SearchResponse, EngineError>| response.unwrap().total;
    assert_eq!(total(filtered(&|r| r.filters.outlet = vec!["alda  post, ECHO".to_owned()])), 2);
    assert_eq!(total(filtered(&|r| r.filters.actor = vec!["unlisted/otto-quell".to_owned()])), 1);
    assert!(filtered(&|r| r.filters.actor = vec!["unlisted/nobody".to_owned()]).unwrap_err().is_of_query());
    assert_eq!(total(filtered(&|r| r.filters.actor = vec!["Otto Quell".to_owned()])), 1);
    assert!(filtered(&|r| r.filters.actor = vec!["Otto Nobody".to_owned()]).is_err());
}

#[test]
fn narrower_actors_count_where_they_are_asked_for() {
    let (body, command) = ("alliance/nato", narrower_of("alliance/nato"));
    let mut shelf = shelf(&[
        piece("nato", "NATO met.").mentions("NATO", body),
        piece("command", "A command met.").mentions("A command", &command),
    ]);
    let mut total = |name: &str, broader: bool| {
        let mut request = plain("");
        request.filters.actor = vec![name.to_owned()];
        request.filters.broader = broader;
        shelf.engine.search(&request).unwrap().total
    };
    assert_eq!((total("NATO", false), total("NATO", true), total("=NATO", true)), (1, 2, 1));
}

fn narrower_of(id: &str) -> String {
    despatch::authority::Authority::bundled().narrower(id)[0].to_owned()
}

#[test]
fn an_article_is_like_those_that_share_enough_of_its_words() {
    // Each of these words occurs in two articles, so all weigh the same; the far article shares one of seven words, or
    // of six.
    for (text, far) in
        [("torpedo sonar hull keel mast rudder galley", false), ("torpedo sonar hull keel mast galley", true)]
    {
        let mut shelf = shelf(&[
            piece("own", &format!("{text} unshared")),
            piece("near", text.strip_suffix(" galley").unwrap()),
            piece("far", "A galley of Syldavia with trams."),
            piece("none", "Trams for Borduria."),
        ]);
        let response = shelf.engine.similar("own", &plain("ignored")).unwrap();
        let wanted: &[&str] = if far { &["near", "far"] } else { &["near"] };
        assert_eq!(ids(&response), wanted, "{text}");
        assert_eq!(response.total as usize, wanted.len());
        assert!(!response.understood.contains("unshared"), "no other article has it: {}", response.understood);
    }
}

#[test]
fn what_is_like_an_article_leaves_out_its_copies_whichever_came_first() {
    let story = "The parliament of Alda voted on Tuesday to buy twelve patrol aircraft from Borduria. The vote ended a dispute of \
        three years over the price. Ministers said the first two would arrive at the base in Port Alda next spring. The opposition \
        called the purchase a mistake and asked for an inquiry into how the offer was chosen.";
    let other = "Borduria will deliver aircraft, patrol aircraft, to the base in Port Alda chosen by the parliament, ministers said.";
    let mut shelf = shelf(&[
        piece("first", story).in_outlet("Wire"),
        piece("copy", story).in_outlet("Post"),
        piece("other", other).in_outlet("Post").titled("The purchase"),
        piece("else", "Trams."),
    ]);
    for id in ["first", "copy"] {
        assert_eq!(ids(&shelf.engine.similar(id, &plain("")).unwrap()), ["other"], "{id}");
    }
    let response = shelf.engine.similar("first", &plain("")).unwrap();
    assert!(!response.understood.contains("opposition"), "its copy alone has it too: {}", response.understood);
    let found = shelf.engine.similar("other", &SearchRequest::new("", now())).unwrap();
    assert_eq!((ids(&found), found.copies), (vec!["first"], 2));
    assert!(
        found.understood.starts_with("purchase aircraft "),
        "a word of the title counts as three: {}",
        found.understood
    );
    let mut request = plain("");
    request.filters.outlet = vec!["Wire".to_owned()];
    assert_eq!(ids(&shelf.engine.similar("other", &request).unwrap()), ["first"]);
    assert!(shelf.engine.similar("nothing", &plain("")).is_err());
}

#[test]
fn common_words_are_left_out_where_others_carry_the_query() {
    let mut shelf = shelf(&[piece("a", "The frigate."), piece("b", "The end."), piece("c", "Trams!")]);
    let response = shelf.engine.search(&plain("the frigate and the")).unwrap();
    assert_eq!(ids(&response), ["a"]);
    let operator = "'and' is no operator; write AND where both must be there";
    assert_eq!(response.notes, [operator, "common words not searched: the, and"]);
    assert_eq!(shelf.engine.search(&plain("the")).unwrap().total, 2, "alone they are searched");
    assert_eq!(shelf.engine.search(&plain("+the frigate")).unwrap().total, 2, "and where they must occur");
    assert_eq!(shelf.engine.search(&plain("the of")).unwrap().total, 2);
}

#[test]
fn a_compound_is_found_by_its_parts_and_best_as_a_whole() {
    let mut shelf = shelf(&[
        piece("parts", "Iran spoke, and Iraq spoke of war."),
        piece("whole", "The Iran-Iraq war went on and on."),
        piece("half", "Iraq spoke of trams, it is said here."),
        piece("war", "Nothing but war, they all said here."),
    ]);
    let response = shelf.engine.search(&plain("iran-iraq war")).unwrap();
    assert_eq!(response.total, 4);
    assert_eq!(ids(&response)[0], "whole");
    assert_eq!(ids(&shelf.engine.search(&plain("iran-iraq")).unwrap()), ["whole"], "alone it is one word");
    let request = SearchRequest { explain: true, ..plain("iran-iraq war") };
    let response = shelf.engine.search(&request).unwrap();
    assert!(response.hits[0].score_parts.iter().all(|part| part.value > 0.0));
}
