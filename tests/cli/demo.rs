//! `despatch demo`, `authority`.

use super::Desk;

#[test]
fn the_demo_indexes_searches_counts_and_says_what_to_try_next() {
    let desk = Desk::new();
    let run = desk.run(&["demo"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let first = run.stdout.lines().find(|line| line.starts_with(" 1  ")).unwrap();
    assert!(first.contains("«SAFE»"), "{first}");
    for part in ["0 failed", "European Commission", "Next, with --index", "despatch facets"] {
        assert!(run.stdout.contains(part), "no '{part}' in:\n{}", run.stdout);
    }
}

#[test]
fn the_bundled_authority_file_is_sound() {
    let run = Desk::new().run(&["authority", "check"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn lookup_tells_what_a_name_can_mean() {
    let desk = Desk::new();
    let run = desk.run(&["authority", "lookup", "Sefcovic"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("person/maros-sefcovic"), "{}", run.stdout);
    assert_eq!(desk.run(&["authority", "lookup", "zzyzx qwrt"]).code, 1);
}

#[test]
fn headings_of_ones_own_are_found_after_a_rebuild_and_kept_with_the_index() {
    let desk = Desk::new();
    desk.file(
        "a.txt",
        "Quell orders\n\nThe minister Otto Quell ordered two ferries for the islands of the north, his office said.\n",
    );
    assert_eq!(desk.run(&["index", "a.txt"]).code, 0);
    assert_eq!(desk.run(&["search", "--affiliation", "Otto Quell"]).code, 2, "no heading yet");
    desk.file("own.toml", "[[actor]]\nid = \"person/otto-quell\"\nheading = \"Otto Quell\"\ncountry = \"iceland\"\n");
    let run = desk.run(&["search", "ferries", "--authority", "own.toml"]);
    assert!(run.code == 2 && run.stderr.contains("despatch rebuild"), "{}", run.stderr);
    assert_eq!(desk.run(&["rebuild", "--authority", "own.toml"]).code, 0);
    assert_eq!(desk.run(&["search", "--actor", "Otto Quell", "--count"]).stdout, "1\n");
    assert_eq!(desk.run(&["search", "--affiliation", "iceland", "--count"]).stdout, "1\n");
    let bad = desk.file("bad.toml", "[[actor]]\nid = \"person/x\"\nhead = \"X\"\n");
    let run = desk.run(&["rebuild", "--authority", bad.to_str().unwrap()]);
    assert!(run.code == 2 && run.stderr.contains("bad.toml"), "{}", run.stderr);
}

#[test]
fn names_without_a_heading_come_out_as_toml_that_can_be_given_back() {
    let desk = Desk::new();
    let text = "The talks went on for a week. Defence Minister Otto Quell met General Ida Stein in the capital on Monday, \
        officials said after the meeting. They signed a pact.";
    desk.file("a.txt", format!("A pact\n\n{text}\n"));
    assert_eq!(desk.run(&["index", "a.txt"]).code, 0);
    let run = desk.run(&["authority", "untagged"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("heading = \"Otto Quell\""), "{}", run.stdout);
    desk.file("own.toml", &run.stdout);
    assert_eq!(desk.run(&["authority", "check", "own.toml"]).code, 0);
}
