//! No article, query or file name can control a terminal: output and messages contain no escape sequence, no control
//! character, and no mark that changes the direction of writing or hides text.

use std::path::Path;

use super::{Run, despatch, must, run, script};

/// One of each kind: colours, a title for the window, C1 controls, a bell, a backspace, turned and hidden text, a tag.
const HOSTILE: &str = "evil\u{1b}[31m\u{1b}]0;owned\u{7}\u{9b}2J\u{8}\u{202e}drow\u{2066}x\u{2069}\u{200b}\u{200d}\u{feff}\u{ad}\u{e0041}end";

fn acts_on_a_terminal(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn harmless(command: &[&str], run: &Run) {
    for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        let found = text.char_indices().find(|(_, c)| acts_on_a_terminal(*c));
        assert_eq!(found, None, "{command:?} on {name}: {text:?}");
    }
    assert!(!run.stderr.contains("the program gave up"), "{command:?}: {}", run.stderr);
}

/// Articles that are hostile in every field, from files with hostile names, one of them broken.
fn inputs(home: &Path) {
    let article = |n: usize| {
        serde_json::json!({
            "id": format!("{n}{HOSTILE}"),
            "url": format!("https://news.example/{n}?q={HOSTILE}"),
            "title": format!("Frigates {HOSTILE} {n}"),
            "outlet": format!("The Alda Post {HOSTILE}"),
            "byline": [format!("Ann {HOSTILE} Example")],
            "published": "2025-11-28",
            "language": HOSTILE,
            "section": HOSTILE,
            "keywords": [HOSTILE],
            "text": format!("ALDA {HOSTILE}, Nov 28 (Reuters) - The frigates of NATO {HOSTILE} left the harbour, said Estonian Defence Minister Hanno{HOSTILE} Pevkur.\n\nMore on frigates {HOSTILE} follows here, number {n}."),
        })
    };
    let folder = home.join("in");
    std::fs::create_dir(&folder).unwrap();
    let name = HOSTILE.replace('/', "");
    std::fs::write(folder.join(format!("a{name}.jsonl")), format!("{}\n{}\n", article(1), article(2))).unwrap();
    std::fs::write(folder.join(format!("b{name}.jsonl")), format!("{{\"title\": \"{HOSTILE}\n{{\"{HOSTILE}\"}}\n"))
        .unwrap();
    std::fs::write(folder.join(format!("c{name}.gz")), b"\x1f\x8b\x08\x00 this is no gzip").unwrap();
    std::fs::write(folder.join(format!("d{name}.html")), format!("<title>Frigates {HOSTILE}</title><p>{HOSTILE}</p>"))
        .unwrap();
    std::fs::write(home.join(format!("{name}.toml")), format!("[[actor]]\nid = \"{HOSTILE}\"\n")).unwrap();
    std::fs::write(home.join("needs.tsv"), format!("1{HOSTILE}\tfrigates {HOSTILE}\n")).unwrap();
    std::fs::write(home.join("qrels.txt"), format!("1{HOSTILE} 0 1{HOSTILE} 1\n")).unwrap();
}

#[test]
fn no_command_lets_anything_through() {
    let home = tempfile::tempdir().unwrap();
    inputs(home.path());
    let toml = format!("{HOSTILE}.toml");
    let first = "https://news.example/1";
    let named = format!("https://news.example/{HOSTILE}");
    let list =
        format!("<opml><body><outline xmlUrl=\"https://two.example/{HOSTILE}\" title=\"{HOSTILE}\"/></body></opml>");
    std::fs::write(home.path().join("list.opml"), list).unwrap();
    let mut commands: Vec<Vec<&str>> = Vec::new();
    if cfg!(feature = "fetch") {
        commands.extend([
            vec!["follow", &named, "--add-only"],
            vec!["follow", "--opml", "list.opml"],
            vec!["follow", first, "--as", HOSTILE, "--add-only"],
            vec!["follow", HOSTILE],
            vec!["following"],
            vec!["following", HOSTILE],
            vec!["following", "--format", "csv"],
            vec!["fetch", "--dry-run"],
            vec!["fetch", HOSTILE],
            vec!["unfollow", HOSTILE],
        ]);
    }
    commands.extend([
        vec!["index", "in"],
        vec!["index", HOSTILE],
        vec!["new", "--peek", "--late", "--all"],
        vec!["new", "--peek", "--late", "--format", "md"],
        vec!["new", "--peek", "--late", "--format", "csv"],
        vec!["new", "--late", "--format", "json"],
        vec!["new", "--mark", HOSTILE],
        vec!["new", HOSTILE],
        vec!["new", "--since", HOSTILE],
        vec!["digest", "--empty"],
        vec!["digest", "--empty", "--exec", HOSTILE],
        vec!["digest", "--empty", "--format", "atom"],
        vec!["digest", "--drop", HOSTILE],
        vec!["digest", "--again", HOSTILE],
        vec!["digest", "--list"],
        vec!["coverage"],
        vec!["coverage", "--by", "outlet"],
        vec!["search", "frigates", "--all-copies", "--explain"],
        vec!["search", HOSTILE],
        vec!["search", "frigates", "--outlet", HOSTILE],
        vec!["search", "frigates", "--actor", HOSTILE],
        vec!["search", "frigates", "--since", HOSTILE],
        vec!["search", "frigates", "--format", "json"],
        vec!["facets", "frigates", "--by", "actor,outlet,language,place,month,topic"],
        vec!["facets", "frigates", "--by", "actor,outlet,language,place", "--format", "json"],
        vec!["show", "1", "--mentions", "--copies", "--provenance"],
        vec!["show", "2", "--format", "json"],
        vec!["show", HOSTILE],
        vec!["show", "1", "--versions"],
        vec!["show", "1", "--diff", HOSTILE],
        vec!["changes", "--all"],
        vec!["changes", HOSTILE],
        vec!["timeline", "frigates"],
        vec!["pairs", "frigates"],
        vec!["quotes"],
        vec!["quotes", HOSTILE],
        vec!["quotes", "frigates", "--by", HOSTILE],
        vec!["quotes", "--format", "csv"],
        vec!["quotes", "--format", "md"],
        vec!["show", "1", "--quotes", "--events"],
        vec!["search", "frigates", "--event", HOSTILE],
        vec!["serve", "--host", HOSTILE],
        vec!["serve", "--token-file", HOSTILE],
        vec!["serve", "--index", HOSTILE],
        vec!["mcp", "--index", HOSTILE],
        vec!["similar", "1"],
        vec!["similar", HOSTILE],
        vec!["why", "1", "frigates", "--lang", "en"],
        vec!["why", "2"],
        vec!["why", HOSTILE, HOSTILE],
        vec!["open", "1", "--print"],
        vec!["open", HOSTILE],
        vec!["names", "outlet"],
        vec!["names", "place", HOSTILE],
        vec!["extract", "in"],
        vec!["authority", "lookup", HOSTILE],
        vec!["authority", "check", &toml],
        vec!["authority", "untagged"],
        vec!["eval", "needs.tsv", "qrels.txt"],
        vec!["stats"],
        vec!["verify"],
        vec!["doctor"],
        vec!["rebuild"],
        vec!["rebuild", "--authority", &toml],
        vec!["remove", HOSTILE],
        vec!["remove", "frigates"],
        vec!["purge", HOSTILE],
        vec!["purge", first],
        vec!["stats", "--index", HOSTILE],
        vec![HOSTILE],
        vec!["search", "--format", HOSTILE],
    ]);
    for command in &commands {
        let run = despatch(home.path(), command);
        // In a pipe JSON is data and stays as it is; on a terminal it is guarded too, as the next test shows.
        if command.contains(&"json") || command[0] == "extract" {
            harmless(command, &Run { stdout: String::new(), ..run });
        } else {
            harmless(command, &run);
        }
    }
    // A new command has to be tried too, or be listed among those that print nothing of an article.
    let silent = ["demo", "completions", "man", "help", "save", "saved", "run", "config"];
    let help = must(home.path(), &["--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for name in listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = name.split_whitespace().next().unwrap();
        assert!(silent.contains(&name) || commands.iter().any(|command| command[0] == name), "{name} is not tried");
    }
}

/// The same on a terminal that the program `script` provides; without `script`, only the guard's own test checks this.
#[test]
fn json_on_a_terminal_is_guarded_too() {
    let home = tempfile::tempdir().unwrap();
    inputs(home.path());
    assert_eq!(despatch(home.path(), &["index", "-q", "in"]).code, Some(2), "one file is broken");
    let hits = despatch(home.path(), &["--index", "index", "search", "frigates", "--all", "--format", "json"]).stdout;
    let hit = hits.lines().find(|line| line.contains('\u{202e}')).expect("a hit that turns the writing");
    let hit: serde_json::Value = serde_json::from_str(hit).unwrap();
    let id = hit["id"].as_str().unwrap();
    for command in
        [&["search", "frigates", "--format", "json"][..], &["show", id, "--format", "json"], &["extract", "in"]]
    {
        let text =
            "command -v script >/dev/null || exit 9; script -qec \"'$0' --color never --index index $*\" /dev/null";
        let run = run(script(home.path(), text).env("TERM", "dumb").args(command));
        if run.code == Some(9) {
            eprintln!("no `script` here to make a terminal: only the guard's own test was run");
            return;
        }
        let seen = run.stdout.replace('\r', "");
        assert!(seen.contains("\\u202e"), "{command:?}: {seen}");
        harmless(command, &Run { stdout: seen, ..run });
    }
}
