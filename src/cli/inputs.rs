//! What to read, as several commands take it.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::source::{self, Patterns};

/// Files and folders, lists of them, and what to leave out.
#[derive(Debug, clap::Args)]
pub(super) struct Inputs {
    /// Files, folders and patterns ("news/2025-*/**/*.html"); - is standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read paths from a file, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// The paths of --files-from end with a NUL byte each (find -print0)
    #[arg(short = '0', long = "null", requires = "files_from")]
    nul: bool,
    /// Of folders and archives, read only what matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Of folders and archives, leave out what matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Leave out what .gitignore files name
    #[arg(long)]
    gitignore: bool,
}

impl Inputs {
    /// The paths, in the order given, those of the list last. One that does not exist and is no pattern is an error.
    pub(super) fn paths(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut paths = self.paths.clone();
        if let Some(list) = &self.files_from {
            let stdin = list.as_os_str() == "-";
            if stdin && paths.iter().any(|path| path.as_os_str() == "-") {
                bail!("standard input cannot be both a list of paths and a document");
            }
            let mut input: Box<dyn BufRead> = if stdin {
                Box::new(io::stdin().lock())
            } else {
                Box::new(BufReader::new(File::open(list).with_context(|| list.display().to_string())?))
            };
            paths.extend(source::read_list(&mut *input, self.nul)?);
        }
        let missing = |path: &&PathBuf| path.as_os_str() != "-" && !path.exists() && !source::is_pattern(path);
        if let Some(missing) = paths.iter().find(missing) {
            bail!("{}: no such file or folder", missing.display());
        }
        Ok(paths)
    }

    /// How to read them.
    pub(super) fn options(&self) -> anyhow::Result<source::Options> {
        let patterns = Patterns::new(&self.include, &self.exclude)?;
        Ok(source::Options { patterns, gitignore: self.gitignore, ..source::Options::default() })
    }
}
