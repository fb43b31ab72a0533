//! The README: every command that it shows runs, and prints what it shows.
//!
//! A `console` block holds commands after `$ ` with their output, which must be the same; a line `...` stands for any
//! lines. Each line of a `sh` block is run and must succeed. `UPDATE_README=1` writes the present output into the
//! README.

use std::path::Path;

use super::{Desk, reader_desk};

/// Lines that build or test the program; they are not run here.
const CARGO: [&str; 3] = ["cargo run --release -- demo", "cargo test", "cargo install --path ."];

/// A fenced block: its kind and its lines.
struct Block {
    kind: String,
    first: usize,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(kind) => {
                inside = true;
                out.push(Block { kind: kind.to_owned(), first: number + 1, lines: Vec::new() });
            }
            None if inside => out.last_mut().unwrap().lines.push(line.to_owned()),
            None => {}
        }
    }
    out
}

/// Whether the README shows `printed`; `...` in `shown` stands for any lines.
fn alike(shown: &[String], printed: &[String]) -> bool {
    let Some(at) = shown.iter().position(|line| line == "...") else { return shown == printed };
    let (before, after) = (&shown[..at], &shown[at + 1..]);
    printed.len() >= before.len() + after.len() && printed.starts_with(before) && printed.ends_with(after)
}

/// Runs a block's commands; returns the block with their present output.
fn played(desk: &Desk, block: &Block) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = block.lines.as_slice();
    while let [first, others @ ..] = rest {
        let command = first.strip_prefix("$ ").unwrap_or_else(|| panic!("README:{}: no command", block.first + 1));
        let end = others.iter().position(|line| line.starts_with("$ ")).unwrap_or(others.len());
        let (mut shown, after) = (others[..end].to_vec(), &others[end..]);
        let gap = !after.is_empty() && shown.pop_if(|line| line.is_empty()).is_some();
        let run = desk.shell(command);
        let mut printed: Vec<String> = (run.stdout + &run.stderr).lines().map(str::to_owned).collect();
        while printed.last().is_some_and(String::is_empty) {
            printed.pop();
        }
        out.push(first.clone());
        out.extend(if alike(&shown, &printed) { shown } else { printed });
        out.extend(gap.then(String::new));
        rest = after;
    }
    out
}

#[test]
#[cfg_attr(not(feature = "fetch"), ignore = "the README follows feeds")]
fn every_command_of_the_readme_runs_and_prints_what_it_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let desk = reader_desk();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let blocks = blocks(&text);
    assert!(blocks.iter().any(|block| block.kind == "console") && blocks.iter().any(|block| block.kind == "sh"));
    for block in blocks.iter().rev().filter(|block| block.kind == "sh") {
        for line in block.lines.iter().filter(|line| !line.is_empty()) {
            let command = line.split("  #").next().unwrap().trim();
            if command.starts_with("cargo ") {
                assert!(CARGO.contains(&command), "{command}");
                continue;
            }
            let run = desk.shell(command);
            assert_eq!(run.code, 0, "README: {line}\n{}", run.stderr);
        }
    }
    let desk = reader_desk();
    for block in blocks.iter().rev().filter(|block| block.kind == "console") {
        let printed = played(&desk, block);
        if std::env::var_os("UPDATE_README").is_some() {
            lines.splice(block.first..block.first + block.lines.len(), printed);
        } else {
            assert_eq!(block.lines.join("\n"), printed.join("\n"), "README:{}", block.first);
        }
    }
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
}

#[test]
fn the_tests_of_the_readme_are_those_that_ci_runs() {
    let ci = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/run")).unwrap();
    assert!(ci.lines().any(|line| line == "step tests cargo test --locked"), "{ci}");
}
