use std::time::Duration;

use super::*;

pub(super) fn now() -> Moment {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn article(url: Option<&str>, text: &str) -> Article {
    Article { url: url.map(str::to_owned), title: "T".to_owned(), text: text.to_owned(), ..Article::default() }
}

fn put(archive: &mut Archive, path: &str, article: &Article) -> Put {
    let place = Place { path: path.to_owned(), ..Place::default() };
    let packed = Packed::new(article, &mut Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    let put = batch.put(&packed, &place, &digest(article.text.as_bytes()), None, now()).unwrap();
    batch.commit().unwrap();
    put
}

#[test]
fn versions_grow_and_the_same_input_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let address = Some("https://example.org/a");
    let first = put(&mut archive, "a.html", &article(address, "one"));
    assert_eq!((first.outcome, first.seq), (Outcome::New, VersionSeq(1)));
    let again = put(&mut archive, "a.html", &article(address, "one"));
    assert_eq!((again.outcome, again.seq), (Outcome::Unchanged, VersionSeq(1)));
    let changed = put(&mut archive, "b.html", &article(address, "two"));
    assert_eq!((changed.outcome, changed.num, changed.seq), (Outcome::Changed, first.num, VersionSeq(2)));
    let counts = archive.counts().unwrap();
    assert_eq!(counts, Counts { articles: 1, versions: 2, places: 2 });
    assert_eq!(archive.by_seq(VersionSeq(2)).unwrap().article.text, "two");
    assert_eq!(archive.provenance(first.num).unwrap().len(), 2);
}

#[test]
fn without_an_address_the_text_then_the_place_tells() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let first = put(&mut archive, "a.txt", &article(None, "one"));
    let copy = put(&mut archive, "copy.txt", &article(None, "one"));
    assert_eq!((copy.outcome, copy.num), (Outcome::Unchanged, first.num), "the same bytes under another name");
    let other = put(&mut archive, "c.txt", &article(None, "three"));
    let edited = put(&mut archive, "c.txt", &article(None, "three and more"));
    assert_eq!((edited.outcome, edited.num), (Outcome::Changed, other.num), "an edited file is the same article");
    let moved = put(&mut archive, "copy.txt", &article(None, "four"));
    assert_eq!(moved.outcome, Outcome::New, "the other place still holds the old article");
}

#[test]
fn a_foreign_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(FILE), "this is no database, by any means, whatever it is called").unwrap();
    assert!(matches!(Archive::open(dir.path()), Err(ArchiveError::Foreign { .. })));
    assert!(matches!(Archive::create(dir.path()), Err(ArchiveError::Foreign { .. })));
    assert!(matches!(Archive::open(&dir.path().join("none")), Err(ArchiveError::Missing(_))));
}

#[test]
fn two_inputs_with_one_identifier_are_both_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    for outlet in ["One", "Two"] {
        let article = Article {
            source_id: Some("7".to_owned()),
            outlet: Some(outlet.to_owned()),
            text: outlet.to_owned(),
            ..Article::default()
        };
        put(&mut archive, &format!("{outlet}.jsonl"), &article);
    }
    assert_eq!(archive.counts().unwrap().articles, 2);
    assert_eq!(archive.by_id("7").unwrap().article.text, "One");
}

#[test]
fn an_archive_of_another_format_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    drop(Archive::create(dir.path()).unwrap());
    for (version, advice) in [(OLDEST - 1, "again into a new directory"), (FORMAT + 1, "update it")] {
        let db = Connection::open(dir.path().join(FILE)).unwrap();
        db.pragma_update(None, "user_version", version).unwrap();
        drop(db);
        for refused in [Archive::open(dir.path()).unwrap_err(), Archive::create(dir.path()).unwrap_err()] {
            assert!(refused.to_string().contains(advice), "{refused}");
        }
    }
}

/// Puts an article that was found at a place, in an input with these bytes.
fn put_at(archive: &mut Archive, place: &Place, input: &[u8], article: &Article) -> Put {
    let packed = Packed::new(article, &mut Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    let put = batch.put(&packed, place, &digest(input), None, now()).unwrap();
    batch.commit().unwrap();
    put
}

fn place(path: &str, member: &str, record: u64) -> Place {
    let (member, record) = (Some(member.to_owned()).filter(|m| !m.is_empty()), Some(record).filter(|r| *r > 0));
    Place { path: path.to_owned(), member, record, bytes: None }
}

fn created() -> (tempfile::TempDir, Archive) {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::create(dir.path()).unwrap();
    (dir, archive)
}

#[test]
fn an_input_is_known_by_its_bytes_at_its_place() {
    let (_dir, mut archive) = created();
    let here = place("news.zip", "a.mbox", 3);
    put_at(&mut archive, &here, b"bytes", &article(Some("https://example.org/a"), "one"));
    assert!(archive.is_known(&here, &digest(b"bytes"), None).unwrap());
    assert!(!archive.is_known(&here, &digest(b"other bytes"), None).unwrap());
    for other in [place("old.zip", "a.mbox", 3), place("news.zip", "b.mbox", 3), place("news.zip", "a.mbox", 4)] {
        assert!(!archive.is_known(&other, &digest(b"bytes"), None).unwrap(), "{other}");
    }
    // The same article elsewhere does not make the first place unknown; other bytes there do.
    put_at(&mut archive, &place("news.zip", "a.mbox", 4), b"newer", &article(Some("https://example.org/a"), "two"));
    assert!(archive.is_known(&here, &digest(b"bytes"), None).unwrap());
    put_at(&mut archive, &here, b"other bytes", &article(Some("https://example.org/b"), "three"));
    assert!(!archive.is_known(&here, &digest(b"bytes"), None).unwrap());
    assert!(archive.is_known(&here, &digest(b"other bytes"), None).unwrap());
}

#[test]
fn a_place_that_gives_another_address_gives_another_article() {
    let (_dir, mut archive) = created();
    let here = place("a.html", "", 0);
    let first = put_at(&mut archive, &here, b"1", &article(Some("https://example.org/old"), "one"));
    let moved = put_at(&mut archive, &here, b"2", &article(Some("https://example.org/new"), "one"));
    assert_eq!((moved.outcome, archive.counts().unwrap().articles), (Outcome::New, 2));
    assert_ne!(moved.num, first.num);
    assert!(archive.provenance(first.num).unwrap().is_empty(), "the place holds the new one alone");
    let provenance = archive.provenance(moved.num).unwrap();
    assert_eq!((provenance.len(), provenance[0].seq, provenance[0].input), (1, moved.seq, digest(b"2")));
    // And without any address: still not a version of what has one.
    let bare = put_at(&mut archive, &here, b"3", &article(None, "one, shorter"));
    assert_eq!((bare.outcome, archive.counts().unwrap().articles), (Outcome::New, 3));
}

#[test]
fn a_text_that_goes_back_is_a_new_version() {
    let (_dir, mut archive) = created();
    let address = Some("https://example.org/a");
    let puts = ["one", "two", "one"].map(|text| put(&mut archive, "a.html", &article(address, text)));
    assert_eq!(puts.each_ref().map(|put| put.outcome), [Outcome::New, Outcome::Changed, Outcome::Changed]);
    let seqs: Vec<VersionSeq> = archive.versions(puts[0].num).unwrap().into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(seqs, [1, 2, 3].map(VersionSeq), "oldest first");
    let texts: Vec<String> = seqs.iter().map(|seq| archive.by_seq(*seq).unwrap().article.text).collect();
    assert_eq!(texts, ["one", "two", "one"]);
    assert_eq!(archive.by_num(puts[0].num).unwrap().seq, VersionSeq(3));
    assert!(matches!(archive.by_seq(VersionSeq(4)), Err(ArchiveError::NoArticle(_))));
}

#[test]
fn a_file_that_takes_over_the_text_of_another_gives_no_new_version() {
    let (_dir, mut archive) = created();
    let first = put(&mut archive, "a.txt", &article(None, "one"));
    let other = put(&mut archive, "b.txt", &article(None, "two"));
    let copied = put(&mut archive, "b.txt", &article(None, "one"));
    assert_eq!((copied.outcome, copied.num), (Outcome::Unchanged, first.num));
    assert_eq!(archive.by_num(other.num).unwrap().article.text, "two", "the other stays what it was");
    assert_eq!(archive.provenance(first.num).unwrap().len(), 2);
}

#[test]
fn texts_without_address_are_apart_by_record_and_member() {
    let (_dir, mut archive) = created();
    let places = [place("a", "", 1), place("a", "", 2), place("a", "m", 1), place("b", "", 1)];
    let first: Vec<Put> = (places.iter().enumerate())
        .map(|(n, place)| put_at(&mut archive, place, b"1", &article(None, &format!("text {n}"))))
        .collect();
    assert_eq!(archive.counts().unwrap().articles, 4);
    for (n, place) in places.iter().enumerate() {
        let edited = put_at(&mut archive, place, b"2", &article(None, &format!("text {n}, edited")));
        assert_eq!((edited.outcome, edited.num), (Outcome::Changed, first[n].num), "{place}");
    }
    assert_eq!(archive.counts().unwrap(), Counts { articles: 4, versions: 8, places: 4 });
}

#[test]
fn an_address_goes_before_an_identifier_and_that_before_the_place() {
    let (_dir, mut archive) = created();
    let with = |url: Option<&str>, id: Option<&str>, outlet: Option<&str>, text: &str| Article {
        source_id: id.map(str::to_owned),
        outlet: outlet.map(str::to_owned),
        ..article(url, text)
    };
    let address = Some("https://example.org/a");
    let first = put(&mut archive, "1", &with(address, Some("7"), Some("Alda Post"), "one"));
    let same = put(&mut archive, "2", &with(address, Some("8"), Some("Other"), "two"));
    assert_eq!((same.outcome, same.num), (Outcome::Changed, first.num), "one address, two identifiers");
    let elsewhere = put(&mut archive, "3", &with(Some("https://example.org/b"), Some("7"), Some("Alda Post"), "x"));
    assert_eq!(elsewhere.outcome, Outcome::New, "one identifier, two addresses");
    let by_id = put(&mut archive, "4", &with(None, Some("9"), Some("Alda Post"), "three"));
    let from_elsewhere = put(&mut archive, "5", &with(None, Some("9"), Some("Alda Post"), "four"));
    assert_eq!((from_elsewhere.outcome, from_elsewhere.num), (Outcome::Changed, by_id.num), "one outlet's identifier");
    for other in [with(None, Some("9"), None, "five"), with(None, Some("10"), Some("Alda Post"), "six")] {
        assert_eq!(put(&mut archive, "4", &other).outcome, Outcome::New, "{other:?}");
    }
}

#[test]
fn an_identifier_is_kept_where_it_can_be_typed() {
    let (_dir, mut archive) = created();
    let longest = "x".repeat(120);
    let mut kept = |id: &str| {
        let put = put(&mut archive, id, &Article { source_id: Some(id.to_owned()), ..article(None, id) });
        archive.by_num(put.num).unwrap().id
    };
    for good in ["7", "a-7", "https://a.example/x?y", "Ä", &longest] {
        assert_eq!(kept(good), good);
    }
    let hashed = ["", "-7", "a b", "a\tb", "a\u{7}", &format!("{longest}x")].map(kept);
    for id in &hashed {
        assert!(id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    }
}

#[test]
fn an_article_is_found_by_identifier_beginning_or_address() {
    let (_dir, mut archive) = created();
    for id in ["ab", "abc", "abd", "b1", "b2", "b3", "b4", "b5", "b6", "b7"] {
        let url = format!("https://example.org/{id}");
        put(&mut archive, id, &Article { source_id: Some(id.to_owned()), ..article(Some(&url), id) });
    }
    let mut found = |id: &str| archive.by_id(id).map(|stored| stored.article.text).map_err(|error| error.to_string());
    assert_eq!(found("ab").as_deref(), Ok("ab"), "the whole identifier goes before the beginning of others");
    assert_eq!(found("abc").as_deref(), Ok("abc"));
    assert_eq!(found("https://example.org/abd").as_deref(), Ok("abd"));
    assert_eq!(found("a").unwrap_err(), "'a' could be any of ab, abc, abd");
    assert_eq!(found("b").unwrap_err(), "'b' could be any of b1, b2, b3, b4, b5, b6", "the first few");
    for none in ["c", "abcd", "AB", "a%", "https://example.org/"] {
        assert_eq!(found(none).unwrap_err(), format!("no article '{none}'"));
    }
    put(&mut archive, "long", &Article { source_id: Some("long-one".to_owned()), ..article(None, "long") });
    assert_eq!(archive.by_id("lo").unwrap().article.text, "long");
}

#[test]
fn newest_versions_come_in_order_and_each_once() {
    let (_dir, mut archive) = created();
    let url = |n: usize| format!("https://example.org/{n}");
    for (n, text) in [(0, "one"), (1, "two"), (2, "three"), (0, "four")] {
        put(&mut archive, "x", &article(Some(&url(n)), text));
    }
    let mut seqs = |after, limit| -> Vec<u64> {
        archive.newest_after(VersionSeq(after), limit).unwrap().into_iter().map(|stored| stored.seq.0).collect()
    };
    assert_eq!(seqs(0, 10), [2, 3, 4]);
    assert_eq!(seqs(2, 10), [3, 4], "above that number");
    assert_eq!(seqs(0, 2), [2, 3]);
    assert_eq!(seqs(4, 10), Vec::<u64>::new());
    let newest: Vec<(u64, u64, u64)> =
        archive.newest().unwrap().into_iter().map(|one| (one.num.0, one.seq.0, one.group.0)).collect();
    assert_eq!(newest, [(1, 4, 1), (2, 2, 2), (3, 3, 3)]);
}

#[test]
fn the_first_place_is_the_earliest_seen_then_the_first_by_name() {
    let (_dir, mut archive) = created();
    let places = [place("b", "", 1), place("a", "m", 2), place("a", "m", 1), place("a", "n", 1), place("0", "", 0)];
    let seqs: Vec<VersionSeq> =
        places.iter().map(|place| put_at(&mut archive, place, b"x", &article(Some("u"), "one")).seq).collect();
    assert_eq!(seqs, [VersionSeq(1); 5]);
    archive.db.execute("UPDATE place SET seen = 1000", []).unwrap();
    archive
        .db
        .execute("UPDATE place SET seen = 2000 WHERE file = (SELECT num FROM file WHERE path = '0')", [])
        .unwrap();
    assert_eq!(archive.first_place(VersionSeq(1)).unwrap(), Some(places[2].clone()));
    let order: Vec<Place> = archive.provenance(ArticleNum(1)).unwrap().into_iter().map(|one| one.place).collect();
    assert_eq!(order, [2, 1, 3, 0, 4].map(|n: usize| places[n].clone()));
    assert_eq!(archive.first_place(VersionSeq(2)).unwrap(), None);
}

#[test]
fn a_place_is_given_back_as_it_was_put() {
    let (_dir, mut archive) = created();
    let fetched = "2025-03-04T05:06:07Z".parse().unwrap();
    let full = Place { bytes: Some((0, 17)), ..place("a", "m", 2) };
    let packed = Packed::new(&article(Some("u"), "one"), &mut Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    batch.put(&packed, &full, &digest(b"x"), Some(fetched), now()).unwrap();
    batch.put(&packed, &place("plain", "", 0), &digest(b"y"), None, now()).unwrap();
    batch.commit().unwrap();
    archive.db.execute("UPDATE place SET seen = 1000", []).unwrap();
    let found = archive.provenance(ArticleNum(1)).unwrap();
    assert_eq!((&found[0].place, found[0].fetched, found[0].input), (&full, Some(fetched), digest(b"x")));
    assert_eq!((&found[1].place, found[1].fetched, found[1].input), (&place("plain", "", 0), None, digest(b"y")));
    // The same bytes once more say nothing new; others do.
    put_at(&mut archive, &Place { bytes: Some((1, 18)), ..full.clone() }, b"x", &article(Some("u"), "one"));
    assert_eq!(archive.provenance(ArticleNum(1)).unwrap()[0].place, full);
    put_at(&mut archive, &Place { bytes: Some((1, 18)), ..full }, b"z", &article(Some("u"), "one"));
    assert_eq!(archive.provenance(ArticleNum(1)).unwrap()[1].place.bytes, Some((1, 18)), "seen later than the other");
}

#[test]
fn what_is_held_is_seen_as_it_was_until_it_is_released() {
    let (dir, mut archive) = created();
    put(&mut archive, "a", &article(Some("a"), "one"));
    let mut reader = Archive::open(dir.path()).unwrap();
    assert_eq!(reader.hold().unwrap(), VersionSeq(1));
    put(&mut archive, "b", &article(Some("b"), "two"));
    assert_eq!(
        (reader.last_seq().unwrap(), reader.newest_after(VersionSeq::NONE, 9).unwrap().len()),
        (VersionSeq(1), 1)
    );
    assert_eq!(reader.hold().unwrap(), VersionSeq(2), "held again, as it is now");
    reader.release().unwrap();
    reader.release().unwrap();
    put(&mut archive, "c", &article(Some("c"), "three"));
    assert_eq!(reader.last_seq().unwrap(), VersionSeq(3));
    assert!(reader.batch().is_err(), "a reader writes nothing");
}

#[test]
fn what_was_taken_out_stays_out_in_every_version_until_it_is_let_in() {
    let (_dir, mut archive) = created();
    let note = put(&mut archive, "c.txt", &article(None, "three"));
    put(&mut archive, "c.txt", &article(None, "three and more"));
    let page = put(&mut archive, "a.html", &article(Some("https://example.org/a"), "one"));
    let before = archive.last_seq().unwrap();
    let mut batch = archive.batch().unwrap();
    let mut moved = Vec::new();
    assert!(batch.remove(note.num, false, &mut moved).unwrap());
    assert!(batch.remove(page.num, false, &mut moved).unwrap());
    assert!(!batch.remove(page.num, false, &mut moved).unwrap(), "it is gone already");
    batch.commit().unwrap();
    assert!(moved.is_empty());
    assert_eq!(archive.counts().unwrap(), Counts { articles: 0, versions: 0, places: 0 });
    assert_eq!(archive.last_seq().unwrap(), VersionSeq(before.0 + 2), "an index that does not know of it lags behind");
    assert_eq!(archive.gone_after(before).unwrap(), [note.num, page.num]);
    assert_eq!(archive.gone_after(VersionSeq(before.0 + 1)).unwrap(), [page.num]);
    let texts = [article(None, "three"), article(None, "three and more"), article(Some("https://example.org/a"), "x")];
    for text in &texts {
        assert_eq!(put(&mut archive, "elsewhere", text).outcome, Outcome::Removed, "{text:?}");
    }
    assert_eq!(archive.counts().unwrap().places, 0);
    assert_eq!(put(&mut archive, "c.txt", &article(None, "three and nothing else")).outcome, Outcome::New);
    for (n, text) in texts.iter().enumerate() {
        let packed = Packed::new(text, &mut Packer::new(None).unwrap()).unwrap();
        let mut batch = archive.batch().unwrap();
        batch.readmit(&packed).unwrap();
        batch.commit().unwrap();
        assert_eq!(put(&mut archive, &format!("back {n}"), text).outcome, Outcome::New, "{text:?}");
    }
}

#[test]
fn a_purge_is_unfinished_until_it_is_said_to_be_done() {
    let (_dir, mut archive) = created();
    for (n, purge) in [(1, false), (2, true)] {
        let num = put(&mut archive, "a", &article(Some(&format!("https://example.org/{n}")), "one")).num;
        assert!(!archive.purges().unwrap());
        let mut batch = archive.batch().unwrap();
        assert!(batch.remove(num, purge, &mut Vec::new()).unwrap());
        batch.commit().unwrap();
        assert_eq!(archive.purges().unwrap(), purge);
    }
    archive.purged().unwrap();
    assert!(!archive.purges().unwrap());
    let again = put(&mut archive, "a", &article(Some("https://example.org/2"), "one"));
    assert_eq!(again.outcome, Outcome::Removed, "it stays out all the same");
}

#[test]
fn the_name_of_a_file_goes_with_the_last_article_from_it() {
    let (_dir, mut archive) = created();
    let paths = |archive: &Archive| archive.names("SELECT path FROM file ORDER BY path").unwrap();
    for (n, path) in [(1, "shared"), (2, "shared"), (3, "own")] {
        put_at(&mut archive, &place(path, "", n), b"x", &article(Some(&format!("https://example.org/{n}")), "one"));
    }
    let take_out = |archive: &mut Archive, num| {
        let mut batch = archive.batch().unwrap();
        assert!(batch.remove(num, true, &mut Vec::new()).unwrap());
        batch.commit().unwrap();
    };
    take_out(&mut archive, ArticleNum(1));
    take_out(&mut archive, ArticleNum(3));
    assert_eq!(paths(&archive), ["shared"]);
    // Read again, it stays out, and its file leaves no name behind.
    let again = put_at(&mut archive, &place("own", "", 3), b"x", &article(Some("https://example.org/3"), "one"));
    assert_eq!((again.outcome, paths(&archive)), (Outcome::Removed, vec!["shared".to_owned()]));
    take_out(&mut archive, ArticleNum(2));
    assert!(paths(&archive).is_empty());
}

#[test]
fn each_text_that_others_hold_is_given() {
    let (_dir, mut archive) = created();
    let article = Article { source_id: Some("seven".to_owned()), ..article(Some("https://example.org/a"), "one text") };
    put_at(&mut archive, &place("a.zip", "member.html", 1), b"x", &article);
    put_at(
        &mut archive,
        &place("a.zip", "member.html", 1),
        b"y",
        &Article { text: "another text".to_owned(), ..article },
    );
    let mut all = Vec::new();
    archive.each_text(&mut |text| all.extend([text, b"\n"].concat())).unwrap();
    let all = String::from_utf8_lossy(&all).into_owned();
    for part in ["https://example.org/a", "seven", "a.zip", "member.html", "one text", "another text"] {
        assert!(all.contains(part), "{part}: {all}");
    }
    let traces = archive.traces(ArticleNum(1)).unwrap();
    assert_eq!((traces.texts.len(), traces.packed.len()), (3, 2));
    let mut packed = Vec::new();
    archive.each_packed(&mut |data| packed.push(data.to_vec())).unwrap();
    assert_eq!(packed, traces.packed);
}

#[test]
fn tables_that_do_not_agree_are_told() {
    let told = |sql: &str| {
        let (_dir, mut archive) = created();
        for (n, text) in [(1, "one"), (1, "two"), (2, "three")] {
            put(&mut archive, text, &article(Some(&format!("https://example.org/{n}")), text));
        }
        archive.db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        let mut faults = Vec::new();
        let checked = archive.verify(&mut |fault| faults.push(fault)).unwrap();
        (faults.join("; "), checked.versions, checked.damaged)
    };
    assert_eq!(told(""), (String::new(), 3, 0));
    let cases = [
        ("UPDATE article SET version = 3 WHERE num = 1", "has no newest version of its own"),
        ("UPDATE article SET version = 1 WHERE num = 1", "has a version that is newer than its newest"),
        ("DELETE FROM article WHERE num = 2", "version 3 belongs to no article"),
        ("INSERT INTO copy VALUES (1, 2), (2, 2)", "is in a group that is not named by its first article"),
        ("INSERT INTO copy VALUES (1, 1), (9, 1)", "article number 9 is in a group and is not there"),
        (
            "DELETE FROM version WHERE seq = 2; UPDATE article SET version = 1 WHERE num = 1",
            "refers to a row of version",
        ),
        ("UPDATE version SET sha256 = zeroblob(32) WHERE seq = 2", "version 2 (article "),
        ("UPDATE version SET data = zeroblob(32) WHERE seq = 3", "version 3 (article "),
    ];
    for (sql, what) in cases {
        let (faults, versions, damaged) = told(sql);
        assert!(faults.contains(what), "{sql}: {faults:?}");
        let broken = u64::from(sql.contains("UPDATE version"));
        let gone = u64::from(sql.contains("DELETE FROM version"));
        assert_eq!((versions, damaged), (3 - broken - gone, broken), "{sql}");
    }
}

#[test]
fn the_log_is_emptied_unless_a_reader_needs_it() {
    let (dir, mut archive) = created();
    assert!(Archive::settle(&dir.path().join("nowhere"), Duration::ZERO).unwrap(), "there is nothing to move");
    put(&mut archive, "a", &article(Some("a"), "one"));
    let reader = Archive::open(dir.path()).unwrap();
    reader.hold().unwrap();
    put(&mut archive, "b", &article(Some("b"), "two"));
    let log = dir.path().join("archive.db-wal");
    assert!(!Archive::settle(dir.path(), Duration::ZERO).unwrap());
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    reader.release().unwrap();
    assert!(Archive::settle(dir.path(), Duration::ZERO).unwrap());
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
}

#[test]
fn the_path_of_a_file_address_keeps_letters_digits_and_a_few_signs() {
    let kept: String = (0..=0x7f)
        .map(|byte: u8| char::from(byte))
        .filter(|c| percent_encode(c.to_string().as_bytes(), NOT_IN_PATHS).to_string() == c.to_string())
        .collect();
    assert_eq!(kept, "-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    assert_eq!(percent_encode(b"/a b\xff?", NOT_IN_PATHS).to_string(), "/a%20b%FF%3F");
}
