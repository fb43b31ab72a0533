//! Who has an answer already does not get it again, and never keeps one that is no longer right.

use axum::http::Request;

use super::Site;

const ALDA: (&str, &str) =
    ("alda.md", "---\ndate: 2026-02-28\n---\n# Alda buys frigates\n\nAlda will buy two frigates.");

fn asked_again(site: &Site, path: &str, tag: &str) -> u16 {
    site.send(Request::get(path).header("if-none-match", tag)).status.as_u16()
}

#[test]
fn an_answer_is_given_again_once_the_index_has_changed() {
    let site = Site::of(&[ALDA]);
    for path in ["/v1/search?q=frigates", "/?q=frigates", "/search.csv?q=frigates", "/v1/facets?q=frigates"] {
        let first = site.get(path);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{tag}");
        let again = site.send(Request::get(path).header("if-none-match", format!("\"x\", {tag}")));
        assert_eq!((again.status.as_u16(), again.body.as_str(), again.header("etag")), (304, "", tag.as_str()));
        assert_eq!(asked_again(&site, path, "W/\"0\""), 200);
    }
    let tag = site.get("/v1/search?q=frigates").header("etag").to_owned();
    assert_ne!(site.get("/v1/search?q=frigate").header("etag"), tag, "another question");
    let lines = site.send(Request::get("/v1/search?q=frigates").header("accept", "application/x-ndjson"));
    assert_ne!(lines.header("etag"), tag, "another form");
    site.add("more.md", "# More frigates\n\nBorduria will buy two frigates, too.");
    assert_eq!(asked_again(&site, "/v1/search?q=frigates", &tag), 200);
    assert_eq!(site.json("/v1/search?q=frigates")["total"], 2);
}

#[test]
fn yesterday_is_another_day_tomorrow() {
    let site = Site::of(&[ALDA]);
    let path = "/v1/search?since=yesterday&until=yesterday";
    let first = site.get(path);
    assert_eq!(first.json()["total"], 1, "{}", first.body);
    site.set_clock("2026-03-01T23:59:59Z");
    assert_eq!(asked_again(&site, path, first.header("etag")), 304);
    site.set_clock("2026-03-02T00:00:00Z");
    assert_eq!(asked_again(&site, path, first.header("etag")), 200);
    assert_eq!(site.json(path)["total"], 0);
}

#[test]
fn what_is_removed_or_saved_is_seen_by_the_next_request() {
    let site = Site::of(&[ALDA, ("boat.md", "# A boat\n\nBorduria has a boat in Port Varna.")]);
    let run = |arguments: &[&str]| {
        let output = super::despatch(site.index().parent().unwrap()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let tag = site.get("/v1/saved").header("etag").to_owned();
    run(&["save", "boats", "boat"]);
    assert_eq!(asked_again(&site, "/v1/saved", &tag), 200);
    let id = site.json("/v1/search?q=frigates")["hits"][0]["id"].as_str().unwrap().to_owned();
    let paths = ["/?q=frigates", "/v1/search?q=frigates", "/search.csv?q=frigates", "/v1/quotes?q=frigates"];
    let tags: Vec<String> = paths.iter().map(|path| site.get(path).header("etag").to_owned()).collect();
    run(&["purge", &id, "--yes"]);
    for (path, tag) in paths.iter().zip(&tags) {
        let answer = site.send(Request::get(*path).header("if-none-match", tag));
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("two frigates"), "{path}: {}", answer.body);
    }
    assert!(site.get(&format!("/a/{id}")).status.is_client_error());
    run(&["rebuild"]);
    assert_eq!(site.json("/v1/search?q=boat")["total"], 1);
}
