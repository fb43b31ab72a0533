//! The protocol on standard input and output: a message a line.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rmcp::service::ServerInitializeError;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::io::stdio_pipes;
use rmcp::{RoleServer, ServiceExt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

use super::Server;

/// Bytes of a line, at most; a longer one is dropped. No question comes near it.
const LONGEST: usize = 1 << 20;
/// How long answers under way may take after the client has left.
const LEAVE: Duration = Duration::from_millis(500);

/// Answers on standard input and output until the client closes them. Nothing else may write to standard output.
///
/// # Errors
///
/// Fails where a stream does, or the client does not speak the protocol.
pub fn serve(server: Server) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let served = runtime.block_on(async {
        let (read, write) = stdio_pipes();
        over(server, read, write).await
    });
    // A read of standard input that is under way, or an answer that comes too late, must not keep the program.
    runtime.shutdown_background();
    served
}

/// Answers on a pair of streams until the first is at its end.
///
/// # Errors
///
/// As [`serve`].
pub async fn over<R, W>(server: Server, read: R, write: W) -> io::Result<()>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let ended = Arc::new(Notify::new());
    let read = Ending { read, ended: ended.clone() };
    let transport = AsyncRwTransport::<RoleServer, _, _>::new_server(read, write).with_max_line_length(LONGEST);
    let running = match server.serve(transport).await {
        Ok(running) => running,
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(io::Error::other(error.to_string())),
    };
    let left = async {
        ended.notified().await;
        tokio::time::sleep(LEAVE).await;
    };
    tokio::select! {
        ended = running.waiting() => ended.map(drop).map_err(io::Error::other),
        () = left => Ok(()),
    }
}

/// A stream that tells when it is at its end.
struct Ending<R> {
    read: R,
    ended: Arc<Notify>,
}

impl<R: AsyncRead + Unpin> AsyncRead for Ending<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.read).poll_read(cx, buf);
        if matches!(read, Poll::Ready(_)) && buf.filled().len() == before {
            self.ended.notify_one();
        }
        read
    }
}
