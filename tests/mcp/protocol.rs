//! Both lifecycles, and everything that is listed.

use rmcp::ClientLifecycleMode;
use rmcp::model::{
    ArgumentInfo, CompleteRequestParams, ErrorCode, GetPromptRequestParams, ProtocolVersion, ReadResourceRequestParams,
    Reference,
};
use rmcp::service::ServiceError;
use serde_json::json;

use crate::{Client, answer, call, client, client_of, corpus, discovering, object, setup, text};

#[tokio::test]
async fn the_present_revision_needs_no_handshake() {
    let client = client_of(setup(corpus()), discovering()).await;
    let server = client.peer_info().unwrap();
    assert_eq!(server.protocol_version, ProtocolVersion::V_2026_07_28);
    assert_eq!(server.server_info.as_ref().unwrap().name, "despatch");
    works(&client).await;
}

#[tokio::test]
async fn older_clients_shake_hands() {
    let client = client_of(setup(corpus()), ClientLifecycleMode::Initialize).await;
    assert!(client.peer_info().unwrap().protocol_version.has_initialize());
    works(&client).await;
}

async fn works(client: &Client) {
    let names: Vec<String> = client.list_all_tools().await.unwrap().into_iter().map(|tool| tool.name.into()).collect();
    assert_eq!(names, ["search", "read", "count", "together", "quotes", "names"]);
    let found = answer(client, "search", json!({"query": "UK SAFE talks"})).await;
    assert_eq!((&found["total"], &found["hits"][0]["id"]), (&6.into(), &"a31df03bc881".into()));
}

#[tokio::test]
async fn instructions_say_how_large_the_archive_is() {
    let client = client(corpus()).await;
    let told = client.peer_info().unwrap().instructions.clone().unwrap();
    assert!(told.contains("stories (") && told.contains(", published ") && !told.contains('{'), "{told}");
    assert!(told.chars().count() <= 1500, "{}", told.chars().count());
}

#[tokio::test]
async fn tools_say_that_they_only_read() {
    for tool in client(corpus()).await.list_all_tools().await.unwrap() {
        let hints = tool.annotations.unwrap();
        let told = [hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint];
        assert_eq!(told, [Some(true), Some(false), Some(true), Some(false)], "{}", tool.name);
        assert_eq!(tool.input_schema["additionalProperties"], false, "{}", tool.name);
    }
}

#[tokio::test]
async fn articles_saved_searches_and_help_can_be_read_and_only_the_last_two_are_listed() {
    let home =
        crate::index_with(&[json!({"id": "ledger-1", "title": "Alda buys ferries", "text": "Alda will buy ferries."})]);
    let index = home.path().join("index");
    let saved = despatch::saved::Saved { query: "ferries".to_owned(), ..Default::default() };
    despatch::saved::Shelf::of(&index).put("boats", &saved, false).unwrap();
    let client = client(&index).await;
    let listed: Vec<String> = client.list_all_resources().await.unwrap().into_iter().map(|one| one.uri).collect();
    assert_eq!(listed, ["despatch://help/query", "despatch://saved/boats"]);
    assert_eq!(client.list_all_resource_templates().await.unwrap().len(), 3);
    for (uri, held) in [
        ("despatch://help/query", "Words, best first."),
        ("despatch://saved/boats", "title: Alda buys ferries"),
        ("despatch://article/ledger-1", "Alda will buy ferries."),
        ("despatch://article/ledger-1#5-13", "\nwill buy\n"),
    ] {
        let read = client.read_resource(ReadResourceRequestParams::new(uri)).await.unwrap();
        let told = serde_json::to_value(&read.contents[0]).unwrap();
        assert!(told["text"].as_str().unwrap().contains(held), "{told}");
        assert_eq!(told["uri"], uri);
    }
}

#[tokio::test]
async fn an_address_of_nothing_is_an_error_and_no_empty_resource() {
    let client = client(corpus()).await;
    for uri in [
        "despatch://article/zzzz",
        "despatch://saved/none",
        "despatch://saved/../x",
        "despatch://help/x",
        "file:///etc/passwd",
        "",
    ] {
        match client.read_resource(ReadResourceRequestParams::new(uri)).await.unwrap_err() {
            ServiceError::McpError(error) => assert_eq!(error.code, ErrorCode::INVALID_PARAMS, "{uri}"),
            other => panic!("{uri}: {other}"),
        }
    }
}

#[tokio::test]
async fn prompts_take_their_arguments() {
    let client = client(corpus()).await;
    let names: Vec<String> = client.list_all_prompts().await.unwrap().into_iter().map(|prompt| prompt.name).collect();
    assert_eq!(names, ["briefing", "who-said-what"]);
    let asked = GetPromptRequestParams::new("briefing").with_arguments(object(json!({"topic": "SAFE"})));
    let prompt = client.get_prompt(asked).await.unwrap();
    assert!(prompt.messages[0].content.as_text().unwrap().text.starts_with("Write a briefing on \"SAFE\" from"));
    assert!(client.get_prompt(GetPromptRequestParams::new("briefing")).await.is_err());
}

async fn completed(client: &Client, of: Reference, argument: &str, typed: &str) -> Vec<String> {
    let asked = CompleteRequestParams::new(of, ArgumentInfo::new(argument, typed));
    client.complete(asked).await.unwrap().completion.values
}

#[tokio::test]
async fn arguments_are_completed() {
    let client = client(corpus()).await;
    let prompt = || Reference::for_prompt("who-said-what");
    assert_eq!(completed(&client, prompt(), "actor", "starmer").await[0], "Keir Starmer");
    assert!(completed(&client, prompt(), "topic", "procure").await.len() > 1);
    assert_eq!(completed(&client, prompt(), "since", "last m").await, ["last month"]);
    let help = Reference::for_resource("despatch://help/{page}");
    assert_eq!(completed(&client, help, "page", "q").await, ["query"]);
    assert!(completed(&client, prompt(), "nothing", "").await.is_empty());
    let all = CompleteRequestParams::new(prompt(), ArgumentInfo::new("actor", ""));
    let all = client.complete(all).await.unwrap().completion;
    assert_eq!((all.values.len(), all.has_more), (100, Some(true)));
}

#[tokio::test]
async fn text_alone_promises_and_gives_no_structure() {
    let client = client_of(despatch::mcp::Setup { text_only: true, ..setup(corpus()) }, discovering()).await;
    assert!(client.list_all_tools().await.unwrap().iter().all(|tool| tool.output_schema.is_none()));
    let found = call(&client, "search", json!({"query": "SAFE"})).await;
    assert!(found.structured_content.is_none() && text(&found).contains("total: "), "{found:?}");
}

#[tokio::test]
async fn files_are_named_only_where_the_server_was_started_to_do_so() {
    let folder = corpus().parent().unwrap().to_str().unwrap().to_owned();
    let plain = client(corpus()).await;
    for (tool, arguments) in crate::questions() {
        let told = serde_json::to_string(&call(&plain, tool, arguments).await).unwrap();
        assert!(!told.contains(&folder), "{told}");
    }
    let open = client_of(despatch::mcp::Setup { show_paths: true, ..setup(corpus()) }, discovering()).await;
    for (tool, arguments) in [("search", json!({"query": "SAFE"})), ("read", json!({"id": "a31df03bc881"}))] {
        let told = call(&open, tool, arguments).await;
        assert!(text(&told).contains(&folder), "{}", text(&told));
    }
}
