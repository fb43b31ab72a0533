//! The `despatch` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    despatch::cli::run(std::env::args_os())
}
