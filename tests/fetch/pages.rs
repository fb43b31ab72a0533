//! The pages behind items: robots.txt, walls, forms of an article.

use super::server::{Server, Step};
use super::{Desk, feed, full, page, story};

#[test]
fn a_summary_becomes_the_text_of_its_page_and_stays_it() {
    let server = Server::new();
    let summary =
        |mark: &str| feed(&server, &[("/a", "Alda orders ferries", &format!("The ministry ordered ferries{mark}"))]);
    server.on("/feed", ["", ".", ",", ";", "!"].map(|mark| Step::ok(summary(mark))).into());
    server.on("/a", vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    let mut desk = Desk::following(&server, &["/feed"]);
    let first = desk.fetched(&[]);
    assert_eq!((&first["new"], &first["completed"]), (&1.into(), &1.into()));
    let text = desk.text(&server.article("/a"));
    let article = desk.archive().by_id(&server.article("/a")).unwrap().article;
    assert_eq!(article.published.unwrap().to_string(), "2026-03-01T08:00:00Z", "the page has no date");
    assert_eq!(article.outlet.as_deref(), Some("Harbour Post"));
    for day in 1..5 {
        desk.hour = day * 24;
        let done = desk.fetched(&[]);
        assert_eq!(
            (&done["new"], &done["changed"], &done["completed"]),
            (&0.into(), &0.into(), &0.into()),
            "day {day}"
        );
    }
    assert_eq!((desk.counts(), desk.text(&server.article("/a"))), ((1, 2), text));
    desk.verify();
}

#[test]
fn a_page_that_changes_and_changes_back_is_changed_twice() {
    let server = Server::new();
    let summary = |n: u64| {
        Step::ok(feed(&server, &[("/a", "Alda orders ferries", &format!("The ministry ordered ferries {n}"))]))
    };
    server.on("/feed", vec![summary(1), summary(2), summary(3)]);
    let version = |n| Step::ok(page("Alda orders ferries", &story(n)));
    server.on("/a", vec![version(1), version(2), version(1)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&[]);
    for hour in [24, 48] {
        desk.hour = hour;
        assert_eq!(desk.fetched(&[])["changed"], 1);
    }
    assert!(desk.text(&server.article("/a")).contains("report 1."));
    assert_eq!(desk.counts(), (1, 4));
}

#[test]
fn a_full_text_that_goes_back_to_an_earlier_one_is_a_change_again() {
    let server = Server::new();
    let entry = |n: u64| Step::ok(full(&feed(&server, &[("/a", "Alda", &story(n).replace('<', "&lt;"))])));
    server.on("/feed", vec![entry(1), entry(2), entry(1)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    let outcomes: Vec<(u64, u64)> = (0..3)
        .map(|day| {
            desk.hour = day * 24;
            let done = desk.fetched(&[]);
            (done["new"].as_u64().unwrap(), done["changed"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(outcomes, [(1, 0), (0, 1), (0, 1)]);
    assert!(desk.text(&server.article("/a")).contains("report 1."));
    assert_eq!(server.paths(), ["/feed"; 3], "a full text needs no page");
}

#[test]
fn robots_txt_is_obeyed_for_pages_and_kept_for_a_day() {
    let server = Server::new();
    let items = [("/politics/a", "Alda orders ferries", "ferries"), ("/b", "Alda orders ferries", "ferries")];
    let more = [items[0], items[1], ("/c", "Alda orders ferries", "ferries")];
    server.on("/feed", vec![Step::ok(feed(&server, &items)), Step::ok(feed(&server, &more))]);
    server.on("/robots.txt", vec![Step::ok("User-agent: *\nDisallow: /politics/\n")]);
    for path in ["/politics/a", "/b", "/c"] {
        server.on(path, vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    }
    let mut desk = Desk::following(&server, &["/feed"]);
    let done = desk.fetched(&[]);
    assert_eq!((&done["new"], &done["completed"], &done["held"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(server.paths(), ["/feed", "/robots.txt", "/b"]);
    assert_eq!(desk.source("feed")["held"]["robots"], 1);
    let shown = desk.ok(&["show", &server.article("/politics/a")]).stdout;
    assert!(shown.contains("robots"), "{shown}");
    let json = desk.ok(&["show", &server.article("/politics/a"), "--format", "json"]).stdout;
    assert!(json.contains("\"held\":\"robots\""), "{json}");
    desk.hour = 2;
    desk.fetched(&[]);
    assert_eq!(server.paths(), ["/feed", "/c"], "the rules are known");
    desk.hour = 30;
    desk.fetched(&["--now"]);
    assert_eq!(server.paths(), ["/feed"], "no page is waiting");
}

#[test]
fn rules_that_cannot_be_had_are_told_from_rules_that_are_not_there() {
    for (rules, asked) in [
        (vec![Step::status(404)], true),
        (vec![Step::status(403)], true),
        (vec![Step::status(500)], false),
        (vec![Step::status(429)], false),
        (vec![Step::ok("\u{feff}User-agent: despatch\nDisallow: /a\n")], false),
    ] {
        let server = Server::new();
        server.on("/robots.txt", rules.clone());
        server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "Alda orders ferries", "ferries")]))]);
        server.on("/a", vec![Step::ok(page("Alda orders ferries", &story(1)))]);
        let desk = Desk::following(&server, &["/feed"]);
        desk.fetched(&[]);
        assert_eq!(server.paths().contains(&"/a".to_owned()), asked, "{rules:?}");
        assert_eq!(desk.counts().0, 1);
    }
    // Rules that a host has elsewhere, where nobody may be asked, are none that can be had.
    let server = Server::new();
    server.on("/robots.txt", vec![Step::to(302, "http://10.0.0.1/robots.txt")]);
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "Alda orders ferries", "ferries")]))]);
    let desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&[])["pages_waiting"], 1);
    assert_eq!(server.paths(), ["/feed", "/robots.txt"]);
    for (hops, asked) in [(5, false), (6, true)] {
        let server = Server::new();
        server.on("/robots.txt", vec![Step::to(302, "/r1")]);
        (1..hops).for_each(|n| server.on(&format!("/r{n}"), vec![Step::to(302, &format!("/r{}", n + 1))]));
        server.on(&format!("/r{hops}"), vec![Step::ok("User-agent: *\nDisallow: /\n")]);
        server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "Alda orders ferries", "ferries")]))]);
        let desk = Desk::following(&server, &["/feed"]);
        desk.fetched(&[]);
        assert_eq!(server.paths().contains(&"/a".to_owned()), asked, "{hops} redirects");
    }
}

#[test]
fn walls_are_held_and_never_become_the_article() {
    let server = Server::new();
    let paths = ["/consent", "/paywall", "/blocked", "/challenge", "/gone", "/other"];
    let items: Vec<(&str, &str, &str)> = paths
        .iter()
        .map(|path| (*path, "Alda orders ferries", "The ministry of Alda ordered ferries at Port Lorn"))
        .collect();
    server.on("/feed", vec![Step::ok(feed(&server, &items))]);
    server.on("/consent", vec![Step::to(302, "/login/consent?next=/consent")]);
    server.on("/login/consent?next=/consent", vec![Step::ok(page("Before you go on", &story(1)))]);
    let head = "<script type=\"application/ld+json\">{\"isAccessibleForFree\":false}</script></head>";
    let teaser = page("Alda orders ferries", "<p>The ministry of Alda ordered ferries at Port Lorn.</p>")
        .replace("</head>", head);
    server.on("/paywall", vec![Step::ok(teaser)]);
    server.on("/blocked", vec![Step::status(403)]);
    server
        .on("/challenge", vec![Step::new(200, &[("cf-mitigated", "challenge")], page("Just a moment", "<p>Wait</p>"))]);
    server.on("/gone", vec![Step::status(410)]);
    let other = "<p>Enter your address to receive our daily letter, and confirm that you are no machine before you read on here.</p>";
    server.on("/other", vec![Step::ok(page("Welcome", &other.repeat(3)))]);
    let desk = Desk::following(&server, &["/feed"]);
    let done = desk.fetched(&[]);
    assert_eq!((&done["new"], &done["completed"], &done["held"]), (&6.into(), &0.into(), &6.into()), "{done}");
    let held = desk.source("feed")["held"].clone();
    assert_eq!(held, serde_json::json!({"wall": 2, "paywall": 1, "blocked": 2, "gone": 1}));
    assert_eq!(desk.counts(), (6, 6));
    for path in paths {
        assert!(desk.text(&server.article(path)).starts_with("The ministry of Alda ordered ferries"), "{path}");
    }
    server.seen();
    desk.fetched(&["--now"]);
    assert_eq!(server.paths(), ["/feed"], "what is held is not asked for at each run");
}

#[test]
fn a_page_behind_a_failing_host_is_asked_for_again_later() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "Alda orders ferries", "ferries")]))]);
    server.on("/a", vec![Step::status(503), Step::ok(page("Alda orders ferries", &story(1)))]);
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&[])["pages_waiting"], 1);
    server.seen();
    assert_eq!(desk.fetched(&[])["completed"], 0);
    assert_eq!(server.paths(), Vec::<String>::new(), "not before its time");
    desk.hour = 5;
    assert_eq!(desk.fetched(&[])["completed"], 1);
}

#[test]
fn one_article_in_five_feeds_is_one_article_with_five_places() {
    let server = Server::new();
    let marks = ["", "?utm_source=a", "?fbclid=b", "#top", "?utm_campaign=c&amp;gclid=d"];
    let paths: Vec<String> = (0..5).map(|n| format!("/feed{n}")).collect();
    for (path, mark) in paths.iter().zip(marks) {
        server.on(path, vec![Step::ok(feed(&server, &[(&format!("/a{mark}"), "Alda orders ferries", "ferries")]))]);
    }
    for mark in ["/a", "/a?utm_source=a", "/a?fbclid=b", "/a?utm_campaign=c&gclid=d"] {
        server.on(mark, vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    }
    let desk = Desk::following(&server, &paths.iter().map(String::as_str).collect::<Vec<_>>());
    let done = desk.fetched(&[]);
    assert_eq!((&done["new"], &done["completed"]), (&1.into(), &1.into()), "{done}");
    let mut archive = desk.archive();
    let num = archive.by_id(&server.article("/a")).unwrap().num;
    assert_eq!(archive.provenance(num).unwrap().len(), 6, "five entries and the page");
    assert_eq!(server.paths().iter().filter(|path| path.starts_with("/a")).count(), 1);
}

#[test]
fn an_article_under_http_and_https_is_one() {
    let server = Server::new();
    let text = feed(&server, &[("/a", "Alda orders ferries", "ferries")]);
    server.on("/plain", vec![Step::ok(&text)]);
    server.on("/safe", vec![Step::ok(text.replace(&server.url("/a"), &server.article("/a")))]);
    let desk = Desk::following(&server, &["/plain", "/safe"]);
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    assert_eq!(desk.counts(), (1, 1));
}

#[test]
fn an_identifier_with_a_new_address_is_the_same_story_only_where_it_tells_the_same() {
    let server = Server::new();
    let text = "The ministry of Alda ordered four ferries from the yard at Port Lorn on Tuesday, an official said";
    let item = |path: &str, title: &str, summary: &str| {
        feed(&server, &[(path, title, summary)]).replacen("<guid>", "<guid>tag:seven</guid><x>", 1).replacen(
            "</guid><pub",
            "</x><pub",
            1,
        )
    };
    let other = "Borduria sells two old frigates to Ravenia after long talks about the price of each ship";
    server.on(
        "/feed",
        vec![
            Step::ok(item("/a", "Alda orders ferries", text)),
            Step::ok(item("/a-new-slug", "Alda orders four ferries", text)),
            Step::ok(item("/b", "Borduria sells frigates", other)),
        ],
    );
    for path in ["/a", "/a-new-slug"] {
        server.on(path, vec![Step::ok(page("Alda orders four ferries", &format!("<p>{text}.</p>{}", story(1))))]);
    }
    let mut desk = Desk::following(&server, &["/feed"]);
    for (hour, articles) in [(0, 1), (2, 1), (4, 2)] {
        desk.hour = hour;
        desk.fetched(&[]);
        assert_eq!(desk.counts().0, articles, "hour {hour}");
    }
    assert!(desk.text(&server.article("/a-new-slug")).contains("report 1."), "it is found under its new address");
    assert_eq!(desk.text(&server.article("/b")), other);
    desk.verify();
}

#[test]
fn a_full_text_that_is_short_is_completed_by_its_page() {
    let server = Server::new();
    let short = feed(&server, &[("/a", "Alda orders ferries", "The ministry of Alda ordered ferries")]);
    let long = feed(&server, &[("/b", "Alda orders ferries", &story(2).replace('<', "&lt;"))]);
    server.on("/short", vec![Step::ok(full(&short))]);
    server.on("/long", vec![Step::ok(full(&long))]);
    server.on("/a", vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    let desk = Desk::following(&server, &["/short", "/long"]);
    let done = desk.fetched(&[]);
    assert_eq!((&done["new"], &done["completed"], &done["pages_waiting"]), (&2.into(), &1.into(), &0.into()));
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(paths, ["/a", "/long", "/robots.txt", "/short"]);
}
