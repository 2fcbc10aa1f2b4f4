//! The schedule of an open folder's backups: what is set, and the task that follows it.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::settings::backup_schedule;
use nosmoke_ports::contract::{AppError, BackupSchedule, BackupScheduleView, ErrorCode};
use nosmoke_store::{Secret, backup};
use serde_json::json;

use super::OpenFolder;
use crate::backup_files::blocking;
use crate::backups::BackupSource;
use crate::scheduled_backups::RunningBackups;

impl OpenFolder {
    /// Starts the task that makes the scheduled backups.
    pub(super) fn begin_backups(&mut self) {
        if !self.options.replicates {
            return;
        }
        // Weak, so that a folder that is dropped without being closed doesn't stay open because of its backups.
        let (store, terminal) = (Arc::downgrade(self.store()), Arc::downgrade(self.terminal()));
        let (environment, folder) = (self.environment.clone(), self.folder().to_owned());
        let source = move || {
            let (store, terminal) = (store.upgrade()?, terminal.upgrade()?);
            Some(BackupSource { store, terminal, environment: environment.clone(), folder: folder.clone() })
        };
        self.backups = Some(RunningBackups::start(source));
    }

    /// Returns what a backup needs of this folder.
    pub fn backup_source(&self) -> BackupSource {
        BackupSource {
            store: self.store().clone(),
            terminal: self.terminal().clone(),
            environment: self.environment.clone(),
            folder: self.folder().to_owned(),
        }
    }

    /// Locks the scheduled backups with a passphrase from now on, which is kept in a file of the data folder (0600); without
    /// one they are made in clear.
    ///
    /// # Errors
    /// An error of the file.
    pub fn keep_backup_passphrase(&self, passphrase: &str) -> Result<(), AppError> {
        let passphrase = passphrase.trim_end_matches(['\r', '\n']);
        Ok(Secret::backup_passphrase(self.folder()).write(passphrase)?)
    }

    /// Returns the schedule of the backups, and what became of the last one.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn backup_schedule(&self) -> Result<BackupScheduleView, AppError> {
        let outdated = self.backups.as_ref().map(RunningBackups::outdated).unwrap_or_default();
        let view = backup_schedule::view(&*self.terminal().core.journal, self.environment.clock.now()).await?;
        Ok(BackupScheduleView { outdated, ..view })
    }

    /// Saves when to back up.
    ///
    /// # Errors
    /// `out_of_range`; `empty` if no folder was chosen; an error of the store.
    pub async fn save_backup_schedule(&self, chosen: BackupSchedule) -> Result<BackupScheduleView, AppError> {
        backup_schedule::keep(&*self.terminal().core.journal, chosen).await?;
        self.look_now();
        self.backup_schedule().await
    }

    /// Saves the folder of the scheduled backups and switches them on; the first one is made at once.
    ///
    /// # Errors
    /// `backup_target_missing`, `file_unwritable`, `disk_full`; `invalid_text` for a path that isn't text; an error of the store.
    pub async fn choose_backup_folder(&self, folder: &Path) -> Result<BackupScheduleView, AppError> {
        let folder = std::path::absolute(folder)
            .map_err(|error| AppError::of_file(ErrorCode::FileUnwritable, folder, error.kind(), &error.to_string()))?;
        let not_text = || AppError::with(ErrorCode::InvalidText, json!({ "field": "folder" }));
        let text = folder.to_str().ok_or_else(not_text)?.to_owned();
        blocking(move || backup::mark_target(&folder)).await?;
        backup_schedule::keep_folder(&*self.terminal().core.journal, text).await?;
        self.look_now();
        self.backup_schedule().await
    }

    fn look_now(&self) {
        if let Some(backups) = &self.backups {
            backups.look();
        }
    }
}
