//! Decisions about customers: erasing the personal data, and joining and parting two ids of one person.

use std::collections::BTreeSet;

use crate::fact::{CustomerErased, CustomersLinked, CustomersParted};
use crate::ids::{CustomerId, LinkId};
use crate::point::Account;
use crate::refusal::Refusal;

/// Decides to erase a customer's personal data. The facts, which contain none, stay.
///
/// # Errors
/// `CustomerErased` if the customer is erased already.
pub fn erase(account: &Account) -> Result<CustomerErased, Refusal> {
    if account.erased { Err(Refusal::CustomerErased) } else { Ok(CustomerErased {}) }
}

/// Decides to link two ids of one person by a new link. Returns a fact for each id, to be recorded in one transaction.
///
/// # Errors
/// `SameCustomer`, `AlreadyLinked`, `CustomerErased`.
pub fn link(
    a: (CustomerId, &Account),
    b: (CustomerId, &Account),
    link_id: LinkId,
) -> Result<[(CustomerId, CustomersLinked); 2], Refusal> {
    if a.0 == b.0 {
        return Err(Refusal::SameCustomer { customer_id: a.0 });
    }
    if a.1.erased || b.1.erased {
        return Err(Refusal::CustomerErased);
    }
    if links_of(a, b).next().is_some() {
        return Err(Refusal::AlreadyLinked);
    }
    Ok([(a.0, CustomersLinked { link_id, other_id: b.0 }), (b.0, CustomersLinked { link_id, other_id: a.0 })])
}

/// Decides to part two ids that were linked by mistake. Returns each link that counts, to be recorded under both ids in
/// one transaction.
///
/// # Errors
/// `NotLinked` if no link between just these two counts.
pub fn part(a: (CustomerId, &Account), b: (CustomerId, &Account)) -> Result<Vec<CustomersParted>, Refusal> {
    let parted: Vec<_> = links_of(a, b).map(|link_id| CustomersParted { link_id }).collect();
    if parted.is_empty() { Err(Refusal::NotLinked) } else { Ok(parted) }
}

/// The links between two ids that count. One of the two facts of a link suffices, and one of its parting, because the
/// other may have been lost with the data folder that recorded it.
fn links_of<'a>(a: (CustomerId, &'a Account), b: (CustomerId, &'a Account)) -> impl Iterator<Item = LinkId> + 'a {
    let links: BTreeSet<LinkId> = a.1.links.with(b.0).chain(b.1.links.with(a.0)).collect();
    links.into_iter().filter(move |link| !a.1.links.is_parted(*link) && !b.1.links.is_parted(*link))
}
