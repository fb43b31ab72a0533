//! The `despatch` command.

fn main() {}
