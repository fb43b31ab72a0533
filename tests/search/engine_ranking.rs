//! The order of the hits: words side by side, age, ties, pages, and which copy represents a story.

use despatch::engine::{Engine, Hit, SearchRequest, SearchResponse, Sort};

use super::engine_desk::{Piece, ids, piece, plain, shelf, shelf_in};
use super::now;

fn part(hit: &Hit, name: &str) -> f32 {
    hit.score_parts.iter().find(|part| part.part == name).map_or(0.0, |part| part.value)
}

fn hit<'r>(response: &'r SearchResponse, id: &str) -> &'r Hit {
    response.hits.iter().find(|hit| hit.id == id).unwrap_or_else(|| panic!("no {id}: {:?}", ids(response)))
}

fn explained(query: &str) -> SearchRequest {
    SearchRequest { explain: true, ..plain(query) }
}

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-4 * (1.0 + a.abs())
}

#[test]
fn of_two_articles_alike_the_one_with_the_words_side_by_side_comes_first() {
    let mut shelf = shelf(&[
        piece("apart", "The frigate left harbour painted grey."),
        piece("other-order", "The frigate grey left harbour painted."),
        piece("together", "The grey frigate left harbour painted."),
        piece("none", "A grey cloud. A bridge."),
    ]);
    let response = shelf.engine.search(&plain("grey frigate")).unwrap();
    assert_eq!(ids(&response), ["together", "apart", "other-order", "none"]);
    assert!(hit(&response, "together").score > hit(&response, "apart").score);
    assert_eq!(hit(&response, "apart").score, hit(&response, "other-order").score, "it is asked for as it is written");
}

#[test]
fn words_side_by_side_more_often_count_for_more_and_what_all_have_counts_for_nothing() {
    let mut shelf = shelf(&[
        piece("once", "The grey frigate left harbour painted."),
        piece("twice", "The grey frigate met a grey frigate."),
        piece("apart", "The frigate left harbour painted grey."),
    ]);
    let response = shelf.engine.search(&explained("grey frigate")).unwrap();
    let closeness = |id: &str| part(hit(&response, id), "closeness");
    assert_eq!(closeness("apart"), 0.0);
    assert!(closeness("once") > 0.0);
    assert!(close(closeness("twice"), closeness("once") * 4.0 / 3.0), "{} {}", closeness("twice"), closeness("once"));
    let mut all_have_it = self::shelf(&[piece("a", "A grey frigate."), piece("b", "The grey frigate sank.")]);
    let response = all_have_it.engine.search(&explained("grey frigate")).unwrap();
    assert_eq!(response.hits.len(), 2);
    assert!(response.hits.iter().all(|hit| part(hit, "closeness") == 0.0));
}

#[test]
fn words_near_one_another_in_any_order_count_and_paragraphs_keep_them_apart() {
    let mut shelf = shelf(&[
        piece("near", "The frigate that they had left in harbour was grey."),
        piece("far", "The frigate that they had left in the old harbour until then was grey."),
        piece("next-paragraph", "They saw the frigate.\n\nGrey was the harbour."),
        piece("reading", "The guests came in grey or in a frigate's blue."),
    ]);
    let response = shelf.engine.search(&explained("grey frigate")).unwrap();
    let closeness = |id: &str| part(hit(&response, id), "closeness");
    assert!(closeness("near") > 0.0);
    assert!(close(closeness("near"), closeness("reading")), "{} {}", closeness("near"), closeness("reading"));
    assert_eq!((closeness("far"), closeness("next-paragraph")), (0.0, 0.0));
}

#[test]
fn a_word_with_two_readings_has_neighbours_too() {
    let mut shelf =
        shelf(&[piece("beside", "They left Alda."), piece("apart", "In Alda, as ever, little was found or left.")]);
    let response = shelf.engine.search(&explained("left Alda")).unwrap();
    assert!(part(hit(&response, "beside"), "closeness") > 0.0);
}

#[test]
fn words_in_one_window_count_for_more_than_words_far_apart() {
    let words = |number: usize| "many other words ".repeat(number);
    let mut shelf = shelf(&[
        piece("together", &format!("Of the grey sea and {} of the old frigate, {}", words(6), words(24))),
        piece("apart", &format!("Of the grey sea and {} of the old frigate.", words(30))),
        piece("paragraphs", &format!("Of the grey sea.\n\nAnd {} of the old frigate, {}", words(6), words(24))),
        piece("none", "A bridge."),
    ]);
    let response = shelf.engine.search(&explained("grey frigate")).unwrap();
    let window = |id: &str| part(hit(&response, id), "window");
    assert!(close(window("together"), 2.0 * window("apart")), "{} {}", window("together"), window("apart"));
    assert!(close(window("together"), window("paragraphs")));
    assert_eq!(ids(&response).last(), Some(&"apart"));
    let response = shelf.engine.search(&explained("frigate")).unwrap();
    assert!(response.hits.iter().all(|hit| part(hit, "window") == 0.0), "one word has no company");
}

#[test]
fn a_common_word_left_out_of_the_query_may_stand_between() {
    let mut shelf = shelf(&[
        piece("with", "The ministry of defence closed."),
        piece("far", "The ministry closed its old defence wing."),
        piece("side-by-side", "The ministry defence wing closed."),
    ]);
    let response = shelf.engine.search(&explained("ministry of defence")).unwrap();
    let held = |response: &SearchResponse, id: &str| part(hit(response, id), "closeness") > 0.0;
    assert_eq!(["with", "far", "side-by-side"].map(|id| held(&response, id)), [true, false, true]);
    let response = shelf.engine.search(&explained("ministry defence")).unwrap();
    assert_eq!(["with", "far", "side-by-side"].map(|id| held(&response, id)), [false, false, true]);
    // The optional word between is allowed only where the query has it, not one pair earlier or later.
    let response = shelf.engine.search(&explained("closed ministry of defence")).unwrap();
    assert!(held(&response, "with"));
}

#[test]
fn recency_halves_half_of_a_score_in_a_half_life_and_takes_undated_articles_for_old() {
    let text = "The frigate left harbour.";
    let days =
        [("undated", None), ("today", Some("2026-02-04")), ("month", Some("2026-01-05")), ("old", Some("1970-01-01"))];
    let mut pieces: Vec<Piece> =
        days.iter().map(|(id, day)| day.iter().fold(piece(id, text), |piece, day| piece.on(day))).collect();
    pieces.push(piece("tomorrow", text).on("2026-03-06"));
    let mut shelf = shelf(&pieces);
    let base = shelf.engine.search(&plain("frigate")).unwrap().hits[0].score;
    let request = SearchRequest { recency: Some(30.0), ..plain("frigate") };
    let response = shelf.engine.search(&request).unwrap();
    assert_eq!(ids(&response), ["today", "tomorrow", "month", "undated", "old"]);
    for (id, share) in [("today", 1.0), ("tomorrow", 1.0), ("month", 0.75), ("undated", 0.5), ("old", 0.5)] {
        let score = hit(&response, id).score;
        assert!(close(score, share * base), "{id}: {score} of {base}");
    }
    // After two half-lives a quarter of the half is left.
    let request = SearchRequest { recency: Some(15.0), explain: true, ..plain("frigate") };
    let response = shelf.engine.search(&request).unwrap();
    assert!(close(hit(&response, "month").score, 0.625 * base));
    assert!(close(part(hit(&response, "undated"), "recency"), -0.5 * base));
}

#[test]
fn by_date_undated_articles_come_last_and_ties_go_to_the_better_then_to_the_earlier() {
    let pieces = [
        piece("undated", "A frigate, a frigate, a frigate."),
        piece("late", "A frigate.").on("2026-01-02"),
        piece("poor", "A frigate with many other words around it, as it were.").on("2025-01-02"),
        piece("good", "A frigate, a frigate.").on("2025-01-02"),
        piece("good-again", "A frigate, a frigate.").on("2025-01-02"),
        piece("early", "A frigate.").on("1969-05-01"),
    ];
    for segments in [&[&[0, 1, 2, 3, 4, 5][..]][..], &[&[5, 4, 0], &[3, 2], &[1]]] {
        let mut shelf = shelf_in(&pieces, segments);
        let mut sorted = |sort: Sort, limit: usize, offset: usize| {
            let request = SearchRequest { sort, limit, offset, ..plain("frigate") };
            let response = shelf.engine.search(&request).unwrap();
            assert_eq!(response.total, 6);
            let ranked: Vec<String> = shelf.engine.rank(&request).unwrap().into_iter().map(|(id, _)| id).collect();
            assert_eq!(ids(&response), ranked);
            ranked
        };
        assert_eq!(sorted(Sort::Newest, 10, 0), ["late", "good", "good-again", "poor", "early", "undated"]);
        assert_eq!(sorted(Sort::Oldest, 10, 0), ["early", "good", "good-again", "poor", "late", "undated"]);
        assert_eq!(sorted(Sort::Newest, 2, 0), ["late", "good"]);
        assert_eq!(sorted(Sort::Newest, 2, 2), ["good-again", "poor"]);
        assert_eq!(sorted(Sort::Oldest, 3, 3), ["poor", "late", "undated"]);
    }
}

#[test]
fn of_equal_articles_the_one_that_came_first_is_first_however_the_index_is_cut() {
    let pieces: Vec<Piece> = (0..6).map(|n| piece(&format!("n{n}"), "A frigate sailed.")).collect();
    for segments in [&[&[0, 1, 2, 3, 4, 5][..]][..], &[&[5, 3, 1], &[4, 2, 0]], &[&[4, 5], &[2, 3], &[0, 1]]] {
        let mut shelf = shelf_in(&pieces, segments);
        let mut page = |offset: usize, limit: usize| {
            let response = shelf.engine.search(&SearchRequest { offset, limit, ..plain("frigate") }).unwrap();
            assert_eq!((response.total, response.copies), (6, 6));
            let ranks: Vec<usize> = response.hits.iter().map(|hit| hit.rank).collect();
            assert!(ranks.into_iter().eq(offset + 1..offset + 1 + response.hits.len()));
            ids(&response).join(" ")
        };
        assert_eq!(page(0, 10), "n0 n1 n2 n3 n4 n5");
        assert_eq!(page(0, 2), "n0 n1");
        assert_eq!(page(1, 3), "n1 n2 n3");
        assert_eq!(page(5, 3), "n5");
        assert_eq!(page(6, 3), "");
        assert_eq!(page(0, 0), "");
        assert_eq!(page(3, 0), "");
        assert_eq!(page(4, usize::MAX), "n4 n5");
    }
}

#[test]
fn an_offset_of_any_size_is_past_the_end() {
    let mut shelf = shelf(&[piece("a", "A frigate.")]);
    for offset in [1, usize::MAX - 1, usize::MAX] {
        let response = shelf.engine.search(&SearchRequest { offset, ..plain("frigate") }).unwrap();
        assert_eq!((response.total, response.hits.len()), (1, 0), "{offset}");
    }
}

/// A report that several outlets ran.
const STORY: &str = "The parliament of Alda voted on Tuesday to buy twelve patrol aircraft from Borduria. The vote ended a \
    dispute of three years over the price. Ministers said the first two would arrive at the base in Port Alda next spring. \
    The opposition called the purchase a mistake and asked for an inquiry into how the offer was chosen.";

#[test]
fn of_equal_copies_the_first_stands_for_the_story_else_the_one_that_matches_best() {
    let pieces = [
        piece("first", STORY).in_outlet("Wire").on("2025-03-04"),
        piece("same", STORY).in_outlet("Post").on("2025-03-04"),
        piece("longer", &format!("{STORY} Reporting by the Wire on aircraft and aircraft."))
            .in_outlet("Post")
            .on("2025-03-03"),
        piece("alone", "Other aircraft flew over Syldavia.").in_outlet("Herald"),
    ];
    for segments in [&[&[0, 1, 2, 3][..]][..], &[&[3, 2, 1], &[0]], &[&[1], &[0, 2], &[3]]] {
        let mut shelf = shelf_in(&pieces, segments);
        let mut found = |query: &str, all_copies: bool| {
            let request = SearchRequest { all_copies, feedback: false, ..SearchRequest::new(query, now()) };
            shelf.engine.search(&request).unwrap()
        };
        let response = found("dispute", false);
        assert_eq!((response.total, response.copies, ids(&response)), (1, 3, vec!["first"]));
        let response = found("dispute", true);
        assert_eq!((response.total, response.copies, ids(&response)), (3, 3, vec!["first", "same", "longer"]));
        let response = found("aircraft", false);
        assert_eq!((response.total, response.copies), (2, 4));
        assert!(ids(&response).contains(&"longer") && ids(&response).contains(&"alone"), "{:?}", ids(&response));
        // Where the first copy does not match, the story still counts once.
        let response = found("dispute outlet:Post", false);
        assert_eq!((response.total, response.copies, ids(&response)), (1, 2, vec!["same"]));
        let response = found("Reporting", false);
        assert_eq!((response.total, response.copies, ids(&response)), (1, 1, vec!["longer"]));
        // What a hit says of its story: all copies, whatever matched, and the first by time of publication.
        let hit = &response.hits[0];
        assert_eq!((hit.copies, hit.outlets), (3, 2));
        assert_eq!(hit.first_published.as_ref().map(|first| first.id.as_str()), Some("longer"));
        let alone = &found("Syldavia", false).hits[0];
        assert_eq!((alone.copies, alone.outlets, &alone.first_published), (1, 1, &None));
    }
}

#[test]
fn clauses_that_may_hold_raise_what_matches_and_take_nothing_in() {
    let mut shelf = shelf(&[
        piece("a", "The frigate left harbour."),
        piece("b", "The frigate left Alda."),
        piece("c", "The bridge left harbour."),
    ]);
    let response = shelf.engine.search(&plain("+frigate harbour")).unwrap();
    assert_eq!(ids(&response), ["a", "b"]);
    assert!(hit(&response, "a").score > hit(&response, "b").score);
    let response = shelf.engine.search(&plain("+(frigate AND left) Alda -bridge")).unwrap();
    assert_eq!(ids(&response), ["b", "a"]);
    assert_eq!(shelf.engine.search(&plain("-frigate")).unwrap().total, 1);
}
