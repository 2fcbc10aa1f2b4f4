//! Properties of cases: order doesn't matter, a resolved case stays resolved, and what everybody knew in time is no case.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::{
    CaseId, CaseResolved, CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased, Draft, Earned, Hash, Novelty,
    Origin, Paid, Payload, PaymentVoided, PenaltyDeducted, PointsAdjusted, Reclaimed, Recorded, Recorder, seal,
};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::EventId;
use nosmoke_domain::lots::Lots;
use nosmoke_domain::point::Account;
use nosmoke_domain::review::{Case, cases};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{AdjustReason, CaseReason, CaseResolution, Standing, VoidReason};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::arbitrary::{draft, record};
use super::history::{HERE, History, THERE, YONDER, at, checked_in, checked_out, earned, id, p, terminal};
use super::penalties::{deducted, imposed};

fn paid(payment: u128) -> Paid {
    Paid::new(id(payment), id(payment + 1000), Lots::never(p(40)), None)
}

fn of(facts: &[Recorded]) -> Vec<Case> {
    cases(id(0xc0), facts, &BTreeSet::new())
}

/// A case of each reason that a customer's facts can give. Its ids aren't those of `arbitrary`.
fn one_of_each() -> History {
    let void = |payment: u128| PaymentVoided { payment_id: id(payment), reason: VoidReason::MISTAKEN };
    let capped = |visit| CheckedOut { daily_cap: Some(p(150)), ..checked_out(visit, Some(100)) };
    let once = |deduction| PenaltyDeducted { once: true, ..deducted(2020, deduction, 15) };
    let corrected = |adjustment: u128| {
        let mut given = PointsAdjusted::given(id(adjustment), Lots::never(p(30)), AdjustReason::CORRECTION);
        given.payment_id = Some(id(2030));
        given
    };
    // Another fact may have the event id of the first one.
    History::new()
        .and(HERE, 0, paid(2090))
        .earned(HERE, 10, 2000, 100)
        .checked_in(THERE, 15, 2001)
        .and(THERE, 30, capped(2001))
        .and(YONDER, 31, checked_out(2001, Some(100)))
        .and(THERE, 32, earned(2001, 100))
        .and(YONDER, 33, Earned { earning_id: id(3999), ..earned(2001, 100) })
        .and(THERE, 40, CheckOutTakenBack { visit_id: id(2000), check_out: id(3), lots: None })
        .and(HERE, 41, CheckOutTakenBack { visit_id: id(2000), check_out: id(3), lots: None })
        .and(HERE, 50, imposed(2020, 20))
        .and(HERE, 51, once(2021))
        .and(THERE, 52, once(2022))
        .and(HERE, 60, paid(2030))
        .and(THERE, 61, void(2030))
        .and(HERE, 62, corrected(2031))
        .and(THERE, 63, corrected(2032))
        .and(HERE, 70, Reclaimed { from: terminal(YONDER), lots: Some(Lots::never(p(100))) })
        .and(YONDER, 69, paid(2040))
        .checked_in(YONDER, 80, 2050)
        .checked_out(YONDER, 85, 2050, Some(100))
        .checked_in(HERE, 86, 2080)
        .and(HERE, 87, capped(2080))
        .and(HERE, 90, imposed(2060, 60))
        .checked_in(THERE, 91, 2061)
        .late(THERE, 88, 95, checked_out(2061, None))
        .and(HERE, 96, Payload::Unknown { name: "Suspended".into(), version: 1 })
        .and(HERE, 97, CustomerErased {})
        .checked_in(THERE, 98, 2070)
        .checked_out(THERE, 99, 2070, None)
}

fn resolved(case: &Case, number: u128) -> CaseResolved {
    let resolution = if number.is_multiple_of(2) { CaseResolution::ACCEPTED } else { CaseResolution::DISMISSED };
    CaseResolved { case: case.id.clone(), resolution, facts: case.facts.clone() }
}

fn resolutions(found: &[Case]) -> BTreeMap<CaseId, Option<CaseResolution>> {
    found.iter().map(|case| (case.id.clone(), case.resolution)).collect()
}

/// Draws further facts of the same customer, from the next day on, at other terminals.
fn of_other_matters(seed: u8) -> Vec<Recorded> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let drawn = (draft(), 4..9_u128, 0..40_000_i64);
    let fact = |_| {
        let (mut draft, terminal, minute) = drawn.new_tree(&mut runner).unwrap().current();
        (draft.customer_id, draft.occurred_at) = (id(0xc0), at(2_000 + minute));
        draft.recorded_at = draft.occurred_at;
        record(draft, terminal)
    };
    (0..10_000).map(fact).collect()
}

#[test]
fn a_resolved_case_stays_resolved_under_10_000_facts_of_other_matters() {
    let mut history = one_of_each();
    let open = of(history.facts());
    let reasons: BTreeSet<&str> = open.iter().map(|case| case.id.reason.as_str()).collect();
    let expected = [
        "admitted_in_ban",
        "cap_broken",
        "corrected_twice",
        "deducted_too_much",
        "double_check_out",
        "earned_twice",
        "entered_out_of_order",
        "erased",
        "ground_twice",
        "needs_update",
        "never_earned",
        "overlapping_visits",
        "taken_back_short",
        "voided_elsewhere",
        "written_off",
    ];
    assert_eq!(reasons, expected.into());
    for (case, number) in open.iter().zip(0..) {
        history = history.and(HERE, 200, resolved(case, number));
    }
    let before = resolutions(&of(history.facts()));
    assert!(before.values().all(Option::is_some), "{before:?}");
    let after = resolutions(&of(&[history.facts(), &of_other_matters(1)].concat()));
    for (case, resolution) in &before {
        assert_eq!(after.get(case), Some(resolution), "{case:?}");
    }
}

/// What somebody at a terminal tries next.
#[derive(Debug, Clone, Copy)]
enum Act {
    Enter,
    Leave,
    Impose(u64),
    Deduct(u64),
    Pay,
}

fn act() -> impl Strategy<Value = Act> {
    (0..6_u8, 1..50_u64).prop_map(|(what, points)| match what {
        0 | 1 => Act::Enter,
        2 => Act::Leave,
        3 => Act::Impose(points),
        4 => Act::Deduct(points),
        _ => Act::Pay,
    })
}

/// Terminals of which each has a clock that is wrong by a number of minutes, in facts of one customer.
struct Desks {
    facts: Vec<Recorded>,
    off: Vec<i64>,
    inside: Option<u128>,
    next: u128,
}

impl Desks {
    fn number(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    /// Records a fact of a terminal that knows all facts before it, or none of the others.
    fn record(&mut self, desk: usize, knows: bool, payload: impl Into<Payload>) {
        let occurred_at = at(self.off[desk] + i64::try_from(self.facts.len()).unwrap());
        let draft = Draft {
            event_id: EventId(uuid::Uuid::from_u128(self.number())),
            customer_id: id(0xc0),
            occurred_at,
            recorded_at: occurred_at,
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: None,
            rules: 1,
            traceparent: None,
            payload: payload.into(),
        };
        let number = desk as u128 + 1;
        let origin = Origin { facility_id: id(1), terminal_id: id(number), incarnation: id(number) };
        let seq = self.facts.iter().filter(|it| it.fact.origin == origin).count() as u64 + 1;
        let after = self.facts.last().filter(|_| knows).map(|last| last.fact.event_id).into_iter().collect();
        let sealed = seal(draft, origin, seq, Hash::ZERO, after);
        self.facts.push(Recorded { fact: sealed.fact, hash: sealed.hash, novelty: Novelty::New });
    }

    /// Does what the rules allow with all facts.
    fn try_to(&mut self, desk: usize, knows: bool, act: Act) {
        let account: Account = fold(&self.facts);
        let now = at(self.off[desk] + i64::try_from(self.facts.len()).unwrap());
        let open = account.penalties.iter().find(|(_, it)| it.undeducted() > 0).map(|(id, it)| (*id, it.undeducted()));
        match act {
            Act::Enter if self.inside.is_none() => {
                let visit = self.number();
                let standing = account.standing(&Rules::default(), now);
                self.record(desk, knows, CheckedIn { standing, ..checked_in(visit) });
                self.inside = Some(visit);
            }
            Act::Leave => {
                let Some(visit) = self.inside.take() else { return };
                let capped = CheckedOut { daily_cap: Some(p(50)), ..checked_out(visit, Some(30)) };
                self.record(desk, knows, capped);
                self.record(desk, knows, earned(visit, 30));
            }
            Act::Impose(points) => {
                let penalty = self.number();
                self.record(desk, knows, imposed(penalty, points));
            }
            Act::Deduct(points) => {
                let Some((penalty, left)) = open else { return };
                let (number, points) = (self.number(), points.min(u64::try_from(left).unwrap()));
                self.record(desk, knows, deducted(penalty.0.as_u128(), number, points));
            }
            Act::Pay => {
                let payment = self.number();
                self.record(desk, knows, paid(payment));
            }
            Act::Enter => {}
        }
    }
}

const TEN_YEARS_MINUTES: i64 = 10 * 365 * 24 * 60;

fn desks() -> impl Strategy<Value = (Vec<i64>, Vec<(usize, bool, Act)>)> {
    (2..5_usize).prop_flat_map(|desks| {
        let off = vec(-TEN_YEARS_MINUTES..=TEN_YEARS_MINUTES, desks);
        (off, vec((0..desks, any::<bool>(), act()), 1..60))
    })
}

fn play(off: Vec<i64>, acts: &[(usize, bool, Act)], all_known: bool) -> Vec<Recorded> {
    let mut world = Desks { facts: Vec::new(), off, inside: None, next: 100 };
    for (desk, knows, act) in acts {
        world.try_to(*desk, all_known || *knows, *act);
    }
    world.facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_was_known_in_time_is_no_case_with_clocks_off_by_ten_years((off, acts) in desks()) {
        prop_assert_eq!(of(&play(off, &acts, true)), []);
    }

    #[test]
    fn the_order_of_arrival_makes_no_difference_to_who_knew_what(
        (facts, arrivals) in desks().prop_flat_map(|(off, acts)| {
            let facts = play(off, &acts, false);
            (Just(facts.clone()), Just(facts).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(of(&facts), of(&arrivals));
    }
}

/// The property above isn't empty: with the same clocks, facts that weren't known make cases.
#[test]
fn what_was_not_known_is_a_case() {
    let acts = [Act::Impose(49), Act::Enter].map(|act| (usize::from(matches!(act, Act::Enter)), false, act));
    let world = play(vec![0, TEN_YEARS_MINUTES], &acts, false);
    let mut unaware = world.clone();
    if let Payload::CheckedIn(p) = &mut unaware[1].fact.payload {
        p.standing = Standing::Allowed;
    }
    assert_eq!(of(&unaware).iter().map(|case| case.id.reason).collect::<Vec<_>>(), [CaseReason::ADMITTED_IN_BAN]);
}
