//! Reading a tantivy folder that cannot be written; tantivy itself takes a lock on it even to read.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, INDEX_WRITER_LOCK, Lock, META_LOCK, MmapDirectory, WatchCallback,
    WatchHandle, WritePtr,
};

/// Whether this user cannot take a reader's lock in the folder. Readers then do without, as locks can be neither taken
/// nor seen. The lock file is made where it is missing (a copy may have left out hidden files), as tantivy does.
pub(super) fn cannot_be_written(folder: &Path) -> bool {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create(true).truncate(false).open(folder.join(&META_LOCK.filepath));
    opened
        .is_err_and(|cause| matches!(cause.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem))
}

/// A read-only view of the folder: readers get their locks without a file, and every change fails.
#[derive(Debug, Clone)]
pub(super) struct Still(pub(super) MmapDirectory);

fn refused() -> io::Error {
    io::Error::from(io::ErrorKind::PermissionDenied)
}

impl Directory for Still {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        if lock.filepath == INDEX_WRITER_LOCK.filepath {
            return Err(LockError::wrap_io_error(refused()));
        }
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}
