//! Customers whose ids are linked because they are one person: the worst standing among all the ids counts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{ReadFacts, StoreError};

use crate::state::load;

/// Returns the accounts of all customers linked with `customer`, directly or through others, including the customer's
/// own. A link is recorded as two facts, one under each id; one fact suffices here, because the other may have been
/// lost with the data folder that recorded it.
///
/// # Errors
/// An error of the store.
pub fn linked(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    account: Account,
) -> Result<BTreeMap<CustomerId, Account>, StoreError> {
    let mut pending = neighbours(tx, customer, &account)?;
    let mut linked = BTreeMap::from([(customer, account)]);
    while let Some(next) = pending.pop() {
        if linked.contains_key(&next) {
            continue;
        }
        let account = load::<Account>(tx, next)?.state;
        pending.extend(neighbours(tx, next, &account)?);
        linked.insert(next, account);
    }
    Ok(linked)
}

fn neighbours(tx: &mut dyn ReadFacts, customer: CustomerId, account: &Account) -> Result<Vec<CustomerId>, StoreError> {
    let about = tx.facts_about(&[customer.0].into())?;
    let from_there = about.into_iter().map(|change| change.recorded.fact).filter_map(|fact| match fact.payload {
        Payload::CustomersLinked(p) if p.other_id == customer => Some(fact.customer_id),
        _ => None,
    });
    Ok(account.links.iter().copied().chain(from_there).collect())
}

/// Returns the account with the worst standing at a moment. Of accounts with the same standing, returns the one with the most
/// outstanding points, then the one with the lowest id.
pub fn worst<'a>(
    linked: &'a BTreeMap<CustomerId, Account>,
    rules: &Rules,
    at: DateTime<Utc>,
) -> Option<(CustomerId, &'a Account)> {
    let best_first = linked.iter().rev().map(|(customer, account)| (*customer, account));
    best_first.max_by_key(|(_, account)| account.rank(rules, at))
}
