//! point's projector: snapshots of accounts, and the standing it publishes for check_in (F9, F10, N4).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_domain::points::Sum;
use nosmoke_domain::rules::Rules;

use super::customers;
use crate::ports::{Change, Context, StandingRow, StoreError, Write};
use crate::records;
use crate::state::{load, save};

pub(super) fn project(tx: &mut dyn Write, changes: &[Change], now: DateTime<Utc>) -> Result<(), StoreError> {
    let rules = records::rules(tx)?;
    let mut done = BTreeSet::new();
    for customer in customers(changes) {
        let loaded = load::<Account>(tx, customer)?;
        tx.put_snapshot(Context::Point, customer, &save(&loaded)?)?;
        if loaded.state.links.is_empty() {
            publish(tx, customer, &loaded.state, &rules, now)?;
        } else if !done.contains(&customer) {
            done.extend(publish_linked(tx, customer, &rules, now)?);
        }
    }
    Ok(())
}

/// Everyone linked with a customer, over however many links, shares the worst standing of all.
fn publish_linked(
    tx: &mut dyn Write,
    customer: CustomerId,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<BTreeSet<CustomerId>, StoreError> {
    let (mut linked, mut pending) = (BTreeSet::new(), vec![customer]);
    let mut worst: Option<Account> = None;
    while let Some(next) = pending.pop() {
        if !linked.insert(next) {
            continue;
        }
        let account = load::<Account>(tx, next)?.state;
        pending.extend(account.links.iter().copied());
        let rank = |account: &Account| (account.standing(rules), account.outstanding());
        if worst.as_ref().is_none_or(|worst| rank(&account) > rank(worst)) {
            worst = Some(account);
        }
    }
    if let Some(worst) = worst {
        for customer in &linked {
            publish(tx, *customer, &worst, rules, now)?;
        }
    }
    Ok(linked)
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
