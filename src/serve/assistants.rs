//! `/mcp`: the tools of assistants over HTTP.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tokio::sync::OnceCell;

use super::problem::Problem;
use super::{App, PATIENCE};
use crate::mcp::{self, Server, Setup};
use crate::pool::Pool;

/// What answers assistants, made when the first one asks: only then is the index known to be there.
pub(super) struct Assistants {
    setup: Arc<Setup>,
    service: OnceCell<StreamableHttpService<Server, NeverSessionManager>>,
}

impl Assistants {
    pub(super) fn new(setup: Setup) -> Self {
        Self { setup: Arc::new(setup), service: OnceCell::new() }
    }

    async fn answer(&self, pool: &Pool, request: Request<Body>) -> Result<Response, Problem> {
        let service = async || Ok::<_, Problem>(mcp::service(Server::start(pool.clone(), self.setup.clone()).await?));
        let service = self.service.get_or_try_init(service).await?;
        Ok(service.handle(request).await.map(Body::new))
    }
}

/// Answers an assistant. Its request is read whole before, so that a slow one holds a connection for a while and
/// nothing else.
pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    let Ok(read) = tokio::time::timeout(PATIENCE, to_bytes(body, mcp::LONGEST)).await else {
        let detail = format!("a request has to be sent within {} seconds", PATIENCE.as_secs());
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", "The request is not sent whole", detail));
    };
    let body = read.map_err(|_| Problem::too_large(mcp::LONGEST as u64))?;
    match &app.assistants {
        Some(assistants) => assistants.answer(&app.pool, Request::from_parts(head, Body::from(body))).await,
        None => Err(Problem::no_page()),
    }
}
