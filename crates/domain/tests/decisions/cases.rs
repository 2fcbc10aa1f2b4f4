//! Cases: facts that contradict each other. The tests name a fact by its number in the history, from 1.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{
    CaseId, CaseResolved, CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased, Paid, PaymentVoided,
    PointsAdjusted, Reclaimed, VisitClosed, VisitVoided,
};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::review::cases;
use nosmoke_domain::words::{AdjustReason, CaseReason, CaseResolution, CloseReason, Standing, VisitStatus, VoidReason};

use super::history::{HERE, History, THERE, YONDER, checked_in, checked_out, earned, id, p, terminal};
use super::penalties::{deducted, imposed, voided};

fn paid(payment: u128, points: u64) -> Paid {
    Paid::new(id(payment), id(payment + 1000), Lots::never(p(points)), None)
}

fn resolved(about: u128, reason: CaseReason, resolution: CaseResolution) -> CaseResolved {
    CaseResolved { case: CaseId { about: id(about), reason }, resolution, written_off: None }
}

/// Returns how the first case was resolved.
fn first_resolution(history: &History) -> Option<CaseResolution> {
    cases(history.facts(), &BTreeSet::new()).first().and_then(|case| case.resolution)
}

fn closed(visit: u128) -> VisitClosed {
    VisitClosed { visit_id: id(visit), reason: CloseReason::NEXT_CHECK_IN }
}

#[test]
fn an_ordinary_history_has_no_cases() {
    let history = History::new()
        .earned(HERE, 0, 1, 100)
        .earned(THERE, 10, 2, 100)
        .checked_in(HERE, 30, 3)
        .and(THERE, 900, closed(3))
        .earned(THERE, 900, 4, 50)
        .and(HERE, 920, paid(5, 40))
        .and(HERE, 921, PaymentVoided { payment_id: id(5), reason: VoidReason::MISTAKEN })
        .and(HERE, 930, imposed(6, 40))
        .and(HERE, 931, deducted(6, 7, 40))
        .earned(HERE, 940, 8, 100)
        .and(HERE, 960, imposed(9, 40))
        .and(HERE, 961, CustomerErased {});
    assert_eq!(history.cases(), []);
}

#[test]
fn each_overlapping_visit_is_a_case() {
    let long = History::new().earned(HERE, 0, 1, 100).checked_in(HERE, 20, 2).checked_out(HERE, 90, 2, None);
    let one = long.clone().checked_in(THERE, 30, 3).checked_out(THERE, 40, 3, None);
    assert_eq!(one.cases(), [(6, CaseReason::OVERLAPPING_VISITS, Some(4))]);
    let two = one.checked_in(YONDER, 50, 4).checked_out(YONDER, 60, 4, None);
    let found = [(6, CaseReason::OVERLAPPING_VISITS, Some(4)), (8, CaseReason::OVERLAPPING_VISITS, Some(4))];
    assert_eq!(two.cases(), found, "with the long one, though another lay between");
    let void = VisitVoided { visit_id: id(2), reason: VoidReason::MISTAKEN };
    assert_eq!(two.and(HERE, 91, void).cases(), [], "a void settles it");
    let open = History::new().checked_in(HERE, 0, 1).earned(THERE, 700, 2, 100);
    assert_eq!(open.cases(), [(2, CaseReason::OVERLAPPING_VISITS, Some(1))]);
}

#[test]
fn f03_two_check_outs_and_two_earnings_of_a_visit_are_cases() {
    let history = History::new()
        .earned(HERE, 0, 1, 100)
        .and(THERE, 12, checked_out(1, Some(100)))
        .and(THERE, 13, earned(1, 100))
        .and(YONDER, 9, checked_out(1, None));
    assert_eq!(
        history.cases(),
        [
            (2, CaseReason::DOUBLE_CHECK_OUT, Some(6)),
            (4, CaseReason::DOUBLE_CHECK_OUT, Some(6)),
            (5, CaseReason::EARNED_TWICE, Some(3)),
        ],
        "the first by time is the one that counts"
    );
}

/// A visit that was closed at one terminal and checked out at another earns its points, and is a case for staff.
#[test]
fn f03_a_check_out_beside_a_closing_is_a_case() {
    for (closing, leaving) in [(900, 20), (20, 900)] {
        let closed = History::new().checked_in(HERE, 0, 1).and(HERE, closing, closed(1));
        assert_eq!((closed.visit(1).status(), closed.cases()), (VisitStatus::Closed, vec![]));
        let left = closed.checked_out(THERE, leaving, 1, Some(100));
        assert_eq!(left.cases(), [(3, CaseReason::DOUBLE_CHECK_OUT, Some(2))]);
        let earned = left.and(THERE, leaving, earned(1, 100));
        assert_eq!(earned.visit(1).status(), VisitStatus::Earned);
        assert_eq!(earned.cases(), [(3, CaseReason::DOUBLE_CHECK_OUT, Some(2))], "{closing} {leaving}");
    }
    // A second check-out makes a further case, together with the first one.
    let thrice = History::new()
        .checked_in(HERE, 0, 1)
        .and(HERE, 900, closed(1))
        .checked_out(THERE, 20, 1, Some(100))
        .checked_out(YONDER, 30, 1, Some(100));
    assert_eq!(
        thrice.cases(),
        [(3, CaseReason::DOUBLE_CHECK_OUT, Some(2)), (4, CaseReason::DOUBLE_CHECK_OUT, Some(3))]
    );
    // Two closings don't contradict each other: the visit earns nothing.
    let twice = History::new().checked_in(HERE, 0, 1).and(HERE, 900, closed(1)).and(THERE, 901, closed(1));
    assert_eq!((twice.visit(1).status(), twice.cases()), (VisitStatus::Closed, vec![]));
    let resolved = resolved(3, CaseReason::DOUBLE_CHECK_OUT, CaseResolution::ACCEPTED);
    assert_eq!(first_resolution(&thrice.and(HERE, 950, resolved)), Some(CaseResolution::ACCEPTED));
}

#[test]
fn f03_a_cap_broken_across_terminals_is_a_case() {
    let capped = |visit, points| CheckedOut { daily_cap: Some(p(150)), ..checked_out(visit, Some(points)) };
    let day = |first: u64, second: u64| {
        History::new().checked_in(HERE, 0, 1).and(HERE, 10, capped(1, first)).checked_in(THERE, 20, 2).and(
            THERE,
            30,
            capped(2, second),
        )
    };
    assert_eq!(day(100, 50).cases(), []);
    assert_eq!(day(100, 51).cases(), [(4, CaseReason::CAP_BROKEN, Some(2))]);
    let next_day = day(100, 50).checked_in(THERE, 14 * 60, 3).and(THERE, 14 * 60 + 1, capped(3, 150));
    assert_eq!(next_day.cases(), []);
    let given = day(100, 50).earned(HERE, 40, 3, 5000);
    assert_eq!(given.cases(), [], "points given by staff ignore the cap");
    assert_eq!(day(100, 50).and(YONDER, 31, capped(2, 50)).cases(), [(5, CaseReason::DOUBLE_CHECK_OUT, Some(4))]);
}

#[test]
fn f03_a_check_out_of_a_lost_terminal_that_never_earned_is_a_case() {
    let history = History::new().earned(THERE, 0, 1, 100).checked_in(HERE, 20, 2).checked_out(THERE, 30, 2, Some(100));
    assert_eq!(history.cases(), [], "it may still earn");
    // Whether the terminal held anything makes no difference.
    for lots in [Some(Lots::never(p(100))), None] {
        let reclaimed = history.clone().and(HERE, 40, Reclaimed { from: terminal(THERE), lots });
        assert_eq!(reclaimed.cases(), [(5, CaseReason::NEVER_EARNED, None)]);
        assert_eq!(reclaimed.and(THERE, 31, earned(2, 100)).cases(), []);
    }
}

#[test]
fn a_check_out_taken_back_with_less_than_it_earned_is_a_case() {
    let back = |points: Option<u64>| CheckOutTakenBack {
        visit_id: id(1),
        check_out: id(2),
        lots: points.map(|points| Lots::never(p(points))),
    };
    let history = History::new().earned(HERE, 0, 1, 100).and(HERE, 20, paid(5, 30));
    assert_eq!(history.clone().and(HERE, 30, back(Some(100))).cases(), [], "all of it");
    let short = history.clone().and(HERE, 30, back(Some(70)));
    assert_eq!(short.cases(), [(5, CaseReason::TAKEN_BACK_SHORT, Some(3))]);
    assert_eq!(history.clone().and(HERE, 30, back(None)).cases(), [(5, CaseReason::TAKEN_BACK_SHORT, Some(3))]);
    assert_eq!(history.and(THERE, 30, back(Some(70))).cases(), [], "another terminal's doesn't count");
    assert_eq!(short.and(HERE, 29, back(Some(100))).cases(), [], "of two, the first counts");
    let unearned = History::new().checked_in(HERE, 0, 1).checked_out(HERE, 10, 1, Some(100)).and(HERE, 11, back(None));
    assert_eq!(unearned.cases(), [], "nothing was earned yet");
    assert_eq!(unearned.and(HERE, 12, earned(1, 100)).cases(), [(3, CaseReason::TAKEN_BACK_SHORT, Some(4))]);
}

#[test]
fn two_corrections_of_one_payment_are_a_case() {
    let corrected = |adjustment: u128, payment: Option<u128>| {
        let mut given = PointsAdjusted::given(id(adjustment), Lots::never(p(30)), AdjustReason::CORRECTION);
        given.payment_id = payment.map(id);
        given
    };
    let once = History::new()
        .earned(HERE, 0, 1, 100)
        .and(THERE, 20, corrected(11, Some(5)))
        .and(THERE, 21, corrected(12, Some(6)))
        .and(THERE, 22, corrected(13, None))
        .and(THERE, 23, corrected(14, None));
    assert_eq!(once.cases(), []);
    assert_eq!(once.clone().and(HERE, 24, corrected(11, Some(5))).cases(), [], "the same correction again");
    assert_eq!(once.clone().and(HERE, 24, corrected(15, Some(5))).cases(), [(8, CaseReason::CORRECTED_TWICE, Some(4))]);
    assert_eq!(once.and(HERE, 19, corrected(15, Some(5))).cases(), [(4, CaseReason::CORRECTED_TWICE, Some(8))]);
}

#[test]
fn f11_deducting_more_than_remained_is_a_case() {
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, deducted(1, 2, 15));
    assert_eq!(history.cases(), []);
    let offline = history.and(THERE, 4, deducted(1, 3, 15));
    assert_eq!(offline.cases(), [(2, CaseReason::DEDUCTED_TOO_MUCH, Some(1))], "the later one took only 5");
    let taken: Vec<_> = offline.penalty(1).effective_deductions().iter().map(|(_, _, taken)| *taken).collect();
    assert_eq!(taken, [15, 5]);
}

#[test]
fn f09_a_visit_admitted_before_the_ban_was_known_is_a_case() {
    let banned = History::new().and(HERE, 0, imposed(1, 30)).and(THERE, 10, imposed(2, 30));
    let known = CheckedIn { standing: Standing::Prohibited, ..checked_in(3) };
    for (history, found) in [
        (banned.clone().checked_in(YONDER, 11, 3), vec![(3, CaseReason::ADMITTED_IN_BAN, Some(2))]),
        (banned.clone().checked_in(YONDER, 9, 3), vec![]),
        (banned.clone().and(YONDER, 11, known), vec![]),
        (banned.clone().and(HERE, 11, deducted(1, 4, 21)).checked_in(YONDER, 12, 3), vec![]),
        (
            banned.clone().and(HERE, 13, deducted(1, 4, 21)).checked_in(YONDER, 12, 3),
            vec![(4, CaseReason::ADMITTED_IN_BAN, Some(2))],
        ),
        (banned.and(HERE, 11, voided(2)).checked_in(YONDER, 12, 3), vec![]),
    ] {
        assert_eq!(history.cases(), found);
    }
}

#[test]
fn f05_voiding_another_terminal_s_payment_is_a_case() {
    let void = PaymentVoided { payment_id: id(5), reason: VoidReason::MISTAKEN };
    let history = History::new().earned(HERE, 0, 1, 100).and(HERE, 20, paid(5, 40)).and(THERE, 30, void);
    assert_eq!(history.cases(), [(5, CaseReason::VOIDED_ELSEWHERE, Some(4))]);
}

/// Returns the incarnations of which something is written off, with the points and the resolution.
fn written_off(history: &History, forked: &[u128]) -> Vec<(u128, u64, Option<CaseResolution>)> {
    let found = cases(history.facts(), &forked.iter().map(|of| terminal(*of)).collect());
    let found = found.into_iter().filter(|case| case.id.reason == CaseReason::WRITTEN_OFF);
    found.map(|case| (case.id.about.as_u128(), case.written_off.unwrap().get(), case.resolution)).collect()
}

#[test]
fn points_written_off_are_a_case_of_their_incarnation() {
    let reclaimed = || Reclaimed { from: terminal(THERE), lots: Some(Lots::never(p(100))) };
    let once = History::new().earned(THERE, 0, 1, 100).and(HERE, 20, reclaimed());
    assert_eq!(once.cases(), []);
    let late = once.clone().and(THERE, 15, paid(5, 1));
    assert_eq!(late.cases(), [(THERE, CaseReason::WRITTEN_OFF, None)]);
    assert_eq!(written_off(&late, &[]), [(THERE, 1, None)]);
    let twice = late.and(YONDER, 10, reclaimed());
    assert_eq!(written_off(&twice, &[]), [(THERE, 101, None)], "the same case, whichever fact comes first or last");
}

#[test]
fn points_that_a_forked_incarnation_overspent_are_a_case() {
    let forked = History::new().earned(THERE, 0, 1, 100).and(THERE, 15, paid(5, 60)).and(THERE, 15, paid(6, 60));
    assert_eq!(written_off(&forked, &[]), []);
    assert_eq!(written_off(&forked, &[THERE]), [(THERE, 20, None)]);
    assert_eq!(written_off(&forked, &[HERE]), []);
}

#[test]
fn a_case_of_points_written_off_opens_again_when_they_grow() {
    let resolved = |points: Option<u64>, resolution| CaseResolved {
        written_off: points.map(p),
        ..resolved(THERE, CaseReason::WRITTEN_OFF, resolution)
    };
    let (accepted, corrected) = (CaseResolution::ACCEPTED, CaseResolution::CORRECTED);
    let lost = History::new()
        .earned(THERE, 0, 1, 100)
        .and(HERE, 20, Reclaimed { from: terminal(THERE), lots: Some(Lots::never(p(100))) })
        .and(THERE, 15, paid(5, 60));
    assert_eq!(written_off(&lost, &[]), [(THERE, 60, None)]);
    assert_eq!(written_off(&lost.clone().and(HERE, 30, resolved(None, accepted)), &[]), [(THERE, 60, None)]);
    let once = lost.and(HERE, 30, resolved(Some(60), accepted));
    assert_eq!(written_off(&once, &[]), [(THERE, 60, Some(accepted))]);
    let more = once.clone().and(THERE, 16, paid(6, 5));
    assert_eq!(written_off(&more, &[]), [(THERE, 65, None)]);
    let again = more.and(YONDER, 29, resolved(Some(65), corrected));
    assert_eq!(written_off(&again, &[]), [(THERE, 65, Some(corrected))], "the earlier one doesn't cover it");
    let less = once.and(THERE, 17, PaymentVoided { payment_id: id(5), reason: VoidReason::MISTAKEN });
    assert_eq!(written_off(&less.and(THERE, 18, paid(7, 10)), &[]), [(THERE, 10, Some(accepted))]);
}

#[test]
fn new_facts_of_an_erased_customer_are_cases() {
    let history = History::new()
        .earned(HERE, 0, 1, 100)
        .checked_in(HERE, 20, 2)
        .and(THERE, 25, CustomerErased {})
        .checked_out(HERE, 30, 2, Some(100))
        .checked_in(HERE, 40, 3)
        .and(HERE, 50, paid(5, 40))
        .and(HERE, 60, imposed(6, 10))
        .and(HERE, 70, deducted(6, 7, 10));
    let erased = |number| (number, CaseReason::ERASED, Some(5));
    assert_eq!(history.cases(), [erased(7), erased(8), erased(9)]);
}

#[test]
fn a_case_is_resolved_by_a_further_fact() {
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, deducted(1, 2, 25));
    let resolved = |reason, resolution| resolved(2, reason, resolution);
    let of = first_resolution;
    assert_eq!(of(&history), None);
    let other = history.clone().and(HERE, 6, resolved(CaseReason::WRITTEN_OFF, CaseResolution::ACCEPTED));
    assert_eq!(of(&other), None, "another reason, another case");
    let once = history.and(HERE, 6, resolved(CaseReason::DEDUCTED_TOO_MUCH, CaseResolution::ACCEPTED));
    assert_eq!(of(&once), Some(CaseResolution::ACCEPTED));
    let again = once.and(THERE, 7, resolved(CaseReason::DEDUCTED_TOO_MUCH, CaseResolution::CORRECTED));
    assert_eq!(of(&again), Some(CaseResolution::CORRECTED), "the latest counts");
}
