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
use super::files::{Partial, Source, hash};
use super::lock::unlock;
use super::manifest::{ACCESS, JOURNAL};
use super::progress::Progress;
use super::{BackupError, Manifest, Passphrase, Tell};
use crate::access;
use crate::adopted::check_schema;
use crate::erased;
use crate::error::{corrupt, from_sqlx};
use crate::folder::{Folder, private_file, sync_folder};
use crate::journal::STORE_ID;
use crate::open::{Database, Durability, close};
use crate::staged::{ASIDE_PREFIX, PARTIAL, READY_PREFIX, finish};

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
    restore_locked(folder, backup, None, at, tell).await
}

/// Like [`restore`], of a backup that may be locked.
///
/// # Errors
/// As for [`restore`]; `Locked` and `WrongPassphrase`.
pub async fn restore_locked(
    folder: &Arc<Folder>,
    backup: &Path,
    passphrase: Option<Passphrase>,
    at: DateTime<Utc>,
    tell: Tell,
) -> Result<Restored, BackupError> {
    if Arc::strong_count(folder) > 1 {
        return Err(StoreError::InUse.into());
    }
    finish(folder).await?;
    let manifest = inspect(backup)?;
    let stored = manifest.journal(backup)?;
    let progress = Progress::new(tell, stored.bytes, PHASES);
    let part = folder.path().join(format!("{}{}{}", PARTIAL.0, Uuid::new_v4().simple(), PARTIAL.1));
    let partial = Partial::create(part.clone())?;
    let copy = part.join(JOURNAL);
    let damaged = |detail: String| BackupError::Damaged { path: backup.to_owned(), detail };

    let source = Source { path: backup.join(&stored.name), bytes_max: stored.bytes };
    if !source.path.exists() {
        return Err(damaged(format!("{} is missing", stored.name)));
    }
    if manifest.is_locked() {
        let Some(passphrase) = &passphrase else { return Err(BackupError::Locked { path: backup.to_owned() }) };
        let file = private_file(&copy)?;
        unlock(source, (file, copy.clone()), passphrase.clone(), progress.clone()).await?;
    } else {
        let (blake3, bytes) = hash(source, Some(copy.clone()), progress.clone()).await?;
        if (&blake3, bytes) != (&stored.blake3, stored.bytes) {
            return Err(damaged(format!("{} doesn't match its checksum", stored.name)));
        }
    }
    progress.next_phase()?;
    // Before anything else opens it, so that no trigger of it ever runs.
    check_schema(&copy, &part).await.map_err(|error| match error {
        StoreError::Corrupt(detail) => damaged(detail),
        other => other.into(),
    })?;
    let content = check(&copy, &progress).await.map_err(|error| match error {
        BackupError::Store(StoreError::Corrupt(detail)) => damaged(detail),
        other => other,
    })?;
    if content != (manifest.facts, manifest.heads.clone()) {
        return Err(damaged("the facts of its journal don't match its manifest".into()));
    }
    mark(&copy, manifest.created_at, at).await?;
    if let Err(error) = stage_access_log(folder, backup, &part, &manifest, passphrase.as_ref(), &progress).await? {
        tracing::warn!(%error, "the backup's access log is left out");
    }
    sync_folder(&part)?;

    if let Err(error) = erased::keep_before_restore(folder.path()) {
        // A damaged journal is a reason to restore. Its erasures were kept when they were recorded.
        tracing::warn!(%error, "the erased customers of the replaced journal can't be read");
    }
    let stamp = free_stamp(folder, at);
    partial.keep_as(&folder.path().join(format!("{READY_PREFIX}{stamp}")))?;
    finish(folder).await?;
    Ok(Restored { manifest, aside: folder.path().join(format!("{ASIDE_PREFIX}{stamp}")) })
}

/// Copies the access log of a backup beside the staged journal, if this PC has none of its own. The inner error is one of the
/// log alone, for which a restore doesn't fail.
async fn stage_access_log(
    folder: &Folder,
    backup: &Path,
    part: &Path,
    manifest: &Manifest,
    passphrase: Option<&Passphrase>,
    progress: &Arc<Progress>,
) -> Result<Result<(), BackupError>, BackupError> {
    let Some(stored) = manifest.access().filter(|_| access::is_unused(&folder.path().join(ACCESS))) else {
        return Ok(Ok(()));
    };
    let copy = part.join(ACCESS);
    let source = Source { path: backup.join(&stored.name), bytes_max: stored.bytes };
    let staged = async {
        if let (true, Some(passphrase)) = (manifest.is_locked(), passphrase) {
            let file = private_file(&copy)?;
            unlock(source, (file, copy.clone()), passphrase.clone(), progress.clone()).await?;
        } else {
            let (blake3, bytes) = hash(source, Some(copy.clone()), progress.clone()).await?;
            if (&blake3, bytes) != (&stored.blake3, stored.bytes) {
                let detail = format!("{} doesn't match its checksum", stored.name);
                return Err(BackupError::Damaged { path: backup.to_owned(), detail });
            }
        }
        Ok(access::check_foreign(&copy, part).await?)
    };
    match staged.await {
        Err(BackupError::Cancelled) => Err(BackupError::Cancelled),
        Err(error) => {
            let _ = std::fs::remove_file(&copy);
            Ok(Err(error))
        }
        Ok(()) => Ok(Ok(())),
    }
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
