//! The data folder: only this user can access it, and it is locked against other processes while it is open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::error::from_io;

const LOCK: &str = "lock";
pub(crate) const JOURNAL: &str = "journal.db";
pub(crate) const MYPAGE: &str = "mypage.db";
const SPANS: &str = "spans.db";

/// A data folder that this process has locked. The operating system releases the lock when the process ends, even if it
/// is killed.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Creates the folder if it is missing, restricts it to this user (0700, its files 0600) and locks it.
    ///
    /// # Errors
    /// `InUse` while any process, even this one, has the folder open; `DiskFull`; `Failed` with the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| from_io(path.display(), &error);
        fs::create_dir_all(path).map_err(failed)?;
        make_private(path).map_err(failed)?;
        let lock = private_file(&path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path.join(JOURNAL)
    }

    pub(crate) fn mypage(&self) -> PathBuf {
        self.path.join(MYPAGE)
    }

    pub(crate) fn spans(&self) -> PathBuf {
        self.path.join(SPANS)
    }
}

impl Drop for Folder {
    /// Unlocks explicitly: a child process inherits the file between fork and exec, so closing it may not release the
    /// lock.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Removes a database file with its write-ahead log and shared memory.
pub(crate) fn remove_database(file: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.to_owned().into_os_string();
        name.push(suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(from_io(file.display(), &error)),
            _ => {}
        }
    }
    Ok(())
}

/// Opens a file for reading and writing that only this user can access (0600); creates it if it is missing. SQLite
/// gives the write-ahead log the mode of its database file.
pub(crate) fn private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = |error: std::io::Error| from_io(path.display(), &error);
    let file = options.open(path).map_err(failed)?;
    set_mode(path, 0o600).map_err(failed)?;
    Ok(file)
}

/// Makes a folder accessible to this user only (0700).
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    set_mode(folder, 0o700)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    if permissions.mode() & 0o777 == mode {
        return Ok(());
    }
    permissions.set_mode(mode);
    fs::set_permissions(path, permissions)
}

/// Does nothing: on Windows the user's profile folder is private already.
#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Syncs a folder, so that creating, renaming or removing a file in it survives a power cut.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| from_io(path.display(), &error))
}

/// Does nothing: Windows has no such call, and NTFS journals file names itself.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> Result<(), StoreError> {
    Ok(())
}
