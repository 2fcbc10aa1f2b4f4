//! Exports who did what as CSV or XLSX, newest first. Customers have only their random ids.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::DateTime;
use nosmoke_ports::contract::{AppError, Language, WhoEntry, WhoFilter, WhoInput};

use super::Progress;
use super::export_file::ExportFile;
use crate::csv::{WhoLine, party};
use crate::queries::Queries;

/// Facts that are read and written at a time.
const EXPORT_BATCH: u32 = 200;

/// Writes the facts that match a filter.
///
/// # Errors
/// `cancelled`, `invalid_input` for a date, `file_unwritable`, `disk_full`, or an error of the store.
pub async fn export_who_did_what(
    queries: Queries,
    filter: WhoFilter,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let mut input = WhoInput { filter, cursor: None, limit: EXPORT_BATCH };
    let mut page = queries.who_did_what(input.clone()).await?;
    let mut file = ExportFile::create(path, language).await?;
    let mut done = 0;
    loop {
        done += page.entries.len() as u64;
        file = file.write(page.entries.into_iter().map(line).collect()).await?;
        progress.advance(done, None)?;
        if page.next.is_none() {
            return file.finish().await.map(Some);
        }
        input.cursor = page.next;
        page = queries.who_did_what(input.clone()).await?;
    }
}

fn line(entry: WhoEntry) -> WhoLine {
    let (by_kind, by_id, by_name) = party(&entry.by);
    WhoLine {
        at: DateTime::from_timestamp_millis(entry.at).unwrap_or_default(),
        event_id: entry.event_id,
        kind: entry.kind,
        by_kind,
        by_id,
        by_name,
        approved_by: entry.approved_by.and_then(|by| party(&by).2),
        terminal: entry.terminal_name,
        customer_id: entry.customer.customer_id,
        subject_id: entry.subject_id,
        points: entry.points,
        penalty_points: entry.penalty_points,
        marks: entry.marks,
    }
}
