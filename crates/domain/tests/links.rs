//! Links between the ids of persons, joined and parted at two terminals without each other's facts.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod arbitrary;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::customer::{link, part};
use nosmoke_domain::fact::{Draft, Payload, Recorded, Recorder};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::{CustomerId, EventId, LinkId};
use nosmoke_domain::point::Account;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use uuid::Uuid;

use arbitrary::record;

/// What is tried at one of two terminals, about two of four ids.
#[derive(Debug, Clone, Copy)]
enum Operation {
    Join(u128, u128),
    Part(u128, u128),
    /// Receives everything that the other terminal has.
    Receive,
}

fn operation() -> impl Strategy<Value = (usize, Operation)> {
    (0..2_usize, 0..5_u8, 0..4_u128, 0..4_u128).prop_map(|(at, what, one, other)| match what {
        0 | 1 => (at, Operation::Join(one, other)),
        2 | 3 => (at, Operation::Part(one, other)),
        _ => (at, Operation::Receive),
    })
}

fn customer(n: u128) -> CustomerId {
    CustomerId(Uuid::from_u128(0xc0 + n))
}

#[derive(Debug, Default)]
struct Terminals {
    facts: [Vec<Recorded>; 2],
    next: u128,
}

impl Terminals {
    fn account(&self, at: usize, of: CustomerId) -> Account {
        fold(self.facts[at].iter().filter(|it| it.fact.customer_id == of))
    }

    fn record(&mut self, at: usize, customer_id: CustomerId, payload: impl Into<Payload>) {
        self.next += 1;
        let now: DateTime<Utc> = "2026-11-20T01:00:00Z".parse().unwrap();
        let draft = Draft {
            event_id: EventId(Uuid::from_u128(self.next)),
            customer_id,
            occurred_at: now,
            recorded_at: now,
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: None,
            rules: 1,
            traceparent: None,
            payload: payload.into(),
        };
        self.facts[at].push(record(draft, at as u128));
    }

    fn try_to(&mut self, at: usize, operation: Operation) {
        match operation {
            Operation::Join(one, other) => {
                let (one, other) = (customer(one), customer(other));
                self.next += 1;
                let link_id = LinkId(Uuid::from_u128(self.next));
                let (a, b) = (self.account(at, one), self.account(at, other));
                for (under, linked) in link((one, &a), (other, &b), link_id).into_iter().flatten() {
                    self.record(at, under, linked);
                }
            }
            Operation::Part(one, other) => {
                let (one, other) = (customer(one), customer(other));
                let (a, b) = (self.account(at, one), self.account(at, other));
                for parted in part((one, &a), (other, &b)).into_iter().flatten() {
                    self.record(at, one, parted.clone());
                    self.record(at, other, parted);
                }
            }
            Operation::Receive => {
                let others = self.facts[1 - at].clone();
                let known: BTreeSet<_> = self.facts[at].iter().map(|it| it.hash).collect();
                self.facts[at].extend(others.into_iter().filter(|it| !known.contains(&it.hash)));
            }
        }
    }

    /// The links of each id that count at a terminal.
    fn links(&self, at: usize) -> BTreeMap<CustomerId, BTreeSet<(LinkId, CustomerId)>> {
        (0..4).map(customer).map(|id| (id, self.account(at, id).links.joined().collect())).collect()
    }
}

proptest! {
    #[test]
    fn two_terminals_end_with_the_same_links_whatever_they_join_and_part(
        operations in vec(operation(), 1..40),
        first in any::<bool>(),
    ) {
        let mut terminals = Terminals::default();
        for (at, operation) in operations {
            terminals.try_to(at, operation);
        }
        let last = usize::from(first);
        terminals.try_to(last, Operation::Receive);
        terminals.try_to(1 - last, Operation::Receive);
        let links = terminals.links(0);
        prop_assert_eq!(&links, &terminals.links(1));
        // A link counts exactly if nobody has parted it, and under both ids.
        let all = &terminals.facts[0];
        let parted: BTreeSet<LinkId> = all.iter().filter_map(|it| match &it.fact.payload {
            Payload::CustomersParted(p) => Some(p.link_id),
            _ => None,
        }).collect();
        let expected: BTreeSet<_> = all.iter().filter_map(|it| match &it.fact.payload {
            Payload::CustomersLinked(p) => Some((it.fact.customer_id, p.link_id, p.other_id)),
            _ => None,
        }).filter(|(_, link, _)| !parted.contains(link)).collect();
        let shown: BTreeSet<_> =
            links.iter().flat_map(|(id, joined)| joined.iter().map(|(link, other)| (*id, *link, *other))).collect();
        prop_assert_eq!(shown, expected);
    }
}
