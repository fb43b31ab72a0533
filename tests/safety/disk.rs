//! Disks that are full, folders that cannot be written, inputs that cannot be read, clocks that jump.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;

use super::{Corpus, long, must, program, run, script};

const QUERY: [&str; 4] = ["search", "frigate treaty", "--format", "json"];

/// Writes inputs; returns their path and the answer of a search over them when nothing goes wrong.
fn calm(home: &Path, size: usize) -> (String, String) {
    let corpus = Corpus::write(home, size);
    let first = corpus.first.to_str().unwrap().to_owned();
    must(home, &["index", "-q", &first, "--index", "calm"]);
    let answer = must(home, &[&QUERY[..], &["--index", "calm"]].concat());
    (first, answer)
}

fn ids(answer: &str) -> Vec<String> {
    let lines = answer.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut ids: Vec<String> = lines.filter_map(|line| line["id"].as_str().map(str::to_owned)).collect();
    ids.sort();
    ids
}

/// A limit on the size of files (EFBIG) makes the writer fail at every stage in turn; the next run goes on.
#[test]
fn a_file_that_cannot_grow_stops_the_writer_in_order() {
    let home = tempfile::tempdir().unwrap();
    let (first, answer) = calm(home.path(), if long() { 600 } else { 150 });
    let largest = super::files(&home.path().join("calm")).iter().map(|(_, bytes)| bytes.len()).max().unwrap();
    let steps = if long() { 40 } else { 8 };
    let (mut failed, mut ended) = (0, 0);
    for step in 0..steps {
        let dir = format!("i{step}");
        // In units of 512 bytes. Rust's own start needs no file, so the limit may be 0.
        let blocks = largest / 512 + 1;
        // A log or a segment being written is larger than what stays: only the last limit is wide enough for sure.
        let limit = if step + 1 == steps { 4 * blocks } else { blocks * step / (steps - 2) };
        let text = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        let run = run(script(home.path(), &text).args(["index", "-q", &first, "--index", &dir]));
        assert!(run.code == Some(0) || run.code == Some(2), "{limit}: {run:?}");
        if run.code == Some(2) {
            failed += 1;
            assert!(run.stderr.starts_with("error: "), "{limit}: {run:?}");
            assert!(!run.stderr.contains("panicked"), "{limit}: {}", run.stderr);
        } else {
            ended += 1;
        }
        must(home.path(), &["index", "-q", &first, "--index", &dir]);
        must(home.path(), &["verify", "--index", &dir]);
        let again = must(home.path(), &[&QUERY[..], &["--index", &dir]].concat());
        assert_eq!(ids(&again), ids(&answer), "{limit}");
        std::fs::remove_dir_all(home.path().join(dir)).unwrap();
    }
    assert_eq!(failed + ended, steps);
    assert!(failed >= steps / 2 && ended > 0, "{failed} of {steps} failed, {ended} came to their end");
}

/// A real full disk (ENOSPC), on a small file system that only the process sees. Where mounting one is not permitted,
/// this test says so, and only the test above counts.
#[test]
fn a_full_disk_stops_the_writer_in_order() {
    let home = tempfile::tempdir().unwrap();
    let (first, answer) = calm(home.path(), if long() { 600 } else { 150 });
    let total: usize = super::files(&home.path().join("calm")).iter().map(|(_, bytes)| bytes.len()).sum();
    std::fs::create_dir(home.path().join("disk")).unwrap();
    let allowed = run(&mut script(home.path(), "unshare -rm mount -t tmpfs -o size=64k none disk")).code == Some(0);
    if !allowed {
        eprintln!("no leave to mount a small file system here: only the limit on sizes was tried, no real ENOSPC");
        return;
    }
    let steps = if long() { 24 } else { 4 };
    let mut full = 0;
    for step in 0..steps {
        let size = 16 + total * 2 / 1024 * step / steps;
        let text = format!(
            "unshare -rm sh -c 'mount -t tmpfs -o size={size}k none disk || exit 9
             \"$0\" index -q {first} --index disk/i 2>told; echo $? >code
             mount -o remount,size=256m disk
             \"$0\" index -q {first} --index disk/i && \"$0\" verify -q --index disk/i && \"$0\" \"$@\"' \"$0\" \"$@\""
        );
        let run = run(script(home.path(), &text).args(QUERY).args(["--index", "disk/i"]));
        assert_eq!(run.code, Some(0), "{size} KiB: {run:?}");
        assert_eq!(ids(&run.stdout), ids(&answer), "{size} KiB");
        let code = std::fs::read_to_string(home.path().join("code")).unwrap();
        let told = std::fs::read_to_string(home.path().join("told")).unwrap();
        if code == "2\n" {
            full += 1;
            assert!(told.starts_with("error: "), "{size} KiB: {told}");
            assert!(told.contains("make room on the disk"), "{size} KiB: {told}");
            assert!(!told.contains("panicked"), "{size} KiB: {told}");
        } else {
            assert_eq!((code.as_str(), told.as_str()), ("0\n", ""), "{size} KiB");
        }
    }
    assert!(full >= steps / 3, "{full} of {steps}");
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    calm(home.path(), 20);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = run(program(home.path()).args(QUERY).args(["--index", "calm"]).stdout(full));
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(run.stderr.starts_with("error: ") && !run.stderr.contains("panicked"), "{run:?}");
}

/// Runs the command as a user to whom permissions apply. Root is exempt from them, so for root it runs as the user
/// `nobody`, from a copy of the binary that this user can read.
///
/// A separate process writes the copy. If this process did, processes that other tests start meanwhile would inherit
/// the open file, and the system runs no file that is open for writing.
fn as_somebody(home: &Path, arguments: &[&str]) -> super::Run {
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = if root {
        let binary = home.join("despatch-copy");
        assert_eq!(run(&mut script(home, "cp \"$0\" despatch-copy")).code, Some(0));
        let mut command = std::process::Command::new(binary);
        command.current_dir(home).env_clear().uid(65_534).gid(65_534);
        command
    } else {
        program(home)
    };
    let run = run(command.args(arguments));
    let _ = std::fs::remove_file(home.join("despatch-copy"));
    run
}

#[test]
fn a_command_runs_as_somebody_else_while_others_start() {
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let home = tempfile::tempdir().unwrap();
                mode(home.path(), 0o755);
                for _ in 0..10 {
                    assert_eq!(as_somebody(home.path(), &["--version"]).code, Some(0));
                }
            });
        }
    });
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_cannot_be_written_can_be_searched() {
    let home = tempfile::tempdir().unwrap();
    mode(home.path(), 0o755);
    let (first, answer) = calm(home.path(), 40);
    let dir = home.path().join("calm");
    for (path, _) in super::files(&dir) {
        mode(&path, 0o444);
    }
    let lock = dir.join("tantivy/.tantivy-meta.lock");
    assert!(lock.exists());
    // Tantivy's lock file is hidden, so a copy of the folder may lack it.
    for lacks_lock in [true, false] {
        mode(&dir.join("tantivy"), 0o755);
        if lacks_lock {
            std::fs::remove_file(&lock).unwrap();
        } else {
            std::fs::write(&lock, "").unwrap();
            mode(&lock, 0o444);
        }
        for folder in [dir.join("tantivy"), dir.clone()] {
            mode(&folder, 0o555);
        }
        let search = as_somebody(home.path(), &[&QUERY[..], &["--index", "calm"]].concat());
        assert_eq!((search.code, search.stdout.as_str()), (Some(0), answer.as_str()), "{}", search.stderr);
    }
    let verify = as_somebody(home.path(), &["verify", "--index", "calm"]);
    assert_eq!(verify.code, Some(0), "{verify:?}");
    for command in [&["index", "-q", &first][..], &["rebuild"]] {
        let run = as_somebody(home.path(), &[command, &["--index", "calm"]].concat());
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains("calm"), "{}", run.stderr);
    }
    for folder in [dir.clone(), dir.join("tantivy")] {
        mode(&folder, 0o755);
    }
    must(home.path(), &["verify", "--index", "calm"]);
}

#[test]
fn inputs_that_cannot_be_read_are_named_and_the_others_are_in() {
    let home = tempfile::tempdir().unwrap();
    mode(home.path(), 0o755);
    let inputs = home.path().join("in");
    std::fs::create_dir(&inputs).unwrap();
    std::fs::write(inputs.join("good.txt"), "A note on the frigates of Aldovia, long enough to be kept.\n").unwrap();
    std::fs::write(inputs.join("secret.txt"), "Nobody may read this note on frigates.\n").unwrap();
    mode(&inputs.join("secret.txt"), 0o000);
    std::os::unix::fs::symlink("gone.txt", inputs.join("dangling.txt")).unwrap();
    std::fs::create_dir(inputs.join("folder.jsonl")).unwrap();
    assert_eq!(run(&mut script(home.path(), "mkfifo in/pipe.txt")).code, Some(0));
    std::fs::create_dir(home.path().join("out")).unwrap();
    mode(&home.path().join("out"), 0o777);
    let run = as_somebody(home.path(), &["index", "in", "--index", "out/index"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.starts_with("1 new"), "{run:?}");
    for name in ["secret.txt", "dangling.txt", "pipe.txt"] {
        assert!(run.stderr.contains(name), "{name}: {}", run.stderr);
    }
    must(home.path(), &["verify", "--index", "out/index"]);
}

/// The clock jumps from 2099 to 1970 and then to 2026: only the order of arrival counts.
#[test]
fn a_clock_that_jumps_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let corpus = Corpus::write(home.path(), 40);
    let (first, later) = (corpus.first.to_str().unwrap(), corpus.later.to_str().unwrap());
    for (input, now) in
        [(first, "2099-01-01T00:00:00Z"), (later, "1970-01-01T00:00:01Z"), (later, "2026-01-01T00:00:00Z")]
    {
        let run = run(program(home.path()).env("DESPATCH_NOW", now).args(["index", "-q", input]));
        assert_eq!(run.code, Some(0), "{run:?}");
        must(home.path(), &["verify"]);
    }
    must(home.path(), &["index", "-q", first, "--index", "calm"]);
    must(home.path(), &["index", "-q", later, "--index", "calm"]);
    let calm = must(home.path(), &[&QUERY[..], &["--index", "calm"]].concat());
    assert_eq!(ids(&must(home.path(), &QUERY)), ids(&calm));
    let shown = must(home.path(), &["show", "https://news.example/5", "--provenance"]);
    assert!(shown.contains("2099") && shown.contains("1970"), "{shown}");
}
