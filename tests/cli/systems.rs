//! Weapon systems and programmes: `--system`, `system:`, `facets --by system`, `pairs --below system`.

use super::Desk;

const OWN: &str = r#"
[[actor]]
id = "company/quay-works"
heading = "Quay Works"
[[class]]
id = "system/ferry"
heading = "Ferries"
words = ["ferry", "ferries"]
[[class]]
id = "programme/ferry"
heading = "Programmes: ferries"
words = ["programme"]
[[system]]
id = "system/ferry/qf-7"
heading = "QF-7 Wagtail"
strong = ["QF-7"]
weak = ["Wagtail"]
makers = ["company/quay-works"]
[[system]]
id = "programme/ferry/blue-water"
heading = "Blue Water Ferry Programme"
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    let article = |id: &str, title: &str, text: &str| {
        format!("{}\n", serde_json::json!({"id": id, "title": title, "text": text, "published": "2025-01-10"}))
    };
    let lines = [
        article("a", "A ferry", "Quay Works showed the QF-7B2. The Wagtail carries forty lorries."),
        article("b", "A plan", "The Blue Water Ferry Programme begins. Two Wagtail ferries were sold."),
        article("c", "A bird", "A Wagtail stood by the river."),
    ];
    desk.file("news.jsonl", lines.concat());
    desk.file("own.toml", OWN);
    assert_eq!(desk.run(&["index", "-q", "news.jsonl", "--authority", "own.toml"]).code, 0);
    desk
}

fn found(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let mut ids: Vec<String> = desk.json(&[&["search", "--format", "json"], arguments].concat())[1..]
        .iter()
        .map(|hit| hit["title"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn a_system_its_class_and_its_maker_find_the_articles_that_mention_it() {
    let desk = desk();
    for name in ["QF-7", "Wagtail", "system/ferry/qf-7", "system/ferry", "Quay Works"] {
        assert_eq!(found(&desk, &["--system", name]), ["A ferry", "A plan"], "{name}");
    }
    assert_eq!(found(&desk, &["system:qf-7"]), ["A ferry", "A plan"]);
    assert_eq!(found(&desk, &["--system", "ferry"]), ["A ferry", "A plan"], "both classes of this slug");
    assert_eq!(found(&desk, &["--system", "programme/ferry"]), ["A plan"]);
    let run = desk.run(&["search", "--system", "Wagtal"]);
    assert!(run.code == 2 && run.stderr.contains("QF-7 Wagtail"), "{}", run.stderr);
    let run = desk.run(&["search", "--actor", "QF-7"]);
    assert!(run.code == 2 && run.stderr.contains("no actor 'QF-7'"), "a system is no actor: {}", run.stderr);
}

#[test]
fn systems_are_counted_beside_actors_only_where_they_are_asked_for() {
    let desk = desk();
    let facet = |arguments: &[&str]| -> Vec<(String, u64)> {
        let lines = desk.json(&[&["facets", "--format", "json", "--by"], arguments].concat());
        let count =
            |line: &serde_json::Value| (line["value"].as_str().unwrap().to_owned(), line["count"].as_u64().unwrap());
        lines.iter().filter(|line| line["type"] == "facet").map(count).collect()
    };
    let systems = [("system/ferry/qf-7".to_owned(), 2), ("programme/ferry/blue-water".to_owned(), 1)];
    assert_eq!(facet(&["system"]), systems);
    assert_eq!(facet(&["system", "--levels", "2"])[0], ("system/ferry".to_owned(), 2));
    assert_eq!(facet(&["system", "--below", "programme"]), [("programme/ferry/blue-water".to_owned(), 1)]);
    assert!(facet(&["actor"]).iter().all(|(id, _)| !id.starts_with("system") && !id.starts_with("programme")));
    let pairs = |arguments: &[&str]| {
        let lines = desk.json(&[&["pairs", "--format", "json"], arguments].concat());
        let ids = |line: &serde_json::Value| format!("{} {}", line["a"]["id"], line["b"]["id"]).replace('"', "");
        lines[1..].iter().map(ids).collect::<Vec<_>>()
    };
    assert_eq!(pairs(&["--actor", "Quay Works", "--below", "system"]), ["company/quay-works system/ferry/qf-7"]);
    assert_eq!(pairs(&["--actor", "QF-7", "--below", "company"]), ["system/ferry/qf-7 company/quay-works"]);
    assert!(desk.run(&["pairs"]).stdout.starts_with("no pairs"));
}

#[test]
fn an_article_lists_its_systems_with_their_mentions() {
    let desk = desk();
    let hit = &desk.json(&["search", "--system", "QF-7", "lorries", "--format", "json"])[1];
    assert_eq!(hit["systems"], serde_json::json!([{"id": "system/ferry/qf-7", "label": "QF-7 Wagtail"}]));
    let article = &desk.json(&["show", hit["id"].as_str().unwrap(), "--format", "json"])[0];
    let surfaces: Vec<(&str, &str)> = article["mentions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["surface"].as_str().unwrap(), one["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(surfaces, [("Quay Works", "company"), ("QF-7B2", "system"), ("Wagtail", "system")]);
    assert_eq!(article["systems"][0]["mentions"], 2);
    let lookup = desk.run(&["authority", "lookup", "F-35"]).stdout;
    assert!(
        lookup.contains("class    Combat aircraft") && lookup.contains("made by  company/lockheed-martin"),
        "{lookup}"
    );
}
