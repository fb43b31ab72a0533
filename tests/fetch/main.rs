//! Following and fetching, against a server on this machine that says whatever a test wants, byte for byte.
//!
//! Every case asserts the requests that were seen, what is in the archive, what was printed, and the exit code. The clock
//! is `DESPATCH_NOW`; nothing but the loopback interface is asked.

#![cfg(feature = "fetch")]
#![allow(clippy::unwrap_used)] // a test may fail

mod addresses;
mod bodies;
mod calendar;
mod changes;
mod coverage;
mod day;
mod kinds;
mod news;
mod pages;
mod promise;
mod property;
mod server;
mod state;
mod tls;
mod told;
mod validators;

use std::process::{Command, Output, Stdio};

use server::Server;

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Run {
    /// The lines of a type, as JSON.
    pub(crate) fn lines(&self, kind: &str) -> Vec<serde_json::Value> {
        let lines = self.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.filter(|line| line["type"] == kind).collect()
    }

    /// The only line of a type.
    pub(crate) fn line(&self, kind: &str) -> serde_json::Value {
        let mut lines = self.lines(kind);
        assert_eq!(lines.len(), 1, "{kind}: {self:?}");
        lines.remove(0)
    }
}

/// A fresh folder with an index, a clock, and the private addresses that may be asked.
pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    /// Hours since the first of March 2026, noon.
    pub(crate) hour: i64,
    pub(crate) private: Vec<String>,
    pub(crate) delay: String,
}

impl Desk {
    pub(crate) fn of(servers: &[&Server]) -> Self {
        let private = servers.iter().map(|server| server.host()).collect();
        Self { dir: tempfile::tempdir().unwrap(), hour: 0, private, delay: "0".to_owned() }
    }

    /// A desk that follows these paths of a server, each under its name.
    pub(crate) fn following(server: &Server, paths: &[&str]) -> Self {
        let desk = Self::of(&[server]);
        for path in paths {
            desk.ok(&["follow", &server.url(path), "--as", path.trim_start_matches('/'), "--add-only"]);
        }
        desk
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let at: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let now = at.checked_add(jiff::SignedDuration::from_hours(self.hour)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_despatch"));
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("DESPATCH_NOW", now.to_string())
            .env("DESPATCH_FETCH_PRIVATE", self.private.join(","))
            .env("DESPATCH_FETCH_DELAY", &self.delay)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let Output { stdout, stderr, status } = self.command(arguments).output().unwrap();
        Run {
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            code: status.code().unwrap_or(-1),
        }
    }

    /// Runs a command that must succeed, at an hour.
    pub(crate) fn run_at(&mut self, hour: i64, arguments: &[&str]) -> Run {
        self.hour = hour;
        self.ok(arguments)
    }

    /// Runs a command that must succeed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run
    }

    /// Fetches, and gives what each request and document came to, with the summary as its last line. Pages whose stories
    /// are kept are left alone.
    pub(crate) fn fetch(&self, arguments: &[&str]) -> Run {
        self.run(&[&["fetch", "--format", "json", "--no-recheck"], arguments].concat())
    }

    /// Fetches at an hour, pages whose stories are kept too, and gives the summary.
    pub(crate) fn recheck(&mut self, hour: i64) -> serde_json::Value {
        self.hour = hour;
        let run = self.run(&["fetch", "--format", "json"]);
        assert_eq!(run.code, 0, "{run:?}");
        run.line("fetch")
    }

    /// The summary of a fetch that must succeed.
    pub(crate) fn fetched(&self, arguments: &[&str]) -> serde_json::Value {
        let run = self.fetch(arguments);
        assert_eq!(run.code, 0, "{run:?}");
        run.line("fetch")
    }

    /// What is known of a source.
    pub(crate) fn source(&self, name: &str) -> serde_json::Value {
        self.ok(&["following", name, "--format", "json"]).line("source")
    }

    /// Articles and versions in the archive.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let counts = self.archive().counts().unwrap();
        (counts.articles, counts.versions)
    }

    pub(crate) fn archive(&self) -> despatch::archive::Archive {
        despatch::archive::Archive::open(&self.dir.path().join("index")).unwrap()
    }

    /// The text of an article.
    pub(crate) fn text(&self, address: &str) -> String {
        self.archive().by_id(address).unwrap().article.text
    }

    /// Nothing is wrong with the index.
    pub(crate) fn verify(&self) {
        let run = self.run(&["verify"]);
        assert!(run.code == 0 && run.stdout.starts_with("no fault found"), "{run:?}");
    }
}

/// A feed with these items: path, title, summary.
pub(crate) fn feed(server: &Server, items: &[(&str, &str, &str)]) -> String {
    let item = |(path, title, summary): &(&str, &str, &str)| {
        let url = server.url(path);
        format!(
            "<item><title>{title}</title><link>{url}</link><guid>{url}</guid><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>\
             <description>{summary}</description></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Harbour Post</title>{items}</channel></rss>")
}

/// Full texts for the entries of a feed.
pub(crate) fn full(feed: &str) -> String {
    feed.replace("<description>", "<content:encoded>")
        .replace("</description>", "</content:encoded>")
        .replace("<rss ", "<rss xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" ")
}

/// A page with a story.
pub(crate) fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><nav><a href=\"/\">Home</a></nav><article>\
         <h1>{title}</h1>{text}</article></body></html>"
    )
}

/// The paragraphs of a story about ferries; the number tells one from the other.
pub(crate) fn story(number: u64) -> String {
    (0..6)
        .map(|n| {
            format!(
                "<p>The defence ministry of Alda has ordered {} ferries from the yard at Port Lorn, the minister said in \
                 report {number}. The ships are to be delivered in {} years and will carry troops of unit {} to the \
                 islands of the south.</p>",
                number + n,
                n + 2,
                number * 7 + n
            )
        })
        .collect()
}
