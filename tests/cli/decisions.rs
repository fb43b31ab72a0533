//! `despatch authority veto`, `prefer`, `merge`, `decisions`, `undo`, `kinds`.

use super::Desk;

const OWN: &str = r#"
[[actor]]
id = "party/citizens"
heading = "Citizens of Progress Initiative"
exact = ["CPX"]
[[actor]]
id = "body/court"
heading = "Court of Public Xylology"
exact = ["CPX"]
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
[[actor]]
id = "person/ines-dunn"
heading = "Ines Marta Dunn"
"#;

/// A desk with five articles of two outlets.
fn desk() -> Desk {
    let desk = Desk::new();
    let article = |id: u32, outlet: &str, title: &str, text: &str| {
        format!("{{\"id\":\"{id}\",\"outlet\":\"{outlet}\",\"title\":\"{title}\",\"text\":\"{text}\"}}\n")
    };
    let lines = [
        article(1, "Quay Post", "A vote", "The Citizens of Progress Initiative (CPX) met on Monday. The CPX voted."),
        article(2, "Moor Times", "A sum", "The Citizens of Progress Initiative (CPX) paid late. The CPX paid twice."),
        article(3, "Hill News", "A ferry", "Late on Monday nobody had heard of the CPX in the harbour of the town."),
        article(4, "Quay Post", "A visit", "Ines Marta Dunn spoke to the Harbour Board on Monday. Dunn left at noon."),
        article(5, "Moor Times", "Rain", "It rained on the hills for most of the week, and the roads were wet."),
    ];
    desk.file("news.jsonl", lines.concat());
    desk.file("own.toml", OWN);
    assert_eq!(desk.run(&["index", "news.jsonl", "--authority", "own.toml"]).code, 0);
    desk
}

fn count(desk: &Desk, arguments: &[&str]) -> String {
    let run = desk.run(&[&["search", "--count", "--all-copies"], arguments].concat());
    assert!(run.code < 2, "{arguments:?}: {}", run.stderr);
    run.stdout.trim().to_owned()
}

#[test]
fn a_veto_holds_at_once_in_later_runs_and_until_it_is_taken_back() {
    let desk = desk();
    let party = ["--actor", "party/citizens", "--min-mentions", "3"];
    assert_eq!(count(&desk, &party), "2");
    let veto = ["authority", "veto", "cpx", "Citizens of Progress Initiative", "--in", "quay post"];
    let run = desk.run(&veto);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("`cpx` never means Citizens of Progress Initiative (party/citizens), in Quay Post\n")
    );
    assert!(run.stdout.contains("2 mentions of `CPX` in 1 article: "), "{}", run.stdout);
    assert!(run.stdout.ends_with("1 of 5 articles changed\n"), "{}", run.stdout);
    assert_eq!((count(&desk, &party).as_str(), count(&desk, &party[..2]).as_str()), ("1", "2"));
    assert_eq!(desk.run(&["verify"]).code, 0);
    // The same again changes nothing.
    let again = desk.run(&veto);
    assert!(again.code == 0 && again.stdout.starts_with("already decided: "), "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.ends_with("0 of 5 articles changed\n"), "{}", again.stdout);
    // It holds after a rebuild, for new articles, and beside changed headings.
    assert_eq!(desk.run(&["rebuild", "--all"]).code, 0);
    assert_eq!(count(&desk, &party), "1");
    let text = "The Citizens of Progress Initiative (CPX) met again. The CPX sang.";
    for (id, outlet) in [("6", "Quay Post"), ("7", "Moor Times")] {
        let line =
            format!("{{\"id\":\"{id}\",\"outlet\":\"{outlet}\",\"title\":\"A song {id}\",\"text\":\"{text} {id}\"}}\n");
        desk.file(&format!("{id}.jsonl"), line);
    }
    let own = format!("{OWN}[[actor]]\nid = \"person/otto-quell\"\nheading = \"Otto Quell\"\n");
    desk.file("own.toml", own);
    assert_eq!(desk.run(&["index", "6.jsonl", "7.jsonl", "--authority", "own.toml"]).code, 0);
    assert_eq!(count(&desk, &party), "2");
    assert_eq!(count(&desk, &[&party[..], &["--authority", "own.toml"]].concat()), "2");
    let listed = desk.run(&["authority", "decisions"]);
    assert!(listed.stdout.starts_with("  1  `cpx` never means "), "{}", listed.stdout);
    let text = std::fs::read_to_string(desk.path().join("index/decisions.toml")).unwrap();
    assert!(text.contains("what = \"veto\"\nname = \"cpx\"\n"), "{text}");
    assert_eq!(desk.run(&["authority", "undo", "1"]).code, 0);
    assert_eq!(count(&desk, &party), "4");
    assert_eq!(desk.run(&["authority", "decisions"]).code, 1);
    assert_eq!(desk.run(&["authority", "undo", "1"]).code, 2);
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn a_preferred_heading_is_one_of_those_that_the_name_has() {
    let desk = desk();
    assert_eq!(count(&desk, &["--actor", "body/court"]), "0");
    let run = desk.run(&["authority", "prefer", "CPX", "body/court"]);
    assert!(run.stdout.ends_with("1 of 5 articles changed\n"), "{}{}", run.stdout, run.stderr);
    assert_eq!(count(&desk, &["--actor", "body/court"]), "1");
    let run = desk.run(&["authority", "prefer", "CPX", "party/citizens"]);
    assert!(run.stderr.contains("no longer: `CPX` means Court of Public Xylology"), "{}", run.stderr);
    assert_eq!(
        (count(&desk, &["--actor", "body/court"]).as_str(), count(&desk, &["--actor", "party/citizens"]).as_str()),
        ("0", "3")
    );
    let run = desk.run(&["authority", "prefer", "CPX", "Ines Quarrel"]);
    assert!(run.code == 2 && run.stderr.contains("has no name 'CPX'"), "{}", run.stderr);
    let run = desk.run(&["authority", "prefer", "CPX", "Ines Quarel"]);
    assert!(run.code == 2 && run.stderr.contains("Ines Quarrel (person/ines-quarrel)"), "{}", run.stderr);
}

#[test]
fn two_headings_or_a_name_and_a_heading_become_one() {
    let desk = desk();
    let run = desk.run(&["authority", "merge", "Ines Marta Dunn", "Ines Quarrel"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("1 mention of `Dunn` in 1 article: Ines Quarrel"), "{}", run.stdout);
    for name in ["Ines Quarrel", "Ines Marta Dunn", "person/ines-dunn"] {
        assert_eq!(count(&desk, &["--actor", name, "--min-mentions", "2"]), "1", "{name}");
    }
    let run = desk.run(&["authority", "merge", "Harbour Board", "body/court"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(count(&desk, &["--actor", "body/court"]), "1");
    for name in ["unlisted/harbour-board", "Harbour Board"] {
        assert_eq!(count(&desk, &["--actor", name]), "1", "{name}");
    }
    assert!(desk.run(&["authority", "lookup", "harbour", "board"]).stdout.contains("  body/court"));
    let run = desk.run(&["authority", "merge", "Ines Quarrel", "Ines Marta Dunn"]);
    assert!(run.code == 2 && run.stderr.contains("are one already"), "{}", run.stderr);
    for _ in 0..2 {
        assert_eq!(desk.run(&["authority", "undo", "1"]).code, 0);
    }
    assert_eq!(count(&desk, &["--actor", "body/court"]), "0");
    assert_eq!(count(&desk, &["--actor", "person/ines-dunn"]), "1");
}

#[test]
fn a_name_without_a_heading_is_found_as_it_is_shown() {
    let desk = desk();
    for name in ["unlisted/harbour-board", "Harbour Board", "harbour board"] {
        assert_eq!(count(&desk, &["--actor", name]), "1", "{name}");
    }
    let run = desk.run(&["search", "--actor", "Harbour Bord"]);
    assert!(run.code == 2 && run.stderr.contains("no actor 'Harbour Bord'"), "{run:?}");
}

#[test]
fn of_many_headings_ten_are_named_and_the_others_counted() {
    let desk = Desk::new();
    let bodies =
        |n: u32| format!("[[actor]]\nid = \"body/b{n}\"\nheading = \"Board of Town {n}\"\nexact = [\"Qboard\"]\n");
    desk.file("own.toml", (10..40).map(bodies).collect::<String>());
    desk.file("a.txt", "A vote\n\nThe Qboard voted on Monday.\n");
    assert_eq!(desk.run(&["index", "a.txt", "--authority", "own.toml"]).code, 0);
    let prefer = desk.run(&["authority", "prefer", "Qboard", "Qboard"]);
    assert!(prefer.code == 2 && prefer.stderr.contains("(body/b19), 20 more"), "{prefer:?}");
    assert!(!prefer.stderr.contains("body/b20"), "{prefer:?}");
    let lookup = desk.run(&["authority", "lookup", "Qboard"]);
    assert_eq!((lookup.code, lookup.stdout.matches("  body/b").count()), (0, 10), "{lookup:?}");
    assert!(lookup.stderr.contains("20 more: --all"), "{lookup:?}");
    let all = desk.run(&["authority", "lookup", "--all", "Qboard"]);
    assert_eq!((all.stderr.as_str(), all.stdout.matches("  body/b").count()), ("", 30));
    let search = desk.run(&["search", "--actor", "Qboard"]);
    assert!(search.code == 2 && search.stderr.contains("body/b19, 20 more\n"), "{search:?}");
    assert!(search.stderr.contains("`despatch authority lookup --all 'Qboard'`"), "{search:?}");
    let undo = desk.run(&["authority", "undo", "7"]);
    assert!(undo.code == 2 && undo.stderr.contains("`despatch authority decisions` lists"), "{undo:?}");
}

#[test]
fn a_name_that_no_article_has_is_kept_for_later_ones() {
    let desk = desk();
    let run = desk.run(&["authority", "veto", "Citizens of Peat", "party/citizens"]);
    assert!(run.code == 0 && run.stderr.contains("no article has 'Citizens of Peat'"), "{}{}", run.stdout, run.stderr);
    assert!(desk.run(&["authority", "decisions"]).stdout.contains("Citizens of Peat"));
    let run = desk.run(&["authority", "veto", "CPX", "party/citizens", "--in", "Nowhere"]);
    assert!(run.code == 0 && run.stderr.contains("no article is of the outlet 'Nowhere'"), "{}", run.stderr);
}

#[test]
fn a_decision_that_was_cut_short_is_not_half_there_and_the_next_writer_goes_on() {
    let desk = desk();
    let party = ["--actor", "party/citizens", "--min-mentions", "3"];
    // As a process leaves it that is killed right after the file was written.
    let decision = "[[decision]]\nwhat = \"veto\"\nname = \"CPX\"\nheading = \"party/citizens\"\n";
    desk.file("index/decisions.toml", decision);
    let dir = desk.path().join("index");
    std::fs::rename(dir.join("checksums"), dir.join("checksums.open")).unwrap();
    for _ in 0..2 {
        assert_eq!(count(&desk, &party), "2", "readers answer as before");
    }
    assert_eq!(desk.run(&["verify"]).code, 0);
    let doctor = desk.run(&["doctor"]);
    assert!(doctor.stdout.contains("1 decision; not all in the index yet"), "{}", doctor.stdout);
    let run = desk.run(&["authority", "veto", "Citizens of Peat", "party/citizens"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(count(&desk, &party), "0");
    let doctor = desk.run(&["doctor"]).stdout;
    assert!(doctor.contains("bundled and authority.toml, 2 decisions\n"), "{doctor}");
}

#[test]
fn kinds_are_listed() {
    let run = Desk::new().run(&["authority", "kinds"]);
    assert!(run.code == 0 && run.stdout.lines().count() == 11, "{}", run.stdout);
    assert!(run.stdout.contains("force     an armed force"), "{}", run.stdout);
}
