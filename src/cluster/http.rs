//! Requests to a cluster, and its answers.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::{Address, ClusterError, Credentials};

const CONNECT: Duration = Duration::from_secs(5);
/// The longest that one answer may take, and that of a request with many stories.
const PATIENCE: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(120)];
/// How long a request is made again while the cluster is busy.
const BUSY: Duration = Duration::from_secs(600);
/// The first pause before a request is made again, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(30)];
/// Bytes of an answer, at most.
const MOST: u64 = 1 << 30;
/// Bytes of a body from which on it is sent compressed.
const LARGE: usize = 1 << 10;
/// The oldest OpenSearch that is asked; tried with 2.19.6.
const OLDEST: (u64, u64) = (2, 11);

/// What the body of a request is.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    None,
    Json(&'a Value),
    /// One JSON value a line.
    Lines(&'a [u8]),
}

/// A cluster that answers.
pub struct Cluster {
    agent: Agent,
    address: Address,
    /// The node that is asked.
    node: AtomicUsize,
    credentials: Option<Credentials>,
    busy: Duration,
    /// Of OpenSearch, as it says.
    pub(crate) version: String,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Cluster {
    /// Asks a cluster what it is.
    ///
    /// # Errors
    ///
    /// [`ClusterError::Unreachable`] where nothing answers, [`ClusterError::Denied`] where the credentials do not do,
    /// [`ClusterError::Unknown`] where what answers is no OpenSearch, or too old.
    pub fn connect(address: Address, credentials: Option<Credentials>) -> Result<Self, ClusterError> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .user_agent(format!("despatch/{}", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(roots()).build())
            .build();
        let (node, version) = (AtomicUsize::new(0), String::new());
        let mut cluster = Self { agent: config.into(), address, node, credentials, busy: BUSY, version };
        let about = cluster.get("")?.unwrap_or_default();
        let version = &about["version"];
        let number = version["number"].as_str().unwrap_or_default();
        let mut parts = number.split('.').map_while(|part| part.parse::<u64>().ok());
        let is_new = (parts.next(), parts.next()) >= (Some(OLDEST.0), Some(OLDEST.1));
        if version["distribution"] != "opensearch" || !is_new {
            let what = if number.is_empty() { "it names no version".to_owned() } else { format!("version {number}") };
            return Err(ClusterError::Unknown { host: cluster.host(), what });
        }
        cluster.version = number.to_owned();
        Ok(cluster)
    }

    /// Asks again for this long while the cluster is too busy, instead of ten minutes.
    #[must_use]
    pub fn with_patience(self, busy: Duration) -> Self {
        Self { busy, ..self }
    }

    /// Host and port, for messages.
    pub(crate) fn host(&self) -> String {
        self.address.host.clone()
    }

    /// What the names of its indices begin with.
    pub(crate) fn name(&self) -> &str {
        &self.address.name
    }

    /// What is at a path; `None` where nothing is.
    pub(crate) fn get(&self, path: &str) -> Result<Option<Value>, ClusterError> {
        match self.ask("GET", path, Body::None)? {
            (404, _) => Ok(None),
            (status, answer) => self.accepted(status, answer).map(Some),
        }
    }

    /// Sends a request with a body.
    pub(crate) fn send(&self, method: &'static str, path: &str, body: &Value) -> Result<Value, ClusterError> {
        let (status, answer) = self.ask(method, path, Body::Json(body))?;
        self.accepted(status, answer)
    }

    /// Asks an index: as [`Cluster::send`], but an answer of some of its parts is an error.
    pub(crate) fn search(&self, path: &str, body: &Value) -> Result<Value, ClusterError> {
        let answer = self.send("POST", path, body)?;
        self.whole(answer)
    }

    /// An answer of all parts of an index; one of some would be wrong.
    pub(crate) fn whole(&self, answer: Value) -> Result<Value, ClusterError> {
        let failed = answer["_shards"]["failed"].as_u64().unwrap_or(0);
        if failed == 0 && answer["timed_out"] != true && !answer["error"].is_object() {
            return Ok(answer);
        }
        let failure = &answer["_shards"]["failures"][0]["reason"];
        let said = [&failure["caused_by"]["reason"], &failure["reason"]];
        let why = match said.iter().find_map(|said| said.as_str()) {
            Some(why) => why.to_owned(),
            None if answer["error"].is_object() => reason(&answer),
            None => "a part of the index does not answer".to_owned(),
        };
        Err(ClusterError::Answer { host: self.host(), why })
    }

    /// Deletes what is at a path, if anything is.
    pub(crate) fn delete(&self, path: &str) -> Result<(), ClusterError> {
        match self.ask("DELETE", path, Body::None)? {
            (404, _) => Ok(()),
            (status, answer) => self.accepted(status, answer).map(drop),
        }
    }

    /// Sends lines.
    pub(crate) fn lines(&self, path: &str, lines: &[u8]) -> Result<Value, ClusterError> {
        let (status, answer) = self.ask("POST", path, Body::Lines(lines))?;
        self.accepted(status, answer)
    }

    /// What a cluster says that does not do what it is asked.
    pub(super) fn refused(&self, status: u16, said: &Value) -> ClusterError {
        let host = self.host();
        let reason = reason(said);
        match status {
            401 | 403 if !reason.contains("blocked by") => ClusterError::Denied { host, status },
            _ if is_full(&reason) => ClusterError::Full { host },
            500 if reason.contains("not connected") => {
                ClusterError::Unreachable { host, why: "its nodes do not reach one another".to_owned() }
            }
            429 | 502..=504 => ClusterError::Busy { host, why: format!("{status} {reason}").trim().to_owned() },
            _ => ClusterError::Answer { host, why: format!("{status} {reason}").trim().to_owned() },
        }
    }

    fn accepted(&self, status: u16, answer: Value) -> Result<Value, ClusterError> {
        if (200..300).contains(&status) { Ok(answer) } else { Err(self.refused(status, &answer)) }
    }

    /// Asks the node that answered last, and where it does not, each of the others.
    fn any(&self, method: &str, path: &str, body: Body<'_>) -> Result<(u16, Value), ClusterError> {
        let mut tried = 1;
        loop {
            match self.once(method, path, body) {
                Err(ClusterError::Unreachable { .. }) if tried < self.address.nodes.len() => {
                    self.node.fetch_add(1, Ordering::Relaxed);
                    tried += 1;
                }
                answered => return answered,
            }
        }
    }

    /// Asks, and asks again while the cluster is too busy: no request here does more when it is made twice.
    fn ask(&self, method: &str, path: &str, body: Body<'_>) -> Result<(u16, Value), ClusterError> {
        let mut patience = self.patience();
        loop {
            let answered = self.any(method, path, body);
            match &answered {
                Ok((429 | 502..=504, said)) if passes(&reason(said)) && patience.wait() => {}
                // A node looks for another that has just gone.
                Ok((500, said)) if reason(said).contains("not connected") && patience.wait() => {}
                _ => return answered,
            }
        }
    }

    /// What is left of the time for which a busy cluster is asked again.
    pub(super) fn patience(&self) -> Patience {
        Patience { until: Instant::now() + self.busy, pause: PAUSES[0] }
    }

    fn base(&self) -> &str {
        let nodes = &self.address.nodes;
        nodes.get(self.node.load(Ordering::Relaxed) % nodes.len().max(1)).map_or("", String::as_str)
    }

    fn once(&self, method: &str, path: &str, body: Body<'_>) -> Result<(u16, Value), ClusterError> {
        let host = || self.base().rsplit('/').next().unwrap_or_default().to_owned();
        let unreachable = |why: String| ClusterError::Unreachable { host: host(), why };
        let (kind, bytes) = match body {
            Body::None => (None, Vec::new()),
            Body::Json(value) => (Some("application/json"), value.to_string().into_bytes()),
            Body::Lines(lines) => (Some("application/x-ndjson"), lines.to_vec()),
        };
        let mut request = Request::builder().method(method).uri(format!("{}/{path}", self.base()));
        if let Some(credentials) = &self.credentials {
            request = request.header("authorization", credentials.header());
        }
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let bytes = match bytes.len() {
            0..LARGE => bytes,
            _ => {
                request = request.header("content-encoding", "gzip");
                zipped(&bytes).map_err(|cause| unreachable(cause.to_string()))?
            }
        };
        let patience = match body {
            // The first question; where a node is silent, another is asked before long.
            Body::None if path.is_empty() && self.address.nodes.len() > 1 => CONNECT,
            Body::Lines(_) => PATIENCE[1],
            _ => PATIENCE[0],
        };
        let request = request.body(bytes).map_err(|cause| unreachable(cause.to_string()))?;
        let request = self.agent.configure_request(request).timeout_global(Some(patience)).build();
        let mut answer = self.agent.run(request).map_err(|error| unreachable(in_words(&error)))?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().with_config().limit(MOST).read_to_vec();
        let text = text.map_err(|error| unreachable(in_words(&error)))?;
        match serde_json::from_slice(&text) {
            Ok(value) => Ok((status, value)),
            Err(_) if !(200..300).contains(&status) || text.is_empty() => Ok((status, Value::Null)),
            Err(_) => Err(ClusterError::Answer { host: self.host(), why: "an answer that is no JSON".to_owned() }),
        }
    }
}

/// Asks a question page by page, until a page has fewer hits than are asked for. The body of the question has a `size` and
/// sorts by something that no two hits share.
pub(crate) fn each_page<E>(
    mut body: Value,
    mut ask: impl FnMut(&Value) -> Result<Value, E>,
    mut each: impl FnMut(&[Value]) -> Result<(), E>,
) -> Result<(), E> {
    let size = body["size"].as_u64().unwrap_or(0) as usize;
    loop {
        let answer = ask(&body)?;
        let hits = answer["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
        each(hits)?;
        match hits.last().filter(|_| hits.len() >= size) {
            Some(last) => body["search_after"] = last["sort"].clone(),
            None => return Ok(()),
        }
    }
}

/// See [`Cluster::patience`].
pub(super) struct Patience {
    until: Instant,
    pause: Duration,
}

impl Patience {
    /// Waits a while, each time longer; `false` where no time is left.
    pub(super) fn wait(&mut self) -> bool {
        let left = Instant::now() + self.pause <= self.until;
        if left {
            std::thread::sleep(self.pause);
            self.pause = (2 * self.pause).min(PAUSES[1]);
        }
        left
    }
}

/// The roots of the system (also those that `SSL_CERT_FILE` names).
fn roots() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    let certs: Vec<Certificate<'static>> = found.iter().map(|cert| Certificate::from_der(cert).to_owned()).collect();
    RootCerts::new_with_certs(&certs)
}

fn zipped(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes)?;
    out.finish()
}

/// Why a request was refused, as the cluster says it: the deepest cause that it names.
fn reason(said: &Value) -> String {
    let error = &said["error"];
    let shard = &error["failed_shards"][0]["reason"];
    let deep = [&error["root_cause"][0], &shard["caused_by"], shard, &error["caused_by"], error];
    let causes = deep.iter().map(|cause| &cause["reason"]).chain([error]);
    causes.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a reason may pass by itself: neither that the disks are full nor that an answer would be too large does.
fn passes(reason: &str) -> bool {
    !is_full(reason) && !reason.contains("too many buckets")
}

/// Whether a reason is that the disks are full, which waiting does not mend.
pub(super) fn is_full(reason: &str) -> bool {
    reason.contains("read-only-allow-delete") || reason.contains("disk usage exceeded")
}

fn in_words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "no host has this name".to_owned(),
        ureq::Error::Timeout(_) => {
            "no whole answer in time; a cluster that has lost half of its nodes gives none".to_owned()
        }
        other if other.to_string().contains("InvalidContentType") => "it does not speak https at this port".to_owned(),
        ureq::Error::Io(cause) if cause.kind() == std::io::ErrorKind::ConnectionRefused => {
            "it refuses connections".to_owned()
        }
        ureq::Error::Io(cause) if cause.kind() == std::io::ErrorKind::ConnectionReset => {
            "it cut the connection".to_owned()
        }
        ureq::Error::Io(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
            "the answer is cut off".to_owned()
        }
        other => other.to_string(),
    }
}
