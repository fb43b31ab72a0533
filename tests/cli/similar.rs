//! `despatch similar`.

use super::Desk;

#[test]
fn the_articles_most_like_one_are_on_its_subject_and_none_is_its_copy() {
    let desk = Desk::with_corpus();
    let first = desk.json(&["search", "UK SAFE talks collapse", "-n", "1", "--format", "json"])[1].clone();
    let id = first["id"].as_str().unwrap();
    let lines = desk.json(&["similar", id, "-n", "5", "--format", "json"]);
    assert_eq!(lines[0]["type"], "header");
    let titles: Vec<&str> = lines[1..].iter().map(|hit| hit["title"].as_str().unwrap()).collect();
    assert!(lines[1..].iter().all(|hit| hit["id"] != first["id"]), "{titles:?}");
    let on_it = lines[1..].iter().filter(|hit| {
        hit["topics"]
            .as_array()
            .unwrap()
            .iter()
            .any(|topic| topic["id"].as_str().unwrap().starts_with("eu-defence-funds"))
    });
    assert!(on_it.count() >= 3, "{titles:?}");
    let filtered = desk.json(&["similar", id, "--until", "2025-12", "--format", "json"]);
    assert!(filtered[1..].iter().all(|hit| hit["published"].as_str().unwrap() < "2026"));
}

#[test]
fn copies_of_the_article_are_no_answer() {
    let desk = Desk::new();
    let story = "The parliament of Alda voted on Tuesday to buy twelve patrol aircraft from Borduria. The vote ended a dispute of \
        three years over the price. Ministers said the first two would arrive at the base in Port Alda next spring. The opposition \
        called the purchase a mistake and asked for an inquiry into how the offer was chosen.";
    let other = "Borduria will deliver patrol aircraft to the parliament's chosen base in Port Alda, ministers said of the purchase.";
    let line =
        |id: &str, title: &str, text: &str| serde_json::json!({"id": id, "title": title, "text": text}).to_string();
    let lines = [line("a", "Aircraft", story), line("b", "Alda buys", story), line("c", "Delivery", other)];
    desk.file("news.jsonl", lines.join("\n"));
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    let found = desk.json(&["similar", "a", "--format", "json"]);
    assert_eq!((found.len(), &found[1]["id"]), (2, &"c".into()));
    assert_eq!(desk.run(&["similar", "nothing"]).code, 2);
}
