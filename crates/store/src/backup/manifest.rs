//! `manifest.json`: the contents of a backup with their checksums.

use std::path::Path;

use chrono::{DateTime, Utc};
use nosmoke_ports::StoreError;
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::journal::Head;

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const JOURNAL: &str = "journal.db";
/// Version of the backup folder's layout.
pub(super) const FORMAT: u32 = 1;
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
        let bytes = match std::fs::metadata(&path) {
            Ok(found) if found.len() > MANIFEST_BYTES_MAX => return Err(not_one(format!("{MANIFEST} is too large"))),
            Ok(_) => std::fs::read(&path),
            Err(error) => Err(error),
        };
        let bytes = bytes.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                not_one(format!("{MANIFEST} is missing"))
            }
            _ => BackupError::Unreadable { path: path.clone(), detail: error.to_string() },
        })?;
        let invalid = |error: serde_json::Error| not_one(format!("{MANIFEST} is invalid: {error}"));
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_slice(&bytes).map_err(invalid)?;
        if format > FORMAT {
            return Err(StoreError::Newer(format!("backup format {format}")).into());
        }
        serde_json::from_slice(&bytes).map_err(invalid)
    }

    pub(super) fn journal(&self, backup: &Path) -> Result<&StoredFile, BackupError> {
        let journal = self.files.iter().find(|file| file.name == JOURNAL);
        journal.ok_or_else(|| BackupError::NotABackup {
            path: backup.to_owned(),
            detail: format!("{MANIFEST} doesn't list {JOURNAL}"),
        })
    }
}
