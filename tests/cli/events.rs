//! What was done with systems: `--event`, `event:`, `facets --by event`, `show --events`.

use super::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    let article = |title: &str, text: &str| {
        format!("{}\n", serde_json::json!({"title": title, "text": text, "published": "2025-01-10", "outlet": title}))
    };
    let rest = "The weather was fine all day long. ".repeat(40);
    let lines = [
        article("Buyers", "Poland has ordered 32 F-35A jets. Norway has ordered P-8 aircraft."),
        article("Plans", "Poland plans to order F-35 jets."),
        article(
            "Far down",
            &format!("Poland flies F-35 jets today.\n\n{rest}\n\nEight F-16 jets were donated by Denmark."),
        ),
        article("Norway scraps NH90", "The helicopters go back."),
    ];
    desk.file("news.jsonl", lines.concat());
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    desk
}

fn found(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let lines = desk.json(&[&["search", "--format", "json"], arguments].concat());
    let mut titles: Vec<String> = lines[1..].iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

#[test]
fn articles_are_found_by_who_did_what_with_which_system() {
    let desk = desk();
    assert_eq!(found(&desk, &["--event", "order"]), ["Buyers"]);
    assert_eq!(found(&desk, &["event:order,cancel"]), ["Buyers", "Norway scraps NH90"]);
    assert_eq!(found(&desk, &["--event", "order", "--actor", "Poland", "--system", "F-35"]), ["Buyers"]);
    let none = desk.run(&["search", "--event", "order", "--actor", "Poland", "--system", "P-8"]);
    assert_eq!(none.code, 1, "the article names both, but of another order");
    assert_eq!(desk.run(&["search", "--event", "cancel", "--actor", "Poland"]).code, 1);
    let wrong = desk.run(&["search", "--event", "eat"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("order") && wrong.stderr.contains("approve"), "{}", wrong.stderr);
    let counts = desk.json(&["facets", "--by", "event", "--format", "json"]);
    let counts: Vec<(&str, u64)> = counts[1..]
        .iter()
        .filter(|line| line["type"] == "facet")
        .map(|line| (line["value"].as_str().unwrap(), line["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("cancel", 1), ("donate", 1), ("order", 1)]);
}

#[test]
fn events_are_counted_as_a_search_for_them_finds_them() {
    let desk = desk();
    for asked in [&["--actor", "Poland"][..], &["--system", "F-16"], &["--actor", "Norway", "--system", "P-8"], &[]] {
        let lines = desk.json(&[&["facets", "--by", "event", "--format", "json"], asked].concat());
        let counts = lines.iter().filter(|line| line["type"] == "facet");
        let counts: Vec<(&str, u64)> =
            counts.map(|line| (line["value"].as_str().unwrap(), line["count"].as_u64().unwrap())).collect();
        let classes = ["approve", "cancel", "deliver", "deploy", "donate", "lose", "order", "test"];
        let total = |class: &str| {
            let found = desk.run(&[&["search", "--format", "json", "--event", class], asked].concat());
            found.stdout.lines().skip(1).count() as u64
        };
        let mut wanted: Vec<(&str, u64)> = classes.map(|class| (class, total(class))).into();
        wanted.retain(|(_, count)| *count > 0);
        assert!(!wanted.is_empty());
        assert_eq!(counts, wanted, "{asked:?}");
    }
    let lines = desk.json(&["facets", "--by", "event", "--actor", "Poland", "--format", "json"]);
    assert_eq!(lines[0]["total"], 3, "Poland is mentioned with a donation that is not its own");
}

#[test]
fn a_hit_shows_its_events_and_the_passage_that_says_so() {
    let desk = desk();
    let lines = desk.json(&["search", "--event", "donate", "--format", "json", "--passages", "1"]);
    let event = &lines[1]["events"][0];
    assert_eq!((&event["class"], &event["actor"]["id"]), (&"donate".into(), &"state/denmark".into()));
    assert_eq!(event["system"]["id"], "system/combat-aircraft/f-16");
    let passage = lines[1]["passages"][0]["text"].as_str().unwrap();
    assert!(passage.contains("donated by Denmark"), "{passage}");
    let text = desk.run(&["search", "--event", "order", "--actor", "Norway"]).stdout;
    assert!(text.contains("event: order: Norway, P-8 Poseidon\n") && !text.contains("order: Poland"), "{text}");
    assert!(
        lines[1].get("systems").is_some()
            && desk.json(&["search", "jets", "--format", "json"])[1].get("events").is_none()
    );
}

#[test]
fn an_article_is_shown_with_what_was_done() {
    let desk = desk();
    let id = desk.json(&["search", "event:order", "--format", "json"])[1]["id"].as_str().unwrap().to_owned();
    let text = desk.run(&["show", &id, "--events"]).stdout;
    assert!(
        text.contains("\nevents\n       0  order: Poland, F-35 Lightning II: Poland has ordered 32 F-35A\n"),
        "{text}"
    );
    let line = &desk.json(&["show", &id, "--events", "--format", "json"])[0];
    assert_eq!((line["events"].as_array().map(Vec::len), &line["title_events"]), (Some(2), &serde_json::json!([])));
}
