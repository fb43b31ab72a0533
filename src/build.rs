//! Build script: compiles the authority file into one table and lists the files of the corpus; the program embeds both.

#![allow(clippy::print_stdout)] // how a build script speaks to cargo

use std::path::Path;
use std::{env, fs, io};

// The same code compiles a user's authority file at run time. Here much of it is unused, hence the attributes.
#[allow(dead_code, unreachable_pub, unused_imports)]
mod analysis;
#[allow(dead_code, unreachable_pub)]
mod authority {
    pub mod compile;
    pub mod source;
    pub mod table;
}
#[allow(dead_code, unreachable_pub)]
mod hidden;
#[allow(dead_code, unreachable_pub)]
mod wordlist;

const DATA: &str = "src/authority/data";
const CORPUS: &str = "corpus";

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux")
        && env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu")
    {
        // Every search starts a process. Linked at a fixed address, its tables need no relocation, which would take
        // half of the start-up time.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    authority_table(Path::new(&out))?;
    corpus_list(Path::new(&out))
}

/// Writes `authority.bin`: the compiled authority file, which the program reads in place.
fn authority_table(out: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed=src/authority");
    println!("cargo::rerun-if-changed=src/analysis");
    println!("cargo::rerun-if-changed=src/hidden.rs");
    println!("cargo::rerun-if-changed=src/wordlist.rs");
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
    fs::write(out.join("authority.bin"), table)
}

/// Writes `corpus.rs`: a slice with the files in the folders of `corpus`, in order of their names. The folders with
/// judgements made by hand (`gold`, `judged`) are left out, and so is whatever is in no folder.
fn corpus_list(out: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={CORPUS}");
    let root = env::current_dir()?.join(CORPUS);
    let mut list = String::from("&[\n");
    let mut folders: Vec<_> = fs::read_dir(&root)?.collect::<io::Result<Vec<_>>>()?;
    folders.sort_by_key(fs::DirEntry::path);
    let is_judgement = |entry: &&fs::DirEntry| entry.file_name() == "gold" || entry.file_name() == "judged";
    for folder in folders.iter().filter(|entry| entry.path().is_dir() && !is_judgement(entry)) {
        println!("cargo::rerun-if-changed={}", folder.path().display());
        let mut files: Vec<_> = fs::read_dir(folder.path())?.collect::<io::Result<Vec<_>>>()?;
        files.sort_by_key(fs::DirEntry::path);
        for file in files {
            let name = format!("{}/{}", folder.file_name().to_string_lossy(), file.file_name().to_string_lossy());
            let path = file.path();
            list.push_str(&format!("    ({name:?}, include_bytes!({:?})),\n", path.to_string_lossy()));
        }
    }
    list.push_str("]\n");
    fs::write(out.join("corpus.rs"), list)
}
