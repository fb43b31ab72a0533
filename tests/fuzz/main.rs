//! Fuzzing: no target may panic, hang or grow without bound, whatever bytes it is given.
//!
//! Every run tries each target on its seeds, on each input that ever broke it (`broke/TARGET/`), and on mutated seeds
//! that are the same in every run. `DESPATCH_FUZZ_SECONDS=600 DESPATCH_FUZZ_TARGET=html cargo test --test fuzz --
//! --nocapture` goes on with new mutations of one target for 600 seconds; without a target, each of them in turn for
//! that long. An input that breaks a target is written below `target/tmp/broke`, outside the sources; once it is
//! understood, it is copied to `broke/TARGET/` by hand.

#![allow(clippy::print_stderr)] // the tests report what they tried
#![allow(clippy::unwrap_used)] // a test may fail

mod mutate;
mod seeds;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mutate::Mutator;
use targets::TARGETS;

/// Mutated inputs tried for each target in an ordinary run.
const FEW: usize = 60;
/// An input of a few kilobytes that takes longer than this is a failure, even on a machine that does ten other things.
const SLOW: Duration = Duration::from_secs(20);

fn broke(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/broke").join(target)
}

/// Inputs that once broke a target; a target that never broke has no folder.
fn past_failures(target: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(broke(target)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Tries an input; returns the time it took, or what went wrong.
fn attempt(target: fn(&[u8]), input: &[u8]) -> Result<Duration, String> {
    let start = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| target(input)));
    let took = start.elapsed();
    match done {
        Ok(()) if took > SLOW => Err(format!("took {took:?}")),
        Ok(()) => Ok(took),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            Err(text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned()))
        }
    }
}

/// Writes an input that broke a target to a file outside the sources: a failing test changes nothing in the repository.
fn keep(target: &str, input: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("broke").join(target);
    let path = folder.join(format!("{:08x}", crc32fast::hash(input)));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(&path, input).unwrap();
    path
}

#[test]
fn seeds_and_past_failures_break_nothing() {
    let (mut failures, mut again) = (Vec::new(), 0);
    for (name, target) in TARGETS {
        let (seeds, past) = (seeds::of(name), past_failures(name));
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let mut mutator = Mutator::new(1, &seeds);
        let changed: Vec<Vec<u8>> = (0..FEW).map(|_| mutator.next()).collect();
        assert!(changed.iter().any(|input| !seeds.contains(input)), "{name}: nothing was changed");
        for input in past.iter().chain(&seeds).chain(&changed) {
            if let Err(what) = attempt(target, input) {
                failures.push(format!("{name}: {what}: {}", keep(name, input).display()));
            }
        }
        again += past.len();
    }
    let kept = std::fs::read_dir(broke("query")).unwrap().count();
    assert!(again >= kept && kept > 0, "{again} of at least {kept} inputs that broke a target were tried again");
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn new_inputs_break_nothing_for_as_long_as_is_asked() {
    let seconds = std::env::var("DESPATCH_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let wanted = std::env::var("DESPATCH_FUZZ_TARGET").ok();
    let (mut failures, mut tried) = (Vec::new(), 0);
    std::panic::set_hook(Box::new(|_| {})); // panics are reported below
    for (name, target) in TARGETS.iter().filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| wanted == *name)) {
        let start = Instant::now();
        let seeds = seeds::of(name);
        // Where no time is given for new inputs, the same input is tried in every run.
        let mut mutator = Mutator::new(if seconds == 0 { 2 } else { u64::from(std::process::id()) }, &seeds);
        let (mut runs, mut slowest) = (0u64, Duration::ZERO);
        while runs == 0 || start.elapsed().as_secs() < seconds {
            let input = mutator.next();
            runs += 1;
            match attempt(*target, &input) {
                Ok(took) => slowest = slowest.max(took),
                Err(what) => failures.push(format!("{name}: {what}: {}", keep(name, &input).display())),
            }
        }
        if seconds > 0 {
            eprintln!("{name}: {runs} inputs in {:?}, the slowest {slowest:?}", start.elapsed());
        }
        tried += 1;
    }
    let _ = std::panic::take_hook();
    assert_eq!(tried, if wanted.is_some() { 1 } else { TARGETS.len() }, "no target is called {wanted:?}");
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Every occurrence of a word in the Rust files below a folder, each with the text from there on.
fn places_of(word: &str, folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(places_of(word, &path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.extend(text.match_indices(word).map(|(at, _)| (path.clone(), text[at..].to_owned())));
        }
    }
    found
}

/// By default a failing property test writes its case next to the sources.
#[test]
fn a_property_that_fails_writes_nothing_into_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let opening = concat!("proptest", "! {\n");
    let mut places = places_of(opening, &root.join("src"));
    places.extend(places_of(opening, &root.join("tests")));
    assert!(places.len() >= 10, "{} property tests were found", places.len());
    for (path, text) in places {
        let first = text.lines().nth(1).unwrap_or_default();
        assert!(first.contains("failure_persistence: None"), "{}: {first}", path.display());
    }
}
