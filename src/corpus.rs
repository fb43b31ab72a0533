//! The bundled articles, compiled into the program for its demo and its tests.
//!
//! ```
//! assert!(despatch::corpus::FILES.iter().any(|(name, _)| name.starts_with("wire/")));
//! ```

use std::io;
use std::path::Path;

/// Each file of the corpus: its path below the folder, and its bytes.
pub static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/corpus.rs"));

/// Writes the corpus below `folder`.
///
/// # Errors
///
/// Fails where the folder cannot be written.
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
