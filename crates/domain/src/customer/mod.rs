//! Decisions about customers: erasing the personal data, and linking two ids of one person.

use crate::fact::{CustomerErased, CustomersLinked};
use crate::ids::CustomerId;
use crate::point::Account;
use crate::refusal::Refusal;

/// Decides to erase a customer's personal data. The facts, which contain none, stay.
///
/// # Errors
/// `CustomerErased` if the customer is erased already.
pub fn erase(account: &Account) -> Result<CustomerErased, Refusal> {
    if account.erased { Err(Refusal::CustomerErased) } else { Ok(CustomerErased {}) }
}

/// Decides to link two ids of one person. Returns a fact for each id, to be recorded in one transaction.
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
