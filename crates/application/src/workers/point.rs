//! point's projector: writes snapshots of accounts, and the standing that point publishes for check_in (F9, F10, N4).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_domain::points::Sum;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{Change, Context, Read, StandingRow, StoreError};
use nosmoke_reading::reference;
use nosmoke_reading::same_person::{linked, worst};
use nosmoke_reading::state::{load, save};

use super::rows::{ProjectedRow, customers};

pub(super) fn project(
    tx: &mut dyn Read,
    changes: &[Change],
    now: DateTime<Utc>,
) -> Result<Vec<ProjectedRow>, StoreError> {
    let mut rows = Vec::new();
    let rules = reference::rules(tx)?;
    let mut done = BTreeSet::new();
    for customer in customers(changes) {
        let loaded = load::<Account>(tx, customer)?;
        rows.push(ProjectedRow::Snapshot(Context::Point, customer, save(&loaded)?));
        if !done.contains(&customer) {
            let linked = linked(tx, customer, loaded.state)?;
            if let Some((_, worst)) = worst(&linked, &rules) {
                rows.extend(
                    linked.keys().map(|customer| ProjectedRow::Standing(published(*customer, worst, &rules, now))),
                );
            }
            done.extend(linked.into_keys());
        }
    }
    Ok(rows)
}

fn published(customer_id: CustomerId, account: &Account, rules: &Rules, as_of: DateTime<Utc>) -> StandingRow {
    let copy = StandingCopy {
        standing: account.standing(rules),
        outstanding: Sum(account.outstanding()),
        levels: account.levels(rules),
        as_of,
    };
    StandingRow { customer_id, copy }
}
