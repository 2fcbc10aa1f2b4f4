//! Saves the bad lines of a list as a file.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ErrorCode, Language};
use serde_json::json;

use super::super::Progress;
use crate::csv::{AtomicFile, CustomerFile, FileError, write_bad_lines};

/// Writes the bad lines of a list with their reasons.
///
/// # Errors
/// `file_unwritable`, `disk_full`.
pub async fn save_bad_lines(
    file: CustomerFile,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    progress.advance(0, None)?;
    let write = move || {
        let out = AtomicFile::create(&path)?;
        write_bad_lines(out, &file, language).map_err(|error| FileError::of(&path, &error))?.commit()?;
        Ok(Some(path))
    };
    let ended = tokio::task::spawn_blocking(write).await;
    ended.unwrap_or_else(|error| Err(AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))))
}
