//! Properties of the query language.

use despatch::query::{self, Node, Query};
use proptest::prelude::*;

/// A printed query is the same query, and prints the same again.
fn check(text: &str) {
    let now = super::now();
    let Ok(first) = query::parse(text, &now) else { return };
    let print = first.to_string();
    let again = query::parse(&print, &now).unwrap_or_else(|error| panic!("{text:?} -> {print:?}: {error}"));
    let tree = |query: &Query| query.root.as_ref().map(Node::to_string);
    assert_eq!(tree(&again), tree(&first), "{text:?} -> {print:?}");
    assert_eq!(again.to_string(), print, "{text:?}");
    for note in &first.notes {
        assert!(text.get(note.span.clone()).is_some() || note.span.end > text.len(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_query(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn a_printed_query_parses_back(parts in prop::collection::vec(prop::sample::select(vec![
        "UK", "SAFE", "talks", "+", "-", "(", ")", "\"", "“", "”", "~2", "~", "*", "?", "AND", "OR", "NOT", " ", " ", " ", "title:",
        "actor:", "date:", "2025", "..", "outlet:", "Reuters,AFP", ",", "=", "#IranDeal", "@x", "https://a.org/b-c", "UK-EU", "155mm",
        "€150bn", "don’t", "the", "of", "and", "RUSSIA", "CHINA", "SIGNING", ":", "é", "…", "—", "🙂", "procur", "missle", "last week",
        "www.a.org", "f**k", "body:(", "U.S.",
    ]), 0..24)) {
        check(&parts.concat());
    }
}

#[test]
fn what_people_paste_works() {
    for (text, understood) in [
        ("UK SAFE talks", "UK SAFE talks"),
        ("+SAFE -fisheries", "+SAFE -fisheries"),
        ("\"joint procurement\"~3 procur* missle~1", "\"joint procurement\"~3 procur* missle~1"),
        ("a AND b OR c d", "(a AND b) OR c d"),
        ("missiles NOT drones", "missiles -drones"),
        ("outlet:Reuters missile", "+outlet:Reuters missile"),
        ("actor:\"Keir Starmer\",macron", "actor:\"Keir Starmer\",macron"),
        ("date:\"last month\" x", "+date:\"last month\" x"),
        ("title:(a b)", "title:a title:b"),
        ("Starmer says “no deal” – Brexit: what’s next?", "Starmer says \"no deal\" Brexit what next"),
        ("RUSSIA AND CHINA SIGN DEAL", "russia and china sign deal"),
        ("UK AND EU", "UK AND EU"),
        ("*worldwide* AND", "worldwide"),
        ("((a b", "a b"),
        ("=SAFE =\"the Defence Fund\"", "=SAFE =\"the Defence Fund\""),
        ("NATO's 5% pledge (EU)", "NATO 5% pledge EU"),
        ("note:this", "note this"),
        ("2 per cent of GDP", "2 per cent of GDP"),
        ("(100%)", "100%"),
        ("😀", ""),
    ] {
        let query = query::parse(text, &super::now()).unwrap();
        assert_eq!(query.to_string(), understood, "{text}");
    }
    let error = query::parse("x date:2025-13", &super::now()).unwrap_err();
    assert_eq!(&"x date:2025-13"[error.span], "2025-13");
}
