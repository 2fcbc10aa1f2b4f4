//! point's projector: writes snapshots of accounts, and the standing that point publishes for check_in (F9, F10, N4).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, published};
use nosmoke_ports::{Change, Context, Read, StandingRow, StoreError};
use nosmoke_reading::reference;
use nosmoke_reading::same_person::linked;
use nosmoke_reading::state::{load, save};

use super::rows::{ProjectedRow, with_parted};

pub(super) fn project(
    tx: &mut dyn Read,
    changes: &[Change],
    now: DateTime<Utc>,
) -> Result<Vec<ProjectedRow>, StoreError> {
    let mut rows = Vec::new();
    let rules = reference::rules(tx)?;
    let mut done = BTreeSet::new();
    for customer in with_parted(tx, changes)? {
        let loaded = load::<Account>(tx, customer)?;
        rows.push(ProjectedRow::Snapshot(Context::Point, customer, save(&loaded)?));
        if !done.contains(&customer) {
            let linked = linked(tx, customer, loaded.state)?;
            let accounts: Vec<&Account> = linked.values().collect();
            if let Some(copy) = published(&accounts, &rules, now) {
                let row = |customer_id: &CustomerId| StandingRow { customer_id: *customer_id, copy: copy.clone() };
                rows.extend(linked.keys().map(row).map(ProjectedRow::Standing));
            }
            done.extend(linked.into_keys());
        }
    }
    Ok(rows)
}
