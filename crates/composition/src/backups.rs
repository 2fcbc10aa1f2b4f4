//! Backups and restores of a data folder, whichever program asks for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands::note_backup;
use nosmoke_application::queries::facility_name;
use nosmoke_application::terminal::Terminal;
use nosmoke_domain::ids::{TerminalId, TokenId};
use nosmoke_ports::contract::{AccessAct, AppError, ErrorCode, LastBackup};
use nosmoke_ports::{Access, AccessBy, Journal, StoreError, read};
use nosmoke_store::backup::{self, About, Made, Manifest, Passphrase, Remarks, Tell};
use nosmoke_store::{Folder, Store};

use crate::backup_files::{blocking, note_made, worded};
use crate::noted::note_access;
use crate::options::Environment;
use crate::read_only::{ReadOnlyFolder, expect_data_folder};

/// How the access log has a backup that a command line made.
const BACKED_UP: Access = Access::done(AccessBy::Token(TokenId::Owner), AccessAct::BackedUp);

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeBackup {
    pub path: PathBuf,
    pub facts: u64,
    /// Whether it can be opened only with its passphrase. Otherwise whoever has it reads all names, phones and cards, and
    /// can try PINs; nothing in it opens a door.
    pub locked: bool,
    pub remarks: Remarks,
}

impl MadeBackup {
    /// Returns what the screens show of the last backup, made at `at` (ms since 1970).
    pub(crate) fn noted(&self, at: i64) -> LastBackup {
        let Remarks { not_private, not_synced } = self.remarks;
        LastBackup { at, path: self.path.display().to_string(), not_private, not_synced }
    }
}

/// What a backup contains, according to its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupContent {
    pub facility_name: String,
    /// In ms since 1970.
    pub created_at: i64,
    pub facts: u64,
    /// The version of the program that made it.
    pub version: String,
    /// Whether it is locked with a passphrase.
    pub locked: bool,
}

/// A restored backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredBackup {
    pub content: BackupContent,
    /// The folder that keeps what was there before; `None` if nothing was.
    pub kept_in: Option<PathBuf>,
}

/// What a backup needs of an open folder, so that it can be made without borrowing the folder.
#[derive(Debug, Clone)]
pub struct BackupSource {
    pub(crate) store: Arc<Store>,
    pub(crate) terminal: Arc<Terminal>,
    pub(crate) environment: Environment,
    pub(crate) folder: PathBuf,
}

impl BackupSource {
    /// Makes a backup that somebody asked for, and notes it. Commands go on meanwhile.
    ///
    /// # Errors
    /// `cancelled`, `file_unwritable`, `disk_full`, `storage_corrupt`, or another error of the store.
    pub async fn back_up(
        &self,
        into: &Path,
        passphrase: Option<Passphrase>,
        tell: Tell,
    ) -> Result<MadeBackup, AppError> {
        let journal = &*self.terminal.core.journal;
        let about = about(&self.environment, journal, None, passphrase).await?;
        let at = about.at.timestamp_millis();
        let made = backup::back_up(self.store.sqlite_journal(), into, about, tell).await;
        let made = made_backup(&self.folder, made.map_err(worded)?).await;
        note_backup(journal, made.noted(at)).await?;
        Ok(made)
    }
}

pub(crate) async fn about(
    environment: &Environment,
    journal: &dyn Journal,
    scheduled: Option<u64>,
    passphrase: Option<Passphrase>,
) -> Result<About, AppError> {
    let terminal_id = own_terminal(journal).await?;
    Ok(About {
        facility_name: facility_name(journal).await?,
        version: environment.version.clone(),
        at: environment.clock.now(),
        terminal_id,
        scheduled,
        passphrase,
    })
}

pub(crate) async fn own_terminal(journal: &dyn Journal) -> Result<Option<TerminalId>, AppError> {
    Ok(read::<_, StoreError>(journal, |tx| Ok(tx.origin()?.map(|origin| origin.terminal_id))).await?)
}

/// Backs up a data folder. If another program has it open, only reads it, so that the backup isn't noted as the terminal's last
/// one.
///
/// # Errors
/// `not_set_up`, or as for [`BackupSource::back_up`].
pub async fn back_up_folder(
    environment: Environment,
    folder: &Path,
    into: &Path,
    passphrase: Option<Passphrase>,
    tell: Tell,
) -> Result<MadeBackup, AppError> {
    expect_data_folder(folder)?;
    let noting = environment.clone();
    // Only the stores are opened: nothing is recorded, so no worker is needed.
    let store = match Store::open(folder, environment.clock.clone()).await {
        Ok(store) => store,
        Err(StoreError::InUse) => return back_up_beside(environment, folder, into, passphrase, tell).await,
        Err(error) => return Err(error.into()),
    };
    let made = async {
        let journal = store.journal();
        let about = about(&environment, &*journal, None, passphrase).await?;
        if about.terminal_id.is_none() {
            return Err(AppError::new(ErrorCode::NotSetUp));
        }
        let at = about.at.timestamp_millis();
        let made = backup::back_up(store.sqlite_journal(), into, about, tell).await;
        let made = made_backup(folder, made.map_err(worded)?).await;
        note_backup(&*journal, made.noted(at)).await?;
        Ok(made)
    };
    let made = made.await;
    let terminal_id = own_terminal(&*store.journal()).await.ok().flatten();
    store.close().await;
    note_access(&noting, folder, terminal_id, BACKED_UP.ended(&made)).await;
    made
}

async fn back_up_beside(
    environment: Environment,
    folder: &Path,
    into: &Path,
    passphrase: Option<Passphrase>,
    tell: Tell,
) -> Result<MadeBackup, AppError> {
    let noting = environment.clone();
    let read_only = ReadOnlyFolder::open(environment.clone(), folder).await?;
    let made = async {
        let journal = read_only.reading_journal();
        let about = about(&environment, &*journal, None, passphrase).await?;
        if about.terminal_id.is_none() {
            return Err(AppError::new(ErrorCode::NotSetUp));
        }
        let made = backup::back_up_beside(&journal, into, about, tell).await.map_err(worded)?;
        Ok(made_backup(folder, made).await)
    };
    let made = made.await;
    let terminal_id = own_terminal(&*read_only.journal()).await.ok().flatten();
    read_only.close().await;
    note_access(&noting, folder, terminal_id, BACKED_UP.ended(&made)).await;
    made
}

/// Reads what a backup says that it contains. Only [`restore`] checks it.
///
/// # Errors
/// `not_a_backup`, `file_unreadable`, `newer_version`.
pub fn inspect_backup(from: &Path) -> Result<BackupContent, AppError> {
    backup::inspect(from).map(content).map_err(worded)
}

/// Replaces the data of a folder, created if it is missing, by a backup that was checked, and keeps the previous data beside
/// it. Another incarnation begins when the folder is opened. A restore that is killed has either changed nothing or is
/// completed when the folder is opened.
///
/// # Errors
/// `folder_in_use`; `not_a_backup`, `backup_damaged`, `file_unreadable`, `newer_version`, `cancelled`, `disk_full`, or an error
/// of the store. Nothing is changed then.
pub async fn restore_backup(
    environment: &Environment,
    folder: &Path,
    from: &Path,
    passphrase: Option<Passphrase>,
    tell: Tell,
) -> Result<RestoredBackup, AppError> {
    // Before the folder is created.
    if inspect_backup(from)?.locked && passphrase.is_none() {
        return Err(AppError::new(ErrorCode::BackupLocked));
    }
    let folder = Arc::new(Folder::open(folder)?);
    let restored = backup::restore_locked(&folder, from, passphrase, environment.clock.now(), tell).await;
    let restored = restored.map_err(worded)?;
    let is_empty = std::fs::read_dir(&restored.aside).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        // Best effort: an empty folder harms nobody.
        let _ = std::fs::remove_dir(&restored.aside);
    }
    Ok(RestoredBackup { content: content(restored.manifest), kept_in: (!is_empty).then_some(restored.aside) })
}

fn content(manifest: Manifest) -> BackupContent {
    let locked = manifest.is_locked();
    let Manifest { facility_name, created_at, facts, version, .. } = manifest;
    BackupContent { facility_name, created_at: created_at.timestamp_millis(), facts, version, locked }
}

/// Adds a new backup to the list of those that an erasure reaches.
pub(crate) async fn made_backup(folder: &Path, made: (PathBuf, Manifest, Remarks)) -> MadeBackup {
    let (path, manifest, remarks) = made;
    if remarks != Remarks::default() {
        tracing::warn!(?remarks, path = %path.display(), "the backup's disk offers less protection than this one");
    }
    let listed = Made { path: path.clone(), created_at: manifest.created_at };
    let folder = folder.to_owned();
    if let Err(error) = blocking(move || note_made(&folder, &listed)).await {
        tracing::warn!(code = %error.code.word(), "a backup can't be listed");
    }
    MadeBackup { path, facts: manifest.facts, locked: manifest.is_locked(), remarks }
}
