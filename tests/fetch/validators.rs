//! Conditional requests: what a host said of its answer is said back to it, byte for byte, and nothing else.

use super::server::{Server, Step};
use super::{Desk, feed};

fn sent(server: &Server) -> (Option<String>, Option<String>) {
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let header = |name: &str| seen[0].header(name).map(str::to_owned);
    (header("if-none-match"), header("if-modified-since"))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn what_came_with_the_first_answer_goes_with_the_second_request() {
    let server = Server::new();
    let headers = [("ETag", "W/\"a-gzip\""), ("Last-Modified", "Tue, 31 Feb 2041 99:00:00 XYZ")];
    server.on("/feed", vec![Step::new(200, &headers, feed(&server, &[]))]);
    let mut desk = Desk::of(&[&server]);
    desk.ok(&["follow", &server.url("/feed"), "--as", "feed"]);
    assert_eq!(sent(&server), (None, None));
    assert_eq!(desk.source("feed")["validators"], "both");
    desk.hour = 2;
    desk.fetched(&[]);
    assert_eq!(sent(&server), (some("W/\"a-gzip\""), some("Tue, 31 Feb 2041 99:00:00 XYZ")));
}

#[test]
fn an_answer_without_a_body_changes_only_what_it_names() {
    let server = Server::new();
    let first = [("ETag", "\"1\""), ("Last-Modified", "Sun, 01 Mar 2026 10:00:00 GMT")];
    server.on(
        "/feed",
        vec![
            Step::new(200, &first, feed(&server, &[])),
            Step::new(304, &[("ETag", "\"2\"")], ""),
            Step::new(304, &[], ""),
            Step::ok(feed(&server, &[("/a", "One", "x")])),
        ],
    );
    let mut desk = Desk::following(&server, &["/feed"]);
    let date = some("Sun, 01 Mar 2026 10:00:00 GMT");
    let expected = [
        (None, None),
        (some("\"1\""), date.clone()),
        (some("\"2\""), date.clone()),
        (some("\"2\""), date),
        (None, None),
    ];
    for (poll, expected) in expected.into_iter().enumerate() {
        assert_eq!(desk.fetched(&["--no-pages"])["sources"], 1, "poll {poll}");
        assert_eq!(sent(&server), expected, "poll {poll}");
        desk.hour += 2;
    }
    assert_eq!(desk.counts(), (1, 1));
}

#[test]
fn the_same_date_with_another_tag_replaces_the_tag() {
    let server = Server::new();
    let with = |tag: &str, title: &str| {
        let headers = [("ETag", tag), ("Last-Modified", "Sun, 01 Mar 2026 10:00:00 GMT")];
        Step::new(200, &headers, feed(&server, &[("/a", title, "It sails in May.")]))
    };
    server.on("/feed", vec![with("\"1\"", "One"), with("\"2\"", "One"), with("\"2\"", "Two")]);
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    desk.hour = 2;
    let same = desk.fetched(&["--no-pages"]);
    assert_eq!((&same["new"], &same["changed"], &same["unchanged"]), (&0.into(), &0.into(), &1.into()));
    desk.hour = 4;
    server.seen();
    assert_eq!(desk.fetched(&["--no-pages"])["changed"], 1);
    assert_eq!(sent(&server).0, some("\"2\""));
}

#[test]
fn a_source_that_always_says_not_modified_is_asked_plainly_after_a_week() {
    let server = Server::new();
    let stuck = [("ETag", "\"stuck\"")];
    server.on("/feed", vec![Step::new(200, &stuck, feed(&server, &[("/a", "One", "x")])), Step::new(304, &[], "")]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&["--no-pages"]);
    desk.hour = 24;
    desk.fetched(&["--no-pages"]);
    server.seen();
    let news = feed(&server, &[("/a", "One", "x"), ("/b", "Two", "y")]);
    server.on("/feed", vec![Step::new(200, &stuck, news)]);
    desk.hour = 8 * 24;
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    assert_eq!(sent(&server), (None, None));
    assert_eq!(desk.source("feed")["validators"], "distrusted");
}

#[test]
fn a_feed_that_has_one_article_twice_has_no_news_at_each_poll() {
    let server = Server::new();
    let twice =
        feed(&server, &[("/a", "Alda orders ferries, says minister", "new"), ("/a", "Alda orders ferries", "old")]);
    server.on(
        "/feed",
        vec![Step::ok(twice.clone() + "<!-- 1 -->"), Step::ok(twice.clone() + "<!-- 2 -->"), Step::ok(twice)],
    );
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    for hour in [2, 6] {
        desk.hour = hour;
        let run = desk.fetched(&["--now", "--no-pages"]);
        assert_eq!((&run["with_news"], &run["unchanged"], &run["changed"]), (&0.into(), &1.into(), &0.into()), "{run}");
    }
    assert_eq!((desk.counts(), desk.text(&server.article("/a"))), ((1, 1), "new".to_owned()));
}
