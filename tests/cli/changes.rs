//! `changes`, `show --versions` and `show --diff` over files that were indexed again.

use super::Desk;

const STORY: &str = "The defence ministry of Alda has ordered 12 ferries from the yard at Port Lorn, the minister said on Tuesday. \
    She did not name a price. The ships are to carry troops to the islands of the south, and the first of them will sail \
    in spring.";

/// A desk with one article in these versions, each indexed a day after the one before.
fn desk(versions: &[(&str, &str)]) -> Desk {
    let desk = Desk::new();
    for (day, (title, text)) in versions.iter().enumerate() {
        let line = serde_json::json!({
            "id": "ferries", "url": "https://post.example/ferries", "outlet": "Alda Post", "title": title, "text": text,
        });
        desk.file("news.jsonl", format!("{line}\n"));
        let now = format!("2026-03-{:02}T12:00:00Z", day + 1);
        let run = desk.run_with(&["index", "-q", "news.jsonl"], &[("DESPATCH_NOW", &now)]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    desk
}

#[test]
fn what_changed_is_printed_with_its_sentence() {
    let new = STORY.replace("12", "14").replace("did not name", "named").replace("spring", "autumn");
    let desk = desk(&[("Alda orders ferries", STORY), ("Alda orders 14 ferries", &new)]);
    let run = desk.run(&["changes"]);
    assert_eq!(
        run.stdout,
        "Alda orders 14 ferries\n    Alda Post · 2026-03-02 12:00 · version 1 to 2 · ferries\n    silent; headline, text; \
         5 words cut, 4 added\n    headline: Alda orders {+14+} ferries\n    The defence ministry of Alda has ordered \
         [-12-]{+14+} ferries from the yard at Port Lorn, the\n    minister said on Tuesday.\n    She [-did not name-]{+named+} a \
         price.\n    The ships are to carry troops to the islands of the south, and the first of them will sail in\n    \
         [-spring-]{+autumn+}.\n\n"
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(desk.run(&["show", "ferries", "--diff"]).stdout, run.stdout);
    assert_eq!(desk.run(&["show", "ferries", "--diff", "1..2"]).stdout, run.stdout);
    let colored = desk.run(&["changes", "--color", "always"]).stdout;
    assert!(colored.contains("\u{1b}[31;9m12\u{1b}[0m\u{1b}[32;4m14\u{1b}[0m"), "{colored:?}");
    let whole = desk.run(&["changes", "--context", "all"]).stdout;
    assert!(whole.contains("She [-did not name-]{+named+} a price. The ships"), "{whole}");
    let versions = desk.run(&["show", "ferries", "--versions"]).stdout;
    assert_eq!(
        versions,
        " 1  2026-03-01 12:00  first seen\n 2  2026-03-02 12:00  silent; headline, text; 5 words cut, 4 added\n"
    );
    let line = &desk.json(&["changes", "--context", "all", "--format", "json"])[1];
    let texts = ["old", "new"].map(|which| line["text"][which].as_str().unwrap().to_owned());
    let slice = |text: &str, pair: &serde_json::Value| {
        text[pair[0].as_u64().unwrap() as usize..pair[1].as_u64().unwrap() as usize].to_owned()
    };
    let rebuilt: String = line["hunks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hunk| match hunk["op"].as_str().unwrap() {
            "insert" => slice(&texts[1], &hunk["new"]),
            "equal" => slice(&texts[0], &hunk["old"]),
            _ => String::new(),
        })
        .collect();
    assert_eq!((rebuilt.as_str(), texts[0].as_str()), (texts[1].as_str(), STORY));
}

#[test]
fn small_changes_are_counted_and_shown_when_asked_for() {
    let (small, note) = (STORY.replace("ministry of", "Ministry of"), format!("{STORY}\n\nEditor's note: updated."));
    let desk = desk(&[("Alda", STORY), ("Alda", &small), ("Alda", &note)]);
    let run = desk.run(&["changes", "--silent"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (1, "", "nothing changed\n"));
    let run = desk.run(&["changes"]);
    assert!(run.stdout.contains("with a correction; text; ") && run.stdout.matches("version").count() == 1, "{run:?}");
    assert_eq!(run.stderr, "note: 1 small change: --all\n");
    assert_eq!(desk.json(&["changes", "--all", "--format", "json"]).len(), 3);
    assert_eq!(desk.json(&["changes", "--corrections", "--format", "json"]).len(), 2);
    let since = |date: &str| desk.run(&["changes", "--all", "--since", date]).stdout.matches("version").count();
    assert_eq!((since("2026-03-02"), since("2026-03-03"), since("2026-03-04")), (2, 1, 0));
}

#[test]
fn articles_are_chosen_by_identifier_address_query_and_saved_search() {
    let desk = desk(&[("Alda orders ferries", STORY), ("Alda orders ferries", &STORY.replace("12", "14"))]);
    assert_eq!(desk.run(&["save", "lorn", "Lorn"]).code, 0);
    for (words, code) in [
        (&["https://post.example/ferries"][..], 0),
        (&["Port", "Lorn"], 0),
        (&["@lorn"], 0),
        (&["@lorn", "troops"], 0),
        (&["submarines"], 1),
        (&["@nothing"], 2),
    ] {
        let run = desk.run(&[&["changes"], words].concat());
        assert_eq!(run.code, code, "{words:?}: {run:?}");
    }
    for (arguments, told) in [
        (&["show", "ferries", "--diff", "2..1"][..], "an older and a newer version are compared"),
        (&["show", "ferries", "--diff", "1..9"], "no version '9': there are 2 versions"),
        (&["show", "ferries", "--versions", "--format", "ris"], "versions are printed as text, md or json"),
        (&["changes", "--since", "never"], "--since never"),
    ] {
        let run = desk.run(arguments);
        assert!(run.code == 2 && run.stderr.contains(told), "{arguments:?}: {run:?}");
    }
}

#[test]
fn hostile_texts_are_escaped() {
    let new = STORY.replace("12", "14 \u{1b}[2J\u{202e}<b>*x*");
    let desk = desk(&[("Alda <i>orders</i>", STORY), ("Alda\u{1b}]0;x", &new)]);
    for format in ["text", "md"] {
        let out = desk.run(&["changes", "--format", format]).stdout;
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
        assert!(format == "text" || (!out.contains("<b>") && !out.contains("*x*")), "{out:?}");
    }
}

#[test]
fn a_mark_prints_each_change_once_and_moves_only_when_it_was_read() {
    let new = STORY.replace("12", "14");
    let desk = desk(&[("Alda orders ferries", STORY), ("Alda orders ferries", &new)]);
    let now = [("DESPATCH_NOW", "2026-03-03T12:00:00Z")];
    let marked = |more: &[&str]| desk.run_with(&[&["changes", "--mark", "desk"], more].concat(), &now);
    if cfg!(target_os = "linux") {
        assert_eq!(desk.shell("despatch changes --mark desk > /dev/full").code, 2);
    }
    let first = marked(&[]);
    assert!(first.code == 0 && first.stdout.contains("ordered [-12-]{+14+} ferries"), "{first:?}");
    let again = marked(&[]);
    assert_eq!((again.code, again.stdout.as_str(), again.stderr.as_str()), (1, "", "nothing changed\n"));
    // Another query, another choice and another name have marks of their own.
    for more in [&["--silent"][..], &["ferries"], &["--all"]] {
        assert_eq!((marked(more).code, marked(more).code), (0, 1), "{more:?}");
    }
    assert_eq!(desk.run_with(&["changes", "--mark", "home"], &now).code, 0);
    assert_eq!(desk.run_with(&["changes", "--mark", "late"], &[("DESPATCH_NOW", "2026-04-01T12:00:00Z")]).code, 1);
    assert_eq!((desk.run(&["changes", "--mark", "../x"]).code, marked(&["--since", "2026"]).code), (2, 2));
    // The same article changes once more: only that is printed.
    let line = serde_json::json!({
        "id": "ferries", "url": "https://post.example/ferries", "outlet": "Alda Post", "title": "Alda orders ferries",
        "text": new.replace("Tuesday", "Monday"),
    });
    desk.file("news.jsonl", format!("{line}\n"));
    assert_eq!(desk.run_with(&["index", "-q", "news.jsonl"], &now).code, 0);
    let third = marked(&[]);
    assert!(third.stdout.contains("version 2 to 3") && !third.stdout.contains("[-12-]"), "{third:?}");
    assert_eq!(marked(&[]).code, 1);
    assert_eq!(desk.run(&["new", "--count"]).stdout, "1\n", "the mark of `new` is another");
    assert_eq!(desk.run(&["verify"]).code, 0);
}
