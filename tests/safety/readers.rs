//! Readers during a write: no error, no wrong answer; and a second writer learns who holds the lock.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::{Corpus, despatch, long, must, program};

/// Searches with answers that stay the same before, during and after the write; an empty answer is checked otherwise.
fn fixed() -> Vec<(Vec<&'static str>, String)> {
    let one = |query, answer: &str| (vec!["search", query, "--count", "--all-copies"], answer.to_owned());
    vec![one("=zz4q", "1\n"), one("=zz9q", "1\n"), one("+=zz4q +=zz9q", "0\n"), one("=zz2q OR =zz4q OR =zz9q", "")]
}

#[test]
fn eight_readers_beside_a_writer_see_whole_states_only() {
    let home = tempfile::tempdir().unwrap();
    let corpus = Corpus::write(home.path(), if long() { 1000 } else { 200 });
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    let (done, beside) = (AtomicBool::new(false), AtomicUsize::new(0));
    let later = corpus.later.to_str().unwrap();
    let counts = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..8)
            .map(|n| {
                let (home, done, beside) = (home.path(), &done, &beside);
                scope.spawn(move || {
                    let (mut searches, mut last) = (0, false);
                    while !last {
                        last = done.load(Ordering::Acquire);
                        let (query, answer) = &fixed()[(n + searches) % 4];
                        let run = despatch(home, query);
                        assert!(run.code.is_some_and(|code| code < 2), "{query:?}: {run:?}");
                        assert!(!run.stderr.contains("error"), "{query:?}: {run:?}");
                        if answer.is_empty() {
                            // Article 2 gets a copy by another outlet: three or four articles are found, never another
                            // number.
                            assert!(["3\n", "4\n"].contains(&run.stdout.as_str()), "{query:?}: {run:?}");
                        } else {
                            assert_eq!(run.stdout, *answer, "{query:?}");
                        }
                        searches += 1;
                        beside.fetch_add(1, Ordering::Relaxed);
                    }
                    searches
                })
            })
            .collect();
        must(home.path(), &["index", "-q", later]);
        must(home.path(), &["rebuild", "-q"]);
        // However slow the machine, the readers have then made at least 16 searches during writes.
        while beside.load(Ordering::Relaxed) < 16 {
            must(home.path(), &["rebuild", "-q"]);
        }
        done.store(true, Ordering::Release);
        readers.into_iter().map(|reader| reader.join().unwrap()).collect::<Vec<usize>>()
    });
    assert!(counts.len() == 8 && counts.iter().all(|searches| *searches > 0), "{counts:?}");
    must(home.path(), &["verify"]);
}

#[test]
fn readers_beside_removals_miss_what_is_gone_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let corpus = Corpus::write(home.path(), 60);
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    must(home.path(), &["index", "-q", corpus.later.to_str().unwrap()]);
    // Each copy alone, and stories with their copies.
    let searches = [&["--all-copies", "--passages", "1"][..], &["--passages", "0"]];
    let total = |n: usize| -> u64 {
        let search = ["search", "government", "--limit", "1000", "--format", "json"];
        let output = must(home.path(), &[&search, searches[n % 2]].concat());
        let (header, hits) = output.split_once('\n').unwrap();
        let header: serde_json::Value = serde_json::from_str(header).unwrap();
        assert_eq!(header["total"], hits.lines().count());
        header["copies"].as_u64().unwrap()
    };
    let (all, removals) = (total(0), if long() { 60 } else { 12 });
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for n in 0..3 {
            let (done, total) = (&done, &total);
            scope.spawn(move || {
                let (mut before, mut last) = (all, false);
                while !last {
                    last = done.load(Ordering::Acquire);
                    let now = total(n);
                    assert!(now <= before, "{now} after {before}");
                    before = now;
                }
                assert_eq!(before, all - removals);
            });
        }
        for n in 0..removals {
            must(home.path(), &["remove", &format!("https://news.example/{n}"), "--yes"]);
        }
        done.store(true, Ordering::Release);
    });
    must(home.path(), &["verify"]);
}

#[test]
fn a_second_writer_is_told_who_is_at_work_or_waits() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("note.txt"), "A note on the frigates of Aldovia, long enough to be kept.\n")
        .unwrap();
    must(home.path(), &["index", "-q", "note.txt"]);
    // A writer that reads standard input holds the lock until the input ends.
    let mut holder = program(home.path());
    let mut holder = holder.args(["index", "-q", "-"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let id = holder.id().to_string();
    let lock = home.path().join("index/write.lock");
    while !std::fs::read_to_string(&lock).unwrap().starts_with(&id) {
        std::thread::sleep(Duration::from_millis(5));
    }
    for command in [&["index", "note.txt"][..], &["rebuild"]] {
        let run = despatch(home.path(), command);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(&format!("process {id} (despatch index -q -)")), "{}", run.stderr);
        assert!(run.stderr.contains("--wait"), "{}", run.stderr);
    }
    assert_eq!(must(home.path(), &["search", "frigates", "--count"]), "1\n", "readers are not kept out");
    let beside = despatch(home.path(), &["verify"]);
    assert_eq!(beside.code, Some(0), "{beside:?}");
    assert!(beside.stderr.contains("at work"), "{beside:?}");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| must(home.path(), &["index", "-q", "note.txt", "--wait", "60"]));
        std::thread::sleep(Duration::from_millis(100));
        drop(holder.stdin.take());
        waiting.join().unwrap();
    });
    holder.wait().unwrap();
    // The lock file of a killed holder holds no lock.
    std::fs::write(&lock, "1 (despatch index)\n").unwrap();
    must(home.path(), &["index", "-q", "note.txt"]);
    must(home.path(), &["verify"]);
}
