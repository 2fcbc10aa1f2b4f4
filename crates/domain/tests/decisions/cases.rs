//! Cases: facts that contradict each other. The tests name a fact by its number in the history, from 1.

use nosmoke_domain::fact::{
    CaseAbout, CaseId, CaseResolved, CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased, Paid, PaymentVoided,
    PenaltyDeducted, PenaltyDeductionVoided, PointsAdjusted, Reclaimed, VisitClosed, VisitVoided,
};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::review::{Case, cases};
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{AdjustReason, CaseReason, CaseResolution, CloseReason, Standing, VisitStatus, VoidReason};
use uuid::Uuid;

use super::history::{HERE, History, THERE, YONDER, at, checked_in, checked_out, earned, id, p, terminal};
use super::penalties::{deducted, imposed, voided};

fn paid(payment: u128, points: u64) -> Paid {
    Paid::new(id(payment), id(payment + 1000), Lots::never(p(points)), None)
}

fn resolved((reason, about): (CaseReason, CaseAbout), facts: &[u128], resolution: CaseResolution) -> CaseResolved {
    CaseResolved { case: CaseId { reason, about }, resolution, facts: facts.iter().map(|fact| id(*fact)).collect() }
}

/// Returns how the first case was resolved.
fn first_resolution(history: &History) -> Option<CaseResolution> {
    history.all_cases().first().and_then(|case| case.resolution)
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
    assert_eq!(one.cases(), [(CaseReason::OVERLAPPING_VISITS, vec![4, 6])]);
    let two = one.checked_in(YONDER, 50, 4).checked_out(YONDER, 60, 4, None);
    let found = [(CaseReason::OVERLAPPING_VISITS, vec![4, 6]), (CaseReason::OVERLAPPING_VISITS, vec![4, 8])];
    assert_eq!(two.cases(), found, "with the long one, though another lay between");
    let void = VisitVoided { visit_id: id(2), reason: VoidReason::MISTAKEN };
    assert_eq!(two.and(HERE, 91, void).cases(), [], "a void settles it");
    let open = History::new().checked_in(HERE, 0, 1).earned(THERE, 700, 2, 100);
    assert_eq!(open.cases(), [(CaseReason::OVERLAPPING_VISITS, vec![1, 2])]);
}

#[test]
fn f03_two_check_outs_and_two_earnings_of_a_visit_are_cases() {
    let history = History::new()
        .earned(HERE, 0, 1, 100)
        .and(THERE, 12, checked_out(1, Some(100)))
        .and(THERE, 13, earned(1, 100))
        .and(YONDER, 9, checked_out(1, None));
    assert_eq!(history.cases(), [(CaseReason::DOUBLE_CHECK_OUT, vec![6, 2, 4])], "one earning of one id");
}

/// A visit that was closed at one terminal and checked out at another earns its points, and is a case for staff.
#[test]
fn f03_a_check_out_beside_a_closing_is_a_case() {
    for (closing, leaving, facts) in [(900, 20, vec![3, 2]), (20, 900, vec![2, 3])] {
        let closed = History::new().checked_in(HERE, 0, 1).and(HERE, closing, closed(1));
        assert_eq!((closed.visit(1).status(), closed.cases()), (VisitStatus::Closed, vec![]));
        let left = closed.checked_out(THERE, leaving, 1, Some(100));
        assert_eq!(left.cases(), [(CaseReason::DOUBLE_CHECK_OUT, facts.clone())]);
        let earned = left.and(THERE, leaving, earned(1, 100));
        assert_eq!(earned.visit(1).status(), VisitStatus::Earned);
        assert_eq!(earned.cases(), [(CaseReason::DOUBLE_CHECK_OUT, facts)], "{closing} {leaving}");
    }
    // A second check-out belongs to the same case.
    let thrice = History::new()
        .checked_in(HERE, 0, 1)
        .and(HERE, 900, closed(1))
        .checked_out(THERE, 20, 1, Some(100))
        .checked_out(YONDER, 30, 1, Some(100));
    assert_eq!(thrice.cases(), [(CaseReason::DOUBLE_CHECK_OUT, vec![3, 4, 2])]);
    // Two closings don't contradict each other: the visit earns nothing.
    let twice = History::new().checked_in(HERE, 0, 1).and(HERE, 900, closed(1)).and(THERE, 901, closed(1));
    assert_eq!((twice.visit(1).status(), twice.cases()), (VisitStatus::Closed, vec![]));
    let resolved =
        resolved((CaseReason::DOUBLE_CHECK_OUT, CaseAbout::visit(id(1))), &[2, 3, 4], CaseResolution::ACCEPTED);
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
    assert_eq!(day(100, 51).cases(), [(CaseReason::CAP_BROKEN, vec![2, 4])]);
    let next_day = day(100, 50).checked_in(THERE, 14 * 60, 3).and(THERE, 14 * 60 + 1, capped(3, 150));
    assert_eq!(next_day.cases(), []);
    let given = day(100, 50).earned(HERE, 40, 3, 5000);
    assert_eq!(given.cases(), [], "points given by staff ignore the cap");
    assert_eq!(day(100, 50).and(YONDER, 31, capped(2, 50)).cases(), [(CaseReason::DOUBLE_CHECK_OUT, vec![4, 5])]);
}

/// So it neither opens a resolved case nor takes one away, whatever its clock says.
#[test]
fn a_check_out_that_knew_all_others_is_of_no_broken_cap() {
    let capped = |visit, points| CheckedOut { daily_cap: Some(p(150)), ..checked_out(visit, Some(points)) };
    let broken = History::new().checked_in(HERE, 0, 1).and(HERE, 10, capped(1, 100)).checked_in(THERE, 20, 2).and(
        THERE,
        30,
        capped(2, 60),
    );
    for minute in [-60, 15, 25, 300] {
        let further = broken.clone().knowing(&[2, 4], YONDER, minute, checked_in(3));
        let further = further.knowing(&[5], YONDER, minute, capped(3, 150));
        assert_eq!(further.cases(), [(CaseReason::CAP_BROKEN, vec![2, 4])], "{minute}");
    }
    // A terminal that knew one of the two, and not the other.
    let late = broken.knowing(&[2], YONDER, 300, checked_in(3)).knowing(&[5], YONDER, 301, capped(3, 10));
    assert_eq!(late.cases(), [(CaseReason::CAP_BROKEN, vec![2, 4, 6])]);
}

#[test]
fn f03_a_check_out_of_a_lost_terminal_that_never_earned_is_a_case() {
    let history = History::new().earned(THERE, 0, 1, 100).checked_in(HERE, 20, 2).checked_out(THERE, 30, 2, Some(100));
    assert_eq!(history.cases(), [], "it may still earn");
    // Whether the terminal held anything makes no difference.
    for lots in [Some(Lots::never(p(100))), None] {
        let reclaimed = history.clone().and(HERE, 40, Reclaimed { from: terminal(THERE), lots });
        assert_eq!(reclaimed.cases(), [(CaseReason::NEVER_EARNED, vec![5, 6])]);
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
    assert_eq!(short.cases(), [(CaseReason::TAKEN_BACK_SHORT, vec![3, 5])]);
    assert_eq!(history.clone().and(HERE, 30, back(None)).cases(), [(CaseReason::TAKEN_BACK_SHORT, vec![3, 5])]);
    assert_eq!(history.and(THERE, 30, back(Some(70))).cases(), [], "another terminal's doesn't count");
    assert_eq!(short.and(HERE, 29, back(Some(100))).cases(), [], "of two, the first counts");
    let unearned = History::new().checked_in(HERE, 0, 1).checked_out(HERE, 10, 1, Some(100)).and(HERE, 11, back(None));
    assert_eq!(unearned.cases(), [], "nothing was earned yet");
    assert_eq!(unearned.and(HERE, 12, earned(1, 100)).cases(), [(CaseReason::TAKEN_BACK_SHORT, vec![3, 4])]);
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
    assert_eq!(once.clone().and(HERE, 24, corrected(15, Some(5))).cases(), [(CaseReason::CORRECTED_TWICE, vec![4, 8])]);
    assert_eq!(once.and(HERE, 19, corrected(15, Some(5))).cases(), [(CaseReason::CORRECTED_TWICE, vec![8, 4])]);
}

#[test]
fn f11_deducting_more_than_remained_is_a_case() {
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, deducted(1, 2, 15));
    assert_eq!(history.cases(), []);
    let offline = history.and(THERE, 4, deducted(1, 3, 15));
    assert_eq!(offline.cases(), [(CaseReason::DEDUCTED_TOO_MUCH, vec![1, 3, 2])], "the later one took only 5");
    let taken: Vec<_> = offline.penalty(1).effective_deductions().iter().map(|(_, _, taken)| *taken).collect();
    assert_eq!(taken, [15, 5]);
}

#[test]
fn f09_a_visit_admitted_before_the_ban_was_known_is_a_case() {
    let banned = History::new().and(HERE, 0, imposed(1, 30)).and(THERE, 10, imposed(2, 30));
    let known = CheckedIn { standing: Standing::Prohibited, ..checked_in(3) };
    for (history, found) in [
        (banned.clone().checked_in(YONDER, 11, 3), vec![(CaseReason::ADMITTED_IN_BAN, vec![1, 2, 3])]),
        (banned.clone().checked_in(YONDER, 9, 3), vec![]),
        (banned.clone().and(YONDER, 11, known.clone()), vec![]),
        (banned.clone().late(YONDER, 11, 600, known), vec![(CaseReason::ADMITTED_IN_BAN, vec![1, 2, 3])]),
        (banned.clone().and(HERE, 11, deducted(1, 4, 21)).checked_in(YONDER, 12, 3), vec![]),
        (
            banned.clone().and(HERE, 13, deducted(1, 4, 21)).checked_in(YONDER, 12, 3),
            vec![(CaseReason::ADMITTED_IN_BAN, vec![1, 2, 4])],
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
    assert_eq!(history.cases(), [(CaseReason::VOIDED_ELSEWHERE, vec![4, 5])]);
}

fn incarnation_of(case: &Case) -> u128 {
    case.id.about.names::<Uuid>().nth(1).unwrap().as_u128()
}

/// Returns the incarnations of which something is written off, with the points and the resolution.
fn written_off(history: &History, forked: &[u128]) -> Vec<(u128, u64, Option<CaseResolution>)> {
    let found = cases(id(0xc0), history.facts(), &forked.iter().map(|of| terminal(*of)).collect());
    let found = found.into_iter().filter(|case| case.id.reason == CaseReason::WRITTEN_OFF);
    found.map(|case| (incarnation_of(&case), case.points.unwrap().get(), case.resolution)).collect()
}

#[test]
fn points_written_off_are_a_case_of_their_incarnation() {
    let reclaimed = || Reclaimed { from: terminal(THERE), lots: Some(Lots::never(p(100))) };
    let once = History::new().earned(THERE, 0, 1, 100).and(HERE, 20, reclaimed());
    assert_eq!(once.cases(), []);
    let late = once.clone().and(THERE, 15, paid(5, 1));
    assert_eq!(late.cases(), [(CaseReason::WRITTEN_OFF, vec![5, 4])]);
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
fn a_case_of_points_written_off_opens_again_with_a_further_fact() {
    let about = || (CaseReason::WRITTEN_OFF, CaseAbout::holding(id(0xc0), terminal(THERE)));
    let (accepted, corrected) = (CaseResolution::ACCEPTED, CaseResolution::CORRECTED);
    let lost = History::new()
        .earned(THERE, 0, 1, 100)
        .and(HERE, 20, Reclaimed { from: terminal(THERE), lots: Some(Lots::never(p(100))) })
        .and(THERE, 15, paid(5, 60));
    assert_eq!(written_off(&lost, &[]), [(THERE, 60, None)]);
    assert_eq!(written_off(&lost.clone().and(HERE, 30, resolved(about(), &[4], accepted)), &[]), [(THERE, 60, None)]);
    let once = lost.and(HERE, 30, resolved(about(), &[4, 5], accepted));
    assert_eq!(written_off(&once, &[]), [(THERE, 60, Some(accepted))]);
    let more = once.and(THERE, 16, paid(6, 5));
    assert_eq!(written_off(&more, &[]), [(THERE, 65, None)]);
    let again = more.and(YONDER, 29, resolved(about(), &[4, 5, 7], corrected));
    assert_eq!(written_off(&again, &[]), [(THERE, 65, Some(corrected))], "the earlier one doesn't cover it");
    let other = again.checked_in(HERE, 40, 9);
    assert_eq!(written_off(&other, &[]), [(THERE, 65, Some(corrected))], "a fact of another matter");
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
    let erased = |number| (CaseReason::ERASED, vec![5, number]);
    assert_eq!(history.cases(), [erased(8), erased(9), erased(7)]);
}

#[test]
fn a_case_is_resolved_by_a_further_fact() {
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, deducted(1, 2, 25));
    let case = || (CaseReason::DEDUCTED_TOO_MUCH, CaseAbout::penalty(id(1)));
    let of = first_resolution;
    assert_eq!(of(&history), None);
    let about = CaseAbout::penalty(id(1));
    let other =
        history.clone().and(HERE, 6, resolved((CaseReason::WRITTEN_OFF, about), &[1, 2], CaseResolution::ACCEPTED));
    assert_eq!(of(&other), None, "another reason, another case");
    let once = history.and(HERE, 6, resolved(case(), &[1, 2], CaseResolution::ACCEPTED));
    assert_eq!(of(&once), Some(CaseResolution::ACCEPTED));
    let again = once.and(THERE, 7, resolved(case(), &[1, 2], CaseResolution::CORRECTED));
    assert_eq!(of(&again), Some(CaseResolution::ACCEPTED), "of two, the first by order counts");
    let further = again.and(YONDER, 8, deducted(1, 3, 1));
    assert_eq!(of(&further), None, "a further deduction opens it again");
}

#[test]
fn a_resolution_of_more_facts_than_it_names_covers_those_before_them() {
    let mut history = History::new().and(HERE, 0, imposed(1, 20));
    for (minute, deduction) in (5..15).zip(20..) {
        history = history.and(HERE, minute, deducted(1, deduction, 5));
    }
    let case = history.all_cases().remove(0);
    assert_eq!((case.facts.len(), case.began_at), (8, at(0)));
    let CaseId { reason, about } = case.id;
    let named = case.facts.iter().map(|fact| fact.0.as_u128()).collect::<Vec<_>>();
    let resolved = history.and(HERE, 60, resolved((reason, about), &named, CaseResolution::ACCEPTED));
    assert_eq!(first_resolution(&resolved), Some(CaseResolution::ACCEPTED));
    assert_eq!(first_resolution(&resolved.and(THERE, 61, deducted(1, 40, 1))), None);
}

#[test]
fn of_two_visits_of_which_one_knew_the_end_of_the_other_that_is_the_order() {
    // The clock of THERE is an hour behind.
    let known = History::new().earned(HERE, 60, 1, 100).knowing(&[2], THERE, 5, checked_in(2));
    let known = known.knowing(&[], THERE, 65, checked_out(2, None));
    assert_eq!(known.cases(), []);
    let unknown = History::new().earned(HERE, 60, 1, 100).checked_in(THERE, 5, 2).checked_out(THERE, 65, 2, None);
    assert_eq!(unknown.cases(), [(CaseReason::OVERLAPPING_VISITS, vec![4, 1])]);
    // Entered afterwards, it is judged by its own time, though its recorder knew the other.
    let late = History::new().earned(HERE, 60, 1, 100).late(HERE, 65, 500, checked_in(2));
    assert_eq!(late.cases(), [(CaseReason::OVERLAPPING_VISITS, vec![1, 4])]);
    // Who checks in now and knows of a visit entered afterwards follows it. Its clock is behind.
    let entered = History::new().late(HERE, 65, 500, checked_in(2)).late(HERE, 75, 501, checked_out(2, None));
    assert_eq!(entered.clone().knowing(&[2], THERE, 70, checked_in(3)).cases(), []);
    let unknown = entered.and(THERE, 70, checked_in(3));
    assert_eq!(unknown.cases(), [(CaseReason::OVERLAPPING_VISITS, vec![1, 3])]);
}

#[test]
fn f09_a_penalty_of_somebody_who_saw_the_visit_makes_no_case_of_it() {
    let visit = || History::new().checked_in(YONDER, 60, 3);
    let ban = |history: History| history.cases().len();
    // The clock of THERE is an hour behind.
    assert_eq!(ban(visit().knowing(&[1], THERE, 5, imposed(1, 50))), 0);
    assert_eq!(ban(visit().and(THERE, 5, imposed(1, 50))), 1, "it didn't see it");
    // A penalty that was imposed by mistake is none, whenever that was noticed.
    assert_eq!(ban(visit().and(THERE, 5, imposed(1, 50)).and(THERE, 90, voided(1))), 0);
    // What the terminal knew but its published copy lacked yet is a case, whatever the clocks say.
    assert_eq!(ban(History::new().and(HERE, 90, imposed(1, 50)).knowing(&[1], YONDER, 60, checked_in(3))), 1);
}

#[test]
fn a_ground_that_counts_once_is_a_case_when_it_is_used_twice() {
    let once = |deduction| PenaltyDeducted { once: true, ..deducted(1, deduction, 5) };
    let twice = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, once(2)).and(THERE, 6, once(3));
    assert_eq!(twice.cases(), [(CaseReason::GROUND_TWICE, vec![2, 3])]);
    let voided = PenaltyDeductionVoided {
        penalty_id: id(1),
        deduction_id: id(3),
        reason: VoidReason::MISTAKEN,
        levels: Rules::default().levels,
    };
    assert_eq!(twice.and(THERE, 7, voided).cases(), []);
}

#[test]
fn what_was_entered_afterwards_against_the_order_is_a_case() {
    let history = History::new().checked_in(HERE, 60, 1);
    assert_eq!(
        history.clone().late(THERE, 30, 90, closed(1)).cases(),
        [(CaseReason::ENTERED_OUT_OF_ORDER, vec![2, 1])]
    );
    assert_eq!(history.clone().late(THERE, 70, 90, closed(1)).cases(), []);
    assert_eq!(history.and(THERE, 30, closed(1)).cases(), [], "a clock that is behind isn't");
    // Nor is it where the visit was entered afterwards, and its end taken back.
    let entered = History::new().late(HERE, 60, 90, checked_in(1)).late(HERE, 70, 91, checked_out(1, None));
    let open = entered.and(HERE, 95, CheckOutTakenBack { visit_id: id(1), check_out: id(2), lots: None });
    assert_eq!(open.knowing(&[1, 2, 3], THERE, 30, checked_out(1, None)).cases(), []);
}

#[test]
fn a_void_elsewhere_is_settled_once_the_recorder_voids_it_too() {
    let void = || PaymentVoided { payment_id: id(5), reason: VoidReason::MISTAKEN };
    let history = History::new().earned(HERE, 0, 1, 100).and(HERE, 20, paid(5, 40)).and(THERE, 30, void());
    assert_eq!(history.cases().len(), 1);
    assert_eq!(history.and(HERE, 40, void()).cases(), []);
}
