//! `despatch search`, `facets`, `show`, `extract`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Desk, corpus};

fn ids(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["id"].as_str()).collect()
}

#[test]
fn the_first_line_is_a_header_and_each_hit_has_passages_with_highlights_inside() {
    let desk = Desk::with_corpus();
    let lines = desk.json(&["search", "UK SAFE talks", "--passages", "2", "--format", "json"]);
    assert_eq!((&lines[0]["type"], &lines[0]["format"]), (&"header".into(), &1.into()));
    assert!(lines[0]["total"].as_u64().unwrap() >= 5);
    for (hit, rank) in lines[1..].iter().zip(1..) {
        assert_eq!((&hit["type"], hit["rank"].as_u64()), (&"hit".into(), Some(rank)));
        for passage in hit["passages"].as_array().unwrap() {
            let text = passage["text"].as_str().unwrap();
            for mark in passage["highlights"].as_array().unwrap() {
                let (start, end) = (mark[0].as_u64().unwrap() as usize, mark[1].as_u64().unwrap() as usize);
                assert!(start < end && text.get(start..end).is_some());
            }
        }
    }
}

#[test]
fn the_programme_is_marked_and_never_the_word() {
    let desk = Desk::with_corpus();
    for hit in &desk.json(&["search", "SAFE", "--passages", "9", "-n", "50", "--format", "json"])[1..] {
        for passage in hit["passages"].as_array().unwrap() {
            let text = passage["text"].as_str().unwrap();
            for mark in passage["highlights"].as_array().unwrap() {
                let marked = &text[mark[0].as_u64().unwrap() as usize..mark[1].as_u64().unwrap() as usize];
                assert_eq!(marked, "SAFE");
            }
        }
    }
}

#[test]
fn diacritics_spellings_and_names_meet() {
    let desk = Desk::with_corpus();
    let found = |arguments: &[&str]| {
        let mut all = vec!["search", "-n", "200", "--sort", "oldest", "--format", "json"];
        all.extend(arguments);
        ids(&desk.json(&all)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(&["Sefcovic"]), found(&["Šefčovič"]));
    assert_eq!(found(&["\"defence minister\""]), found(&["\"defense minister\""]));
    assert_eq!(found(&["--actor", "starmer"]), found(&["--actor", "Keir Starmer"]));
    let british = found(&["--affiliation", "uk"]);
    assert!(found(&["--actor", "starmer"]).iter().all(|id| british.contains(id)));
}

#[test]
fn unknown_and_ambiguous_actors_are_errors_that_help() {
    let desk = Desk::with_corpus();
    let unknown = desk.run(&["search", "--actor", "Keir Starmr"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("Keir Starmer"), "{}", unknown.stderr);
    let ambiguous = desk.run(&["search", "--actor", "ministry of defence"]);
    assert_eq!(ambiguous.code, 2);
    assert!(ambiguous.stderr.contains("body/france-ministry"), "{}", ambiguous.stderr);
}

#[test]
fn nothing_found_is_exit_code_one() {
    let desk = Desk::with_corpus();
    let run = desk.run(&["search", "+xyzzy"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
}

#[test]
fn facet_counts_equal_a_count_over_what_extract_prints() {
    let desk = Desk::with_corpus();
    let folders = corpus();
    let mut arguments = vec!["extract"];
    arguments.extend(folders.iter().map(String::as_str));
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for article in desk.json(&arguments) {
        for (name, facet) in [("actors", "actor"), ("topics", "topic")] {
            for value in article[name].as_array().unwrap() {
                *expected.entry(format!("{facet} {}", value["id"].as_str().unwrap())).or_default() += 1;
            }
        }
        if let Some(outlet) = article["outlet"].as_str() {
            *expected.entry(format!("outlet {outlet}")).or_default() += 1;
        }
    }
    let counted: BTreeMap<String, u64> =
        desk.json(&["facets", "--by", "actor,topic,outlet", "--all-copies", "-n", "0", "--format", "json"])[1..]
            .iter()
            .map(|line| {
                let key = format!("{} {}", line["facet"].as_str().unwrap(), line["value"].as_str().unwrap());
                (key, line["count"].as_u64().unwrap())
            })
            .collect();
    assert_eq!(counted, expected);
}

#[test]
fn an_article_is_shown_by_the_beginning_of_its_identifier() {
    let desk = Desk::with_corpus();
    let lines = desk.json(&["search", "Šefčovič", "-n", "1", "--format", "json"]);
    let id = lines[1]["id"].as_str().unwrap();
    let shown = &desk.json(&["show", id, "--format", "json"])[0];
    assert_eq!(shown["title"], lines[1]["title"]);
    let text = shown["text"].as_str().unwrap();
    for mention in shown["mentions"].as_array().unwrap() {
        let (start, end) = (mention["start"].as_u64().unwrap() as usize, mention["end"].as_u64().unwrap() as usize);
        assert_eq!(&text[start..end], mention["surface"].as_str().unwrap());
    }
    let unknown = desk.run(&["show", "zzzz"]);
    assert_eq!((unknown.code, unknown.stderr.as_str()), (2, "error: no article 'zzzz'\n"));
}

#[test]
fn without_an_index_the_error_says_how_to_make_one() {
    let desk = Desk::new();
    let run = desk.run(&["search", "x"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("despatch index PATH"), "{}", run.stderr);
}

#[test]
fn copies_of_a_story_are_one_hit_and_one_count() {
    let desk = Desk::new();
    let story = "The parliament of Alda voted on Tuesday to buy twelve patrol aircraft from Borduria. The vote ended a dispute of \
        three years over the price. Ministers said the first two would arrive at the base in Port Alda next spring. The opposition \
        called the purchase a mistake and asked for an inquiry into how the offer was chosen. The air force has flown its present \
        aircraft since the seventies and grounded half of them last winter for want of spare parts.";
    let line = |id: &str, outlet: &str, title: &str, text: &str, hour: u32| {
        let published = format!("2025-03-04T{hour:02}:00:00Z");
        serde_json::json!({"id": id, "outlet": outlet, "title": title, "text": text, "published": published})
            .to_string()
    };
    let lines = [
        line("a", "Wire", "Alda to buy patrol aircraft", story, 9),
        line("b", "Post", "PATROL AIRCRAFT FOR ALDA", &format!("{story} Reporting by the Wire."), 11),
        line(
            "c",
            "Herald",
            "Borduria sells trams",
            "The trams of Borduria go to Syldavia, the makers said, with patrol boats to follow.",
            8,
        ),
    ];
    desk.file("news.jsonl", lines.join("\n"));
    assert_eq!(desk.run(&["index", "news.jsonl"]).code, 0);
    let found = desk.json(&["search", "patrol", "--format", "json"]);
    assert_eq!((found[0]["total"].as_u64(), found[0]["copies"].as_u64()), (Some(2), Some(3)));
    let hit = found.iter().find(|hit| hit["copies"] == 2).unwrap();
    assert_eq!((hit["outlets"].as_u64(), hit["first_published"]["id"].as_str()), (Some(2), Some("a")));
    assert_eq!(desk.json(&["search", "patrol", "--all-copies", "--format", "json"]).len(), 4);
    let only_one = desk.json(&["search", "+Reporting", "--format", "json"]);
    assert_eq!(ids(&only_one), ["b"], "the copy that alone has the word");
    let count = |arguments: &[&str]| {
        let mut all = vec!["facets", "--by", "actor", "-n", "0", "--format", "json"];
        all.extend(arguments);
        desk.json(&all)[0]["total"].as_u64().unwrap()
    };
    assert_eq!((count(&["aircraft"]), count(&["aircraft", "--all-copies"])), (1, 2));
    let outlets = desk.json(&["facets", "aircraft", "--by", "outlet", "--format", "json"]);
    assert_eq!(outlets.len(), 3, "both outlets ran it");
    let shown = desk.run(&["show", "a", "--copies"]).stdout;
    assert!(shown.contains("+ Reporting by the Wire"), "{shown}");
}
