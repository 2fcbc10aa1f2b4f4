//! Points are never overdrawn: terminals that decide by what they know themselves can't spend what isn't there.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/arbitrary.rs"]
#[allow(dead_code, reason = "shared with other suites")]
mod arbitrary;
#[path = "support/journal.rs"]
mod journal;
#[path = "support/terminals.rs"]
mod terminals;

use std::collections::BTreeMap;

use nosmoke_domain::ids::IncarnationId;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::{TestCaseError, TestRunner};

use terminals::{Doing, World};

fn doing() -> impl Strategy<Value = Doing> {
    let points = || prop_oneof![3 => 1..200_u64, 1 => 1..1_000_u64];
    prop_oneof![
        3 => points().prop_map(Doing::Visit),
        5 => points().prop_map(Doing::Pay),
        3 => any::<usize>().prop_map(Doing::VoidPayment),
        1 => (1..300_i64).prop_map(Doing::Adjust),
        2 => (-300..0_i64).prop_map(Doing::Adjust),
        3 => points().prop_map(Doing::Ask),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(index, inside)| Doing::Answer(index, inside)),
        1 => any::<usize>().prop_map(Doing::HandOver),
        1 => (1..30_u64).prop_map(Doing::BuyOff),
        5 => any::<usize>().prop_map(Doing::Hear),
        2 => Just(Doing::HearAll),
    ]
}

type Script = (u8, Vec<(usize, Doing)>);

fn script(doing: impl Strategy<Value = Doing>) -> impl Strategy<Value = Script> {
    (2..=5_u8, vec((any::<usize>(), doing), 1..60))
}

/// Runs a script; after each step, no terminal that nothing was reclaimed from may hold less than nothing, as it sees
/// itself or in the union of all facts. Returns what was done, by kind of fact.
fn run((terminals, steps): Script) -> Result<BTreeMap<&'static str, u32>, TestCaseError> {
    let mut world = World::of(terminals);
    for (at, doing) in steps {
        let _refused = world.try_to(at % usize::from(terminals), doing);
        let whole = world.whole();
        for terminal in &world.terminals {
            let (seen, held) = (terminal.account.holdings.held(terminal.here), whole.holdings.held(terminal.here));
            if !whole.holdings.is_reclaimed(terminal.here) {
                prop_assert!(0 <= seen && seen <= held, "{doing:?}: sees {seen} of {held}");
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

/// When all have heard all, all are in the same state.
fn settle(world: &mut World) -> Result<(), TestCaseError> {
    let whole = world.whole();
    for at in 0..world.terminals.len() {
        world.try_to(at, Doing::HearAll).unwrap();
        prop_assert_eq!(&world.terminals[at].account, &whole);
    }
    prop_assert!(whole.balance() >= 0);
    Ok(())
}

fn never_overdrawn(doing: impl Strategy<Value = Doing>, needed: &[&str]) {
    let mut runner = TestRunner::new(ProptestConfig { cases: 250, failure_persistence: None, ..Default::default() });
    let tally = std::cell::RefCell::new(BTreeMap::<&str, u32>::new());
    runner
        .run(&script(doing), |script| {
            for (kind, times) in run(script)? {
                *tally.borrow_mut().entry(kind).or_default() += times;
            }
            Ok(())
        })
        .unwrap();
    let tally = tally.into_inner();
    for kind in needed {
        assert!(tally.get(kind).is_some_and(|times| *times > 20), "{kind} is hardly tried: {tally:?}");
    }
}

const ALWAYS: &[&str] = &["Earned", "Paid", "PaymentVoided", "PointsAdjusted", "Asked", "Given", "PenaltyDeducted"];

#[test]
fn terminals_that_decide_alone_never_overdraw() {
    never_overdrawn(doing(), ALWAYS);
}

#[test]
fn a_reclaim_overdraws_nobody_but_whom_it_was_from() {
    let reclaim = (any::<usize>(), 1..200_u64).prop_map(|(from, points)| Doing::Reclaim(from, points));
    never_overdrawn(prop_oneof![12 => doing(), 1 => reclaim], &[ALWAYS, &["Reclaimed"]].concat());
}

#[test]
fn a_terminal_hears_of_itself_nothing_but_gifts() {
    let mut world = World::of(2);
    world.try_to(0, Doing::Visit(100)).unwrap();
    world.try_to(1, Doing::HearAll).unwrap();
    assert!(world.try_to(1, Doing::Pay(60)).is_err(), "held at the other");
    world.try_to(1, Doing::Ask(60)).unwrap();
    assert!(world.try_to(1, Doing::Ask(60)).is_err(), "one question at a time");
    world.try_to(0, Doing::HearAll).unwrap();
    world.try_to(0, Doing::Answer(0, false)).unwrap();
    let held = |world: &World, at: usize, of: usize| {
        let of: IncarnationId = world.terminals[of].here;
        world.terminals[at].account.holdings.held(of)
    };
    assert_eq!((held(&world, 0, 0), held(&world, 1, 1)), (40, 0), "the giver's falls at once");
    world.try_to(1, Doing::HearAll).unwrap();
    assert_eq!((held(&world, 1, 0), held(&world, 1, 1)), (40, 60));
    world.try_to(1, Doing::Pay(60)).unwrap();
    assert!(world.try_to(1, Doing::Pay(1)).is_err());
}
