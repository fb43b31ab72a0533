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
fn mentions_of_an_actor_that_is_asked_for_are_told_from_words() {
    let desk = Desk::with_corpus();
    let asked = ["search", "SAFE", "--actor", "starmer", "-n", "50", "--passages", "9"];
    let mut seen = 0;
    for hit in &desk.json(&[&asked[..], &["--format", "json"]].concat())[1..] {
        for passage in hit["passages"].as_array().unwrap() {
            let (text, all) = (passage["text"].as_str().unwrap(), passage["highlights"].as_array().unwrap());
            let of_actors = passage["actor_highlights"].as_array().map(Vec::as_slice).unwrap_or_default();
            seen += of_actors.len();
            for mark in all {
                let marked = &text[mark[0].as_u64().unwrap() as usize..mark[1].as_u64().unwrap() as usize];
                assert_eq!(marked == "SAFE", !of_actors.contains(mark), "{marked}");
            }
        }
    }
    assert!(seen > 3, "{seen}");
    let printed = |marks: &str| desk.run(&[&asked[..], &["--marks", marks]].concat()).stdout;
    assert!(printed("stars").contains("**SAFE**") && printed("stars").contains("*Starmer"), "{}", printed("stars"));
    let words = |text: String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let stars = printed("stars").replace("**SAFE**", "«SAFE»").replace('*', "");
    assert_eq!(words(stars), words(printed("guillemets").replace(['‹', '›'], "")));
    assert!(!printed("none").contains(['«', '*', '‹']));
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
    assert!(ambiguous.stderr.contains("body/albania-ministry-of-defence, "), "{}", ambiguous.stderr);
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
    assert_eq!(
        (unknown.code, unknown.stderr.as_str()),
        (
            2,
            "error: no article 'zzzz'\nhint: `despatch search` prints the identifier of each article below its title; its \
         beginning is enough\n"
        )
    );
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
        let mut all = vec!["facets", "--by", "outlet", "-n", "0", "--format", "json"];
        all.extend(arguments);
        desk.json(&all)[0]["total"].as_u64().unwrap()
    };
    assert_eq!((count(&["aircraft"]), count(&["aircraft", "--all-copies"])), (1, 2));
    let outlets = desk.json(&["facets", "aircraft", "--by", "outlet", "--format", "json"]);
    assert_eq!(outlets.len(), 3, "both outlets ran it");
    let shown = desk.run(&["show", "a", "--copies"]).stdout;
    assert!(shown.contains("+ Reporting by the Wire"), "{shown}");
}

/// Six short articles of an invented country.
fn alda() -> Desk {
    let desk = Desk::new();
    let article = |id: &str, day: &str, title: &str, text: &str| {
        serde_json::json!({"id": id, "outlet": "Alda Post", "title": title, "text": text, "published": day}).to_string()
    };
    let lines = [
        article(
            "a",
            "2025-01-10",
            "Ferries for the strait",
            "The port bought two ferries. The first sails in May. Nobody knows the price of the second. The mayor smiled.",
        ),
        article(
            "b",
            "2026-02-20",
            "Ferries again",
            "The port bought two more ferries. One of them is old. The harbour master said no. A vote follows.",
        ),
        article(
            "c",
            "2026-02-25",
            "Bridge plans",
            "A bridge would cost more than a tunnel. The engineers disagree. A tunnel floods.",
        ),
        article(
            "d",
            "2025-06-01",
            "Tunnel opens",
            "The tunnel opened on Sunday. Cars queued for hours. The ferries lost money.",
        ),
    ];
    desk.file("news.jsonl", lines.join("\n"));
    let run = desk.run(&["index", "-q", "news.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    desk
}

#[test]
fn context_gives_the_sentences_around_what_matched() {
    let desk = alda();
    let passages = |context: &str| -> Vec<String> {
        let lines = desk.json(&["search", "+price", "--context", context, "--passages", "all", "--format", "json"]);
        lines[1]["passages"].as_array().unwrap().iter().map(|p| p["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(passages("0"), ["Nobody knows the price of the second."]);
    assert_eq!(passages("1"), ["The first sails in May. Nobody knows the price of the second. The mayor smiled."]);
    let two = desk.json(&["search", "+ferries +queued", "--context", "0", "--passages", "all", "--format", "json"]);
    let passages = two[1]["passages"].as_array().unwrap();
    assert_eq!(passages[0]["text"], "Cars queued for hours. The ferries lost money.");
}

#[test]
fn recency_moves_new_articles_up_and_says_its_half_life() {
    let desk = alda();
    let first = |arguments: &[&str]| desk.json(arguments)[1]["id"].as_str().unwrap().to_owned();
    assert_eq!(first(&["search", "port bought two ferries smiled", "--format", "json"]), "a");
    assert_eq!(first(&["search", "port bought two ferries smiled", "--recency=30", "--format", "json"]), "b");
    let told = desk.run(&["search", "ferries", "--recency"]);
    assert!(told.stderr.contains("halving every 90 days"), "{}", told.stderr);
    assert_eq!(desk.run(&["search", "ferries", "--recency=0"]).code, 2);
}

#[test]
fn the_parts_of_a_score_add_up_to_it() {
    let desk = Desk::with_corpus();
    for query in ["UK SAFE talks", "Starmer Brussels", "\"defence fund\" +EU", "nato spending target"] {
        for more in [&[][..], &["--recency=365"], &["--no-feedback"], &["--sort", "newest"]] {
            let arguments = [&["search", query, "-n", "20", "--explain", "--format", "json"], more].concat();
            let lines = desk.json(&arguments);
            let hits: Vec<&Value> = lines.iter().filter(|line| line["type"] == "hit").collect();
            assert!(!hits.is_empty(), "{query}");
            for hit in hits {
                let parts = hit["score_parts"].as_array().unwrap();
                let sum: f64 = parts.iter().map(|part| part["value"].as_f64().unwrap()).sum();
                let score = hit["score"].as_f64().unwrap();
                assert!((sum - score).abs() < 1e-3, "{query} {more:?}: {parts:?} for {score}");
            }
        }
    }
}

#[test]
fn an_explanation_counts_each_clause_and_names_expansions() {
    let desk = alda();
    let lines = desk.json(&[
        "search",
        "+ferries bridg* tunel~1 -vote",
        "--outlet",
        "Alda Post",
        "--explain",
        "--format",
        "json",
    ]);
    let clauses = lines[1]["clauses"].as_array().unwrap();
    let of = |name: &str| clauses.iter().find(|clause| clause["clause"] == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!((of("ferries")["articles"].as_u64(), of("vote")["articles"].as_u64()), (Some(3), Some(1)));
    assert_eq!(of("bridg*")["readings"][0], "1 word: bridge");
    assert_eq!(of("tunel~1")["readings"][0], "1 word: tunnel");
    assert_eq!(of("--outlet Alda Post")["articles"].as_u64(), Some(4));
    let text = desk.run(&["search", "ferries", "--explain"]).stdout;
    assert!(text.contains("articles match ferries (any form of ferri-)") && text.contains("score "), "{text}");
}

#[test]
fn where_nothing_is_found_the_answer_says_what_to_drop() {
    let desk = alda();
    let lines = desk.run(&["search", "+ferries +bridge", "--since", "2025", "--format", "json"]);
    assert_eq!(lines.code, 1);
    let header: Value = serde_json::from_str(lines.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(header["suggestions"], serde_json::json!(["bridge", "ferries"]));
    let dropped: Vec<(&str, u64)> = header["emptied_by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|clause| (clause["clause"].as_str().unwrap(), clause["articles"].as_u64().unwrap()))
        .collect();
    assert_eq!(dropped, [("+ferries", 1), ("+bridge", 3)]);
    let misspelt = desk.run(&["search", "+feries"]);
    assert!(misspelt.stderr.contains("ferries"), "{}", misspelt.stderr);
    let filtered = desk.run(&["search", "bridge", "--until", "2025-12"]);
    assert!(filtered.stderr.contains("without --until 1 article matches"), "{}", filtered.stderr);
}

#[test]
fn a_batch_answers_line_by_line_and_goes_on_after_a_bad_query() {
    let desk = alda();
    desk.file("queries.txt", "ferries\n\ntunnel date:soon\n+xyzzy\nactor:nobodyatall x\nbridge\n");
    let run = desk.run(&["search", "--batch", "queries.txt", "-n", "1"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    let lines: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<(&str, u64)> =
        lines.iter().map(|line| (line["type"].as_str().unwrap(), line["line"].as_u64().unwrap_or(0))).collect();
    assert_eq!(
        kinds,
        [("header", 1), ("hit", 0), ("error", 3), ("header", 4), ("error", 5), ("header", 6), ("hit", 0)]
    );
    assert_eq!((&lines[2]["typed"], &lines[2]["span"]), (&"tunnel date:soon".into(), &serde_json::json!([12, 16])));
    assert_eq!(lines[0]["total"].as_u64(), Some(3));
}

/// With this many articles, a second thread searches half of them.
#[test]
fn a_phrase_is_found_in_every_part_of_a_large_index() {
    let desk = Desk::new();
    let text = |n: u32| if n.is_multiple_of(3) { "Seen: a grey frigate." } else { "Seen: a frigate, all grey." };
    let line = |n: u32| serde_json::json!({"id": format!("n{n}"), "title": "At sea", "text": text(n)}).to_string();
    let lines: Vec<String> = (0..5000).map(line).collect();
    desk.file("many.jsonl", lines.join("\n"));
    assert_eq!(desk.run(&["index", "-q", "many.jsonl"]).code, 0);
    let found = desk.json(&["search", "\"grey frigate\"", "--all", "--passages", "0", "--format", "json"]);
    let mut found: Vec<u32> = ids(&found).iter().map(|id| id[1..].parse().unwrap()).collect();
    found.sort_unstable();
    assert!(found.into_iter().eq((0..5000).step_by(3)));
}
