//! What is new among what was fetched.

use super::server::{Server, Step};
use super::{Desk, feed, page, story};

/// The titles of the news, and how many stories were counted as late and as there before.
fn news(desk: &Desk, arguments: &[&str]) -> (Vec<String>, u64, u64) {
    let run = desk.run(&[&["new", "--format", "json"], arguments].concat());
    assert!(run.code < 2, "{run:?}");
    let titles = run.lines("new").iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect();
    let counts = run.line("news");
    (titles, counts["late"].as_u64().unwrap(), counts["baseline"].as_u64().unwrap())
}

#[test]
fn what_a_source_has_when_it_is_followed_is_no_news_and_its_pages_are_none() {
    let server = Server::new();
    let old = [("/a", "Alda orders ferries", "ferries"), ("/b", "Alda orders trains", "trains")];
    let new = [("/c", "Borduria orders tugs", "tugs")];
    server.on("/feed", vec![Step::ok(feed(&server, &old)), Step::ok(feed(&server, &[&new[..], &old[..]].concat()))]);
    for (n, path) in ["/a", "/b", "/c"].into_iter().enumerate() {
        server.on(
            path,
            vec![Step::ok(page(
                ["Alda orders ferries", "Alda orders trains", "Borduria orders tugs"][n],
                &story(10 * n as u64),
            ))],
        );
    }
    let mut desk = Desk::of(&[&server]);
    desk.ok(&["follow", &server.url("/feed"), "--as", "feed"]);
    assert_eq!(news(&desk, &[]), (vec![], 2, 2));
    desk.fetched(&["--no-pages"]);
    desk.hour = 2;
    assert_eq!(desk.fetched(&[])["new"], 1);
    // The texts of all three have come from their pages meanwhile.
    assert_eq!(desk.counts().1, 6);
    let (titles, ..) = news(&desk, &[]);
    assert_eq!(titles, ["Borduria orders tugs"]);
    assert_eq!(news(&desk, &[]).0, Vec::<String>::new());
    desk.hour = 3;
    let (late, ..) = news(&desk, &["--late"]);
    assert_eq!(late.len(), 2, "they can be listed");
    desk.verify();
}

#[test]
fn a_source_that_failed_at_first_has_its_baseline_when_it_answers() {
    let server = Server::new();
    server.on(
        "/feed",
        vec![Step::new(503, &[], ""), Step::ok(feed(&server, &[("/a", "Alda orders ferries", "ferries")]))],
    );
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetch(&["--no-pages"]);
    desk.hour = 30;
    assert_eq!(desk.fetched(&["--now", "--no-pages"])["new"], 1);
    assert_eq!(news(&desk, &[]), (vec![], 1, 1));
}

#[test]
fn what_has_no_date_that_can_be_is_news_when_it_comes() {
    let server = Server::new();
    let items = [
        ("/a", "Alda orders ferries", "ferries"),
        ("/b", "Alda orders trains", "trains"),
        ("/c", "Alda orders tugs", "tugs"),
    ];
    let (first, second) = (feed(&server, &items[..0]), feed(&server, &items));
    let odd = second.replacen("Sun, 01 Mar 2026 08:00:00 GMT", "Fri, 01 Mar 2041 08:00:00 GMT", 1).replacen(
        "<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>",
        "",
        1,
    );
    server.on("/feed", vec![Step::ok(first), Step::ok(odd)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetch(&["--no-pages"]);
    desk.hour = 2;
    assert_eq!(desk.fetched(&["--now", "--no-pages"])["new"], 3);
    let run = desk.ok(&["new", "--format", "json"]);
    let told: Vec<(String, bool)> = run
        .lines("new")
        .iter()
        .map(|line| (line["title"].as_str().unwrap().to_owned(), line["published"].is_null()))
        .collect();
    let expected = [("Alda orders trains", true), ("Alda orders ferries", true), ("Alda orders tugs", false)];
    assert_eq!(told, expected.map(|(title, undated)| (title.to_owned(), undated)), "{run:?}");
    let text = desk.ok(&["new", "--mark", "other"]).stdout;
    assert_eq!(text.matches("undated").count(), 2, "{text}");
}

#[test]
fn copies_whose_summaries_and_pages_come_in_one_run_are_one_story_and_index_and_archive_agree() {
    let server = Server::new();
    let mut desk = Desk::of(&[&server]);
    for n in 0..5 {
        let path = format!("/{n}/ferries");
        let items = [(path.as_str(), "Alda orders ferries", "The defence ministry of Alda has ordered ferries")];
        server.on(&format!("/feed{n}"), vec![Step::ok(feed(&server, &[])), Step::ok(feed(&server, &items))]);
        server.on(&path, vec![Step::ok(page("Alda orders ferries", &story(1)))]);
        desk.ok(&["follow", &server.url(&format!("/feed{n}")), "--as", &format!("feed{n}")]);
    }
    desk.hour = 2;
    assert_eq!((desk.fetched(&[])["completed"].as_u64(), desk.counts().0), (Some(5), 5));
    desk.verify();
    assert_eq!(desk.ok(&["new", "--format", "json"]).lines("new").len(), 1);
}

#[test]
fn what_a_source_had_when_it_was_followed_stays_old_when_it_is_not_followed_any_more() {
    let server = Server::new();
    let old = [("/a", "Alda orders ferries", "ferries"), ("/b", "Alda orders trains", "trains")];
    let new = [("/c", "Borduria orders tugs", "tugs")];
    server.on("/feed", vec![Step::ok(feed(&server, &old)), Step::ok(feed(&server, &[&new[..], &old[..]].concat()))]);
    server.on("/other", vec![Step::ok(feed(&server, &old))]);
    let mut desk = Desk::of(&[&server]);
    desk.ok(&["follow", &server.url("/feed"), "--as", "feed"]);
    assert_eq!(desk.run(&["digest"]).code, 1, "nothing is new, and its mark begins");
    desk.hour = 2;
    // Another source that has the same does not make it new either.
    desk.ok(&["follow", &server.url("/other"), "--as", "other"]);
    assert_eq!(desk.run(&["digest"]).code, 1);
    desk.ok(&["unfollow", "other"]);
    desk.fetched(&["--no-pages", "feed"]);
    desk.ok(&["unfollow", "feed"]);
    assert_eq!(news(&desk, &[]).0, ["Borduria orders tugs"], "a mark that is made only now");
    let digest = desk.ok(&["digest"]).stdout;
    assert!(digest.contains("1 new story") && digest.contains("tugs") && !digest.contains("ferries"), "{digest}");
    desk.ok(&["follow", &server.url("/other"), "--as", "other"]);
    assert_eq!((desk.run(&["digest"]).code, news(&desk, &[]).0), (1, vec![]));
    desk.verify();
    let purged = desk.ok(&["purge", &server.article("/a"), "--yes"]);
    assert!(purged.stdout.contains("gone for good"), "{purged:?}");
    desk.verify();
}
