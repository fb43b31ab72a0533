//! The program itself: sockets, ports, its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};

use super::{Site, despatch};

/// A server that runs until it is told to end.
struct Running {
    child: Child,
    port: u16,
    line: String,
    _site: Site,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let site = Site::of(&[("a.md", "# Alda buys frigates\n\nAlda will buy two frigates for its navy.")]);
        let folder = site.index().parent().unwrap().to_owned();
        let mut command = despatch(&folder);
        let mut child =
            command.arg("serve").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse();
        let port = port.unwrap_or_else(|_| {
            let mut told = String::new();
            child.stderr.as_mut().unwrap().read_to_string(&mut told).unwrap();
            panic!("{line}{told}")
        });
        Self { child, port, line, _site: site }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).unwrap()
    }

    /// What the server sends until it closes.
    fn ask(&self, path: &str) -> String {
        let mut stream = self.connect();
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        told
    }

    /// Ends it by a signal; its exit code, and what it said on standard error.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut told = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        (code, told)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
    }
}

#[cfg(unix)]
#[test]
fn it_prints_its_address_answers_and_ends_when_told() {
    for signal in ["-TERM", "-INT"] {
        let running = Running::start(&["--port", "0", "--threads", "1"]);
        assert_eq!(running.line, format!("http://127.0.0.1:{}/\n", running.port));
        let answer = running.ask("/v1/search?q=frigates");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"total\":1"), "{answer}");
        assert!(running.ask("/?q=frigates").contains("<mark>frigates</mark>"));
        assert_eq!(running.end(signal), (Some(0), String::new()));
    }
}

#[cfg(unix)]
#[test]
fn half_a_request_is_closed() {
    let running = Running::start(&["--port", "0", "--max-seconds", "1"]);
    let half = || {
        let mut stream = running.connect();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1"); // it may be closed already
        stream
    };
    let many: Vec<TcpStream> = (0..300).map(|_| half()).collect();
    assert!(running.ask("/v1/search?q=frigates").starts_with("HTTP/1.1 200"), "another is answered meanwhile");
    for mut stream in many {
        let mut told = String::new();
        let _ = stream.read_to_string(&mut told); // ends once the server has closed it
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 4"), "{told}");
    }
    assert!(running.ask("/healthz").starts_with("HTTP/1.1 200"));
}

#[cfg(unix)]
#[test]
fn others_are_asked_for_a_token() {
    let running = Running::start(&["--port", "0", "--host", "0.0.0.0", "--log"]);
    assert!(running.line.starts_with("http://127.0.0.1:"), "an address that can be opened: {}", running.line);
    assert!(running.ask("/v1/search?q=frigates").starts_with("HTTP/1.1 401"));
    let port = running.port;
    let (_, told) = running.end("-TERM");
    let token = told.split("asked for: ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert_eq!((token.len(), told.matches(&token).count()), (32, 1), "{told}");
    assert!(told.contains("401") && told.contains("GET /v1/search\n") && !told.contains("frigates"), "{told}");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_port_that_is_taken_is_said() {
    let site = Site::of(&[("a.md", "# Alda\n\nAlda will buy two frigates.")]);
    let folder = site.index().parent().unwrap().to_owned();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = despatch(&folder).arg("serve").args(arguments).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(run.stderr).unwrap()
    };
    let told = said(&["--port", &port], &[]);
    assert!(told.contains(&port) && told.contains("--port"), "{told}");
    assert!(said(&["--port", "0"], &[("DESPATCH_TOKEN", "short")]).contains("16 letters"));
    assert!(said(&["--port", "0", "--token-file", "none"], &[]).contains("none"));
    assert!(said(&["--port", "0", "--host", "news.example"], &[]).contains("an address in digits"));
    assert!(said(&["--port", "0", "--index", "nowhere"], &[]).contains("despatch index PATH"));
}

#[cfg(unix)]
#[test]
fn the_usual_port_steps_on_where_it_is_taken() {
    let held = TcpListener::bind("127.0.0.1:7373"); // or somebody else holds it
    let running = Running::start(&[]);
    assert!((7374..7394).contains(&running.port), "{}", running.line);
    drop(held);
}

#[cfg(unix)]
#[test]
fn no_browser_is_no_error() {
    let running = Running::start(&["--port", "0", "--open"]);
    assert!(running.ask("/healthz").starts_with("HTTP/1.1 200"));
    let (code, told) = running.end("-TERM");
    assert!(code == Some(0) && told.contains("no browser"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_file_can_be_listened_on() {
    let site = Site::of(&[("a.md", "# Alda\n\nAlda will buy two frigates.")]);
    let folder = site.index().parent().unwrap().to_owned();
    let path = folder.join("despatch.sock");
    let mut command = despatch(&folder);
    command.args(["serve", "--listen", "unix:despatch.sock"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "unix:despatch.sock\n");
    let ask = |host: &str| {
        let mut stream = std::os::unix::net::UnixStream::connect(&path).unwrap();
        let request = format!("GET /v1/search?q=frigates HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        told
    };
    assert!(ask("localhost").contains("\"total\":1"), "{}", ask("localhost"));
    assert!(ask("evil.example").starts_with("HTTP/1.1 403"));
    let second = despatch(&folder).args(["serve", "--listen", "unix:despatch.sock"]).output().unwrap();
    assert_eq!(second.status.code(), Some(2), "it is in use: {second:?}");
    assert!(std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!path.exists(), "the file is removed");
    let wrong = despatch(&folder).args(["serve", "--listen", "despatch.sock"]).output().unwrap();
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("unix:/run/despatch.sock"), "{wrong:?}");
}
