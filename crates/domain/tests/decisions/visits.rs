//! Decisions of check_in: check-in, check-out, closing, voiding; and the status that follows from a visit's facts.

use nosmoke_domain::check_in::{
    Admission, CheckInInput, CheckOutInput, TakeBackInput, Visits, check_in, check_out, close, leave_area, take_back,
    void,
};
use nosmoke_domain::fact::{
    CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased, Paid, Payload, VisitClosed, VisitVoided,
};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::point::{StandingCopy, earn};
use nosmoke_domain::points::{MAX_AMOUNT, Points, Sum};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{CloseReason, OverrideReason, Role, Standing, VisitStatus, VoidReason};

use super::history::{HERE, History, THERE, at, by, checked_in, checked_out, earned, id, p, terminal, window_passed};
use super::penalties::{imposed, voided as voided_penalty};

fn copy(standing: Standing, outstanding: i128) -> StandingCopy {
    StandingCopy { standing, outstanding: Sum(outstanding), ..StandingCopy::clean(&Rules::default(), at(-5)) }
}

/// Checks a customer in at `minute`, into an empty area.
fn enter(history: &History, standing: &StandingCopy, minute: i64, admitted: bool) -> Result<Vec<Payload>, Refusal> {
    enter_area(history, standing, minute, admitted, (0, None))
}

fn enter_area(
    history: &History,
    standing: &StandingCopy,
    minute: i64,
    admitted: bool,
    (others, capacity): (u32, Option<u32>),
) -> Result<Vec<Payload>, Refusal> {
    check_in(CheckInInput {
        visits: &history.visits(),
        joined: &[],
        standing,
        area: Admission { area_id: id(0xa1), others, capacity },
        admission: admitted.then_some(OverrideReason::MEDICAL),
        visit_id: id(99),
        now: at(minute),
        rules: &Rules::default(),
    })
}

fn leave(
    history: &History,
    visit: u128,
    points: Option<Points>,
    minute: i64,
    rules: &Rules,
) -> Result<CheckedOut, Refusal> {
    check_out(CheckOutInput {
        visit_id: id(visit),
        visit: &history.visit(visit),
        visits: &history.visits(),
        earning_id: id(visit + 1000),
        points,
        confirm_forgotten: true,
        now: at(minute),
        moment: at(minute),
        rules,
    })
}

fn closed(visit: u128) -> VisitClosed {
    VisitClosed { visit_id: id(visit), reason: CloseReason::DAY_CLOSE }
}

fn voided(visit: u128) -> VisitVoided {
    VisitVoided { visit_id: id(visit), reason: VoidReason::MISTAKEN }
}

/// The fact that a check-in records if its visit id is 99.
fn entry(standing: Standing, outstanding: u64, admission: Option<OverrideReason>) -> Payload {
    CheckedIn { visit_id: id(99), standing, outstanding, standing_as_of: at(-5), admission, ..checked_in(99) }.into()
}

#[test]
fn f01_a_check_in_records_the_standing_that_the_desk_knew() {
    let (new, medical) = (History::new(), Some(OverrideReason::MEDICAL));
    for (standing, outstanding, admitted, expected) in [
        (Standing::Allowed, 0, false, entry(Standing::Allowed, 0, None)),
        (Standing::Warned, 20, false, entry(Standing::Warned, 20, None)),
        (Standing::Warned, 20, true, entry(Standing::Warned, 20, None)),
        (Standing::Prohibited, 40, true, entry(Standing::Prohibited, 40, medical)),
        (Standing::Allowed, i128::MAX, false, entry(Standing::Allowed, MAX_AMOUNT, None)),
        (Standing::Allowed, -1, false, entry(Standing::Allowed, 0, None)),
    ] {
        let entered = enter(&new, &copy(standing, outstanding), 0, admitted);
        assert_eq!(entered, Ok(vec![expected]), "{standing:?} {outstanding}");
    }
    let again = History::new().earned(HERE, 0, 1, 100);
    assert!(enter(&again, &copy(Standing::Allowed, 0), 11, false).is_ok(), "a second visit");
}

#[test]
fn f01_a_check_in_is_refused_inside_and_where_the_area_is_full() {
    let clean = copy(Standing::Allowed, 0);
    let inside = History::new().checked_in(THERE, 0, 1);
    let already = Err(Refusal::AlreadyInside { area_id: Some(id(0xa1)), since: at(0) });
    assert_eq!(enter(&inside, &clean, 12 * 60, false), already);
    for (others, capacity, full) in [(4, Some(5), false), (5, Some(5), true), (6, Some(5), true), (900, None, false)] {
        let entered = enter_area(&History::new(), &clean, 0, false, (others, capacity));
        assert_eq!(entered == Err(Refusal::AreaFull { area_id: id(0xa1), capacity: 5 }), full, "{others}");
    }
    let erased = History::new().and(HERE, 0, CustomerErased {});
    assert_eq!(enter(&erased, &clean, 1, true), Err(Refusal::CustomerErased));
}

#[test]
fn f01_forgotten_visits_are_closed_by_the_next_check_in() {
    let clean = copy(Standing::Allowed, 0);
    let next = |visit| VisitClosed { visit_id: id(visit), reason: CloseReason::NEXT_CHECK_IN }.into();
    let forgotten = History::new().checked_in(HERE, 0, 1);
    let entered = enter(&forgotten, &clean, 12 * 60 + 1, false);
    assert_eq!(entered, Ok(vec![next(1), entry(Standing::Allowed, 0, None)]));
    let both = forgotten.clone().checked_in(THERE, 1, 2);
    let entered = enter(&both, &clean, 12 * 60 + 2, false);
    assert_eq!(entered, Ok(vec![next(1), next(2), entry(Standing::Allowed, 0, None)]));
    let one_of_them = forgotten.checked_in(THERE, 700, 2);
    let already = Err(Refusal::AlreadyInside { area_id: Some(id(0xa1)), since: at(700) });
    assert_eq!(enter(&one_of_them, &clean, 12 * 60 + 1, false), already, "not forgotten: inside");
}

#[test]
fn f09_a_prohibited_customer_is_refused_unless_admitted() {
    let banned = copy(Standing::Prohibited, 55);
    let refused = Err(Refusal::Prohibited { outstanding: 55, prohibit_at: 40, as_of: at(-5) });
    assert_eq!(enter(&History::new(), &banned, 0, false), refused);
    let forgotten = History::new().checked_in(HERE, 0, 1);
    assert_eq!(enter(&forgotten, &banned, 13 * 60, false), refused, "the forgotten visit isn't closed either");
    assert!(enter(&History::new(), &banned, 0, true).is_ok());
}

#[test]
fn n04_a_check_in_reads_the_published_standing_alone() {
    let banned = History::new().and(THERE, 0, imposed(1, 40));
    assert_eq!(banned.account().standing(&Rules::default(), at(0)), Standing::Prohibited);
    let lagging = StandingCopy::clean(&Rules::default(), at(-5));
    assert_eq!(enter(&banned, &lagging, 1, false), Ok(vec![entry(Standing::Allowed, 0, None)]));
    let banned_copy = copy(Standing::Prohibited, 40);
    assert!(
        enter(&banned.and(THERE, 1, voided_penalty(1)), &banned_copy, 2, false).is_err(),
        "an outdated ban counts too"
    );
}

#[test]
fn f02_a_check_out_ends_the_visit_and_says_what_it_earns() {
    let inside = History::new().checked_in(HERE, 0, 1);
    let rules = Rules::default();
    assert_eq!(leave(&inside, 1, None, 10, &rules), Ok(checked_out(1, Some(100))));
    assert_eq!(leave(&inside, 1, Some(p(777)), 10, &rules), Ok(checked_out(1, Some(777))), "given points replace");
    let admitted = CheckedIn { admission: Some(OverrideReason::MEDICAL), ..checked_in(1) };
    let admitted = History::new().and(HERE, 0, admitted);
    assert_eq!(leave(&admitted, 1, None, 10, &rules), Ok(checked_out(1, None)), "admitted: earns nothing");
    assert_eq!(leave(&admitted, 1, Some(p(777)), 10, &rules), Ok(checked_out(1, None)));
    let out = admitted.checked_out(HERE, 10, 1, None);
    assert_eq!(out.visit(1).status(), VisitStatus::Closed);
}

#[test]
fn f02_only_a_customer_inside_can_be_checked_out_or_closed() {
    let inside = History::new().checked_in(HERE, 0, 1);
    let out = inside.clone().checked_out(HERE, 10, 1, Some(100));
    for (history, refusal) in [
        (History::new(), Refusal::Unknown),
        (History::new().checked_out(THERE, 0, 1, None), Refusal::Unknown),
        (out.clone(), Refusal::AlreadyCheckedOut),
        (out.and(HERE, 10, earned(1, 100)), Refusal::AlreadyCheckedOut),
        (inside.clone().checked_out(HERE, 10, 1, None), Refusal::AlreadyCheckedOut),
        (inside.clone().and(HERE, 10, closed(1)), Refusal::NotInside),
        (inside.clone().and(HERE, 10, voided(1)), Refusal::AlreadyVoided),
    ] {
        assert_eq!(leave(&history, 1, None, 20, &Rules::default()), Err(refusal.clone()));
        assert_eq!(close(id(1), &history.visit(1), CloseReason::DAY_CLOSE, at(900), at(900)), Err(refusal));
    }
    assert_eq!(close(id(1), &inside.visit(1), CloseReason::DAY_CLOSE, at(900), at(900)), Ok(closed(1)));
}

#[test]
fn f02_who_leaves_with_the_whole_area_earns_unless_the_visit_is_forgotten() {
    let inside = History::new().checked_in(HERE, 0, 1);
    let leave_area = |history: &History, minute| {
        leave_area(CheckOutInput {
            visit_id: id(1),
            visit: &history.visit(1),
            visits: &history.visits(),
            earning_id: id(1001),
            points: None,
            confirm_forgotten: false,
            now: at(minute),
            moment: at(minute),
            rules: &Rules::default(),
        })
    };
    assert_eq!(leave_area(&inside, 12 * 60), Ok(checked_out(1, Some(100)).into()));
    let forgotten = VisitClosed { visit_id: id(1), reason: CloseReason::FORGOTTEN };
    assert_eq!(leave_area(&inside, 12 * 60 + 1), Ok(forgotten.into()), "as the next check-in closes it");
    assert_eq!(leave_area(&inside.and(HERE, 9, closed(1)), 12 * 60 + 1), Err(Refusal::NotInside));
    assert_eq!(leave_area(&History::new(), 0), Err(Refusal::Unknown));
}

#[test]
fn f02_a_forgotten_visit_is_checked_out_only_if_that_is_confirmed() {
    let inside = History::new().checked_in(HERE, 0, 1);
    let leave = |minute, confirm_forgotten| {
        check_out(CheckOutInput {
            visit_id: id(1),
            visit: &inside.visit(1),
            visits: &inside.visits(),
            earning_id: id(1001),
            points: None,
            confirm_forgotten,
            now: at(minute),
            moment: at(minute),
            rules: &Rules::default(),
        })
    };
    assert_eq!(leave(12 * 60, false), Ok(checked_out(1, Some(100))));
    assert_eq!(leave(12 * 60 + 1, false), Err(Refusal::Forgotten { since: at(0), hours: 12 }));
    assert_eq!(leave(12 * 60 + 1, true), Ok(checked_out(1, Some(100))));
}

#[test]
fn a_visit_can_be_voided_once() {
    let inside = History::new().checked_in(HERE, 0, 1);
    let void_by = |history: &History, role, minute| {
        let rules = Rules::default();
        void(id(1), &history.visit(1), VoidReason::MISTAKEN, &by(&[terminal(HERE)], role, minute, &rules))
    };
    let void = |history: &History| void_by(history, Role::Staff, 15);
    assert_eq!(void_by(&inside, Role::Staff, 16), Err(window_passed(0)));
    assert_eq!(void_by(&inside, Role::Supervisor, 16), Ok(voided(1)));
    assert_eq!(void(&inside), Ok(voided(1)));
    assert_eq!(void(&inside.clone().and(HERE, 9, closed(1))), Ok(voided(1)));
    assert_eq!(void(&inside.and(THERE, 10, voided(1))), Err(Refusal::AlreadyVoided));
    assert_eq!(void(&History::new()), Err(Refusal::Unknown));
}

#[test]
fn f03_a_day_s_cap_and_a_minimum_stay_count_when_they_are_on() {
    let rules =
        |cap: Option<u64>, stay| Rules { daily_cap: cap.map(p), minimum_stay_minutes: stay, ..Rules::default() };
    // The histories begin at 10:00 in Seoul, 14 hours before the next day.
    let history = History::new().earned(HERE, 0, 1, 100).earned(THERE, 20, 2, 150).checked_in(HERE, 40, 3);
    let tomorrow = 14 * 60;
    for (cap, stay, minute, points) in [
        (None, None, 41, Some(100)),
        (Some(1000), None, 50, Some(100)),
        (Some(350), None, 50, Some(100)),
        (Some(349), None, 50, Some(99)),
        (Some(251), None, 50, Some(1)),
        (Some(250), None, 50, None),
        (Some(60), None, 50, None),
        (Some(250), None, tomorrow - 1, None),
        (Some(250), None, tomorrow, Some(100)),
        (Some(60), None, tomorrow, Some(60)),
        (None, Some(5), 44, None),
        (None, Some(5), 45, Some(100)),
    ] {
        let left = leave(&history, 3, None, minute, &rules(cap, stay)).unwrap();
        let earning = left.earning.map(|earning| earning.points.get());
        assert_eq!((earning, left.daily_cap), (points, cap.map(p)), "cap {cap:?}, stay {stay:?}, at {minute}");
    }
    let given = leave(&history, 3, Some(p(5000)), 41, &rules(Some(250), Some(5))).unwrap();
    assert_eq!(given, checked_out(3, Some(5000)), "points given by staff ignore both");
}

#[test]
fn f03_a_check_out_earns_once_and_where_it_was_recorded() {
    let out = History::new().checked_in(THERE, 0, 1).checked_out(HERE, 10, 1, Some(100));
    let earn = |history: &History, here| earn(id(1), &history.visit(1), terminal(here));
    assert_eq!(earn(&out, HERE), Some(earned(1, 100)));
    assert_eq!(earn(&out, THERE), None);
    assert_eq!(earn(&out.clone().and(HERE, 11, earned(1, 100)), HERE), None, "once");
    assert_eq!(earn(&out.clone().and(THERE, 11, closed(1)), HERE), Some(earned(1, 100)), "closed meanwhile");
    assert_eq!(earn(&out.and(THERE, 11, voided(1)), HERE), Some(earned(1, 100)), "a void takes no points back");
    let nothing = History::new().checked_in(HERE, 0, 1);
    assert_eq!(earn(&nothing, HERE), None);
    assert_eq!(earn(&nothing.checked_out(HERE, 9, 1, None), HERE), None);
}

#[test]
fn the_furthest_status_counts_and_a_void_shows_above_all() {
    use VisitStatus::{CheckedIn as In, CheckedOut as Out, Closed, Earned, Voided};
    let facts: [(Payload, VisitStatus); 5] = [
        (checked_in(1).into(), In),
        (checked_out(1, Some(100)).into(), Out),
        (closed(1).into(), Closed),
        (earned(1, 100).into(), Earned),
        (voided(1).into(), Voided),
    ];
    for subset in 0..32_u32 {
        let chosen = facts.iter().enumerate().filter(|(n, _)| subset & (1 << n) != 0).map(|(_, fact)| fact);
        let furthest = chosen.clone().map(|(_, status)| *status).max().unwrap_or(In);
        for backwards in [false, true] {
            let mut chosen: Vec<_> = chosen.clone().collect();
            if backwards {
                chosen.reverse();
            }
            let history = chosen.iter().zip(0..).fold(History::new(), |it, (fact, n)| it.and(HERE, n, fact.0.clone()));
            assert_eq!(history.visit(1).status(), furthest, "{chosen:?}");
        }
    }
}

fn taken_back(visit: u128, check_out: u128, points: Option<u64>) -> CheckOutTakenBack {
    let lots = points.map(|points| Lots::never(p(points)));
    CheckOutTakenBack { visit_id: id(visit), check_out: id(check_out), lots }
}

#[test]
fn f02_a_check_out_made_by_mistake_is_taken_back_with_what_it_earned() {
    let try_to = |history: &History, here, role, minute| {
        take_back(TakeBackInput {
            visit_id: id(1),
            visit: &history.visit(1),
            visits: &history.visits(),
            account: &history.account().summary(terminal(here), at(0)),
            by: by(&[terminal(here)], role, minute, &Rules::default()),
        })
    };
    let out = History::new().checked_in(HERE, 0, 1).checked_out(HERE, 10, 1, Some(100));
    let earned_too = out.clone().and(HERE, 10, earned(1, 100));
    let spent = earned_too.clone().and(HERE, 11, Paid::new(id(7), id(8), Lots::never(p(70)), None));
    let gone = earned_too.clone().and(HERE, 11, Paid::new(id(7), id(8), Lots::never(p(100)), None));
    let again = earned_too.clone().checked_in(THERE, 12, 2);
    let passed = Err(window_passed(10));
    for (history, here, role, minute, expected) in [
        (&out, HERE, Role::Staff, 11, Ok(taken_back(1, 2, None))),
        (&earned_too, HERE, Role::Staff, 25, Ok(taken_back(1, 2, Some(100)))),
        (&earned_too, HERE, Role::Staff, 26, passed),
        (&earned_too, HERE, Role::Supervisor, 26, Ok(taken_back(1, 2, Some(100)))),
        (&spent, HERE, Role::Staff, 12, Ok(taken_back(1, 2, Some(30)))),
        (&gone, HERE, Role::Staff, 12, Ok(taken_back(1, 2, None))),
        (&out, THERE, Role::Manager, 11, Err(Refusal::RecordedElsewhere { incarnation: terminal(HERE) })),
        (&again, HERE, Role::Staff, 13, Err(Refusal::AlreadyInside { area_id: Some(id(0xa1)), since: at(12) })),
        (&History::new().checked_in(HERE, 0, 1), HERE, Role::Staff, 1, Err(Refusal::NotCheckedOut)),
        (&History::new(), HERE, Role::Staff, 1, Err(Refusal::Unknown)),
        (
            &out.clone().and(HERE, 11, VisitVoided { visit_id: id(1), reason: VoidReason::MISTAKEN }),
            HERE,
            Role::Staff,
            12,
            Err(Refusal::AlreadyVoided),
        ),
        (
            &earned_too.clone().and(HERE, 11, taken_back(1, 2, Some(100))),
            HERE,
            Role::Staff,
            12,
            Err(Refusal::NotCheckedOut),
        ),
    ] {
        assert_eq!(try_to(history, here, role, minute), expected, "{role:?} at {minute}");
    }
}

#[test]
fn f02_a_visit_whose_check_out_was_taken_back_goes_on_and_earns_once() {
    let out = History::new().checked_in(HERE, 0, 1).checked_out(HERE, 10, 1, Some(100));
    let state = |history: &History| {
        let visit = history.visit(1);
        (visit.status(), visit.is_inside(), visit.earned.0, history.account().balance(at(0)))
    };
    let undone = out.clone().and(HERE, 11, taken_back(1, 2, None));
    assert_eq!(state(&undone), (VisitStatus::CheckedIn, true, 0, 0));
    assert_eq!(earn(id(1), &undone.visit(1), terminal(HERE)), None, "what was taken back earns nothing");
    let earned_too = out.and(HERE, 10, earned(1, 100));
    assert_eq!(state(&earned_too), (VisitStatus::Earned, false, 100, 100));
    let undone = earned_too.clone().and(HERE, 11, taken_back(1, 2, Some(100)));
    assert_eq!(state(&undone), (VisitStatus::CheckedIn, true, 0, 0));
    let elsewhere = earned_too.and(THERE, 11, taken_back(1, 2, None));
    assert_eq!(state(&elsewhere).0, VisitStatus::Earned, "only who recorded the check-out takes it back");
    let twice = undone.clone().and(HERE, 12, taken_back(1, 2, Some(100)));
    assert_eq!(state(&twice), state(&undone), "a check-out is taken back once");
    let second = undone.and(
        HERE,
        30,
        nosmoke_domain::fact::CheckedOut {
            visit_id: id(1),
            earning: Some(nosmoke_domain::fact::Earning {
                earning_id: id(1002),
                points: p(100),
                expires_on: nosmoke_domain::lots::LastDay::Never,
            }),
            daily_cap: None,
        },
    );
    assert_eq!(state(&second), (VisitStatus::CheckedOut, false, 0, 0));
    let earning = earn(id(1), &second.visit(1), terminal(HERE)).unwrap();
    assert_eq!(state(&second.and(HERE, 31, earning)), (VisitStatus::Earned, false, 100, 100));
}

#[test]
fn inside_under_another_id_of_the_person_is_inside() {
    let (rules, none) = (Rules::default(), Visits::default());
    let enter = |joined: &History, minute: i64| {
        check_in(CheckInInput {
            visits: &none,
            joined: &[none.clone(), joined.visits()],
            standing: &copy(Standing::Allowed, 0),
            area: Admission { area_id: id(0xa1), others: 0, capacity: None },
            admission: None,
            visit_id: id(99),
            now: at(minute),
            rules: &rules,
        })
    };
    let inside = History::new().checked_in(THERE, 0, 1);
    let refused = Refusal::AlreadyInside { area_id: Some(id(0xa1)), since: at(0) };
    assert_eq!(enter(&inside, 30), Err(refused));
    assert_eq!(enter(&inside, 13 * 60), Ok(vec![entry(Standing::Allowed, 0, None)]), "forgotten there");
    assert!(enter(&inside.checked_out(THERE, 10, 1, None), 30).is_ok());
}

#[test]
fn a_visit_is_closed_with_the_time_it_ended() {
    let inside = History::new().checked_in(HERE, 0, 1);
    let close = |ended, now| close(id(1), &inside.visit(1), CloseReason::FORGOTTEN, at(ended), at(now));
    for (ended, now) in [(0, 900), (30, 900), (900, 900), (-5, -5)] {
        assert!(close(ended, now).is_ok(), "{ended} {now}");
    }
    for (ended, now) in [(-1, 900), (901, 900), (-6, -5)] {
        assert_eq!(close(ended, now), Err(Refusal::NotDuringVisit { since: at(0) }), "{ended} {now}");
    }
}

/// The window counts from when a visit was entered, not from when it happened.
#[test]
fn the_void_window_of_a_late_entry_begins_when_it_is_entered() {
    let late = History::new().late(HERE, 0, 600, checked_in(1));
    let (own, rules) = ([terminal(HERE)], Rules::default());
    let void = |minute| void(id(1), &late.visit(1), VoidReason::MISTAKEN, &by(&own, Role::Staff, minute, &rules));
    assert_eq!((void(615).is_ok(), void(616)), (true, Err(window_passed(600))));
}
