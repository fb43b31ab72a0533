//! Two things at the same time.

use std::panic::resume_unwind;

/// Does two things, where that is worth it at the same time; the first on this thread.
pub(super) fn both<A, B: Send>(together: bool, one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    if !together {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        (one, other.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
