//! Build script: compiles the authority file into one table that the program embeds.

use std::path::Path;
use std::{env, fs, io};

// The same code that reads a user's authority file at run time; what only the program needs of it is unused here.
#[allow(dead_code, unreachable_pub, unused_imports)]
mod analysis;
#[allow(dead_code, unreachable_pub)]
mod authority {
    pub mod compile;
    pub mod source;
    pub mod table;
}

const DATA: &str = "src/authority/data";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed=src/authority");
    println!("cargo::rerun-if-changed=src/analysis");
    let mut files = Vec::new();
    let found = fs::read_dir(DATA).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    for entry in found {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    files.sort();
    let source = authority::source::Source::parse(&files).map_err(io::Error::other)?;
    let table = authority::compile::compile(&source);
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("authority.bin"), table)
}
