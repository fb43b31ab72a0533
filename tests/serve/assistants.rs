//! `/mcp`: the tools of assistants, behind the gate.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{Answer, Site};

/// What an assistant of the present revision is answered.
fn asked(site: &Site, method: &str, mut params: Value, headers: &[(&str, &str)]) -> Answer {
    const META: &str = "io.modelcontextprotocol";
    params["_meta"] = json!({
        format!("{META}/protocolVersion"): "2026-07-28", format!("{META}/clientCapabilities"): {},
        format!("{META}/clientInfo"): {"name": "test", "version": "1"},
    });
    let mut request = Request::post("/mcp").header("content-type", "application/json").header("mcp-method", method);
    request = request.header("accept", "application/json, text/event-stream");
    request = request.header("mcp-protocol-version", "2026-07-28");
    if let Some(name) = params["name"].as_str() {
        request = request.header("mcp-name", name);
    }
    request = request.header("host", super::HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    site.send_as_it_is(request.body(Body::from(body.to_string())).unwrap())
}

fn search(query: &str) -> Value {
    json!({"name": "search", "arguments": {"query": query, "limit": 3}})
}

#[test]
fn an_assistant_is_answered_as_the_api_is() {
    let site = Site::of_corpus();
    let found = asked(&site, "tools/call", search("UK SAFE talks"), &[]);
    assert_eq!(found.status, 200, "{}", found.body);
    let (found, same) = (found.json(), site.json("/v1/search?q=UK+SAFE+talks&limit=3"));
    let ids = |hits: &Value| hits.as_array().unwrap().iter().map(|hit| hit["id"].clone()).collect::<Vec<_>>();
    let found = &found["result"]["structuredContent"];
    assert_eq!((&found["total"], ids(&found["hits"])), (&same["total"], ids(&same["hits"])));
}

#[test]
fn no_page_asks_as_an_assistant() {
    let site = Site::of(&[("a.md", "# Alda buys frigates\n\nAlda will buy two frigates.")]);
    for origin in ["http://evil.example", "null", "http://127.0.0.1:7373"] {
        let refused = asked(&site, "tools/call", search("frigates"), &[("origin", origin)]);
        assert_eq!(refused.status, 403, "{origin}: {}", refused.body);
    }
    let refused = asked(&site, "tools/call", search("frigates"), &[("sec-fetch-site", "cross-site")]);
    assert_eq!(refused.status, 403, "{}", refused.body);
    let answered = asked(&site, "tools/call", search("frigates"), &[]);
    assert!(answered.body.contains("Alda buys frigates"), "{}", answered.body);
    assert!(answered.headers.contains_key("content-security-policy"), "{answered:?}");
}

#[test]
fn an_assistant_that_comes_before_the_index_is_told_so() {
    let site = Site::of(&[]);
    assert_eq!(asked(&site, "tools/call", search("frigates"), &[]).status, 503);
    site.add("a.md", "# Alda buys frigates\n\nAlda will buy two frigates.");
    assert_eq!(asked(&site, "tools/call", search("frigates"), &[]).status, 200);
}

#[test]
fn a_request_for_assistants_can_be_larger_and_not_too_large() {
    let site = Site::of(&[("a.md", "# Alda buys frigates\n\nAlda will buy two frigates.")]);
    let of = |bytes: usize| json!({"name": "search", "arguments": {"query": "x".repeat(bytes)}});
    assert_eq!(asked(&site, "tools/call", of(100 << 10), &[]).status, 200, "the tool itself refuses it");
    assert_eq!(asked(&site, "tools/call", of(2 << 20), &[]).status, 413);
    let said = 2usize << 20;
    assert_eq!(asked(&site, "tools/list", json!({}), &[("content-length", &said.to_string())]).status, 413);
}

#[test]
fn there_may_be_no_tools() {
    let site = Site::of_corpus_with(|options| options.assistants = None);
    assert_eq!(asked(&site, "tools/list", json!({}), &[]).status, 404);
    let site = Site::of_corpus_with(|options| options.no_page = true);
    assert_eq!(asked(&site, "tools/list", json!({}), &[]).status, 200);
}
