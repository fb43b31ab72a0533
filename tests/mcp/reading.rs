//! `read`: stretches that make up the text, and quotations that are checked.

use serde_json::json;

use crate::{answer, call, client, corpus, index_with, text};

#[tokio::test]
async fn a_chain_of_stretches_is_the_whole_text() {
    let client = client(corpus()).await;
    let ids = answer(&client, "search", json!({"query": "SAFE", "limit": 5, "passages": 0})).await;
    let mut chains = 0;
    for id in crate::texts(&ids["hits"], "id") {
        let whole = answer(&client, "read", json!({"id": id, "max_chars": 20_000})).await;
        assert!(whole.get("next_start").is_none(), "{id} is short");
        let (mut start, mut joined) = (0, String::new());
        loop {
            let part = answer(&client, "read", json!({"id": id, "start": start, "max_chars": 500})).await;
            let words = part["text"].as_str().unwrap();
            assert!(words.chars().count() <= 500);
            joined += words;
            match part["next_start"].as_u64() {
                Some(next) => start = next,
                None => break,
            }
        }
        assert_eq!(joined, whole["text"].as_str().unwrap());
        assert_eq!(whole["total_chars"], joined.chars().count());
        chains += 1;
    }
    assert_eq!(chains, 5);
}

#[tokio::test]
async fn a_passage_can_be_had_again_by_its_address() {
    let client = client(corpus()).await;
    let found = answer(&client, "search", json!({"query": "SAFE", "limit": 10, "passages": 2})).await;
    let mut passages = 0;
    for passage in found["hits"].as_array().unwrap().iter().flat_map(|hit| hit["passages"].as_array().unwrap()) {
        let read = answer(&client, "read", json!({"id": passage["uri"]})).await;
        assert_eq!(
            (&read["text"], &read["start"], &read["end"]),
            (&passage["text"], &passage["start"], &passage["end"])
        );
        passages += 1;
    }
    assert!(passages > 10, "{passages}");
}

#[tokio::test]
async fn a_statement_can_be_confirmed_in_its_article() {
    let client = client(corpus()).await;
    let found = answer(&client, "quotes", json!({"limit": 20})).await;
    let mut confirmed = 0;
    for one in found["statements"].as_array().unwrap().iter().filter(|one| one.get("in_title").is_none()) {
        let read = answer(&client, "read", json!({"id": one["stretch"]})).await;
        let quote = answer(&client, "read", json!({"id": one["id"], "quote": read["text"]})).await;
        assert_eq!(quote["quote"]["found"], true, "{one}");
        confirmed += 1;
    }
    assert!(confirmed > 10, "{confirmed}");
}

#[tokio::test]
async fn a_wording_is_found_exactly_nearly_or_not() {
    let words = "“We pay for the ferries,” Ines Keel said – twice.\n\nAlda has no\u{ad}thing else.";
    let home = index_with(&[json!({"id": "ledger-1", "title": "Alda pays", "text": words})]);
    let client = client(&home.path().join("index")).await;
    for (quote, found, nearly) in [
        ("We pay for the ferries", true, false),
        ("\"We pay for the ferries,\" Ines Keel said - twice", false, true),
        ("We paid for the ferries", false, false),
        ("Alda has nothing else.", true, false),
        ("twice. Alda has", false, true),
        ("Alda pays", true, false),
    ] {
        let read = answer(&client, "read", json!({"id": "ledger-1", "quote": quote})).await;
        assert_eq!((&read["quote"]["found"], &read["quote"]["nearly"]), (&found.into(), &nearly.into()), "{quote}");
        assert_eq!(read["quote"].get("in_title").is_some(), quote == "Alda pays");
        if let Some(start) = read["quote"]["start"].as_u64() {
            let again = answer(&client, "read", json!({"id": read["quote"]["uri"]})).await;
            assert_eq!(again["start"], start);
            assert!(read["text"].as_str().unwrap().contains(again["text"].as_str().unwrap()), "{read}");
        }
    }
    let none = text(&call(&client, "read", json!({"id": "ledger-1", "quote": "We paid"})).await);
    assert!(none.contains("found: no") && none.contains("do not quote it"), "{none}");
}

#[tokio::test]
async fn copies_of_an_article_are_named() {
    let words = "Alda will buy twelve ferries from the yard of Port Lorn, the ministry said on Monday. The first is to sail \
                 in spring and the last in three years. The yard has built such ships for Borduria since the war. Members \
                 of the assembly asked why there was no second bid; the minister said that nobody else had made one.";
    let article =
        |id: &str, outlet: &str| json!({"id": id, "title": "Alda buys ferries", "text": words, "outlet": outlet});
    let home = index_with(&[article("quay-1", "Quay Post"), article("coast-1", "Coast Watch")]);
    let client = client(&home.path().join("index")).await;
    let found = answer(&client, "search", json!({"query": "ferries"})).await;
    assert_eq!((&found["total"], &found["copies"], &found["hits"][0]["copies"]), (&1.into(), &2.into(), &2.into()));
    let read = answer(&client, "read", json!({"id": "quay-1"})).await;
    assert_eq!((&read["copies"][0]["id"], &read["copies"][0]["outlet"]), (&"coast-1".into(), &"Coast Watch".into()));
}
