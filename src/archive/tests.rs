use super::*;

fn article(url: Option<&str>, text: &str) -> Article {
    Article { url: url.map(str::to_owned), title: "T".to_owned(), text: text.to_owned(), ..Article::default() }
}

fn put(archive: &mut Archive, path: &str, article: &Article) -> Put {
    let place = Place { path: path.to_owned(), ..Place::default() };
    let packed = Packed::new(article, &mut Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    let put = batch.put(&packed, &place, &digest(article.text.as_bytes()), None).unwrap();
    batch.commit().unwrap();
    put
}

#[test]
fn versions_grow_and_the_same_input_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let address = Some("https://example.org/a");
    let first = put(&mut archive, "a.html", &article(address, "one"));
    assert_eq!((first.outcome, first.seq), (Outcome::New, 1));
    let again = put(&mut archive, "a.html", &article(address, "one"));
    assert_eq!((again.outcome, again.seq), (Outcome::Unchanged, 1));
    let changed = put(&mut archive, "b.html", &article(address, "two"));
    assert_eq!((changed.outcome, changed.num, changed.seq), (Outcome::Changed, first.num, 2));
    let counts = archive.counts().unwrap();
    assert_eq!(counts, Counts { articles: 1, versions: 2, places: 2 });
    assert_eq!(archive.by_seq(2).unwrap().article.text, "two");
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
    for (version, advice) in [(FORMAT - 1, "again into a new directory"), (FORMAT + 1, "update it")] {
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
    let put = batch.put(&packed, place, &digest(input), None).unwrap();
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
    take_out(&mut archive, 1);
    take_out(&mut archive, 3);
    assert_eq!(paths(&archive), ["shared"]);
    // Read again, it stays out, and its file leaves no name behind.
    let again = put_at(&mut archive, &place("own", "", 3), b"x", &article(Some("https://example.org/3"), "one"));
    assert_eq!((again.outcome, paths(&archive)), (Outcome::Removed, vec!["shared".to_owned()]));
    take_out(&mut archive, 2);
    assert!(paths(&archive).is_empty());
}
