//! One writer at a time: an advisory lock on a file of the index directory, which the system releases when its holder ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{BESIDE, DirectoryError, checksums};
use crate::archive::{self, Archive};

/// Name of the lock file. While the lock is held it names the holder; otherwise it is empty, unless the holder was killed.
pub(super) const FILE: &str = "write.lock";
/// Name of the file by which a fetch keeps other fetches away.
pub(super) const FETCH: &str = "fetch.lock";
/// Name of the file by which a digest that is handed over keeps other digests away.
pub(super) const DIGEST: &str = "digest.lock";
/// Name of a file that is made and removed to see whether that can be done.
const PROBE: &str = "probe";
/// How long a writer waits at its end for readers to release the archive's log.
pub(crate) const SETTLE: Duration = Duration::from_secs(10);
/// Characters of the holder's command that the lock file keeps, at most.
const COMMAND: usize = 120;

/// Held while a process writes.
#[derive(Debug)]
pub(crate) struct WriteLock {
    file: File,
    dir: PathBuf,
    /// The name of the holder before this one, where that was killed; it is written back at the end where that is set.
    left: Option<String>,
}

impl WriteLock {
    /// Takes the lock to write, waiting at most `wait` for another process. From now on until [`WriteLock::seal`] the
    /// checksums of the directory are out of date. Removes a half-built index that a killed rebuild left.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Locked`] names the process that holds it.
    pub(crate) fn take(dir: &Path, wait: Duration) -> Result<Self, DirectoryError> {
        let lock = Self::lock(dir, FILE, wait, File::try_lock)?;
        checksums::begin(dir)
            .and_then(|()| clear(&dir.join(BESIDE)))
            .map_err(|cause| DirectoryError::folder(dir, cause))?;
        Ok(lock)
    }

    /// Takes the lock only to keep writers away; others may do so at the same time.
    ///
    /// # Errors
    ///
    /// As [`WriteLock::take`].
    pub(crate) fn hold(dir: &Path, wait: Duration) -> Result<Self, DirectoryError> {
        Self::lock(dir, FILE, wait, File::try_lock_shared)
    }

    fn lock(
        dir: &Path,
        name: &str,
        wait: Duration,
        lock: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Self, DirectoryError> {
        let fail = |cause| DirectoryError::folder(dir, cause);
        std::fs::create_dir_all(dir).map_err(fail)?;
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(dir.join(name)).map_err(fail)?;
        let start = Instant::now(); // measures the wait only; no time of day is kept
        loop {
            match lock(&file) {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < wait => {
                    std::thread::sleep(Duration::from_millis(50))
                }
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    let _ = file.read_to_string(&mut holder); // only for the message
                    // The holder may not have written its name yet.
                    let holder = match holder.trim() {
                        "" => "another process".to_owned(),
                        name => format!("process {name}"),
                    };
                    return Err(DirectoryError::Locked { dir: dir.to_owned(), holder });
                }
                Err(TryLockError::Error(cause)) => return Err(fail(cause)),
            }
        }
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", holder())).map_err(fail)?;
        Ok(Self { file, dir: dir.to_owned(), left: None })
    }

    /// Ends writing: empties the archive's log into its file and records the checksums of all files.
    ///
    /// Where a reader keeps the log from being emptied, the checksums stay open, as after a writer that was killed.
    ///
    /// # Errors
    ///
    /// Fails where the disk does.
    pub(crate) fn seal(self) -> Result<(), DirectoryError> {
        self.seal_within(SETTLE)
    }

    /// As [`WriteLock::seal`], waiting at most `wait` for readers to release the log.
    fn seal_within(self, wait: Duration) -> Result<(), DirectoryError> {
        let settled = Archive::settle(&self.dir, wait)?;
        let dir = self.dir.clone();
        self.file.set_len(0).map_err(|cause| DirectoryError::folder(&dir, cause))?;
        if settled {
            checksums::seal(&dir).map_err(|cause| DirectoryError::folder(&dir, cause))?;
        }
        Ok(())
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // The next holder writes over it.
        let _ = self.file.set_len(0).and_then(|()| match &self.left {
            Some(left) => self.file.rewind().and_then(|()| writeln!(self.file, "{left}")),
            None => Ok(()),
        });
    }
}

/// Keeps other processes from the same task while it is held. Others may write meanwhile.
#[derive(Debug)]
pub(crate) struct TaskLock(#[allow(dead_code)] WriteLock); // held until it is dropped

impl TaskLock {
    /// Takes the lock of those who fetch, so that no two ask the same hosts, waiting at most `wait`.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Locked`] names the process that holds it.
    #[cfg(feature = "fetch")]
    pub(crate) fn fetch(dir: &Path, wait: Duration) -> Result<Self, DirectoryError> {
        WriteLock::lock(dir, FETCH, wait, File::try_lock).map(Self)
    }

    /// As [`TaskLock::fetch`], for a task that does not end what a killed fetch has left: its name stays.
    ///
    /// # Errors
    ///
    /// As [`TaskLock::fetch`].
    #[cfg(feature = "fetch")]
    pub(crate) fn follow(dir: &Path, wait: Duration) -> Result<Self, DirectoryError> {
        let left = fetcher(dir).filter(|(_, works)| !works).map(|(holder, _)| holder);
        let mut lock = WriteLock::lock(dir, FETCH, wait, File::try_lock)?;
        lock.left = left;
        Ok(Self(lock))
    }

    /// Takes the lock of those who hand digests over, so that no two hand over the same, waiting at most `wait`.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Locked`] names the process that holds it.
    pub(crate) fn digest(dir: &Path, wait: Duration) -> Result<Self, DirectoryError> {
        WriteLock::lock(dir, DIGEST, wait, File::try_lock).map(Self)
    }
}

/// The process whose name stands in the fetch lock, and whether it still fetches: one that was killed leaves its name there.
pub(crate) fn fetcher(dir: &Path) -> Option<(String, bool)> {
    let mut file = File::open(dir.join(FETCH)).ok()?;
    let mut holder = String::new();
    file.read_to_string(&mut holder).ok()?;
    let holder = holder.trim().to_owned();
    let works = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    (!holder.is_empty()).then_some((holder, works))
}

/// Takes the write lock, runs `work` on the archive, and seals the directory. Directory and archive are created where
/// they are missing. Where `work` fails, the checksums stay open.
///
/// # Errors
///
/// [`DirectoryError::Locked`] where another process still writes after `wait`; fails where the disk does; the error of
/// `work`.
pub fn write<T, E: From<DirectoryError>>(
    dir: &Path,
    wait: Duration,
    work: impl FnOnce(Archive) -> Result<T, E>,
) -> Result<T, E> {
    let lock = WriteLock::take(dir, wait)?;
    let done = work(Archive::create(dir).map_err(DirectoryError::from)?)?;
    lock.seal()?;
    Ok(done)
}

/// As [`write()`], but the checksums stay open: for the batches of a run before its last one.
///
/// # Errors
///
/// As [`write()`].
pub(crate) fn write_open<T, E: From<DirectoryError>>(
    dir: &Path,
    wait: Duration,
    work: impl FnOnce(Archive) -> Result<T, E>,
) -> Result<T, E> {
    let _lock = WriteLock::take(dir, wait)?;
    work(Archive::create(dir).map_err(DirectoryError::from)?)
}

/// As [`write()`], for a directory that has an archive.
///
/// # Errors
///
/// Fails where there is no archive; otherwise as [`write()`].
pub(crate) fn write_existing<T, E: From<DirectoryError>>(
    dir: &Path,
    wait: Duration,
    work: impl FnOnce(Archive) -> Result<T, E>,
) -> Result<T, E> {
    Archive::open(dir).map_err(DirectoryError::from)?;
    write(dir, wait, work)
}

/// Makes sure that this process may write to a directory, before it does what it could not note down otherwise.
///
/// # Errors
///
/// [`DirectoryError::Locked`] where another process still writes after `wait`; else what keeps this one from writing.
pub(crate) fn check_writable(dir: &Path, wait: Duration) -> Result<(), DirectoryError> {
    let _lock = WriteLock::hold(dir, wait)?; // else a purge could stumble over the probe
    let probe = dir.join(PROBE);
    let archive = OpenOptions::new().write(true).open(dir.join(archive::FILE)).map(drop);
    let tried = archive.and_then(|()| File::create(&probe)).and_then(|_| std::fs::remove_file(&probe));
    tried.map_err(|cause| DirectoryError::folder(dir, cause))
}

/// Removes a folder with all that is in it, where there is one.
fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

/// This process, as a message names it: its number and its command.
fn holder() -> String {
    let mut command = Vec::new();
    for (n, part) in std::env::args_os().enumerate() {
        let path = Path::new(&part);
        let name = if n == 0 { path.file_name().unwrap_or_default() } else { part.as_os_str() };
        command.push(name.to_string_lossy().into_owned());
    }
    let command: String = command.join(" ").chars().filter(|c| !c.is_control()).take(COMMAND).collect();
    format!("{} ({command})", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_seen_beforehand() {
        let dir = tempfile::tempdir().unwrap();
        assert!(check_writable(dir.path(), Duration::ZERO).is_err(), "there is no archive");
        std::fs::write(dir.path().join(archive::FILE), "").unwrap();
        check_writable(dir.path(), Duration::ZERO).unwrap();
        assert!(!dir.path().join(PROBE).exists());
        std::fs::create_dir(dir.path().join(PROBE)).unwrap();
        assert!(check_writable(dir.path(), Duration::ZERO).is_err(), "no file can be made");
    }

    #[test]
    fn a_second_writer_is_told_who_holds_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let first = WriteLock::take(dir.path(), Duration::ZERO).unwrap();
        match WriteLock::take(dir.path(), Duration::ZERO) {
            Err(DirectoryError::Locked { holder, .. }) => {
                assert!(holder.starts_with(&format!("process {} (despatch", std::process::id())), "{holder}");
            }
            other => panic!("{other:?}"),
        }
        std::fs::write(dir.path().join(FILE), "").unwrap();
        match WriteLock::hold(dir.path(), Duration::ZERO) {
            Err(DirectoryError::Locked { holder, .. }) => assert_eq!(holder, "another process"),
            other => panic!("{other:?}"),
        }
        drop(first);
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), b"");
        WriteLock::take(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_reader_of_the_log_leaves_the_list_of_checksums_open() {
        let dir = tempfile::tempdir().unwrap();
        let now = "2026-03-01".parse().unwrap();
        let put = |archive: &mut Archive, text: &str| {
            let article = crate::article::Article { text: text.to_owned(), ..Default::default() };
            let packed =
                crate::archive::Packed::new(&article, &mut crate::archive::Packer::new(None).unwrap()).unwrap();
            let place = crate::article::Place { path: text.to_owned(), ..Default::default() };
            let mut batch = archive.batch().unwrap();
            batch.put(&packed, &place, &crate::archive::digest(text.as_bytes()), None, now).unwrap();
            batch.commit().unwrap();
        };
        let listed = || [checksums::FILE, checksums::OPEN].map(|name| dir.path().join(name).exists());
        let first = WriteLock::take(dir.path(), Duration::ZERO).unwrap();
        put(&mut Archive::create(dir.path()).unwrap(), "one");
        first.seal().unwrap();
        assert_eq!(listed(), [true, false]);

        let reader = Archive::open(dir.path()).unwrap();
        reader.hold().unwrap();
        let second = WriteLock::take(dir.path(), Duration::ZERO).unwrap();
        assert_eq!(listed(), [false, true], "from the first moment on");
        put(&mut Archive::create(dir.path()).unwrap(), "two");
        second.seal_within(Duration::ZERO).unwrap();
        assert_eq!(listed(), [false, true]);
        assert!(
            matches!(checksums::compare(dir.path()).unwrap(), checksums::Comparison::Open(found) if found.is_empty())
        );
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), b"", "and nobody holds the lock");

        // The archive's file changes afterwards, when nobody reads any more, and that is no fault.
        drop(reader);
        assert!(Archive::settle(dir.path(), Duration::ZERO).unwrap());
        assert!(
            matches!(checksums::compare(dir.path()).unwrap(), checksums::Comparison::Open(found) if found.is_empty())
        );
        WriteLock::take(dir.path(), Duration::ZERO).unwrap().seal().unwrap();
        assert_eq!(listed(), [true, false]);
        assert_eq!(checksums::compare(dir.path()).unwrap(), checksums::Comparison::Whole(Vec::new()));
    }

    #[test]
    fn a_writer_waits_for_the_lock_as_long_as_it_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let first = WriteLock::take(dir.path(), Duration::ZERO).unwrap();
        let short = WriteLock::take(dir.path(), Duration::from_millis(20));
        assert!(matches!(short, Err(DirectoryError::Locked { .. })), "{short:?}");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| WriteLock::take(dir.path(), Duration::from_secs(60)).map(drop));
            std::thread::sleep(Duration::from_millis(20));
            drop(first);
            waiting.join().unwrap().unwrap();
        });
    }

    #[test]
    fn those_that_only_keep_writers_away_do_so_together() {
        let dir = tempfile::tempdir().unwrap();
        let one = WriteLock::hold(dir.path(), Duration::ZERO).unwrap();
        let other = WriteLock::hold(dir.path(), Duration::ZERO).unwrap();
        drop(one);
        assert!(matches!(WriteLock::take(dir.path(), Duration::ZERO), Err(DirectoryError::Locked { .. })));
        drop(other);
        WriteLock::take(dir.path(), Duration::ZERO).unwrap();
    }
}
