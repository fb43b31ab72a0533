//! The log: a line for each request, if it is asked for, and without what was searched for unless that is asked for
//! too.

use std::time::Duration;

use axum::http::{Method, StatusCode, Uri};

use crate::render::clean;

/// What is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Logged {
    /// Nothing.
    #[default]
    Nothing,
    /// Requests without their parameters: what an analyst looks for is the secret.
    Requests,
    /// Requests with their parameters.
    Queries,
}

/// Where lines go.
pub(super) struct Log {
    logged: Logged,
    write: Box<dyn Fn(&str) + Send + Sync>,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("logged", &self.logged).finish_non_exhaustive()
    }
}

impl Log {
    pub(super) fn new(logged: Logged, write: Box<dyn Fn(&str) + Send + Sync>) -> Self {
        Self { logged, write }
    }

    pub(super) fn is_on(&self) -> bool {
        self.logged != Logged::Nothing
    }

    /// A request as it is logged. An article's identifier and the name of a saved search say what was read, so of paths
    /// only the first part is logged, unless queries are.
    pub(super) fn what(&self, method: &Method, uri: &Uri) -> String {
        let path = uri.path();
        match self.logged {
            Logged::Queries => format!("{method} {}", uri.path_and_query().map_or(path, |all| all.as_str())),
            _ if path.starts_with("/v1/articles/") => format!("{method} /v1/articles/…"),
            _ if path.starts_with("/v1/") || path.matches('/').count() < 2 => format!("{method} {path}"),
            _ => format!("{method} /{}/…", path.split('/').nth(1).unwrap_or_default()),
        }
    }

    pub(super) fn write(&self, id: &str, what: &str, status: StatusCode, took: Duration) {
        let line = format!("{id} {} {:.1} ms {what}", status.as_u16(), took.as_secs_f64() * 1e3);
        (self.write)(&clean(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_and_read_is_not_logged() {
        let what = |logged, address: &str| {
            Log::new(logged, Box::new(|_| {})).what(&Method::GET, &address.parse::<Uri>().unwrap())
        };
        let of = |address: &str| what(Logged::Requests, address);
        assert_eq!(of("/v1/search?q=secret"), "GET /v1/search");
        assert_eq!(of("/a/1874e208d09f?q=secret"), "GET /a/…");
        assert_eq!(of("/v1/articles/1874e208d09f/similar"), "GET /v1/articles/…");
        assert_eq!(of("/?q=secret"), "GET /");
        assert_eq!(what(Logged::Queries, "/?q=plain"), "GET /?q=plain");
    }
}
