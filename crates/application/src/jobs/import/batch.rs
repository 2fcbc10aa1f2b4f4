//! One batch of an import: recorded in one transaction, together with what the import has done so far.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::contract::ContextName;
use nosmoke_ports::contract::{AppError, ErrorCode, ImportCounts, Outcome, ProfileInput, ReviseCustomer};
use nosmoke_ports::limits::{NAME_MAX, check_text};
use nosmoke_ports::{Ids, Priority, Write, write};
use serde_json::json;
use uuid::Uuid;

use super::opening::{self, Brought};
use super::unit::{Unit, add_batch, find};
use crate::commands::{CommandBus, Work, kept_card, register_within, revise_within};
use crate::csv::Opening;
use crate::permission::{Act, Authority};

/// The largest number of customers recorded in one transaction.
pub const IMPORT_BATCH: usize = 200;
const HASH_MAX: usize = 64;

/// A part of a list, as the program that reads the list sends it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportBatch {
    pub import_id: Uuid,
    pub file_name: String,
    /// The hash of the file.
    pub hash: String,
    /// The number of this batch, from 0. A batch that was recorded before is not recorded again.
    pub step: u32,
    /// Whether no batch follows.
    pub is_last: bool,
    /// Lines of the whole list that are left out.
    pub skipped: u32,
    pub bad: u32,
    /// The code of the opening penalties.
    pub penalty_code: Option<PenaltyCode>,
    pub rows: Vec<BatchRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BatchRow {
    pub profile: ProfileInput,
    pub opening: Opening,
    /// The customer who gets the profile; `None` to register one.
    pub update: Option<CustomerId>,
}

/// Records a batch, and returns what the import has done so far. Safe to repeat: a batch is recorded once.
///
/// # Errors
/// `out_of_range` for too many rows or for points; `expired` if an earlier batch is missing; `invalid_input` if the rules
/// don't have the penalty code any more; with opening balances also `not_authorised` and `point_unavailable`; those of
/// `registerCustomer`, or an error of the store. Nothing of the batch is recorded then.
pub async fn import_batch(
    commands: &CommandBus,
    authority: Authority,
    batch: ImportBatch,
) -> Result<ImportCounts, AppError> {
    if batch.rows.len() > IMPORT_BATCH {
        return Err(AppError::with(ErrorCode::OutOfRange, json!({ "field": "rows", "min": 0, "max": IMPORT_BATCH })));
    }
    check_text("fileName", &batch.file_name, NAME_MAX)?;
    check_text("hash", &batch.hash, HASH_MAX)?;
    batch.rows.iter().try_for_each(|row| row.opening.check())?;
    if batch.rows.iter().any(|row| !row.opening.is_empty()) {
        authority.expect(Act::AdjustPoints)?;
        commands.point.enter(ContextName::Point).await?;
    }
    let (present, ids) = (commands.core.present.clone(), commands.core.ids.clone());
    let record = move |tx: &mut dyn Write| {
        let present = present.read();
        let now = present.clock;
        let mut unit = match find(tx, batch.import_id)? {
            Some(unit) if unit.steps > batch.step => return Ok(unit.counts),
            Some(unit) if unit.steps == batch.step => unit,
            None if batch.step == 0 => begun(&batch, now),
            _ => return Err(AppError::new(ErrorCode::Expired)),
        };
        let mut all_brought = Vec::new();
        for row in &batch.rows {
            let saved = match record_row(tx, row, now, authority, &*ids) {
                Ok(saved) => saved,
                // The card was registered after the list was compared: the row is left out.
                Err(error) if error.code == ErrorCode::CardTaken => {
                    unit.counts.bad += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let mut work = Work::begin(tx, present, authority, &*ids)?;
            let customer = (saved.customer_id, saved.is_added);
            let brought = opening::record(&mut work, customer, row.opening, batch.penalty_code)?;
            count(&mut unit.counts, &saved, &brought);
            all_brought.push(brought);
        }
        all_brought.retain(|brought| !brought.is_empty());
        (unit.steps, unit.complete) = (batch.step + 1, batch.is_last);
        add_batch(tx, &mut unit, &all_brought)?;
        Ok(unit.counts)
    };
    let (counts, written) = write::<_, AppError>(&*commands.core.journal, Priority::Background, record).await?;
    if let Some(written) = written {
        commands.core.feed.wrote(written.last_change);
        commands.core.feed.documents_changed();
    }
    Ok(counts)
}

fn count(counts: &mut ImportCounts, saved: &Saved, brought: &Brought) {
    let has_changed = saved.has_changed || !brought.is_empty();
    let line = match (saved.is_added, has_changed) {
        (true, _) => &mut counts.added,
        (false, true) => &mut counts.updated,
        (false, false) => &mut counts.skipped,
    };
    *line += 1;
    counts.points += u64::from(brought.points);
    counts.penalty_points += u64::from(brought.penalty_points);
}

fn begun(batch: &ImportBatch, now: DateTime<Utc>) -> Unit {
    Unit {
        import_id: batch.import_id,
        file_name: batch.file_name.clone(),
        hash: batch.hash.clone(),
        at: now.timestamp_millis(),
        counts: ImportCounts { skipped: batch.skipped, bad: batch.bad, ..ImportCounts::default() },
        complete: false,
        taken_back_at: None,
        erased: 0,
        steps: 0,
        batches: 0,
    }
}

/// What became of the profile of a row.
#[derive(Debug)]
struct Saved {
    customer_id: CustomerId,
    is_added: bool,
    has_changed: bool,
}

/// Records the profile of one row.
fn record_row(
    tx: &mut dyn Write,
    row: &BatchRow,
    now: DateTime<Utc>,
    authority: Authority,
    ids: &dyn Ids,
) -> Result<Saved, AppError> {
    let current = row.update.map(|customer| tx.profile(customer)).transpose()?.flatten();
    let Some(current) = current.filter(|profile| !profile.erased) else {
        return match register_within(tx, now, authority, ids, &row.profile)? {
            Outcome::CustomerSaved { customer_id, .. } => Ok(Saved { customer_id, is_added: true, has_changed: true }),
            other => Err(AppError::with(ErrorCode::Internal, json!({ "detail": format!("{other:?}") }))),
        };
    };
    let unchanged = Saved { customer_id: current.customer_id, is_added: false, has_changed: false };
    let ProfileInput { name, phone, card, .. } = row.profile.clone();
    let card = kept_card(tx, card.as_ref())?;
    let (phone, card) = (phone.or(current.phone.clone()), card.or(current.card.clone()));
    let profile = ProfileInput { name, phone, card, consent_on: None };
    if (Some(&profile.name), &profile.phone, &profile.card) == (current.name.as_ref(), &current.phone, &current.card) {
        return Ok(unchanged);
    }
    let update = ReviseCustomer { customer_id: current.customer_id, base_revision: current.revision, profile };
    revise_within(tx, now, authority, ids, update)?;
    Ok(Saved { has_changed: true, ..unchanged })
}
