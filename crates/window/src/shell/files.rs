//! Jobs that read and write files that the user has chosen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::jobs::{Progress, export_customers, export_histories};
use nosmoke_composition::{Passphrase, Tell, inspect_backup, restore_backup};
use nosmoke_domain::words::Role;
use nosmoke_ports::Access;
use nosmoke_ports::contract::{
    AccessAct, AppError, BackupSchedule, BackupScheduleView, ErrorCode, ExportCustomersInput, ExportInput, Job, JobKind,
};

use super::{Shell, not_set_up};

impl Shell {
    /// Returns the file name that the dialog for an export suggests.
    pub(crate) async fn export_name(&self, input: &ExportInput) -> Result<String, AppError> {
        let dates = match (&input.from, &input.to) {
            (None, None) => String::new(),
            (from, to) => format!("-{}-{}", from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default()),
        };
        let of = if input.customer_id.is_some() { "customer" } else { "all" };
        Ok(format!("nosmoke-{of}{dates}.csv"))
    }

    pub(crate) async fn export(&self, input: ExportInput, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let input = with_masking(input, queries.authority().await?.role())?;
        let noted = Access::done(self.by().await, AccessAct::Exported).of(input.customer_id).because(input.reason);
        self.start_noted(JobKind::Export, noted, |progress| export_histories(queries, input, language, path, progress))
    }

    pub(crate) async fn export_customers(&self, input: ExportCustomersInput, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported).because(input.reason);
        self.start_noted(JobKind::Export, noted, |progress| export_customers(queries, language, path, progress))
    }

    pub(crate) async fn back_up(&self, folder: PathBuf, passphrase: Option<String>) -> Result<Job, AppError> {
        let (shell, passphrase) = (self.clone(), passphrase.as_deref().and_then(Passphrase::new));
        let noted = Access::done(self.by().await, AccessAct::BackedUp);
        self.start_noted(JobKind::Backup, noted, |progress| async move {
            // The lock on the open folder isn't held during a backup, so that the desk keeps working.
            let source = shell.open.lock().await.as_ref().ok_or_else(not_set_up)?.backup_source();
            let made = source.back_up(&folder, passphrase, tell(progress)).await?;
            Ok(Some(made.path))
        })
    }

    /// Replaces the data by a backup, and keeps the previous data beside it. Another incarnation begins.
    pub(crate) async fn restore(&self, from: PathBuf, passphrase: Option<String>) -> Result<Job, AppError> {
        let (shell, passphrase) = (self.clone(), passphrase.as_deref().and_then(Passphrase::new));
        let noted = Access::done(self.by().await, AccessAct::Restored);
        self.start_noted(JobKind::Restore, noted, |progress| async move {
            if inspect_backup(&from)?.locked && passphrase.is_none() {
                return Err(AppError::new(ErrorCode::BackupLocked));
            }
            let mut open = shell.open.lock().await;
            shell.close(&mut open).await;
            let restored = restore_backup(&shell.environment, &shell.root, &from, passphrase, tell(progress)).await;
            // Opened even if the restore failed, so that the desk keeps working.
            *open = Some(shell.open_folder(&shell.root).await?);
            restored?;
            Ok(None)
        })
    }

    pub(crate) async fn backup_schedule(&self) -> Result<BackupScheduleView, AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.backup_schedule().await
    }

    pub(crate) async fn save_backup_schedule(&self, chosen: BackupSchedule) -> Result<BackupScheduleView, AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.save_backup_schedule(chosen).await
    }

    pub(crate) async fn save_backup_passphrase(&self, passphrase: &str) -> Result<(), AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.keep_backup_passphrase(passphrase)
    }

    /// Saves the folder of the scheduled backups and switches them on.
    pub(crate) async fn choose_backup_folder(&self, folder: &Path) -> Result<BackupScheduleView, AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.choose_backup_folder(folder).await
    }
}

/// Decides whether an export of histories shows names: only a manager's does.
///
/// # Errors
/// `reason_needed` if it would and no reason is given.
fn with_masking(input: ExportInput, role: Role) -> Result<ExportInput, AppError> {
    let masked = input.masked || role < Role::Manager;
    if !masked && input.reason.is_none() {
        return Err(AppError::new(ErrorCode::ReasonNeeded));
    }
    Ok(ExportInput { masked, ..input })
}

/// Converts progress in bytes to a job's progress. The callback returns false once the user has cancelled the job.
fn tell(progress: Arc<Progress>) -> Tell {
    Arc::new(move |done, total| progress.advance(done, Some(total)).is_ok())
}
