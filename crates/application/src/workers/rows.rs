//! The rows that projectors write to the journal.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId};
use nosmoke_ports::{Change, Context, InsideRow, PenaltyRow, Saved, StandingRow, StoreError, Write};

/// A row that a projector writes to the journal.
#[derive(Debug, Clone)]
pub(super) enum ProjectedRow {
    Snapshot(Context, CustomerId, Saved),
    /// A customer's visits that haven't ended, as of the customer's last change when they were read.
    Inside(CustomerId, Vec<InsideRow>, i64),
    LastVisit(CustomerId, DateTime<Utc>, AreaId),
    Standing(StandingRow),
    Penalty(PenaltyRow),
    NoPenalty(PenaltyId),
}

pub(super) fn put(tx: &mut dyn Write, row: &ProjectedRow) -> Result<(), StoreError> {
    match row {
        ProjectedRow::Snapshot(context, customer, saved) => tx.put_snapshot(*context, *customer, saved),
        // A command of this terminal stores newer rows with its facts. The projector passes those facts later.
        ProjectedRow::Inside(customer, _, as_of) if tx.last_change_of(*customer)? > *as_of => Ok(()),
        ProjectedRow::Inside(customer, rows, _) => tx.put_inside(*customer, rows),
        ProjectedRow::LastVisit(customer, at, area) => tx.put_last_visit(*customer, *at, *area),
        ProjectedRow::Standing(row) => tx.put_standing(row),
        ProjectedRow::Penalty(row) => tx.put_penalty(row),
        ProjectedRow::NoPenalty(penalty) => tx.remove_penalty(*penalty),
    }
}

/// Returns the customers of some changes, each once.
pub(super) fn customers(changes: &[Change]) -> BTreeSet<CustomerId> {
    changes.iter().map(|change| change.recorded.fact.customer_id).collect()
}
