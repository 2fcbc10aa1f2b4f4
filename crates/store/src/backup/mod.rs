//! Backup and restore: a folder with a copy of the journal and a manifest with its checksums.
//!
//! The read model isn't in it: it is built again from the journal.

mod create;
mod files;
mod manifest;
mod restore;
mod watch;

use std::path::PathBuf;

use nosmoke_ports::StoreError;

pub use crate::journal::Head;
pub use create::{About, back_up};
pub use manifest::{Manifest, StoredFile};
pub use restore::{Restored, inspect, restore};
pub use watch::Tell;

/// Why a backup or a restore ended. Nothing half-written stays, and what was there before is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    #[error("cancelled")]
    Cancelled,
    #[error("{}: not a backup: {detail}", path.display())]
    NotABackup { path: PathBuf, detail: String },
    /// The content isn't what its own checksums say, or can't be read as a journal.
    #[error("{}: damaged: {detail}", path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("{}: {detail}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("{}: {detail}", path.display())]
    Unwritable { path: PathBuf, detail: String },
    /// `DiskFull`, `Newer` for a backup of a newer version, `InUse` while the journal is open, or another.
    #[error(transparent)]
    Store(#[from] StoreError),
}
