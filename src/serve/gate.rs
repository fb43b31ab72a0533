//! The gate: what every request has to pass before it is routed, and what every answer carries.
//!
//! A server on this machine can be reached by every page that its user opens, so being on loopback alone protects
//! nothing. Each threat with its defence, and the test of `tests/serve` that tries it:
//!
//! * **A strange page lets its name point here (DNS rebinding) and reads answers.** `Host` is one of ours, with our
//!   port. Test: `a_strange_host_is_refused_on_every_path`
//! * **A request that says two things about its host.** One `Host`, and no whole address in the request line. Test:
//!   `a_host_is_said_once`
//! * **A strange page sends requests.** `Origin`, where it is given, is our own; no CORS header, so it reads nothing.
//!   Test: `a_strange_origin_is_refused`
//! * **A strange page learns by timing what an index holds (`<img src=…?q=a*>`).** `Sec-Fetch-Site` is our own, but
//!   for a link to a page that is followed. Test: `a_strange_page_can_link_to_pages_alone`
//! * **Somebody else on the network, or on this machine, asks.** A token wherever the address is not loopback,
//!   compared in constant time, never in an address or a log. Test: `a_token_is_asked_for`
//! * **A script or a picture in an article's text.** Templates escape; the content security policy allows no inline
//!   script, no plug-in, nothing from elsewhere. Test: `hostile_articles_stay_text`
//! * **An outlet learns what was searched for.** `Referrer-Policy: no-referrer`; no picture of it is loaded. Test:
//!   `every_answer_carries_the_headers`
//! * **A frame, a pop-up, a guess at the type.** `frame-ancestors 'none'`, opener and resource policies, `nosniff`.
//!   Test: `every_answer_carries_the_headers`
//! * **Other programs on the machine read what was searched for.** No cookies, nothing kept, queries in no log unless
//!   asked for. Test: `a_log_holds_no_query`
//! * **A strange page speaks as an assistant.** `/mcp` refuses every `Origin`, our own too. Test:
//!   `no_page_asks_as_an_assistant`
//! * **Half a request, sent slowly, by many.** Ten seconds for its head, and ten for its body; of 256 connections the
//!   oldest idle one is closed for a new one. Test: `half_a_request_is_closed`
//! * **A question that never ends.** Bounds on address, query, page and rows; a short queue; a time after which it is
//!   stopped. Test: `what_is_too_long_is_refused`, `who_finds_the_queue_full_is_told_to_come_again`
//! * **Somebody learns how this machine's folders are called.** No path in any answer unless `--show-paths`. Test:
//!   `no_path_of_this_machine_is_in_an_answer`
//! * **An unpacked folder opens a port.** A project's `.despatch.toml` sets nothing of all this. Test:
//!   `a_project_file_opens_nothing`

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use subtle::ConstantTimeEq;

use super::problem::Problem;
use super::{App, MCP};
use crate::archive::digest;
use crate::mcp;

/// Bytes of an address, at most.
const LONGEST: usize = 8 << 10;
/// Bytes of a body, at most, but for those of an assistant.
const LARGEST: u64 = 64 << 10;
/// What both ways of giving a token are called.
const CHALLENGES: [&str; 2] = ["Basic realm=\"despatch\", charset=\"UTF-8\"", "Bearer realm=\"despatch\""];

/// What every answer carries.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("x-frame-options", "DENY"),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who may ask.
#[derive(Debug)]
pub(super) struct Gate {
    /// Values of `Host` that are ours, in small letters.
    hosts: Vec<String>,
    /// The port, where any address in digits is ours too: what has no name cannot be pointed elsewhere.
    any_address: Option<u16>,
    /// SHA-256 of the token: what is compared has one length, whatever is sent.
    token: Option<[u8; 32]>,
}

impl Gate {
    /// The gate of a server that is bound to this address, with further names under which it is known.
    pub(super) fn new(bound: SocketAddr, allowed: &[String], token: Option<&str>) -> Self {
        let port = bound.port();
        let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let mut hosts: Vec<String> = own.iter().map(|name| format!("{name}:{port}")).collect();
        if port == 80 {
            hosts.extend(own); // a browser leaves out the port that goes without saying
        }
        for name in allowed.iter().map(|name| name.to_lowercase()) {
            hosts.push(format!("{name}:{port}"));
            hosts.push(name);
        }
        let any_address = (!bound.ip().is_loopback()).then_some(port);
        Self { hosts, any_address, token: token.map(|token| digest(token.as_bytes())) }
    }

    fn admit(&self, request: &Request) -> Result<(), Problem> {
        let (uri, headers) = (request.uri(), request.headers());
        let host = self.host(request)?;
        if uri.path_and_query().is_some_and(|all| all.as_str().len() > LONGEST) {
            let detail = format!("an address has {LONGEST} bytes at most");
            return Err(Problem::new(StatusCode::URI_TOO_LONG, "too-long", "The address is too long", detail));
        }
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let most = if uri.path() == MCP { mcp::LONGEST as u64 } else { LARGEST };
        if length.is_some_and(|length| length > most) {
            return Err(Problem::too_large(most));
        }
        for origin in headers.get_all(header::ORIGIN) {
            let own = ["http", "https"].map(|scheme| format!("{scheme}://{host}"));
            if !origin.to_str().is_ok_and(|origin| own.iter().any(|own| own.eq_ignore_ascii_case(origin))) {
                return Err(Problem::refused("a page of another origin asks"));
            }
        }
        if !comes_from_us(request) && !is_link_to_page(request) {
            return Err(Problem::refused("a page of another site asks"));
        }
        self.check_token(headers)
    }

    /// The host to which a request goes, if it is ours.
    fn host<'r>(&self, request: &'r Request) -> Result<&'r str, Problem> {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let (Some(host), None, None) = (hosts.next(), hosts.next(), request.uri().authority()) else {
            let detail = "the request has to say its host once, in the header Host";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-host", "The request names no host", detail));
        };
        host.to_str().ok().filter(|host| self.is_own(&host.to_lowercase())).ok_or_else(|| {
            Problem::refused("the host that the request names is not that of this server").with_hint(Some(
                "open the address that was printed at the start, or allow another with --allow-host NAME".to_owned(),
            ))
        })
    }

    fn is_own(&self, host: &str) -> bool {
        let in_digits = || host.parse::<SocketAddr>().is_ok_and(|address| Some(address.port()) == self.any_address);
        self.hosts.iter().any(|own| own == host) || in_digits()
    }

    fn check_token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let given = headers.get(header::AUTHORIZATION).and_then(|value| given_token(value.as_bytes()));
        if given.is_some_and(|given| digest(&given).ct_eq(token).into()) {
            return Ok(());
        }
        let detail = "this server asks for its token: as a bearer, or as the password of any user";
        let problem = Problem::new(StatusCode::UNAUTHORIZED, "token", "A token is needed", detail);
        Err(CHALLENGES.into_iter().fold(problem, |problem, challenge| {
            problem.with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
        }))
    }
}

/// The token of an `Authorization`: of a bearer, or the password of any user.
fn given_token(value: &[u8]) -> Option<Vec<u8>> {
    let at = value.iter().position(|byte| *byte == b' ')?;
    let (scheme, rest) = (&value[..at], value[at..].trim_ascii());
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return Some(rest.to_owned());
    }
    let pair = scheme.eq_ignore_ascii_case(b"basic").then(|| BASE64_STANDARD.decode(rest).ok())??;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    Some(pair[colon + 1..].to_owned())
}

/// Whether a request comes from our own pages, from an address that was typed, or from what is no browser.
fn comes_from_us(request: &Request) -> bool {
    let mut sites = request.headers().get_all("sec-fetch-site").iter();
    sites.all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

/// Whether somebody follows a link of another site to one of our pages.
fn is_link_to_page(request: &Request) -> bool {
    let is = |name: &str, wanted: &str| request.headers().get(name).is_some_and(|value| value == wanted);
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    reads && is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document") && is_page(request.uri().path())
}

/// Whether a page for people is under this path, and nothing that is loaded or downloaded.
fn is_page(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ["", "a", "facets", "help", "names", "saved", "timeline", "together"].contains(&first)
        && !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// Admits a request, answers it, and dresses the answer.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id(request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let what = app.log.is_on().then(|| app.log.what(request.method(), request.uri()));
    let mut response = match app.gate.admit(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    dress(response.headers_mut(), &id);
    if let Some(metrics) = &app.metrics {
        metrics.count(route.as_ref().map(MatchedPath::as_str), response.status(), begun.elapsed());
    }
    if let Some(what) = what {
        app.log.write(&id, &what, response.status(), begun.elapsed());
    }
    response
}

fn dress(headers: &mut HeaderMap, id: &str) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// The name of a request: the one that it brings, if that can stand in a log, else a number.
fn request_id(headers: &HeaderMap) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let plain = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(plain);
    given.map_or_else(|| format!("r{}", COUNT.fetch_add(1, Ordering::Relaxed)), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(bound: &str) -> Gate {
        Gate::new(bound.parse().unwrap(), &["News.example".to_owned()], None)
    }

    #[test]
    fn hosts_are_known_with_their_port() {
        let own = gate("127.0.0.1:7373");
        for host in ["localhost:7373", "127.0.0.1:7373", "[::1]:7373", "news.example", "news.example:7373"] {
            assert!(own.is_own(host), "{host}");
        }
        let strange = ["localhost", "localhost:80", "evil.example:7373", "127.0.0.1.nip.io:7373", "10.0.0.1:7373", ""];
        for host in strange.into_iter().chain(["localhost.evil.example:7373", "[::1]:1", "0.0.0.0:7373"]) {
            assert!(!own.is_own(host), "{host}");
        }
        assert!(gate("127.0.0.1:80").is_own("localhost"));
        let open = gate("0.0.0.0:7373");
        assert!(open.is_own("192.0.2.7:7373") && open.is_own("[2001:db8::1]:7373"));
        assert!(!open.is_own("192.0.2.7:80") && !open.is_own("evil.example:7373"));
    }

    #[test]
    fn a_token_is_read_in_both_forms() {
        let given = |value: &str| given_token(value.as_bytes()).map(|token| String::from_utf8(token).unwrap());
        assert_eq!(given("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(given("basic YW55Ym9keTphOmI=").as_deref(), Some("a:b"), "anybody:a:b");
        for bad in ["abc", "Basic !", "Basic YWJj", "Digest abc", ""] {
            assert_eq!(given(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_downloaded_is_no_page() {
        assert!(["/", "/a/1874e208d09f", "/facets/actor", "/help/query"].into_iter().all(is_page));
        assert!(!["/search.csv", "/v1/search", "/mcp", "/assets/1.css", "/opensearch.xml"].into_iter().any(is_page));
    }
}
