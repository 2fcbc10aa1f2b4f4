//! Work with the files of backups on a thread for that, and its errors in the contract's words.

use std::path::Path;

use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_store::backup::{BackupError, Found, Made, made_backups};
use serde_json::json;

/// Runs work with the file system on a thread for that: an external disk may take seconds to wake up.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, AppError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(worded),
        Err(error) => Err(AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))),
    }
}

/// Notes a backup in the list, and takes those off it that somebody has removed.
pub(crate) fn note_made(folder: &Path, made: &Made) -> Result<(), BackupError> {
    for earlier in made_backups(folder)? {
        if earlier.look() == Found::Nothing {
            earlier.remove(folder)?;
        }
    }
    Ok(made.note(folder)?)
}

pub(crate) fn worded(error: BackupError) -> AppError {
    let of = |code, path: &Path, detail: &str| {
        AppError::with(code, json!({ "path": path.display().to_string(), "detail": detail }))
    };
    match &error {
        BackupError::Cancelled => AppError::new(ErrorCode::Cancelled),
        BackupError::NotABackup { path, detail } => of(ErrorCode::NotABackup, path, detail),
        BackupError::Damaged { path, detail } => of(ErrorCode::BackupDamaged, path, detail),
        BackupError::Locked { .. } => AppError::new(ErrorCode::BackupLocked),
        BackupError::WrongPassphrase { .. } => AppError::new(ErrorCode::WrongPassphrase),
        BackupError::Unreadable { path, kind, detail } => {
            AppError::of_file(ErrorCode::FileUnreadable, path, *kind, detail)
        }
        BackupError::Unwritable { path, kind, detail } => {
            AppError::of_file(ErrorCode::FileUnwritable, path, *kind, detail)
        }
        BackupError::TargetMissing { path } => {
            AppError::with(ErrorCode::BackupTargetMissing, json!({ "path": path.display().to_string() }))
        }
        BackupError::Store(error) => error.clone().into(),
    }
}
