//! Imports of customers: previewed, revised, run and taken back.

use std::path::PathBuf;

use nosmoke_application::csv::{CustomerFile, read_limited, read_list};
use nosmoke_application::jobs::{
    check_against, check_take_back, import_customers, imported_before, imports, preview, save_bad_lines,
    take_back_import,
};
use nosmoke_ports::Access;
use nosmoke_ports::contract::{
    AccessAct, AppError, ErrorCode, ImportChoices, ImportPreview, ImportView, Job, JobKind, ReviseImport,
};
use serde_json::json;
use uuid::Uuid;

use super::Shell;
use super::kept_preview::KeptPreview;

impl Shell {
    /// Reads a list of customers, and keeps it.
    pub(crate) async fn preview_import(&self, path: PathBuf) -> Result<ImportPreview, AppError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = blocking(move || read_limited(&path)).await?;
        self.keep(bytes, name, ImportChoices::default()).await
    }

    /// Reads the list of a preview again, with other choices. The preview gets another id.
    pub(crate) async fn revise_import(&self, revised: ReviseImport) -> Result<ImportPreview, AppError> {
        let (bytes, name) = {
            let kept = self.preview.lock().await;
            let kept = kept.as_ref().filter(|kept| kept.id == revised.preview_id).ok_or_else(expired)?;
            (kept.bytes.clone(), kept.file.file_name.clone())
        };
        self.keep(bytes, name, revised.choices).await
    }

    async fn keep(&self, bytes: Vec<u8>, file_name: String, choices: ImportChoices) -> Result<ImportPreview, AppError> {
        let terminal = self.terminal().await?;
        let (bytes, file) = blocking(move || {
            let file = read_list(&bytes, choices)?;
            Ok((bytes, CustomerFile { file_name, ..file }))
        })
        .await?;
        let file = check_against(&*terminal.core.journal, file).await?;
        let before = imported_before(&*terminal.core.journal, &file.hash).await?;
        let id = self.environment.ids.random();
        let shown = preview(id, before, &file);
        *self.preview.lock().await = Some(KeptPreview { id, bytes, file });
        Ok(shown)
    }

    pub(crate) async fn run_import(&self, preview_id: Uuid) -> Result<Job, AppError> {
        let terminal = self.terminal().await?;
        let authority = terminal.queries.authority().await?;
        let kept = self.preview.lock().await.take_if(|kept| kept.id == preview_id);
        let KeptPreview { file, .. } = kept.ok_or_else(expired)?;
        let commands = terminal.commands.clone();
        let shell = self.clone();
        let noted = Access::done(self.by().await, AccessAct::Imported);
        self.start_noted(JobKind::Import, noted, |progress| async move {
            let imported = import_customers(commands, authority, file, progress).await;
            // Profiles aren't facts, so the change feed doesn't announce them.
            shell.announce_all();
            imported
        })
    }

    /// Writes the bad lines of a preview with the reasons.
    pub(crate) async fn save_bad_lines(&self, preview_id: Uuid, path: PathBuf) -> Result<Job, AppError> {
        let language = self.terminal().await?.queries.preferences().await?.language;
        let file = {
            let kept = self.preview.lock().await;
            kept.as_ref().filter(|kept| kept.id == preview_id).ok_or_else(expired)?.file.clone()
        };
        self.jobs.start(JobKind::Export, |progress| save_bad_lines(file, language, path, progress))
    }

    pub(crate) async fn imports(&self) -> Result<Vec<ImportView>, AppError> {
        imports(&*self.terminal().await?.core.journal).await
    }

    /// Erases the customers that an import added.
    pub(crate) async fn take_back_import(&self, import_id: Uuid) -> Result<Job, AppError> {
        let terminal = self.terminal().await?;
        let authority = terminal.queries.authority().await?;
        check_take_back(&terminal, authority, import_id).await?;
        let commands = terminal.commands.clone();
        let shell = self.clone();
        let noted = Access::done(self.by().await, AccessAct::ImportTakenBack);
        self.start_noted(JobKind::TakeBackImport, noted, |progress| async move {
            let taken_back = take_back_import(commands, authority, import_id, progress).await;
            shell.announce_all();
            taken_back.map(|()| None)
        })
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))))
}

fn expired() -> AppError {
    AppError::new(ErrorCode::Expired)
}
