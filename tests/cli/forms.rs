//! The forms of hits, each read back by a parser that is not ours.

use biblatex::{Bibliography, ChunksExt};
use biblib::CitationParser;
use despatch::engine::{Heading, Highlight, Hit, Passage};
use despatch::render::export::{self, Form};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::Deserialize;

use super::Desk;

/// A title that is a formula, markup and TeX at once.
const TITLE: &str = "=1+1 is 1 < 2 > 0, *bold* [link](javascript:x) 50% of {x} \\input{y} & co";

/// A hit that no extraction would let through: each of its texts attacks some form.
fn hostile() -> Hit {
    let text = "# Head\u{202e}\r\nER  - \r\nTY  - BOOK\n\n<script>alert('x')</script> ![i](x) ]] or }} or @article{x,\n1. item\n- item\n\u{1b}[2J end";
    Hit {
        rank: 1,
        score: -1.5,
        id: "é,}x/1 <b>".to_owned(),
        title: "<script>alert('x')</script> {\\TeX} **b** & \u{202e}co\nER  - ".to_owned(),
        missing: Vec::new(),
        title_highlights: Vec::new(),
        url: Some("https://post.example/a>b}c \"d\"|\u{1b}".to_owned()),
        outlet: Some("-2+3 } <i>".to_owned()),
        published: Some("2025-03-03".parse().unwrap()),
        byline: vec!["@SUM(A1)".to_owned(), "Otto and Sons".to_owned(), "Ida } Stein".to_owned()],
        language: None,
        place: None,
        doubts: std::collections::BTreeSet::new(),
        actors: vec![Heading { id: "person/x".to_owned(), label: "=X <b>".to_owned() }],
        systems: Vec::new(),
        events: Vec::new(),
        topics: vec![Heading { id: "x".to_owned(), label: "% {".to_owned() }],
        copies: 1,
        outlets: 1,
        gone: None,
        score_parts: Vec::new(),
        first_published: None,
        passages: vec![Passage {
            text: text.to_owned(),
            start: 0,
            end: text.len(),
            page: None,
            score: 0.0,
            highlights: vec![Highlight { start: 2, end: 6, actor: false }],
        }],
    }
}

/// The hostile hit, twice, in a form.
fn hostile_in(form: Form) -> String {
    let mut out = Vec::new();
    export::hits(&[hostile(), hostile()], form, &export::DEFAULT, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    text
}

#[test]
fn no_text_breaks_out_of_any_form() {
    let text = hostile_in(Form::Csv);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows[0].len(), &rows[0][1]), (2, 18, "-1.5"));
    assert!(
        rows[0].iter().enumerate().all(|(at, cell)| at == 1 || !cell.starts_with(['=', '+', '-', '@'])),
        "{rows:?}"
    );

    let text = hostile_in(Form::Ris);
    let records = biblib::RisParser::new().parse(&text).unwrap();
    assert_eq!((records.len(), records[0].citation_type.len()), (2, 1), "{text}");
    assert_eq!(records[0].title, "<script>alert('x')</script> {\\TeX} **b** & co ER -");

    let text = hostile_in(Form::Bibtex);
    let entries = Bibliography::parse(&text).unwrap();
    assert_eq!((entries.len(), entries.iter().next().unwrap().author().unwrap().len()), (2, 3), "{text}");

    let items: Vec<Item> = serde_json::from_str(&hostile_in(Form::CslJson)).unwrap();
    assert_eq!(items[1].url.as_deref(), Some("https://post.example/a%3Eb%7Dc%20%22d%22%7C%1B"));

    let (words, links) = read(&hostile_in(Form::Markdown));
    assert!(words.contains("<script>alert('x')</script> {\\TeX} **b** & co ER -"), "{words}");
    assert!(
        words.contains("<script>alert('x')</script> ![i](x) ]] or }} or @article{x, 1. item - item end"),
        "{words}"
    );
    assert_eq!(links, ["https://post.example/a%3Eb%7Dc%20%22d%22%7C%1B"; 2]);
}

/// Two articles of an invented country: one as an outlet sends it, one as an attacker would.
fn desk() -> Desk {
    let desk = Desk::new();
    let good = serde_json::json!({
        "id": "good", "url": "https://post.example/2025/ferries?a=1&b=2", "title": "Alda orders four ferries",
        "text": "PORT ALDA, 3 March - The ministry of Alda ordered four ferries on Monday, \"a first step\", its office said.\n\nThe ships, which \
            cost 40,000,000 crowns, are to be built by 2030.",
        "byline": ["Ida van der Alm", "Alda News Agency"], "published": "2025-03-03T09:00:00+01:00", "outlet": "The Alda Post",
        "language": "en",
    });
    let bad = serde_json::json!({
        "id": "bad", "title": TITLE, "text": "+1 ferries were ordered, and ]] or }} or 1 < 2 of an item of ferries.", "byline": ["Otto Quell"],
        "outlet": "-2+3", "language": "en",
    });
    desk.file("news.jsonl", format!("{good}\n{bad}\n"));
    let run = desk.run(&["index", "-q", "news.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    desk
}

fn printed(desk: &Desk, format: &str) -> String {
    let run = desk.run(&["search", "ferries", "--sort", "newest", "--format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.stdout
}

#[test]
fn csv_is_read_back_cell_for_cell_and_holds_no_formula() {
    let desk = desk();
    let text = printed(&desk, "csv");
    let golden = ["search", "ferries", "--sort", "newest", "--format", "csv"];
    let fields = ["--fields", "rank,id,title,url,outlet,published,byline,language,copies,place,passages"]; // no score
    insta::assert_snapshot!(desk.run(&[&golden[..], &fields].concat()).stdout);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| rows[row][head.iter().position(|one| one == name).unwrap()].to_owned();
    assert_eq!(rows.len(), 2);
    assert_eq!(cell(0, "url"), "https://post.example/2025/ferries?a=1&b=2");
    assert_eq!(cell(0, "byline"), "Ida van der Alm; Alda News Agency");
    assert!(cell(0, "passages").contains("\"a first step\", its office said.\n"), "{}", cell(0, "passages"));
    assert_eq!(cell(1, "title"), format!("'{TITLE}"));
    for row in &rows {
        for (name, cell) in head.iter().zip(row).filter(|(name, _)| !["rank", "score"].contains(&name.as_str())) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {cell}");
        }
    }
}

#[test]
fn markdown_keeps_every_word_and_lets_no_markup_of_the_article_through() {
    let desk = desk();
    for text in [printed(&desk, "md"), desk.run(&["show", "bad", "--format", "md"]).stdout] {
        let (words, links) = read(&text);
        assert!(words.contains(TITLE), "{words}");
        assert!(words.contains("+1 ferries were ordered, and ]] or }} or 1 < 2 of an item of ferries."), "{words}");
        assert!(links.iter().all(|link| link.starts_with("https://post.example/")), "{links:?}");
    }
    insta::assert_snapshot!(printed(&desk, "md"));
    insta::assert_snapshot!(desk.run(&["show", "good", "--format", "md"]).stdout);
}

#[test]
fn ris_is_read_back_record_for_record() {
    let desk = desk();
    let text = printed(&desk, "ris");
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    assert!(text.split("\r\n").all(|line| line.is_empty() || line.as_bytes().get(2..6) == Some(b"  - ")), "{text:?}");
    let records = biblib::RisParser::new().parse(&text).unwrap();
    assert_eq!(records.len(), 2, "the text of the second ends no record");
    let (good, bad) = (&records[0], &records[1]);
    assert_eq!(good.title, "Alda orders four ferries");
    assert_eq!(good.journal.as_deref(), Some("The Alda Post"));
    let names: Vec<(&str, Option<&str>)> =
        good.authors.iter().map(|author| (author.name.as_str(), author.given_name.as_deref())).collect();
    assert_eq!(names[0], ("van der Alm", Some("Ida")));
    let date = good.date.as_ref().unwrap();
    assert_eq!((date.year, date.month, date.day), (2025, Some(3), Some(3)));
    assert_eq!(good.urls, ["https://post.example/2025/ferries?a=1&b=2"]);
    assert_eq!(bad.title, TITLE);
}

#[test]
fn bibtex_is_read_back_entry_for_entry() {
    let desk = desk();
    let text = printed(&desk, "bibtex");
    insta::assert_snapshot!(text);
    let entries = Bibliography::parse(&text).unwrap();
    assert_eq!(entries.len(), 2);
    let good = entries.get("the-alda-post-2025-03-alda-orders-four").unwrap();
    assert_eq!(good.get("title").unwrap().format_verbatim(), "Alda orders four ferries");
    let names: Vec<String> = good
        .author()
        .unwrap()
        .iter()
        .map(|name| format!("{}|{}|{}", name.given_name, name.prefix, name.name))
        .collect();
    assert_eq!(names, ["Ida|van der|Alm", "||Alda News Agency"]);
    assert_eq!(good.get("journal").unwrap().format_verbatim(), "The Alda Post");
    assert_eq!(good.get("url").unwrap().format_verbatim(), "https://post.example/2025/ferries?a=1&b=2");
    assert_eq!(good.get("year").unwrap().format_verbatim(), "2025");
    let bad = entries.get("2-3-undated-1-1-1").unwrap();
    assert!(
        bad.get("title").unwrap().format_verbatim().starts_with("=1+1 is 1 < 2 > 0, *bold* [link](javascript:x) 50"),
        "{bad:?}"
    );
}

/// The words and links of a Markdown text; panics where it holds other markup than our headings, links, quotations and
/// bold.
fn read(text: &str) -> (String, Vec<String>) {
    let (mut words, mut links) = (String::new(), Vec::new());
    for event in Parser::new(text) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html} in\n{text}"),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("image {dest_url}"),
            Event::Start(Tag::CodeBlock(_) | Tag::List(_)) | Event::Rule => panic!("a block in\n{text}"),
            Event::Text(part) | Event::Code(part) => words.push_str(&part),
            Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => {}
            _ => words.push(' '),
        }
    }
    (words.split_whitespace().collect::<Vec<_>>().join(" "), links)
}

/// The fields that the schema of CSL-JSON requires, and those that we write, with its types.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)] // reading them is the test
struct Item {
    id: String,
    #[serde(rename = "type")]
    kind: Kind,
    title: Option<String>,
    author: Option<Vec<Name>>,
    #[serde(rename = "container-title")]
    container: Option<String>,
    issued: Option<Date>,
    language: Option<String>,
    #[serde(rename = "URL")]
    url: Option<String>,
    keyword: Option<String>,
    #[serde(rename = "abstract")]
    summary: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
enum Kind {
    #[serde(rename = "article-newspaper")]
    Newspaper,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged, deny_unknown_fields)]
enum Name {
    Person { family: String, given: String },
    Whole { literal: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Date {
    #[serde(rename = "date-parts")]
    parts: Vec<Vec<u32>>,
}

#[test]
fn csl_json_is_read_back_by_its_schema() {
    let desk = desk();
    let text = printed(&desk, "csl-json");
    insta::assert_snapshot!(text);
    let items: Vec<Item> = serde_json::from_str(&text).unwrap();
    assert_eq!((items.len(), &items[0].id, &items[0].kind), (2, &"good".to_owned(), &Kind::Newspaper));
    assert_eq!(items[0].issued.as_ref().unwrap().parts, [[2025, 3, 3]]);
    let authors = items[0].author.as_ref().unwrap();
    assert_eq!(authors[0], Name::Person { family: "van der Alm".into(), given: "Ida".into() });
    assert_eq!(authors[1], Name::Whole { literal: "Alda News Agency".into() });
    assert_eq!(items[1].title.as_deref(), Some(TITLE));
    assert_eq!(desk.run(&["search", "+zzz", "--format", "csl-json"]).stdout, "[]\n");
}

#[test]
fn pictures_are_xml_in_which_titles_are_text() {
    let desk = desk();
    for command in [["facets", "--by", "outlet,month"], ["timeline", "--by", "outlet"]] {
        let mut arguments = command.to_vec();
        arguments.extend(["<b>ferries</b>", "--format", "svg"]);
        let picture = desk.run(&arguments).stdout;
        let document = roxmltree::Document::parse(&picture).unwrap_or_else(|error| panic!("{error} in\n{picture}"));
        assert_eq!(document.root_element().tag_name().name(), "svg");
        assert!(document.descendants().any(|node| node.text().is_some_and(|text| text.trim() == "The Alda Post")));
        assert!(!document.descendants().any(|node| node.has_tag_name("b")));
    }
}

#[test]
fn fields_are_chosen_by_name_in_every_form_that_has_them() {
    let desk = desk();
    let run = |format: &str| {
        let arguments = ["search", "ferries", "--sort", "newest", "--fields", "id,outlet,url", "--format", format];
        desk.run(&arguments)
    };
    assert_eq!(run("text").stdout, "good\tThe Alda Post\thttps://post.example/2025/ferries?a=1&b=2\nbad\t-2+3\t\n");
    assert_eq!(
        run("csv").stdout,
        "id,outlet,url\ngood,The Alda Post,https://post.example/2025/ferries?a=1&b=2\nbad,'-2+3,\n"
    );
    let lines: Vec<serde_json::Value> =
        run("json").stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1], serde_json::json!({"type": "hit", "id": "bad", "outlet": "-2+3", "url": null}));
    let refused = run("ris");
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    let unknown = desk.run(&["search", "ferries", "--fields", "titel"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("title"), "{}", unknown.stderr);
}

#[test]
fn all_hits_are_all_and_paths_are_each_once() {
    let desk = Desk::new();
    for n in 0..25 {
        desk.file(
            &format!("in/a {n}.txt"),
            format!("Ferries {n}\n\nThe ministry of Alda ordered {n} ferries for the islands of the north.\n"),
        );
    }
    let two = ["one", "two"].map(|id| {
        serde_json::json!({"id": id, "text": format!("Report {id} on the ferries of Alda and the north.")}).to_string()
    });
    desk.file("in/both.jsonl", two.join("\n"));
    assert_eq!(desk.run(&["index", "-q", "in"]).code, 0);
    let all = desk.json(&["search", "ferries", "--all", "--format", "json"]);
    assert_eq!((all.len() - 1, all[0]["total"].as_u64()), (27, Some(27)));
    assert_eq!(
        desk.run(&["search", "ferries", "--all", "--format", "csv", "--fields", "id"]).stdout.lines().count(),
        28
    );
    let paths = desk.run(&["search", "ferries", "--all", "--paths-only", "-0"]).stdout;
    let paths: Vec<&str> = paths.split_terminator('\0').collect();
    assert_eq!(paths.len(), 26, "the file with two articles is there once: {paths:?}");
    assert!(paths.iter().all(|path| desk.path().join(path).is_file()), "{paths:?}");
    assert_eq!(desk.run(&["search", "ferries", "--paths-only"]).stdout.lines().count(), 10);
}

#[test]
fn the_same_search_prints_the_same_bytes_under_any_locale() {
    let desk = desk();
    for arguments in [
        &["search", "ferries"][..],
        &["search", "FERRIES I", "--format", "json"],
        &["search", "ferries", "--format", "csv"],
        &["facets", "--by", "outlet,month"],
        &["timeline", "--by", "outlet"],
        &["show", "good"],
    ] {
        let plain = desk.run(arguments);
        assert_eq!(plain.code, 0, "{arguments:?}: {}", plain.stderr);
        for locale in ["C", "tr_TR.UTF-8", "de_DE.UTF-8"] {
            let run = desk.run_with(arguments, &[("LC_ALL", locale), ("LANG", locale)]);
            assert_eq!(
                (run.stdout, run.stderr),
                (plain.stdout.clone(), plain.stderr.clone()),
                "{arguments:?} {locale}"
            );
        }
    }
}

#[test]
fn a_reader_that_goes_away_gets_no_message() {
    let desk = Desk::with_corpus();
    for format in ["text", "json", "csv", "ris"] {
        let arguments = ["search", "defence", "--all", "--passages", "9", "--format", format];
        assert!(desk.run(&arguments).stdout.len() > 2 * 65_536, "more than a pipe holds");
        let run = desk.first_line(&arguments);
        assert_eq!((run.stdout.lines().count(), run.stderr.as_str(), run.code), (1, "", 0), "{format}");
    }
}
