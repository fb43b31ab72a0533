//! What a terminal changes: colours, links, the pager, Ctrl-C. The tests use a pseudo-terminal.

use std::io::{Read, Write};

use pty_process::Size;
use pty_process::blocking::{Command as OnTerminal, open};

use super::Desk;

/// What a command printed on a terminal, standard error included, and how it ended.
pub(crate) struct Seen {
    pub(crate) text: String,
    pub(crate) code: Option<i32>,
}

/// Runs a command on a terminal of `rows` and `columns`. Each of `keys` is pressed, in turn, when the text before it
/// has appeared.
pub(crate) fn on_terminal(
    desk: &Desk,
    arguments: &[&str],
    environment: &[(&str, &str)],
    (rows, columns): (u16, u16),
    keys: &[(&str, &[u8])],
) -> Seen {
    let (mut terminal, inner) = open().unwrap();
    terminal.resize(Size::new(rows, columns)).unwrap();
    let mut child = OnTerminal::new(env!("CARGO_BIN_EXE_despatch"))
        .args(arguments)
        .current_dir(desk.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("DESPATCH_NOW", "2026-03-01T12:00:00Z")
        .envs(environment.iter().copied())
        .spawn(inner)
        .unwrap();
    let (mut bytes, mut chunk, mut pending) = (Vec::new(), [0; 4096], keys.iter().peekable());
    while let Some((_, keys)) = pending.next_if(|(text, _)| text.is_empty()) {
        terminal.write_all(keys).unwrap();
    }
    // When the last writer is gone, reading fails on Linux and ends elsewhere.
    while let Ok(length @ 1..) = terminal.read(&mut chunk) {
        bytes.extend_from_slice(&chunk[..length]);
        while let Some((_, keys)) = pending.next_if(|(text, _)| String::from_utf8_lossy(&bytes).contains(text)) {
            terminal.write_all(keys).unwrap();
        }
    }
    Seen { text: String::from_utf8(bytes).unwrap().replace("\r\n", "\n"), code: child.wait().unwrap().code() }
}

/// A desk with `number` articles about ferries, whose files are there. No two are copies: each names things in an order
/// of its own.
fn ferries(number: usize) -> Desk {
    const THINGS: [&str; 11] =
        ["harbour", "island", "quay", "bridge", "tide", "crew", "rope", "mast", "sail", "deck", "light"];
    let desk = Desk::new();
    for n in 1..=number {
        let things: Vec<&str> =
            (0..30).map(|at| THINGS[(at * (n % 10 + 1) + at * at / 3 + n) % THINGS.len()]).collect();
        let text = format!(
            "The ministry of Alda ordered ferries for the islands of the north on Monday, its office said. It named {}.",
            things.join(", ")
        );
        desk.file(
            &format!("in/{n:03}.html"),
            format!(
                "<html lang=en><head><title>Alda orders ferries, part {n}</title>\
                 <link rel=canonical href=https://post.example/{n}></head><body><article><h1>Alda orders ferries, part {n}</h1>\
                 <p>{text} This is report number {n} of the series, and it says nothing that is new.</p></article></body></html>"
            ),
        );
    }
    let run = desk.run(&["index", "-q", "in"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    desk
}

const XTERM: (&str, &str) = ("TERM", "xterm-256color");

#[test]
fn colours_follow_the_flag_then_the_environment_then_the_terminal() {
    let desk = ferries(1);
    let (mut seen, mut wanted) = (Vec::new(), Vec::new());
    for flag in [None, Some("auto"), Some("always"), Some("never")] {
        for no_color in [None, Some(""), Some("1")] {
            for force in [None, Some("0"), Some("1")] {
                for term in [None, Some("dumb"), Some("xterm-256color")] {
                    for terminal in [true, false] {
                        let mut arguments = vec!["search", "ferries"];
                        arguments.extend(flag.iter().flat_map(|when| ["--color", when]));
                        let environment: Vec<(&str, &str)> =
                            [("NO_COLOR", no_color), ("CLICOLOR_FORCE", force), ("TERM", term)]
                                .into_iter()
                                .filter_map(|(name, value)| Some((name, value?)))
                                .collect();
                        let text = if terminal {
                            on_terminal(&desk, &arguments, &environment, (40, 80), &[]).text
                        } else {
                            desk.run_with(&arguments, &environment).stdout
                        };
                        let colored = match flag {
                            Some("always") => true,
                            Some("never") => false,
                            _ if no_color == Some("1") => false,
                            _ if force == Some("1") => true,
                            _ => terminal && term == Some("xterm-256color"),
                        };
                        let linked = terminal && term == Some("xterm-256color") && flag != Some("never");
                        let case = format!("{flag:?} {no_color:?} {force:?} {term:?} {terminal}");
                        // Without colours, marks surround the words that match.
                        seen.push((
                            case.clone(),
                            text.contains("\x1b["),
                            text.contains("«ferries»"),
                            text.contains("\x1b]8;"),
                        ));
                        wanted.push((case, colored, !colored, linked));
                    }
                }
            }
        }
    }
    assert_eq!(seen, wanted);
}

#[test]
fn clicolor_0_is_no_colour() {
    let desk = ferries(1);
    let seen = on_terminal(&desk, &["search", "ferries"], &[XTERM, ("CLICOLOR", "0")], (40, 80), &[]);
    assert!(!seen.text.contains("\x1b["), "{}", seen.text);
}

#[test]
fn titles_link_to_the_address_and_places_to_the_file() {
    let desk = ferries(1);
    let seen = on_terminal(&desk, &["search", "ferries"], &[XTERM], (40, 80), &[]);
    assert!(seen.text.contains("\x1b]8;;https://post.example/1\x1b\\"), "{}", seen.text);
    let file = desk.path().join("in/001.html");
    assert!(seen.text.contains(&format!("\x1b]8;;file://{}\x1b\\", file.display())), "{}", seen.text);
    assert!(seen.text.contains(" ms"), "a terminal is told how long it took");
}

#[test]
fn lines_fit_the_terminal() {
    let desk = ferries(2);
    for columns in [40, 80, 120] {
        let seen = on_terminal(&desk, &["search", "ferries"], &[XTERM], (60, columns), &[]);
        for line in seen.text.lines() {
            assert!(textwrap::core::display_width(line) <= columns as usize, "{columns}: {line:?}");
        }
    }
}

#[test]
fn the_pager_runs_on_a_terminal_and_only_for_more_than_a_screen() {
    let desk = ferries(12);
    let search = ["search", "ferries", "-n", "12"];
    let paged = |arguments: &[&str], environment: &[(&str, &str)], rows| {
        let mut all = vec![XTERM];
        all.extend(environment);
        on_terminal(&desk, arguments, &all, (rows, 80), &[]).text.contains("PAGED")
    };
    let pager = ("DESPATCH_PAGER", "sed 's/^/PAGED /'");
    assert!(paged(&search, &[pager], 24));
    assert!(!paged(&search, &[pager], 200), "it fits");
    assert!(!paged(&["search", "ferries", "-n", "1"], &[pager], 24), "it fits");
    assert!(!paged(&["search", "ferries", "-n", "12", "--no-pager"], &[pager], 24));
    assert!(!paged(&search, &[pager, ("TERM", "dumb")], 24), "a dumb terminal");
    assert!(paged(&search, &[("PAGER", "sed 's/^/PAGED /'")], 24));
    assert!(!paged(&search, &[("PAGER", "sed 's/^/PAGED /'"), ("DESPATCH_PAGER", "")], 24), "the nearer variable");
    assert!(!paged(&search, &[pager, ("PATH", "/nowhere")], 24), "no such program: straight to the terminal");
    assert!(!desk.run_with(&search, &[pager]).stdout.contains("PAGED"), "no terminal");
}

#[test]
fn what_is_printed_is_the_same_with_and_without_a_pager() {
    let desk = ferries(12);
    let search = ["facets", "ferries", "--by", "actor,topic,outlet,language,month"];
    let straight = on_terminal(&desk, &search, &[XTERM, ("DESPATCH_PAGER", "")], (5, 80), &[]);
    let paged = on_terminal(&desk, &search, &[XTERM, ("DESPATCH_PAGER", "sed -n p")], (5, 80), &[]);
    assert_eq!((paged.text, paged.code), (straight.text, Some(0)));
}

#[test]
fn a_pager_that_is_left_early_leaves_no_message() {
    let desk = ferries(30);
    let pager = ("DESPATCH_PAGER", "head -n 1");
    let seen = on_terminal(&desk, &["search", "ferries", "--all", "--passages", "3"], &[XTERM, pager], (10, 80), &[]);
    assert_eq!(seen.code, Some(0), "{}", seen.text);
    assert_eq!(seen.text.lines().count(), 1, "{}", seen.text);
}

#[test]
fn ctrl_c_in_a_pager_leaves_the_terminal_to_it_and_no_message() {
    let desk = ferries(30);
    let pager = "sh -c 'trap \"\" INT; read line; echo READY; sleep 0.2; echo LEFT'";
    let search = ["search", "ferries", "--all"];
    let seen = on_terminal(&desk, &search, &[XTERM, ("DESPATCH_PAGER", pager)], (10, 80), &[("READY", b"\x03")]);
    assert_eq!(seen.code, Some(0), "{}", seen.text);
    assert!(seen.text.ends_with("LEFT\n") && !seen.text.contains("error"), "{}", seen.text);
}

#[test]
fn ctrl_c_stops_at_once() {
    // Tests that run in the background ignore SIGINT, and so do their children. A handler ends that.
    let end = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, end).unwrap();
    let desk = Desk::new();
    // Standard input is the terminal, which echoes what is typed, and the command waits for more. Without the interrupt
    // it would read the end of input that follows Ctrl-C, and end with an exit code.
    let keys: [(&str, &[u8]); 2] = [("", b"typed\n"), ("typed", b"\x03\x04")];
    let seen = on_terminal(&desk, &["extract", "-"], &[XTERM], (24, 80), &keys);
    assert_eq!(seen.code, None, "ended by the signal: {}", seen.text);
}
