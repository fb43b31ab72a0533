//! A server that lies: for each path a list of answers, given one after the other; the last one for ever.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// One answer, byte for byte.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    bytes: Vec<u8>,
    /// Pause before each byte of the body.
    drip: Duration,
    /// Pause before the answer.
    late: Duration,
}

/// A request that was seen.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) at: Instant,
    /// Requests that were being answered when it came, itself included.
    pub(crate) open: usize,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
struct State {
    script: HashMap<String, Vec<Step>>,
    seen: Vec<Seen>,
    connections: usize,
    open: usize,
}

/// A listener with its script and its record.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    state: Arc<Mutex<State>>,
    host: String,
}

impl Server {
    /// A port of its own makes it a host of its own.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                shared.lock().unwrap().connections += 1;
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &shared));
            }
        });
        Self { state, host }
    }

    /// `IP:PORT`.
    pub(crate) fn host(&self) -> String {
        self.host.clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// The address under which an article is kept.
    pub(crate) fn article(&self, path: &str) -> String {
        format!("https://{}{path}", self.host)
    }

    /// Sets the answers of a path.
    pub(crate) fn on(&self, path: &str, steps: Vec<Step>) {
        self.state.lock().unwrap().script.insert(path.to_owned(), steps);
    }

    /// The requests since this was last asked.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }

    /// The paths of the requests since this was last asked.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

impl Step {
    /// An answer with these headers, a body and its length.
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut head = format!("HTTP/1.1 {status} X\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if status != 304 {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        Self::raw([format!("{head}\r\n").as_bytes(), body].concat())
    }

    /// A good answer.
    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new(200, &[], body)
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::new(status, &[], "")
    }

    pub(crate) fn to(status: u16, target: &str) -> Self {
        Self::new(status, &[("Location", target)], "")
    }

    /// These bytes and no others; then the connection is closed.
    pub(crate) fn raw(bytes: Vec<u8>) -> Self {
        Self { bytes, drip: Duration::ZERO, late: Duration::ZERO }
    }

    pub(crate) fn dripping(self, drip: Duration) -> Self {
        Self { drip, ..self }
    }

    pub(crate) fn late(self, late: Duration) -> Self {
        Self { late, ..self }
    }
}

/// Answers one request of a connection, and closes it. Asked as a proxy, it is every host, and each path has its host
/// before it.
fn serve(stream: &TcpStream, state: &Mutex<State>) {
    let mut lines = BufReader::new(stream).lines();
    let mut host = String::new();
    let (path, headers) = loop {
        let Some(Ok(first)) = lines.next() else { return };
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let headers: Vec<(String, String)> = lines
            .by_ref()
            .map_while(|line| line.ok().filter(|line| !line.is_empty()))
            .filter_map(|line| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned())))
            .collect();
        if !first.starts_with("CONNECT ") {
            break (format!("{host}{target}"), headers);
        }
        let seen = Seen { path: target.clone(), headers, at: Instant::now(), open: 0 };
        state.lock().unwrap().seen.push(seen);
        host = target.trim_end_matches(":80").to_owned();
        let _ = { stream }.write_all(b"HTTP/1.1 200 Connected\r\n\r\n");
    };
    let step = {
        let mut state = state.lock().unwrap();
        state.open += 1;
        let open = state.open;
        state.seen.push(Seen { path: path.clone(), headers, at: Instant::now(), open });
        let steps = state.script.entry(path).or_insert_with(|| vec![Step::status(404)]);
        if steps.len() > 1 { steps.remove(0) } else { steps[0].clone() }
    };
    std::thread::sleep(step.late);
    let mut out = stream;
    if step.drip.is_zero() {
        let _ = out.write_all(&closing(&step.bytes));
    } else {
        for byte in closing(&step.bytes) {
            if out.write_all(&[byte]).is_err() {
                break;
            }
            std::thread::sleep(step.drip);
        }
    }
    state.lock().unwrap().open -= 1;
    let _ = out.flush();
    let _ = stream.shutdown(std::net::Shutdown::Write);
    // Reads what is left, so that the answer is not lost by a reset.
    let _ = std::io::copy(&mut { stream }, &mut std::io::sink());
}

/// The answer with a header that says that the connection ends.
fn closing(bytes: &[u8]) -> Vec<u8> {
    match bytes.windows(2).position(|window| window == b"\r\n") {
        Some(at) => [&bytes[..at], b"\r\nConnection: close", &bytes[at..]].concat(),
        None => bytes.to_vec(),
    }
}
