//! Holdings are never overdrawn, although each terminal decides with only the facts that it has received.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other suites")]
mod arbitrary;
#[path = "support/journal.rs"]
mod journal;
#[path = "support/naive.rs"]
mod naive;
#[path = "support/terminals.rs"]
mod terminals;

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::ids::IncarnationId;
use nosmoke_domain::point::history;
use nosmoke_domain::rules::Rules;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::{TestCaseError, TestRunner};

use terminals::{Operation, World};

fn operation() -> impl Strategy<Value = Operation> {
    let points = || prop_oneof![3 => 1..200_u64, 1 => 1..1_000_u64];
    prop_oneof![
        3 => points().prop_map(Operation::Visit),
        5 => points().prop_map(Operation::Pay),
        3 => any::<usize>().prop_map(Operation::VoidPayment),
        1 => (1..300_i64).prop_map(Operation::Adjust),
        2 => (-300..0_i64).prop_map(Operation::Adjust),
        4 => (any::<usize>(), points()).prop_map(|(to, points)| Operation::Answer(to, points)),
        1 => any::<usize>().prop_map(Operation::TakeBack),
        1 => any::<usize>().prop_map(Operation::HandOver),
        2 => (1..30_u64).prop_map(Operation::BuyOff),
        2 => any::<usize>().prop_map(Operation::VoidDeduction),
        1 => (option::of(1..20_u32), any::<bool>(), option::of(1..20_u32), option::of(0..2_u32)).prop_map(
            |(lapse, quiet, ban, months)| Operation::ChangeRules { lapse, quiet, ban, months }
        ),
        5 => any::<usize>().prop_map(Operation::Receive),
        2 => Just(Operation::ReceiveAll),
    ]
}

type Script = (u8, Vec<(usize, Operation)>);

fn script(operation: impl Strategy<Value = Operation>) -> impl Strategy<Value = Script> {
    (2..=5_u8, vec((any::<usize>(), operation), 1..60))
}

/// Runs a script. After each step it checks that each terminal's holding is not negative, and that the terminal itself
/// sees no more of it than there is by all facts; except terminals from which points were reclaimed. Returns the number
/// of facts recorded, by type.
fn run((terminals, steps): Script) -> Result<BTreeMap<&'static str, u32>, TestCaseError> {
    let mut world = World::of(terminals);
    for (at, operation) in steps {
        let _refused = world.try_to(at % usize::from(terminals), operation);
        let whole = world.whole();
        for terminal in &world.terminals {
            let (seen, held) = (terminal.account.holdings.held(terminal.here), whole.holdings.held(terminal.here));
            if !whole.holdings.is_reclaimed(terminal.here) {
                prop_assert!(0 <= seen && seen <= held, "{operation:?}: sees {seen} of {held}");
                let overdrawn = whole.holdings.lots(terminal.here).below_zero();
                prop_assert_eq!(overdrawn, 0, "{:?} overdraws a lot", operation);
            }
        }
    }
    settle(&mut world)?;
    let mut kinds = BTreeMap::new();
    for recorded in &world.facts {
        *kinds.entry(recorded.fact.payload.fact_type().unwrap().name()).or_default() += 1;
    }
    Ok(kinds)
}

/// Checks that all terminals have the same state once each has received all facts.
fn settle(world: &mut World) -> Result<(), TestCaseError> {
    let whole = world.whole();
    for at in 0..world.terminals.len() {
        world.try_to(at, Operation::ReceiveAll).unwrap();
        prop_assert_eq!(&world.terminals[at].account, &whole);
    }
    prop_assert!(whole.balance(world.now(0)) >= 0);
    // At moments far apart, under whatever rules the facts were recorded.
    for days in 0..40 {
        let at = world.now(0) + chrono::TimeDelta::days(days * days - 30);
        let naive = naive::at(&world.facts, &BTreeSet::new(), at);
        let known: Vec<_> = world.facts.iter().filter(|it| it.fact.occurred_at <= at).cloned().collect();
        let then = naive::at(&known, &BTreeSet::new(), at);
        prop_assert_eq!((whole.balance(at), whole.expired(at).values().sum()), (naive.balance, naive.expired));
        let (outstanding, standing) = (whole.outstanding(at), whole.standing(&Rules::default(), at));
        prop_assert_eq!((outstanding, standing), (naive.outstanding, naive.standing));
        let steps = history(&world.facts, &BTreeSet::new(), at + chrono::TimeDelta::days(9_000));
        let last = steps.iter().rfind(|step| step.at <= at).map_or((0, 0), |it| (it.balance, it.outstanding));
        prop_assert_eq!(last, (then.balance, then.outstanding), "as it was");
    }
    Ok(())
}

fn never_overdrawn(operation: impl Strategy<Value = Operation>, needed: &[&str]) {
    let mut runner = TestRunner::new(ProptestConfig { cases: 250, failure_persistence: None, ..Default::default() });
    let tally = std::cell::RefCell::new(BTreeMap::<&str, u32>::new());
    runner
        .run(&script(operation), |script| {
            for (kind, times) in run(script)? {
                *tally.borrow_mut().entry(kind).or_default() += times;
            }
            Ok(())
        })
        .unwrap();
    let tally = tally.into_inner();
    for kind in needed {
        // The rarest kind is tried some 30 times; chance alone never makes that 5.
        assert!(tally.get(kind).is_some_and(|times| *times > 5), "{kind} is hardly tried: {tally:?}");
    }
}

const REQUIRED_TYPES: &[&str] = &[
    "Earned",
    "Paid",
    "PaymentVoided",
    "PointsAdjusted",
    "Given",
    "PenaltyDeducted",
    "PenaltyDeductionVoided",
    "CheckOutTakenBack",
    "LevelsRevised",
];

#[test]
fn terminals_that_decide_on_their_own_facts_never_overdraw() {
    never_overdrawn(operation(), REQUIRED_TYPES);
}

#[test]
fn a_reclaim_overdraws_only_the_terminal_that_it_takes_from() {
    let reclaim = any::<usize>().prop_map(Operation::Reclaim);
    never_overdrawn(prop_oneof![12 => operation(), 1 => reclaim], &[REQUIRED_TYPES, &["Reclaimed"]].concat());
}

#[test]
fn other_terminals_change_a_holding_only_by_giving() {
    let mut world = World::of(2);
    world.try_to(0, Operation::Visit(100)).unwrap();
    world.try_to(1, Operation::ReceiveAll).unwrap();
    assert!(world.try_to(1, Operation::Pay(60)).is_err(), "held by the other");
    world.try_to(0, Operation::Answer(1, 60)).unwrap();
    let held = |world: &World, at: usize, of: usize| {
        let of: IncarnationId = world.terminals[of].here;
        world.terminals[at].account.holdings.held(of)
    };
    assert_eq!((held(&world, 0, 0), held(&world, 1, 1)), (40, 0), "the giver's holding falls at once");
    world.try_to(1, Operation::ReceiveAll).unwrap();
    assert_eq!((held(&world, 1, 0), held(&world, 1, 1)), (40, 60));
    world.try_to(1, Operation::Pay(60)).unwrap();
    assert!(world.try_to(1, Operation::Pay(1)).is_err());
}
