//! The data folder: only this user can access it, and it is locked against other processes while it is open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nosmoke_ports::StoreError;

use crate::error::from_io;

const LOCK: &str = "lock";
/// How the names of our files begin that may be there before the folder is first opened.
const OUR_NAMES: [&str; 8] = [LOCK, JOURNAL, MYPAGE, SPANS, ACCESS, "logs", "facility.key", ".nosmoke-demonstration"];
/// Content of the lock in a folder that is ours alone.
const OURS: &[u8] = b"This folder is Nosmoke Desk's alone.\n";
pub(crate) const JOURNAL: &str = "journal.db";
pub(crate) const MYPAGE: &str = "mypage.db";
const SPANS: &str = "spans.db";
pub(crate) const ACCESS: &str = "access.db";
/// How long [`Folder::is_in_use`] may hold the lock.
const LOOK_TIME: Duration = Duration::from_millis(20);

/// A data folder that this process has locked. The operating system releases the lock when the process ends, even if it
/// is killed.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Creates the folder if it is missing, and locks it. A folder that was created or taken empty is restricted to this
    /// user (0700), now and later; one in which others keep files stays as it is, and only our files are restricted (0600).
    ///
    /// # Errors
    /// `InUse` while any process, even this one, has the folder open; `DiskFull`; `Failed` with the path.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| from_io(path.display(), &error);
        let is_untaken = is_untaken(path);
        fs::create_dir_all(path).map_err(failed)?;
        let was_ours = is_ours(path);
        if is_untaken || was_ours {
            make_private(path).map_err(failed)?;
        }
        let mut lock = private_file(&path.join(LOCK))?;
        if is_untaken && !was_ours {
            // On a full disk there is still everything to show.
            let _ = lock.write_all(OURS);
        }
        let locked = lock.try_lock().or_else(|error| {
            // Another process may only be looking whether the folder is in use.
            std::thread::sleep(LOOK_TIME);
            if matches!(error, TryLockError::WouldBlock) { lock.try_lock() } else { Err(error) }
        });
        match locked {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Whether a process has the folder open. Creates nothing.
    ///
    /// # Errors
    /// `Unwritable`, `Failed`.
    pub fn is_in_use(path: &Path) -> Result<bool, StoreError> {
        let lock = path.join(LOCK);
        match File::open(&lock) {
            Ok(file) => match file.try_lock_shared() {
                Ok(()) => Ok(false),
                Err(TryLockError::WouldBlock) => Ok(true),
                Err(TryLockError::Error(error)) => Err(from_io(lock.display(), &error)),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
            Err(error) => Err(from_io(lock.display(), &error)),
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

/// Whether nobody else keeps anything in the folder: it is missing, or has only files of ours.
fn is_untaken(path: &Path) -> bool {
    let Ok(entries) = fs::read_dir(path) else { return true };
    entries.flatten().all(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        OUR_NAMES.iter().any(|ours| name.starts_with(ours))
    })
}

fn is_ours(path: &Path) -> bool {
    fs::read(path.join(LOCK)).is_ok_and(|text| text == OURS)
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

/// Replaces a file atomically and durably, by one that only this user can access (0600).
///
/// # Errors
/// `Failed`, `DiskFull`, `Unwritable`; the earlier file stays.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| from_io(path.display(), &error);
    let beside = path.with_added_extension("new");
    let file = private_file(&beside)?;
    fs::write(&beside, bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes a file accessible to this user only (0600).
pub(crate) fn make_private_file(file: &Path) -> std::io::Result<()> {
    set_mode(file, 0o600)
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
