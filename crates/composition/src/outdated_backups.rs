//! Backups that were made before a person was erased: they are removed 30 days after the erasure, wherever they are
//! (ADR 0030).

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::contract::{AppError, BackupWaitsFor, OutdatedBackup};
use nosmoke_ports::{StoreError, read};
use nosmoke_store::backup::{BackupError, Found, Made, made_backups};

use crate::backup_files::blocking;
use crate::backups::BackupSource;

/// How long a backup may name a person who was erased after it was made.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How many erasures are looked at, the newest ones.
const ERASURES_MAX: usize = 10_000;
const SHOWN_MAX: usize = 100;

impl BackupSource {
    /// Removes the outdated backups whose time has come, and returns those that are left, the first one first, at most 100.
    ///
    /// # Errors
    /// An error of the journal or of the list of backups.
    pub async fn remove_outdated(&self) -> Result<Vec<OutdatedBackup>, AppError> {
        let (folder, now) = (self.folder.clone(), self.environment.clock.now());
        let listed = folder.clone();
        let made = blocking(move || Ok(made_backups(&listed)?)).await?;
        if made.is_empty() {
            return Ok(Vec::new());
        }
        let journal = &*self.terminal.core.journal;
        let erasures = read::<_, StoreError>(journal, |tx| tx.erasures(ERASURES_MAX)).await?;
        let erased_at: Vec<_> = erasures.into_iter().map(|change| change.received_at).collect();
        blocking(move || remove_due(&folder, &made, &erased_at, now)).await
    }
}

fn remove_due(
    folder: &Path,
    made: &[Made],
    erased_at: &[DateTime<Utc>],
    now: DateTime<Utc>,
) -> Result<Vec<OutdatedBackup>, BackupError> {
    let mut left = Vec::new();
    for backup in made {
        let Some(erased) = first_erasure_after(backup, erased_at) else { continue };
        let is_newer = |other: &&Made| other.created_at > erased && other.look() == Found::Backup;
        let waits_for = if now < erased + KEPT {
            BackupWaitsFor::Day
        } else if made.iter().rfind(is_newer).is_none() {
            // Whatever the clock says: the only backup is never removed.
            BackupWaitsFor::NewerBackup
        } else {
            match backup.remove(folder) {
                Ok(Found::Backup) => {
                    tracing::info!(path = %backup.path.display(), "a backup from before an erasure was removed");
                    continue;
                }
                Ok(Found::Nothing) => continue,
                Ok(Found::NoMedium) => BackupWaitsFor::Medium,
                Err(error) => {
                    tracing::warn!(%error, "a backup from before an erasure can't be removed");
                    BackupWaitsFor::Permission
                }
            }
        };
        left.push(OutdatedBackup {
            path: backup.path.display().to_string(),
            made_at: backup.created_at.timestamp_millis(),
            remove_at: (erased + KEPT).timestamp_millis(),
            waits_for,
        });
    }
    left.truncate(SHOWN_MAX);
    Ok(left)
}

fn first_erasure_after(backup: &Made, erased_at: &[DateTime<Utc>]) -> Option<DateTime<Utc>> {
    erased_at.iter().copied().filter(|erased| *erased > backup.created_at).min()
}
