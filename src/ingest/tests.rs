//! The index has the groups of the archive, whatever happens to them.

mod arrivals;

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::Directory;
use tantivy::directory::TerminatingWrite;

use super::*;
use crate::archive::GroupNum;
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
    run(&job(dir, "in.jsonl"), Authority::bundled(), &mut |_| {}).unwrap()
}

fn job(dir: &Path, input: &str) -> Ingest {
    Ingest {
        dir: dir.join("index"),
        inputs: vec![dir.join(input)],
        now: "2026-03-01".parse().unwrap(),
        source: Options::default(),
        wait: Duration::ZERO,
        readmit: false,
        limits: crate::extract::Limits::default(),
        goes_on: false,
        local: true,
    }
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
        assert_eq!(archive.group_of(ArticleNum(*num)).unwrap(), GroupNum(*group));
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
    let put = batch.put(&packed, &place, &crate::archive::digest(b"x"), None, job(dir.path(), "x").now).unwrap();
    batch.commit().unwrap();
    drop(archive);
    assert_eq!((put.num, put.moved), (ArticleNum(1), vec![ArticleNum(2)]));
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
    // Back to the first headings, with the user's own kept next to the index.
    let stamped = [own.as_bytes(), &[0; 4]].concat();
    let whole = [&stamped[..], &crc32fast::hash(&stamped).to_le_bytes()].concat();
    std::fs::write(home.join("authority-before.bin"), whole).unwrap();
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
    // A rebuild was killed after it moved the old index aside; then a reader made the index again.
    let aside = home.join(BESIDE).join("old");
    std::fs::create_dir_all(&aside).unwrap();
    std::fs::write(aside.join("meta.json"), "{}").unwrap();
    assert_eq!(rebuild(&home, Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap(), 1);
    assert!(!home.join(BESIDE).exists());
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1)]));
}

/// A writer is killed after it wrote the list of deleted articles and before its commit.
#[test]
fn what_a_killed_writer_left_does_not_stand_in_the_way_of_the_next() {
    let (dir, twin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    ingest(dir.path(), &[row("a", &body(0, 40)), row("b", &body(500, 540)), row("c", &body(900, 940))].concat());
    let (home, other) = (dir.path().join("index"), twin.path().join("index"));
    copy(&home, &other);
    let take_out = |home: &Path| remove(home, Authority::bundled(), &[ArticleNum(1)], Duration::ZERO);
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
    assert!(batch.remove(ArticleNum(1), false, &mut Vec::new()).unwrap());
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

#[test]
fn a_run_counts_what_became_of_each_document() {
    let dir = tempfile::tempdir().unwrap();
    let text = |n: usize| body(n * 100, n * 100 + 20);
    let first = [row("a", &text(1)), "{\"title\": \"cut\n".to_owned(), row("b", &text(2)), row("c", &text(3))].concat();
    let mut told = Vec::new();
    std::fs::write(dir.path().join("in.jsonl"), &first).unwrap();
    let report = run(&job(dir.path(), "in.jsonl"), Authority::bundled(), &mut |event| match event {
        Event::Unread(error) => told.push(format!("unread {error}")),
        Event::Empty(error) => told.push(format!("empty {error}")),
        Event::Done(_) => {}
    });
    let bytes = (1..=3).map(|n| text(n).trim_end().len() as u64).sum();
    assert_eq!(report.unwrap(), Report { new: 3, failed: 1, text: bytes, ..Report::default() });
    assert!(told.len() == 1 && told[0].starts_with("empty ") && told[0].contains("in.jsonl:2"), "{told:?}");
    // An unchanged article, a changed one, a new one, and an unchanged one at another place.
    let second = [row("a", &text(1)), row("b", &text(4)), row("d", &text(5)), row("c", &text(3))].concat();
    let report = ingest(dir.path(), &second);
    let bytes = [4, 5].map(|n| text(n).trim_end().len() as u64).iter().sum();
    assert_eq!(report, Report { new: 1, changed: 1, unchanged: 2, text: bytes, ..Report::default() });
    assert_eq!(report.total(), 4);
    assert_eq!(ingest(dir.path(), &second), Report { unchanged: 4, ..Report::default() });
    remove(&dir.path().join("index"), Authority::bundled(), &[ArticleNum(1)], Duration::ZERO).unwrap();
    assert_eq!(ingest(dir.path(), &second), Report { unchanged: 3, removed: 1, ..Report::default() });
    let readmit = Ingest { readmit: true, ..job(dir.path(), "in.jsonl") };
    let report = run(&readmit, Authority::bundled(), &mut |_| {}).unwrap();
    let bytes = text(1).trim_end().len() as u64;
    assert_eq!(report, Report { new: 1, unchanged: 3, text: bytes, ..Report::default() });
    assert_eq!(Report { new: 1, changed: 2, unchanged: 4, removed: 8, failed: 16, doubtful: 32, text: 64 }.total(), 31);
}

#[test]
fn the_archive_keeps_the_time_that_the_caller_gives() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("in.jsonl"), row("a", &body(0, 20))).unwrap();
    let (at, later) = ("2099-05-06T07:08:09Z", "1970-01-01T00:00:01Z");
    let read = |now: &str| {
        let job = Ingest { now: now.parse().unwrap(), ..job(dir.path(), "in.jsonl") };
        run(&job, Authority::bundled(), &mut |_| {}).unwrap()
    };
    assert_eq!((read(at).new, read(later).unchanged), (1, 1));
    let (archive, _) = open(&dir.path().join("index"), Authority::bundled()).unwrap();
    let seen: Vec<String> =
        archive.provenance(ArticleNum(1)).unwrap().iter().map(|place| place.seen.to_string()).collect();
    assert_eq!(seen, [at], "what was read before keeps its time");
    assert_eq!(archive.versions(ArticleNum(1)).unwrap()[0].1.to_string(), at);
}

#[test]
fn an_old_copy_of_a_file_does_not_push_out_what_came_later() {
    let dir = tempfile::tempdir().unwrap();
    let text = |n: usize| body(n * 100, n * 100 + 20);
    std::fs::write(dir.path().join("old.jsonl"), row("a", &text(1))).unwrap();
    std::fs::write(dir.path().join("new.jsonl"), row("a", &text(2))).unwrap();
    let read = |input: &str| run(&job(dir.path(), input), Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!(read("old.jsonl").new, 1);
    assert_eq!(read("new.jsonl").changed, 1);
    let again = read("old.jsonl");
    assert_eq!((again.changed, again.unchanged), (0, 1));
    let (mut archive, _) = open(&dir.path().join("index"), Authority::bundled()).unwrap();
    assert_eq!(archive.by_num(ArticleNum(1)).unwrap().article.text, text(2).trim_end());
}

#[test]
fn two_versions_in_one_input_leave_one_article_in_the_index() {
    let dir = tempfile::tempdir().unwrap();
    let rows = [row("a", &body(0, 20)), row("b", &body(500, 520)), row("a", &body(900, 920)), row("a", &body(0, 21))];
    let report = ingest(dir.path(), &rows.concat());
    assert_eq!((report.new, report.changed), (2, 2));
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2)]));
    let (_, snapshot) = open(&dir.path().join("index"), Authority::bundled()).unwrap();
    assert_eq!(snapshot.searcher.num_docs(), 2);
    assert_eq!(rebuild(&dir.path().join("index"), Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap(), 2);
}

/// The usual order, oldest first, and the unusual one.
#[test]
fn a_yearly_notice_gives_a_story_for_each_year() {
    let notice = |year: u32| {
        let text = format!("{} It was for the year {year}, and for no other.", body(0, 8));
        let url = format!("https://news.example/{year}");
        let published = format!("{year}-05-09");
        format!("{}\n", serde_json::json!({"url": url, "title": "Notice", "published": published, "text": text}))
    };
    for years in [[2023, 2024], [2024, 2023]] {
        let dir = tempfile::tempdir().unwrap();
        ingest(dir.path(), &years.map(notice).concat());
        assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2)]), "{years:?}");
    }
}

#[test]
fn of_two_equal_copies_the_first_is_shown_for_the_story() {
    use crate::engine::{Engine, LocalEngine, SearchRequest};
    for ids in [["a", "b"], ["b", "a"]] {
        let dir = tempfile::tempdir().unwrap();
        let rows = ids.map(|id| {
            let url = format!("https://news.example/{id}");
            let article = serde_json::json!({"id": id, "url": url, "title": "Same", "outlet": "Alda Post",
                "published": "2025-03-04", "text": body(0, 40)});
            format!("{article}\n")
        });
        let home = dir.path();
        for stage in ["each in a run of its own", "from the archive"] {
            if stage == "each in a run of its own" {
                ingest(home, &rows[0]);
                ingest(home, &rows.concat());
            } else {
                rebuild(&home.join("index"), Authority::bundled(), Duration::ZERO, &mut |_| {}).unwrap();
            }
            let (archive, index) = open(&home.join("index"), Authority::bundled()).unwrap();
            let mut engine = LocalEngine::new(archive, index, Authority::bundled());
            let found = engine.search(&SearchRequest::new("force", "2026-03-01".parse().unwrap())).unwrap();
            let hits: Vec<(&str, u64)> = found.hits.iter().map(|hit| (hit.id.as_str(), hit.copies)).collect();
            assert_eq!(hits, [(ids[0], 2)], "{stage}");
        }
    }
}

#[test]
fn an_index_of_another_archive_is_refused_and_made_anew_by_the_next_run() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    let (one, two, three) = (row("a", &body(0, 20)), row("b", &body(500, 520)), row("c", &body(900, 920)));
    ingest(dir.path(), &one);
    let older = std::fs::read(home.join(crate::archive::FILE)).unwrap();
    ingest(dir.path(), &two);
    std::fs::write(home.join(crate::archive::FILE), older).unwrap();
    assert!(matches!(open(&home, Authority::bundled()), Err(IngestError::Outdated(_))));
    assert_eq!(ingest(dir.path(), &three).new, 1);
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2)]));
    // So is one that was made with other headings, and a reader changes nothing of it.
    let own = "[[actor]]\nid = \"state/aldovia\"\nheading = \"Aldovia\"\n";
    let own = Authority::bundled().with_files(&[("own.toml".into(), own.into())]).unwrap();
    assert!(matches!(open(&home, &own), Err(IngestError::Outdated(_))));
    assert_eq!(indexed(dir.path()), pairs(&[(1, 1), (2, 2)]));
    assert!(matches!(open(&dir.path().join("none"), &own), Err(IngestError::Archive(ArchiveError::Missing(_)))));
}

/// Words of the archive's own schema, of names of files and of saved searches betray no article.
#[test]
fn the_only_article_can_be_purged_whatever_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let text = "Each version of the article has a sha256 and a place: tantivy, checksums, sqlite format, published, title, \
                meta, fast, u64. Quillmark sketched the archive; its dictionary, members and sequence were removed.";
    std::fs::write(dir.path().join("one.txt"), text).unwrap();
    run(&job(dir.path(), "one.txt"), Authority::bundled(), &mut |_| {}).unwrap();
    let home = dir.path().join("index");
    std::fs::create_dir(home.join("saved")).unwrap();
    std::fs::write(home.join("saved/quillmark.toml"), "query = \"Quillmark\"\n").unwrap();
    let proof = purge(&home, Authority::bundled(), &[ArticleNum(1)], Duration::ZERO).unwrap();
    assert_eq!((proof.articles, proof.indistinct), (1, 0));
    assert!(proof.sought > 5, "{proof:?}");
}

#[test]
fn a_purge_leaves_no_name_of_a_file_that_only_the_article_came_from() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    let holding = |word: &str| -> Vec<String> {
        let mut all = Vec::new();
        for folder in [home.clone(), home.join("tantivy")] {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    let bytes = std::fs::read(&path).unwrap();
                    let holds = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                    all.extend(holds.then(|| path.strip_prefix(&home).unwrap().display().to_string()));
                }
            }
        }
        all
    };
    let mut zip = ::zip::ZipWriter::new(std::fs::File::create(dir.path().join("leaked-archive.zip")).unwrap());
    for (n, name) in ["secret-member.jsonl", "shared-member.jsonl"].into_iter().enumerate() {
        zip.start_file(name, ::zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, row(&n.to_string(), &body(n * 100, n * 100 + 20)).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    std::fs::write(dir.path().join("secret-file.jsonl"), row("0", &body(700, 720))).unwrap();
    std::fs::write(dir.path().join("shared-file.jsonl"), row("0", &body(800, 820)) + &row("2", &body(850, 870)))
        .unwrap();
    for input in ["leaked-archive.zip", "secret-file.jsonl", "shared-file.jsonl"] {
        run(&job(dir.path(), input), Authority::bundled(), &mut |_| {}).unwrap();
    }
    let (mut archive, _) = open(&home, Authority::bundled()).unwrap();
    let num = archive.by_id("https://news.example/0").unwrap().num;
    assert_eq!(archive.versions(num).unwrap().len(), 3);
    drop(archive);
    let names = ["secret-member", "secret-file"];
    for name in names {
        assert_eq!(holding(name), ["archive.db"], "{name} before");
    }
    let proof = purge(&home, Authority::bundled(), &[num], Duration::ZERO).unwrap();
    assert_eq!((proof.articles, proof.indistinct), (1, 0));
    assert!(proof.sought > 0 && proof.files > 5 && proof.bytes > 10_000, "{proof:?}");
    for name in names {
        assert_eq!(holding(name), Vec::<String>::new(), "{name}");
    }
    for name in ["leaked-archive.zip", "shared-member", "shared-file"] {
        assert_eq!(holding(name), ["archive.db"], "others came from {name}");
    }
    // A purged article stays out when its file is read again, and so does the name of the file.
    for input in ["secret-file.jsonl", "leaked-archive.zip"] {
        let report = run(&job(dir.path(), input), Authority::bundled(), &mut |_| {}).unwrap();
        assert_eq!((report.removed, report.new), (1, 0), "{input}");
    }
    for name in names {
        assert_eq!(holding(name), Vec::<String>::new(), "{name}, read again");
    }
}

#[test]
fn changed_headings_bring_in_what_the_index_did_not_have_yet() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    ingest(dir.path(), &row("0", "The Harbour Pact met in Vilnius on Monday."));
    let before = dir.path().join("before");
    copy(&home.join("tantivy"), &before);
    ingest(dir.path(), &row("1", "The Harbour Pact met again in Riga on Tuesday."));
    // As after a writer that was killed between archive and index.
    std::fs::remove_dir_all(home.join("tantivy")).unwrap();
    copy(&before, &home.join("tantivy"));
    let own = "[[actor]]\nid = \"alliance/harbour-pact\"\nheading = \"Harbour Pact\"\n";
    let own = Authority::bundled().with_files(&[("own.toml".into(), own.into())]).unwrap();
    assert_eq!(renew(&home, &own, Duration::ZERO, &mut |_| {}).unwrap(), Renewed { again: 2, all: 2 });
    let found = tagged(dir.path());
    assert_eq!(found.len(), 2);
    assert!(found.values().all(|tags| tags.contains("actor=alliance/harbour-pact")), "{found:?}");
    // Headings that did not change give nothing to retag by: the whole index is built again.
    assert_eq!(renew(&home, &own, Duration::ZERO, &mut |_| {}).unwrap(), Renewed { again: 2, all: 2 });
    assert_eq!(tagged(dir.path()), found);
}
