//! The rows that projectors write to the journal.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId};
use nosmoke_ports::{
    CaseRow, Change, Context, InsideRow, PenaltyRow, ReadFacts, Saved, StandingRow, StoreError, Write,
};
use uuid::Uuid;

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
    OpenCases(CustomerId, Vec<CaseRow>),
    Unreviewed(CustomerId),
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
        ProjectedRow::OpenCases(customer, rows) => tx.put_open_cases(*customer, rows),
        ProjectedRow::Unreviewed(customer) => tx.put_unreviewed(*customer),
        ProjectedRow::NoPenalty(penalty) => tx.remove_penalty(*penalty),
    }
}

/// Returns the customers of some changes, each once.
pub(super) fn customers(changes: &[Change]) -> BTreeSet<CustomerId> {
    changes.iter().map(|change| change.recorded.fact.customer_id).collect()
}

/// The customers of some changes, and those whose links they part: one fact of a parting concerns both ids.
pub(super) fn with_parted(tx: &mut dyn ReadFacts, changes: &[Change]) -> Result<BTreeSet<CustomerId>, StoreError> {
    let mut all = customers(changes);
    let parted = changes.iter().filter_map(|change| match &change.recorded.fact.payload {
        Payload::CustomersParted(p) => Some(p.link_id.0),
        _ => None,
    });
    let parted: BTreeSet<Uuid> = parted.collect();
    if parted.is_empty() {
        return Ok(all);
    }
    for change in tx.facts_about(&parted)? {
        if let Payload::CustomersLinked(p) = &change.recorded.fact.payload {
            all.extend([change.recorded.fact.customer_id, p.other_id]);
        }
    }
    Ok(all)
}
