//! A server that answers as a cluster does, but for what a test makes it say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn is(&self, method: &str, part: &str) -> bool {
        self.method == method && self.path.contains(part)
    }

    /// The body, its content coding undone.
    pub(crate) fn text(&self) -> String {
        let mut text = Vec::new();
        match self.head.contains("content-encoding: gzip") {
            true => drop(flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut text).unwrap()),
            false => text.clone_from(&self.body),
        }
        String::from_utf8(text).unwrap()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Json(u16, Value),
    /// These bytes, and then the connection is closed.
    Raw(&'static str),
}

type Script = dyn FnMut(&Asked) -> Option<Answer> + Send;

/// The server. It ends with the test.
pub(crate) struct Fake {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    /// Answers as `script` says; where it says nothing, as an empty cluster would that takes everything in.
    pub(crate) fn new(script: impl FnMut(&Asked) -> Option<Answer> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, script) = (Arc::clone(&seen), Arc::new(Mutex::new(Box::new(script) as Box<Script>)));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, script) = (Arc::clone(&kept), Arc::clone(&script));
                std::thread::spawn(move || serve(&stream, &kept, &script));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn seen(&self, method: &str, part: &str) -> Vec<Asked> {
        self.seen.lock().unwrap().iter().filter(|asked| asked.is(method, part)).cloned().collect()
    }
}

fn serve(stream: &TcpStream, seen: &Mutex<Vec<Asked>>, script: &Mutex<Box<Script>>) {
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader) {
        seen.lock().unwrap().push(asked.clone());
        let answer = (script.lock().unwrap())(&asked).unwrap_or_else(|| usual(&asked));
        let mut out = stream;
        match answer {
            Answer::Json(status, body) => {
                let body = body.to_string();
                let head = format!("HTTP/1.1 {status} x\r\ncontent-type: application/json\r\n");
                let _ = write!(out, "{head}content-length: {}\r\n\r\n{body}", body.len());
            }
            Answer::Raw(bytes) => {
                let _ = out.write_all(bytes.as_bytes());
                let _ = stream.shutdown(std::net::Shutdown::Both);
                return;
            }
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let mut first = head.split(' ');
    let (method, path) = (first.next()?.to_uppercase(), first.next()?.to_owned());
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, head, body })
}

/// As an empty cluster answers that takes everything in.
fn usual(asked: &Asked) -> Answer {
    let nothing = asked.path.contains("/_doc/") || asked.path.contains("_settings");
    match asked.method.as_str() {
        "GET" if asked.path == "/" => {
            Answer::Json(200, json!({ "version": { "distribution": "opensearch", "number": "2.19.6" } }))
        }
        "GET" if nothing => Answer::Json(404, json!({ "found": false })),
        "POST" if asked.path.contains("_bulk") => {
            let lines = asked.text().lines().filter(|line| line.starts_with("{\"index\"")).count();
            Answer::Json(200, json!({ "items": vec![json!({ "index": { "_id": "1", "status": 201 } }); lines] }))
        }
        _ => Answer::Json(200, json!({ "acknowledged": true })),
    }
}
