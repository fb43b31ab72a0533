//! Behaviour in pipes: what a script can rely on.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::{Desk, reader_desk};

/// Every command that prints, with the exit code that it ends with.
const COMMANDS: [(&[&str], i32); 24] = [
    (&["search", "SAFE"], 0),
    (&["search", "SAFE", "--count"], 0),
    (&["search", "SAFE", "--format", "json"], 0),
    (&["search", "+xyzzy"], 1),
    (&["search", "+xyzzy", "--count"], 1),
    (&["search", "--actor", "nobody at all"], 2),
    (&["facets", "SAFE", "-n", "0"], 0),
    (&["facets", "+xyzzy"], 1),
    (&["facets", "--topic", "nonsense"], 2),
    (&["show", "a31df03bc881"], 0),
    (&["show", "zzzz"], 2),
    (&["extract", "page.html"], 0),
    (&["extract", "nowhere.html"], 2),
    (&["authority", "lookup", "MoD", "--all"], 0),
    (&["authority", "lookup", "qqqqqqqqqq"], 1),
    (&["authority", "check"], 0),
    (&["authority", "untagged"], 0),
    (&["eval", "needs.tsv", "qrels.txt"], 0),
    (&["stats"], 0),
    (&["saved"], 1),
    (&["config", "show"], 0),
    (&["completions", "zsh"], 0),
    (&["man"], 0),
    (&["help", "query"], 0),
];

#[test]
fn every_command_ends_with_its_code_and_prints_no_colour_into_a_pipe() {
    let desk = reader_desk();
    for (arguments, code) in COMMANDS {
        let run = desk.run(arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{arguments:?}");
        assert_eq!(code == 2, run.stderr.starts_with("error: "), "{arguments:?}: {}", run.stderr);
        assert!(code > 0 || !run.stdout.is_empty() || arguments[0] == "authority" || arguments[0] == "saved");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = reader_desk();
    for (arguments, code) in COMMANDS.into_iter().filter(|(_, code)| *code == 0) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_despatch"));
        let command = command.args(arguments).current_dir(desk.path()).env_clear().env("HOME", desk.path());
        let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), told.as_str()), (Some(code), ""), "{arguments:?}");
    }
    let run = desk.shell("despatch search '*' -n 500 --format json | head -1; echo ${PIPESTATUS[0]}");
    assert!(run.stdout.starts_with("{\"type\":\"header\"") && run.stdout.ends_with("\n0\n"), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let desk = Desk::with_corpus();
    for line in ["despatch search SAFE > /dev/full", "despatch help query > /dev/full", "despatch stats > /dev/full"] {
        let run = desk.shell(line);
        assert!(run.code == 2 && run.stderr.starts_with("error: "), "{line}: {} {}", run.code, run.stderr);
    }
}

#[test]
fn the_same_bytes_under_any_locale() {
    let desk = reader_desk();
    for (arguments, _) in COMMANDS {
        let under = |locale: &str| {
            let run = desk.run_with(arguments, &[("LC_ALL", locale), ("LANG", locale)]);
            (run.stdout, run.stderr)
        };
        let plain = under("C");
        for locale in ["tr_TR.UTF-8", "de_DE.UTF-8", "en_US.ISO-8859-1"] {
            assert_eq!(under(locale), plain, "{arguments:?} under {locale}");
        }
    }
}

#[test]
fn quiet_leaves_results_and_errors() {
    let desk = reader_desk();
    let quiet = desk.run(&["search", "titel:budget", "-q", "--count"]);
    assert_eq!(quiet.stderr, "");
    assert_ne!(desk.run(&["search", "titel:budget", "--count"]).stderr, "");
    let indexed = desk.run(&["index", "articles", "-q"]);
    assert_eq!((indexed.stdout.as_str(), indexed.stderr.as_str(), indexed.code), ("", "", 0));
    assert_ne!(desk.run(&["show", "zzzz", "-q"]).stderr, "");
}

#[test]
fn places_that_hold_no_index_say_what_they_are() {
    let desk = reader_desk();
    for (index, told) in [
        ("nowhere", "no index in nowhere\nhint: make one with `despatch index PATH`, or name another with --index\n"),
        ("articles", "no index in articles\nhint: make one with `despatch index PATH`, or name another with --index\n"),
        ("page.html", "page.html is a file, and an index is a folder\nhint: name another place with --index\n"),
    ] {
        let run = desk.run(&["search", "SAFE", "--index", index]);
        assert_eq!((run.code, run.stderr), (2, format!("error: {told}")));
    }
    let run = desk.run(&["index", "articles", "--index", "page.html"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: page.html is a file"), "{}", run.stderr);
}

/// Articles, one a line, each different from the others.
fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers
        .map(|n| {
            format!("{{\"id\":\"n{n}\",\"title\":\"Report {n}\",\"text\":\"Alda bought {n} patrol boats and {} trams from Borduria in the year {}.\"}}\n", n * 7, n * 13)
        })
        .collect()
}

#[cfg(unix)]
#[test]
fn articles_from_a_pipe_have_no_path_and_are_counted() {
    let desk = Desk::new();
    for (all, told) in [(1, "note: 1 article came from no file\n"), (2, "note: 2 articles came from no file\n")] {
        desk.file("all.jsonl", lines(0..all));
        let run = desk.shell("despatch index -q - < all.jsonl && despatch search trams --paths-only");
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", told));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_at_once_and_what_is_committed_stays() {
    let desk = Desk::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_despatch"))
        .args(["index", "-"])
        .current_dir(desk.path())
        .env_clear()
        .env("HOME", desk.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It reads without end; after some time the first batches are committed.
    let articles = || {
        let run = desk.run(&["stats", "--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&run.stdout).ok().and_then(|stats| stats["articles"].as_u64())
    };
    let mut sent = 0;
    let committed = loop {
        assert!(sent < 100_000, "nothing was committed");
        stdin.write_all(lines(sent..sent + 500).as_bytes()).unwrap();
        sent += 500;
        match articles() {
            Some(count) if count > 0 => break count,
            _ => {}
        }
    };
    assert_eq!(desk.shell(&format!("kill -INT {}", child.id())).code, 0);
    let mut told = String::new();
    BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok).for_each(|line| told += &line);
    let status = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(2), "a shell tells it as 130");
    assert!(told.contains("stopped: what was committed is kept"), "{told}");
    drop(stdin);
    let kept = articles().unwrap();
    assert!(kept >= committed);
    desk.file("all.jsonl", lines(0..sent));
    assert_eq!(desk.run(&["index", "all.jsonl"]).code, 0);
    assert_eq!(articles(), Some(sent as u64));
}
