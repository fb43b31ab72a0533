//! `despatch facets`.

use serde_json::Value;

use super::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    let article = |id: &str, day: Option<&str>, outlet: &str, text: &str| {
        serde_json::json!({"id": id, "outlet": outlet, "title": id, "text": text, "published": day}).to_string()
    };
    let lines = [
        article("a", Some("2025-01-31"), "Post", "Ferries sail."),
        article("b", Some("2025-04-01"), "Post", "Ferries sink."),
        article("c", Some("2025-04-02"), "Herald", "Bridges fall."),
        article("d", None, "Echo", "Tunnels flood, ferries wait."),
    ];
    desk.file("news.jsonl", lines.join("\n"));
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    desk
}

fn counts(lines: &[Value]) -> Vec<(&str, u64)> {
    lines[1..].iter().map(|line| (line["value"].as_str().unwrap(), line["count"].as_u64().unwrap())).collect()
}

#[test]
fn times_show_the_empty_ones_between_and_the_undated_beside() {
    let desk = desk();
    let by = |name: &str| desk.json(&["facets", "ferries", "--by", name, "-n", "1", "--format", "json"]);
    let months = by("month");
    assert_eq!(counts(&months), [("2025-01", 1), ("2025-02", 0), ("2025-03", 0), ("2025-04", 1)]);
    assert_eq!(months[0]["rest"]["month"]["without"].as_u64(), Some(1));
    assert_eq!(counts(&by("quarter")), [("2025-Q1", 1), ("2025-Q2", 1)]);
    assert_eq!(counts(&by("year")), [("2025", 2)]);
    let weeks = by("week");
    assert_eq!((counts(&weeks)[0], counts(&weeks).len()), (("2025-W05", 1), 10));
    assert_eq!(counts(&by("day")).len(), 61);
    let filtered =
        desk.json(&["facets", "--by", "month", "--since", "2025-03", "--until", "2025-05", "--format", "json"]);
    assert_eq!(counts(&filtered), [("2025-03", 0), ("2025-04", 2), ("2025-05", 0)]);
}

#[test]
fn what_the_limit_leaves_out_is_stated() {
    let desk = desk();
    let lines = desk.json(&["facets", "--by", "outlet", "-n", "1", "--format", "json"]);
    assert_eq!(counts(&lines), [("Post", 2)]);
    let rest = &lines[0]["rest"]["outlet"];
    assert_eq!((rest["values"].as_u64(), rest["count"].as_u64()), (Some(2), Some(2)));
    let text = desk.run(&["facets", "--by", "outlet", "-n", "1"]).stdout;
    assert!(text.contains("2 more, counted 2 times"), "{text}");
}

#[test]
fn surprise_puts_first_what_is_rarer_elsewhere() {
    let desk = desk();
    let lines = desk.json(&["facets", "ferries", "--by", "outlet", "--sort", "surprise", "--format", "json"]);
    // Post has 2 of 3 hits and 2 of 4 articles, Echo 1 of 3 and 1 of 4.
    assert_eq!(counts(&lines), [("Post", 2), ("Echo", 1)]);
    assert_eq!(lines[1]["in_index"].as_u64(), Some(2));
    assert!((lines[1]["surprise"].as_f64().unwrap() - (2.0 / 3.0) / 0.5).abs() < 1e-9);
}

#[test]
fn levels_and_below_lead_down() {
    let desk = Desk::with_corpus();
    let top = desk.json(&["facets", "--by", "topic", "--levels", "1", "-n", "0", "--all-copies", "--format", "json"]);
    assert!(counts(&top).iter().all(|(value, _)| !value.contains('/')));
    let below = desk.json(&[
        "facets",
        "--by",
        "topic",
        "--below",
        "procurement",
        "-n",
        "0",
        "--all-copies",
        "--format",
        "json",
    ]);
    assert!(!counts(&below).is_empty() && counts(&below).iter().all(|(value, _)| value.starts_with("procurement/")));
    let parent = counts(&top).iter().find(|(value, _)| *value == "procurement").unwrap().1;
    assert!(counts(&below).iter().all(|(_, count)| *count <= parent));
    let kinds = desk.json(&["facets", "--by", "actor", "--levels", "1", "-n", "0", "--format", "json"]);
    assert!(counts(&kinds).iter().any(|(value, _)| *value == "person"));
}
