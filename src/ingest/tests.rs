//! The index has the groups of the archive, whatever happens to them.

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::Directory;
use tantivy::directory::TerminatingWrite;

use super::*;
use crate::source::Options;

fn body(from: usize, to: usize) -> String {
    (from..to).map(|n| format!("Unit {n} of the force moved to sector {} by road. ", n * 7 % 31)).collect()
}

fn row(id: &str, text: &str) -> String {
    let url = format!("https://news.example/{id}");
    format!("{}\n", serde_json::json!({"id": id, "url": url, "title": id, "text": text}))
}

fn ingest(dir: &Path, rows: &str) -> Report {
    std::fs::write(dir.join("in.jsonl"), rows).unwrap();
    let job = Ingest {
        dir: dir.join("index"),
        inputs: vec![dir.join("in.jsonl")],
        source: Options::default(),
        wait: Duration::ZERO,
        readmit: false,
        limits: crate::extract::Limits::default(),
    };
    run(&job, Authority::bundled(), &mut |_| {}).unwrap()
}

/// The group of each article, from the index.
fn indexed(dir: &Path) -> BTreeMap<u64, u64> {
    let (archive, index) = open(&dir.join("index"), Authority::bundled()).unwrap();
    let searcher = index.searcher;
    let mut groups = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let (nums, found) = (segment.fast_fields().u64("num").unwrap(), segment.fast_fields().u64("group").unwrap());
        for doc in segment.doc_ids_alive() {
            let num = nums.first(doc).unwrap();
            groups.insert(num, found.first(doc).unwrap_or(num));
        }
    }
    for (num, group) in &groups {
        assert_eq!(archive.group_of(*num).unwrap(), *group);
    }
    groups
}

fn pairs(groups: &[(u64, u64)]) -> BTreeMap<u64, u64> {
    groups.iter().copied().collect()
}

#[test]
fn the_index_follows_the_groups_and_a_rebuild_sets_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (body(0, 40), body(500, 540));
    ingest(dir.path(), &[row("a", &one), row("b", &other), row("c", &body(0, 25))].concat());
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2), (3, 1)]));
    // The first article of the group becomes another story; its copy is put again under its own number.
    ingest(dir.path(), &[row("a", &body(900, 940)), row("b", &other), row("c", &body(0, 25))].concat());
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2), (3, 3)]));
    ingest(dir.path(), &row("d", &one));
    let groups = pairs(&[(1, 1), (2, 2), (3, 3), (4, 3)]);
    assert_eq!(indexed(dir.path()), groups);
    rebuild(&dir.path().join("index"), Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap();
    assert_eq!(indexed(dir.path()), groups);
}

#[test]
fn an_index_that_lags_gets_moved_articles_too() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    ingest(dir.path(), &[row("a", &body(0, 40)), row("b", &body(0, 38))].concat());
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 1)]));
    // Written to the archive, and then the program is killed.
    let mut archive = Archive::create(&home).unwrap();
    let changed = crate::article::Article {
        source_id: Some("a".to_owned()),
        url: Some("https://news.example/a".to_owned()),
        text: body(700, 740),
        ..Default::default()
    };
    let packed = crate::archive::Packed::new(&changed, &mut crate::archive::Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    let place = crate::article::Place { path: "x".to_owned(), ..Default::default() };
    let put = batch.put(&packed, &place, &crate::archive::digest(b"x"), None).unwrap();
    batch.commit().unwrap();
    drop(archive);
    assert_eq!((put.num, put.moved), (1, vec![2]));
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2)]));
}

/// What the index keeps of each article: actors, affiliations, topics, and where the mentions stand.
fn tagged(dir: &Path) -> BTreeMap<u64, String> {
    use tantivy::schema::document::Document;
    let index = Index::open(&dir.join("index")).unwrap();
    let searcher = index.tantivy.reader().unwrap().searcher();
    let mut all = BTreeMap::new();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let nums = segment.fast_fields().u64("num").unwrap();
        for doc in segment.doc_ids_alive() {
            let kept: tantivy::TantivyDocument = searcher.doc(tantivy::DocAddress::new(ord as u32, doc)).unwrap();
            let mut text = kept.to_json(&index.tantivy.schema());
            for field in ["actor", "affiliation", "topic"] {
                let column = segment.fast_fields().str(field).unwrap().unwrap();
                for term in column.term_ords(doc) {
                    text.push_str(&format!(" {field}="));
                    let mut value = String::new();
                    column.ord_to_str(term, &mut value).unwrap();
                    text.push_str(&value);
                }
            }
            all.insert(nums.first(doc).unwrap(), text);
        }
    }
    all
}

#[test]
fn changed_headings_touch_few_articles_and_give_what_a_rebuild_gives() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    let texts = [
        "The Harbour Pact met in Vilnius on Monday. The Pact will meet again.",
        "Poland bought tanks. Warsaw said that they would come soon.",
        "Oda Vellamo, the Finnish minister, spoke to sailors of the Northern Fleet.",
        "Nothing happened in the village, and nobody came.",
    ];
    let rows: String = texts.iter().enumerate().map(|(n, text)| row(&n.to_string(), text)).collect();
    ingest(dir.path(), &rows);
    let file = r#"
[[actor]]
id = "alliance/harbour-pact"
heading = "Harbour Pact"
weak = ["the Pact"]
[[actor]]
id = "person/oda-vellamo"
heading = "Oda Vellamo"
country = "finland"
"#;
    let own = Authority::bundled().with_files(&[("own.toml".into(), file.into())]).unwrap();
    let renewed = renew(&home, &own, Duration::ZERO, &mut |_| {}).unwrap();
    assert_eq!(renewed, Renewed { again: 2, all: 4 });
    let found = tagged(dir.path());
    assert!(found[&1].contains("actor=alliance/harbour-pact"), "{found:?}");
    assert!(found[&3].contains("affiliation=finland"), "{found:?}");
    rebuild(&home, &own, Duration::ZERO, &mut |_| {}).unwrap();
    assert_eq!(tagged(dir.path()), found);
    // And back again, with the own headings kept beside the index.
    std::fs::write(
        home.join("authority-before.bin"),
        [own.as_bytes(), &crc32fast::hash(own.as_bytes()).to_le_bytes()].concat(),
    )
    .unwrap();
    let renewed = renew(&home, Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap();
    assert_eq!(renewed, Renewed { again: 2, all: 4 });
    let found = tagged(dir.path());
    rebuild(&home, Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap();
    assert_eq!(tagged(dir.path()), found);
}

#[test]
fn an_index_left_aside_by_a_killed_rebuild_goes() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    ingest(dir.path(), &row("a", &body(0, 40)));
    // Killed after the old index was moved aside; then a reader made the index again.
    let aside = home.join(BESIDE).join("old");
    std::fs::create_dir_all(&aside).unwrap();
    std::fs::write(aside.join("meta.json"), "{}").unwrap();
    assert_eq!(rebuild(&home, Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap(), 1);
    assert!(!home.join(BESIDE).exists());
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1)]));
}

/// Killed after it wrote which articles are gone and before it committed that.
#[test]
fn what_a_killed_writer_left_does_not_stand_in_the_way_of_the_next() {
    let (dir, twin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    ingest(dir.path(), &[row("a", &body(0, 40)), row("b", &body(500, 540)), row("c", &body(900, 940))].concat());
    let (home, other) = (dir.path().join("index"), twin.path().join("index"));
    copy(&home, &other);
    let take_out = |home: &Path| remove(home, Authority::bundled(), &[1], Duration::ZERO);
    let names = |home: &Path| -> std::collections::BTreeSet<_> {
        std::fs::read_dir(home.join("tantivy")).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    let before = names(&other);
    assert_eq!(take_out(&other).unwrap(), 1);
    let lists = names(&other);
    let left: Vec<_> = lists.difference(&before).filter(|name| name.to_string_lossy().ends_with(".del")).collect();
    assert_eq!(left.len(), 1, "{lists:?}");
    let index = Index::open(&home).unwrap();
    index.tantivy.directory().open_write(Path::new(left[0])).unwrap().terminate().unwrap();
    drop(index);
    assert_eq!(take_out(&home).unwrap(), 1);
    assert_eq!(indexed(dir.path()), pairs(&[(2, 2), (3, 3)]));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = (entry.as_ref().unwrap().path(), entry.unwrap().file_name());
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn a_reader_that_brings_the_index_up_leaves_the_directory_at_rest() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("index");
    ingest(home.path(), &(row("a", &body(0, 40)) + &row("b", &body(50, 90))));
    // As after a removal that was killed: its changes are in the log, and the index does not know of them.
    let mut archive = Archive::create(&dir).unwrap();
    let mut batch = archive.batch().unwrap();
    assert!(batch.remove(1, false, &mut Vec::new()).unwrap());
    batch.commit().unwrap();
    std::mem::forget(archive);
    let (_archive, index) = open(&dir, Authority::bundled()).unwrap();
    assert_eq!(index.searcher.num_docs(), 1);
    assert!(dir.join(crate::directory::checksums::FILE).exists());
}

#[test]
fn a_reader_beside_a_writer_that_replaces_the_index_is_told_no_fault() {
    let dir = tempfile::tempdir().unwrap();
    let beside = dir.path().join(BESIDE);
    Index::create(dir.path()).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let opened = Index::open(dir.path());
                assert!(matches!(opened, Ok(_) | Err(IndexError::Missing(_))), "{opened:?}");
                let opened = Index::snapshot(dir.path(), &mut || {});
                assert!(matches!(opened, Ok(_) | Err(IndexError::Missing(_))), "{opened:?}");
            }
        });
        for _ in 0..300 {
            drop(Index::create(&beside).unwrap());
            Index::replace(dir.path(), &beside).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().unwrap();
    });
}
