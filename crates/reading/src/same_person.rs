//! Customers whose ids are linked because they are one person: the worst standing among all the ids counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, LinkId};
use nosmoke_domain::links::Links;
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::Moment;
use nosmoke_ports::{Change, ReadFacts, StoreError};

use crate::moment::{account_at, counts, facts_at};
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
    linked_by(tx, customer, account, |_| true, |tx, next| Ok(load::<Account>(tx, next)?.state))
}

/// Returns the accounts of all customers linked with `customer` as they were at a moment, as [`linked`] does.
///
/// # Errors
/// An error of the store.
pub fn linked_at(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    account: Account,
    moment: Moment,
) -> Result<BTreeMap<CustomerId, Account>, StoreError> {
    let load = |tx: &mut dyn ReadFacts, next| {
        let facts = facts_at(tx, next, moment)?;
        account_at(tx, &facts)
    };
    linked_by(tx, customer, account, |change| counts(moment, change), load)
}

fn linked_by(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    account: Account,
    counts: impl Fn(&Change) -> bool,
    load: impl Fn(&mut dyn ReadFacts, CustomerId) -> Result<Account, StoreError>,
) -> Result<BTreeMap<CustomerId, Account>, StoreError> {
    let mut pending = links_by(tx, customer, &account.links, &counts)?;
    let mut linked = BTreeMap::from([(customer, account)]);
    while let Some((_, next)) = pending.pop_first() {
        if linked.contains_key(&next) {
            continue;
        }
        let account = load(tx, next)?;
        pending.extend(links_by(tx, next, &account.links, &counts)?);
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
    let mut pending = links(tx, customer, own)?;
    while let Some((_, next)) = pending.pop_first() {
        if joined.insert(next) {
            let own = load::<Visits>(tx, next)?.state.links;
            pending.extend(links(tx, next, &own)?);
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
    links_by(tx, customer, own, |_| true)
}

fn links_by(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    own: &Links,
    counts: impl Fn(&Change) -> bool,
) -> Result<BTreeSet<(LinkId, CustomerId)>, StoreError> {
    let about = tx.facts_about(&[customer.0].into())?.into_iter().filter(&counts);
    let from_there = about.map(|change| change.recorded.fact).filter_map(|fact| match fact.payload {
        Payload::CustomersLinked(p) if p.other_id == customer => Some((p.link_id, fact.customer_id)),
        _ => None,
    });
    let mut links: BTreeSet<_> = own.joined().chain(from_there).filter(|(link, _)| !own.is_parted(*link)).collect();
    if !links.is_empty() {
        let about = tx.facts_about(&links.iter().map(|(link, _)| link.0).collect())?;
        let parted =
            about.iter().filter(|change| counts(change)).filter_map(|change| match &change.recorded.fact.payload {
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
