//! Which articles count: all of the words, the most of them, or any; a field and its option; a facet and the search to
//! which it leads.

use despatch::engine::{Engine, Facet, FacetRequest, Filters, LocalEngine, Matching, SearchRequest};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::engine_desk::{ids, piece, plain, shelf};
use super::{index_of_corpus, now};

/// Searches of the whole index: how many stories count.
fn total(engine: &mut LocalEngine<'_>, query: &str, filters: &Filters) -> u64 {
    let filters = filters.clone();
    let request = SearchRequest { filters, limit: 0, passages: 0, ..SearchRequest::new(query, now()) };
    engine.search(&request).unwrap_or_else(|error| panic!("{query}: {error}")).total
}

#[test]
fn a_word_counts_however_it_is_found() {
    let mut shelf = shelf(&[
        piece("all", "The ferry and the frigate met in the harbour."),
        piece("parts", "Iran said that Iraq sent a ferry."),
        piece("whole", "The Iran-Iraq war."),
        piece("part", "Iran sent a ferry."),
    ]);
    let mut counted = |query: &str, matching: Matching| {
        let mut request = plain(query);
        request.filters.matching = matching;
        request.partial = false;
        let response = shelf.engine.search(&request).unwrap();
        let mut found: Vec<String> = ids(&response).into_iter().map(str::to_owned).collect();
        found.sort();
        assert_eq!(found.len() as u64, response.total, "{query}");
        found.join(" ")
    };
    for (query, most, all) in [
        ("ferry frigate harbour", "all", "all"),
        ("ferry ferries the ferry", "all part parts", "all part parts"),
        ("Iran-Iraq ferry", "parts", "parts"),
        ("ferry submarine", "all part parts", ""),
        ("\"frigate met\" (war OR ferry)", "all", "all"),
        ("#IranIraq", "parts whole", "parts whole"),
        ("ferry NOT frigate", "part parts", "part parts"),
        ("+ferry submarine", "all part parts", "all part parts"),
        ("+(ferry frigate) +harbour", "all", "all"),
        ("ferry AND (submarine OR iraq)", "parts", "parts"),
    ] {
        assert_eq!(counted(query, Matching::Most), most, "{query}");
        assert_eq!(counted(query, Matching::All), all, "{query}");
        assert!(counted(query, Matching::Any).len() >= most.len(), "{query}");
    }
}

/// Words of queries, and the fields that narrow them with the options that do the same.
fn words() -> impl Strategy<Value = Vec<&'static str>> {
    let all = vec![
        "SAFE",
        "UK",
        "talks",
        "fund",
        "loans",
        "procurement",
        "budget",
        "xyzzy",
        "the",
        "\"joint procurement\"",
        "defen*",
        "(SAFE OR EDIP)",
        "-fisheries",
        "+SAFE",
        "UK-EU",
        "Starmer",
        "title:talks",
    ];
    prop::collection::vec(prop::sample::select(all), 0..5)
}

/// A field with a value, and the filters that ask for the same.
fn fields() -> impl Strategy<Value = (String, Filters)> {
    let all = vec![
        ("actor", "NATO"),
        ("actor", "Keir Starmer"),
        ("actor", "NATO,Keir Starmer"),
        ("actor", "European Commission"),
        ("affiliation", "uk"),
        ("topic", "procurement"),
        ("lang", "en"),
        ("outlet", "Procurement Week"),
    ];
    prop::sample::select(all).prop_map(|(field, value)| {
        let values: Vec<String> = value.split(',').map(|value| format!("\"{value}\"")).collect();
        let mut filters = Filters::default();
        let list = match field {
            "actor" => &mut filters.actor,
            "affiliation" => &mut filters.affiliation,
            "topic" => &mut filters.topic,
            "lang" => &mut filters.lang,
            _ => &mut filters.outlet,
        };
        list.push(value.to_owned());
        (format!("{field}:{}", values.join(",")), filters)
    })
}

#[test]
fn field_and_option_agree_and_a_facet_counts_what_its_search_finds() {
    let (_dir, mut engine) = index_of_corpus();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let how = prop::sample::select(vec![Matching::Any, Matching::Most, Matching::All]);
    let mut led = 0;
    let cases = (words(), fields(), how, any::<bool>());
    let engine = std::cell::RefCell::new(&mut engine);
    let counter = std::cell::RefCell::new(&mut led);
    runner
        .run(&cases, |(words, (field, filters), matching, broader)| {
            let mut engine = engine.borrow_mut();
            let query = words.join(" ");
            let filters = Filters { matching, broader, ..filters };
            let bare = Filters { matching, broader, ..Filters::default() };
            let by_option = total(&mut engine, &query, &filters);
            prop_assert_eq!(total(&mut engine, &format!("{query} {field}"), &bare), by_option, "{} {}", &query, &field);
            prop_assert_eq!(
                total(&mut engine, &format!("{field} {query}"), &filters),
                by_option,
                "{} {}",
                &query,
                &field
            );
            let by = vec![Facet::Outlet, Facet::Topic, Facet::Language];
            let request = FacetRequest { filters: filters.clone(), ..FacetRequest::new(&query, by, now()) };
            let response = engine.facets(&request).unwrap();
            prop_assert_eq!(response.total, by_option);
            for (facet, counts) in &response.counts {
                for count in counts.iter().take(3).filter(|count| !count.value.contains(',')) {
                    let mut filters = filters.clone();
                    let list = match facet {
                        Facet::Topic => &mut filters.topic,
                        Facet::Outlet => &mut filters.outlet,
                        _ => &mut filters.lang,
                    };
                    list.push(count.value.clone());
                    let leads_to = total(&mut engine, &query, &filters);
                    prop_assert_eq!(leads_to, count.count, "{} {:?} {:?}", &query, filters, &count.value);
                    **counter.borrow_mut() += 1;
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(led > 60, "{led} counts: too few to show anything");
}
