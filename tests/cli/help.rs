//! `despatch help`, `-h`, `--help`, `man`: the commands that they show work.

use super::{Desk, reader_desk};

const PAGES: &[&str] = &[
    "query",
    "dates",
    "actors",
    "doubts",
    #[cfg(feature = "fetch")]
    "keeping-up",
    #[cfg(feature = "serve")]
    "mcp",
    "exit-codes",
    "formats",
    "json",
    "settings",
];

/// Runs a command line from a help text; it must succeed.
fn works(desk: &Desk, line: &str) {
    if line.contains("despatch serve") {
        // It runs until it is told to end: once it has printed its address, it works.
        let run =
            desk.shell(&format!("coproc {line}; read -r address <&${{COPROC[0]}}; kill $COPROC_PID; echo $address"));
        assert!(run.stdout.starts_with("http://127.0.0.1:"), "{line}\n{}", run.stderr);
        return;
    }
    let run = desk.shell(&format!("set -o pipefail; {line}"));
    assert_eq!(run.code, 0, "{line}\n{}", run.stderr);
    assert!(!run.stderr.contains("error") && !run.stderr.contains("warning"), "{line}\n{}", run.stderr);
}

fn commands(desk: &Desk) -> Vec<String> {
    let help = desk.run(&["help"]).stdout;
    let list = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_example_of_the_pages_runs() {
    let desk = reader_desk();
    for page in PAGES {
        let text = desk.run(&["help", page]).stdout;
        let examples: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  $ ")).collect();
        assert!(!examples.is_empty(), "{page}");
        examples.iter().for_each(|line| works(&desk, line));
    }
}

#[test]
fn every_example_of_the_commands_runs_and_stands_first() {
    let desk = reader_desk();
    for command in commands(&desk) {
        let text = desk.run(&[&command, "--help"]).stdout;
        let (before, after) = text.split_once("Examples:\n").unwrap_or_else(|| panic!("{command} has no example"));
        assert!(!before.contains("Usage:"), "{command}");
        let examples: Vec<&str> = after.split("\n\n").next().unwrap().lines().step_by(2).map(str::trim).collect();
        assert!(examples.iter().all(|line| line.contains("despatch ")), "{command}: {examples:?}");
        examples.iter().for_each(|line| works(&desk, line));
        // A page of that name tells more.
        if !PAGES.contains(&command.as_str()) {
            assert_eq!(desk.run(&["help", &command]).stdout, text, "{command}");
        }
    }
}

#[test]
fn the_short_help_fits_a_screen() {
    let desk = Desk::new();
    let mut screens: Vec<(String, String)> = vec![("despatch".to_owned(), desk.run(&["-h"]).stdout)];
    screens.extend(commands(&desk).into_iter().map(|command| {
        let text = desk.run(&[&command, "-h"]).stdout;
        (command, text)
    }));
    for (command, text) in screens {
        let (lines, widest) = (text.lines().count(), text.lines().map(|line| line.chars().count()).max().unwrap());
        // The list of all commands is long; the help of one fits with its options on a screen.
        let most = if command == "despatch" { 61 } else { 51 };
        assert!(lines <= most && widest <= 100, "{command}: {lines} lines, {widest} columns\n{text}");
        assert!(desk.run(&[&command, "--help"]).stdout.len() >= text.len() || command == "despatch");
    }
}

#[test]
fn the_page_of_settings_names_every_setting_that_config_shows() {
    let desk = Desk::new();
    let page = desk.run(&["help", "settings"]).stdout;
    let shown = desk.json(&["config", "show", "--format", "json"]);
    assert!(shown.len() > 10);
    for setting in shown {
        assert!(page.contains(&format!("  {} ", setting["key"].as_str().unwrap())), "{setting}");
        assert!(page.contains(setting["variable"].as_str().unwrap()), "{setting}");
    }
}

/// All keys of an object and of what is in it, but not those of maps whose keys are data.
fn keys(value: &serde_json::Value, out: &mut std::collections::BTreeSet<String>) {
    const MAPS: [&str; 3] = ["filters", "rest", "evidence"];
    match value {
        serde_json::Value::Array(values) => values.iter().for_each(|value| keys(value, out)),
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            out.insert(name.clone());
            if !MAPS.contains(&name.as_str()) {
                keys(value, out);
            }
        }),
        _ => {}
    }
}

#[test]
fn the_page_of_json_names_every_field_that_is_printed() {
    let desk = reader_desk();
    let page = desk.run(&["help", "json"]).stdout;
    assert_eq!(desk.run(&["save", "x", "SAFE", "--since", "2020"]).code, 0);
    let mut found = std::collections::BTreeSet::new();
    for line in [
        "search UK SAFE talks --actor uk --explain --format json",
        "search SAFE --actor nato --all-copies --format json --all",
        "similar a31df03bc881 --format json",
        "facets SAFE --by actor,month --sort surprise --format json",
        "timeline SAFE --by actor --format json",
        "pairs SAFE --by month --format json",
        "show a31df03bc881 --copies --topics --format json",
        "show a31df03bc881 --versions --format json",
        "why a31df03bc881 UK SAFE xyzzy --topic procurement --format json",
        "why a31df03bc881 SAFE --until 2020 --format json",
        "extract page.html --format json",
        "saved --format json",
        "stats --format json",
        "config show --format json",
        "new --peek --format json",
        "digest --format json -o -",
        "digest --list --format json",
    ] {
        let run = desk.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        run.stdout.lines().for_each(|line| keys(&serde_json::from_str(line).unwrap(), &mut found));
    }
    let nothing = desk.run(&["search", "--format", "json", "+xyzzy +SAFE"]);
    nothing.stdout.lines().for_each(|line| keys(&serde_json::from_str(line).unwrap(), &mut found));
    assert!(found.len() > 90, "{found:?}");
    let words: Vec<&str> = page.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let unnamed: Vec<&String> = found.iter().filter(|name| !words.contains(&name.as_str())).collect();
    assert!(unnamed.is_empty(), "the page lacks {unnamed:?}");
}

#[test]
fn words_without_a_command_are_offered_as_a_search() {
    let desk = Desk::new();
    for (arguments, offered) in [
        (&["drones", "Alda's navy"][..], "hint: `despatch search drones \"Alda's navy\"` looks for these words\n"),
        (&["frigate"], "hint: `despatch search frigate` looks for these words\n"),
    ] {
        let run = desk.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.ends_with(offered), "{}", run.stderr);
    }
    for arguments in [&["--nonsense", "drones"][..], &["search", "--nonsense"], &[]] {
        assert!(!desk.run(arguments).stderr.contains("looks for these words"), "{arguments:?}");
    }
}

#[test]
fn what_is_misspelt_is_named_with_what_was_meant() {
    let desk = Desk::with_corpus();
    for (arguments, meant) in [
        (&["serch", "x"][..], "'search'"),
        (&["search", "--limt", "3"], "'--limit'"),
        (&["search", "x", "--format", "jsn"], "'json'"),
        (&["facets", "--by", "actr"], "'actor'"),
        (&["help", "querry"], "`despatch help query`"),
        (&["help", "serch"], "`despatch help search`"),
        (&["man", "serch"], "'search'"),
        (&["config", "show", "limits"], "'limit'"),
        (&["search", "--actor", "Keir Starmr"], "person/keir-starmer"),
        (&["search", "--topic", "procurment"], "procurement"),
        (&["search", "--outlet", "Procurment Week"], "the nearest: Procurement Week\n"),
        (&["search", "--since", "tomorow"], "hint: write 2025"),
    ] {
        let run = desk.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(meant), "{arguments:?}: {}", run.stderr);
    }
    let field = desk.run(&["search", "titel:budget"]);
    assert!(field.stderr.contains("did you mean 'title:'?"), "{}", field.stderr);
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["man", "--dir", "man1"]).code, 0);
    for command in commands(&desk) {
        let page = std::fs::read_to_string(desk.path().join(format!("man1/despatch-{command}.1"))).unwrap();
        for section in [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH EXAMPLES", ".SH OPTIONS"] {
            assert!(page.contains(section), "{command} has no {section}");
        }
        assert_eq!(desk.run(&["man", &command]).stdout, page);
    }
    assert!(desk.path().join("man1/despatch-config-show.1").exists());
    let whole = desk.run(&["man"]).stdout;
    assert!(whole.contains(".SH QUERY") && whole.contains(r"joint procurement"), "{whole}");
    let odd = whole.lines().filter(|line| line.starts_with('\'') || (line.starts_with('.') && line.len() < 3));
    assert_eq!(odd.collect::<Vec<_>>(), Vec::<&str>::new(), "no text is taken for a request");
}

#[test]
fn without_arguments_it_shows_where_to_start() {
    let run = Desk::new().run(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("despatch demo") && run.stderr.contains("Commands:"), "{}", run.stderr);
}
