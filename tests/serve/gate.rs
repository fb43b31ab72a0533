//! The gate: who is let through, and what every answer carries. The table of threats in `serve::gate` names these
//! tests.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode};

use super::{Answer, Site, despatch};
use despatch::pool::Limits;
use despatch::serve::Logged;

const ARTICLE: (&str, &str) =
    ("alda.md", "---\ndate: 2026-02-02\noutlet: Alda Post\n---\n# Alda buys frigates\n\nAlda will buy two frigates.");

const PATHS: [&str; 13] = [
    "/mcp",
    "/",
    "/v1/search?q=alda",
    "/v1/index",
    "/v1/openapi.json",
    "/search.csv",
    "/opensearch.xml",
    "/healthz",
    "/readyz",
    "/help/query",
    "/nothing",
    "/v1/search?q=date:never",
    "/assets/x.css",
];

fn site() -> Site {
    Site::of(&[ARTICLE])
}

#[test]
fn a_strange_host_is_refused_on_every_path() {
    let site = site();
    let hosts = ["evil.example", "localhost.evil.example:7373", "127.0.0.1.nip.io:7373", "[::1]:1", "127.0.0.1", ""];
    for path in PATHS {
        for host in hosts {
            let answer = site.send(Request::get(path).header("host", host));
            assert_eq!(answer.status, 403, "{host} {path}");
            assert!(!answer.body.contains("frigate"), "{host} {path}");
        }
    }
    for host in ["localhost:7373", "127.0.0.1:7373", "[::1]:7373", "LOCALHOST:7373"] {
        assert_eq!(site.send(Request::get("/healthz").header("host", host)).status, 200, "{host}");
    }
    let proxied = site.with(|options| options.hosts = vec!["news.example".to_owned()]);
    assert_eq!(proxied.send(Request::get("/healthz").header("host", "news.example")).status, 200);
}

#[test]
fn a_host_is_said_once() {
    let site = site();
    let without = Request::get("/healthz").body(Body::empty()).unwrap();
    assert_eq!(site.send_as_it_is(without).status, 400);
    let two = Request::get("/healthz").header("host", "127.0.0.1:7373").header("host", "evil.example");
    assert_eq!(site.send(two).status, 400);
    let whole = Request::get("http://evil.example/healthz").header("host", "127.0.0.1:7373");
    assert_eq!(site.send(whole).status, 400);
    let broken = Request::get("/healthz").header("host", HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    assert_eq!(site.send(broken).status, 403);
}

#[test]
fn a_strange_origin_is_refused() {
    let site = site();
    let of = |origin: &[u8]| {
        let origin = HeaderValue::from_bytes(origin).unwrap();
        site.send(Request::get("/v1/search?q=alda").header("origin", origin))
    };
    let strange: [&[u8]; 6] = [
        b"null",
        b"https://evil.example",
        b"http://127.0.0.1:1",
        b"http://localhost:7373", // another name is another origin
        b"127.0.0.1:7373",
        b"\xff",
    ];
    for origin in strange {
        assert_eq!(of(origin).status, 403, "{origin:?}");
    }
    let own = of(b"http://127.0.0.1:7373");
    assert_eq!(own.status, 200);
    assert!(own.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{own:?}");
}

#[test]
fn a_strange_page_can_link_to_pages_alone() {
    let site = site();
    let of = |path: &str, site_is: &str, mode: &str, dest: &str| {
        let request = Request::get(path).header("sec-fetch-site", site_is);
        site.send(request.header("sec-fetch-mode", mode).header("sec-fetch-dest", dest)).status
    };
    for strange in ["cross-site", "same-site", "something-new"] {
        assert_eq!(of("/?q=a*", strange, "no-cors", "image"), 403);
        assert_eq!(of("/", strange, "navigate", "iframe"), 403, "a frame");
        assert_eq!(of("/?q=alda", strange, "navigate", "document"), 200, "a link");
        for path in ["/search.csv?q=alda", "/v1/search?q=alda", "/search.atom", "/opensearch.xml"] {
            assert_eq!(of(path, strange, "navigate", "document"), 403, "{path}");
        }
    }
    for own in ["same-origin", "none"] {
        assert_eq!(of("/v1/search?q=alda", own, "cors", "empty"), 200);
    }
    let posted = Request::post("/").header("sec-fetch-site", "cross-site");
    assert_eq!(site.send(posted.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document")).status, 403);
}

#[test]
fn a_token_is_asked_for() {
    let token = "0123456789abcdef";
    let site = site().with(|options| {
        options.token = Some(token.to_owned());
        options.logged = Logged::Queries;
    });
    let of = |value: &str| site.send(Request::get("/?q=alda").header("authorization", value));
    for wrong in
        ["Bearer 0123456789abcdee", "Bearer", "Basic bm9ib2R5Ondyb25n", "0123456789abcdef", "Bearer 0123456789abcdef0"]
    {
        let answer = of(wrong);
        assert_eq!(answer.status, 401, "{wrong}");
        let schemes: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(schemes.len(), 2, "{schemes:?}");
    }
    for path in PATHS {
        assert_eq!(site.get(path).status, 401, "{path}");
    }
    for right in ["Bearer 0123456789abcdef", "bearer 0123456789abcdef", "Basic YW55Ym9keTowMTIzNDU2Nzg5YWJjZGVm"] {
        let answer = of(right);
        assert_eq!(answer.status, 200, "{right}");
        assert!(!answer.body.contains(token));
    }
    assert!(site.logged().iter().all(|line| !line.contains(token)), "{:?}", site.logged());
}

#[test]
fn every_answer_carries_the_headers() {
    let site = site();
    let check = |what: &str, answer: &Answer| {
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"), "{what}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
        assert!(!answer.header("x-request-id").is_empty() && !answer.header("cache-control").is_empty(), "{what}");
        for name in answer.headers.keys() {
            assert!(!["set-cookie", "server"].contains(&name.as_str()) && !name.as_str().starts_with("access-control"));
        }
    };
    for path in PATHS {
        check(path, &site.get(path));
        check(path, &site.visit(path));
        check(path, &site.send(Request::get(path).header("host", "evil.example")));
    }
    check("405", &site.send(Request::post("/")));
    let named = site.send(Request::get("/healthz").header("x-request-id", "abc-1"));
    assert_eq!(named.header("x-request-id"), "abc-1");
    let forged = site.send(Request::get("/healthz").header("x-request-id", "a b"));
    assert!(!forged.header("x-request-id").contains(' '));
}

#[test]
fn pages_are_only_read() {
    let site = site();
    for path in PATHS.iter().filter(|path| !["/mcp", "/nothing", "/assets/x.css"].contains(path)) {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
            let answer = site.send(Request::builder().uri(*path).method(method.clone()));
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(answer.header("allow").contains("GET"), "{method} {path}");
        }
    }
    let head = site.send(Request::head("/v1/search?q=alda"));
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
}

#[test]
fn no_route_changes_the_index() {
    let site = site();
    let files = || {
        let files = despatch::directory::files(&site.index()).unwrap();
        let kept = files.into_iter().filter(|(name, _)| !name.ends_with("-wal") && !name.ends_with("-shm"));
        kept.map(|(name, path)| (name, std::fs::read(path).unwrap())).collect::<Vec<_>>()
    };
    let id = site.json("/v1/search?q=alda")["hits"][0]["id"].as_str().unwrap().to_owned();
    let before = files();
    let more = ["/a/{id}", "/a/{id}/similar", "/v1/articles/{id}", "/timeline", "/together", "/names", "/saved"];
    for path in PATHS.iter().chain(&more) {
        let _ = site.visit(&path.replace("{id}", &id));
    }
    assert!(before == files(), "a file has changed");
}

#[test]
fn what_is_too_long_is_refused() {
    let site = site();
    assert_eq!(site.get(&format!("/?q={}", "a".repeat(9 << 10))).status, StatusCode::URI_TOO_LONG);
    assert_eq!(site.get(&format!("/v1/search?q={}", "a".repeat(5_000))).status, StatusCode::BAD_REQUEST);
    let large = Request::get("/").header("content-length", "70000");
    assert_eq!(site.send(large).status, StatusCode::PAYLOAD_TOO_LARGE);
    for asked in ["limit=101", "offset=10001", "limit=x", "all=true", "cursor=zz"] {
        assert_eq!(site.get(&format!("/v1/search?q=alda&{asked}")).status, StatusCode::BAD_REQUEST, "{asked}");
    }
    let nested = format!("{}alda{}", "(".repeat(60), ")".repeat(60));
    let answer = site.json(&format!("/v1/search?q={nested}"));
    assert!(answer["notes"].to_string().contains("nested too deep"), "{answer}");
}

#[test]
fn who_finds_the_queue_full_is_told_to_come_again() {
    let site = Site::of_corpus_with(|options| options.limits = Limits { threads: 1, waiting: 1, ..Limits::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answers = runtime.block_on(async {
        let request = |n: usize| {
            Request::get(format!("/v1/search?q=defence+{n}"))
                .header("host", "127.0.0.1:7373")
                .body(Body::empty())
                .unwrap()
        };
        let mut all = Vec::new();
        let mut waiting: Vec<_> = (0..50).map(|n| Box::pin(site.answer(request(n)))).collect();
        // All are asked before any is answered.
        std::future::poll_fn(|context| {
            waiting.retain_mut(|one| match one.as_mut().poll(context) {
                std::task::Poll::Ready(answer) => {
                    all.push(answer);
                    false
                }
                std::task::Poll::Pending => true,
            });
            if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        all
    });
    let (good, turned_away): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert!(!good.is_empty() && !turned_away.is_empty());
    for answer in turned_away {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
        assert!(answer.header("retry-after").parse::<u32>().is_ok() && answer.json()["type"] == "/problems/busy");
    }
}

#[test]
fn what_takes_too_long_is_given_up() {
    let limits = Limits { time: Duration::ZERO, ..Limits::default() };
    let site = site().with(|options| options.limits = limits);
    let late = site.get("/v1/search?q=alda");
    assert_eq!((late.status, late.json()["type"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("/problems/late")));
    assert!(!late.header("retry-after").is_empty());
}

#[test]
fn no_path_of_this_machine_is_in_an_answer() {
    let site = site();
    let folder = site.index().parent().unwrap().to_str().unwrap().to_owned();
    let id = site.json("/v1/search?q=alda")["hits"][0]["id"].as_str().unwrap().to_owned();
    let more = ["/a/{id}", "/v1/articles/{id}", "/search.json", "/search.jsonl", "/search.md", "/search.atom"];
    let told = |site: &Site, path: &str| site.get(&path.replace("{id}", &id)).body.contains(&folder);
    for path in PATHS.iter().chain(&more) {
        assert!(!told(&site, path), "{path}");
    }
    let open = site.with(|options| options.show_paths = true);
    assert!(told(&open, "/v1/articles/{id}") && told(&open, "/search.json") && told(&open, "/v1/search?q=alda"));
}

#[test]
fn an_index_that_cannot_be_opened_is_told_without_its_path() {
    let home = tempfile::tempdir().unwrap();
    let site = Site::over(std::sync::Arc::new(home), |_| {});
    for path in ["/", "/v1/search?q=alda", "/readyz"] {
        let answer = site.get(path);
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!answer.body.contains(site.index().to_str().unwrap()), "{}", answer.body);
    }
    assert_eq!(site.get("/healthz").status, 200);
    std::fs::create_dir_all(site.index()).unwrap();
    std::fs::write(site.index().join("archive.db"), "no archive").unwrap();
    let broken = site.get("/v1/search?q=alda");
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!broken.body.contains(site.index().to_str().unwrap()), "{}", broken.body);
}

#[test]
fn a_log_holds_no_query() {
    let site = site().with(|options| options.logged = Logged::Requests);
    let id = site.json("/v1/search?q=secretword")["format"].clone();
    assert_eq!(id, 1);
    for path in ["/?q=secretword", "/a/secretword?q=secretword", "/v1/articles/secretword", "/v1/search?q=secretword&x"]
    {
        let _ = site.get(path);
    }
    assert_eq!(site.logged().len(), 5);
    assert!(site.logged().iter().all(|line| !line.contains("secretword")), "{:?}", site.logged());
    let silent = site.with(|_| {});
    let _ = silent.get("/?q=secretword");
    assert_eq!(silent.logged(), [""; 0]);
}

#[test]
fn a_project_file_opens_nothing() {
    let home = tempfile::tempdir().unwrap();
    let project = home.path().join("project"); // a file in the home directory itself is no project's
    std::fs::create_dir(&project).unwrap();
    for setting in ["host = \"0.0.0.0\"", "port = 80", "token = \"x\"", "token-file = \"x\"", "allow-host = [\"x\"]"] {
        std::fs::write(project.join(".despatch.toml"), setting).unwrap();
        let run = despatch(&project).env("HOME", home.path()).args(["serve", "--port", "0"]).output().unwrap();
        let told = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(2) && told.contains("there is no setting"), "{setting}: {told}");
    }
}
