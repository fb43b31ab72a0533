//! `despatch why`: why an article is in an answer, or why not.

use super::Desk;

const COPY: &str = "Frigates of the navy of Alda left the harbour on Friday, and drills began with howitzers off the coast. The \
    minister said that they would last until Sunday, and that ships of Borduria would take part for the first time in ten years.";

/// Invented articles; the two about frigates are copies.
fn desk() -> Desk {
    let desk = Desk::new();
    let article = |id: &str, outlet: &str, published: &str, title: &str, text: &str| {
        let value = serde_json::json!({"id": id, "outlet": outlet, "published": published, "title": title, "text": text,
            "language": "en", "url": format!("https://alda.example/{id}")});
        format!("{value}\n")
    };
    let dues = "Merchants complain about the harbour and what it costs them. It was said in Port Alda by a spokesman.";
    desk.file(
        "news.jsonl",
        [
            article("first", "Alda Post", "2025-11-28", "Harbour drills begin", COPY),
            article("second", "The Gazette", "2025-11-29", "Drills in the harbour", COPY),
            article("dues", "Alda Post", "2025-03-01", "Harbour dues rise", dues),
        ]
        .concat(),
    );
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    desk
}

fn why(desk: &Desk, arguments: &[&str]) -> serde_json::Value {
    desk.json(&[&["why", "--format", "json"], arguments].concat()).remove(0)
}

fn reason(desk: &Desk, arguments: &[&str]) -> String {
    let told = why(desk, arguments);
    let reasons: Vec<&str> = told["reasons"].as_array().unwrap().iter().filter_map(|reason| reason.as_str()).collect();
    format!("{}: {}", told["verdict"].as_str().unwrap(), reasons.join("; "))
}

#[test]
fn it_names_what_keeps_an_article_out() {
    let desk = desk();
    for (arguments, told) in [
        (&["dues", "harbour merchants"][..], "counts: "),
        (&["dues", "frigates"], "out: it lacks frigates"),
        (&["dues", "frigates howitzers"], "out: it has none of the words: frigates, howitzers"),
        (&["dues", "harbour drills"], "partial: it lacks drills; what counts has all of the 2 words"),
        (&["dues", "+drills harbour"], "out: it lacks drills"),
        (&["dues", "harbour -merchants"], "out: it has merchants, which the query excludes"),
        (&["dues", "harbour NOT (merchants OR ships)"], "out: it has merchants OR ships, which the query excludes"),
        (&["dues", "harbour AND drills"], "out: it lacks drills"),
        (&["dues", "drills OR howitzers"], "out: it lacks drills OR howitzers"),
        (&["dues", "outlet:\"The Gazette\" harbour"], "out: outlet:\"The Gazette\" leaves it out: it has Alda Post"),
        (&["dues", "harbour", "--outlet", "The Gazette"], "out: --outlet The Gazette leaves it out: it has Alda Post"),
        (&["dues", "harbour", "--since", "2025-06"], "out: --since leaves it out: it was published 2025-03-01"),
        (&["dues", "date:2025-11 harbour"], "out: date:2025-11 leaves it out: it was published 2025-03-01"),
        (&["dues", "harbour", "--lang", "en"], "counts: "),
    ] {
        assert_eq!(reason(&desk, arguments), told, "{arguments:?}");
    }
    let parts = why(&desk, &["dues", "harbour drills", "--outlet", "The Gazette"])["parts"].clone();
    let told: Vec<(&str, bool)> = parts
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["clause"].as_str().unwrap(), part["has"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [("harbour", true), ("drills", false), ("--outlet The Gazette", false)]);
}

#[test]
fn what_it_says_is_what_the_search_does() {
    let desk = desk();
    let queries = [
        "harbour",
        "harbour drills",
        "frigates",
        "+harbour -frigates",
        "harbour OR ships",
        "ferry",
        "",
        "minister dues",
    ];
    let mut listed = 0;
    for query in queries {
        for filter in
            [&[][..], &["--outlet", "Alda Post"], &["--since", "2025-11-29"], &["--match", "all"], &["--all-copies"]]
        {
            let search = [&["search", "--format", "json", "-q", query], filter].concat();
            let hits = desk.run(&search).stdout;
            let hits: Vec<serde_json::Value> =
                hits.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
            for id in ["first", "second", "dues"] {
                let told = why(&desk, &[&[id, query], filter].concat());
                let hit = hits.iter().find(|hit| hit["id"] == id);
                assert_eq!(told.get("rank"), hit.map(|hit| &hit["rank"]), "{id} {query} {filter:?}");
                let verdict = told["verdict"].as_str().unwrap();
                assert_eq!(hit.is_some(), ["counts", "partial"].contains(&verdict), "{id} {query} {filter:?}");
                assert_eq!(told["reasons"].as_array().unwrap().is_empty(), verdict == "counts", "{told}");
                listed += hit.iter().count();
            }
        }
    }
    assert!(listed > 20);
}

#[test]
fn a_copy_that_stands_for_the_story_is_named() {
    let desk = desk();
    assert_eq!(
        reason(&desk, &["second", "frigates"]),
        "copy: another copy of its story stands for it: Harbour drills begin (first, Alda Post)"
    );
    assert_eq!(reason(&desk, &["second", "frigates", "--all-copies"]), "counts: ");
    assert_eq!(reason(&desk, &["second", "frigates", "--outlet", "The Gazette"]), "counts: ");
}

#[test]
fn without_a_query_it_tells_what_is_known_and_of_a_removed_article_that_it_was() {
    let desk = desk();
    let run = desk.run(&["why", "dues"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "Harbour dues rise\nAlda Post · 2025-03-01 · dues\n  read from news.jsonl:3\n  19 words, 1 version\n\
         place 2 of 2 stories, newest first\n"
    );
    let score = desk.run(&["why", "dues", "harbour"]).stdout;
    assert!(score.contains("in the answer: place ") && score.contains("  has    harbour (any form of "), "{score}");
    assert!(score.contains("  score ") && score.contains(" = text +"), "{score}");
    assert_eq!(desk.run(&["remove", "dues", "--yes"]).code, 0);
    let gone = desk.run(&["why", "dues", "harbour"]);
    assert_eq!((gone.code, gone.stdout.as_str()), (1, "'dues' was removed\n"));
    assert!(gone.stderr.contains("--readmit"), "{}", gone.stderr);
    let gone: serde_json::Value = serde_json::from_str(&desk.run(&["why", "dues", "--format", "json"]).stdout).unwrap();
    assert_eq!((&gone["type"], &gone["verdict"]), (&"why".into(), &"removed".into()));
    assert_eq!(desk.run(&["why", "nothing", "harbour"]).code, 2);
    for command in ["show", "similar", "open"] {
        let run = desk.run(&[command, "dues"]);
        assert!(run.code == 2 && run.stderr.contains("was removed") && run.stderr.contains("--readmit"), "{command}");
    }
}
