//! Counts: facets with their own filter left out, drill-down, mentions, times, copies; timelines; pairs by hand.

use std::collections::BTreeMap;

use despatch::article::Doubt;
use despatch::engine::{
    Engine, EngineError, Facet, FacetRequest, FacetResponse, FacetSort, PairCount, PairSort, PairsRequest,
    PairsResponse, TimelineRequest,
};

use super::engine_desk::{Piece, piece, plain, shelf, shelf_in};
use super::now;

fn counted(response: &FacetResponse, facet: Facet) -> Vec<(&str, u64)> {
    response.counts[&facet].iter().map(|count| (count.value.as_str(), count.count)).collect()
}

fn facets(query: &str, by: &[Facet]) -> FacetRequest {
    FacetRequest::new(query, by.to_vec(), now())
}

const FRANCE: &str = "state/france";
const GERMANY: &str = "state/germany";
const POLAND: &str = "state/poland";

#[test]
fn an_actor_counts_from_the_mentions_that_are_asked_for() {
    let pieces = [
        piece("once", "France spoke.").in_outlet("Post").mentions("France", FRANCE),
        piece("twice", "France said France.").in_outlet("Post").mentions("France", FRANCE).mentions("France", FRANCE),
        piece("headline", "France spoke.")
            .titled("France")
            .in_outlet("Herald")
            .mentions_in_title("France", FRANCE)
            .mentions("France", FRANCE),
        piece("capital", "Paris spoke, and Paris acted.")
            .in_outlet("Echo")
            .means("Paris", FRANCE)
            .means("Paris", FRANCE),
        piece("both", "Paris said France would.").in_outlet("Echo").means("Paris", FRANCE).mentions("France", FRANCE),
        piece("others", "Germany said Germany. France?")
            .in_outlet("Post")
            .mentions("Germany", GERMANY)
            .mentions("Germany", GERMANY)
            .mentions("France", FRANCE),
    ];
    let mut shelf = shelf(&pieces);
    let mut found = |actor: &[&str], min_mentions: u32, no_metonyms: bool| {
        let mut request = plain("");
        request.filters.actor = actor.iter().map(|name| (*name).to_owned()).collect();
        (request.filters.min_mentions, request.filters.no_metonyms) = (min_mentions, no_metonyms);
        let mut found: Vec<String> = shelf.engine.rank(&request).unwrap().into_iter().map(|(id, _)| id).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(found(&["France"], 0, false), "both capital headline once others twice");
    assert_eq!(found(&["France"], 1, false), "both capital headline once others twice");
    assert_eq!(found(&["France"], 2, false), "both capital headline twice");
    assert_eq!(found(&["France"], 3, false), "");
    assert_eq!(found(&["France"], 0, true), "both headline once others twice");
    assert_eq!(found(&["France"], 2, true), "headline twice");
    assert_eq!(found(&["France", "Germany"], 2, false), "", "each of them must be mentioned twice");
    assert_eq!(found(&["France,Germany"], 3, false), "others", "mentions of alternatives are added up");

    let mut request = facets("", &[Facet::Outlet, Facet::Actor]);
    request.all_copies = true;
    request.filters.actor = vec!["France".to_owned()];
    request.filters.outlet = vec!["Post".to_owned()];
    request.filters.min_mentions = 2;
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!((response.total, response.copies), (1, 1));
    assert_eq!(counted(&response, Facet::Outlet), [("Post", 1)]);
    assert_eq!(counted(&response, Facet::Actor), [(FRANCE, 1)]);
    // With all values, counts of outlets ignore the filter on outlets; that on actors, with its least number of
    // mentions, applies.
    request.all_values = true;
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!((response.total, response.copies), (1, 1));
    assert_eq!(counted(&response, Facet::Outlet), [("Echo", 2), ("Herald", 1), ("Post", 1)]);
    assert_eq!(counted(&response, Facet::Actor), [(FRANCE, 3), (GERMANY, 1)]);
    assert_eq!(
        response.notes,
        [
            "--outlet does not narrow the counts by outlet (--all-values)",
            "--actor does not narrow the counts by actor (--all-values)"
        ]
    );
}

#[test]
fn a_filter_narrows_its_own_facet_unless_all_values_are_asked_for() {
    let mut shelf = shelf(&[
        piece("a", "Ferries.").in_outlet("Post").at_place("Port Alda").on("2025-01-31"),
        piece("b", "Ferries.").in_outlet("Herald").at_place("Port Alda").on("2025-02-01"),
        piece("c", "Ferries.").in_outlet("Post").at_place("Klow").on("2025-02-02"),
        piece("d", "Bridges.").in_outlet("Post").at_place("Port Alda"),
    ]);
    let mut request = facets("ferries", &[Facet::Outlet, Facet::Place, Facet::Month]);
    request.all_copies = true;
    request.filters.outlet = vec!["post".to_owned()];
    request.filters.place = vec!["Port Alda, Nowhere".to_owned()];
    assert!(shelf.engine.facets(&request).is_err(), "no article is from Nowhere");
    request.filters.place = vec!["Port Alda".to_owned()];
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!((response.total, response.notes.len()), (1, 0));
    assert_eq!(counted(&response, Facet::Outlet), [("Post", 1)]);
    assert_eq!(counted(&response, Facet::Place), [("Port Alda", 1)]);
    request.all_values = true;
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!(response.total, 1);
    assert_eq!(counted(&response, Facet::Outlet), [("Herald", 1), ("Post", 1)]);
    assert_eq!(counted(&response, Facet::Place), [("Klow", 1), ("Port Alda", 1)]);
    assert_eq!(counted(&response, Facet::Month), [("2025-01", 1)]);
    request.filters.outlet = vec!["Post".to_owned(), "Herald".to_owned()];
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!((response.total, counted(&response, Facet::Outlet).len()), (0, 2));
    request.filters.outlet = vec!["Post,Herald".to_owned()];
    assert_eq!(shelf.engine.facets(&request).unwrap().total, 2);
}

#[test]
fn the_first_second_of_a_stretch_of_time_counts_and_the_one_after_it_does_not() {
    let at = |id: &str, time: &str| piece(id, "Ferries.").on(time);
    let mut shelf = shelf(&[
        at("before", "2024-12-31T23:59:59Z"),
        at("first", "2025-01-01T00:00:00Z"),
        at("last", "2025-01-31T23:59:59Z"),
        at("after", "2025-02-01T00:00:00Z"),
        piece("undated", "Ferries."),
    ]);
    let seconds = |day: &str| day.parse::<despatch::article::Moment>().unwrap().seconds();
    let mut found = |query: &str, since: Option<i64>, until: Option<i64>| {
        let mut request = plain(query);
        (request.filters.since, request.filters.until) = (since, until);
        shelf.engine.rank(&request).unwrap().into_iter().map(|(id, _)| id).collect::<Vec<_>>().join(" ")
    };
    let (january, february) = (seconds("2025-01-01"), seconds("2025-02-01"));
    assert_eq!(found("ferries", Some(january), Some(february)), "first last");
    assert_eq!(found("ferries", Some(january), None), "first last after");
    assert_eq!(found("ferries", None, Some(february)), "before first last");
    assert_eq!(found("date:2025-01", None, None), "last first", "without words the newest come first");
    let mut request = facets("", &[Facet::Month]);
    request.all_copies = true;
    request.filters.until = Some(february);
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!(counted(&response, Facet::Month), [("2024-12", 1), ("2025-01", 2)], "February is not asked for");
}

#[test]
fn levels_count_an_article_once_and_below_leads_down() {
    let topics = ["procurement", "procurement/ships", "procurement/ships/frigates", "procurement/tanks", "cyber"];
    let pieces = [
        piece("a", "Frigates.").on_topics(&topics[..4]),
        piece("b", "Ships.").on_topics(&topics[..2]),
        piece("c", "Cyber.").on_topics(&topics[4..]),
        piece("d", "Nothing."),
    ];
    for segments in [&[&[0, 1, 2, 3][..]][..], &[&[0, 3], &[1, 2]]] {
        let mut shelf = shelf_in(&pieces, segments);
        let mut by = |below: Option<&str>, levels: usize| {
            let mut request = facets("", &[Facet::Topic]);
            (request.below, request.levels) = (below.map(str::to_owned), levels);
            request.all_copies = true;
            let response = shelf.engine.facets(&request).unwrap();
            let list = counted(&response, Facet::Topic).into_iter().map(|(value, count)| format!("{value} {count}"));
            assert_eq!(response.rest[&Facet::Topic].without, 1, "the one without any topic");
            list.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(by(None, 1), "procurement 2, cyber 1");
        assert_eq!(by(None, 2), "procurement 2, procurement/ships 2, cyber 1, procurement/tanks 1");
        assert_eq!(by(Some("procurement"), 1), "procurement/ships 2, procurement/tanks 1");
        assert_eq!(
            by(Some("/procurement/"), 0),
            "procurement/ships 2, procurement/ships/frigates 1, procurement/tanks 1"
        );
        assert_eq!(by(Some("procurement/ships"), 0), "procurement/ships/frigates 1");
        assert_eq!(by(Some("/"), 1), "procurement 2, cyber 1");
        let request = FacetRequest { below: Some("proc".to_owned()), ..facets("", &[Facet::Topic]) };
        match shelf.engine.facets(&request) {
            Err(EngineError::UnknownLevel { levels, .. }) => assert!(levels.contains(&"procurement/ships".to_owned())),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn actors_of_one_state_count_once_for_it() {
    let text = "Emmanuel Macron met Charles de Gaulle in France.";
    let one = piece("a", text).mentions("Emmanuel Macron", "person/emmanuel-macron").mentions("France", FRANCE);
    let mut shelf = shelf(&[one]);
    let response = shelf.engine.facets(&facets("", &[Facet::Affiliation])).unwrap();
    assert_eq!(counted(&response, Facet::Affiliation), [("france", 1)]);
    let mut request = plain("");
    request.filters.affiliation = vec!["France".to_owned()];
    assert_eq!(shelf.engine.search(&request).unwrap().total, 1);
}

#[test]
fn a_limit_leaves_out_the_least_and_says_how_much() {
    let outlets = ["Post", "Post", "Post", "Herald", "Herald", "Echo", "Berin News"];
    let pieces: Vec<Piece> =
        (0..).zip(outlets).map(|(n, outlet)| piece(&format!("n{n}"), "Ferries.").in_outlet(outlet)).collect();
    let mut shelf = shelf(&pieces);
    let mut by = |limit: usize, sort: FacetSort| {
        let request = FacetRequest { limit, sort, all_copies: true, ..facets("ferries", &[Facet::Outlet]) };
        let response = shelf.engine.facets(&request).unwrap();
        let rest = response.rest[&Facet::Outlet];
        let list: Vec<String> =
            counted(&response, Facet::Outlet).into_iter().map(|(value, count)| format!("{value} {count}")).collect();
        (list.join(", "), rest.values, rest.count, rest.without)
    };
    let text = |text: &str| text.to_owned();
    assert_eq!(by(2, FacetSort::Count), (text("Post 3, Herald 2"), Some(2), 2, 0));
    assert_eq!(
        by(3, FacetSort::Count),
        (text("Post 3, Herald 2, Berin News 1"), Some(1), 1, 0),
        "equal counts by name"
    );
    assert_eq!(by(4, FacetSort::Count), (text("Post 3, Herald 2, Berin News 1, Echo 1"), Some(0), 0, 0));
    assert_eq!(by(0, FacetSort::Count), by(9, FacetSort::Count));
    // Where all articles are hits, no value is surprising, and values come in the order of their names.
    assert_eq!(by(2, FacetSort::Surprise), (text("Berin News 1, Echo 1"), Some(2), 5, 0));
    assert_eq!(by(4, FacetSort::Surprise).1, Some(0));
}

const STORY: &str = "The parliament of Alda voted on Tuesday to buy twelve patrol aircraft from Borduria. The vote ended a \
    dispute of three years over the price. Ministers said the first two would arrive at the base in Port Alda next spring. \
    The opposition called the purchase a mistake and asked for an inquiry into how the offer was chosen.";

/// Two stories: one with three copies (two of them dated, in different months), and one without date and outlet.
fn copies() -> [Piece; 4] {
    [
        piece("a", STORY).in_outlet("Wire").on("2025-01-31"),
        piece("b", STORY).in_outlet("Post").on("2025-02-01"),
        piece("c", STORY).in_outlet("Post"),
        piece("d", "Trams for Syldavia."),
    ]
}

#[test]
fn a_story_counts_once_for_each_value_that_its_copies_have() {
    for segments in [&[&[0, 1, 2, 3][..]][..], &[&[3, 2], &[1], &[0]]] {
        let mut shelf = shelf_in(&copies(), segments);
        let mut request = facets("", &[Facet::Outlet, Facet::Month]);
        let response = shelf.engine.facets(&request).unwrap();
        assert_eq!((response.total, response.copies), (2, 4));
        assert_eq!(counted(&response, Facet::Outlet), [("Post", 1), ("Wire", 1)]);
        assert_eq!(counted(&response, Facet::Month), [("2025-01", 1), ("2025-02", 1)]);
        // A story with a dated copy is dated; only the other has neither date nor outlet.
        assert_eq!((response.rest[&Facet::Month].without, response.rest[&Facet::Outlet].without), (1, 1));
        request.all_copies = true;
        let response = shelf.engine.facets(&request).unwrap();
        assert_eq!((response.total, response.copies), (4, 4));
        assert_eq!(counted(&response, Facet::Outlet), [("Post", 2), ("Wire", 1)]);
        assert_eq!((response.rest[&Facet::Month].without, response.rest[&Facet::Outlet].without), (2, 1));
    }
    // Where a filter excludes the first copy, the others still count as one story.
    let mut shelf = shelf(&copies());
    let mut request = facets("", &[Facet::Month]);
    request.filters.outlet = vec!["Post".to_owned()];
    let response = shelf.engine.facets(&request).unwrap();
    assert_eq!((response.total, response.copies), (1, 2));
    // Copies without a value count as one story without it.
    let mut bare = self::shelf(&[piece("a", STORY), piece("b", STORY)]);
    let response = bare.engine.facets(&facets("", &[Facet::Outlet, Facet::Year])).unwrap();
    assert_eq!((response.rest[&Facet::Year].without, response.rest[&Facet::Outlet].without), (1, 1));
}

fn timeline(query: &str, by: Option<Facet>, per: Facet) -> TimelineRequest {
    let (filters, limit, below, all_copies) = Default::default();
    TimelineRequest { query: query.to_owned(), filters, by, per, limit, below, all_copies, now: now() }
}

#[test]
fn a_timeline_counts_a_story_once_in_each_period_and_leaves_no_gap() {
    let later = piece("e", "Trams for Alda.").in_outlet("Post").on("2025-05-01");
    let again = piece("f", STORY).in_outlet("Post").on("2025-02-15");
    let mut shelf = shelf(&[&copies()[..], &[later, again]].concat());
    let mut request = timeline("", Some(Facet::Outlet), Facet::Month);
    let response = shelf.engine.timeline(&request).unwrap();
    assert_eq!(response.periods, ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]);
    assert_eq!((response.total, response.copies), (3, 6));
    assert_eq!(response.all, [1, 1, 0, 0, 1]);
    // The story with an undated copy, and the story without any date.
    assert_eq!(response.undated, 2);
    let rows: Vec<_> = response.series.iter().map(|row| (row.value.as_str(), row.total, row.counts.clone())).collect();
    assert_eq!(rows, [("Post", 2, vec![0, 1, 0, 0, 1]), ("Wire", 1, vec![1, 0, 0, 0, 0])]);
    request.filters.undated = true;
    let without = shelf.engine.timeline(&request).unwrap();
    assert_eq!(
        (without.total, without.undated, without.periods.len()),
        (2, 2, 0),
        "what is counted as undated is found"
    );
    request.filters.undated = false;
    request.limit = 1;
    assert_eq!(shelf.engine.timeline(&request).unwrap().series.len(), 1);
    request.all_copies = true;
    let response = shelf.engine.timeline(&request).unwrap();
    assert_eq!((response.total, response.undated, response.series[0].total), (6, 2, 4));
    let nothing = shelf.engine.timeline(&timeline("xyzzy", Some(Facet::Outlet), Facet::Month)).unwrap();
    assert!(nothing.periods.is_empty() && nothing.series.is_empty(), "{nothing:?}");
    assert_eq!(nothing.notes, ["no article has 'xyzzy'"]);
}

/// The day `number` days after 1 January 1970.
fn day(number: i64) -> String {
    let first = jiff::civil::date(1970, 1, 1);
    first.checked_add(jiff::Span::new().days(number)).unwrap().to_string()
}

#[test]
fn a_wrong_date_makes_no_endless_timeline() {
    let days = |last: i64| {
        let mut shelf = shelf(&[piece("a", "Trams.").on(&day(0)), piece("b", "Trams.").on(&day(last))]);
        let line = shelf.engine.timeline(&timeline("", None, Facet::Day)).unwrap();
        let mut request = facets("", &[Facet::Day]);
        request.all_copies = true;
        let counts = shelf.engine.facets(&request).unwrap();
        let noted = |notes: &[String]| !notes.is_empty();
        ((line.periods.len(), noted(&line.notes)), (counts.counts[&Facet::Day].len(), noted(&counts.notes)))
    };
    assert_eq!(days(9_999), ((10_000, false), (10_000, false)));
    assert_eq!(days(10_000), ((0, true), (10_001, false)));
    assert_eq!(days(20_000).1, (20_001, false));
    assert_eq!(days(20_001).1, (2, true), "those with a story alone");
}

fn pairs(actors: &[&str]) -> PairsRequest {
    PairsRequest {
        query: String::new(),
        filters: Default::default(),
        actors: actors.iter().map(|name| (*name).to_owned()).collect(),
        below: None,
        spoken: false,
        per: None,
        least: 1,
        sort: PairSort::Count,
        limit: 0,
        all_copies: true,
        now: now(),
    }
}

/// Each pair as the last parts of its ids and its counts: `france+germany 2/5/3`.
fn told(response: &PairsResponse) -> Vec<String> {
    let name = |id: &str| id.rsplit('/').next().unwrap().to_owned();
    let one = |pair: &despatch::engine::Pair| {
        let PairCount { count, count_a, count_b, .. } = pair.counts;
        format!("{}+{} {count}/{count_a}/{count_b}", name(&pair.a.id), name(&pair.b.id))
    };
    response.pairs.iter().map(one).collect()
}

fn six() -> Vec<Piece> {
    let filler = "The weather was fine all day long in the port. ".repeat(8);
    vec![
        piece("1", "France met Germany.").on("2025-01-10").mentions("France", FRANCE).mentions("Germany", GERMANY),
        piece("2", "France met Germany and Poland.")
            .on("2025-01-20")
            .mentions("France", FRANCE)
            .mentions("Germany", GERMANY)
            .mentions("Poland", POLAND),
        piece("3", "France spoke.").on("2025-02-01").mentions("France", FRANCE),
        piece("4", "Germany spoke.").mentions("Germany", GERMANY),
        piece("5", "Nothing.")
            .titled("France and Poland")
            .on("2025-03-01")
            .mentions_in_title("France", FRANCE)
            .mentions_in_title("Poland", POLAND),
        piece("6", &format!("France spoke. {filler}\n\n{filler} Poland spoke."))
            .mentions("France", FRANCE)
            .mentions("Poland", POLAND),
    ]
}

#[test]
fn pairs_are_those_of_a_passage_or_a_headline_with_what_was_expected() {
    let mut shelf = shelf(&six());
    let response = shelf.engine.pairs(&pairs(&[])).unwrap();
    assert_eq!((response.total, response.copies, response.pairs_total), (6, 6, 3));
    // The more frequent actor first; pairs by count, by ratio, by name.
    assert_eq!(told(&response), ["france+germany 2/5/3", "france+poland 2/5/3", "germany+poland 1/3/3"]);
    let figures: Vec<(f64, f64)> =
        response.pairs.iter().map(|pair| (pair.counts.expected, pair.counts.ratio)).collect();
    assert_eq!(figures, [(2.5, 2.0 / 2.5), (2.5, 2.0 / 2.5), (1.5, 1.0 / 1.5)]);
    assert!(response.periods.is_empty() && response.pairs.iter().all(|pair| pair.periods.is_empty()));
    let least = |least| PairsRequest { least, ..pairs(&[]) };
    assert_eq!(shelf.engine.pairs(&least(2)).unwrap().pairs.len(), 2);
    assert_eq!(shelf.engine.pairs(&least(3)).unwrap().pairs.len(), 0);
    let response = shelf.engine.pairs(&PairsRequest { limit: 1, ..pairs(&[]) }).unwrap();
    assert_eq!((response.pairs.len(), response.pairs_total), (1, 3));
}

#[test]
fn the_actor_that_is_asked_for_stands_first_and_below_tells_the_other() {
    let starmer = "person/keir-starmer";
    let mut all = six();
    let more = piece("7", "Poland met Keir Starmer.").mentions("Poland", POLAND).mentions("Keir Starmer", starmer);
    all.push(more);
    let mut shelf = shelf(&all);
    let mut asked = |actors: &[&str], below: Option<&str>| {
        told(&shelf.engine.pairs(&PairsRequest { below: below.map(str::to_owned), ..pairs(actors) }).unwrap())
    };
    assert_eq!(asked(&["Poland"], None), ["poland+france 2/4/5", "poland+keir-starmer 1/4/1", "poland+germany 1/4/3"]);
    assert_eq!(asked(&["Poland"], Some("person")), ["poland+keir-starmer 1/4/1"]);
    assert_eq!(asked(&["Keir Starmer"], Some("state/")), ["keir-starmer+poland 1/1/4"]);
    assert_eq!(asked(&[], Some("person")), [""; 0], "both must be below it");
    assert_eq!(asked(&["Poland,Germany", "France"], None).len(), 2);
    assert_eq!(asked(&["Germany", "France"], None), ["germany+france 2/3/5"]);
    assert_eq!(asked(&["Germany", "Keir Starmer"], None), [""; 0]);
    let by_ratio = shelf.engine.pairs(&PairsRequest { sort: PairSort::Ratio, ..pairs(&["Poland"]) }).unwrap();
    assert_eq!(told(&by_ratio)[0], "poland+keir-starmer 1/4/1", "1 of 4/7 against 2 of 20/7");
}

#[test]
fn pairs_over_time_are_counted_against_the_stories_of_their_period() {
    let mut shelf = shelf(&six());
    let request = PairsRequest { per: Some(Facet::Month), ..pairs(&["France"]) };
    let response = shelf.engine.pairs(&request).unwrap();
    assert_eq!(response.periods, ["2025-01", "2025-02", "2025-03"], "from the first with a pair to the last, no gap");
    let poland = response.pairs.iter().find(|pair| pair.b.id == POLAND).unwrap();
    let periods: Vec<(&str, PairCount)> = poland.periods.iter().map(|one| (one.period.as_str(), one.counts)).collect();
    let january = PairCount { count: 1, count_a: 2, count_b: 1, expected: 1.0, ratio: 1.0 };
    let march = PairCount { count: 1, count_a: 1, count_b: 1, expected: 1.0, ratio: 1.0 };
    assert_eq!(periods, [("2025-01", january), ("2025-03", march)]);
    for (last, periods) in [(9_999, 10_000), (10_000, 0)] {
        let both = |id: &str, at: i64| {
            piece(id, "France met Poland.").on(&day(at)).mentions("France", FRANCE).mentions("Poland", POLAND)
        };
        let mut shelf = self::shelf(&[both("a", 0), both("b", last)]);
        let response = shelf.engine.pairs(&PairsRequest { per: Some(Facet::Day), ..pairs(&[]) }).unwrap();
        assert_eq!((response.periods.len(), response.pairs[0].periods.len()), (periods, 2));
    }
}

#[test]
fn places_that_stand_for_an_actor_make_no_pair_where_they_do_not_count() {
    let mut shelf = shelf(&[
        piece("a", "Paris met Poland.").means("Paris", FRANCE).mentions("Poland", POLAND),
        piece(
            "b",
            &format!("Paris met Poland.\n\n{}\n\nFrance spoke.", "The weather was fine in the port. ".repeat(25)),
        )
        .means("Paris", FRANCE)
        .mentions("Poland", POLAND)
        .mentions("France", FRANCE),
        piece("c", "France met Poland.").mentions("France", FRANCE).mentions("Poland", POLAND),
    ]);
    assert_eq!(told(&shelf.engine.pairs(&pairs(&[])).unwrap()), ["france+poland 3/3/3"]);
    let mut request = pairs(&[]);
    request.filters.no_metonyms = true;
    assert_eq!(told(&shelf.engine.pairs(&request).unwrap()), ["poland+france 1/3/2"]);
}

#[test]
fn copies_of_a_story_are_one_pair() {
    let both = |id: &str, text: &str| piece(id, text).mentions("Alda", POLAND).mentions("Borduria", GERMANY);
    let mut shelf = shelf(&[both("a", STORY), both("b", STORY), piece("c", "Trams.")]);
    let mut request = pairs(&[]);
    assert_eq!(told(&shelf.engine.pairs(&request).unwrap()), ["germany+poland 2/2/2"]);
    request.all_copies = false;
    let response = shelf.engine.pairs(&request).unwrap();
    assert_eq!((response.total, response.copies), (2, 3));
    assert_eq!(told(&response), ["germany+poland 1/1/1"]);
    assert_eq!((response.pairs[0].counts.expected, response.pairs[0].counts.ratio), (0.5, 2.0));
}

/// Articles with every set of three reasons for doubt, each set with other words, against counting.
#[test]
fn doubts_are_counted_and_filtered_as_counting_finds_them() {
    let reasons = [Doubt::Account, Doubt::Fragment, Doubt::Wall];
    let sets: Vec<Vec<Doubt>> = (0..24_u32)
        .map(|set| reasons.into_iter().enumerate().filter(|(n, _)| set >> n & 1 == 1).map(|(_, doubt)| doubt).collect())
        .collect();
    let text = |n: usize| if n.is_multiple_of(3) { "Ferries sail." } else { "Bridges fall." };
    let pieces: Vec<_> = sets.iter().enumerate().map(|(n, set)| piece(&n.to_string(), text(n)).doubted(set)).collect();
    let mut shelf = shelf(&pieces);
    let mut found = 0;
    for (query, doubtful, named) in [
        ("ferries", false, None),
        ("ferries", true, None),
        ("", true, Some(Doubt::Wall)),
        ("+bridges doubt:fragment,wall", false, None),
        ("-doubt:fragment", true, None),
    ] {
        let mut request = facets(query, &[Facet::Doubt]);
        request.all_copies = true;
        request.all_values = true;
        request.filters.doubtful = doubtful;
        request.filters.doubt = named.iter().map(|doubt: &Doubt| doubt.name().to_owned()).collect();
        let response = shelf.engine.facets(&request).unwrap();
        let matches = |n: usize, own: bool| {
            let set = &sets[n];
            let words = match query {
                "ferries" => text(n).starts_with("Ferries"),
                "-doubt:fragment" => !set.contains(&Doubt::Fragment),
                "" => true,
                _ => text(n).starts_with("Bridges") && (set.contains(&Doubt::Fragment) || set.contains(&Doubt::Wall)),
            };
            words && (!doubtful || !set.is_empty()) && (!own || named.is_none_or(|doubt| set.contains(&doubt)))
        };
        let total = (0..sets.len()).filter(|n| matches(*n, true)).count() as u64;
        assert_eq!(response.total, total, "{query} {doubtful} {named:?}");
        let counts: BTreeMap<&str, u64> =
            response.counts[&Facet::Doubt].iter().map(|count| (count.value.as_str(), count.count)).collect();
        for doubt in Doubt::ALL {
            // With all values the facet leaves out its own filter.
            let wanted = (0..sets.len()).filter(|n| matches(*n, false) && sets[*n].contains(&doubt)).count() as u64;
            assert_eq!(counts.get(doubt.name()).copied().unwrap_or_default(), wanted, "{query} {doubtful} {doubt:?}");
        }
        found += total;
    }
    assert!(found > 30, "{found}: too few to show anything");
}
