use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Digest, Rehashed};
use uuid::Uuid;

use super::*;
use crate::{Count, Parts};

const A: TerminalId = TerminalId(Uuid::from_u128(0xa));
const B: TerminalId = TerminalId(Uuid::from_u128(0xb));

/// A terminal with its facts, which runs the search as the program does.
struct Node {
    terminal: TerminalId,
    facts: Vec<Rehashed>,
    extent: Extent,
    narrowing: Narrowing,
    sent: Vec<Breakdown>,
    found: Vec<Difference>,
}

fn customer(n: u128) -> CustomerId {
    // The ids are spread over all values of the first byte.
    CustomerId(Uuid::from_u128((n << 120) | (n << 96)))
}

impl Node {
    /// A terminal with `customers` customers of two facts each.
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
            sent: Vec::new(),
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

    /// Carries out all actions that are due, and returns the breakdowns it sent.
    fn step(&mut self, now: DateTime<Utc>) -> Vec<Breakdown> {
        let before = self.sent.len();
        for _ in 0..20 {
            if !self.narrowing.is_due(now) {
                break;
            }
            match self.narrowing.next(now, &self.extent) {
                None => break,
                Some(NarrowingAction::Count(prefix)) => self.narrowing.counted(self.count(&prefix, now)),
                Some(NarrowingAction::Send(breakdown)) => self.sent.push(breakdown),
                Some(NarrowingAction::Found(_, difference)) => self.found.push(difference),
            }
        }
        self.sent[before..].to_vec()
    }
}

/// Lets two terminals exchange breakdowns once per second for `seconds`. Every fifth second each receives a heartbeat
/// of the other, with equal heads and another digest.
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
fn both_find_the_customer_with_a_missing_fact_and_then_stop_sending() {
    for customers in [3, 2_000] {
        let (mut a, mut b) = (Node::new(A, customers), Node::new(B, customers));
        let lacking = b.facts.remove(5).customer_id;
        b.tally();
        exchange(&mut a, &mut b, DateTime::default(), 300);
        assert_eq!((a.found, b.found), (vec![at(lacking, 2, 1)], vec![at(lacking, 1, 2)]), "{customers}");
        let levels = if customers > 500 { 2 } else { 1 };
        assert_eq!((a.sent.len(), b.sent.len()), (levels, levels), "each sends each level once");
    }
}

#[test]
fn a_different_fact_is_found_though_the_counts_are_equal() {
    let (mut a, mut b) = (Node::new(A, 40), Node::new(B, 40));
    b.facts[11].hash = Hash([0xee; 32]);
    b.tally();
    exchange(&mut a, &mut b, DateTime::default(), 30);
    assert_eq!(a.found, [at(customer(5), 2, 2)]);
}

#[test]
fn a_modified_journal_file_is_reported_on_both_sides() {
    let changed = |a: &mut Node, b: &mut Node| {
        exchange(a, b, DateTime::default(), 30);
        (a.found.pop().unwrap(), b.found.pop().unwrap())
    };
    // B's facts are right, but its tally is wrong.
    let (mut a, mut b) = (Node::new(A, 40), Node::new(B, 40));
    b.extent.digest = Digest([9; 32]);
    let (of_a, of_b) = changed(&mut a, &mut b);
    assert_eq!(of_a, Difference { customer: None, altered_here: false, altered_there: true });
    assert_eq!(of_b, Difference { customer: None, altered_here: true, altered_there: false });
    // B has a wrong fact, and its tally agrees with neither its own facts nor A's.
    let (mut a, mut b) = (Node::new(A, 40), Node::new(B, 40));
    b.facts[11].hash = Hash([0xee; 32]);
    b.extent.digest = Digest([9; 32]);
    let (of_a, of_b) = changed(&mut a, &mut b);
    assert_eq!(of_a, Difference { altered_there: true, ..at(customer(5), 2, 2) });
    assert_eq!(of_b, Difference { altered_here: true, ..at(customer(5), 2, 2) });
}

#[test]
fn after_a_restart_a_terminal_is_answered_by_one_that_has_finished_searching() {
    let (mut a, mut b) = (Node::new(A, 3), Node::new(B, 3));
    b.facts.remove(5);
    b.tally();
    exchange(&mut a, &mut b, DateTime::default(), 30);
    b.narrowing = Narrowing::default();
    b.found.clear();
    exchange(&mut a, &mut b, DateTime::default() + TimeDelta::seconds(60), 30);
    assert_eq!(b.found, [at(customer(2), 1, 2)]);
    assert_eq!((a.sent.len(), b.sent.len(), a.found.len()), (2, 2, 1));
}

#[test]
fn a_terminal_that_never_answers_is_asked_less_and_less_often() {
    let mut a = Node::new(A, 3);
    let hour = 3_600;
    for second in 0..hour {
        a.narrowing.differs(B);
        a.step(DateTime::default() + TimeDelta::seconds(second));
    }
    assert!((10..=15).contains(&a.sent.len()), "{}", a.sent.len());
}

#[test]
fn breakdowns_with_other_heads_are_not_compared_and_agreement_ends_the_search() {
    let (mut a, mut b) = (Node::new(A, 3), Node::new(B, 3));
    b.facts.remove(5);
    b.tally();
    b.extent.heads = [(IncarnationId(Uuid::nil()), 7)].into();
    exchange(&mut a, &mut b, DateTime::default(), 60);
    assert_eq!(a.found, []);
    a.narrowing.agrees(B);
    assert!(!a.narrowing.is_due(DateTime::default() + TimeDelta::hours(2)));
}
