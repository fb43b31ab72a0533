//! Who said what: `quotes`, `--said`, `facets --by speaker`.

use super::Desk;

const OWN: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
[[actor]]
id = "alliance/harbour-pact"
heading = "Harbour Pact"
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
country = "alda"
[[actor]]
id = "person/oto-brandt"
heading = "Oto Brandt"
country = "alda"
[[office]]
id = "office/alda-minister"
heading = "Defence Minister of Alda"
titles = ["defence minister"]
country = "alda"
holders = [{ who = "person/oto-brandt", from = "2020-01-01" }, { who = "person/ines-quarrel", from = "2019-01-01", to = "2020-01-01" }]
[[office]]
id = "office/harbour-secretary"
heading = "Secretary of the Harbour Pact"
titles = ["secretary"]
body = "alliance/harbour-pact"
holders = [{ who = "person/ines-quarrel", from = "2024-10-01" }]
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    let article = |id: &str, outlet: &str, day: &str, title: &str, text: &str| {
        let value = serde_json::json!({
            "id": id, "outlet": outlet, "title": title, "text": text, "published": day,
            "url": format!("https://{id}.example/{day}"),
        });
        format!("{value}\n")
    };
    let ferries = "“We will buy twelve ferries this year,” Oto Brandt said.";
    let lines = [
        article("a", "The Ledger", "2025-01-10", "Alda buys", &format!("{ferries} The army of Alda repairs bridges.")),
        article("b", "Harbour Post", "2025-01-12", "Ships", &format!("A day of news in the port.\n\n{ferries}")),
        article("c", "The Ledger", "2025-02-01", "Bridges", "Ines Quarrel said that ferries were old. She left."),
        article("d", "The Ledger", "2019-05-01", "Before", "“Roads come first,” Ines Quarrel said."),
    ];
    desk.file("news.jsonl", lines.concat());
    desk.file("own.toml", OWN);
    assert_eq!(desk.run(&["index", "-q", "news.jsonl", "--authority", "own.toml"]).code, 0);
    desk
}

#[test]
fn words_are_asked_for_as_they_are_given() {
    let desk = desk();
    let found = |asked: &[&str]| {
        let lines = desk.run(&[&["search", "--format", "json", "--all-copies"], asked].concat());
        let ids = lines.stdout.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let mut urls: Vec<String> = ids.map(|hit| hit["url"].as_str().unwrap()[8..9].to_owned()).collect();
        urls.sort();
        urls.concat()
    };
    assert_eq!(found(&["said:quarrel"]), "cd");
    assert_eq!(found(&["said:\"Ines Quarrel\"~indirect"]), "c");
    assert_eq!(found(&["said:quarrel~direct"]), "d");
    assert_eq!(found(&["--said", "Ines Quarrel~indirect"]), "c");
    assert_eq!(found(&["said:quarrel~direct ferries"]), "", "she says it in the article's words");
    assert_eq!(found(&["said:quarrel~indirect ferries"]), "c");
    assert_eq!(found(&["said:quarrel~indirect ferries title:bridges"]), "c", "the title need not say it");
    assert_eq!(found(&["title:bridges", "--said", "quarrel"]), "c");
    assert_eq!(found(&["title:before", "--said", "Oto Brandt"]), "");
    assert_eq!(found(&["said:\"Oto Brandt\",quarrel~indirect"]), "c", "the mark holds for the whole list");
    assert_eq!(said(&desk, &["--by", "quarrel~direct"]), ["Roads come first,"]);
    let wrong = desk.run(&["search", "said:quarel~indirect"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("Ines Quarrel"), "{}", wrong.stderr);
}

fn said(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let lines = desk.json(&[&["quotes", "--format", "json"], arguments].concat());
    lines[1..].iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect()
}

const FERRIES: &str = "We will buy twelve ferries this year,";

#[test]
fn statements_are_found_by_their_words_and_by_who_spoke_for_whom() {
    let desk = desk();
    assert_eq!(said(&desk, &["ferries"]), ["ferries were old", FERRIES]);
    assert_eq!(said(&desk, &["ferries", "--by", "Oto Brandt"]), [FERRIES]);
    assert_eq!(said(&desk, &["ferries", "--direct"]), [FERRIES]);
    assert_eq!(desk.run(&["quotes", "bridges"]).code, 1, "the article has the word, what was said has not");
    let some = ["ferries were old", FERRIES];
    assert_eq!(said(&desk, &["ferries", "bridges"]), some, "an article that has both words does not hide the others");
    assert_eq!(said(&desk, &["ferries", "bridges", "--by", "Oto Brandt"]), [FERRIES]);
    // A minister speaks for the state, a secretary for the alliance, each in his days.
    assert_eq!(said(&desk, &["--by", "Alda"]), [FERRIES, "Roads come first,"]);
    assert_eq!(said(&desk, &["--by", "Harbour Pact"]), ["ferries were old"]);
    assert_eq!(said(&desk, &["--by", "Ines Quarrel", "--sort", "oldest", "-n", "1"]), ["Roads come first,"]);
}

#[test]
fn the_same_words_are_one_statement_of_the_day_on_which_they_were_published_first() {
    let desk = desk();
    let lines = desk.json(&["quotes", "ferries", "--by", "Oto Brandt", "--format", "json"]);
    assert_eq!(
        (lines[0]["total"].as_u64(), lines[1]["copies"].as_u64(), lines[1]["outlets"].as_u64()),
        (Some(1), Some(2), Some(2))
    );
    assert_eq!((lines[1]["outlet"].as_str(), lines[1]["kind"].as_str()), (Some("The Ledger"), Some("direct")));
    assert_eq!(lines[1]["speaker"]["id"], "person/oto-brandt");
    assert_eq!(said(&desk, &["ferries", "--by", "Oto Brandt", "--all-copies"]).len(), 2);
    let text = desk.run(&["quotes", "ferries", "--direct"]).stdout;
    assert!(text.contains("Oto Brandt\n") && text.contains("“We will buy twelve «ferries» this year,”"), "{text}");
    assert!(text.contains("The Ledger · 2025-01-10 · 2 articles in 2 outlets"), "{text}");
    for (format, sign) in
        [("md", "- **Oto Brandt**: “"), ("ris", "TY  - NEWS"), ("csv", "speaker,label"), ("bibtex", "@")]
    {
        let run = desk.run(&["quotes", "ferries", "--direct", "--format", format]);
        assert!(run.stdout.starts_with(sign), "{format}: {}", run.stdout);
    }
}

#[test]
fn a_search_by_speaker_looks_for_its_words_in_what_was_said() {
    let desk = desk();
    let titles = |arguments: &[&str]| {
        let lines = desk.json(&[&["search", "--format", "json"], arguments].concat());
        let mut titles: Vec<String> = lines[1..].iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(&["said:\"Ines Quarrel\" ferries"]), ["Bridges"]);
    assert_eq!(titles(&["--said", "Ines Quarrel", "ferries"]), ["Bridges"]);
    assert_eq!(titles(&["--said", "Ines Quarrel"]), ["Before", "Bridges"]);
    assert_eq!(desk.run(&["search", "speaker:\"Harbour Pact\""]).code, 1, "nobody is so called");
    let lines = desk.json(&["facets", "--by", "speaker", "--format", "json"]);
    let counts: Vec<(&str, u64)> = lines[1..]
        .iter()
        .filter(|line| line["type"] == "facet")
        .map(|line| (line["value"].as_str().unwrap(), line["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("person/ines-quarrel", 2), ("person/oto-brandt", 2)]);
}

#[test]
fn pairs_tell_who_speaks_of_whom() {
    let desk = Desk::new();
    let article = |id: &str, text: &str| {
        let value =
            serde_json::json!({"id": id, "outlet": "The Ledger", "title": id, "text": text, "published": "2025-01-10"});
        format!("{value}\n")
    };
    let lines = [
        article("a", "“Alda will pay,” Oto Brandt said. “Alda must pay,” Oto Brandt said. Ines Quarrel was not there."),
        article("b", "Oto Brandt said the Harbour Pact was late. “Nothing is ready,” Ines Quarrel said of Alda."),
        article("c", "Oto Brandt spoke. “We wait,” he said. Alda was quiet."),
        article("d", "Alda waits."),
    ];
    desk.file("news.jsonl", lines.concat());
    desk.file("own.toml", OWN);
    assert_eq!(desk.run(&["index", "-q", "news.jsonl", "--authority", "own.toml"]).code, 0);
    let pairs = |arguments: &[&str]| {
        let lines = desk.json(&[&["pairs", "--spoken", "--format", "json"], arguments].concat());
        assert_eq!(lines[0]["spoken"], true);
        let id = |side: &serde_json::Value| side["id"].as_str().unwrap().to_owned();
        let pair = |line: &serde_json::Value| {
            (
                id(&line["a"]),
                id(&line["b"]),
                [&line["count"], &line["count_a"], &line["count_b"]].map(|n| n.as_u64().unwrap()),
            )
        };
        lines[1..].iter().map(pair).collect::<Vec<_>>()
    };
    let line = |a: &str, b: &str, counts| (a.to_owned(), b.to_owned(), counts);
    let on_pact = line("person/oto-brandt", "alliance/harbour-pact", [1, 3, 1]);
    let on_alda = line("person/oto-brandt", "state/alda", [1, 3, 4]);
    assert_eq!(pairs(&[]), [on_pact.clone(), on_alda.clone()], "what stands beside a statement is not spoken of");
    assert_eq!(pairs(&["--below", "state"]), [on_alda]);
    let in_his_articles = line("person/oto-brandt", "state/alda", [1, 3, 3]);
    assert_eq!(pairs(&["--said", "Oto Brandt", "--actor", "Alda"]), [in_his_articles]);
    assert_eq!(desk.run(&["pairs", "--spoken", "--said", "Ines Quarrel", "--format", "csv"]).code, 1);
    let text = desk.run(&["pairs", "--spoken"]).stdout;
    assert!(text.contains("Oto Brandt on Harbour Pact"), "{text}");
}

#[test]
fn an_article_is_shown_with_who_said_what_in_it() {
    let desk = desk();
    let text = desk.run(&["show", "c", "--quotes"]).stdout;
    assert!(text.contains("\nquotes\n      23  Ines Quarrel: ferries were old\n"), "{text}");
    let line = &desk.json(&["show", "c", "--quotes", "--format", "json"])[0];
    assert_eq!(
        (&line["quotes"][0]["speaker"]["surface"], &line["title_quotes"]),
        (&"Ines Quarrel".into(), &serde_json::json!([]))
    );
    assert!(desk.json(&["show", "c", "--format", "json"])[0].get("quotes").is_none());
}

#[test]
fn nothing_said_is_nothing_found() {
    let desk = desk();
    let run = desk.run(&["quotes", "xyzzy"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let run = desk.run(&["quotes", "--by", "Nobody Known"]);
    assert!(run.code == 2 && run.stderr.contains("Nobody Known"), "{}", run.stderr);
}
