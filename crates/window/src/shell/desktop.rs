//! Folders that the system's file manager shows, and the file for support.

use std::path::PathBuf;

use nosmoke_composition::{Measures, log_folder, write_diagnostics};
use nosmoke_ports::contract::{AppError, ErrorCode, Job, JobKind, ShownFolder};
use serde_json::json;

use super::{Shell, not_set_up};

impl Shell {
    /// Opens one of the folders that the program itself knows.
    pub(crate) async fn show_folder(&self, folder: ShownFolder) -> Result<(), AppError> {
        let path = match folder {
            ShownFolder::Written { job_id } => {
                self.written.of(job_id).ok_or_else(|| AppError::new(ErrorCode::Expired))?
            }
            ShownFolder::Backup => self.last_backup().await?,
            ShownFolder::Logs => log_folder(&self.root),
        };
        // A file manager that is given a file would open the file with whatever program is set for it.
        let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
        let failed = |detail: String| {
            AppError::with(ErrorCode::FolderNotShown, json!({ "path": folder.display().to_string(), "detail": detail }))
        };
        if !folder.is_dir() {
            return Err(failed("there is no such folder".into()));
        }
        self.host.show_folder(folder).map_err(failed)
    }

    async fn last_backup(&self) -> Result<PathBuf, AppError> {
        let session = self.session(&*self.open.lock().await).await?.ok_or_else(not_set_up)?;
        session.last_backup.map(|backup| backup.path.into()).ok_or_else(|| AppError::new(ErrorCode::Expired))
    }

    /// Writes the file for support, also if the data folder can't be opened.
    pub(crate) fn save_diagnostics(&self, path: PathBuf) -> Result<Job, AppError> {
        let shell = self.clone();
        self.jobs.start(JobKind::Diagnostics, |_| async move {
            let terminal = shell.terminal().await;
            let measures = match &terminal {
                Ok(terminal) => terminal.services().await.ok().map(|view| Measures::of_services(&view)),
                Err(_) => None,
            };
            let queries = terminal.as_ref().map(|terminal| &terminal.queries).map_err(Clone::clone);
            write_diagnostics(&shell.environment, &shell.root, queries, measures, path.clone()).await?;
            Ok(Some(path))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::fs;
    use std::sync::Arc;

    use nosmoke_composition::Environment;
    use uuid::Uuid;

    use super::*;
    use crate::testing::FakeHost;

    #[tokio::test]
    async fn only_folders_that_the_program_knows_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let host = Arc::new(FakeHost::default());
        let data = folder.path().join("data");
        let shell = Shell::new(host.clone(), Some(data.clone()), None, Environment::of_system("test", "0"));
        let unknown = shell.show_folder(ShownFolder::Written { job_id: Uuid::nil() }).await.unwrap_err();
        assert_eq!(unknown.code, ErrorCode::Expired);
        assert_eq!(shell.show_folder(ShownFolder::Backup).await.unwrap_err().code, ErrorCode::NotSetUp);
        let missing = shell.show_folder(ShownFolder::Logs).await.unwrap_err();
        assert_eq!(missing.code, ErrorCode::FolderNotShown);
        fs::create_dir_all(log_folder(&data)).unwrap();
        shell.show_folder(ShownFolder::Logs).await.unwrap();

        let file = folder.path().join("exports").join("list.csv");
        fs::create_dir(file.parent().unwrap()).unwrap();
        fs::write(&file, "").unwrap();
        let written = file.clone();
        let job = shell.jobs.start(JobKind::Export, |_| async { Ok(Some(written)) }).unwrap();
        while !shell.jobs.is_idle() || shell.written.of(job.job_id).is_none() {
            tokio::task::yield_now().await;
        }
        shell.show_folder(ShownFolder::Written { job_id: job.job_id }).await.unwrap();
        assert_eq!(*host.shown.lock(), [log_folder(&data), file.parent().unwrap().to_owned()]);
    }
}
