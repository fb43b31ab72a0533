//! Build script: compiles the authority file into the program.

fn main() {}
