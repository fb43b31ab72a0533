//! The page and the API: `despatch serve`.
//!
//! | file | what it does |
//! |---|---|
//! | `accept` | sockets: bounded in number and in time, and ended |
//! | `gate` | what a request has to pass before it is routed, and what every answer carries; the threats |
//! | `fresh` | tags of answers: who has an answer already does not get it again |
//! | `question` | the parameters of an address, and the addresses of other questions |
//! | `problem` | why a request was not answered |
//! | `api`, `lines`, `units`, `openapi` | `/v1`: JSON by the renderers of the command line |
//! | `export`, `feed` | a search in the forms that other programs read |
//! | `assistants` | `/mcp`: the tools of [`crate::mcp`] over HTTP |
//! | `page` | HTML: every control is a link or a form, so that it works without a script |
//! | `metrics` | counts of requests and of their time, for those who watch over servers |
//! | `log` | a line for each request, without what was searched for |
//!
//! All of it only reads, and asks through a [`Pool`]. Parameters are the long options of the command line
//! ([`crate::ask`]).

mod accept;
mod api;
mod assistants;
mod export;
mod feed;
mod fresh;
mod gate;
mod lines;
mod log;
mod metrics;
mod openapi;
mod page;
mod problem;
mod question;
mod units;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};

use crate::article::Moment;
use crate::ask::Here;
use crate::mcp::{Page as HelpPage, Setup};
use crate::pool::{Limits, Pool, PoolError};
use accept::Socket;
use assistants::Assistants;
use gate::Gate;
use log::Log;
pub use log::Logged;
use metrics::Metrics;
use problem::Problem;

/// What a server is told at its start.
#[derive(Debug, Default)]
pub struct Options {
    /// The index directory.
    pub index: PathBuf,
    /// How much is done at a time.
    pub limits: Limits,
    /// Names under which it is known besides those of this machine: those of a proxy before it.
    pub hosts: Vec<String>,
    /// What those who ask must know.
    pub token: Option<String>,
    /// Whether there is the API alone, and no page.
    pub no_page: bool,
    /// What assistants get; nothing without it.
    pub assistants: Option<Setup>,
    /// Whether answers may say where articles were read from.
    pub show_paths: bool,
    /// Whether requests are counted, and the counts told.
    pub metrics: bool,
    /// What is logged.
    pub logged: Logged,
    /// Pages of help.
    pub help: Vec<HelpPage>,
}

/// What connections come to.
#[derive(Debug)]
pub enum Listener {
    /// A port.
    Tcp(TcpListener),
    /// A file. Who may write to it may ask.
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listener {
    /// The address to whose names requests go. A file has no port, so names without one are ours, as at port 80.
    fn bound(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr(),
            #[cfg(unix)]
            Self::Unix(_) => Ok((Ipv4Addr::LOCALHOST, 80).into()),
        }
    }

    /// For the runtime that runs; it would block on it for ever if it were left blocking.
    fn start(self) -> io::Result<Socket> {
        Ok(match self {
            Self::Tcp(listener) => {
                listener.set_nonblocking(true)?;
                Socket::Tcp(tokio::net::TcpListener::from_std(listener)?)
            }
            #[cfg(unix)]
            Self::Unix(listener) => {
                listener.set_nonblocking(true)?;
                Socket::Unix(tokio::net::UnixListener::from_std(listener)?)
            }
        })
    }
}

/// What the world gives a server: the library reads no clock and prints nothing itself.
pub struct World {
    /// The present, in the user's time zone.
    pub now: Box<dyn Fn() -> Moment + Send + Sync>,
    /// Writes a line of the log.
    pub log: Box<dyn Fn(&str) + Send + Sync>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// What answers requests.
struct App {
    pool: Pool,
    gate: Gate,
    log: Log,
    metrics: Option<Metrics>,
    now: Box<dyn Fn() -> Moment + Send + Sync>,
    index: PathBuf,
    show_paths: bool,
    help: Vec<HelpPage>,
    assistants: Option<Assistants>,
}

impl App {
    fn now(&self) -> Moment {
        (self.now)()
    }

    fn here(&self, now: Moment) -> Here<'_> {
        Here { index: &self.index, now, matching: None }
    }
}

/// Where assistants ask.
const MCP: &str = "/mcp";
/// How long the head of a request may take, if an answer may take as long; and how long a body may.
const PATIENCE: Duration = Duration::from_secs(10);

/// All routes of a server that is bound to this address, behind its gate.
///
/// # Errors
///
/// Fails where the system starts no more threads.
pub fn router(options: Options, bound: SocketAddr, world: World) -> io::Result<Router> {
    let app = Arc::new(App {
        pool: Pool::new(&options.index, options.limits)?,
        gate: Gate::new(bound, &options.hosts, options.token.as_deref()),
        log: Log::new(options.logged, world.log),
        metrics: options.metrics.then(Metrics::default),
        now: world.now,
        index: options.index,
        show_paths: options.show_paths,
        help: options.help,
        assistants: options.assistants.map(Assistants::new),
    });
    let mut of_index = api::routes().into_iter().fold(Router::new(), |router, one| router.route(one.path, one.handler));
    if !options.no_page {
        of_index = of_index.merge(page::routes()).merge(export::routes());
    }
    let mut all = of_index
        .route_layer(from_fn_with_state(app.clone(), fresh::keep))
        .route("/v1/openapi.json", get(openapi::document))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready));
    if !options.no_page {
        all = all.merge(page::fixed());
    }
    if app.metrics.is_some() {
        all = all.route("/metrics", get(metrics::metrics));
    }
    if app.assistants.is_some() {
        all = all.route(MCP, post(assistants::answer));
    }
    let all = all.fallback(async || Problem::no_page()).layer(from_fn(page::problems_as_pages));
    Ok(all.layer(from_fn_with_state(app.clone(), gate::guard)).with_state(app))
}

/// Whether the index can be searched.
async fn ready(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let counts = app.pool.ask(|engine| Ok::<_, Problem>(engine.archive().counts()?)).await?;
    Ok(format!("ok, {} articles\n", counts.articles))
}

/// Answers requests until the process is told to end (SIGINT, SIGTERM); then those under way for five seconds at most,
/// or until it is told again. `ready` is called once requests are answered.
///
/// # Errors
///
/// Fails where the socket cannot be used, or the index cannot be opened; with [`PoolError`] for the latter.
pub fn run(listener: Listener, options: Options, world: World, ready: impl FnOnce()) -> Result<(), ServeError> {
    let bound = listener.bound()?;
    let pool = Pool::new(&options.index, Limits { threads: 1, ..options.limits })?;
    pool.ask_and_wait(|engine| Ok::<_, PoolError>(engine.upto()))?;
    drop(pool);
    let patience = options.limits.time.min(PATIENCE);
    let router = router(options, bound, world)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let socket = listener.start()?;
        let (end, hurry) = (Ending::new()?, Ending::new()?);
        ready();
        accept::run(socket, router, patience, end.comes(1), hurry.comes(2)).await;
        Ok::<_, io::Error>(())
    })?;
    runtime.shutdown_background(); // what is still being answered is not waited for
    Ok(())
}

/// Why a server ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The socket cannot be used, or the system starts no more threads.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The index cannot be opened.
    #[error(transparent)]
    Pool(#[from] PoolError),
}

/// The signals by which a server is told to end.
struct Ending {
    #[cfg(unix)]
    term: tokio::signal::unix::Signal,
    #[cfg(unix)]
    int: tokio::signal::unix::Signal,
}

impl Ending {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { term: signal(SignalKind::terminate())?, int: signal(SignalKind::interrupt())? })
    }

    /// Waits until as many signals came.
    #[cfg(unix)]
    async fn comes(mut self, times: usize) {
        for _ in 0..times {
            tokio::select! {
                _ = self.term.recv() => {}
                _ = self.int.recv() => {}
            }
        }
    }

    #[cfg(not(unix))]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn comes(self, times: usize) {
        for _ in 0..times {
            let _ = tokio::signal::ctrl_c().await; // without signals it runs until it is killed
        }
    }
}
