//! The program as a child process: its lines, its end, its errors.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use rmcp::ClientServiceExt;
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};

use crate::{answer, corpus, discovering, index_with};

fn program(index: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_despatch"));
    command.args(["mcp", "--index"]).arg(index).env_clear().env("HOME", index).env("DESPATCH_NOW", crate::NOW);
    command
}

/// A child with which lines are exchanged.
struct Talk {
    child: Child,
    input: ChildStdin,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Talk {
    fn with(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (told, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).all(|line| told.send(line).is_ok()));
        Self { input: child.stdin.take().unwrap(), child, lines }
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.input, "{message}").unwrap();
    }

    fn hear(&self) -> Value {
        let line = self.lines.recv_timeout(Duration::from_secs(60)).unwrap();
        let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert_eq!(message["jsonrpc"], "2.0", "{line}");
        message
    }

    fn ask(&mut self, id: u64, method: &str, params: Value) -> Value {
        self.say(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let answer = self.hear();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// Closes the input, and waits for the end.
    fn end(self) -> (ExitStatus, Vec<String>) {
        let Self { mut child, input, lines } = self;
        drop(input);
        let rest = lines.into_iter().collect();
        (child.wait().unwrap(), rest)
    }
}

fn handshake(version: &str) -> Value {
    json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}})
}

#[test]
fn the_handshakes_of_older_revisions_are_answered_in_kind() {
    for version in ["2025-06-18", "2025-11-25"] {
        let mut command = program(corpus());
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
        let mut talk = Talk::with(command);
        let begun = talk.ask(1, "initialize", handshake(version));
        assert_eq!(begun["result"]["protocolVersion"], version, "{begun}");
        talk.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        let found = talk.ask(2, "tools/call", json!({"name": "search", "arguments": {"query": "UK SAFE talks"}}));
        assert_eq!(found["result"]["structuredContent"]["total"], 6, "{found}");
        assert!(found["result"].get("resultType").is_none(), "{found}");
        assert_eq!(talk.ask(3, "ping", json!({}))["result"], json!({}));
        let (status, rest) = talk.end();
        assert!(status.success() && rest.is_empty(), "{status}: {rest:?}");
    }
}

#[test]
fn the_present_revision_is_answered_without_a_handshake() {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    });
    let mut talk = Talk::with(program(corpus()));
    let known = talk.ask(1, "server/discover", json!({"_meta": meta}));
    let versions = known["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2026-07-28")) && versions.contains(&json!("2025-06-18")), "{known}");
    let tools = talk.ask(2, "tools/list", json!({"_meta": meta}));
    let result = &tools["result"];
    assert_eq!((&result["resultType"], &result["cacheScope"]), (&json!("complete"), &json!("private")), "{tools}");
    assert!(result["ttlMs"].as_u64().is_some(), "{tools}");
    let mut older = meta.clone();
    older["io.modelcontextprotocol/protocolVersion"] = json!("1999-01-01");
    assert_eq!(talk.ask(3, "tools/list", json!({"_meta": older}))["error"]["code"], -32022);
    let read = talk.ask(4, "resources/read", json!({"uri": "despatch://help/query", "_meta": meta}));
    assert!(read["result"]["contents"][0]["text"].as_str().unwrap().starts_with("The query language"), "{read}");
    assert!(talk.end().0.success());
}

#[test]
fn a_line_that_is_too_long_or_no_message_is_passed_over() {
    let mut talk = Talk::with(program(corpus()));
    talk.ask(1, "initialize", handshake("2025-11-25"));
    let long = "x".repeat(2 << 20);
    let params = json!({"name": "search", "arguments": {"query": long}});
    talk.say(&json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}));
    writeln!(talk.input, "this is no JSON\n\n{{").unwrap();
    let found = talk.ask(3, "tools/call", json!({"name": "search", "arguments": {"query": "SAFE"}}));
    assert_eq!(found["result"]["isError"], false, "{found}");
    let wrong = talk.ask(4, "tools/fly", json!({}));
    assert_eq!(wrong["error"]["code"], -32601, "{wrong}");
    assert!(talk.end().0.success());
}

#[test]
fn it_ends_with_its_input_even_before_the_first_message() {
    let (status, rest) = Talk::with(program(corpus())).end();
    assert!(status.success() && rest.is_empty());
}

#[test]
fn an_index_that_is_none_is_an_error_that_does_not_touch_standard_output() {
    let home = tempfile::tempdir().unwrap();
    let Output { stdout, stderr, status } = program(&home.path().join("index")).stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!((status.code(), stdout.as_slice()), (Some(2), b"".as_slice()), "{stderr}");
    assert!(
        stderr.starts_with("error: ") && stderr.contains("\nhint: make one with `despatch index PATH`"),
        "{stderr}"
    );
}

#[test]
fn a_file_takes_the_answers_too() {
    let home = tempfile::tempdir().unwrap();
    let (asked, told) = (home.path().join("asked"), home.path().join("told"));
    std::fs::write(
        &asked,
        format!("{}\n", json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": handshake("2025-06-18")})),
    )
    .unwrap();
    let status = program(corpus())
        .stdin(std::fs::File::open(&asked).unwrap())
        .stdout(std::fs::File::create(&told).unwrap())
        .status()
        .unwrap();
    assert!(status.success());
    let told: Value = serde_json::from_slice(&std::fs::read(told).unwrap()).unwrap();
    assert_eq!(told["result"]["serverInfo"]["name"], "despatch");
}

#[tokio::test]
async fn articles_that_are_added_while_it_runs_are_found() {
    let home = index_with(&[json!({"id": "quay-1", "title": "Ferries", "text": "Alda buys ferries."})]);
    let index = home.path().join("index");
    let client = ()
        .serve_with_lifecycle(
            TokioChildProcess::new(tokio::process::Command::from(program(&index))).unwrap(),
            discovering(),
        )
        .await
        .unwrap();
    assert_eq!(answer(&client, "search", json!({"query": "tugs"})).await["total"], 0);
    let more = home.path().join("more.jsonl");
    std::fs::write(&more, json!({"id": "quay-2", "title": "Tugs", "text": "Alda sells tugs."}).to_string()).unwrap();
    crate::index_of(&index, &[&more]);
    let found = answer(&client, "search", json!({"query": "tugs"})).await;
    assert_eq!((&found["total"], &found["hits"][0]["id"]), (&json!(1), &json!("quay-2")));
    client.cancel().await.unwrap();
}
