use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Digest, Rehashed};
use uuid::Uuid;

use super::*;
use crate::{Count, Parts};

const A: TerminalId = TerminalId(Uuid::from_u128(0xa));
const B: TerminalId = TerminalId(Uuid::from_u128(0xb));

/// A terminal with its facts, as the exchange would drive it.
struct Node {
    terminal: TerminalId,
    facts: Vec<Rehashed>,
    extent: Extent,
    narrowing: Narrowing,
    told: Vec<Breakdown>,
    found: Vec<Difference>,
}

fn customer(n: u128) -> CustomerId {
    // Spread over all first bytes.
    CustomerId(Uuid::from_u128((n << 120) | (n << 96)))
}

impl Node {
    /// Of so many customers each has two facts.
    fn new(terminal: TerminalId, customers: u128) -> Self {
        let facts = (0..customers * 2).map(|n| Rehashed {
            customer_id: customer(n / 2),
            change_seq: 0,
            hash: Hash([u8::try_from(n % 251).unwrap(); 32]),
        });
        let heads = [(IncarnationId(Uuid::nil()), u64::try_from(customers).unwrap() * 2)].into();
        let mut node = Self {
            terminal,
            facts: facts.collect(),
            extent: Extent { heads, ..Extent::default() },
            narrowing: Narrowing::default(),
            told: Vec::new(),
            found: Vec::new(),
        };
        node.tally();
        node
    }

    fn tally(&mut self) {
        self.extent.facts = self.facts.len() as u64;
        self.extent.digest = Digest::default();
        self.facts.iter().for_each(|fact| self.extent.digest.add(fact.hash));
    }

    fn count(&self, prefix: &str, at: DateTime<Utc>) -> Breakdown {
        let mut parts = Parts::default();
        let under = |fact: &&Rehashed| fact.customer_id.0.simple().to_string().starts_with(prefix);
        self.facts.iter().filter(under).for_each(|fact| parts.add(prefix, fact));
        let (heads, tally) = (self.extent.heads.clone(), Count::from(&self.extent));
        Breakdown { terminal_id: self.terminal, at, heads, tally, prefix: prefix.into(), parts, asks: Vec::new() }
    }

    /// Does all there is to do, and gives what it told.
    fn step(&mut self, now: DateTime<Utc>) -> Vec<Breakdown> {
        let before = self.told.len();
        for _ in 0..20 {
            if !self.narrowing.is_due(now) {
                break;
            }
            match self.narrowing.next(now, &self.extent) {
                None => break,
                Some(Act::Count(prefix)) => self.narrowing.counted(self.count(&prefix, now)),
                Some(Act::Tell(breakdown)) => self.told.push(breakdown),
                Some(Act::Found(_, difference)) => self.found.push(difference),
            }
        }
        self.told[before..].to_vec()
    }
}

/// Both have heard the other's heartbeat; then they exchange what they tell for so long, every second.
fn exchange(a: &mut Node, b: &mut Node, from: DateTime<Utc>, seconds: i64) {
    for second in 0..seconds {
        let now = from + TimeDelta::seconds(second);
        if second % 5 == 0 {
            a.narrowing.differs(B);
            b.narrowing.differs(A);
        }
        let (of_a, of_b) = (a.step(now), b.step(now));
        of_a.into_iter().for_each(|it| b.narrowing.heard(B, it));
        of_b.into_iter().for_each(|it| a.narrowing.heard(A, it));
    }
}

fn at(customer: CustomerId, here: u64, there: u64) -> Difference {
    Difference {
        customer: Some(DifferingCustomer { customer, here, there }),
        altered_here: false,
        altered_there: false,
    }
}

#[test]
fn both_find_the_customer_of_whom_one_lacks_a_fact_and_are_quiet_then() {
    for customers in [3, 2_000] {
        let (mut a, mut b) = (Node::new(A, customers), Node::new(B, customers));
        let lacking = b.facts.remove(5).customer_id;
        b.tally();
        exchange(&mut a, &mut b, DateTime::default(), 300);
        assert_eq!((a.found, b.found), (vec![at(lacking, 2, 1)], vec![at(lacking, 1, 2)]), "{customers}");
        let levels = if customers > 500 { 2 } else { 1 };
        assert_eq!((a.told.len(), b.told.len()), (levels, levels), "each tells each level once");
    }
}

#[test]
fn another_fact_in_the_place_of_one_is_found_too() {
    let (mut a, mut b) = (Node::new(A, 40), Node::new(B, 40));
    b.facts[11].hash = Hash([0xee; 32]);
    b.tally();
    exchange(&mut a, &mut b, DateTime::default(), 30);
    assert_eq!(a.found, [at(customer(5), 2, 2)]);
}

#[test]
fn a_file_that_was_changed_is_told_on_both_sides() {
    let changed = |a: &mut Node, b: &mut Node| {
        exchange(a, b, DateTime::default(), 30);
        (a.found.pop().unwrap(), b.found.pop().unwrap())
    };
    // Only the count of B is wrong.
    let (mut a, mut b) = (Node::new(A, 40), Node::new(B, 40));
    b.extent.digest = Digest([9; 32]);
    let (of_a, of_b) = changed(&mut a, &mut b);
    assert_eq!(of_a, Difference { customer: None, altered_here: false, altered_there: true });
    assert_eq!(of_b, Difference { customer: None, altered_here: true, altered_there: false });
    // A fact of B is another one than it counted, and it counted something else than A.
    let (mut a, mut b) = (Node::new(A, 40), Node::new(B, 40));
    b.facts[11].hash = Hash([0xee; 32]);
    b.extent.digest = Digest([9; 32]);
    let (of_a, of_b) = changed(&mut a, &mut b);
    assert_eq!(of_a, Difference { altered_there: true, ..at(customer(5), 2, 2) });
    assert_eq!(of_b, Difference { altered_here: true, ..at(customer(5), 2, 2) });
}

#[test]
fn whoever_forgot_asks_and_is_answered_by_who_has_found_already() {
    let (mut a, mut b) = (Node::new(A, 3), Node::new(B, 3));
    b.facts.remove(5);
    b.tally();
    exchange(&mut a, &mut b, DateTime::default(), 30);
    b.narrowing = Narrowing::default();
    b.found.clear();
    exchange(&mut a, &mut b, DateTime::default() + TimeDelta::seconds(60), 30);
    assert_eq!(b.found, [at(customer(2), 1, 2)]);
    assert_eq!((a.told.len(), b.told.len(), a.found.len()), (2, 2, 1));
}

#[test]
fn one_that_never_answers_is_asked_ever_more_seldom() {
    let mut a = Node::new(A, 3);
    let hour = 3_600;
    for second in 0..hour {
        a.narrowing.differs(B);
        a.step(DateTime::default() + TimeDelta::seconds(second));
    }
    assert!((10..=15).contains(&a.told.len()), "{}", a.told.len());
}

#[test]
fn sums_of_other_heads_are_not_compared_and_agreement_ends_it() {
    let (mut a, mut b) = (Node::new(A, 3), Node::new(B, 3));
    b.facts.remove(5);
    b.tally();
    b.extent.heads = [(IncarnationId(Uuid::nil()), 7)].into();
    exchange(&mut a, &mut b, DateTime::default(), 60);
    assert_eq!(a.found, []);
    a.narrowing.agrees(B);
    assert!(!a.narrowing.is_due(DateTime::default() + TimeDelta::hours(2)));
}
