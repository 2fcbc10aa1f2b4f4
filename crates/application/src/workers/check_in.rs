//! check_in's projector: writes snapshots of visits, the list of customers inside, and customers' last visits.

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Payload;
use nosmoke_ports::{Change, Context, ReadFacts, StoreError};
use nosmoke_reading::occupancy::inside_rows;
use nosmoke_reading::state::{load, save};

use super::rows::{ProjectedRow, customers};

pub(super) fn project(tx: &mut dyn ReadFacts, changes: &[Change]) -> Result<Vec<ProjectedRow>, StoreError> {
    let mut rows = Vec::new();
    for customer in customers(changes) {
        let loaded = load::<Visits>(tx, customer)?;
        rows.push(ProjectedRow::Snapshot(Context::CheckIn, customer, save(&loaded)?));
        rows.push(ProjectedRow::Inside(customer, inside_rows(customer, &loaded.state), loaded.change_seq));
    }
    for change in changes {
        let fact = &change.recorded.fact;
        if let Payload::CheckedIn(p) = &fact.payload {
            rows.push(ProjectedRow::LastVisit(fact.customer_id, fact.occurred_at, p.area_id));
        }
    }
    Ok(rows)
}
