//! What counts as an answer, and that nothing which was asked is passed over in silence.

use super::{Desk, Run};

/// An index of invented articles: identifier, outlet, title, text.
fn desk(articles: &[(&str, &str, &str, &str)]) -> Desk {
    let desk = Desk::new();
    let lines = articles.iter().map(|(id, outlet, title, text)| {
        let value = serde_json::json!({
            "id": id, "outlet": outlet, "title": title, "language": "en", "published": "2025-11-28",
            "url": format!("https://alda.example/{id}"),
            "text": format!("{text} It was said in Port Alda on Friday by a spokesman of the ministry."),
        });
        format!("{value}\n")
    });
    desk.file("news.jsonl", lines.collect::<String>());
    let run = desk.run(&["index", "news.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    desk
}

fn harbour() -> Desk {
    desk(&[
        ("both", "Alda Post", "Harbour drills begin", "Frigates left the harbour, and drills began with howitzers."),
        ("one", "Alda Post", "Harbour dues rise", "Merchants complain about the harbour and what it costs them."),
        ("other", "The Gazette", "Drills for miners", "New drills were delivered to the mines of Borduria."),
        ("neither", "The Gazette", "Ferry timetable", "The ferry sails at nine, said the line, and returns at ten."),
    ])
}

fn count(desk: &Desk, arguments: &[&str]) -> String {
    desk.run(&[&["search", "--count", "-q"], arguments].concat()).stdout.trim().to_owned()
}

#[test]
fn totals_count_the_stories_with_the_most_of_the_words() {
    let desk = harbour();
    for (query, most, all, any) in [
        ("harbour drills", "1", "1", "3"),
        ("harbour drills ferry", "1", "0", "4"),
        ("harbour nosuchword", "2", "0", "2"),
        ("the harbour", "2", "2", "2"),
        ("\"harbour drills\" ferry", "2", "0", "2"),
        ("(dues OR howitzers) harbour", "2", "2", "2"),
        ("harb* dril*", "1", "1", "3"),
        ("+harbour drills", "2", "2", "2"),
        ("harbour drills -howitzers", "2", "0", "2"),
        ("outlet:\"The Gazette\",\"Alda Post\" harbour drills", "1", "1", "3"),
        ("harbour", "2", "2", "2"),
    ] {
        let found = ["most", "all", "any"].map(|how| count(&desk, &["--match", how, query]));
        assert_eq!(found, [most, all, any], "{query}");
        assert_eq!(count(&desk, &[query]), most, "{query}: the default");
        for how in ["most", "all", "any"] {
            let counted = count(&desk, &["--match", how, query]);
            let hits = desk.run(&["search", "--all", "--format", "json", "-q", "--match", how, query]).stdout;
            assert_eq!(
                hits.matches("{\"type\":\"hit\"").count().to_string(),
                counted,
                "{query}: all are those that count"
            );
        }
    }
    assert_eq!(desk.run_with(&["search", "--count", "harbour drills"], &[("DESPATCH_MATCH", "any")]).stdout, "3\n");
    assert_eq!(desk.run(&["save", "x", "harbour drills", "--match", "any"]).code, 0);
    assert_eq!((count(&desk, &["@x"]), count(&desk, &["@x", "--match", "all"])), ("3".to_owned(), "1".to_owned()));
}

#[test]
fn the_list_goes_on_to_stories_with_some_of_the_words_and_says_which_they_lack() {
    let desk = harbour();
    let lines = desk.json(&["search", "harbour drills", "--format", "json"]);
    assert_eq!((&lines[0]["total"], &lines[0]["total_any"]), (&1.into(), &3.into()));
    assert_eq!((&lines[0]["words"], &lines[0]["words_met"]), (&2.into(), &2.into()));
    let missing = |id: &str| {
        let hit = lines[1..].iter().find(|hit| hit["id"] == id).unwrap();
        hit["missing"].as_array().map(|words| words.iter().map(|word| word.as_str().unwrap().to_owned()).collect())
    };
    assert_eq!(missing("both"), None);
    assert_eq!((missing("one"), missing("other")), (Some(vec!["drills".to_owned()]), Some(vec!["harbour".to_owned()])));
    let run = desk.run(&["search", "harbour drills"]);
    assert_eq!(run.stderr, "note: 1 story has all your words; 3 have some (--match any)\n");
    assert!(run.stdout.contains("without drills") && run.stdout.contains("3 stories with any of the words; 1 counted"));
    let newest = desk.run(&["search", "harbour drills", "--sort", "newest", "--format", "json"]).stdout;
    assert_eq!(newest.lines().count(), 2, "by date there is no noise after the best");
    let facets = desk.json(&["facets", "harbour drills", "--by", "outlet", "--format", "json"]);
    assert_eq!((facets.len(), &facets[1]["value"], &facets[1]["count"]), (2, &"Alda Post".into(), &1.into()));
}

/// Asserts that messages have all of these parts, and that results have none.
fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn what_no_article_has_is_named() {
    let desk = harbour();
    let said = |query: &str| desk.run(&["search", "--count", query]);
    says(
        &said("harbuor frigates"),
        &["no article has 'harbuor'; did you mean 'harbour'?", "no story has all your words"],
    );
    says(&said("€7bn harbour"), &["no article has '€7bn'"]);
    says(&said("ferry howitzers"), &["no story has all your words; 2 stories have 1 of the 2"]);
    says(&said("harbour and drills"), &["write AND"]);
    says(&said("harbour or drills"), &["write OR"]);
    says(&said("harbour not drills"), &["write NOT"]);
    says(&said("\"drills harbour\""), &["no article has \"drills harbour\"; without quotation marks 1 article has"]);
    says(&desk.run(&["facets", "harbuor frigates"]), &["did you mean 'harbour'?"]);
    assert_eq!(said("harbour AND drills").stderr, "");
    let run = desk.run(&["search", "nosuchword"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    says(&run, &["nothing found", "nosuchword"]);
}

#[test]
fn a_field_narrows_as_the_option_does_and_facets_count_what_matches() {
    let desk = harbour();
    for query in ["outlet:Gazette drills", "drills outlet:Gazette"] {
        let run = desk.run(&["search", "--count", query]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        says(&run, &["no outlet 'Gazette'", "The Gazette"]);
    }
    assert_eq!(count(&desk, &["outlet:\"The Gazette\" drills"]), "1");
    assert_eq!(count(&desk, &["--outlet", "The Gazette", "drills"]), "1");
    let facets =
        |more: &[&str]| desk.run(&[&["facets", "--by", "outlet", "-q", "--outlet", "Alda Post"], more].concat());
    assert!(!facets(&[]).stdout.contains("Gazette"));
    assert!(facets(&["--all-values"]).stdout.contains("Gazette"));
    let run = desk.run(&["facets", "--below", "persn", "--by", "actor"]);
    assert_eq!(run.code, 2);
    says(&run, &["nothing is below 'persn'", "person", "company"]);
    let run = desk.run(&["facets", "--below", "party", "--by", "actor"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    says(&run, &["nothing to count below party"]);
    says(&desk.run(&["search", "harbour", "--min-mentions", "2"]), &["--min-mentions"]);
    says(
        &desk.run(&["search", "harbour", "--since", "2026", "--until", "2025"]),
        &["--since 2026 is after --until 2025"],
    );
}

#[test]
fn removal_takes_a_title_wholly_and_what_was_removed_is_remembered() {
    let desk = harbour();
    let run = desk.run(&["remove", "Harbour drills"]);
    assert!(run.stdout.starts_with("both ") && run.stdout.contains("1 article would be taken out"), "{}", run.stdout);
    let run = desk.run(&["remove", "--yes", "harbour frigates"]);
    assert_eq!(run.code, 1, "no title has both");
    says(&run, &["no title has all of these words", "--query"]);
    let run = desk.run(&["remove", "--query", "harbour drills"]);
    assert!(run.stdout.contains("1 article would be taken out"), "{}", run.stdout);
    let run = desk.run(&["remove", "nosuch"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    says(&run, &["nosuch"]);
    assert_eq!(desk.run(&["remove", "--yes", "both"]).code, 0);
    for name in ["both", "https://alda.example/both"] {
        for command in ["show", "similar"] {
            let run = desk.run(&[command, name]);
            assert_eq!(run.code, 2);
            says(&run, &["was removed", "--readmit"]);
        }
    }
    says(&desk.run(&["show", "nosuch"]), &["no article 'nosuch'", "despatch search"]);
    assert_eq!(desk.run(&["index", "--readmit", "news.jsonl"]).code, 0);
    assert_eq!(desk.run(&["show", "both"]).code, 0);
}

#[test]
fn names_that_nearly_fit_are_offered() {
    let desk = harbour();
    assert_eq!(count(&desk, &["harbour", "--lang", "English"]), "2");
    says(&desk.run(&["search", "harbour", "--lang", "German"]), &["no lang 'German'", "English (en)"]);
    says(&desk.run(&["search", "harbour", "--topic", "nucular"]), &["nuclear"]);
    says(&desk.run(&["search", "harbour", "--outlet", "Gazete"]), &["The Gazette"]);
    desk.file(
        "own.toml",
        "[[actor]]\nid = \"institute/alda\"\nheading = \"Alda Institute\"\nstrong = [\"Alda Institute\"]\n",
    );
    let run = desk.run(&["authority", "check", "own.toml"]);
    assert_eq!(run.code, 2);
    assert!((run.stdout + &run.stderr).contains("the kinds are person, state"));
    let run = desk.run(&["extract", "--format", "json", "news.jsonl"]);
    assert!(run.code == 0 && run.stdout.starts_with("{\"type\":\"article\""), "{}", run.stderr);
    let run = desk.run_with(&["search", "harbour"], &[("DESPATCH_CONFIG", "nowhere.toml")]);
    assert_eq!(run.code, 2);
    says(&run, &["nowhere.toml"]);
}

#[test]
fn a_batch_knows_saved_searches_and_options_take_their_numbers() {
    let desk = harbour();
    assert_eq!(desk.run(&["save", "x", "harbour", "--outlet", "Alda Post"]).code, 0);
    desk.file("queries", "@x\n@x drills\n@nosuch\n");
    let run = desk.run(&["search", "--batch", "queries"]);
    let totals: Vec<serde_json::Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let totals: Vec<_> =
        totals.iter().filter(|line| line["type"] == "header").map(|line| line["total"].clone()).collect();
    assert_eq!((run.code, totals), (2, vec![2.into(), 1.into()]));
    assert!(run.stdout.contains("no saved search 'nosuch'"));
    says(&desk.run(&["search", "--batch", "queries", "--format", "csv"]), &["--batch answers in JSON only"]);
    let run = desk.run(&["search", "ferry", "--recency", "30"]);
    says(&run, &["halving every 30 days"]);
    assert!(!run.stderr.contains("no article has"), "{}", run.stderr);
    says(&desk.run(&["search", "ferry", "--score", "5"]), &["--score takes no number"]);
}
