//! Sockets: connections are accepted, bounded in number and in time, and ended.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::task::AbortHandle;
use tower_service::Service;

/// Bytes of a request's head, at most.
const HEAD_SIZE: usize = 32 << 10;
/// Connections, at most.
const MOST: usize = 256;
/// How long requests under way may take when the server is to end.
const DRAIN: Duration = Duration::from_secs(5);
/// How long to wait where the system has no more sockets to give.
const PAUSE: Duration = Duration::from_millis(50);

/// What connections come to, with a runtime.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

/// Both ends of a connection.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Socket {
    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                let _ = stream.set_nodelay(true); // without it answers are only slower
                Ok(Box::new(stream))
            }
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

/// A connection.
struct Line {
    /// Requests of it that are being answered.
    busy: Arc<AtomicUsize>,
    task: AbortHandle,
}

/// Answers connections until `end` comes; the head of a request may take `patience`. Then those under way are finished,
/// for five seconds at most or until `hurry` comes.
pub(super) async fn run(
    socket: Socket,
    router: Router,
    patience: Duration,
    end: impl Future<Output = ()>,
    hurry: impl Future<Output = ()>,
) {
    let drain = GracefulShutdown::new();
    let mut lines: Vec<Line> = Vec::new();
    let mut end = pin!(end);
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = &mut end => break,
        };
        match accepted {
            Ok(stream) if make_room(&mut lines) => {
                lines.push(answer(stream, router.clone(), patience, &drain));
            }
            Ok(_) => {} // all are being answered: the client finds the connection closed
            Err(error) if is_of_one(&error) => {}
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    drop(socket);
    tokio::select! {
        () = drain.shutdown() => {}
        () = tokio::time::sleep(DRAIN) => {}
        () = hurry => {}
    }
}

/// Whether accepting failed for one connection alone: its client has left already.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Makes room for one more connection: where there are too many, the oldest goes that is not being answered. Whether
/// there is room.
fn make_room(lines: &mut Vec<Line>) -> bool {
    if lines.len() < MOST {
        return true;
    }
    lines.retain(|line| !line.task.is_finished());
    if lines.len() < MOST {
        return true;
    }
    let Some(idle) = lines.iter().position(|line| line.busy.load(Ordering::Relaxed) == 0) else { return false };
    lines.remove(idle).task.abort();
    true
}

fn answer(stream: Box<dyn Stream>, router: Router, patience: Duration, drain: &GracefulShutdown) -> Line {
    let busy = Arc::new(AtomicUsize::new(0));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(HEAD_SIZE);
    let counted = busy.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let under_way = UnderWay::begin(&counted);
        let answer = router.clone().call(request);
        async move {
            let answer: Result<Response, _> = answer.await;
            drop(under_way);
            answer
        }
    });
    let connection = drain.watch(http.serve_connection(TokioIo::new(stream), service));
    let task = tokio::spawn(async move {
        let _ = connection.await; // what goes wrong on a connection is its client's
    });
    Line { busy, task: task.abort_handle() }
}

/// Counts a request while it is answered.
struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    fn begin(busy: &Arc<AtomicUsize>) -> Self {
        busy.fetch_add(1, Ordering::Relaxed);
        Self(busy.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
