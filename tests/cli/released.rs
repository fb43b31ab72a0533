//! Indexes made by released versions of the program stay readable, or are refused with a message that says what to do.
//!
//! `released/` holds the articles and, for each set of format numbers that was released, the index made of them then.
//! When a release changes one of these numbers, add its index and a line to [`RELEASED`], and leave the others as they
//! are:
//!
//! ```sh
//! cd tests/cli/released
//! DESPATCH_NOW=2026-03-01T12:00:00Z despatch index articles
//! tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-03-01 -czf archive2-index3-analysis5.tar.gz index
//! rm -r index
//! ```
//!
//! Where a release can no longer read the archive of an older one, the line of the older one gets the message.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use despatch::authority::Authority;
use despatch::index::fingerprint;

use super::Desk;
use super::index::outdate;

/// The numbers of archive, index and analysis that were released, as they stand in the name of the file. Beside them is
/// the message where this program refuses such an index; without one, it searches the index as it is or after a rebuild.
const RELEASED: [(&str, Option<&str>); 1] = [("archive2-index3-analysis5", None)];

const OUTDATED: &str = "error: the index in index was made by another version, by another authority file or from another archive\n\
    hint: run `despatch rebuild`: it needs only the archive in the index directory\n";

/// A desk with a copy of a released index and of the articles in it.
fn desk_of(name: &str) -> Desk {
    let desk = Desk::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/released");
    let packed = std::fs::File::open(folder.join(format!("{name}.tar.gz"))).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(packed)).unpack(desk.path()).unwrap();
    for entry in std::fs::read_dir(folder.join("articles")).unwrap() {
        let path = entry.unwrap().path();
        desk.file(&format!("articles/{}", path.file_name().unwrap().to_str().unwrap()), std::fs::read(&path).unwrap());
    }
    desk
}

/// Whether the index was made by the rules of this program. A changed authority file is another rule, too.
fn is_current(desk: &Desk) -> bool {
    let meta = std::fs::read_to_string(desk.path().join("index/tantivy/meta.json")).unwrap();
    meta.contains(&fingerprint(Authority::bundled()))
}

/// Asserts that everything in the index is found.
fn assert_whole(desk: &Desk, name: &str) {
    let found = desk.run(&["search", "frigates"]);
    assert_eq!(found.code, 0, "{name}: {}", found.stderr);
    for line in [
        "Four «frigates» for Ravenia",
        "Ostmark Today · 2025-03-05 · 2 copies in 2 outlets · first in The Lorn Herald",
        "Tarvia and Ravenia hold a joint exercise at sea",
        "2 stories (3 copies)",
    ] {
        assert!(found.stdout.contains(line), "{name}: {line}: {}", found.stdout);
    }
    let stats = &desk.json(&["stats", "--format", "json"])[0];
    let counts = ["articles", "versions", "places", "outlets"].map(|key| stats[key].as_u64().unwrap());
    assert_eq!(counts, [4, 4, 4, 2], "{name}: {stats}");
    assert_eq!((&stats["first_month"], &stats["last_month"]), (&"2025-03".into(), &"2025-04".into()), "{name}");
    let verified = desk.run(&["verify"]);
    assert_eq!(verified.code, 0, "{name}: {}", verified.stderr);
    assert!(verified.stdout.starts_with("no fault found: 4 versions, 4 articles indexed, "), "{}", verified.stdout);
}

/// Asserts that an index made by other rules says so.
fn assert_outdated(desk: &Desk, name: &str) {
    for command in [&["search", "frigates"][..], &["stats"]] {
        let run = desk.run(command);
        assert_eq!((run.code, run.stderr.as_str()), (2, OUTDATED), "{name}: {command:?}");
    }
    let verified = desk.run(&["verify"]);
    assert_eq!(verified.code, 2, "{name}");
    let fault = "tantivy: was made by another version or another authority file\n";
    assert!(verified.stdout.contains(fault), "{name}: {}", verified.stdout);
    assert!(verified.stderr.contains("run `despatch rebuild`"), "{name}: {}", verified.stderr);
}

#[test]
fn an_index_of_every_release_is_read_or_says_what_to_do() {
    for (name, refusal) in RELEASED {
        let desk = desk_of(name);
        if let Some(message) = refusal {
            let run = desk.run(&["search", "frigates"]);
            assert!(run.code == 2 && run.stderr.contains(message), "{name}: {}", run.stderr);
            continue;
        }
        if !is_current(&desk) {
            assert_outdated(&desk, name);
            assert_eq!(desk.run(&["rebuild"]).code, 0, "{name}");
        }
        assert_whole(&desk, name);
        let again = desk.run(&["index", "articles"]);
        assert!(again.stdout.starts_with("0 new, 0 changed, 4 unchanged, 0 failed "), "{name}: {}", again.stdout);
        assert_whole(&desk, name);
    }
}

/// As if the number of index or analysis had been raised since, or the authority file changed.
#[test]
fn an_index_by_older_rules_is_brought_up_by_index_and_by_rebuild() {
    for (name, _) in RELEASED.into_iter().filter(|(_, refusal)| refusal.is_none()) {
        for command in [&["index", "articles"][..], &["rebuild"]] {
            let desk = desk_of(name);
            outdate(&desk);
            assert_outdated(&desk, name);
            assert_eq!(desk.run(command).code, 0, "{name}: {command:?}");
            assert_whole(&desk, name);
        }
    }
}

/// As if the schema had gained or lost a field since: tantivy opens such an index, but it cannot be searched.
#[test]
fn an_index_with_other_fields_is_brought_up_by_every_writer() {
    let (name, _) = &RELEASED[0];
    for command in [&["rebuild"][..], &["index", "articles"], &["rebuild", "--extract"]] {
        let desk = desk_of(name);
        assert_eq!(desk.run(&["rebuild"]).code, 0);
        let meta = desk.path().join("index/tantivy/meta.json");
        let text = std::fs::read_to_string(&meta).unwrap();
        assert!(text.contains("\"outlet\""));
        std::fs::write(&meta, text.replace("\"outlet\"", "\"publisher\"")).unwrap();
        let run = desk.run(&["search", "frigates"]);
        assert_eq!((run.code, run.stderr.as_str()), (2, OUTDATED));
        assert_eq!(desk.run(command).code, 0, "{command:?}");
        assert_whole(&desk, name);
    }
}

/// An archive of a later format is refused by every command and left as it is.
#[test]
fn an_archive_of_a_later_format_is_refused() {
    let (name, _) = &RELEASED[0];
    let desk = desk_of(name);
    let path = desk.path().join("index/archive.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(60)).unwrap(); // SQLite's `user_version`
    file.write_all(&99u32.to_be_bytes()).unwrap();
    let before = std::fs::read(&path).unwrap();
    for command in [&["search", "frigates"][..], &["stats"], &["index", "articles"], &["rebuild"]] {
        let run = desk.run(command);
        let told = "error: index/archive.db: archive format 99 of a newer program; this one reads format ";
        assert!(run.code == 2 && run.stderr.starts_with(told), "{command:?}: {}", run.stderr);
    }
    assert!(std::fs::read(&path).unwrap() == before);
}
