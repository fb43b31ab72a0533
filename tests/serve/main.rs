//! `despatch serve`: the router in this process, and a few requests over sockets to the real program.

#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)] // a test may fail

mod answers;
mod assistants;
mod fresh;
mod gate;
mod life;
mod metrics;
mod page;
mod problems;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use despatch::authority::Authority;
use despatch::ingest::{self, Ingest};
use despatch::mcp::{Page, Setup};
use despatch::serve::{Options, World, router};
use serde_json::Value;
use tower::ServiceExt as _;

/// When it is in all tests.
pub(crate) const NOW: &str = "2026-03-01T12:00:00Z";
const HOST: &str = "127.0.0.1:7373";

/// A server without sockets over an index directory.
pub(crate) struct Site {
    home: Arc<tempfile::TempDir>,
    router: Router,
    log: Arc<Mutex<Vec<String>>>,
    clock: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The page, which must be one.
    pub(crate) fn page(&self) -> dom_query::Document {
        assert_eq!(self.status, 200, "{}", self.body);
        dom_query::Document::from(self.body.as_str())
    }
}

impl Site {
    /// Over an index of these articles, each a file name and its text.
    pub(crate) fn of(articles: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("articles")).unwrap();
        let site = Self::over(Arc::new(home), |_| {});
        articles.iter().for_each(|(name, text)| site.add(name, text));
        site
    }

    /// Over the bundled articles, which are indexed once for all tests.
    pub(crate) fn of_corpus() -> Self {
        Self::of_corpus_with(|_| {})
    }

    pub(crate) fn of_corpus_with(change: impl FnOnce(&mut Options)) -> Self {
        static HOME: OnceLock<Arc<tempfile::TempDir>> = OnceLock::new();
        let home = HOME.get_or_init(|| {
            let home = tempfile::tempdir().unwrap();
            let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
            let folders = ["web", "wire", "notes", "feed"].map(|name| corpus.join(name));
            ingest_all(&home.path().join("index"), folders.into());
            Arc::new(home)
        });
        Self::over(home.clone(), change)
    }

    fn over(home: Arc<tempfile::TempDir>, change: impl FnOnce(&mut Options)) -> Self {
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let clock = Arc::new(Mutex::new(NOW.to_owned()));
        let (lines, time) = (log.clone(), clock.clone());
        let world = World {
            now: Box::new(move || time.lock().unwrap().parse().unwrap()),
            log: Box::new(move |line| lines.lock().unwrap().push(line.to_owned())),
        };
        let help = vec![Page { name: "query", about: "the query language", text: "Words.\n".to_owned() }];
        let index = home.path().join("index");
        let assistants = Setup {
            index: index.clone(),
            now: Box::new(|| NOW.parse().unwrap()),
            matching: None,
            feedback: true,
            text_only: false,
            show_paths: false,
            pages: help.clone(),
        };
        let mut options = Options { index, help, assistants: Some(assistants), ..Options::default() };
        change(&mut options);
        let router = router(options, HOST.parse::<SocketAddr>().unwrap(), world).unwrap();
        Self { home, router, log, clock }
    }

    pub(crate) fn with(self, change: impl FnOnce(&mut Options)) -> Self {
        Self::over(self.home, change)
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.home.path().join("index")
    }

    /// Adds an article, or another version of one.
    pub(crate) fn add(&self, name: &str, text: &str) {
        let articles = self.home.path().join("articles");
        std::fs::write(articles.join(name), text).unwrap();
        ingest_all(&self.index(), vec![articles]);
    }

    pub(crate) fn set_clock(&self, now: &str) {
        now.clone_into(&mut self.clock.lock().unwrap());
    }

    pub(crate) fn logged(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// The answer to a request, with a host if it names none.
    pub(crate) fn send(&self, request: axum::http::request::Builder) -> Answer {
        let mut request = request.body(Body::empty()).unwrap();
        if !request.headers().contains_key("host") {
            request.headers_mut().insert("host", HOST.parse().unwrap());
        }
        self.send_as_it_is(request)
    }

    pub(crate) fn send_as_it_is(&self, request: Request<Body>) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.answer(request))
    }

    pub(crate) async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path))
    }

    /// A page as a browser asks for it.
    pub(crate) fn visit(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("accept", "text/html,*/*;q=0.8"))
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// What the command line prints, with these arguments, over the same index.
    pub(crate) fn command_line(&self, arguments: &[&str]) -> Vec<Value> {
        let output = despatch(self.home.path()).args(arguments).output().unwrap();
        assert_ne!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The program in an empty environment and in this folder.
pub(crate) fn despatch(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_despatch"));
    command.current_dir(folder).env_clear().env("HOME", folder).env("DESPATCH_NOW", NOW).stdin(Stdio::null());
    command
}

fn ingest_all(index: &Path, inputs: Vec<PathBuf>) {
    let now = "2026-03-01".parse().unwrap();
    ingest::run(&Ingest::new(index, inputs, now), Authority::bundled(), &mut |_| {}).unwrap();
}

/// A value as it stands in an address.
pub(crate) fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
