//! The promise of the README: only `follow` and `fetch` use the network, and commands with `--backend` ask the cluster that
//! it names. Only the rooms `fetch` and `cluster` can.

use std::path::Path;

use super::Desk;
use super::server::Server;

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string().replace('\\', "/"), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn only_the_rooms_of_fetching_and_of_clusters_name_a_socket_and_only_the_server_waits_on_one() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 200);
    let (mut inside, mut outside) = (0, Vec::new());
    let sockets =
        ["ureq", "TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs", "std::net", "rustls"];
    let connects = ["connect(", "UnixStream", "ureq", "UdpSocket", "ToSocketAddrs", "rustls"];
    for (path, text) in &found {
        let named = |names: &[&str]| names.iter().filter(|name| text.contains(**name)).count();
        let serves = path.contains("/src/serve/") || path.ends_with("/src/cli/serve.rs");
        if path.contains("/src/fetch/") || path.ends_with("/src/cluster/http.rs") {
            inside += named(&sockets);
        } else if named(if serves { &connects[..] } else { &sockets[..] }) > 0 {
            outside.push(path);
        }
    }
    assert!(inside > 0, "the room itself names them");
    assert_eq!(outside, Vec::<&String>::new());
}

#[test]
fn no_other_command_connects_anywhere() {
    let proxy = Server::new();
    let desk = Desk::of(&[&proxy]);
    std::fs::write(
        desk.dir.path().join("a.html"),
        "<html><body><p>Alda buys a ferry from Borduria, at https://harbour.example/.</p></body></html>",
    )
    .unwrap();
    let story = "{\"title\":\"Alda\",\"text\":\"Alda buys a ferry.\",\"url\":\"https://alda.example/1\"}\n";
    std::fs::write(desk.dir.path().join("b.jsonl"), story).unwrap();
    desk.ok(&["follow", "http://harbour.example/feed", "--add-only"]);
    let lines = [
        "index a.html b.jsonl",
        "search ferry",
        "facets ferry --by outlet",
        "timeline ferry",
        "pairs ferry",
        "stats",
        "verify",
        "doctor",
        "rebuild",
        "save x ferry",
        "saved",
        "new",
        "digest --list",
        "coverage",
        "changes",
        "digest",
        "show https://alda.example/1",
        "similar https://alda.example/1",
        "open --print https://alda.example/1",
        "purge --yes",
        "following",
        "following --format json",
        "fetch --dry-run",
        "extract a.html",
        "names outlet",
        "authority lookup NATO",
        "config show",
        "help",
        "help query",
        "man search",
        "completions bash",
        "following --pause harbour.example",
        "unfollow harbour.example",
        "follow https://ravenia.example/rss --add-only",
    ];
    for line in lines {
        let arguments: Vec<&str> = line.split(' ').collect();
        let url = proxy.url("");
        let mut command = desk.command(&arguments);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env(name, &url);
        }
        let output = command.output().unwrap();
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(proxy.connections(), 0, "{line}");
    }
    // The listener would have noticed: a fetch goes through the proxy, which may stand at a private address.
    let mut command = desk.command(&["fetch"]);
    command.env("ALL_PROXY", proxy.url("")).env_remove("DESPATCH_FETCH_PRIVATE").output().unwrap();
    assert_eq!(proxy.seen()[0].path, "ravenia.example:443");
}
