//! Jobs that read and write files that the user has chosen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_application::commands::note_backup;
use nosmoke_application::csv::{read_customers, read_limited};
use nosmoke_application::jobs::{
    Progress, check_against, export_customers, export_histories, import_customers, preview,
};
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, ErrorCode, ExportInput, ImportPreview, Job, JobKind, LastBackup};
use nosmoke_store::backup::{self, About, BackupError, Tell, back_up};
use nosmoke_store::{Folder, Store};
use serde_json::json;
use uuid::Uuid;

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

    /// Parses a file of customers, and keeps the result until it is imported or another file is previewed.
    pub(crate) async fn preview_import(&self, path: PathBuf) -> Result<ImportPreview, AppError> {
        let terminal = self.terminal().await?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let read = move || read_customers(&read_limited(&path)?);
        let file = tokio::task::spawn_blocking(read).await.map_err(|error| internal(&error))??;
        let file = check_against(&*terminal.core.journal, file).await?;
        let preview_id = self.environment.ids.random();
        let shown = preview(preview_id, name, &file);
        *self.preview.lock().await = Some((preview_id, file));
        Ok(shown)
    }

    pub(crate) async fn run_import(&self, preview_id: Uuid) -> Result<Job, AppError> {
        let terminal = self.terminal().await?;
        let recorder = terminal.queries.recorder().await?;
        let kept = self.preview.lock().await.take_if(|(id, _)| *id == preview_id);
        let (_, file) = kept.ok_or_else(|| AppError::new(ErrorCode::Expired))?;
        let gateway = terminal.commands.clone();
        let shell = self.clone();
        self.jobs.start(JobKind::Import, |progress| async move {
            let imported = import_customers(gateway, recorder, file, progress).await;
            // Profiles aren't facts, so the change feed doesn't announce them.
            shell.announce_all();
            imported
        })
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

fn internal(error: &dyn std::fmt::Display) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))
}
