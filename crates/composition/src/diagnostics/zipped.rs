//! Writes the report and the logs as a ZIP.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use nosmoke_application::csv::{AtomicFile, FileError};
use nosmoke_ports::contract::AppError;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::masking::Masking;
use crate::logs::log_folder;

/// Of a longer log file only the end is taken.
const LOG_BYTES_MAX: u64 = 4 * 1024 * 1024;
const LOGS_MAX: usize = 40;

/// Writes the file.
///
/// # Errors
/// `file_unwritable`, `disk_full`.
pub(super) fn write(out: &Path, folder: &Path, report: &Value, masking: &Masking) -> Result<(), AppError> {
    let mut file = AtomicFile::create(out)?;
    // A ZIP needs to seek, and it is small.
    let content = content(folder, report, masking).map_err(|error| FileError::of(out, &error))?;
    file.write_all(&content).map_err(|error| FileError::of(out, &error))?;
    Ok(file.commit()?)
}

fn content(folder: &Path, report: &Value, masking: &Masking) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let report = serde_json::to_string_pretty(report)?;
    zip.start_file("report.json", SimpleFileOptions::default())?;
    zip.write_all(masking.mask(&report).as_bytes())?;
    for path in newest_logs(&log_folder(folder)) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        // A log that can't be read is left out: the others may tell enough.
        let Ok(text) = end_of(&path) else { continue };
        zip.start_file(format!("logs/{name}"), SimpleFileOptions::default())?;
        zip.write_all(masking.mask(&text).as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Returns the log files with the newest names, in the order of their names.
fn newest_logs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_log = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "log") && path.is_file();
    let mut logs: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_log).collect();
    logs.sort();
    logs.split_off(logs.len().saturating_sub(LOGS_MAX))
}

fn end_of(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG_BYTES_MAX)))?;
    let mut bytes = Vec::new();
    file.take(LOG_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
