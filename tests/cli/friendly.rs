//! Order without words, what an export leaves out, copies in JSON, `names`, `open`, `config set`, sharing, interrupted runs.

use super::Desk;

/// Invented articles: identifier, outlet, day (or none), title, text.
fn desk(articles: &[(&str, &str, Option<&str>, &str, &str)]) -> Desk {
    let desk = Desk::new();
    let lines = articles.iter().map(|(id, outlet, published, title, text)| {
        let value = serde_json::json!({"id": id, "outlet": outlet, "published": published, "title": title, "text": text,
            "language": "en", "url": format!("https://alda.example/{id}")});
        format!("{value}\n")
    });
    desk.file("news.jsonl", lines.collect::<String>());
    let run = desk.run(&["index", "-q", "news.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    desk
}

const FERRY: &str =
    "The ferry sails at nine from the quay of Port Alda, said the line, and it returns at ten in the evening.";

fn ids(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let lines = desk.json(&[&["search", "--format", "json"], arguments].concat());
    lines[1..].iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn without_words_the_newest_come_first_and_undated_last() {
    let day = |day| Some(day);
    let other =
        "Twelve howitzers were bought from Borduria after a vote of the parliament that had taken three years to come.";
    let third =
        "A bridge over the river was closed because of the tide, which the crew of the island had not seen before.";
    let desk = desk(&[
        ("old", "Alda Post", day("2024-05-01"), "Ferry", FERRY),
        ("undated", "Alda Post", None, "Howitzers", other),
        ("new", "Alda Post", day("2025-11-01"), "Bridge", third),
    ]);
    for arguments in
        [&[][..], &["--outlet", "Alda Post"], &["outlet:\"Alda Post\""], &["--sort", "relevance"], &["--recency"]]
    {
        assert_eq!(ids(&desk, arguments), ["new", "old", "undated"], "{arguments:?}");
    }
    assert_eq!(ids(&desk, &["-n", "1"]), ["new"]);
    assert_eq!(ids(&desk, &["--offset", "2"]), ["undated"]);
    assert_eq!(ids(&desk, &["--sort", "oldest"]), ["old", "new", "undated"]);
}

#[test]
fn an_export_says_what_it_leaves_out_and_a_count_that_the_index_is_empty() {
    let other =
        "Twelve howitzers were bought from Borduria after a vote of the parliament that had taken three years to come.";
    let desk = desk(&[
        ("one", "Alda Post", Some("2024-05-01"), "Ferry", FERRY),
        ("two", "Alda Post", Some("2024-06-01"), "Howitzers", other),
    ]);
    for arguments in [&["--format", "bibtex"][..], &["--fields", "title"], &["--format", "csv"]] {
        let run = desk.run(&[&["search", "-n", "1"], arguments].concat());
        assert!(run.stderr.contains("1 of 2 stories; --all writes all"), "{}", run.stderr);
        let run = desk.run(&[&["search", "--all"], arguments].concat());
        assert_eq!(run.stderr, "", "{arguments:?}");
    }
    assert_eq!(desk.run(&["remove", "--query", "*", "--yes"]).code, 0);
    let run = desk.run(&["search", "ferry", "--count"]);
    assert!(run.stderr.contains("has no article"), "{}", run.stderr);
}

#[test]
fn json_tells_what_each_copy_cut_and_added() {
    let long = format!(
        "{FERRY} A second ship joins in the summer, when the islands are full. Tickets cost nine crowns, and children pay half of \
         that on every day but Sunday. The harbour master thanked the crews for their patience."
    );
    let added =
        format!("{long} The Gazette was told that the price will rise to eleven crowns in the spring of next year.");
    let desk = desk(&[
        ("whole", "Alda Post", Some("2025-03-01"), "Ferry", &long),
        ("more", "The Gazette", Some("2025-03-02"), "Ferry, and its price", &added),
    ]);
    let shown = &desk.json(&["show", "whole", "--copies", "--format", "json"])[0];
    let copies = shown["copies"].as_array().unwrap();
    assert_eq!((copies.len(), &copies[0]["id"], &copies[0]["outlet"]), (1, &"more".into(), &"The Gazette".into()));
    assert_eq!(copies[0]["cut"], serde_json::json!([]));
    let told = copies[0]["added"][0].as_str().unwrap();
    assert!(told.contains("eleven crowns"), "{told}");
    let other = &desk.json(&["show", "more", "--copies", "--format", "json"])[0]["copies"][0];
    assert_eq!((&other["cut"][0], &other["added"]), (&told.into(), &serde_json::json!([])));
    assert!(desk.json(&["show", "whole", "--format", "json"])[0].get("copies").is_none());
}

#[test]
fn names_lists_what_filters_take_with_counts() {
    let desk = Desk::with_corpus();
    let first = |what: &str| {
        let run = desk.run(&["names", what]);
        assert_eq!(run.code, 0, "{what}: {}", run.stderr);
        let line = run.stdout.lines().next().unwrap().to_owned();
        let mut words = line.trim().splitn(2, "  ");
        (words.next().unwrap().replace(',', "").parse::<u64>().unwrap(), words.next().unwrap().to_owned())
    };
    for (what, option) in [("topic", "--topic"), ("outlet", "--outlet"), ("lang", "--lang"), ("place", "--place")] {
        let (stories, name) = first(what);
        let name = name.split("  ").next().unwrap();
        assert_eq!(desk.run(&["search", option, name, "--count", "-q"]).stdout, format!("{stories}\n"), "{what}");
    }
    assert!(desk.run(&["names", "kind"]).stdout.lines().any(|line| line.split_whitespace().nth(1) == Some("person")));
    let some = desk.run(&["names", "topic", "PROCUR"]).stdout;
    assert!(!some.is_empty() && some.lines().all(|line| line.to_lowercase().contains("procur")), "{some}");
    assert_eq!(desk.json(&["names", "outlet", "--format", "json"])[1]["facet"], "outlet");
    assert_eq!(desk.run(&["names", "topic", "xyzzy"]).code, 1);
    assert!(desk.run(&["names", "nonsense"]).stderr.contains("outlet"));
}

#[cfg(unix)]
#[test]
fn open_gives_the_address_to_the_browser_or_prints_it() {
    let desk = desk(&[("ferry", "Alda Post", None, "Ferry", FERRY)]);
    desk.file(
        "odd.json",
        r#"{"id":"bare","title":"No page","text":"Nothing that has an address can be opened in a browser."}"#,
    );
    assert_eq!(desk.run(&["index", "-q", "odd.json"]).code, 0);
    desk.file("bin/browser", "#!/bin/sh\nprintf '%s|' \"$@\" > opened\n");
    assert_eq!(desk.shell("chmod +x bin/browser").code, 0);
    let page = "https://alda.example/ferry";
    let run = desk.shell("BROWSER='browser --new' despatch open ferr");
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(desk.path().join("opened")).unwrap(), format!("--new|{page}|"));
    for line in ["despatch open ferry", "BROWSER=browser despatch open ferry --print"] {
        let run = desk.shell(line);
        assert_eq!((run.code, run.stdout), (0, format!("{page}\n")), "{line}");
    }
    let missing = desk.shell("BROWSER=no-such-browser despatch open ferry");
    assert_eq!((missing.code, missing.stdout), (0, format!("{page}\n")));
    assert!(missing.stderr.contains("no-such-browser"), "{}", missing.stderr);
    let bare = desk.run(&["open", "bare"]);
    assert_eq!((bare.code, bare.stdout.as_str()), (1, "odd.json:1\n"));
}

#[test]
fn settings_are_kept_in_the_users_file_and_the_rest_of_it_stays() {
    let desk = Desk::new();
    let file = || std::fs::read_to_string(desk.path().join(".config/despatch/config.toml")).unwrap();
    let set = |arguments: &[&str]| desk.run(&[&["config", "set"], arguments].concat());
    assert_eq!(set(&["limit", "5"]).code, 0);
    assert_eq!(file(), "limit = 5\n");
    desk.file(".config/despatch/config.toml", "# mine\nlimit = 5 # few\nmarks = \"stars\"\n");
    assert_eq!(set(&["limit", "7"]).code, 0);
    assert_eq!(set(&["feedback", "false"]).code, 0);
    assert_eq!(set(&["index", "news"]).code, 0);
    let news = desk.path().join("news").display().to_string();
    assert!(file().starts_with("# mine\nlimit = 7") && file().contains("marks = \"stars\"\n"), "{}", file());
    assert!(file().contains("feedback = false\n") && file().contains(&format!("index = \"{news}\"\n")), "{}", file());
    for (arguments, told) in [
        (["limit", "many"], "error: 'limit' takes a whole number from 0, not 'many'\n"),
        (["color", "red"], "error: 'color' takes one of auto, always, never, not 'red'\n"),
        (["limits", "3"], "error: there is no setting 'limits'; did you mean 'limit'?\n"),
        (["timezone", "Alda/Port"], "error: 'timezone' takes a time zone"),
        (["marks", ""], "error: 'marks' needs a value"),
        (["backend", "search.example"], "error: 'search.example' is no address of a cluster"),
    ] {
        let before = file();
        let run = set(&arguments);
        assert_eq!((run.code, file()), (2, before), "{arguments:?}");
        assert!(run.stderr.starts_with(told), "{}", run.stderr);
    }
    let other = desk.run_with(&["config", "set", "limit", "8"], &[("DESPATCH_LIMIT", "2")]);
    assert!(other.stderr.contains("environment DESPATCH_LIMIT counts: 2"), "{}", other.stderr);
    assert_eq!(desk.run(&["config", "unset", "limit"]).code, 0);
    assert!(!file().contains("limit = ") && file().contains("stars"), "{}", file());
    desk.file(".config/despatch/config.toml", "limitt = 5\n");
    assert_eq!(desk.run(&["config", "unset", "limitt"]).code, 0, "what is no setting can be taken out");
    assert_eq!(file(), "");
}

#[cfg(unix)]
#[test]
fn a_colleague_can_read_what_the_umask_allows() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk(&[("ferry", "Alda Post", None, "Ferry", FERRY)]);
    assert_eq!(desk.run(&["save", "x", "ferry"]).code, 0);
    let check = |mode: u32| {
        let mut folders = vec![desk.path().join("index")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
                files += 1;
            }
        }
        assert!(files > 5);
    };
    assert_eq!(desk.shell("rm -r index; umask 027; despatch index -q news.jsonl && despatch rebuild -q").code, 0);
    check(0o640);
    assert_eq!(desk.shell("rm -r index; umask 022; despatch index -q news.jsonl && despatch save x ferry -q").code, 0);
    check(0o644);
}

#[test]
fn doctor_names_an_interrupted_run_until_it_was_finished() {
    let desk = desk(&[("ferry", "Alda Post", None, "Ferry", FERRY)]);
    let unfinished = || desk.run(&["doctor"]).stdout.lines().filter(|line| line.starts_with("unfinished")).count();
    assert_eq!(unfinished(), 0);
    let folder = desk.path().display().to_string();
    // What a killed run leaves.
    desk.file("index/unfinished", format!("despatch index news.jsonl (in {folder})\n"));
    assert_eq!(unfinished(), 1);
    assert!(!desk.run(&["doctor"]).stdout.contains("last run"), "it did not come to its end");
    desk.file("other.jsonl", "");
    assert_eq!(desk.run(&["search", "ferry"]).code, 0);
    let _ = desk.run(&["index", "-q", "other.jsonl"]);
    assert_eq!(unfinished(), 1, "a run over other inputs does not finish it");
    assert_eq!(desk.run(&["index", "-q", "news.jsonl"]).code, 0);
    assert_eq!(unfinished(), 0);
    assert!(!desk.path().join("index/unfinished").exists());
}
