//! A fence around parsers of other crates, which may meet hostile input, and around what may take too long.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What is said of a document on which a parser panicked.
pub(crate) const GAVE_UP: &str = "its parser gave up on it";

thread_local! {
    /// The fences that this thread is within.
    static FENCES: Cell<u32> = const { Cell::new(0) };
    /// When the work of this thread has to be done, and the calls of [`check`] since the clock was read.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    static CALLS: Cell<u32> = const { Cell::new(0) };
    /// Set by somebody else once nobody wants the work any more.
    static UNWANTED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Calls of [`check`] for which the clock is read once; so many take far less than a second.
const CALLS_A_LOOK: u32 = 256;

/// What unwinds the work that is late, or that nobody wants any more.
struct Late;

/// Why work within a fence gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    Panicked,
    Late,
}

/// Counts a fence until it is dropped.
struct Inside;

impl Inside {
    fn enter() -> Self {
        FENCES.set(FENCES.get() + 1);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        FENCES.set(FENCES.get().saturating_sub(1));
    }
}

/// Runs a parser; `None` where it panics, so that the run goes on.
pub(crate) fn fenced<T>(parse: impl FnOnce() -> T) -> Option<T> {
    let inside = Inside::enter();
    let result = catch_unwind(AssertUnwindSafe(parse));
    drop(inside);
    match result {
        Ok(value) => Some(value),
        Err(cause) if cause.is::<Late>() => resume_unwind(cause), // for the fence that set the time
        Err(_) => None,
    }
}

/// Runs work that calls [`check`] for `limit` at most, and no longer than until another thread says that it is
/// `unwanted`. What it was changing when it was stopped is to be thrown away. What it does on other threads is not
/// stopped.
pub(crate) fn within<T>(limit: Duration, unwanted: Arc<AtomicBool>, work: impl FnOnce() -> T) -> Result<T, Stopped> {
    // Measures the limit only; no time of day is kept.
    let before = (DEADLINE.replace(Instant::now().checked_add(limit)), UNWANTED.replace(Some(unwanted)));
    let inside = Inside::enter();
    let result = catch_unwind(AssertUnwindSafe(work));
    drop(inside);
    DEADLINE.set(before.0);
    UNWANTED.set(before.1);
    result.map_err(|cause| if cause.is::<Late>() { Stopped::Late } else { Stopped::Panicked })
}

fn is_unwanted() -> bool {
    UNWANTED.with_borrow(|flag| flag.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)))
}

/// Ends the work that [`within`] started, if its time is over. Loops call it that a long text may make long.
pub(crate) fn check() {
    let Some(deadline) = DEADLINE.get() else { return };
    CALLS.set(CALLS.get() + 1);
    if CALLS.get() >= CALLS_A_LOOK {
        CALLS.set(0);
        if Instant::now() > deadline || is_unwanted() {
            resume_unwind(Box::new(Late));
        }
    }
}

/// Keeps panics from being printed: those within a fence always, because the document is named in a message of its own;
/// others unless traces are `wanted`, because the command reports them.
pub(crate) fn quieten_panics(wanted: bool) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if wanted && FENCES.get() == 0 {
            usual(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn a_panic_is_caught_and_the_fence_is_left() {
        assert_eq!(fenced(|| FENCES.get()), Some(1));
        assert_eq!(fenced(|| resume_unwind(Box::new("a parser's")) as u32), None);
        let panicking = || resume_unwind(Box::new("a parser's")) as u32;
        assert_eq!(within(LONG, Arc::default(), panicking), Err(Stopped::Panicked));
        assert_eq!((FENCES.get(), DEADLINE.get()), (0, None));
    }

    #[test]
    fn work_that_is_late_is_stopped_through_inner_fences() {
        let endless = || fenced(|| (0..u64::MAX).for_each(|_| check()));
        assert_eq!(within(Duration::ZERO, Arc::default(), endless), Err(Stopped::Late));
        let short = || (0..1000).inspect(|_| check()).sum::<u32>();
        assert_eq!(within(LONG, Arc::default(), short), Ok(499_500));
        check();
    }

    #[test]
    fn work_that_nobody_wants_is_stopped() {
        let unwanted = Arc::new(AtomicBool::new(false));
        let flag = unwanted.clone();
        let work = || {
            for call in 0..u64::MAX {
                flag.store(call > 1000, Ordering::Relaxed);
                check();
            }
        };
        assert_eq!(within(LONG, unwanted.clone(), work), Err(Stopped::Late));
        (0..1000).for_each(|_| check());
    }
}
