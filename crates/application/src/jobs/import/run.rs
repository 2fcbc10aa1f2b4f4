//! Records the customers of a list in batches.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ImportCounts, LineAction};
use uuid::Uuid;

use super::super::Progress;
use super::batch::{BatchRow, ImportBatch, import_batch};
use super::preview::counts;
use crate::commands::CommandBus;
use crate::csv::{CustomerFile, CustomerRow};
use crate::permission::Authority;

/// Adds and updates the customers of a list as its rows say. If the import is cancelled or fails, what was done so far stays,
/// and both the job and the import's unit say what that is; the same file can be imported again.
///
/// # Errors
/// The list's problem, `cancelled`, or an error of the store.
pub async fn import_customers(
    commands: CommandBus,
    authority: Authority,
    file: CustomerFile,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let import_id = commands.core.ids.random();
    let total = file.rows.iter().filter(|row| is_imported(row)).count() as u64;
    let mut done = 0;
    for batch in batches(file, import_id, super::batch::IMPORT_BATCH)? {
        progress.imported(ImportCounts {
            skipped: batch.skipped,
            bad: batch.bad,
            ..progress.has_imported().unwrap_or_default()
        });
        progress.advance(done, Some(total))?;
        done += batch.rows.len() as u64;
        progress.imported(import_batch(&commands, authority, batch).await?);
    }
    progress.advance(done, Some(total))?;
    Ok(None)
}

/// Splits a list into the batches that record it.
///
/// # Errors
/// The list's problem.
pub fn batches(file: CustomerFile, import_id: Uuid, size: usize) -> Result<Vec<ImportBatch>, AppError> {
    let ImportCounts { skipped, bad, .. } = counts(&file);
    if let Some(problem) = file.problem {
        return Err(problem);
    }
    let rows: Vec<BatchRow> = file.rows.into_iter().filter(is_imported).map(row).collect();
    let count = rows.len().div_ceil(size.max(1));
    let batch = |(step, rows): (usize, &[BatchRow])| ImportBatch {
        import_id,
        file_name: file.file_name.clone(),
        hash: file.hash.clone(),
        step: u32::try_from(step).unwrap_or(u32::MAX),
        is_last: step + 1 == count,
        skipped,
        bad,
        penalty_code: file.penalty_code,
        rows: rows.to_vec(),
    };
    Ok(rows.chunks(size.max(1)).enumerate().map(batch).collect())
}

fn is_imported(row: &CustomerRow) -> bool {
    row.problem.is_none() && row.action != LineAction::Skip
}

fn row(row: CustomerRow) -> BatchRow {
    let known = row.duplicate_of.and_then(|of| of.customer_id);
    BatchRow { profile: row.profile, opening: row.opening, update: known.filter(|_| row.action == LineAction::Update) }
}
