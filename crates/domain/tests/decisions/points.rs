//! Decisions of point: correcting, answering a request, handing over to the hub, reclaiming.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{CustomerErased, Earned, Given, Paid, PointsAdjusted, Reclaimed};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::pay::pay;
use nosmoke_domain::point::{PointsRequest, adjust, answer, hand_over, reclaim, write_offs};
use nosmoke_domain::points::{Delta, MAX_AMOUNT};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::AdjustReason;

use super::history::{HERE, History, THERE, YONDER, at, earned, id, p, terminal};

fn never(points: u64) -> Lots {
    Lots::never(p(points))
}

fn adjusted(adjustment: u128, points: i64) -> PointsAdjusted {
    let (lots, reason) = (never(points.unsigned_abs()), AdjustReason::GOODWILL);
    if points < 0 {
        PointsAdjusted::taken(id(adjustment), lots, reason)
    } else {
        PointsAdjusted::given(id(adjustment), lots, reason)
    }
}

fn paid(points: u64) -> Paid {
    Paid::new(id(7), id(8), never(points), None)
}

fn given(to: u128, points: u64, request: Option<u128>) -> Given {
    Given { to: terminal(to), lots: never(points), request: request.map(id) }
}

fn reclaimed(from: u128, points: u64) -> Reclaimed {
    Reclaimed { from: terminal(from), lots: Some(never(points)) }
}

/// A customer of whom `HERE` holds 100 points and `THERE` 400.
fn held() -> History {
    History::new().earned(HERE, 0, 1, 100).earned(THERE, 20, 2, 400)
}

#[test]
fn f03_the_points_that_a_check_out_promised_are_earned_once() {
    let history = History::new().checked_in(HERE, 0, 1).checked_out(HERE, 10, 1, Some(100));
    assert_eq!(history.account().balance(at(0)), 0, "promised, not earned yet");
    let once = history.and(HERE, 11, earned(1, 100));
    assert_eq!((once.account().balance(at(0)), once.visit(1).earned.0), (100, 100));
    let twice = once.and(THERE, 12, earned(1, 100));
    assert_eq!(
        (twice.account().balance(at(0)), twice.visit(1).earned.0),
        (100, 100),
        "one earning, although two facts"
    );
}

#[test]
fn a_correction_never_takes_more_than_is_held_here() {
    let try_to = |history: &History, points| {
        let points = Delta::new(points).unwrap();
        adjust(
            &history.account().summary(terminal(HERE), at(0)),
            id(7),
            points,
            AdjustReason::GOODWILL,
            None,
            &Rules::default(),
        )
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
    assert_eq!(held().and(HERE, 40, adjusted(7, -30)).and(HERE, 41, adjusted(7, -30)).account().balance(at(0)), 470);
}

#[test]
fn a_terminal_requests_what_it_lacks_if_the_givers_hold_enough() {
    let try_to = |history: &History, points, givers: &[u128]| {
        let givers: BTreeSet<_> = givers.iter().map(|giver| terminal(*giver)).collect();
        history.account().summary(terminal(HERE), at(0)).missing(p(points), &givers).map(|missing| missing.get())
    };
    let short = || Err(Refusal::InsufficientPoints { balance: 500 });
    let elsewhere =
        || Err(Refusal::HeldElsewhere { balance: 500, payable_here: 100, holders: vec![(terminal(THERE), 400)] });
    for (points, givers, expected) in [
        (500, &[THERE][..], Ok(400)),
        (101, &[THERE, YONDER], Ok(1)),
        (501, &[THERE], short()),
        (101, &[], elsewhere()),
        (101, &[YONDER], elsewhere()),
        (100, &[THERE], elsewhere()),
    ] {
        assert_eq!(try_to(&held(), points, givers), expected, "{points}");
    }
    let spread = held().and(THERE, 40, given(YONDER, 150, None));
    assert_eq!(try_to(&spread, 350, &[THERE]), Ok(250));
    assert!(try_to(&spread, 351, &[THERE]).is_err(), "the rest is held by a terminal that doesn't give");
}

#[test]
fn a_holder_gives_what_a_request_still_lacks() {
    let try_to = |history: &History, here, points, already| {
        let request = PointsRequest { id: id(5), to: terminal(HERE), points: p(points) };
        answer(&history.account(), terminal(here), &request, already, at(0))
    };
    for (history, here, points, already, expected) in [
        (held(), THERE, 320, 0, Some(320)),
        (held(), THERE, 400, 0, Some(400)),
        (held(), THERE, 500, 0, Some(400)),
        (held(), THERE, 320, 300, Some(20)),
        (held(), THERE, 320, 320, None),
        (held(), THERE, 320, 500, None),
        (held().and(THERE, 41, paid(100)), THERE, 320, 0, Some(300)),
        (held(), HERE, 320, 0, None),
        (held(), YONDER, 320, 0, None),
        (held().and(YONDER, 41, reclaimed(THERE, 1)), THERE, 320, 0, None),
        (held().and(YONDER, 41, reclaimed(HERE, 1)), THERE, 320, 0, None),
    ] {
        let expected = expected.map(|points| given(HERE, points, Some(5)));
        assert_eq!(try_to(&history, here, points, already), expected, "{here:x} {points} {already}");
    }
}

#[test]
fn the_soonest_to_expire_are_paid_given_and_taken_first() {
    let day = |text: &str| text.parse::<LastDay>().unwrap();
    let lots = |parts: &[(&str, u64)]| {
        Lots::try_from(parts.iter().map(|(last, points)| (day(last), p(*points))).collect::<BTreeMap<_, _>>()).unwrap()
    };
    let earning = |earning: u128, points, expires_on| Earned {
        earning_id: id(earning),
        visit_id: id(earning),
        points: p(points),
        expires_on,
    };
    let history = History::new()
        .and(HERE, 0, earning(1, 100, LastDay::Never))
        .and(HERE, 1, earning(2, 60, day("2027-04-30")))
        .and(HERE, 2, earning(3, 20, day("2027-03-31")));
    let account = history.account();
    let expected = lots(&[("2027-03-31", 20), ("2027-04-30", 60), ("never", 10)]);
    let paid = pay(&account.summary(terminal(HERE), at(0)), p(90), (id(7), id(8)), None).unwrap();
    assert_eq!(paid.lots(), &expected);
    let adjusted = adjust(
        &account.summary(terminal(HERE), at(0)),
        id(7),
        Delta::new(-90).unwrap(),
        AdjustReason::OTHER,
        None,
        &Rules::default(),
    )
    .unwrap();
    assert_eq!(adjusted.lots(), &expected);
    let request = PointsRequest { id: id(5), to: terminal(THERE), points: p(90) };
    assert_eq!(answer(&account, terminal(HERE), &request, 0, at(0)).unwrap().lots, expected);
    let all = lots(&[("2027-03-31", 20), ("2027-04-30", 60), ("never", 100)]);
    assert_eq!(hand_over(&account, terminal(HERE), terminal(THERE), at(0))[0].lots, all);
    assert_eq!(
        reclaim(&account, history.visits().await_earning_by(terminal(HERE)), terminal(THERE), terminal(HERE), at(0))[0]
            .lots,
        Some(all)
    );
    let voided = history
        .and(HERE, 3, paid)
        .and(
            HERE,
            4,
            nosmoke_domain::fact::PaymentVoided {
                payment_id: id(7),
                reason: nosmoke_domain::words::VoidReason::MISTAKEN,
            },
        )
        .account();
    assert_eq!(voided.holdings.lots(terminal(HERE)), account.holdings.lots(terminal(HERE)), "the same lots come back");
}

#[test]
fn the_whole_holding_goes_to_the_hub() {
    let try_to = |history: &History, hub| hand_over(&history.account(), terminal(HERE), terminal(hub), at(0));
    let rich = held().and(HERE, 40, adjusted(7, MAX_AMOUNT.cast_signed()));
    for (history, hub, expected) in [
        (held(), YONDER, vec![given(YONDER, 100, None)]),
        (held(), HERE, vec![]),
        (held().and(HERE, 40, given(YONDER, 100, None)), YONDER, vec![]),
        (rich, YONDER, vec![given(YONDER, MAX_AMOUNT, None), given(YONDER, 100, None)]),
        (held().and(THERE, 40, reclaimed(HERE, 1)), YONDER, vec![]),
        (held().and(THERE, 40, reclaimed(YONDER, 1)), YONDER, vec![]),
        (History::new(), YONDER, vec![]),
    ] {
        assert_eq!(try_to(&history, hub), expected);
    }
}

#[test]
fn a_lost_terminal_s_points_are_reclaimed_as_far_as_they_are_known() {
    let try_to = |history: &History, from: u128| {
        let awaits_earning = history.visits().await_earning_by(terminal(from));
        reclaim(&history.account(), awaits_earning, terminal(HERE), terminal(from), at(0))
    };
    assert_eq!(try_to(&held(), THERE), [reclaimed(THERE, 400)]);
    assert_eq!(try_to(&held(), YONDER), []);
    assert_eq!(try_to(&held(), HERE), []);
    let rich = held().and(THERE, 40, adjusted(7, MAX_AMOUNT.cast_signed()));
    assert_eq!(
        try_to(&rich, THERE),
        [reclaimed(THERE, MAX_AMOUNT), reclaimed(THERE, 400)],
        "more than one fact can name"
    );
}

#[test]
fn an_empty_incarnation_is_given_up_once_where_a_check_out_awaits_its_earning() {
    let try_to = |history: &History, from: u128| {
        let awaits_earning = history.visits().await_earning_by(terminal(from));
        reclaim(&history.account(), awaits_earning, terminal(HERE), terminal(from), at(0))
    };
    let given_up = || Reclaimed { from: terminal(THERE), lots: None };
    let waiting = History::new().checked_in(THERE, 0, 1).checked_out(THERE, 10, 1, Some(100));
    assert_eq!(try_to(&waiting, THERE), [given_up()]);
    assert_eq!(try_to(&waiting, YONDER), []);
    assert_eq!(try_to(&waiting.clone().and(YONDER, 11, given_up()), THERE), [], "known already");
    let earns_nothing = History::new().checked_in(THERE, 0, 1).checked_out(THERE, 10, 1, None);
    assert_eq!(try_to(&earns_nothing, THERE), []);
    assert_eq!(try_to(&waiting.clone().earned(THERE, 20, 2, 40), THERE), [reclaimed(THERE, 40)], "its points");
    let account = waiting.earned(YONDER, 20, 2, 40).and(HERE, 40, given_up()).account();
    assert!(account.holdings.is_reclaimed(terminal(THERE)));
    assert_eq!((account.balance(at(0)), account.holdings.held(terminal(HERE))), (40, 0), "and nothing moves");
}

#[test]
fn payments_of_a_lost_terminal_beyond_its_holding_are_written_off() {
    let history =
        held().and(HERE, 40, reclaimed(THERE, 400)).and(YONDER, 41, reclaimed(THERE, 400)).and(THERE, 39, paid(50));
    let holdings = history.account().holdings;
    let none = BTreeSet::new();
    assert_eq!(
        (holdings.held(terminal(HERE)), holdings.held(terminal(YONDER)), holdings.held(terminal(THERE))),
        (500, 400, -450)
    );
    assert_eq!((holdings.balance(&none, seoul_date(at(0))), holdings.written_off(&none)), (900, 450));
}

#[test]
fn a_negative_holding_is_written_off_once_its_terminal_is_known_to_be_forked() {
    let history = held().and(HERE, 40, paid(150));
    let holdings = history.account().holdings;
    let (none, forked) = (BTreeSet::new(), [terminal(HERE)].into());
    assert_eq!((holdings.balance(&none, seoul_date(at(0))), holdings.written_off(&none)), (350, 0));
    assert_eq!((holdings.balance(&forked, seoul_date(at(0))), holdings.written_off(&forked)), (400, 50));
}

/// Returns the lines of a history: the incarnation, the points, and the number of the fact that dates the line.
fn lines(history: &History, forked: &[u128]) -> Vec<(IncarnationId, i128, u128)> {
    let forked = forked.iter().map(|of| terminal(*of)).collect();
    let lines = write_offs(history.facts(), &forked);
    lines.into_iter().map(|line| (line.incarnation, line.points, line.key.event_id.0.as_u128())).collect()
}

#[test]
fn what_is_written_off_is_one_line_for_each_lost_incarnation() {
    let once = held().and(HERE, 40, reclaimed(THERE, 400));
    assert_eq!(lines(&once, &[]), [], "nothing is lacking");
    let late = once.clone().and(THERE, 30, paid(50));
    assert_eq!(lines(&late, &[]), [(terminal(THERE), 50, 7)]);
    assert_eq!(lines(&late.clone().and(YONDER, 41, reclaimed(THERE, 400)), &[]), [(terminal(THERE), 450, 7)]);
    assert_eq!(lines(&late.clone().and(YONDER, 39, reclaimed(THERE, 1)), &[]), [(terminal(THERE), 51, 9)], "the first");
    let returned = late.clone().and(THERE, 31, adjusted(9, 50));
    assert_eq!(lines(&returned, &[]), [], "a line goes when nothing is lacking any more");
    let both = late.and(YONDER, 35, Paid::new(id(17), id(18), never(7), None));
    assert_eq!(lines(&both, &[YONDER]), [(terminal(THERE), 50, 7), (terminal(YONDER), 7, 9)]);
}

#[test]
fn a_fork_s_line_is_dated_by_its_first_fact_and_a_reclaim_s_by_the_first_reclaim() {
    let forked = held().and(THERE, 40, paid(450));
    assert_eq!(lines(&forked, &[]), []);
    assert_eq!(lines(&forked, &[THERE]), [(terminal(THERE), 50, 4)], "its check-in");
    let both = forked.and(HERE, 41, Reclaimed { from: terminal(THERE), lots: None });
    assert_eq!(lines(&both, &[THERE]), [(terminal(THERE), 50, 8)]);
    assert_eq!(lines(&both, &[]), [(terminal(THERE), 50, 8)]);
}

#[test]
fn a_lot_that_lacks_points_is_written_off_although_another_is_left() {
    let soon = Earned { expires_on: "2027-03-31".parse().unwrap(), ..earned(2, 30) };
    let history = History::new().and(THERE, 0, soon).and(THERE, 1, paid(20)).and(
        HERE,
        2,
        Reclaimed { from: terminal(THERE), lots: None },
    );
    assert_eq!(lines(&history, &[]), [(terminal(THERE), 20, 3)]);
    assert_eq!(history.account().balance(at(0)), 30);
}
