//! The protocol over HTTP: one address that takes POST.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::Server;

/// Bytes of a request, at most.
const LONGEST: usize = 1 << 20;

/// A service to be mounted in a router. It answers each request by itself, in JSON and without sessions, refuses a
/// `Host` that is not one of `hosts` (names with or without a port), and every `Origin`: no page of a browser asks it.
pub fn service(
    server: Server,
    hosts: impl IntoIterator<Item = String>,
) -> StreamableHttpService<Server, NeverSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_hosts(hosts)
        .enforce_origin_validation()
        .with_max_request_body_bytes(LONGEST);
    StreamableHttpService::new(move || Ok(server.clone()), Arc::new(NeverSessionManager::default()), config)
}
