//! Removed articles stay out; purged ones leave nothing in any file.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Corpus, Dice, despatch, files, long, must, program};

/// An article with two versions, because the later inputs change it.
const ID: &str = "https://news.example/10";

fn index(home: &Path, size: usize) -> Corpus {
    let corpus = Corpus::write(home, size);
    for input in [&corpus.first, &corpus.later] {
        must(home, &["index", "-q", input.to_str().unwrap()]);
    }
    corpus
}

fn count(home: &Path, query: &str) -> String {
    let run = despatch(home, &["search", query, "--count", "--all-copies"]);
    assert!(run.code.is_some_and(|code| code < 2), "{run:?}");
    run.stdout.trim().to_owned()
}

/// The identifier of the best hit.
fn best(home: &Path, query: &str) -> String {
    let output = must(home, &["search", query, "--format", "json"]);
    let hit: serde_json::Value = serde_json::from_str(output.lines().nth(1).unwrap()).unwrap();
    hit["id"].as_str().unwrap().to_owned()
}

/// Files that contain a word, in any case.
fn holding(dir: &Path, word: &str) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
    files(dir).into_iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path.display().to_string()).collect()
}

#[test]
fn what_is_taken_out_stays_out_until_it_is_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let corpus = index(home.path(), 40);
    let before = count(home.path(), "=zz10q");
    let dry = must(home.path(), &["remove", ID]);
    assert!(dry.contains("Report 10") && dry.contains("1 article would be taken out"), "{dry}");
    assert_eq!(count(home.path(), "=zz10q"), before, "without --yes nothing happens");
    assert_eq!(must(home.path(), &["remove", ID, "--yes"]).lines().last(), Some("1 article taken out"));
    assert_eq!(count(home.path(), "=zz10q"), "0");
    assert_eq!(despatch(home.path(), &["show", ID]).code, Some(2));
    must(home.path(), &["verify"]);
    for input in [&corpus.first, &corpus.later] {
        must(home.path(), &["index", input.to_str().unwrap()]);
    }
    assert_eq!(count(home.path(), "=zz10q"), "0", "the same inputs do not bring it back");
    must(home.path(), &["rebuild", "-q"]);
    assert_eq!(count(home.path(), "=zz10q"), "0");
    must(home.path(), &["index", "--readmit", corpus.first.to_str().unwrap()]);
    assert_eq!(count(home.path(), "=zz10q"), before);
    must(home.path(), &["verify"]);
}

#[test]
fn a_query_takes_out_all_that_it_matches() {
    let home = tempfile::tempdir().unwrap();
    index(home.path(), 40);
    let matched = count(home.path(), "+frigate +treaty");
    assert_ne!(matched, "0");
    let all: u64 = count(home.path(), "government").parse().unwrap();
    let run = must(home.path(), &["remove", "--query", "+frigate +treaty", "--yes"]);
    assert!(run.ends_with(&format!("{matched} articles taken out\n")), "{run}");
    assert_eq!(count(home.path(), "+frigate +treaty"), "0");
    assert_eq!(count(home.path(), "government"), (all - matched.parse::<u64>().unwrap()).to_string());
    must(home.path(), &["verify"]);
    let none = despatch(home.path(), &["remove", "nosuchwordatall"]);
    assert_eq!(none.code, Some(1));
    assert!(none.stderr.contains("nothing found"), "{}", none.stderr);
    let unclosed = despatch(home.path(), &["remove", "--query", "\"frigate treaty"]);
    assert!(unclosed.stderr.contains("note: "), "an unclosed quotation is said: {}", unclosed.stderr);
}

/// A note without address and identifier is recognised by its text.
#[test]
fn a_note_stays_out_by_its_text() {
    let home = tempfile::tempdir().unwrap();
    index(home.path(), 20);
    must(home.path(), &["remove", "=zz70003q", "--query", "--yes"]);
    assert_eq!(count(home.path(), "=zz70003q"), "0");
    let would = must(home.path(), &["purge"]);
    assert_eq!(would, "what was taken out before would be written over; --yes does it\n");
    std::fs::copy(home.path().join("first/note3.txt"), home.path().join("elsewhere.txt")).unwrap();
    must(home.path(), &["index", "first", "elsewhere.txt"]);
    assert_eq!(count(home.path(), "=zz70003q"), "0");
}

/// Readers create and delete the memory file of SQLite's log. A dangling link stands for it here: it too is listed and
/// cannot be opened.
#[test]
fn a_file_that_goes_while_it_is_to_be_searched_holds_nothing() {
    let home = tempfile::tempdir().unwrap();
    index(home.path(), 20);
    std::os::unix::fs::symlink("gone", home.path().join("index/archive.db-journal.old")).unwrap();
    let run = must(home.path(), &["purge", ID, "--yes"]);
    assert!(run.contains("gone for good") && run.contains("not found"), "{run}");
}

/// Texts can be reassembled from the postings of a segment, although no word stands there as written.
#[test]
fn no_segment_with_a_purged_article_is_left() {
    let home = tempfile::tempdir().unwrap();
    index(home.path(), 40);
    let segments = |home: &Path| -> Vec<String> {
        let names = files(&home.join("index/tantivy")).into_iter();
        names
            .filter(|(path, _)| path.extension().is_some_and(|end| end == "idx"))
            .map(|(path, _)| path.display().to_string())
            .collect()
    };
    must(home.path(), &["rebuild", "-q"]);
    let before = segments(home.path());
    must(home.path(), &["purge", ID, "--yes"]);
    let after = segments(home.path());
    assert_eq!(after.len(), 1);
    assert_ne!(after, before);
}

#[test]
fn a_trace_that_is_left_is_named() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("note.txt"), "A note from Qvarnholm, which nobody else speaks of.\n").unwrap();
    must(home.path(), &["index", "-q", "note.txt"]);
    // The word lies across the border of two blocks of the search.
    std::fs::write(home.path().join("index/archive.bak"), " ".repeat((1 << 20) - 4) + "Qvarnholm").unwrap();
    let run = despatch(home.path(), &["purge", &best(home.path(), "Qvarnholm"), "--yes"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("left a trace in archive.bak: 'Qvarnholm'"), "{}", run.stderr);
}

/// Another article has its words in another case or inflected, and its passages, which are packed alike.
#[test]
fn what_others_hold_too_is_no_trace() {
    let home = tempfile::tempdir().unwrap();
    let corpus = Corpus::write(home.path(), 260);
    let passage = |n: usize| format!("Envoy{n} of Kvarnmo{n} wrote {} letters on the {n}th pier.", n * 7919 % 1000);
    let passages = (0..80).map(passage).collect::<Vec<_>>().join(" ");
    let (own, others) =
        ("A Cowboy of colour joined the Quorum", "The cowboys' color show joined THE QUORUM of Oskarsh");
    for (name, end) in [("0.txt", own), ("1.txt", others)] {
        let text = format!("Letters from the {name} pier\n\n{passages} {end}.\n");
        std::fs::write(corpus.first.join(name), text).unwrap();
    }
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    let run = must(home.path(), &["purge", &best(home.path(), "\"Cowboy of colour\""), "--yes"]);
    assert!(run.contains("gone for good"), "{run}");
    assert_eq!(count(home.path(), "cowboys"), "1");
    must(home.path(), &["verify"]);
}

/// With enough articles the archive trains a dictionary, which contains parts of their texts.
#[test]
fn a_purged_article_is_in_no_file() {
    let home = tempfile::tempdir().unwrap();
    let corpus = Corpus::write(home.path(), 260);
    // An article with much text of its own, early enough for the dictionary to be trained on it.
    let secret = (0..60).map(|n| format!("Qvarnholm{n} met Bryndelius{n} at Oskarshytte{n}.")).collect::<Vec<_>>();
    for end in ["At first.", "And later."] {
        let text = format!("Qvarnholm speaks\n\n{} {end}\n", secret.join(" ").repeat(3));
        std::fs::write(corpus.first.join("0.txt"), text).unwrap();
        must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    }
    let dir = home.path().join("index");
    let id = best(home.path(), "+Qvarnholm7");
    assert!(holding(&dir, "qvarnholm").iter().any(|file| file.ends_with("archive.db")), "the dictionary holds it");
    let run = must(home.path(), &["purge", &id, "--yes"]);
    assert!(run.contains("gone for good") && run.contains("not found"), "{run}");
    for word in ["qvarnholm", "bryndelius", "oskarshytte"] {
        assert_eq!(holding(&dir, word), Vec::<String>::new(), "{word}");
    }
    assert_eq!(count(home.path(), "+Qvarnholm7"), "0");
    must(home.path(), &["verify"]);
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    assert_eq!(count(home.path(), "+Qvarnholm7"), "0");
    assert_eq!(holding(&dir, "qvarnholm"), Vec::<String>::new(), "reading the input again leaves nothing either");
}

/// Removals and purges are killed; the next one finishes them, and other articles lose nothing.
#[test]
fn a_killed_removal_is_ended_by_the_next() {
    let home = tempfile::tempdir().unwrap();
    let (size, wanted) = if long() { (600, 40) } else { (120, 6) };
    index(home.path(), size);
    let all: usize = count(home.path(), "government").parse().unwrap();
    let mut dice = Dice::new(3);
    // A removal that ended before its kill shows how long one takes.
    let (mut gone, mut kills, mut most) = (0, 0, Duration::from_millis(120));
    while kills < wanted {
        let number = 5 * gone + 4; // these have one version and no copy
        assert!(number < size, "removals are too quick to be killed: {kills} kills of {gone}");
        let address = format!("https://news.example/{number}");
        let command = if gone % 2 == 0 { "remove" } else { "purge" };
        let start = Instant::now();
        let mut child = program(home.path());
        let mut child =
            child.args([command, &address, "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(dice.below(most.as_micros() as u64)));
        let _ = child.kill(); // SIGKILL; it may just have ended
        let status = child.wait().unwrap();
        assert!(status.code().is_none_or(|code| code == 0), "{command} {address}: {status}");
        if status.code().is_none() {
            kills += 1;
        } else {
            most = start.elapsed().min(most);
        }
        if despatch(home.path(), &["show", &address]).code == Some(0) {
            must(home.path(), &[command, &address, "--yes"]);
        } else if command == "purge" {
            must(home.path(), &["purge", "--yes"]);
        }
        gone += 1;
        must(home.path(), &["verify"]);
        assert_eq!(count(home.path(), "government"), (all - gone).to_string(), "{address}");
        if command == "purge" {
            assert_eq!(holding(&home.path().join("index"), &format!("zz{number}q")), Vec::<String>::new());
        }
    }
    eprintln!("{kills} kills of {gone} removals");
    assert!(kills >= wanted && gone >= kills, "{kills} kills of {gone} removals");
}
