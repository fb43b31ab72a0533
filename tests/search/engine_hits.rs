//! What a hit shows (passages, marks), and phrases: words as written in the kept text, and the halves of a segment.

use despatch::engine::{Engine, Highlight, Hit, SearchRequest};

use super::engine_desk::{Piece, ids, piece, plain, shelf, shelf_in};

fn found(pieces: &[Piece], query: &str) -> Vec<String> {
    let mut shelf = shelf(pieces);
    let mut ids: Vec<String> = shelf.engine.rank(&plain(query)).unwrap().into_iter().map(|(id, _)| id).collect();
    ids.sort();
    ids
}

#[test]
fn a_phrase_as_written_is_looked_for_in_the_kept_text() {
    let pieces = [
        piece("as-written", "They say the Strait met."),
        piece("beside-another", "The strait and the Strait met."),
        // Both words occur as written in the query, and both occur side by side, but never both at once.
        piece("each-elsewhere", "The Strait met. Some say the strait and the STRAIT."),
        piece("small", "They say the strait met."),
        piece("apart", "The other Strait met the rest."),
        piece("headline", "Nothing else.").titled("On the Strait"),
    ];
    assert_eq!(found(&pieces, "=\"the Strait\""), ["as-written", "beside-another", "headline"]);
    assert_eq!(found(&pieces, "=\"The Strait\""), ["each-elsewhere"]);
    assert_eq!(found(&pieces, "=\"The strait\""), ["beside-another"]);
    assert_eq!(found(&pieces, "\"the strait\"").len(), 5);
    // A phrase in one part of the article is no match in the other.
    let pieces = [
        piece("body", "Some saw the Strait and the strait.").titled("At the strait"),
        piece("title", "Some saw the strait.").titled("At the Strait, the strait"),
    ];
    assert_eq!(found(&pieces, "body:=\"the Strait\""), ["body"]);
    assert_eq!(found(&pieces, "title:=\"the Strait\""), ["title"]);
    assert_eq!(found(&pieces, "body:=Strait"), ["body"]);
    assert_eq!(found(&pieces, "title:=Strait"), ["title"]);
    assert_eq!(found(&pieces, "=Strait"), ["body", "title"]);
}

/// An article with both words, either as the phrase or apart.
fn crossing(id: usize, together: bool) -> Piece {
    piece(&format!("n{id}"), if together { "A grey frigate." } else { "A frigate, grey." })
}

/// With this many articles in a segment, two threads look for the phrase, each in one half.
#[test]
fn a_phrase_is_found_at_both_ends_of_either_half_of_a_segment() {
    const ALL: usize = 4_200;
    let right = [0, 1, ALL / 2 - 2, ALL / 2 - 1, ALL / 2, ALL / 2 + 1, ALL - 2, ALL - 1];
    let pieces: Vec<Piece> = (0..ALL).map(|n| crossing(n, right.contains(&n))).collect();
    let mut shelf = shelf(&pieces);
    let request = SearchRequest { limit: 100, ..plain("\"grey frigate\"") };
    let found: Vec<String> = shelf.engine.rank(&request).unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(found, right.map(|n| format!("n{n}")));
}

fn marked<'t>(text: &'t str, marks: &[Highlight]) -> Vec<(&'t str, bool)> {
    marks.iter().map(|mark| (&text[mark.start..mark.end], mark.actor)).collect()
}

fn passage(hit: &Hit, number: usize) -> Vec<(&str, bool)> {
    marked(&hit.passages[number].text, &hit.passages[number].highlights)
}

#[test]
fn the_mark_of_a_phrase_covers_it_whole_whatever_shorter_mark_lies_within() {
    let text = "The old grey frigate sailed past a grey bridge.";
    let mut shelf = shelf(&[piece("a", text).titled("Old grey frigate")]);
    let whole = [("old grey frigate", false), ("grey", false)];
    for query in [
        "\"old grey frigate\" grey",
        "grey \"old grey frigate\"",
        "\"old grey frigate\" AND \"old grey\" AND grey",
        "\"grey frigate\" \"old grey frigate\" grey",
        "\"old grey\" \"grey frigate\" grey",
    ] {
        let response = shelf.engine.search(&plain(query)).unwrap();
        assert_eq!(passage(&response.hits[0], 0), whole, "{query}");
        let hit = &response.hits[0];
        assert_eq!(marked(&hit.title, &hit.title_highlights), [("Old grey frigate", false)], "{query}");
    }
    let response = shelf.engine.search(&plain("\"grey frigate\"~2")).unwrap();
    assert_eq!(passage(&response.hits[0], 0)[..2], [("grey", false), ("frigate", false)], "near words each for itself");
}

#[test]
fn a_word_of_the_query_goes_before_a_mention_of_an_actor() {
    let france = "state/france";
    let text = "French ships sailed. France watched.";
    let one = piece("a", text)
        .titled("On France")
        .mentions_in_title("France", france)
        .mentions("French", france)
        .mentions("France", france);
    let mut shelf = shelf(&[one]);
    let mut request = plain("ships");
    request.filters.actor = vec!["France".to_owned()];
    let hit = &shelf.engine.search(&request).unwrap().hits[0];
    assert_eq!(passage(hit, 0), [("French", true), ("ships", false), ("France", true)]);
    assert_eq!(marked(&hit.title, &hit.title_highlights), [("France", true)]);
    request.query = "\"French ships\"".to_owned();
    let hit = &shelf.engine.search(&request).unwrap().hits[0];
    assert_eq!(passage(hit, 0), [("French ships", false), ("France", true)]);
    let hit = &shelf.engine.search(&plain("ships")).unwrap().hits[0];
    assert_eq!(passage(hit, 0), [("ships", false)], "an actor that is not asked for is not marked");
}

#[test]
fn as_many_passages_are_shown_as_hold_something_and_the_first_in_any_case() {
    let filler = |word: &str| format!("The weather was fine all day long in the port of {word}. ").repeat(7);
    let text = format!("{}\n\n{} A frigate.\n\n{} Two frigates.", filler("Alda"), filler("Klow"), filler("Szohod"));
    let mut shelf = shelf(&[piece("a", &text).titled("Weather report").on("2025-01-01")]);
    let mut starts = |query: &str, passages: usize| {
        let request = SearchRequest { passages, ..plain(query) };
        let response = shelf.engine.search(&request).unwrap();
        let word = |passage: &despatch::engine::Passage| {
            ["Alda", "Klow", "Szohod"].into_iter().find(|word| passage.text.contains(word)).unwrap()
        };
        response.hits[0].passages.iter().map(word).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(starts("frigate", 0), "");
    assert_eq!(starts("frigate", 1), "Klow");
    assert_eq!(
        starts("frigate", 9),
        "Klow Szohod",
        "one without any word is not shown; of equal ones the earlier is first"
    );
    assert_eq!(starts("report", 9), "Alda", "where the title alone matches, the first passage is shown");
    assert_eq!(starts("", 9), "Alda");
}

#[test]
fn a_passage_that_mentions_the_actor_goes_before_one_that_does_not() {
    let filler = |word: &str| format!("The weather was fine all day long in the port of {word}. ").repeat(7);
    let text = format!("{} Frigates.\n\n{} Frigates of France.", filler("Alda"), filler("Klow"));
    let mut shelf = shelf(&[piece("a", &text).mentions("France", "state/france")]);
    let mut request = plain("frigates");
    assert!(shelf.engine.search(&request).unwrap().hits[0].passages[0].text.contains("Alda"));
    request.filters.actor = vec!["France".to_owned()];
    assert!(shelf.engine.search(&request).unwrap().hits[0].passages[0].text.contains("Klow"));
}

#[test]
fn a_hit_says_what_the_article_says() {
    let full = piece("a", "A frigate sailed.")
        .titled("At sea")
        .on("2025-01-02")
        .in_outlet("Post")
        .by("Ida Stein")
        .by("Otto Quell");
    let mut shelf = shelf_in(&[full, piece("b", "A frigate sank, a frigate.")], &[&[1], &[0]]);
    let response = shelf.engine.search(&plain("frigate")).unwrap();
    assert_eq!(ids(&response).len(), 2);
    let hit = response.hits.iter().find(|hit| hit.id == "a").unwrap();
    assert_eq!((hit.title.as_str(), hit.outlet.as_deref()), ("At sea", Some("Post")));
    assert_eq!(
        (hit.byline.as_slice(), hit.published),
        (&["Ida Stein".to_owned(), "Otto Quell".to_owned()][..], "2025-01-02".parse().ok())
    );
    assert_eq!(hit.place.as_ref().map(|place| place.path.as_str()), Some("a"));
    assert_eq!(shelf.engine.search(&plain("byline:stein")).unwrap().total, 1);
    assert_eq!(shelf.engine.search(&plain("byline:\"Otto Quell\"")).unwrap().total, 1);
    assert_eq!(shelf.engine.search(&plain("stein")).unwrap().total, 0, "a byline is looked at where it is asked for");
    assert_eq!(shelf.engine.search(&plain("title:frigate")).unwrap().total, 0);
    assert_eq!(shelf.engine.search(&plain("title:sea")).unwrap().total, 1);
}
