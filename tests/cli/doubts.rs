//! Doubtful articles: counted, filtered, listed and shown.

use std::collections::{BTreeMap, BTreeSet};

use despatch::article::Doubt;
use serde_json::Value;

use super::Desk;

const LONG: &str = "The government of Alda ordered four frigates on Friday, its defence ministry said, in the largest naval \
    contract that the country has ever signed. The ships are to be built over ten years at the yard in Port Alda.";
const ASKS: &str = "<p>Subscribe now to support our journalism and get unlimited access to all articles.</p>\
    <p>Sign in to your account or create an account to continue reading.</p>";

fn page(name: &str, language: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><title>{name} in Alda | The Alda Post</title>\
         <meta property=\"og:site_name\" content=\"The Alda Post\"><link rel=\"canonical\" href=\"https://post.example/{name}\">\
         <meta property=\"article:published_time\" content=\"2025-11-28T09:00:00+01:00\"></head>\
         <body><article><h1>{name} in Alda</h1>{body}</article></body></html>"
    )
}

/// Pages of which some are doubtful, and indexed.
fn desk() -> Desk {
    let desk = Desk::new();
    let whole = format!("<p>{LONG}</p><p>{LONG} So it was said.</p>");
    for (name, language, body) in [
        ("frigates", "en", whole.as_str()),
        ("ferries", "en", "<p>Both ferries stay in port.</p>"),
        ("bridges", "en", "<p>The bridge at Port Alda reopened to army lorries on Monday.</p>"),
        ("yards", "de", whole.as_str()),
        ("tanks", "en", &format!("<p>Lorn will buy forty tanks, the ministry said on Tuesday.</p>{ASKS}")),
    ] {
        let body = body.replace("four frigates", &format!("four {name}"));
        desk.file(&format!("in/{name}.html"), page(name, language, &body));
    }
    assert_eq!(desk.run(&["index", "-q", "in"]).code, 0);
    desk
}

/// The doubts of each page, by extracting it alone.
fn read(desk: &Desk) -> BTreeMap<String, BTreeSet<String>> {
    let articles = desk.json(&["extract", "in"]);
    let doubts = |article: &Value| {
        article["doubts"].as_array().unwrap().iter().map(|doubt| doubt.as_str().unwrap().to_owned()).collect()
    };
    articles.iter().map(|article| (article["title"].as_str().unwrap().to_owned(), doubts(article))).collect()
}

fn titles(desk: &Desk, arguments: &[&str]) -> BTreeSet<String> {
    let lines = desk.json(&[arguments, &["--all-copies", "--all", "--format", "json"]].concat());
    lines[1..].iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn facets_queries_and_filters_find_what_reading_each_page_finds() {
    let desk = desk();
    let pages = read(&desk);
    let with = |name: &str| -> BTreeSet<String> {
        pages.iter().filter(|(_, doubts)| doubts.contains(name)).map(|(title, _)| title.clone()).collect()
    };
    let mut kinds = 0;
    let facets = desk.json(&["facets", "--by", "doubt", "-n", "0", "--all-copies", "--format", "json"]);
    let counts: BTreeMap<&str, u64> =
        facets[1..].iter().map(|line| (line["value"].as_str().unwrap(), line["count"].as_u64().unwrap())).collect();
    for doubt in Doubt::ALL {
        let wanted = with(doubt.name());
        assert_eq!(counts.get(doubt.name()).copied().unwrap_or_default(), wanted.len() as u64, "{doubt:?}");
        if wanted.is_empty() {
            let none = desk.run(&["search", &format!("doubt:{}", doubt.name()), "--count"]);
            assert_eq!((none.code, none.stdout.as_str()), (1, "0\n"), "a known name finds nothing: {}", none.stderr);
            continue;
        }
        assert_eq!(titles(&desk, &["search", &format!("doubt:{}", doubt.name())]), wanted);
        assert_eq!(titles(&desk, &["search", "--doubt", doubt.name()]), wanted);
        kinds += 1;
    }
    let doubtful: BTreeSet<String> =
        pages.iter().filter(|(_, doubts)| !doubts.is_empty()).map(|(title, _)| title.clone()).collect();
    assert!(kinds >= 3 && doubtful.len() == 4, "too few to show anything: {pages:?}");
    assert_eq!(titles(&desk, &["search", "--doubtful"]), doubtful);
    assert_eq!(titles(&desk, &["search", "Alda -doubt:short,language,notice,wall,account,fragment,readings"]).len(), 1);
    for hit in &desk.json(&["search", "--all", "--format", "json"])[1..] {
        let found = hit["doubts"].as_array().unwrap().iter().map(|doubt| doubt.as_str().unwrap().to_owned());
        assert_eq!(found.collect::<BTreeSet<_>>(), pages[hit["title"].as_str().unwrap()]);
    }
}

#[test]
fn every_command_with_filters_has_this_one() {
    let desk = desk();
    let total = |arguments: &[&str]| {
        let told = desk.run(&[arguments, &["--doubtful", "--format", "json"]].concat()).stdout;
        serde_json::from_str::<Value>(told.lines().next().unwrap()).unwrap()["total"].clone()
    };
    for arguments in [&["search"][..], &["facets", "--by", "outlet"], &["timeline"], &["pairs"]] {
        assert_eq!(total(&[arguments, &["--all-copies"]].concat()), 4, "{arguments:?}");
    }
    let id = desk.json(&["search", "frigates", "--format", "json"])[1]["id"].as_str().unwrap().to_owned();
    let similar = desk.json(&["similar", &id, "--doubtful", "--format", "json"]);
    assert!(similar[1..].iter().all(|hit| !hit["doubts"].as_array().unwrap().is_empty()));
    assert_eq!(desk.run(&["save", "odd", "Alda", "--doubtful", "--doubt", "short"]).code, 0);
    let saved = &desk.json(&["saved", "--format", "json"])[0];
    assert_eq!(saved["filters"], serde_json::json!({"doubtful": true, "doubt": ["short"]}));
    assert_eq!(titles(&desk, &["search", "@odd"]), titles(&desk, &["search", "Alda", "--doubt", "short"]));
    let none = desk.run(&["search", "xyzzy", "--doubtful"]);
    assert_eq!(none.code, 1);
    let wrong = desk.run(&["search", "doubt:wal"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("readings, short, wall"), "{}", wrong.stderr);
    let explained = desk.run(&["search", "Alda", "--doubtful", "--explain"]);
    assert!(explained.stdout.contains("--doubtful"), "{}", explained.stdout);
}

#[test]
fn index_counts_the_doubtful_and_the_doctor_lists_them_with_reasons() {
    let desk = desk();
    let pages = read(&desk);
    let again = desk.run(&["index", "in"]).stdout;
    assert!(again.starts_with("0 new, 0 changed, 5 unchanged") && !again.contains("doubtful"), "{again}");
    desk.file("more/whole.html", page("airfields", "en", &format!("<p>{}</p>", LONG.replace("frigates", "airfields"))));
    let whole = desk.run(&["index", "more"]).stdout;
    assert!(whole.starts_with("1 new") && !whole.contains("doubtful"), "{whole}");
    std::fs::remove_dir_all(desk.path().join("index")).unwrap();
    let new = desk.run(&["index", "in", "more"]).stdout;
    assert_eq!(new.lines().nth(1), Some("4 doubtful: despatch doctor --doubtful"), "{new}");

    let told = desk.run(&["doctor", "--doubtful"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    for (title, doubts) in &pages {
        assert_eq!(told.stdout.contains(title.as_str()), !doubts.is_empty(), "{title}: {}", told.stdout);
    }
    assert!(told.stdout.contains("  read from in/tanks.html\n") && told.stdout.ends_with("4 doubtful articles\n"));
    assert!(told.stdout.contains("short: the text has fewer than 150 letters"), "{}", told.stdout);
    assert!(
        told.stderr.contains("show ID --provenance") && told.stderr.contains("rebuild --extract"),
        "{}",
        told.stderr
    );
    let id = told.stdout.split_whitespace().next().unwrap();
    let shown = desk.run(&["show", id, "--provenance"]).stdout;
    assert!(shown.contains("\ndoubts\n"), "{shown}");
    assert!(
        Doubt::ALL.iter().any(|doubt| shown.contains(&format!("  {}: {}\n", doubt.name(), doubt.reason()))),
        "{shown}"
    );
    assert!(!desk.json(&["show", id, "--format", "json"])[0]["doubts"].as_array().unwrap().is_empty());
    let csv = desk.run(&["search", "--doubt", "language", "--format", "csv", "--fields", "title,doubts"]).stdout;
    assert_eq!(csv.lines().nth(1), Some("yards in Alda,language"), "{csv}");

    std::fs::remove_dir_all(desk.path().join("index")).unwrap();
    assert_eq!(desk.run(&["index", "-q", "more"]).code, 0);
    let none = desk.run(&["doctor", "--doubtful"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, "no article is doubtful\n"), "{}", none.stderr);
}
