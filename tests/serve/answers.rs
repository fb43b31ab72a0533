//! The API answers as the command line does.

use axum::http::Request;
use serde_json::{Value, json};

use super::{Site, encoded};

/// Questions of all kinds: a query, then options with their values.
const SEARCHES: &[&[&str]] = &[
    &["SAFE"],
    &["SAFE talks"],
    &["UK SAFE talks with the EU"],
    &["+SAFE -fisheries"],
    &["\"joint procurement\""],
    &["\"joint procurement\"~3"],
    &["procur*"],
    &["missle~1"],
    &["=SAFE"],
    &["title:talks"],
    &["body:budget"],
    &["drones AND (Ukraine OR Poland)"],
    &["NOT drones"],
    &["actor:starmer"],
    &["actor:\"European Commission\" loans"],
    &["topic:procurement"],
    &["date:2026-02"],
    &["date:2025-11..2026-02 SAFE"],
    &["Šefčovič"],
    &["xyzzy"],
    &["defense programme"],
    &["F-35"],
    &["who said what about the fund?"],
    &["SAFE", "actor", "uk"],
    &["SAFE", "actor", "uk,eu"],
    &["SAFE", "actor", "uk", "actor", "eu"],
    &["SAFE", "affiliation", "uk"],
    &["", "actor", "nato", "min-mentions", "2"],
    &["", "actor", "nato", "broader", ""],
    &["", "actor", "uk", "no-metonyms", ""],
    &["", "actor", "eu", "as-subject", ""],
    &["", "said", "starmer"],
    &["", "topic", "procurement"],
    &["", "lang", "en"],
    &["", "doubtful", ""],
    &["", "since", "2026-02"],
    &["", "since", "2025-11", "until", "2026-01"],
    &["SAFE", "since", "last month"],
    &["SAFE talks", "match", "any"],
    &["SAFE talks", "match", "all"],
    &["SAFE", "sort", "newest"],
    &["SAFE", "sort", "oldest", "limit", "5"],
    &["SAFE", "sort", "modified"],
    &["SAFE", "sort", "added"],
    &["SAFE", "limit", "3", "offset", "2"],
    &["SAFE", "passages", "3"],
    &["SAFE", "passages", "all", "limit", "2"],
    &["SAFE", "context", "1"],
    &["SAFE", "recency", "30"],
    &["SAFE", "all-copies", ""],
    &["SAFE", "no-feedback", ""],
    &["SAFE talks", "explain", "", "limit", "2"],
];

const COUNTS: &[(&str, &[&str])] = &[
    ("facets", &["SAFE"]),
    ("facets", &["SAFE", "by", "outlet,month,language"]),
    ("facets", &["", "by", "actor", "sort", "surprise", "since", "2026-01"]),
    ("facets", &["SAFE", "by", "actor", "levels", "1"]),
    ("facets", &["", "by", "actor", "below", "person", "limit", "3"]),
    ("facets", &["SAFE", "by", "actor", "weigh", ""]),
    ("facets", &["SAFE", "by", "actor", "actor", "uk", "all-values", ""]),
    ("timeline", &["SAFE"]),
    ("timeline", &["SAFE", "by", "topic", "per", "week", "limit", "2"]),
    ("timeline", &["", "by", "all", "per", "year"]),
    ("pairs", &["SAFE"]),
    ("pairs", &["", "actor", "nato", "below", "person", "limit", "5"]),
    ("pairs", &["SAFE", "by", "month", "least", "2", "sort", "ratio"]),
    ("quotes", &["SAFE"]),
    ("quotes", &["", "by", "starmer", "direct", ""]),
    ("quotes", &["fund", "certain", "", "sort", "relevance", "limit", "4"]),
];

fn address(path: &str, asked: &[&str]) -> String {
    let pairs = asked[1..].chunks(2).map(|pair| format!("&{}={}", pair[0], encoded(pair[1])));
    format!("{path}?q={}{}", encoded(asked[0]), pairs.collect::<String>())
}

fn arguments(command: &str, asked: &[&str]) -> Vec<String> {
    let option = |pair: &[&str]| match pair[1] {
        "" => format!("--{}", pair[0]),
        value => format!("--{}={value}", pair[0]),
    };
    let options = asked[1..].chunks(2).map(option);
    let all = [command, "--format", "json"].map(str::to_owned).into_iter().chain(options);
    all.chain(["--".to_owned(), asked[0].to_owned()]).collect()
}

/// Lines as one object: what the API promises of itself.
fn as_object(lines: Vec<Value>, list: &str) -> Value {
    let mut out = json!({});
    let mut rest = Vec::new();
    for mut line in lines {
        let fields = line.as_object_mut().unwrap();
        fields.remove("place"); // a path of this machine
        match fields.remove("type").unwrap().as_str().unwrap() {
            "header" => out = line,
            "explanation" => out["explanation"] = line,
            _ => rest.push(line),
        }
    }
    if list == "pairs" {
        out["pairs_total"] = out["pairs"].take();
    }
    out[list] = rest.into();
    out
}

fn without_next(mut value: Value) -> Value {
    value.as_object_mut().unwrap().remove("next");
    value
}

#[test]
fn searches_find_what_the_command_line_finds() {
    let site = Site::of_corpus();
    for asked in SEARCHES {
        let arguments = arguments("search", asked);
        let lines = site.command_line(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let found = without_next(site.json(&address("/v1/search", asked)));
        assert_eq!(found, as_object(lines, "hits"), "{asked:?}");
    }
}

#[test]
fn counts_are_those_of_the_command_line() {
    let site = Site::of_corpus();
    for (command, asked) in COUNTS {
        let list = match *command {
            "timeline" => "series",
            "quotes" => "statements",
            other => other,
        };
        let arguments = arguments(command, asked);
        let lines = site.command_line(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(
            site.json(&address(&format!("/v1/{command}"), asked)),
            as_object(lines, list),
            "{command} {asked:?}"
        );
    }
}

#[test]
fn lines_are_those_of_the_command_line() {
    let site = Site::of_corpus_with(|options| options.show_paths = true);
    for asked in &SEARCHES[..10] {
        let arguments = arguments("search", asked);
        let lines = site.command_line(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let request = Request::get(address("/v1/search", asked)).header("accept", "application/x-ndjson");
        let answer = site.send(request);
        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        let own: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(own, lines, "{asked:?}");
        let exported = site.get(&(address("/search.jsonl", asked) + "&limit=10"));
        if asked.len() == 1 {
            assert_eq!(exported.body, answer.body, "{asked:?}");
        }
    }
}

#[test]
fn a_saved_search_is_asked_by_its_name_everywhere() {
    let site = Site::of(&[
        (
            "a.md",
            "---\noutlet: Alda, Port and Sea\n---\n# Alda buys frigates\n\nAlda will buy two frigates for its navy.",
        ),
        (
            "b.md",
            "---\noutlet: Coast Post\n---\n# Borduria sells frigates\n\nBorduria will sell two frigates and a boat.",
        ),
        ("c.md", "---\noutlet: Sea\n---\n# Frigates at sea\n\nTwo frigates of Ravenia were seen at sea on Monday."),
    ]);
    let ids = |answer: &Value| -> Vec<String> {
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };
    let by_url = |asked: &[&str]| ids(&site.json(&address("/v1/search", asked)));
    let by_command_line = |arguments: &[&str]| {
        let all = [&["search", "--format", "json"], arguments].concat();
        ids(&as_object(site.command_line(&all), "hits"))
    };
    let quoted = "\"Alda, Port and Sea\",\"Coast Post\"";
    let one = by_url(&["frigates", "outlet", quoted]);
    assert_eq!(one.len(), 2);
    assert_eq!(by_command_line(&["frigates", "--outlet", quoted]), one);
    let save = ["save", "two", "frigates", "--outlet", quoted];
    assert!(super::despatch(site.index().parent().unwrap()).args(save).status().unwrap().success());
    assert_eq!(by_url(&["@two"]), one);
    assert_eq!(by_command_line(&["@two"]), one);
    assert_eq!(by_url(&["@two boat"]), by_command_line(&["@two", "boat"]));
    let saved = site.json("/v1/saved");
    assert_eq!((&saved["saved"][0]["name"], &saved["saved"][0]["total"]), (&json!("two"), &json!(2)));
    assert_eq!(site.get("/v1/search?q=@three").status, 404);
}

#[test]
fn an_article_has_the_fields_of_show() {
    let site = Site::of_corpus();
    let id = site.json("/v1/search?q=SAFE")["hits"][0]["id"].as_str().unwrap().to_owned();
    let mut shown = site.command_line(&["show", &id, "--format", "json"]).remove(0);
    let fields = shown.as_object_mut().unwrap();
    fields.remove("type");
    fields.insert("places".to_owned(), json!([]));
    assert_eq!(site.json(&format!("/v1/articles/{id}")), shown);
    let alike = site.json(&format!("/v1/articles/{id}/similar?limit=3"));
    let lines = site.command_line(&["similar", &id, "-n", "3", "--format", "json"]);
    assert_eq!(alike, as_object(lines, "hits"));
    let names = site.json("/v1/names?what=outlet&text=post");
    let lines = site.command_line(&["names", "outlet", "post", "--format", "json"]);
    assert_eq!(names, as_object(lines, "facets"));
}

#[test]
fn a_cursor_goes_on_until_the_index_moves() {
    let articles: Vec<(String, String)> = (0..7)
        .map(|n| {
            (format!("{n}.md"), format!("# Frigate number {n}\n\nAlda sent frigate {n} to Port Varna on a Monday."))
        })
        .collect();
    let articles: Vec<(&str, &str)> = articles.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let site = Site::of(&articles);
    let whole = site.json("/v1/search?q=frigate&limit=7");
    assert_eq!((whole["total"].as_u64(), whole["hits"].as_array().unwrap().len()), (Some(7), 7));
    let (mut seen, mut path) = (Vec::new(), "/v1/search?q=frigate&limit=3".to_owned());
    loop {
        let part = site.json(&path);
        seen.extend(part["hits"].as_array().unwrap().clone());
        let Some(next) = part["next"].as_str() else { break };
        path = format!("/v1/search?q=frigate&limit=3&cursor={next}");
    }
    assert_eq!(&seen, whole["hits"].as_array().unwrap());
    let next = site.json("/v1/search?q=frigate&limit=3")["next"].as_str().unwrap().to_owned();
    let other = site.get(&format!("/v1/search?q=alda&limit=3&cursor={next}"));
    assert_eq!(other.status, 409, "the cursor of another question");
    site.add("8.md", "# Another frigate\n\nBorduria sent a frigate to Port Varna, too.");
    let moved = site.get(&format!("/v1/search?q=frigate&limit=3&cursor={next}"));
    assert_eq!((moved.status.as_u16(), &moved.json()["type"]), (409, &json!("/problems/moved-on")));
}

#[test]
fn offsets_count_what_each_language_counts() {
    let text = "# Šefčovič 👩‍🚀 in Alda\n\nPrvi 👩‍🚀 odstavec.\n\nMaroš Šefčovič 👩‍🚀 met Alda on Monday.";
    let site = Site::of(&[("a.md", text)]);
    let slices = |unit: &str| -> Vec<String> {
        let answer = site.json(&format!("/v1/search?q=Alda+Monday&offsets={unit}"));
        let hit = &answer["hits"][0];
        let passage = &hit["passages"][0];
        let whole = site.json(&format!("/v1/articles/{}", hit["id"].as_str().unwrap()))["text"].clone();
        let cut = |text: &Value, from: &Value, to: &Value| {
            let (text, from, to) =
                (text.as_str().unwrap(), from.as_u64().unwrap() as usize, to.as_u64().unwrap() as usize);
            match unit {
                "bytes" => text[from..to].to_owned(),
                "chars" => text.chars().skip(from).take(to - from).collect(),
                _ => {
                    let units: Vec<u16> = text.encode_utf16().collect();
                    String::from_utf16(&units[from..to]).unwrap()
                }
            }
        };
        let marks = passage["highlights"].as_array().unwrap().iter();
        let mut out: Vec<String> = marks.map(|mark| cut(&passage["text"], &mark[0], &mark[1])).collect();
        let marks = hit["title_highlights"].as_array().unwrap().iter();
        out.extend(marks.map(|mark| cut(&hit["title"], &mark[0], &mark[1])));
        out.push(cut(&whole, &passage["start"], &passage["end"]));
        let article = site.json(&format!("/v1/articles/{}?offsets={unit}", hit["id"].as_str().unwrap()));
        let mentions = article["mentions"].as_array().unwrap().iter();
        mentions.for_each(|one| assert_eq!(cut(&whole, &one["start"], &one["end"]), one["surface"].as_str().unwrap()));
        out
    };
    let bytes = slices("bytes");
    assert!(bytes.contains(&"Monday".to_owned()) && bytes.iter().filter(|one| *one == "Alda").count() > 1, "{bytes:?}");
    assert_eq!(slices("utf16"), bytes);
    assert_eq!(slices("chars"), bytes);
    assert_eq!(site.get("/v1/search?offsets=words").status, 400);
}
