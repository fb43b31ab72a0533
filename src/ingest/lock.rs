//! One writer at a time: an advisory lock on a file of the index directory, which the system releases when its holder ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::IngestError;

/// Name of the lock file.
const FILE: &str = "write.lock";

/// Held while a process writes.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Takes the lock, waiting at most `wait` for another process.
    ///
    /// # Errors
    ///
    /// [`IngestError::Locked`] names the process that holds it.
    pub fn take(dir: &Path, wait: Duration) -> Result<Self, IngestError> {
        std::fs::create_dir_all(dir).map_err(|cause| IngestError::folder(dir, cause))?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join(FILE))
            .map_err(|cause| IngestError::folder(dir, cause))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < wait => {
                    std::thread::sleep(Duration::from_millis(50))
                }
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    let _ = file.read_to_string(&mut holder); // only for the message
                    return Err(IngestError::Locked { dir: dir.to_owned(), holder: holder.trim().to_owned() });
                }
                Err(TryLockError::Error(cause)) => return Err(IngestError::folder(dir, cause)),
            }
        }
        let named =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        named.map_err(|cause| IngestError::folder(dir, cause))?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_holds_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let first = WriteLock::take(dir.path(), Duration::ZERO).unwrap();
        match WriteLock::take(dir.path(), Duration::ZERO) {
            Err(IngestError::Locked { holder, .. }) => assert_eq!(holder, std::process::id().to_string()),
            other => panic!("{other:?}"),
        }
        drop(first);
        WriteLock::take(dir.path(), Duration::ZERO).unwrap();
    }
}
