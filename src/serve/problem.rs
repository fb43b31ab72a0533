//! Why a request was not answered, as a problem document (RFC 9457).
//!
//! No text in one names a file of this machine: errors of index and archive are told in general words, and those who
//! run the server find the rest with `despatch verify`.

use std::ops::{Deref, DerefMut};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::archive::ArchiveError;
use crate::ask::{AskError, ParameterError};
use crate::engine::{EngineError, Heading};
use crate::ingest::IngestError;
use crate::pool::PoolError;
use crate::saved::SavedError;

/// A problem; on the heap, because every answer could be one.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct Problem(Box<Document>);

impl Deref for Problem {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Document {
        &mut self.0
    }
}

/// A problem document.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Document {
    #[serde(rename = "type")]
    kind: String,
    pub(super) title: &'static str,
    #[serde(serialize_with = "number")]
    pub(super) status: StatusCode,
    pub(super) detail: String,
    /// Bytes of the query that are at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<[usize; 2]>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
    /// The names that are most like the one that there is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearest: Vec<Heading>,
    /// What a name or the beginning of an identifier can mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<Heading>,
    /// The parameters that there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<String>,
    #[serde(skip)]
    headers: Vec<(header::HeaderName, HeaderValue)>,
}

fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

/// Seconds after which a client that was turned away may ask again.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

impl Problem {
    /// A problem of a kind (the last part of its `type`).
    pub(super) fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: format!("/problems/{kind}"),
            title,
            status,
            detail: detail.into(),
            span: None,
            hint: None,
            nearest: Vec::new(),
            candidates: Vec::new(),
            parameters: Vec::new(),
            headers: Vec::new(),
        }))
    }

    /// A parameter with a value that is not taken.
    pub(super) fn parameter(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-parameter", "A parameter does not take this", detail)
    }

    /// A request that the gate turns away.
    pub(super) fn refused(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "refused", "The request is refused", detail)
    }

    /// A body of more bytes than are taken.
    pub(super) fn too_large(most: u64) -> Self {
        let detail = format!("a body has {most} bytes at most");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", detail)
    }

    /// There is no such page.
    pub(super) fn no_page() -> Self {
        let detail = "there is nothing under this address";
        Self::new(StatusCode::NOT_FOUND, "no-page", "There is no such page", detail)
    }

    pub(super) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    pub(super) fn with_header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Its headers onto a response that tells it in another form.
    pub(super) fn dress(&self, response: &mut Response) {
        *response.status_mut() = self.status;
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
    }

    fn unreadable() -> Self {
        let detail = "the index cannot be read";
        let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "index", "The index cannot be read", detail);
        problem.with_hint(Some("`despatch verify` shows whether anything is damaged, and what mends it".to_owned()))
    }

    fn unavailable(kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, title, detail).with_header(header::RETRY_AFTER, AGAIN)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = ([(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        self.dress(&mut response);
        response.extensions_mut().insert(self); // for readers of pages it is made a page
        response
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Busy => Self::unavailable("busy", "Too many ask at once", error.to_string()),
            PoolError::Late(_) => Self::unavailable("late", "The answer took too long", error.to_string())
                .with_hint(Some("narrow the question: a longer prefix, fewer days".to_owned())),
            PoolError::Index(error) => (*error).into(),
            PoolError::Engine(error) => error.into(),
            PoolError::Fault => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "The program gave up", error.to_string())
            }
        }
    }
}

impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Archive(ArchiveError::Missing(_)) => {
                Self::unavailable("no-index", "There is no index", "the index directory holds no articles yet")
                    .with_hint(Some("make one with `despatch index PATH`".to_owned()))
            }
            IngestError::Outdated(_) => Self::unavailable(
                "outdated",
                "The index has to be made again",
                "the index was made by another version, by another authority file or from another archive",
            )
            .with_hint(Some("run `despatch rebuild`: it needs only the archive in the index directory".to_owned())),
            _ => Self::unreadable(),
        }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let (kind, title) = match &error {
            EngineError::Query { .. } => ("bad-query", "Part of the query means nothing"),
            EngineError::UnknownName { .. } => ("unknown-name", "There is no such name"),
            EngineError::AmbiguousName { .. } => ("ambiguous-name", "The name can mean several"),
            EngineError::UnknownLevel { .. } => ("unknown-level", "There is no such level"),
            EngineError::Unsupported { .. } => ("unsupported", "The index does not answer this"),
            #[cfg(feature = "cluster")]
            EngineError::Cluster(_) => ("", ""),
            EngineError::Archive(_) | EngineError::Index(_) => ("", ""),
        };
        let mut problem = Self::new(StatusCode::BAD_REQUEST, kind, title, error.to_string()).with_hint(error.hint());
        match error {
            EngineError::Query { span, .. } => problem.span = Some([span.start, span.end]),
            EngineError::UnknownName { nearest, .. } => problem.nearest = nearest,
            EngineError::AmbiguousName { candidates, .. } => problem.candidates = candidates,
            EngineError::UnknownLevel { .. } | EngineError::Unsupported { .. } => {}
            #[cfg(feature = "cluster")]
            EngineError::Cluster(_) => return Self::unreadable(),
            EngineError::Archive(error) => return error.into(),
            EngineError::Index(_) => return Self::unreadable(),
        }
        problem
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        let told = error.to_string();
        match error {
            ArchiveError::NoArticle(_) => {
                Self::new(StatusCode::NOT_FOUND, "no-article", "There is no such article", told)
            }
            ArchiveError::Removed(_) => Self::new(StatusCode::GONE, "removed", "The article was removed", told),
            ArchiveError::AmbiguousId { candidates, .. } => {
                let candidates = candidates.into_iter().map(|id| Heading { label: id.clone(), id }).collect();
                let title = "The identifier can mean several";
                let mut problem = Self::new(StatusCode::BAD_REQUEST, "ambiguous-id", title, told);
                problem.candidates = candidates;
                problem
            }
            _ => Self::unreadable(),
        }
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        let hint = error.hint();
        match &error {
            AskError::Date { option, text, cause } => {
                Self::parameter(format!("{option}={text}: {cause}")).with_hint(hint)
            }
            AskError::Saved(saved) => saved.into(),
            _ => Self::parameter(error.to_string()).with_hint(hint),
        }
    }
}

impl From<&SavedError> for Problem {
    fn from(error: &SavedError) -> Self {
        match error {
            SavedError::File { .. } | SavedError::Damaged { .. } => {
                let title = "The saved search cannot be read";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "saved", title, "its file cannot be read")
            }
            _ => {
                Self::new(StatusCode::NOT_FOUND, "no-saved-search", "There is no such saved search", error.to_string())
                    .with_hint(error.hint())
            }
        }
    }
}

impl From<SavedError> for Problem {
    fn from(error: SavedError) -> Self {
        Self::from(&error)
    }
}

impl From<ParameterError> for Problem {
    fn from(error: ParameterError) -> Self {
        let (told, hint) = (error.to_string(), error.hint());
        match error {
            ParameterError::Unknown { known, .. } => {
                let title = "There is no such parameter";
                let mut problem = Self::new(StatusCode::BAD_REQUEST, "unknown-parameter", title, told).with_hint(hint);
                problem.parameters = known;
                problem
            }
            ParameterError::Value(_) => Self::parameter(told),
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(_: std::io::Error) -> Self {
        Self::unreadable()
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        std::io::Error::from(error).into()
    }
}
