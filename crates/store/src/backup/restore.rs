//! Restores a backup. The replaced journal is kept, and a restore that crashed is completed at the next start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::StoreError;
use nosmoke_ports::{RESTORED_FROM, RestoredFrom};
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use super::create::{check, stamp};
use super::files::{Partial, hash};
use super::manifest::JOURNAL;
use super::progress::Progress;
use super::{BackupError, Manifest, Tell};
use crate::error::{corrupt, from_sqlx};
use crate::folder::{Folder, sync_folder};
use crate::journal::STORE_ID;
use crate::migrate::{self, newest};
use crate::open::{Database, Durability, close, open_read_only};
use crate::pool::blocking;
use crate::staged::{ASIDE_PREFIX, READY_PREFIX, finish};

/// The phases of a restore: copying, reading every page, reading every chain.
const PHASES: u64 = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub manifest: Manifest,
    /// The folder that keeps the replaced files.
    pub aside: PathBuf,
}

/// Reads a backup's manifest. Only [`restore`] checks the content of the backup.
///
/// # Errors
/// `NotABackup`, `Unreadable`, `Newer`.
pub fn inspect(backup: &Path) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup)?;
    manifest.journal(backup)?;
    Ok(manifest)
}

/// Checks a backup and replaces the folder's journal by it; the next [`crate::SqliteJournal::open`] opens it. It
/// contains the setting [`RESTORED_FROM`], because of which the application then begins another incarnation.
///
/// # Errors
/// `InUse` while a journal or a read model of this folder is open; `NotABackup`, `Damaged`, `Unreadable`, `Newer`,
/// `Cancelled`, `DiskFull`; then the folder is unchanged.
pub async fn restore(
    folder: &Arc<Folder>,
    backup: &Path,
    at: DateTime<Utc>,
    tell: Tell,
) -> Result<Restored, BackupError> {
    if Arc::strong_count(folder) > 1 {
        return Err(StoreError::InUse.into());
    }
    finish(folder)?;
    let manifest = inspect(backup)?;
    let stored = manifest.journal(backup)?;
    let progress = Progress::new(tell, stored.bytes, PHASES);
    let part = folder.path().join(format!("restoring-{}.partial", Uuid::new_v4().simple()));
    let partial = Partial::create(part.clone())?;
    let copy = part.join(JOURNAL);
    let damaged = |detail: String| BackupError::Damaged { path: backup.to_owned(), detail };

    let (blake3, bytes) = hash(backup.join(JOURNAL), Some(copy.clone()), progress.clone()).await.map_err(|error| {
        let missing = !backup.join(JOURNAL).exists();
        if missing { damaged(format!("{JOURNAL} is missing")) } else { error }
    })?;
    if (&blake3, bytes) != (&stored.blake3, stored.bytes) {
        return Err(damaged(format!("{JOURNAL} doesn't match its checksum")));
    }
    progress.next_phase()?;
    refuse_newer(&copy).await?;
    let content = check(&copy, &progress).await.map_err(|error| match error {
        BackupError::Store(StoreError::Corrupt(detail)) => damaged(detail),
        other => other,
    })?;
    if content != (manifest.facts, manifest.heads.clone()) {
        return Err(damaged("the facts of its journal don't match its manifest".into()));
    }
    mark(&copy, manifest.created_at, at).await?;
    sync_folder(&part)?;

    let stamp = free_stamp(folder, at);
    partial.keep_as(&folder.path().join(format!("{READY_PREFIX}{stamp}")))?;
    finish(folder)?;
    Ok(Restored { manifest, aside: folder.path().join(format!("{ASIDE_PREFIX}{stamp}")) })
}

fn free_stamp(folder: &Folder, at: DateTime<Utc>) -> String {
    let first = stamp(at);
    let taken = |stamp: &str| folder.path().join(format!("{ASIDE_PREFIX}{stamp}")).exists();
    let mut free = first.clone();
    let mut number = 2;
    while taken(&free) {
        free = format!("{first}-{number}");
        number += 1;
    }
    free
}

async fn refuse_newer(copy: &Path) -> Result<(), BackupError> {
    let path = copy.to_owned();
    match blocking(move || newest(&mut open_read_only(&path)?)).await? {
        Some(version) if migrate::JOURNAL.iter().all(|step| step.version < version) => {
            Err(StoreError::Newer(format!("schema version {version}")).into())
        }
        _ => Ok(()),
    }
}

/// Marks a copy as restored, and gives it another store id than that of the journal that was backed up.
async fn mark(copy: &Path, created_at: DateTime<Utc>, restored_at: DateTime<Utc>) -> Result<(), StoreError> {
    let database = Database::at(copy, Durability::Full)?;
    let mut connection = database.connect().await?;
    let marked = mark_in(&mut connection, created_at, restored_at).await;
    // Closing the last connection moves the write-ahead log into the file.
    close(connection).await?;
    marked
}

async fn mark_in(
    connection: &mut SqliteConnection,
    created_at: DateTime<Utc>,
    restored_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let incarnation: Option<Vec<u8>> = sqlx::query_scalar("SELECT incarnation FROM origin ORDER BY life DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    let incarnation = incarnation.map(|id| Uuid::from_slice(&id).map(IncarnationId).map_err(corrupt)).transpose()?;
    let from = RestoredFrom { incarnation, created_at, restored_at };
    let json = serde_json::to_string(&from).map_err(|error| StoreError::Failed(error.to_string()))?;
    for (key, value) in [(RESTORED_FROM, json), (STORE_ID, format!("\"{}\"", Uuid::new_v4()))] {
        sqlx::query("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)")
            .bind(key)
            .bind(value)
            .execute(&mut *connection)
            .await
            .map_err(|error| from_sqlx(&error))?;
    }
    Ok(())
}
