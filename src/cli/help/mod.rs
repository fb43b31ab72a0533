//! `despatch help`: pages on what commands share, and the examples with which each command's help begins.

mod examples;

use std::fmt::Write as _;
use std::io::Write;

use super::output::Output;
use super::{Outcome, command};
use crate::article::Doubt;
use crate::config::{KEYS, VARIABLES, nearest};

pub(super) use examples::EXAMPLES;

/// Explains the query language, dates, settings and more, or a command.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A page (query, dates, actors, doubts, keeping-up, mcp, cluster, exit-codes, formats, json, settings) or a command
    topic: Vec<String>,
}

/// The pages: name, subject, text.
pub(super) const PAGES: &[(&str, &str, &str)] = &[
    ("query", "the query language", include_str!("query.txt")),
    ("dates", "how days and spans of time are written, and in which time zone", include_str!("dates.txt")),
    ("actors", "actors, systems, who said what, and headings of your own", include_str!("actors.txt")),
    ("doubts", "articles whose text may not be the whole story", include_str!("doubts.txt")),
    #[cfg(feature = "fetch")]
    (
        "keeping-up",
        "feeds that come in by themselves: cron, systemd, what hosts are asked",
        include_str!("keeping-up.txt"),
    ),
    #[cfg(feature = "serve")]
    ("mcp", "assistants: the settings of their programs, and what they can ask", include_str!("mcp.txt")),
    #[cfg(feature = "cluster")]
    (
        "cluster",
        "an index on an OpenSearch cluster: setting up, sizes, upkeep, what it cannot do",
        include_str!("cluster.txt"),
    ),
    ("exit-codes", "what a script can rely on", include_str!("exit-codes.txt")),
    ("formats", "what can be read, and what is written", include_str!("formats.txt")),
    ("json", "every field of the JSON output", include_str!("json.txt")),
    ("settings", "settings files and environment variables", include_str!("settings.txt")),
];

/// Pages that share a line of the list with another.
const BESIDE: [(&str, &str); 3] = [("query", "dates"), ("actors", "doubts"), ("formats", "json")];

/// The end of the help of the whole program: the list of pages, and where to start.
pub(super) fn pages() -> String {
    let mut out = "Pages of `despatch help`:\n".to_owned();
    for (name, about, _) in PAGES.iter().copied() {
        let _ = match BESIDE.iter().find(|(one, other)| [*one, *other].contains(&name)) {
            Some((one, other)) if *one == name => writeln!(out, "  {:<15} {about}", format!("{one}, {other}")),
            Some(_) => Ok(()),
            None => writeln!(out, "  {name:<15} {about}"), // writing to a string cannot fail
        };
    }
    out + "\nStart with `despatch demo`, or `despatch index FOLDER` and `despatch search WORDS`."
}

pub(super) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Outcome> {
    if let [topic] = args.topic.as_slice()
        && let Some((_, _, page)) = PAGES.iter().find(|(name, ..)| name == topic)
    {
        out.write_all(text(page).as_bytes())?;
        return Ok(Outcome::Done);
    }
    let mut root = command::command();
    root.build();
    let mut found = &mut root;
    for word in &args.topic {
        let names: Vec<String> = found.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let pages = PAGES.iter().map(|(name, ..)| *name);
        let Some(next) = found.find_subcommand_mut(word) else {
            let known = names.iter().map(String::as_str).chain(pages);
            let meant = nearest(word, known).map_or_else(
                || "`despatch help` lists commands and pages".to_owned(),
                |nearest| format!("did you mean `despatch help {nearest}`?"),
            );
            anyhow::bail!("no page and no command '{word}'; {meant}");
        };
        found = next;
    }
    write!(out, "{}", found.render_long_help())?;
    Ok(Outcome::Done)
}

/// A page with its tables filled in.
pub(super) fn text(page: &str) -> String {
    page.replace("{KEYS}", &settings()).replace("{DOUBTS}", &doubts())
}

/// The table of the reasons to doubt a text.
fn doubts() -> String {
    let lines: Vec<String> = Doubt::ALL.iter().map(|one| format!("  {:<10} {}", one.name(), one.reason())).collect();
    lines.join("\n")
}

/// Examples as a paragraph of the long help.
pub(super) fn shown(examples: &[(&str, &str)]) -> String {
    examples
        .iter()
        .fold("\n\nExamples:".to_owned(), |text, (what, example)| format!("{text}\n  {example}\n      {what}"))
}

/// The table of settings, and of the other environment variables.
fn settings() -> String {
    let mut out = String::new();
    for key in KEYS {
        let default = if key.default.is_empty() { "-" } else { key.default };
        let _ = writeln!(out, "  {:<13} {:<21} {}", key.name, key.variable(), key.about);
        let _ = writeln!(out, "  {:13} default {default}; in a project file: {}", "", key.project_rule());
    }
    out.push_str("\nFurther variables of the environment:\n\n");
    for (name, about) in VARIABLES {
        let _ = writeln!(out, "  {name:<18} {about}");
    }
    out.push_str("  NO_COLOR           no colours, where it is set to anything\n");
    out.push_str("  CLICOLOR_FORCE     colours in a pipe too, where it is set to other than 0\n");
    out.trim_end().to_owned()
}
