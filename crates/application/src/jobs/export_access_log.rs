//! Exports the access log as CSV or XLSX, newest first.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::DateTime;
use nosmoke_ports::AccessQuery;
use nosmoke_ports::contract::{AccessFilter, AccessRowView, AppError, Language};

use super::Progress;
use super::export_file::ExportFile;
use crate::csv::{AccessLine, party};
use crate::queries::{Queries, access_query};

/// Rows that are read and written at a time.
const EXPORT_BATCH: usize = 2_000;

/// Writes the rows that match a filter, after the chain of the whole file was checked: the status shows a break.
///
/// # Errors
/// `cancelled`, `invalid_input` for a date, `file_unwritable`, `disk_full`, or an error of the store.
pub async fn export_access_log(
    queries: Queries,
    filter: AccessFilter,
    language: Language,
    path: PathBuf,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let mut query = AccessQuery { limit: EXPORT_BATCH, ..access_query(&filter)? };
    // What can't be written is said by the status.
    let _ = queries.write_access_log().await;
    queries.core.access.verify().await?;
    let mut file = ExportFile::create(path, language).await?;
    let mut done = 0;
    loop {
        let rows = queries.core.access.log().page(query).await?;
        let Some(last) = rows.last() else { break };
        query.before = Some((last.row.at, last.number));
        done += rows.len() as u64;
        file = file.write(queries.access_rows(rows).await?.into_iter().map(line).collect()).await?;
        progress.advance(done, None)?;
    }
    file.finish().await.map(Some)
}

fn line(row: AccessRowView) -> AccessLine {
    let (by_kind, by_id, by_name) = party(&row.by);
    AccessLine {
        number: row.number,
        at: DateTime::from_timestamp_millis(row.at).unwrap_or_default(),
        by_kind,
        by_id,
        by_name,
        terminal: row.terminal_name,
        act: row.act,
        customer_id: row.customer.map(|customer| customer.customer_id),
        outcome: row.outcome,
        code: row.code,
        reason: row.reason,
        count: row.count,
    }
}
