//! check_in's projector: snapshots of visits, who is inside, when someone was last here.

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Payload;
use nosmoke_ports::{Change, Context, ReadFacts, StoreError};
use nosmoke_reading::occupancy::inside_rows;
use nosmoke_reading::state::{load, save};

use super::rows::{Row, customers};

pub(super) fn project(tx: &mut dyn ReadFacts, changes: &[Change]) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for customer in customers(changes) {
        let loaded = load::<Visits>(tx, customer)?;
        rows.push(Row::Snapshot(Context::CheckIn, customer, save(&loaded)?));
        rows.push(Row::Inside(customer, inside_rows(customer, &loaded.state)));
    }
    for change in changes {
        let fact = &change.recorded.fact;
        if let Payload::CheckedIn(p) = &fact.payload {
            rows.push(Row::LastVisit(fact.customer_id, fact.occurred_at, p.area_id));
        }
    }
    Ok(rows)
}
