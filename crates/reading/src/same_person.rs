//! Customers whose ids are linked because they are one person: the worst standing among all the ids counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, LinkId};
use nosmoke_domain::links::Links;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{ReadFacts, StoreError};

use crate::state::load;

/// Returns the accounts of all customers linked with `customer`, directly or through others, including the customer's
/// own.
///
/// # Errors
/// An error of the store.
pub fn linked(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    account: Account,
) -> Result<BTreeMap<CustomerId, Account>, StoreError> {
    let mut linked = BTreeMap::new();
    let mut pending = vec![(customer, account)];
    while let Some((next, account)) = pending.pop() {
        for (_, other) in links(tx, next, &account.links)? {
            let is_new = !linked.contains_key(&other) && pending.iter().all(|(id, _)| *id != other) && other != next;
            if is_new {
                pending.push((other, load::<Account>(tx, other)?.state));
            }
        }
        linked.insert(next, account);
    }
    Ok(linked)
}

/// Returns the ids linked with `customer`, directly or through others, without the customer's own.
///
/// # Errors
/// An error of the store.
pub fn joined(tx: &mut dyn ReadFacts, customer: CustomerId, own: &Links) -> Result<BTreeSet<CustomerId>, StoreError> {
    let mut joined = BTreeSet::from([customer]);
    let mut pending: Vec<CustomerId> = links(tx, customer, own)?.into_iter().map(|(_, other)| other).collect();
    while let Some(next) = pending.pop() {
        if joined.insert(next) {
            let own = load::<Visits>(tx, next)?.state.links;
            pending.extend(links(tx, next, &own)?.into_iter().map(|(_, other)| other));
        }
    }
    joined.remove(&customer);
    Ok(joined)
}

/// Returns the links of a customer's id that count. A link is recorded as two facts, one under each id, and so is its
/// parting; one fact suffices here, because the other may have been lost with the data folder that recorded it.
///
/// # Errors
/// An error of the store.
pub fn links(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    own: &Links,
) -> Result<BTreeSet<(LinkId, CustomerId)>, StoreError> {
    let about = tx.facts_about(&[customer.0].into())?;
    let from_there = about.into_iter().map(|change| change.recorded.fact).filter_map(|fact| match fact.payload {
        Payload::CustomersLinked(p) if p.other_id == customer => Some((p.link_id, fact.customer_id)),
        _ => None,
    });
    let mut links: BTreeSet<_> = own.joined().chain(from_there).filter(|(link, _)| !own.is_parted(*link)).collect();
    if !links.is_empty() {
        let about = tx.facts_about(&links.iter().map(|(link, _)| link.0).collect())?;
        let parted = about.iter().filter_map(|change| match &change.recorded.fact.payload {
            Payload::CustomersParted(p) => Some(p.link_id),
            _ => None,
        });
        let parted: BTreeSet<LinkId> = parted.collect();
        links.retain(|(link, _)| !parted.contains(link));
    }
    Ok(links)
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
