//! point: correcting, asking, answering, handing over, reclaiming.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Asked, CustomerErased, Given, Paid, PointsAdjusted, Reclaimed};
use nosmoke_domain::point::{adjust, answer, ask, hand_over, reclaim};
use nosmoke_domain::points::{Delta, MAX_AMOUNT};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::AdjustReason;

use super::history::{HERE, History, THERE, YONDER, earned, id, p, terminal};

fn adjusted(adjustment: u128, points: i64) -> PointsAdjusted {
    let (points, reason) = (Delta::new(points).unwrap(), AdjustReason::Goodwill);
    PointsAdjusted { adjustment_id: id(adjustment), points, reason, note_id: None }
}

fn asked(ask: u128, points: u64) -> Asked {
    Asked { ask_id: id(ask), points: p(points) }
}

fn given(to: u128, points: u64, ask: Option<u128>) -> Given {
    Given { to: terminal(to), points: p(points), ask_id: ask.map(id) }
}

fn reclaimed(from: u128, points: u64) -> Reclaimed {
    Reclaimed { from: terminal(from), points: p(points) }
}

/// 100 held here, 400 there.
fn held() -> History {
    History::new().earned(HERE, 0, 1, 100).earned(THERE, 20, 2, 400)
}

#[test]
fn f03_what_a_check_out_promised_is_earned_once() {
    let history = History::new().checked_in(HERE, 0, 1).checked_out(HERE, 10, 1, Some(100));
    assert_eq!(history.account().balance(), 0, "promised, not earned yet");
    let once = history.and(HERE, 11, earned(1, 100));
    assert_eq!((once.account().balance(), once.visit(1).earned.0), (100, 100));
    let twice = once.and(THERE, 12, earned(1, 100));
    assert_eq!((twice.account().balance(), twice.visit(1).earned.0), (100, 100), "one earning, however many facts");
}

#[test]
fn a_correction_never_takes_more_than_is_held_here() {
    let try_to = |history: &History, points| {
        let points = Delta::new(points).unwrap();
        adjust(&history.account(), terminal(HERE), id(7), points, AdjustReason::Goodwill, None)
    };
    let elsewhere = Refusal::HeldElsewhere { balance: 500, payable_here: 100, holders: vec![(terminal(THERE), 400)] };
    for (points, expected) in [
        (1, Ok(adjusted(7, 1))),
        (MAX_AMOUNT.cast_signed(), Ok(adjusted(7, MAX_AMOUNT.cast_signed()))),
        (-100, Ok(adjusted(7, -100))),
        (-101, Err(elsewhere)),
        (-501, Err(Refusal::InsufficientPoints { balance: 500 })),
    ] {
        assert_eq!(try_to(&held(), points), expected, "{points}");
    }
    let erased = held().and(THERE, 30, CustomerErased {});
    assert_eq!(try_to(&erased, -10), Ok(adjusted(7, -10)), "a correction");
    assert_eq!(held().and(HERE, 40, adjusted(7, -30)).and(HERE, 41, adjusted(7, -30)).account().balance(), 470);
}

#[test]
fn a_terminal_asks_when_the_balance_suffices_and_no_question_of_its_own_is_open() {
    let try_to = |history: &History, points| ask(&history.account(), terminal(HERE), id(9), p(points));
    let elsewhere = |balance, payable_here| {
        let holders = vec![(terminal(THERE), 400)];
        Err(Refusal::HeldElsewhere { balance, payable_here, holders })
    };
    let open = held().and(HERE, 40, asked(5, 300));
    for (history, points, expected) in [
        (held(), 500, Ok(asked(9, 500))),
        (held(), 501, Err(Refusal::InsufficientPoints { balance: 500 })),
        (held().and(HERE, 40, CustomerErased {}), 1, Err(Refusal::CustomerErased)),
        (open.clone(), 300, elsewhere(500, 100)),
        (held().and(THERE, 40, asked(5, 300)), 300, Ok(asked(9, 300))),
        (open.clone().and(THERE, 41, given(HERE, 100, Some(5))), 400, Ok(asked(9, 400))),
        (open.clone().and(THERE, 41, given(HERE, 300, Some(5))), 500, Ok(asked(9, 500))),
        (open.clone().and(YONDER, 41, given(HERE, 1, Some(5))), 300, elsewhere(500, 101)),
        (open.and(HERE, 41, reclaimed(THERE, 400)), 500, Ok(asked(9, 500))),
    ] {
        // A holder that gave what exceeds its reserve gives no more on account of the same question.
        assert_eq!(try_to(&history, points), expected, "{points}");
    }
}

#[test]
fn a_holder_answers_once_and_keeps_a_reserve_for_who_is_inside() {
    let rules = Rules::default();
    let try_to = |history: &History, here, inside| {
        answer(&history.account(), terminal(here), id(5), inside, &rules).map(|given| given.points.get())
    };
    let asks = |points| held().and(HERE, 40, asked(5, points));
    for (history, here, inside, expected) in [
        (asks(320), THERE, false, Some(320)),
        (asks(400), THERE, false, Some(400)),
        (asks(500), THERE, false, Some(400)),
        (asks(320), THERE, true, Some(100)),
        (asks(60), THERE, true, Some(60)),
        (asks(320).and(THERE, 41, Paid::new(id(7), id(8), p(100), None)), THERE, true, None),
        (asks(320), HERE, false, None),
        (asks(320), YONDER, false, None),
        (held(), THERE, false, None),
        (asks(320).and(THERE, 41, given(HERE, 100, Some(5))), THERE, false, None),
        (asks(320).and(YONDER, 41, given(HERE, 300, Some(5))), THERE, false, Some(20)),
        (asks(320).and(YONDER, 41, given(HERE, 320, Some(5))), THERE, false, None),
        (asks(320).and(HERE, 42, asked(6, 1)), THERE, false, None),
        (asks(320).and(YONDER, 41, reclaimed(THERE, 1)), THERE, false, None),
        (asks(320).and(YONDER, 41, reclaimed(HERE, 1)), THERE, false, None),
    ] {
        assert_eq!(try_to(&history, here, inside), expected, "{here:x} {inside} {:?}", history.facts().last());
    }
    let given = answer(&asks(320).account(), terminal(THERE), id(5), false, &rules);
    assert_eq!(given, Some(self::given(HERE, 320, Some(5))));
}

#[test]
fn all_that_is_held_goes_to_the_hub() {
    let try_to = |history: &History, hub| hand_over(&history.account(), terminal(HERE), terminal(hub));
    let rich = held().and(HERE, 40, adjusted(7, MAX_AMOUNT.cast_signed()));
    for (history, hub, expected) in [
        (held(), YONDER, Some(given(YONDER, 100, None))),
        (held(), HERE, None),
        (held().and(HERE, 40, given(YONDER, 100, None)), YONDER, None),
        (rich, YONDER, Some(given(YONDER, MAX_AMOUNT, None))),
        (held().and(THERE, 40, reclaimed(HERE, 1)), YONDER, None),
        (held().and(THERE, 40, reclaimed(YONDER, 1)), YONDER, None),
        (History::new(), YONDER, None),
    ] {
        assert_eq!(try_to(&history, hub), expected);
    }
}

#[test]
fn a_lost_terminal_s_points_are_reclaimed_as_far_as_they_are_known() {
    let try_to = |from: u128, points, alive: &BTreeSet<_>| {
        reclaim(&held().account(), terminal(HERE), terminal(from), p(points), alive)
    };
    let (none, alive) = (BTreeSet::new(), [terminal(THERE)].into());
    assert_eq!(try_to(THERE, 400, &none), Ok(reclaimed(THERE, 400)));
    assert_eq!(try_to(THERE, 401, &none), Err(Refusal::InsufficientPoints { balance: 400 }));
    assert_eq!(try_to(YONDER, 1, &none), Err(Refusal::InsufficientPoints { balance: 0 }));
    let not_lost = |n| Err(Refusal::RecordedElsewhere { incarnation: terminal(n) });
    assert_eq!(try_to(HERE, 1, &none), not_lost(HERE));
    assert_eq!(try_to(THERE, 1, &alive), not_lost(THERE));
}

#[test]
fn what_a_lost_terminal_paid_beyond_its_holding_is_written_off() {
    let history = held().and(HERE, 40, reclaimed(THERE, 400)).and(YONDER, 41, reclaimed(THERE, 400)).and(
        THERE,
        39,
        Paid::new(id(7), id(8), p(50), None),
    );
    let holdings = history.account().holdings;
    let none = BTreeSet::new();
    assert_eq!(
        (holdings.held(terminal(HERE)), holdings.held(terminal(YONDER)), holdings.held(terminal(THERE))),
        (500, 400, -450)
    );
    assert_eq!((holdings.balance(&none), holdings.written_off(&none)), (900, 450));
}

#[test]
fn what_a_forked_terminal_is_below_0_counts_once_it_is_known_to_be_forked() {
    let history = held().and(HERE, 40, Paid::new(id(7), id(8), p(150), None));
    let holdings = history.account().holdings;
    let (none, forked) = (BTreeSet::new(), [terminal(HERE)].into());
    assert_eq!((holdings.balance(&none), holdings.written_off(&none)), (350, 0));
    assert_eq!((holdings.balance(&forked), holdings.written_off(&forked)), (400, 50));
}

#[test]
fn a_snapshot_holds_only_questions_that_are_open() {
    let open = |history: &History| history.account().asks.into_keys().collect::<Vec<_>>();
    let first = held().and(HERE, 40, asked(5, 300));
    assert_eq!(open(&first), [id(5)]);
    assert_eq!(open(&first.clone().and(THERE, 41, given(HERE, 299, Some(5)))), [id(5)]);
    assert_eq!(open(&first.clone().and(THERE, 41, given(HERE, 300, Some(5)))), [], "answered");
    assert_eq!(open(&first.clone().and(THERE, 39, asked(6, 300))), [id(5), id(6)], "another's");
    let later = first.and(HERE, 42, asked(6, 300));
    assert_eq!(open(&later), [id(6)], "the earlier one is given up");
    assert_eq!(open(&later.and(THERE, 43, given(HERE, 300, Some(6)))), [], "and stays so");
}
