//! check_in's projector: snapshots of visits, who is inside, when someone was last here.

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Payload;

use super::customers;
use crate::occupancy::inside_rows;
use crate::ports::{Change, Context, StoreError, Write};
use crate::state::{load, save};

pub(super) fn project(tx: &mut dyn Write, changes: &[Change]) -> Result<(), StoreError> {
    for customer in customers(changes) {
        let loaded = load::<Visits>(tx, customer)?;
        tx.put_snapshot(Context::CheckIn, customer, &save(&loaded)?)?;
        tx.put_inside(customer, &inside_rows(customer, &loaded.state))?;
    }
    for change in changes {
        let fact = &change.recorded.fact;
        if let Payload::CheckedIn(p) = &fact.payload {
            tx.put_last_visit(fact.customer_id, fact.occurred_at, p.area_id)?;
        }
    }
    Ok(())
}
