//! Decisions of penalty: imposing, deducting from and voiding a penalty.

use nosmoke_domain::fact::{
    CustomerErased, Deduction, PenaltyDeducted, PenaltyDeductionVoided, PenaltyImposed, PenaltyVoided,
};
use nosmoke_domain::ids::DeductionId;
use nosmoke_domain::lots::Lots;
use nosmoke_domain::penalty::{Deduct, deduct, impose, void, void_deduction};
use nosmoke_domain::point::AccountSummary;
use nosmoke_domain::points::{MAX_AMOUNT, Points};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{CaseReason, Ground, PenaltyCode, Role, Standing, VoidReason};

use super::history::{HERE, History, THERE, at, by, id, p, terminal, window_passed};

pub(crate) fn imposed(penalty: u128, points: u64) -> PenaltyImposed {
    let levels = Rules::default().levels;
    PenaltyImposed::new(id(penalty), id(penalty + 1000), p(points), PenaltyCode::BASIC, levels)
}

pub(crate) fn deducted(penalty: u128, deduction: u128, points: u64) -> PenaltyDeducted {
    PenaltyDeducted {
        deduction_id: id(deduction),
        penalty_id: id(penalty),
        points: p(points),
        ground: Ground::SERVICE,
        once: false,
        price: None,
        note_id: None,
        levels: Rules::default().levels,
    }
}

pub(crate) fn voided(penalty: u128) -> PenaltyVoided {
    PenaltyVoided { penalty_id: id(penalty), reason: VoidReason::MISTAKEN, levels: Rules::default().levels }
}

pub(crate) fn deduction_voided(penalty: u128, deduction: u128) -> PenaltyDeductionVoided {
    PenaltyDeductionVoided {
        penalty_id: id(penalty),
        deduction_id: id(deduction),
        reason: VoidReason::MISTAKEN,
        levels: Rules::default().levels,
    }
}

/// A deduction for which the customer paid, with deduction id 8.
pub(crate) fn bought(penalty: u128, deduction: u128, points: u64, price: u64) -> PenaltyDeducted {
    PenaltyDeducted {
        price: Some(Deduction::new(id(8), Lots::never(p(price)))),
        ..deducted(penalty, deduction, points)
    }
}

fn educated(penalty: u128, deduction: u128, points: u64) -> PenaltyDeducted {
    PenaltyDeducted { ground: Ground::EDUCATION, once: true, ..deducted(penalty, deduction, points) }
}

fn summary(history: &History) -> AccountSummary {
    history.account().summary(terminal(HERE), at(0))
}

fn input(ground: Ground, points: Option<u64>, paying: bool) -> Deduct {
    Deduct {
        deduction_id: id(9),
        penalty_id: id(1),
        ground,
        points: points.map(p),
        note_id: None,
        pay: paying.then(|| id::<DeductionId>(8)),
    }
}

/// Tries to deduct from penalty 1 at `HERE`; `price` is the price of a penalty point in the rules.
fn try_to(
    history: &History,
    ground: Ground,
    points: Option<u64>,
    paying: bool,
    price: Option<Points>,
) -> Result<PenaltyDeducted, Refusal> {
    let input = input(ground, points, paying);
    let rules = Rules { price_per_penalty_point: price, ..Rules::default() };
    deduct(input, &history.penalty(1), &summary(history), &rules)
}

#[test]
fn f08_a_penalty_has_its_code_s_points_or_those_given() {
    let rules = Rules::default();
    for (code, given, points) in [
        (PenaltyCode::BASIC, None, 10),
        (PenaltyCode::REPEAT, None, 20),
        (PenaltyCode::AGGRAVATED, None, 30),
        (PenaltyCode::BASIC, Some(p(7)), 7),
        (PenaltyCode::AGGRAVATED, Some(p(1000)), 1000),
    ] {
        let about = (Some(id(0xa1)), Some(id(0xe)));
        let imposed = impose(&summary(&History::new()), (id(1), id(2)), code, given, about, &rules).unwrap();
        assert_eq!((imposed.points(), imposed.code, imposed.levels), (p(points), code, rules.levels.clone()));
        assert_eq!((imposed.area_id, imposed.note_id), about);
    }
    let erased = summary(&History::new().and(THERE, 0, CustomerErased {}));
    let refused = impose(&erased, (id(1), id(2)), PenaltyCode::BASIC, None, (None, None), &rules);
    assert_eq!(refused, Err(Refusal::CustomerErased));
}

#[test]
fn n02_a_penalty_is_its_accrual() {
    let (new, rules) = (History::new(), Rules::default());
    let imposed = impose(&summary(&new), (id(1), id(2)), PenaltyCode::AGGRAVATED, None, (None, None), &rules).unwrap();
    assert_eq!((imposed.penalty_id(), imposed.accrual_id()), (id(1), id(2)));
    let json = serde_json::to_value(&imposed).unwrap();
    assert_eq!(json["accrual"]["points"], json["points"]);
    assert_eq!(new.and(HERE, 0, imposed).account().outstanding(at(0)), 30, "nothing else is needed");
}

#[test]
fn f11_an_education_deducts_half_once() {
    let of = |points| History::new().and(HERE, 0, imposed(1, points));
    for (history, half) in [
        (of(1), Some(1)),
        (of(2), Some(1)),
        (of(3), Some(1)),
        (of(5), Some(2)),
        (of(20), Some(10)),
        (of(MAX_AMOUNT), Some(MAX_AMOUNT / 2)),
        (of(20).and(HERE, 1, deducted(1, 2, 10)), Some(10)),
        (of(20).and(HERE, 1, deducted(1, 2, 11)), Some(9)),
        (of(20).and(HERE, 1, deducted(1, 2, 20)), None),
        (of(20).and(HERE, 1, deducted(1, 2, 30)), None),
        (of(20).and(HERE, 1, educated(1, 2, 10)), None),
        (of(20).and(HERE, 1, voided(1)), None),
        (History::new(), None),
    ] {
        let taken = try_to(&history, Ground::EDUCATION, None, false, None);
        assert_eq!(taken.ok(), half.map(|points| educated(1, 9, points)));
    }
    let twice = of(20).and(HERE, 1, educated(1, 2, 10));
    assert_eq!(try_to(&twice, Ground::EDUCATION, None, false, None), Err(Refusal::EducationAlreadyDeducted));
    assert!(try_to(&twice.and(HERE, 2, imposed(3, 20)), Ground::SERVICE, Some(1), false, None).is_ok());
}

#[test]
fn f11_a_deduction_takes_no_more_than_is_outstanding() {
    let of20 = History::new().and(HERE, 0, imposed(1, 20));
    let left5 = of20.clone().and(HERE, 1, deducted(1, 2, 15));
    let left0 = left5.clone().and(HERE, 1, deducted(1, 3, 6));
    for ground in [Ground::SERVICE, Ground::APPEAL, Ground::WAIVER] {
        for (history, points, refusal) in [
            (&of20, Some(20), None),
            (&of20, Some(21), Some(Refusal::MoreThanOutstanding { outstanding: 20 })),
            (&left5, Some(5), None),
            (&left5, Some(6), Some(Refusal::MoreThanOutstanding { outstanding: 5 })),
            (&left0, Some(1), Some(Refusal::NothingOutstanding)),
            (&of20, None, Some(Refusal::PointsNeeded)),
            (&History::new(), Some(1), Some(Refusal::Unknown)),
            (&History::new().and(HERE, 1, deducted(1, 2, 15)), Some(1), Some(Refusal::Unknown)),
            (&of20.clone().and(HERE, 1, voided(1)), Some(1), Some(Refusal::AlreadyVoided)),
            (&of20.clone().and(HERE, 1, CustomerErased {}), Some(1), None),
        ] {
            let expected = refusal
                .map_or_else(|| Ok(PenaltyDeducted { ground, ..deducted(1, 9, points.unwrap_or_default()) }), Err);
            assert_eq!(try_to(history, ground, points, false, None), expected);
        }
    }
    assert_eq!(try_to(&of20, Ground::EDUCATION, Some(1), false, None), Err(Refusal::PointsNotAllowed));
    assert_eq!(try_to(&left0, Ground::EDUCATION, None, false, None), Err(Refusal::NothingOutstanding));
    assert_eq!(left0.account().outstanding(at(0)), 0, "never below");
}

#[test]
fn f11_a_deduction_can_be_paid_for_when_that_is_on() {
    let history = History::new().earned(HERE, 0, 5, 100).earned(THERE, 20, 6, 100).and(HERE, 40, imposed(1, 50));
    let bought = |points, price| PenaltyDeducted {
        price: Some(Deduction::new(id(8), Lots::never(p(price)))),
        ..deducted(1, 9, points)
    };
    let holders = vec![(terminal(THERE), 100)];
    for (points, price, expected) in [
        (20, Some(5), Ok(bought(20, 100))),
        (21, Some(5), Err(Refusal::HeldElsewhere { balance: 200, payable_here: 100, holders })),
        (41, Some(5), Err(Refusal::InsufficientPoints { balance: 200 })),
        (2, Some(MAX_AMOUNT), Err(Refusal::InsufficientPoints { balance: 200 })),
        (20, None, Err(Refusal::PriceIsOff)),
        (51, None, Err(Refusal::MoreThanOutstanding { outstanding: 50 })),
    ] {
        assert_eq!(try_to(&history, Ground::SERVICE, Some(points), true, price.map(p)), expected);
    }
    let after = history.clone().and(HERE, 41, bought(20, 100)).account();
    assert_eq!(
        (after.outstanding(at(0)), after.balance(at(0)), after.holdings.paid.0),
        (30, 100, 100),
        "one fact does both"
    );
    let erased = history.and(HERE, 41, CustomerErased {});
    let refused = try_to(&erased, Ground::SERVICE, Some(1), true, Some(p(5)));
    assert_eq!(refused, Err(Refusal::CustomerErased));
}

#[test]
fn the_price_is_known_whether_or_not_it_can_be_paid_here() {
    let history = History::new().and(HERE, 0, imposed(1, 50));
    let (penalty, account) = (history.penalty(1), summary(&history));
    let price = |ground, points, paying, each: Option<u64>| {
        let rules = Rules { price_per_penalty_point: each.map(p), ..Rules::default() };
        input(ground, points, paying).price(&penalty, &account, &rules).map(Points::get)
    };
    assert_eq!(price(Ground::SERVICE, Some(20), true, Some(5)), Some(100));
    assert_eq!(price(Ground::EDUCATION, None, true, Some(5)), Some(125), "for half of the points");
    for (ground, points, paying, each) in [
        (Ground::SERVICE, Some(20), false, Some(5)),
        (Ground::SERVICE, Some(20), true, None),
        (Ground::SERVICE, Some(51), true, Some(5)),
        (Ground::SERVICE, None, true, Some(5)),
        (Ground::SERVICE, Some(2), true, Some(MAX_AMOUNT)),
    ] {
        assert_eq!(price(ground, points, paying, each), None, "{ground:?} {points:?} {paying} {each:?}");
    }
}

#[test]
fn f10_a_deducted_penalty_allows_smoking_again() {
    let (rules, banned) = (Rules::default(), History::new().and(HERE, 0, imposed(1, 40)));
    assert_eq!(banned.account().standing(&rules, at(0)), Standing::Prohibited);
    let half = banned.clone().and(THERE, 1, educated(1, 2, 20));
    assert_eq!(half.account().standing(&rules, at(0)), Standing::Warned);
    assert_eq!(half.and(HERE, 2, deducted(1, 3, 1)).account().standing(&rules, at(0)), Standing::Allowed);
    assert_eq!(banned.and(HERE, 1, voided(1)).account().standing(&rules, at(0)), Standing::Allowed, "taken back");
}

#[test]
fn f08_a_penalty_is_voided_once_and_by_staff_for_a_while() {
    let made = History::new().and(HERE, 0, imposed(1, 20));
    let passed = || Err(window_passed(0));
    for (history, role, minute, expected) in [
        (&made, Role::Staff, 15, Ok(voided(1))),
        (&made, Role::Staff, 16, passed()),
        (&made, Role::Supervisor, 16, Ok(voided(1))),
        (&made, Role::Manager, 9999, Ok(voided(1))),
        (&made.clone().and(THERE, 1, voided(1)), Role::Manager, 2, Err(Refusal::AlreadyVoided)),
        (&History::new(), Role::Manager, 2, Err(Refusal::Unknown)),
        (&History::new().and(THERE, 1, voided(1)), Role::Manager, 2, Err(Refusal::Unknown)),
    ] {
        let (own, rules) = ([terminal(HERE)], Rules::default());
        let result = void(id(1), &history.penalty(1), VoidReason::MISTAKEN, &by(&own, role, minute, &rules));
        assert_eq!(result, expected, "{role:?} at {minute}");
    }
    let voided_first = History::new().and(THERE, 0, voided(1)).and(HERE, 1, imposed(1, 20));
    assert_eq!(voided_first.account().outstanding(at(0)), 0, "in any order");
}

/// Tries to void deduction 2 of penalty 1 at `HERE`.
fn try_to_void(history: &History, role: Role, minute: i64) -> Result<PenaltyDeductionVoided, Refusal> {
    let here = terminal(HERE);
    let (ids, rules) = ((id(1), id(2)), Rules::default());
    let voided = void_deduction(ids, &history.penalty(1), VoidReason::MISTAKEN, &by(&[here], role, minute, &rules));
    voided.map(|(voided, by)| {
        assert_eq!(by, here);
        voided
    })
}

#[test]
fn f11_a_deduction_is_voided_once_and_by_staff_for_a_while() {
    let imposed = History::new().and(HERE, 0, imposed(1, 20));
    let made = imposed.clone().and(THERE, 5, deducted(1, 2, 15));
    let passed = || Err(window_passed(5));
    for (history, role, minute, expected) in [
        (&made, Role::Staff, 20, Ok(deduction_voided(1, 2))),
        (&made, Role::Staff, 21, passed()),
        (&made, Role::Supervisor, 21, Ok(deduction_voided(1, 2))),
        (&made.clone().and(THERE, 6, deduction_voided(1, 2)), Role::Manager, 7, Err(Refusal::AlreadyVoided)),
        (&made.clone().and(THERE, 6, voided(1)), Role::Staff, 7, Ok(deduction_voided(1, 2))),
        (&made.clone().and(THERE, 6, CustomerErased {}), Role::Staff, 7, Ok(deduction_voided(1, 2))),
        (&imposed, Role::Manager, 7, Err(Refusal::Unknown)),
        (&imposed.clone().and(HERE, 1, deduction_voided(1, 2)), Role::Manager, 7, Err(Refusal::Unknown)),
    ] {
        assert_eq!(try_to_void(history, role, minute), expected, "{role:?} at {minute}");
    }
}

#[test]
fn f09_a_voided_deduction_deducts_nothing_in_any_order() {
    let (rules, banned) = (Rules::default(), History::new().and(HERE, 0, imposed(1, 40)));
    let lifted = banned.clone().and(THERE, 1, educated(1, 2, 20)).and(THERE, 2, deducted(1, 3, 15));
    assert_eq!((lifted.account().outstanding(at(0)), lifted.account().standing(&rules, at(0))), (5, Standing::Allowed));
    let void = deduction_voided(1, 2);
    let back = lifted.clone().and(HERE, 3, void.clone());
    assert_eq!((back.account().outstanding(at(0)), back.account().standing(&rules, at(0))), (25, Standing::Warned));
    let first = banned.and(HERE, -1, void.clone()).and(THERE, 1, educated(1, 2, 20)).and(THERE, 2, deducted(1, 3, 15));
    assert_eq!(first.account().outstanding(at(0)), 25, "whichever came first");
    assert_eq!(back.clone().and(THERE, 4, void.clone()).account().outstanding(at(0)), 25, "however many void it");
    assert_eq!(
        back.clone().and(HERE, 4, voided(1)).account().outstanding(at(0)),
        0,
        "a voided penalty has nothing left"
    );
    assert!(try_to(&back, Ground::EDUCATION, None, false, None).is_ok(), "an education may be repeated");
    assert_eq!(lifted.cases(), []);
    let more = lifted.and(THERE, 4, deducted(1, 4, 10)).and(HERE, 5, void);
    assert_eq!((more.cases(), more.account().outstanding(at(0))), (vec![], 15), "no longer more than was imposed");
}

#[test]
fn f10_a_price_goes_back_only_to_the_holding_that_paid_it() {
    let paid = History::new().earned(HERE, 0, 5, 100).and(HERE, 11, imposed(1, 50)).and(HERE, 12, bought(1, 2, 20, 60));
    assert_eq!((paid.account().balance(at(0)), paid.account().outstanding(at(0))), (40, 30));
    let back = paid.clone().and(HERE, 13, deduction_voided(1, 2));
    let account = back.account();
    assert_eq!((account.balance(at(0)), account.outstanding(at(0)), account.holdings.voided.0), (100, 50, 60));
    assert_eq!(account.holdings.held(terminal(HERE)), 100);
    assert_eq!(back.clone().and(HERE, 14, deduction_voided(1, 2)).account().balance(at(0)), 100, "once");
    let elsewhere = paid.clone().and(THERE, 13, deduction_voided(1, 2));
    let account = elsewhere.account();
    assert_eq!(
        (account.balance(at(0)), account.outstanding(at(0))),
        (40, 30),
        "another terminal's void counts nothing"
    );
    assert_eq!(elsewhere.cases(), [(CaseReason::VOIDED_ELSEWHERE, vec![5, 6])]);
    assert_eq!(elsewhere.and(HERE, 14, deduction_voided(1, 2)).account().balance(at(0)), 100);

    let of_there =
        History::new().earned(THERE, 0, 5, 100).and(HERE, 11, imposed(1, 50)).and(THERE, 12, bought(1, 2, 20, 60));
    let incarnation = terminal(THERE);
    let refused = try_to_void(&of_there, Role::Manager, 13);
    assert_eq!(refused, Err(Refusal::RecordedElsewhere { incarnation }));

    let penalty_voided = paid.and(THERE, 13, voided(1));
    let account = penalty_voided.and(HERE, 14, deduction_voided(1, 2)).account();
    assert_eq!((account.balance(at(0)), account.outstanding(at(0))), (100, 0));
}

#[test]
fn a_penalty_is_voided_only_after_its_paid_deduction() {
    let price = Deduction::new(id(70), Lots::never(p(100)));
    let paid = PenaltyDeducted { price: Some(price), ..deducted(1, 2, 10) };
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, paid);
    let void = |history: &History| {
        let (own, rules) = ([terminal(HERE)], Rules::default());
        void(id(1), &history.penalty(1), VoidReason::MISTAKEN, &by(&own, Role::Manager, 10, &rules)).map(drop)
    };
    assert_eq!(void(&history), Err(Refusal::PaidDeductionStands));
    let voided = PenaltyDeductionVoided {
        penalty_id: id(1),
        deduction_id: id(2),
        reason: VoidReason::MISTAKEN,
        levels: Rules::default().levels,
    };
    assert_eq!(void(&history.and(HERE, 6, voided)), Ok(()));
}
