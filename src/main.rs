//! The `despatch` command.

use std::process::ExitCode;

/// Reading articles in makes and drops many small texts in several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    despatch::cli::run(std::env::args_os())
}
