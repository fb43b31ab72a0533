//! Pages that are asked for again: edits, walls, other texts, pages that are taken away.

use super::server::{Server, Step};
use super::{Desk, feed, page, story};

const TITLE: &str = "Alda orders ferries";

/// A server with a feed of one item at `/a`, and a desk that has fetched its page.
fn one(steps: Vec<Step>) -> (Server, Desk) {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", TITLE, "The ministry of Alda ordered ferries")]))]);
    server.on("/a", steps);
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.recheck(0)["completed"], 1);
    server.seen();
    (server, desk)
}

/// How often a path was asked since this was last asked.
fn asked(server: &Server, path: &str) -> usize {
    server.paths().iter().filter(|one| *one == path).count()
}

#[test]
fn a_quiet_edit_is_found_by_asking_again_and_shown_word_by_word() {
    let old = page(TITLE, &story(1));
    let new = page("Alda orders boats", &story(1).replace("report 1.", "report 9."));
    let (server, mut desk) = one(vec![Step::ok(old), Step::ok(new)]);
    desk.hour = 2;
    let plan = desk.ok(&["fetch", "--dry-run"]).stdout;
    assert_eq!(plan, format!("{}\n{}\n", server.url("/feed"), server.url("/a")));
    assert_eq!(desk.recheck(2)["changed"], 1);
    assert_eq!(asked(&server, "/a"), 1);
    let run = desk.ok(&["changes", "--silent", "--format", "json"]);
    let line = run.line("change");
    let (old, new) = (desk.archive(), desk.text(&server.article("/a")));
    assert_eq!((line["silent"].as_bool(), line["small"].as_bool()), (Some(true), Some(false)));
    assert_eq!(line["kind"], serde_json::json!(["headline", "text"]));
    assert_eq!(line["title"]["new"], "Alda orders boats");
    // Offsets slice to the words, in the text of either version.
    let mut archive = old;
    let num = archive.by_id(&server.article("/a")).unwrap().num;
    let versions = archive.history(num).unwrap();
    let text = archive.at(versions[line["old"].as_u64().unwrap() as usize - 1].seq).unwrap().article.text;
    let slice = |text: &str, pair: &serde_json::Value| {
        text[pair[0].as_u64().unwrap() as usize..pair[1].as_u64().unwrap() as usize].to_owned()
    };
    let hunks = line["hunks"].as_array().unwrap();
    let cut: Vec<String> = hunks.iter().filter(|op| op["op"] == "delete").map(|op| slice(&text, &op["old"])).collect();
    let added: Vec<String> = hunks.iter().filter(|op| op["op"] == "insert").map(|op| slice(&new, &op["new"])).collect();
    assert_eq!((cut, added), (vec!["1".to_owned(); 6], vec!["9".to_owned(); 6]));
    let shown = desk.ok(&["changes"]).stdout;
    assert!(shown.contains("headline: Alda orders [-ferries-]{+boats+}"), "{shown}");
    assert!(shown.contains("report [-1-]{+9+}.") && shown.contains("3 more: despatch show"), "{shown}");
    let id = line["id"].as_str().unwrap();
    let (one, other) = (desk.ok(&["show", id, "--diff"]).stdout, desk.ok(&["changes", id]).stdout);
    assert_eq!(one, other);
    let versions = desk.ok(&["show", id, "--versions"]).stdout;
    assert_eq!(versions.lines().count(), 3, "summary, page, edit: {versions}");
    assert!(versions.contains(" 3  2026-03-01 14:00  silent; headline, text; "), "{versions}");
    let all = desk.ok(&["changes", "--all", "--format", "json"]).lines("change");
    assert_eq!(all.len(), 2, "the page in place of the summary is no edit");
    assert_eq!(desk.ok(&["changes"]).stderr, "", "and is not counted");
    assert_eq!(desk.run(&["changes", "--corrections"]).code, 1);
    assert_eq!(desk.run(&["changes", "--since", "2026-03-02"]).code, 1);
    assert_eq!(desk.run(&["changes", "ferries", "boats"]).code, 0);
    assert_eq!(desk.run(&["changes", "submarines"]).code, 1);
    let md = desk.ok(&["changes", "--format", "md"]).stdout;
    assert!(md.contains("~~ferries~~**boats**") && !md.contains(">\n\n"), "{md}");
    desk.verify();
}

#[test]
fn the_furniture_of_a_page_makes_no_version() {
    let with = |age: &str, link: &str| {
        let story = story(1);
        Step::ok(page(TITLE, &format!("<p>Updated {age} ago</p>{story}<p>Read more: {link}</p>")))
    };
    let steps =
        vec![with("5 minutes", "Borduria sells aircraft"), with("2 hours", "Syldavia votes"), with("3 hours", "x")];
    let (server, mut desk) = one(steps);
    let before = desk.counts();
    for hour in [2, 4] {
        assert_eq!(desk.recheck(hour)["changed"], 0);
    }
    assert_eq!((desk.counts(), asked(&server, "/a")), (before, 2));
    assert_eq!(desk.run(&["changes"]).code, 1);
}

#[test]
fn a_page_is_asked_with_its_validators_and_less_often_the_older_it_is() {
    let body = page(TITLE, &story(1));
    let first = Step::new(200, &[("ETag", "W/\"a\""), ("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT")], &body);
    let (server, mut desk) = one(vec![first, Step::new(304, &[("ETag", "\"b\"")], ""), Step::status(304)]);
    desk.recheck(1);
    let seen = server.seen().into_iter().find(|seen| seen.path == "/a").unwrap();
    assert_eq!(seen.header("if-none-match"), Some("W/\"a\""));
    assert_eq!(seen.header("if-modified-since"), Some("Sun, 01 Mar 2026 08:00:00 GMT"));
    desk.recheck(2);
    let seen = server.seen().into_iter().find(|seen| seen.path == "/a").unwrap();
    assert_eq!(seen.header("if-none-match"), Some("\"b\""));
    // At an age of 40 hours it is due again after 10 more.
    desk.recheck(40);
    assert_eq!(asked(&server, "/a"), 1);
    desk.recheck(49);
    assert_eq!(asked(&server, "/a"), 0);
    desk.recheck(50);
    assert_eq!(asked(&server, "/a"), 1);
    desk.recheck(24 * 29);
    assert_eq!(asked(&server, "/a"), 1);
    desk.recheck(24 * 60);
    assert_eq!(asked(&server, "/a"), 0, "given up after 30 days");
    assert_eq!(desk.counts(), (1, 2));
}

#[test]
fn the_user_says_how_long_pages_are_asked_again() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", TITLE, "The ministry of Alda ordered ferries")]))]);
    server.on("/a", vec![Step::ok(page(TITLE, &story(1)))]);
    for (wish, asks) in [("never", 0), ("1d", 1)] {
        let mut desk = Desk::of(&[&server]);
        desk.ok(&["follow", &server.url("/feed"), "--recheck", wish, "--add-only"]);
        desk.recheck(0);
        server.seen();
        desk.recheck(2);
        desk.recheck(40);
        assert_eq!(asked(&server, "/a"), asks, "{wish}");
    }
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.recheck(0);
    server.seen();
    desk.hour = 3;
    desk.fetch(&[]);
    desk.ok(&["following", "--pause", "feed"]);
    desk.recheck(4);
    assert_eq!(asked(&server, "/a"), 0, "neither with --no-recheck nor for a paused source");
}

#[test]
fn rechecks_have_a_third_of_what_a_host_is_asked_and_come_last() {
    let server = Server::new();
    let paths: Vec<String> = (0..9).map(|n| format!("/a{n}")).collect();
    let titles: Vec<String> = (0..9).map(|n| format!("Alda orders ferries of class {n}")).collect();
    let item = |n: usize| (paths[n].as_str(), titles[n].as_str(), "The ministry of Alda ordered ferries");
    let first: Vec<(&str, &str, &str)> = (0..8).map(item).collect();
    let all: Vec<(&str, &str, &str)> = (0..9).map(item).collect();
    server.on("/feed", vec![Step::ok(feed(&server, &first)), Step::ok(feed(&server, &all))]);
    for (n, path) in paths.iter().enumerate() {
        server.on(path, vec![Step::ok(page(&titles[n], &story(n as u64)))]);
    }
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.recheck(0);
    server.seen();
    desk.hour = 2;
    desk.ok(&["fetch", "--max-pages", "6"]);
    let paths = server.paths();
    assert_eq!((paths.len(), &paths[..2]), (4, &["/feed".to_owned(), "/a8".to_owned()][..]), "{paths:?}");
}

#[test]
fn a_wall_at_a_recheck_leaves_the_text_and_makes_no_edit() {
    let wall = page(
        "Your privacy",
        "<p>We use cookies. Accept all cookies to continue reading.</p>\
        <p>Subscribe now to read on. Already a subscriber? Sign in.</p>",
    );
    let told = page(TITLE, &story(1));
    let (_server, mut desk) =
        one(vec![Step::ok(&told), Step::ok(&wall), Step::ok(&wall), Step::ok(&wall), Step::ok(&told)]);
    let text = desk.text(&_server.article("/a"));
    for hour in [2, 30, 60, 90] {
        assert_eq!(desk.recheck(hour)["changed"], 0, "{hour}");
        assert_eq!(desk.text(&_server.article("/a")), text);
    }
    assert_eq!((desk.counts(), desk.run(&["changes"]).code), ((1, 2), 1));
}

#[test]
fn a_wholly_other_text_is_taken_once_it_was_seen_twice() {
    let other = |mark: &str| Step::ok(page("Borduria votes", &story(1).replace(|c: char| "aeiou".contains(c), mark)));
    let (server, mut desk) = one(vec![Step::ok(page(TITLE, &story(1))), other("e"), other("o"), other("o")]);
    assert_eq!(desk.recheck(2)["changed"], 0);
    assert_eq!(desk.recheck(20)["changed"], 0, "asked again only after a day");
    assert_eq!(desk.recheck(27)["changed"], 0, "another one again");
    assert_eq!(desk.recheck(52)["changed"], 1);
    assert!(desk.archive().by_id(&server.article("/a")).unwrap().article.title.contains("Borduria"));
    assert_eq!(desk.ok(&["changes", "--format", "json"]).lines("change").len(), 1);
}

#[test]
fn a_page_that_is_not_there_twice_is_gone_and_may_come_back() {
    let told = Step::ok(page(TITLE, &story(1)));
    let (server, mut desk) = one(vec![told.clone(), Step::status(404), Step::status(404), told]);
    let id = desk.archive().by_id(&server.article("/a")).unwrap().id;
    let first = desk.run_at(2, &["fetch"]);
    assert!(!first.stderr.contains("gone:"), "{first:?}");
    assert_eq!(desk.run(&["changes", "--gone"]).code, 1);
    desk.run_at(20, &["fetch"]);
    assert_eq!(asked(&server, "/a"), 1, "not within a day");
    let second = desk.run_at(27, &["fetch"]);
    assert!(second.stderr.contains("gone: ") && second.stdout.contains("1 gone"), "{second:?}");
    let gone = desk.ok(&["changes", "--gone", "--format", "json"]).line("gone");
    let marked = ["changes", "--gone", "--mark", "desk"];
    assert!(desk.ok(&marked).stdout.contains("gone since") && desk.run(&marked).code == 1, "a mark prints it once");
    assert_eq!((gone["status"].as_u64(), gone["first"].as_str()), (Some(404), Some("2026-03-01T14:00:00Z")));
    assert!(desk.ok(&["show", &id]).stdout.contains("gone since 2026-03-01 14:00 (404)"));
    assert_eq!(desk.ok(&["show", &id, "--format", "json"]).line("article")["gone"]["status"], 404);
    assert!(desk.ok(&["search", "ferries"]).stdout.contains("gone since 2026-03-01"));
    assert_eq!(desk.ok(&["search", "ferries", "--format", "json"]).line("hit")["gone"], "2026-03-01T14:00:00Z");
    assert_eq!(desk.run(&["changes"]).code, 1, "the text has not changed");
    desk.verify();
    let back = desk.run_at(27 + 24 * 8, &["fetch"]);
    assert!(back.stderr.contains("back: "), "{back:?}");
    assert!(desk.ok(&["changes", "--gone"]).stdout.contains("back since"));
    assert!(desk.ok(&marked).stdout.contains("back since") && desk.run(&marked).code == 1, "and once that it is back");
    assert!(!desk.ok(&["search", "ferries", "--format", "json"]).stdout.contains("\"gone\""));
    // What is removed leaves nothing behind.
    desk.ok(&["purge", &id, "--yes"]);
    assert_eq!(desk.run(&["changes", "--gone"]).code, 1);
    desk.verify();
}

#[test]
fn where_the_whole_host_is_ill_no_article_is_called_gone() {
    let server = Server::new();
    let pages = Server::new();
    let item = |path: &str| {
        format!(
            "<item><title>{TITLE}</title><link>{}</link><description>The ministry of Alda \
                                     ordered ferries</description></item>",
            pages.url(path)
        )
    };
    let text = format!("<rss version=\"2.0\"><channel><title>Harbour Post</title>{}</channel></rss>", item("/a"));
    server.on("/feed", vec![Step::ok(text)]);
    pages.on("/a", vec![Step::ok(page(TITLE, &story(1))), Step::status(404)]);
    let mut desk = Desk::of(&[&server, &pages]);
    desk.ok(&["follow", &server.url("/feed"), "--add-only"]);
    desk.recheck(0);
    for hour in [2, 27, 60] {
        let done = desk.recheck(hour);
        assert_eq!(done["gone"], 0, "{hour}");
    }
    assert_eq!(desk.run(&["changes", "--gone"]).code, 1);
}

#[test]
fn an_item_that_leaves_a_feed_from_within_has_its_page_asked_for_at_once() {
    let server = Server::new();
    let all = ["/a", "/b", "/c", "/d"].map(|path| (path, TITLE, "The ministry of Alda ordered ferries"));
    let [a, _, c, _] = all;
    let new = ("/e", TITLE, "The ministry of Alda ordered ferries");
    // First one falls out at the end, as the window moves; then one from within.
    server.on(
        "/feed",
        vec![
            Step::ok(feed(&server, &all)),
            Step::ok(feed(&server, &[new, all[0], all[1], all[2]])),
            Step::ok(feed(&server, &[new, a, c])),
        ],
    );
    for path in ["/a", "/b", "/c", "/d", "/e"] {
        server.on(path, vec![Step::ok(page(TITLE, &story(1)))]);
    }
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.recheck(0);
    desk.recheck(48);
    server.seen();
    desk.recheck(50);
    let paths = server.paths();
    assert!(paths.contains(&"/b".to_owned()) && !paths.contains(&"/d".to_owned()), "{paths:?}");
}

#[test]
fn a_date_that_moves_in_a_sitemap_has_the_page_asked_for_at_once() {
    let server = Server::new();
    let map = |dates: [&str; 2]| {
        let one =
            |path: &str, date: &str| format!("<url><loc>{}</loc><lastmod>{date}</lastmod></url>", server.url(path));
        Step::ok(format!("<urlset>{}{}</urlset>", one("/old", dates[0]), one("/a", dates[1])))
    };
    let empty = Step::ok(format!("<urlset><url><loc>{}</loc></url></urlset>", server.url("/first")));
    let (early, late) = ("2026-03-01T10:00:00Z", "2026-03-01T13:05:00Z");
    let steps = vec![empty, map([early, late]), map([early, "2026-03-02T20:11:00Z"])];
    server.on("/map", steps);
    let version = |n: u64| {
        Step::ok(page(TITLE, &(story(1) + &story(2) + &story(3)).replace("report 1.", &format!("report {n}."))))
    };
    server.on("/a", vec![version(1), version(7)]);
    server.on("/old", vec![version(4)]);
    let mut desk = Desk::of(&[&server]);
    desk.ok(&["follow", &server.url("/map"), "--kind", "sitemap", "--recheck", "never", "--add-only"]);
    desk.recheck(0);
    desk.recheck(8);
    assert_eq!(asked(&server, "/a"), 1);
    let done = desk.recheck(20);
    assert_eq!((done["changed"].as_u64(), server.paths()), (Some(1), vec!["/map".to_owned(), "/a".to_owned()]));
}

#[test]
fn a_correction_is_told_from_a_quiet_edit() {
    let noted = story(1).replace("report 1.", "report 9.")
        + "<p>Correction: an earlier version of this article named another report.</p>";
    let (_server, mut desk) = one(vec![Step::ok(page(TITLE, &story(1))), Step::ok(page(TITLE, &noted))]);
    assert_eq!(desk.recheck(2)["changed"], 1);
    let line = desk.ok(&["changes", "--corrections", "--format", "json"]).line("change");
    assert_eq!((line["correction"].as_bool(), line["silent"].as_bool()), (Some(true), Some(false)));
    assert_eq!(desk.run(&["changes", "--silent"]).code, 1);
}
