//! `despatch pairs`, `timeline`: counts against a count by hand and against brute force.

use std::collections::{BTreeMap, BTreeSet};

use despatch::analysis;
use despatch::archive::{Archive, GroupNum, VersionSeq};
use despatch::authority::Authority;
use despatch::passage;
use despatch::tag::{Mention, Tagger};
use serde_json::Value;

use super::Desk;

/// For each actor (with an empty second name) and each pair of actors, the stories that mention it, by month. The empty
/// month stands for all time.
type Stories = BTreeMap<(String, String), BTreeMap<String, BTreeSet<GroupNum>>>;

/// Counts by brute force over the archive: the stories of each actor, of each pair, and of all articles (two empty
/// names).
fn by_brute_force(desk: &Desk) -> Stories {
    let mut stories = Stories::new();
    let mut tagger = Tagger::new(Authority::bundled());
    for stored in
        Archive::open(&desk.path().join("index")).unwrap().newest_after(VersionSeq::NONE, usize::MAX >> 1).unwrap()
    {
        let article = &stored.article;
        let tags = tagger.tag(article);
        let month = article.published.map(|at| {
            let at = jiff::Timestamp::from_second(at.seconds()).unwrap().to_string();
            at[..7].to_owned()
        });
        let mut add = |a: &str, b: &str| {
            for month in [Some(String::new()), month.clone()].into_iter().flatten() {
                let key = (a.to_owned(), b.to_owned());
                stories.entry(key).or_default().entry(month).or_default().insert(stored.group);
            }
        };
        add("", "");
        tags.actors.iter().for_each(|tag| add(&tag.actor, ""));
        let words = analysis::words(&article.text);
        let passages = passage::cut(&passage::sentences(article, &words));
        let place = |at: usize| passages.iter().position(|passage| passage.bytes.contains(&at));
        let actor = |mention: &&Mention| !["system", "programme"].contains(&mention.kind.as_str());
        let (text, title): (Vec<&Mention>, Vec<&Mention>) =
            (tags.mentions.iter().filter(actor).collect(), tags.title_mentions.iter().filter(actor).collect());
        for a in &text {
            for b in text.iter().filter(|b| a.actor < b.actor && place(a.start) == place(b.start)) {
                add(&a.actor, &b.actor);
            }
        }
        for a in &title {
            title.iter().filter(|b| a.actor < b.actor).for_each(|b| add(&a.actor, &b.actor));
        }
    }
    stories
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// Asserts that counts, expectation and ratio of a line are those of the stories.
fn agrees(line: &Value, a: &str, b: &str, month: &str, stories: &Stories) {
    let count = |a: &str, b: &str| {
        let found = stories.get(&(a.to_owned(), b.to_owned())).and_then(|months| months.get(month));
        found.map_or(0, BTreeSet::len) as f64
    };
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let expected = count(a, "") * count(b, "") / count("", "");
    let wanted = [count(low, high), count(a, ""), count(b, ""), expected, count(low, high) / expected];
    let names = ["count", "count_a", "count_b", "expected", "ratio"];
    for (name, wanted) in names.iter().zip(wanted) {
        let got = line[name].as_f64().unwrap();
        assert!((got - wanted).abs() < 1e-9, "{name} of {a} and {b} in '{month}': {got}, not {wanted}");
    }
}

#[test]
fn pairs_and_what_was_expected_equal_brute_force() {
    let desk = Desk::with_corpus();
    let stories = by_brute_force(&desk);
    let lines = desk.json(&["pairs", "-n", "0", "--by", "month", "--format", "json"]);
    let wanted = stories.keys().filter(|(_, b)| !b.is_empty()).count();
    assert!(wanted > 1000, "{wanted} pairs are too few to prove anything");
    assert_eq!((lines.len() - 1, lines[0]["pairs"].as_u64()), (wanted, Some(wanted as u64)));
    for line in &lines[1..] {
        let (a, b) = (text(&line["a"], "id"), text(&line["b"], "id"));
        agrees(line, a, b, "", &stories);
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let months = &stories[&(low.to_owned(), high.to_owned())];
        let shown: Vec<&str> =
            line["periods"].as_array().iter().flat_map(|list| *list).map(|one| text(one, "period")).collect();
        assert_eq!(shown, months.keys().map(String::as_str).filter(|month| !month.is_empty()).collect::<Vec<_>>());
        for one in line["periods"].as_array().iter().flat_map(|list| *list) {
            agrees(one, a, b, text(one, "period"), &stories);
        }
    }
}

/// Four stories, one of them with two copies.
fn small() -> Desk {
    let desk = Desk::new();
    let copy = "France and Germany agreed on Monday to build a tank together, their ministers said after a meeting that lasted for \
        the whole of the day. The tank is to be ready in ten years, and both armies will buy three hundred of them for their \
        brigades, as long as the price stays within what was agreed.";
    let apart = format!(
        "France said nothing new.\n\n{}\n\nGermany said nothing new.",
        "The weather was fine all day long. ".repeat(30)
    );
    let line = |id: &str, text: &str, day: &str| {
        serde_json::json!({"id": id, "title": format!("Report {id}"), "text": text, "published": day, "outlet": id})
            .to_string()
    };
    let lines = [
        line("a", copy, "2025-01-10"),
        line("b", copy, "2025-01-11"),
        line("c", &apart, "2025-01-20"),
        line("d", "France and Germany met Poland for talks about the border.", "2025-02-02"),
        line("e", "Poland ordered ferries for the islands of the north.", "2025-03-03"),
    ];
    desk.file("news.jsonl", lines.join("\n"));
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    desk
}

#[test]
fn a_pair_counts_stories_whose_passage_has_both() {
    let desk = small();
    let lines = desk.json(&["pairs", "--actor", "France", "--format", "json"]);
    assert_eq!((lines[0]["total"].as_u64(), lines[0]["copies"].as_u64()), (Some(4), Some(5)));
    let germany = lines.iter().find(|line| line["b"]["id"] == "state/germany").unwrap();
    // Two copies are one story; France and Germany far apart are no pair; three of four stories mention each.
    assert_eq!(
        (germany["count"].as_u64(), germany["count_a"].as_u64(), germany["count_b"].as_u64()),
        (Some(2), Some(3), Some(3))
    );
    assert_eq!((germany["expected"].as_f64(), germany["ratio"].as_f64()), (Some(2.25), Some(2.0 / 2.25)));
    assert!(lines[1..].iter().all(|line| line["a"]["id"] == "state/france"));
    let both = desk.json(&["pairs", "--actor", "Poland", "--actor", "France", "--format", "json"]);
    assert_eq!((both.len(), &both[1]["a"]["id"]), (2, &"state/poland".into()));
    let copies = desk.json(&["pairs", "--actor", "France", "--actor", "Germany", "--all-copies", "--format", "json"]);
    assert_eq!((copies[0]["total"].as_u64(), copies[1]["count"].as_u64()), (Some(5), Some(3)));
    assert_eq!(desk.run(&["pairs", "--actor", "France", "--least", "3"]).code, 1);
    assert_eq!(desk.run(&["pairs", "--actor", "x", "--actor", "y", "--actor", "z"]).code, 2);
}

#[test]
fn pairs_as_text_and_as_a_table() {
    let desk = small();
    insta::assert_snapshot!(desk.run(&["pairs", "--by", "month"]).stdout);
    insta::assert_snapshot!(desk.run(&["pairs", "--by", "month", "--format", "csv"]).stdout);
}

#[test]
fn a_line_of_a_timeline_is_what_facets_count_by_month() {
    let desk = Desk::with_corpus();
    let lines = desk.json(&["timeline", "defence", "--by", "actor", "-n", "5", "--format", "json"]);
    let header = &lines[0];
    let periods: Vec<&str> = header["periods"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(lines.len(), 6);
    let by_month = |actor: &[&str]| {
        let mut arguments = vec!["facets", "defence", "--by", "month", "-n", "0", "--format", "json"];
        arguments.extend(actor);
        let counts = desk.json(&arguments);
        let of = |month: &str| {
            counts[1..].iter().find(|one| one["value"] == month).map_or(0, |one| one["count"].as_u64().unwrap())
        };
        periods.iter().map(|month| of(month)).collect::<Vec<u64>>()
    };
    assert_eq!(serde_json::from_value::<Vec<u64>>(header["counts"].clone()).unwrap(), by_month(&[]));
    for line in &lines[1..] {
        let own = format!("={}", text(line, "value"));
        let counts: Vec<u64> = serde_json::from_value(line["counts"].clone()).unwrap();
        assert_eq!(counts, by_month(&["--actor", &own]), "{own}");
    }
}

#[test]
fn a_timeline_has_no_gaps_and_its_table_has_every_cell() {
    let desk = small();
    insta::assert_snapshot!(desk.run(&["timeline", "--by", "actor"]).stdout);
    let table = desk.run(&["timeline", "--by", "actor", "--per", "week", "--format", "csv"]).stdout;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 9 * 4, "nine weeks; all articles and three actors");
    let total: u64 = rows.iter().filter(|row| row[2] == *"all").map(|row| row[3].parse::<u64>().unwrap()).sum();
    assert_eq!(total, 4);
}
