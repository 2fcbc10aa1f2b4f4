//! Takes an import back: erases the customers that it added, while nobody of them has come.

use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Priority, Read, Write, read, write};
use serde_json::json;
use uuid::Uuid;

use super::super::Progress;
use super::unit::{Unit, batch, find, forget_added, import_of, put};
use crate::commands::{CommandBus, erase_within};
use crate::permission::{Act, Authority};
use crate::terminal::Terminal;

/// Checks that nobody whom an import added has come, so that a caller can refuse before the job starts.
///
/// # Errors
/// `not_authorised`, `unknown_import`, `import_used`, or an error of the store.
pub async fn check_take_back(terminal: &Terminal, authority: Authority, import_id: Uuid) -> Result<(), AppError> {
    authority.expect(Act::EraseCustomer)?;
    read(&*terminal.core.journal, move |tx| check(tx, import_id).map(|_| ())).await
}

/// Erases the customers that an import added, in batches. Customers whom somebody erased already are left as they are; what
/// the import changed of others stays. If it breaks off, the rest can be taken back by another try.
///
/// # Errors
/// The errors of [`check_take_back`], or `cancelled`.
pub async fn take_back_import(
    commands: CommandBus,
    authority: Authority,
    import_id: Uuid,
    progress: Arc<Progress>,
) -> Result<(), AppError> {
    let journal = commands.core.journal.clone();
    let unit = read::<_, AppError>(&*journal, move |tx| check(tx, import_id)).await?;
    let batches = unit.batches;
    progress.advance(0, Some(batches.into()))?;
    for at in 0..batches {
        let (clock, ids, batch_of) = (commands.core.clock.clone(), commands.core.ids.clone(), unit.clone());
        let erase = move |tx: &mut dyn Write| {
            let mut erased = 0;
            for customer in batch(tx, &batch_of, at)? {
                if tx.profile(customer)?.is_none_or(|profile| profile.erased) {
                    continue;
                }
                // Looked at again: somebody may have come since the job began.
                if tx.last_change_of(customer)? != 0 {
                    return Err(used(tx, &[customer])?);
                }
                erase_within(tx, clock.now(), authority, &*ids, customer)?;
                erased += 1;
            }
            // Written with each batch, so that it is right also if this one is the last.
            let done = current(tx, import_id)?;
            Ok(put(tx, &Unit { erased: done.erased.saturating_add(erased), ..done })?)
        };
        let written = match write::<_, AppError>(&*journal, Priority::Background, erase).await {
            Ok(((), written)) => written,
            Err(error) => return Err(with_erased(error, import_of(&*journal, import_id).await?.erased)),
        };
        if let Some(written) = written {
            commands.core.feed.wrote(written.last_change);
        }
        progress.advance(u64::from(at) + 1, Some(batches.into()))?;
    }
    let taken_back_at = Some(commands.core.clock.now().timestamp_millis());
    let note = move |tx: &mut dyn Write| {
        let done = current(tx, import_id)?;
        forget_added(tx, &done)?;
        Ok(put(tx, &Unit { taken_back_at, batches: 0, ..done })?)
    };
    write::<(), AppError>(&*journal, Priority::Background, note).await?;
    Ok(())
}

/// Returns an import that wasn't taken back, as it is noted now.
fn current(tx: &mut dyn Read, import_id: Uuid) -> Result<Unit, AppError> {
    let unit = find(tx, import_id)?.filter(|unit| unit.taken_back_at.is_none());
    unit.ok_or_else(|| AppError::new(ErrorCode::UnknownImport))
}

/// Adds how many customers were erased before taking an import back broke off.
fn with_erased(mut error: AppError, erased: u32) -> AppError {
    if erased > 0 && error.code == ErrorCode::ImportUsed {
        error.params["reason"] = "partly".into();
        error.params["erased"] = erased.into();
    }
    error
}

/// Returns an import of which nobody has come.
fn check(tx: &mut dyn Read, import_id: Uuid) -> Result<Unit, AppError> {
    let unit = current(tx, import_id)?;
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
