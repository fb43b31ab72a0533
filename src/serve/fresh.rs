//! Tags of answers (RFC 9110, 8.8.3): who has an answer already is told so, before anything is searched.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use crate::archive::{digest, hex};
use crate::directory;

/// Gives answers their tags, and answers what is known already with 304.
pub(super) async fn keep(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return next.run(request).await;
    }
    let tag = tag(&app, &request);
    if is_known(request.headers(), &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::OK
        && let Ok(tag) = HeaderValue::from_str(&tag)
    {
        response.headers_mut().insert(header::ETAG, tag);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    }
    response
}

/// The tag of the answer to a request: it changes with the question and the form that is asked for, with the program,
/// with the index directory, and with the day, because of "yesterday". It is taken before the answer is made, so it is
/// never newer than that.
fn tag(app: &App, request: &Request) -> String {
    let asked = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let accept = request.headers().get(header::ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
    let state = format!("{}\n{:?}\n{}\n", env!("CARGO_PKG_VERSION"), directory::state(&app.index), app.now().day());
    let bytes = [state.as_bytes(), asked.as_bytes(), b"\n", accept].concat();
    format!("W/\"{}\"", hex(&digest(&bytes)[..12]))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|one| one.trim() == tag)
}
