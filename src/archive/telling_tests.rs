//! Tests of marks and digests, and of the step to the format that has them.

use super::telling::{Digest, DigestState, Move, Standing};
use super::*;

fn article(url: &str, text: &str) -> Article {
    Article { url: Some(url.to_owned()), title: "T".to_owned(), text: text.to_owned(), ..Article::default() }
}

fn put_at(archive: &mut Archive, article: &Article, now: &str) -> Put {
    let place = Place { path: article.url.clone().unwrap_or_default(), ..Place::default() };
    let packed = Packed::new(article, &mut Packer::new(None).unwrap()).unwrap();
    let mut batch = archive.batch().unwrap();
    let put = batch.put(&packed, &place, &digest(article.text.as_bytes()), None, now.parse().unwrap()).unwrap();
    batch.commit().unwrap();
    put
}

fn put(archive: &mut Archive, name: &str) -> ArticleNum {
    put_at(archive, &article(&format!("https://alda.example/{name}"), name), "2026-03-01T12:00:00Z").num
}

fn batch(archive: &mut Archive, work: impl FnOnce(&Batch<'_>)) {
    let batch = archive.batch().unwrap();
    work(&batch);
    batch.commit().unwrap();
}

fn faults(archive: &mut Archive) -> Vec<String> {
    let mut faults = Vec::new();
    archive.verify(&mut |fault| faults.push(fault)).unwrap();
    faults
}

fn message(id: &str, body: &str) -> Digest {
    Digest {
        num: 0,
        id: id.to_owned(),
        mark: "desk".to_owned(),
        made: "2026-03-01T12:00:00Z".parse().unwrap(),
        state: DigestState::Waiting,
        tries: 0,
        stories: 1,
        form: "eml".to_owned(),
        body: Some(body.as_bytes().to_vec()),
    }
}

/// An archive as a program left it that knew only an older format.
fn older(dir: &std::path::Path, format: i64) {
    let mut archive = Archive::create(dir).unwrap();
    put(&mut archive, "one");
    super::older::age(&archive.db, format);
}

#[test]
fn an_older_archive_gets_the_new_tables_when_it_is_first_written() {
    for format in OLDEST..TELLING {
        let dir = tempfile::tempdir().unwrap();
        older(dir.path(), format);
        let mut reader = Archive::open(dir.path()).unwrap();
        assert_eq!((reader.format().unwrap(), reader.uuid().unwrap()), (format, None), "a reader changes nothing");
        assert!(reader.mark("desk", "").unwrap().is_none() && reader.digests(None).unwrap().is_empty());
        assert_eq!(faults(&mut reader), Vec::<String>::new());
        drop(reader);

        // One that is killed within the step leaves the old format, whole.
        let mut db = Connection::open(dir.path().join(FILE)).unwrap();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        tx.execute_batch(include_str!("telling.sql")).unwrap();
        drop(tx);
        drop(db);
        assert_eq!(Archive::open(dir.path()).unwrap().format().unwrap(), format);

        let mut archive = Archive::create(dir.path()).unwrap();
        assert_eq!(archive.format().unwrap(), FORMAT);
        let uuid = archive.uuid().unwrap().unwrap();
        assert!(uuid.len() == 32 && faults(&mut archive).is_empty(), "{uuid}");
        assert_eq!(archive.counts().unwrap().articles, 1);
        put(&mut archive, "two");
        drop(archive);
        assert_eq!(Archive::create(dir.path()).unwrap().uuid().unwrap(), Some(uuid), "it keeps its name");
    }
}

#[test]
fn a_mark_is_never_moved_back_and_what_was_told_stays_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let nums = ["one", "two", "three"].map(|name| put(&mut archive, name));
    let step = |to: u64, rows: Vec<(ArticleNum, Standing, Option<u64>)>| Move {
        from: VersionSeq(1),
        to: VersionSeq(to),
        before: vec![nums[0]],
        rows,
        ..Move::default()
    };
    let first = step(3, vec![(nums[1], Standing::Told, None), (nums[2], Standing::Late, None)]);
    batch(&mut archive, |batch| batch.move_marks("desk", &[first], 0).unwrap());
    let mark = archive.mark("desk", "").unwrap().unwrap();
    assert_eq!(mark.seq, VersionSeq(3));
    assert_eq!(archive.waiting(mark.num, true).unwrap(), [nums[2]]);
    assert_eq!(archive.waiting(mark.num, false).unwrap(), []);
    let second = step(2, nums.map(|num| (num, Standing::Waiting, None)).to_vec());
    batch(&mut archive, |batch| batch.move_marks("desk", &[second], 0).unwrap());
    assert_eq!(archive.mark("desk", "").unwrap(), Some(mark));
    let standing = nums.map(|num| archive.standing(mark.num, num).unwrap().unwrap());
    assert_eq!(standing, [Standing::Before, Standing::Told, Standing::Waiting]);
    assert_eq!((archive.mark("home", "").unwrap(), archive.mark("desk", "x").unwrap()), (None, None), "independent");
    assert!(faults(&mut archive).is_empty());
}

#[test]
fn a_digest_moves_its_mark_once_it_is_done_and_one_that_is_dropped_gives_its_stories_back() {
    for state in [DigestState::Done, DigestState::Stuck] {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = Archive::create(dir.path()).unwrap();
        let num = put(&mut archive, "one");
        let step = Move { to: VersionSeq(1), rows: vec![(num, Standing::Told, Some(1))], ..Move::default() };
        batch(&mut archive, |batch| {
            let kept = batch.keep_digest(&message("a", "A ferry"), &[step]).unwrap();
            assert_eq!((batch.try_digest(kept).unwrap(), batch.try_digest(kept).unwrap()), (1, 2));
        });
        let mark = archive.mark("desk", "").unwrap().unwrap();
        assert_eq!((mark.seq, archive.standing(mark.num, num).unwrap()), (VersionSeq(0), None), "not yet");
        let kept = archive.digests(Some("desk")).unwrap().remove(0);
        assert_eq!((kept.tries, kept.state, archive.last_digest().unwrap()), (2, DigestState::Waiting, kept.num));
        batch(&mut archive, |batch| batch.end_digest(kept.num, state, 0).unwrap());
        assert_eq!(archive.mark("desk", "").unwrap().unwrap().seq, VersionSeq(1));
        assert_eq!(archive.standing(mark.num, num).unwrap(), Some(Standing::Told));
        let told = archive.told_by_digests("desk", 9).unwrap();
        assert_eq!(told.len(), usize::from(state == DigestState::Done));
        batch(&mut archive, |batch| batch.drop_digest(kept.num).unwrap());
        let expected = if state == DigestState::Done { Standing::Told } else { Standing::Waiting };
        assert_eq!(archive.standing(mark.num, num).unwrap(), Some(expected));
        assert!(archive.digests(None).unwrap()[0].body.is_none() && faults(&mut archive).is_empty());
    }
}

#[test]
fn a_removed_article_takes_the_messages_with_it_that_tell_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    let nums = ["secret", "open"].map(|name| put(&mut archive, name));
    let step = |num| Move { to: VersionSeq(2), rows: vec![(num, Standing::Told, Some(1))], ..Move::default() };
    for (id, num, done) in [("a", nums[0], true), ("b", nums[1], true), ("c", nums[0], false)] {
        batch(&mut archive, |batch| {
            let kept = batch.keep_digest(&message(id, &format!("message {id}")), &[step(num)]).unwrap();
            if done {
                batch.end_digest(kept, DigestState::Done, 0).unwrap();
            }
        });
    }
    let mut removing = archive.batch().unwrap();
    assert!(removing.remove(nums[0], true, &mut Vec::new()).unwrap());
    removing.commit().unwrap();
    let left: Vec<_> =
        archive.digests(None).unwrap().into_iter().map(|one| (one.id, one.state, one.body.is_some())).collect();
    let expected =
        [("a", DigestState::Done, false), ("b", DigestState::Done, true), ("c", DigestState::Dropped, false)];
    assert_eq!(left, expected.map(|(id, state, body)| (id.to_owned(), state, body)));
    let mut texts = Vec::new();
    archive.each_text(&mut |text| texts.push(text.to_vec())).unwrap();
    assert!(texts.contains(&b"message b".to_vec()) && !texts.contains(&b"message a".to_vec()));
    assert_eq!(faults(&mut archive), Vec::<String>::new());
}

#[test]
fn the_last_digests_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    for n in 0..60 {
        batch(&mut archive, |batch| {
            let kept = batch.keep_digest(&message(&n.to_string(), "x"), &[]).unwrap();
            batch.end_digest(kept, DigestState::Done, 0).unwrap();
        });
    }
    let kept = archive.digests(None).unwrap();
    assert_eq!((kept.len(), kept[0].id.as_str(), archive.last_digest().unwrap()), (51, "9", 60));
}

#[test]
fn when_an_article_came_is_found_by_its_versions() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = Archive::create(dir.path()).unwrap();
    assert_eq!((archive.seq_before(i64::MAX).unwrap(), archive.first_stored().unwrap()), (VersionSeq(0), None));
    let time = |day: u64| format!("2026-03-{day:02}T12:00:00Z");
    let seconds = |day: u64| time(day).parse::<Timestamp>().unwrap().as_second();
    for day in 1..=20 {
        put_at(&mut archive, &article(&format!("https://alda.example/{day}"), &time(day)), &time(day));
    }
    for day in 1..=20 {
        assert_eq!(archive.seq_before(seconds(day)).unwrap(), VersionSeq(day - 1));
        assert_eq!(archive.seq_before(seconds(day) + 1).unwrap(), VersionSeq(day));
    }
    let summary = Article { summary_only: true, ..article("https://alda.example/s", "In short") };
    let num = put_at(&mut archive, &summary, &time(21)).num;
    put_at(&mut archive, &article("https://alda.example/s", "At length, and more"), &time(22));
    let coming = |upto| archive.coming(num, VersionSeq(upto)).unwrap().unwrap();
    assert_eq!((coming(21).seq, coming(21).stored, coming(21).completed), (VersionSeq(21), seconds(21), true));
    assert!(!coming(20).completed && !coming(22).completed, "it came after, or nothing came since");
    assert_eq!(archive.coming(ArticleNum(99), VersionSeq(1)).unwrap(), None);
}

#[test]
fn tables_of_what_was_told_that_do_not_agree_are_named() {
    let cases = [
        ("INSERT INTO identity (uuid) VALUES ('x')", "is not the only name of the archive"),
        ("INSERT INTO mark (name, search, seq, moved) VALUES ('desk', '', 9, 0)", "mark desk is ahead of the archive"),
        (
            "INSERT INTO digest (id, mark, made, state, tries, stories, form) VALUES ('a', 'desk', 0, 'waiting', 0, 1, 'eml')",
            "digest a is to be handed over and has no message",
        ),
        ("INSERT INTO told (mark, article, state) VALUES (7, 1, 0)", "refers to a row of mark that is not there"),
        ("INSERT INTO asked (source, day, well) VALUES (7, 1, 0)", "refers to a row of source that is not there"),
    ];
    for (sql, what) in cases {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = Archive::create(dir.path()).unwrap();
        put(&mut archive, "one");
        archive.db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        let faults = faults(&mut archive);
        assert!(!faults.is_empty() && faults.iter().all(|fault| fault.contains(what)), "{what}: {faults:?}");
    }
}
