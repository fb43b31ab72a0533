//! Every single flipped byte is found and named, and an index that is not ours is refused.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Corpus, Dice, copy, despatch, files, long, must, program, run};

/// An index of a small corpus.
fn index(folder: &Path) {
    let corpus = Corpus::write(folder, if long() { 400 } else { 100 });
    for input in [&corpus.first, &corpus.later] {
        must(folder, &["index", "-q", input.to_str().unwrap()]);
    }
}

/// The same with headings of its own.
fn index_with_headings(folder: &Path) {
    index(folder);
    let mine = "[[actor]]\nid = \"state/aldovia\"\nheading = \"Aldovia\"\nstrong = [\"Aldovia\"]\n";
    std::fs::write(folder.join("mine.toml"), mine).unwrap();
    must(folder, &["rebuild", "-q", "--authority", "mine.toml"]);
}

/// Offsets to flip in a file: the first, the last, and some between them.
fn places(length: usize, wanted: usize, dice: &mut Dice) -> Vec<usize> {
    let mut places = vec![0, length - 1];
    places.extend((2..wanted).map(|_| dice.below(length as u64) as usize));
    places.truncate(wanted);
    places
}

/// Flips bytes in each file, one at a time, as many as `each` says, and asserts that `verify` names the file and what
/// mends it. Returns the number of flips by file.
fn flip(home: &Path, each: impl Fn(&str) -> usize) -> BTreeMap<String, usize> {
    let dir = home.join("index");
    assert!(must(home, &["verify"]).starts_with("no fault found"));
    let mut dice = Dice::new(7);
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for (path, bytes) in files(&dir).iter().filter(|(_, bytes)| !bytes.is_empty()) {
        let name = path.strip_prefix(&dir).unwrap().to_str().unwrap();
        for at in places(bytes.len(), each(name), &mut dice) {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << dice.below(8);
            std::fs::write(path, &bad).unwrap();
            let run = despatch(home, &["verify"]);
            assert_eq!(run.code, Some(2), "{name}, byte {at}: {}{}", run.stdout, run.stderr);
            assert!(run.stdout.contains(&format!("{name}: ")), "{name}, byte {at}: {}", run.stdout);
            assert!(run.stderr.contains("hint: "), "{name}, byte {at}: {}", run.stderr);
            assert!(!run.stderr.contains("panicked"), "{name}, byte {at}: {}", run.stderr);
            *tried.entry(name.to_owned()).or_default() += 1;
        }
        std::fs::write(path, bytes).unwrap();
    }
    assert!(must(home, &["verify"]).starts_with("no fault found"));
    tried
}

#[test]
fn every_flipped_byte_is_found_and_named() {
    let home = tempfile::tempdir().unwrap();
    index(home.path());
    let tried = flip(home.path(), |_| if long() { 52 } else { 3 });
    let all = tried.values().sum::<usize>();
    eprintln!("{all} bytes flipped: {tried:?}");
    let there = files(&home.path().join("index")).iter().filter(|(_, bytes)| !bytes.is_empty()).count();
    assert!(tried.len() == there && there > 5, "{} of {there} files", tried.len());
    assert!(all >= if long() { 500 } else { 30 }, "{tried:?}");
    assert!(tried.contains_key("archive.db") && tried.contains_key("checksums"), "{tried:?}");
}

#[test]
fn damaged_headings_are_found_and_named() {
    let home = tempfile::tempdir().unwrap();
    index_with_headings(home.path());
    let tried = flip(home.path(), |name| usize::from(name.starts_with("authority")) * 2);
    assert_eq!(tried.values().sum::<usize>(), 4, "{tried:?}");
}

#[test]
fn a_search_in_a_damaged_directory_ends_in_order() {
    let home = tempfile::tempdir().unwrap();
    index(home.path());
    let dir = home.path().join("index");
    let (mut dice, mut tried) = (Dice::new(11), 0);
    for (path, bytes) in files(&dir).iter().filter(|(_, bytes)| !bytes.is_empty()) {
        for at in places(bytes.len(), if long() { 20 } else { 3 }, &mut dice) {
            let mut bad = bytes.clone();
            bad[at] = !bad[at];
            bad.truncate(if at % 2 == 0 { bad.len() } else { at });
            std::fs::write(path, &bad).unwrap();
            for command in [["search", "frigate treaty"], ["show", "https://news.example/7"]] {
                let run = run(program(home.path()).args(command));
                assert!(run.code.is_some_and(|code| code <= 2), "{}, byte {at}: {run:?}", path.display());
                assert!(!run.stderr.contains("panicked"), "{}, byte {at}: {}", path.display(), run.stderr);
            }
            std::fs::write(path, bytes).unwrap();
            tried += 1;
        }
    }
    assert!(tried >= if long() { 200 } else { 30 }, "{tried} damages were tried");
    for command in [["search", "frigate treaty"], ["show", "https://news.example/7"]] {
        must(home.path(), &command); // its files are whole again
    }
}

#[test]
fn what_verify_says_mends_it() {
    let home = tempfile::tempdir().unwrap();
    index(home.path());
    let dir = home.path().join("index");
    let before = must(home.path(), &["search", "frigate treaty", "--format", "json"]);
    let segment = files(&dir).into_iter().find(|(path, _)| path.extension().is_some_and(|e| e == "pos")).unwrap();
    let mut bad = segment.1.clone();
    bad[17] ^= 4;
    std::fs::write(&segment.0, bad).unwrap();
    let run = despatch(home.path(), &["verify"]);
    assert!(run.stderr.contains("`despatch rebuild`"), "{}", run.stderr);
    must(home.path(), &["rebuild"]);
    assert!(must(home.path(), &["verify"]).starts_with("no fault found"));
    let after = must(home.path(), &["search", "frigate treaty", "--format", "json"]);
    assert_eq!(after.lines().count(), before.lines().count());
}

#[test]
fn an_archive_of_another_kind_or_time_is_refused_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    index(home.path());
    let dir = home.path().join("index");
    let whole = std::fs::read(dir.join("archive.db")).unwrap();
    let changed = |at: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[at] = value;
        std::fs::write(dir.join("archive.db"), bytes).unwrap();
    };
    changed(63, 200); // the format's number
    let run = despatch(home.path(), &["search", "frigate"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("format 200"), "{}", run.stderr);
    let run = despatch(home.path(), &["verify"]);
    assert!(run.stdout.contains("archive format 200"), "{}", run.stdout);
    assert!(run.stderr.contains("version of despatch"), "{}", run.stderr);
    changed(71, 1); // the application id
    for command in [&["search", "frigate"][..], &["verify"], &["rebuild"], &["index", "first"]] {
        let run = despatch(home.path(), command);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!((run.stdout + &run.stderr).contains("not an archive of despatch"), "{command:?}");
    }
    std::fs::write(dir.join("archive.db"), &whole).unwrap();
    must(home.path(), &["search", "frigate"]);
    assert_eq!(despatch(home.path(), &["verify", "--index", "nowhere"]).code, Some(2));
}

#[test]
fn an_archive_and_an_index_that_do_not_belong_together_are_told() {
    let home = tempfile::tempdir().unwrap();
    index(home.path());
    let dir = home.path().join("index");
    copy(&dir, &home.path().join("other"));
    let first = home.path().join("first/note1.txt");
    std::fs::write(home.path().join("more.txt"), std::fs::read_to_string(first).unwrap() + "More.\n").unwrap();
    must(home.path(), &["index", "more.txt", "--index", "other"]);
    // The index knows an article that the archive does not.
    std::fs::remove_dir_all(dir.join("tantivy")).unwrap();
    copy(&home.path().join("other/tantivy"), &dir.join("tantivy"));
    let run = despatch(home.path(), &["verify"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("do not belong together"), "{}", run.stdout);
    must(home.path(), &["rebuild"]);
    assert!(must(home.path(), &["verify"]).starts_with("no fault found"));
}

#[test]
fn a_length_that_no_memory_holds_ends_in_order() {
    let home = tempfile::tempdir().unwrap();
    index(home.path());
    let is_store = |path: &Path| path.extension().is_some_and(|extension| extension == "store");
    let found = files(&home.path().join("index")).into_iter().find(|(path, _)| is_store(path));
    let (path, mut bytes) = found.unwrap();
    // The store and its footer are followed by tantivy's footer; the eight last bytes begin with the length of that.
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let end = bytes.len() - 8 - number(bytes.len() - 8);
    let list = number(end - 24); // offset of the list of blocks: number of layers, then their ends
    bytes[list..list + 7].copy_from_slice(&[0, 0, 0, 0, 0, 0, 0x90]);
    std::fs::write(&path, &bytes).unwrap();
    for command in [&["search", "frigate treaty"][..], &["verify"]] {
        let told = despatch(home.path(), command);
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.stderr.contains("despatch rebuild"), "{told:?}");
    }
    must(home.path(), &["rebuild", "-q"]);
    must(home.path(), &["verify"]);
}
