//! The exchange that the README shows.

use std::path::Path;

use serde_json::Value;

use crate::{call, client, corpus, text};

/// An answer with its boundary, which differs each time, as the README has it.
fn masked(told: &str) -> String {
    let boundary = told.split_once("third parties ").and_then(|(_, rest)| rest.split_once(' ')).unwrap().0;
    told.replace(boundary, "6b3d0c2f9e51a784")
}

#[tokio::test]
async fn the_readme_shows_what_is_answered() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let shown = readme.split("```text\n> read ").nth(1).unwrap().split("```").next().unwrap();
    let (arguments, answer) = shown.split_once('\n').unwrap();
    let asked: Value = serde_json::from_str(arguments).unwrap();
    let told = masked(&text(&call(&client(corpus()).await, "read", asked).await));
    let wrapped = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    assert_eq!(wrapped(answer), wrapped(&told), "\n{told}");
}
