//! `despatch index`, `rebuild`, `stats`.

use super::Desk;

const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Alda orders frigates | The Alda Post</title>
<meta property="og:site_name" content="The Alda Post"><link rel="canonical" href="https://post.example/frigates">
<meta property="article:published_time" content="2025-11-28T09:00:00+01:00"></head><body><article><h1>Alda orders frigates</h1>
<p>The government of Alda ordered four frigates on Friday, its defence ministry said, in the largest naval contract that the country has ever signed.</p>
<p>The ships are to be built over the next ten years at the yard in Port Alda, which will take on some two thousand workers for the task.</p>
</article></body></html>"#;

fn counts(line: &str) -> Vec<u64> {
    line.split(' ').filter_map(|word| word.parse().ok()).take(4).collect()
}

#[test]
fn the_same_input_twice_changes_nothing_and_a_changed_one_replaces_it() {
    let desk = Desk::new();
    desk.file("in/a.html", PAGE);
    assert_eq!(counts(&desk.run(&["index", "in"]).stdout), [1, 0, 0, 0]);
    assert_eq!(counts(&desk.run(&["index", "in"]).stdout), [0, 0, 1, 0]);
    desk.file("in/a.html", PAGE.replace("four frigates on Friday", "five corvettes on Friday"));
    assert_eq!(counts(&desk.run(&["index", "in"]).stdout), [0, 1, 0, 0]);
    assert_eq!(desk.run(&["search", "corvettes", "--count"]).stdout, "1\n");
    assert_eq!(desk.run(&["search", "+four", "--count"]).code, 1, "the old version is no longer found");
}

#[test]
fn a_bad_document_is_named_and_the_good_ones_are_in() {
    let desk = Desk::new();
    desk.file("in/good.html", PAGE);
    desk.file("in/broken.jsonl", "{\"title\":\"x\",\"text\":\"A text that is long enough.\"}\n{\"title\":\n");
    let run = desk.run(&["index", "in"]);
    assert_eq!(run.code, 2);
    assert_eq!(counts(&run.stdout), [2, 0, 0, 1]);
    assert!(run.stderr.contains("broken.jsonl:2"), "{}", run.stderr);
}

#[test]
fn a_missing_path_is_an_error_before_anything_is_made() {
    let desk = Desk::new();
    let run = desk.run(&["index", "nowhere"]);
    assert_eq!((run.code, run.stderr.as_str()), (2, "error: nowhere: no such file or folder\n"));
    assert!(!desk.path().join("index").exists());
}

#[test]
fn a_time_that_is_none_stops_the_run_before_anything_is_made() {
    let desk = Desk::new();
    desk.file("in/a.html", PAGE);
    let run = desk.run_with(&["index", "in"], &[("DESPATCH_NOW", "today")]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: DESPATCH_NOW=today"), "{}", run.stderr);
    assert!(!desk.path().join("index").exists());
}

#[test]
fn a_lost_index_is_made_anew_from_the_archive() {
    let desk = Desk::with_corpus();
    let query = ["search", "SAFE", "--format", "json"];
    let before = desk.run(&query).stdout;
    std::fs::remove_dir_all(desk.path().join("index/tantivy")).unwrap();
    assert_eq!(desk.run(&query).stdout, before);
    let run = desk.run(&["rebuild"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(desk.run(&query).stdout, before);
}

/// Makes the index one that was made by other rules.
pub(crate) fn outdate(desk: &Desk) {
    let meta = desk.path().join("index/tantivy/meta.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    let fingerprint = text.split("fingerprint\\\":\\\"").nth(1).unwrap().split('\\').next().unwrap();
    std::fs::write(&meta, text.replace(fingerprint, "0.0.0")).unwrap();
}

#[test]
fn an_index_made_by_other_rules_says_what_to_do() {
    let desk = Desk::new();
    desk.file("in/a.html", PAGE);
    assert_eq!(desk.run(&["index", "in"]).code, 0);
    outdate(&desk);
    let run = desk.run(&["search", "frigates"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("despatch rebuild"), "{}", run.stderr);
    assert_eq!(desk.run(&["rebuild"]).code, 0);
    assert_eq!(desk.run(&["search", "frigates", "--count"]).stdout, "1\n");
}

#[test]
fn stats_count_what_is_there() {
    let desk = Desk::new();
    desk.file("in/a.html", PAGE);
    assert_eq!(desk.run(&["index", "in"]).code, 0);
    let stats = &desk.json(&["stats", "--format", "json"])[0];
    assert_eq!(stats["articles"], 1);
    assert_eq!(stats["first_month"], "2025-11");
}

#[test]
fn paths_come_from_a_list_and_patterns_leave_some_out() {
    let desk = Desk::new();
    desk.file("in/a.html", PAGE);
    desk.file("in/b.txt", "A note that is not wanted here, however long it may be.\n");
    desk.file("list", "in\n");
    let run = desk.run(&["index", "--files-from", "list", "--exclude", "*.txt"]);
    assert_eq!(counts(&run.stdout), [1, 0, 0, 0], "{}", run.stderr);
    assert_eq!(counts(&desk.run(&["index", "in/*.txt"]).stdout), [1, 0, 0, 0]);
    assert_eq!(desk.run(&["index", "in/*.pdf"]).code, 2);
}
