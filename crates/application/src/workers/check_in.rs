//! check_in's projector: snapshots of visits, who is inside, when someone was last here.

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Payload;

use super::customers;
use crate::ports::{Change, Context, InsideRow, StoreError, Write};
use crate::state::{load, save};

pub(super) fn project(tx: &mut dyn Write, changes: &[Change]) -> Result<(), StoreError> {
    for customer in customers(changes) {
        let loaded = load::<Visits>(tx, customer)?;
        tx.put_snapshot(Context::CheckIn, customer, &save(&loaded)?)?;
        let inside: Vec<InsideRow> = loaded
            .state
            .open
            .iter()
            .filter(|(_, visit)| visit.is_inside())
            .filter_map(|(visit_id, visit)| {
                let entry = visit.entry.as_ref()?;
                let (visit_id, since) = (*visit_id, entry.key.occurred_at);
                Some(InsideRow { visit_id, customer_id: customer, area_id: entry.area_id, since })
            })
            .collect();
        tx.put_inside(customer, &inside)?;
    }
    for change in changes {
        let fact = &change.recorded.fact;
        if let Payload::CheckedIn(p) = &fact.payload {
            tx.put_last_visit(fact.customer_id, fact.occurred_at, p.area_id)?;
        }
    }
    Ok(())
}
