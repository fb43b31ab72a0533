//! Two pieces of work at the same time.

use std::panic::resume_unwind;

/// Does two pieces of work, where `parallel` at the same time. The first stays on this thread, so it may use what cannot leave
/// it, as the archive's connection to SQLite: the reason why this is not `rayon::join`.
pub(super) fn both<A, B: Send>(parallel: bool, one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    if !parallel {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        (one, other.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
