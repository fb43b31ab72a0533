//! The Model Context Protocol: a client against the server in this process, and against the program as a child.

#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)] // a test may fail

mod budget;
mod hostile;
mod http;
mod process;
mod protocol;
mod reading;
mod readme;
mod refusals;
mod same;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use despatch::authority::Authority;
use despatch::ingest::{self, Ingest};
use despatch::mcp::{Page, Server, Setup, over};
use despatch::pool::{Limits, Pool};
use rmcp::model::{CallToolRequestParams, CallToolResult, JsonObject, ProtocolVersion};
use rmcp::service::{RoleClient, RunningService};
use rmcp::{ClientLifecycleMode, ClientServiceExt};
use serde_json::{Value, json};

/// The day on which the index is made.
const NOW: &str = "2026-03-01T12:00:00Z";

/// A client of a server in this process.
type Client = RunningService<RoleClient, ()>;

/// An index of the bundled articles, made once.
fn corpus() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = MADE.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("articles");
        despatch::corpus::unpack(&folder).unwrap();
        let folders = ["feed", "notes", "web", "wire"].map(|name| folder.join(name));
        index_of(&home.path().join("index"), &folders.each_ref().map(|folder| folder.as_path()));
        home
    });
    static INDEX: OnceLock<PathBuf> = OnceLock::new();
    INDEX.get_or_init(|| home.path().join("index"))
}

fn index_of(index: &Path, inputs: &[&Path]) {
    let now = NOW.parse().unwrap();
    ingest::run(
        &Ingest::new(index, inputs.iter().map(|path| path.to_path_buf()), now),
        Authority::bundled(),
        &mut |_| {},
    )
    .unwrap();
}

/// A folder with an index of these articles, a JSON object each.
fn index_with(articles: &[Value]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let lines: Vec<String> = articles.iter().map(Value::to_string).collect();
    let file = home.path().join("news.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    index_of(&home.path().join("index"), &[&file]);
    home
}

fn setup(index: &Path) -> Setup {
    let pages = vec![Page { name: "query", about: "the query language", text: "Words, best first.\n".to_owned() }];
    let now = NOW.parse().unwrap();
    Setup {
        index: index.to_owned(),
        now: Box::new(move || now),
        matching: None,
        feedback: true,
        text_only: false,
        show_paths: false,
        pages,
    }
}

fn server(setup: Setup) -> Server {
    // The constructor waits for an answer, which an asynchronous test must not.
    std::thread::spawn(move || Server::new(Pool::new(&setup.index, Limits::default()).unwrap(), setup).unwrap())
        .join()
        .unwrap()
}

/// The present revision, without a handshake.
fn discovering() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

/// A client that is connected to a server over a pipe in memory.
async fn client_of(setup: Setup, lifecycle: ClientLifecycleMode) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let server = server(setup);
    tokio::spawn(async move {
        let (read, write) = tokio::io::split(theirs);
        over(server, read, write).await
    });
    ().serve_with_lifecycle(ours, lifecycle).await.unwrap()
}

async fn client(index: &Path) -> Client {
    client_of(setup(index), discovering()).await
}

fn object(value: Value) -> JsonObject {
    value.as_object().unwrap().clone()
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    client.call_tool(CallToolRequestParams::new(tool).with_arguments(object(arguments))).await.unwrap()
}

/// The text of an answer.
fn text(result: &CallToolResult) -> String {
    result.content.iter().map(|block| block.as_text().unwrap().text.as_str()).collect()
}

/// The structure of an answer that must be none of an error.
async fn answer(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let result = call(client, tool, arguments.clone()).await;
    assert_eq!(result.is_error, Some(false), "{tool} {arguments}: {}", text(&result));
    result.structured_content.unwrap()
}

/// What is wrong with a call.
async fn refusal(client: &Client, tool: &'static str, arguments: Value) -> String {
    let result = call(client, tool, arguments.clone()).await;
    assert_eq!(result.is_error, Some(true), "{tool} {arguments}: {}", text(&result));
    text(&result)
}

/// The texts of a field of all rows.
fn texts<'a>(rows: &'a Value, field: &str) -> Vec<&'a str> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect()
}

/// Questions of all kinds: the tool, its arguments.
fn questions() -> Vec<(&'static str, Value)> {
    let queries = [
        "UK SAFE talks",
        "SAFE",
        "\"joint procurement\"",
        "+SAFE -fisheries",
        "(SAFE OR EDIP) AND NOT fisheries",
        "procur*",
        "missle~1",
        "=SAFE",
        "title:budget",
        "said:starmer SAFE",
        "actor:starmer SAFE",
        "topic:procurement",
        "\"Paris Berlin\"~5",
        "xyzzy",
        "xyzzy SAFE",
        "drones",
        "Taurus",
        "frigate",
        "nuclear weapons",
        "the",
        "SAFE date:2025-11..2026-02",
    ];
    let mut all: Vec<(&'static str, Value)> = queries.iter().map(|query| ("search", json!({"query": query}))).collect();
    all.extend([
        ("search", json!({})),
        ("search", json!({"query": "SAFE", "limit": 20, "passages": 5})),
        ("search", json!({"query": "SAFE", "passages": 0, "limit": 12})),
        ("search", json!({"query": "SAFE", "sort": "newest"})),
        ("search", json!({"query": "talks", "actor": ["United Kingdom", "France"], "limit": 3})),
        ("search", json!({"actor": ["NATO,EU"], "since": "2026-01", "until": "2026-02"})),
        ("search", json!({"topic": "procurement", "lang": ["en"], "sort": "oldest"})),
        ("search", json!({"query": "SAFE talks loans"})),
        ("search", json!({"query": "SAFE talks fund", "outlet": ["Procurement Week"]})),
        ("search", json!({"system": ["F-35"], "affiliation": ["uk"]})),
        ("search", json!({"said": ["starmer"], "query": "Europe"})),
        ("count", json!({"query": "SAFE"})),
        ("count", json!({"query": "SAFE", "by": ["outlet", "place", "language"], "limit": 5})),
        ("count", json!({"by": ["actor"], "sort": "surprise", "query": "drones"})),
        ("count", json!({"by": ["actor"], "below": "person", "limit": 20})),
        ("count", json!({"query": "SAFE", "actor": ["starmer"], "by": ["speaker", "affiliation"]})),
        ("count", json!({"query": "SAFE", "per": "month"})),
        ("count", json!({"query": "SAFE", "per": "quarter", "by": ["actor"], "limit": 3})),
        ("count", json!({"query": "xyzzy"})),
        ("count", json!({"query": "xyzzy", "per": "year"})),
        ("together", json!({"query": "SAFE"})),
        ("together", json!({"actor": ["starmer"], "below": "person"})),
        ("together", json!({"actor": ["rheinmetall"], "below": "system", "sort": "ratio", "limit": 5})),
        ("together", json!({"query": "xyzzy"})),
        ("quotes", json!({"query": "F-35"})),
        ("quotes", json!({"by": ["Keir Starmer"], "limit": 10})),
        ("quotes", json!({"query": "Europe", "direct": true, "certain": true})),
        ("quotes", json!({"query": "xyzzy"})),
        ("names", json!({"find": "starmer"})),
        ("names", json!({"find": "AUKUS"})),
        ("names", json!({"find": "procurement", "kind": "topic"})),
        ("names", json!({"kind": "outlet", "limit": 20})),
        ("names", json!({"find": "zzyzx"})),
        ("read", json!({"id": "a31df03bc881"})),
        ("read", json!({"id": "a31df03bc881", "start": 100, "max_chars": 500})),
        ("read", json!({"id": "a31df", "quote": "look again at SAFE"})),
        ("read", json!({"id": "a31df", "quote": "nobody ever wrote this"})),
    ]);
    all
}
