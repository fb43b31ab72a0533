//! When hosts are asked: calendars, pauses, one request at a time.

use std::time::Duration;

use super::server::{Server, Step};
use super::{Desk, feed, page, story};

#[test]
fn a_source_is_asked_when_it_is_due_and_sooner_where_the_user_says_so() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[]))]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&[]);
    assert_eq!(desk.fetched(&[])["sources"], 0);
    assert_eq!(server.paths().len(), 1);
    assert_eq!(desk.fetched(&["--now"])["sources"], 1);
    desk.hour = 2;
    assert_eq!(desk.ok(&["fetch", "--dry-run"]).stdout, format!("{}\n", server.url("/feed")));
    assert_eq!(server.paths().len(), 1);
    assert_eq!(desk.fetched(&[])["sources"], 1);
    desk.ok(&["following", "--pause", "feed"]);
    assert_eq!(
        (desk.fetched(&["--now"])["sources"].clone(), &desk.source("feed")["state"]),
        (0.into(), &"paused".into())
    );
    desk.ok(&["following", "--resume", "feed"]);
    assert_eq!(desk.fetched(&[])["sources"], 1);
}

#[test]
fn a_feed_says_how_often_it_wants_to_be_asked() {
    let server = Server::new();
    let text = feed(&server, &[]).replace("<channel>", "<channel><ttl>180</ttl>");
    server.on("/feed", vec![Step::new(200, &[("Cache-Control", "max-age=3600")], text)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&[]);
    desk.hour = 2;
    assert_eq!(desk.fetched(&[])["sources"], 0);
    desk.hour = 4;
    assert_eq!(desk.fetched(&[])["sources"], 1);
}

#[test]
fn too_many_requests_is_of_the_host_and_unavailable_of_the_address() {
    let server = Server::new();
    server.on("/a", vec![Step::new(429, &[("Retry-After", "7200")], "")]);
    let ok = || vec![Step::ok(feed(&server, &[]))];
    server.on("/b", ok());
    server.on("/c", ok());
    let mut desk = Desk::following(&server, &["/a", "/b", "/c"]);
    let done = desk.fetched(&[]);
    assert_eq!((&done["sources"], &done["waiting"]), (&3.into(), &3.into()));
    assert_eq!(server.paths(), ["/a"]);
    desk.hour = 1;
    assert_eq!(desk.fetched(&["--now"])["waiting"], 3);
    assert_eq!(desk.ok(&["fetch", "--now", "--dry-run"]).stdout, "");
    assert_eq!(server.paths(), Vec::<String>::new());
    server.on("/a", vec![Step::new(503, &[("Retry-After", "7200")], "")]);
    desk.hour = 3;
    let done = desk.fetched(&["--now"]);
    assert_eq!((&done["failing"], &done["unchanged"]), (&1.into(), &2.into()));
    server.seen();
    desk.hour = 4;
    desk.fetched(&[]);
    assert!(!server.paths().contains(&"/a".to_owned()));
}

#[test]
fn gone_is_told_once_and_asked_again_after_a_month() {
    let server = Server::new();
    server.on("/feed", vec![Step::status(410)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    let run = desk.fetch(&[]);
    assert!(run.code == 0 && run.stderr.contains("is gone (410)"), "{run:?}");
    desk.hour = 29 * 24;
    assert_eq!(desk.fetched(&[])["sources"], 0);
    assert_eq!(desk.run(&["following", "--failing"]).code, 0);
    let again = desk.fetch(&["--now"]);
    let asked: Vec<String> = server.paths().into_iter().filter(|path| path == "/feed").collect();
    assert!(!again.stderr.contains("is gone") && asked.len() == 2, "{again:?}");
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "One", "x")]))]);
    desk.hour = 90 * 24;
    let back = desk.fetch(&["--no-pages"]);
    assert!(back.stderr.contains("is well again") && back.line("fetch")["new"] == 1, "{back:?}");
    assert_eq!(desk.run(&["following", "--failing"]).code, 1);
}

#[test]
fn a_source_that_fails_for_a_day_is_told_in_one_run() {
    let (server, other) = (Server::new(), Server::new());
    server.on("/feed", vec![Step::status(500)]);
    other.on("/feed", vec![Step::ok(feed(&other, &[]))]);
    let mut desk = Desk::following(&server, &["/feed"]);
    let mut codes = Vec::new();
    for _ in 0..10 {
        codes.push(desk.fetch(&["--now"]).code);
        desk.hour += 5;
    }
    assert_eq!(codes.iter().filter(|code| **code == 2).count(), 1, "{codes:?}");
    assert_eq!(codes[5], 2, "after 25 hours");
    let doctor = desk.run(&["doctor"]).stdout;
    assert!(doctor.contains("1 source (1 failing), 0 pages waiting"), "{doctor}");
    let failing = desk.ok(&["following", "--failing"]).stdout;
    assert!(
        failing.contains("status 500, since 2026-03-01 12:00") && failing.contains("despatch unfollow feed"),
        "{failing}"
    );
}

#[test]
fn where_nobody_answers_nothing_is_held_against_the_sources() {
    let listeners = [0, 1].map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let hosts = listeners.map(|listener| listener.local_addr().unwrap().to_string()); // nobody listens there any more
    let mut desk = Desk::of(&[]);
    desk.private = hosts.to_vec();
    for (n, host) in hosts.iter().enumerate() {
        desk.ok(&["follow", &format!("http://{host}/feed"), "--as", &n.to_string(), "--add-only"]);
    }
    let run = desk.fetch(&[]);
    assert!(run.code == 0 && run.stderr.contains("no network"), "{run:?}");
    assert_eq!(desk.source("0")["failures"], 0);
    assert_eq!(desk.fetch(&["--now", "--strict"]).code, 2);
}

#[test]
fn a_host_is_asked_one_request_at_a_time_with_a_pause_between() {
    let servers: Vec<Server> = (0..4).map(|_| Server::new()).collect();
    let mut desk = Desk::of(&servers.iter().collect::<Vec<_>>());
    desk.delay = "0.1".to_owned();
    for (n, server) in servers.iter().enumerate() {
        for feed_of in 0..5 {
            let path = format!("/{feed_of}");
            server.on(&path, vec![Step::ok(feed(server, &[])).late(Duration::from_millis(15))]);
            desk.ok(&["follow", &server.url(&path), "--as", &format!("{n}-{feed_of}"), "--add-only"]);
        }
    }
    assert_eq!(desk.fetched(&[])["sources"], 20);
    for server in &servers {
        let seen = server.seen();
        assert_eq!(seen.len(), 5);
        assert!(seen.iter().all(|one| one.open == 1), "two at a time");
        // The first may have been seen late.
        let all = seen[4].at.duration_since(seen[0].at);
        assert!(all >= Duration::from_millis(330), "{all:?}");
    }
}

#[test]
fn at_most_eight_hosts_are_asked_at_a_time() {
    let servers: Vec<Server> = (0..12).map(|_| Server::new()).collect();
    let desk = Desk::of(&servers.iter().collect::<Vec<_>>());
    let late = Duration::from_millis(200);
    for (n, server) in servers.iter().enumerate() {
        server.on("/feed", vec![Step::ok(feed(server, &[])).late(late)]);
        desk.ok(&["follow", &server.url("/feed"), "--as", &n.to_string(), "--add-only"]);
    }
    assert_eq!(desk.fetched(&[])["sources"], 12);
    let asked: Vec<_> = servers.iter().flat_map(Server::seen).map(|one| one.at).collect();
    let open = |at| asked.iter().filter(|begun| **begun <= at && at < **begun + late).count();
    let most = asked.iter().map(|at| open(*at)).max().unwrap();
    assert!(asked.len() == 12 && (2..=8).contains(&most), "{most} at a time");
}

#[test]
fn pages_of_one_host_are_asked_for_in_portions() {
    let server = Server::new();
    let paths: Vec<String> = (0..12).map(|n| format!("/s/{n}")).collect();
    let items: Vec<(&str, &str, &str)> =
        paths.iter().map(|path| (path.as_str(), "A story of Alda", "ferries")).collect();
    server.on("/feed", vec![Step::ok(feed(&server, &items))]);
    paths.iter().enumerate().for_each(|(n, path)| {
        server.on(path, vec![Step::ok(page("A story of Alda", &story(n as u64)))]);
    });
    let desk = Desk::following(&server, &["/feed"]);
    let first = desk.fetched(&["--max-pages", "5"]);
    assert_eq!((&first["new"], &first["completed"], &first["pages_waiting"]), (&12.into(), &5.into(), &7.into()));
    let planned = desk.ok(&["fetch", "--dry-run", "--max-pages", "5"]).stdout;
    assert_eq!(planned.lines().count(), 5, "{planned}");
    let second = desk.ok(&["fetch", "--max-pages", "5"]);
    assert_eq!(second.stdout, "no source was due; 0 new articles, 5 completed by their pages; pages: 2 waiting\n");
    assert_eq!(desk.fetched(&[])["pages_waiting"], 0);
    assert_eq!(server.paths().iter().filter(|path| path.starts_with("/s/")).count(), 12, "each page once");
    assert_eq!(desk.counts(), (12, 24));
}

#[test]
fn what_is_not_found_for_days_is_asked_at_most_daily_and_nothing_of_it_is_lost() {
    let server = Server::new();
    let items = [("/a", "One", "x"), ("/b", "Two", "y")];
    server.on("/feed", vec![Step::ok(feed(&server, &items[..1])), Step::status(404)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&["--no-pages"]);
    server.seen();
    let mut asked = Vec::new();
    for hour in (2..=24 * 6).step_by(2) {
        desk.hour = hour;
        desk.fetch(&["--no-pages"]);
        asked.extend(server.paths().iter().filter(|path| *path == "/feed").map(|_| hour));
    }
    assert_eq!(asked, [2, 4, 6, 10, 34, 58, 82, 106, 130]);
    assert_eq!(desk.counts(), (1, 1));
    server.on("/feed", vec![Step::ok(feed(&server, &items))]);
    desk.hour += 24;
    let back = desk.fetch(&["--no-pages"]);
    assert!(back.stderr.contains("feed: is well again") && back.line("fetch")["new"] == 1, "{back:?}");
}
