//! Nodes that are killed while articles come in and readers ask. Run by itself, as no other test would bear it.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::desk::{Desk, corpus, said};

/// Articles that come in while a node is killed.
const BATCH: usize = 40;

/// A node of the cluster that `tests/cluster/up` started.
struct Node {
    process: u32,
    name: String,
    port: u16,
}

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    Path::new(env!("CARGO_MANIFEST_DIR")).join(target).join("cluster")
}

fn nodes() -> Vec<Node> {
    let read = |line: &str| {
        let mut parts = line.split(' ');
        let (process, name) = (parts.next()?.parse().ok()?, parts.next()?.to_owned());
        Some(Node { process, name, port: parts.next()?.parse().ok()? })
    };
    std::fs::read_to_string(folder().join("pids")).unwrap_or_default().lines().filter_map(read).collect()
}

impl Node {
    fn kill(&self) {
        Command::new("kill").args(["-9", &self.process.to_string()]).status().unwrap();
    }

    fn start_again(&self) {
        let script = folder().join(format!("{}.start", self.name));
        assert!(Command::new("bash").arg(script).status().unwrap().success());
    }
}

/// Waits until all nodes have found one another again and every shard has its replica.
fn heal(nodes: &[Node]) {
    let path = format!("/_cluster/health?wait_for_nodes={}&wait_for_status=green&timeout=5s", nodes.len());
    for _ in 0..40 {
        let answered = nodes.iter().filter_map(|node| get(node.port, &path).ok());
        if answered.into_iter().any(|answer| answer.contains("\"timed_out\":false")) {
            return;
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    panic!("the cluster did not heal");
}

fn get(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
#[ignore = "kills nodes: run it alone, after `tests/cluster/up 3`"]
fn a_lost_node_costs_no_article_and_gives_no_wrong_answer() {
    let all = nodes();
    assert!(all.len() >= 3, "needs the three nodes of `tests/cluster/up 3`");
    let addresses: Vec<String> = all.iter().map(|node| format!("http://127.0.0.1:{}", node.port)).collect();
    let desk = Desk::at("nodes", &addresses.join(","));
    desk.index(&corpus());
    let count = ["search", "defence", "--count"];
    let wanted = desk.there(&count).output().unwrap().stdout;
    let kills = if std::env::var_os("DESPATCH_LONG").is_some() { 20 } else { 3 };
    let (answers, errors, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    for kill in 0..kills {
        heal(&all);
        for number in 0..BATCH {
            let name = format!("k{kill}-{number}");
            let text =
                format!("{name} ferries\n\nFerry {name} of Alda sails.\n\n{}", "It sails on. ".repeat(9 * number));
            std::fs::create_dir_all(desk.path().join("ferries")).unwrap();
            std::fs::write(desk.path().join("ferries").join(format!("{name}.txt")), text).unwrap();
        }
        let victim = &nodes()[kill % all.len()];
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let output = desk.there(&count).output().unwrap();
                    match output.status.code() {
                        Some(0) => {
                            assert_eq!(output.stdout, wanted, "{}", said(&output));
                            answers.fetch_add(1, Ordering::Relaxed);
                        }
                        _ => {
                            assert!(
                                said(&output).contains("127.0.0.1") && output.stdout.is_empty(),
                                "{}",
                                said(&output)
                            );
                            errors.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            });
            let mut run = desk.there(&["index", "-q", "ferries"]).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(150 * (kill as u64 % 7)));
            victim.kill();
            failed.fetch_add(usize::from(!run.wait().unwrap().success()), Ordering::Relaxed);
            victim.start_again();
            over.store(true, Ordering::Relaxed);
        });
    }
    heal(&all);
    desk.index(&desk.path().join("ferries"));
    let (here, there) = desk.both(&["search", "\"Alda sails\"", "--all", "--all-copies", "--fields", "id"]);
    // They came in with one run here, and with many there.
    let [here, there] = [&here, &there].map(|ids| ids.lines().collect::<BTreeSet<_>>());
    assert_eq!(here, there);
    assert_eq!(here.len(), kills * BATCH);
    let checked = desk.there(&["verify"]).output().unwrap();
    assert!(checked.status.success(), "{}", said(&checked));
    let [answers, errors, failed] = [answers, errors, failed].map(AtomicUsize::into_inner);
    let told =
        format!("{kills} kills: {answers} right answers, {errors} errors; {failed} runs failed and were made again");
    let _ = writeln!(std::io::stderr(), "{told}");
}
