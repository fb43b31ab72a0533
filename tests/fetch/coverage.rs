//! What came in, and what failed.

use super::server::{Server, Step};
use super::{Desk, feed};

#[test]
fn days_on_which_a_source_failed_or_was_not_asked_are_shown() {
    let server = Server::new();
    let one = [("/a", "Alda orders ferries", "ferries")];
    let two = [("/b", "Alda orders trains", "trains"), one[0]];
    let well = |items: &[(&str, &str, &str)]| Step::ok(feed(&server, items));
    let bad = Step::new(500, &[], "");
    server.on("/feed", vec![well(&one), bad.clone(), bad, well(&two)]);
    let mut desk = Desk::following(&server, &["/feed"]);
    let nothing = desk.run(&["coverage", "--format", "json"]);
    assert_eq!(nothing.line("coverage")["articles"], serde_json::json!([0]));
    // 1 March well, 2 and 3 failing, 4 and 5 not asked, 6 well.
    for day in [0, 1, 2, 5] {
        desk.hour = day * 24;
        let run = desk.fetch(&["--now", "--no-pages"]);
        assert!(run.code == 0 || (day == 2 && run.code == 2), "{run:?}");
    }
    let run = desk.ok(&["coverage", "--format", "json"]);
    assert_eq!(run.line("header")["periods"].as_array().unwrap().len(), 6);
    let line = run.line("coverage");
    for (name, days) in [
        ("articles", [1, 0, 0, 0, 0, 1]),
        ("well", [1, 0, 0, 0, 0, 1]),
        ("failed", [0, 1, 1, 0, 0, 0]),
        ("silent", [0, 0, 0, 1, 1, 0]),
    ] {
        assert_eq!(line[name], serde_json::json!(days), "{name}");
    }
    let text = desk.ok(&["coverage"]).stdout;
    assert!(text.contains("feed 2 ███××××××------███") || text.contains("feed 2 ███××××××------"), "{text}");
    assert!(text.contains("failed on 2 days, not asked on 2 days"), "{text}");
    assert!(text.contains("! failed at times; × failed; - not asked"), "{text}");
    let weeks = desk.ok(&["coverage", "--per", "month", "--format", "csv"]).stdout;
    assert_eq!(weeks, "source,period,articles,well,failed,silent\nfeed,2026-03,2,2,2,2\n");
    let picture = desk.ok(&["coverage", "--format", "svg"]).stdout;
    assert!(
        picture.starts_with("<svg") && picture.contains("grey: ! failed at times, × failed, - not asked"),
        "{picture}"
    );
    let timeline = desk.ok(&["timeline", "--by", "all", "--per", "month", "--format", "json"]).line("header");
    assert_eq!((&timeline["periods"], &timeline["gaps"]), (&serde_json::json!(["2026-03"]), &serde_json::json!([4])));

    // A search that finds nothing says what was not covered, and a timeline where it is thin.
    let none = desk.run(&["search", "+quillmark", "--since", "2026-03-02", "--until", "2026-03-04"]);
    assert!(
        none.code == 1 && none.stderr.contains("failed or were not asked on 3 days of these, first on 2026-03-02"),
        "{none:?}"
    );
    let before = desk.run(&["search", "+quillmark", "--until", "2026-02-01"]);
    assert!(before.stderr.contains("sources are followed since 2026-03-01"), "{before:?}");
    let covered = desk.run(&["search", "+quillmark", "--since", "2026-03-06"]);
    assert!(!covered.stderr.contains("asked"), "{covered:?}");
    let timeline = desk.ok(&["timeline", "--by", "all", "--per", "month"]);
    assert!(
        timeline.stderr.contains("failed or were not asked in 2026-03 (4 days): despatch coverage"),
        "{timeline:?}"
    );
    desk.verify();
    desk.ok(&["unfollow", "feed"]);
    assert_eq!(desk.run(&["coverage"]).code, 1);
    desk.verify();
}

#[test]
fn a_day_with_an_answer_and_a_fault_shows_the_fault() {
    let server = Server::new();
    let whole = feed(&server, &[("/a", "Alda orders ferries", "ferries")]);
    let damaged = whole.replace("</channel></rss>", "<item><title>T");
    server.on("/feed", vec![Step::ok(&whole), Step::ok(&whole), Step::status(500)]);
    server.on("/cut", vec![Step::ok(&whole), Step::ok(damaged)]);
    let mut desk = Desk::following(&server, &["/feed", "/cut"]);
    for hour in [0, 24, 30] {
        desk.hour = hour;
        desk.fetched(&["--now", "--no-pages"]);
    }
    let run = desk.ok(&["coverage", "--format", "json"]);
    for line in run.lines("coverage") {
        let [well, partly, failed] = ["well", "partly", "failed"].map(|name| line[name].clone());
        assert_eq!([well, partly, failed], [[1, 1], [0, 1], [0, 0]].map(|days| serde_json::json!(days)), "{line}");
    }
    let text = desk.ok(&["coverage"]).stdout;
    assert_eq!(
        (text.matches("!!!").count() > 1, text.matches("failed at times on 1 day").count()),
        (true, 2),
        "{text}"
    );
}
