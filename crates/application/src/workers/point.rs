//! point's projector: snapshots of accounts, and the standing it publishes for check_in (F9, F10, N4).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_domain::points::Sum;
use nosmoke_domain::rules::Rules;

use super::customers;
use crate::links::{linked, worst};
use crate::ports::{Change, Context, StandingRow, StoreError, Write};
use crate::records;
use crate::state::{load, save};

pub(super) fn project(tx: &mut dyn Write, changes: &[Change], now: DateTime<Utc>) -> Result<(), StoreError> {
    let rules = records::rules(tx)?;
    let mut done = BTreeSet::new();
    for customer in customers(changes) {
        let loaded = load::<Account>(tx, customer)?;
        tx.put_snapshot(Context::Point, customer, &save(&loaded)?)?;
        if !done.contains(&customer) {
            let linked = linked(tx, customer, loaded.state)?;
            if let Some((_, worst)) = worst(&linked, &rules) {
                for customer in linked.keys() {
                    publish(tx, *customer, worst, &rules, now)?;
                }
            }
            done.extend(linked.into_keys());
        }
    }
    Ok(())
}

fn publish(
    tx: &mut dyn Write,
    customer_id: CustomerId,
    account: &Account,
    rules: &Rules,
    as_of: DateTime<Utc>,
) -> Result<(), StoreError> {
    let copy = StandingCopy {
        standing: account.standing(rules),
        outstanding: Sum(account.outstanding()),
        levels: account.levels(rules),
        as_of,
    };
    tx.put_standing(&StandingRow { customer_id, copy })
}
