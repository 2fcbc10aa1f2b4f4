//! Creates, copies and hashes the files and folders of backups.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nosmoke_ports::StoreError;

use super::BackupError;
use super::progress::Progress;
use crate::error::is_full;
use crate::folder::{make_private, make_private_file, private_file};
use crate::staged::Unfinished;

pub(super) const COPY_BLOCK_BYTES: usize = 1024 * 1024;

pub(super) fn unwritable(path: &Path, error: &io::Error) -> BackupError {
    if is_full(error) {
        return StoreError::DiskFull.into();
    }
    BackupError::Unwritable { path: path.to_owned(), kind: error.kind(), detail: error.to_string() }
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> BackupError {
    BackupError::Unreadable { path: path.to_owned(), kind: error.kind(), detail: error.to_string() }
}

impl From<Unfinished> for BackupError {
    fn from(error: Unfinished) -> Self {
        match error {
            Unfinished::File(path, error) => unwritable(&path, &error),
            Unfinished::Store(error) => error.into(),
        }
    }
}

/// What the file system of a backup refused, and what therefore is less safe there than here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remarks {
    /// The files can't be restricted to this user (0600): a stick with FAT, or a share.
    pub not_private: bool,
    /// The folder can't be synced: the backup may be gone if the disk is pulled out at once.
    pub not_synced: bool,
}

/// The file system that a backup is written to.
#[derive(Debug, Default)]
pub(super) struct Medium {
    refused_mode: AtomicBool,
    refused_sync: AtomicBool,
}

impl Medium {
    pub(super) fn remarks(&self) -> Remarks {
        Remarks {
            not_private: self.refused_mode.load(Ordering::Relaxed),
            not_synced: self.refused_sync.load(Ordering::Relaxed),
        }
    }

    /// Creates a file that only this user can access, where the file system knows that.
    pub(super) fn file(&self, path: &Path) -> Result<File, BackupError> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| unwritable(path, &error))?;
        self.accept(&self.refused_mode, make_private_file(path)).map_err(|error| unwritable(path, &error))?;
        Ok(file)
    }

    /// Creates a folder that only this user can access, where the file system knows that.
    pub(super) fn folder(&self, path: PathBuf) -> Result<Partial, BackupError> {
        fs::create_dir(&path).map_err(|error| unwritable(&path, &error))?;
        let partial = Partial { path: Some(path.clone()) };
        self.accept(&self.refused_mode, make_private(&path)).map_err(|error| unwritable(&path, &error))?;
        Ok(partial)
    }

    pub(super) fn sync(&self, folder: &Path) -> Result<(), BackupError> {
        #[cfg(unix)]
        {
            let synced = File::open(folder).and_then(|folder| folder.sync_all());
            self.accept(&self.refused_sync, synced).map_err(|error| unwritable(folder, &error))?;
        }
        #[cfg(not(unix))]
        let _ = folder;
        Ok(())
    }

    pub(super) fn write_durably(&self, path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
        let mut file = self.file(path)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| unwritable(path, &error))
    }

    /// Passes over what a file system doesn't offer, and notes it.
    fn accept(&self, refused: &AtomicBool, done: io::Result<()>) -> io::Result<()> {
        match done {
            Err(error) if is_not_offered(&error) => {
                refused.store(true, Ordering::Relaxed);
                Ok(())
            }
            done => done,
        }
    }
}

/// FAT refuses modes as not permitted, shares as not supported or invalid.
fn is_not_offered(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

/// A folder that is removed on drop unless [`Partial::keep_as`] succeeded.
pub(super) struct Partial {
    path: Option<PathBuf>,
}

impl Partial {
    pub(super) fn create(path: PathBuf) -> Result<Self, BackupError> {
        fs::create_dir(&path).and_then(|()| make_private(&path)).map_err(|error| unwritable(&path, &error))?;
        Ok(Self { path: Some(path) })
    }

    /// Renames the folder to its final name and keeps it.
    pub(super) fn keep_as(mut self, name: &Path) -> Result<(), BackupError> {
        let path = self.path.take().unwrap_or_default();
        fs::rename(&path, name).map_err(|error| {
            self.path = Some(path);
            unwritable(name, &error)
        })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = fs::remove_dir_all(path)
        {
            tracing::warn!(%error, path = %path.display(), "the partial folder of a backup couldn't be removed");
        }
    }
}

/// A file that somebody else may have made, and how much of it is read.
pub(super) struct Source {
    pub path: PathBuf,
    pub bytes_max: u64,
}

/// Opens a file to read it; refuses devices, pipes and folders, which may never end.
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    let no_file = || io::Error::new(io::ErrorKind::InvalidInput, "it is no file");
    // Looked at before it is opened, because opening a pipe waits for somebody who writes; and afterwards, because it may
    // have been replaced meanwhile.
    if !fs::metadata(path)?.is_file() {
        return Err(no_file());
    }
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(no_file()) }
}

/// The same for a file of a backup.
pub(super) fn open_source(path: &Path) -> Result<File, BackupError> {
    open_regular(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => {
            BackupError::Damaged { path: path.to_owned(), detail: format!("{} is no file", path.display()) }
        }
        _ => unreadable(path, &error),
    })
}

/// Returns a file's BLAKE3 hash (64 hexadecimal digits) and length; also copies the file to `target` if one is given. Stops
/// with `Damaged` at the first byte that is too many.
pub(super) async fn hash(
    source: Source,
    target: Option<PathBuf>,
    progress: Arc<Progress>,
) -> Result<(String, u64), BackupError> {
    on_a_thread(move || {
        let Source { path: source, bytes_max } = source;
        let mut from = open_source(&source)?;
        let mut to = match &target {
            Some(path) => Some((private_file(path)?, path)),
            None => None,
        };
        let (mut hasher, mut block, mut bytes) = (blake3::Hasher::new(), vec![0; COPY_BLOCK_BYTES], 0);
        loop {
            let read = from.read(&mut block).map_err(|error| unreadable(&source, &error))?;
            let part = block.get(..read).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            bytes += part.len() as u64;
            if bytes > bytes_max {
                let detail = format!("{} is longer than its manifest says", source.display());
                return Err(BackupError::Damaged { path: source, detail });
            }
            hasher.update(part);
            if let Some((to, path)) = &mut to {
                to.write_all(part).map_err(|error| unwritable(path, &error))?;
            }
            if !progress.report(bytes) {
                return Err(BackupError::Cancelled);
            }
        }
        if let Some((to, path)) = to {
            to.sync_all().map_err(|error| unwritable(path, &error))?;
        }
        Ok((hasher.finalize().to_hex().to_string(), bytes))
    })
    .await
}

/// Runs work with files on a thread for that.
pub(super) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string()).into()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_medium_that_refuses_modes_and_syncing_is_accepted_with_a_remark() {
        let medium = Medium::default();
        // The kernel's own file system refuses both.
        medium.accept(&medium.refused_mode, make_private(Path::new("/proc/self/task"))).unwrap();
        assert_eq!(medium.remarks(), Remarks { not_private: true, not_synced: false });
        medium.sync(Path::new("/proc/self/task")).unwrap();
        assert_eq!(medium.remarks(), Remarks { not_private: true, not_synced: true });
        // What is wrong with the medium itself isn't passed over.
        assert!(medium.sync(Path::new("/proc/self/none")).is_err());
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(medium.accept(&medium.refused_sync, Err(full)).is_err());
        let folder = tempfile::tempdir().unwrap();
        let usual = Medium::default();
        usual.write_durably(&folder.path().join("a"), b"x").unwrap();
        usual.sync(folder.path()).unwrap();
        assert_eq!(usual.remarks(), Remarks::default());
    }
}
