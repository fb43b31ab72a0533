//! An index directory whose index is on a real cluster too.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The variable that names a cluster.
const CLUSTER: &str = "DESPATCH_TEST_CLUSTER";

/// Two index directories with the same articles: one with an index on this machine, one with its index on the cluster.
pub(crate) struct Desk {
    dir: TempDir,
    backend: String,
}

impl Desk {
    /// `None` where no cluster is named; says so once, past what the test harness holds back.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let Ok(address) = std::env::var(CLUSTER) else {
            let _ =
                writeln!(std::io::stderr(), "{name}: did not run, as {CLUSTER} names no cluster (tests/cluster/up)");
            return None;
        };
        Some(Self::at(name, &address))
    }

    /// With the cluster at an address.
    pub(crate) fn at(name: &str, address: &str) -> Self {
        let number = std::process::id();
        Self { dir: tempfile::tempdir().unwrap(), backend: format!("{address}/{name}-{number}") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, index: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_despatch"));
        command.current_dir(self.path()).args(["--index", index]).args(arguments).stdin(Stdio::null());
        command.envs([("DESPATCH_CONFIG", ""), ("DESPATCH_NOW", "2026-06-01T12:00:00Z"), ("TZ", "UTC")]);
        command
    }

    /// A command that uses the cluster.
    pub(crate) fn there(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("there", arguments);
        command.args(["--backend", &self.backend]);
        command
    }

    /// Deletes a story of the only archive that uses the desk's name.
    pub(crate) fn delete_story(&self, number: u64) {
        let (host, name) = self.backend.trim_start_matches("http://").split_once('/').unwrap();
        let ask = |method: &str, path: &str| {
            let mut stream = TcpStream::connect(host).unwrap();
            write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let all = ask("GET", &format!("/_cat/indices/{name}-*?h=index"));
        let index = all.lines().find(|line| line.starts_with(name) && !line.ends_with("-states")).unwrap();
        assert!(ask("DELETE", &format!("/{index}/_doc/{number}?refresh=true")).contains("deleted"));
    }

    /// Runs a command on this machine's index and one on the cluster's; what both print.
    pub(crate) fn both(&self, arguments: &[&str]) -> (String, String) {
        let run = |mut command: Command| done(&command.output().unwrap(), arguments);
        (run(self.command("here", arguments)), run(self.there(arguments)))
    }

    /// Runs a command on both archives, and then brings the cluster up.
    pub(crate) fn change(&self, arguments: &[&str]) {
        for index in ["here", "there"] {
            done(&self.command(index, arguments).output().unwrap(), arguments);
        }
        done(&self.there(&["rebuild", "-q"]).output().unwrap(), arguments);
    }

    /// Indexes into both.
    pub(crate) fn index(&self, input: &Path) {
        self.both(&["index", "-q", input.to_str().unwrap()]);
    }
}

/// What a program printed for people.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn done(output: &Output, arguments: &[&str]) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    // 1: nothing found. Of an index run 2 says that some file was no article.
    let bad = output.status.code().is_none_or(|code| code > 1 && arguments[0] != "index") || said.contains("error:");
    assert!(!bad, "{arguments:?}: {said}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The bundled articles.
pub(crate) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}
