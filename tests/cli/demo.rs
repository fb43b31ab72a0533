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
