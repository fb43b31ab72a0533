//! The `despatch` command.

use std::process::ExitCode;

/// mimalloc, because ingestion allocates and frees many small strings on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    despatch::cli::run(std::env::args_os())
}
