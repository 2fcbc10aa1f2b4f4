//! Customers who are one person: whatever id someone comes with, the worst standing of all counts.

use std::collections::BTreeMap;

use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{ReadFacts, StoreError};

use crate::state::load;

/// The accounts of everyone linked with a customer, over however many links, the customer's own among them. A link counts
/// from either side: of the two facts that say it, one may have been lost with the folder that recorded them.
///
/// # Errors
/// The store's.
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

/// Whose account has the worst standing; of equal ones the one with most outstanding, then the lowest id.
pub fn worst<'a>(linked: &'a BTreeMap<CustomerId, Account>, rules: &Rules) -> Option<(CustomerId, &'a Account)> {
    let rank = |account: &Account| (account.standing(rules), account.outstanding());
    let best_first = linked.iter().rev().map(|(customer, account)| (*customer, account));
    best_first.max_by_key(|(_, account)| rank(account))
}
