//! Doubtful articles: counted, filtered, listed, shown; and extracted again by a better version of the program.

use std::collections::{BTreeMap, BTreeSet};

use despatch::archive::{Archive, Packed, Packer, digest};
use despatch::article::{Article, Doubt, Place};
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

/// Stores what an older version of the program made of files: half of each text, without a date, under an address that it
/// took from elsewhere.
fn stored_poorly(desk: &Desk, paths: &[&str]) {
    let mut archive = Archive::create(&desk.path().join("index")).unwrap();
    let mut batch = archive.batch().unwrap();
    for path in paths {
        let mut article = Article {
            url: Some(format!("https://post.example/old/{path}")),
            title: "Alda".to_owned(),
            ..Article::default()
        };
        article
            .set_paragraphs([despatch::article::NewParagraph { text: "Half of it.".to_owned(), ..Default::default() }]);
        let packed = Packed::new(&article, &mut Packer::new(None).unwrap()).unwrap();
        let input = digest(&std::fs::read(desk.path().join(path)).unwrap());
        let place = Place { path: (*path).to_owned(), ..Place::default() };
        batch.put(&packed, &place, &input, None, "2025-12-01T00:00:00Z".parse().unwrap()).unwrap();
    }
    batch.commit().unwrap();
}

/// A desk with pages as an older version of the program stored them.
fn old_desk() -> Desk {
    let desk = desk();
    std::fs::remove_dir_all(desk.path().join("index")).unwrap();
    stored_poorly(&desk, &["in/frigates.html", "in/ferries.html", "in/yards.html", "in/tanks.html"]);
    desk
}

/// Each article's identifier and text, and how many versions it has.
fn articles(desk: &Desk) -> BTreeMap<String, (String, usize)> {
    let hits = desk.json(&["search", "--all", "--all-copies", "--format", "json"]);
    let mut archive = Archive::open(&desk.path().join("index")).unwrap();
    let all = hits[1..].iter().map(|hit| {
        let stored = archive.by_id(hit["id"].as_str().unwrap()).unwrap();
        let versions = archive.versions(stored.num).unwrap().len();
        (stored.id, (stored.article.text, versions))
    });
    all.collect()
}

#[test]
fn a_better_program_extracts_again_what_is_still_there() {
    let desk = old_desk();
    assert_eq!(desk.run(&["index", "in"]).stdout.split(" (").next(), Some("1 new, 0 changed, 4 unchanged, 0 failed"));
    let before = articles(&desk);
    let changed = page("ferries", "en", &format!("<p>{LONG}</p>"));
    desk.file("in/ferries.html", &changed);
    std::fs::remove_file(desk.path().join("in/yards.html")).unwrap();

    let run = desk.run(&["rebuild", "--extract"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("3 articles extracted again in "), "{}", run.stdout);
    assert!(lines[0].ends_with(": 2 changed, 1 unchanged, 0 failed"), "{}", run.stdout);
    assert_eq!(
        lines[1..],
        ["left as they are: 1 with a changed input, 1 with none", "1 doubtful: despatch doctor --doubtful"]
    );
    assert!(run.stderr.contains("despatch index"), "{}", run.stderr);

    let after = articles(&desk);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "the same articles");
    let mended = after.values().filter(|(text, versions)| !text.contains("Half") && *versions == 2).count();
    let left = after.values().filter(|(text, versions)| text == "Half of it." && *versions == 1).count();
    assert_eq!((mended, left), (2, 2), "{after:?}");
    let hit = &desk.json(&["search", "title:frigates", "--format", "json"])[1];
    assert!(before[hit["id"].as_str().unwrap()].0 == "Half of it." && hit["published"] == "2025-11-28T09:00:00+01:00");
    assert_eq!(desk.run(&["verify"]).code, 0);
    // Another reading of the same bytes is no edit of the outlet.
    assert_eq!(desk.run(&["changes"]).code, 1);
    let all = desk.json(&["changes", "--all", "--format", "json"]);
    assert_eq!(all[1..].iter().map(|line| line["reread"] == true).collect::<Vec<_>>(), [true, true]);

    // A second time there is nothing to do, and `index` takes in the changed one alone.
    let again = desk.run(&["rebuild", "--extract"]).stdout;
    assert!(
        again.contains(": 0 changed, 3 unchanged, 0 failed\nleft as they are: 1 with a changed input, 1 with none\n")
    );
    assert_eq!(articles(&desk), after);
    assert_eq!(desk.run(&["index", "in"]).stdout.split(" (").next(), Some("1 new, 0 changed, 3 unchanged, 0 failed"));
}

#[test]
fn an_article_extracted_again_is_known_by_what_it_is_found_to_be_now() {
    let desk = old_desk();
    assert_eq!(desk.run(&["rebuild", "-q", "--extract"]).code, 0);
    let before = articles(&desk);
    let id = desk.json(&["search", "title:frigates", "--format", "json"])[1]["id"].as_str().unwrap().to_owned();
    // The outlet corrects the page: a version of the same article, found by the address that it has now.
    desk.file("in/frigates.html", page("frigates", "en", &format!("<p>{}</p>", LONG.replace("four", "five"))));
    assert_eq!(
        desk.run(&["index", "in/frigates.html"]).stdout.split(" (").next(),
        Some("0 new, 1 changed, 0 unchanged, 0 failed")
    );
    assert_eq!(articles(&desk).len(), before.len());
    assert_eq!(articles(&desk)[&id].1, 3);
    assert!(desk.run(&["show", "https://post.example/frigates"]).stdout.contains("five frigates"));
    // What is removed stays out, whichever way it comes.
    assert_eq!(desk.run(&["remove", &id, "--yes"]).code, 0);
    let again = desk.run(&["index", "in/frigates.html"]);
    assert!(
        again.stdout.starts_with("0 new, 0 changed, 0 unchanged") && again.stderr.contains("1 skipped"),
        "{again:?}"
    );
    assert_eq!(desk.run(&["rebuild", "-q", "--extract"]).code, 0);
    assert_eq!(articles(&desk).len(), before.len() - 1);
}

/// Two stored articles that are found to be one and the same stay two.
#[test]
fn articles_that_turn_out_to_be_one_are_both_kept() {
    let desk = desk();
    std::fs::remove_dir_all(desk.path().join("index")).unwrap();
    desk.file("in/copy.html", std::fs::read(desk.path().join("in/frigates.html")).unwrap());
    stored_poorly(&desk, &["in/frigates.html", "in/copy.html"]);
    let run = desk.run(&["rebuild", "--extract"]);
    assert!(run.stdout.contains(": 2 changed, 0 unchanged, 0 failed\n"), "{run:?}");
    assert_eq!(articles(&desk).len(), 2);
    let ids: Vec<String> = articles(&desk).into_keys().collect();
    // One is removed; the other stays, and is still updated.
    assert_eq!(desk.run(&["remove", &ids[0], "--yes"]).code, 0);
    assert_eq!(desk.run(&["rebuild", "-q", "--extract"]).code, 0);
    assert_eq!(articles(&desk).into_keys().collect::<Vec<_>>(), ids[1..]);
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn standard_input_and_an_archive_that_is_not_there_are_no_inputs() {
    let desk = desk();
    std::fs::remove_dir_all(desk.path().join("index")).unwrap();
    assert_eq!(desk.run(&["rebuild", "--extract"]).code, 2, "there is nothing to extract again");
    assert_eq!(desk.shell("despatch index -q - < in/frigates.html").code, 0);
    assert_eq!(desk.shell("gzip -c in/yards.html > yards.gz && despatch index -q yards.gz").code, 0);
    let run = desk.run(&["rebuild", "--extract"]);
    assert!(
        run.stdout
            .contains(": 0 changed, 1 unchanged, 0 failed\nleft as they are: 0 with a changed input, 1 with none"),
        "{run:?}"
    );
    assert_eq!(desk.run(&["rebuild", "--extract", "--all"]).code, 2);
    // An input that this version of the program does not read is named, and its article stays.
    desk.file("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    stored_poorly(&desk, &["picture.png"]);
    let run = desk.run(&["rebuild", "--extract"]);
    assert!(run.code == 2 && run.stderr.contains("picture.png: "), "{run:?}");
    assert!(
        run.stdout
            .contains(": 0 changed, 1 unchanged, 1 failed\nleft as they are: 0 with a changed input, 1 with none")
    );
    assert_eq!(articles(&desk).len(), 3);
}
