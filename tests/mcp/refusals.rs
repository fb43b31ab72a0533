//! Errors that teach, and answers that say why they are empty.

use serde_json::json;

use crate::{answer, call, client, corpus, refusal, text};

#[tokio::test]
async fn a_wrong_argument_says_what_is_right() {
    let client = client(corpus()).await;
    for (tool, arguments, told) in [
        (
            "search",
            json!({"actors": ["nato"]}),
            "search has no argument 'actors'. Did you mean 'actor'? It has: actor, ",
        ),
        ("search", json!({"limit": 0}), "'limit' of search is a whole number from 1 to 20."),
        ("search", json!({"limit": "many"}), "'limit' of search is a whole number from 1 to 20."),
        ("search", json!({"sort": "best"}), "invalid value 'best' for 'sort'"),
        ("search", json!({"since": "soon"}), "Hint: write 2025, 2025-11"),
        ("search", json!({"since": "2026-02", "until": "2025"}), "no day is in both"),
        ("search", json!({"query": {}}), "'query' of search is a text"),
        ("search", json!({"query": "x".repeat(2001)}), "'query' is longer than 2000 letters."),
        ("search", json!({"actor": [["uk"]]}), "'actor' of search is a text, a number or a list of texts."),
        ("search", json!({"query": "SAFE", "like": "a31df03bc881"}), "query or like, not both"),
        ("search", json!({"like": "zzzz"}), "There is no article 'zzzz'."),
        ("search", json!({"query": "@none"}), "There is no saved search 'none'"),
        ("search", json!({"query": "SAFE", "cursor": "5-abc"}), "Call again without cursor"),
        (
            "search",
            json!({"actor": ["Keir Starmr"]}),
            "the nearest: 'Keir Starmer' (person/keir-starmer). Call again with 'person/keir-starmer'",
        ),
        ("read", json!({}), "read needs 'id'."),
        ("read", json!({"id": "a"}), "Several ids begin with 'a': "),
        ("count", json!({"by": ["month"]}), "count with per 'month'"),
        ("count", json!({"by": ["actor", "topic"], "per": "month"}), "cannot be used multiple times"),
        ("count", json!({"by": ["actor"], "below": "spaceship"}), "Nothing is below 'spaceship'. The levels: "),
        ("count", json!({"per": "day", "by": ["actor"]}), "Take a longer per"),
        ("together", json!({"actor": ["nato", "eu", "uk"]}), "a pair has two sides"),
        ("names", json!({"kind": "ship"}), "It is one of: topic, outlet, "),
    ] {
        let why = refusal(&client, tool, arguments.clone()).await;
        assert!(why.contains(told), "{tool} {arguments}: {why}");
    }
}

#[tokio::test]
async fn an_ambiguous_name_lists_what_it_can_mean() {
    let client = client(corpus()).await;
    let why = refusal(&client, "search", json!({"actor": ["defence ministry"]})).await;
    assert!(why.contains("could be any of") && why.ends_with("Call again with one of these ids."), "{why}");
}

#[tokio::test]
async fn an_unknown_tool_is_an_error_of_the_protocol() {
    let client = client(corpus()).await;
    let asked = rmcp::model::CallToolRequestParams::new("delete");
    let error = client.call_tool(asked).await.unwrap_err().to_string();
    assert!(error.contains("there are search, read, count"), "{error}");
}

#[tokio::test]
async fn what_models_send_by_habit_is_understood() {
    let client = client(corpus()).await;
    let plain = answer(&client, "search", json!({"query": "SAFE", "actor": ["starmer"], "limit": 3})).await;
    for same in [
        json!({"query": "SAFE", "actor": "starmer", "limit": "3"}),
        json!({"query": "SAFE", "actor": ["starmer", ""], "limit": 3, "topic": [], "since": "", "like": null}),
    ] {
        let other = answer(&client, "search", same).await;
        assert_eq!((&other["hits"], &other["total"]), (&plain["hits"], &plain["total"]));
    }
}

#[tokio::test]
async fn nothing_found_says_which_part_emptied_it() {
    let client = client(corpus()).await;
    for (tool, rows) in [("search", "hits"), ("count", "counts"), ("together", "pairs"), ("quotes", "statements")] {
        let asked = json!({"query": "SAFE +xyzzy"});
        let told = text(&call(&client, tool, asked.clone()).await);
        let found = answer(&client, tool, asked).await;
        assert_eq!(found["total"], 0, "{tool}");
        assert!(found.get(rows).is_none_or(|rows| rows.as_array().unwrap().is_empty()), "{tool}");
        assert_eq!(found["emptied_by"][0]["clause"], "+xyzzy", "{tool}: {told}");
        assert!(told.contains("emptied_by:\n- clause: +xyzzy\n  articles: "), "{tool}: {told}");
    }
}

#[tokio::test]
async fn a_cursor_goes_on_and_is_refused_once_the_index_has_changed() {
    let article = |n: usize| {
        json!({
            "id": format!("ledger-{n}"), "title": format!("Ferries {n}"),
            "text": format!("Ferry number {n} of Alda sails to port {n}."),
        })
    };
    let home = crate::index_with(&(0..9).map(article).collect::<Vec<_>>());
    let index = home.path().join("index");
    let client = client(&index).await;
    let first = answer(&client, "search", json!({"query": "ferry", "limit": 4})).await;
    let cursor = first["next_cursor"].clone();
    let second = answer(&client, "search", json!({"query": "ferry", "limit": 4, "cursor": cursor})).await;
    let third = answer(&client, "search", json!({"query": "ferry", "limit": 4, "cursor": second["next_cursor"]})).await;
    let pages = [&first, &second, &third].map(|page| crate::texts(&page["hits"], "id"));
    let mut all = pages.concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!((all.len() as u64, third.get("next_cursor")), (first["total"].as_u64().unwrap(), None));
    let why = refusal(&client, "search", json!({"query": "alda", "cursor": cursor})).await;
    assert!(why.contains("another question"), "{why}");
    let more = home.path().join("more.jsonl");
    std::fs::write(&more, article(10).to_string()).unwrap();
    crate::index_of(&index, &[&more]);
    let why = refusal(&client, "search", json!({"query": "ferry", "limit": 4, "cursor": cursor})).await;
    assert!(why.contains("the index has changed"), "{why}");
    assert_eq!(answer(&client, "search", json!({"query": "ferry"})).await["total"], 10);
}
