//! Any bytes may come: no target may panic, hang or grow without bound, whatever it is given.
//!
//! Every run tries each target on its seeds, on each input that ever broke it (`broke/TARGET/`), and on a few hundred
//! changed ones that are always the same. `DESPATCH_FUZZ_SECONDS=600 DESPATCH_FUZZ_TARGET=html cargo test --test fuzz --
//! --nocapture` goes on with new ones for that long, one target or all in turn; what breaks it is kept in `broke/`.

#![allow(clippy::print_stderr)] // what was tried is told beside the result
#![allow(clippy::unwrap_used)] // a test may fail

mod mutate;
mod seeds;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mutate::Mutator;
use targets::TARGETS;

/// Changed inputs of each target in an ordinary run.
const FEW: usize = 60;
/// No input of a few kilobytes may take so long, on a machine that does ten other things.
const SLOW: Duration = Duration::from_secs(20);

fn broke(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/broke").join(target)
}

/// Inputs that broke a target once.
fn past_failures(target: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(broke(target)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Tries an input; tells what went wrong.
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

/// Keeps an input that broke a target, so that every later run tries it.
fn keep(target: &str, input: &[u8]) -> PathBuf {
    let path = broke(target).join(format!("{:08x}", crc32fast::hash(input)));
    std::fs::create_dir_all(broke(target)).unwrap();
    std::fs::write(&path, input).unwrap();
    path
}

#[test]
fn seeds_and_past_failures_break_nothing() {
    let mut failures = Vec::new();
    for (name, target) in TARGETS {
        let seeds = seeds::of(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let mut mutator = Mutator::new(1, &seeds);
        let changed: Vec<Vec<u8>> = (0..FEW).map(|_| mutator.next()).collect();
        for input in past_failures(name).iter().chain(&seeds).chain(&changed) {
            if let Err(what) = attempt(target, input) {
                failures.push(format!("{name}: {what}: {}", keep(name, input).display()));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn new_inputs_break_nothing_for_as_long_as_is_asked() {
    let seconds = std::env::var("DESPATCH_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let wanted = std::env::var("DESPATCH_FUZZ_TARGET").ok();
    let mut failures = Vec::new();
    std::panic::set_hook(Box::new(|_| {})); // they are told below
    for (name, target) in TARGETS.iter().filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| wanted == *name)) {
        let start = Instant::now();
        let seeds = seeds::of(name);
        let mut mutator = Mutator::new(u64::from(std::process::id()), &seeds);
        let (mut runs, mut slowest) = (0u64, Duration::ZERO);
        while start.elapsed().as_secs() < seconds {
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
    }
    let _ = std::panic::take_hook();
    assert!(failures.is_empty(), "{failures:#?}");
}
