//! Customers who are one person: whatever id someone comes with, the worst standing of all counts.

use std::collections::BTreeMap;

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;

use crate::ports::{Read, StoreError};
use crate::state::load;

/// The accounts of everyone linked with a customer, over however many links, the customer's own among them.
///
/// # Errors
/// The store's.
pub fn linked(
    tx: &mut dyn Read,
    customer: CustomerId,
    account: Account,
) -> Result<BTreeMap<CustomerId, Account>, StoreError> {
    let mut pending: Vec<CustomerId> = account.links.iter().copied().collect();
    let mut linked = BTreeMap::from([(customer, account)]);
    while let Some(next) = pending.pop() {
        if linked.contains_key(&next) {
            continue;
        }
        let account = load::<Account>(tx, next)?.state;
        pending.extend(account.links.iter().copied());
        linked.insert(next, account);
    }
    Ok(linked)
}

/// Whose account has the worst standing; of equal ones the one with most outstanding, then the lowest id.
pub fn worst<'a>(linked: &'a BTreeMap<CustomerId, Account>, rules: &Rules) -> Option<(CustomerId, &'a Account)> {
    let rank = |account: &Account| (account.standing(rules), account.outstanding());
    let best_first = linked.iter().rev().map(|(customer, account)| (*customer, account));
    best_first.max_by_key(|(_, account)| rank(account))
}
