//! Who is inside as of the last fact in the journal: check_in's projection, with the customers put right that its
//! projector hasn't passed yet. Decisions ask this, never the projection alone.

use std::collections::BTreeSet;

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::ids::{AreaId, CustomerId};
use nosmoke_ports::{InsideRow, Read, ReadFacts, StoreError, Worker};

use crate::state::load;

/// Changes read at once.
const BLOCK: usize = 512;

/// Everyone inside an area, longest first.
///
/// # Errors
/// The store's.
pub fn inside_now(tx: &mut dyn Read, area: AreaId) -> Result<Vec<InsideRow>, StoreError> {
    let newer = customers_after(tx, Worker::CheckIn)?;
    let mut rows = tx.inside(Some(area))?;
    rows.retain(|row| !newer.contains(&row.customer_id));
    for customer in newer {
        let visits = load::<Visits>(tx, customer)?.state;
        rows.extend(inside_rows(customer, &visits).into_iter().filter(|row| row.area_id == area));
    }
    rows.sort_by_key(|row| (row.since, row.visit_id));
    Ok(rows)
}

/// The rows of who is inside that a customer's visits make.
pub fn inside_rows(customer_id: CustomerId, visits: &Visits) -> Vec<InsideRow> {
    let inside = visits.open.iter().filter(|(_, visit)| visit.is_inside());
    inside
        .filter_map(|(visit_id, visit)| {
            let entry = visit.entry.as_ref()?;
            let (visit_id, since) = (*visit_id, entry.key.occurred_at);
            Some(InsideRow { visit_id, customer_id, area_id: entry.area_id, since })
        })
        .collect()
}

fn customers_after(tx: &mut dyn ReadFacts, worker: Worker) -> Result<BTreeSet<CustomerId>, StoreError> {
    let (mut after, mut customers) = (tx.checkpoint(worker)?, BTreeSet::new());
    loop {
        let changes = tx.changes(after, BLOCK)?;
        customers.extend(changes.iter().map(|change| change.recorded.fact.customer_id));
        match changes.last() {
            Some(last) if changes.len() == BLOCK => after = last.change_seq,
            _ => return Ok(customers),
        }
    }
}
