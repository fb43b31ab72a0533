//! Tests of the printed lines of a response, in each form.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::article::Doubt;
use crate::engine::{
    ClauseCount, EngineError, Explanation, Facet, FacetCount, FacetResponse, FacetRest, FirstCopy, Heading, Highlight,
    Hit, Pair, PairCount, PairPeriod, PairsResponse, Passage, ScorePart, SearchResponse, Series, TimelineResponse,
};
use crate::render::export::{self, Form};
use crate::render::terminal::{self, View};
use crate::render::{Marks, Style, json, table};

const STYLE: Style = Style { colored: false, linked: false, marks: Marks::Guillemets, width: 60 };

fn printed<E: std::fmt::Debug>(print: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> String {
    let mut out = Vec::new();
    print(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn heading(id: &str, label: &str) -> Heading {
    Heading { id: id.to_owned(), label: label.to_owned() }
}

/// A hit with an identifier and nothing else.
fn bare(id: &str) -> Hit {
    Hit {
        rank: 1,
        score: 1.5,
        id: id.to_owned(),
        title: String::new(),
        title_highlights: Vec::new(),
        missing: Vec::new(),
        url: None,
        outlet: None,
        published: None,
        byline: Vec::new(),
        language: None,
        place: None,
        doubts: BTreeSet::new(),
        actors: Vec::new(),
        systems: Vec::new(),
        events: Vec::new(),
        topics: Vec::new(),
        copies: 1,
        outlets: 1,
        first_published: None,
        passages: Vec::new(),
        gone: None,
        score_parts: Vec::new(),
    }
}

fn full() -> Hit {
    let mark = |start, end, actor| Highlight { start, end, actor };
    Hit {
        rank: 12,
        title: "Alda buys frigates".to_owned(),
        title_highlights: vec![mark(10, 18, false)],
        missing: Vec::new(),
        url: Some("https://alda.example/a".to_owned()),
        outlet: Some("Alda Post".to_owned()),
        published: "2025-03-04".parse().ok(),
        byline: vec!["Ida Stein".to_owned(), "Alda News Agency".to_owned()],
        language: Some("en".to_owned()),
        actors: vec![heading("state/alda", "Alda")],
        topics: vec![heading("ships", "Ships"), heading("ships/frigates", "Frigates")],
        copies: 1_200,
        outlets: 2,
        first_published: Some(FirstCopy {
            id: "w".to_owned(),
            outlet: Some("Wire".to_owned()),
            published: "2025-03-03".parse().unwrap(),
        }),
        passages: vec![Passage {
            text: "Alda paid.\n\nThe frigates sail.".to_owned(),
            start: 5,
            end: 35,
            page: None,
            score: 2.0,
            highlights: vec![mark(0, 4, true), mark(16, 24, false)],
        }],
        score_parts: vec![ScorePart { part: "text", value: 2.0 }, ScorePart { part: "recency", value: -0.5 }],
        ..bare("a")
    }
}

fn found(hits: Vec<Hit>, total: u64, copies: u64) -> SearchResponse {
    SearchResponse { total, copies, hits, understood: "frigates".to_owned(), ..SearchResponse::default() }
}

fn shown(hits: Vec<Hit>, view: View) -> String {
    let total = hits.len() as u64;
    printed(|out| terminal::search(&found(hits, total, total), &view, &STYLE, out))
}

#[test]
fn a_hit_shows_what_is_known_of_it_and_nothing_else() {
    assert_eq!(shown(vec![bare("a")], View::default()), " 1  (no title)\n    a\n\n1 story\n");
    assert_eq!(
        shown(vec![full()], View { scores: true, ..View::default() }),
        "12  Alda buys «frigates»\n    Alda Post · 2025-03-04 · 1,200 copies in 2 outlets ·\n    \
         first in Wire · score 1.50 · a\n    score 1.50 = text +2.00 recency -0.50\n    ‹Alda› paid.\n    The «frigates» sail.\n    \
         actors: Alda\n    topics: Ships, Frigates\n\n1 story\n"
    );
    let facts = |hit: Hit| shown(vec![hit], View::default()).lines().nth(1).unwrap().trim().to_owned();
    let copies = |copies, outlets, first: Option<(&str, Option<&str>)>| {
        let first_published = first.map(|(id, outlet)| FirstCopy {
            id: id.to_owned(),
            outlet: outlet.map(str::to_owned),
            published: "2025-03-03".parse().unwrap(),
        });
        facts(Hit { copies, outlets, first_published, ..bare("a") })
    };
    let doubts = [Doubt::Fragment, Doubt::Wall].into();
    assert_eq!(facts(Hit { doubts, ..bare("a") }), "doubtful: fragment, wall · a");
    assert_eq!(copies(2, 1, None), "2 copies in 1 outlet · a");
    assert_eq!(copies(2, 2, Some(("a", Some("Post")))), "2 copies in 2 outlets · a", "it was itself the first");
    assert_eq!(copies(3, 2, Some(("b", None))), "3 copies in 2 outlets · first in b · a");
    assert_eq!(copies(1, 1, Some(("b", Some("Wire")))), "a", "alone, it was not the second either");
}

#[test]
fn six_actors_are_named_and_the_others_counted() {
    let line = |number: usize| {
        let actors = (1..=number).map(|n| heading(&n.to_string(), &format!("A{n}"))).collect();
        shown(vec![Hit { actors, ..bare("a") }], View::default()).lines().nth(2).unwrap().trim().to_owned()
    };
    assert_eq!(line(6), "actors: A1, A2, A3, A4, A5, A6");
    assert_eq!(line(7), "actors: A1, A2, A3, A4, A5, A6, 1 more");
    assert_eq!(line(8), "actors: A1, A2, A3, A4, A5, A6, 2 more");
}

#[test]
fn the_last_line_says_how_many_of_how_many_are_shown() {
    let last = |hits: usize, total: u64, copies: u64, offset: usize, all_copies: bool| {
        let view = View { offset, all_copies, ..View::default() };
        let response = found((0..hits).map(|_| bare("a")).collect(), total, copies);
        printed(|out| terminal::search(&response, &view, &STYLE, out)).lines().last().unwrap_or_default().to_owned()
    };
    for ((hits, total, copies, offset, all_copies), said) in [
        ((0, 0, 0, 0, false), ""),
        ((0, 0, 0, 7, false), ""),
        ((0, 3, 3, 3, false), "none shown of 3 stories"),
        ((1, 1, 1, 0, false), "1 story"),
        ((1, 1, 3, 0, false), "1 story (3 copies)"),
        ((2, 2, 2, 0, true), "2 articles"),
        ((1, 1, 1, 0, true), "1 article"),
        ((2, 1_500, 1_600, 0, false), "2 of 1,500 stories (1,600 copies)"),
        ((2, 12, 12, 10, false), "11 to 12 of 12 stories"),
        ((1, 12, 12, 1_000, false), "1,001 to 1,001 of 12 stories"),
    ] {
        assert_eq!(last(hits, total, copies, offset, all_copies), said);
    }
    let timed = View { took: Some(Duration::from_millis(1_200)), ..View::default() };
    assert!(shown(vec![bare("a")], timed).ends_with(", 1,200 ms\n"));
    assert_eq!(shown(Vec::new(), timed), "", "that nothing was found is no result");
    assert_eq!(
        [0, 1, 2, 1_000].map(terminal::articles)[1..],
        ["1 article matches", "2 articles match", "1,000 articles match"]
    );
}

#[test]
fn an_explanation_names_clauses_actors_and_what_was_learnt() {
    let clause = |clause: &str, articles, readings: &[&str]| ClauseCount {
        clause: clause.to_owned(),
        articles,
        readings: readings.iter().map(|text| (*text).to_owned()).collect(),
    };
    let explained = Explanation {
        clauses: vec![clause("frigates", 1_234, &["any form of frigat-", "x"]), clause("a\u{1b}[2J", 1, &[])],
        actors: vec![heading("state/alda", "Alda")],
        learnt: vec![("torpedo".to_owned(), 0.25)],
        requests: Vec::new(),
    };
    assert_eq!(
        printed(|out| terminal::explanation("frigates", &explained, &STYLE, out)),
        "understood as frigates\n    1,234 articles match frigates (any form of frigat-; x)\n        1 article matches a\n  \
         also, under whatever name: Alda (state/alda)\njoined by feedback, for the order only\n  torpedo 0.250\n\n"
    );
    let nothing = printed(|out| terminal::explanation("x", &Explanation::default(), &STYLE, out));
    assert_eq!(nothing, "understood as x\n\n");
}

fn count(value: &str, label: &str, count: u64) -> FacetCount {
    FacetCount::new(value.to_owned(), label.to_owned(), count)
}

fn facets(facet: Facet, counts: Vec<FacetCount>, rest: FacetRest) -> FacetResponse {
    FacetResponse {
        total: 9,
        copies: 10,
        understood: "frigates".to_owned(),
        counts: [(facet, counts)].into(),
        rest: [(facet, rest)].into(),
        ..FacetResponse::default()
    }
}

#[test]
fn counts_say_what_they_leave_out() {
    let said = |values, count, without| {
        let rest = FacetRest { values, count, without };
        let response = facets(Facet::Outlet, vec![self::count("Post", "Post", 1)], rest);
        let text = printed(|out| terminal::facets(&response, false, &STYLE, out));
        assert!(text.starts_with("outlets\n  Post 1 ") && text.ends_with("9 stories (10 copies)\n"), "{text}");
        text.lines().skip(2).map(str::trim).collect::<Vec<_>>().join("|").replace("|9 stories (10 copies)", "")
    };
    assert_eq!(said(Some(0), 0, 0), "9 stories (10 copies)");
    assert_eq!(said(Some(0), 0, 1), "1 with no outlets");
    assert_eq!(said(Some(1), 1_000, 0), "1 more, counted 1,000 times");
    assert_eq!(said(Some(2), 3, 1_234), "2 more, counted 3 times; 1,234 with no outlets");
    assert_eq!(said(None, 7, 0), "more, counted 7 times");
    assert_eq!(said(Some(1), 1, 0), "1 more, counted 1 time");
}

#[test]
fn a_count_shows_its_value_where_the_label_does_not_say_it() {
    let line = |count: FacetCount| {
        let style = Style { width: 120, ..STYLE };
        let text = printed(|out| {
            terminal::facets(&facets(Facet::Actor, vec![count], FacetRest::default()), true, &style, out)
        });
        text.lines().nth(1).unwrap().replace('█', "").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line(count("state/alda", "Alda", 3)), "Alda 3 state/alda");
    assert_eq!(line(count("Post", "Post", 3)), "Post 3");
    assert_eq!(
        line(count("2025-W48", "2025-W48 (2025-11-24 to 2025-11-30)", 3)),
        "2025-W48 (2025-11-24 to 2025-11-30) 3"
    );
    assert_eq!(line(count("Post", "Poster", 3)), "Poster 3 Post");
    let surprising = FacetCount { in_index: Some(1_200), surprise: Some(2.25), ..count("state/alda", "Alda", 3) };
    assert_eq!(line(surprising), "Alda 3 2.2 times its share of the index (1,200) state/alda");
}

fn timeline(periods: &[&str], all: &[u64], series: &[(&str, &[u64])], undated: u64) -> TimelineResponse {
    TimelineResponse {
        total: 5,
        copies: 5,
        periods: periods.iter().map(|period| (*period).to_owned()).collect(),
        all: all.to_vec(),
        undated,
        series: series
            .iter()
            .map(|(label, counts)| Series {
                unlisted: false,
                value: format!("state/{label}"),
                label: (*label).to_owned(),
                total: counts.iter().sum(),
                counts: counts.to_vec(),
            })
            .collect(),
        ..TimelineResponse::default()
    }
}

#[test]
fn a_timeline_names_its_ends_and_the_first_greatest_period() {
    let text = |response: &TimelineResponse| printed(|out| terminal::timeline(response, false, &STYLE, out));
    let three = timeline(&["2024", "2025", "2026"], &[1, 2, 2], &[("alda", &[0, 2, 2]), ("x", &[0, 0, 0])], 0);
    assert_eq!(
        text(&three),
        "       2024 2026\n  all 5 ▄▄▄██████ most 2 in 2025\n alda 4 ···██████ most 2 in 2025\n    x 0 ·········\n\
         5 stories; the same scale below the first line, █ is 2\n"
            .replace("  all", "all ")
            .replace(" alda", "alda")
            .replace("    x", "x   ")
    );
    let one = text(&timeline(&["2024"], &[5], &[], 1_000));
    assert!(one.starts_with("      2024\nall 5 ███ most 5 in 2024\n"), "{one}");
    assert!(one.ends_with("5 stories; 1,000 without a date\n"), "{one}");
    assert!(
        text(&timeline(&["2024", "2025"], &[1, 4], &[], 0)).starts_with("      2024 to 2025\n"),
        "no room for both ends"
    );
    assert_eq!(text(&timeline(&[], &[], &[], 5)), "5 stories, none with a date\n");
    assert_eq!(text(&TimelineResponse::default()), "nothing found\n");
    let many: Vec<String> = (0..100).map(|n| format!("p{n:02}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let text = text(&timeline(&many, &[1; 100], &[], 1));
    assert!(text.ends_with("5 stories; 1 without a date; a mark is 3 periods\n"), "{text}");
}

fn pairs() -> PairsResponse {
    let counts = |count, ratio| PairCount { count, count_a: 5, count_b: 3, expected: 2.25, ratio };
    let pair = |b: &str, label: &str, periods: &[&str]| Pair {
        a: heading("state/alda", "Alda"),
        b: heading(b, label),
        counts: counts(1_200, 0.888_888),
        periods: periods.iter().map(|one| PairPeriod { period: (*one).to_owned(), counts: counts(1, 0.5) }).collect(),
    };
    PairsResponse {
        total: 9,
        copies: 9,
        pairs_total: 2,
        pairs: vec![
            pair("state/borduria", "=Borduria", &[]),
            pair("state/syldavia", "Syldavia", &["2025-01", "2025-03"]),
        ],
        ..PairsResponse::default()
    }
}

#[test]
fn pairs_say_how_many_of_how_many_are_shown() {
    let text = |response: &PairsResponse| printed(|out| terminal::pairs(response, false, &STYLE, out));
    let mut response = pairs();
    assert!(text(&response).ends_with("\n2 pairs in 9 stories\n"), "{}", text(&response));
    assert!(text(&response).contains("Alda + =Borduria    1,200       2.2     0.89\n"), "{}", text(&response));
    response.pairs_total = 1_000;
    assert!(text(&response).ends_with("\n2 of 1,000 pairs in 9 stories\n"));
    response.pairs.truncate(1);
    response.pairs_total = 1;
    assert!(text(&response).ends_with("\n1 pair in 9 stories\n"));
    response.pairs.clear();
    assert_eq!(text(&response), "no pairs in 9 stories\n");
}

#[test]
fn tables_have_a_row_for_each_count_and_no_formula() {
    assert_eq!(
        printed(|out| table::pairs(&pairs(), out)),
        "a,a_label,b,b_label,period,count,count_a,count_b,expected,ratio\n\
         state/alda,Alda,state/borduria,'=Borduria,,1200,5,3,2.2500,0.8889\n\
         state/alda,Alda,state/syldavia,Syldavia,2025-01,1,5,3,2.2500,0.5000\n\
         state/alda,Alda,state/syldavia,Syldavia,2025-03,1,5,3,2.2500,0.5000\n"
    );
    let counts = vec![count("2025-01", "2025-01", 1_200), count("x", "a, \"b\"", 0)];
    assert_eq!(
        printed(|out| table::facets(&facets(Facet::Month, counts, FacetRest::default()), out)),
        "facet,value,label,count\nmonth,2025-01,2025-01,1200\nmonth,x,\"a, \"\"b\"\"\",0\n"
    );
    assert_eq!(
        printed(|out| table::timeline(&timeline(&["2024", "2025"], &[1, 0], &[("alda", &[0, 7])], 0), out)),
        "period,value,label,count\n2024,,all,1\n2025,,all,0\n2024,state/alda,alda,0\n2025,state/alda,alda,7\n"
    );
}

#[test]
fn a_table_of_hits_has_every_field_and_leaves_unknown_ones_empty() {
    let mut hits = vec![bare("a"), full()];
    hits[0].title = " =1+1 ".to_owned();
    hits[0].outlet = Some(" Post".to_owned());
    hits[0].language = Some("en ".to_owned());
    let text = printed(|out| export::hits(&hits, Form::Csv, &export::DEFAULT, out));
    assert_eq!(
        text,
        "rank,score,id,title,url,outlet,published,byline,language,actors,systems,topics,copies,outlets,first_published,place,passages,doubts\n\
         1,1.5,a,\"' =1+1 \",,\" Post\",,,\"en \",,,,1,1,,,,\n\
         12,1.5,a,Alda buys frigates,https://alda.example/a,Alda Post,2025-03-04,Ida Stein; Alda News Agency,en,Alda,,\
         Ships; Frigates,1200,2,w,,\"Alda paid.\n\nThe frigates sail.\",\n"
    );
}

#[test]
fn json_leaves_out_what_is_unknown() {
    let lines = |response: &SearchResponse| printed(|out| json::search(response, out));
    assert_eq!(
        lines(&found(vec![bare("a")], 3, 4)),
        "{\"type\":\"header\",\"format\":1,\"total\":3,\"copies\":4,\"query\":\"frigates\",\"notes\":[]}\n\
         {\"type\":\"hit\",\"rank\":1,\"score\":1.5,\"id\":\"a\",\"title\":\"\",\"title_highlights\":[],\"byline\":[],\
         \"doubts\":[],\"actors\":[],\"topics\":[],\"copies\":1,\"outlets\":1,\"passages\":[]}\n"
    );
    assert_eq!(
        lines(&found(vec![full()], 1, 1)).lines().nth(1).unwrap(),
        "{\"type\":\"hit\",\"rank\":12,\"score\":1.5,\"id\":\"a\",\"title\":\"Alda buys frigates\",\
         \"title_highlights\":[[10,18]],\"url\":\"https://alda.example/a\",\"outlet\":\"Alda Post\",\
         \"published\":\"2025-03-04\",\"byline\":[\"Ida Stein\",\"Alda News Agency\"],\"language\":\"en\",\
         \"doubts\":[],\"actors\":[{\"id\":\"state/alda\",\"label\":\"Alda\"}],\
         \"topics\":[{\"id\":\"ships\",\"label\":\"Ships\"},{\"id\":\"ships/frigates\",\"label\":\"Frigates\"}],\
         \"copies\":1200,\"outlets\":2,\"first_published\":{\"id\":\"w\",\"outlet\":\"Wire\",\"published\":\"2025-03-03\"},\
         \"passages\":[{\"text\":\"Alda paid.\\n\\nThe frigates sail.\",\"start\":5,\"end\":35,\"score\":2.0,\
         \"highlights\":[[0,4],[16,24]],\"actor_highlights\":[[0,4]]}],\
         \"score_parts\":[{\"part\":\"text\",\"value\":2.0},{\"part\":\"recency\",\"value\":-0.5}]}"
    );
    let mut empty = found(Vec::new(), 0, 0);
    empty.suggestions = vec!["x".to_owned()];
    empty.emptied_by = vec![ClauseCount { clause: "+y".to_owned(), articles: 2, readings: Vec::new() }];
    empty.explanation = Some(Explanation::default());
    assert_eq!(
        printed(|out| json::answer(7, "x y", &empty, out)),
        "{\"type\":\"header\",\"format\":1,\"total\":0,\"copies\":0,\"query\":\"frigates\",\"notes\":[],\
         \"suggestions\":[\"x\"],\"emptied_by\":[{\"clause\":\"+y\",\"articles\":2}],\"line\":7,\"typed\":\"x y\"}\n\
         {\"type\":\"explanation\",\"clauses\":[],\"actors\":[],\"learnt\":[]}\n"
    );
}

#[test]
fn json_of_counts_and_refusals_is_pinned() {
    let surprising = FacetCount { in_index: Some(4), surprise: Some(1.5), ..count("Post", "Post", 2) };
    let rest = FacetRest { values: None, count: 7, without: 1 };
    assert_eq!(
        printed(|out| json::facets(&facets(Facet::Outlet, vec![surprising, count("Echo", "Echo", 1)], rest), out)),
        "{\"type\":\"header\",\"format\":1,\"total\":9,\"copies\":10,\"query\":\"frigates\",\"notes\":[],\
         \"rest\":{\"outlet\":{\"values\":null,\"count\":7,\"without\":1}}}\n\
         {\"type\":\"facet\",\"facet\":\"outlet\",\"value\":\"Post\",\"label\":\"Post\",\"count\":2,\"in_index\":4,\"surprise\":1.5}\n\
         {\"type\":\"facet\",\"facet\":\"outlet\",\"value\":\"Echo\",\"label\":\"Echo\",\"count\":1}\n"
    );
    let line = |text: String, number: usize| -> serde_json::Value {
        serde_json::from_str(text.lines().nth(number).unwrap()).unwrap()
    };
    let two = printed(|out| json::timeline(&timeline(&["2024"], &[3], &[("alda", &[2])], 1), out));
    assert_eq!(
        line(two.clone(), 0),
        serde_json::json!({"type": "header", "format": 1, "total": 5, "copies": 5, "query": "", "notes": [],
            "periods": ["2024"], "counts": [3], "undated": 1})
    );
    assert_eq!(
        line(two, 1),
        serde_json::json!({"type": "series", "value": "state/alda", "label": "alda", "total": 2, "counts": [2]})
    );
    let three = printed(|out| json::pairs(&pairs(), out));
    assert_eq!(line(three.clone(), 0)["pairs"], 2);
    assert_eq!(
        line(three.clone(), 1),
        serde_json::json!({"type": "pair", "a": {"id": "state/alda", "label": "Alda"},
            "b": {"id": "state/borduria", "label": "=Borduria"},
            "count": 1200, "count_a": 5, "count_b": 3, "expected": 2.25, "ratio": 0.888_888})
    );
    assert_eq!(line(three, 2)["periods"][1]["period"], "2025-03");
    let refused = |error: EngineError| line(printed(|out| json::refusal(3, "x date:soon", &error, out)), 0);
    let query = EngineError::Query { message: "no date".to_owned(), span: 7..11, hint: Some("a day".to_owned()) };
    assert_eq!(
        refused(query),
        serde_json::json!({"type": "error", "line": 3, "typed": "x date:soon", "message": "no date", "span": [7, 11],
            "hint": "a day"})
    );
    let unknown = EngineError::UnknownName { field: "outlet", name: "Pots".to_owned(), nearest: Vec::new() };
    assert_eq!(
        refused(unknown),
        serde_json::json!({"type": "error", "line": 3, "typed": "x date:soon", "message": "no outlet 'Pots'", "span": null,
            "hint": null})
    );
}

#[test]
fn hints_name_the_nearest_and_an_id_that_has_no_label_of_its_own_once() {
    let nearest = vec![heading("Post", "Post"), heading("state/alda", "Alda")];
    let unknown = EngineError::UnknownName { field: "outlet", name: "Pots".to_owned(), nearest: nearest.clone() };
    assert_eq!(unknown.hint().as_deref(), Some("the nearest: Post, Alda (state/alda)"));
    let several = EngineError::AmbiguousName { field: "actor", name: "x".to_owned(), candidates: nearest };
    assert_eq!(several.to_string(), "actor 'x' could be any of Post, state/alda");
    assert!(several.hint().is_some() && several.is_of_query() && unknown.is_of_query());
}

#[test]
fn bibliographies_hold_what_is_known() {
    let form = |hit: &Hit, form: Form| printed(|out| export::hits(std::slice::from_ref(hit), form, &[], out));
    assert_eq!(
        form(&bare("a"), Form::Ris),
        "TY  - NEWS\r\nID  - undated-a\r\nAN  - a\r\nTI  - (no title)\r\nER  - \r\n\r\n"
    );
    assert_eq!(
        form(&full(), Form::Ris),
        "TY  - NEWS\r\nID  - alda-post-2025-03-alda-buys-frigates\r\nAN  - a\r\nTI  - Alda buys frigates\r\nAU  - Stein, Ida\r\nAU  - Alda News Agency\r\nT2  - Alda Post\r\n\
         PY  - 2025\r\nDA  - 2025/03/04\r\nLA  - en\r\nUR  - https://alda.example/a\r\nKW  - Ships\r\nKW  - Frigates\r\n\
         AB  - Alda paid. The frigates sail.\r\nER  - \r\n\r\n"
    );
    assert_eq!(
        form(&bare("a"), Form::Bibtex),
        "@article{undated-a,\n  title = {{(no title)}},\n  despatch = {a},\n}\n\n"
    );
    assert_eq!(
        form(&full(), Form::Bibtex),
        "@article{alda-post-2025-03-alda-buys-frigates,\n  title = {{Alda buys frigates}},\n  author = {Stein, Ida and {Alda News Agency}},\n  \
         journal = {Alda Post},\n  year = {2025},\n  month = mar,\n  day = {4},\n  url = {https://alda.example/a},\n  \
         language = {en},\n  keywords = {Ships, Frigates},\n  abstract = {Alda paid. The frigates sail.},\n  despatch = {a},\n}\n\n"
    );
    let keys =
        printed(|out| export::hits(&[bare("x/1"), bare("x-1"), bare("x:1"), bare("x,1")], Form::Bibtex, &[], out));
    let keys: Vec<&str> = keys.lines().filter_map(|line| line.strip_prefix("@article{")).collect();
    assert_eq!(
        keys,
        ["undated-x-1-x1,", "undated-x-1-x1.2,", "undated-x-1-x1.3,", "undated-x-1-x1.4,"],
        "no two have the same"
    );
    let months: Vec<String> = ["2025-01-31", "2025-12-01"]
        .iter()
        .map(|day| form(&Hit { published: day.parse().ok(), ..bare("a") }, Form::Bibtex))
        .collect();
    assert!(months[0].contains("month = jan,") && months[1].contains("month = dec,"), "{months:?}");
    assert_eq!(
        form(&bare("a"), Form::CslJson),
        "[\n{\"id\":\"a\",\"title\":\"(no title)\",\"type\":\"article-newspaper\"}\n]\n"
    );
    let item: serde_json::Value = serde_json::from_str(&form(&full(), Form::CslJson)).unwrap();
    assert_eq!(
        item,
        serde_json::json!([{"id": "a", "type": "article-newspaper", "title": "Alda buys frigates",
            "author": [{"family": "Stein", "given": "Ida"}, {"literal": "Alda News Agency"}],
            "container-title": "Alda Post", "issued": {"date-parts": [[2025, 3, 4]]}, "language": "en",
            "URL": "https://alda.example/a", "keyword": "Ships, Frigates", "abstract": "Alda paid. The frigates sail."}])
    );
    assert_eq!(printed(|out| export::hits(&[], Form::CslJson, &[], out)), "[]\n");
    assert_eq!(printed(|out| export::hits(&[bare("a"), bare("b")], Form::CslJson, &[], out)).lines().count(), 4);
}

#[test]
fn passages_of_a_bibliography_are_one_text_and_addresses_hold_no_bracket() {
    let mut hit = full();
    hit.passages.push(Passage {
        text: "More.".to_owned(),
        start: 40,
        end: 45,
        score: 1.0,
        page: None,
        highlights: Vec::new(),
    });
    hit.url = Some("https://alda.example/{a} <b>|\"c\"é".to_owned());
    let text = printed(|out| export::hits(&[hit], Form::Ris, &[], out));
    assert!(text.contains("AB  - Alda paid. The frigates sail. […] More.\r\n"), "{text}");
    assert!(text.contains("UR  - https://alda.example/%7Ba%7D%20%3Cb%3E%7C%22c%22%C3%A9\r\n"), "{text}");
}

#[test]
fn markdown_marks_what_matched_and_guards_lines_that_would_be_markup() {
    let text = printed(|out| export::hits(&[full()], Form::Markdown, &[], out));
    assert_eq!(
        text,
        "## 12\\. [Alda buys **frigates**](<https://alda.example/a>)\n\n\
         Alda Post · 2025-03-04 · Ida Stein, Alda News Agency · 1200 copies · a\n\n\
         > **Alda** paid.\n>\n> The **frigates** sail.\n\nActors: Alda\n\nTopics: Ships, Frigates\n\n"
    );
    assert_eq!(printed(|out| export::hits(&[bare("a")], Form::Markdown, &[], out)), "## 1\\. (no title)\n\na\n\n");
    for (line, safe) in [
        ("1. one", "1\\. one"),
        ("12) two", "12\\) two"),
        ("2025 was fine", "2025 was fine"),
        ("# a", "\\# a"),
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("= a", "\\= a"),
        (": a", "\\: a"),
        ("    code", "code"),
        ("*a* _b_ `c` [d] ~e~ |f| $g$ !h \\", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\] \\~e\\~ \\|f\\| \\$g\\$ \\!h \\\\"),
        ("<b> &amp;", "&lt;b&gt; &amp;amp;"),
    ] {
        let passage =
            Passage { text: line.to_owned(), start: 0, end: 0, score: 0.0, page: None, highlights: Vec::new() };
        let text =
            printed(|out| export::hits(&[Hit { passages: vec![passage], ..bare("a") }], Form::Markdown, &[], out));
        assert!(text.contains(&format!("\n> {safe}\n")), "{line}: {text}");
    }
}

#[test]
fn columns_and_chosen_fields_stay_on_their_line() {
    let fields = [export::Field::Id, export::Field::Title, export::Field::Url, export::Field::Passages];
    let text = printed(|out| export::columns(&[full(), bare("b\tc")], &fields, out));
    assert_eq!(text, "a\tAlda buys frigates\thttps://alda.example/a\tAlda paid. The frigates sail.\nb c\t\t\t\n");
    let text = printed(|out| export::json(&[bare("b")], &fields[..3], out));
    assert_eq!(text, "{\"type\":\"hit\",\"id\":\"b\",\"title\":\"\",\"url\":null}\n");
    let names: BTreeMap<&str, usize> = export::DEFAULT.iter().map(|field| (field.name(), 1)).collect();
    assert_eq!(names.len(), export::DEFAULT.len());
    assert!(export::DEFAULT.iter().all(|field| export::Field::named(field.name()) == Some(*field)));
    assert_eq!(export::Field::named("score_parts"), None);
}

#[test]
fn no_identifier_is_broken_over_two_lines() {
    let long = "alda-post/2025/03/04/the-parliament-of-alda-voted-to-buy-twelve-frigates-from-borduria";
    for (id, width) in [(long, 40), (long, 60), (long, 160), ("a31df03bc881", 40), (&"x".repeat(120), 80)] {
        let style = Style { width, ..STYLE };
        let hit = Hit { id: id.to_owned(), ..full() };
        let text = printed(|out| terminal::search(&found(vec![hit], 1, 1), &View::default(), &style, out));
        assert_eq!(text.matches(id).count(), 1, "{text}");
    }
}

#[test]
fn a_legend_explains_the_marks_that_stand_in_the_hits() {
    let legend = |hits: Vec<Hit>, style: &Style| {
        let view = View { legend: true, ..View::default() };
        let text = printed(|out| terminal::search(&found(hits, 1, 1), &view, style, out));
        text.split("1 story").nth(1).unwrap().replace('\n', " ").trim().to_owned()
    };
    assert_eq!(legend(vec![bare("a")], &STYLE), "");
    let word = "« »: a word of the query";
    let all =
        format!("{word}; ‹ ›: a mention of an actor that was asked for; copies: one report that several outlets ran");
    assert!(legend(vec![full()], &STYLE).starts_with(&all), "{}", legend(vec![full()], &STYLE));
    let doubts = [Doubt::Wall].into();
    let doubtful = legend(vec![Hit { doubts, missing: vec!["x".to_owned()], ..bare("a") }], &STYLE);
    assert!(doubtful.starts_with("doubtful: ") && doubtful.contains("; without: "), "{doubtful}");
    let colored = legend(vec![full()], &Style { colored: true, width: 200, ..STYLE });
    assert!(colored.contains("red: a word") && colored.contains("underlined: a mention"), "{colored}");
    assert_eq!(legend(vec![full()], &Style { marks: Marks::None, ..STYLE }).matches(": ").count(), 1);
}
