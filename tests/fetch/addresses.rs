//! Where requests may go: redirects, private addresses, ports.

use super::server::{Server, Step};
use super::{Desk, feed};

#[test]
fn a_permanent_redirect_changes_the_address_when_two_polls_a_day_apart_agree() {
    let server = Server::new();
    server.on("/old", vec![Step::to(301, "/new")]);
    server.on("/new", vec![Step::ok(feed(&server, &[("/a", "One", "x")]))]);
    let mut desk = Desk::following(&server, &["/old"]);
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    assert_eq!(server.paths(), ["/old", "/new"]);
    let source = desk.source("old");
    assert_eq!((&source["url"], &source["moved_to"]), (&server.url("/old").into(), &server.url("/new").into()));
    desk.hour = 25;
    let run = desk.fetch(&["--no-pages"]);
    assert!(run.stderr.contains("has moved from"), "{run:?}");
    assert_eq!(run.line("fetch")["new"], 0, "its items are known under the new address");
    assert_eq!(desk.source("old")["url"], server.url("/new"));
    server.seen();
    desk.hour = 50;
    desk.fetched(&["--no-pages"]);
    assert_eq!(server.paths(), ["/new"]);
}

#[test]
fn a_redirect_that_is_not_permanent_at_every_hop_changes_nothing() {
    let server = Server::new();
    server.on("/old", vec![Step::to(301, "/hop")]);
    server.on("/hop", vec![Step::to(302, "/new")]);
    server.on("/new", vec![Step::ok(feed(&server, &[]))]);
    let mut desk = Desk::following(&server, &["/old"]);
    for hour in [0, 25, 50] {
        desk.hour = hour;
        desk.fetched(&[]);
        assert_eq!(server.paths(), ["/old", "/hop", "/new"]);
    }
    let source = desk.source("old");
    assert_eq!((&source["url"], &source["moved_to"]), (&server.url("/old").into(), &serde_json::Value::Null));
}

#[test]
fn a_redirect_to_a_web_page_is_a_fault_and_keeps_everything() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "One", "x")])), Step::to(301, "/home")]);
    server.on("/home", vec![Step::ok("<html><body>Parked</body></html>")]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&["--no-pages"]);
    desk.hour = 2;
    assert_eq!(desk.fetched(&["--no-pages"])["failing"], 1);
    let source = desk.source("feed");
    assert_eq!(source["fault"], "not a feed: it is a web page");
    assert_eq!((&source["url"], &source["state"]), (&server.url("/feed").into(), &"slow".into()));
    assert_eq!(desk.counts(), (1, 1));
    assert_eq!(desk.fetch(&["--now", "--strict", "--no-pages"]).code, 2);
}

#[test]
fn circles_and_long_chains_of_redirects_end() {
    let server = Server::new();
    server.on("/a", vec![Step::to(302, "/b")]);
    server.on("/b", vec![Step::to(302, "/a")]);
    (0..9).for_each(|n| server.on(&format!("/{n}"), vec![Step::to(302, &format!("/{}", n + 1))]));
    let desk = Desk::following(&server, &["/a", "/0"]);
    assert_eq!(desk.fetched(&[])["failing"], 2);
    assert_eq!(server.paths().len(), 2 + 6);
    assert!(desk.source("a")["fault"].as_str().unwrap().contains("in a circle"), "{}", desk.source("a"));
    assert!(desk.source("0")["fault"].as_str().unwrap().contains("more than 5 redirects"), "{}", desk.source("0"));
}

#[test]
fn no_redirect_leads_to_a_private_address() {
    let (server, inside) = (Server::new(), Server::new());
    let port = inside.host().rsplit(':').next().unwrap().to_owned();
    let hosts = ["127.0.0.1", "[::ffff:127.0.0.1]", "0177.0.0.1", "2130706433", "0x7f000001"];
    let mut names = Vec::new();
    for (n, host) in hosts.iter().enumerate() {
        let path = format!("/feed{n}");
        server.on(&path, vec![Step::to(302, &format!("http://{host}:{port}/secret"))]);
        names.push(path);
    }
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let desk = Desk::following(&server, &paths);
    assert_eq!(desk.fetched(&[])["failing"], 5);
    assert_eq!(inside.connections(), 0);
    for path in paths {
        let fault = desk.source(&path[1..])["fault"].to_string();
        assert!(fault.contains("private address") && fault.contains("redirected to"), "{path}: {fault}");
    }
}

#[test]
fn an_index_of_a_stranger_asks_nothing_private() {
    let inside = Server::new();
    let mut desk = Desk::following(&inside, &["/feed"]);
    desk.private.clear();
    assert_eq!(desk.fetched(&[])["failing"], 1);
    assert_eq!(inside.connections(), 0);
    // A name that resolves to a private address.
    let url = inside.url("/feed").replace("127.0.0.1", "localhost");
    let run = desk.run(&["follow", &url]);
    assert!(run.code == 2 && run.stderr.contains("private address"), "{run:?}");
    // A folder that was cloned cannot allow it.
    std::fs::create_dir(desk.dir.path().join("project")).unwrap();
    let settings = format!("fetch-private = [\"{}\"]\n", inside.host());
    std::fs::write(desk.dir.path().join("project/.despatch.toml"), settings).unwrap();
    let output = desk.command(&["fetch"]).current_dir(desk.dir.path().join("project")).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("'fetch-private' is refused"), "{told}");
}
