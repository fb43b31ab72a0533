//! How much articles are about their actors: `--as-subject`, `facets --weigh`; names without a heading as they are
//! written; articles by their last change.

use serde_json::Value;

use super::Desk;

const OWN: &str =
    "[[actor]]\nid = \"state/alda\"\nheading = \"Alda\"\n[[actor]]\nid = \"state/brea\"\nheading = \"Brea\"\n";

fn desk() -> Desk {
    let desk = Desk::new();
    let article = |id: &str, title: &str, text: &str, published: &str, modified: Option<&str>| {
        let value = serde_json::json!({
            "id": id, "title": title, "text": text, "published": published, "modified": modified,
        });
        format!("{value}\n")
    };
    let embassy = "The US Embassy was shut. The US Embassy stayed so.";
    let lines = [
        article("a", "Alda pays", "Alda paid for the ferries. Alda will pay again.", "2025-01-10", Some("2025-03-05")),
        article("b", "A bill", "Ferries were paid for by Alda, a clerk said.", "2025-02-10", None),
        article(
            "c",
            "Brea pays",
            "Brea paid for the ferries of Alda. Brea was late.",
            "2025-03-10",
            Some("2025-03-20"),
        ),
        article("d", "A door", embassy, "2025-04-10", None),
        article("e", "A wall", &embassy.replace("stayed", "remained"), "2025-04-11", None),
        article("f", "A roof", &embassy.replace("US Embassy", "US EMBASSY"), "2025-04-12", None),
    ];
    desk.file("news.jsonl", lines.concat());
    desk.file("own.toml", OWN);
    assert_eq!(desk.run(&["index", "-q", "news.jsonl", "--authority", "own.toml"]).code, 0);
    desk
}

fn titles(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let lines = desk.json(&[&["search", "--format", "json"], arguments].concat());
    lines[1..].iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_actor_may_have_to_be_the_subject() {
    let desk = desk();
    let mut all = titles(&desk, &["--actor", "Alda"]);
    all.sort();
    assert_eq!(all, ["A bill", "Alda pays", "Brea pays"]);
    assert_eq!(titles(&desk, &["--actor", "Alda", "--as-subject"]), ["Alda pays"]);
    assert_eq!(titles(&desk, &["ferries", "--actor", "Alda", "--as-subject", "--min-mentions", "2"]), ["Alda pays"]);
    assert_eq!(titles(&desk, &["--actor", "Brea", "--as-subject"]), ["Brea pays"]);
    let run = desk.run(&["search", "ferries", "--as-subject"]);
    assert!(run.stderr.contains("--as-subject is about the actors asked for"), "{}", run.stderr);
    let hit = &desk.json(&["search", "--actor", "Brea", "--format", "json"])[1];
    let order: Vec<&Value> = hit["actors"].as_array().unwrap().iter().map(|actor| &actor["id"]).collect();
    assert_eq!(order, ["state/brea", "state/alda"]);
    let shown = &desk.json(&["show", hit["id"].as_str().unwrap(), "--format", "json"])[0]["actors"];
    assert!(shown[0]["weight"].as_f64() > shown[1]["weight"].as_f64(), "{shown}");
}

#[test]
fn stories_without_actors_are_counted_once_however_many_copies() {
    let desk = Desk::new();
    desk.file("own.toml", OWN);
    let article = |id: &str, text: &str| format!("{}\n", serde_json::json!({ "id": id, "title": id, "text": text }));
    let wire =
        "The ferries that were built in the yards of the harbour last year sail again from the old quay on Monday.";
    desk.file("news.jsonl", [article("a", wire), article("b", wire), article("c", "Alda paid.")].concat());
    assert_eq!(desk.run(&["index", "-q", "news.jsonl", "--authority", "own.toml"]).code, 0);
    let arguments = ["facets", "--by", "actor", "--weigh", "--format", "json"];
    assert_eq!(desk.json(&arguments)[0]["rest"]["actor"]["without"], 1);
    assert_eq!(desk.json(&[&arguments[..], &["--all-copies"]].concat())[0]["rest"]["actor"]["without"], 2);
}

#[test]
fn actors_are_counted_by_weight() {
    let desk = desk();
    let arguments = ["facets", "ferries", "--by", "actor", "--weigh"];
    let lines = desk.json(&[&arguments[..], &["--format", "json"]].concat());
    let weights: Vec<(&str, u64, f64)> = lines[1..]
        .iter()
        .map(|one| (one["value"].as_str().unwrap(), one["count"].as_u64().unwrap(), one["weight"].as_f64().unwrap()))
        .collect();
    assert_eq!(
        weights.iter().map(|(id, count, _)| (*id, *count)).collect::<Vec<_>>(),
        [("state/alda", 3), ("state/brea", 1)]
    );
    assert!(weights[0].2 > 1.0 && weights[0].2 < 2.0 && weights[1].2 > 0.7 && weights[1].2 <= 1.0, "{weights:?}");
    let text = desk.run(&arguments).stdout;
    assert!(text.starts_with("actors by weight, not by stories\n"), "{text}");
    let csv = desk.run(&[&arguments[..], &["--format", "csv"]].concat()).stdout;
    assert!(csv.starts_with("facet,value,label,count,weight\nactor,state/alda,Alda,3,1."), "{csv}");
    assert_eq!(desk.run(&["facets", "--weigh", "--by", "outlet"]).code, 2);
    assert_eq!(desk.run(&["facets", "--by", "actor", "--weigh", "--format", "svg"]).code, 0);
}

#[test]
fn names_without_a_heading_are_shown_as_most_articles_write_them() {
    let desk = desk();
    let text = desk.run(&["facets", "--by", "actor"]).stdout;
    assert!(text.contains("US Embassy? 3"), "{text}");
    let lines = desk.json(&["facets", "--by", "actor", "--format", "json"]);
    let one = lines.iter().find(|line| line["value"] == "unlisted/us-embassy").unwrap();
    assert_eq!((&one["label"], &one["unlisted"]), (&Value::from("US Embassy"), &Value::from(true)));
    assert!(lines[1..].iter().all(|line| line["value"] != "state/alda" || line.get("unlisted").is_none()));
    let hit = &desk.json(&["search", "door", "--format", "json"])[1];
    assert_eq!(hit["actors"][0]["label"], "US Embassy");
    assert!(desk.run(&["search", "door"]).stdout.contains("US Embassy?"));
    assert!(desk.run(&["show", hit["id"].as_str().unwrap()]).stdout.contains("US Embassy? (2)"));
}

#[test]
fn articles_are_found_by_their_last_change() {
    let desk = desk();
    assert_eq!(titles(&desk, &["modified:2025-03", "--sort", "modified"]), ["Brea pays", "Alda pays"]);
    assert_eq!(titles(&desk, &["date:2025-03"]), ["Brea pays"]);
    let since = ["--modified-since", "2025-03-06", "--modified-until", "2025-04-10", "--sort", "modified"];
    assert_eq!(titles(&desk, &since), ["A door", "Brea pays"]);
    let run = desk.run(&["search", "--modified-since", "2025-04", "--modified-until", "2025-03"]);
    assert!(run.code == 2 && run.stderr.contains("--modified-since 2025-04 is after"), "{}", run.stderr);
    let told = desk.run(&["why", "x", "modified:2025-03"]);
    assert_eq!(told.code, 2, "there is no such article");
}
