//! The protocol over HTTP: one address that takes POST.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::Server;

/// Bytes of a request, at most.
pub const LONGEST: usize = 1 << 20;

/// A service to be mounted in a router. It answers each request by itself, in JSON and without sessions, and refuses
/// every `Origin`: no page of a browser asks it. It trusts every `Host`: what stands before it has to know its own names.
pub fn service(server: Server) -> StreamableHttpService<Server, NeverSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .enforce_origin_validation()
        .with_max_request_body_bytes(LONGEST);
    StreamableHttpService::new(move || Ok(server.clone()), Arc::new(NeverSessionManager::default()), config)
}
