//! The rows that projectors write.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId};
use nosmoke_ports::{Change, Context, InsideRow, PenaltyRow, Saved, StandingRow, StoreError, WriteProjections};

/// What a projector writes.
#[derive(Debug, Clone)]
pub(super) enum Row {
    Snapshot(Context, CustomerId, Saved),
    Inside(CustomerId, Vec<InsideRow>),
    LastVisit(CustomerId, DateTime<Utc>, AreaId),
    Standing(StandingRow),
    Penalty(PenaltyRow),
    NoPenalty(PenaltyId),
}

pub(super) fn put(tx: &mut dyn WriteProjections, row: &Row) -> Result<(), StoreError> {
    match row {
        Row::Snapshot(context, customer, saved) => tx.put_snapshot(*context, *customer, saved),
        Row::Inside(customer, rows) => tx.put_inside(*customer, rows),
        Row::LastVisit(customer, at, area) => tx.put_last_visit(*customer, *at, *area),
        Row::Standing(row) => tx.put_standing(row),
        Row::Penalty(row) => tx.put_penalty(row),
        Row::NoPenalty(penalty) => tx.remove_penalty(*penalty),
    }
}

/// The customers of some changes, each once.
pub(super) fn customers(changes: &[Change]) -> BTreeSet<CustomerId> {
    changes.iter().map(|change| change.recorded.fact.customer_id).collect()
}
