//! The bundled articles, compiled into the program for its demo and its tests.
//!
//! ```
//! assert!(despatch::corpus::FILES.iter().any(|(name, _)| name.starts_with("wire/")));
//! ```

use std::io;
use std::path::Path;

/// The files of the corpus, each with its path below the folder of the corpus and its bytes.
pub static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/corpus.rs"));

/// Writes the files of the corpus below `folder`, over files of the same names.
///
/// # Errors
///
/// Fails if a file or folder cannot be written.
pub fn unpack(folder: &Path) -> io::Result<()> {
    for (name, bytes) in FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
