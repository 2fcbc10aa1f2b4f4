//! Takes an import back: erases the customers that it added, while nobody of them has come, and takes back the opening
//! balances that it brought.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AdjustmentId, CustomerId};
use nosmoke_domain::refusal::Refusal;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Priority, Read, Write, read, write};
use nosmoke_runtime::Core;
use serde_json::json;
use uuid::Uuid;

use super::super::Progress;
use super::opening::{Brought, Undo, nobody_came, undo};
use super::unit::{Unit, batch, find, forget_batch, forget_brought, import_of, put};
use crate::commands::{CommandBus, Work, erase_within};
use crate::permission::{Act, Authority};
use crate::terminal::Terminal;

/// Checks that nobody whom an import added has come, and that the opening balances which it brought to others can be taken
/// back, so that a caller can refuse before the job starts.
///
/// # Errors
/// `not_authorised`, `unknown_import`, `import_used`, or an error of the store.
pub async fn check_take_back(terminal: &Terminal, authority: Authority, import_id: Uuid) -> Result<(), AppError> {
    authority.expect(Act::EraseCustomer)?;
    let at = Trial::of(&terminal.core, authority);
    read(&*terminal.core.journal, move |tx| check(tx, import_id, at).map(|_| ())).await
}

/// Takes back the opening balances that an import brought, and erases the customers that it added, in batches. Customers whom
/// somebody erased already are left as they are; what the import changed in the profiles of others stays. If it breaks off, the rest can be taken back by another try.
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
    let at = Trial::of(&commands.core, authority);
    let unit = read::<_, AppError>(&*journal, move |tx| check(tx, import_id, at)).await?;
    let batches = unit.batches;
    progress.advance(0, Some(batches.into()))?;
    for at in 0..batches {
        let (present, ids, batch_of) = (commands.core.present.clone(), commands.core.ids.clone(), unit.clone());
        let take_back = move |tx: &mut dyn Write| {
            let mut erased = 0;
            for brought in batch(tx, &batch_of, at)? {
                let customer = brought.customer_id;
                if tx.profile(customer)?.is_none_or(|profile| profile.erased) {
                    continue;
                }
                // Looked at again: somebody may have come since the job began.
                if brought.is_added && !nobody_came(tx, &brought)? {
                    return Err(used(tx, &[customer], None)?);
                }
                let mut work = Work::begin(tx, present.read(), authority, &*ids)?;
                let at = Trial { authority, now: work.now, moment: work.moment, adjustment_id: work.id() };
                match at.undo(work.tx, &brought)? {
                    Ok(undone) => undone.record(&mut work, customer)?,
                    Err(_) => return Err(used(work.tx, &[customer], Some("opening"))?),
                }
                if brought.is_added {
                    let now = work.now;
                    erase_within(tx, now, authority, &*ids, customer)?;
                    erased += 1;
                }
            }
            // Written with each batch, so that it is right also if this one is the last.
            let done = current(tx, import_id)?;
            forget_batch(tx, &done, at)?;
            Ok(put(tx, &Unit { erased: done.erased.saturating_add(erased), ..done })?)
        };
        let written = match write::<_, AppError>(&*journal, Priority::Background, take_back).await {
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
        forget_brought(tx, &done)?;
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

/// Who takes an import back, and when.
#[derive(Debug, Clone, Copy)]
struct Trial {
    authority: Authority,
    now: DateTime<Utc>,
    moment: DateTime<Utc>,
    adjustment_id: AdjustmentId,
}

impl Trial {
    /// For a check, which records nothing.
    fn of(core: &Core, authority: Authority) -> Self {
        let present = core.present.read();
        Self { authority, now: present.clock, moment: present.moment, adjustment_id: Uuid::nil().into() }
    }

    fn undo(&self, tx: &mut dyn Read, brought: &Brought) -> Result<Result<Undo, Refusal>, AppError> {
        undo(tx, brought, self.authority, (self.adjustment_id, self.now, self.moment))
    }
}

/// Returns an import of which nobody has come, and whose opening balances are all there.
fn check(tx: &mut dyn Read, import_id: Uuid, by: Trial) -> Result<Unit, AppError> {
    let unit = current(tx, import_id)?;
    let (mut came, mut spent) = (Vec::new(), Vec::new());
    for at in 0..unit.batches {
        for brought in batch(tx, &unit, at)? {
            let customer = brought.customer_id;
            if tx.profile(customer)?.is_none_or(|profile| profile.erased) {
                continue;
            }
            if brought.is_added && !nobody_came(tx, &brought)? {
                came.push(customer);
            } else if by.undo(tx, &brought)?.is_err() {
                spent.push(customer);
            }
        }
    }
    match (came.as_slice(), spent.as_slice()) {
        ([], []) => Ok(unit),
        ([], spent) => Err(used(tx, spent, Some("opening"))?),
        (came, _) => Err(used(tx, came, None)?),
    }
}

fn used<R: Read + ?Sized>(tx: &mut R, customers: &[CustomerId], reason: Option<&str>) -> Result<AppError, AppError> {
    let first = customers.first().map(|customer| tx.profile(*customer)).transpose()?.flatten();
    let name = first.and_then(|profile| profile.name);
    let mut error = AppError::with(ErrorCode::ImportUsed, json!({ "name": name, "customers": customers.len() }));
    if let Some(reason) = reason {
        error.params["reason"] = reason.into();
    }
    Ok(error)
}
