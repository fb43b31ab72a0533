//! `despatch save`, `saved`, `search @NAME`.

use super::Desk;

fn count(desk: &Desk, arguments: &[&str]) -> u64 {
    let mut all = vec!["search", "--count"];
    all.extend(arguments);
    desk.run(&all).stdout.trim().parse().unwrap()
}

#[test]
fn a_saved_search_finds_what_its_words_and_filters_find() {
    let desk = Desk::with_corpus();
    let asked = ["UK SAFE talks", "--affiliation", "uk", "--since", "2025"];
    let mut save = vec!["save", "uk-safe"];
    save.extend(asked);
    let run = desk.run(&save);
    let found = count(&desk, &asked);
    assert!(found > 1);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_eq!(
        run.stderr,
        format!("note: saved; it finds {found} stories now; run it with `despatch search @uk-safe`\n")
    );
    assert_eq!(count(&desk, &["@uk-safe"]), found);
    let whole = |arguments: &[&str]| desk.run(arguments).stdout;
    assert_eq!(
        whole(&["search", "@uk-safe", "--format", "json"]),
        whole(&["search", "UK SAFE talks", "--affiliation", "uk", "--since", "2025", "--format", "json"])
    );
    assert_eq!(
        whole(&["facets", "@uk-safe"]),
        whole(&["facets", "UK SAFE talks", "--affiliation", "uk", "--since", "2025"])
    );
    let listed = whole(&["saved"]);
    assert_eq!(listed, format!("uk-safe {found:>7}  'UK SAFE talks' --affiliation uk --since 2025\n"));
    let listed = &desk.json(&["saved", "--format", "json"])[0];
    assert_eq!((listed["name"].as_str(), listed["total"].as_u64()), (Some("uk-safe"), Some(found)));
}

#[test]
fn more_words_and_filters_look_within_it() {
    let desk = Desk::with_corpus();
    assert_eq!(desk.run(&["save", "two", "SAFE OR EDIP", "--actor", "european union", "--since", "2025"]).code, 0);
    let within = ["+(SAFE OR EDIP) +(talks -fisheries)", "--actor", "european union", "--actor", "starmer"];
    let expected = count(&desk, &[&within[..], &["--since", "2026"]].concat());
    assert!(expected > 0 && expected < count(&desk, &["@two"]));
    assert_eq!(count(&desk, &["@two", "talks -fisheries", "--actor", "starmer", "--since", "2026"]), expected);
    assert_eq!(desk.run(&["save", "open", "\"joint procurement"]).code, 0, "a quotation mark without its pair");
    assert_eq!(count(&desk, &["@open", "budget"]), count(&desk, &["+(joint procurement) +budget"]));
    let exclude = desk.run(&["search", "@two", "--count", "--", "-fisheries"]);
    assert_eq!(
        exclude.stdout.trim().parse::<u64>().unwrap(),
        count(&desk, &["+(SAFE OR EDIP) -fisheries", "--actor", "european union", "--since", "2025"])
    );
}

#[test]
fn names_are_taken_misspelt_renamed_and_deleted() {
    let desk = Desk::with_corpus();
    assert_eq!(desk.run(&["saved"]).code, 1);
    assert_eq!(desk.run(&["save", "safe", "SAFE"]).code, 0);
    let taken = desk.run(&["save", "safe", "EDIP"]);
    assert!(taken.code == 2 && taken.stderr.contains("--replace"), "{}", taken.stderr);
    assert_eq!(desk.run(&["save", "safe", "EDIP", "--replace"]).code, 0);
    assert_eq!(count(&desk, &["@safe"]), count(&desk, &["EDIP"]));
    let unknown = desk.run(&["search", "@saef"]);
    assert_eq!(
        (unknown.code, unknown.stderr.as_str()),
        (2, "error: no saved search 'saef'\nhint: did you mean 'safe'?\n")
    );
    assert_eq!(desk.run(&["search", "\"@saef\""]).code, 1, "between quotation marks it is a word");
    assert_eq!(desk.run(&["saved", "--rename", "safe", "edip"]).code, 0);
    assert_eq!(desk.run(&["saved", "--delete", "edip"]).code, 0);
    assert_eq!(desk.run(&["saved", "--delete", "edip"]).code, 2);
    for name in ["../x", "a/b", "Safe", "con"] {
        assert_eq!(desk.run(&["save", name, "SAFE"]).code, 2, "{name}");
    }
    assert_eq!(desk.run(&["save", "bad", "date:nonsense"]).code, 2, "what cannot be searched is not kept");
    assert_eq!(desk.run(&["save", "empty"]).code, 2);
    assert_eq!(desk.run(&["saved"]).code, 1);
}

#[test]
fn a_date_is_kept_as_it_was_typed() {
    let desk = Desk::with_corpus();
    assert_eq!(desk.run(&["save", "lately", "--since", "last month"]).code, 0);
    let at = |now: &str| desk.run_with(&["search", "@lately", "--count"], &[("DESPATCH_NOW", now)]).stdout;
    assert_ne!(at("2026-03-01T12:00:00Z"), at("2025-06-01T12:00:00Z"));
}

#[test]
fn nothing_is_saved_beside_no_index() {
    let desk = Desk::new();
    let run = desk.run(&["save", "x", "SAFE", "--index", "elsewhere"]);
    assert!(run.code == 2 && run.stderr.contains("no index in elsewhere"), "{}", run.stderr);
    assert!(!desk.path().join("elsewhere").exists());
}
