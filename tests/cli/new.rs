//! `despatch new`: marks, what is counted, forms of the output.

use super::{Desk, Run};

/// A line of JSON Lines for a story of today.
pub(super) fn story(number: usize, text: &str) -> String {
    let words: Vec<String> = (0..50).map(|n| format!("word{number}x{n}")).collect();
    let line = serde_json::json!({
        "title": format!("Story {number}"), "text": format!("{text} {}", words.join(" ")),
        "url": format!("https://alda.example/{number}"), "outlet": format!("Outlet {number}"),
        "published": "2026-03-01T08:00:00Z",
    });
    format!("{line}\n")
}

pub(super) fn take_in(desk: &Desk, name: &str, lines: &str) {
    desk.file(name, lines);
    let run = desk.run(&["index", "-q", name]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// The lines of a type.
fn lines(run: &Run, kind: &str) -> Vec<serde_json::Value> {
    let all = run.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    all.filter(|line| line["type"] == kind).collect()
}

#[test]
fn news_is_listed_once_and_a_mark_moves_only_when_it_was_read() {
    let desk = Desk::new();
    take_in(&desk, "a.jsonl", &story(1, "Alda buys a ferry."));
    for peek in [&["new", "--peek"][..], &["new", "--since", "2026-03"], &["new", "--count"]] {
        let run = desk.run(peek);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{peek:?}");
    }
    let run = desk.run(&["new"]);
    let expected = "All articles: 1 new story\n\n  Story 1\n    Outlet 1 · 2026-03-01 · ";
    assert!(run.code == 0 && run.stdout.starts_with(expected), "{run:?}");
    assert!(run.stdout.ends_with("\n    https://alda.example/1\n"), "{run:?}");
    let again = desk.run(&["new"]);
    assert_eq!((again.code, again.stdout.as_str(), again.stderr.as_str()), (1, "", "nothing new\n"));
    assert_eq!(desk.run(&["new", "--count"]).stdout, "0\n");
    assert_eq!(desk.run(&["new", "--mark", "home", "--count"]).stdout, "1\n", "marks are independent");
    assert_eq!(desk.run(&["new", "--mark", "../x"]).code, 2);
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn what_was_not_written_to_its_end_is_told_again() {
    let desk = Desk::new();
    let many: String = (0..3000).map(|n| story(n, "Alda buys a ferry.")).collect();
    take_in(&desk, "a.jsonl", &many);
    let cut = desk.first_line(&["new", "--all"]);
    assert_eq!((cut.code, cut.stderr.as_str()), (0, ""), "a closed pipe is no error");
    assert_eq!(desk.run(&["new", "--count"]).stdout, "3000\n");
    if cfg!(target_os = "linux") {
        let full = desk.shell("despatch new > /dev/full");
        assert_eq!(full.code, 2, "{}", full.stderr);
        assert_eq!(desk.run(&["new", "--count"]).stdout, "3000\n");
    }
    let run = desk.run(&["new"]);
    assert_eq!(run.stdout.matches("https://").count(), 20);
    assert!(run.stdout.ends_with("  2980 more: despatch new --all\n"), "{run:?}");
    assert_eq!(desk.run(&["new", "--count"]).stdout, "2980\n", "the rest waits");
    assert_eq!(desk.run(&["new", "--all"]).stdout.matches("https://").count(), 2980);
    assert_eq!(desk.run(&["new"]).code, 1);
}

#[test]
fn searches_that_are_saved_as_alerts_have_news_of_their_own() {
    let desk = Desk::new();
    take_in(&desk, "a.jsonl", &(story(1, "Alda buys a ferry.") + &story(2, "Alda buys a train.")));
    assert_eq!(desk.run(&["save", "ferries", "ferry"]).code, 0);
    assert_eq!(lines(&desk.run(&["new", "--peek", "--format", "json"]), "new").len(), 2, "none is an alert: all");
    assert_eq!(desk.run(&["save", "trains", "train", "--alert"]).code, 0);
    let run = desk.run(&["new", "--format", "json"]);
    let told = lines(&run, "new");
    assert_eq!((told.len(), &told[0]["search"], &told[0]["title"]), (1, &"trains".into(), &"Story 2".into()));
    let (header, counts) = (lines(&run, "header"), lines(&run, "news"));
    assert_eq!(
        (&header[0]["mark"], &counts[0]["search"], &counts[0]["more"]),
        (&"new".into(), &"trains".into(), &0.into())
    );
    // A search keeps its mark under a new name.
    assert_eq!(desk.run(&["saved", "--rename", "trains", "rail"]).code, 0);
    assert_eq!(desk.run(&["new", "@rail"]).code, 1);
    assert_eq!(desk.run(&["new", "@ferries", "@rail"]).code, 0);
    let wrong = desk.run(&["new", "@ferri"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("did you mean 'ferries'?"), "{wrong:?}");
    let unnamed = desk.run(&["new", "ferries"]);
    assert!(unnamed.code == 2 && unnamed.stderr.contains("@NAME"), "{unnamed:?}");
    assert!(desk.run(&["saved"]).stdout.contains("train --alert"));
}

/// Case: a report of an agency, its copies later, digests between.
#[test]
fn a_report_is_told_once_and_its_copies_are_counted() {
    let desk = Desk::new();
    let copy = |n: usize| {
        story(1, "Alda buys a ferry.")
            .replace("/1\"", &format!("/copy{n}\""))
            .replace("Outlet 1", &format!("Outlet {n}"))
    };
    take_in(&desk, "1.jsonl", &story(1, "Alda buys a ferry."));
    assert_eq!(lines(&desk.run(&["new", "--format", "json"]), "new").len(), 1);
    take_in(&desk, "2.jsonl", &copy(2));
    take_in(&desk, "3.jsonl", &copy(3));
    let run = desk.run(&["new"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, "nothing new; 2 more copies of stories told before\n"));
    let all = desk.run(&["new", "--mark", "other"]);
    assert!(all.stdout.contains("1 new story") && all.stdout.contains("and 2 more outlets"), "{all:?}");
}

#[test]
fn what_was_published_long_before_it_came_is_counted() {
    let desk = Desk::new();
    let old: String = (0..40).map(|n| story(n, "Alda bought a ferry.").replace("2026-03-01", "2026-01-05")).collect();
    take_in(&desk, "old.jsonl", &old);
    let run = desk.run(&["new"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, "nothing new; 40 late (despatch new --late)\n"));
    take_in(&desk, "new.jsonl", &story(77, "Alda buys a train."));
    let run = desk.run(&["new", "--format", "json"]);
    assert_eq!((lines(&run, "new").len(), &lines(&run, "news")[0]["late"]), (1, &0.into()), "said once");
    let late = desk.run(&["new", "--late", "--all", "--format", "json"]);
    assert_eq!((lines(&late, "new").len(), &lines(&late, "new")[0]["why"]), (40, &"late".into()));
    assert_eq!(desk.run(&["new", "--late"]).stderr, "nothing new\n");
}

#[test]
fn a_revision_of_another_archive_is_refused() {
    let desk = Desk::new();
    take_in(&desk, "a.jsonl", &story(1, "Alda buys a ferry."));
    let run = desk.run(&["new", "--format", "json"]);
    let to = lines(&run, "header")[0]["to"].as_str().unwrap().to_owned();
    take_in(&desk, "b.jsonl", &story(2, "Alda buys a train."));
    let since = lines(&desk.run(&["new", "--since", &to, "--format", "json"]), "new");
    assert_eq!((since.len(), &since[0]["title"]), (1, &"Story 2".into()));
    std::fs::remove_dir_all(desk.path().join("index")).unwrap();
    take_in(&desk, "a.jsonl", &story(1, "Alda buys a ferry."));
    let other = desk.run(&["new", "--since", &to]);
    assert!(
        other.code == 2 && other.stderr.contains("of another archive") && other.stderr.contains("write a date"),
        "{other:?}"
    );
    let ahead = desk.run(&["new", "--since", "77"]);
    assert!(ahead.code == 2 && ahead.stderr.contains("goes only to 1"), "{ahead:?}");
}

#[test]
fn titles_that_steer_or_pretend_are_harmless_in_every_form() {
    let desk = Desk::new();
    let title = "Alda\\u001b[31m buys \\u202eferries\\r\\nBcc: x@borduria.example <b>=1+1</b> [x](y)";
    let line = story(1, "Alda buys a ferry.").replace("Story 1", title).replace("/1\"", "/1?\\\"<i>\"");
    take_in(&desk, "a.jsonl", &line);
    for form in ["text", "md", "json", "csv"] {
        let run = desk.run(&["new", "--peek", "--format", form]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let steers = |c: char| c != '\n' && (c.is_control() || (c == '\u{202e}' && form != "json"));
        assert!(!run.stdout.contains(steers), "{form}: {:?}", run.stdout);
        assert!(!run.stdout.lines().any(|line| line.starts_with("Bcc")), "{form}: {}", run.stdout);
    }
    for form in ["text", "md", "json", "eml", "atom"] {
        let run = desk.run(&["digest", "--mark", form, "--format", form]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            !run.stdout.contains('\u{1b}') && !run.stdout.lines().any(|line| line.starts_with("Bcc")),
            "{form}: {}",
            run.stdout
        );
    }
}
