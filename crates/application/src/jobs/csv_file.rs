//! Writes a CSV file on threads for blocking work, so that a slow disk doesn't hold up the tasks of the runtime.

use std::path::PathBuf;

use nosmoke_ports::contract::{AppError, ErrorCode, Language};
use serde_json::json;

use crate::csv::{AtomicFile, CsvWriter, FileError, Line};

/// A CSV file being written. It appears only with [`Self::finish`].
pub(super) struct CsvFile<L> {
    csv: CsvWriter<AtomicFile, L>,
    path: PathBuf,
}

impl<L: Line + Send + 'static> CsvFile<L> {
    /// Creates the temporary file and writes the names of the columns.
    ///
    /// # Errors
    /// `file_unwritable`, `disk_full`.
    pub async fn create(path: PathBuf, language: Language) -> Result<Self, AppError> {
        blocking(move || {
            let csv = CsvWriter::new(AtomicFile::create(&path)?, language);
            let csv = csv.map_err(|error| FileError::of(&path, &error))?;
            Ok(Self { csv, path })
        })
        .await
    }

    /// Appends rows.
    ///
    /// # Errors
    /// `file_unwritable`, `disk_full`.
    pub async fn write(mut self, lines: Vec<L>) -> Result<Self, AppError> {
        blocking(move || {
            self.csv.write(&lines).map_err(|error| FileError::of(&self.path, &error))?;
            Ok(self)
        })
        .await
    }

    /// Makes the file durable under its name, and returns its path.
    ///
    /// # Errors
    /// `file_unwritable`, `disk_full`.
    pub async fn finish(self) -> Result<PathBuf, AppError> {
        blocking(move || {
            let Self { csv, path } = self;
            csv.finish().map_err(|error| FileError::of(&path, &error))?.commit()?;
            Ok(path)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))))
}
