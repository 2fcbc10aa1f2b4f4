//! Takes an import back: erases the customers that it added, while nobody of them has come.

use std::sync::Arc;

use nosmoke_domain::fact::Recorder;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Priority, Read, Write, read, write};
use serde_json::json;
use uuid::Uuid;

use super::super::Progress;
use super::unit::{Unit, batch, find, forget_added, put};
use crate::commands::{CommandBus, erase_within};
use crate::permission::Act;
use crate::terminal::Terminal;

/// Checks that nobody whom an import added has come, so that a caller can refuse before the job starts.
///
/// # Errors
/// `not_authorised`, `unknown_import`, `import_used`, or an error of the store.
pub async fn check_take_back(terminal: &Terminal, recorder: Recorder, import_id: Uuid) -> Result<(), AppError> {
    Act::EraseCustomer.expect(recorder.role)?;
    read(&*terminal.core.journal, move |tx| check(tx, import_id).map(|_| ())).await
}

/// Erases the customers that an import added, in batches. Customers whom somebody erased already are left as they are; what
/// the import changed of others stays. If it breaks off, the rest can be taken back by another try.
///
/// # Errors
/// The errors of [`check_take_back`], or `cancelled`.
pub async fn take_back_import(
    commands: CommandBus,
    recorder: Recorder,
    import_id: Uuid,
    progress: Arc<Progress>,
) -> Result<(), AppError> {
    let journal = commands.core.journal.clone();
    let unit = read::<_, AppError>(&*journal, move |tx| check(tx, import_id)).await?;
    let batches = unit.batches;
    progress.advance(0, Some(batches.into()))?;
    for at in 0..batches {
        let (clock, ids, unit) = (commands.core.clock.clone(), commands.core.ids.clone(), unit.clone());
        let erase = move |tx: &mut dyn Write| {
            for customer in batch(tx, &unit, at)? {
                if tx.profile(customer)?.is_none_or(|profile| profile.erased) {
                    continue;
                }
                // Looked at again: somebody may have come since the job began.
                if tx.last_change_of(customer)? != 0 {
                    return Err(used(tx, &[customer])?);
                }
                erase_within(tx, clock.now(), recorder, &*ids, customer)?;
            }
            Ok(())
        };
        let (_, written) = write::<_, AppError>(&*journal, Priority::Background, erase).await?;
        if let Some(written) = written {
            commands.core.feed.wrote(written.last_change);
        }
        progress.advance(u64::from(at) + 1, Some(batches.into()))?;
    }
    let taken_back_at = Some(commands.core.clock.now().timestamp_millis());
    let note = move |tx: &mut dyn Write| {
        forget_added(tx, &unit)?;
        put(tx, &Unit { taken_back_at, batches: 0, ..unit.clone() })?;
        Ok(())
    };
    write::<_, AppError>(&*journal, Priority::Background, note).await?;
    Ok(())
}

/// Returns an import of which nobody has come.
fn check(tx: &mut dyn Read, import_id: Uuid) -> Result<Unit, AppError> {
    let unit = find(tx, import_id)?.filter(|unit| unit.taken_back_at.is_none());
    let unit = unit.ok_or_else(|| AppError::new(ErrorCode::UnknownImport))?;
    let mut came = Vec::new();
    for at in 0..unit.batches {
        for customer in batch(tx, &unit, at)? {
            let is_here = tx.profile(customer)?.is_some_and(|profile| !profile.erased);
            if is_here && tx.last_change_of(customer)? != 0 {
                came.push(customer);
            }
        }
    }
    if came.is_empty() { Ok(unit) } else { Err(used(tx, &came)?) }
}

fn used<R: Read + ?Sized>(tx: &mut R, came: &[nosmoke_domain::ids::CustomerId]) -> Result<AppError, AppError> {
    let first = came.first().map(|customer| tx.profile(*customer)).transpose()?.flatten();
    let name = first.and_then(|profile| profile.name);
    Ok(AppError::with(ErrorCode::ImportUsed, json!({ "name": name, "customers": came.len() })))
}
