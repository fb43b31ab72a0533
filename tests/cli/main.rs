//! The commands, run as a user runs them: the real binary in an empty environment and a fresh folder.

#![allow(clippy::unwrap_used)] // a test may fail

mod answers;
mod changes;
mod completions;
mod config;
mod decisions;
mod demo;
mod digest;
mod doubts;
mod eval;
mod events;
mod facets;
mod formats;
mod forms;
mod friendly;
mod help;
mod index;
mod net;
mod new;
mod pairs;
mod pipes;
mod quotes;
mod readme;
mod released;
mod saved;
#[cfg(unix)]
mod screens;
mod search;
mod similar;
mod systems;
#[cfg(unix)]
mod terminal;
mod weights;
mod why;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// A fresh folder to run commands in.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

/// What a command printed, and how it ended.
#[must_use]
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs `despatch` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    /// Runs `despatch` with arguments and environment variables.
    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let Output { stdout, stderr, status } = Command::new(env!("CARGO_BIN_EXE_despatch"))
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("DESPATCH_NOW", "2026-03-01T12:00:00Z")
            .env("HOME", self.dir.path()) // keeps out the settings of the user who runs the tests
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run {
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            code: status.code().unwrap(),
        }
    }

    /// Runs `despatch` for a reader that reads one line and closes the pipe.
    pub(crate) fn first_line(&self, arguments: &[&str]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_despatch"))
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("DESPATCH_NOW", "2026-03-01T12:00:00Z")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut stdout).unwrap();
        let output = child.wait_with_output().unwrap();
        Run { stdout, stderr: String::from_utf8(output.stderr).unwrap(), code: output.status.code().unwrap() }
    }

    /// Runs a line as bash does, with `despatch` on its path.
    pub(crate) fn shell(&self, line: &str) -> Run {
        let program = Path::new(env!("CARGO_BIN_EXE_despatch")).parent().unwrap().to_str().unwrap();
        let Output { stdout, stderr, status } = Command::new("bash")
            .args(["-c", line])
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", format!("{program}:{}/bin:/usr/local/bin:/usr/bin:/bin", self.dir.path().display()))
            .env("HOME", self.dir.path())
            .env("HTTP_PROXY", net::proxy())
            .env("DESPATCH_FETCH_DELAY", "0")
            .env("DESPATCH_NOW", "2026-03-01T12:00:00Z")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run {
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            code: status.code().unwrap(),
        }
    }

    /// Runs a command that must succeed, and returns its lines as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// A desk whose index holds the bundled corpus. The index is made once; each desk gets a copy.
    pub(crate) fn with_corpus() -> Self {
        static MADE: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
        let desk = Self::new();
        for (name, content) in MADE.get_or_init(index_of_corpus) {
            desk.file(name.to_str().unwrap(), content);
        }
        desk
    }
}

/// The files of an index of the bundled corpus, as the program makes it.
fn index_of_corpus() -> Vec<(PathBuf, Vec<u8>)> {
    let desk = Desk::new();
    let folders = corpus();
    let mut arguments = vec!["index", "-q"];
    arguments.extend(folders.iter().map(String::as_str));
    let run = desk.run(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut files = Vec::new();
    let mut folders = vec![desk.path().join("index")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.strip_prefix(desk.path()).unwrap().to_owned(), std::fs::read(&path).unwrap()));
            }
        }
    }
    files
}

/// A desk with the bundled corpus indexed, and with the files that help and README mention.
pub(crate) fn reader_desk() -> Desk {
    let desk = Desk::with_corpus();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in std::fs::read_dir(root.join("notes")).unwrap().flatten() {
        desk.file(&format!("articles/{}", entry.file_name().to_str().unwrap()), std::fs::read(entry.path()).unwrap());
    }
    let mut pages = vec![root.join("web")];
    while let Some(path) = pages.pop() {
        if path.is_dir() {
            pages.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "html") {
            desk.file("page.html", std::fs::read(&path).unwrap());
            desk.file("articles/page.html", std::fs::read(&path).unwrap());
        }
    }
    let line = r#"{"id":"ledger-1","title":"Alda buys patrol aircraft","text":"Alda will buy twelve patrol aircraft from Borduria."}"#;
    desk.file("news.jsonl", format!("{line}\n"));
    let outline = r#"<outline text="Ravenia Today" xmlUrl="http://ravenia.example/feed.xml"/>"#;
    desk.file("feeds.opml", format!("<opml version=\"2.0\"><body>{outline}</body></opml>"));
    desk.file("needs.tsv", "1\tSAFE talks\n");
    desk.file("qrels.txt", "1 0 a31df03bc881 2\n");
    desk.file("bin/man", "#!/bin/sh\nexec cat\n");
    desk.file("bin/sendmail", "#!/bin/sh\nexec cat > sent.eml\n");
    assert_eq!(desk.shell("gzip -k news.jsonl && chmod +x bin/*").code, 0);
    desk
}

/// The folders of the bundled articles.
pub(crate) fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    ["web", "wire", "notes", "feed"].map(|name| root.join(name).to_str().unwrap().to_owned()).to_vec()
}
