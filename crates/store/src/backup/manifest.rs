//! `manifest.json`: the contents of a backup with their checksums.

use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::StoreError;
use serde::{Deserialize, Serialize};

use super::BackupError;
use super::files::{open_regular, unreadable};
use crate::journal::Head;

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const JOURNAL: &str = "journal.db";
/// The journal of a backup that is locked with a passphrase.
pub(super) const LOCKED_JOURNAL: &str = "journal.db.age";
/// The access log of a backup, and the same of a locked one. Earlier versions of the program neither write nor read it.
pub(super) const ACCESS: &str = "access.db";
pub(super) const LOCKED_ACCESS: &str = "access.db.age";
/// Version of the backup folder's layout.
pub(super) const FORMAT: u32 = 1;
/// The same of a locked backup, which earlier versions of the program can't open.
pub(super) const LOCKED_FORMAT: u32 = 2;
/// Longest manifest that is read. A manifest takes a few hundred bytes per terminal.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Version of the program that wrote the backup.
    pub version: String,
    pub facility_name: String,
    pub created_at: DateTime<Utc>,
    pub files: Vec<StoredFile>,
    pub facts: u64,
    pub heads: Vec<Head>,
    /// The terminal that was backed up; earlier versions of the program don't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_id: Option<TerminalId>,
    /// The number of a scheduled backup, by which the newest ones are known whatever the clock said; `None` if somebody
    /// asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    pub name: String,
    pub bytes: u64,
    /// The file's BLAKE3 hash, as 64 hexadecimal digits.
    pub blake3: String,
}

impl Manifest {
    /// Reads a backup folder's manifest.
    pub(super) fn read(backup: &Path) -> Result<Self, BackupError> {
        let path = backup.join(MANIFEST);
        let not_one = |detail: String| BackupError::NotABackup { path: backup.to_owned(), detail };
        // Bounded while it is read: a device says that it has no length.
        let read = open_regular(&path).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(MANIFEST_BYTES_MAX + 1).read_to_end(&mut bytes).map(|_| bytes)
        });
        let bytes = read.map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidInput => not_one(format!("{MANIFEST} is no file")),
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                not_one(format!("{MANIFEST} is missing"))
            }
            _ => unreadable(&path, &error),
        })?;
        if bytes.len() as u64 > MANIFEST_BYTES_MAX {
            return Err(not_one(format!("{MANIFEST} is too large")));
        }
        let invalid = |error: serde_json::Error| not_one(format!("{MANIFEST} is invalid: {error}"));
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_slice(&bytes).map_err(invalid)?;
        if format > LOCKED_FORMAT {
            return Err(StoreError::Newer(format!("backup format {format}")).into());
        }
        serde_json::from_slice(&bytes).map_err(invalid)
    }

    /// Whether the backup can be opened only with its passphrase.
    pub fn is_locked(&self) -> bool {
        self.files.iter().any(|file| file.name == LOCKED_JOURNAL)
    }

    /// The access log, if the backup has one.
    pub(super) fn access(&self) -> Option<&StoredFile> {
        self.files.iter().find(|file| [ACCESS, LOCKED_ACCESS].contains(&&*file.name))
    }

    pub(super) fn journal(&self, backup: &Path) -> Result<&StoredFile, BackupError> {
        let journal = self.files.iter().find(|file| [JOURNAL, LOCKED_JOURNAL].contains(&&*file.name));
        journal.ok_or_else(|| BackupError::NotABackup {
            path: backup.to_owned(),
            detail: format!("{MANIFEST} doesn't list {JOURNAL}"),
        })
    }
}
