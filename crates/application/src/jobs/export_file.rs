//! Writes the file of an export on threads for blocking work, so that a slow disk doesn't hold up the tasks of the runtime.

use std::path::{Path, PathBuf};

use nosmoke_ports::contract::{AppError, ErrorCode, Language};
use serde_json::json;

use crate::csv::{AtomicFile, CsvWriter, FileError, Line, XlsxWriter};

/// A file being written: a workbook if its name ends in `.xlsx`, else CSV. It appears only with [`Self::finish`].
pub(super) struct ExportFile<L> {
    writer: Writer<L>,
    path: PathBuf,
}

enum Writer<L> {
    Csv(Box<CsvWriter<AtomicFile, L>>),
    Xlsx(Box<XlsxWriter<L>>, AtomicFile),
}

impl<L: Line + Send + 'static> ExportFile<L> {
    /// Creates the temporary file and writes the names of the columns.
    ///
    /// # Errors
    /// `file_unwritable`, `disk_full`.
    pub async fn create(path: PathBuf, language: Language) -> Result<Self, AppError> {
        blocking(move || {
            let file = AtomicFile::create(&path)?;
            let writer = if is_workbook(&path) {
                let folder = file.folder().map_or_else(std::env::temp_dir, Path::to_owned);
                XlsxWriter::new(&folder, language).map(|writer| Writer::Xlsx(Box::new(writer), file))
            } else {
                CsvWriter::new(file, language).map(|writer| Writer::Csv(Box::new(writer)))
            };
            let writer = writer.map_err(|error| FileError::of(&path, &error))?;
            Ok(Self { writer, path })
        })
        .await
    }

    /// Appends rows.
    ///
    /// # Errors
    /// `file_unwritable`, `disk_full`.
    pub async fn write(mut self, lines: Vec<L>) -> Result<Self, AppError> {
        blocking(move || {
            let written = match &mut self.writer {
                Writer::Csv(csv) => csv.write(&lines),
                Writer::Xlsx(xlsx, _) => xlsx.write(&lines),
            };
            written.map_err(|error| FileError::of(&self.path, &error))?;
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
            let Self { writer, path } = self;
            let file = match writer {
                Writer::Csv(csv) => csv.finish(),
                Writer::Xlsx(xlsx, file) => xlsx.finish(file),
            };
            file.map_err(|error| FileError::of(&path, &error))?.commit()?;
            Ok(path)
        })
        .await
    }
}

fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))))
}
