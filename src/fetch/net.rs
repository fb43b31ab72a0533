//! One request: which address may be asked is checked before and at connect, every answer has a limit in bytes and time.
//!
//! Redirects are not followed here: each hop is a request of its own, with its own host, pause and check.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::{HeaderMap, HeaderValue, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

use super::address::{Allowed, private};
use super::{FetchError, Options};

/// Bytes of a feed or page, decoded, at most.
pub(super) const PAGE_BYTES: u64 = 10 << 20;
/// Bytes of a sitemap, decoded, at most.
pub(super) const SITEMAP_BYTES: u64 = 50 << 20;
/// Bytes for which there is room before a body comes, at most, whatever length it says that it has.
const ROOM: u64 = 4 << 20;
/// How many times its size a body may expand to, beyond 1 MiB.
const RATIO: u64 = 250;
const CONNECT: Duration = Duration::from_secs(10);
const FIRST_BYTE: Duration = Duration::from_secs(30);

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Request<'a> {
    pub(super) url: &'a Url,
    /// Sent as `If-None-Match`, each character a byte.
    pub(super) etag: Option<&'a str>,
    /// Sent as `If-Modified-Since`, each character a byte.
    pub(super) modified: Option<&'a str>,
    /// Bytes of the decoded body, at most.
    pub(super) limit: u64,
    /// The longest that the whole answer may take.
    pub(super) patience: Duration,
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// The body, its content coding undone.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A header's value, each byte a character; the first where there are several.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    #[cfg(test)]
    pub(super) fn with_headers(headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { status: 200, headers, body: Vec::new() }
    }

    /// Where a redirect leads.
    pub(super) fn location(&self, from: &Url) -> Option<Result<Url, Fault>> {
        let target = self.header("location").filter(|_| matches!(self.status, 301 | 302 | 303 | 307 | 308))?;
        // Addresses beyond ASCII come as bytes of UTF-8.
        let bytes: Vec<u8> = target.chars().map(|c| c as u8).collect();
        let text = String::from_utf8(bytes).unwrap_or_else(|_| target.to_owned());
        Some(from.join(&text).map_err(|cause| Fault::answer(format!("redirects to '{text}': {cause}"))))
    }
}

/// What went wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The address may not be asked.
    Refused,
    /// There was no whole answer: connection, time, TLS.
    Network,
    /// The host cannot be reached at all: no such name, or it refuses connections.
    Unreachable,
    /// The host's robots.txt forbids it; no request was made.
    Robots,
    /// It is to be asked another time; no request was made.
    Waiting,
    /// The answer cannot be used.
    Answer,
}

/// Why a request gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: Trouble,
    pub(super) what: String,
}

impl Fault {
    pub(super) fn answer(what: impl Into<String>) -> Self {
        Self { kind: Trouble::Answer, what: what.into() }
    }

    pub(super) fn refused(what: impl Into<String>) -> Self {
        Self { kind: Trouble::Refused, what: what.into() }
    }

    fn unreachable(what: impl Into<String>) -> Self {
        Self { kind: Trouble::Unreachable, what: what.into() }
    }

    fn network(what: impl Into<String>) -> Self {
        Self { kind: Trouble::Network, what: what.into() }
    }
}

/// Makes requests. One for all threads of a run.
#[derive(Debug, Clone)]
pub(super) struct Client {
    agent: Agent,
    allowed: Arc<Allowed>,
}

impl Client {
    pub(super) fn new(options: &Options, allowed: Allowed) -> Result<Self, FetchError> {
        Self::with(options, allowed, DefaultResolver::default())
    }

    /// One that asks `inner` for the addresses of a name.
    fn with<R: Resolver>(options: &Options, allowed: Allowed, inner: R) -> Result<Self, FetchError> {
        let allowed = Arc::new(allowed);
        let proxy = super::proxy::chosen(options.proxy.as_deref(), &options.no_proxy)?;
        let resolver =
            Checked { inner, allowed: Arc::clone(&allowed), proxy: proxy.as_ref().map(|proxy| proxy.uri().clone()) };
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            .user_agent(user_agent(options.contact.as_deref()))
            .accept("*/*")
            .accept_encoding("gzip")
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(FIRST_BYTE))
            .tls_config(TlsConfig::builder().root_certs(roots()).build())
            .build();
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::new(), resolver), allowed })
    }

    /// Ends all requests that are under way; there will be no others.
    pub(super) fn close(&self) {
        self.agent.clone().shutdown();
    }

    /// Asks once.
    pub(super) fn get(&self, request: &Request<'_>) -> Result<Answer, Fault> {
        if let Some(why) = self.allowed.refusal(request.url) {
            return Err(Fault::refused(why));
        }
        let mut built = self.agent.get(request.url.as_str());
        for (name, value) in [("if-none-match", request.etag), ("if-modified-since", request.modified)] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(&latin(value)).ok()) {
                built = built.header(name, value);
            }
        }
        let built = built.config().timeout_global(Some(request.patience)).build();
        let mut response = built.call().map_err(|error| in_words(&error, request))?;
        let mut answer =
            Answer { status: response.status().as_u16(), headers: headers(response.headers()), body: Vec::new() };
        let wanted = !matches!(answer.status, 301 | 302 | 303 | 304 | 307 | 308);
        if wanted {
            // Room for all of it at once, so that nothing is copied as it grows.
            let told = response.body().content_length().unwrap_or(0).min(ROOM);
            let reader = response.body_mut().with_config().limit(u64::MAX).reader();
            let mut raw = Vec::with_capacity(told as usize);
            let read = reader.take(request.limit + 1).read_to_end(&mut raw);
            read.map_err(|cause| in_words(&ureq::Error::from(cause), request))?;
            if raw.len() as u64 > request.limit {
                return Err(too_large(request.limit));
            }
            answer.body = decoded(raw, answer.header("content-encoding").unwrap_or_default(), request.limit)?;
        }
        Ok(answer)
    }
}

/// The name under which the program asks, with the user's contact if there is one.
fn user_agent(contact: Option<&str>) -> String {
    let clean: String = contact.unwrap_or_default().chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
    let contact = if clean.is_empty() { String::new() } else { format!("; {clean}") };
    format!("despatch/{} (news index for one reader{contact})", env!("CARGO_PKG_VERSION"))
}

/// The roots of the system (also those that `SSL_CERT_FILE` names), else those that browsers trust.
fn roots() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    let certs: Vec<Certificate<'static>> = found.iter().map(|cert| Certificate::from_der(cert).to_owned()).collect();
    if certs.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&certs) }
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| c as u8).collect()
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    map.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn too_large(limit: u64) -> Fault {
    Fault::answer(format!("larger than {} MB", limit >> 20))
}

/// Undoes the content coding of a body. One that is cut off is a fault: what is missing would look like an edit.
fn decoded(raw: Vec<u8>, coding: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let most = limit.min((raw.len() as u64).saturating_mul(RATIO).max(1 << 20));
    let expand = |input: &mut dyn Read| {
        let mut out = Vec::new();
        match input.take(most + 1).read_to_end(&mut out) {
            Err(cause) => Err(Fault::answer(format!("its content coding is damaged or cut off: {cause}"))),
            Ok(_) if out.len() as u64 > most && most < limit => {
                Err(Fault::answer(format!("expands to more than {RATIO} times its size")))
            }
            Ok(_) if out.len() as u64 > limit => Err(too_large(limit)),
            Ok(_) => Ok(out),
        }
    };
    match coding.trim().to_ascii_lowercase().as_str() {
        // Some hosts name a coding and send the bytes as they are.
        "gzip" | "x-gzip" if raw.starts_with(&[0x1f, 0x8b]) => expand(&mut flate2::read::MultiGzDecoder::new(&raw[..])),
        "deflate" => expand(&mut flate2::read::ZlibDecoder::new(&raw[..]))
            .or_else(|_| expand(&mut flate2::read::DeflateDecoder::new(&raw[..]))),
        "" | "identity" | "gzip" | "x-gzip" => Ok(raw),
        other => Err(Fault::answer(format!("its content coding '{other}' is not read"))),
    }
}

/// How a message ends about a host that does not speak TLS.
pub(super) const NO_TLS: &str = "does not speak https at this port";

/// What went wrong, for a reader.
fn in_words(error: &ureq::Error, request: &Request<'_>) -> Fault {
    let host = request.url.host_str().unwrap_or_default();
    let told = error.to_string();
    let has = |word: &str| told.contains(word);
    match error {
        ureq::Error::Other(cause) if cause.downcast_ref::<PrivateAddress>().is_some() => {
            Fault::refused(cause.to_string())
        }
        ureq::Error::HostNotFound => Fault::unreachable(format!("no host is called '{host}'")),
        ureq::Error::Timeout(_) => Fault::network("no whole answer in time"),
        _ if has("Expired") || has("expired") => Fault::network(format!("the certificate of {host} has expired")),
        _ if has("NotValidForName") || has("not valid for name") => {
            Fault::network(format!("the certificate is not one of {host}"))
        }
        _ if has("InvalidContentType") || has("corrupt message") => Fault::network(format!("{host} {NO_TLS}")),
        _ if has("UnknownIssuer") => {
            Fault::network(format!("the certificate of {host} is signed by nobody known here"))
        }
        ureq::Error::Io(cause) => match cause.kind() {
            std::io::ErrorKind::ConnectionRefused => Fault::unreachable(format!("{host} refuses connections")),
            std::io::ErrorKind::UnexpectedEof => Fault::answer("the answer is cut off"),
            std::io::ErrorKind::TimedOut => Fault::network("no whole answer in time"),
            _ if has("lookup") || has("Name or service") => Fault::unreachable(format!("no host is called '{host}'")),
            _ => Fault::network(told),
        },
        ureq::Error::ConnectionFailed => Fault::unreachable(format!("no connection to {host}")),
        ureq::Error::ConnectProxyFailed(why) => Fault::network(format!("the proxy: {why}")),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => Fault::answer(format!("no answer in HTTP: {told}")),
        _ => Fault::network(told),
    }
}

/// A name was resolved to an address that may not be asked.
#[derive(Debug)]
struct PrivateAddress(std::net::IpAddr);

impl fmt::Display for PrivateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&private(self.0))
    }
}

impl std::error::Error for PrivateAddress {}

/// Resolves names, and keeps only the addresses that may be asked. The connection is made to these, so a name that is
/// resolved otherwise a moment later opens no door. The user's proxy may stand anywhere.
#[derive(Debug)]
struct Checked<R> {
    inner: R,
    allowed: Arc<Allowed>,
    proxy: Option<Uri>,
}

impl<R: Resolver> Resolver for Checked<R> {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.proxy.as_ref() == Some(uri) {
            return Ok(found);
        }
        let mut kept = self.empty();
        for at in found.iter().filter(|at| self.allowed.permits(uri.host().unwrap_or_default(), **at)) {
            kept.push(*at);
        }
        match found.first() {
            Some(first) if kept.is_empty() => Err(ureq::Error::Other(Box::new(PrivateAddress(first.ip())))),
            _ => Ok(kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_coding_is_undone_whole_or_not_at_all() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&[b'a'; 5000]).unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(decoded(gzip.clone(), "gzip", 1 << 20).unwrap().len(), 5000);
        assert!(decoded(gzip[..gzip.len() - 9].to_vec(), "gzip", 1 << 20).unwrap_err().what.contains("cut off"));
        assert_eq!(decoded(b"plain".to_vec(), "gzip", 100).unwrap(), b"plain");
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        raw.write_all(b"raw deflate").unwrap();
        assert_eq!(decoded(raw.finish().unwrap(), "deflate", 100).unwrap(), b"raw deflate");
        assert!(decoded(b"x".to_vec(), "br", 100).unwrap_err().what.contains("'br' is not read"));
    }

    #[test]
    fn a_body_that_expands_without_end_is_refused() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..64 {
            gzip.write_all(&[0; 1 << 20]).unwrap();
        }
        let gzip = gzip.finish().unwrap();
        assert!(decoded(gzip.clone(), "gzip", 10 << 20).unwrap_err().what.contains("larger than 10 MB"));
        assert!(decoded(gzip, "gzip", 1 << 30).unwrap_err().what.contains("times its size"));
    }

    /// Gives the same addresses for every name.
    #[derive(Debug)]
    struct Given(Vec<std::net::SocketAddr>);

    impl Resolver for Given {
        fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let mut found = self.empty();
            self.0.iter().for_each(|at| found.push(*at));
            Ok(found)
        }
    }

    /// Asks for a name that has these addresses; those at `private` may be asked.
    fn asked(addresses: Vec<std::net::SocketAddr>, private: &[String]) -> Result<Answer, Fault> {
        let options = Options::new("index", "2026-03-01T12:00:00Z".parse().unwrap());
        let allowed = Allowed::new(&private.iter().cloned().collect(), ["harbour.example:9000".to_owned()].into());
        let client = Client::with(&options, allowed, Given(addresses)).unwrap();
        let url = Url::parse("http://harbour.example:9000/feed").unwrap();
        client.get(&Request { url: &url, etag: None, modified: None, limit: 100, patience: Duration::from_secs(20) })
    }

    #[test]
    fn where_an_address_of_a_host_is_dead_the_next_one_is_asked() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 2000];
            let read = stream.read(&mut head).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nAlda").unwrap();
            String::from_utf8_lossy(&head[..read]).into_owned()
        });
        // Nobody listens at port 1; a machine without IPv6 cannot even try.
        let dead = "[::1]:1".parse().unwrap();
        let began = std::time::Instant::now();
        let answer = asked(vec![dead, alive], &["[::1]".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        assert_eq!(answer.body, b"Alda");
        assert!(began.elapsed() < CONNECT);
        assert!(server.join().unwrap().contains("harbour.example:9000"), "by its name");
    }

    #[test]
    fn a_name_that_leads_to_a_private_address_is_not_asked() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let fault = asked(vec![listener.local_addr().unwrap()], &[]).unwrap_err();
        assert!(fault.kind == Trouble::Refused && fault.what.contains("127.0.0.1 is a private address"), "{fault:?}");
        assert!(listener.accept().is_err(), "no connection was opened");
    }

    #[test]
    fn the_program_says_who_it_is() {
        let named = user_agent(Some("desk@harbour.example\r\nX-Evil: 1"));
        assert_eq!(
            named,
            format!(
                "despatch/{} (news index for one reader; desk@harbour.exampleX-Evil: 1)",
                env!("CARGO_PKG_VERSION")
            )
        );
    }
}
