//! `/metrics`: how much is asked and how fast it is answered, in the text format of Prometheus (exposition format 0.0.4).
//! Nothing of what was searched for: paths are those of the routes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::App;
use super::problem::Problem;
use crate::engine::LocalEngine;

/// Seconds up to which answers are counted.
const BOUNDS: [f64; 9] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// What was asked of one route.
#[derive(Debug, Default)]
struct Route {
    by_status: BTreeMap<u16, u64>,
    /// Answers that took as long at most as each of the bounds.
    within: [u64; BOUNDS.len()],
    seconds: f64,
}

/// What was asked since the start, by the path of the route; what no route takes has the path `other`.
#[derive(Debug, Default)]
pub(super) struct Metrics(Mutex<BTreeMap<String, Route>>);

impl Metrics {
    pub(super) fn count(&self, path: Option<&str>, status: StatusCode, took: Duration) {
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner); // counts stay right after a panic
        let route = routes.entry(path.unwrap_or("other").to_owned()).or_default();
        *route.by_status.entry(status.as_u16()).or_default() += 1;
        route.seconds += took.as_secs_f64();
        for (count, bound) in route.within.iter_mut().zip(BOUNDS) {
            *count += u64::from(took.as_secs_f64() <= bound);
        }
    }

    /// The lines of Prometheus. Writing to a string cannot fail.
    fn lines(&self) -> String {
        let routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = head("despatch_requests_total", "counter", "Requests that were answered.");
        for (path, route) in routes.iter() {
            for (status, count) in &route.by_status {
                let _ = writeln!(out, "despatch_requests_total{{route=\"{path}\",status=\"{status}\"}} {count}");
            }
        }
        out += &head("despatch_request_seconds", "histogram", "How long answers took.");
        for (path, route) in routes.iter() {
            let all: u64 = route.by_status.values().sum();
            let bounds = BOUNDS.map(|bound| bound.to_string());
            let counts = bounds.iter().map(String::as_str).zip(route.within).chain([("+Inf", all)]);
            for (bound, count) in counts {
                let _ = writeln!(out, "despatch_request_seconds_bucket{{route=\"{path}\",le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(out, "despatch_request_seconds_sum{{route=\"{path}\"}} {}", route.seconds);
            let _ = writeln!(out, "despatch_request_seconds_count{{route=\"{path}\"}} {all}");
        }
        out
    }
}

fn head(name: &str, kind: &str, about: &str) -> String {
    format!("# HELP {name} {about}\n# TYPE {name} {kind}\n")
}

fn gauge(name: &str, about: &str, value: impl std::fmt::Display) -> String {
    format!("{}{name} {value}\n", head(name, "gauge", about))
}

/// What was asked since the start, how many questions wait, and how much the index holds.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let Some(metrics) = &app.metrics else { return Err(Problem::no_page()) };
    let waiting = app.pool.waiting();
    let index = |engine: &mut LocalEngine<'_>| Ok::<_, Problem>((engine.archive().counts()?.articles, engine.upto().0));
    let (articles, upto) = app.pool.ask(index).await?;
    let text = metrics.lines()
        + &gauge("despatch_waiting", "Questions that wait for an engine.", waiting)
        + &gauge("despatch_articles", "Articles of the archive.", articles)
        + &gauge("despatch_index_seq", "Number of the last version that the index holds.", upto);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_status_and_time() {
        let metrics = Metrics::default();
        metrics.count(Some("/v1/search"), StatusCode::OK, Duration::from_millis(7));
        metrics.count(Some("/v1/search"), StatusCode::OK, Duration::from_secs(60));
        metrics.count(None, StatusCode::NOT_FOUND, Duration::ZERO);
        let text = metrics.lines();
        for line in [
            "despatch_requests_total{route=\"/v1/search\",status=\"200\"} 2",
            "despatch_requests_total{route=\"other\",status=\"404\"} 1",
            "despatch_request_seconds_bucket{route=\"/v1/search\",le=\"0.005\"} 0",
            "despatch_request_seconds_bucket{route=\"/v1/search\",le=\"0.01\"} 1",
            "despatch_request_seconds_bucket{route=\"/v1/search\",le=\"10\"} 1",
            "despatch_request_seconds_bucket{route=\"/v1/search\",le=\"+Inf\"} 2",
            "despatch_request_seconds_sum{route=\"/v1/search\"} 60.007",
            "despatch_request_seconds_count{route=\"/v1/search\"} 2",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
