//! `/metrics`: counts of requests, when they are asked for.

use super::Site;

const ARTICLE: (&str, &str) = ("a.md", "# Alda buys frigates\n\nAlda will buy two frigates for its navy.");

#[test]
fn requests_are_counted_without_what_was_searched_for() {
    let site = Site::of(&[ARTICLE]).with(|options| options.metrics = true);
    for path in ["/v1/search?q=frigates", "/v1/search?q=date:never", "/?q=frigates", "/secret/path"] {
        site.get(path);
    }
    let id = site.json("/v1/search?q=frigates")["hits"][0]["id"].as_str().unwrap().to_owned();
    site.get(&format!("/v1/articles/{id}"));
    let told = site.get("/metrics");
    assert_eq!((told.status.as_u16(), told.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        "despatch_requests_total{route=\"/v1/search\",status=\"200\"} 2",
        "despatch_requests_total{route=\"/v1/search\",status=\"400\"} 1",
        "despatch_requests_total{route=\"/v1/articles/{id}\",status=\"200\"} 1",
        "despatch_requests_total{route=\"other\",status=\"404\"} 1",
        "despatch_waiting 0",
        "despatch_articles 1",
    ] {
        assert!(told.body.lines().any(|one| one == line), "{line}\n{}", told.body);
    }
    for secret in ["frigates", "secret", id.as_str()] {
        assert!(!told.body.contains(secret), "{secret}: {}", told.body);
    }
}

#[test]
fn nothing_is_told_unless_it_is_wished() {
    assert_eq!(Site::of(&[ARTICLE]).get("/metrics").status, 404);
}
