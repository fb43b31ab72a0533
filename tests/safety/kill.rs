//! Writers killed at any instant: nothing is lost, nothing is stored twice, and nobody has to repair anything.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use despatch::archive::{Archive, Packed, Packer, VersionSeq};

use super::{Corpus, Dice, copy, despatch, long, must, program};

/// What two index directories are compared by: every article with its versions, number, group and text.
fn articles(dir: &Path) -> Vec<String> {
    let mut archive = Archive::open(dir).unwrap();
    let all = archive.newest_after(VersionSeq::NONE, usize::MAX >> 1).unwrap();
    let with_versions = all.into_iter().map(|stored| {
        let versions: Vec<VersionSeq> = archive.versions(stored.num).unwrap().into_iter().map(|(seq, _)| seq).collect();
        format!("{stored:?} {versions:?}")
    });
    with_versions.collect()
}

const QUERIES: [&[&str]; 4] = [
    &["frigate treaty", "-n", "50"],
    &["\"the vote was later put off\"", "-n", "50", "--all-copies"],
    &["zz12q OR zz13q OR zz1q", "--all-copies"],
    &["+submarine -drone", "--sort", "newest", "-n", "50"],
];

/// The answers of searches; the same byte for byte for two indexes that were rebuilt from equal archives.
fn answers(home: &Path, dir: &str) -> Vec<String> {
    let search = |query: &&[&str]| {
        let run = despatch(home, &[&["search", "--format", "json", "--index", dir], *query].concat());
        assert!(run.code.is_some_and(|code| code < 2), "{run:?}");
        run.stdout
    };
    QUERIES.iter().map(search).collect()
}

/// Runs a command and kills it after `after`; returns whether it was still running.
fn killed(home: &Path, arguments: &[&str], after: Duration) -> bool {
    let mut child = program(home).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + after;
    while Instant::now() < end && child.try_wait().unwrap().is_none() {
        std::thread::sleep(end.saturating_duration_since(Instant::now()).min(Duration::from_millis(5)));
    }
    let alive = child.try_wait().unwrap().is_none();
    let _ = child.kill(); // SIGKILL; it may just have ended
    let status = child.wait().unwrap();
    assert!(status.code().is_none_or(|code| code == 0), "{arguments:?}: {status}");
    alive && status.code().is_none()
}

/// Verifies and searches what a killed writer left; returns whether it left an archive.
fn sound(home: &Path) -> bool {
    // A writer killed before its first write leaves no archive, and a search has nothing to search.
    if !home.join("index/archive.db").exists() {
        return false;
    }
    let before = despatch(home, &["verify"]);
    assert_eq!(before.code, Some(0), "{}{}", before.stdout, before.stderr);
    let search = despatch(home, &["search", "frigate treaty", "--format", "json"]);
    assert!(search.code.is_some_and(|code| code < 2), "{}{}", search.stdout, search.stderr);
    let after = despatch(home, &["verify"]);
    assert_eq!(after.code, Some(0), "{}{}", after.stdout, after.stderr);
    true
}

/// Runs commands that are killed again and again and in the end may finish.
struct Ordeal<'a> {
    home: &'a Path,
    dice: Dice,
    kills: usize,
    /// Kills that left an archive, which was then verified and searched.
    checked: usize,
}

impl Ordeal<'_> {
    /// Starts the command up to `times` times and kills it after a random time below `most`; then lets it end. Where
    /// its first start ended before the kill, `most` is lowered to that time: it may have been measured while the
    /// machine was busier.
    fn through(&mut self, arguments: &[&str], most: &mut Duration, times: usize) {
        for time in 0..times {
            let (start, after) = (Instant::now(), Duration::from_micros(self.dice.below(most.as_micros() as u64)));
            if !killed(self.home, arguments, after) {
                if time == 0 {
                    *most = start.elapsed().mul_f64(1.1).min(*most);
                }
                break;
            }
            self.kills += 1;
            self.checked += usize::from(sound(self.home));
        }
        must(self.home, arguments);
    }
}

#[test]
fn a_writer_killed_at_any_instant_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (wanted, each, size) = if long() { (200, 12, 3000) } else { (20, 4, 300) };
    let corpus = Corpus::write(home.path(), size);
    let (first, later) = (corpus.first.to_str().unwrap(), corpus.later.to_str().unwrap());
    let start = Instant::now();
    must(home.path(), &["index", "-q", first, "--index", "calm"]);
    let mut most = [start.elapsed().mul_f64(1.1); 3];
    must(home.path(), &["index", "-q", later, "--index", "calm"]);
    let calm = articles(&home.path().join("calm"));
    assert!(calm.len() > size);
    must(home.path(), &["rebuild", "-q", "--index", "calm"]);
    let answers_wanted = answers(home.path(), "calm");

    let mut ordeal = Ordeal { home: home.path(), dice: Dice::new(42), kills: 0, checked: 0 };
    let mut rounds = 0;
    while ordeal.kills < wanted {
        let _ = std::fs::remove_dir_all(home.path().join("index"));
        ordeal.through(&["index", "-q", first], &mut most[0], each);
        ordeal.through(&["index", "-q", later], &mut most[1], each);
        assert_eq!(articles(&home.path().join("index")), calm, "round {rounds}");
        ordeal.through(&["rebuild", "-q"], &mut most[2], each / 2);
        assert_eq!(answers(home.path(), "index"), answers_wanted, "round {rounds}");
        must(home.path(), &["verify"]);
        rounds += 1;
        assert!(rounds <= wanted, "the writer is too quick to be killed: {} kills", ordeal.kills);
    }
    eprintln!("{} kills in {rounds} rounds over {} articles", ordeal.kills, calm.len());
    assert!(ordeal.kills >= wanted && rounds > 0, "{} kills in {rounds} rounds", ordeal.kills);
    assert!(ordeal.checked * 2 >= wanted, "only {} of {} kills left something to check", ordeal.checked, ordeal.kills);
}

#[test]
fn an_index_that_a_killed_writer_had_no_time_for_is_no_fault() {
    let home = tempfile::tempdir().unwrap();
    let corpus = Corpus::write(home.path(), 30);
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    let dir = home.path().join("index");
    std::fs::remove_dir_all(dir.join("tantivy")).unwrap();
    let told = despatch(home.path(), &["verify"]);
    assert_eq!(told.code, Some(2), "at rest, it was there: {told:?}");
    std::fs::rename(dir.join("checksums"), dir.join("checksums.open")).unwrap(); // as while a writer is at work
    let told = despatch(home.path(), &["verify"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.stderr.contains("no index yet"), "{told:?}");
    must(home.path(), &["search", "frigate treaty"]); // it finds something, after making the index again
    must(home.path(), &["verify"]);
}

/// Gives every article a version as a poorer version of the program would have made it of the same input.
fn spoil(dir: &Path) {
    let mut archive = Archive::create(dir).unwrap();
    let all = archive.newest_after(VersionSeq::NONE, usize::MAX >> 1).unwrap();
    let found: Vec<_> = all.iter().map(|stored| archive.provenance(stored.num).unwrap()).collect();
    let mut packer = Packer::new(None).unwrap();
    let mut batch = archive.batch().unwrap();
    for (stored, places) in all.into_iter().zip(found) {
        let mut article = stored.article;
        article.title.push_str(" (half)");
        let place = places.iter().find(|one| one.seq == stored.seq).unwrap();
        let packed = Packed::new(&article, &mut packer).unwrap();
        batch.put(&packed, &place.place, &place.input, place.fetched, "2026-01-01T00:00:00Z".parse().unwrap()).unwrap();
    }
    batch.commit().unwrap();
    drop(archive);
    std::fs::rename(dir.join("checksums"), dir.join("checksums.open")).unwrap(); // as while a writer is at work
}

#[test]
fn extracting_again_can_be_killed_at_any_instant() {
    let home = tempfile::tempdir().unwrap();
    let (wanted, size) = if long() { (100, 3000) } else { (8, 300) };
    let corpus = Corpus::write(home.path(), size);
    must(home.path(), &["index", "-q", corpus.first.to_str().unwrap()]);
    let (index, poor) = (home.path().join("index"), home.path().join("poor"));
    spoil(&index);
    copy(&index, &poor);
    let start = Instant::now();
    must(home.path(), &["rebuild", "-q", "--extract"]);
    let mut most = start.elapsed().mul_f64(1.1);
    let calm = articles(&index);
    assert!(calm.len() > size && calm.iter().all(|article| !article.contains("(half)")));

    let mut ordeal = Ordeal { home: home.path(), dice: Dice::new(43), kills: 0, checked: 0 };
    let mut rounds = 0;
    while ordeal.kills < wanted {
        std::fs::remove_dir_all(&index).unwrap();
        copy(&poor, &index);
        ordeal.through(&["rebuild", "-q", "--extract"], &mut most, 4);
        assert_eq!(articles(&index), calm, "round {rounds}");
        must(home.path(), &["verify"]);
        rounds += 1;
        assert!(rounds <= 4 * wanted, "the writer is too quick to be killed: {} kills", ordeal.kills);
    }
    assert_eq!(ordeal.kills, ordeal.checked);
}

#[test]
fn a_decision_about_a_name_is_there_as_a_whole_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let (wanted, size) = if long() { (60, 2000) } else { (6, 200) };
    let line = |n: usize| {
        let text = format!("The Citizens of Progress Initiative (CPX) met for the day {n}. The CPX voted.");
        format!("{{\"id\":\"{n}\",\"title\":\"Day {n}\",\"text\":\"{text}\"}}\n")
    };
    std::fs::write(home.path().join("news.jsonl"), (0..size).map(line).collect::<String>()).unwrap();
    let own = "[[actor]]\nid = \"party/citizens\"\nheading = \"Citizens of Progress Initiative\"\nexact = [\"CPX\"]\n";
    std::fs::write(home.path().join("own.toml"), own).unwrap();
    must(home.path(), &["index", "-q", "news.jsonl", "--authority", "own.toml"]);
    let count = || {
        let asked = ["search", "--count", "--all-copies", "--actor", "party/citizens", "--min-mentions", "3"];
        despatch(home.path(), &asked).stdout.trim().parse::<usize>().unwrap()
    };
    assert_eq!(count(), size);
    let veto = ["authority", "veto", "CPX", "party/citizens"];
    let start = Instant::now();
    must(home.path(), &veto);
    let most = start.elapsed().mul_f64(1.1);
    assert_eq!(count(), 0);
    let (mut dice, mut kills, mut rounds) = (Dice::new(44), 0, 0);
    while kills < wanted {
        for (command, all) in [(&["authority", "undo", "1"][..], size), (&veto[..], 0)] {
            let after = Duration::from_micros(dice.below(most.as_micros() as u64));
            if killed(home.path(), command, after) {
                kills += 1;
                assert!([0, size].contains(&count()), "after a kill, {} of {size}", count());
                assert_eq!(despatch(home.path(), &["verify"]).code, Some(0));
                must(home.path(), &["rebuild", "-q"]);
                assert!([0, size].contains(&count()));
                // A killed `undo` may have come so far that there is nothing left to take back.
                let again = despatch(home.path(), command);
                assert!(again.code == Some(0) || command[1] == "undo", "{again:?}");
            }
            assert_eq!(count(), all, "round {rounds}");
        }
        rounds += 1;
        assert!(rounds <= 4 * wanted, "the writer is too quick to be killed: {kills} kills");
    }
}
