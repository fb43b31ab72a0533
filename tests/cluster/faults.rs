//! What a healthy cluster does not do.

use std::time::Duration;

use despatch::authority::Authority;
use despatch::cluster::{Address, Cluster, ClusterError};
use despatch::ingest::{self, Fed, Feed, Ingest, IngestError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::{Answer, Fake};

/// An index directory with an archive of two articles.
fn archive() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let articles = dir.path().join("articles");
    std::fs::create_dir(&articles).unwrap();
    for (name, text) in [("a", "Alda buys a ferry from Borduria."), ("b", "Ravenia sells its old frigates to Vell.")] {
        std::fs::write(articles.join(format!("{name}.txt")), format!("{text}\n\n{text} {text}")).unwrap();
    }
    let job = Ingest { local: false, ..Ingest::new(dir.path().join("index"), [articles], now()) };
    let report = ingest::run(&job, Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!(report.new, 2);
    dir
}

fn now() -> despatch::article::Moment {
    "2026-03-01".parse().unwrap()
}

fn connect(port: u16) -> Result<Cluster, ClusterError> {
    let cluster = Cluster::connect(Address::new(&format!("http://127.0.0.1:{port}")).unwrap(), None)?;
    Ok(cluster.with_patience(Duration::from_secs(2)))
}

fn feed(fake: &Fake) -> Result<Fed, IngestError> {
    let (dir, cluster) = (archive(), connect(fake.port)?);
    let how = Feed { whole: false, shards: None, now: now(), wait: Duration::ZERO };
    ingest::feed(&dir.path().join("index"), Authority::bundled(), &cluster, &how, &mut |_| {})
}

/// Whether the state was written, after which nobody would write the stories again.
fn told(fake: &Fake) -> bool {
    !fake.seen("PUT", "-states/_doc/").is_empty()
}

fn item(status: u16, reason: &str) -> Value {
    json!({ "index": { "_id": "2", "status": status, "error": { "type": "x", "reason": reason } } })
}

#[test]
fn a_healthy_cluster_gets_every_story_once_and_the_state_last() {
    let fake = Fake::new(|_| None);
    let fed = feed(&fake).unwrap();
    assert_eq!((fed.stories, fed.articles, fed.whole, told(&fake)), (2, 2, true, true));
    let bulks = fake.seen("POST", "_bulk");
    assert_eq!(bulks.len(), 1);
    let sent = bulks[0].text();
    assert_eq!(sent.lines().count(), 4);
    assert!(sent.contains("\"version_type\":\"external_gte\"") && sent.contains("ferri\\bferry"), "{sent}");
}

#[test]
fn a_busy_cluster_is_asked_again() {
    let mut busy = 2;
    let fake = Fake::new(move |asked| {
        let refuses = asked.path.contains("_bulk") && busy > 0;
        busy -= i32::from(refuses);
        refuses.then(|| Answer::Json(429, json!({ "error": { "reason": "rejected execution" } })))
    });
    assert_eq!(feed(&fake).unwrap().stories, 2);
    assert_eq!(fake.seen("POST", "_bulk").len(), 3);
}

#[test]
fn a_cluster_that_stays_busy_is_left_and_nothing_is_said_to_be_there() {
    let fake = Fake::new(|asked| asked.path.contains("_bulk").then_some(Answer::Json(503, Value::Null)));
    let error = feed(&fake).unwrap_err();
    assert!(matches!(error, IngestError::Cluster(ClusterError::Busy { .. })), "{error}");
    assert!(!told(&fake));
}

#[test]
fn of_a_bulk_that_half_failed_the_rest_alone_is_sent_again() {
    let mut first = true;
    let fake = Fake::new(move |asked| {
        let half = std::mem::take(&mut first) || !asked.path.contains("_bulk");
        first = half && !asked.path.contains("_bulk");
        let items = json!({ "items": [{ "index": { "_id": "1", "status": 201 } }, item(429, "queue is full")] });
        (half && asked.path.contains("_bulk")).then_some(Answer::Json(200, items))
    });
    assert_eq!(feed(&fake).unwrap().stories, 2);
    let bulks = fake.seen("POST", "_bulk");
    assert_eq!(bulks.len(), 2);
    assert!(bulks[0].text().contains("frigate") && bulks[1].text().contains("frigate"));
    assert!(bulks[0].text().contains("ferry") && !bulks[1].text().contains("ferry"));
}

#[test]
fn a_story_that_the_cluster_does_not_take_is_named_and_the_others_are_there() {
    let fake = Fake::new(|asked| {
        let items = json!({ "items": [{ "index": { "_id": "1", "status": 201 } }, item(400, "immense term")] });
        asked.path.contains("_bulk").then_some(Answer::Json(200, items))
    });
    let fed = feed(&fake).unwrap();
    assert_eq!((fed.refused.len(), fed.refused[0].1.as_str(), told(&fake)), (1, "immense term", true));
    assert!(fake.seen("PUT", "-states/_doc/")[0].text().contains("immense term"), "it is tried again by a later run");
}

#[test]
fn a_full_disk_is_told_at_once_as_what_it_is() {
    let block = "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];";
    let whole = json!({ "error": { "root_cause": [{ "reason": block }], "reason": block } });
    let each = json!({ "items": [item(403, block), item(403, block)] });
    for (status, body) in [(429, whole), (200, each)] {
        let fake = Fake::new(move |asked| asked.path.contains("_bulk").then(|| Answer::Json(status, body.clone())));
        let error = feed(&fake).unwrap_err();
        assert!(matches!(error, IngestError::Cluster(ClusterError::Full { .. })), "{error}");
        assert_eq!((fake.seen("POST", "_bulk").len(), told(&fake)), (1, false));
    }
}

#[test]
fn an_answer_that_is_cut_off_or_none_at_all_is_an_error_with_what_to_do() {
    let head = "HTTP/1.1 200 x\r\ncontent-length: 9000\r\n\r\n{\"items\":[{\"index\"";
    for bytes in [head, "", "HTTP/1.1 200 x\r\ncontent-length: 7\r\n\r\n<html/>"] {
        let fake = Fake::new(move |asked| asked.path.contains("_bulk").then_some(Answer::Raw(bytes)));
        let Err(IngestError::Cluster(error)) = feed(&fake) else { panic!("{bytes}") };
        let unreachable = matches!(error, ClusterError::Unreachable { .. });
        assert_eq!((unreachable, told(&fake)), (!bytes.contains("html"), false), "{error}");
        assert!(!unreachable || error.hint().unwrap().contains("the same command goes on"));
    }
}

#[test]
fn what_is_no_cluster_is_refused_and_a_redirect_is_not_followed() {
    let about =
        |distribution: &str, number: &str| json!({ "version": { "distribution": distribution, "number": number } });
    for body in [about("opensearch", "2.10.0"), about("", "8.1.0"), json!({ "hello": 1 }), json!([])] {
        let fake = Fake::new(move |_| Some(Answer::Json(200, body.clone())));
        assert!(matches!(connect(fake.port), Err(ClusterError::Unknown { .. })));
    }
    let other = Fake::new(|_| None);
    let target = other.port;
    let redirect: &'static str =
        format!("HTTP/1.1 302 x\r\nlocation: http://127.0.0.1:{target}/\r\ncontent-length: 0\r\n\r\n").leak();
    let fake = Fake::new(move |_| Some(Answer::Raw(redirect)));
    assert!(connect(fake.port).is_err() && other.seen("GET", "").is_empty());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(matches!(connect(closed), Err(ClusterError::Unreachable { .. })));
}

#[test]
fn a_cluster_that_wants_credentials_is_told_from_one_that_is_down() {
    let fake = Fake::new(|_| Some(Answer::Json(401, json!("Unauthorized"))));
    let error = connect(fake.port).unwrap_err();
    assert!(matches!(error, ClusterError::Denied { status: 401, .. }), "{error}");
    assert!(error.hint().unwrap().contains("backend-credentials"));
}
