//! Bodies that lie: cut off, packed, in other codings, slow.

use std::io::Write;
use std::time::Duration;

use super::server::{Server, Step};
use super::{Desk, feed, full, page, story};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn an_answer_that_is_cut_off_is_a_fault_and_no_edit() {
    let server = Server::new();
    let whole = full(&feed(&server, &[("/a", "One", "&lt;p&gt;It sails in May, with a crew of ten.&lt;/p&gt;")]));
    let short = whole.replace("with a crew of ten", "with nobody");
    let head = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n", short.len() + 999);
    let chunked = format!("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{short}");
    let packed = gzip(short.as_bytes());
    server.on(
        "/feed",
        vec![
            Step::ok(&whole),
            Step::raw([head.as_bytes(), short.as_bytes()].concat()),
            Step::raw(chunked.into_bytes()),
            Step::new(200, &[("Content-Encoding", "gzip")], &packed[..packed.len() - 10]),
            Step::new(200, &[("Content-Encoding", "br")], &packed),
        ],
    );
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&[])["new"], 1);
    for fault in ["cut off", "", "cut off", "'br' is not read"] {
        desk.hour += 5;
        assert_eq!(desk.fetched(&["--now"])["failing"], 1, "{fault}");
        assert!(desk.source("feed")["fault"].as_str().unwrap().contains(fault), "{}", desk.source("feed"));
        assert_eq!(desk.counts(), (1, 1));
    }
    assert!(desk.text(&server.article("/a")).contains("crew of ten"));
    desk.verify();
}

#[test]
fn a_packed_answer_is_unpacked_within_its_limits() {
    let server = Server::new();
    let good = gzip(feed(&server, &[("/a", "One", "x")]).as_bytes());
    let bomb = gzip(&vec![b' '; 64 << 20]);
    server.on(
        "/feed",
        vec![
            Step::new(200, &[("Content-Encoding", "gzip")], &good),
            Step::new(200, &[("Content-Encoding", "gzip")], &bomb),
            Step::ok(vec![b' '; 11 << 20]),
        ],
    );
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    assert_eq!(server.seen()[0].header("accept-encoding"), Some("gzip"));
    for _ in 0..2 {
        desk.hour += 30;
        assert_eq!(desk.fetched(&["--no-pages"])["failing"], 1);
        assert!(
            desk.source("feed")["fault"].as_str().unwrap().contains("larger than 10 MB"),
            "{}",
            desk.source("feed")
        );
    }
}

#[test]
fn content_decides_what_an_answer_is() {
    let server = Server::new();
    server.on("/feed", vec![Step::new(200, &[("Content-Type", "text/html")], feed(&server, &[("/a", "One", "x")]))]);
    let title = page("Alda café", &story(1).replace("Port Lorn", "Port Lórn"));
    let latin: Vec<u8> = title.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    server.on("/a", vec![Step::new(200, &[("Content-Type", "application/xml; charset=utf-8")], latin)]);
    let desk = Desk::following(&server, &["/feed"]);
    let done = desk.fetched(&[]);
    assert_eq!((&done["new"], &done["completed"]), (&1.into(), &1.into()));
    assert!(desk.text(&server.article("/a")).contains("Port Lórn"));
}

#[test]
fn an_answer_that_drips_ends_and_the_others_go_on() {
    let (slow, quick) = (Server::new(), Server::new());
    slow.on("/feed", vec![Step::ok(feed(&slow, &[])).dripping(Duration::from_millis(20))]);
    quick.on("/feed", vec![Step::ok(feed(&quick, &[("/a", "One", "x")]))]);
    let desk = Desk::of(&[&slow, &quick]);
    desk.ok(&["follow", &slow.url("/feed"), "--as", "slow", "--add-only"]);
    desk.ok(&["follow", &quick.url("/feed"), "--as", "quick", "--add-only"]);
    let patience = Duration::from_millis(400);
    let mut options = despatch::fetch::Options {
        delay: Duration::ZERO,
        pages: false,
        patience: [patience, patience],
        ..despatch::fetch::Options::new(desk.dir.path().join("index"), "2026-03-01T12:00:00Z".parse().unwrap())
    };
    options.private = desk.private.iter().cloned().collect();
    let report = despatch::fetch::fetch(&options, despatch::authority::Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!((report.failing, report.with_news, report.new), (1, 1, 1));
    assert_eq!(desk.source("slow")["fault"], "no whole answer in time");
}

#[test]
fn what_is_no_feed_keeps_items_and_validators() {
    let server = Server::new();
    let good = Step::new(200, &[("ETag", "\"1\"")], feed(&server, &[("/a", "One", "x")]));
    server.on(
        "/feed",
        vec![
            good,
            Step::ok(""),
            Step::ok("plain"),
            Step::ok(b"PK\x03\x04\x14\0\x08"),
            Step::ok("<html>captive</html>"),
        ],
    );
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&["--no-pages"]);
    for fault in ["it is empty", "neither feed nor page", "neither feed nor page", "it is a web page"] {
        desk.hour += 5;
        server.seen();
        assert_eq!(desk.fetched(&["--now", "--no-pages"])["failing"], 1);
        assert!(desk.source("feed")["fault"].as_str().unwrap().contains(fault));
        assert_eq!(server.seen()[0].header("if-none-match"), Some("\"1\""));
    }
    assert_eq!(desk.counts(), (1, 1));
}
