//! Decisions about who a customer is.

use crate::fact::{CustomerErased, CustomersLinked};
use crate::ids::CustomerId;
use crate::point::Account;
use crate::refusal::Refusal;

/// Erases a customer's personal data; the facts stay and fold.
///
/// # Errors
/// `CustomerErased` when it was done already.
pub fn erase(account: &Account) -> Result<CustomerErased, Refusal> {
    if account.erased { Err(Refusal::CustomerErased) } else { Ok(CustomerErased {}) }
}

/// Says that two ids are one person: one fact under each id, to be recorded in one transaction.
///
/// # Errors
/// `SameCustomer`, `AlreadyLinked`, `CustomerErased`.
pub fn link(
    a: (CustomerId, &Account),
    b: (CustomerId, &Account),
) -> Result<[(CustomerId, CustomersLinked); 2], Refusal> {
    if a.0 == b.0 {
        return Err(Refusal::SameCustomer { customer_id: a.0 });
    }
    if a.1.erased || b.1.erased {
        return Err(Refusal::CustomerErased);
    }
    if a.1.links.contains(&b.0) && b.1.links.contains(&a.0) {
        return Err(Refusal::AlreadyLinked);
    }
    Ok([(a.0, CustomersLinked { other_id: b.0 }), (b.0, CustomersLinked { other_id: a.0 })])
}
