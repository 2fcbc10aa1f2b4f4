//! Imports customers from a file: first a preview that records nothing, then the valid rows in batches.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_domain::fact::Recorder;
use nosmoke_ports::contract::{AppError, ErrorCode, ImportPreview, ImportRow};
use nosmoke_ports::search_keys::card_form;
use nosmoke_ports::{Journal, Priority, StoreError, read, write};
use serde_json::json;
use uuid::Uuid;

use super::Progress;
use crate::commands::{CommandBus, register_within};
use crate::csv::{CustomerFile, CustomerRow};

/// The largest number of rows that a preview shows.
const PREVIEW_ROWS: usize = 200;
/// The largest number of customers registered in one transaction.
const IMPORT_BATCH: usize = 200;

/// Sets `card_taken` as the problem of each row whose card a registered customer already has.
///
/// # Errors
/// An error of the store.
pub async fn check_against(journal: &dyn Journal, mut file: CustomerFile) -> Result<CustomerFile, AppError> {
    let checked = read::<_, StoreError>(journal, move |tx| {
        for row in file.rows.iter_mut().filter(|row| row.problem.is_none()) {
            let form = card_form(row.profile.card.as_deref().unwrap_or_default());
            let holder = if form.is_empty() { None } else { tx.profile_by_card(&form)? };
            row.problem = holder.map(|holder| {
                let params = json!({ "customerId": holder.customer_id, "name": holder.name });
                AppError::with(ErrorCode::CardTaken, params)
            });
        }
        Ok(file)
    })
    .await?;
    Ok(checked)
}

/// Returns the preview of a file: all invalid rows, and the first valid ones.
pub fn preview(preview_id: Uuid, file_name: String, file: &CustomerFile) -> ImportPreview {
    let bad = file.rows.iter().filter(|row| row.problem.is_some()).count();
    let mut good_left = PREVIEW_ROWS.saturating_sub(bad);
    let shown = file.rows.iter().filter(|row| {
        let keep = row.problem.is_some() || good_left > 0;
        good_left -= usize::from(row.problem.is_none() && good_left > 0);
        keep
    });
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    ImportPreview {
        preview_id,
        file_name,
        encoding: file.encoding.name().to_owned(),
        good: count(file.rows.len() - bad),
        bad: count(bad),
        rows: shown.take(PREVIEW_ROWS).cloned().map(row).collect(),
    }
}

fn row(row: CustomerRow) -> ImportRow {
    let CustomerRow { line, profile, problem } = row;
    ImportRow { line, name: profile.name, phone: profile.phone, card: profile.card, problem }
}

/// Registers the customers of the valid rows. If the import is cancelled, the customers registered so far stay; if the
/// same file is imported again, rows whose card is registered by then are skipped.
///
/// # Errors
/// `cancelled`, or an error of the store.
pub async fn import_customers(
    commands: CommandBus,
    recorder: Recorder,
    file: CustomerFile,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let good: Vec<_> = file.rows.into_iter().filter(|row| row.problem.is_none()).collect();
    let total = good.len() as u64;
    let mut done = 0;
    progress.advance(done, Some(total))?;
    for batch in good.chunks(IMPORT_BATCH) {
        let (batch, clock, ids) = (batch.to_vec(), commands.core.clock.clone(), commands.core.ids.clone());
        let size = batch.len() as u64;
        let unit = move |tx: &mut dyn nosmoke_ports::Write| {
            for row in &batch {
                match register_within(tx, clock.now(), recorder, &*ids, &row.profile) {
                    // The card was registered after the preview was made: the row is skipped.
                    Err(error) if error.code == ErrorCode::CardTaken => {}
                    Err(error) => return Err(error),
                    Ok(_) => {}
                }
            }
            Ok(())
        };
        write(&*commands.core.journal, Priority::Background, unit).await?;
        done += size;
        progress.advance(done, Some(total))?;
    }
    Ok(None)
}
