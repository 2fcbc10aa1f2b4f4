//! Backup and restore: a backup is a folder with a copy of the journal, and a manifest with its checksums. Mypage's
//! read model isn't part of a backup: it is derived from the journal again.

mod create;
mod files;
mod lock;
mod made;
mod manifest;
mod progress;
mod restore;
mod scheduled;

use std::io;
use std::path::PathBuf;

use nosmoke_ports::StoreError;

pub use crate::journal::Head;
pub use create::{About, back_up, back_up_beside};
pub use files::Remarks;
pub use lock::Passphrase;
pub use made::{Found, Made, made_backups};
pub use manifest::{Manifest, StoredFile};
pub use progress::Tell;
pub use restore::{Restored, inspect, restore, restore_locked};
pub use scheduled::{ScheduledBackup, keep_newest, mark_target, prepare_target, scheduled_backups};

/// Why a backup or a restore failed. Partial files are removed and earlier data is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    #[error("the backup or restore was cancelled")]
    Cancelled,
    #[error("{} is not a backup: {detail}", path.display())]
    NotABackup { path: PathBuf, detail: String },
    /// The content doesn't match its checksums or isn't a valid journal.
    #[error("the backup {} is damaged: {detail}", path.display())]
    Damaged { path: PathBuf, detail: String },
    /// The backup is locked, and no passphrase was given.
    #[error("the backup {} is locked with a passphrase", path.display())]
    Locked { path: PathBuf },
    #[error("the backup {} is locked with another passphrase", path.display())]
    WrongPassphrase { path: PathBuf },
    #[error("{} can't be read: {detail}", path.display())]
    Unreadable { path: PathBuf, kind: io::ErrorKind, detail: String },
    #[error("{} can't be written: {detail}", path.display())]
    Unwritable { path: PathBuf, kind: io::ErrorKind, detail: String },
    /// The folder of the scheduled backups is missing, or isn't the one that was chosen: its disk isn't connected.
    #[error("{} isn't the folder that was chosen for the backups", path.display())]
    TargetMissing { path: PathBuf },
    /// `DiskFull`, `Newer` if a newer version of the program wrote the backup, `InUse` while the journal is open, or
    /// another error.
    #[error(transparent)]
    Store(#[from] StoreError),
}
