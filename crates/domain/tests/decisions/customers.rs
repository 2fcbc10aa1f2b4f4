//! Decisions about customers: erasing the personal data, and linking two ids.

use nosmoke_domain::customer::{erase, link};
use nosmoke_domain::fact::{CustomerErased, CustomersLinked};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::refusal::Refusal;

use super::history::{HERE, History, THERE, id};

fn linked(other: u128) -> CustomersLinked {
    CustomersLinked { other_id: id(other) }
}

#[test]
fn a_customer_is_erased_once() {
    assert_eq!(erase(&History::new().account()), Ok(CustomerErased {}));
    let erased = History::new().and(THERE, 0, CustomerErased {});
    assert_eq!(erase(&erased.account()), Err(Refusal::CustomerErased));
}

#[test]
fn linking_two_ids_records_a_fact_under_each() {
    let new = History::new();
    let erased = History::new().and(HERE, 0, CustomerErased {});
    let (to1, to2) = (History::new().and(HERE, 0, linked(1)), History::new().and(HERE, 0, linked(2)));
    let to3 = History::new().and(HERE, 0, linked(3));
    let both = || Ok([(id(1), linked(2)), (id(2), linked(1))]);
    for (a, b, other, expected) in [
        (&new, &new, 2, both()),
        (&new, &new, 1, Err(Refusal::SameCustomer { customer_id: id(1) })),
        (&erased, &new, 2, Err(Refusal::CustomerErased)),
        (&new, &erased, 2, Err(Refusal::CustomerErased)),
        (&to2, &to1, 2, Err(Refusal::AlreadyLinked)),
        (&to2, &new, 2, both()),
        (&new, &to1, 2, both()),
        (&to3, &to3, 2, both()),
    ] {
        let result = link((id::<CustomerId>(1), &a.account()), (id(other), &b.account()));
        assert_eq!(result, expected);
    }
    assert_eq!(to2.and(THERE, 1, linked(3)).account().links, [id(2), id(3)].into());
}
