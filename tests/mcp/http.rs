//! The service for HTTP, without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use despatch::mcp::service;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{corpus, server, setup};

const META: &str = "io.modelcontextprotocol";

/// What a request is answered.
async fn asked(method: &str, params: Value, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let service = Router::new().route_service("/mcp", service(server(setup(corpus()))));
    let mut params = params;
    params["_meta"] = json!({
        format!("{META}/protocolVersion"): "2026-07-28", format!("{META}/clientCapabilities"): {},
        format!("{META}/clientInfo"): {"name": "test", "version": "1"},
    });
    let name = params["name"].as_str().unwrap_or_default().to_owned();
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    let mut request = Request::post("/mcp").header("content-type", "application/json").header("mcp-method", method);
    request = request.header("host", "127.0.0.1:7373");
    request =
        request.header("accept", "application/json, text/event-stream").header("mcp-protocol-version", "2026-07-28");
    if !name.is_empty() {
        request = request.header("mcp-name", &name);
    }
    for (header, value) in headers {
        request = request.header(*header, *value);
    }
    let response = service.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    assert!(!parts.headers.contains_key("mcp-session-id"));
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    (parts.status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_request_is_answered_in_json_without_a_session() {
    let (status, found) = asked("server/discover", json!({}), &[]).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert!(found["result"]["capabilities"]["tools"].is_object(), "{found}");
    let arguments = json!({"name": "search", "arguments": {"query": "UK SAFE talks"}});
    let (status, found) = asked("tools/call", arguments, &[]).await;
    assert_eq!((status, &found["result"]["structuredContent"]["total"]), (StatusCode::OK, &json!(6)), "{found}");
}

#[tokio::test]
async fn every_origin_is_refused() {
    for origin in ["http://evil.example", "null", "http://127.0.0.1:7373"] {
        let (status, told) = asked("tools/list", json!({}), &[("origin", origin)]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}: {told}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused() {
    let arguments = json!({"name": "search", "arguments": {"query": "x".repeat(2 << 20)}});
    assert_eq!(asked("tools/call", arguments, &[]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}
