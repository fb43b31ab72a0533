//! Pictures of the program in a terminal, made from its real output: `UPDATE_SCREENS=1 cargo test --test cli screens`
//! draws them again.

use std::path::{Path, PathBuf};

use super::Desk;
use super::terminal::on_terminal;

const COLUMNS: [u16; 2] = [80, 160];
const SCREENS: [(&str, &[&str]); 4] = [
    ("search", &["search", "UK SAFE talks", "-n", "2"]),
    ("facets", &["facets", "UK SAFE talks", "--by", "actor,month", "-n", "10"]),
    ("timeline", &["timeline", "defence", "--by", "actor", "-n", "12"]),
    ("show", &["show", "a31df03bc881"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens")
}

/// Text without its links: links do not work in a picture, and those to files name folders of the machine that drew it.
fn without_links(text: &str) -> String {
    let mut parts = text.split("\x1b]8;;");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once("\x1b\\").map_or("", |(_, after)| after))
}

fn draw_screens() {
    let desk = Desk::with_corpus();
    std::fs::create_dir_all(folder()).unwrap();
    for columns in COLUMNS {
        for (name, arguments) in SCREENS {
            let seen = on_terminal(&desk, arguments, &[("TERM", "xterm-256color")], (500, columns), &[]);
            assert_eq!(seen.code, Some(0), "{}", seen.text);
            let command =
                arguments.iter().map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() });
            let command = command.collect::<Vec<_>>().join(" ");
            let text = format!("$ despatch {command}\n{}", without_links(&seen.text));
            let picture = anstyle_svg::Term::new()
                .palette(anstyle_svg::WIN10_CONSOLE)
                .min_width_px(usize::from(columns) * 9)
                .render_svg(&text);
            std::fs::write(folder().join(format!("{name}-{columns}.svg")), picture).unwrap();
        }
    }
}

#[test]
fn every_screen_is_there_and_names_no_folder_of_a_machine() {
    if std::env::var_os("UPDATE_SCREENS").is_some() {
        draw_screens();
    }
    for columns in COLUMNS {
        for (name, _) in SCREENS {
            let picture = std::fs::read_to_string(folder().join(format!("{name}-{columns}.svg"))).unwrap();
            let document = roxmltree::Document::parse(&picture).unwrap();
            let text: String = document.descendants().filter_map(|node| node.text()).collect();
            assert!(text.contains(&format!("$ despatch {name}")), "{name}-{columns}");
            assert!(!picture.contains("file:") && text.lines().count() > 8, "{name}-{columns}");
        }
    }
}
