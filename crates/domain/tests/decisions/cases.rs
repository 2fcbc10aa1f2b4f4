//! review: what contradicts what. Facts are named by their number in the history, from 1.

use nosmoke_domain::fact::{
    CaseId, CaseResolved, CheckedIn, CheckedOut, CustomerErased, Paid, PaymentVoided, Reclaimed, VisitClosed,
    VisitVoided,
};
use nosmoke_domain::review::cases;
use nosmoke_domain::words::{CaseReason, CaseResolution, CloseReason, Standing, VisitStatus, VoidReason};

use super::history::{HERE, History, THERE, YONDER, checked_in, checked_out, earned, id, p, terminal};
use super::penalties::{deducted, imposed, voided};

fn paid(payment: u128, points: u64) -> Paid {
    Paid::new(id(payment), id(payment + 1000), p(points), None)
}

fn closed(visit: u128) -> VisitClosed {
    VisitClosed { visit_id: id(visit), reason: CloseReason::NextCheckIn }
}

#[test]
fn what_goes_its_way_is_no_case() {
    let history = History::new()
        .earned(HERE, 0, 1, 100)
        .earned(THERE, 10, 2, 100)
        .checked_in(HERE, 30, 3)
        .and(THERE, 900, closed(3))
        .earned(THERE, 900, 4, 50)
        .and(HERE, 920, paid(5, 40))
        .and(HERE, 921, PaymentVoided { payment_id: id(5), reason: VoidReason::Mistaken })
        .and(HERE, 930, imposed(6, 40))
        .and(HERE, 931, deducted(6, 7, 40))
        .earned(HERE, 940, 8, 100)
        .and(HERE, 960, imposed(9, 40))
        .and(HERE, 961, CustomerErased {});
    assert_eq!(history.cases(), []);
}

#[test]
fn visits_that_overlap_are_a_case_each() {
    let long = History::new().earned(HERE, 0, 1, 100).checked_in(HERE, 20, 2).checked_out(HERE, 90, 2, None);
    let one = long.clone().checked_in(THERE, 30, 3).checked_out(THERE, 40, 3, None);
    assert_eq!(one.cases(), [(6, CaseReason::OverlappingVisits, Some(4))]);
    let two = one.checked_in(YONDER, 50, 4).checked_out(YONDER, 60, 4, None);
    let found = [(6, CaseReason::OverlappingVisits, Some(4)), (8, CaseReason::OverlappingVisits, Some(4))];
    assert_eq!(two.cases(), found, "with the long one, though another lay between");
    let void = VisitVoided { visit_id: id(2), reason: VoidReason::Mistaken };
    assert_eq!(two.and(HERE, 91, void).cases(), [], "a void settles it");
    let open = History::new().checked_in(HERE, 0, 1).earned(THERE, 700, 2, 100);
    assert_eq!(open.cases(), [(2, CaseReason::OverlappingVisits, Some(1))]);
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
            (2, CaseReason::DoubleCheckOut, Some(6)),
            (4, CaseReason::DoubleCheckOut, Some(6)),
            (5, CaseReason::EarnedTwice, Some(3)),
        ],
        "the first by time is the one that counts"
    );
}

/// Closed at one terminal and checked out at another: it earns, and somebody is to see that it did.
#[test]
fn f03_a_check_out_beside_a_closing_is_a_case() {
    for (closing, leaving) in [(900, 20), (20, 900)] {
        let closed = History::new().checked_in(HERE, 0, 1).and(HERE, closing, closed(1));
        assert_eq!((closed.visit(1).status(), closed.cases()), (VisitStatus::Closed, vec![]));
        let left = closed.checked_out(THERE, leaving, 1, Some(100));
        assert_eq!(left.cases(), [(3, CaseReason::DoubleCheckOut, Some(2))]);
        let earned = left.and(THERE, leaving, earned(1, 100));
        assert_eq!(earned.visit(1).status(), VisitStatus::Earned);
        assert_eq!(earned.cases(), [(3, CaseReason::DoubleCheckOut, Some(2))], "{closing} {leaving}");
    }
    // The second of two check-outs is one of the first.
    let thrice = History::new()
        .checked_in(HERE, 0, 1)
        .and(HERE, 900, closed(1))
        .checked_out(THERE, 20, 1, Some(100))
        .checked_out(YONDER, 30, 1, Some(100));
    assert_eq!(thrice.cases(), [(3, CaseReason::DoubleCheckOut, Some(2)), (4, CaseReason::DoubleCheckOut, Some(3))]);
    // Two closings say the same: nobody earns.
    let twice = History::new().checked_in(HERE, 0, 1).and(HERE, 900, closed(1)).and(THERE, 901, closed(1));
    assert_eq!((twice.visit(1).status(), twice.cases()), (VisitStatus::Closed, vec![]));
    let resolved = CaseResolved {
        case: CaseId { event_id: id(3), reason: CaseReason::DoubleCheckOut },
        resolution: CaseResolution::Accepted,
    };
    assert_eq!(cases(thrice.and(HERE, 950, resolved).facts())[0].resolution, Some(CaseResolution::Accepted));
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
    assert_eq!(day(100, 51).cases(), [(4, CaseReason::CapBroken, Some(2))]);
    let next_day = day(100, 50).checked_in(THERE, 14 * 60, 3).and(THERE, 14 * 60 + 1, capped(3, 150));
    assert_eq!(next_day.cases(), []);
    let given = day(100, 50).earned(HERE, 40, 3, 5000);
    assert_eq!(given.cases(), [], "given points keep to no cap");
    assert_eq!(day(100, 50).and(YONDER, 31, capped(2, 50)).cases(), [(5, CaseReason::DoubleCheckOut, Some(4))]);
}

#[test]
fn f03_a_check_out_of_a_lost_terminal_that_never_earned_is_a_case() {
    let lost = Reclaimed { from: terminal(THERE), points: p(100) };
    let history = History::new().earned(THERE, 0, 1, 100).checked_in(HERE, 20, 2).checked_out(THERE, 30, 2, Some(100));
    assert_eq!(history.cases(), [], "it still may");
    let reclaimed = history.and(HERE, 40, lost);
    assert_eq!(reclaimed.cases(), [(5, CaseReason::NeverEarned, None)]);
    assert_eq!(reclaimed.and(THERE, 31, earned(2, 100)).cases(), []);
}

#[test]
fn f11_deducting_more_than_remained_is_a_case() {
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, deducted(1, 2, 15));
    assert_eq!(history.cases(), []);
    let offline = history.and(THERE, 4, deducted(1, 3, 15));
    assert_eq!(offline.cases(), [(2, CaseReason::DeductedTooMuch, Some(1))], "the later one took only 5");
    let taken: Vec<_> = offline.penalty(1).effective_deductions().iter().map(|(_, _, taken)| *taken).collect();
    assert_eq!(taken, [15, 5]);
}

#[test]
fn f09_a_visit_admitted_before_the_ban_was_known_is_a_case() {
    let banned = History::new().and(HERE, 0, imposed(1, 30)).and(THERE, 10, imposed(2, 30));
    let known = CheckedIn { standing: Standing::Prohibited, ..checked_in(3) };
    for (history, found) in [
        (banned.clone().checked_in(YONDER, 11, 3), vec![(3, CaseReason::AdmittedWhileProhibited, Some(2))]),
        (banned.clone().checked_in(YONDER, 9, 3), vec![]),
        (banned.clone().and(YONDER, 11, known), vec![]),
        (banned.clone().and(HERE, 11, deducted(1, 4, 21)).checked_in(YONDER, 12, 3), vec![]),
        (
            banned.clone().and(HERE, 13, deducted(1, 4, 21)).checked_in(YONDER, 12, 3),
            vec![(4, CaseReason::AdmittedWhileProhibited, Some(2))],
        ),
        (banned.and(HERE, 11, voided(2)).checked_in(YONDER, 12, 3), vec![]),
    ] {
        assert_eq!(history.cases(), found);
    }
}

#[test]
fn f05_a_void_of_another_s_payment_is_a_case() {
    let void = PaymentVoided { payment_id: id(5), reason: VoidReason::Mistaken };
    let history = History::new().earned(HERE, 0, 1, 100).and(HERE, 20, paid(5, 40)).and(THERE, 30, void);
    assert_eq!(history.cases(), [(5, CaseReason::VoidedElsewhere, Some(4))]);
}

#[test]
fn what_is_written_off_is_a_case_of_the_last_reclaim() {
    let reclaimed = || Reclaimed { from: terminal(THERE), points: p(100) };
    let once = History::new().earned(THERE, 0, 1, 100).and(HERE, 20, reclaimed());
    assert_eq!(once.cases(), []);
    let late = once.clone().and(THERE, 15, paid(5, 1));
    assert_eq!(late.cases(), [(4, CaseReason::WrittenOff, None)]);
    assert_eq!(once.and(YONDER, 21, reclaimed()).cases(), [(5, CaseReason::WrittenOff, None)]);
}

#[test]
fn what_an_erased_customer_does_is_a_case() {
    let history = History::new()
        .earned(HERE, 0, 1, 100)
        .checked_in(HERE, 20, 2)
        .and(THERE, 25, CustomerErased {})
        .checked_out(HERE, 30, 2, Some(100))
        .checked_in(HERE, 40, 3)
        .and(HERE, 50, paid(5, 40))
        .and(HERE, 60, imposed(6, 10))
        .and(HERE, 70, deducted(6, 7, 10));
    let erased = |number| (number, CaseReason::Erased, Some(5));
    assert_eq!(history.cases(), [erased(7), erased(8), erased(9)]);
}

#[test]
fn a_case_is_resolved_by_a_further_fact() {
    let history = History::new().and(HERE, 0, imposed(1, 20)).and(HERE, 5, deducted(1, 2, 25));
    let resolved = |reason, resolution| CaseResolved { case: CaseId { event_id: id(2), reason }, resolution };
    let of = |history: &History| cases(history.facts()).first().and_then(|case| case.resolution);
    assert_eq!(of(&history), None);
    let other = history.clone().and(HERE, 6, resolved(CaseReason::WrittenOff, CaseResolution::Accepted));
    assert_eq!(of(&other), None, "another reason, another case");
    let once = history.and(HERE, 6, resolved(CaseReason::DeductedTooMuch, CaseResolution::Accepted));
    assert_eq!(of(&once), Some(CaseResolution::Accepted));
    let again = once.and(THERE, 7, resolved(CaseReason::DeductedTooMuch, CaseResolution::Corrected));
    assert_eq!(of(&again), Some(CaseResolution::Corrected), "the latest counts");
}
