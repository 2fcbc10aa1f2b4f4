//! Jobs that read and write files that the user has chosen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands::note_backup;
use nosmoke_application::jobs::{Progress, export_customers, export_histories};
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, ErrorCode, ExportInput, Job, JobKind, LastBackup};
use nosmoke_store::backup::{self, About, BackupError, Tell, back_up};
use nosmoke_store::{Folder, Store};
use serde_json::json;

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
        self.jobs.start(JobKind::Export, |progress| export_histories(queries, input, language, path, progress))
    }

    pub(crate) async fn export_customers(&self, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        self.jobs.start(JobKind::Export, |progress| export_customers(queries, language, path, progress))
    }

    async fn stores(&self) -> Result<(Arc<Store>, Arc<Terminal>), AppError> {
        let open = self.open.lock().await;
        let open = open.as_ref().ok_or_else(not_set_up)?;
        Ok((open.store().clone(), open.terminal().clone()))
    }

    pub(crate) async fn back_up(&self, folder: PathBuf) -> Result<Job, AppError> {
        let shell = self.clone();
        self.jobs.start(JobKind::Backup, |progress| async move {
            // The lock on the open folder isn't held during a backup, so that the desk keeps working.
            let (store, terminal) = shell.stores().await?;
            let facility_name = terminal.queries.facility_name().await?;
            let about = About { facility_name, version: shell.version(), at: shell.environment.clock.now() };
            let at = about.at.timestamp_millis();
            let (path, _) = back_up(store.sqlite_journal(), &folder, about, tell(progress)).await.map_err(worded)?;
            let noted = LastBackup { at, path: path.display().to_string() };
            note_backup(&*terminal.core.journal, noted).await?;
            Ok(Some(path))
        })
    }

    /// Replaces the data by a backup, and keeps the previous data beside it. Another incarnation begins.
    pub(crate) fn restore(&self, from: PathBuf) -> Result<Job, AppError> {
        let shell = self.clone();
        self.jobs.start(JobKind::Restore, |progress| async move {
            backup::inspect(&from).map_err(worded)?;
            let mut open = shell.open.lock().await;
            shell.close(&mut open).await;
            let restored = async {
                let folder = Arc::new(Folder::open(&shell.root)?);
                backup::restore(&folder, &from, shell.environment.clock.now(), tell(progress)).await.map_err(worded)
            };
            let restored = restored.await;
            // Opened even if the restore failed, so that the desk keeps working.
            *open = Some(shell.open_folder(&shell.root).await?);
            restored?;
            Ok(None)
        })
    }
}

/// Converts progress in bytes to a job's progress. The callback returns false once the user has cancelled the job.
fn tell(progress: Arc<Progress>) -> Tell {
    Arc::new(move |done, total| progress.advance(done, Some(total)).is_ok())
}

fn worded(error: BackupError) -> AppError {
    let of = |code, path: &Path, detail: &str| {
        AppError::with(code, json!({ "path": path.display().to_string(), "detail": detail }))
    };
    match &error {
        BackupError::Cancelled => AppError::new(ErrorCode::Cancelled),
        BackupError::NotABackup { path, detail } => of(ErrorCode::NotABackup, path, detail),
        BackupError::Damaged { path, detail } => of(ErrorCode::BackupDamaged, path, detail),
        BackupError::Unreadable { path, detail } => of(ErrorCode::FileUnreadable, path, detail),
        BackupError::Unwritable { path, detail } => of(ErrorCode::FileUnwritable, path, detail),
        BackupError::Store(error) => error.clone().into(),
    }
}
