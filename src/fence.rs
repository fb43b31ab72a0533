//! A fence around parsers of other crates, which may meet hostile input.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is said of a document on which a parser panicked.
pub(crate) const GAVE_UP: &str = "its parser gave up on it";

/// Runs a parser; `None` where it panics, so that the run goes on.
pub(crate) fn fenced<T>(parse: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parse)).ok()
}
