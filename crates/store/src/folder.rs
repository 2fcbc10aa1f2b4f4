//! The data folder: closed to other users, and to every other process while it is open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use nosmoke_ports::StoreError;

use crate::error::from_io;

const LOCK: &str = "lock";
pub(crate) const JOURNAL: &str = "journal.db";
pub(crate) const MYPAGE: &str = "mypage.db";
const SPANS: &str = "spans.db";

/// A data folder that this process has locked. The operating system releases the lock when the process ends, however
/// it ends.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Makes the folder where it is missing, closes it to other users (0700, its files 0600), and locks it.
    ///
    /// # Errors
    /// `InUse` while another process, or this one, has it open; `DiskFull`; `Failed` with the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| from_io(path.display(), &error);
        fs::create_dir_all(path).map_err(failed)?;
        close_to_others(path).map_err(failed)?;
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
    /// Closing the file isn't enough: a program that is just being started has it open too, until it runs.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Removes a database with what SQLite keeps beside it.
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

/// Opens a file for reading and writing, made where it is missing, that only this user can read (0600). SQLite gives the
/// files it makes beside a database the same mode.
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

/// Leaves a folder to this user alone (0700).
pub(crate) fn close_to_others(folder: &Path) -> std::io::Result<()> {
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

/// Elsewhere the user's own profile folder is closed to others.
#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Makes a name's coming, going or change in a folder durable.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| from_io(path.display(), &error))
}

/// Windows has no such call; NTFS journals its names itself.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> Result<(), StoreError> {
    Ok(())
}
