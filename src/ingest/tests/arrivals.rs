//! Documents that were fetched: the forms of an article, texts that come back, the rows that go with them.

use jiff::Timestamp;

use super::*;
use crate::archive::following::{Host, Item, Page, Source};
use crate::archive::{Batch, Outcome, digest};
use crate::article::{Format, Place, RawDocument};
use crate::authority::{Decision, What};
use crate::ingest::decide;

const STORY: &str = "https://harbour.example/ferry";

/// An entry of a feed, fetched at this minute.
fn entry(key: &str, text: &str, minute: i64) -> RawDocument {
    let object = serde_json::json!({"url": STORY, "title": "Alda buys a ferry", key: text});
    let place = Place { path: "https://harbour.example/feed".into(), member: Some(STORY.into()), ..Place::default() };
    RawDocument { bytes: object.to_string().into(), format: Format::FeedEntry, place, ..fetched(minute) }
}

fn page(text: &str, minute: i64) -> RawDocument {
    let html = format!(
        "<html><head><title>Alda buys a ferry</title></head><body><article><h1>Alda buys a ferry</h1><p>{text}</p>\
         </article></body></html>"
    );
    let place = Place { path: STORY.into(), ..Place::default() };
    let address = Some(STORY.to_owned());
    RawDocument { bytes: html.into_bytes(), format: Format::Html, place, address, ..fetched(minute) }
}

fn fetched(minute: i64) -> RawDocument {
    let at = Timestamp::from_second(1_772_000_000 + minute * 60).unwrap();
    RawDocument { fetched: Some(at), ..RawDocument::default() }
}

fn take(dir: &Path, document: RawDocument) -> Taken {
    take_given(dir, document, None)
}

fn take_given(dir: &Path, document: RawDocument, article: Option<Given>) -> Taken {
    let arrivals = vec![Arrival { document: Some(document), article, again: None, item: None, page: None }];
    let (_, mut taken) =
        take_in(&job(dir, "none"), arrivals, &mut |_| Ok(()), Authority::bundled(), &mut |_| {}).unwrap();
    taken.remove(0)
}

fn text(dir: &Path) -> (String, usize) {
    let mut archive = Archive::open(&dir.join("index")).unwrap();
    let stored = archive.by_id(STORY).unwrap();
    (stored.article.text, archive.versions(stored.num).unwrap().len())
}

#[test]
fn what_the_user_decides_between_two_batches_holds_for_the_second() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    take(dir, page(&format!("NATO met. {}", body(0, 20)), 0));
    let merge = Decision {
        what: What::Merge,
        name: "alliance/nato".into(),
        heading: "alliance/european-union".into(),
        outlet: None,
    };
    decide(&dir.join("index"), Duration::ZERO, |list| list.push(merge)).unwrap();
    // Read before the user decided, and taken in after it.
    let document = page(&format!("NATO met again. {}", body(0, 20)), 1);
    let article = crate::extract::article(&document).unwrap();
    let read = Some(Box::new(Reader::new(Authority::bundled()).read(&article)));
    take_given(dir, document.clone(), Some(Given { article: Box::new(article), input: digest(&document.bytes), read }));
    let index = Index::open(&dir.join("index")).unwrap();
    let with = |id: &str| index.with_actors(&[id.to_owned()]).unwrap().len();
    assert_eq!((with("alliance/nato"), with("alliance/european-union")), (0, 1));
}

#[test]
fn what_several_batches_leave_open_the_last_one_closes() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let batch = |number: Option<usize>| {
        let job = Ingest { goes_on: number.is_some(), ..job(dir, "none") };
        let arrivals = number.map(|number| {
            let place = Place { path: format!("{STORY}/{number}"), ..Place::default() };
            let document = RawDocument { place, ..page(&body(number * 20, number * 20 + 20), 0) };
            let document = Some(RawDocument { address: Some(format!("{STORY}/{number}")), ..document });
            Arrival { document, article: None, again: None, item: None, page: None }
        });
        let arrivals = arrivals.into_iter().collect();
        take_in(&job, arrivals, &mut |_| Ok(()), Authority::bundled(), &mut |_| {}).unwrap();
        let index = tantivy::Index::open_in_dir(dir.join("index/tantivy")).unwrap();
        (index.reader().unwrap().searcher().num_docs(), index.searchable_segment_ids().unwrap().len())
    };
    assert_eq!([0, 1, 2].map(|number| batch(Some(number))), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(batch(None), (3, 1), "merged by the last");
    let most = (3..30).map(|number| batch(Some(number)).1).max().unwrap();
    assert!((2..=10).contains(&most), "{most} segments");
}

#[test]
fn a_lower_form_of_an_article_never_replaces_a_higher_one() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let outcomes = |documents: Vec<RawDocument>| -> Vec<Option<Outcome>> {
        documents.into_iter().map(|document| take(dir, document).outcome).collect()
    };
    use Outcome::{Changed, New, Unchanged};
    let (long, other) = (body(0, 20), body(40, 60));
    assert_eq!(
        outcomes(vec![
            entry("summary", "It sails in May.", 0),
            entry("summary", "It sails in June.", 1),
            entry("text", &long, 2),
            entry("summary", "It sails in July.", 3),
            page(&other, 4),
            entry("text", &format!("{long} More."), 5),
            entry("summary", "It sails in August.", 6),
        ]),
        [New, Changed, Changed, Unchanged, Changed, Unchanged, Unchanged].map(Some)
    );
    let (text, versions) = text(dir);
    assert_eq!((text.as_str(), versions), (other.trim(), 4));
    let archive = Archive::open(&dir.join("index")).unwrap();
    assert_eq!(archive.provenance(ArticleNum(1)).unwrap().len(), 2, "the feed stays a place of it");
    // Files given to `index` follow the same rule, and one that is read again leaves the page alone.
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Harbour</title><item><title>Alda buys a ferry</title><link>{STORY}</link>\
         <description>It sails in May.</description></item></channel></rss>"
    );
    std::fs::write(dir.join("feed.xml"), feed).unwrap();
    let report = run(&job(dir, "feed.xml"), Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!(report, Report { unchanged: 1, ..Report::default() });
    let extracted = extract_again(&job(dir, "none"), Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!(extracted.report.changed, 0);
    assert_eq!(self::text(dir), (other.trim().to_owned(), 4));
}

#[test]
fn a_text_that_comes_back_is_a_change_where_it_was_fetched_again() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (body(0, 20), body(0, 21));
    let taken = |text: &str, minute| take(dir.path(), page(text, minute)).outcome.unwrap();
    assert_eq!(taken(&one, 0), Outcome::New);
    // Another place brings the other text.
    std::fs::write(dir.path().join("saved.html"), page(&two, 0).bytes).unwrap();
    let html = String::from_utf8(page(&two, 0).bytes).unwrap();
    let html = html.replace("<head>", &format!("<head><link rel=\"canonical\" href=\"{STORY}\">"));
    std::fs::write(dir.path().join("saved.html"), html).unwrap();
    assert_eq!(run(&job(dir.path(), "saved.html"), Authority::bundled(), &mut |_| {}).unwrap().changed, 1);
    assert_eq!(taken(&one, 0), Outcome::Unchanged, "the same fetch, read again");
    assert_eq!(taken(&one, 9), Outcome::Changed, "the page has gone back to its first text");
    assert_eq!(text(dir.path()), (one.trim().to_owned(), 3));
    let again = run(&job(dir.path(), "saved.html"), Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!((again.changed, again.unchanged), (0, 1), "a file that is given twice is known");
}

fn source() -> Source {
    let (name, url) = ("harbour".to_owned(), "https://harbour.example/feed".to_owned());
    Source { name, url, title: Some("Harbour Post".to_owned()), ..Source::default() }
}

/// Follows the source, and takes one entry of it with its rows.
fn take_with_rows(dir: &Path, stop: bool) -> Result<(Report, Vec<Taken>), IngestError> {
    let num = directory::write(&dir.join("index"), Duration::ZERO, |mut archive| {
        let batch = archive.batch()?;
        let num = batch.put_source(&source())?;
        batch.commit()?;
        Ok::<u64, IngestError>(num)
    })?;
    let key = digest(STORY.as_bytes());
    let page = Page { key, url: Some(STORY.to_owned()), source: Some(num), next: Some(5), ..Page::default() };
    let item =
        Item { key: digest(b"item"), source: num, input: digest(b"1"), article: None, page: Some(key), guid: None };
    let document = Some(entry("summary", "The quillmark sails in May.", 0));
    let arrivals = vec![Arrival { document, article: None, again: None, item: Some(item), page: Some(page) }];
    let mut closing = |batch: &mut Batch<'_>| {
        if stop {
            return Err(ArchiveError::Damaged("stopped".to_owned()));
        }
        batch.put_source(&Source { num, etag: Some("\"a\"".to_owned()), ..source() })?;
        batch.put_host("harbour.example:443", &Host { next: 7, ..Host::default() })
    };
    take_in(&job(dir, "none"), arrivals, &mut closing, Authority::bundled(), &mut |_| {})
}

#[test]
fn items_and_validators_are_written_with_their_articles_or_not_at_all() {
    for stop in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let taken = take_with_rows(dir.path(), stop);
        let archive = Archive::open(&dir.path().join("index")).unwrap();
        let [articles, etag, waiting, item] = [
            archive.counts().unwrap().articles > 0,
            archive.sources().unwrap()[0].etag.is_some(),
            archive.pages_waiting().unwrap() > 0,
            archive.item(&digest(b"item")).unwrap().is_some(),
        ];
        assert_eq!([articles, etag, waiting, item], [!stop; 4]);
        assert_eq!(taken.is_err(), stop);
        if let Ok((report, taken)) = taken {
            assert_eq!((report.new, taken[0].article), (1, Some(ArticleNum(1))));
            assert_eq!(archive.item(&digest(b"item")).unwrap().unwrap().1, Some(ArticleNum(1)));
        }
    }
}

#[test]
fn a_purge_drops_the_address_of_a_page_and_the_article_stays_out() {
    let dir = tempfile::tempdir().unwrap();
    take_with_rows(dir.path(), false).unwrap();
    let home = dir.path().join("index");
    let proof = purge(&home, Authority::bundled(), &[ArticleNum(1)], Duration::ZERO).unwrap();
    assert_eq!((proof.articles, proof.indistinct), (1, 0));
    let archive = Archive::open(&home).unwrap();
    let page = archive.page(&digest(STORY.as_bytes())).unwrap().unwrap();
    assert_eq!((page.url, page.next, page.article), (None, None, None));
    assert!(archive.item(&digest(b"item")).unwrap().is_some(), "its digest is still known");
    assert_eq!(archive.sources().unwrap().len(), 1);
    drop(archive);
    assert_eq!(take(dir.path(), entry("summary", "The quillmark sails in June.", 3)).outcome, Some(Outcome::Removed));
    let found = crate::verify::verify(&home, None, Duration::ZERO).unwrap();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
}

#[test]
fn an_archive_of_the_format_before_is_read_as_it_is_and_brought_up_when_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    take(dir.path(), page(&body(0, 20), 0));
    // As the older program left it: without the tables and columns.
    let db = rusqlite::Connection::open(home.join("archive.db")).unwrap();
    crate::archive::older::age(&db, 2);
    drop(db);
    let archive = Archive::open(&home).unwrap();
    assert_eq!((archive.sources().unwrap().len(), archive.pages_waiting().unwrap()), (0, 0));
    drop(archive);
    assert_eq!(
        crate::verify::verify(&home, None, Duration::ZERO).unwrap().faults.len(),
        1,
        "only the checksum differs"
    );
    // A version without a form is taken for what its article shows: a page.
    assert_eq!(take(dir.path(), entry("text", &body(3, 9), 1)).outcome, Some(Outcome::Unchanged));
    take_with_rows(dir.path(), false).unwrap();
    assert_eq!(Archive::open(&home).unwrap().sources().unwrap().len(), 1);
    assert!(crate::verify::verify(&home, None, Duration::ZERO).unwrap().faults.is_empty());
}

#[test]
fn an_archive_of_format_3_gets_what_is_known_of_pages_when_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("index");
    take_with_rows(dir.path(), false).unwrap();
    let db = rusqlite::Connection::open(home.join("archive.db")).unwrap();
    db.execute_batch("UPDATE page SET next = NULL, checked = first, held = NULL, status = 200;").unwrap();
    crate::archive::older::age(&db, 3);
    let kept: u64 = db.query_row("SELECT count(*) FROM page WHERE article IS NOT NULL", [], |row| row.get(0)).unwrap();
    drop(db);
    let archive = Archive::open(&home).unwrap();
    assert_eq!((archive.sources().unwrap().len(), archive.rechecks_due(i64::MAX).unwrap().len()), (1, 0));
    assert!(archive.all_gone().unwrap().is_empty() && archive.pages_due(i64::MAX).unwrap().is_empty());
    drop(archive);
    take(dir.path(), page(&body(20, 40), 5));
    let archive = Archive::open(&home).unwrap();
    assert_eq!(archive.rechecks_due(i64::MAX).unwrap().len() as u64, kept);
    assert!(kept > 0 && crate::verify::verify(&home, None, Duration::ZERO).unwrap().faults.is_empty());
}
