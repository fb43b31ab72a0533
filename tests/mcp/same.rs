//! The same answers as the command line gives.

use std::process::Command;

use serde_json::{Value, json};

use crate::{Client, answer, client, corpus, questions, texts};

/// What a command prints as JSON, a line each.
fn lines(arguments: &[String]) -> Vec<Value> {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_despatch"))
        .args(arguments)
        .args(["--index", corpus().to_str().unwrap(), "--format", "json"])
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The arguments of a tool as options of a command.
fn options(command: &str, arguments: &Value, defaults: &[(&str, Value)]) -> Vec<String> {
    let mut asked = arguments.as_object().unwrap().clone();
    for (name, value) in defaults {
        asked.entry(*name).or_insert_with(|| value.clone());
    }
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut out = vec![command.to_owned()];
    let query = asked.remove("query").map(|query| plain(&query)).filter(|query| !query.is_empty());
    for (name, value) in &asked {
        match value {
            Value::Bool(_) => out.push(format!("--{name}")),
            Value::Array(values) if name == "by" => {
                out.push(format!("--by={}", values.iter().map(plain).collect::<Vec<_>>().join(",")));
            }
            Value::Array(values) => out.extend(values.iter().map(|value| format!("--{name}={}", plain(value)))),
            value => out.push(format!("--{name}={}", plain(value))),
        }
    }
    out.extend(query);
    out
}

async fn same(
    client: &Client,
    command: &str,
    tool: &'static str,
    arguments: &Value,
    defaults: &[(&str, Value)],
) -> (Vec<Value>, Value) {
    let cli = lines(&options(command, arguments, defaults));
    let mcp = answer(client, tool, arguments.clone()).await;
    assert_eq!((&mcp["total"], &mcp["query"]), (&cli[0]["total"], &cli[0]["query"]), "{arguments}");
    (cli, mcp)
}

#[tokio::test]
async fn searches_find_the_same_in_the_same_order() {
    let client = client(corpus()).await;
    let mut compared = 0;
    for (_, arguments) in questions().iter().filter(|(tool, _)| *tool == "search") {
        let (cli, mcp) = same(&client, "search", "search", arguments, &[("limit", 5.into())]).await;
        let ids = texts(&mcp["hits"], "id");
        let hits: Vec<&Value> = cli.iter().filter(|line| line["type"] == "hit").collect();
        let wanted: Vec<&str> = hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        assert!(!ids.is_empty() || wanted.is_empty(), "{arguments}");
        assert_eq!(ids, wanted[..ids.len()], "{arguments}");
        assert!(ids.len() == wanted.len() || mcp.get("next_cursor").is_some(), "{arguments}");
        assert_eq!(mcp["copies"], cli[0]["copies"], "{arguments}");
        for (hit, row) in hits.iter().zip(mcp["hits"].as_array().unwrap()) {
            assert_eq!((&row["title"], &row["published"]), (&hit["title"], &hit["published"]), "{arguments}");
            let passages = row.get("passages").and_then(Value::as_array).cloned().unwrap_or_default();
            for (passage, known) in passages.iter().zip(hit["passages"].as_array().unwrap()) {
                assert_eq!((&passage["text"], &passage["start"]), (&known["text"], &known["start"]), "{arguments}");
            }
        }
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
}

#[tokio::test]
async fn counts_are_the_same() {
    let client = client(corpus()).await;
    let mut compared = 0;
    for (_, arguments) in questions().iter().filter(|(tool, _)| *tool == "count") {
        let timely = arguments.get("per").is_some();
        let command = if timely { "timeline" } else { "facets" };
        let by = if timely { json!("all") } else { json!(["actor", "topic"]) };
        let (cli, mcp) = same(&client, command, "count", arguments, &[("limit", 10.into()), ("by", by)]).await;
        for line in cli.iter().filter(|line| line["type"] == "facet") {
            let rows = mcp["counts"][line["facet"].as_str().unwrap()].as_array().unwrap();
            let row = rows.iter().find(|row| row["value"] == line["value"]).unwrap();
            assert_eq!((&row["count"], &row["label"]), (&line["count"], &line["label"]), "{arguments}");
            compared += 1;
        }
        if timely && mcp["total"] != 0 {
            let counts: Vec<&Value> = mcp["periods"].as_array().unwrap().iter().map(|one| &one["count"]).collect();
            assert_eq!(counts, cli[0]["counts"].as_array().unwrap().iter().collect::<Vec<_>>(), "{arguments}");
            let series: Vec<&Value> = cli[1..].iter().map(|line| &line["counts"]).collect();
            let told = mcp.get("series").and_then(Value::as_array).cloned().unwrap_or_default();
            assert_eq!(told.iter().map(|line| &line["counts"]).collect::<Vec<_>>(), series, "{arguments}");
            compared += series.len();
        }
    }
    assert!(compared > 50, "{compared}");
}

#[tokio::test]
async fn pairs_and_statements_are_the_same() {
    let client = client(corpus()).await;
    let mut compared = 0;
    for (_, arguments) in questions().iter().filter(|(tool, _)| *tool == "together") {
        let (cli, mcp) = same(&client, "pairs", "together", arguments, &[("limit", 10.into())]).await;
        let pairs: Vec<&Value> = cli.iter().filter(|line| line["type"] == "pair").collect();
        let told = mcp["pairs"].as_array().unwrap();
        assert_eq!(told.len(), pairs.len(), "{arguments}");
        for (pair, row) in pairs.iter().zip(told) {
            let ids = |pair: &Value| [pair["a"]["id"].clone(), pair["b"]["id"].clone(), pair["count"].clone()];
            assert_eq!(ids(pair), ids(row), "{arguments}");
            compared += 1;
        }
    }
    for (_, arguments) in questions().iter().filter(|(tool, _)| *tool == "quotes") {
        let (cli, mcp) = same(&client, "quotes", "quotes", arguments, &[("limit", 5.into())]).await;
        let known: Vec<&Value> = cli.iter().filter(|line| line["type"] == "statement").collect();
        let told = mcp["statements"].as_array().unwrap();
        assert_eq!(told.len(), known.len(), "{arguments}");
        for (one, row) in known.iter().zip(told) {
            assert_eq!(
                (&row["text"], &row["id"], &row["kind"]),
                (&one["text"], &one["id"], &one["kind"]),
                "{arguments}"
            );
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[tokio::test]
async fn articles_like_one_are_the_same() {
    let client = client(corpus()).await;
    let cli = lines(&["similar".to_owned(), "a31df03bc881".to_owned(), "-n5".to_owned()]);
    let mcp = answer(&client, "search", json!({"like": "a31df03bc881"})).await;
    let wanted: Vec<&str> = cli[1..].iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert_eq!(texts(&mcp["hits"], "id"), wanted);
    assert_eq!(wanted.len(), 5);
}
