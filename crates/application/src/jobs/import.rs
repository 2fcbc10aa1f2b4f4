//! Imports customers from a file: first a preview that records nothing, then the good lines in blocks.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_domain::fact::Recorder;
use nosmoke_ports::contract::{AppError, ErrorCode, ImportPreview, ImportRow};
use nosmoke_ports::search::card_form;
use nosmoke_ports::{Journal, Priority, StoreError, read, write};
use serde_json::json;
use uuid::Uuid;

use super::Progress;
use crate::commands::{CommandBus, register_within};
use crate::csv::{CustomerFile, CustomerRecord};

/// Rows that a preview shows at most.
const SHOWN: usize = 200;
/// Customers registered in one transaction.
const BLOCK: usize = 200;

/// Marks the lines whose card somebody here has already.
///
/// # Errors
/// The store's.
pub async fn check_against(journal: &dyn Journal, mut file: CustomerFile) -> Result<CustomerFile, AppError> {
    let checked = read::<_, StoreError>(journal, move |tx| {
        for record in file.records.iter_mut().filter(|record| record.problem.is_none()) {
            let form = card_form(record.profile.card.as_deref().unwrap_or_default());
            let holder = if form.is_empty() { None } else { tx.profile_by_card(&form)? };
            record.problem = holder.map(|holder| {
                let params = json!({ "customerId": holder.customer_id, "name": holder.name });
                AppError::with(ErrorCode::CardTaken, params)
            });
        }
        Ok(file)
    })
    .await?;
    Ok(checked)
}

/// What a preview shows of a file: every bad line, and the first good ones.
pub fn preview(preview_id: Uuid, file_name: String, file: &CustomerFile) -> ImportPreview {
    let bad = file.records.iter().filter(|record| record.problem.is_some()).count();
    let mut good_left = SHOWN.saturating_sub(bad);
    let shown = file.records.iter().filter(|record| {
        let keep = record.problem.is_some() || good_left > 0;
        good_left -= usize::from(record.problem.is_none() && good_left > 0);
        keep
    });
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    ImportPreview {
        preview_id,
        file_name,
        encoding: file.encoding.name().to_owned(),
        good: count(file.records.len() - bad),
        bad: count(bad),
        rows: shown.take(SHOWN).cloned().map(row).collect(),
    }
}

fn row(record: CustomerRecord) -> ImportRow {
    let CustomerRecord { line, profile, problem } = record;
    ImportRow { line, name: profile.name, phone: profile.phone, card: profile.card, problem }
}

/// Registers the good lines. A cancelled import keeps the customers registered so far; importing the same file again
/// leaves out those whose card is known by then.
///
/// # Errors
/// `cancelled`, the store's.
pub async fn import_customers(
    commands: CommandBus,
    recorder: Recorder,
    file: CustomerFile,
    progress: Arc<Progress>,
) -> Result<Option<PathBuf>, AppError> {
    let good: Vec<_> = file.records.into_iter().filter(|record| record.problem.is_none()).collect();
    let total = good.len() as u64;
    let mut done = 0;
    progress.advance(done, Some(total))?;
    for block in good.chunks(BLOCK) {
        let (block, clock, ids) = (block.to_vec(), commands.core.clock.clone(), commands.core.ids.clone());
        let size = block.len() as u64;
        let unit = move |tx: &mut dyn nosmoke_ports::Write| {
            for record in &block {
                match register_within(tx, clock.now(), recorder, &*ids, &record.profile) {
                    // Registered by somebody else since the preview.
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
