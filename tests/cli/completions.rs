//! Completions: the scripts, and the candidates that the program gives them.

use super::{Desk, Run};

/// The candidates that the program gives a shell that completes the last of `words`.
fn offered(desk: &Desk, shell: &str, words: &[&str]) -> Vec<String> {
    let mut arguments = vec!["--", "despatch"];
    arguments.extend(words);
    let index = (words.len()).to_string();
    let run = desk.run_with(
        &arguments,
        &[
            ("DESPATCH_COMPLETE", shell),
            ("_CLAP_COMPLETE_INDEX", &index),
            ("_CLAP_IFS", "\n"),
            ("_CLAP_COMPLETE_SPACE", "false"),
        ],
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.stdout.lines().map(|line| line.split('\t').next().unwrap().trim_end().to_owned()).collect()
}

#[test]
fn commands_options_and_names_are_offered() {
    let desk = Desk::with_corpus();
    assert_eq!(desk.run(&["save", "uk-safe", "SAFE"]).code, 0);
    for (words, among) in [
        (&["sea"][..], "search"),
        (&["search", "--aff"], "--affiliation"),
        (&["search", "--actor", "keir-st"], "keir-starmer"),
        (&["search", "--actor", "starm"], "starmer"),
        (&["search", "--actor", "nato,keir-st"], "nato,keir-starmer"),
        (&["search", "--actor", "person/keir-s"], "person/keir-starmer"),
        (&["search", "--actor", ""], "state/united-kingdom"),
        (&["facets", "--affiliation", "united-k"], "united-kingdom"),
        (&["facets", "--topic", "procurement/com"], "procurement/combat-aircraft"),
        (&["facets", "--by", "aff"], "affiliation"),
        (&["search", "--lang", ""], "en"),
        (&["search", "--place", "Bru"], "Brussels"),
        (&["search", "@u"], "@uk-safe"),
        (&["saved", "--delete", ""], "uk-safe"),
        (&["help", "qu"], "query"),
        (&["help", "sta"], "stats"),
        (&["config", "show", "lim"], "limit"),
        (&["search", "--format", "js"], "json"),
    ] {
        for shell in ["bash", "fish"] {
            let all = offered(&desk, shell, words);
            assert!(all.iter().any(|one| one == among), "{shell} {words:?}: {all:?}");
        }
    }
    assert_eq!(offered(&desk, "bash", &["search", "--outlet", "Procurement W"]), [r"Procurement\ Week"]);
    assert_eq!(offered(&desk, "fish", &["search", "--outlet", "Procurement W"]), ["Procurement Week"]);
}

#[test]
fn without_an_index_there_is_nothing_to_offer_and_no_complaint() {
    let desk = Desk::new();
    assert_eq!(offered(&desk, "bash", &["search", "--outlet", ""]), Vec::<String>::new());
    assert!(!desk.path().join("index").exists());
}

#[test]
fn names_come_from_the_index_that_the_line_gives() {
    let desk = Desk::with_corpus();
    std::fs::rename(desk.path().join("index"), desk.path().join("news")).unwrap();
    for index in [&["--index", "news"][..], &["--index=news"], &["--index", "=", "news"]] {
        let words = [&["search"], index, &["--outlet", "Procurement W"]].concat();
        assert_eq!(offered(&desk, "fish", &words), ["Procurement Week"], "{words:?}");
    }
    for index in [&[][..], &["--index=other"], &["--index="], &["--indexes=news"], &["--index", "other"]] {
        let words = [&["search"], index, &["--outlet", "Procurement W"]].concat();
        assert_eq!(offered(&desk, "fish", &words), Vec::<String>::new(), "{words:?}");
    }
}

#[test]
fn there_is_a_script_for_each_shell() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let Run { stdout, code, .. } = desk.run(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(stdout.contains("DESPATCH_COMPLETE") && stdout.contains("despatch"), "{shell}");
    }
    assert_eq!(desk.run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn bash_completes_by_the_script() {
    let desk = Desk::with_corpus();
    let line = "source <(despatch completions bash); COMP_WORDS=(despatch search --outlet 'Atl'); COMP_CWORD=3; \
        COMP_TYPE=9; _clap_complete_despatch despatch Atl --outlet; printf '%s\n' \"${COMPREPLY[@]}\"";
    let run = desk.shell(line);
    assert_eq!((run.stdout.as_str(), run.code), ("Atlantic\\ Policy\\ Monitor\n", 0), "{}", run.stderr);
    std::fs::rename(desk.path().join("index"), desk.path().join("news")).unwrap();
    let line = line.replace("search", "search --index = news").replace("COMP_CWORD=3", "COMP_CWORD=6");
    let run = desk.shell(&line);
    assert_eq!((run.stdout.as_str(), run.code), ("Atlantic\\ Policy\\ Monitor\n", 0), "{}", run.stderr);
}
