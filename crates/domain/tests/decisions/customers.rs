//! Decisions about customers: erasing the personal data, and linking two ids.

use nosmoke_domain::customer::{erase, link, part};
use nosmoke_domain::fact::{CustomerErased, CustomersLinked, CustomersParted};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::refusal::Refusal;

use super::history::{HERE, History, THERE, id};

/// The link 9 with another id.
fn linked(other: u128) -> CustomersLinked {
    CustomersLinked { link_id: id(9), other_id: id(other) }
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
        (&to2, &new, 2, Err(Refusal::AlreadyLinked)),
        (&new, &to1, 2, Err(Refusal::AlreadyLinked)),
        (&to2.clone().and(HERE, 1, parted(9)), &to1, 2, both()),
        (&to3, &to3, 2, both()),
    ] {
        let result = link((id::<CustomerId>(1), &a.account()), (id(other), &b.account()), id(9));
        assert_eq!(result, expected);
    }
    let joined: Vec<CustomerId> = to2.and(THERE, 1, linked(3)).account().links.joined().map(|(_, id)| id).collect();
    assert_eq!(joined, [id(2), id(3)]);
}

fn parted(link: u128) -> CustomersParted {
    CustomersParted { link_id: id(link) }
}

#[test]
fn parting_two_ids_ends_each_link_between_them() {
    let again = CustomersLinked { link_id: id(8), other_id: id(2) };
    let (new, to1, to2) =
        (History::new(), History::new().and(HERE, 0, linked(1)), History::new().and(HERE, 0, linked(2)));
    let twice = to2.clone().and(THERE, 0, again);
    let of = |a: &History, b: &History| part((id(1), &a.account()), (id(2), &b.account()));
    assert_eq!(of(&new, &new), Err(Refusal::NotLinked));
    assert_eq!(of(&to2, &to1), Ok(vec![parted(9)]));
    assert_eq!(of(&new, &to1), Ok(vec![parted(9)]), "one of the two facts suffices");
    assert_eq!(of(&twice, &to1), Ok(vec![parted(8), parted(9)]));
    assert_eq!(of(&to2.clone().and(HERE, 1, parted(9)), &to1), Err(Refusal::NotLinked), "one parting suffices");
    assert_eq!(of(&twice.and(HERE, 1, parted(9)), &to1), Ok(vec![parted(8)]), "joined again");
}

#[test]
fn a_link_counts_unless_it_is_parted_whichever_arrived_first() {
    let (linked, parted) = (linked(2), parted(9));
    let one = History::new().and(HERE, 0, linked.clone()).and(THERE, 1, parted.clone());
    let other = History::new().and(THERE, 1, parted).and(HERE, 0, linked);
    assert_eq!(one.account().links, other.account().links);
    assert_eq!(one.visits().links.joined().count(), 0);
}
